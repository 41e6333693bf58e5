"""As of (截至): the register as it was known at the end of a past day, read from the history tables.

Corrections that came later are not in it (docs/decisions/as-of.md), so an old week's page prints the same forever.
"""

import datetime as dt

from django.utils import timezone

from portfolio.weeks import Week


def asked_day(params, today):
    """The day of `?as_of=`, an ISO date or a week such as 2024-W20 (its Sunday); None for today, later, or nonsense."""
    text = params.get("as_of", "").strip()
    try:
        day = Week.parse(text).sunday if "W" in text else dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < today else None


def end_of_day(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def latest_records(model, day, **conditions):
    """{id: values} of each row's last record at the end of `day`; rows deleted by then are left out.

    `conditions` must hold for every record of a row, whatever changes in it: its county, year, plan.
    """
    records = model.history.model.objects.filter(history_date__lte=end_of_day(day), **conditions)
    latest = {record["id"]: record for record in records.order_by("history_id").values()}
    return {pk: record for pk, record in latest.items() if record["history_type"] != "-"}
