"""The thresholds of the lights as they are told and checked: what each is called, and what a new version may say."""

import dataclasses

from portfolio.figures import wan
from portfolio.models.judging import LightRule, Yardstick
from portfolio.progress import DEFAULTS, Thresholds
from portfolio.rule_versions import Rulebook, Setting, plain

SETTINGS = tuple(each.name for each in dataclasses.fields(Thresholds) if each.name not in ("version", "since"))
# (the milder, the graver, how the graver must stand to the milder)
IN_ORDER = (
    ("yellow_points", "red_points", "大于"),
    ("yellow_ratio", "red_ratio", "小于"),
    ("registration_yellow_months", "registration_red_months", "大于"),
)


def label(name):
    return LightRule._meta.get_field(name).verbose_name


def told(name, value):
    """A setting with its unit."""
    if name == "yardstick":
        return Yardstick(value).label
    if name == "registration_from":
        return f"{wan(value)} 万元"
    unit = "%" if name.endswith("_ratio") else {"points": " 个百分点", "months": " 个月"}.get(name.split("_")[-1], "")
    return f"{plain(value)}{unit}"


def settings(before, now):
    """A `Setting` for each threshold of two `Thresholds`."""
    return [
        Setting(label(name), told(name, getattr(before, name)), told(name, getattr(now, name))) for name in SETTINGS
    ]


def _errors(values, before):
    """A yellow light must be lit before a red one."""
    errors = {}
    for milder, graver, must in IN_ORDER:
        yellow, red = values[milder], values[graver]
        if not (red > yellow if must == "大于" else red < yellow):
            errors[graver] = (
                f"“{label(graver)}”（{plain(red)}）应{must}“{label(milder)}”（{plain(yellow)}），请修改其中一项。"
            )
    if values["registration_from"] < 0:
        errors["registration_from"] = "“起统投资额”不能小于 0，请填写万元数。"
    return errors


LIGHTS = Rulebook(LightRule, DEFAULTS, settings, _errors)
