"""The matrix of permits under a query string: filters with their counts, order, pages; or one column as a list."""

from collections import Counter
from functools import cached_property
from itertools import groupby

from portfolio.lists import Option, Paged
from portfolio.models.register import Stage
from portfolio.permits import Alarm, PermitMatrix, Standing, Tally
from portfolio.search import search_terms

LONGEST_SEARCH = 100
NOBODY = "none"
SORTS = {
    "seq": "序号",
    "urgent": "最急的在前",
    "undone": "未办结多的在前",
    "unfilled": "未填多的在前",
    "unit": "责任单位",
}
EMPTY_TITLES = {"unit": "未明确责任单位", "town": "未填乡镇", "stage": "未填阶段"}


class PermitListing(Paged):
    """The rows of a `PermitMatrix` that `params` (a QueryDict) asks for; what is unknown in it is ignored.

    With a `kind` the list is about that column alone: state and alarm are asked of its cell, else of any cell.
    """

    def __init__(self, matrix: PermitMatrix, params):
        self.matrix, self.params = matrix, params
        kinds = {str(kind.pk): kind for kind in matrix.kinds}
        self.kind = kinds.get(params.get("kind"))
        self.state = self._known("state", Standing.values)
        self.alarm = self._known("alarm", Alarm.values)
        self.unit, self.town, self.stage = (params.get(key, "") for key in ("unit", "town", "stage"))
        self.search = params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        self.sort = params.get("sort") if params.get("sort") in SORTS else "seq"
        self.is_whole = "print" in params

    def _known(self, key, tokens):
        return self.params.get(key) if self.params.get(key) in tokens else ""

    @property
    def kinds(self):
        """The columns."""
        return [self.kind] if self.kind else self.matrix.kinds

    # Rows

    @cached_property
    def found(self):
        return sorted((row for row in self.matrix.rows if self._fits(row)), key=self._order)

    def cells_of(self, row):
        return [cell for cell in row.cells if self.kind is None or cell.kind == self.kind]

    def _fits(self, row, but=None):
        checks = {
            "cell": any(self._cell_fits(cell, but) for cell in self.cells_of(row)) or not row.cells,
            "unit": not self.unit or _token(row, "unit") == self.unit,
            "town": not self.town or _token(row, "town") == self.town,
            "stage": not self.stage or _token(row, "stage") == self.stage,
            "q": all(term in row.project.search_key for term in search_terms(self.search)),
        }
        return all(fits for key, fits in checks.items() if key != but)

    def _cell_fits(self, cell, but=None):
        is_state = but == "state" or not self.state or cell.standing == self.state
        return is_state and (but == "alarm" or not self.alarm or cell.alarm == self.alarm)

    def _order(self, row):
        place = (row.plan.seq or 10**9, row.plan.pk)
        match self.sort:
            case "urgent":
                alarms = [cell.alarm for cell in self.cells_of(row)]
                return (*(-alarms.count(alarm) for alarm in Alarm), *place)
            case "undone":
                return (row.tally.done - row.tally.needed, *place)
            case "unfilled":
                return (-row.tally.unfilled, *place)
            case "unit":
                return (str(row.project.unit or "\uffff"), *place)
        return place

    @cached_property
    def tally(self):
        return Tally.of(cell for row in self.found for cell in self.cells_of(row))

    @cached_property
    def by_kind(self):
        """[(PermitKind, Tally of its column)]."""
        columns = zip(*(self.cells_of(row) for row in self.found), strict=True)
        return list(zip(self.kinds, map(Tally.of, columns), strict=True)) if self.found else []

    @property
    def phases(self):
        """[(phase, how many columns stand under it)], side by side."""
        runs = groupby(self.kinds, key=lambda kind: kind.get_phase_display())
        return [(phase, len(list(kinds))) for phase, kinds in runs]

    # Pages

    @property
    def rows(self):
        return self.found if self.is_whole else self.shown

    # Choices

    @cached_property
    def facets(self):
        """[(key, label, [Option])] of the filters in their order."""
        return [
            ("kind", "手续", self._kinds()),
            ("state", "办理情况", self._of_cells("state", Standing, lambda cell: cell.standing)),
            ("alarm", "提醒", self._of_cells("alarm", Alarm, lambda cell: cell.alarm)),
            ("unit", "责任单位", self._of_projects("unit")),
            ("town", "乡镇", self._of_projects("town")),
            ("stage", "项目阶段", self._of_projects("stage")),
        ]

    def _kinds(self):
        counts = dict.fromkeys((kind.pk for kind in self.matrix.kinds), 0)
        for row in self.matrix.rows:
            if self._fits(row, "cell"):
                for cell in row.cells:
                    counts[cell.kind.pk] += self._cell_fits(cell)
        return [Option(str(kind.pk), kind.short_name, counts[kind.pk], kind == self.kind) for kind in self.matrix.kinds]

    def _of_cells(self, key, choices, answer):
        """Each choice with the number of rows that have such a cell."""
        counts = Counter()
        for row in self.matrix.rows:
            if self._fits(row, key) and self._fits(row, "cell"):
                counts.update({answer(cell) for cell in self.cells_of(row) if self._cell_fits(cell, key)})
        chosen = getattr(self, key)
        return [Option(each.value, each.label, counts[each], each == chosen) for each in choices]

    def _of_projects(self, key):
        counts, titles = Counter(), {}
        for row in self.matrix.rows:
            token = _token(row, key)
            titles.setdefault(token, _title(row, key))
            counts[token] += self._fits(row, key)
        chosen = getattr(self, key)
        order = Stage.values.index if key == "stage" else titles.get
        tokens = sorted(set(titles) - {NOBODY}, key=order) + [NOBODY] * (NOBODY in titles)
        return [Option(token, titles[token], counts[token], token == chosen) for token in tokens]

    @property
    def is_narrowed(self):
        return any((self.kind, self.state, self.alarm, self.unit, self.town, self.stage, self.search))

    @property
    def words(self):
        """The filter in words, for print and files."""
        chosen = [
            f"{label}：{option.title}" for _, label, options in self.facets for option in options if option.is_chosen
        ]
        return "，".join([*chosen, *([f"含“{self.search}”"] if self.search else [])]) or "全部项目"

    @property
    def lapsed_query(self):
        return self.query(alarm=Alarm.LAPSED.value)

    @property
    def overdue_query(self):
        return self.query(alarm=Alarm.OVERDUE.value)

    @property
    def lapsing_query(self):
        return self.query(alarm=Alarm.LAPSING.value)

    @property
    def all_kinds_query(self):
        return self.query(kind=None)


def _token(row, key):
    if key == "stage":
        return row.project.stage or NOBODY
    pk = getattr(row.project, f"{key}_id")
    return NOBODY if pk is None else str(pk)


def _title(row, key):
    if key == "stage":
        return row.project.get_stage_display() or EMPTY_TITLES[key]
    return str(getattr(row.project, key) or EMPTY_TITLES[key])
