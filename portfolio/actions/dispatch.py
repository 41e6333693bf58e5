"""Writing the weekly dispatch: 草稿 → 已报 → 退回 (with a reason) → 已审, and the lock on a week.

A draft is saved as it is typed: one row and one audit entry, no history, nobody else sees it. From the first submission
on every change of state is a change set with its history record, and the plan row follows in the same transaction, so
that every list reads the latest published report from there.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from portfolio import dispatch, reporting, week_lights
from portfolio.actions import changes, notices, problems
from portfolio.latest_reports import KEPT, kept_of
from portfolio.models import AnnualPlan, ChangeSet, DispatchWeek, WeekLight, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.models.register import Stage
from portfolio.privacy import mask_phones
from portfolio.report_checks import HUNDRED, Compared, warnings

# What a reporter fills in.
ANSWERS = (
    "ytd_investment",
    "works_percent",
    "progress",
    "next_plan",
    "problem",
    "problem_kind",
    "needs_help",
    "no_change",
    "explanation",
)
_BEING_WRITTEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})
_SUBMITTED_FIELDS = (
    *("state", "warnings", "saved_at", "saved_by", "is_late", "return_reason"),
    *("first_submitted_at", "submitted_at", "submitted_by", "reviewed_at", "reviewed_by"),
)
_TYPED_FIELDS = (*ANSWERS, "saved_at", "saved_by", "row_version")
_LATEST = ("progress", "works_percent", *KEPT)


class Refused(Exception):
    """The week is locked, or the report is not in a state for this; the message says what to do."""


@dataclass
class Outcome:
    """What came of submitting some reports: which are 已报 now, and what the others still lack.

    `incomplete` is {plan pk: {field: message}}, `unexplained` {plan pk: [Warning]}, `refused` {plan pk: message}.
    """

    submitted: list = field(default_factory=list)
    incomplete: dict = field(default_factory=dict)
    unexplained: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)

    @property
    def is_complete(self):
        return not (self.incomplete or self.unexplained or self.refused)


# Typing


def save(*, by, plan, week, values, version):
    """Keep what was typed so far. `version` is that of the report the form showed, 0 where there was none.

    Raises `changes.StaleRow` (somebody else wrote; the same content is no conflict) and `Refused`.
    """
    try:
        with transaction.atomic():
            return _save(by, plan, week, values, version)
    except IntegrityError:
        # Two first saves in one moment: the other one, or a photo, has made the row. This is a second save now.
        with transaction.atomic():
            return _save(by, plan, week, values, version)


def _key(plan, week):
    return {"plan": plan, "year": week.year, "week": week.number}


def _save(by, plan, week, values, version):
    refuse_closed(plan.county, week)
    report = WeeklyDispatch.objects.select_for_update(of=("self",), no_key=True).filter(**_key(plan, week)).first()
    report = report or WeeklyDispatch(**_key(plan, week), row_version=0)
    report.plan, report.county = plan, plan.county
    if _type(report, by, values, version):
        _store(report, values)
        audit.record("保存周调度", actor=by, county=plan.county, target=report)
    return report


def _type(report, by, values, version):
    """Put `values` into the report; whether that changes anything. Raises as `save` does."""
    if report.pk and report.row_version != version:
        _settled(report, values)
        return False
    if report.state not in _BEING_WRITTEN:
        raise Refused(f"本周已{_said(report)}，要修改请先撤回或请项目办退回。")
    if report.pk and _holds(report, values):
        return False
    for name, value in values.items():
        setattr(report, name, value)
    report.saved_at, report.saved_by = report.county.business_now(), by
    report.row_version += 1
    return True


@transaction.atomic
def save_many(*, by, county, week, answers, versions=()):
    """Keep a whole sheet at once: `answers` is {plan: values}, `versions` {plan pk: version} of those there were.

    All or nothing, in a constant number of queries, with one audit entry. Raises as `save` does; gives the reports.
    """
    refuse_closed(county, week)
    versions = dict(versions)
    standing = WeeklyDispatch.objects.select_for_update(of=("self",), no_key=True).of_week(week)
    known = {report.plan_id: report for report in standing.filter(plan__in=answers).select_related("plan__project")}
    reports, written = [], []
    for plan, values in answers.items():
        report = known.get(plan.pk) or WeeklyDispatch(**_key(plan, week), row_version=0)
        report.county = county
        reports.append(report)
        if _type(report, by, values, versions.get(plan.pk, 0)):
            written.append(report)
    changes.write_rows([report for report in written if report.pk], _TYPED_FIELDS)
    WeeklyDispatch.objects.bulk_create(report for report in written if report.pk is None)
    if written:
        audit.record("保存周调度", actor=by, county=county, summary=f"保存{week.label}周调度 {len(written)} 项")
    return reports


def _store(report, values):
    """No signal, no history record: drafts leave none."""
    if report.pk is None:
        WeeklyDispatch.objects.bulk_create([report])
        return
    stored = {name: getattr(report, name) for name in (*values, "saved_at", "saved_by", "row_version")}
    WeeklyDispatch.objects.filter(pk=report.pk).update(**stored)


def _holds(report, values):
    return all(getattr(report, name) == value for name, value in values.items())


def _settled(report, values):
    """A row of another version that says the same is a save that arrived twice."""
    if _holds(report, values):
        return report
    raise changes.StaleRow(report)


def refuse_closed(county, week):
    """Raise `Refused` for a week that has not begun, or is locked."""
    if week > reporting.this_week(county):
        raise Refused(f"{week.label}还没有开始，请到那一周再填报。")
    if reporting.is_locked(county, week):
        raise Refused(f"{week.label}已锁定，不能再填报。确需更正，请与项目办联系重开这一周。")


def _said(report):
    return {ReportState.REPORTED: "报送", ReportState.ACCEPTED: "审核"}[ReportState(report.state)]


# Submitting


@transaction.atomic
def submit(*, by, county, week, versions):
    """Submit saved reports; `versions` is {plan pk: row version that the page showed}. Gives an `Outcome`.

    What can be submitted is, the rest stays a draft. A report that is 已报 already counts as submitted: the second
    press of a button does no harm. Plans that `by` does not report for are refused as if they were not there.
    """
    changes.take_turn(county.pk)
    refuse_closed(county, week)
    plans = AnnualPlan.objects.reportable_by(by).filter(pk__in=versions)
    reports = list(
        WeeklyDispatch.objects.select_for_update(of=("self",), no_key=True)
        .of_week(week)
        .filter(plan__in=plans)
        .select_related("plan__project", "plan__county")
    )
    outcome = Outcome()
    outcome.refused = dict.fromkeys(versions.keys() - {report.plan_id for report in reports}, "本周还没有填写。")
    found = warnings_of(reports, week)
    ready = [report for report in reports if _is_ready(report, versions, found[report.pk], outcome)]
    if ready:
        _submit(by, county, week, ready, found)
        outcome.submitted += ready
    return outcome


def _is_ready(report, versions, found, outcome):
    """Sorts a report into the outcome unless it can be submitted now."""
    if report.is_published:
        outcome.submitted.append(report)
    elif report.row_version != versions[report.plan_id]:
        outcome.refused[report.plan_id] = "这一项刚被他人修改过，请核对后再报送。"
    elif lacking := missing_answers(report):
        outcome.incomplete[report.plan_id] = lacking
    elif found and not report.explanation.strip():
        outcome.unexplained[report.plan_id] = found
    else:
        return True
    return False


def missing_answers(report):
    """{field: message} of what a report must say before it can be submitted."""
    lacking = {}
    if report.ytd_investment is None and _has_money(report.plan):
        lacking["ytd_investment"] = "请填本周完成或年度累计完成投资，没有就填 0。"
    if report.works_percent is None and report.plan.project.stage == Stage.BUILDING:
        lacking["works_percent"] = "请填工程量完成百分比，如 35。"
    if not report.progress.strip():
        lacking["progress"] = "请写形象进度，如“主体封顶”。"
    if report.problem.strip() and not report.problem_kind:
        lacking["problem_kind"] = "请选择问题类型。"
    return lacking


def _has_money(plan):
    """A project that nobody has put a figure to has none to report on; 0 would be a statement."""
    return plan.planned_investment is not None or plan.project.total_investment is not None


def _submit(by, county, week, reports, found):
    now, due = county.business_now(), reporting.due_at(county, week)
    change_set = _begin(by, county, "报送", reports)
    for report in reports:
        report.state = ReportState.REPORTED
        report.warnings = [warning.as_dict() for warning in found[report.pk]]
        if report.first_submitted_at is None:
            report.first_submitted_at, report.is_late = now, now > due
        report.submitted_at, report.submitted_by = now, by
        report.return_reason = ""
    _write(change_set, reports)
    problems.raise_from_reports(change_set, reports)


def warnings_of(reports, week):
    """{report pk: [Warning]} in a constant number of queries. The reports' plans and projects must be loaded."""
    compared = compared_with(reports, week)
    return {report.pk: warnings(report, compared[report.plan_id]) for report in reports}


def compared_with(reports, week):
    """{plan pk: Compared} of reports with their plans and projects loaded; they need not be saved yet."""
    plans = [report.plan_id for report in reports]
    previous = dispatch.latest_before(plans, week)
    three_weeks_ago = dispatch.latest_before(plans, week.shifted(-2)) if week.number > 3 else {}
    reused = dispatch.reused_photos([report for report in reports if report.pk])
    return {
        report.plan_id: Compared(
            planned=report.plan.planned_investment,
            total=report.plan.project.total_investment,
            invested_before=report.plan.invested_before,
            previous=previous.get(report.plan_id),
            three_weeks_ago=three_weeks_ago.get(report.plan_id),
            reused_photos=reused.get(report.pk, ()),
        )
        for report in reports
    }


@transaction.atomic
def withdraw(*, by, report, version):
    """Take one's own report back to correct it: 已报 → 草稿. What was reviewed must be returned by the office."""
    report = _lock(report, version, {ReportState.REPORTED}, "只有已报、未审的才能撤回。")
    change_set = _begin(by, report.county, "撤回", [report])
    report.state = ReportState.DRAFT
    report.saved_at, report.saved_by = report.county.business_now(), by
    _write(change_set, [report])
    return report


# Reviewing


@transaction.atomic
def send_back(*, by, report, reason, version):
    """退回 with a reason: 已报 or 已审 → 退回."""
    states = {ReportState.REPORTED, ReportState.ACCEPTED}
    report = _lock(report, version, states, "只有已报或已审的才能退回。")
    if not reason.strip():
        raise Refused("请写明退回原因，填报员要据此修改。")
    change_set = _begin(by, report.county, "退回", [report], f"：{reason.strip()}")
    report.state, report.return_reason = ReportState.RETURNED, reason.strip()
    report.reviewed_at, report.reviewed_by = report.county.business_now(), by
    _write(change_set, [report])
    notices.tell_of_return(county=report.county, report=report)
    return report


@transaction.atomic
def accept(*, by, county, week, versions):
    """审核通过 many at once; `versions` is {report pk: row version shown}. Gives (accepted, moved): reports.

    Reports that changed since the page was made are left for another look; those accepted already count.
    """
    changes.take_turn(county.pk)
    refuse_closed(county, week)
    reports = WeeklyDispatch.objects.visible_to(by).of_week(week).filter(pk__in=versions)
    reports = list(reports.select_for_update(of=("self",), no_key=True).select_related("plan__project", "plan__county"))
    done = [report for report in reports if report.state == ReportState.ACCEPTED]
    ready = [
        report
        for report in reports
        if report.state == ReportState.REPORTED and report.row_version == versions[report.pk]
    ]
    if ready:
        change_set = _begin(by, county, "审核通过", ready)
        for report in ready:
            report.state = ReportState.ACCEPTED
            report.reviewed_at, report.reviewed_by = county.business_now(), by
        # Published before and after: the plan rows say it already.
        changes.update(change_set, ready, ("state", "reviewed_at", "reviewed_by"))
    settled = {report.pk for report in (*done, *ready)}
    return [*done, *ready], [report for report in reports if report.pk not in settled]


def _lock(report, version, states, otherwise):
    changes.take_turn(report.county_id)
    reports = WeeklyDispatch.objects.select_related("plan__project", "county", "plan__county")
    report = changes.lock_current(reports, report.pk, version)
    refuse_closed(report.county, report.iso_week)
    if report.state not in states:
        raise Refused(f"“{report.plan.project}”{report.iso_week.label}现在是{report.get_state_display()}。{otherwise}")
    return report


def _begin(by, county, verb, reports, detail=""):
    names = "、".join(report.plan.project.name for report in reports[:3])
    more = f"等 {len(reports)} 项" if len(reports) > 3 else ""
    summary = f"{verb}{reports[0].iso_week.label}周调度：{names}{more}{detail}"
    return changes.begin(ChangeSet.Kind.DISPATCH, county=county, by=by, summary=summary)


def _write(change_set, reports):
    changes.update(change_set, reports, (*_SUBMITTED_FIELDS, *ANSWERS))
    _follow(change_set, [report.plan_id for report in reports])


def _follow(change_set, plan_pks):
    """The plan rows say what their latest published report says. Where none is left, words and percentage stay."""
    plans = list(AnnualPlan.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=plan_pks))
    newest = dispatch.latest(plan_pks, plans[0].year)
    moved = [plan for plan in plans if _follow_one(plan, newest.get(plan.pk))]
    changes.update(change_set, moved, _LATEST)


def _follow_one(plan, report):
    """Whether anything in the row changed."""
    before = tuple(getattr(plan, name) for name in _LATEST)
    for name, value in kept_of(report).items():
        setattr(plan, name, value)
    if report is not None:
        # The plan table is read by everybody, the report by its unit as it was written.
        plan.progress = mask_phones(report.progress)
        # The plan table's 工程量 ends at 100 %; a report above it stays visible, with its warning, where it was made.
        plan.works_percent = plan.works_percent if report.works_percent is None else _capped(report.works_percent)
    return before != tuple(getattr(plan, name) for name in _LATEST)


def _capped(value):
    return min(value, Decimal(HUNDRED))


# The week


@transaction.atomic
def lock_week(*, by, county, week):
    """Close a week to reports, keeping the list of who had to report. Locked already: nothing happens."""
    if week > reporting.this_week(county):
        raise Refused(f"{week.label}还没有开始，不能锁定。")
    changes.take_turn(county.pk)
    row, _ = DispatchWeek.objects.get_or_create(county=county, year=week.year, week=week.number)
    if row.is_locked:
        return row
    row.due_plans = sorted(reporting.plans_due(county, week, row).values_list("pk", flat=True))
    row.locked_at, row.locked_by = county.business_now(), by
    row.save()
    changes.begin(ChangeSet.Kind.DISPATCH, county=county, by=by, summary=f"锁定{week.label}")
    WeekLight.objects.bulk_create(week_lights.unrecorded(county, week), batch_size=changes.BATCH)
    return row


@transaction.atomic
def reopen_week(*, by, county, week, reason):
    """Open a locked week again, for corrections; the reason goes into the audit trail."""
    if not reason.strip():
        raise Refused("请写明重开的原因。")
    changes.take_turn(county.pk)
    row = reporting.lock_of(county, week)
    if row is None or not row.is_locked:
        return row
    row.locked_at = row.locked_by = None
    row.save()
    changes.begin(ChangeSet.Kind.DISPATCH, county=county, by=by, summary=f"重开{week.label}：{reason.strip()}")
    return row
