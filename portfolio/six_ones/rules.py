"""THE rule of the six ones: what each of them is for a plan, whether it stands, what is missing and who supplies it.

Pure: everything comes in as `Facts` and a day. The words of the rule that the page prints stand beside the code that
follows them, and share its numbers.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from portfolio.figures import wan
from portfolio.models.register import Stage
from portfolio.privacy import mask_phones
from portfolio.weeks import Week

LEAST_MILESTONES = 3
OFFICE = "项目办"


class Standing(TextChoices):
    STANDS = "stands", "齐全"
    MISSING = "missing", "缺项"
    NOT_NEEDED = "not_needed", "不适用"


class Key(TextChoices):
    """The six, in the order of the county's own slogan; labels are the column heads."""

    PROJECT = "project", "重点项目"
    TARGET = "target", "年度目标"
    LEADER = "leader", "包联领导"
    TEAM = "team", "工作专班"
    SCHEDULE = "schedule", "工期计划"
    FOLLOW_THROUGH = "follow", "一抓到底"


RULES = {
    Key.PROJECT: "项目类别、责任单位、建设地点（乡镇、地址或全县）、主要建设内容、总投资都已填写",
    Key.TARGET: "年度计划投资大于 0，且写明年度目标；谋划阶段只要求写明目标",
    Key.LEADER: "有一名在任的包联领导，且写明职务",
    Key.TEAM: "有专班组长、至少一个成员单位、驻点人员",
    Key.SCHEDULE: (
        f"至少 {LEAST_MILESTONES} 个工期节点，其中有开工和竣工；月度计划之和等于年度计划投资；谋划阶段不适用"
    ),
    Key.FOLLOW_THROUGH: "本周或上周已报周调度，且没有逾期未销号的问题；谋划阶段、停缓建、尚未开始的年度不适用",
}


# What no public source gives is said to be ours (design §5.11).
DEFAULTS_NOTE = f"“至少 {LEAST_MILESTONES} 个工期节点”“本周或上周”是默认值，非官方规定"


@dataclass(frozen=True)
class Post:
    """A leader as far as the rule asks."""

    name: str
    post: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Team:
    """`version` is the key of the WorkTeam row that says so."""

    version: int | None = None
    head: str = ""
    member_units: tuple = ()
    on_site: str = ""


@dataclass(frozen=True)
class Nodes:
    """The milestones of a plan, counted."""

    count: int = 0
    done: int = 0
    starts: int = 0
    finishes: int = 0


@dataclass(frozen=True)
class Facts:
    """What the rule looks at. Amounts are 万元; `months` is the sum of the monthly targets, None without any."""

    plan: int
    project: int
    year: int
    name: str
    category: str = ""
    stage: str = ""
    unit: int | None = None
    unit_name: str = ""
    has_place: bool = False
    content: str = ""
    total_investment: Decimal | None = None
    planned_investment: Decimal | None = None
    annual_target: str = ""
    leader: Post | None = None
    deputy: Post | None = None
    team: Team | None = None
    nodes: Nodes = Nodes()
    months: Decimal | None = None
    reported_week: int | None = None
    open_problems: int = 0
    overdue_problems: int = 0
    is_paused: bool = False

    @property
    def is_reserve(self):
        return self.stage == Stage.RESERVE


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and who must supply it: 项目办, or the responsible unit by its name."""

    what: str
    supplier: str
    unit: int | None = None


@dataclass(frozen=True)
class One:
    """One of the six: `text` is what it is, `note` why it is not needed."""

    key: str
    text: str
    gaps: tuple = ()
    note: str = ""

    @property
    def standing(self):
        if self.gaps:
            return Standing.MISSING
        return Standing.NOT_NEEDED if self.note else Standing.STANDS

    @property
    def label(self):
        return Key(self.key).label


@dataclass(frozen=True)
class SixOnes:
    """The six of one plan."""

    facts: Facts
    ones: tuple

    @property
    def gaps(self):
        """[(One, Gap)] of all that is missing."""
        return [(one, gap) for one in self.ones for gap in one.gaps]

    @property
    def is_whole(self):
        return not any(one.gaps for one in self.ones)

    def keys(self, standing):
        return {one.key for one in self.ones if one.standing == standing}


def six_ones(facts, today):
    """The six ones of a plan as they stand at the end of `today`."""
    return SixOnes(
        facts,
        (
            _project(facts),
            _target(facts),
            _leader(facts),
            _team(facts),
            _schedule(facts),
            _follow_through(facts, today),
        ),
    )


def _by_office(*missing):
    return tuple(Gap(what, OFFICE) for what in missing)


def _by_unit(facts, *missing):
    """The unit supplies it; the office, where no unit answers for the project."""
    supplier = facts.unit_name or OFFICE
    return tuple(Gap(what, supplier, facts.unit) for what in missing)


def _lacking(answers):
    return [label for label, answer in answers.items() if not answer]


def _project(facts):
    missing = _lacking(
        {
            "项目类别": facts.category,
            "责任单位": facts.unit,
            "建设地点": facts.has_place,
            "主要建设内容": facts.content.strip(),
            "总投资": facts.total_investment is not None,
        }
    )
    return One(Key.PROJECT, facts.name, _by_office(*missing))


def _target(facts):
    words, amount = mask_phones(facts.annual_target.strip()), facts.planned_investment
    text = "，".join([*([f"{wan(amount)} 万元"] if amount is not None else []), *([words] if words else [])])
    missing = _lacking({"年度计划投资": facts.is_reserve or (amount or 0) > 0, "目标任务": words})
    return One(Key.TARGET, text, _by_office(*missing))


def _leader(facts):
    names = [facts.leader.name] if facts.leader else []
    text = "，".join([*names, f"协助 {facts.deputy.name}"] if facts.deputy else names)
    if facts.leader is None:
        return One(Key.LEADER, text, _by_office("包联领导人选"))
    missing = [] if facts.leader.is_active else [f"在任的包联领导（{facts.leader.name}已不在任）"]
    if not facts.leader.post.strip():
        missing.append(f"{facts.leader.name}的职务")
    return One(Key.LEADER, text, _by_office(*missing))


def _team(facts):
    team = facts.team or Team()
    present = [mask_phones(team.head)] if team.head else []
    if team.member_units:
        present.append(f"{len(team.member_units)} 个成员单位")
    if team.on_site:
        present.append(f"驻点 {mask_phones(team.on_site)}")
    missing = _lacking({"专班组长": team.head, "成员单位": team.member_units, "驻点人员": team.on_site})
    return One(Key.TEAM, "，".join(present), _by_unit(facts, *missing))


def _schedule(facts):
    nodes = facts.nodes
    text = f"{nodes.count} 个节点已完成 {nodes.done} 个" if nodes.count else ""
    if facts.is_reserve:
        return One(Key.SCHEDULE, text, note="谋划阶段")
    missing = []
    if nodes.count < LEAST_MILESTONES:
        missing.append(f"工期节点（现有 {nodes.count} 个，至少 {LEAST_MILESTONES} 个）")
    missing += _lacking({"开工节点": nodes.starts, "竣工节点": nodes.finishes}) if nodes.count else []
    return One(Key.SCHEDULE, text, _by_unit(facts, *missing, *_months_missing(facts)))


def _months_missing(facts):
    """Without an annual plan there is nothing to divide; that one is missing at the target."""
    if not facts.planned_investment:
        return []
    if facts.months is None:
        return ["月度计划投资"]
    if facts.months != facts.planned_investment:
        sums = f"合计 {wan(facts.months)} 万元，年度计划 {wan(facts.planned_investment)} 万元"
        return [f"与年度计划相符的月度计划（{sums}）"]
    return []


def _follow_through(facts, today):
    reported = f"第{facts.reported_week}周已报" if facts.reported_week else "未报"
    text = f"{reported}，未销号问题 {facts.open_problems}"
    weeks = fresh_weeks(facts.year, today)
    if facts.is_reserve or facts.is_paused or not weeks:
        why = "谋划阶段" if facts.is_reserve else "停缓建" if facts.is_paused else "年度尚未开始"
        return One(Key.FOLLOW_THROUGH, text if weeks else "", note=why)
    missing = []
    # The year's first week is not due before it ends, and the week before it is another plan's.
    if facts.reported_week not in weeks and len(weeks) > 1:
        missing.append(f"第{weeks[0]}周或第{weeks[1]}周的周调度")
    if facts.overdue_problems:
        missing.append(f"逾期问题销号（{facts.overdue_problems} 个）")
    return One(Key.FOLLOW_THROUGH, text, _by_unit(facts, *missing))


def fresh_weeks(year, today):
    """The numbers of last and this ISO week as far as they are of the plan's year; of a past year, its last two."""
    week = Week.of(today)
    if week.year > year:
        week = Week(year + 1, 1).previous
    return [each.number for each in (week.previous, week) if each.year == year] if week.year == year else []
