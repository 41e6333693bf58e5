"""Words to chase missing reports with (催报): per unit and for all, ready to be pasted into a message."""

from dataclasses import dataclass

from django.utils.timezone import localtime

from accounts.models import User
from accounts.roles import Role


@dataclass(frozen=True)
class Reminder:
    """One unit's missing reports. `reporters` are the names of its reporters, as far as it has accounts."""

    unit: object
    rows: list
    reporters: tuple
    text: str


def reminders(county_week):
    """[Reminder] for each unit with missing reports, most first."""
    units = [unit for unit in county_week.units if unit.missing_rows]
    names = _reporters(county_week.county, [unit.pk for unit in units])
    return [
        Reminder(unit, unit.missing_rows, tuple(names.get(unit.pk, ())), _unit_text(county_week, unit))
        for unit in units
    ]


def text_for_all(county_week):
    """One message that names every unit and its projects."""
    counts = county_week.counts
    units = [unit for unit in county_week.units if unit.missing_rows]
    lines = [
        f"【周调度催报】{_week_words(county_week)}，应报 {counts['due']} 个，已报 {counts['reported']} 个，"
        f"尚有 {len(units)} 个单位 {counts['missing']} 个项目未报："
    ]
    for unit in units:
        lines.append(f"{unit.name}（{len(unit.missing_rows)} 个）：{'、'.join(map(_named, unit.missing_rows))}")
    return "\n".join(lines)


def _unit_text(county_week, unit):
    rows = unit.missing_rows
    named = "；".join(f"{number}. {_named(row)}" for number, row in enumerate(rows, 1))
    return (
        f"【周调度催报】{unit.name}：{_week_words(county_week)}，你单位应报 {len(unit.rows)} 个，"
        f"还有 {len(rows)} 个未报：{named}。请尽快登录系统填报。"
    )


def _named(row):
    return f"{row.name}（已退回，请修改后重报）" if row.is_returned else row.name


def _week_words(county_week):
    due = localtime(county_week.due_at)
    passed = "已过" if county_week.is_past_due else ""
    return f"{county_week.week.label}调度{passed}截止时间 {due.month}月{due.day}日{due:%H:%M}"


def _reporters(county, units):
    """{unit key: [name]}."""
    found = {}
    users = User.objects.filter(county=county, unit__in=units, role=Role.REPORTER, is_active=True)
    for unit, name in users.order_by("name").values_list("unit_id", "name"):
        found.setdefault(unit, []).append(name)
    return found
