"""What supervision has to tell (提醒): matters, letters and their answers, what rises, problems found, rounds to score.

Each reader finds the `DueNotice`s of one kind that stand by now; they are handed in to `portfolio.notice_readers`.
A key names what is told of with the event or deadline that makes it news, so that it is told once, and once more when
it is sent back or extended.
"""

import datetime as dt

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.roles import Right, has_right
from inspections import matters
from inspections.escalation import STEPS, Escalation
from inspections.letter_steps import UNANSWERED
from inspections.models import Judge, Letter, LetterEvent, Matter, MatterEvent
from inspections.models.letters import LetterState
from inspections.models.meetings import MatterState
from inspections.models.rounds import RoundState
from portfolio.models import NoticeKind, Problem
from portfolio.models.problems import ProblemState
from portfolio.notice_readers import register, short, told
from portfolio.privacy import mask_phones

HANDED_OUT = (MatterEvent.Kind.DECIDED, MatterEvent.Kind.SENT_BACK, MatterEvent.Kind.REOPENED)
SENT_OUT = (LetterEvent.Kind.ISSUED, LetterEvent.Kind.SENT_BACK)
SAID_OF_MATTER = (MatterEvent.Kind.ANSWERED, MatterEvent.Kind.CLOSING_ASKED)
SAID_OF_LETTER = (LetterEvent.Kind.ANSWERED, LetterEvent.Kind.EXTENSION_ASKED)


def register_all():
    for kind, read in READERS.items():
        register(kind, read)


def _days(count):
    return dt.timedelta(days=count)


# Problems found on site


def _problems_found(reading):
    """Of checks and inspections: to the unit until it asks to close, and to the office while they are not assigned."""
    found = Problem.objects.filter(county=reading.county, state__in=(ProblemState.RAISED, ProblemState.ASSIGNED))
    found = found.filter(Q(found_by__isnull=False) | Q(found_at__isnull=False)).distinct()
    for problem in found.select_related("project__unit", "unit").order_by("pk"):
        unit = problem.unit or problem.project.unit
        office = reading.office if problem.state == ProblemState.RAISED else []
        yield from told(
            [*reading.reporters[unit and unit.pk], *office],
            NoticeKind.PROBLEM_FOUND,
            f"found:{problem.pk}",
            title=f"“{short(problem.project.name)}”督导发现问题",
            words=f"{mask_phones(problem)}（责任单位 {unit or '未明确'}，请于 {problem.deadline} 前办结）",
            path=reverse("portfolio:problem-detail", args=[problem.pk]),
        )


# Matters


def _matters(reading, **narrowed):
    found = Matter.objects.filter(county=reading.county, **narrowed).in_force().filter(state=MatterState.OPEN)
    return found.select_related("unit").order_by("pk")


def _handed_out(reading):
    events = MatterEvent.objects.filter(matter=OuterRef("pk"), kind__in=HANDED_OUT).order_by("-pk")
    found = _matters(reading).annotate(
        event=Subquery(events.values("pk")[:1]), event_kind=Subquery(events.values("kind")[:1])
    )
    for matter in found:
        came = "被退回办理" if matter.event_kind == MatterEvent.Kind.SENT_BACK else "交办"
        yield from told(
            [*reading.reporters[matter.unit_id], *reading.liaisons[matter.leader_id]],
            NoticeKind.MATTER,
            f"matter:{matter.pk}:{matter.event or 0}",
            title=f"事项{came}：{_text(matter)}",
            words=f"责任单位 {matter.unit}，办结时限 {matter.deadline}。",
            path=_matter_page(matter),
        )


def _matters_due(reading):
    last = reading.today + _days(reading.days(NoticeKind.MATTER_DUE))
    for matter in _matters(reading, deadline__range=(reading.today, last)):
        yield from told(
            reading.reporters[matter.unit_id],
            NoticeKind.MATTER_DUE,
            f"matter-due:{matter.pk}:{matter.deadline}",
            title=f"交办事项{_left(matter, reading)}到期：{_text(matter)}",
            words=f"办结时限 {matter.deadline}，请办结后申请核验。",
            path=_matter_page(matter),
        )


def _matters_late(reading):
    last = reading.today - _days(max(reading.days(NoticeKind.MATTER_LATE), 1))
    for matter in _matters(reading, deadline__lte=last):
        yield from told(
            [*reading.reporters[matter.unit_id], *reading.liaisons[matter.leader_id], *reading.office],
            NoticeKind.MATTER_LATE,
            f"matter-late:{matter.pk}:{matter.deadline}",
            title=f"交办事项逾期 {(reading.today - matter.deadline).days} 天：{_text(matter)}",
            words=f"责任单位 {matter.unit}，办结时限 {matter.deadline}。",
            path=_matter_page(matter),
        )


def _text(matter):
    return mask_phones(matter.text)


def _matter_page(matter):
    return reverse("inspections:matter-detail", args=[matter.pk])


# Letters


def _letters(reading, **narrowed):
    """Those that wait for the unit's answer."""
    found = Letter.objects.filter(county=reading.county, state__in=UNANSWERED, **narrowed)
    return found.select_related("unit", "plan", "problem", "matter").order_by("pk")


def _sent_out(reading):
    events = LetterEvent.objects.filter(letter=OuterRef("pk"), kind__in=SENT_OUT).order_by("-pk")
    found = _letters(reading).annotate(
        event=Subquery(events.values("pk")[:1]), event_kind=Subquery(events.values("kind")[:1])
    )
    for letter in found:
        came = "被退回重办" if letter.event_kind == LetterEvent.Kind.SENT_BACK else "已发出"
        yield from told(
            [*reading.reporters[letter.unit_id], *_leaders(reading, letter)],
            NoticeKind.LETTER,
            f"letter:{letter.pk}:{letter.event or 0}",
            title=f"{letter.get_kind_display()}{came}：{letter.document_number}",
            words=f"{mask_phones(letter.title)}（主送{letter.unit}，请于 {letter.deadline} 前书面回复）",
            path=_letter_page(letter),
        )


def _letters_due(reading):
    last = reading.today + _days(reading.days(NoticeKind.LETTER_DUE))
    for letter in _letters(reading, deadline__range=(reading.today, last)):
        yield from told(
            reading.reporters[letter.unit_id],
            NoticeKind.LETTER_DUE,
            f"letter-due:{letter.pk}:{letter.deadline}",
            title=f"{letter.document_number}回复时限{_left(letter, reading)}到期",
            words=f"{mask_phones(letter.title)}（回复时限 {letter.deadline}）",
            path=_letter_page(letter),
        )


def _letters_late(reading):
    """The office is told by what rises; but after the gravest kind nothing does."""
    last = reading.today - _days(max(reading.days(NoticeKind.LETTER_LATE), 1))
    for letter in _letters(reading, deadline__lte=last):
        office = [] if letter.kind_after else reading.office
        yield from told(
            [*reading.reporters[letter.unit_id], *_leaders(reading, letter), *office],
            NoticeKind.LETTER_LATE,
            f"letter-late:{letter.pk}:{letter.deadline}",
            title=f"{letter.document_number}逾期 {(reading.today - letter.deadline).days} 天未回复",
            words=f"{mask_phones(letter.title)}（主送{letter.unit}，回复时限 {letter.deadline}）",
            path=_letter_page(letter),
        )


def _leaders(reading, letter):
    """Of a matter, who leads it; of a project, its leader."""
    about = letter.about
    leader = about.leader_id if hasattr(about, "leader_id") else reading.leaders.get(about.project_id)
    return reading.liaisons[leader]


def _letter_page(letter):
    return reverse("inspections:letter-detail", args=[letter.pk])


def _left(row, reading):
    days = (row.deadline - reading.today).days
    return f"还有 {days} 天" if days else "今天"


# What waits for the office


def _answered(reading):
    """The last answer or request of each, to all of the office but who said it."""
    open_matters = Matter.objects.filter(county=reading.county).open()
    last = _last(MatterEvent.objects.filter(matter__in=open_matters, kind__in=matters.NEWS), "matter")
    said = MatterEvent.objects.filter(pk__in=last, kind__in=SAID_OF_MATTER).select_related("matter__unit")
    for event in said.order_by("pk"):
        about = f"{event.matter.unit}{event.get_kind_display()}：{_text(event.matter)}"
        yield from _said(reading, event, f"matter-said:{event.pk}", about, _matter_page(event.matter))
    waiting = Letter.objects.filter(county=reading.county).open()
    waiting = waiting.filter(Q(state=LetterState.ANSWERED) | Q(asked_deadline__isnull=False))
    last = _last(LetterEvent.objects.filter(letter__in=waiting, kind__in=SAID_OF_LETTER), "letter")
    for event in LetterEvent.objects.filter(pk__in=last).select_related("letter__unit").order_by("pk"):
        about = f"{event.letter.unit}{event.get_kind_display()}：{event.letter.document_number}"
        yield from _said(reading, event, f"letter-said:{event.pk}", about, _letter_page(event.letter))


def _last(events, of):
    return events.order_by().values(of).annotate(last=Max("pk")).values("last")


def _said(reading, event, key, title, path):
    office = [account for account in reading.office if account.pk != event.by_id]
    return told(office, NoticeKind.ANSWERED, key, title=title, words=mask_phones(event.text), path=path)


def _to_write(letter_kind):
    """A reader of what needs a letter of this kind by now."""
    kind = STEPS[letter_kind].value

    def read(reading):
        for rise in _rises(reading):
            if rise.needed == letter_kind:
                yield from _told_of_rise(reading, rise, kind)

    return read


def _rises(reading):
    """Three kinds ask for them; they are found once a reading."""
    if not hasattr(reading, "rises"):
        reading.rises = Escalation(reading.county, reading.today, reading.rules).needed()
    return reading.rises


def _told_of_rise(reading, rise, kind):
    matter, letter = rise.matter, rise.letter
    name = _text(matter) if matter else f"{rise.about.document_number}{mask_phones(rise.about.title)}"
    unit = matter.unit if matter else rise.about.unit
    late = "整改经核验不到位" if rise.is_unsettled else f"{'事项' if matter else '回复'}{rise.late}"
    begins = f"{reverse('inspections:letter-new')}?matter={rise.about.pk}"
    return told(
        reading.office,
        kind,
        f"rise:{'matter' if matter else 'letter'}:{rise.about.pk}:{rise.needed}:{rise.about.deadline}",
        title=f"{rise.words}：{name}",
        words=f"{unit}{late}。发不发、何时发，请核对后决定。",
        path=_letter_page(letter) if rise.draft or rise.raises else begins,
    )


# Rounds


def _to_score(reading):
    """The judges of an open round, as long as they have a stop left to score."""
    judges = Judge.objects.filter(round__county=reading.county, round__state=RoundState.OPEN)
    counted = judges.annotate(
        stop_count=Count("round__stops", distinct=True), sheet_count=Count("sheets", distinct=True)
    )
    for judge in counted.filter(stop_count__gt=F("sheet_count")).select_related("round").order_by("pk"):
        account = reading.accounts.get(judge.user_id)
        if account is None or not has_right(account, Right.SCORE_STOPS):
            continue
        round_, left = judge.round, judge.stop_count - judge.sheet_count
        yield from told(
            [account],
            NoticeKind.ROUND,
            f"round:{judge.round_id}",
            title=f"“{short(round_.title)}”已开始，请您评分",
            words=f"{round_.starts_on} 至 {round_.ends_on}，共 {judge.stop_count} 个观摩点，您还有 {left} 个没有评分。",
            path=reverse("inspections:score", args=[round_.pk]),
        )


READERS = {
    NoticeKind.PROBLEM_FOUND: _problems_found,
    NoticeKind.MATTER: _handed_out,
    NoticeKind.MATTER_DUE: _matters_due,
    NoticeKind.MATTER_LATE: _matters_late,
    NoticeKind.LETTER: _sent_out,
    NoticeKind.LETTER_DUE: _letters_due,
    NoticeKind.LETTER_LATE: _letters_late,
    NoticeKind.ANSWERED: _answered,
    **{step.value: _to_write(kind) for kind, step in STEPS.items()},
    NoticeKind.ROUND: _to_score,
}
