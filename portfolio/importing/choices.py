"""Words of real tables for the closed lists of the register, and what a word says beside its own column."""

import difflib
import re
import unicodedata

from portfolio.industries import DIVISIONS
from portfolio.models.register import Category, Level, Library, Nature, PlanState, Registration, Stage
from portfolio.search import name_key

_NATURES = {
    Nature.NEW: ("新建", "新建项目"),
    Nature.CONTINUED: ("续建", "续建项目", "结转", "结转项目"),
    Nature.REBUILT: ("改扩建", "扩建", "改建", "改建扩建", "改扩建项目"),
    Nature.UPGRADED: ("技术改造", "技改", "技改项目", "技术改造项目"),
    Nature.RELOCATED: ("迁建", "搬迁", "迁建项目"),
}
_STAGES = {
    Stage.RESERVE: ("谋划", "储备", "谋划储备", "前期", "预备", "前期项目", "储备项目", "谋划项目", "预备项目"),
    Stage.PLANNED: ("计划新开工", "新开工", "计划开工", "拟开工", "拟新开工", "新开工项目", "计划新开工项目", "未开工"),
    Stage.BUILDING: ("在建", "已开工", "建设中", "续建", "续建项目", "在建项目", "已复工", "施工中", "正在建设"),
    Stage.IN_OPERATION: (
        "开工见效",
        "投产",
        "竣工",
        "完工",
        "建成",
        "已投产",
        "已竣工",
        "已完工",
        "已建成",
        "竣工投产",
        "建成投产",
        "投产项目",
        "竣工项目",
    ),
}
_LEVELS = {
    Level.PROVINCE: ("省重点", "省级重点", "省级", "省", "省重大", "省级重点项目", "省重点项目", "省重点工程"),
    Level.CITY: ("市重点", "市级重点", "市级", "市", "市重大", "市级重点项目", "市重点项目", "市重点工程"),
    Level.COUNTY: ("县重点", "县级重点", "县级", "县", "县重大", "县级重点项目", "县重点项目", "区重点", "县重点工程"),
}
_LIBRARIES = {
    Library.NONE: ("未入库", "否", "无", "未进库", "没有入库", "×", "x", "n", "✗"),
    Library.CITY: ("市级库", "市级", "市库", "市级项目库", "市重大项目库", "入市级库", "已入市级库"),
    Library.PROVINCE: ("省级库", "省级", "省库", "省级项目库", "省重大项目库", "入省级库", "已入省级库"),
    Library.NATIONAL: (
        "国家库",
        "国家级",
        "国家级库",
        "国家重大建设项目库",
        "国家级项目库",
        "国家重大项目库",
        "入国家库",
        "已入国家库",
    ),
}
_REGISTRATIONS = {
    Registration.DONE: ("已入统", "是", "已纳统", "已入库", "√", "✓", "入统", "y", "有"),
    Registration.NOT_YET: ("未入统", "否", "未纳统", "未入库", "×", "x", "n", "✗"),
}
_CATEGORIES = {
    Category.INDUSTRIAL: ("产业类", "产业", "产业项目", "产业类项目"),
    Category.INFRASTRUCTURE: (
        "基础设施及社会民生类",
        "基础设施及社会民生",
        "基础设施和社会民生类",
        "基础设施与社会民生类",
        "基础设施及社会民生类项目",
        "基础设施及社会民生项目",
        "基础设施及民生类",
        "基础设施类",
        "基础设施",
        "社会民生类",
        "社会民生",
        "民生类",
    ),
}


def _table(words):
    return {name_key(spelling) or spelling: value for value, spellings in words.items() for spelling in spellings}


NATURES, STAGES, LEVELS, LIBRARIES, REGISTRATIONS, CATEGORIES = map(
    _table, (_NATURES, _STAGES, _LEVELS, _LIBRARIES, _REGISTRATIONS, _CATEGORIES)
)
STATES = {name_key(label): value for value, label in PlanState.choices} | {"在列项目": PlanState.LISTED}
TABLES = {
    "category": CATEGORIES,
    "nature": NATURES,
    "stage": STAGES,
    "level": LEVELS,
    "library": LIBRARIES,
    "registration": REGISTRATIONS,
    "state": STATES,
}
_LABELS = {
    "category": Category,
    "nature": Nature,
    "stage": Stage,
    "level": Level,
    "library": Library,
    "registration": Registration,
    "state": PlanState,
}


def read_choice(key, text):
    """{field key: value} that a word in the column `key` stands for. `ValueError` with the words that would do.

    续建 says two things (nature and stage), 新开工 in a column of natures only the stage; a category that is neither
    of the two goes to `sector`.
    """
    word = name_key(text) or unicodedata.normalize("NFKC", text)
    word = re.sub(r"\d+个$", "", word)
    if key == "category":
        return {"category": CATEGORIES[word]} if word in CATEGORIES else {"sector": text[:40]}
    if key in {"nature", "stage"}:
        found = _nature_and_stage(key, word)
    else:
        found = {key: TABLES[key][word]} if word in TABLES[key] else {}
    if not found:
        labels = "、".join(_LABELS[key].labels)
        raise ValueError(f"不在可选范围内。请改为其中之一：{labels}；或把这一列改为“原样保留”。")
    return found


def _nature_and_stage(key, word):
    nature, stage = NATURES.get(word), STAGES.get(word)
    if key == "stage" and stage:
        return {"stage": stage, **({"nature": nature} if nature == Nature.CONTINUED else {})}
    if nature == Nature.CONTINUED:
        return {"nature": nature, "stage": Stage.BUILDING}
    found = {"nature": nature, "stage": stage if nature is None else None}
    return {name: value for name, value in found.items() if value}


def read_group(text):
    """What a group row says of the rows below: category, nature and stage, or level; else the county's own sector."""
    word = name_key(text)
    for spelling, category in CATEGORIES.items():
        if word == spelling:
            return {"category": category}
    if "产业" in word and not any(other in word for other in ("基础", "民生", "产业园", "产业链")):
        return {"category": Category.INDUSTRIAL}
    if "基础设施" in word or "民生" in word:
        return {"category": Category.INFRASTRUCTURE}
    if found := _nature_and_stage("nature", word):
        return found
    if word in LEVELS:
        return {"level": LEVELS[word]}
    return {"sector": text[:40]}


def industry_code(text):
    """A code as it stands, or the code of a division written by name."""
    word = name_key(text)
    for number, (section, name) in DIVISIONS.items():
        if word == name_key(name):
            return f"{section}{number}"
    return text.upper()


def near_matches(text, names, count=3):
    """Names that a mistyped one may mean, best first."""
    keys = {}
    for name in names:
        keys.setdefault(name_key(name), name)
    return [keys[key] for key in difflib.get_close_matches(name_key(text), keys, n=count, cutoff=0.6)]
