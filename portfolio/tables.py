"""The plan table's columns for django-tables2, made from the one list in plan_fields."""

import django_tables2 as tables

from portfolio.plan_fields import BY_KEY, Kind

_CLASSES = {
    Kind.MONEY: "n",
    Kind.NUMBER: "n",
    Kind.PERCENT: "n",
    Kind.POINTS: "n",
    Kind.DATE: "d",
    Kind.PERIOD: "d",
    Kind.LONG_TEXT: "t",
}
# On a screen 1440 px wide the usual columns but the last stand side by side; figures and dates never break. Long text
# gives way: there it is clamped to two lines and opened in place, while paper shows all of it.
PIXELS_PER_CHARACTER = 4.4
PIXELS_PER_CHARACTER_OF_LONG_TEXT = 2.8
PADDING_PIXELS = 24
CELL_PADDING_PIXELS = 14
CHARACTER_PIXELS = 13
_LEAST_PIXELS = {Kind.MONEY: 102, Kind.DATE: 90}
_PIXELS = {"reported": 86}  # the day, and below it how long ago


def css_class(plan_field):
    """`n` numbers, `d` dates, `t` long text; `c-…` names the column for cards on a phone."""
    return f"{_CLASSES.get(plan_field.kind, '')} c-{plan_field.key}".strip()


def _pixels(plan_field, *, on_paper):
    if plan_field.key in _PIXELS:
        return _PIXELS[plan_field.key]
    gives_way = plan_field.kind is Kind.LONG_TEXT and not on_paper
    per_character = PIXELS_PER_CHARACTER_OF_LONG_TEXT if gives_way else PIXELS_PER_CHARACTER
    width = round(plan_field.width * per_character) + PADDING_PIXELS
    return max(width, _LEAST_PIXELS.get(plan_field.kind, 0))


def _room(plan_field):
    return (_pixels(plan_field, on_paper=False) - CELL_PADDING_PIXELS) // CHARACTER_PIXELS * 2


def _column(plan_field):
    return tables.Column(
        verbose_name=plan_field.label,
        accessor=f"cells__{plan_field.key}",
        attrs={"th": {"class": css_class(plan_field)}},
    )


class PlanTable(tables.Table):
    """Headers, order and sorting of the plan table. Its rows come from the compiled template `_plan_rows.html`."""

    class Meta:
        template_name = "portfolio/_plan_table.html"
        order_by_field = "sort"

    def __init__(self, listing):
        self.listing = listing
        super().__init__(
            data=[],
            extra_columns=[(plan_field.key, _column(plan_field)) for plan_field in listing.columns],
            order_by=listing.sort or None,
        )

    @property
    def widths(self):
        """Column widths in CSS pixels."""
        on_paper = "print" in self.listing.params
        return [_pixels(plan_field, on_paper=on_paper) for plan_field in self.listing.columns]

    @property
    def header_groups(self):
        """[(group label or "", [bound columns])]: neighbours of one group share a header, as on paper."""
        groups = []
        for column in self.columns:
            label = BY_KEY[column.name].group
            if label and groups and groups[-1][0] == label:
                groups[-1][1].append(column)
            else:
                groups.append((label, [column]))
        return groups


def row_columns(listing):
    """What the row template needs of each column: key, class, characters two lines hold, and whether it adds up."""
    return [
        {
            "key": plan_field.key,
            "css": css_class(plan_field),
            "room": _room(plan_field),
            "sum": _SUM_OF.get(plan_field.key),
        }
        for plan_field in listing.columns
    ]


# Column → attribute of facets.Sums that its subtotal shows.
_SUM_OF = {
    "total_investment": "total",
    "planned_investment": "planned",
    "invested_before": "before",
    "ytd_investment": "ytd",
}
