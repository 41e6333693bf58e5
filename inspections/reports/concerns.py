"""The sections on what is wrong with projects: red lights and problems; and a leader's projects, the worst first."""

from inspections.reports.blocks import MONEY, ORDINAL, PERCENT, Column, clause, section, table, text
from portfolio.figures import share
from portfolio.progress import Light

# Widths in mm of a page upright: a day needs 20, a number of order 9.
RED = (
    Column("序号", ORDINAL, 9),
    Column("项目", width=36),
    Column("责任单位", width=27),
    Column("包联领导", width=18),
    Column("亮红灯的原因", width=34),
    Column("存在问题和措施", width=46),
)
PROBLEMS = (
    Column("序号", ORDINAL, 9),
    Column("项目", width=36),
    Column("问题", width=44),
    Column("措施", width=35),
    Column("责任单位", width=26),
    Column("办结时限", width=20),
)
PROJECTS = (
    Column("序号", ORDINAL, 9),
    Column("项目", width=37),
    Column("责任单位", width=26),
    Column("年度计划投资", MONEY, 22),
    Column("本年完成投资", MONEY, 22),
    Column("投资完成率", PERCENT, 19),
    Column("亮灯和理由", width=38),
)


def red_list(material):
    red = [row for row in material.rows if row.light == Light.RED]
    rows = [
        [
            number,
            row.project.name,
            str(row.project.unit or "未明确"),
            str(row.plan.leader or "未明确"),
            row.judgement.words,
            _problems_of(row),
        ]
        for number, row in enumerate(red, 1)
    ]
    silent = sum(not row.problems for row in red)
    return section(
        "red",
        "红灯项目",
        text(_red_words(len(red), len(material.rows), silent)),
        table("红灯项目、原因和措施", RED, rows, empty="没有红灯项目。"),
    )


def _red_words(red, whole, silent):
    return f"{whole} 个项目中亮红灯 {red} 个（{share(red, whole)}），其中没有登记问题和措施的 {silent} 个。"


def _problems_of(row):
    """One line a problem, the nearest deadline first."""
    if not row.problems:
        return "没有登记问题，请责任单位说明并提出措施。"
    return "\n".join(
        f"{number}. {clause(problem.text)}（措施：{clause(problem.measure) or '未填'}；{_deadline(problem)}）"
        for number, problem in enumerate(row.problems, 1)
    )


def _deadline(problem):
    return f"时限 {problem.deadline}{'，已逾期' if problem.is_overdue else ''}"


def problems(material):
    """All open problems of the report's projects."""
    rows = [
        [
            number,
            problem.project.name,
            problem.text,
            problem.measure or "未填",
            str(problem.unit or "未明确"),
            _due(problem),
        ]
        for number, problem in enumerate(material.portfolio.problems, 1)
    ]
    overdue = sum(problem.is_overdue for problem in material.portfolio.problems)
    return section(
        "problems",
        "未销号问题",
        text(f"未销号问题 {len(rows)} 个，其中逾期 {overdue} 个。"),
        table("未销号问题", PROBLEMS, rows, empty="没有未销号的问题。"),
    )


def _due(problem):
    return f"{problem.deadline}\n已逾期" if problem.is_overdue else str(problem.deadline)


def projects(material):
    """Every project of the report, the worst lights first."""
    rows = sorted(material.rows, key=lambda row: row.light.severity)
    listed = [
        [
            number,
            row.project.name,
            str(row.project.unit or "未明确"),
            row.plan.planned_investment,
            row.plan.ytd_investment,
            row.plan.completion,
            f"{row.light.shape} {row.judgement.reason}",
        ]
        for number, row in enumerate(rows, 1)
    ]
    own = material.portfolio
    done = own.ytd if own.is_reported else None
    sums = [None, f"合计（{len(rows)} 个）", None, own.planned, done, own.completed, None]
    return section(
        "projects",
        "包联项目",
        table("包联项目", PROJECTS, listed, sums=sums, unit="单位：万元", empty="没有包联项目。"),
    )
