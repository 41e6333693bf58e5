"""Own judgements beside the rule's lights as a list: where they disagree, what nobody has judged, or all."""

from collections import Counter
from functools import cached_property

from portfolio.facets import BLANK, BLANK_LABEL
from portfolio.lists import Option, Paged
from portfolio.models.judging import Light
from portfolio.own_lights import pairs

DIFFERS, ALL, NONE = "differs", "all", "none"
# What the tabs show: (their label, which pairs).
SHOWN = {
    DIFFERS: ("与规则亮灯不一致", lambda pair: pair.differs),
    NONE: ("尚未自评", lambda pair: pair.own is None),
    ALL: ("全部项目", lambda pair: True),
}
LABELS = {"unit": "责任单位", "leader": "包联领导", "light": "规则亮灯", "own": "自评"}
LIGHTS = {light.value: f"{light.shape} {light.colour}灯" for light in Light}
SORTS = {
    "project": lambda pair: pair.plan.project.name_pinyin,
    "unit": lambda pair: pair.plan.project.unit and pair.plan.project.unit.name,
    "leader": lambda pair: pair.plan.leader and (pair.plan.leader.rank, pair.plan.leader.name),
    "light": lambda pair: pair.light.severity,
    "own": lambda pair: pair.own_light and pair.own_light.severity,
    "age": lambda pair: pair.age,
}


def _tokens(pair):
    unit, leader = pair.plan.project.unit_id, pair.plan.leader_id
    return {
        "unit": str(unit) if unit else BLANK,
        "leader": str(leader) if leader else BLANK,
        "light": pair.light.value,
        "own": pair.own.light if pair.own else BLANK,
    }


class OwnLightListing(Paged):
    """`params` is a QueryDict; what is unknown in it is ignored. `standings` is a `YearStandings`."""

    def __init__(self, standings, params):
        self.standings, self.params = standings, params
        self.show = params["show"] if params.get("show") in SHOWN else DIFFERS
        self.sort = params["sort"] if params.get("sort", "").removeprefix("-") in SORTS else ""
        self.everything = pairs(standings)
        self.chosen = {key: params[key] for key in LABELS if params.get(key) in self._titles[key]}

    @cached_property
    def _titles(self):
        """{filter: {token: title}} of what can be asked for."""
        plans = [pair.plan for pair in self.everything]
        units = {plan.project.unit for plan in plans} - {None}
        leaders = {plan.leader for plan in plans} - {None}
        in_order = sorted(leaders, key=lambda leader: (leader.rank, leader.name, leader.pk))
        return {
            "unit": {str(unit.pk): unit.name for unit in sorted(units, key=lambda unit: (unit.name, unit.pk))}
            | {BLANK: BLANK_LABEL},
            "leader": {str(leader.pk): leader.name for leader in in_order} | {BLANK: BLANK_LABEL},
            "light": LIGHTS,
            "own": LIGHTS | {BLANK: SHOWN[NONE][0]},
        }

    # Narrowing

    def _narrowed(self, but=None):
        asked = {key: token for key, token in self.chosen.items() if key != but}
        return [pair for pair in self.everything if asked.items() <= _tokens(pair).items()]

    @cached_property
    def narrowed(self):
        """What the filters let through, whatever the tab."""
        return self._narrowed()

    @cached_property
    def found(self):
        return in_order([pair for pair in self.narrowed if SHOWN[self.show][1](pair)], self.sort)

    @property
    def tabs(self):
        """[Option] of what can be shown, counted under the filters."""
        return [
            Option(key, label, sum(map(test, self.narrowed)), key == self.show) for key, (label, test) in SHOWN.items()
        ]

    @property
    def filters(self):
        """[(key, label, [Option])]; an option counts under the tab and the other filters."""
        keys = [key for key in LABELS if key != "own" or self.show != NONE]
        return [(key, LABELS[key], self._options(key)) for key in keys]

    def _options(self, key):
        counts = Counter(_tokens(pair)[key] for pair in self._narrowed(but=key) if SHOWN[self.show][1](pair))
        chosen = self.chosen.get(key)
        return [
            Option(token, title, counts[token], token == chosen)
            for token, title in self._titles[key].items()
            if counts[token] or token == chosen
        ]

    # Counting

    @property
    def judged_count(self):
        return sum(pair.own is not None for pair in self.everything)

    @property
    def differing(self):
        return [pair for pair in self.everything if pair.differs]

    @property
    def milder_count(self):
        """How many own judgements are milder than the rule."""
        return sum(pair.gap > 0 for pair in self.everything)

    # Pages

    @property
    def rows(self):
        """The pairs of this page."""
        return self.shown

    # Query strings and words

    @property
    def cleared_query(self):
        return self.query(**dict.fromkeys(LABELS))

    @property
    def heads(self):
        """{key of SORTS: (how the list is sorted by it now, the query string that sorts by it)}."""
        return {key: (self._order(key), self.query(sort=self._next_sort(key))) for key in SORTS}

    def _order(self, key):
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def _next_sort(self, key):
        return f"-{key}" if self.sort == key else key

    @property
    def words(self):
        """The filter in words, for paper and files: 与规则亮灯不一致；责任单位：水利局."""
        told = [f"{LABELS[key]}：{self._titles[key][token]}" for key, token in self.chosen.items()]
        return "；".join([SHOWN[self.show][0], *told])


def in_order(found, sort):
    """By a key of SORTS, `-key` from the greatest; else the widest apart first. What has no value comes last."""
    value = SORTS.get(sort.removeprefix("-"))
    if value is None:
        return sorted(found, key=lambda pair: (-abs(pair.gap), pair.light.severity))
    known = [pair for pair in found if value(pair) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [pair for pair in found if value(pair) is None]
