"""The problems of the demo, each told from raising to where it stands on 31 May, in every state there is."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Unit
from portfolio.actions import problems
from portfolio.models import Problem, Project
from portfolio.models.problems import ProblemKind as Kind
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

OFFICE, SITE = "office", "inspector"  # the account that raises it on its own; else a weekly report does


@dataclass(frozen=True)
class Story:
    """`raised` is the week of the report that raises it, or (month, day). Steps: (month, day, step, words[, until])."""

    project: str
    raised: object
    kind: str
    text: str
    steps: tuple = ()
    help: str = ""
    is_complex: bool = False
    unit: str = ""  # the responsible one, where it is not the project's
    by: str = ""


STORIES = (
    # Closed out in time
    Story(
        "开发区铁路专用线工程",
        2,
        Kind.LAND,
        "站场段 12 亩临时用地未办结。",
        (
            (1, 12, "assign", "由自然资源局组卷，限期批复。"),
            (1, 14, "answer", "已受理，正在公示。"),
            (1, 17, "ask_closing", "临时用地已批复。"),
            (1, 18, "close", "已查看批复文件。"),
        ),
        "请协调临时用地审批。",
        unit="自然资源局",
    ),
    Story(
        "县高级中学扩建项目",
        4,
        Kind.FUNDS,
        "进度款拖欠两个月，劳务队伍不稳。",
        (
            (1, 26, "assign", "财政局核拨。"),
            (1, 29, "answer", "资金已列入本周拨付计划。"),
            (2, 1, "ask_closing", "进度款已拨付 600 万元。"),
            (2, 2, "close", "施工单位确认到账。"),
        ),
        "请拨付进度款。",
        unit="财政局",
    ),
    Story(
        "国道过境段改线工程",
        10,
        Kind.DEMOLITION,
        "K3+200 处 6 户房屋未签征拆协议。",
        (
            (3, 8, "assign", "由沁河镇包户推进。"),
            (3, 11, "answer", "已签 4 户。"),
            (3, 28, "ask_closing", "6 户全部签约并腾房。"),
            (3, 29, "close", "现场核验，已腾空。"),
        ),
        "请县里组织征拆专班。",
        True,
        "沁河镇人民政府",
    ),
    Story(
        "全民健身中心建设项目",
        11,
        Kind.PERMIT,
        "消防设计审查意见未回复。",
        (
            (3, 15, "assign", "住建局限期出具意见。"),
            (3, 18, "answer", "已补正图纸。"),
            (3, 20, "ask_closing", "消防设计审查合格。"),
            (3, 21, "close", "已收到合格意见书。"),
        ),
        unit="住房和城乡建设管理局",
    ),
    Story(
        "下川口300兆瓦独立储能电站项目",
        (3, 12),
        Kind.FACTOR,
        "外电源接入方案未批复。",
        (
            (3, 12, "assign", "供电公司牵头报批。"),
            (3, 15, "answer", "方案已上报市公司。"),
            (4, 2, "ask_closing", "接入方案已批复。"),
            (4, 3, "close", "已查看批复。"),
        ),
        "请协调市供电公司。",
        True,
        "供电公司",
        OFFICE,
    ),
    Story(
        "县人民医院住院综合楼建设项目",
        14,
        Kind.SUPPLY,
        "医用电梯到货推迟。",
        (
            (4, 7, "assign", "建设单位派人驻厂催货。"),
            (4, 9, "answer", "厂家承诺 4 月 12 日发货。"),
            (4, 13, "ask_closing", "电梯已到货 6 部。"),
            (4, 14, "close", "现场清点无误。"),
        ),
    ),
    Story(
        "赤石桥乡180兆瓦风力发电项目",
        (4, 10),
        Kind.LAND,
        "3 个机位压覆林地，需调整。",
        (
            (4, 10, "assign", "林业局会同建设单位优化机位。"),
            (4, 12, "answer", "已完成踏勘。"),
            (5, 7, "ask_closing", "机位调整方案已批复。"),
            (5, 8, "close", "已查看批复。"),
        ),
        "",
        True,
        "林业局",
        OFFICE,
    ),
    Story(
        "县城松台路道路及管网工程",
        (4, 16),
        Kind.SAFETY,
        "基坑临边防护不到位，夜间无警示灯。",
        (
            (4, 16, "assign", "立即整改。"),
            (4, 17, "answer", "已设防护栏 180 米、警示灯 24 盏。"),
            (4, 18, "ask_closing", "整改完毕，附照片。"),
            (4, 19, "close", "复查合格。"),
        ),
        by=SITE,
    ),
    # Closed out late, and one that came back
    Story(
        "王和镇生活污水处理站建设项目",
        15,
        Kind.LAND,
        "进场道路用地村民阻工。",
        (
            (4, 15, "assign", "王和镇组织协商。"),
            (4, 19, "answer", "已召开两次协调会。"),
            (4, 29, "ask_closing", "补偿协议已签，恢复施工。"),
            (4, 30, "close", "现场已恢复施工。"),
        ),
        "请镇政府协调。",
        unit="王和镇人民政府",
    ),
    Story(
        "县城客运枢纽站迁建项目",
        12,
        Kind.FUNDS,
        "上级补助资金未下达。",
        (
            (3, 25, "assign", "交通局对接省厅。"),
            (3, 28, "answer", "已列入第二批计划。"),
            (5, 6, "ask_closing", "项目已停缓建，资金到位后复工。"),
            (5, 7, "close", "已办理停缓建，转入跟踪。"),
        ),
        "",
        True,
        "交通运输局",
    ),
    Story(
        "景凤镇农村供水保障工程",
        13,
        Kind.DESIGN,
        "管线穿越省道方案需变更。",
        (
            (4, 1, "assign", "水利局会同公路段会商。"),
            (4, 3, "answer", "变更方案已送审。"),
            (4, 5, "ask_closing", "变更已批复。"),
            (4, 7, "send_back", "批复缺公路段意见，请补。"),
            (4, 9, "ask_closing", "公路段意见已补。"),
            (4, 10, "close", "资料齐全。"),
        ),
        unit="水利局",
    ),
    Story(
        "县综合养老服务中心项目",
        (4, 22),
        Kind.CONSTRUCTION,
        "劳务队伍不足，二次结构进度慢。",
        (
            (4, 22, "assign", "增派班组。"),
            (4, 24, "answer", "新增班组 2 个。"),
            (4, 26, "ask_closing", "进度已恢复。"),
            (4, 28, "close", "现场核验。"),
            (5, 20, "reopen", "又有班组撤场，进度再次放慢。"),
            (5, 22, "answer", "正在商谈新的劳务单位。"),
        ),
        by=OFFICE,
    ),
    # Extensions: asked, granted, refused
    Story(
        "聪子峪乡沁河干流河道综合治理工程",
        18,
        Kind.LAND,
        "河滩地补偿标准未谈妥，下游 1.2 公里无法施工。",
        (
            (5, 6, "assign", "聪子峪乡会同水利局谈判。"),
            (5, 8, "answer", "已谈成 3 户。"),
            (5, 29, "ask_extension", "剩余 5 户意见较大，需县里研究补偿标准。", (6, 28)),
        ),
        "请县里研究补偿标准。",
        True,
        "水利局",
    ),
    Story(
        "枣林坪焦化厂干熄焦余热发电项目",
        20,
        Kind.SUPPLY,
        "汽轮机延期交货。",
        (
            (5, 17, "assign", "建设单位驻厂催交。"),
            (5, 20, "answer", "厂家承诺 6 月 10 日前发货。"),
            (5, 22, "ask_extension", "厂家排产已定，无法提前。", (6, 14)),
            (5, 23, "grant_extension", "同意，届时核验到货。"),
        ),
    ),
    Story(
        "沁河源头文化生态旅游区项目",
        19,
        Kind.DESIGN,
        "游客中心设计变更未批复。",
        (
            (5, 10, "assign", "文旅局催办。"),
            (5, 13, "answer", "已报市文旅局。"),
            (5, 15, "ask_extension", "专家评审推迟。", (6, 20)),
            (5, 16, "grant_extension", "同意延期。"),
        ),
        "",
        True,
    ),
    Story(
        "南塬岭固废制绿色建材项目",
        21,
        Kind.PERMIT,
        "环评报告被退回补充。",
        (
            (5, 24, "assign", "工信局督促补充。"),
            (5, 27, "answer", "正在补充监测数据。"),
            (5, 28, "ask_extension", "监测需 20 天。", (6, 24)),
            (5, 29, "refuse_extension", "监测可同步进行，请按期完成。"),
        ),
    ),
    # Waiting for the check, and sent back
    Story(
        "县中医院康复楼建设项目",
        21,
        Kind.CONSTRUCTION,
        "劳务队伍更换，现场窝工 5 天。",
        (
            (5, 24, "assign", "卫体局督促补齐班组。"),
            (5, 27, "answer", "新队伍已进场 40 人。"),
            (5, 30, "ask_closing", "班组已补齐，恢复两班作业。"),
        ),
    ),
    Story(
        "县域水网连通工程",
        21,
        Kind.FACTOR,
        "施工用电未接通，靠柴油机发电。",
        (
            (5, 24, "assign", "供电公司架设专线。"),
            (5, 27, "answer", "线路已架设 2 公里。"),
            (5, 30, "ask_closing", "专线已送电。"),
        ),
        "请协调供电。",
        unit="供电公司",
    ),
    Story(
        "沁河镇至凤鸣坪县乡公路改造工程",
        (5, 13),
        Kind.SAFETY,
        "边坡危石未清理。",
        (
            (5, 13, "assign", "立即清理并设观察哨。"),
            (5, 14, "answer", "已清理 300 方。"),
            (5, 17, "ask_closing", "已清理完毕。"),
            (5, 20, "send_back", "K5 处仍有危石，请继续清理。"),
        ),
        by=SITE,
    ),
    # Overdue
    Story(
        "县城商业综合体项目",
        17,
        Kind.FUNDS,
        "投资方后续资金未到位，装修停滞。",
        ((4, 30, "assign", "商务服务中心约谈投资方。"), (5, 6, "answer", "投资方承诺 5 月中旬注资。")),
        "请约谈投资方。",
        True,
    ),
    Story(
        "核桃凹矿用装备再制造项目",
        19,
        Kind.LAND,
        "厂房用地边界与相邻企业有争议。",
        ((5, 11, "assign", "自然资源局组织勘界。"), (5, 14, "answer", "已约双方现场指界。")),
        "请组织勘界。",
        unit="自然资源局",
    ),
    Story(
        "韩洪乡枣林坪历史遗留矿山生态修复项目",
        16,
        Kind.LAND,
        "进场道路被相邻矿点占用。",
        ((4, 19, "assign", "韩洪乡协调让路。"),),
        "请乡里协调。",
        unit="韩洪乡人民政府",
    ),
    # In hand
    Story(
        "煤基碳材料生产项目",
        (5, 20),
        Kind.FACTOR,
        "能耗指标缺口 1.8 万吨标准煤。",
        ((5, 20, "assign", "发改局统筹调剂。"), (5, 22, "answer", "已向市里申请指标。")),
        "请统筹能耗指标。",
        True,
        "发展和改革局",
        OFFICE,
    ),
    Story(
        "智能输送设备制造项目",
        (5, 28),
        Kind.PERMIT,
        "竣工验收资料不齐。",
        ((5, 28, "assign", "工信局指导补齐。"),),
        by=OFFICE,
    ),
    Story(
        "保障性租赁住房建设项目",
        (5, 27),
        Kind.SUPPLY,
        "商品混凝土供应不足。",
        ((5, 27, "assign", "住建局协调搅拌站。"), (5, 29, "answer", "已协调第二家供应。")),
        by=OFFICE,
    ),
    # Raised, not assigned yet
    Story("县城野芍坪路道路及管网工程", (5, 28), Kind.DEMOLITION, "路口 2 间门面房未拆除。", by=SITE),
    Story("白杨坡矿用装备再制造项目", 22, Kind.FUNDS, "施工单位垫资过多，要求先计量。", help="请督促业主计量付款。"),
    Story("景凤镇农村供水保障工程", 22, Kind.SUPPLY, "大口径管材到货慢，影响沟槽回填。"),
)


def from_report(project, week):
    """The story that the project's report of the week raises, or None."""
    return next((story for story in STORIES if (story.project, story.raised) == (project, week)), None)


def events(actors):
    for number, story in enumerate(STORIES):
        if isinstance(story.raised, tuple):
            yield Event(at(*story.raised, 9, number), lambda story=story: _raise(actors, story))
        yield from steps(actors, story, number)


def steps(actors, story, number):
    """What is done about a problem that has been raised; `number` keeps stories of one day apart, in minutes to 49."""
    for place, (month, day, step, words, *until) in enumerate(story.steps):
        moment = at(month, day, 16, 10 + number) if step != "assign" else at(month, day, 15, 10 + number)
        yield Event(
            moment + dt.timedelta(seconds=place),
            lambda step=step, words=words, until=until: _take(actors, story, step, words, *until),
        )


def _raise(actors, story):
    project = Project.objects.get(county=actors.county, name=story.project)
    values = {"text": story.text, "kind": story.kind, "needs_help": story.help, "is_complex": story.is_complex}
    problems.raise_problem(by=actors.accounts[story.by], project=project, values=values)


def _take(actors, story, step, words, until=None):
    problem = Problem.objects.select_related("project__unit", "unit").get(
        project__name=story.project, text__endswith=story.text, county=actors.county
    )
    act, common = getattr(problems, step), {"problem": problem, "version": problem.row_version}
    if step == "assign":
        act(by=actors.office, **common, **_assignment(actors, story, problem, words))
    elif step in ("answer", "ask_closing", "ask_extension"):
        told = {"reason": words, "deadline": dt.date(YEAR, *until)} if until else {"text": words}
        act(by=actors.of_unit(problem.unit.name), **common, **told)
    else:
        name = "text" if step in ("close", "grant_extension") else "reason"
        act(by=actors.office, **common, **{name: words})


def _assignment(actors, story, problem, measure):
    unit = Unit.objects.get(county=actors.county, name=story.unit) if story.unit else problem.project.unit
    return {
        "unit": unit,
        "person": f"{unit.short_name or unit.name}分管负责人",
        "measure": measure,
        "kind": story.kind,
        "is_complex": story.is_complex,
    }
