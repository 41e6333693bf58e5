"""The findings of `portfolio.quality` as a list: narrowed by kind, unit and explanation, told kind by kind."""

from collections import Counter
from functools import cached_property

from django.core.cache import cache

from portfolio.facets import BLANK, BLANK_LABEL
from portfolio.lists import Option
from portfolio.quality import Kind, of_year

EXPLAINED = {"no": "没有说明", "yes": "有说明"}
LABELS = {"kind": "情况", "unit": "责任单位", "explained": "说明"}


def _findings(county, year, day):
    """Read once for each state of the data; a deadline that passes makes weeks missing without a change of it."""
    moment = day or county.business_now().strftime("%Y%m%d%H")
    key = f"quality:{county.pk}:{county.data_version}:{moment}:{year}"
    return cache.get_or_set(key, lambda: of_year(county, year, day))


def _tokens(finding):
    unit = finding.plan.project.unit
    return {
        "kind": str(finding.kind),
        "unit": str(unit.pk) if unit else BLANK,
        "explained": "yes" if finding.is_explained else "no",
    }


class QualityListing:
    """`params` is a QueryDict; what is unknown in it is ignored. A past `day` is read inside `as_of.reading`."""

    def __init__(self, county, year, params, day=None):
        self.county, self.year = county, year
        self.everything = _findings(county, year, day)
        self.chosen = {key: params[key] for key in LABELS if params.get(key) in self._titles[key]}

    @property
    def query(self):
        """The filters as a query string, behind the year's: `&kind=copied`, or nothing."""
        return "".join(f"&{key}={token}" for key, token in self.chosen.items())

    @property
    def words(self):
        """The filters in words; nothing where there are none."""
        return "、".join(f"{LABELS[key]}：{self._titles[key][token]}" for key, token in self.chosen.items())

    @cached_property
    def _titles(self):
        """{filter: {token: title}} of the tokens that can be asked for."""
        units = {finding.plan.project.unit for finding in self.everything} - {None}
        named = {str(unit.pk): unit.name for unit in sorted(units, key=lambda unit: (unit.name, unit.pk))}
        return {"kind": dict(Kind.choices), "unit": {**named, BLANK: BLANK_LABEL}, "explained": EXPLAINED}

    def _narrowed(self, but=None):
        asked = {key: token for key, token in self.chosen.items() if key != but}
        return [one for one in self.everything if asked.items() <= _tokens(one).items()]

    @cached_property
    def findings(self):
        return self._narrowed()

    @property
    def groups(self):
        """[(Kind, [Finding])], the newest first in each."""
        grouped = [(kind, [one for one in self.findings if one.kind == kind]) for kind in Kind]
        return [(kind, found) for kind, found in grouped if found]

    @property
    def filters(self):
        """[(key, label, [Option])]; an option counts under the other filters."""
        return [(key, label, self._options(key)) for key, label in LABELS.items()]

    def _options(self, key):
        counts = Counter(_tokens(one)[key] for one in self._narrowed(but=key))
        chosen = self.chosen.get(key)
        return [
            Option(token, title, counts[token], token == chosen)
            for token, title in self._titles[key].items()
            if counts[token] or token == chosen
        ]

    @property
    def unexplained(self):
        return sum(not finding.is_explained for finding in self.findings)
