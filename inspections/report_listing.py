"""The list of issued reports under a query string: kind and year, the latest period first."""

from functools import cached_property

from inspections.models import IssuedReport, ReportKind
from inspections.reports import Period
from portfolio.sent import whole_number


class ReportListing:
    """`params` is a QueryDict; what is unknown in it is ignored. One query, without the contents."""

    def __init__(self, user, params):
        self.user = user
        self.kind = params.get("kind") if params.get("kind") in ReportKind.values else ""
        self.year = whole_number(params.get("year", ""))

    kinds = ReportKind.choices

    @property
    def is_narrowed(self):
        return bool(self.kind or self.year)

    @property
    def query(self):
        return "&".join(f"{name}={value}" for name, value in (("kind", self.kind), ("year", self.year)) if value)

    @property
    def words(self):
        """The filter, for the page's sentence and the file."""
        of_year = f"{self.year}年" if self.year else "历年"
        return f"{of_year}{ReportKind(self.kind).label if self.kind else '报告'}"

    @cached_property
    def _all(self):
        found = IssuedReport.objects.visible_to(self.user).defer("content").select_related("leader", "issued_by")
        rows = list(found.order_by("-year", "-issued_at", "-pk"))
        latest = {}
        for row in rows:
            key = _about(row)
            latest[key] = max(latest.get(key, 0), row.version)
        for row in rows:
            row.is_latest = row.version == latest[_about(row)]
            row.label = label_of(row)
        return rows

    @cached_property
    def years(self):
        return sorted({row.year for row in self._all}, reverse=True)

    @cached_property
    def rows(self):
        """Each knows its `label` and whether it `is_latest`: later versions replace it otherwise."""
        return [row for row in self._all if self.kind in ("", row.kind) and self.year in (None, row.year)]


def _about(row):
    return row.kind, row.year, row.period, row.leader_id


def label_of(row):
    """`2024年第一季度季报`, `2024年5月包联专报（县领导甲）`, without reading the content."""
    of_leader = f"（{row.leader}）" if row.leader else ""
    return f"{Period(row.kind, row.year, row.period).label}{row.get_kind_display()}{of_leader}"
