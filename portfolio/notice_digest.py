"""An account's notices as they are read: unread ones first, then by day, and within a day by kind."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from portfolio.models import Notice, NoticeKind


@dataclass(frozen=True)
class Day:
    """The unread, or the read, notices of one day. `kinds` is [(NoticeKind, [Notice])], none of them empty."""

    is_unread: bool
    day: dt.date
    kinds: list


def of_account(user):
    """The account's notices in the order of the digest."""
    own = Notice.objects.visible_to(user).filter(user=user)
    return own.annotate(is_read=Q(read_at__isnull=False)).order_by("is_read", "-at", "-pk")


def days(notices):
    """[Day] of notices that come in the order of `of_account`."""
    groups = groupby(notices, key=lambda notice: (notice.read_at is None, timezone.localdate(notice.at)))
    return [Day(is_unread, day, _by_kind(list(found))) for (is_unread, day), found in groups]


def _by_kind(notices):
    kinds = [(kind, [notice for notice in notices if notice.kind == kind]) for kind in NoticeKind]
    return [(kind, found) for kind, found in kinds if found]
