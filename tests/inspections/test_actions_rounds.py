"""Organising a quarterly inspection: what is written, by whom, twice, too late, and what stands in the way."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections.actions import rounds as actions
from inspections.actions.rounds import Leg
from inspections.models import Criterion, Finding, Round, Stop
from inspections.rounds import DEFAULT_CRITERIA, Line, lines_of
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories
from tests.inspections import round_factories as made

pytestmark = pytest.mark.django_db
VALUES = {
    "year": 2024,
    "quarter": 2,
    "title": " 二季度项目观摩 ",
    "starts_on": dt.date(2024, 5, 28),
    "ends_on": dt.date(2024, 5, 31),
    "words": "",
    "drops_extremes": True,
}
SHEET = (Line("进度", 70, "看现场"), Line("质量", 30))


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def planned(at_noon):
    return made.round_("planned", title="二季度观摩")


@pytest.fixture
def running(at_noon):
    """An open round with one judge and one stop, not yet scored."""
    row = made.round_("open", title="二季度观摩")
    made.stop(row, "河道治理")
    made.judge(row, factories.user("inspector", name="督查员甲"))
    return row


def take(step, by, row, **values):
    """A step with values that nothing is wrong with; those given come first."""
    plan = row.stops.first()
    usual = {
        "edit": {"values": VALUES | {"drops_extremes": row.drops_extremes}},
        "set_criteria": {"lines": SHEET},
        "set_judges": {"users": [factories.user("inspector")]},
        "set_route": {"legs": [Leg(plan.plan if plan else factories.plan(), "看进度", "王某")]},
        "open_": {},
        "close": {},
    }[step]
    return getattr(actions, step)(by=by, round_=row, **{"version": row.row_version} | usual | values)


STEPS = ["edit", "set_criteria", "set_judges", "set_route", "open_", "close"]


def refusal(*args, **values):
    with pytest.raises(actions.Refused) as refused:
        take(*args, **values)
    return refused.value.errors


# The round


def test_a_round_is_prepared_with_the_default_sheet(office):
    row = actions.create(by=office, values=VALUES)

    kept = Round.objects.get()
    assert (kept, kept.title, kept.state, kept.county) == (row, "二季度项目观摩", "planned", office.county)
    assert lines_of(kept.criteria.all()) == DEFAULT_CRITERIA
    assert AuditEntry.objects.get().summary == "二季度项目观摩：筹备观摩"
    assert kept.history_records.get().change_set.kind == ChangeSet.Kind.INSPECTION


def test_the_same_form_prepares_one_round(office):
    key = uuid.uuid4()

    rows = [actions.create(by=office, values=VALUES, form_key=key) for _ in range(2)]

    assert (rows[0], Round.objects.count(), Criterion.objects.count()) == (rows[1], 1, len(DEFAULT_CRITERIA))


@pytest.mark.parametrize("role", ["inspector", "leader", "reporter", "auditor", "sysadmin"])
def test_only_the_office_prepares_a_round(role):
    with pytest.raises(Round.DoesNotExist):
        actions.create(by=factories.user(role), values=VALUES)

    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"ends_on": dt.date(2024, 5, 27)}, {"ends_on": "结束日期不能早于开始日期 2024-05-28，请改正。"}),
        ({"title": " "}, {"title": "此字段不能为空。"}),
        ({"words": "长" * 2001}, {"words": "“观摩安排”有 2001 字，超过 2000 字，请缩短。"}),
        ({"quarter": 5}, {"quarter": "确保该值小于或等于4。"}),
    ],
)
def test_a_round_that_cannot_be_kept_is_refused(office, values, errors):
    with pytest.raises(actions.Refused) as refused:
        actions.create(by=office, values=VALUES | values)

    assert refused.value.errors == errors
    assert not Round.objects.exists()


def test_a_round_of_one_day_is_kept(office):
    assert actions.create(by=office, values=VALUES | {"ends_on": VALUES["starts_on"]}).pk


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["inspector", "leader", "reporter", "auditor", "sysadmin"])
def test_only_the_office_runs_a_round(role, step, planned):
    with pytest.raises(Round.DoesNotExist):
        take(step, factories.user(role), planned)

    planned.refresh_from_db()
    assert (planned.row_version, planned.state) == (1, "planned")


@pytest.mark.parametrize("step", STEPS)
def test_the_office_of_another_county_does_not_find_it(step, planned):
    neighbour = factories.user("office", county=factories.county("140430", "邻县"))

    with pytest.raises(Round.DoesNotExist):
        take(step, neighbour, planned)


@pytest.mark.parametrize("step", STEPS)
def test_an_older_version_is_refused(step, office, planned):
    take("edit", office, planned, values={"words": "带好安全帽"})

    with pytest.raises(changes.StaleRow):
        take(step, office, planned)

    assert ChangeSet.objects.count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_closed_round_takes_no_more_changes(step, office):
    closed = made.round_("closed")

    assert refusal(step, office, closed) == {None: actions.CLOSED}
    assert ChangeSet.objects.count() == 0


@pytest.mark.parametrize("step", ["edit", "set_criteria", "set_judges", "set_route"])
def test_the_same_form_writes_once(step, office, planned):
    key = uuid.uuid4()

    for _ in range(2):
        take(step, office, planned, form_key=key, version=1)

    planned.refresh_from_db()
    assert (planned.row_version, ChangeSet.objects.count()) == (2, 1)


def test_editing_tells_what_changed(office, planned):
    take("edit", office, planned, values={"words": "带好安全帽", "year": 2023})

    planned.refresh_from_db()
    assert (planned.words, planned.year) == ("带好安全帽", 2023)
    summary = AuditEntry.objects.get().summary
    assert summary == "二季度观摩：修改年度 2024 → 2023；观摩安排 空 → 带好安全帽"


def test_editing_nothing_writes_nothing(office, planned):
    take("edit", office, planned, values={"words": ""})

    assert ChangeSet.objects.count() == 0


def test_how_scores_count_stands_once_the_round_is_open(office, running):
    assert refusal("edit", office, running, values={"drops_extremes": False}) == {
        "drops_extremes": "观摩开始后不能再改这一项。"
    }

    take("edit", office, running, values={"words": "改了集合地点"})
    running.refresh_from_db()
    assert running.words == "改了集合地点"


def test_the_year_stands_while_there_are_stops(office, planned):
    made.stop(planned)

    assert set(refusal("edit", office, planned, values={"year": 2023})) == {"year"}


# Criteria


def test_criteria_are_set_anew(office, planned):
    take("set_criteria", office, planned)

    assert lines_of(planned.criteria.all()) == SHEET
    assert AuditEntry.objects.get().summary == "二季度观摩：修改评分标准：进度 70 分、质量 30 分"


def test_criteria_stand_once_the_round_is_open(office, running):
    errors = refusal("set_criteria", office, running)

    assert errors == {None: "观摩开始后不能再改评分标准，以免前后评分不一致。"}
    assert lines_of(running.criteria.all()) == made.TWO


@pytest.mark.parametrize(
    ("lines", "errors"),
    [
        ((Line("进度", 99),), {None: "各项满分合计 99 分，应为 100 分，请调整后再保存。"}),
        (
            (Line("进度", 101),),
            {1: "“进度”的满分应在 1 到 100 分之间。", None: "各项满分合计 101 分，应为 100 分，请调整后再保存。"},
        ),
        ((Line("进度", 100), Line("空", 0)), {2: "“空”的满分应在 1 到 100 分之间。"}),
        ((Line("进度", 50), Line("进度", 50)), {2: "“进度”与第 1 项重名，请改名或删去。"}),
        ((), {None: "评分项应有 1 到 12 项，现在是 0 项，请增减后再保存。"}),
    ],
)
def test_a_sheet_that_makes_no_hundred_is_refused(office, planned, lines, errors):
    assert refusal("set_criteria", office, planned, lines=lines) == errors
    assert lines_of(planned.criteria.all()) == made.TWO


# Judges


def test_judges_come_and_go(office, planned):
    stays, goes, comes = (factories.user(role, name=role) for role in ("inspector", "office", "leader"))
    kept = made.judge(planned, stays)
    made.judge(planned, goes)

    take("set_judges", office, planned, users=[stays, comes])

    assert [judge.user for judge in planned.judges.all()] == [stays, comes]
    assert planned.judges.first() == kept
    assert AuditEntry.objects.get().summary == "二季度观摩：评委增加leader、移除office"


def test_a_judge_who_has_scored_stays(office, running):
    judge = running.judges.get()
    made.sheet(judge, running.stops.get(), "1", "1")

    assert refusal("set_judges", office, running, users=[]) == {None: "督查员甲已经评过分，不能从评委中移除。"}
    assert running.judges.count() == 1


@pytest.mark.parametrize("role", ["reporter", "auditor", "sysadmin"])
def test_who_cannot_score_cannot_be_a_judge(role, office, planned):
    refusal("set_judges", office, planned, users=[factories.user(role)])

    assert planned.judges.count() == 0


def test_nobody_of_another_county_or_without_a_working_account_is_a_judge(office, planned):
    strangers = [
        factories.user("inspector", county=factories.county("140430", "邻县")),
        factories.user("inspector", is_active=False),
    ]

    for stranger in strangers:
        refusal("set_judges", office, planned, users=[stranger])

    assert planned.judges.count() == 0


# The route


def test_the_route_is_set_as_it_should_be(office, planned):
    first, second = made.stop(planned, "一"), made.stop(planned, "二")
    tiny = factories.plan(project__name="学校提升", planned_investment=50)

    take("set_route", office, planned, legs=[Leg(tiny, " 看操场 ", "李某"), Leg(second.plan)])

    route = list(planned.stops.all())
    assert [(stop.seq, stop.plan, stop.look_at, stop.presenter) for stop in route] == [
        (1, tiny, "看操场", "李某"),
        (2, second.plan, "", ""),
    ]
    assert route[1] == second
    assert not Stop.objects.filter(pk=first.pk).exists()
    assert AuditEntry.objects.get().summary == "二季度观摩：路线 2 个点，加入学校提升、移除一"


def test_a_route_that_stays_writes_nothing(office, planned):
    stops = [made.stop(planned), made.stop(planned)]

    take("set_route", office, planned, legs=[Leg(stop.plan) for stop in stops])

    assert ChangeSet.objects.count() == 0


def test_a_stop_can_still_be_added_once_the_round_is_open(office, running):
    added = factories.plan()

    take("set_route", office, running, legs=[Leg(added), Leg(running.stops.get().plan)])

    assert running.stops.first().plan == added


@pytest.mark.parametrize("held", ["评分", "发现"])
def test_a_stop_with_something_on_it_stays(held, office, running):
    stop = running.stops.get()
    if held == "评分":
        made.sheet(running.judges.get(), stop, "1", "1")
    else:
        Finding.objects.create(stop=stop, kind="strength", text="好", at="2024-05-30T10:00+08:00")

    errors = refusal("set_route", office, running, legs=[])

    assert errors == {None: f"观摩点“河道治理”已有{held}，不能从路线中移除。"}
    assert running.stops.count() == 1


def test_a_plan_of_another_year_county_or_out_of_the_plan_is_no_stop(office, planned):
    strangers = [
        factories.plan(year=2023),
        factories.plan(project__county=factories.county("140430", "邻县")),
        factories.plan(state="removed", state_reason="不再实施"),
    ]

    for stranger in strangers:
        refusal("set_route", office, planned, legs=[Leg(stranger)])

    assert planned.stops.count() == 0


def test_a_project_stands_on_the_route_once(office, planned):
    plan = factories.plan()

    assert refusal("set_route", office, planned, legs=[Leg(plan), Leg(plan)]) == {
        None: "同一个项目在路线上出现了两次，请移除一个。"
    }


def test_words_too_long_for_a_stop_are_refused(office, planned):
    errors = refusal("set_route", office, planned, legs=[Leg(factories.plan(), presenter="长" * 41)])

    assert errors == {None: "第 1 个观摩点的“介绍人”超过 40 字，请缩短。"}


# Opening and closing


def test_a_round_without_stops_or_judges_is_not_opened(office, planned):
    assert refusal("open_", office, planned) == {None: "还没有观摩点，请先安排路线。还没有评委，请先选定评委。"}


def test_a_complete_round_is_opened_once(office, planned):
    made.stop(planned)
    made.judge(planned)

    take("open_", office, planned)

    planned.refresh_from_db()
    assert planned.state == "open"
    assert refusal("open_", office, planned) == {None: "这次观摩已经开始。"}


def test_a_round_with_a_stop_without_score_is_not_closed(office, running):
    errors = refusal("close", office, running, accepts_missing=True)

    assert errors == {None: "还有 1 个观摩点没有任何评分：“河道治理”。请评委补评，没有去的请从路线中移除。"}
    running.refresh_from_db()
    assert running.state == "open"


def test_judges_who_are_not_done_are_named_before_closing(office, running):
    made.sheet(running.judges.get(), running.stops.get(), "1", "1")
    made.judge(running, factories.user("leader", name="县领导甲"))

    errors = refusal("close", office, running)
    take("close", office, running, accepts_missing=True)

    assert errors == {"accepts_missing": "还有评委没有评完：县领导甲（1 个点）。请催评；不再等的，请勾选后再结束。"}
    running.refresh_from_db()
    assert (running.state, running.closed_at) == ("closed", running.county.business_now())


def test_a_round_in_preparation_is_not_closed(office, planned):
    assert refusal("close", office, planned) == {None: "这次观摩还没有开始，不能结束。"}
