"""The list of problems under a query string: what is in it, in which order, and what its filters count."""

import datetime as dt

import pytest
from django.http import QueryDict

from portfolio.lists import PAGE_SIZE
from portfolio.problem_listing import ProblemListing
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)


def day(number, month=5):
    return dt.date(2024, month, number)


def listing(user, query="", today=TODAY):
    return ProblemListing(user, QueryDict(query), today)


def texts(found):
    return [row.problem.text for row in found.rows()]


def options(found, key):
    return next(
        [(option.title, option.count) for option in choices] for facet, choices in found.facets if facet.key == key
    )


@pytest.fixture
def water():
    return factories.unit("水利局")


@pytest.fixture
def roads():
    return factories.unit("交通局")


@pytest.fixture
def some(water, roads):
    """Two units with a project each: overdue, due today, closed in time, closed late, asking to be closed."""
    river = factories.project("河道治理", unit=water, town=factories.town())
    bridge = factories.project("大桥", unit=roads)
    factories.plan(river, leader=factories.leader("县领导甲"))
    return {
        "overdue": factories.problem(river, "assigned", text="征地", kind="land", deadline=day(30)),
        "today": factories.problem(river, "raised", text="资金", kind="funds", deadline=TODAY, is_complex=True),
        "closing": factories.problem(bridge, "closing", text="审批", kind="permit", deadline=day(29)),
        "closed": factories.problem(bridge, "closed", text="电力", kind="factor", closed_on=day(15)),
        "late": factories.problem(bridge, "closed", text="迁改", kind="factor", closed_on=day(23)),
    }


def test_open_problems_come_by_deadline_so_that_the_overdue_are_first(office, some):
    assert texts(listing(office)) == ["审批", "征地", "资金"]


def test_with_the_closed_ones_these_come_last_the_latest_first(office, some):
    assert texts(listing(office, "state=all")) == ["审批", "征地", "资金", "迁改", "电力"]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("overdue", ["审批", "征地"]),
        ("raised", ["资金"]),
        ("assigned", ["征地"]),
        ("closing", ["审批"]),
        ("closed", ["迁改", "电力"]),
        ("nonsense", ["审批", "征地", "资金"]),
    ],
)
def test_a_state_shows_its_problems(office, some, state, found):
    assert texts(listing(office, f"state={state}")) == found


def test_a_problem_is_overdue_the_day_after_its_deadline(office, some):
    assert listing(office, today=TODAY).overdue_count == 2
    assert listing(office, today=day(1, 6)).overdue_count == 3


def test_the_sentence_counts_open_overdue_and_units(office, some):
    found = listing(office)

    assert (found.open_count, found.overdue_count, found.unit_count) == (3, 2, 2)


def test_tabs_count_what_the_filters_leave(office, some):
    tabs = {tab.title: tab.count for tab in listing(office, "kind=land").tabs}

    assert tabs == {
        "未销号": 1,
        "逾期": 1,
        "待交办": 0,
        "办理中": 1,
        "申请延期": 0,
        "申请销号": 0,
        "已销号": 0,
        "全部": 1,
    }


def test_a_filter_counts_what_the_other_filters_leave(office, some, water):
    found = listing(office, f"unit={water.pk}")

    assert options(found, "kind") == [("用地", 1), ("资金", 1)]
    assert options(found, "unit") == [("水利局", 2), ("交通局", 1)]
    assert options(found, "complexity") == [("一般", 1), ("重大复杂", 1)]
    assert options(found, "leader") == [("县领导甲", 2)]
    assert options(found, "town") == [("沁河镇", 2)]
    assert options(found, "year") == [("2024年", 2)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=land", ["征地"]),
        ("complexity=complex", ["资金"]),
        ("leader=none", ["审批"]),
        ("town=none", ["审批"]),
        ("source=meeting", []),
        ("year=2023", []),
        ("since=2024-05-13", ["审批", "征地", "资金"]),
        ("since=2024-05-14", []),
        ("until=2024-05-13", ["审批", "征地", "资金"]),
        ("until=2024-05-12", []),
        ("since=gestern&unit=%00&project=x&page=99", []),
        ("since=nonsense&project=x&page=99", ["审批", "征地", "资金"]),
        ("q=征 地", ["征地"]),
        ("q=征 资", []),
        ("q=河道", ["征地", "资金"]),
        ("q=hdzl", ["征地", "资金"]),
        ("q=交通局", ["审批"]),
        ("q=%00审批", ["审批"]),
    ],
)
def test_filters_narrow_the_list(office, some, query, found):
    assert texts(listing(office, query)) == found


def test_the_list_may_be_narrowed_to_a_project(office, some):
    found = listing(office, f"project={some['overdue'].project_id}")

    assert (texts(found), str(found.project)) == (["征地", "资金"], "河道治理")


@pytest.mark.parametrize(
    ("sort", "found"),
    [("raised", ["审批", "资金", "征地"]), ("unit", ["审批", "征地", "资金"]), ("project", ["审批", "征地", "资金"])],
)
def test_the_order_may_be_chosen(office, some, sort, found):
    assert texts(listing(office, f"sort={sort}")) == found


def test_a_reporter_starts_with_the_own_unit_as_responsible_or_as_the_projects(some, water, roads):
    reporter = factories.user("reporter", unit=water)
    factories.problem(some["closing"].project, text="跨单位", unit=water, deadline=day(20))

    assert texts(listing(reporter)) == ["跨单位", "征地", "资金"]
    assert texts(listing(reporter, "scope=all")) == ["跨单位", "审批", "征地", "资金"]


def test_a_link_with_a_filter_shows_a_reporter_what_it_shows_everybody(some, water):
    reporter = factories.user("reporter", unit=water)

    assert texts(listing(reporter, "state=closing")) == ["审批"]
    assert texts(listing(reporter, "state=closing&scope=own")) == []


def test_a_leader_may_ask_for_the_own_projects(some):
    user = factories.user("leader")
    leader = factories.leader("县领导乙", user=user)
    factories.plan(some["closing"].project, leader=leader)

    assert texts(listing(user)) == ["审批", "征地", "资金"]
    assert texts(listing(user, "scope=own")) == ["审批"]


def test_who_has_no_own_problems_gets_the_countys(office, some):
    assert texts(listing(office, "scope=own")) == ["审批", "征地", "资金"]


def test_another_county_sees_none_of_them(some):
    neighbour = factories.user("office", county=factories.county("140430", "邻县"))

    found = listing(neighbour, f"state=all&project={some['overdue'].project_id}")

    assert (texts(found), found.project) == ([], None)


def test_the_filter_is_told_in_words(office, some, water):
    found = listing(office, f"state=overdue&kind=land&unit={water.pk}&q=征地&since=2024-05-01")

    assert found.words == "逾期；搜索：征地；类型：用地；责任单位：水利局；2024-05-01 起提出"


def test_a_page_holds_fifty(office):
    project = factories.project(unit=factories.unit())
    for _ in range(PAGE_SIZE):
        factories.problem(project)
    assert listing(office).pages == 1

    factories.problem(project)

    assert (listing(office).pages, len(listing(office, "page=2").rows()), len(listing(office).all_rows())) == (2, 1, 51)


@pytest.mark.parametrize("count", [2, 40])
def test_the_list_takes_the_same_queries_whatever_its_length(office, count, django_assert_num_queries):
    for number in range(count):
        project = factories.project(unit=factories.unit(), town=factories.town())
        factories.plan(project, leader=factories.leader())
        factories.problem(project, text=f"问题{number}")

    with django_assert_num_queries(6):
        found = listing(office)
        assert (len(found.rows()), found.open_count, len(found.facets)) == (count, count, 7)
