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
    """To whom a kind of notice goes and of what it tells; without a `threshold` it is given at once.

    `after` is the kind whose threshold this one's must exceed. Of what `stands`, an unread notice is taken back once it
    is settled; the others tell what happened.
    """

    recipients: str
    words: str
    threshold: Threshold | None = None
    after: NoticeKind | None = None
    stands: bool = True


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
    NoticeKind.TURNED_RED: Manner(
        "包联领导、项目办", "上次记录的亮灯不是红灯、现在为红灯的项目，每个项目一条", stands=False
    ),
    NoticeKind.PROBLEM_OVERDUE: Manner(
        "包联领导",
        "超过办结时限仍未销号的问题，每个时限一条",
        Threshold("逾期满", "天", "", default=7, least=1, most=90),
    ),
    NoticeKind.PERMIT_LAPSING: Manner(
        "本单位填报员、项目办",
        "有效期将满、或办结后须在期限内开工的前期手续，每个期限一条",
        Threshold("到期前", "天", "起", default=30, least=1, most=60),
    ),
    NoticeKind.PROBLEM_FOUND: Manner(
        "责任单位填报员；待交办的，并项目办", "四看督导和季观摩中发现、还没有申请销号的问题，每个一条"
    ),
    NoticeKind.MATTER: Manner(
        "责任单位填报员、牵头领导", "会议纪要印发或现场交办的事项，每项一条；退回办理的再提醒一次"
    ),
    NoticeKind.MATTER_DUE: Manner(
        "责任单位填报员",
        "临近办结时限、没有申请办结的事项，每个时限一条",
        Threshold("到期前", "天", "起", default=2, least=0, most=15),
    ),
    NoticeKind.MATTER_LATE: Manner(
        "责任单位填报员、牵头领导、项目办",
        "超过办结时限、没有申请办结的事项，每个时限一条（逐级升级的第一步）",
        Threshold("逾期满", "天", "", default=1, least=1, most=90),
    ),
    NoticeKind.LETTER: Manner(
        "主送单位填报员、所涉项目或事项的领导", "发出的提醒函、督办单和约谈通知，每份一条；退回重办的再提醒一次"
    ),
    NoticeKind.LETTER_DUE: Manner(
        "主送单位填报员",
        "临近回复时限、没有回复的督办文书，每个时限一条",
        Threshold("到期前", "天", "起", default=1, least=0, most=15),
    ),
    NoticeKind.LETTER_LATE: Manner(
        "主送单位填报员、所涉项目或事项的领导；约谈通知逾期的，并项目办",
        "超过回复时限、没有回复的督办文书，每个时限一条；满此天数即应升级",
        Threshold("逾期满", "天", "", default=1, least=1, most=90),
    ),
    NoticeKind.ANSWERED: Manner("项目办", "单位对交办事项的反馈和办结申请，对督办文书的回复和延期申请，每次一条"),
    NoticeKind.TO_REMIND: Manner(
        "项目办",
        "逾期满此天数、没有督办文书的事项，列入“应升级督办”，应发提醒函；不启用的，只列入、不提醒",
        Threshold("事项逾期满", "天", "", default=3, least=1, most=90),
        after=NoticeKind.MATTER_LATE,
    ),
    NoticeKind.TO_ORDER: Manner(
        "项目办",
        "逾期满此天数、提醒函办结时认定整改不到位的事项，应发督办单；提醒函逾期未回复的，不再等此天数",
        Threshold("事项逾期满", "天", "", default=10, least=1, most=120),
        after=NoticeKind.TO_REMIND,
    ),
    NoticeKind.TO_TALK: Manner(
        "项目办",
        "逾期满此天数、督办单办结时认定整改不到位的事项，应发约谈通知；督办单逾期未回复的，不再等此天数",
        Threshold("事项逾期满", "天", "", default=20, least=1, most=168),
        after=NoticeKind.TO_ORDER,
    ),
    NoticeKind.ROUND: Manner("本次观摩的评委", "已开始、本人还有观摩点没有评分的观摩，每次一条"),
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
        manner = MANNERS[kind]
        threshold = manner.threshold
        if threshold and not threshold.least <= fields["threshold"] <= threshold.most:
            errors[kind, "threshold"] = (
                f"“{NoticeKind(kind).label}”应为 {threshold.least} 到 {threshold.most} {threshold.unit}，"
                f"现在填的是 {fields['threshold']}。"
            )
        elif manner.after and fields["threshold"] <= values[manner.after]["threshold"]:
            errors[kind, "threshold"] = _out_of_step(kind, manner.after, values[manner.after]["threshold"])
    if errors:
        raise Refused(errors)


def _out_of_step(kind, before, days):
    labels = NoticeKind(kind).label, NoticeKind(before).label
    return "“{}”应晚于“{}”，请填大于 {} 的天数。".format(*labels, days)


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
