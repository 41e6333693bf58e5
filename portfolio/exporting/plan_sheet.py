"""What an exported plan table says, line by line, whatever file it is written to."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import groupby

from accounts.cell_text import writable
from portfolio import plan_rows
from portfolio.partial_dates import PartialDate
from portfolio.plan_fields import BY_KEY, Kind

NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"“”<>|\s\x00-\x1f]+')
FILE_NAME_FILTER = 40


class Role(Enum):
    """What a line of the sheet is."""

    TOTAL = "total"
    GROUP = "group"
    ROW = "row"
    PART = "part"  # a sub-item below its project: listed, neither counted nor added up


@dataclass
class Line:
    """Values in the order of the columns: Decimal and int where they are figures, text otherwise, None for nothing."""

    role: Role
    values: list


class PrintedColumns:
    """What a printed table knows of its `columns`: PlanFields, or others with key, label, kind, group and is_sum."""

    columns = ()

    @cached_property
    def header(self):
        """[(label over several columns or "", [PlanField])]: neighbours of one group share a label, as on paper."""
        runs = []
        for label, run in groupby(self.columns, key=lambda column: column.group):
            run = list(run)
            if label and len(run) > 1:
                runs.append((label, run))
            else:
                runs.extend(("", [column]) for column in run)
        return runs

    @cached_property
    def label_place(self):
        """The column that says 合计 or names the group: 序号 or 项目名称, else the first that has no sum of its own."""
        places = [place for place, column in enumerate(self.columns) if not column.is_sum]
        return next((place for place in places if self.columns[place].key in {"seq", "name"}), next(iter(places), None))

    @property
    def label_end(self):
        """The column before the first sum: a label may run that far."""
        start = self.label_place
        sums = (place for place, column in enumerate(self.columns) if place > start and column.is_sum)
        return next(sums, len(self.columns)) - 1

    def place(self, key):
        """Where the column stands, counted from 0; None when it is not on the sheet."""
        return next((place for place, column in enumerate(self.columns) if column.key == key), None)


class PlanSheet(PrintedColumns):
    """The whole of a listing (all its pages) with its title, columns, and lines."""

    def __init__(self, listing, columns=None):
        self.listing = listing
        self.county = listing.county
        self.columns = columns or listing.columns

    @cached_property
    def groups(self):
        """The listing's groups with typed rows; read in one go."""
        return self.listing.groups(self.listing.rows(self.listing.entries, self.columns, cell=_typed))

    # Words around the table

    @property
    def tab(self):
        return f"{self.listing.year}年计划"

    @property
    def plain_title(self):
        return f"{self.listing.year}年{self.county.name}重大项目计划表"

    @property
    def title(self):
        return f"{self.plain_title}（演示数据）" if self.county.is_demo else self.plain_title

    @property
    def day(self):
        """The day that the sheet speaks of."""
        return self.listing.as_of or self.county.business_today()

    @property
    def scope(self):
        """As of when, and which rows: `截至2024年5月31日　类别：产业类`."""
        as_of = f"截至{self.day.year}年{self.day.month}月{self.day.day}日"
        return writable(f"{as_of}　{self.listing.words}" if self.listing.words else as_of)

    def file_name(self, extension):
        """`2024年沁源县重大项目计划表_产业类_20240531.xlsx`."""
        chosen = NOT_IN_FILE_NAMES.sub("", writable("、".join(chip.value for chip in self.listing.chips)))
        parts = [self.plain_title, chosen[:FILE_NAME_FILTER], f"{self.day:%Y%m%d}"]
        return "_".join(part for part in parts if part) + f".{extension}"

    # Lines

    def lines(self):
        """合计 first, then each group with its rows; every project is followed by its sub-items."""
        rows = [row for group in self.groups for row in group.rows]
        yield self._sums(Role.TOTAL, f"合计（{len(rows)}个）", rows)
        for group in self.groups:
            if group.title:
                label = f"{group.ordinal}、{group.title}（{group.sums.count}个）"
                yield self._sums(Role.GROUP, label, group.rows)
            for row in group.rows:
                yield Line(Role.ROW, list(row.cells.values()))
                for part in row.parts:
                    yield self._part(row, part)

    def _sums(self, role, label, rows):
        """Exact sums of `rows`; nothing where no row has a figure."""
        values = [None] * len(self.columns)
        for place, column in enumerate(self.columns):
            if column.is_sum:
                figures = [figure for row in rows if (figure := row.cells[column.key]) is not None]
                values[place] = sum(figures) if figures else None
        if self.label_place is not None:
            values[self.label_place] = label
        return Line(role, values)

    @staticmethod
    def _part(row, part):
        """A sub-item shows （1） under its project's 序号; where one of them has no number, 其中： before its name.

        The import tells sub-items from projects by exactly this.
        """
        values = dict(part.cells)
        if values.get("seq") is not None and row.seq is not None:
            values["seq"] = f"（{part.seq}）"
        elif "name" in values:
            values["name"] = f"其中：{values['name']}"
            values |= {"seq": None} if "seq" in values else {}
        return Line(Role.PART, list(values.values()))


def _typed(column, values):
    value = plan_rows.value(column, values)
    if isinstance(value, str | PartialDate):
        return writable(str(value))
    # Percents as spreadsheets know them: 85 % is 0.85, and is never mistaken for a plain 85.
    return value / 100 if column.kind is Kind.PERCENT and value is not None else value


def header_label(column):
    """The header of a column that stands alone: money says its unit."""
    return f"{column.label}（万元）" if column.kind is Kind.MONEY else column.label


def columns_without_groups(listing):
    """The listing's columns for a file that has no group rows: what they would say is a column, the last one."""
    grouping = BY_KEY.get(listing.grouping)
    return listing.columns if grouping in (None, *listing.columns) else [*listing.columns, grouping]
