"""The ledger of a week (调度台账) as a sheet for `exporting.workbook`: what the page shows, in the official look."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.timezone import localtime

from accounts.cell_text import writable
from portfolio.dispatch_ledger import COLUMNS
from portfolio.exporting.plan_sheet import NOT_IN_FILE_NAMES, Line, PrintedColumns, Role
from portfolio.plan_fields import Kind

TENTH_OF_PERCENT = Decimal("0.001")


class LedgerSheet(PrintedColumns):
    columns = COLUMNS

    def __init__(self, ledger):
        self.ledger = ledger
        self.county = ledger.county
        self.week = ledger.week

    @property
    def tab(self):
        return f"{self.week.year}年第{self.week.number}周"

    @property
    def plain_title(self):
        return f"{self.county.name}重大项目周调度台账"

    @property
    def title(self):
        return f"{self.plain_title}（演示数据）" if self.county.is_demo else self.plain_title

    @property
    def scope(self):
        """`2024年第22周（5月27日—6月2日）　数据更新于2024年5月31日10:00　责任单位：水利局`."""
        parts = [week_words(self.week), changed_words(self.ledger)]
        if self.ledger.only_unit is not None:
            parts.append(f"责任单位：{self.ledger.only_unit.name}")
        return writable("　".join(part for part in parts if part))

    def file_name(self, extension):
        unit = NOT_IN_FILE_NAMES.sub("", self.ledger.only_unit.name) if self.ledger.only_unit is not None else ""
        parts = [self.plain_title, f"{self.week}", unit]
        return "_".join(part for part in parts if part) + f".{extension}"

    def lines(self):
        """合计 first, then each group with its entries."""
        yield self._sums(Role.TOTAL, f"合计（{self.ledger.sums.count}个）", self.ledger.sums)
        for group in self.ledger.groups:
            yield self._sums(Role.GROUP, f"{group.ordinal}、{group.title}（{group.sums.count}个）", group.sums)
            for entry in group.entries:
                values = [_typed(column, entry) for column in self.columns]
                yield Line(Role.PART if entry.is_part else Role.ROW, values)

    def _sums(self, role, label, sums):
        values = [None] * len(self.columns)
        for place, column in enumerate(self.columns):
            if column.is_sum:
                values[place] = getattr(sums, column.key)
            elif column.key == "rate":
                values[place] = _share(sums.rate)
        values[self.label_place] = label
        return Line(role, values)


def _typed(column, entry):
    value = entry.progress_words if column.key == "progress" else getattr(entry, column.key)
    if column.kind is Kind.PERCENT:
        return _share(value)
    return writable(value) if isinstance(value, str) else value


def _share(percent):
    """Percents as spreadsheets know them, to the tenth of a percent that the page shows."""
    return None if percent is None else (percent / 100).quantize(TENTH_OF_PERCENT, ROUND_HALF_UP)


def week_words(week):
    monday, sunday = week.monday, week.sunday
    return f"{week.label}（{monday.month}月{monday.day}日—{sunday.month}月{sunday.day}日）"


def changed_words(ledger):
    changed_at = ledger.county_week.changed_at
    if changed_at is None:
        return ""
    moment = localtime(changed_at)
    return f"数据更新于{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}"
