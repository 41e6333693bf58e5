"""Who stands behind a plan: its leader since when, its team now and before. Phones are for the office and the unit."""

import datetime as dt
from dataclasses import dataclass

from accounts.roles import Right, has_right
from portfolio.as_of import end_of_day
from portfolio.models import Leader, WorkTeam


@dataclass(frozen=True)
class Spell:
    """How long one person was leader (or deputy) of a plan; `until` is None for who is, `leader` None for nobody."""

    leader: Leader | None
    since: dt.datetime
    until: dt.datetime | None
    by: object


def may_see_phones(user, plan):
    """The project office and the plan's own unit; everybody else gets them masked (design §7)."""
    return has_right(user, Right.EDIT_REGISTER) or (
        user.unit_id is not None and user.unit_id == plan.project.unit_id and user.county_id == plan.county_id
    )


def leader_spells(plan, field="leader", as_of=None):
    """[Spell] of `leader` or `deputy_leader`, the latest first, from the plan's history; without leading nobodies."""
    records = plan.history.select_related("history_user").order_by("history_id")
    if as_of is not None:
        records = records.filter(history_date__lte=end_of_day(as_of))
    runs = []
    for record in records:
        leader = getattr(record, f"{field}_id")
        if (runs and runs[-1][0] == leader) or (not runs and leader is None):
            continue
        runs.append((leader, record.history_date, record.history_user))
    leaders = Leader.objects.in_bulk({leader for leader, _, _ in runs} - {None})
    ends = [at for _, at, _ in runs[1:]] + [None]
    spells = [Spell(leaders.get(pk), at, end, by) for (pk, at, by), end in zip(runs, ends, strict=False)]
    return spells[::-1]


def teams_of(plan, as_of=None):
    """The versions of the plan's team, the latest first, with member units and writers."""
    teams = WorkTeam.objects.filter(plan=plan).select_related("by").prefetch_related("member_units").order_by("-pk")
    return teams if as_of is None else teams.filter(at__lte=end_of_day(as_of))


def project_team(plan, user, as_of=None):
    """The context of `portfolio/_project_team.html`: who answers for a plan, as of now or of the past day `as_of`.

    Keys: `plan` (as given), `team` (WorkTeam or None), `leader_since` and `deputy_since` (datetime or None) and
    `may_see_phones`. A plan of a past day must have been read inside `portfolio.as_of.reading`.
    """
    teams = WorkTeam.objects.filter(plan=plan).prefetch_related("member_units")
    team = (teams.current() if as_of is None else teams.at(end_of_day(as_of))).first()
    since = {field: _since(plan, field, as_of) for field in ("leader", "deputy_leader")}
    return {
        "plan": plan,
        "team": team,
        "leader_since": since["leader"],
        "deputy_since": since["deputy_leader"],
        "may_see_phones": may_see_phones(user, plan),
    }


def _since(plan, field, as_of):
    spells = leader_spells(plan, field, as_of) if getattr(plan, f"{field}_id") else []
    return spells[0].since if spells else None
