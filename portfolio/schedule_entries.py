"""A schedule as plain values, as a form, a pasted block or a template gives it, and what can be wrong with it."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal

from accounts.models import Unit
from portfolio.models import Milestone
from portfolio.money import MAX_WAN

MOST_MILESTONES = 60
HUNDRED = Decimal(100)
NAME_LENGTH = Milestone._meta.get_field("name").max_length
EVIDENCE_LENGTH = Milestone._meta.get_field("evidence").max_length


@dataclass(frozen=True)
class MilestoneEntry:
    """A milestone as it should be; `pk` None is a new one."""

    name: str
    due: dt.date
    kind: str = Milestone.Kind.NODE
    weight: Decimal | None = None
    unit: Unit | None = None
    done_on: dt.date | None = None
    evidence: str = ""
    pk: int | None = None

    @classmethod
    def of(cls, milestone):
        """As a stored milestone stands."""
        return cls(**{field.name: getattr(milestone, field.name) for field in fields(cls)})

    @property
    def content(self):
        """Everything but the key: two entries are the same to a reader when their content is."""
        return self.name, self.kind, self.due, self.weight, self.unit, self.done_on, self.evidence


VALUES = tuple(field.name for field in fields(MilestoneEntry) if field.name != "pk")


def faults(milestones, monthly, *, county_id, today):
    """{key: message} of all that is wrong: `3-due` is the third milestone's planned day, `month-4` April's amount."""
    found = {}
    for number, entry in enumerate(milestones, 1):
        for field, message in _milestone_faults(entry, county_id, today):
            found.setdefault(f"{number}-{field}", f"第 {number} 行“{entry.name or '未命名'}”：{message}")
    if len(milestones) > MOST_MILESTONES:
        found["milestones"] = f"最多 {MOST_MILESTONES} 个节点，现有 {len(milestones)} 个，请合并。"
    for month, amount in enumerate(monthly or (), 1):
        if amount is None or not 0 <= amount <= MAX_WAN:
            found[f"month-{month}"] = f"{month}月计划投资应是 0 到 12 位整数之间的数值，请核对。"
    return found


def _milestone_faults(entry, county_id, today):
    if not entry.name.strip():
        yield "name", "没有写节点名称，请填写，如：主体结构封顶。"
    if len(entry.name) > NAME_LENGTH:
        yield "name", f"节点名称超过 {NAME_LENGTH} 字，请缩短。"
    if entry.due is None:
        yield "due", "没有写计划完成日期，请填写，如 2024-06-30。"
    if entry.kind not in Milestone.Kind.values:
        yield "kind", "类型应是开工、节点或竣工，请重新选择。"
    if entry.weight is not None and not 0 <= entry.weight <= HUNDRED:
        yield "weight", f"权重 {entry.weight} 应在 0 到 100 之间，请核对。"
    if entry.unit is not None and entry.unit.county_id != county_id:
        yield "unit", "所选的责任单位不在本县，请重新选择。"
    if entry.done_on is not None and entry.done_on > today:
        yield "done_on", f"实际完成 {entry.done_on} 还没有到，请填写 {today} 或更早的日期。"
    if len(entry.evidence) > EVIDENCE_LENGTH:
        yield "evidence", f"完成依据超过 {EVIDENCE_LENGTH} 字，请缩短。"
