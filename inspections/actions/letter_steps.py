"""Handling an issued letter: the unit receives and answers it, the project office judges; one function for each step.

Each asks for the row version that its user saw and may be sent twice with the same `form_key`, as
`letter_writing.take` says.
"""

import datetime as dt

from inspections.actions.letter_writing import Refused, said, take
from inspections.letter_steps import Verb
from inspections.models import LetterEvent
from inspections.models.letters import LetterState

LONGEST_EXTENSION = dt.timedelta(days=365)
Kind = LetterEvent.Kind


# Steps of the unit


def receive(*, by, letter, version, form_key=None):
    def write(row, today):
        row.state, row.received_on = LetterState.RECEIVED, today
        return LetterEvent(kind=Kind.RECEIVED)

    return take(Verb.RECEIVE, write, by, letter, version, form_key)


def answer(*, by, letter, version, text, form_key=None):
    """Who answers has received it. A request for more time falls away with the answer."""

    def write(row, today):
        row.state, row.answered_on = LetterState.ANSWERED, today
        row.received_on = row.received_on or today
        row.asked_deadline = None
        return LetterEvent(kind=Kind.ANSWERED, text=said(text, "整改情况"))

    return take(Verb.ANSWER, write, by, letter, version, form_key)


def ask_extension(*, by, letter, version, reason, deadline, form_key=None):
    """Ask for a later deadline, on its day at the latest. It stands until the office has granted or refused it."""

    def write(row, today):
        row.asked_deadline = _later(deadline, row)
        return LetterEvent(kind=Kind.EXTENSION_ASKED, text=said(reason, "延期原因"), deadline_after=deadline)

    return take(Verb.ASK_EXTENSION, write, by, letter, version, form_key)


# Steps of the project office


def grant_extension(*, by, letter, version, deadline=None, text="", form_key=None):
    """To the day that was asked for, or another `deadline` after the present one."""

    def write(row, today):
        event = LetterEvent(kind=Kind.EXTENDED, text=text.strip(), deadline_before=row.deadline)
        row.deadline = event.deadline_after = _later(deadline or row.asked_deadline, row)
        row.asked_deadline = None
        return event

    return take(Verb.GRANT_EXTENSION, write, by, letter, version, form_key)


def refuse_extension(*, by, letter, version, reason, form_key=None):
    def write(row, today):
        row.asked_deadline = None
        return LetterEvent(kind=Kind.EXTENSION_REFUSED, text=said(reason, "不同意的原因"))

    return take(Verb.REFUSE_EXTENSION, write, by, letter, version, form_key)


def send_back(*, by, letter, version, reason, deadline=None, form_key=None):
    """The answer does not do. Without a new `deadline` the old one stands, which may have passed."""

    def write(row, today):
        row.state, row.answered_on = LetterState.RECEIVED, None
        event = LetterEvent(kind=Kind.SENT_BACK, text=said(reason, "退回原因"))
        if deadline is not None and deadline != row.deadline:
            event.deadline_before = row.deadline
            row.deadline = event.deadline_after = _later(deadline, row)
        return event

    return take(Verb.SEND_BACK, write, by, letter, version, form_key)


def close(*, by, letter, version, text, is_settled, form_key=None):
    """`is_settled`: the check found it put right; if not, a graver letter may follow. `text` says what was checked."""

    def write(row, today):
        row.state, row.closed_on, row.is_settled = LetterState.CLOSED, today, is_settled
        row.asked_deadline = None
        found = "整改到位" if is_settled else "整改未到位"
        return LetterEvent(kind=Kind.CLOSED, text=f"{found}。{said(text, '核验情况')}")

    return take(Verb.CLOSE, write, by, letter, version, form_key)


def _later(deadline, row):
    if deadline <= row.deadline:
        raise Refused(f"延期后的时限应晚于现在的回复时限 {row.deadline}，请改填更晚的日期。", "deadline")
    if deadline > row.deadline + LONGEST_EXTENSION:
        latest = row.deadline + LONGEST_EXTENSION
        raise Refused(f"一次最多延期一年，请改填不晚于 {latest} 的日期。", "deadline")
    return deadline
