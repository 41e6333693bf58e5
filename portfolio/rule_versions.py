"""Rules that are data, version by version: what a kind of rule says of its versions, and asks of a new one.

A version is never changed: it holds from a day on, until the next. Version 0 is the default that the code brings.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.models import judging


class Refused(Exception):
    """A new version can't be made; `errors` is {field, or None for the whole: why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("".join(errors.values()))


class Stale(Refused):
    """Somebody else made a version since the sender's page was made; `version` is the number of the latest."""

    def __init__(self, version, why):
        self.version = version
        super().__init__({None: why})


def plain(value):
    """A stored figure without its idle zeros: 10.00 → 10, for a form and for comparing."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class Setting:
    """One thing that a rule sets, with what it was before (or is by default)."""

    label: str
    before: str
    now: str

    @property
    def is_changed(self):
        return self.before != self.now


@dataclass(frozen=True)
class Version:
    """One version; `row` is None for the default. `state`: 执行中, 未到执行日期, 已由新版替代."""

    row: judging.Version | None
    state: str
    changed: list[Setting] = field(default_factory=list)

    @property
    def number(self):
        return self.row.version if self.row else 0


@dataclass(frozen=True)
class Rulebook:
    """A kind of rule. `model` keeps its versions; `default` holds what version 0 sets, and its class what a row does.

    `settings(before, now)` tells two of those side by side; `errors(values, before)` is what speaks against new values
    ({field of the model: value}) apart from their day, as `Refused` has it.
    """

    model: type[judging.Version]
    default: object
    settings: Callable
    errors: Callable

    def latest(self, county):
        """What a new version follows: the last made, which may not be in force yet."""
        row = self.model.objects.filter(county=county).order_by("-version").first()
        return self.default.of(row) if row else self.default

    def changed(self, before, now):
        return [setting for setting in self.settings(before, now) if setting.is_changed]

    def versions(self, county, in_force):
        """All versions, the latest first, the default last. `in_force` is the number of the one in force."""
        found, before = [Version(None, _state(0, in_force))], self.default
        for row in self.model.objects.filter(county=county).select_related("made_by").order_by("version"):
            now = self.default.of(row)
            found.append(Version(row, _state(row.version, in_force), self.changed(before, now)))
            before = now
        return found[::-1]

    def insist_on_latest(self, follows, values, before):
        """Raise `Stale` unless `before`, the version that comes before, is the one numbered `follows`."""
        if before.version == follows:
            return
        typed = self.default.of(self.model(version=0, **values))
        differs = "；".join(
            f"{each.label}现为 {each.before}，您填的是 {each.now}" for each in self.changed(before, typed)
        )
        told = f"与您所填不同的：{differs}。" if differs else "与您所填相同。"
        raise Stale(
            before.version,
            f"您打开本页之后，另一位同事制定了{before.name}，您的内容还没有保存。{told}请核对后再保存一次。",
        )

    def insist(self, values, before, today):
        """Raise `Refused` unless `values`, `since` and `words` among them, may follow the version `before`."""
        errors = self.errors(values, before) | _wrong_day(values["since"], before, today)
        if not errors and not self.changed(before, self.default.of(self.model(version=0, **values))):
            errors[None] = f"各项都与上一版（{before.name}）相同，没有保存。请修改要调整的项再保存。"
        if errors:
            raise Refused(errors)


def _state(version, in_force):
    if version == in_force:
        return "执行中"
    return "未到执行日期" if version > in_force else "已由新版替代"


def _wrong_day(since, before, today):
    """A slip of the year would bar every later version, which may hold no earlier."""
    if since < today:
        return {"since": f"新版不能追溯执行，请填写 {today} 或以后的日期。"}
    if before.since and since < before.since:
        return {"since": f"第 {before.version} 版自 {before.since} 起执行，请填写这一天或以后的日期。"}
    last = dt.date(today.year + 1, 12, 31)
    if since > last:
        return {"since": f"最晚可填 {last}（明年年底），请核对年份。"}
    return {}
