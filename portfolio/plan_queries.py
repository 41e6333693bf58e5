"""What narrows the plan table to the rows that a figure counts, so that each figure leads to its rows."""

from urllib.parse import urlencode

from portfolio.progress import Bucket, RegistrationState, StartState

_STARTED = {StartState.DUE_STARTED, StartState.EARLY, StartState.EARLIER}
_DUE = {StartState.WAITING, StartState.DUE_STARTED}
_NEW = _DUE | {StartState.EARLY, StartState.COMING}
# By the keys of `standings.CHOICES`, those that facets can tell.
_BY_FACETS = {
    "due-to-start": {"start": _DUE},
    "due-started": {"start": _DUE & _STARTED},
    "not-started": {"start": _DUE - _STARTED},
    "new": {"start": _NEW},
    "new-started": {"start": _NEW & _STARTED},
    "started": {"start": _STARTED},
    "register-late": {"registration_state": {RegistrationState.LATE}},
}


def of_light(light):
    """Of all plans under a `Light`: the grey one stands for several buckets."""
    return _query(light={bucket for bucket in Bucket if bucket.light == light})


def of_choice(key, thresholds):
    """Of one of `standings.CHOICES`; KeyError for those that the table can't be asked for (this week's reports)."""
    if key in _BY_FACETS:
        return _query(**_BY_FACETS[key])
    asked = {"start": _STARTED, "total_min": [f"{thresholds.registration_from:f}"]}
    return _query(**{"to-register": asked, "registered": asked | {"registration_state": {RegistrationState.DONE}}}[key])


def _query(**chosen):
    return urlencode({key: sorted(values) for key, values in chosen.items()}, doseq=True)
