"""The columns of the plan table, once: how each is called, where it is stored, and who spells it how.

The table, its layouts, the import, the export, bulk edit and the comparison of two dates all read this list. Labels are
the county's own (article: 项目名称、建设地址、开工时间、项目进展、主要建设内容), aliases are headers of real tables of
other counties (tests/data/header-aliases.tsv).
"""

from dataclasses import dataclass, field
from enum import Enum

from portfolio.models import AnnualPlan, Project
from portfolio.models.register import STAGES_BEFORE_START


class Kind(Enum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"  # 万元
    PERCENT = "percent"  # 0–100
    POINTS = "points"  # percentage points, ahead (+) or behind (−)
    DATE = "date"  # with its precision beside it
    CHOICE = "choice"
    UNIT = "unit"
    LEADER = "leader"
    TOWN = "town"
    PERIOD = "period"  # "2022-2024", read into two dates
    KEPT = "kept"  # understood, but its home is not the plan table: kept with the row


@dataclass(frozen=True)
class PlanField:
    """One column. `path` is the ORM path from AnnualPlan; `group` the header printed above several columns.

    `width` is in Excel characters. `ends` tells a date that is stored as the last day of its period. `computed` columns
    are shown and exported but have no place of their own to write to; the importer knows how to read them. `judged`
    ones say what rules and reports make of a plan on a day (portfolio.progress.annotated): the importer passes over
    them.
    """

    key: str
    label: str
    kind: Kind
    path: str
    aliases: tuple = ()
    group: str = ""
    width: int = 12
    shown: bool = False
    ends: bool = False
    computed: bool = False
    judged: bool = False
    bulk: bool = False
    reporter: bool = field(default=False)  # a reporter may change it on projects of their own unit

    @property
    def on_project(self):
        return self.path.startswith("project__")

    @property
    def attribute(self):
        """The attribute on Project or AnnualPlan."""
        return self.path.removeprefix("project__")

    @property
    def model(self):
        return Project if self.on_project else AnnualPlan

    @property
    def precision_attribute(self):
        return f"{self.attribute}_precision" if self.kind is Kind.DATE else None

    @property
    def is_sum(self):
        return self.kind is Kind.MONEY

    @property
    def choices(self):
        """(value, label) pairs of a CHOICE."""
        return self.model._meta.get_field(self.attribute).choices

    @property
    def is_writable(self):
        return not self.computed and not self.judged and self.kind not in {Kind.KEPT, Kind.PERIOD}


FIELDS = (
    PlanField("seq", "序号", Kind.NUMBER, "seq", ("编号",), width=6, shown=True),
    PlanField(
        "name",
        "项目名称",
        Kind.TEXT,
        "project__name",
        ("项目名", "工程名称", "名称", "项目单位及名称"),
        width=34,
        shown=True,
    ),
    PlanField(
        "code",
        "项目代码",
        Kind.TEXT,
        "project__code",
        ("投资项目统一代码", "审批监管平台代码", "重大库编码", "项目编号"),
        width=26,
    ),
    PlanField(
        "category",
        "项目类别",
        Kind.CHOICE,
        "project__category",
        ("产业类别", "项目分类", "行业分类", "项目类型", "领域", "所属行业", "所属产业", "类别"),
        width=14,
        bulk=True,
    ),
    PlanField("sector", "所属领域", Kind.TEXT, "project__sector", width=12, bulk=True),
    PlanField(
        "industry", "国标行业", Kind.TEXT, "project__industry", ("行业代码", "国标行业代码"), width=10, bulk=True
    ),
    PlanField(
        "nature",
        "建设性质",
        Kind.CHOICE,
        "project__nature",
        ("建设批次", "项目性质"),
        width=10,
        bulk=True,
    ),
    PlanField(
        "stage",
        "项目阶段",
        Kind.CHOICE,
        "project__stage",
        ("建设阶段", "开工状态", "项目状态", "阶段"),
        width=12,
        bulk=True,
    ),
    PlanField("level", "项目级别", Kind.CHOICE, "project__level", ("级别", "重点级别", "层级"), width=10, bulk=True),
    # Not 是否入库 and 入库状态: in real tables those ask for the statistical registration.
    PlanField(
        "library",
        "项目库",
        Kind.CHOICE,
        "project__library",
        ("入库级别", "入库层级", "项目库级别", "所在项目库", "进入项目库"),
        width=10,
        bulk=True,
    ),
    PlanField("town", "所属乡镇", Kind.TOWN, "project__town", ("乡镇", "所在乡镇", "乡镇名称"), width=14, bulk=True),
    PlanField(
        "address",
        "建设地址",
        Kind.TEXT,
        "project__address",
        ("建设地点", "项目地点", "所在市县", "所在地", "所在盟市", "项目位置", "隶属区县", "所在区县", "详细地址"),
        width=22,
        shown=True,
        reporter=True,
    ),
    PlanField(
        "start",
        "开工时间",
        Kind.DATE,
        "project__start",
        ("开工年份", "开工", "开工日期"),
        width=12,
        shown=True,
        computed=True,
    ),
    PlanField(
        "planned_start",
        "计划开工时间",
        Kind.DATE,
        "project__planned_start",
        ("计划开工", "拟开工年份", "拟开工月份", "拟开工时间", "计划开工日期"),
        width=12,
        bulk=True,
    ),
    PlanField("started", "实际开工时间", Kind.DATE, "project__started_on", ("实际开工",), width=12, bulk=True),
    PlanField(
        "planned_finish",
        "计划竣工时间",
        Kind.DATE,
        "project__planned_finish",
        (
            "竣工年份",
            "完工年份",
            "竣工",
            "竣工时间",
            "计划竣工",
            "拟建成年份",
            "计划完工时间",
            "计划建成时间",
            "竣工日期",
            "计划竣工日期",
            "预计竣工时间",
            "完工时间",
            "计划完工",
        ),
        width=12,
        ends=True,
        bulk=True,
    ),
    PlanField(
        "finished", "实际竣工时间", Kind.DATE, "project__finished_on", ("实际竣工",), width=12, ends=True, bulk=True
    ),
    PlanField(
        "period",
        "建设起止年限",
        Kind.PERIOD,
        "project__period",
        ("建设起止时间", "建设年限", "建设周期", "起止年限", "计划工期", "项目工期"),
        width=22,
        computed=True,
    ),
    PlanField(
        "progress",
        "项目进展",
        Kind.LONG_TEXT,
        "progress",
        (
            "形象进度",
            "本月进展",
            "本周进展",
            "实物工程量",
            "目前为止项目形象进度",
            "当前进度",
            "目前形象进度",
            "进展情况",
            "工程进展",
            "建设进展",
            "工作进展",
            "目前进展",
        ),
        width=34,
        shown=True,
        reporter=True,
    ),
    PlanField("works_percent", "工程量%", Kind.PERCENT, "works_percent", ("完成工程量", "工程量"), width=9),
    PlanField(
        "content",
        "主要建设内容",
        Kind.LONG_TEXT,
        "project__content",
        (
            "建设内容",
            "建设规模",
            "建设规模及内容",
            "建设规模及主要内容",
            "主要建设内容及规模",
            "总建设规模和建设内容",
            "拟建设规模",
            "项目简介",
            "建设内容要点",
            "主要建设规模",
            "建设内容及规模",
            "建设规模和内容",
        ),
        width=48,
        shown=True,
    ),
    PlanField(
        "total_investment",
        "总投资",
        Kind.MONEY,
        "project__total_investment",
        ("项目总投资", "总投资额", "投资额", "计划总投资", "概算总投资", "估算总投资"),
        group="投资（万元）",
        width=14,
        shown=True,
    ),
    PlanField(
        "planned_investment",
        "年度计划投资",
        Kind.MONEY,
        "planned_investment",
        (
            "年度投资",
            "本年度计划投资",
            "本年计划投资",
            "年计划投资",
            "计划投资",
            "预计投资",
            "投资计划",
            "计划完成投资",
            "今年计划投资",
            "年投资计划",
            "计划投资额",
            "年度计划投资额",
            "投资年度计划",
            "当年计划投资",
        ),
        group="投资（万元）",
        width=14,
        shown=True,
    ),
    PlanField(
        "invested_before",
        "截至上年底完成投资",
        Kind.MONEY,
        "invested_before",
        ("截至上年底累计完成投资", "上年底累计完成投资", "上年底累计"),
        group="投资（万元）",
        width=14,
    ),
    # Not 投资完成率 and 年度累计完成投资: under those headers other counties' figures come, kept with their rows.
    PlanField(
        "ytd_investment",
        "年内累计完成投资",
        Kind.MONEY,
        "ytd_investment",
        group="投资（万元）",
        width=14,
        judged=True,
    ),
    PlanField("light", "亮灯", Kind.TEXT, "bucket", width=14, shown=True, judged=True),
    PlanField("completion", "年内完成率", Kind.PERCENT, "completion", width=12, shown=True, judged=True),
    PlanField("deviation", "与序时差（百分点）", Kind.POINTS, "deviation", width=12, judged=True),
    PlanField("reported", "最近报送", Kind.TEXT, "reported_on", width=20, shown=True, judged=True),
    PlanField("slippage", "节点逾期", Kind.TEXT, "overdue_since", width=24, judged=True),
    PlanField("registration_state", "入统状态", Kind.TEXT, "registration_state", width=16, judged=True),
    PlanField(
        "annual_target",
        "年度目标",
        Kind.LONG_TEXT,
        "annual_target",
        (
            "年度工作目标",
            "年度建设目标",
            "年主要建设任务",
            "工程形象进度",
            "计划形象进度",
            "年计划形象进度",
            "年度建设内容",
            "当年建设内容",
            "计划建设内容",
            "年度计划建设内容",
            "年度主要建设内容",
            "年度建设任务",
            "年度目标任务",
            "主要建设任务",
        ),
        width=34,
    ),
    PlanField(
        "unit",
        "责任单位",
        Kind.UNIT,
        "project__unit",
        (
            "牵头单位",
            "主管单位",
            "主管部门",
            "监管单位",
            "主责单位",
            "服务单位",
            "代办单位",
            "责任部门",
            "牵头责任单位",
            "日常监管直接责任单位",
        ),
        group="责任落实",
        width=18,
        shown=True,
        bulk=True,
    ),
    PlanField(
        "leader",
        "包联领导",
        Kind.LEADER,
        "leader",
        (
            "责任领导",
            "负责领导",
            "联系领导",
            "包抓领导",
            "分管领导",
            "包联县领导",
            "包联县级领导",
            "县级包联领导",
            "联系县领导",
            "包保领导",
        ),
        group="责任落实",
        width=12,
        shown=True,
        bulk=True,
    ),
    PlanField(
        "builder",
        "建设单位",
        Kind.TEXT,
        "project__builder",
        (
            "实施单位",
            "项目单位",
            "项目法人",
            "建设主体",
            "法人单位",
            "项目实施主体",
            "投资主体",
            "项目法人单位",
        ),
        width=24,
        reporter=True,
    ),
    PlanField(
        "builder_code",
        "统一社会信用代码",
        Kind.TEXT,
        "project__builder_code",
        ("信用代码", "社会信用代码"),
        width=22,
        reporter=True,
    ),
    PlanField("owner", "项目业主", Kind.TEXT, "project__owner", ("业主单位", "业主"), width=20, reporter=True),
    PlanField(
        "registration",
        "是否入统",
        Kind.CHOICE,
        "project__registration",
        ("是否纳统", "是否入库", "入库状态"),
        width=10,
        bulk=True,
        reporter=True,
    ),
    PlanField(
        "registration_code", "入统码", Kind.TEXT, "project__registration_code", ("纳统码",), width=22, reporter=True
    ),
    PlanField("registered", "入统时间", Kind.DATE, "project__registered_on", width=12, reporter=True),
    PlanField("state", "计划状态", Kind.CHOICE, "state", width=10),
    PlanField("state_reason", "调整原因", Kind.TEXT, "state_reason", width=20),
    PlanField("source", "资料来源", Kind.TEXT, "project__source", ("数据来源", "来源"), width=24),
    PlanField("remark", "备注", Kind.TEXT, "remark", ("说明",), width=18, shown=True, reporter=True),
    PlanField(
        "ytd",
        "本年累计完成投资",
        Kind.KEPT,
        "",
        (
            "今年累计完成投资",
            "年度累计完成投资",
            "本年度累计完成投资额度",
            "当年累计",
            "1-n月完成投资",
            "完成投资额",
            "累计完成投资",
        ),
    ),
    PlanField("month", "本月完成投资", Kind.KEPT, "", ("本月完成投资额", "n月完成投资", "n月实际完成投资")),
    PlanField(
        "rate",
        "投资完成率",
        Kind.KEPT,
        "",
        ("年度投资完成率", "年计划投资完成率", "投资计划完成率", "年度投资进度"),
    ),
    PlanField(
        "problem",
        "存在问题",
        Kind.KEPT,
        "",
        ("具体问题", "需协调解决问题", "问题和建议", "问题详情", "需协调解决事项"),
    ),
    PlanField("measure", "解决措施", Kind.KEPT, "", ("有效措施", "措施")),
    PlanField("deadline", "完成时限", Kind.KEPT, "", ("完成时间", "整改时限", "办结时限")),
)

BY_KEY = {plan_field.key: plan_field for plan_field in FIELDS}
COLUMNS = tuple(plan_field for plan_field in FIELDS if plan_field.kind is not Kind.KEPT)
# Assigned on the duty pages, by the same bulk edit as the columns; no column of the county's printed table.
DEPUTY = PlanField("deputy", "协助包联领导", Kind.LEADER, "deputy_leader")
DEFAULT_COLUMNS = tuple(plan_field.key for plan_field in COLUMNS if plan_field.shown)


def start_field(stage):
    """Which date a plain 开工时间 speaks of: the planned one while the project has not started, else the actual one."""
    return BY_KEY["planned_start" if stage in STAGES_BEFORE_START else "started"]
