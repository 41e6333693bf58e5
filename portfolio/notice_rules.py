"""By which rules notices are given (提醒规则): what holds in a county, its defaults, and what a change may say."""

from dataclasses import dataclass

from portfolio.models import NoticeKind, NoticeRule

CHANGEABLE = ("is_on", "threshold", "by_email", "by_webhook")


@dataclass(frozen=True)
class Threshold:
    """When a kind of notice is given, as a figure between words: 截止前 24 小时起."""

    before: str
    unit: str
    after: str
    default: int
    least: int
    most: int

    def told(self, value):
        return f"{self.before} {value} {self.unit}{self.after}"


@dataclass(frozen=True)
class Manner:
    """To whom a kind of notice goes and of what it tells; without a `threshold` it is given at once."""

    recipients: str
    words: str
    threshold: Threshold | None = None


MANNERS = {
    NoticeKind.DUE: Manner(
        "本单位填报员",
        "本周应报而未报的项目个数，每人每周一条",
        Threshold("截止前", "小时", "起", default=24, least=1, most=96),
    ),
    NoticeKind.RETURNED: Manner("本单位填报员", "项目办退回的报送和退回原因，退回时即提醒"),
    NoticeKind.LATE_UNITS: Manner(
        "项目办",
        "截止后仍有项目未报的单位，每周一条",
        Threshold("截止后", "小时", "起", default=0, least=0, most=96),
    ),
    NoticeKind.TURNED_RED: Manner("包联领导、项目办", "上次记录的亮灯不是红灯、现在为红灯的项目，每个项目一条"),
    NoticeKind.PROBLEM_OVERDUE: Manner(
        "包联领导",
        "超过办结时限仍未销号的问题，每个时限一条",
        Threshold("逾期满", "天", "", default=7, least=1, most=90),
    ),
}


class Refused(Exception):
    """The rules can't be set so; `errors` is {(kind, field), or None for the whole: why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("".join(errors.values()))


class Stale(Exception):
    """Somebody else set the rules since the sender's page was made."""


def rules_of(county):
    """{kind: the NoticeRule in force}, in the order of the kinds; an unsaved one, the default, where none was set."""
    stored = {rule.kind: rule for rule in NoticeRule.objects.filter(county=county)}
    return {kind: stored.get(kind) or default(county, kind) for kind in NoticeKind}


def default(county, kind):
    threshold = MANNERS[kind].threshold
    return NoticeRule(county=county, kind=kind, threshold=threshold.default if threshold else 0)


def content_of(rules):
    """{kind: {field: value}} of what can be changed."""
    return {kind: {name: getattr(rule, name) for name in CHANGEABLE} for kind, rule in rules.items()}


def stamp(rules):
    """A short text that differs when the rules do: what the sender of a form had before the eyes."""
    return ";".join(",".join(str(int(value)) for value in fields.values()) for fields in content_of(rules).values())


def insist(values):
    """Raise `Refused` unless `values` ({kind: {field: value}}) may hold."""
    errors = {}
    for kind, fields in values.items():
        threshold = MANNERS[kind].threshold
        if threshold and not threshold.least <= fields["threshold"] <= threshold.most:
            errors[kind, "threshold"] = (
                f"“{NoticeKind(kind).label}”应为 {threshold.least} 到 {threshold.most} {threshold.unit}，"
                f"现在填的是 {fields['threshold']}。"
            )
    if errors:
        raise Refused(errors)


def told(before, now):
    """What differs between two contents (`content_of`), in words; empty when nothing does."""
    return [
        f"“{NoticeKind(kind).label}”{'、'.join(changed)}"
        for kind, fields in now.items()
        if (changed := [_told(kind, name, fields[name]) for name in fields if fields[name] != before[kind][name]])
    ]


def _told(kind, name, value):
    if name == "threshold":
        threshold = MANNERS[kind].threshold
        return threshold.told(value) if threshold else f"改为 {value}"
    return f"{'' if value else '不'}{NoticeRule._meta.get_field(name).verbose_name}"
