"""The versions of the light rules as they are told and checked: what each changed, and what a new one may say."""

import dataclasses
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.figures import wan
from portfolio.models.judging import LightRule, Yardstick
from portfolio.progress import DEFAULTS, Thresholds

SETTINGS = tuple(each.name for each in dataclasses.fields(Thresholds) if each.name not in ("version", "since"))
# (the milder, the graver, how the graver must stand to the milder)
IN_ORDER = (
    ("yellow_points", "red_points", "大于"),
    ("yellow_ratio", "red_ratio", "小于"),
    ("registration_yellow_months", "registration_red_months", "大于"),
)


class Refused(Exception):
    """A new version can't be made; `errors` is {field, or None for the whole: why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("".join(errors.values()))


def label(name):
    return LightRule._meta.get_field(name).verbose_name


def plain(value):
    """A stored figure without its idle zeros: 10.00 → 10, for a form and for comparing."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def told(name, value):
    """A setting with its unit."""
    if name == "yardstick":
        return Yardstick(value).label
    if name == "registration_from":
        return f"{wan(value)} 万元"
    unit = "%" if name.endswith("_ratio") else {"points": " 个百分点", "months": " 个月"}.get(name.split("_")[-1], "")
    return f"{plain(value)}{unit}"


@dataclass(frozen=True)
class Setting:
    """One threshold with what it was before (or is by default)."""

    label: str
    before: str
    now: str

    @property
    def is_changed(self):
        return self.before != self.now


def settings(before, now):
    """A `Setting` for each threshold of two `Thresholds`."""
    return [
        Setting(label(name), told(name, getattr(before, name)), told(name, getattr(now, name))) for name in SETTINGS
    ]


@dataclass(frozen=True)
class Version:
    """One version; `rule` is None for the default. `state`: 执行中, 未到执行日期, 已由新版替代."""

    thresholds: Thresholds
    state: str
    rule: LightRule | None = None
    changed: list[Setting] = field(default_factory=list)


def versions(county, in_force):
    """All versions, the latest first, the default last. `in_force` is the number of the one in force."""
    found, before = [Version(DEFAULTS, _state(0, in_force))], DEFAULTS
    for rule in LightRule.objects.filter(county=county).select_related("made_by").order_by("version"):
        now = Thresholds.of(rule)
        changed = [each for each in settings(before, now) if each.is_changed]
        found.append(Version(now, _state(rule.version, in_force), rule, changed))
        before = now
    return found[::-1]


def _state(version, in_force):
    if version == in_force:
        return "执行中"
    return "未到执行日期" if version > in_force else "已由新版替代"


def latest(county):
    """The `Thresholds` that a new version follows: the last made, which may not be in force yet."""
    rule = LightRule.objects.filter(county=county).order_by("-version").first()
    return Thresholds.of(rule) if rule else DEFAULTS


def insist(values, before, today):
    """Raise `Refused` unless `values` ({field of LightRule: value}) may follow the version `before`."""
    errors = _out_of_order(values) | _too_early(values["since"], before, today)
    if values["registration_from"] < 0:
        errors["registration_from"] = "“起统投资额”不能小于 0，请填写万元数。"
    if not errors and all(values[name] == getattr(before, name) for name in SETTINGS):
        errors[None] = f"各项都与{before.name}相同，没有保存。请修改要调整的项再保存。"
    if errors:
        raise Refused(errors)


def _out_of_order(values):
    """A yellow light must be lit before a red one."""
    errors = {}
    for milder, graver, must in IN_ORDER:
        yellow, red = values[milder], values[graver]
        if not (red > yellow if must == "大于" else red < yellow):
            errors[graver] = (
                f"“{label(graver)}”（{plain(red)}）应{must}“{label(milder)}”（{plain(yellow)}），请修改其中一项。"
            )
    return errors


def _too_early(since, before, today):
    if since < today:
        return {"since": f"新规则不能追溯执行，请填写 {today} 或以后的日期。"}
    if before.since and since < before.since:
        return {"since": f"第 {before.version} 版自 {before.since} 起执行，请填写这一天或以后的日期。"}
    return {}
