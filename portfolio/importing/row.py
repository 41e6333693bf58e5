"""What is read from a sheet: its rows, and what was found wrong or worth telling."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Row:
    """One project of the file. `values` by field key: text, Decimal, PartialDate, Period, Town; units and leaders as
    names. `derived` are values that other cells or the group above imply; they only fill what is empty (`said_by_group`
    names the keys of those of the group)."""

    sheet: str
    index: int
    name: str = ""
    seq: int | None = None
    values: dict = field(default_factory=dict)
    derived: dict = field(default_factory=dict)
    said_by_group: frozenset = frozenset()
    extra: dict = field(default_factory=dict)
    empty: set = field(default_factory=set)
    columns: dict = field(default_factory=dict)
    parent: "Row | None" = None

    @property
    def number(self):
        return self.index + 1

    @property
    def place(self):
        return f"工作表“{self.sheet}”第 {self.number} 行" if self.sheet else f"第 {self.number} 行"


@dataclass
class Body:
    """What one sheet holds below its header."""

    rows: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    notes: dict = field(default_factory=dict)
    claims: list = field(default_factory=list)
    unit_is_assumed: bool = False
