"""What was planted in the demo's half year for a watch over data quality to find: week, project, defect.

Everything else is meant to be clean, so that what such a watch reports beyond this list is a false alarm. docs/demo.md
shows the same list, and a test holds the two together.
"""

from dataclasses import dataclass
from enum import Enum

from portfolio.models.dispatch import NoChange


class Kind(Enum):
    """What is wrong; the value is what docs/demo.md calls it."""

    COPIED = "照抄上周文字"
    PERCENT_FALLS = "工程量倒退"
    MONEY_FALLS = "累计投资减少"
    MONEY_JUMPS = "一周投资突增"
    TEN_TIMES = "多写一个零，退回后改正"
    MONEY_ALONE = "投资变动、工程量不动"
    PERCENT_ALONE = "工程量变动、投资不动"
    STUCK = "连续多周没有变化"
    ABOVE_PLAN = "超过年度计划"
    MISSING = "漏报"
    PHOTO_REUSED = "照片与另一项目的相同"


@dataclass(frozen=True)
class Defect:
    """`words` is the explanation that its reporter gave, where the page asked for one."""

    kind: Kind
    project: str
    first: int
    last: int
    words: str = ""
    reason: str = ""  # of NoChange, where nothing moves

    @property
    def weeks(self):
        return range(self.first, self.last + 1)


DEFECTS = (
    Defect(Kind.COPIED, "公共安全视频监控补盲项目", 12, 13, "施工内容与上周相同。"),
    Defect(Kind.COPIED, "郭道镇设施蔬菜产业园项目", 15, 17, "工序未变，进度正常。"),
    Defect(Kind.COPIED, "交口乡小杂粮精深加工项目", 17, 19, "仍在安装同一批设备。"),
    Defect(Kind.COPIED, "县图书馆、文化馆新馆项目", 16, 19, "与上周相同。"),
    Defect(Kind.PERCENT_FALLS, "郭道镇至杏花峪县乡公路改造工程", 14, 14, "监理复核后核减已完路基长度。"),
    Defect(Kind.PERCENT_FALLS, "县级粮食储备库建设项目", 18, 18, "前期按形象估算，本周按计量重报。"),
    Defect(Kind.MONEY_FALLS, "景凤镇公铁联运物流园项目", 17, 17, "误将预付款计入完成投资，本周核减。"),
    Defect(Kind.MONEY_JUMPS, "法中乡煤层气地面抽采井组建设项目", 20, 20, "钻机设备集中到货验收，一次计入。"),
    Defect(Kind.MONEY_JUMPS, "氢能重卡示范运营项目", 17, 17, "首批车辆交付上牌，一次计入。"),
    Defect(Kind.TEN_TIMES, "县城野芍坪路道路及管网工程", 15, 15, "本周集中计量。"),
    Defect(Kind.MONEY_ALONE, "下川口300兆瓦独立储能电站项目", 15, 18, "支付设备预付款。"),
    Defect(Kind.PERCENT_ALONE, "白杨坡矿用装备再制造项目", 14, 21, "施工单位垫资，尚未计量。"),
    Defect(Kind.STUCK, "县城商业综合体项目", 17, 22, "投资方资金未到位。", NoChange.FUNDS),
    Defect(Kind.STUCK, "沁河源头文化生态旅游区项目", 18, 22, "设计变更待审批。", NoChange.PERMIT),
    Defect(Kind.STUCK, "核桃凹矿用装备再制造项目", 18, 22, "厂房用地边界有争议。", NoChange.LAND),
    Defect(Kind.STUCK, "聪子峪乡沁河干流河道综合治理工程", 17, 22, "河滩地补偿未谈妥。", NoChange.LAND),
    Defect(Kind.STUCK, "韩洪乡枣林坪历史遗留矿山生态修复项目", 16, 22, "进场道路被占用。", NoChange.LAND),
    Defect(Kind.STUCK, "枣林坪焦化厂干熄焦余热发电项目", 17, 22, "汽轮机延期交货。", NoChange.SUPPLY),
    Defect(Kind.ABOVE_PLAN, "县综合养老服务中心项目", 21, 22, "设备提前到货，超出年初安排。"),
    Defect(Kind.PHOTO_REUSED, "灵空山镇云梯沟小流域水土保持综合治理工程", 21, 21, "误传了邻近流域的照片。"),
    Defect(Kind.MISSING, "煤基碳材料生产项目", 13, 14),
    Defect(Kind.MISSING, "赤石桥乡180兆瓦风力发电项目", 17, 18),
    Defect(Kind.MISSING, "赤石桥乡整村屋顶分布式光伏项目", 10, 10),
    Defect(Kind.MISSING, "花坡高山草甸石柱坪旅游开发项目", 9, 11),
    Defect(Kind.MISSING, "中峪乡自驾车营地项目", 19, 19),
    Defect(Kind.MISSING, "县城智慧停车场建设项目", 20, 21),
)

# Units that report late as a habit, and in which share of the weeks.
LATE_HABITS = {"商务服务中心": 0.7, "赤石桥乡人民政府": 0.6, "文化和旅游局": 0.5}
LATE_NOW_AND_THEN = 0.03


def of(project, kind):
    """The planted defect of this kind, or None."""
    return next((defect for defect in DEFECTS if defect.project == project and defect.kind is kind), None)
