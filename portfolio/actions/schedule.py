"""Writing schedules (工期计划): a whole page at once, its approval, and what is done.

Usual nodes and spread amounts to start from are laid out by `portfolio.schedule_templates`. `version_of` is the
version that every writer must have read.
"""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Right, has_right
from portfolio.actions import changes
from portfolio.actions.register import Invalid
from portfolio.models import AnnualPlan, ChangeSet, Milestone, MonthlyTarget, Schedule, ScheduleChange
from portfolio.models.schedule import ChangeReason
from portfolio.money import to_cent
from portfolio.schedule_differences import Differences
from portfolio.schedule_entries import VALUES, MilestoneEntry, faults

NOT_STARTED = 0  # the version of a plan's schedule before it is first saved


def version_of(plan):
    schedule = Schedule.objects.filter(plan=plan).first()
    return schedule.row_version if schedule else NOT_STARTED


@transaction.atomic
def save_schedule(
    *, by, plan, milestones, monthly, version, kind=None, reason="", words="", template=None, form_key=None
):
    """Write the whole schedule: a list of `MilestoneEntry` in order, and twelve amounts in 万元 (None: none planned).

    Of an approved schedule the first plan stays; whatever moves is told in `kind` (更正 or 延期), `reason` and `words`.
    Gives the change set, or None when nothing differs. Raises `StaleRow` and `Invalid`; neither writes anything.
    """
    plan = _lock_plan(by, plan)
    schedule = _current(plan, version)
    monthly = [to_cent(amount) for amount in monthly] if monthly is not None else None
    differences = Differences.between(plan, milestones, monthly)
    _check(plan, schedule, differences, kind, reason, words)
    if not differences and (template is None or template == schedule.template):
        return None
    change_set = changes.begin(
        ChangeSet.Kind.SCHEDULE,
        county=plan.county,
        by=by,
        summary=f"{plan.project}：{differences.summary(schedule.is_approved, kind)}",
        form_key=form_key,
    )
    if schedule.is_approved:
        _note_moves(change_set, plan, differences, kind, reason, words.strip())
    _write(change_set, plan, differences, first_plan_moves=not schedule.is_approved)
    _move_on(schedule, template)
    return change_set


@transaction.atomic
def approve(*, by, plan, version):
    """Freeze the first plan (审定). An approved schedule is left as it is."""
    if not has_right(by, Right.EDIT_REGISTER):
        raise PermissionDenied
    plan = _lock_plan(by, plan)
    schedule = Schedule.objects.filter(plan=plan).first()
    if schedule is not None and schedule.is_approved:
        return None
    schedule = _current(plan, version)
    if not plan.milestones.exists():
        raise Invalid({"milestones": "还没有工期节点，不能审定。请先编制节点并保存。"})
    change_set = changes.begin(
        ChangeSet.Kind.SCHEDULE, county=plan.county, by=by, summary=f"{plan.project}：审定工期计划"
    )
    schedule.approved_at, schedule.approved_by = change_set.at, by
    _move_on(schedule)
    return change_set


@transaction.atomic
def record_done(*, by, milestone, done_on, evidence="", version):
    """What day a milestone was reached, on what evidence; `done_on` None takes it back. No reason is asked for."""
    plan = _lock_plan(by, milestone.plan)
    schedule = _current(plan, version)
    milestone = plan.milestones.select_for_update(of=("self",), no_key=True).get(pk=milestone.pk)
    before = MilestoneEntry.of(milestone)
    after = replace(before, done_on=done_on, evidence=evidence.strip() if done_on else "")
    if after == before:
        return None
    _raise(faults([after], None, county_id=plan.county_id, today=plan.county.business_today()))
    told = f"{done_on} 完成" if done_on else "撤销完成"
    change_set = changes.begin(
        ChangeSet.Kind.SCHEDULE, county=plan.county, by=by, summary=f"{plan.project}：节点“{milestone}”{told}"
    )
    milestone.done_on, milestone.evidence = after.done_on, after.evidence
    changes.update(change_set, [milestone], ["done_on", "evidence"])
    _move_on(schedule)
    return change_set


def _lock_plan(by, plan):
    """Whoever writes a schedule holds its plan's row, so that two first saves come one after the other."""
    plans = AnnualPlan.objects.schedulable_by(by).select_related("project", "county")
    changes.take_turn(by.county_id)
    return plans.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)


def _current(plan, version):
    """The schedule, not yet stored where there is none; `StaleRow` if it is no longer the version that was read."""
    schedule = Schedule.objects.filter(plan=plan).first()
    schedule = schedule or Schedule(county=plan.county, plan=plan, row_version=NOT_STARTED)
    schedule.plan = plan
    if schedule.row_version != version:
        raise changes.StaleRow(schedule)
    return schedule


def _move_on(schedule, template=None):
    if template is not None:
        schedule.template = template
    schedule.row_version += 1
    schedule.save()


def _raise(problems):
    if problems:
        raise Invalid(problems)


def _check(plan, schedule, differences, kind, reason, words):
    county = plan.county
    entries, monthly = differences.entries, differences.monthly
    problems = faults(entries, monthly, county_id=county.pk, today=county.business_today())
    problems |= differences.faults(schedule.is_approved)
    if not problems and schedule.is_approved and differences.moves:
        problems = _explanation_faults(kind, reason, words) | differences.kind_faults(kind)
    _raise(problems)


def _explanation_faults(kind, reason, words):
    found = {}
    if kind not in ScheduleChange.Kind.values:
        found["change_kind"] = "工期计划已审定，改动计划日期、月度计划或增减节点，请先选择是“更正”还是“延期”。"
    if reason not in ChangeReason.values:
        found["change_reason"] = "请选择变更原因。"
    longest = ScheduleChange._meta.get_field("words").max_length
    if not words.strip():
        asked = "原来填错了什么" if kind == ScheduleChange.Kind.CORRECTION else "为什么延期、怎样赶工"
        found["change_words"] = f"请写明{asked}。"
    elif len(words.strip()) > longest:
        found["change_words"] = f"说明超过 {longest} 字，请缩短。"
    return found


def _note_moves(change_set, plan, differences, kind, reason, words):
    ScheduleChange.objects.bulk_create(
        ScheduleChange(
            county=plan.county,
            plan=plan,
            kind=kind,
            reason=reason,
            words=words,
            at=change_set.at,
            by=change_set.by,
            change_set=change_set,
            **move,
        )
        for move in differences.moves
    )


def _write(change_set, plan, differences, *, first_plan_moves):
    """With `first_plan_moves`, the original plan follows the latest: nothing has been approved yet."""
    owner = {"county": plan.county, "plan": plan}
    removed = [milestone.pk for milestone in differences.removed]
    if removed:
        # The log speaks of removed milestones in words.
        ScheduleChange.objects.filter(milestone__in=removed).update(milestone=None)
        changes.delete(change_set, Milestone.objects.filter(pk__in=removed))
    for milestone, _ in differences.changed:
        if first_plan_moves:
            milestone.original_due = milestone.due
    changes.update(change_set, [milestone for milestone, _ in differences.changed], [*VALUES, "seq", "original_due"])
    changes.create(
        change_set,
        [
            Milestone(**owner, seq=seq, original_due=entry.due, **{name: getattr(entry, name) for name in VALUES})
            for seq, entry in differences.added
        ],
    )
    _write_monthly(change_set, owner, differences, first_plan_moves)


def _write_monthly(change_set, owner, differences, first_plan_moves):
    changed = []
    for target, amount in differences.changed_months:
        target.amount = amount
        if first_plan_moves:
            target.original_amount = amount
        changed.append(target)
    changes.update(change_set, changed, ["amount", "original_amount"])
    changes.create(
        change_set,
        [
            MonthlyTarget(**owner, month=month, amount=amount, original_amount=amount)
            for month, amount in differences.added_months
        ],
    )
    if differences.monthly is None and differences.months:
        months = [target.pk for target in differences.months.values()]
        changes.delete(change_set, MonthlyTarget.objects.filter(pk__in=months))
