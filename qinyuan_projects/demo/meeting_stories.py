"""Monthly meetings (月落实会议) of the demo: April's minutes are out, its matters in every state; May's are written."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Unit
from inspections.actions import matters, meetings
from inspections.models import Matter, Meeting
from portfolio.models import Problem, Project
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

APRIL, MAY = (4, 25), (5, 30)


@dataclass(frozen=True)
class Decided:
    """`until` and the days of `steps` are (month, day); a step is (month, day, step, words[, (month, day)])."""

    text: str
    unit: str
    until: tuple
    project: str = ""
    problem: str = ""
    steps: tuple = ()


DECIDED_IN_APRIL = (
    Decided(
        "协调让出枣林坪矿山修复进场道路，五月上旬恢复施工。",
        "韩洪乡人民政府",
        (5, 10),
        "韩洪乡枣林坪历史遗留矿山生态修复项目",
        "进场道路被相邻矿点占用。",
    ),
    Decided(
        "研究河滩地补偿标准，确保主汛期前完成下游段。",
        "水利局",
        (6, 20),
        "聪子峪乡沁河干流河道综合治理工程",
        steps=((5, 14, "answer", "已与 8 户中的 3 户谈妥，其余正在入户。"),),
    ),
    Decided(
        "供水工程大口径管材提前备货，保障沟槽回填。",
        "水利局",
        (5, 31),
        "景凤镇农村供水保障工程",
        steps=(
            (5, 9, "answer", "已与厂家签订供货计划。"),
            (5, 29, "ask_closing", "首批管材 2.4 公里已到场。"),
        ),
    ),
    Decided(
        "补齐康复楼入统材料，报统计局审核。",
        "卫生健康和体育局",
        (5, 20),
        "县中医院康复楼建设项目",
        steps=(
            (5, 13, "ask_closing", "材料已报送。"),
            (5, 15, "send_back", "缺施工合同，请补。"),
            (5, 16, "extend", "施工合同变更备案需要时间。", (6, 14)),
            (5, 27, "answer", "施工合同已补签，正在盖章。"),
        ),
    ),
    Decided(
        "梳理二季度拟开工项目清单，逐项明确开工时间。",
        "发展和改革局",
        (5, 15),
        steps=(
            (5, 13, "ask_closing", "清单 18 项已报县政府。"),
            (5, 14, "close", "清单已印发各单位。"),
        ),
    ),
    Decided(
        "对备案类项目推行承诺制办理，公布容缺事项清单。",
        "行政审批服务管理局",
        (5, 24),
        steps=((5, 23, "close", "清单已公布，当月承诺办理 6 件。"),),
    ),
    Decided(
        "组织客运枢纽站迁建项目复工前评估。",
        "交通运输局",
        (5, 31),
        "县城客运枢纽站迁建项目",
        steps=((5, 8, "drop", "项目已办理停缓建，复工后另行议定。"),),
    ),
    Decided(
        "核拨重点民生项目配套资金，列出拨付时间表。",
        "财政局",
        (5, 24),
        steps=((5, 22, "extend", "上级转移支付六月到账。", (6, 21)),),
    ),
)
DECIDED_IN_MAY = (
    Decided("约谈商业综合体投资方，六月中旬前资金到位。", "商务服务中心", (6, 14), "县城商业综合体项目"),
    Decided("统筹调剂能耗指标，保障碳材料项目用能。", "发展和改革局", (6, 28), "煤基碳材料生产项目"),
    Decided("在建项目全面排查汛期隐患，建立台账。", "应急管理局", (6, 10)),
)


def events(actors):
    yield Event(at(*APRIL, 9), lambda: _hold(actors, APRIL, DECIDED_IN_APRIL))
    yield Event(at(4, 26, 16), lambda: _issue(actors))
    yield Event(at(*MAY, 9), lambda: _hold(actors, MAY, DECIDED_IN_MAY))
    for number, decided in enumerate(DECIDED_IN_APRIL):
        for month, day, step, words, *until in decided.steps:
            yield Event(
                at(month, day, 11, number),
                lambda decided=decided, step=step, words=words, until=until: _take(
                    actors, decided, step, words, *until
                ),
            )


def _hold(actors, day, decided):
    values = {
        "title": f"{YEAR}年{day[0]}月重大项目落实会议",
        "held_on": dt.date(YEAR, *day),
        "place": "县政府三楼会议室",
        "chair": "县领导甲",
        "present": "县领导乙、县领导丙，发改、财政、自然资源、水利、住建、卫体、交通等单位和有关乡镇负责人",
        "words": "听取上月议定事项落实情况和项目进展，研究需要协调的问题，议定以下事项。",
    }
    meeting = meetings.create(by=actors.office, values=values)
    matters.decide_all(by=actors.office, meeting=meeting, rows=[_values(actors, each) for each in decided])


def _values(actors, decided):
    county = actors.county
    unit = Unit.objects.get(county=county, name=decided.unit)
    values = {"text": decided.text, "unit": unit, "person": f"{unit.short_name or unit.name}主要负责人"}
    values["deadline"] = dt.date(YEAR, *decided.until)
    if decided.project:
        values["project"] = Project.objects.get(county=county, name=decided.project)
    if decided.problem:
        values["problem"] = Problem.objects.get(project=values["project"], text=decided.problem)
    return values


def _issue(actors):
    meeting = Meeting.objects.get(county=actors.county, held_on=dt.date(YEAR, *APRIL))
    meetings.issue(by=actors.office, meeting=meeting, version=meeting.row_version)


def _take(actors, decided, step, words, until=None):
    matter = Matter.objects.get(county=actors.county, text=decided.text)
    common = {"matter": matter, "version": matter.row_version}
    if step in ("answer", "ask_closing"):
        getattr(matters, step)(by=actors.of_unit(decided.unit), text=words, **common)
    elif step == "extend":
        matters.extend(by=actors.office, deadline=dt.date(YEAR, *until), reason=words, **common)
    else:
        getattr(matters, step)(by=actors.office, **{"text" if step == "close" else "reason": words}, **common)
