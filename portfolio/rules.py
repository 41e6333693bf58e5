"""What must hold between the fields of one row of the plan table, with the sentence that says so when it does not.

The import, the forms, in-place edit and bulk edit all ask here. Keys are those of portfolio.plan_fields, and attribute
names for the few fields that are no column (`longitude`, `latitude`).
"""

from decimal import Decimal

from portfolio.figures import wan
from portfolio.models.register import STAGES_BEFORE_START, PlanState, Stage
from portfolio.money import MAX_WAN
from portfolio.partial_dates import PartialDate

# China's land between its outermost points: catches swapped and mistyped coordinates, not a neighbour's valley.
LONGITUDES = (Decimal(73), Decimal(136))
LATITUDES = (Decimal(3), Decimal(54))


def row_problems(project, plan=None):
    """{field key: message} of what contradicts itself in this row; empty when all is well. Reads no database."""
    found = {**_dates(project), **_point(project), **_money("total_investment", "总投资", project.total_investment)}
    if plan is not None:
        found |= _plan(plan)
        if not {"planned_investment", "total_investment"} & found.keys():
            found |= _plan_within_total(plan.planned_investment, project.total_investment)
    return found


def _plan(plan):
    found = {
        **_money("invested_before", "截至上年底完成投资", plan.invested_before),
        **_money("planned_investment", "年度计划投资", plan.planned_investment),
        **_percent(plan.works_percent),
    }
    if plan.state != PlanState.LISTED and not plan.state_reason.strip():
        found["state_reason"] = f"计划状态为“{PlanState(plan.state).label}”时要写明调整原因。"
    if plan.leader_id is not None and plan.leader_id == plan.deputy_leader_id:
        found["deputy_leader"] = "协助包联领导与包联领导是同一人，请另选一人或留空。"
    return found


def _plan_within_total(planned, total):
    if planned is None or total is None or planned <= total:
        return {}
    return {
        "planned_investment": (
            f"年度计划投资 {wan(planned)} 万元大于总投资 {wan(total)} 万元，请核对两个数的单位和数值。"
        )
    }


def _money(key, label, value):
    if value is None:
        return {}
    if not Decimal(value).is_finite():
        return {key: f"“{label}”不是数字，请改为 1200 或 1200.50 这样的万元数。"}
    if value < 0:
        return {key: f"“{label}”不能是负数：{wan(value)}。请核对后填写不小于 0 的万元数。"}
    if value > MAX_WAN:
        return {key: f"“{label}”超过 12 位整数，请核对单位是不是万元。"}
    return {}


def _percent(value):
    if value is None or (Decimal(value).is_finite() and 0 <= value <= 100):
        return {}
    return {"works_percent": f"“工程量%”应在 0 到 100 之间，现为 {value}。"}


def _dates(project):
    found = {}
    if _before(project.planned_finish, project.planned_start):
        found["planned_finish"] = _order(project, "计划竣工时间", "planned_finish", "计划开工时间", "planned_start")
    elif _before(project.planned_finish, project.started_on):
        found["planned_finish"] = _order(project, "计划竣工时间", "planned_finish", "实际开工时间", "started_on")
    if _before(project.finished_on, project.started_on):
        found["finished"] = _order(project, "实际竣工时间", "finished_on", "实际开工时间", "started_on")
    if project.stage in STAGES_BEFORE_START:
        stage = Stage(project.stage).label
        for key, attribute, label in (("started", "started_on", "开工"), ("finished", "finished_on", "竣工")):
            if getattr(project, attribute):
                found[key] = f"项目阶段是“{stage}”，却填了实际{label}时间。请改项目阶段，或清空实际{label}时间。"
    return found


def _before(finish, start):
    """A finish is stored as the last day of its period, a start as the first: 2024年 may end what began 2024-05."""
    return finish is not None and start is not None and finish < start


def _order(project, finish_label, finish, start_label, start):
    return f"{finish_label} {_written(project, finish)} 早于{start_label} {_written(project, start)}，请核对。"


def _written(project, attribute):
    return PartialDate.from_stored(getattr(project, attribute), getattr(project, f"{attribute}_precision"))


def _point(project):
    longitude, latitude = project.longitude, project.latitude
    if longitude is None and latitude is None:
        return {}
    if longitude is None or latitude is None:
        missing, label = ("longitude", "经度") if longitude is None else ("latitude", "纬度")
        return {missing: f"经度和纬度要么都填，要么都不填；现在缺{label}。"}
    found = {}
    if not LONGITUDES[0] <= longitude <= LONGITUDES[1]:
        found["longitude"] = f"经度 {longitude} 不在 73 到 136 之间，请核对是否与纬度写反。"
    if not LATITUDES[0] <= latitude <= LATITUDES[1]:
        found["latitude"] = f"纬度 {latitude} 不在 3 到 54 之间，请核对是否与经度写反。"
    return found
