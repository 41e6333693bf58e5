"""The annex: the whole plan table of the year, with what has been done of it."""

from django.http import QueryDict

from inspections.reports.blocks import MONEY, PERCENT, Column, section, table
from portfolio.exporting.plan_sheet import PlanSheet
from portfolio.listing import PlanListing

# In the county's own words and order; the widths are mm on a page across.
COLUMNS = (
    ("seq", Column("序号", width=10)),
    ("name", Column("项目名称", width=44)),
    ("address", Column("建设地址", width=26)),
    ("start", Column("开工时间", width=16)),
    ("content", Column("主要建设内容", width=54)),
    ("total_investment", Column("总投资", MONEY, 19)),
    ("planned_investment", Column("年度计划投资", MONEY, 18)),
)
DONE = (Column("完成投资", MONEY, 18), Column("完成率", PERCENT, 14))
AFTER = (("unit", Column("责任单位", width=24)), ("leader", Column("包联领导", width=15)))
LIGHT = Column("亮灯", width=12)


def plan_table(material):
    """All counted rows by category with their sub-items; the money columns add up to the headline's."""
    sheet = PlanSheet(_listing(material))
    standings = {row.plan.pk: row for row in material.rows}
    lines = list(_lines(sheet, standings))
    sums = [
        None,
        f"合计（{len(material.rows)} 个）",
        None,
        None,
        None,
        material.portfolio.total,
        material.portfolio.planned,
    ]
    curve = material.curve
    sums += [curve.done, curve.completed, None, None, None]
    columns = [*(column for _, column in COLUMNS), *DONE, LIGHT, *(column for _, column in AFTER)]
    title = f"{material.period.year}年{material.county.name}重大项目计划表"
    return section(
        "annex",
        f"附件　{title}",
        table(
            title,
            columns,
            [values for _, values in lines],
            roles=[role for role, _ in lines],
            sums=sums,
            unit="单位：万元",
            empty="这一年没有列入计划的项目。",
            wide=True,
        ),
    )


def _listing(material):
    params = QueryDict(mutable=True)
    params["year"] = str(material.period.year)
    params["cols"] = ",".join(key for key, _ in (*COLUMNS, *AFTER))
    params["as_of"] = str(material.past or "")
    return PlanListing(material.county, params)


def _lines(sheet, standings):
    for group in sheet.groups:
        rows = [row for row in group.rows if row.pk in standings]
        if group.title and rows:
            yield "group", _blank(f"{group.ordinal}、{group.title}（{len(rows)} 个）")
        for row in rows:
            standing = standings[row.pk]
            done = [
                standing.plan.ytd_investment,
                standing.plan.completion,
                f"{standing.light.shape} {standing.light.colour}",
            ]
            yield "row", _values(row.cells, done)
            for part in row.parts:
                yield (
                    "part",
                    _values(part.cells | {"name": f"其中：{part.cells['name']}", "seq": None}, [None, None, None]),
                )


def _blank(title):
    return [None, title, *[None] * (len(COLUMNS) + len(DONE) + len(AFTER) - 1)]


def _values(cells, done):
    before = [_text(cells[key]) for key, _ in COLUMNS]
    return [*before, *done, *(_text(cells[key]) for key, _ in AFTER)]


def _text(value):
    return str(value) if isinstance(value, int) else value
