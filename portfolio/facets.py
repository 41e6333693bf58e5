"""Facets: filters by value that show how many rows each value has, under all the other filters.

One query reads the facet values of the year's rows; choosing among them, counting and adding up happens here, so that
list, counts, subtotals and totals can't disagree, and sums stay exact on every database.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter

from portfolio.industries import SECTIONS
from portfolio.lists import Option
from portfolio.models.judging import Bucket
from portfolio.models.register import STATES_IN_PLAN, Category, Level, Library, Nature, PlanState, Registration, Stage
from portfolio.progress import RegistrationState, ReportAge, Slippage, StartState

BLANK = "-"  # the token of "not filled in", in query strings
BLANK_LABEL = "未填"


@dataclass(frozen=True)
class Facet:
    """`paths` are read from AnnualPlan; of them `token` makes the query-string value, `title` what people read, and
    `order` the tuple to sort by."""

    key: str
    label: str
    paths: tuple
    token: callable = lambda value, *rest: value
    title: callable = lambda value, *rest: value
    order: callable = lambda value, *rest: rest[1:]
    choices: dict = field(default_factory=dict)
    in_bar: bool = False

    def read(self, *values):
        """(token, title, place in the list) of one row."""
        token = self.token(*values)
        if token in (None, ""):
            return BLANK, BLANK_LABEL, (1,)
        token = str(token)
        if token in self.choices:
            return token, self.choices[token], (0, list(self.choices).index(token))
        if self.choices:
            return token, token, (0, len(self.choices))
        return token, str(self.title(*values)), (0, *self.order(*values))


def _of_choices(key, label, path, choices, **options):
    return Facet(key, label, (path,), choices=dict(choices.choices), **options)


def _of_judged(key, label, paths, choices):
    """Choices that tell by themselves which of them the values of `paths` are."""
    return Facet(key, label, paths, token=choices.of, choices=dict(choices.choices))


def _start_year(started_on, planned_start):
    start = started_on or planned_start
    return start and start.year


FACETS = (
    _of_choices("light", "亮灯", "bucket", Bucket, in_bar=True),
    _of_choices("category", "类别", "project__category", Category, in_bar=True),
    _of_choices("stage", "阶段", "project__stage", Stage, in_bar=True),
    Facet(
        "town",
        "乡镇",
        ("project__town__code", "project__town__name", "project__town__code"),
        title=lambda code, name, _: name,
        in_bar=True,
    ),
    Facet(
        "unit",
        "责任单位",
        ("project__unit", "project__unit__name", "project__unit__name"),
        title=lambda pk, name, _: name,
        in_bar=True,
    ),
    Facet(
        "leader",
        "包联领导",
        ("leader", "leader__name", "leader__rank", "leader__name"),
        title=lambda pk, name, *_: name,
        in_bar=True,
    ),
    Facet("sector", "所属领域", ("project__sector", "project__sector", "project__sector"), in_bar=True),
    _of_choices("level", "级别", "project__level", Level),
    _of_choices("library", "项目库", "project__library", Library),
    _of_choices("nature", "建设性质", "project__nature", Nature),
    Facet("industry", "国标行业", ("project__industry",), token=lambda code: code[:1], choices=SECTIONS),
    Facet(
        "start_year",
        "开工年份",
        ("project__started_on", "project__planned_start"),
        token=_start_year,
        title=lambda *dates: f"{_start_year(*dates)}年",
        order=lambda *dates: (_start_year(*dates),),
    ),
    _of_judged("start", "开工情况", ("is_new", "is_due_to_start", "has_started"), StartState),
    _of_choices("registration", "入统", "project__registration", Registration),
    _of_choices("registration_state", "入统状态", "registration_state", RegistrationState),
    _of_judged("slippage", "节点逾期", ("overdue_since", "has_milestones", "judged_on"), Slippage),
    _of_judged("reported", "最近报送", ("reported_on", "judged_on"), ReportAge),
    _of_choices("state", "计划状态", "state", PlanState),
)
BY_KEY = {facet.key: facet for facet in FACETS}
# Without a word about the state, the table shows what is in the plan.
DEFAULTS = {"state": frozenset(STATES_IN_PLAN)}


@dataclass(slots=True)
class Entry:
    """One counted row: its key, money (万元) and facet tokens."""

    pk: int
    total: Decimal | None
    planned: Decimal | None
    before: Decimal | None
    ytd: Decimal | None
    tokens: dict


@dataclass
class Sums:
    """How many rows and how much money, exact to the cent; `missing_*` counts rows without a figure."""

    count: int = 0
    total: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    ytd: Decimal = Decimal(0)
    missing_total: int = 0
    missing_planned: int = 0
    missing_before: int = 0
    missing_ytd: int = 0

    def add(self, entry):
        self.count += 1
        self.total += entry.total or 0
        self.planned += entry.planned or 0
        self.before += entry.before or 0
        self.ytd += entry.ytd or 0
        self.missing_total += entry.total is None
        self.missing_planned += entry.planned is None
        self.missing_before += entry.before is None
        self.missing_ytd += entry.ytd is None

    def figure(self, name):
        """The sum of `total`, `planned`, `before` or `ytd`; None where no row has a figure."""
        return None if getattr(self, f"missing_{name}") == self.count else getattr(self, name)


def _picker(columns, paths):
    """A function that takes the values of `paths`, as a tuple, out of a row of `columns`."""
    places = [columns.index(path) for path in paths]
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    return itemgetter(*places)


class FacetIndex:
    """The facet values of ordered rows, ready to be narrowed and counted any number of times."""

    MONEY = ("project__total_investment", "planned_investment", "invested_before", "ytd_investment")

    def __init__(self, queryset):
        self.entries = []
        self.titles = {facet.key: {} for facet in FACETS}
        columns = list(dict.fromkeys(["pk", *self.MONEY, *(path for facet in FACETS for path in facet.paths)]))
        readers = [(facet, _picker(columns, facet.paths), {}, self.titles[facet.key]) for facet in FACETS]
        for row in queryset.values_list(*columns):
            tokens = {}
            for facet, pick, seen, titles in readers:
                values = pick(row)
                token = seen.get(values)
                if token is None:
                    token, title, place = facet.read(*values)
                    seen[values], titles[token] = token, (title, place)
                tokens[facet.key] = token
            self.entries.append(Entry(*row[: 1 + len(self.MONEY)], tokens))

    def narrowed(self, chosen):
        """Entries that have a chosen value in every facet that has any."""
        return [entry for entry in self.entries if all(entry.tokens[key] in values for key, values in chosen.items())]

    def counts(self, chosen):
        """{facet key: Counter of tokens}, each facet counted under all the others: one pass over the entries.

        A row that fails no filter counts everywhere; one that fails a single facet still counts within that one.
        """
        counts = {facet.key: Counter() for facet in FACETS}
        for entry in self.entries:
            failing = [key for key, values in chosen.items() if entry.tokens[key] not in values]
            if not failing:
                for key, token in entry.tokens.items():
                    counts[key][token] += 1
            elif len(failing) == 1:
                counts[failing[0]][entry.tokens[failing[0]]] += 1
        return counts

    def options(self, facet, counts, ticked):
        """The facet's values with their `counts`; those `ticked` in the query string stay listed at zero."""
        titles = self.titles[facet.key]
        return [
            Option(token, title, counts[token], token in ticked)
            for token, (title, _) in sorted(titles.items(), key=lambda item: item[1][1])
            if counts[token] or token in ticked
        ]

    def title(self, key, token):
        """What people read for a token of the query string; unknown tokens stand for themselves."""
        known = self.titles[key].get(token)
        return known[0] if known else BY_KEY[key].choices.get(token, token)


def sums(entries):
    result = Sums()
    for entry in entries:
        result.add(entry)
    return result
