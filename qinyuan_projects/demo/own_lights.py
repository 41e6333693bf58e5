"""Own judgements in the demo's spring: some agree with the rules, some are milder, some stricter."""

import uuid
from typing import NamedTuple

from portfolio.actions.own_lights import judge_plan
from portfolio.models.judging import Light
from qinyuan_projects.demo.timeline import Event, at


class Said(NamedTuple):
    """What an account said of a project on a day of 2024."""

    day: tuple
    by: str
    project: str
    light: Light
    words: str


SAID = (
    Said((4, 22), "reporter", "县中医院康复楼建设项目", Light.GREEN, "主体施工正常，入统材料正在准备。"),
    Said((4, 26), "office", "葫芦峪煤矿180万吨/年改扩建项目", Light.RED, "开工多年未入统，请能源局限期办理。"),
    Said((5, 14), "leader", "沁河镇至凤鸣坪县乡公路改造工程", Light.GREEN, "现场看过，附属工程6月底可以完工。"),
    Said((5, 20), "reporter3", "沁河镇农村供水保障工程", Light.GREEN, "管线基本贯通，设备已到场，7月通水。"),
    Said((5, 20), "reporter3", "沁河镇鹰嘴崖小流域水土保持综合治理工程", Light.RED, "招标流标一次，6月底前难以开工。"),
    Said((5, 24), "reporter", "县域医共体信息平台建设项目", Light.GREEN, "系统已试运行，入统手续正与统计局对接。"),
    Said((5, 24), "reporter2", "全民健身中心建设项目", Light.GREEN, "超前序时，按期推进。"),
    Said((5, 27), "reporter", "县中医院康复楼建设项目", Light.YELLOW, "工程正常，入统材料已报，6月中旬可以入统。"),
    Said((5, 27), "reporter", "疾病预防控制中心能力提升项目", Light.YELLOW, "用地预审待批，预计6月下旬开工。"),
    Said(
        (5, 28), "leader", "县城第二水源建设工程", Light.YELLOW, "用地预审偏慢，三季度开工有风险，已约自然资源局会商。"
    ),
    Said((5, 29), "office2", "桦林沟煤矿采区接续巷道工程", Light.YELLOW, "入统申报已受理，进度正常。"),
)


def events(actors):
    for said in SAID:
        yield Event(at(*said.day, 16, 20), lambda said=said: _judge(actors, said))


def _judge(actors, said):
    judge_plan(
        by=actors.accounts[said.by],
        plan=actors.plan(said.project),
        light=said.light,
        words=said.words,
        form_key=uuid.uuid5(uuid.NAMESPACE_URL, f"{said.project} {said.day}"),
    )
