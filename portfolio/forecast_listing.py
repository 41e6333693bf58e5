"""The list of projects on the forecast's page: narrowed by unit, category and what will miss its plan, sorted at will.

Only the sort keys listed here count; anything else in the query string narrows and sorts nothing.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator

from portfolio.forecast import Forecast
from portfolio.models import AnnualPlan
from portfolio.models.register import Category
from portfolio.money import exact_sum
from portfolio.year_end import share_of_plan

MISSING = "missing"
NO_UNIT = "-"
PAGE_ROWS, ALL = 50, "all"
RANGE = "range"  # the one column that does not sort


@dataclass(frozen=True)
class Line:
    """A plan and its forecast."""

    plan: AnnualPlan
    forecast: Forecast
    stands_still: bool = False

    @property
    def share(self):
        return share_of_plan(self.forecast)

    @property
    def unit_token(self):
        return str(self.plan.project.unit_id or NO_UNIT)

    @property
    def unit_name(self):
        return self.plan.project.unit.name if self.plan.project.unit else "未明确责任单位"


class Head(NamedTuple):
    """A column's header; `query` sorts by it (the other way round when the list already is), "" where nothing does."""

    label: str
    query: str = ""
    order: str = ""
    unit: str = ""

    @property
    def is_figure(self):
        return bool(self.unit)


# A line without the value comes last either way.
SORTS = {
    "name": lambda line: line.plan.project.name_pinyin,
    "unit": lambda line: line.unit_name,
    "planned": lambda line: line.forecast.planned,
    "ytd": lambda line: line.forecast.ytd,
    "middle": lambda line: line.forecast.middle,
    "share": lambda line: line.share,
    "shortfall": lambda line: line.forecast.shortfall,
}
WORST_FIRST = "-shortfall"
WAN, PERCENT = "万元", "%"
# (key, label, unit); texts sort from the first letter, figures from the greatest.
COLUMNS = (
    ("name", "项目", ""),
    ("unit", "责任单位", ""),
    ("planned", "年度计划", WAN),
    ("ytd", "已完成", WAN),
    ("middle", "预计年底", WAN),
    (RANGE, "下限—上限", WAN),
    ("share", "占计划", PERCENT),
    ("shortfall", "缺口", WAN),
)


def in_order(lines, sort):
    """By a key of SORTS, `-key` from the greatest; then as in the plan table."""
    value = SORTS[sort.removeprefix("-")]
    known = [line for line in lines if value(line) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [line for line in lines if value(line) is None]


class ForecastListing:
    """`params`: `unit=`, `category=`, `only=missing`, `sort=`, `page=` (`all`). One query, inside `as_of.reading`."""

    def __init__(self, found, params):
        self.found = found
        self.unit, self.category = params.get("unit", ""), params.get("category", "")
        self.only = MISSING if params.get("only") == MISSING else ""
        sort = params.get("sort", "")
        self._page = params.get("page", "")
        self.sort = sort if sort.removeprefix("-") in SORTS else WORST_FIRST

    @cached_property
    def everything(self):
        plans = AnnualPlan.objects.select_related("project", "project__unit")
        plans = plans.in_bulk([forecast.pk for forecast in self.found.lines])
        known = [forecast for forecast in self.found.lines if forecast.pk in plans]
        return [Line(plans[line.pk], line, line.pk in self.found.still) for line in known]

    @cached_property
    def lines(self):
        return in_order([line for line in self.everything if self._holds(line)], self.sort)

    @property
    def is_whole(self):
        """All lines on one page, as paper wants them."""
        return self._page == ALL or len(self.lines) <= PAGE_ROWS

    @cached_property
    def page(self):
        return Paginator(self.lines, max(len(self.lines), 1) if self.is_whole else PAGE_ROWS).get_page(self._page)

    def _holds(self, line):
        return (
            self.unit in ("", line.unit_token)
            and self.category in ("", line.plan.project.category)
            and not (self.only and line.forecast.shortfall is None)
        )

    @property
    def units(self):
        """[(token, name, count)] by name, those without a unit last."""
        counts = Counter((line.unit_token == NO_UNIT, line.unit_name, line.unit_token) for line in self.everything)
        return [(token, name, count) for (_, name, token), count in sorted(counts.items())]

    @property
    def categories(self):
        return Category.choices

    @property
    def missing_count(self):
        return sum(line.forecast.shortfall is not None for line in self.lines)

    @property
    def query(self):
        return self._query(self.sort)

    def _query(self, sort):
        asked = {"unit": self.unit, "category": self.category, "only": self.only, "sort": sort}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def heads(self):
        columns = [column for column in COLUMNS if column[0] != RANGE or self.found.is_own]
        return [self._head(key, label, unit) for key, label, unit in columns]

    def _head(self, key, label, unit):
        if key not in SORTS:
            return Head(label, unit=unit)
        first, second = (f"-{key}", key) if unit else (key, f"-{key}")
        order = {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")
        return Head(label, self._query(second if self.sort == first else first), order, unit)

    @property
    def is_narrowed(self):
        return bool(self.unit or self.category or self.only)

    def sums(self):
        """{name: 万元} of the lines; a shortfall is not made up for by another project's surplus."""
        names = ("planned", "ytd", "middle", "shortfall")
        return {name: exact_sum(getattr(line.forecast, name) for line in self.lines) for name in names}

    @property
    def words(self):
        """What the list is narrowed to, for a file: 全部, or 工信局；预计完不成计划."""
        units = {token: name for token, name, _ in self.units}
        told = [
            units.get(self.unit) if self.unit else "",
            dict(Category.choices).get(self.category, ""),
            "预计完不成年度计划" if self.only else "",
        ]
        return "；".join(filter(None, told)) or "全部已报送的项目"
