"""What of a county's notices is still to leave the system, and in which words: an e-mail a person, a post a county.

Phones are masked whatever their reader may see here: what has left can't be called back.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from portfolio.channels import webhook
from portfolio.models import Notice, NoticeKind
from portfolio.notice_rules import rules_of
from portfolio.privacy import mask_phones

# Older ones are no news any more: a channel that is switched on late must not pour out a whole year.
FRESH = dt.timedelta(days=3)
# What everybody signed in may read (who is late, which light) is told to the group in full, the rest by its title.
IN_FULL = {NoticeKind.LATE_UNITS, NoticeKind.TURNED_RED}
LINE_LIMIT = 400


@dataclass(frozen=True)
class Digest:
    """All that one account is to be told in one e-mail."""

    user: User
    notices: list[Notice]

    @property
    def subject(self):
        return f"{_sender(self.user.county)}：{len(self.notices)} 条提醒"

    @property
    def body(self):
        context = {"user": self.user, "kinds": _by_kind(self.notices), "site": settings.SITE_URL}
        return mask_phones(render_to_string("portfolio/notices/digest.txt", context)).strip() + "\n"

    @property
    def message_id(self):
        """The same for the same notices: a digest that is sent again shows once in most mail programs."""
        told = ",".join(str(notice.pk) for notice in self.notices)
        key = hashlib.sha256(f"{settings.SECRET_KEY}:{self.user.pk}:{told}".encode()).hexdigest()[:32]
        return f"<{key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ') or 'localhost'}>"


def digests(county, now):
    """[Digest] of accounts with an address, of what they have not yet read here."""
    unsent = _unsent(county, now, "by_email").filter(emailed_at=None, read_at=None)
    notices = unsent.filter(user__is_active=True).exclude(user__email="").select_related("user__county")
    by_user = defaultdict(list)
    for notice in notices.order_by("user_id", "at", "pk"):
        by_user[notice.user].append(notice)
    return [Digest(user, told) for user, told in by_user.items()]


@dataclass(frozen=True)
class Post:
    """The message to a county's work group, and the notices it tells of; one that many accounts got is told once."""

    text: str
    notices: list[Notice]


def post(county, now):
    """The Post, None when there is nothing to tell."""
    unsent = _unsent(county, now, "by_webhook").filter(posted_at=None).select_related("user__unit")
    notices = list(unsent.order_by("at", "pk"))
    return Post(_post_text(county, now, notices), notices) if notices else None


def _unsent(county, now, channel):
    kinds = [kind for kind, rule in rules_of(county).items() if rule.is_on and getattr(rule, channel)]
    return Notice.objects.filter(county=county, kind__in=kinds, at__gt=now - FRESH)


def _sender(county):
    return f"{county.name}重大项目{'（演示数据）' if county.is_demo else ''}"


def _by_kind(notices):
    """[(label, [notice])] in the order of the kinds."""
    return [
        (kind.label, found) for kind in NoticeKind if (found := [notice for notice in notices if notice.kind == kind])
    ]


def _post_text(county, now, notices):
    matters = [(label, _matters(told)) for label, told in _by_kind(notices)]
    count = sum(len(lines) for _label, lines in matters)
    moment = timezone.localtime(now)
    head = f"【{_sender(county)}】{moment.month}月{moment.day}日 {moment:%H:%M} 提醒 {count} 条"
    address = f"{settings.SITE_URL}{reverse('portfolio:notices')}" if settings.SITE_URL else ""
    foot = f"请登录系统查看{f'：{address}' if address else '。'}"
    return _fitted(head, matters, foot)


def _matters(notices):
    """A line for each different matter; what reporters were told is of their units, which it names."""
    units = defaultdict(list)
    for notice in notices:
        words = f"：{notice.words}" if notice.kind in IN_FULL and notice.words else ""
        told_to = units[_one_line(f"{notice.title}{words}")]
        unit = notice.user.unit if notice.user.role == Role.REPORTER else None
        if unit and (name := unit.short_name or unit.name) not in told_to:
            told_to.append(name)
    return [f"· {_cut(_with_units(line, names), LINE_LIMIT)}" for line, names in units.items()]


def _with_units(line, names):
    return f"{'、'.join(names)}：{line}" if names else line


def _fitted(head, matters, foot):
    """As many lines as the robot takes in one message, and how many were left out."""
    room = webhook.LIMIT - len(f"{head}\n另有 9999 条，{foot}".encode())
    shown, left = [head], 0
    for label, lines in matters:
        for line in [f"〔{label}〕", *lines]:
            size = len(line.encode()) + 1
            is_matter = line.startswith("· ")
            if left or size > room:
                left += is_matter
            else:
                shown.append(line)
                room -= size
    return "\n".join([*shown, f"另有 {left} 条，{foot}" if left else foot])


def _one_line(text):
    return mask_phones(" ".join(str(text).split()))


def _cut(text, size):
    """`text` in at most `size` bytes of UTF-8."""
    data = text.encode()
    return text if len(data) <= size else f"{data[: size - 3].decode(errors='ignore')}…"
