"""Who finds what should be told: what every reader of notices knows of a county, and the register of other apps' ones.

An app above hands in its readers when it is ready, by the kind of notice that each finds; this one knows none of them.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from accounts.roles import RIGHTS, Right, Role
from portfolio.models import AnnualPlan, Leader, Notice, NoticeKind

NAMED = 12
_LENGTHS = {name: Notice._meta.get_field(name).max_length for name in ("title", "words")}
_READERS = {}


@dataclass(frozen=True)
class DueNotice:
    """What one account should be told. `path` is an address of this site."""

    recipient: User
    kind: NoticeKind
    key: str
    title: str
    words: str
    path: str


def register(kind, read):
    """`read(reading)` finds the `DueNotice`s of a kind that should have been told by `reading.now`; reading only."""
    _READERS[kind] = read


def registered():
    """{kind: its reader} of all that other apps have handed in."""
    return dict(_READERS)


class Reading:
    """One look at a county, for all kinds: what more than one reader asks for is read once, and only when it is."""

    def __init__(self, county, now, rules):
        self.county, self.now, self.rules = county, now, rules

    @cached_property
    def today(self):
        return timezone.localdate(self.now)

    def days(self, kind):
        """The days before or after a deadline that the county has set for a kind."""
        return self.rules[kind].threshold

    def hours(self, kind):
        return dt.timedelta(hours=self.rules[kind].threshold)

    # Who

    @cached_property
    def accounts(self):
        """Active accounts that get notices, by pk."""
        accounts = User.objects.filter(county=self.county, is_active=True, role__in=RIGHTS[Right.GET_NOTICES])
        return {account.pk: account for account in accounts.order_by("pk")}

    @cached_property
    def office(self):
        return [account for account in self.accounts.values() if account.role == Role.OFFICE]

    @cached_property
    def reporters(self):
        """{unit pk: [account]}."""
        found = defaultdict(list)
        for account in self.accounts.values():
            if account.role == Role.REPORTER and account.unit_id:
                found[account.unit_id].append(account)
        return found

    @cached_property
    def liaisons(self):
        """{leader pk: [the leader's account]}; of nobody, None, none."""
        leaders = Leader.objects.filter(county=self.county, user__in=list(self.accounts))
        found = {pk: [self.accounts[account]] for pk, account in leaders.values_list("pk", "user")}
        return defaultdict(list, found)

    @cached_property
    def leaders(self):
        """{project pk: pk of its leader in this year's plan}."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.today.year, leader__isnull=False)
        return dict(plans.values_list("project", "leader"))


def told(recipients, kind, key, *, title, words, path):
    """A `DueNotice` to each of the accounts, in the length that a notice holds."""
    for recipient in dict.fromkeys(recipients):
        yield DueNotice(recipient, kind, key, _cut(title, "title"), _cut(words, "words"), path)


def _cut(text, name):
    longest = _LENGTHS[name]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def listed(names):
    more = f"等 {len(names)} 个" if len(names) > NAMED else ""
    return f"{'、'.join(names[:NAMED])}{more}"


def short(name):
    """Project names go up to two hundred characters; the end of a title must still be read."""
    return name if len(name) <= 60 else f"{name[:59]}…"
