"""Writing letters (督办文书): drafted, edited, issued under the next number, and followed by a graver one, or void.

Each step asks for the row version that its user saw, raises `Refused` when something forbids it, and writes nothing the
second time the same `form_key` comes. What happens to an issued letter is in `actions.letter_steps`.
"""

import copy
import datetime as dt

from django.db import transaction
from django.db.models import Max

from accounts.roles import Right, has_right
from inspections import letter_subjects, letters
from inspections.actions.letter_writing import Refused, begin, check, keep, locked, once, said, take
from inspections.letter_steps import Verb, no_ground
from inspections.letters import OPEN_PLACE, in_words
from inspections.models import Letter, LetterEvent, LetterKind, LetterSeries
from inspections.models.letters import LetterState
from portfolio import history
from portfolio.actions import changes
from portfolio.models import ChangeSet

LONGEST = dt.timedelta(days=365)
Kind = LetterEvent.Kind
DRAFT = "draft"
GONE = {
    letter_subjects.PLAN: "这个项目现在没有亮红灯，不能发提醒函。",
    letter_subjects.PROBLEM: "这个问题没有逾期，或已申请销号、已销号，不能发提醒函。",
    letter_subjects.MATTER: "这个事项没有逾期，或已申请办结、已办结，不能发提醒函。",
}


# Drafts


def draft(*, by, what, row, values=None, form_key=None):
    """The draft of a 提醒函 about a plan, problem or matter (`what` of letter_subjects). Only the project office may.

    `values` of unit, title, body, deadline; what is not given is as `letters.draft` writes it. The reason is always
    the rules' own, of today. Raises DoesNotExist of the row's model for who may not.
    """
    return once(DRAFT, lambda: _draft(by, what, row, values or {}, form_key), by, form_key, **{what: row.pk})


def _draft(by, what, row, values, form_key):
    changes.take_turn(by.county_id)
    rows = type(row)._default_manager.filter(county=by.county_id).select_related("county")
    row = (rows if has_right(by, Right.ISSUE_LETTERS) else rows.none()).get(pk=row.pk)
    today = row.county.business_today()
    subject = letter_subjects.subject_of(what, row, today)
    if subject is None:
        raise Refused(GONE[what])
    _refuse_second(subject.letter)
    return _create(DRAFT, by, letters.draft(subject, today), {what: row}, values, form_key)


def _refuse_second(standing):
    """One matter rises in one chain: two letters about it are never open at a time, drafts included."""
    if standing is not None:
        told = f"{standing.get_kind_display()}{standing.document_number or '草稿'}"
        why = f"对此已有{told}没有办结，不能另发。请在那一份上办理或升级。"
        raise Refused(why, standing=standing)


def raise_further(*, by, letter, version, form_key=None):
    """The draft of the next kind of letter on the same matter."""

    def write():
        row, today = locked(Verb.RAISE, by, letter, version)
        _refuse_second(letter_subjects.other_letter(row))
        subject = letter_subjects.subject_of(row.what, row.about, today) or letter_subjects.as_written(row)
        about = {row.what: row.about, "raises": row}
        return _create(Verb.RAISE.value, by, letters.draft(subject, today, row), about, {}, form_key)

    return once(Verb.RAISE.value, write, by, form_key, raises=letter.pk)


def _create(step, by, drafted, about, values, form_key):
    values = {name: getattr(drafted, name) for name in ("unit", "title", "body", "deadline")} | values
    county = next(iter(about.values())).county
    row = Letter(county=county, kind=drafted.kind, reason=drafted.reason, **about)
    _fill(row, values, county.business_today())
    change_set = begin(by, row, "拟稿", form_key, step)
    [row] = changes.create(change_set, [row])
    keep(change_set, row, LetterEvent(kind=Kind.DRAFTED, text=row.reason))
    return row


def _fill(row, values, today):
    for name, value in values.items():
        setattr(row, name, value)
    row.title, row.body = said(row.title, "标题"), said(row.body, "正文")
    if not today < row.deadline <= today + LONGEST:
        raise Refused(f"回复时限应晚于今天（{today}）、不晚于 {today + LONGEST}，请改填。", "deadline")
    row.original_deadline = row.deadline
    check(row)


def edit(*, by, letter, version, values, form_key=None):
    """`values` of unit, title, body, deadline. A text that still names the old deadline takes over the new one."""

    def write(row, today):
        before = copy.copy(row)
        _fill(row, values, today)
        if row.deadline != before.deadline and in_words(row.deadline) not in row.body:
            row.body = row.body.replace(in_words(before.deadline), in_words(row.deadline))
        changed = history.changed_fields(Letter, before, row)
        labels = [history.label_of(Letter, field.name) for field in changed if field.name != "original_deadline"]
        return LetterEvent(kind=Kind.EDITED, text=f"修改了{'、'.join(labels)}") if labels else None

    return take(Verb.EDIT, write, by, letter, version, form_key)


@transaction.atomic
def discard(*, by, letter, version, form_key=None):
    """A draft goes without a trace but in the audit trail and in history; it has had no number."""
    row, _ = locked(Verb.DISCARD, by, letter, version)
    change_set = begin(by, row, "删去", form_key, Verb.DISCARD.value)
    row.events.all().delete()
    changes.delete(change_set, Letter.objects.filter(pk=row.pk))


# Issuing


def issue(*, by, letter, version, form_key=None):
    """Give it the next number of its kind and year, and send it. The milder letter that it follows is closed by it."""

    def write():
        row, today = locked(Verb.ISSUE, by, letter, version)
        _refuse_unfit(row, today)
        _number(row, by, today)
        return _issue(row, begin(by, row, "发出", form_key, Verb.ISSUE.value))

    return once(Verb.ISSUE.value, write, by, form_key, id=letter.pk)


def _refuse_unfit(row, today):
    if OPEN_PLACE in row.body:
        raise Refused(f"正文里还有“{OPEN_PLACE}”，请先修改正文，填好后再发出。")
    if row.deadline <= today:
        raise Refused(f"回复时限 {row.deadline} 已到，请先修改时限再发出。")
    if in_words(row.deadline) not in row.body:
        raise Refused(f"正文里没有写明回复时限“{in_words(row.deadline)}”，请先修改正文或时限，使两处一致。")
    if row.raises is None and letter_subjects.subject_of(row.what, row.about, today) is None:
        raise Refused(f"{GONE[row.what]}请核对后删去这份草稿。")
    if row.raises is not None and (why := no_ground(row.raises, today)):
        raise Refused(why)


def _number(row, by, today):
    """Numbers run on within a county, kind and year. Nobody else counts meanwhile: the county's turn is ours."""
    issued = Letter.objects.filter(county=row.county_id, kind=row.kind, year=today.year)
    series = letters.series_of(row.county, row.kind)
    row.year, row.number = today.year, (issued.aggregate(last=Max("number"))["last"] or 0) + 1
    row.prefix, row.sender, row.addressee = series.prefix, series.sender, row.unit.name
    row.state, row.issued_on, row.issued_by = LetterState.ISSUED, today, by


ISSUED = ("year", "number", "prefix", "sender", "addressee", "state", "issued_on", "issued_by")


def _issue(row, change_set):
    changes.update(change_set, [row], ISSUED)
    keep(change_set, row, LetterEvent(kind=Kind.ISSUED, text=row.document_number))
    if row.raises is not None:
        _hand_over(change_set, row)
    return row


def _hand_over(change_set, row):
    before = Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=row.raises_id)
    if before.state != LetterState.CLOSED:
        before.state, before.closed_on, before.is_settled = LetterState.CLOSED, row.issued_on, False
        before.asked_deadline = None
        changes.update(change_set, [before], ["state", "closed_on", "is_settled", "asked_deadline"])
    keep(change_set, before, LetterEvent(kind=Kind.RAISED, text=f"升级为{row.get_kind_display()}{row.document_number}"))


# Taking back


def void(*, by, letter, version, reason, form_key=None):
    """Take back what was issued by mistake; its number stays used. The milder letter it followed is open again."""

    def write():
        row, today = locked(Verb.VOID, by, letter, version)
        row.state, row.voided_on, row.void_reason = LetterState.VOID, today, said(reason, "作废原因")
        row.asked_deadline = None
        check(row)
        change_set = begin(by, row, "作废", form_key, Verb.VOID.value)
        changes.update(change_set, [row], ["state", "voided_on", "void_reason", "asked_deadline"])
        keep(change_set, row, LetterEvent(kind=Kind.VOIDED, text=row.void_reason))
        if row.raises is not None:
            _hand_back(change_set, row)
        return row

    return once(Verb.VOID.value, write, by, form_key, id=letter.pk)


def _hand_back(change_set, row):
    """What only the graver letter had closed is as it was before; what was closed after a check stays so.

    So does what another letter has taken the place of since.
    """
    before = Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=row.raises_id)
    was_only_raised = before.state == LetterState.CLOSED and not before.events.filter(kind=Kind.CLOSED).exists()
    if was_only_raised and letter_subjects.other_letter(before) is None:
        before.state, before.closed_on, before.is_settled = _state_before_closing(before), None, None
        changes.update(change_set, [before], ["state", "closed_on", "is_settled"])
    told = f"{row.get_kind_display()}{row.document_number}已作废"
    keep(change_set, before, LetterEvent(kind=Kind.RISE_VOIDED, text=told))


def _state_before_closing(letter):
    if letter.answered_on:
        return LetterState.ANSWERED
    return LetterState.RECEIVED if letter.received_on else LetterState.ISSUED


# Numbers and senders


@transaction.atomic
def set_series(*, by, county, values, seen, form_key):
    """`values` is {kind: (prefix, sender)}; `seen` what `series_seen` gave to who fills it in. → whether written.

    Letters that have been issued keep theirs. Raises `Refused` when somebody else was first.
    """
    changes.take_turn(county.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return False
    if seen != series_seen(county):
        raise Refused("您打开这一页之后，他人已修改了发文字头。请核对后再提交。")
    told = "；".join(f"{LetterKind(kind).label}：{prefix}，{sender}" for kind, (prefix, sender) in values.items())
    changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=f"设置发文字头（{told}）", form_key=form_key)
    for kind, (prefix, sender) in values.items():
        LetterSeries.objects.update_or_create(
            county=county, kind=kind, defaults={"prefix": prefix.strip(), "sender": sender.strip()}
        )
    return True


def series_seen(county):
    """What the settings are, in one line, to tell whether they have changed."""
    rows = [letters.series_of(county, kind) for kind in LetterKind]
    return "；".join(f"{row.kind} {row.prefix} {row.sender}" for row in rows)
