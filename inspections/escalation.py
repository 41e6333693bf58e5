"""How what is overdue rises (逾期升级): which step it has reached, and which letter (督办文书) it therefore needs.

An overdue matter rises by the days that the county has set in its rules of notices: a notice, 提醒函, 督办单, 约谈通知.
A letter whose answer is overdue rises by itself, whatever it is about, and so does one about a project or problem that
was closed as 整改不到位, as long as that is still red or overdue. What the unit has asked to close waits for the
project office, and so does an answered letter. The office issues: nothing here writes (docs/decisions/escalation.md).
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import Exists, OuterRef, Q

from inspections import letter_steps, letter_subjects, matters
from inspections.letter_steps import UNANSWERED
from inspections.models import Letter, LetterKind, Matter
from inspections.models.letters import LetterState
from inspections.models.meetings import MatterState
from portfolio.models import NoticeKind
from portfolio.models.problems import ProblemState
from portfolio.notice_rules import rules_of

KINDS = list(LetterKind)
AT_LAST = "已约谈，仍未办结，请提请会议研究"


class Step(Enum):
    """How far a matter has risen by its days alone; the value is the rule (提醒规则) that holds those days."""

    NOTICE = NoticeKind.MATTER_LATE
    REMINDER = NoticeKind.TO_REMIND
    ORDER = NoticeKind.TO_ORDER
    TALK = NoticeKind.TO_TALK

    @property
    def letter(self):
        """The LetterKind of the step; None of the first, which is a notice."""
        return LETTERS.get(self)


LETTERS = dict(zip(list(Step)[1:], KINDS, strict=True))
STEPS = {letter: step for step, letter in LETTERS.items()}


@dataclass(frozen=True)
class Rise:
    """An overdue matter, or a letter whose answer is, or that was closed in vain; `days` are those since.

    `step` is reached by the days of a matter; None before the first, and of a letter.

    `letter` is the last one of its chain, drafts too. `needed` is the LetterKind to issue now; None where nothing is,
    and `standing` says why in words.
    """

    about: Matter | Letter
    days: int
    step: Step | None
    letter: Letter | None
    needed: LetterKind | None
    standing: str

    @property
    def matter(self):
        return self.about if isinstance(self.about, Matter) else None

    @property
    def is_unsettled(self):
        """Whether it is a letter that was closed as 整改不到位."""
        return self.matter is None and self.about.state == LetterState.CLOSED

    @property
    def late(self):
        """逾期 3 天, or 整改不到位."""
        return "整改不到位" if self.is_unsettled else f"逾期 {self.days} 天"

    @property
    def draft(self):
        """The needed letter, where somebody has drafted it already."""
        return self.letter if self.letter is not None and self.letter.state == LetterState.DRAFT else None

    @property
    def raises(self):
        """The letter that the needed one is to follow; None where it begins a chain, or is drafted."""
        begins = self.needed in {None, LetterKind.REMINDER}
        return None if begins or self.draft else self.letter

    @property
    def words(self):
        """应发提醒函; 督办单待发出; 已发提醒函，等待水利局签收."""
        if self.needed is None:
            return self.standing
        return f"{self.needed.label}待发出" if self.draft else f"应发{self.needed.label}"

    @property
    def rank(self):
        """0 where nothing is needed, 3 of the gravest letter."""
        return KINDS.index(self.needed) + 1 if self.needed else 0

    @property
    def order(self):
        """The gravest first, then the longest overdue."""
        return -self.rank, -self.days, self.matter is None, self.about.pk


class Escalation:
    """What is overdue in a county on `today`, and by which `rules` (those of notices) it rises. Reading only."""

    def __init__(self, county, today, rules=None):
        self.county, self.today = county, today
        rules = rules or rules_of(county)
        self.days = {step: rules[step.value].threshold for step in Step}
        self.letter_days = max(rules[NoticeKind.LETTER_LATE].threshold, 1)

    def all(self):
        """[Rise] of every overdue matter, and of every other letter that is overdue or was closed in vain.

        In a handful of queries.
        """
        rows = list(letter_subjects.overdue_matters(self.county, self.today).select_related(*matters.ALONG))
        last = {letter.matter_id: letter for letter in self._letters.filter(matter__in=rows)}
        rises = [self._of_matter(row, last.get(row.pk)) for row in rows]
        alone = list(self._still_wanted(self._letters.overdue(self.today)).exclude(matter__in=rows))
        alone += self._closed_in_vain()
        drafts = {draft.raises_id: draft for draft in self._letters.filter(raises__in=alone)}
        rises += [self._of_letter(letter, drafts.get(letter.pk, letter)) for letter in alone]
        return sorted(rises, key=lambda rise: rise.order)

    def needed(self):
        """[Rise] of those that need a letter now (应升级督办), the gravest first."""
        return [rise for rise in self.all() if rise.needed]

    def by_letter(self):
        """{key of the letter that is to be followed or issued: its Rise}; what begins a chain has none."""
        rises = [rise for rise in self.needed() if rise.draft or rise.raises]
        return {rise.letter.pk: rise for rise in rises} | {
            rise.draft.raises_id: rise for rise in rises if rise.draft and rise.draft.raises_id
        }

    def by_matter(self):
        """{matter's key: its Rise} of the overdue ones."""
        return {rise.matter.pk: rise for rise in self.all() if rise.matter}

    @property
    def _letters(self):
        letters = Letter.objects.filter(county=self.county).exclude(state=LetterState.VOID)
        return letters.select_related("unit", "plan__project", "problem__project", "matter__project").order_by("pk")

    def _still_wanted(self, letters):
        """Without those about what the unit has settled since, or asked to close: the office closes them."""
        settled = Q(problem__state__in=(ProblemState.CLOSING, ProblemState.CLOSED))
        return letters.exclude(settled).filter(Q(matter=None) | Q(matter__state=MatterState.OPEN))

    def _closed_in_vain(self):
        """The last letters about a project that is still red, or a problem that is still overdue."""
        rows = self._letters.filter(state=LetterState.CLOSED, is_settled=False, matter=None)
        # Of what is one compared with another: the field that is empty equals nothing.
        same = Q(plan=OuterRef("plan")) | Q(problem=OuterRef("problem"))
        later = Letter.objects.filter(same, pk__gt=OuterRef("pk")).exclude(state=LetterState.VOID)
        is_own_draft = Q(state=LetterState.DRAFT, raises__isnull=False, raises=OuterRef("pk"))
        rows = rows.filter(~Exists(later.filter(~is_own_draft)))
        found = list(self._still_wanted(rows).filter(Q(problem=None) | Q(problem__deadline__lt=self.today)))
        red = letter_subjects.red_among(self.county, [row.plan_id for row in found if row.plan_id], self.today)
        return [row for row in found if row.plan_id is None or row.plan_id in red]

    def _of_matter(self, matter, letter):
        days = (self.today - matter.deadline).days
        step = next((step for step in reversed(Step) if days >= self.days[step]), None)
        return Rise(matter, days, step, letter, *self._next(letter, step))

    def _of_letter(self, overdue, letter):
        if overdue.state != LetterState.CLOSED:
            days = (self.today - overdue.deadline).days
            return Rise(overdue, days, None, letter, *self._next(letter, None))
        needed = overdue.kind_after
        return Rise(overdue, (self.today - overdue.closed_on).days, None, letter, needed, "" if needed else AT_LAST)

    def _next(self, letter, step):
        """(the LetterKind needed after the last letter, or None; what is waited for, in words)."""
        if letter is None or letter.is_settled:
            return self._when_due(LetterKind.REMINDER, step, "已提醒")
        kind = LetterKind(letter.kind)
        if letter.state == LetterState.DRAFT:
            return kind, ""
        if letter.state == LetterState.ANSWERED:
            return None, f"{kind.label}已回复，等待项目办核验"
        late = (self.today - letter.deadline).days if letter.state in UNANSWERED else 0
        if letter.state in UNANSWERED and late < self.letter_days:
            return None, f"已发{kind.label}，{letter_steps.waiting_for(letter)}"
        if kind.next is None:
            return None, AT_LAST
        if late:
            return kind.next, ""
        return self._when_due(kind.next, step, f"{kind.label}办结时认定整改不到位")

    def _when_due(self, kind, step, so_far):
        if step is not None and step.letter and KINDS.index(step.letter) >= KINDS.index(kind):
            return kind, ""
        return None, f"{so_far if step else '刚逾期'}，逾期满 {self.days[STEPS[kind]]} 天应发{kind.label}"
