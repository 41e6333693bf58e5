"""The drawings of a report as pictures for its .docx: those of the PDF, and what they show in words."""

from contextlib import contextmanager
from decimal import Decimal

from inspections.documents import pdf
from inspections.reports.blocks import told
from portfolio.figures import yi

DOTS = 220  # an inch: crisp on paper
DRAWN = {"curve", "bars"}


def drawings(content):
    """The blocks of a report that are drawn, in order."""
    return [block for section in content["sections"] for block in section["blocks"] if block["type"] in DRAWN]


@contextmanager
def being_drawn(content):
    """A call that waits for the pictures, as [PNG bytes] in the order of `drawings`; [] of a report without any."""
    blocks = drawings(content)
    if not blocks:
        yield list
        return
    with pdf.being_set("pictures", blocks, dots=DOTS) as setting:
        yield setting.pages


def words(block):
    """A drawing for those who can't see it."""
    return _curve(block) if block["type"] == "curve" else _bars(block)


def _curve(block):
    ends = "；".join(
        f"{name}至{points[-1]['label']}为 {yi(Decimal(points[-1]['amount']))} 亿元"
        for name, points in (("计划累计", block["planned"]), ("完成累计", block["done"]))
        if points
    )
    return f"{block['title']}：{ends}。各时点的金额见下表。"


def _bars(block):
    expected = Decimal(block["expected"])
    behind = sum(Decimal(item["percent"]) < expected for item in block["items"])
    reached = len(block["items"]) - behind
    progress = told("percent", block["expected"])
    return f"{block['title']}：序时进度 {progress}，达到序时的 {reached} 个，落后于序时的 {behind} 个。数值见上表。"
