"""The columns of the sheet by which a unit reports its week, as the export writes and the import finds them."""

from dataclasses import dataclass

KEY_LABEL = "系统编号（勿改）"
HEADER_ROW = 4  # as Excel counts


@dataclass(frozen=True)
class SheetColumn:
    """`key` names a field of WeeklyDispatch, or a fact that is only shown. `width` is in Excel characters."""

    key: str
    label: str
    width: int
    is_filled_in: bool = False
    is_figure: bool = False


COLUMNS = (
    SheetColumn("key", KEY_LABEL, 4),
    SheetColumn("number", "序号", 6),
    SheetColumn("name", "项目名称", 28),
    SheetColumn("planned", "年度计划投资", 12, is_figure=True),
    SheetColumn("last_week", "上期", 8),
    SheetColumn("last_ytd", "上期累计", 12, is_figure=True),
    SheetColumn("last_works", "上期工程量%", 9, is_figure=True),
    SheetColumn("last_progress", "上期形象进度", 26),
    SheetColumn("last_plan", "上期说的下周计划", 22),
    SheetColumn("week_investment", "本周完成投资", 12, is_filled_in=True, is_figure=True),
    SheetColumn("ytd_investment", "年度累计完成投资", 13, is_filled_in=True, is_figure=True),
    SheetColumn("works_percent", "工程量%", 9, is_filled_in=True, is_figure=True),
    SheetColumn("progress", "形象进度", 36, is_filled_in=True),
    SheetColumn("next_plan", "下周计划", 26, is_filled_in=True),
    SheetColumn("problem", "存在问题", 24, is_filled_in=True),
    SheetColumn("problem_kind", "问题类型", 11, is_filled_in=True),
    SheetColumn("needs_help", "需协调事项", 22, is_filled_in=True),
    SheetColumn("explanation", "对提示的说明", 22, is_filled_in=True),
)
FILLED_IN = tuple(column for column in COLUMNS if column.is_filled_in)


def key_of(week, plan):
    """What names a row, whatever is sorted or moved: `2024-W22/123`."""
    return f"{week}/{plan}"
