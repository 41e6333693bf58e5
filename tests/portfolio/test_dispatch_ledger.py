"""The ledger: money derived from the reports before, sums exact to the cent, corrections that move later weeks."""

from decimal import Decimal

import pytest

from portfolio.actions import dispatch as actions
from portfolio.county_week import CountyWeek
from portfolio.dispatch_ledger import Ledger
from portfolio.models import WeeklyDispatch
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


def ledger(county, week=WEEK, **options):
    return Ledger(CountyWeek(county, week), **options)


def money(ytd):
    return {"ytd_investment": Decimal(ytd)}


def test_the_weeks_money_is_the_difference_to_the_report_before(county, unit):
    plan = factories.plan_under_way(unit)
    factories.report(plan, 20, **money("100.10"))
    factories.report(plan, 22, **money("130.35"))

    (entry,) = ledger(county).entries

    assert (entry.ytd, entry.week_money, entry.rate) == (Decimal("130.35"), Decimal("30.25"), Decimal("13.035"))


def test_who_is_silent_stands_with_the_last_figures_and_their_week(county, unit):
    plan = factories.plan_under_way(unit)
    factories.report(plan, 21, progress="主体封顶。", works_percent=Decimal(60), **money(100))
    factories.report(plan, 22, "draft", progress="还没有报。", **money(500))

    (entry,) = ledger(county).entries

    assert (entry.ytd, entry.week_money, entry.works) == (100, None, 60)
    assert (entry.progress_words, entry.status) == ("（第21周）主体封顶。", "未报")


def test_a_plan_never_reported_has_no_figures(county, unit):
    factories.plan_under_way(unit)

    book = ledger(county)

    (entry,) = book.entries
    assert (entry.ytd, entry.week_money, entry.rate, entry.progress_words) == (None, None, None, "")
    assert (book.sums.ytd, book.sums.week_money, book.sums.rate) == (None, None, None)


def test_groups_add_up_to_the_total_to_the_cent(county, unit):
    for category, ytd in (("industrial", "0.10"), ("industrial", "0.20"), ("infrastructure", "33.33"), ("", "0.07")):
        plan = factories.plan_under_way(unit, project__category=category, planned_investment=Decimal("100.01"))
        factories.report(plan, 22, **money(ytd))

    book = ledger(county)

    assert [(group.ordinal, group.title, group.sums.count, group.sums.ytd) for group in book.groups] == [
        ("一", "产业类", 2, Decimal("0.30")),
        ("二", "基础设施及社会民生类", 1, Decimal("33.33")),
        ("三", "未分类", 1, Decimal("0.07")),
    ]
    assert (book.sums.ytd, book.sums.planned) == (Decimal("33.70"), Decimal("400.04"))
    assert [entry.number for group in book.groups for entry in group.entries] == [1, 2, 3, 4]


def test_a_sub_item_is_listed_below_its_project_and_not_added_up(county, unit):
    whole = factories.plan_under_way(unit, project__name="污水处理厂", seq=1)
    factories.plan_under_way(unit, project__name="别的", seq=2)
    part = factories.plan_under_way(unit, project__name="一号池", seq=3, part_of=whole)
    factories.report(whole, 22, **money(50)), factories.report(part, 22, **money(20))

    book = ledger(county)

    listed = [(entry.name, entry.number) for entry in book.groups[0].entries]
    assert listed == [("污水处理厂", 1), ("一号池", None), ("别的", 2)]
    assert (book.sums.count, book.sums.ytd, book.groups[0].sums.ytd) == (2, 50, 50)


def test_the_first_unit_stands_first_and_the_only_one_alone(county, unit):
    other = factories.unit("教育局")
    factories.plan_under_way(other, project__name="学校", seq=1)
    factories.plan_under_way(unit, project__name="水库", seq=2)
    seen = CountyWeek(county, WEEK)

    first = Ledger(seen, first_unit=unit.pk)
    alone = Ledger(seen, only_unit=seen.unit_of(str(other.pk)))

    assert [entry.name for entry in first.groups[0].entries] == ["水库", "学校"]
    assert [entry.name for entry in alone.entries] == ["学校"]


def submitted(by, plan, week, ytd, *, version=0):
    values = {
        "ytd_investment": Decimal(ytd),
        "works_percent": Decimal(week.number),
        "progress": f"第{week.number}周进展",
        "explanation": "核实过。",
    }
    draft = actions.save(by=by, plan=plan, week=week, values=values, version=version)
    outcome = actions.submit(by=by, county=by.county, week=week, versions={plan.pk: draft.row_version})
    return outcome.submitted[0]


def test_a_correction_moves_the_later_weeks_money_and_the_old_value_stays_in_the_history(county, unit, office):
    plan = factories.plan_under_way(unit)
    wrong = submitted(office, plan, WEEK.previous, 100)
    submitted(office, plan, WEEK, 150)
    before = ledger(county).entries[0].week_money

    back = actions.send_back(by=office, report=wrong, reason="累计填错", version=wrong.row_version)
    submitted(office, plan, WEEK.previous, 120, version=back.row_version)

    assert (before, ledger(county).entries[0].week_money) == (50, 30)
    history = WeeklyDispatch.history.filter(id=wrong.pk).order_by("history_id")
    assert list(history.values_list("ytd_investment", flat=True)) == [100, 100, 120]


@pytest.mark.parametrize(("second", "status"), [(0, "已报"), (1, "已报，更正")])
def test_a_report_sent_again_after_the_deadline_is_marked_as_corrected(county, unit, office, second, status):
    plan = factories.plan_under_way(unit)
    report = submitted(office, plan, WEEK, 100)
    factories.clock(2024, 5, 31, 12, 0, second)
    office.refresh_from_db()
    back = actions.send_back(by=office, report=report, reason="填错", version=report.row_version)
    submitted(office, plan, WEEK, 90, version=back.row_version)

    (entry,) = ledger(factories.county()).entries

    assert entry.status == status


def test_a_first_report_after_the_deadline_is_late_and_not_corrected(county, unit, office):
    plan = factories.plan_under_way(unit)
    factories.clock(2024, 5, 31, 12, 0, 1)
    office.refresh_from_db()
    submitted(office, plan, WEEK, 90)

    (entry,) = ledger(factories.county()).entries

    assert entry.status == "已报，迟报"
