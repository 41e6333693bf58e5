"""What an exported list of problems says: its words above the table, its columns, and a line for each problem."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from accounts.cell_text import writable
from portfolio.exporting.plan_sheet import FILE_NAME_FILTER, NOT_IN_FILE_NAMES


@dataclass(frozen=True)
class Column:
    """`width` in characters of a spreadsheet; `value` takes the row's number and a `problems.Row`."""

    label: str
    width: int
    value: object
    is_centred: bool = True


def _day(day):
    return f"{day:%Y-%m-%d}" if isinstance(day, dt.date) else ""


def _latest(row):
    return f"{row.latest.at:%Y-%m-%d} {row.said(row.latest.text)}" if row.latest else ""


COLUMNS = (
    Column("序号", 6, lambda number, row: number),
    Column("项目", 28, lambda number, row: row.problem.project.name, is_centred=False),
    Column("问题", 40, lambda number, row: row.said(row.problem.text), is_centred=False),
    Column("需协调事项", 24, lambda number, row: row.said(row.problem.needs_help), is_centred=False),
    Column("类型", 10, lambda number, row: row.problem.get_kind_display()),
    Column("难度", 10, lambda number, row: "重大复杂" if row.problem.is_complex else "一般"),
    Column("责任单位", 18, lambda number, row: row.problem.unit.name if row.problem.unit else ""),
    Column("责任人", 10, lambda number, row: row.said(row.problem.person)),
    Column("联系电话", 14, lambda number, row: row.said(row.problem.phone)),
    Column("包联领导", 10, lambda number, row: row.leader),
    Column("措施", 30, lambda number, row: row.said(row.problem.measure), is_centred=False),
    Column("来源", 10, lambda number, row: row.problem.get_source_display()),
    Column("提出日期", 12, lambda number, row: _day(row.problem.raised_on)),
    Column("办结时限", 12, lambda number, row: _day(row.problem.deadline)),
    Column("销号日期", 12, lambda number, row: _day(row.problem.closed_on)),
    Column("状态", 10, lambda number, row: row.problem.get_state_display()),
    Column("时限情况", 16, lambda number, row: f"{row.clock.shape} {row.clock.words}"),
    Column("最近办理情况", 36, lambda number, row: _latest(row), is_centred=False),
)


class ProblemSheet:
    """The whole of a `ProblemListing`, all its pages."""

    def __init__(self, listing):
        self.listing = listing
        self.county = listing.county

    @property
    def plain_title(self):
        return f"{self.county.name}重大项目问题清单"

    @property
    def title(self):
        return f"{self.plain_title}（演示数据）" if self.county.is_demo else self.plain_title

    @property
    def scope(self):
        today = self.listing.today
        return writable(f"截至{today.year}年{today.month}月{today.day}日　{self.listing.words}")

    @property
    def file_name(self):
        """`沁源县重大项目问题清单_未销号_20240531.xlsx`."""
        words = NOT_IN_FILE_NAMES.sub("", writable(self.listing.words))[:FILE_NAME_FILTER]
        return f"{self.plain_title}_{words}_{self.listing.today:%Y%m%d}.xlsx"

    @cached_property
    def lines(self):
        """Values in the order of COLUMNS; text but for the number at the start."""
        return [
            [_cell(column.value(number, row)) for column in COLUMNS]
            for number, row in enumerate(self.listing.all_rows(), 1)
        ]


def _cell(value):
    return writable(value) if isinstance(value, str) else value
