"""The four projects that the report names, with the facts it states and no others."""

from qinyuan_projects.demo.rows import BUILDING, IN_OPERATION, INDUSTRIAL, INFRASTRUCTURE, DemoRow, month

SOURCE = "报道《沁源县谋划实施项目275个总投资515.78亿元》（2024年）"
CATEGORY_NOT_STATED = "报道未写明类别；按计划表只分两类，归入基础设施及社会民生类。"
NO_MONEY = "报道未写明投资额。"

SEWAGE_WORKS = DemoRow(
    name="沁源县县城污水处理厂扩容改造工程",
    category=INFRASTRUCTURE,
    stage=BUILDING,
    address="沁源县南环桥南侧",
    start=month(2022, 6),
    finish=month(2024, 6),
    progress="土建部分共14个单体建筑物已全部建设完毕，设备部分二级处理前所有设备均已安装完毕并投入使用，"
    "正在进行除臭系统、自控等方面的设备安装。6月将达到竣工验收条件。",
    percent=90,
    content="规模从1万立方米/日扩容至2万立方米/日。属于沁河源头生态修复及水环境治理工程的一部分。",
    source=SOURCE,
    remark=CATEGORY_NOT_STATED + NO_MONEY,
)
ENERGY_ISLAND = DemoRow(
    name="常源加氢综合能源岛项目",
    category=INDUSTRIAL,
    stage=BUILDING,
    address="沁源县闫寨村附近",
    start=month(2023, 8),
    finish=month(2024, 12),
    progress="建设进程比原计划提前，争取今年年底建设完成，投入试运行。",
    percent=80,
    content="集加油、加气、加氢、充电为一体的新能源产业。",
    builder="山西鹏飞集团有限公司",
    source=SOURCE,
    remark=NO_MONEY,
)
BATTERIES = DemoRow(
    name="动力型锂电池生产项目",
    category=INDUSTRIAL,
    stage=IN_OPERATION,
    progress="顺利投产。",
    content="动力型锂电池生产。",
    builder="山西鼎晟达新能源有限公司",
    source=SOURCE,
    remark="报道未写明投资额和建设地址。",
)
WATER_DATA = DemoRow(
    name="水资源数据中心项目",
    category=INFRASTRUCTURE,
    stage=BUILDING,
    finish=month(2024, 8),
    progress="一期已经完成建设，二期已经完成85%，预计8月底全部完工。",
    content="实现对水位、水量、雨量、水质、水情、旱情、灾情、供水等信息的实时监测与分析；"
    "可根据未来发展需求丰富拓展平台数据，实现多源、多维、多态的水资源数据接口服务。",
    source=SOURCE,
    remark=CATEGORY_NOT_STATED + NO_MONEY,
    parts=[
        DemoRow(
            name="水资源数据中心项目（一期）",
            category=INFRASTRUCTURE,
            stage=IN_OPERATION,
            progress="已经完成建设。",
            percent=100,
            source=SOURCE,
        ),
        DemoRow(
            name="水资源数据中心项目（二期）",
            category=INFRASTRUCTURE,
            stage=BUILDING,
            finish=month(2024, 8),
            progress="已经完成85%。",
            percent=85,
            source=SOURCE,
        ),
    ],
)
STATED = (ENERGY_ISLAND, BATTERIES, SEWAGE_WORKS, WATER_DATA)
STATED_NAMES = frozenset(row.name for stated in STATED for row in (stated, *stated.parts))

# What the plan table does not say: the works belong to a larger project, and have 14 buildings, all finished.
PARENT_NAME = "沁河源头生态修复及水环境治理工程"
BUILDINGS = 14
ALSO_CALLED = "县城污水处理厂"
