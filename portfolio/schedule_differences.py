"""In what a schedule as it should be differs from the stored one, and which of it moves an approved plan."""

from dataclasses import dataclass, field
from itertools import accumulate

from portfolio.figures import wan
from portfolio.models import ScheduleChange
from portfolio.schedule_entries import VALUES, MilestoneEntry

DELAY = ScheduleChange.Kind.DELAY
TOLD = 3  # moves named in a summary; the rest is counted


@dataclass
class Differences:
    """`changed` pairs stored milestones, which carry their new values already, with the entry that stood before."""

    entries: list
    monthly: list | None
    months: dict
    added: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    changed_months: list = field(default_factory=list)
    added_months: list = field(default_factory=list)

    @classmethod
    def between(cls, plan, entries, monthly):
        """`entries` with a key that the plan has no milestone for are `unknown`: somebody removed it meanwhile."""
        stored = {milestone.pk: milestone for milestone in plan.milestones.select_related("unit")}
        found = cls(list(entries), monthly, {target.month: target for target in plan.monthly_targets.all()})
        for seq, entry in enumerate(found.entries, 1):
            found._place(seq, entry, stored)
        found.removed = list(stored.values())
        for month, amount in enumerate(monthly or (), 1):
            target = found.months.get(month)
            if target is None:
                found.added_months.append((month, amount))
            elif target.amount != amount:
                found.changed_months.append((target, amount))
        return found

    def _place(self, seq, entry, stored):
        if entry.pk is None:
            self.added.append((seq, entry))
            return
        milestone = stored.pop(entry.pk, None)
        if milestone is None:
            self.unknown.append(entry)
            return
        before = MilestoneEntry.of(milestone)
        if (before, milestone.seq) != (entry, seq):
            for name in VALUES:
                setattr(milestone, name, getattr(entry, name))
            milestone.seq = seq
            self.changed.append((milestone, before))

    def __bool__(self):
        return bool(self.added or self.changed or self.removed or self.touches_months)

    @property
    def touches_months(self):
        return bool(self.changed_months or self.added_months or (self.months and self.monthly is None))

    @property
    def moved(self):
        """[(milestone, the day that stood before)] whose planned day is another."""
        return [(milestone, before.due) for milestone, before in self.changed if milestone.due != before.due]

    @property
    def moves(self):
        """What an approved schedule must explain, as the values of one `ScheduleChange` each."""
        return [*self._milestone_moves(), *self._month_moves()]

    def _milestone_moves(self):
        for milestone, due in self.moved:
            what = f"节点“{milestone.name}”计划完成 {due} → {milestone.due}"
            yield {"milestone": milestone, "what": what, "due_before": due, "due_after": milestone.due}
        for milestone in self.removed:
            what = f"删除节点“{milestone.name}”（最初计划 {milestone.original_due}）"
            yield {"what": what, "due_before": milestone.due}
        for _, entry in self.added:
            yield {"what": f"增加节点“{entry.name}”（计划 {entry.due}）", "due_after": entry.due}

    def _month_moves(self):
        for target, amount in self.changed_months:
            what = f"{target.month}月计划投资 {wan(target.amount)} → {wan(amount)} 万元"
            yield {"month": target.month, "what": what, "amount_before": target.amount, "amount_after": amount}
        for month, amount in self.added_months:
            yield {"month": month, "what": f"{month}月计划投资 定为 {wan(amount)} 万元", "amount_after": amount}

    def faults(self, is_approved):
        """{key: message} of what can't be written however it is explained."""
        found = {}
        if self.monthly is not None and len(self.monthly) != 12:
            found["monthly"] = "月度计划应有 12 个月，请逐月填写，没有投资的月份填 0。"
        if self.monthly is None and self.months and is_approved:
            found["monthly"] = "已审定的月度计划不能整体清空，请逐月修改，没有投资的月份填 0。"
        if self.unknown:
            names = "、".join(entry.name for entry in self.unknown[:TOLD])
            found["milestones"] = f"节点“{names}”已不在这个计划里，请重新打开页面核对。"
        return found

    def kind_faults(self, kind):
        """延期 moves nodes later and money back; anything else is a correction."""
        if kind != DELAY:
            return {}
        found = {}
        for milestone, due in self.moved:
            if milestone.due < due:
                told = f"第 {milestone.seq} 行“{milestone.name}”由 {due} 提前到 {milestone.due}"
                found[f"{milestone.seq}-due"] = f"{told}，不是延期。请改选“更正”，或与延期分两次保存。"
        if self.added or self.removed:
            found["change_kind"] = "增加或删除节点不是延期。请改选“更正”，或与延期分两次保存。"
        if month := self._month_brought_forward():
            told = f"改后 1 至 {month} 月的计划投资比原来多"
            found[f"month-{month}"] = f"{told}，不是延期。请改选“更正”，或与延期分两次保存。"
        return found

    def _month_brought_forward(self):
        """The first month by whose end more money is planned than before; None when money only moves later."""
        if not self.changed_months or self.monthly is None:
            return None
        before = accumulate(self.months[month].amount if month in self.months else 0 for month in range(1, 13))
        sums = enumerate(zip(before, accumulate(self.monthly), strict=True), 1)
        return next((month for month, (old, new) in sums if new > old), None)

    def summary(self, is_approved, kind):
        """What was done, for the change set: the moves of an approved schedule by name, else numbers of nodes."""
        told = [move["what"] for move in self.moves] if is_approved else []
        if told:
            rest = f"等 {len(told)} 处" if len(told) > TOLD else ""
            return f"{ScheduleChange.Kind(kind).label}，{'；'.join(told[:TOLD])}{rest}"
        counts = (("新增", self.added), ("修改", self.changed), ("删除", self.removed))
        parts = [f"{verb} {len(rows)} 个节点" for verb, rows in counts if rows]
        parts += ["月度计划投资"] if self.touches_months else []
        return f"工期计划 {'、'.join(parts)}" if parts else "工期计划 选用模板"


def differs_from_stored(plan, entries, monthly):
    """Whether a page that was sent says anything else than what is stored, keys aside: sent twice, it does not."""
    stored = [MilestoneEntry.of(milestone) for milestone in plan.milestones.select_related("unit").order_by("seq")]
    months = {target.month: target.amount for target in plan.monthly_targets.all()}
    amounts = None if monthly is None else dict(enumerate(monthly, 1))
    return [entry.content for entry in stored] != [entry.content for entry in entries] or (months or None) != amounts
