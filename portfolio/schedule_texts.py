"""A schedule as the texts of its page: what the boxes show, what is pasted from Excel, in which order lines stand.

A line is a dict of texts, so that what was typed survives adding lines, sorting and laying out before it is saved.
"""

import re
import unicodedata

from portfolio.models import Milestone
from portfolio.partial_dates import parse_partial_date
from portfolio.schedule_entries import MOST_MILESTONES, MilestoneEntry

BOXES = ("name", "kind", "due", "weight", "unit", "done_on", "evidence")
FIELDS = ("pk", "read_version", *BOXES, "remove")
# The order of a pasted block that has no header row, and the words by which a header row is known.
PASTED = ("name", "due", "weight", "unit", "done_on", "evidence")
HEADERS = {
    "name": ("节点", "名称", "工作内容", "阶段"),
    "due": ("计划完成", "计划时间", "完成时限", "计划日期", "计划"),
    "weight": ("权重", "占比"),
    "unit": ("单位", "部门"),
    "done_on": ("实际",),
    "evidence": ("依据", "佐证", "备注", "说明"),
}
FINISHES = re.compile(r"竣工|交工|投产|全容量并网|通过验收")
SEPARATOR = "｜"
MONTHS = 12
MOST_SENT = MOST_MILESTONES + 20  # lines read of a sent page, empty ones among them


def figure(number):
    """40.00 → 40, 12.50 → 12.5; empty for None."""
    return "" if number is None else f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def line_of(entry):
    """The boxes of a `MilestoneEntry`."""
    line = {
        "name": entry.name,
        "kind": str(entry.kind),
        "due": str(entry.due or ""),
        "weight": figure(entry.weight),
        "unit": str(entry.unit or ""),
        "done_on": str(entry.done_on or ""),
        "evidence": entry.evidence,
    }
    # A line that is stored carries what it said when it was read, so that others' changes can be told from own ones.
    return line | ({"pk": str(entry.pk), "read_version": text_of(line)} if entry.pk else {})


def stored_lines(plan):
    milestones = plan.milestones.select_related("unit").order_by("seq", "due", "pk")
    return [line_of(MilestoneEntry.of(milestone)) for milestone in milestones]


def stored_amounts(plan):
    """Twelve texts; all empty where no month is planned."""
    amounts = dict(plan.monthly_targets.values_list("month", "amount"))
    return [figure(amounts.get(month)) for month in range(1, MONTHS + 1)]


def text_of(line):
    """A line in one text, for comparing."""
    return SEPARATOR.join(" ".join(line.get(box, "").split()) for box in BOXES)


def line_from(text):
    """The line that `text_of` was given."""
    return dict(zip(BOXES, text.split(SEPARATOR), strict=False))


def told(line):
    """A line as a reader sees it."""
    labels = dict(Milestone.Kind.choices)
    parts = [
        line.get("name", ""),
        labels.get(line.get("kind"), ""),
        f"计划 {line.get('due') or '未填'}",
        line.get("weight") and f"权重 {line['weight']}%",
        line.get("unit"),
        line.get("done_on") and f"实际 {line['done_on']}",
        line.get("evidence"),
    ]
    return "，".join(part for part in parts if part)


def sent_lines(data, most=MOST_SENT):
    """The lines of a sent page, empty new ones left out."""
    total = data.get("node-TOTAL_FORMS", "")
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    lines = [
        {field: data.get(f"node-{place}-{field}", "").strip() for field in FIELDS} for place in range(min(count, most))
    ]
    return [line for line in lines if line["pk"] or line["name"] or line["due"]]


def sent_amounts(data):
    return [data.get(f"month_{month}", "").strip() for month in range(1, MONTHS + 1)]


def by_due(lines, year):
    """In the order of their planned days; what is no date stands last."""

    def day(line):
        try:
            period = parse_partial_date(line.get("due"), default_year=year)
        except ValueError:
            period = None
        return (period is None, period and period.last_day.toordinal())

    return sorted(lines, key=day)


def pasted_lines(text):
    """Lines of a block copied from Excel: one milestone a row, cells apart by tabs; a header row is read, not kept."""
    rows = [[cell.strip().strip('"') for cell in row.split("\t")] for row in text.splitlines() if row.strip()]
    columns = PASTED
    if rows and (named := _columns(rows[0])):
        columns, rows = named, rows[1:]
    return [_pasted_line(dict(zip(columns, row, strict=False))) for row in rows]


def _columns(cells):
    """The field of each header cell (None: unknown); None when the row is no header."""
    named = [next((field for field, words in HEADERS.items() if _heads(cell, words)), None) for cell in cells]
    return named if "name" in named and "due" in named else None


def _heads(cell, words):
    return len(cell) <= 10 and any(word in cell for word in words) and not any(digit.isdigit() for digit in cell)


def _pasted_line(cells):
    line = {box: cells.get(box, "") for box in BOXES}
    line["weight"] = line["weight"].removesuffix("%")
    return line | {"kind": kind_of(line["name"])}


def kind_of(name):
    """开工 begins a schedule, 竣工 and its like end it."""
    if name.strip().startswith("开工"):
        return Milestone.Kind.START.value
    return (Milestone.Kind.FINISH if FINISHES.search(name) else Milestone.Kind.NODE).value


def pasted_amounts(text):
    """Twelve texts from a row or a column of a sheet; ValueError when there are not twelve."""
    cells = [cell.strip() for cell in re.split(r"[\t\n\r]+", unicodedata.normalize("NFKC", text)) if cell.strip()]
    if len(cells) != MONTHS:
        raise ValueError(f"粘贴的内容有 {len(cells)} 个数，应为 1 至 12 月共 12 个，没有投资的月份填 0。")
    return cells
