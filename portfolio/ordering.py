"""In which order the plan table can stand. Only the sort keys listed here reach the database."""

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce, NullIf

from portfolio.plan_fields import COLUMNS, Kind
from portfolio.progress import Bucket, RegistrationState

PAPER_ORDER = (F("seq").asc(nulls_last=True), F("pk").asc())

_OF_RELATION = {
    Kind.UNIT: ("project__unit__name",),
    # Leaders of one rank must not mix: their rows stand in one group each.
    Kind.LEADER: ("leader__rank", "leader__name"),
    Kind.TOWN: ("project__town__code",),
}


def _ranked(path, values):
    """Choices sort in the order they are listed in, not by their stored words."""
    places = [When(**{path: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*places, output_field=IntegerField())


_OF_KEY = {
    "name": F("project__name_pinyin"),
    "start": Coalesce("project__started_on", "project__planned_start"),
    "period": Coalesce("project__started_on", "project__planned_start"),
    "light": _ranked("bucket", Bucket.values),
    "slippage": F("overdue_since"),
    "reported": F("reported_on"),
    "registration_state": _ranked("registration_state", RegistrationState.values),
}


def expressions(plan_field):
    """What a column sorts by, the weightiest first; NULL where the row has no value."""
    if plan_field.key in _OF_KEY:
        return (_OF_KEY[plan_field.key],)
    if plan_field.kind is Kind.CHOICE:
        return (_ranked(plan_field.path, [value for value, _ in plan_field.choices]),)
    if plan_field.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        return (NullIf(F(plan_field.path), Value("")),)
    return tuple(F(path) for path in _OF_RELATION.get(plan_field.kind, (plan_field.path,)))


_SORTS = {plan_field.key: expressions(plan_field) for plan_field in COLUMNS}


def order(*keys):
    """ORDER BY of sort keys such as `name`, `-total_investment`; what has no value comes last; then as on paper.

    Columns that are judged sort plans that were (plan_rows.judged).
    """
    terms = []
    for key in keys:
        for expression in _SORTS.get(key.removeprefix("-"), ()):
            ordered = expression.desc if key.startswith("-") else expression.asc
            terms.append(ordered(nulls_last=True))
    return (*terms, *PAPER_ORDER)


def is_sort_key(key):
    return key.removeprefix("-") in _SORTS
