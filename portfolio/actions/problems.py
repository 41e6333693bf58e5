"""Writing problems (问题清单): one function for each step from raising to closing out (销号).

Every step is one transaction and one change set, and leaves an event that tells it. Each asks for the row version that
its user saw (`changes.StaleRow` when it has moved on), raises `Refused` when the state or the values forbid it, and
raises Problem.DoesNotExist for who may not take it. The same `form_key` a second time writes nothing.
"""

import copy
import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.roles import Right, Role, has_right
from portfolio import history, problem_clock
from portfolio.actions import changes
from portfolio.lengths import too_long
from portfolio.models import AnnualPlan, ChangeSet, Problem, ProblemEvent
from portfolio.models.problems import ProblemKind, ProblemState
from portfolio.problem_steps import Verb, refusal
from portfolio.problems import projects_open_to
from portfolio.search import name_key

LONGEST_EXTENSION = dt.timedelta(days=365)
Kind = ProblemEvent.Kind
Source = Problem.Source


class Refused(Exception):
    """The step can't be taken; the message says why and what to do, in Chinese."""


# Raising


def raise_from_reports(change_set, reports):
    """The problems that freshly submitted reports bring, one for each with a `problem` that has not raised one yet.

    Called within the transaction and change set of the submission; a constant number of queries. A text that an open
    problem of the same project says already is that matter still, and raises no second one.
    """
    reports = [report for report in reports if report.problem.strip()]
    if not reports:
        return []
    raised = set(Problem.objects.filter(raised_in__in=reports).values_list("raised_in_id", flat=True))
    plans = AnnualPlan.objects.select_related("project").in_bulk({report.plan_id for report in reports})
    known = _open_texts(plans.values())
    problems = [
        _from_report(change_set, report, plans[report.plan_id].project)
        for report in reports
        if report.pk not in raised and (plans[report.plan_id].project_id, name_key(report.problem)) not in known
    ]
    return _create(change_set, problems)


def _open_texts(plans):
    rows = Problem.objects.open().filter(project__in={plan.project_id for plan in plans})
    return {(project, name_key(text)) for project, text in rows.values_list("project_id", "text")}


def _from_report(change_set, report, project):
    return _new_problem(
        project,
        change_set.county.business_today(),
        raised_in=report,
        source=Source.DISPATCH,
        kind=report.problem_kind or ProblemKind.OTHER,
        text=report.problem.strip(),
        needs_help=report.needs_help.strip(),
        raised_by=change_set.by,
    )


def _new_problem(project, today, *, is_complex=False, **values):
    deadline = problem_clock.deadline(today, is_complex)
    values = {"county_id": project.county_id, "project": project, "unit_id": project.unit_id, **values}
    return Problem(raised_on=today, is_complex=is_complex, deadline=deadline, original_deadline=deadline, **values)


def _create(change_set, problems):
    problems = changes.create(change_set, problems)
    ProblemEvent.objects.bulk_create(
        ProblemEvent(problem=problem, kind=Kind.RAISED, text=problem.text, at=change_set.at, by=change_set.by)
        for problem in problems
    )
    return problems


def raise_problem(*, by, project, values, form_key=None):
    """A problem raised on its own. `values`: text; may have kind, is_complex, needs_help, and the office's source.

    The same `form_key` a second time gives back the problem that the first one made.
    """
    try:
        with transaction.atomic():
            return raised_with(by, form_key) or _raise(by, project, values, form_key)
    except IntegrityError:
        # The same form sent twice at once: the other one's insert won.
        if done := raised_with(by, form_key):
            return done
        raise


def raise_within(change_set, project, *, text, kind, measure, deadline, unit=None):
    """A problem found on site, raised within the transaction and change set of what found it; may raise `Refused`.

    It names its measure and deadline at once. What the project office finds is assigned to the unit in the same step;
    what others find waits for the office. `unit` is the project's own where none is given.
    """
    today = change_set.county.business_today()
    problem = _new_problem(project, today, source=Source.SITE, kind=kind, raised_by=change_set.by)
    problem.text, problem.measure = _said(text, "问题"), _said(measure, "整改措施")
    problem.unit = unit or project.unit
    problem.deadline = problem.original_deadline = _in_time(deadline, today)
    problem.is_complex = deadline > problem_clock.deadline(today, is_complex=False)
    if problem.unit is not None and has_right(change_set.by, Right.MANAGE_PROBLEMS):
        problem.state, problem.assigned_on = ProblemState.ASSIGNED, today
    _check(problem)
    problem = _create(change_set, [problem])[0]
    if problem.state == ProblemState.ASSIGNED:
        event = ProblemEvent(problem=problem, kind=Kind.ASSIGNED, text=_assignment(problem))
        event.at, event.by = change_set.at, change_set.by
        event.save()
    return problem


def _in_time(deadline, today):
    if not today <= deadline <= today + LONGEST_EXTENSION:
        raise Refused(f"整改时限应在 {today} 到 {today + LONGEST_EXTENSION} 之间，请改填这之间的日期。")
    return deadline


def raised_with(by, form_key):
    """The problem that this account has raised with the form, if any."""
    records = Problem.history.filter(change_set__form_key=form_key, change_set__by=by, history_type="+")
    return Problem.objects.visible_to(by).filter(pk__in=records.values("id")).first() if form_key else None


def _raise(by, project, values, form_key):
    project = projects_open_to(by).select_related("county").get(pk=project.pk)
    problem = _new_problem(
        project, project.county.business_today(), raised_by=by, **{**values, "source": _source(by, values)}
    )
    problem.text = _said(problem.text, "问题")
    _check(problem)
    summary = f"{project}：提出问题“{problem}”"
    change_set = changes.begin(ChangeSet.Kind.PROBLEM, county=project.county, by=by, summary=summary, form_key=form_key)
    return _create(change_set, [problem])[0]


def _source(by, values):
    """Only the office says where a problem comes from; of the others it is plain."""
    if by.role == Role.OFFICE:
        return values.get("source") or Source.OFFICE
    return Source.UNIT if by.role == Role.REPORTER else Source.SITE


# Steps of the responsible unit


def answer(*, by, problem, version, text, form_key=None):
    def write(row, today):
        row.answered_on = row.answered_on or today
        return ProblemEvent(kind=Kind.ANSWERED, text=_said(text, "办理情况"))

    return _take(Verb.ANSWER, write, by, problem, version, form_key)


def ask_extension(*, by, problem, version, reason, deadline, form_key=None):
    """Ask for a later deadline, on its day at the latest. It stands until the office has granted or refused it."""

    def write(row, today):
        row.asked_deadline = _later(deadline, row)
        return ProblemEvent(kind=Kind.EXTENSION_ASKED, text=_said(reason, "延期原因"), deadline_after=deadline)

    return _take(Verb.ASK_EXTENSION, write, by, problem, version, form_key)


def ask_closing(*, by, problem, version, text, form_key=None):
    """Say that it is settled, and by what; the office checks. It counts as an answer, and as no wish for more time."""

    def write(row, today):
        row.state = ProblemState.CLOSING
        row.answered_on = row.answered_on or today
        row.asked_deadline = None
        return ProblemEvent(kind=Kind.CLOSING_ASKED, text=_said(text, "办理结果"))

    return _take(Verb.ASK_CLOSING, write, by, problem, version, form_key)


# Steps of the project office


def assign(*, by, problem, version, unit, person="", phone="", measure="", kind, is_complex, form_key=None):
    """Hand the problem to a unit (交办), or on to another. Ordinary or complex sets the deadline, unless extended."""

    def write(row, today):
        if unit is None:
            raise Refused("请选择责任单位。")
        before = copy.copy(row)
        row.state = ProblemState.ASSIGNED
        row.assigned_on = row.assigned_on or today
        row.unit, row.person, row.phone, row.measure = unit, person.strip(), phone.strip(), measure.strip()
        row.kind = kind
        _set_clock(row, is_complex)
        event = ProblemEvent(kind=Kind.ASSIGNED, text=_assignment(row))
        return _with_deadlines(event, before, row)

    return _take(Verb.ASSIGN, write, by, problem, version, form_key)


def _set_clock(row, is_complex):
    if row.is_complex == is_complex:
        return
    was_extended = row.deadline != row.original_deadline
    row.is_complex = is_complex
    row.original_deadline = problem_clock.deadline(row.raised_on, is_complex)
    if not was_extended:
        row.deadline = row.original_deadline
    if row.asked_deadline is not None and row.asked_deadline <= row.deadline:
        row.asked_deadline = None


def _assignment(row):
    """Who is to do what. The phone is not told: an event is read by everybody."""
    told = [("责任单位", row.unit), ("责任人", row.person), ("类型", row.get_kind_display()), ("措施", row.measure)]
    return "；".join(f"{label}：{value}" for label, value in told if value)


def grant_extension(*, by, problem, version, deadline=None, text="", form_key=None):
    """To the day that was asked for, or another `deadline` after the present one."""

    def write(row, today):
        before = copy.copy(row)
        row.deadline = _later(deadline or row.asked_deadline, row)
        row.asked_deadline = None
        return _with_deadlines(ProblemEvent(kind=Kind.EXTENDED, text=text.strip()), before, row)

    return _take(Verb.GRANT_EXTENSION, write, by, problem, version, form_key)


def refuse_extension(*, by, problem, version, reason, form_key=None):
    def write(row, today):
        row.asked_deadline = None
        return ProblemEvent(kind=Kind.EXTENSION_REFUSED, text=_said(reason, "不同意的原因"))

    return _take(Verb.REFUSE_EXTENSION, write, by, problem, version, form_key)


def close(*, by, problem, version, text, form_key=None):
    """Close out (销号) after a check; `text` says what was checked."""

    def write(row, today):
        row.state = ProblemState.CLOSED
        row.closed_on = today
        return ProblemEvent(kind=Kind.CLOSED, text=_said(text, "核验情况"))

    return _take(Verb.CLOSE, write, by, problem, version, form_key)


def send_back(*, by, problem, version, reason, form_key=None):
    def write(row, today):
        row.state = _open_state(row)
        return ProblemEvent(kind=Kind.SENT_BACK, text=_said(reason, "退回原因"))

    return _take(Verb.SEND_BACK, write, by, problem, version, form_key)


def reopen(*, by, problem, version, reason, form_key=None):
    """The clock starts anew: the days of an ordinary or complex problem, from today."""

    def write(row, today):
        before = copy.copy(row)
        row.state = _open_state(row)
        row.closed_on = None
        row.deadline = max(row.deadline, problem_clock.deadline(today, row.is_complex))
        return _with_deadlines(ProblemEvent(kind=Kind.REOPENED, text=_said(reason, "重新打开的原因")), before, row)

    return _take(Verb.REOPEN, write, by, problem, version, form_key)


def edit(*, by, problem, version, values, form_key=None):
    """Correct what is written: `values` of text, kind, needs_help, measure, person, phone. No change, no event."""

    def write(row, today):
        before = copy.copy(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.text = _said(row.text, "问题")
        told = _corrections(before, row)
        return ProblemEvent(kind=Kind.EDITED, text=told) if told else None

    return _take(Verb.EDIT, write, by, problem, version, form_key)


def _corrections(before, after):
    found = history.differences(Problem, before, after)
    phone = history.label_of(Problem, "phone")
    return "；".join(f"{phone}有修改" if one.label == phone else str(one) for one in found)


# What every step does


def _take(verb, write, by, problem, version, form_key):
    """Lock the row, let `write(row, today)` change it and give its event (None: nothing to write), and store both."""
    try:
        with transaction.atomic():
            return _done_with(by, form_key, problem) or _locked_write(verb, write, by, problem, version, form_key)
    except (IntegrityError, changes.StaleRow):
        # The same form sent twice at once: the other one was first.
        if done := _done_with(by, form_key, problem):
            return done
        raise


def _done_with(by, form_key, problem):
    records = Problem.history.filter(change_set__form_key=form_key, change_set__by=by, id=problem.pk)
    return Problem.objects.visible_to(by).filter(pk__in=records.values("id")).first() if form_key else None


def _locked_write(verb, write, by, problem, version, form_key):
    rows = Problem.objects.manageable_by(by) if verb.rule.by_office else Problem.objects.answerable_by(by)
    changes.take_turn(by.county_id)
    row = changes.lock_current(rows.select_related("project", "county", "unit"), problem.pk, version)
    today = row.county.business_today()
    if why := refusal(verb, row, today):
        raise Refused(why)
    before = copy.copy(row)
    event = write(row, today)
    if event is None:
        return row
    _check(row)
    if why := too_long(event):
        raise Refused(why)
    summary = f"{row.project}：{event.get_kind_display()}问题“{row}”"
    change_set = changes.begin(ChangeSet.Kind.PROBLEM, county=row.county, by=by, summary=summary, form_key=form_key)
    changes.update(change_set, [row], [field.name for field in history.changed_fields(Problem, before, row)])
    event.problem, event.at, event.by = row, change_set.at, by
    event.save()
    return row


def _check(row):
    """Lengths, choices, and a unit of the same county."""
    if why := too_long(row):
        raise Refused(why)
    try:
        row.clean_fields(exclude=["county", "project", "raised_in", "raised_by", "unit"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(f"“{history.label_of(type(row), name)}”：{messages[0]}") from None
    if row.unit is not None and row.unit.county_id != row.county_id:
        raise Refused("所选的责任单位不在本县，请重新选择。")


def _said(text, what):
    if not text.strip():
        raise Refused(f"请写明{what}。")
    return text.strip()


def _later(deadline, row):
    if deadline <= row.deadline:
        raise Refused(f"延期后的时限应晚于现在的办结时限 {row.deadline}，请改填更晚的日期。")
    if deadline > row.deadline + LONGEST_EXTENSION:
        raise Refused(f"一次最多延期一年，请改填不晚于 {row.deadline + LONGEST_EXTENSION} 的日期。")
    return deadline


def _open_state(row):
    return ProblemState.ASSIGNED if row.assigned_on else ProblemState.RAISED


def _with_deadlines(event, before, after):
    if before.deadline != after.deadline:
        event.deadline_before, event.deadline_after = before.deadline, after.deadline
    return event
