"""Writing matters (议定事项、交办事项): decided in a meeting or on the spot, then one function for each step.

Every step is one transaction and one change set, and leaves an event that tells it. Each asks for the row version that
its user saw (`changes.StaleRow` when it has moved on), raises `Refused` when the state or the values forbid it, and
raises DoesNotExist for who may not take it. The same `form_key` a second time writes nothing.
"""

import copy
import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.roles import Right, has_right
from inspections.matter_steps import Verb, is_being_written, refusal
from inspections.models import Matter, MatterEvent, Meeting, Stop
from inspections.models.letters import SETTLED as LETTER_SETTLED
from inspections.models.meetings import MatterState
from inspections.models.rounds import RoundState
from portfolio import history, problem_clock
from portfolio.actions import changes, form_keys
from portfolio.lengths import too_long
from portfolio.models import ChangeSet

LONGEST = dt.timedelta(days=365)
MOST_ROWS = 50
Kind = MatterEvent.Kind
ISSUED = "“{meeting}”的纪要已经印发，不能再增减或改写事项。新的事项请记入下一次会议。"
NOT_THERE = {
    RoundState.PLANNED: "“{round}”还没有开始，不能现场交办。请先开始观摩。",
    RoundState.CLOSED: "“{round}”已经结束，不能再现场交办。请在下一次会议上议定。",
}
NAMES = ("text", "unit", "person", "leader", "project", "problem", "deadline")


class Refused(Exception):
    """It can't be written; `errors` is {row of those typed in one go, or None for the whole: why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors if isinstance(errors, dict) else {None: errors}
        super().__init__("".join(self.errors.values()))


# Deciding


def decide(*, by, meeting, values, form_key=None):
    """The Matter that a meeting decides. `values`: text, unit; may have person, leader, project, problem, deadline.

    Without a deadline it has the days of an ordinary problem (13710), from the day of the meeting.
    """
    return decide_all(by=by, meeting=meeting, rows=[values], form_key=form_key)[0]


def decide_all(*, by, meeting, rows, form_key=None):
    """The Matters of `rows`, each the `values` of `decide`. One that can't be kept keeps all of them from being."""
    return _once(lambda: _decide(by, meeting, rows, form_key), by, form_key, meeting=meeting.pk)


def assign_on_spot(*, by, stop, values, form_key=None):
    """The Matter assigned at a stop of the quarterly inspection; `values` as of `decide`, in force at once.

    Project and unit are those of the stop unless given. Raises Stop.DoesNotExist for who has no right to it.
    """
    return _once(lambda: _assign(by, stop, values, form_key), by, form_key, stop=stop.pk)[0]


def _once(write, by, form_key, **place):
    try:
        with transaction.atomic():
            return _made_with(by, form_key, place) or write()
    except IntegrityError:
        # The same form sent twice at once: the other one's insert won.
        if done := _made_with(by, form_key, place):
            return done
        raise


def _made_with(by, form_key, place):
    if not form_key:
        return []
    records = Matter.history.filter(change_set__form_key=form_key, change_set__by=by, history_type="+", **place)
    return list(Matter.objects.visible_to(by).filter(pk__in=records.values("id")).order_by("pk"))


def _decide(by, meeting, rows, form_key):
    changes.take_turn(by.county_id)
    meeting = locked_meeting(by, meeting)
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Refused(f"一次请填写 1 到 {MOST_ROWS} 项，现在是 {len(rows)} 项。")
    first = (meeting.matters.aggregate(last=Max("seq"))["last"] or 0) + 1
    matters, errors = [], {}
    for at, values in enumerate(rows):
        try:
            matters.append(_new(meeting.county, meeting.held_on, values, meeting=meeting, seq=first + at))
        except Refused as refused:
            errors[at] = str(refused)
    if errors:
        raise Refused(errors)
    told = f"“{matters[0]}”" if len(matters) == 1 else f" {len(matters)} 项"
    return _create(by, meeting.county, matters, f"{meeting}：议定事项{told}", form_key)


def locked_meeting(by, meeting):
    """The meeting, locked, as long as it may be written; Meeting.DoesNotExist for who may not."""
    rows = Meeting.objects.manageable_by(by).select_for_update(of=("self",), no_key=True)
    meeting = rows.select_related("county").get(pk=meeting.pk)
    if meeting.state == Meeting.State.CLOSED:
        raise Refused(ISSUED.format(meeting=meeting))
    return meeting


def _assign(by, stop, values, form_key):
    changes.take_turn(by.county_id)
    stop = _stops(by).select_related("round__county", "plan__project__unit").get(pk=stop.pk)
    if stop.round.state != RoundState.OPEN:
        raise Refused(NOT_THERE[stop.round.state].format(round=stop.round))
    county, project = stop.round.county, stop.plan.project
    values = {**values, "project": values.get("project") or project, "unit": values.get("unit") or project.unit}
    first = (stop.matters.aggregate(last=Max("seq"))["last"] or 0) + 1
    matter = _new(county, county.business_today(), values, stop=stop, seq=first)
    return _create(by, county, [matter], f"{stop.round}：在{project}现场交办“{matter}”", form_key)


def _stops(by):
    if not has_right(by, Right.RUN_MEETINGS):
        return Stop.objects.none()
    return Stop.objects.filter(round__county=by.county_id)


def _new(county, day, values, **more):
    """A matter that has been looked over, not yet stored."""
    row = Matter(county=county, decided_on=day, **more)
    for name in NAMES:
        setattr(row, name, values.get(name) or ("" if name in {"text", "person"} else None))
    row.deadline = row.original_deadline = row.deadline or problem_clock.deadline(day, is_complex=False)
    _look_over(row)
    return row


def _look_over(row):
    row.text, row.person = _said(row.text, "议定事项"), row.person.strip()
    if row.unit_id is None:
        raise Refused("请填写责任单位。")
    if row.deadline is None:
        raise Refused("请填写办结时限。")
    if row.problem is not None and row.project is None:
        row.project = row.problem.project
    if not row.decided_on <= row.deadline <= row.decided_on + LONGEST:
        raise Refused(f"办结时限应在 {row.decided_on} 到 {row.decided_on + LONGEST} 之间，请改填这之间的日期。")
    _check(row)


def _create(by, county, matters, summary, form_key):
    change_set = changes.begin(ChangeSet.Kind.INSPECTION, county=county, by=by, summary=summary, form_key=form_key)
    matters = changes.create(change_set, matters)
    MatterEvent.objects.bulk_create(
        MatterEvent(matter=matter, kind=Kind.DECIDED, text=_handed_to(matter), at=change_set.at, by=by)
        for matter in matters
    )
    return matters


def _handed_to(matter):
    told = [("责任单位", matter.unit), ("责任人", matter.person), ("牵头领导", matter.leader)]
    told.append(("办结时限", matter.deadline))
    return "；".join(f"{label}：{value}" for label, value in told if value)


# Steps of the responsible unit


def answer(*, by, matter, version, text, form_key=None):
    def write(row, today):
        return MatterEvent(kind=Kind.ANSWERED, text=_said(text, "办理情况"))

    return _take(Verb.ANSWER, write, by, matter, version, form_key)


def ask_closing(*, by, matter, version, text, form_key=None):
    """Say that it is done, and by what; the office checks."""

    def write(row, today):
        row.state = MatterState.CLOSING
        return MatterEvent(kind=Kind.CLOSING_ASKED, text=_said(text, "办理结果"))

    return _take(Verb.ASK_CLOSING, write, by, matter, version, form_key)


# Steps of the project office


def close(*, by, matter, version, text, form_key=None):
    """Done (办结); `text` says what was checked. The office may close what nobody asked to."""

    def write(row, today):
        row.state, row.settled_on = MatterState.DONE, today
        return MatterEvent(kind=Kind.DONE, text=_said(text, "核验情况"))

    return _take(Verb.CLOSE, write, by, matter, version, form_key)


def send_back(*, by, matter, version, reason, form_key=None):
    def write(row, today):
        row.state = MatterState.OPEN
        return MatterEvent(kind=Kind.SENT_BACK, text=_said(reason, "退回原因"))

    return _take(Verb.SEND_BACK, write, by, matter, version, form_key)


def extend(*, by, matter, version, deadline, reason, form_key=None):
    """A later deadline; the first one stays beside it."""

    def write(row, today):
        before, row.deadline = row.deadline, _later(deadline, row)
        told = _said(reason, "延期原因")
        return MatterEvent(kind=Kind.EXTENDED, text=told, deadline_before=before, deadline_after=deadline)

    return _take(Verb.EXTEND, write, by, matter, version, form_key)


def _later(deadline, row):
    before = row.deadline
    if not before < deadline <= before + LONGEST:
        raise Refused(f"延期后的时限应晚于现在的办结时限 {before}，一次最多延期一年，请改填这之间的日期。")
    return deadline


def drop(*, by, matter, version, reason, form_key=None):
    def write(row, today):
        row.state, row.settled_on = MatterState.DROPPED, today
        return MatterEvent(kind=Kind.DROPPED, text=_said(reason, "不再办理的原因"))

    return _take(Verb.DROP, write, by, matter, version, form_key)


def revoke(*, by, matter, version, reason, form_key=None):
    """Take back what was assigned by mistake (撤销). A letter about it is settled first."""

    def write(row, today):
        _refuse_letters(row)
        row.state, row.settled_on = MatterState.REVOKED, today
        return MatterEvent(kind=Kind.REVOKED, text=_said(reason, "撤销原因"))

    return _take(Verb.REVOKE, write, by, matter, version, form_key)


def _refuse_letters(row):
    standing = row.letters.exclude(state__in=LETTER_SETTLED).order_by("pk")
    if told := "、".join(f"{each.get_kind_display()}{each.document_number or '草稿'}" for each in standing):
        raise Refused(f"这一项已有{told}，不能撤销。请先办结或作废文书，草稿请删去。")


def reopen(*, by, matter, version, reason, deadline=None, form_key=None):
    """Take up again what was settled by mistake. Without a new `deadline` the old one stands, which may have passed."""

    def write(row, today):
        row.state, row.settled_on = MatterState.OPEN, None
        event = MatterEvent(kind=Kind.REOPENED, text=_said(reason, "恢复办理的原因"))
        if deadline is not None and deadline != row.deadline:
            event.deadline_before, row.deadline = row.deadline, _later(deadline, row)
            event.deadline_after = row.deadline
        return event

    return _take(Verb.REOPEN, write, by, matter, version, form_key)


def edit(*, by, matter, version, values, form_key=None):
    """Change what is not handed out yet: `values` as of `decide`, those given. No change, no event."""

    def write(row, today):
        before = copy.copy(row)
        for name in values.keys() & set(NAMES):
            setattr(row, name, values[name])
        row.original_deadline = row.deadline
        _look_over(row)
        told = "；".join(str(one) for one in history.differences(Matter, before, row) if one.label != "原办结时限")
        return MatterEvent(kind=Kind.EDITED, text=told[:1000]) if told else None

    return _take(Verb.EDIT, write, by, matter, version, form_key)


@transaction.atomic
def remove(*, by, matter, version):
    """Take a matter out of a meeting that is being prepared, as if it had never been written; history keeps it."""
    changes.take_turn(by.county_id)
    row = changes.lock_current(Matter.objects.manageable_by(by).select_related(*_ALONG), matter.pk, version)
    if row.meeting is None or not is_being_written(row):
        raise Refused(ISSUED.format(meeting=row.origin))
    if row.letters.exists():
        raise Refused(f"“{row}”已有督办文书，不能删去。")
    summary = f"{row.meeting}：删去议定事项“{row}”"
    change_set = changes.begin(ChangeSet.Kind.INSPECTION, county=row.county, by=by, summary=summary)
    row.events.all().delete()
    changes.delete(change_set, Matter.objects.filter(pk=row.pk))
    return row.meeting


def is_removed(by, pk):
    """Whether the account's county had this matter, and somebody has taken it out of its meeting."""
    return Matter.history.filter(id=pk, county=by.county_id, history_type="-").exists()


# What every step does

_ALONG = ("county", "unit", "leader", "project", "problem__project", "meeting", "stop__round", "stop__plan__project")


def _take(verb, write, by, matter, version, form_key):
    """Lock the row, let `write(row, today)` change it and give its event (None: nothing to write), and store both."""

    def locked_write():
        return _locked_write(verb, write, by, matter, version, form_key)

    rows = Matter.objects.visible_to(by)
    return form_keys.once(locked_write, rows, by=by, form_key=form_key, step=verb.value, id=matter.pk)


def _locked_write(verb, write, by, matter, version, form_key):
    rows = Matter.objects.manageable_by(by) if verb.rule.by_office else Matter.objects.answerable_by(by)
    changes.take_turn(by.county_id)
    row = changes.lock_current(rows.select_related(*_ALONG), matter.pk, version)
    if why := refusal(verb, row):
        raise Refused(why)
    before = copy.copy(row)
    event = write(row, row.county.business_today())
    if event is None:
        return row
    _check(row)
    if why := too_long(event):
        raise Refused(why)
    summary = f"{row.origin}：{event.get_kind_display()}“{row}”"
    change_set = changes.begin(
        ChangeSet.Kind.INSPECTION, county=row.county, by=by, summary=summary, form_key=form_key, step=verb.value
    )
    changes.update(change_set, [row], [field.name for field in history.changed_fields(Matter, before, row)])
    event.matter, event.at, event.by = row, change_set.at, by
    event.save()
    return row


def _check(row):
    """Lengths, choices, and everything it names in the same county; a problem is one of its project's."""
    if why := too_long(row):
        raise Refused(why)
    named = {"unit": row.unit, "leader": row.leader, "project": row.project, "problem": row.problem}
    try:
        row.clean_fields(exclude=["county", "meeting", "stop", "decided_on", *named])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(f"“{history.label_of(Matter, name)}”：{messages[0]}") from None
    for name, one in named.items():
        if one is not None and one.county_id != row.county_id:
            raise Refused(f"所选的{history.label_of(Matter, name)}不在本县，请重新选择。")
    if row.problem is not None and row.problem.project_id != row.project_id:
        raise Refused(f"所选的问题不是“{row.project}”的，请核对项目或问题。")


def _said(text, what):
    if not text.strip():
        raise Refused(f"请写明{what}。")
    return text.strip()
