"""The life of a weekly report: typed, submitted, returned, accepted, corrected; and the lock on its week."""

from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import AuditEntry
from portfolio.actions import dispatch as actions
from portfolio.actions.changes import StaleRow
from portfolio.models import ChangeSet, Problem, WeeklyDispatch
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)
ANSWERS = {"ytd_investment": Decimal(120), "works_percent": Decimal(35), "progress": "基础完成，开始一层主体施工。"}


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10, 0)


@pytest.fixture
def unit(county):
    return factories.unit("住建局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def plan(unit):
    return factories.plan_under_way(unit, project__name="甲项目", planned_investment=Decimal(1000))


def save(reporter, plan, version=0, week=WEEK, **values):
    return actions.save(by=reporter, plan=plan, week=week, values={**ANSWERS, **values}, version=version)


def submit(by, *reports, week=WEEK):
    versions = {report.plan_id: report.row_version for report in reports}
    return actions.submit(by=by, county=by.county, week=week, versions=versions)


def submitted(reporter, plan, week=WEEK, **values):
    outcome = submit(reporter, save(reporter, plan, week=week, **values), week=week)
    return outcome.submitted[0]


def stored(report):
    return WeeklyDispatch.objects.get(pk=report.pk)


# Typing


def test_a_draft_is_kept_with_an_audit_entry_and_leaves_no_history(reporter, plan):
    report = save(reporter, plan)

    assert (report.state, report.row_version, report.saved_by) == ("draft", 1, reporter)
    assert WeeklyDispatch.history.count() == 0
    assert list(AuditEntry.objects.values_list("action", "target_label")) == [
        ("保存周调度", "甲项目 2024年第22周周调度")
    ]


def test_typing_on_moves_the_version_and_saving_the_same_again_does_not(reporter, plan):
    first = save(reporter, plan)

    second = save(reporter, plan, version=first.row_version, progress="一层完成")
    third = save(reporter, plan, version=second.row_version, progress="一层完成")

    assert (second.row_version, third.row_version) == (2, 2)
    assert WeeklyDispatch.objects.count() == 1


def test_a_save_that_arrives_twice_is_one_save(reporter, plan):
    first = save(reporter, plan)

    again = save(reporter, plan, version=0)

    assert (again.pk, again.row_version) == (first.pk, 1)


def test_a_colleague_s_save_in_between_is_a_conflict_that_shows_theirs(reporter, plan, unit):
    colleague = factories.user("reporter", unit=unit)
    save(colleague, plan, progress="同事写的")

    with pytest.raises(StaleRow) as conflict:
        save(reporter, plan, version=0, progress="我写的")

    assert conflict.value.current.progress == "同事写的"
    assert WeeklyDispatch.objects.get().progress == "同事写的"


def test_a_week_that_has_not_begun_takes_no_report(reporter, plan):
    with pytest.raises(actions.Refused, match="2024年第23周还没有开始"):
        save(reporter, plan, week=WEEK.next)


def test_what_was_submitted_is_not_typed_over(reporter, plan):
    report = submitted(reporter, plan)

    with pytest.raises(actions.Refused, match="要修改请先撤回"):
        save(reporter, plan, version=report.row_version, progress="改一下")


# Submitting


def test_submitting_publishes_the_report_and_the_plan_row_follows(reporter, plan):
    report = submitted(reporter, plan)

    plan.refresh_from_db()
    assert (report.state, report.is_late, report.submitted_by) == ("reported", False, reporter)
    assert (plan.ytd_investment, plan.works_percent, plan.progress, plan.reported_week) == (
        Decimal(120),
        Decimal(35),
        ANSWERS["progress"],
        22,
    )
    change_set = ChangeSet.objects.get(kind="dispatch")
    assert change_set.summary == "报送2024年第22周周调度：甲项目"
    assert list(WeeklyDispatch.history.values_list("state", "change_set")) == [("reported", change_set.pk)]


def test_submitting_a_second_time_does_nothing_more(reporter, plan):
    report = submitted(reporter, plan)

    outcome = submit(reporter, report)

    assert (outcome.submitted, outcome.is_complete) == ([report], True)
    assert (ChangeSet.objects.count(), stored(report).row_version) == (1, report.row_version)


@pytest.mark.parametrize(
    ("moment", "late"), [((2024, 5, 31, 12, 0, 0), False), ((2024, 5, 31, 12, 0, 1), True), ((2024, 6, 3, 8, 0), True)]
)
def test_late_begins_a_second_after_friday_noon(reporter, plan, moment, late):
    factories.clock(*moment)
    reporter.refresh_from_db()
    plan.county.refresh_from_db()

    assert submitted(reporter, plan).is_late is late


def test_a_report_returned_and_sent_again_is_not_late_for_that(reporter, plan, office):
    report = submitted(reporter, plan)
    factories.clock(2024, 6, 3, 9, 0)
    for row in (reporter, office):
        row.county.refresh_from_db()
    returned = actions.send_back(by=office, report=report, reason="数字不对", version=report.row_version)

    again = submit(reporter, returned).submitted[0]

    assert (again.state, again.is_late, again.return_reason) == ("reported", False, "")


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"ytd_investment": None}, {"ytd_investment": "请填本周完成或年度累计完成投资，没有就填 0。"}),
        ({"works_percent": None}, {"works_percent": "请填工程量完成百分比，如 35。"}),
        ({"progress": "  "}, {"progress": "请写形象进度，如“主体封顶”。"}),
        ({"problem": "缺资金"}, {"problem_kind": "请选择问题类型。"}),
        ({"ytd_investment": Decimal(0)}, {}),
    ],
)
def test_a_report_says_what_it_still_lacks(reporter, plan, values, lacking):
    outcome = submit(reporter, save(reporter, plan, **values))

    assert outcome.incomplete == ({plan.pk: lacking} if lacking else {})


def test_a_project_not_yet_under_construction_needs_no_percentage(reporter, unit):
    plan = factories.plan(project__unit=unit, project__stage="planned")

    assert submitted(reporter, plan, works_percent=None).state == "reported"


def test_a_warning_asks_for_an_explanation_and_keeps_both(reporter, plan):
    factories.report(plan, 21, ytd_investment=Decimal(150), works_percent=Decimal(30))
    report = save(reporter, plan)
    outcome = submit(reporter, report)
    assert [warning.code for warning in outcome.unexplained[plan.pk]] == ["ytd_falls"]
    assert stored(report).state == "draft"

    explained = save(reporter, plan, version=report.row_version, explanation="上周误填，审计核减")
    done = submit(reporter, explained).submitted[0]

    assert stored(done).warnings == [
        {
            "code": "ytd_falls",
            "field": "ytd_investment",
            "text": "累计 120 万元，比第21周的 150 万元少了 30 万元。",
        }
    ]
    assert stored(done).explanation == "上周误填，审计核减"


def test_of_many_those_that_are_ready_go_and_the_others_stay(reporter, unit, plan):
    other = factories.plan_under_way(unit, project__name="乙项目")
    ready, unready = save(reporter, plan), save(reporter, other, progress="")

    outcome = submit(reporter, ready, unready)

    assert [report.pk for report in outcome.submitted] == [ready.pk]
    assert set(outcome.incomplete) == {other.pk}
    assert (stored(ready).state, stored(unready).state) == ("reported", "draft")


def test_a_draft_that_a_colleague_changed_is_not_submitted_unseen(reporter, plan, unit):
    report = save(reporter, plan)
    save(factories.user("reporter", unit=unit), plan, version=report.row_version, progress="同事改了")

    outcome = submit(reporter, report)

    assert outcome.refused == {plan.pk: "这一项刚被他人修改过，请核对后再报送。"}
    assert stored(report).state == "draft"


def test_another_unit_s_report_is_as_if_it_were_not_there(plan, reporter):
    report = save(reporter, plan)
    stranger = factories.user("reporter", unit=factories.unit("水利局"))

    outcome = submit(stranger, report)

    assert outcome.refused == {plan.pk: "本周还没有填写。"}
    assert stored(report).state == "draft"


def test_a_problem_typed_into_the_card_is_raised_once(reporter, plan, office):
    report = submitted(reporter, plan, problem="征地未完成", problem_kind="land", needs_help="请自然资源局支持")
    problem = Problem.objects.get()
    assert (problem.text, problem.kind, problem.unit, problem.raised_in_id) == (
        "征地未完成",
        "land",
        plan.project.unit,
        report.pk,
    )

    returned = actions.send_back(by=office, report=report, reason="补充照片", version=report.row_version)
    submit(reporter, returned)

    assert Problem.objects.count() == 1


def test_works_above_a_hundred_percent_stand_in_the_report_and_end_at_it_in_the_plan_table(reporter, plan):
    report = submitted(reporter, plan, works_percent=Decimal(103), explanation="工程量增加")

    plan.refresh_from_db()
    assert (stored(report).works_percent, plan.works_percent) == (Decimal(103), Decimal(100))


@pytest.mark.parametrize("count", [2, 9])
def test_submitting_many_takes_the_same_queries_as_few(reporter, unit, count, django_assert_num_queries):
    reports = [
        save(reporter, factories.plan_under_way(unit), problem="缺资金", problem_kind="funds") for _ in range(count)
    ]

    # On PostgreSQL it first takes its turn.
    with django_assert_num_queries(25 + connection.features.has_select_for_update):
        outcome = submit(reporter, *reports)

    assert len(outcome.submitted) == count


# Taking back, returning, accepting


def test_a_withdrawn_report_no_longer_counts_and_the_plan_falls_back(reporter, plan):
    factories.report(plan, 21, ytd_investment=Decimal(100), works_percent=Decimal(30), progress="上周的话")
    report = submitted(reporter, plan)

    actions.withdraw(by=reporter, report=report, version=report.row_version)

    plan.refresh_from_db()
    assert (plan.ytd_investment, plan.works_percent, plan.progress, plan.reported_week) == (100, 30, "上周的话", 21)
    assert stored(report).state == "draft"


def test_without_any_report_left_the_plan_keeps_its_words_and_has_no_figure(reporter, plan):
    report = submitted(reporter, plan)

    actions.withdraw(by=reporter, report=report, version=report.row_version)

    plan.refresh_from_db()
    assert (plan.ytd_investment, plan.reported_week, plan.progress) == (None, None, ANSWERS["progress"])


def test_the_plan_row_everybody_reads_masks_the_phones_of_its_report(reporter, plan):
    report = submitted(reporter, plan, progress="主体封顶，联系人 13812345678。")

    plan.refresh_from_db()
    assert plan.progress == "主体封顶，联系人 138****5678。"
    assert stored(report).progress == "主体封顶，联系人 13812345678。"


def test_a_late_correction_of_an_older_week_leaves_the_latest_standing(reporter, plan):
    newest = submitted(reporter, plan)

    submitted(
        reporter, plan, week=WEEK.previous, ytd_investment=Decimal(90), works_percent=Decimal(20), progress="补报"
    )

    plan.refresh_from_db()
    assert (plan.ytd_investment, plan.reported_week) == (newest.ytd_investment, 22)


def test_returning_asks_for_a_reason(reporter, plan, office):
    report = submitted(reporter, plan)

    with pytest.raises(actions.Refused, match="退回原因"):
        actions.send_back(by=office, report=report, reason=" ", version=report.row_version)


STATES = ("draft", "reported", "returned", "accepted")
ALLOWED = {"withdraw": {"reported"}, "send_back": {"reported", "accepted"}}


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("state", STATES)
def test_each_verb_works_in_its_states_only(plan, office, verb, state):
    report = factories.report(plan, 22, state, **ANSWERS)
    reason = {"reason": "核对"} if verb == "send_back" else {}

    def attempt():
        return getattr(actions, verb)(by=office, report=report, version=1, **reason)

    if state in ALLOWED[verb]:
        assert attempt().row_version == 2
    else:
        with pytest.raises(actions.Refused, match="现在是"):
            attempt()
        assert stored(report).state == state


def test_accepting_many_leaves_those_that_moved_for_another_look(plan, unit, office):
    seen = factories.report(plan, 22, "reported", **ANSWERS)
    moved = factories.report(factories.plan_under_way(unit), 22, "reported", row_version=3, **ANSWERS)
    draft = factories.report(factories.plan_under_way(unit), 22, "draft", **ANSWERS)

    accepted, left = actions.accept(
        by=office, county=office.county, week=WEEK, versions={seen.pk: 1, moved.pk: 2, draft.pk: 1}
    )

    assert ([report.pk for report in accepted], {report.pk for report in left}) == ([seen.pk], {moved.pk, draft.pk})
    assert (stored(seen).state, stored(moved).state, stored(draft).state) == ("accepted", "reported", "draft")
    assert stored(seen).reviewed_by == office


def test_accepting_twice_is_accepting_once(plan, office):
    report = factories.report(plan, 22, "reported", **ANSWERS)
    for _ in range(2):
        accepted, left = actions.accept(by=office, county=office.county, week=WEEK, versions={report.pk: 1})

    assert ([row.pk for row in accepted], left) == ([report.pk], [])
    assert ChangeSet.objects.filter(kind="dispatch").count() == 1


# The lock


def test_a_locked_week_takes_nothing_from_anybody_until_it_is_reopened(reporter, plan, office):
    report = save(reporter, plan)
    actions.lock_week(by=office, county=office.county, week=WEEK)

    for attempt in (
        lambda: save(reporter, plan, version=report.row_version, progress="补写"),
        lambda: submit(reporter, report),
        lambda: actions.accept(by=office, county=office.county, week=WEEK, versions={report.pk: 1}),
    ):
        with pytest.raises(actions.Refused, match="已锁定"):
            attempt()

    actions.reopen_week(by=office, county=office.county, week=WEEK, reason="更正")
    assert submit(reporter, report).is_complete


def test_locking_and_reopening_are_in_the_audit_trail_with_the_reason(office):
    actions.lock_week(by=office, county=office.county, week=WEEK)
    actions.lock_week(by=office, county=office.county, week=WEEK)
    actions.reopen_week(by=office, county=office.county, week=WEEK, reason="县领导要求更正")

    assert list(AuditEntry.objects.order_by("pk").values_list("summary", flat=True)) == [
        "锁定2024年第22周",
        "重开2024年第22周：县领导要求更正",
    ]


def test_reopening_asks_for_a_reason(office):
    actions.lock_week(by=office, county=office.county, week=WEEK)

    with pytest.raises(actions.Refused, match="重开的原因"):
        actions.reopen_week(by=office, county=office.county, week=WEEK, reason="")


# A whole sheet


def test_a_sheet_is_saved_in_one_go_with_one_audit_entry_and_a_second_time_changes_nothing(
    reporter, unit, django_assert_num_queries
):
    plans = [factories.plan_under_way(unit) for _ in range(3)]
    answers = {plan: {**ANSWERS, "ytd_investment": Decimal(number)} for number, plan in enumerate(plans)}

    with django_assert_num_queries(6):
        first = actions.save_many(by=reporter, county=reporter.county, week=WEEK, answers=answers)
    second = actions.save_many(by=reporter, county=reporter.county, week=WEEK, answers=answers)

    assert [(report.ytd_investment, report.row_version) for report in first] == [(0, 1), (1, 1), (2, 1)]
    assert [(report.pk, report.row_version) for report in second] == [(report.pk, 1) for report in first]
    assert list(AuditEntry.objects.values_list("action", "summary")) == [("保存周调度", "保存2024年第22周周调度 3 项")]


def test_a_sheet_changes_the_drafts_it_has_seen_and_is_refused_whole_otherwise(reporter, unit):
    mine, moved = factories.plan_under_way(unit), factories.plan_under_way(unit)
    seen = {plan.pk: save(reporter, plan).row_version for plan in (mine, moved)}
    answers = {plan: {**ANSWERS, "progress": "二层完成"} for plan in (mine, moved)}
    sheet = {"by": reporter, "county": reporter.county, "week": WEEK, "answers": answers, "versions": seen}

    actions.save_many(**sheet)
    save(reporter, moved, version=2, progress="三层完成")
    sheet["answers"] = {plan: {**ANSWERS, "progress": "封顶"} for plan in (mine, moved)}
    sheet["versions"] = {plan.pk: 2 for plan in (mine, moved)}
    with pytest.raises(StaleRow):
        actions.save_many(**sheet)

    words = WeeklyDispatch.objects.order_by("plan").values_list("progress", "row_version")
    assert list(words) == [("二层完成", 2), ("三层完成", 3)]


def test_money_is_asked_for_once_the_project_or_its_plan_has_a_figure(reporter, unit):
    nothing = factories.plan_under_way(unit, planned_investment=None, project__total_investment=None)
    some = factories.plan_under_way(unit, planned_investment=None, project__total_investment=Decimal(1))

    outcome = submit(reporter, *(save(reporter, plan, ytd_investment=None) for plan in (nothing, some)))

    assert [report.plan for report in outcome.submitted] == [nothing]
    assert list(outcome.incomplete) == [some.pk]
