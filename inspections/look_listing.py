"""The list of one look under a query string: filters with their counts, order, and the address of each choice."""

from collections import Counter
from functools import cached_property

from inspections.look_rows import LookRow, Standing
from portfolio.lists import Option, Queried
from portfolio.search import search_terms

SORTS = {
    "standing": "整改情况",
    "seq": "序号",
    "oldest": "最久未督导",
    "missing": "缺项多的在前",
    "unit": "责任单位",
}
NOBODY = "none"


class LookListing(Queried):
    """The rows of a `LookBoard` that `params` (a QueryDict) asks for; what is unknown in it is ignored."""

    def __init__(self, board, params):
        self.board, self.params = board, params
        self.state = self._known("state", Standing.values)
        self.lack = self._known("lack", {question.key for question in board.questions.questions})
        self.unit, self.town = params.get("unit", ""), params.get("town", "")
        self.search = params.get("q", "").replace("\0", "").strip()[:100]
        self.sort = params.get("sort") if params.get("sort") in SORTS else "standing"

    def _known(self, key, tokens):
        return self.params.get(key) if self.params.get(key) in tokens else ""

    @cached_property
    def rows(self):
        return sorted((row for row in self.board.rows if self._fits(row)), key=self._order)

    def _fits(self, row, but=None):
        checks = {
            "state": not self.state or row.standing == self.state,
            "lack": not self.lack or self.lack in row.missing,
            "unit": not self.unit or _token(row.project.unit_id) == self.unit,
            "town": not self.town or _token(row.project.town_id) == self.town,
            "q": all(term in row.project.search_key for term in search_terms(self.search)),
        }
        return all(fits for key, fits in checks.items() if key != but)

    def _order(self, row):
        place = (row.plan.seq or 10**9, row.plan.pk)
        match self.sort:
            case "seq":
                return place
            case "oldest":
                return (-row.days_ago if row.check else -(10**9), *place)
            case "missing":
                return (-len(row.missing), *place)
            case "unit":
                return (str(row.project.unit or "\uffff"), *place)
        return (list(Standing).index(row.standing), -len(row.overdue), -len(row.open_problems), *place)

    # Choices

    @cached_property
    def states(self):
        counts = Counter(row.standing for row in self.board.rows if self._fits(row, "state"))
        return [Option(each.value, each.label, counts[each], each == self.state) for each in Standing]

    @cached_property
    def lacks(self):
        rows = [row for row in self.board.rows if self._fits(row, "lack")]
        counts = Counter(key for row in rows for key in row.missing)
        return [
            Option(each.key, each.question, counts[each.key], each.key == self.lack)
            for each in self.board.questions.questions
        ]

    @cached_property
    def units(self):
        return self._options("unit", "未明确责任单位")

    @cached_property
    def towns(self):
        return self._options("town", "未填乡镇")

    def _options(self, key, nobody):
        counts, titles = Counter(), {}
        for row in self.board.rows:
            token = _token(getattr(row.project, f"{key}_id"))
            titles[token] = str(getattr(row.project, key) or nobody)
            counts[token] += self._fits(row, key)
        chosen = getattr(self, key)
        return [
            Option(token, titles[token], counts[token], token == chosen) for token in sorted(titles, key=titles.get)
        ]

    @property
    def is_filtered(self):
        return any((self.state, self.lack, self.unit, self.town, self.search))

    @property
    def words(self):
        """The filter in words, for print and files."""
        chosen = [
            option.title
            for options in (self.states, self.lacks, self.units, self.towns)
            for option in options
            if option.is_chosen
        ]
        return "，".join([*chosen, *([f"含“{self.search}”"] if self.search else [])]) or "全部项目"

    @property
    def lacks_title(self):
        return next((option.title for option in self.lacks if option.is_chosen), "")


def _token(pk):
    return NOBODY if pk is None else str(pk)


def lacking(row: LookRow, questions):
    """[(question, its Cell)] of what the row does not meet, in the list's order."""
    return [(each, cell) for each in questions.questions if (cell := row.cells[each.key]).is_missing]
