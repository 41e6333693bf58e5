"""Units, leaders and accounts of the demo county: roles and generic bureaus, never a person's name."""

from accounts.models import Unit
from accounts.roles import Role
from portfolio.models import Town

BUREAUS = {
    "发展和改革局": "发改局",
    "工业和信息化局": "工信局",
    "能源局": "",
    "交通运输局": "交通局",
    "水利局": "",
    "农业农村局": "",
    "教育局": "",
    "卫生健康和体育局": "卫体局",
    "文化和旅游局": "文旅局",
    "自然资源局": "",
    "住房和城乡建设管理局": "住建局",
    "林业局": "",
    "民政局": "",
    "生态环境分局": "",
    "行政审批服务管理局": "审批局",
    "应急管理局": "应急局",
    "公安局": "",
    "气象局": "",
    "消防救援大队": "",
    "人力资源和社会保障局": "人社局",
    "退役军人事务局": "",
    "乡村振兴局": "",
    "财政局": "",
    "统计局": "",
    "市场监督管理局": "市场局",
    "医疗保障局": "医保局",
    "商务服务中心": "",
    "粮食和物资储备中心": "",
    "公路段": "",
    "档案馆": "",
    "融媒体中心": "",
}
COMPANIES = {"供电公司": ""}
ZONE = "开发区管理委员会"

LEADER_MARKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
LEADERS = tuple(f"县领导{mark}" for mark in LEADER_MARKS)
POSTS = ("县委班子成员", "县政府班子成员", "县人大班子成员", "县政协班子成员")

# The leader whose account is `leader`, and how many projects of 2024 they answer for.
LEADER_WITH_ACCOUNT = "县领导丙"
PROJECTS_OF_THAT_LEADER = 12
UNIT_OF_REPORTERS = "卫生健康和体育局"
UNIT_OF_THIRD_REPORTER = "水利局"

# (user name, role, what the person is called, unit)
ACCOUNTS = (
    ("sysadmin", Role.SYSADMIN, "系统管理员", ""),
    ("office", Role.OFFICE, "项目办联络员一", "发展和改革局"),
    ("office2", Role.OFFICE, "项目办联络员二", "发展和改革局"),
    ("leader", Role.LEADER, LEADER_WITH_ACCOUNT, ""),
    ("inspector", Role.INSPECTOR, "督查员一", ""),
    ("inspector2", Role.INSPECTOR, "督查员二", ""),
    ("auditor", Role.AUDITOR, "审计员", ""),
    ("reporter", Role.REPORTER, "填报员一", UNIT_OF_REPORTERS),
    ("reporter2", Role.REPORTER, "填报员二", UNIT_OF_REPORTERS),
    ("reporter3", Role.REPORTER, "填报员三", UNIT_OF_THIRD_REPORTER),
)


def units(towns):
    """Unsaved units: the bureaus, the zone, a company, and the government of each township of `towns`."""
    yield from (Unit(name=name, short_name=short, kind=Unit.Kind.BUREAU) for name, short in BUREAUS.items())
    yield from (Unit(name=name, short_name=short, kind=Unit.Kind.COMPANY) for name, short in COMPANIES.items())
    yield Unit(name=ZONE, short_name="开发区管委会", kind=Unit.Kind.ZONE)
    for town in towns:
        if town.kind != Town.Kind.ZONE:
            yield Unit(name=f"{town.name}人民政府", short_name=town.name, kind=Unit.Kind.TOWNSHIP)


def post(rank):
    """The post of the leader at `rank`, counted from 0."""
    return POSTS[rank * len(POSTS) // len(LEADERS)]
