"""Letters (督办文书) of the demo: one matter that rose to 约谈, others answered, closed, overdue, and a draft."""

import datetime as dt
from dataclasses import dataclass

from inspections import letter_subjects
from inspections.actions import letter_steps, letters
from inspections.letters import OPEN_PLACE
from inspections.models import Letter, Matter
from portfolio.models import Problem
from qinyuan_projects.demo import meeting_stories
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

PLAN, PROBLEM, MATTER = letter_subjects.PLAN, letter_subjects.PROBLEM, letter_subjects.MATTER
TALK = ("2024年5月31日下午3时", "县政府三楼会议室")


@dataclass(frozen=True)
class Story:
    """About a plan, or the problem or matter with this text. Steps: (month, day, step, words[, (month, day)])."""

    what: str
    project: str
    drafted: tuple
    steps: tuple = ()
    text: str = ""


STORIES = (
    Story(
        PROBLEM,
        "韩洪乡枣林坪历史遗留矿山生态修复项目",
        (4, 29),
        ((4, 29, "issue", ""), (5, 8, "rise", ""), (5, 29, "rise", "")),
        "进场道路被相邻矿点占用。",
    ),
    Story(
        PLAN,
        "县域医共体信息平台建设项目",
        (4, 15),
        (
            (4, 15, "issue", ""),
            (4, 16, "receive", ""),
            (4, 19, "ask_extension", "入统材料需审计部门出具意见。", (5, 10)),
            (4, 22, "grant_extension", "同意延期。"),
            (5, 8, "answer", "已取得审计意见，正在整理入统材料。"),
            (5, 10, "send_back", "未写明入统时间，请补充并附材料清单。", (6, 7)),
        ),
    ),
    Story(
        PROBLEM,
        "县城客运枢纽站迁建项目",
        (4, 26),
        ((4, 26, "issue", ""), (5, 8, "close", "项目已办理停缓建，问题已销号，转入复工跟踪。")),
        "上级补助资金未下达。",
    ),
    Story(
        PLAN,
        "松台煤矿瓦斯抽采系统改造项目",
        (5, 6),
        ((5, 6, "issue", ""), (5, 16, "rise", "")),
    ),
    Story(
        PLAN,
        "县中医院康复楼建设项目",
        (5, 20),
        (
            (5, 20, "issue", ""),
            (5, 21, "receive", ""),
            (5, 27, "answer", "已补签施工合同，6 月 14 日前完成入统申报。"),
        ),
    ),
    Story(
        PROBLEM,
        "核桃凹矿用装备再制造项目",
        (5, 20),
        ((5, 20, "issue", ""),),
        "厂房用地边界与相邻企业有争议。",
    ),
    Story(
        MATTER,
        "韩洪乡枣林坪历史遗留矿山生态修复项目",
        (5, 27),
        ((5, 27, "issue", ""),),
        meeting_stories.DECIDED_IN_APRIL[0].text,
    ),
    Story(PROBLEM, "县城商业综合体项目", (5, 30), (), "投资方后续资金未到位，装修停滞。"),
)


def events(actors):
    for number, story in enumerate(STORIES):
        yield Event(at(*story.drafted, 14, number), lambda story=story: _draft(actors, story))
        for month, day, step, words, *until in story.steps:
            yield Event(
                at(month, day, 14, 30 + number),
                lambda story=story, step=step, words=words, until=until: _take(actors, story, step, words, *until),
            )


def _draft(actors, story):
    letters.draft(by=actors.office, what=story.what, row=_row(actors, story))


def _row(actors, story):
    if story.what == PLAN:
        return actors.plan(story.project)
    model = Problem if story.what == PROBLEM else Matter
    return model.objects.get(county=actors.county, project__name=story.project, text=story.text)


def _take(actors, story, step, words, until=None):
    letter = _latest(actors, story)
    common = {"letter": letter, "version": letter.row_version}
    if step == "issue":
        letters.issue(by=actors.office, **common)
    elif step == "rise":
        _issue_graver(actors, letters.raise_further(by=actors.office, **common))
    else:
        is_units = step in ("receive", "answer", "ask_extension")
        by = actors.of_unit(letter.unit.name) if is_units else actors.office
        getattr(letter_steps, step)(by=by, **common, **_told(step, words, until))


def _latest(actors, story):
    about = {story.what: _row(actors, story)}
    return Letter.objects.filter(county=actors.county, **about).select_related("unit").latest("pk")


def _issue_graver(actors, letter):
    """A talk needs to be told when and where."""
    body = letter.body
    for place in TALK:
        body = body.replace(OPEN_PLACE, place, 1)
    if body != letter.body:
        letter = letters.edit(by=actors.office, letter=letter, version=letter.row_version, values={"body": body})
    letters.issue(by=actors.office, letter=letter, version=letter.row_version)


def _told(step, words, until):
    match step:
        case "receive":
            told = {}
        case "close":
            told = {"text": words, "is_settled": True}
        case "answer" | "grant_extension":
            told = {"text": words}
        case _:
            told = {"reason": words}
    return told | ({"deadline": dt.date(YEAR, *until)} if until else {})
