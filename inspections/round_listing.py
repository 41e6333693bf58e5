"""The list of quarterly inspections under a query string: year and state, with what each holds, in one query."""

from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q

from inspections.models import Finding, Round
from inspections.models.rounds import RoundState
from portfolio.sent import whole_number


class RoundListing:
    """`params` is a QueryDict; what is unknown in it is ignored. Rounds come the latest first."""

    def __init__(self, user, params):
        self.all = Round.objects.visible_to(user)
        self.year = whole_number(params.get("year", ""))
        self.state = params.get("state") if params.get("state") in RoundState.values else ""

    @cached_property
    def years(self):
        return list(self.all.order_by("-year").values_list("year", flat=True).distinct())

    @property
    def states(self):
        return RoundState.choices

    @cached_property
    def rows(self):
        """Rounds with `stop_count`, `judge_count`, `strength_count` and `defect_count`."""
        return list(
            self.all.filter(self._conditions())
            .annotate(
                stop_count=Count("stops", distinct=True),
                judge_count=Count("judges", distinct=True),
                strength_count=_findings(Finding.Kind.STRENGTH),
                defect_count=_findings(Finding.Kind.DEFECT),
            )
            .order_by("-year", "-quarter", "-pk")
        )

    def _conditions(self):
        asked = Q(year=self.year) if self.year else Q()
        return asked & Q(state=self.state) if self.state else asked

    @property
    def is_narrowed(self):
        return bool(self.year or self.state)

    @property
    def words(self):
        """What the list is narrowed to."""
        told = [f"{self.year} 年" if self.year else "", RoundState(self.state).label if self.state else ""]
        return "，".join(filter(None, told)) or "全部观摩"

    @property
    def query(self):
        return urlencode({key: value for key, value in (("year", self.year), ("state", self.state)) if value})


def _findings(kind):
    return Count("stops__findings", filter=Q(stops__findings__kind=kind), distinct=True)
