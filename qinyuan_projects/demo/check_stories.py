"""Checks on site (四看督导) of the demo's spring: eight handed in, two of each look, and one still being written."""

import datetime as dt
from dataclasses import dataclass

from inspections.actions import checks
from inspections.actions.checks import Given
from inspections.models import CheckAnswer
from inspections.site_checks import CheckSheet
from portfolio.models.problems import ProblemKind as Kind
from qinyuan_projects.demo import problem_stories
from qinyuan_projects.demo.problem_stories import Story
from qinyuan_projects.demo.timeline import Event, at

YES, NO, NOT_NEEDED = CheckAnswer.Answer
TO_BE_STORED = "现场已出示材料，登记表待补录。"


@dataclass(frozen=True)
class Visit:
    """`no` is (question key, its words, measure, problem kind, steps of the problem, which is closed by 31 May)."""

    month: int
    day: int
    by: str
    project: str
    words: str
    no: tuple = ()


VISITS = (
    Visit(
        4,
        16,
        "inspector",
        "韩洪乡畜禽粪污资源化利用项目",
        "前期工作有专人负责，选址已定。",
        (
            "library",
            "尚未申报入库。",
            "补齐材料，报省级项目库",
            Kind.PERMIT,
            (
                (4, 17, "assign", "农业农村局补齐材料。"),
                (4, 19, "answer", "材料已报市局。"),
                (4, 23, "ask_closing", "已入省级项目库。"),
                (4, 24, "close", "已查看入库截图。"),
            ),
        ),
    ),
    Visit(
        4,
        18,
        "inspector",
        "赤石桥乡农村供水保障工程",
        "初设已批，正在招标。",
        (
            "conditions",
            "施工便道未通。",
            "水利局会同乡政府打通便道",
            Kind.FACTOR,
            (
                (4, 19, "assign", "水利局会同赤石桥乡办理。"),
                (4, 21, "answer", "便道已开工。"),
                (4, 25, "ask_closing", "便道 600 米已通。"),
                (4, 26, "close", "现场核验。"),
            ),
        ),
    ),
    Visit(4, 23, "office2", "景凤镇农村供水保障工程", "管线敷设正常，现场 46 人、机械 5 台。"),
    Visit(4, 25, "inspector2", "沙棘饮料生产线项目", "两条线满负荷，用工 63 人。"),
    Visit(5, 14, "inspector2", "法中乡葫芦峪肉牛标准化养殖场项目", "选址、环评有进展，资金意向已签。"),
    Visit(5, 15, "inspector2", "红石崖煤矸石综合利用制砖项目", "场地已平整，水电已通。"),
    Visit(
        5,
        21,
        "inspector",
        "全民健身中心建设项目",
        "主体过半，现场管理较好，个别防护不到位。",
        (
            "safety",
            "二层楼梯口未设防护栏杆。",
            "立即设置防护栏杆",
            Kind.SAFETY,
            (
                (5, 21, "assign", "卫体局督促当日整改。"),
                (5, 22, "answer", "已设置防护栏杆。"),
                (5, 23, "ask_closing", "整改完毕，附照片。"),
                (5, 24, "close", "复查合格。"),
            ),
        ),
    ),
    Visit(5, 24, "inspector", "月牙湾森林康养基地项目", "已接待游客，带动周边就业 30 余人。"),
)
DRAFT_OF = "县高级中学扩建项目"


def events(actors):
    for number, visit in enumerate(VISITS):
        yield Event(at(visit.month, visit.day, 10, number), lambda visit=visit: _check(actors, visit))
        if visit.no:
            yield from problem_stories.steps(actors, _story(visit), 42 + number)
    yield Event(at(5, 31, 9, 5), lambda: _begin(actors))


def _story(visit):
    _, words, _, kind, steps = visit.no
    return Story(visit.project, (visit.month, visit.day), kind, words.removesuffix("。"), steps)


def _check(actors, visit):
    by = actors.accounts[visit.by]
    check = checks.start(by=by, plan=actors.plan(visit.project))
    given = {line.item.key: _given(line, visit, check.day) for line in CheckSheet(check, check.day).lines}
    checks.hand_in(by=by, check=check, version=check.row_version, words=visit.words, given=given)


def _given(line, visit, day):
    """What the register knows is confirmed, unless it merely knows nothing better."""
    if visit.no and line.item.key == visit.no[0]:
        _, words, measure, _, _ = visit.no
        return Given(NO, words, measure, day + dt.timedelta(days=line.item.days))
    if line.known.answer == NO:
        return Given(YES, TO_BE_STORED)
    return Given(line.known.answer or YES)


def _begin(actors):
    by = actors.accounts["inspector"]
    check = checks.start(by=by, plan=actors.plan(DRAFT_OF))
    first, *_ = CheckSheet(check, check.day).lines
    given = {first.item.key: Given(words="砌体已完成七成，水电安装未开始。")}
    checks.save(by=by, check=check, version=check.row_version, words="正在现场查看。", given=given)
