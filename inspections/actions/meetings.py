"""Writing the meetings of 一月一落实: prepared, corrected or deleted while they are, issued (印发纪要) for good.

Each is one transaction and one change set; `matters.Refused` says in Chinese why not, `changes.StaleRow` that somebody
was first, Meeting.DoesNotExist that the account has no right to it. The same `form_key` again writes nothing.
"""

import copy

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.roles import Right, has_right
from inspections import matters as reading
from inspections.actions.matters import LONGEST, Refused, locked_meeting
from inspections.models import Meeting
from portfolio import history
from portfolio.actions import changes, form_keys
from portfolio.models import ChangeSet

NAMES = ("title", "held_on", "place", "chair", "present", "words")
WRITTEN = {"year", "month", *NAMES}
CREATE, EDIT, ISSUE, DISCARD = "create", "edit", "issue", "discard"


def create(*, by, values, form_key=None):
    """The new Meeting of the account's county. `values` are the fields of NAMES; year and month are its day's."""
    return _once(CREATE, lambda: _create(by, values, form_key), by, form_key)


def edit(*, by, meeting, version, values, form_key=None):
    """Correct what is written of a meeting that is being prepared. Its matters move along with its day."""
    return _once(EDIT, lambda: _edit(by, meeting, version, values, form_key), by, form_key, id=meeting.pk)


def issue(*, by, meeting, version, form_key=None):
    """Issue the minutes: the matters are handed out, and how those before stood is kept as it is today. No way back."""
    return _once(ISSUE, lambda: _issue(by, meeting, version, form_key), by, form_key, id=meeting.pk)


def discard(*, by, meeting, version, form_key=None):
    """Delete a meeting without matters whose minutes are not issued; history keeps it. → its title"""
    with transaction.atomic():
        changes.take_turn(by.county_id)
        row = _locked(by, meeting, version)
        if count := row.matters.count():
            raise Refused(f"这次会议已有 {count} 项议定事项，不能删去。请先逐项删去事项，或修改会议。")
        change_set = _begin(by, row, f"{row}：删去会议", form_key, DISCARD)
        changes.delete(change_set, Meeting.objects.filter(pk=row.pk))
    return row.title


def has_discarded(by, form_key):
    """Whether this account has deleted a meeting with that form already."""
    done = ChangeSet.objects.filter(form_key=form_key, by=by).values("pk")
    return Meeting.history.filter(change_set__in=done, history_type="-").exists()


def _once(step, write, by, form_key, **meeting):
    return form_keys.once(write, Meeting.objects.visible_to(by), by=by, form_key=form_key, step=step, **meeting)


def _create(by, values, form_key):
    if not has_right(by, Right.RUN_MEETINGS):
        raise Meeting.DoesNotExist
    changes.take_turn(by.county_id)
    row = Meeting(county=by.county)
    _fill(row, values)
    change_set = _begin(by, row, f"{row}：筹备会议", form_key, CREATE)
    return changes.create(change_set, [row])[0]


def _edit(by, meeting, version, values, form_key):
    changes.take_turn(by.county_id)
    row = _locked(by, meeting, version)
    before = copy.copy(row)
    _fill(row, values)
    fields = [field.name for field in history.changed_fields(Meeting, before, row)]
    if not fields:
        return row
    change_set = _begin(by, row, f"{row}：修改会议内容", form_key, EDIT)
    changes.update(change_set, [row], fields)
    if row.held_on != before.held_on:
        _move_matters(change_set, row)
    return row


def _move_matters(change_set, row):
    matters = list(row.matters.all())
    for place, matter in enumerate(matters, 1):
        if not row.held_on <= matter.deadline <= row.held_on + LONGEST:
            told = f"第 {place} 项的办结时限是 {matter.deadline}"
            raise Refused(f"会议日期改为 {row.held_on} 后，{told}，不在会后一年之内。请先修改这一项的时限。")
        matter.decided_on = row.held_on
    changes.update(change_set, matters, ["decided_on"])


def _issue(by, meeting, version, form_key):
    changes.take_turn(by.county_id)
    row = _locked(by, meeting, version)
    today, count = row.county.business_today(), row.matters.count()
    if row.held_on > today:
        raise Refused(f"会议定在 {row.held_on}，还没有召开。请在会后印发纪要，或先修改会议日期。")
    if not count:
        raise Refused("还没有议定事项，不能印发纪要。请先填写议定事项。")
    row.opening = reading.frozen(reading.opening(row, today))
    row.state, row.closed_at = Meeting.State.CLOSED, row.county.business_now()
    change_set = _begin(by, row, f"{row}：印发纪要，交办 {count} 项", form_key, ISSUE)
    changes.update(change_set, [row], ["state", "closed_at", "opening"])
    return row


def _locked(by, meeting, version):
    row = locked_meeting(by, meeting)
    if row.row_version != version:
        raise changes.StaleRow(row)
    return row


def _begin(by, row, summary, form_key, step):
    kind = ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=row.county, by=by, summary=summary, form_key=form_key, step=step)


def _fill(row, values):
    for name in values.keys() & set(NAMES):
        value = values[name]
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.year, row.month = row.held_on.year, row.held_on.month
    try:
        row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in WRITTEN])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(f"“{history.label_of(Meeting, name)}”：{messages[0]}") from None
    for name in ("present", "words"):
        longest, text = row._meta.get_field(name).max_length, getattr(row, name)
        if len(text) > longest:
            raise Refused(f"“{history.label_of(Meeting, name)}”有 {len(text)} 字，超过 {longest} 字，请缩短。")
