"""Usual schedules by type of project: nodes laid out between a start and a finish, and money spread over months.

Nodes, shares and weights are our own start, for the office to change (默认值, 非官方). A template's weights add up to
100.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portfolio.models import Milestone
from portfolio.money import to_cent
from portfolio.schedule_entries import MilestoneEntry

Kind = Milestone.Kind
# January and February, with the Spring Festival in one of them, count as half a month each.
LOW_MONTHS = {1: Decimal("0.5"), 2: Decimal("0.5")}
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Step:
    """`share` is the percentage of the period after which the node is due."""

    name: str
    share: int
    weight: int


@dataclass(frozen=True)
class Template:
    """`words` in a project's name, or the start of its industry code in `industries`, propose it."""

    key: str
    label: str
    steps: tuple
    words: tuple = ()
    industries: tuple = ()


def _template(key, label, steps, words="", industries=""):
    steps = tuple(Step(name, share, weight) for name, share, weight in steps)
    return Template(key, label, steps, tuple(words.split()), tuple(industries.split()))


# The order is that of proposing: what is special comes before what is general.
TEMPLATES = (
    _template(
        "it",
        "信息化",
        (
            ("开工", 0, 5),
            ("需求和设计方案确认", 15, 15),
            ("设备到货安装", 40, 25),
            ("软件开发部署完成", 70, 30),
            ("联调和试运行", 90, 20),
            ("竣工验收", 100, 5),
        ),
        words="信息化 数字化 智慧 大数据 信息平台 服务平台 一体化平台 视频监控",
        industries="I63 I64 I65",
    ),
    _template(
        "power",
        "光伏、风电",
        (
            ("开工", 0, 5),
            ("进场道路和场地平整完成", 15, 10),
            ("支架（风机）基础完工", 35, 20),
            ("组件（风机）安装完成", 65, 30),
            ("集电线路和升压站建成", 85, 20),
            ("并网调试", 95, 10),
            ("全容量并网", 100, 5),
        ),
        words="光伏 风力发电 风电 风光储",
        industries="D4415 D4416",
    ),
    _template(
        "upgrade",
        "设备技改",
        (
            ("开工", 0, 5),
            ("设备订货", 15, 15),
            ("主要设备到货", 50, 25),
            ("设备安装完成", 75, 30),
            ("调试和试运行", 92, 20),
            ("竣工投产", 100, 5),
        ),
        words="技改 技术改造 改造升级 智能化 升级改造项目 超低排放 余热 储能",
    ),
    _template(
        "mine",
        "煤矿、井巷",
        (
            ("开工", 0, 5),
            ("井巷工程完工", 40, 35),
            ("地面生产系统建成", 65, 20),
            ("机电设备安装完成", 80, 20),
            ("联合试运转", 95, 15),
            ("竣工验收", 100, 5),
        ),
        words="巷道 井巷 万吨/年改扩建",
        industries="B06",
    ),
    _template(
        "wells",
        "煤层气开采",
        (
            ("开工", 0, 5),
            ("井场完工", 15, 10),
            ("钻井完工", 45, 35),
            ("压裂和排采完成", 70, 25),
            ("集输管线建成", 90, 20),
            ("投产", 100, 5),
        ),
        words="地面抽采 井组",
        industries="B07",
    ),
    _template(
        "works",
        "污水、供水厂站",
        (
            ("开工", 0, 5),
            ("基坑和基础完工", 20, 15),
            ("主体构筑物完工", 50, 30),
            ("工艺设备安装完成", 75, 25),
            ("厂区管线和配套完工", 88, 10),
            ("通水调试", 95, 10),
            ("竣工验收", 100, 5),
        ),
        words="污水处理 水厂 供水 水源 水深度处理 再生水",
    ),
    _template(
        "pipes",
        "管网",
        (
            ("开工", 0, 5),
            ("放线和管材进场", 10, 10),
            ("主干管敷设完成", 50, 40),
            ("支管和接户完成", 75, 20),
            ("试压和功能试验", 88, 10),
            ("路面恢复", 95, 10),
            ("竣工验收", 100, 5),
        ),
        words="管网 管线 供热 供气 雨污分流 水网",
        industries="G57 D45",
    ),
    _template(
        "road",
        "道路、桥梁",
        (
            ("开工", 0, 5),
            ("路基完工", 35, 30),
            ("桥涵和防护工程完工", 55, 25),
            ("路面铺筑完工", 85, 30),
            ("交通安全设施完工", 95, 5),
            ("交工验收", 100, 5),
        ),
        words="公路 道路 改线 桥 硬化 铁路 隧道",
        industries="E481 G53 G54",
    ),
    _template(
        "water",
        "水利",
        (
            ("开工", 0, 5),
            ("导流和基础处理完成", 20, 20),
            ("主体工程完工", 60, 40),
            ("金属结构和机电设备安装", 80, 15),
            ("附属工程完工", 92, 15),
            ("竣工验收", 100, 5),
        ),
        words="水库 河道 堤防 淤地坝 灌区 防洪",
        industries="N76 E482",
    ),
    _template(
        "land",
        "土地整治、高标准农田",
        (
            ("开工", 0, 5),
            ("土地平整完成", 30, 25),
            ("灌溉和排水设施完工", 60, 30),
            ("田间道路和防护工程完工", 80, 20),
            ("地力提升完成", 92, 15),
            ("竣工验收", 100, 5),
        ),
        words="土地整治 高标准农田 复垦 整治",
    ),
    _template(
        "farm",
        "种植、养殖",
        (
            ("开工", 0, 5),
            ("场地平整", 15, 10),
            ("棚舍（基地）建成", 50, 35),
            ("水电和设施设备安装", 75, 25),
            ("定植或引种入栏", 90, 15),
            ("投产运营", 100, 10),
        ),
        words="种植 养殖 蔬菜 食用菌 连翘",
        industries="A01 A03",
    ),
    _template(
        "green",
        "生态治理、造林",
        (
            ("开工", 0, 5),
            ("清表和整地完成", 25, 25),
            ("工程措施完工", 55, 30),
            ("栽植完成", 85, 30),
            ("竣工验收", 100, 10),
        ),
        words="造林 绿化 修复 水土保持 湿地",
        industries="A02 N77",
    ),
    _template(
        "plant",
        "工业厂房和设备",
        (
            ("开工", 0, 5),
            ("基础完工", 20, 15),
            ("厂房结构封顶", 45, 25),
            ("土建和水电完工", 60, 15),
            ("设备安装完成", 80, 25),
            ("试运行", 95, 10),
            ("竣工投产", 100, 5),
        ),
        words="厂房 生产线 加工 制造",
        industries="C D B",
    ),
    _template(
        "building",
        "房屋建筑",
        (
            ("开工", 0, 5),
            ("地基与基础完工", 20, 15),
            ("主体结构封顶", 45, 30),
            ("砌体和水电安装完工", 65, 20),
            ("内外装修完工", 85, 15),
            ("室外配套完工", 95, 10),
            ("竣工验收", 100, 5),
        ),
        words="学校 医院 小区 住宅 楼 用房 民宿 酒店 物流园 市场 场站 客运 停车场",
        industries="E47 F G5 G6 H K N78 P Q R S",
    ),
    _template(
        "general",
        "通用",
        (
            ("开工", 0, 10),
            ("基础完工", 25, 20),
            ("主体工程完工", 60, 40),
            ("设备和配套完工", 85, 20),
            ("竣工验收", 100, 10),
        ),
    ),
)
BY_KEY = {template.key: template for template in TEMPLATES}


def proposed_for(project):
    """The template whose words stand in the name; else that of the industry; else 通用."""
    by_words = (template for template in TEMPLATES if any(word in project.name for word in template.words))
    by_industry = (template for template in TEMPLATES if project.industry.startswith(template.industries or ("-",)))
    return next(by_words, None) or next(by_industry, BY_KEY["general"])


def lay_out(template, start, finish, unit=None):
    """The usual nodes as unsaved `MilestoneEntry`, due between two days; ValueError when they are the wrong way round.

    `template` is a `Template` or its key; `unit` answers for every node.
    """
    if finish < start:
        raise ValueError(f"竣工 {finish} 早于开工 {start}，请核对两个日期。")
    steps = (BY_KEY[template] if isinstance(template, str) else template).steps
    period = (finish - start).days
    return [
        MilestoneEntry(
            name=step.name,
            kind=_kind(place, len(steps)),
            due=start + dt.timedelta(days=_half_up(Decimal(period) * step.share / 100)),
            weight=Decimal(step.weight),
            unit=unit,
        )
        for place, step in enumerate(steps, 1)
    ]


def _kind(place, count):
    return Kind.START if place == 1 else Kind.FINISH if place == count else Kind.NODE


def _half_up(number):
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def spread(total, start_month=1):
    """Twelve amounts (万元) from `start_month` on whose sum is `total` to the cent; None without a total."""
    if total is None:
        return None
    shares = [LOW_MONTHS.get(month, Decimal(1)) if month >= start_month else Decimal(0) for month in MONTHS]
    amounts, passed, whole = [], Decimal(0), sum(shares)
    for share in shares:
        passed += share
        # Rounding the running sum, not each month: what one month loses the next one gets.
        amounts.append(to_cent(total * passed / whole) - sum(amounts))
    return amounts
