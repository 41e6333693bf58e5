"""How letters are written: one step is one transaction and one change set, and leaves an event that tells it."""

import copy

from django.core.exceptions import ValidationError

from inspections.letter_steps import refusal
from inspections.models import Letter
from portfolio import history
from portfolio.actions import changes, form_keys
from portfolio.lengths import too_long
from portfolio.models import ChangeSet

NEAR = (
    "county",
    "unit",
    "plan__project__unit",
    "plan__county",
    "problem__project__unit",
    "problem__county",
    "problem__unit",
    "matter__project",
    "matter__county",
    "matter__meeting",
    "matter__unit",
    "matter__stop__round",
    "raises",
)


class Refused(Exception):
    """The step can't be taken; the message says why and what to do, in Chinese.

    `field` is what to change, if one; `standing` the letter that stands in the way, if one.
    """

    def __init__(self, why, field=None, standing=None):
        self.field, self.standing = field, standing
        super().__init__(why)


def once(step, write, by, form_key, **letter):
    """`form_keys.once` for a letter, of which `letter` tells what its record in history holds."""
    return form_keys.once(write, Letter.objects.visible_to(by), by=by, form_key=form_key, step=step, **letter)


def take(verb, write, by, letter, version, form_key):
    """Lock the row, let `write(row, today, by)` change it and give its event (None: nothing to write); store both.

    Raises `Refused`, `changes.StaleRow`, and Letter.DoesNotExist for who may not take the step.
    """
    return once(
        verb.value, lambda: _locked_write(verb, write, by, letter, version, form_key), by, form_key, id=letter.pk
    )


def locked(verb, by, letter, version):
    """(row, today); the step may be taken."""
    rows = Letter.objects.manageable_by(by) if verb.rule.by_office else Letter.objects.answerable_by(by)
    changes.take_turn(by.county_id)
    row = changes.lock_current(rows.select_related(*NEAR), letter.pk, version)
    today = row.county.business_today()
    if why := refusal(verb, row, today):
        raise Refused(why)
    return row, today


def _locked_write(verb, write, by, letter, version, form_key):
    row, today = locked(verb, by, letter, version)
    before = copy.copy(row)
    event = write(row, today)
    if event is None:
        return row
    check(row)
    change_set = begin(by, row, event.get_kind_display(), form_key, verb.value)
    changes.update(change_set, [row], [field.name for field in history.changed_fields(Letter, before, row)])
    keep(change_set, row, event)
    return row


def begin(by, row, done, form_key, step):
    summary = f"{done}{row.get_kind_display()}“{row}”"
    kind = ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=row.county, by=by, summary=summary, form_key=form_key, step=step)


def keep(change_set, row, event):
    if why := too_long(event):
        raise Refused(why)
    event.letter, event.at, event.by = row, change_set.at, change_set.by
    event.save()


def check(row):
    """Lengths, choices, and a unit of the same county."""
    if why := too_long(row):
        raise Refused(why)
    try:
        row.clean_fields(exclude=["county", "plan", "problem", "matter", "raises", "issued_by", "unit"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused(f"“{history.label_of(Letter, name)}”：{messages[0]}", name) from None
    if row.unit_id is None or row.unit.county_id != row.county_id:
        raise Refused("请选择本县的主送单位。", "unit")


def said(text, what):
    if not text.strip():
        raise Refused(f"请写明{what}。")
    return text.strip()
