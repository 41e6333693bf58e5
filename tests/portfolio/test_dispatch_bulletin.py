"""The weekly bulletin: figures that are the ledger's, lists by rule, words that fit one page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.actions import dispatch as actions
from portfolio.county_week import CountyWeek
from portfolio.dispatch_bulletin import MOST_LINES, Bulletin
from portfolio.dispatch_ledger import Ledger
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


def bulletin(county, week=WEEK):
    return Bulletin(Ledger(CountyWeek(county, week)))


def reported(plan, week, ytd, works=None, **fields):
    works = None if works is None else Decimal(works)
    return factories.report(plan, week, ytd_investment=Decimal(ytd), works_percent=works, **fields)


def words(county):
    return {section.title[2:]: section.text for section in bulletin(county).sections}


def test_the_headline_says_its_parts(county, unit):
    plans = [factories.plan_under_way(unit, planned_investment=Decimal(20000)) for _ in range(3)]
    reported(plans[0], 21, 5000), reported(plans[0], 22, 8000), reported(plans[1], 22, 4000, is_late=True)

    assert words(county)["总体情况"] == (
        "列入2024年计划的重大项目3个，年度计划投资6.00亿元；年度累计完成投资1.20亿元，投资完成率20.0%（1.20÷6.00）。"
        "本周完成投资7,000万元。应报3个，已报2个，报送率66.7%（2÷3），其中迟报1个；未报1个。"
    )


def test_the_years_money_is_the_ledgers_total(county, unit):
    plans = [factories.plan_under_way(unit) for _ in range(4)]
    for plan, week, ytd in zip(plans, (20, 22, 21, 22), ("1.11", "2.22", "3.33", "4.44"), strict=True):
        reported(plan, week, ytd)

    made = bulletin(county)

    assert (made.ytd, made.week_money) == (Decimal("11.10"), Decimal("6.66"))


def test_moves_are_ordered_by_size_and_leave_out_what_fell(county, unit):
    for name, before, now in (("甲", (10, 5), (30, 6)), ("乙", (10, 5), (90, 9)), ("丙", (10, 5), (5, 4))):
        plan = factories.plan_under_way(unit, project__name=name)
        reported(plan, 21, *before), reported(plan, 22, *now)

    made = bulletin(county)

    assert [entry.name for entry in made.money_moves] == ["乙", "甲"]
    assert [(entry.name, entry.works_step) for entry in made.works_moves] == [("乙", 4), ("甲", 1)]


@pytest.mark.parametrize(("earlier", "stuck"), [(19, ["甲"]), (20, [])])
def test_stuck_is_what_stood_so_three_weeks_ago(county, unit, earlier, stuck):
    plan = factories.plan_under_way(unit, project__name="甲")
    reported(plan, earlier, 100, 30), reported(plan, 22, 100, 30)

    assert [entry.name for entry in bulletin(county).stuck] == stuck


def test_returned_reports_are_named_until_they_are_back(county, unit):
    for state in ("returned", "reported"):
        factories.report(factories.plan_under_way(unit, project__name=state), 22, state)

    assert [name for _, name in bulletin(county).returned] == ["returned"]


def test_problems_of_the_week_are_counted_by_their_days(county, unit):
    project = factories.project(unit=unit)
    day = dt.date(2024, 5, 27)
    factories.problem(project, text="新", raised_on=day)
    factories.problem(project, text="上周日", raised_on=day - dt.timedelta(days=1), deadline=dt.date(2024, 5, 31))
    factories.problem(project, "closed", text="销", raised_on=dt.date(2024, 5, 1), closed_on=dt.date(2024, 5, 30))
    factories.problem(project, "assigned", text="逾期", deadline=dt.date(2024, 5, 30))

    found = bulletin(county).problems

    named = {kind: [str(problem) for problem in getattr(found, kind)] for kind in ("new", "closed", "overdue")}
    assert named == {"new": ["新"], "closed": ["销"], "overdue": ["逾期"]}


def test_a_past_week_counts_what_was_overdue_then(county, unit):
    project = factories.project(unit=unit)
    factories.problem(project, "closed", deadline=dt.date(2024, 5, 20), closed_on=dt.date(2024, 5, 29))

    overdue = [len(bulletin(county, Week(2024, number)).problems.overdue) for number in (20, 21, 22)]

    assert overdue == [0, 1, 0]


def test_a_quiet_week_says_so(county, unit):
    reported(factories.plan_under_way(unit), 22, 0)

    said = words(county)

    assert said["本周进展"] == "本周没有项目报送投资或工程量的进展。"
    assert said["报送情况"] == "应报项目全部按时报送。"
    assert said["停滞项目"] == "本周没有连续三周无变化的项目，也没有退回未重报的项目。"
    assert said["问题办理"] == "本周新增问题0个，销号0个，逾期未办结0个。"


def test_long_names_shorten_the_lists_so_that_the_page_holds_them(county):
    for number in range(8):
        unit = factories.unit(f"沁源县经济技术开发区管理委员会第{number}分局")
        name = f"沁源县第{number}污水处理厂及配套管网提质增效改扩建工程和中水回用一体化建设项目（二期）" * 2
        plan = factories.plan_under_way(unit, project__name=name)
        reported(plan, 19, 10, 5), reported(plan, 22, 100 + number, 50)
        factories.report(factories.plan_under_way(unit, project__name=f"{name}甲"), 22, "returned")

    sections = bulletin(county).sections

    assert sum(section.lines for section in sections) <= MOST_LINES
    assert sections[1].text.count("万元") == 1


def test_a_locked_week_is_dated_by_its_lock(county, unit, office):
    factories.plan_under_way(unit)
    actions.lock_week(by=office, county=county, week=WEEK)
    later = factories.clock(2024, 6, 20, 9)

    assert bulletin(later).issued_on == dt.date(2024, 5, 31)


def test_the_queries_do_not_grow_with_the_plans(county, unit):
    counts = []
    for more in (20, 40):
        for number in range(more):
            plan = factories.plan_under_way(unit)
            reported(plan, 19, number, 5), reported(plan, 22, number + 1, 6)
            factories.problem(plan.project)
        with CaptureQueriesContext(connection) as queries:
            bulletin(county).sections  # noqa: B018
        counts.append(len(queries))

    assert counts == [10, 10]
