"""Who answers for a plan: its leader and deputy (包联领导), its annual target in words, its work team (工作专班).

Plans are written with history, so a change of leaders or targets alone can be undone. A team is a chain of versions;
a change set that wrote one can't be, and its words name no phone: they are read by everybody.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from portfolio import history
from portfolio.actions import bulk, changes, register
from portfolio.models import AnnualPlan, ChangeSet, WorkTeam
from portfolio.plan_fields import BY_KEY, DEPUTY

PLAN_FIELDS = ("leader", "deputy_leader", "annual_target")
TEAM_TEXTS = ("head", "head_post", "head_phone", "on_site", "on_site_phone", "note")
PHONE_FIELDS = frozenset({"head_phone", "on_site_phone"})
# What the mask knows (portfolio.privacy): anything else would be shown to everybody.
PHONES = re.compile(r"(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(、(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}))*", re.ASCII)
TEAM = "工作专班"


class StaleTeam(Exception):
    """Somebody wrote the team since the caller read it. `current` is the version that stands now, or None."""

    def __init__(self, current):
        self.current = current
        super().__init__("工作专班已被他人修改")


@dataclass(frozen=True)
class Assigned:
    """What a one-click assignment did: its change set (None: nothing changed), and the rows that could not take it."""

    change_set: ChangeSet | None
    refused: list


@dataclass(frozen=True)
class Filled:
    """What was copied from last year: {plan: [what]}, and the plans that had nothing to take it from."""

    change_set: ChangeSet | None
    copied: dict = field(default_factory=dict)
    without: list = field(default_factory=list)


# Leaders


@transaction.atomic
def assign_leader(*, by, county, tokens, leader, deputy=False):
    """Give one leader (None: nobody) to the plans of `tokens`, which are `pk:plan version:project version` as shown.

    Returns `Assigned`; raises `bulk.RowsMoved` when a row is no longer the one shown. A row that would contradict
    itself is left out and stands in `refused`.
    """
    column = DEPUTY if deputy else BY_KEY["leader"]
    change_set = bulk.apply(by=by, county=county, tokens=tokens, column=column, value=leader)
    asked = bulk.rows(by, [int(token.split(":")[0]) for token in tokens])
    refused = [change for change in bulk.work_out(asked, column, leader) if change.is_change]
    return Assigned(change_set, refused)


# Teams


def content_of(team):
    """What a team says, as `values` of `save_team` with the units as keys; of None, what an empty form says."""
    if team is None:
        return {**dict.fromkeys(TEAM_TEXTS, ""), "member_units": frozenset()}
    units = frozenset(unit.pk for unit in team.member_units.all())
    return {**{name: getattr(team, name) for name in TEAM_TEXTS}, "member_units": units}


def _content(values):
    texts = {name: (values.get(name) or "").strip() for name in TEAM_TEXTS}
    return {**texts, "member_units": frozenset(unit.pk for unit in values.get("member_units") or ())}


def team_problems(county, values):
    """{field: message} of what is wrong with a team as it would be written."""
    team = WorkTeam(**{name: (values.get(name) or "").strip() for name in TEAM_TEXTS})
    problems = {}
    try:
        team.clean_fields(exclude=["county", "plan", "by", "at", "replaced_at"])
    except ValidationError as error:
        problems = {name: messages[0] for name, messages in error.message_dict.items()}
    for name in PHONE_FIELDS:
        phone = getattr(team, name)
        if phone and name not in problems and not PHONES.fullmatch(phone):
            label = WorkTeam._meta.get_field(name).verbose_name
            problems[name] = (
                f"“{label}”{phone} 不像电话。请填 11 位手机号，或带区号的座机如 0355-7831234，几个之间用顿号。"
            )
    foreign = [unit.name for unit in values.get("member_units") or () if unit.county_id != county.pk]
    if foreign:
        problems["member_units"] = f"成员单位“{'、'.join(foreign)}”不在本县，请重新选择。"
    return problems


def _lock(by, plans):
    """{pk: plan} of those this user may edit, locked."""
    changes.take_turn(by.county_id)
    rows = AnnualPlan.objects.editable_by(by).filter(pk__in=[plan.pk for plan in plans]).order_by("pk")
    rows = rows.select_related("county", "project__county", "project__unit", "leader", "deputy_leader")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def current_teams(plans):
    """{plan pk: its current WorkTeam}, with the member units read."""
    teams = WorkTeam.objects.current().filter(plan__in=plans).prefetch_related("member_units")
    return {team.plan_id: team for team in teams}


def _write_teams(change_set, wanted, current):
    """Close the versions of `current` and write one for each of `wanted`, {plan: (texts and member unit keys)}."""
    closing = [current[plan.pk].pk for plan in wanted if plan.pk in current]
    WorkTeam.objects.filter(pk__in=closing).update(replaced_at=change_set.at)
    written = WorkTeam.objects.bulk_create(
        WorkTeam(
            county_id=plan.county_id,
            plan=plan,
            at=change_set.at,
            by=change_set.by,
            **{name: content[name] for name in TEAM_TEXTS},
        )
        for plan, content in wanted.items()
    )
    membership = WorkTeam.member_units.through
    membership.objects.bulk_create(
        membership(workteam_id=team.pk, unit_id=unit)
        for team, content in zip(written, wanted.values(), strict=True)
        for unit in sorted(content["member_units"])
    )
    return written


def save_team(*, by, plan, values, seen):
    """Write the plan's team as a new version. `seen` is the key of the version the form showed, or None.

    `values` are the texts of the model and `member_units`, units. Returns the change set, or None when the team says
    so already; raises `StaleTeam` and `register.Invalid`.
    """
    return save_duties(by=by, plan=plan, plan_values={}, version=None, team_values=values, seen=seen)


@transaction.atomic
def save_duties(*, by, plan, plan_values, version, team_values, seen):
    """The duty page in one go: `plan_values` of PLAN_FIELDS as of the row's `version`, the team as of `seen`.

    Returns the change set, or None when nothing differs. Raises `StaleTeam`, `changes.StaleRow` (only when one of the
    fields it writes was changed by somebody else: weekly reports move the row's version, too) and `register.Invalid`.
    """
    if (locked := _lock(by, [plan]).get(plan.pk)) is None:
        raise AnnualPlan.DoesNotExist
    plan = locked
    before, names = register.changed(plan, plan_values)
    if names and plan.row_version != version and _were_rewritten(plan, before, plan_values, version):
        raise changes.StaleRow(before)
    current = current_teams([plan])
    team, content = current.get(plan.pk), _content(team_values)
    is_new_team = content != content_of(team)
    if is_new_team and seen != (team.pk if team else None):
        raise StaleTeam(team)
    if not names and not is_new_team:
        return None
    _refuse(plan, team_values if is_new_team else {})
    told = register.told(AnnualPlan, before, plan) + (_told_team(team, content, team_values) if is_new_team else [])
    kind = ChangeSet.Kind.DETAILS if is_new_team else ChangeSet.Kind.EDIT
    change_set = changes.begin(kind, county=plan.county, by=by, summary=f"{plan.project.name}：{'；'.join(told)}")
    if names:
        changes.update(change_set, [plan], names)
    if is_new_team:
        _write_teams(change_set, {plan: content}, current)
    return change_set


def _were_rewritten(plan, before, values, version):
    seen = plan.history.filter(row_version=version).order_by("history_id").last()
    attnames = [AnnualPlan._meta.get_field(name).attname for name in values]
    return seen is None or any(getattr(seen, attname) != getattr(before, attname) for attname in attnames)


def _refuse(plan, team_values):
    problems = register.row_faults(plan.project, plan) | team_problems(plan.county, team_values)
    if problems:
        raise register.Invalid(problems)


def _told_team(team, content, values):
    old, told = content_of(team), []
    for name in TEAM_TEXTS:
        if old[name] == content[name]:
            continue
        label = WorkTeam._meta.get_field(name).verbose_name
        if name in PHONE_FIELDS:
            told.append(f"{label}已更新")
        else:
            told.append(f"{label} {old[name] or history.EMPTY} → {content[name] or history.EMPTY}")
    if old["member_units"] != content["member_units"]:
        names = "、".join(unit.name for unit in values.get("member_units") or ())
        told.append(f"成员单位改为 {names or history.EMPTY}")
    return told


# Many plans at once


@transaction.atomic
def copy_team(*, by, source, plans, seen=None):
    """Give the current team of the plan `source` to `plans`; those that have it already stay as they are.

    `seen` is {plan pk: team pk or None} as the page showed; raises `bulk.RowsMoved` where another stands by now.
    Returns the change set, or None when nothing changed.
    """
    locked = _lock(by, [plan for plan in plans if plan.pk != source.pk])
    current = current_teams([source.pk, *locked])
    content = content_of(current.get(source.pk))
    if source.county_id != by.county_id or content == content_of(None):
        raise register.Invalid({"source": f"“{source.project}”还没有填写工作专班，无从复制。"})
    _refuse_moved_teams(locked, current, seen)
    wanted = {plan: content for pk, plan in locked.items() if content != content_of(current.get(pk))}
    if not wanted:
        return None
    summary = f"{_named(wanted)}的工作专班，复制自“{source.project}”"
    change_set = changes.begin(ChangeSet.Kind.DETAILS, county=by.county, by=by, summary=summary)
    _write_teams(change_set, wanted, current)
    return change_set


def _refuse_moved_teams(locked, current, seen):
    standing = {pk: current[pk].pk if pk in current else None for pk in locked}
    moved = [locked[pk].project.name for pk, team in standing.items() if seen is not None and seen.get(pk) != team]
    if moved:
        raise bulk.RowsMoved(moved)


def _named(plans):
    names = [plan.project.name for plan in plans]
    return f"“{names[0]}”" if len(names) == 1 else f"“{names[0]}”等 {len(names)} 个项目"


@transaction.atomic
def copy_last_year(*, by, plans):
    """Fill what is empty in each plan from last year's plan of its project: leader, deputy, target, team. → `Filled`

    What is filled in stays; a leader no longer in office is not taken over.
    """
    locked = _lock(by, plans)
    last_year = _last_year(locked.values())
    teams = current_teams([*locked, *(plan.pk for plan in last_year.values())])
    filled, new_teams, copied = {}, {}, {}
    for plan in locked.values():
        if (source := last_year.get(plan.pk)) is None:
            continue
        names = _fill(plan, source)
        if names:
            filled[plan.pk] = plan
        content = content_of(teams.get(source.pk))
        if content_of(teams.get(plan.pk)) == content_of(None) != content:
            new_teams[plan] = content
        if told := [history.label_of(AnnualPlan, name) for name in names] + [TEAM] * (plan in new_teams):
            copied[plan] = told
    without = [plan for plan in locked.values() if plan.pk not in last_year]
    if not copied:
        return Filled(None, {}, without)
    change_set = _begin_copy(by, copied, new_teams)
    changes.update(change_set, filled.values(), PLAN_FIELDS)
    _write_teams(change_set, new_teams, teams)
    return Filled(change_set, copied, without)


def _last_year(plans):
    """{plan pk: the plan of the same project a year before}."""
    rows = AnnualPlan.objects.filter(project__in=[plan.project_id for plan in plans])
    rows = {(row.project_id, row.year): row for row in rows.select_related("leader", "deputy_leader")}
    found = {plan.pk: rows.get((plan.project_id, plan.year - 1)) for plan in plans}
    return {pk: row for pk, row in found.items() if row is not None}


def _fill(plan, source):
    """Take over what `plan` lacks; returns the names of the fields taken."""
    values = {"annual_target": source.annual_target}
    for name in ("leader", "deputy_leader"):
        leader = getattr(source, name)
        values[name] = leader if leader is not None and leader.is_active else None
    taken = [name for name in PLAN_FIELDS if not getattr(plan, name) and values[name]]
    if {"leader", "deputy_leader"} & set(taken) and _same_twice(plan, values, taken):
        taken.remove("deputy_leader" if "deputy_leader" in taken else "leader")
    for name in taken:
        setattr(plan, name, values[name])
    return taken


def _same_twice(plan, values, taken):
    leader, deputy = (values[name] if name in taken else getattr(plan, name) for name in ("leader", "deputy_leader"))
    return leader is not None and leader == deputy


def _begin_copy(by, copied, new_teams):
    what = list(dict.fromkeys(label for labels in copied.values() for label in labels))
    kind = ChangeSet.Kind.DETAILS if new_teams else ChangeSet.Kind.BULK
    summary = f"{_named(copied)}从上年计划复制{'、'.join(what)}"
    return changes.begin(kind, county=by.county, by=by, summary=summary)
