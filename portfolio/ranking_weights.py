"""The weights of the rankings (排名权重): their parts, the version in force on a day, what a new version may say.

No official formula was found: the default weights are this system's own.
"""

import datetime as dt
from dataclasses import dataclass, field

from portfolio.models import RankingWeights
from portfolio.rule_versions import Rulebook, Setting

# Key of a part: (its label, default weight).
PARTS = {
    "completion": ("投资完成率对序时", 40),
    "lights": ("亮灯", 20),
    "reporting": ("按时报送", 20),
    "problems": ("问题按期销号", 20),
}
WHOLE = 100


@dataclass(frozen=True)
class Weights:
    """The fields of `RankingWeights`. Version 0 is the default."""

    version: int = 0
    since: dt.date | None = None
    weights: dict = field(default_factory=lambda: {key: weight for key, (_, weight) in PARTS.items()})
    least_projects: int = 3

    @classmethod
    def of(cls, row):
        return cls(row.version, row.since, row.weights, row.least_projects)

    def of_part(self, key):
        return self.weights.get(key, 0)

    @property
    def name(self):
        return f"第 {self.version} 版（自 {self.since} 起）" if self.version else "默认值，非官方"

    @property
    def words(self):
        return "、".join(f"{label} {self.of_part(key)}" for key, (label, _) in PARTS.items())


DEFAULTS = Weights()


def weights_on(county, day):
    """The `Weights` in force at the end of `day`."""
    row = RankingWeights.objects.in_force(county, day)
    return Weights.of(row) if row else DEFAULTS


def settings(before, now):
    """A `Setting` for each weight of two `Weights`, and one for the least number of projects."""
    weights = [Setting(label, f"{before.of_part(key)}", f"{now.of_part(key)}") for key, (label, _) in PARTS.items()]
    least = RankingWeights._meta.get_field("least_projects").verbose_name
    return [*weights, Setting(least, f"{before.least_projects} 个", f"{now.least_projects} 个")]


def _errors(values, before):
    weights = values["weights"]
    errors = {
        key: f"“{label}”的权重是 {weights[key]}，请填写 0 到 {WHOLE} 的整数。"
        for key, (label, _) in PARTS.items()
        if not 0 <= weights[key] <= WHOLE
    }
    total = sum(weights.values())
    if not errors and total != WHOLE:
        change = f"还差 {WHOLE - total}" if total < WHOLE else f"多出 {total - WHOLE}"
        errors[None] = f"各项权重合计 {total}，{change}。请调整，使合计为 {WHOLE}。"
    return errors


WEIGHTS = Rulebook(RankingWeights, DEFAULTS, settings, _errors)
