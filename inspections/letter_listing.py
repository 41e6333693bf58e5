"""The list of letters (督办文书) under a query string: state, filters with their counts, order, pages.

One query reads the county's letters, few as they are; each filter shows what the others leave.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from accounts.roles import Right, Role, has_right
from inspections import letter_steps
from inspections.escalation import Escalation, Rise
from inspections.models import Letter, LetterKind
from inspections.models.letters import SETTLED, LetterState
from portfolio.lists import Option, Paged
from portfolio.sent import whole_number

OWN, ALL, RISING = "own", "all", "rising"
SORTS = {"deadline": "回复时限", "issued": "成文日期", "number": "发文字号", "unit": "主送单位"}
NEAR = ("unit", "plan__project", "problem__project", "matter__project", "matter__meeting", "matter__stop__round")


def _is_open(row):
    return row.letter.state not in {LetterState.DRAFT, *SETTLED}


STATES = {
    "open": ("未办结", _is_open),
    "overdue": ("逾期", lambda row: row.is_overdue),
    RISING: ("应升级", lambda row: row.rise is not None and row.letter.state != LetterState.DRAFT),
    "answered": ("待核验", lambda row: row.letter.state == LetterState.ANSWERED),
    "closed": ("已办结", lambda row: row.letter.state == LetterState.CLOSED),
    "void": ("已作废", lambda row: row.letter.is_void),
    "draft": ("拟稿", lambda row: row.letter.state == LetterState.DRAFT),
    "all": ("全部", lambda row: True),
}


@dataclass(frozen=True)
class Row:
    letter: Letter
    clock: letter_steps.Clock
    is_overdue: bool
    rise: Rise | None = None


class LetterListing(Paged):
    """`params` is a QueryDict; what is unknown in it is ignored. A reporter sees the own unit's letters first."""

    def __init__(self, user, params, today):
        self.user, self.params, self.today = user, params, today
        self.issues = has_right(user, Right.ISSUE_LETTERS)
        self.states = [state for state in STATES if self.issues or state not in {RISING, LetterState.DRAFT}]
        self.state = params.get("state") if params.get("state") in self.states else "open"
        self.kind = params.get("kind") if params.get("kind") in LetterKind.values else ""
        self.unit = whole_number(params.get("unit", ""))
        self.search = params.get("q", "").replace("\0", "").strip()[:100]
        self.sort = params.get("sort") if params.get("sort") in SORTS else "deadline"
        self.has_own = user.role == Role.REPORTER and user.unit_id is not None
        self.scope = params.get("scope") if params.get("scope") in {OWN, ALL} and self.has_own else self._first_scope

    @property
    def _first_scope(self):
        return OWN if self.has_own else ALL

    @cached_property
    def in_scope(self):
        letters = Letter.objects.readable_by(self.user).select_related(*NEAR)
        if self.scope == OWN:
            letters = letters.filter(unit=self.user.unit_id)
        return [self._row(letter) for letter in letters]

    def _row(self, letter):
        clock = letter_steps.clock(letter, self.today)
        return Row(letter, clock, letter_steps.is_overdue(letter, self.today), self.rises.get(letter.pk))

    @cached_property
    def rises(self):
        """{letter's key: its `escalation.Rise`}, for who issues letters."""
        return Escalation(self.user.county, self.today).by_letter() if self.issues else {}

    def _fits(self, row, without=None):
        letter = row.letter
        found = {
            "state": STATES[self.state][1](row),
            "kind": not self.kind or letter.kind == self.kind,
            "unit": not self.unit or letter.unit_id == self.unit,
            "q": all(word in f"{letter} {letter.unit} {letter.reason}" for word in self.search.split()),
        }
        return all(fits for key, fits in found.items() if key != without)

    @cached_property
    def found(self):
        return sorted((row for row in self.in_scope if self._fits(row)), key=self._order)

    def _order(self, row):
        letter = row.letter
        latest = (-(letter.year or 9999), -(letter.number or 10**9), letter.pk)
        match self.sort:
            case "issued":
                return (-letter.issued_on.toordinal() if letter.issued_on else -(10**9), *latest)
            case "number":
                return (list(LetterKind).index(letter.kind), *latest)
            case "unit":
                return (letter.unit.name, letter.deadline, letter.pk)
        return (letter.state in SETTLED, not _is_open(row), letter.deadline, letter.pk)

    @property
    def rows(self):
        return self.shown

    # Choices

    @cached_property
    def tabs(self):
        rows = [row for row in self.in_scope if self._fits(row, "state")]
        counted = {token: sum(holds(row) for row in rows) for token, (_, holds) in STATES.items()}
        return [Option(token, STATES[token][0], counted[token], token == self.state) for token in self.states]

    @cached_property
    def kinds(self):
        counts = Counter(row.letter.kind for row in self.in_scope if self._fits(row, "kind"))
        return [Option(kind.value, kind.label, counts[kind.value], kind == self.kind) for kind in LetterKind]

    @cached_property
    def units(self):
        counts = Counter(row.letter.unit for row in self.in_scope if self._fits(row, "unit"))
        options = [Option(str(unit.pk), unit.name, count, unit.pk == self.unit) for unit, count in counts.items()]
        return sorted(options, key=lambda option: (-option.count, option.title))

    @property
    def is_narrowed(self):
        return bool(self.kind or self.unit or self.search)

    @property
    def open_count(self):
        return sum(_is_open(row) for row in self.in_scope)

    @property
    def overdue_count(self):
        return sum(row.is_overdue for row in self.in_scope)

    @property
    def words(self):
        """What is shown, for the .xlsx: 本单位，未办结，提醒函."""
        unit = next((option.title for option in self.units if option.is_chosen), "")
        kind = LetterKind(self.kind).label if self.kind else ""
        said = ["本单位" if self.scope == OWN else "全县", STATES[self.state][0], kind, unit]
        return "，".join(filter(None, [*said, f"含“{self.search}”" if self.search else ""]))
