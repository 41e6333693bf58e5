"""The inspection of the first quarter (季观摩): three days, twelve stops from 43 万元 upwards, five judges."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.actions import matters, rounds, scoring
from inspections.models import Finding, Round, Stop
from portfolio.models.problems import ProblemKind as Kind
from qinyuan_projects.demo import pictures, problem_stories
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.problem_stories import Story
from qinyuan_projects.demo.timeline import Event, at

QUARTER = 1
DAYS = (27, 28, 29)
STOPS_A_DAY = 4
JUDGES = ("leader", "office", "office2", "inspector", "inspector2")
# How strict a judge is, as a share of the points: never enough to bring a stop to zero or over the most.
STRICTNESS = {"leader": 0.01, "office": 0.0, "office2": 0.02, "inspector": -0.03, "inspector2": -0.01}
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Place:
    """A stop; `share` of the points is what it is worth. A defect is (account, kind, text, measure, days, steps)."""

    project: str
    look_at: str
    share: float
    strength: str = ""
    defect: tuple = ()
    picture: int = 0


PLACES = (
    Place(
        "县人民医院住院综合楼建设项目",
        "主体装修和医用设备安装",
        0.92,
        "装修、安装交叉作业组织有序，实行样板引路。",
        picture=11,
    ),
    Place(
        "县中医院康复楼建设项目",
        "主体施工",
        0.79,
        "",
        (
            "office",
            Kind.SAFETY,
            "三层临边洞口防护缺失 4 处。",
            "补齐防护并挂牌",
            7,
            (
                (3, 29, "answer", "已补齐 4 处防护。"),
                (4, 1, "ask_closing", "整改完毕，附照片。"),
                (4, 2, "close", "复查合格。"),
            ),
        ),
    ),
    Place("法中乡日间照料中心建设项目", "村级养老服务设施", 0.84, "投资小、用得上，改造闲置校舍节约资金。"),
    Place("县高级中学扩建项目", "教学楼主体", 0.87, "施工现场扬尘管控到位。"),
    Place("开发区铁路专用线工程", "路基和站场段", 0.86, "用地手续提前办结，施工连续。", picture=12),
    Place(
        "国道过境段改线工程",
        "K3 段路基",
        0.81,
        "",
        (
            "inspector",
            Kind.CONSTRUCTION,
            "K3 段填方压实度检测资料不全。",
            "补做检测并归档",
            7,
            (
                (4, 1, "assign", "交通局督促补做检测。"),
                (4, 3, "answer", "已委托检测。"),
                (4, 7, "ask_closing", "检测报告已补齐，全部合格。"),
                (4, 8, "close", "已查看检测报告。"),
            ),
        ),
    ),
    Place("郭道镇通自然村公路硬化工程", "路面硬化", 0.8, "村民代表参与质量监督。"),
    Place(
        "聪子峪乡月牙湾淤地坝除险加固工程",
        "坝体加固和溢洪道",
        0.77,
        "",
        (
            "office2",
            Kind.SAFETY,
            "溢洪道作业面未设汛期撤离路线标识。",
            "设标识并组织一次演练",
            7,
            (
                (3, 29, "answer", "标识已设置。"),
                (4, 3, "ask_closing", "已组织演练。"),
                (4, 4, "close", "已查看演练记录。"),
            ),
        ),
    ),
    Place("交口乡连翘标准化种植基地建设项目", "连翘种植和滴灌", 0.85, "带动周边农户务工，账目公开。"),
    Place("沙棘饮料生产线项目", "生产线运行", 0.9, "投产即达效，原料全部来自本县。", picture=13),
    Place(
        "太岳红色教育基地提升项目",
        "展陈和道路",
        0.82,
        "",
        (
            "inspector2",
            Kind.OTHER,
            "施工公示牌内容过期。",
            "更换公示牌",
            5,
            (
                (4, 1, "assign", "文旅局督促更换。"),
                (4, 2, "answer", "已更换。"),
                (4, 3, "ask_closing", "新公示牌已上墙。"),
                (4, 7, "close", "现场核验。"),
            ),
        ),
    ),
    Place("沁河镇中心校校舍改造提升项目", "校舍加固", 0.83, "利用假期施工，不影响教学。"),
)
ON_SPOT = "会同卫体局三日内补齐康复楼临边防护，并举一反三检查在建医疗项目。"


def events(actors):
    yield Event(at(3, 20, 9), lambda: _prepare(actors))
    yield Event(at(3, 27, 8), lambda: _step(actors, rounds.open_))
    for number, place in enumerate(PLACES):
        moment = at(3, DAYS[number // STOPS_A_DAY], 9 + 2 * (number % STOPS_A_DAY))
        yield Event(moment, lambda place=place: _visit(actors, place))
        if place.defect:
            yield from problem_stories.steps(actors, _story(place), 30 + number)
    yield Event(at(3, 29, 17, 30), lambda: _close(actors))
    yield Event(at(4, 2, 17), lambda: _settle_on_spot(actors))


def _prepare(actors):
    values = {
        "year": YEAR,
        "quarter": QUARTER,
        "title": f"{YEAR}年第一季度重大项目观摩",
        "starts_on": dt.date(YEAR, 3, DAYS[0]),
        "ends_on": dt.date(YEAR, 3, DAYS[-1]),
        "words": "分三天观摩 12 个项目，现场打分，当日汇总。小项目与大项目同样评分。",
        "drops_extremes": True,
    }
    rounds.create(by=actors.office, values=values)
    _step(actors, rounds.set_route, legs=_legs(actors))
    _step(actors, rounds.set_judges, users=[actors.accounts[name] for name in JUDGES])


def _round(actors):
    return Round.objects.get(county=actors.county, year=YEAR, quarter=QUARTER)


def _step(actors, act, **values):
    row = _round(actors)
    return act(by=actors.office, round_=row, version=row.row_version, **values)


def _legs(actors, *, visited=False):
    plans = actors.plans(place.project for place in PLACES)
    return [
        rounds.Leg(
            plan=plans[place.project],
            look_at=place.look_at,
            presenter="项目单位负责人",
            visited_on=dt.date(YEAR, 3, DAYS[number // STOPS_A_DAY]) if visited else None,
        )
        for number, place in enumerate(PLACES)
    ]


def _visit(actors, place):
    stop = _stop(actors, place)
    criteria = list(stop.round.criteria.all())
    for name in JUDGES:
        points = {each.pk: _points(place, name, each) for each in criteria}
        scoring.score(by=actors.accounts[name], stop=stop, version=0, points=points)
    if place.strength:
        scoring.add_finding(by=actors.office, stop=stop, kind=Finding.Kind.STRENGTH, text=place.strength)
    if place.defect:
        _find(actors, stop, place.defect)
    if place.picture:
        upload = SimpleUploadedFile("观摩.jpg", pictures.picture(place.picture), "image/jpeg")
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{SEED} stop {place.project}")
        scoring.add_photo(by=actors.office, stop=stop, upload=upload, upload_key=key, caption=place.look_at)


def _stop(actors, place):
    stops = Stop.objects.filter(round=_round(actors)).select_related("round", "plan__project")
    return stops.get(plan__project__name=place.project)


def _points(place, judge, criterion):
    """Half points, about the stop's share of the criterion's weight."""
    rng = random.Random(f"{SEED} score {place.project} {judge} {criterion.name}")
    share = place.share + STRICTNESS[judge] + rng.uniform(-0.04, 0.04)
    return (Decimal(str(share)) * criterion.weight / HALF).quantize(Decimal(1)) * HALF


def _find(actors, stop, defect):
    account, kind, text, measure, days, _ = defect
    problem = {"kind": kind, "measure": measure, "deadline": actors.today() + dt.timedelta(days=days)}
    by = actors.accounts[account]
    scoring.add_finding(by=by, stop=stop, kind=Finding.Kind.DEFECT, text=text, problem=problem)


def _story(place):
    _, kind, text, _, _, steps = place.defect
    return Story(place.project, (3, DAYS[0]), kind, text, steps)


def _close(actors):
    stop = _stop(actors, PLACES[1])
    values = {"text": ON_SPOT, "deadline": dt.date(YEAR, 4, 2), "person": "项目分管负责人"}
    matters.assign_on_spot(by=actors.office, stop=stop, values=values)
    _step(actors, rounds.set_route, legs=_legs(actors, visited=True))
    _step(actors, rounds.close)


def _settle_on_spot(actors):
    matter = _stop(actors, PLACES[1]).matters.get()
    matters.close(by=actors.office, matter=matter, version=matter.row_version, text="防护已补齐，其余医疗项目已自查。")
