"""The questions of each look (四看清单): the county's versions, and the defaults that the first version starts from.

No public source gives such lists: the defaults are drawn from what the stages are asked about (domain.md §3.3, §5.1,
§5.3), can be edited, and say 默认值，非官方 wherever they are shown.
"""

import datetime as dt
from dataclasses import dataclass, replace

from inspections.models import Checklist, ChecklistItem, Look
from portfolio.models.problems import ProblemKind

NOT_OFFICIAL = "默认值，非官方"
DEFAULT_WORDS = f"系统自带清单（{NOT_OFFICIAL}）"
MOST_QUESTIONS = 20
SHORTEST_KEY = "q"


@dataclass(frozen=True)
class Question:
    """One question. `known_by` is a key of `known_facts.FACTS`, or empty; `days` are calendar days to settle a "no"."""

    key: str
    question: str
    hint: str = ""
    known_by: str = ""
    kind: str = ProblemKind.OTHER
    measure: str = ""
    days: int = 7

    @classmethod
    def of(cls, item):
        """From a stored `ChecklistItem`."""
        return cls(item.key, item.question, item.hint, item.known_by, item.kind, item.measure, item.days)


@dataclass(frozen=True)
class Questions:
    """A version of a look's questions; version 0 is the default, which nobody has used or changed yet."""

    look: Look
    questions: tuple
    version: int = 0
    since: dt.date | None = None
    words: str = DEFAULT_WORDS

    @property
    def name(self):
        return f"第 {self.version} 版（自 {self.since} 起）" if self.version else "默认清单"

    @classmethod
    def of(cls, checklist):
        items = tuple(Question.of(item) for item in checklist.items.all())
        return cls(Look(checklist.look), items, checklist.version, checklist.since, checklist.words)


_PERMIT, _FUNDS, _BUILD = ProblemKind.PERMIT, ProblemKind.FUNDS, ProblemKind.CONSTRUCTION

DEFAULTS = {
    Look.RESERVE: (
        Question(
            "permits",
            "立项、选址、用地等前期手续是否办结或已承诺办理",
            "看批文或受理回执",
            "permits_early",
            _PERMIT,
            "列出未办手续和经办人，逐项倒排办理时间",
            30,
        ),
        Question(
            "code",
            "是否取得投资项目统一代码",
            "山西省投资项目在线审批监管平台赋码",
            "project_code",
            _PERMIT,
            "在审批监管平台申报赋码",
        ),
        Question(
            "library",
            "是否进入国家重大建设项目库或省级项目库",
            "看入库截图，注明入库时间",
            "library",
            _PERMIT,
            "补齐入库材料并申报入库",
            30,
        ),
        Question(
            "site",
            "建设地点是否落实",
            "四至清楚，不占永久基本农田和生态红线",
            "site",
            ProblemKind.LAND,
            "会同自然资源部门确定选址",
            30,
        ),
        Question(
            "funds",
            "建设资金是否有来源",
            "中央预算内、专项债、贷款、自筹等，有申报或意向",
            "funds_planned",
            _FUNDS,
            "明确资金来源，编制申报材料",
            30,
        ),
        Question("ready", "计划开工时间是否明确", "", "planned_start", _BUILD, "确定计划开工时间和前期工作计划"),
    ),
    Look.REGISTRATION: (
        Question(
            "start",
            "是否按计划时间开工",
            "有实质性施工，不是奠基仪式",
            "started",
            _BUILD,
            "查明未开工原因，明确开工时间",
        ),
        Question(
            "conditions",
            "开工条件是否具备",
            "用地交付，水、电、路通，施工图和资金到位",
            "",
            ProblemKind.FACTOR,
            "列出缺项，由责任单位逐项落实",
            30,
        ),
        Question(
            "licence",
            "施工许可是否办结",
            "含消防设计审查；不需要的选“不涉及”",
            "licence",
            _PERMIT,
            "补办施工许可",
            30,
        ),
        Question(
            "approval",
            "入统材料：立项文件是否齐全",
            "审批、核准或备案文件",
            "approval",
            _PERMIT,
            "向审批部门补办或调取立项文件",
        ),
        Question(
            "contract",
            "入统材料：施工合同或现场照片是否齐全",
            "照片注明时间、地点和项目名称",
            "site_photos",
            ProblemKind.OTHER,
            "补签施工合同，或补拍现场照片",
        ),
        Question(
            "business",
            "入统材料：建设单位营业执照是否齐全",
            "统一社会信用代码与立项文件一致",
            "builder_code",
            ProblemKind.OTHER,
            "向建设单位收取营业执照",
        ),
        Question(
            "registered",
            "是否已经入统",
            "总投资 500 万元以上、已开工的项目应入统",
            "registration",
            ProblemKind.OTHER,
            "会同统计部门报送入统材料",
        ),
    ),
    Look.PROGRESS: (
        Question(
            "schedule",
            "工期节点是否按计划完成",
            "对照工期计划逐个核对",
            "milestones",
            _BUILD,
            "倒排工期，增加人员机械，追回滞后节点",
        ),
        Question("money", "投资完成是否达到序时进度", "", "pace", _FUNDS, "分析滞后原因，制定追赶计划"),
        Question(
            "reported",
            "周调度填报与现场是否相符",
            "对照最近一次填报的形象进度和工程量",
            "report",
            _BUILD,
            "按现场实际更正周调度",
        ),
        Question("forces", "现场施工力量是否满足工期", "管理人员、工人和机械在场情况", "", _BUILD, "增加施工力量"),
        Question("funds", "建设资金是否及时到位和支付", "", "funds_arrived", _FUNDS, "落实资金，按进度支付工程款", 30),
        Question(
            "safety",
            "安全生产和环境保护是否到位",
            "临边防护、用电、起重、扬尘",
            "",
            ProblemKind.SAFETY,
            "立即整改，整改到位前停止相关作业",
        ),
        Question(
            "quality",
            "工程质量是否合格",
            "看原材料检验和隐蔽工程验收记录",
            "",
            ProblemKind.CONSTRUCTION,
            "返工或补做检验",
        ),
        Question(
            "problems", "以前提出的问题是否按时整改", "", "overdue_problems", ProblemKind.OTHER, "限期办结逾期问题"
        ),
    ),
    Look.EFFECT: (
        Question(
            "finished", "是否竣工投产（投入使用）", "看竣工验收或投产证明", "finished", _BUILD, "明确竣工验收时间", 30
        ),
        Question(
            "capacity",
            "是否达到设计产能或使用规模",
            "对照立项文件和见效情况表",
            "capacity",
            ProblemKind.OTHER,
            "制定达产计划",
            30,
        ),
        Question(
            "output",
            "产值或营业收入是否达到承诺",
            "系统没有的，在情况说明里写明承诺数和实际数",
            "output",
            ProblemKind.OTHER,
            "分析差距，帮助开拓市场",
            30,
        ),
        Question(
            "tax",
            "税收是否达到承诺",
            "系统没有的，在情况说明里写明承诺数和实际数",
            "tax",
            ProblemKind.OTHER,
            "会同税务部门核对",
            30,
        ),
        Question(
            "jobs",
            "带动就业是否达到承诺",
            "系统没有的，在情况说明里写明承诺人数和实际人数",
            "jobs",
            ProblemKind.OTHER,
            "组织本地用工对接",
            30,
        ),
        Question("invested", "计划投资是否全部完成", "", "invested", _FUNDS, "核实投资完成情况，补报差额", 30),
        Question("registered", "是否已经入统", "", "registration", ProblemKind.OTHER, "会同统计部门报送入统材料"),
    ),
}


def in_force(county, look, day):
    """The `Questions` that hold at the end of `day`."""
    checklist = stored_in_force(county, look, day)
    return Questions.of(checklist) if checklist else default(look)


def stored_in_force(county, look, day):
    """The `Checklist`, or None while the default holds, which is stored with the first check that uses it."""
    return Checklist.objects.filter(look=look).in_force(county, day)


def default(look):
    return Questions(Look(look), DEFAULTS[Look(look)])


def versions(county, look):
    """All stored versions, the latest first, with their questions."""
    found = Checklist.objects.filter(county=county, look=look).select_related("made_by").prefetch_related("items")
    return list(found.order_by("-version"))


def latest(county, look):
    """What a new version follows: the last made, which may not be in force yet."""
    found = versions(county, look)
    return Questions.of(found[0]) if found else default(look)


def items_of(checklist, questions):
    """Unsaved `ChecklistItem`s of a new version, in the order of `questions`."""
    return [
        ChecklistItem(
            checklist=checklist,
            seq=seq,
            key=each.key,
            question=each.question,
            hint=each.hint,
            known_by=each.known_by,
            kind=each.kind,
            measure=each.measure,
            days=each.days,
        )
        for seq, each in enumerate(questions, 1)
    ]


def with_keys(questions, before):
    """Give those without a key one that `before` (all keys ever used in the look) and the others do not have.

    A key that was never used, or is used a second time, is none.
    """
    taken, number, keyed = set(before), 0, []
    for each in questions:
        if each.key not in before or each.key in {other.key for other in keyed}:
            each = replace(each, key="")
        while not each.key:
            number += 1
            if (key := f"{SHORTEST_KEY}{number}") not in taken:
                each = replace(each, key=key)
        keyed.append(each)
    return tuple(keyed)


def keys_used(county, look):
    stored = ChecklistItem.objects.filter(checklist__county=county, checklist__look=look)
    return {*stored.values_list("key", flat=True), *(each.key for each in DEFAULTS[Look(look)])}


def differences(before, now):
    """What a new version changed, as sentences for its readers and the audit trail."""
    old, new = ({each.key: each for each in side.questions} for side in (before, now))
    told = [f"增加“{new[key].question}”" for key in new if key not in old]
    told += [f"删去“{old[key].question}”" for key in old if key not in new]
    told += [f"修改“{new[key].question}”" for key in new if key in old and new[key] != old[key]]
    kept = [[key for key in side if key in old and key in new] for side in (old, new)]
    return told + (["调整顺序"] if kept[0] != kept[1] else [])
