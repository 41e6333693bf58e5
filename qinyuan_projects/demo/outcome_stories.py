"""见效情况 of the demo: what projects in service promised and reached. Of the projects that the report names it tells
one figure, the size of the sewage works; all others are invented for projects that are invented too."""

import datetime as dt
from decimal import Decimal

from portfolio.actions import project_rows
from portfolio.models import Project
from portfolio.models.outcomes import MEASURES, Outcome, OutcomeKind
from portfolio.partial_dates import parse_partial_date
from qinyuan_projects.demo import stated
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event

CAPACITY, OUTPUT, TAX, JOBS = OutcomeKind
FILED, AGREED, APPROVED = "项目备案文件", "招商引资协议", "可行性研究报告批复"
APRIL, SPRING = "2024-04", "2024年一季度"
YEAR_END = dt.date(YEAR, 12, 31)
# (project, its paper, figures); a figure: kind, detail, measure, promised, reached, as of, the day it is due if not yet
FIGURES = (
    (
        "沙棘饮料生产线项目",
        AGREED,
        (CAPACITY, "沙棘原浆和饮料", "吨/年", 8000, 8000, APRIL),
        (OUTPUT, "", "", 5200, 1460, SPRING),
        (TAX, "", "", 260, 71.5, SPRING),
        (JOBS, "", "", 60, 63, "2024-04-20"),
    ),
    (
        "煤质活性炭生产线项目",
        AGREED,
        (CAPACITY, "活性炭", "吨/年", 10000, 6200, APRIL),
        (OUTPUT, "", "", 12000, 1850, SPRING),
        (TAX, "", "", 560, 64, SPRING),
        (JOBS, "", "", 120, 104, APRIL),
    ),
    (
        "大峪口选煤厂智能化升级改造项目",
        FILED,
        (CAPACITY, "入洗原煤", "万吨/年", 120, 120, APRIL),
        (TAX, "", "", 820, 230, SPRING),
    ),
    (
        "上坪塬焦化厂干熄焦余热发电项目",
        FILED,
        (CAPACITY, "发电装机", "兆瓦", 15, 15, APRIL),
        (OUTPUT, "", "", 4800, 1150, SPRING),
    ),
    (
        "聪子峪乡煤层气地面抽采井组建设项目",
        FILED,
        (CAPACITY, "煤层气", "万立方米/年", 7000, 3900, APRIL, YEAR_END),
        (JOBS, "", "", 45, 48, APRIL),
    ),
    ("凤鸣坪低浓度瓦斯发电站项目", FILED, (CAPACITY, "发电装机", "兆瓦", 10, 10, APRIL), (TAX, "", "", 95, 22, SPRING)),
    ("北坡底煤层气提浓利用示范项目", AGREED, (CAPACITY, "煤层气", "万立方米/年", 3600, 2100, APRIL)),
    (
        "郭道镇120兆瓦农光互补光伏发电项目",
        FILED,
        (CAPACITY, "发电装机", "兆瓦", 120, 120, APRIL),
        (OUTPUT, "", "", 5300, 1280, SPRING),
    ),
    (
        "风光储一体化示范项目",
        FILED,
        (CAPACITY, "发电装机", "兆瓦", 360, 360, APRIL),
        (TAX, "", "", 2100, 0, SPRING, dt.date(YEAR + 2, 12, 31)),
    ),
    (
        "煤矿用高分子管材项目",
        AGREED,
        (CAPACITY, "管材", "吨/年", 9000, None, ""),
        (JOBS, "", "", 80, 52, APRIL, YEAR_END),
    ),
    ("后柳沟固废制绿色建材项目", AGREED, (CAPACITY, "板材", "万立方米/年", 20, 8.5, APRIL, dt.date(YEAR, 9, 30))),
    (
        "郭道镇云梯沟肉牛标准化养殖场项目",
        FILED,
        (CAPACITY, "肉牛存栏", "头", 600, 410, APRIL),
        (JOBS, "", "", 18, 20, APRIL),
    ),
    ("月牙湾森林康养基地项目", AGREED, (CAPACITY, "康养客房", "间", 260, 260, APRIL), (JOBS, "", "", 30, 34, APRIL)),
    ("县城星级酒店建设项目", AGREED, (CAPACITY, "客房", "间", 180, 180, APRIL), (JOBS, "", "", 110, 86, APRIL)),
    ("景凤镇寄宿制学校建设项目", APPROVED, (CAPACITY, "学位", "个", 784, 652, APRIL, dt.date(YEAR, 9, 30))),
    (
        stated.SEWAGE_WORKS.name,
        stated.SOURCE,
        (CAPACITY, "污水处理规模", "万立方米/日", 2, None, ""),
    ),
)


def events(actors):
    for number, (name, paper, *figures) in enumerate(FIGURES):
        day = dt.datetime(YEAR, 4, 22, 9, 0) + dt.timedelta(hours=number % 4, minutes=7 * number)
        yield Event(day, lambda name=name, paper=paper, figures=figures: _tell(actors, name, paper, figures))


def _tell(actors, name, paper, figures):
    project = Project.objects.get(county=actors.county, name=name)
    for kind, detail, measure, promised, reached, counted, *due in figures:
        period = parse_partial_date(counted)
        values = {"kind": kind, "detail": detail, "measure": measure or MEASURES[kind], "promised": Decimal(promised)}
        values |= {"promised_in": paper, "due_on": due[0] if due else None, "note": ""}
        values |= {"reached": None if reached is None else Decimal(str(reached))}
        values |= {"counted_on": period and period.last_day, "counted_on_precision": period.precision if period else ""}
        project_rows.save(by=actors.office, project=project, model=Outcome, values=values)
