"""Schedules of the demo's projects: laid out by template in January, approved, met or missed as the works went on."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace
from itertools import accumulate

from portfolio.actions import schedule
from portfolio.models import Milestone, ScheduleChange
from portfolio.models.schedule import ChangeReason
from portfolio.schedule_entries import MilestoneEntry
from portfolio.schedule_templates import lay_out, proposed_for, spread
from portfolio.weeks import Week
from qinyuan_projects.demo import tables
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.rows import BUILDING, PLANNED
from qinyuan_projects.demo.timeline import Event, at

ENTERED, APPROVED = at(1, 11, 14), at(1, 18, 15)
RECORDED = (at(1, 31, 16), at(2, 29, 16), at(3, 29, 16), at(4, 30, 16), at(5, 29, 16))
WITHOUT, NOT_APPROVED, NOT_LAID_OUT_BEFORE_START = 0.06, 0.05, 0.45
EVIDENCE = ("监理例会纪要", "分部工程验收记录", "现场照片和施工日志", "月进度报表")
TAKEN_IN_LATER = frozenset(row.name for row in tables.taken_in(tables.may_rows()).values())
BELATED = dt.timedelta(days=45)

# project, (month, day), 更正 or 延期, reason, words
DELAY, CORRECTION = ScheduleChange.Kind.DELAY, ScheduleChange.Kind.CORRECTION
CHANGES = (
    ("县城商业综合体项目", (4, 25), DELAY, ChangeReason.FUNDS, "投资方资金分批到位，装修阶段顺延，已签补充协议。"),
    ("枣林坪焦化厂干熄焦余热发电项目", (5, 6), DELAY, ChangeReason.SUPPLY, "汽轮机厂家排产推迟，调整安装节点。"),
    ("聪子峪乡沁河干流河道综合治理工程", (5, 8), DELAY, ChangeReason.LAND, "河滩地补偿未谈妥，汛前只做已交地段。"),
    ("沁河源头文化生态旅游区项目", (5, 9), DELAY, ChangeReason.DESIGN, "游客中心设计变更，待审批后复工。"),
    ("韩洪乡枣林坪历史遗留矿山生态修复项目", (4, 30), DELAY, ChangeReason.LAND, "进场道路协调未果，栽植改到秋季。"),
    ("县级粮食储备库建设项目", (4, 18), DELAY, ChangeReason.WEATHER, "冬季停工时间比预计长，基础完工顺延。"),
    ("县中医院康复楼建设项目", (4, 22), DELAY, ChangeReason.CONSTRUCTION, "更换劳务队伍，增加班组赶工。"),
    ("交口乡寄宿制学校建设项目", (5, 14), DELAY, ChangeReason.FUNDS, "等待专项债资金下达，室外工程顺延。"),
    ("郭道镇至杏花峪县乡公路改造工程", (3, 20), CORRECTION, ChangeReason.TYPO, "原把桥涵完工的月份写错，按合同更正。"),
    ("智慧校园建设项目", (3, 12), CORRECTION, ChangeReason.TYPO, "原节点日期漏看合同附件，按附件更正。"),
    ("公共安全视频监控补盲项目", (2, 27), CORRECTION, ChangeReason.TYPO, "原节点日期填早了一个月，按合同更正。"),
)


def events(actors, rows, reports):
    """`reports` are those of the half year, {project name: {week: Answers}}: a node is done when its share is."""
    chosen = {row.name: row for row in rows if _has_schedule(row)}
    yield Event(ENTERED, lambda: [_enter(actors, row, reports[name]) for name, row in chosen.items()])
    yield Event(APPROVED, lambda: [_approve(actors, name) for name in chosen if _rng(name).random() >= NOT_APPROVED])
    for moment in RECORDED:
        yield Event(moment, lambda moment=moment: _record(actors, chosen, reports, moment))
    for name, day, *change in CHANGES:
        if name in chosen:
            yield Event(at(*day, 11), lambda name=name, change=change: _change(actors, name, *change))


def _rng(name):
    return random.Random(f"{SEED} schedule {name}")


def _has_schedule(row):
    if not (row.unit and row.start and row.finish and row.planned) or row.name in TAKEN_IN_LATER:
        return False
    if row.name in {name for name, *_ in CHANGES}:
        return True
    share = {BUILDING: WITHOUT, PLANNED: NOT_LAID_OUT_BEFORE_START}.get(row.stage, 1)
    return random.Random(f"{SEED} has schedule {row.name}").random() >= share


def _enter(actors, row, reports):
    plan = actors.plan(row.name)
    template = proposed_for(plan.project)
    start, finish = row.start.first_day, max(row.finish.last_day, row.start.first_day + dt.timedelta(days=60))
    entries = lay_out(template, start, finish, unit=plan.project.unit)
    done = _done_days(entries, start, reports)
    milestones = [
        replace(entry, done_on=day, evidence=_rng(entry.name).choice(EVIDENCE))
        if day and day <= ENTERED.date()
        else entry
        for entry, day in zip(entries, done, strict=True)
    ]
    first_month = start.month if start.year == YEAR else 1
    schedule.save_schedule(
        by=actors.of_unit(row.unit),
        plan=plan,
        milestones=milestones,
        monthly=_monthly(row, first_month),
        version=schedule.NOT_STARTED,
        template=template.key,
    )


def _monthly(row, first_month):
    """The year's plan over the months from the start to the finish, if that is this year."""
    if row.finish.last_day.year > YEAR:
        return spread(row.planned, first_month)
    amounts = spread(row.planned, first_month)
    last = max(row.finish.last_day.month, first_month)
    kept = sum(amounts[:last])
    scaled = [(amount * row.planned / kept).quantize(amount) if kept else amount for amount in amounts[:last]]
    scaled[-1] += row.planned - sum(scaled)
    return [*scaled, *([amounts[0] * 0] * (12 - last))]


def _done_days(entries, start, reports):
    """When each node was reached, by the works percent that was reported; None for those still to come."""
    shares = accumulate(entry.weight for entry in entries)
    return [_day_of(entry, share, start, reports) for entry, share in zip(entries, shares, strict=True)]


def _day_of(entry, share, start, reports):
    reached = [week for week, report in reports.items() if (report.works_percent or -1) >= share]
    if entry.kind == Milestone.Kind.START:
        begun = any(report.works_percent is not None for report in reports.values())
        return start if begun else None
    if not reached:
        return None
    if reached[0] == min(reports):
        # Before this year's first report: as planned, or where that is later, in the last weeks of the year before.
        return min(entry.due, dt.date(YEAR - 1, 12, 12 + _rng(entry.name).randint(0, 15)))
    return Week(YEAR, reached[0]).monday + dt.timedelta(days=2)


def _approve(actors, name):
    plan = actors.plan(name)
    schedule.approve(by=actors.office, plan=plan, version=schedule.version_of(plan))


def _record(actors, chosen, reports, moment):
    """What was reached since the last month's end."""
    waiting = defaultdict(list)
    milestones = Milestone.objects.filter(county=actors.county, plan__project__name__in=chosen)
    for milestone in milestones.select_related("plan__project"):
        waiting[milestone.plan].append(milestone)
    for plan, nodes in waiting.items():
        row = chosen[plan.project.name]
        days = _done_days(nodes, row.start.first_day, reports[row.name])
        for milestone, done_on in zip(nodes, days, strict=True):
            if milestone.done_on is None and done_on and done_on <= moment.date():
                schedule.record_done(
                    by=actors.of_unit(row.unit),
                    milestone=milestone,
                    done_on=done_on,
                    evidence=_rng(milestone.name).choice(EVIDENCE),
                    version=schedule.version_of(plan),
                )


def _change(actors, name, kind, reason, words):
    """The nodes that are still to come move; a correction moves one of them, by a month."""
    plan = actors.plan(name)
    entries = [MilestoneEntry.of(milestone) for milestone in plan.milestones.all()]
    open_ones = [entry for entry in entries if entry.done_on is None]
    moving = {entry.pk for entry in (open_ones[:1] if kind == CORRECTION else open_ones)}
    schedule.save_schedule(
        by=actors.of_unit(plan.project.unit.name),
        plan=plan,
        milestones=[replace(e, due=e.due + BELATED) if e.pk in moving else e for e in entries],
        monthly=_amounts(plan),
        version=schedule.version_of(plan),
        kind=kind,
        reason=reason,
        words=words,
    )


def _amounts(plan):
    return list(plan.monthly_targets.order_by("month").values_list("amount", flat=True))
