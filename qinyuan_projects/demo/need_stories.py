"""What projects of the demo need: factors (要素), money by source (资金), and requests to the one-stop service."""

import datetime as dt
from decimal import Decimal

from accounts.models import Unit
from portfolio.actions import funds, project_rows
from portfolio.models import Project
from portfolio.models.permits import (
    Factor,
    FactorNeed,
    FundFlow,
    FundKind,
    FundSource,
    ServicePhase,
    ServiceRequest,
)
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

# (project, factor, detail, measure, needed, secured, unit, the (month, day) by which it is due)
FACTORS = (
    ("煤基碳材料生产项目", Factor.ENERGY, "能耗指标", "吨标准煤", 42000, 24000, "发展和改革局", (6, 30)),
    ("煤基碳材料生产项目", Factor.LAND, "建设用地指标", "亩", 186, 186, "自然资源局", (3, 31)),
    ("煤基碳材料生产项目", Factor.ENVIRONMENT, "氮氧化物排放量", "吨", 65, 40, "生态环境分局", (7, 31)),
    ("聪子峪乡沁河干流河道综合治理工程", Factor.LAND, "临时用地", "亩", 38, 20, "自然资源局", (5, 20)),
    ("县域水网连通工程", Factor.ENERGY, "施工用电", "千伏安", 800, 800, "供电公司", (5, 31)),
    ("县人民医院住院综合楼建设项目", Factor.LABOUR, "安装工人", "人", 60, 46, "人力资源和社会保障局", (6, 15)),
    ("红石崖煤矸石综合利用制砖项目", Factor.WATER, "生产取水", "万立方米", 12, 0, "水利局", (6, 20)),
    ("县城商业综合体项目", Factor.FUNDS, "后续建设资金", "万元", 3600, 800, "商务服务中心", (5, 29)),
)
# (project, kind, planned; of it arrived and paid), all 万元
FUNDS = (
    ("县人民医院住院综合楼建设项目", FundKind.BOND, 9000, 9000, 7200),
    ("县人民医院住院综合楼建设项目", FundKind.COUNTY, 3000, 1800, 1500),
    ("县域水网连通工程", FundKind.PROVINCE, 8000, 6000, 4100),
    ("县域水网连通工程", FundKind.COUNTY, 2600, 900, 900),
    ("县高级中学扩建项目", FundKind.CENTRAL, 4200, 4200, 2900),
    ("县城商业综合体项目", FundKind.OWN, 6800, 3200, 3200),
    ("全民健身中心建设项目", FundKind.CITY, 1500, 500, 300),
    ("景凤镇农村供水保障工程", FundKind.BOND, 900, 900, 360),
)
ARRIVED_ON, PAID_ON = dt.date(YEAR, 3, 18), dt.date(YEAR, 5, 20)
# (project, phase, what is asked, unit, asked, promised, answered): days as (month, day), the last may be missing
REQUESTS = (
    ("智能输送设备制造项目", ServicePhase.OPERATION, "协调竣工联合验收", "行政审批服务管理局", (5, 13), (5, 27), ()),
    ("煤基碳材料生产项目", ServicePhase.BUILDING, "申请双电源接入", "供电公司", (4, 8), (4, 30), (4, 26)),
    (
        "红石崖煤矸石综合利用制砖项目",
        ServicePhase.COMPANY,
        "代办企业开办和备案",
        "市场监督管理局",
        (3, 11),
        (3, 13),
        (3, 13),
    ),
    ("沙棘饮料生产线项目", ServicePhase.OPERATION, "办理食品生产许可变更", "市场监督管理局", (4, 15), (4, 26), (5, 6)),
    ("开发区铁路专用线工程", ServicePhase.BUILDING, "施工便道占用公路审批", "公路段", (5, 22), (6, 7), ()),
)
DONE = "已办结，材料已送达。"


def funds_of(name):
    """{FundKind: planned} of the sources that are told of a project."""
    return {kind: Decimal(planned) for told, kind, planned, _, _ in FUNDS if told == name}


def factors_of(name):
    """The factors that are told of a project."""
    return {factor for told, factor, *_ in FACTORS if told == name}


def events(actors):
    yield Event(at(5, 28, 17), lambda: _fill_in(actors))


def _fill_in(actors):
    for name, factor, detail, measure, needed, secured, unit, due in FACTORS:
        values = {"factor": factor, "detail": detail, "measure": measure, "due_on": dt.date(YEAR, *due), "note": ""}
        values |= {"needed": Decimal(needed), "secured": Decimal(secured), "unit": _unit(actors, unit)}
        _save(actors, name, FactorNeed, values)
    for name, kind, planned, arrived, paid in FUNDS:
        _save(actors, name, FundSource, {"kind": kind, "planned": Decimal(planned), "note": ""})
        source = FundSource.objects.select_related("project").get(project=_project(actors, name), kind=kind)
        for flow, day, amount in ((FundFlow.Kind.ARRIVED, ARRIVED_ON, arrived), (FundFlow.Kind.PAID, PAID_ON, paid)):
            funds.add_flow(by=actors.office, source=source, kind=flow, day=day, amount=Decimal(amount))
    for request in REQUESTS:
        _ask(actors, *request)


def _ask(actors, name, phase, title, unit, asked, promised, answered):
    asked_on = dt.date(YEAR, *asked)
    values = {"phase": phase, "title": title, "unit": _unit(actors, unit), "asked_on": asked_on, "taken_on": asked_on}
    values |= {"promised_on": dt.date(YEAR, *promised), "answered_on": dt.date(YEAR, *answered) if answered else None}
    _save(actors, name, ServiceRequest, values | {"answer": DONE if answered else ""})


def _save(actors, name, model, values):
    project_rows.save(by=actors.office, project=_project(actors, name), model=model, values=values)


def _project(actors, name):
    return Project.objects.get(county=actors.county, name=name)


def _unit(actors, name):
    return Unit.objects.get(county=actors.county, name=name)
