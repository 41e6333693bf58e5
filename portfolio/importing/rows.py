"""The rows of one sheet as values of fields, with everything that is wrong in them."""

import re

from django.core.exceptions import ValidationError

from portfolio import codes
from portfolio.facets import BLANK_LABEL
from portfolio.importing import issues, values
from portfolio.importing.choices import industry_code, read_choice, read_group
from portfolio.importing.layout import RowKind, lines_of, strip_among_them, unit_of_line
from portfolio.importing.row import Body, Row
from portfolio.plan_fields import Kind
from portfolio.search import name_key

_SEPARATORS = re.compile(r"[、，,;；/\n]+|\s{2,}")
_POST = re.compile(r"^(?P<name>[^（(]+)[（(](?P<post>[^）)]+)[）)]$")
_WORKS_DONE = re.compile(r"完成(?:总)?工程量的?\s*(\d{1,3}(?:\.\d+)?)\s*[%％]")
DEFAULT_UNIT = "万元"
_WHOLE_COUNTY = frozenset({"全县", "县城", "县域", "多个乡镇", "各乡镇", "全县各乡镇", "全域"})
_FILLS_DOWN = frozenset({Kind.TOWN, Kind.UNIT, Kind.LEADER, Kind.CHOICE, Kind.TEXT, Kind.DATE, Kind.PERIOD, Kind.KEPT})
_NOT_FILLED = frozenset({"name", "code", "seq"})
_VALIDATORS = {
    "code": codes.validate_project_code,
    "builder_code": codes.validate_credit_code,
    "industry": codes.validate_industry,
}


class SheetReader:
    """Reads one sheet whose columns are known. `unit` is the unit of money where neither cell nor header names one;
    "" when the file names none at all, and 万元 is assumed."""

    def __init__(self, sheet, header, register, *, unit):
        self.sheet, self.header, self.register = sheet, header, register
        self.unit, self.unit_is_known = unit or DEFAULT_UNIT, bool(unit)
        self.body = Body()
        self.columns = [column for column in header.columns if column.field is not None]
        # Where the errors of a field are shown; the same for every row.
        self.column_of_field = {column.field: column for column in reversed(self.columns)}
        self.share_columns = {column.index for column in self.columns if self._counts_in_shares(column)}
        self.groups, self.said_by = {}, {}
        self.rows_of_lines = {}

    def read(self):
        self.body.lines = lines_of(self.sheet, self.header)
        for line in self.body.lines:
            match line.kind:
                case RowKind.UNIT_LINE:
                    self.unit, self.unit_is_known = unit_of_line(line.label), True
                case RowKind.GROUP:
                    self.groups = {level: label for level, label in self.groups.items() if level < line.level}
                    self.groups[line.level] = line.label
                    self.said_by[line.label] = self._said_by(line.label)
                    self._claim(line)
                case RowKind.TOTAL:
                    self._claim(line)
                case RowKind.PROJECT | RowKind.PART:
                    self._project(line)
                case RowKind.CONTINUED:
                    self._continue(line)
        return self.body

    def _counts_in_shares(self, column):
        if column.kind is not Kind.PERCENT:
            return False
        cells = [row[column.index] for row in self.sheet.rows[self.header.bottom + 1 :] if len(row) > column.index]
        numbers = [value for value in cells if not values.is_empty(value) and values.is_bare_number(value)]
        return bool(numbers) and all(values.looks_like_share(value) for value in numbers)

    def _claim(self, line):
        """What a total or group row says of others: its count and its sums, to be compared and not believed."""
        sums = {}
        for column in self.columns:
            value = self.sheet.value(line.index, column.index)
            if column.kind is Kind.MONEY and not values.is_empty(value) and values.text_of(value) != line.label:
                try:
                    sums[column.field] = values.money(value, column.unit or self.unit)
                except ValueError:
                    continue
        self.body.claims.append((line, sums, dict(self.groups)))

    def _project(self, line):
        row = Row(self.sheet.name, line.index, seq=line.seq, columns=self.column_of_field)
        row.parent = self.rows_of_lines.get(line.parent.index) if line.parent else None
        for label in self.groups.values():
            row.derived.update(self.said_by[label])
        row.said_by_group = frozenset(row.derived)
        for column in self.columns:
            self._cell(row, column)
        row.name = row.values.get("name", "")
        if not row.name and ("name" not in row.empty or row.values):
            self._nameless(row)
            return
        self._derive(row)
        self.rows_of_lines[line.index] = row
        self.body.rows.append(row)

    def _said_by(self, label):
        """What a group row says of its rows. Groups by unit or leader, as our export makes them, say nothing new."""
        if town := self.register.town(label):
            return {"town": town}
        key = name_key(label)
        is_known = key in self.register.units or key in self.register.leaders or key == name_key(BLANK_LABEL)
        return {} if is_known else read_group(label)

    def _nameless(self, row):
        name = self.header.column_of("name")
        if not any(issue.row == row.number and issue.column == name.letter for issue in self.body.errors):
            self._error(row, name, "没有项目名称。请补上名称；如果这一行不是项目，请删去。", "")

    def _cell(self, row, column):
        if column.is_judged:
            return
        value = self._own_value(row.index, column)
        if not self._is_sound(row, column):
            return
        if values.is_empty(value) and column.field != "name":
            row.empty.add(column.field)
            return
        if values.is_undecided(value) and column.kind not in {Kind.TEXT, Kind.LONG_TEXT, Kind.KEPT}:
            self._warn(row, column, "按空白处理，确定后再填。", value)
            return
        try:
            self._read(row, column, value)
        except ValueError as error:
            self._error(row, column, _sentence(error), value)

    def _own_value(self, index, column):
        """A cell that a merge covers shows the first cell's value; money and names stay with the first."""
        origin = self.sheet.merged_into.get((index, column.index))
        if origin is None:
            return self.sheet.value(index, column.index)
        if origin[0] <= self.header.bottom or (origin[1] != column.index and origin[0] == index):
            return ""
        if column.kind in _FILLS_DOWN and column.field not in _NOT_FILLED:
            return self.sheet.value(*origin)
        if column.kind is Kind.MONEY and not values.is_empty(self.sheet.value(*origin)):
            self._note("merged_money", f"第 {index + 1} 行 {column.letter} 列")
        return ""

    def _is_sound(self, row, column):
        cell = (row.index, column.index)
        if cell in self.sheet.uncached:
            self._error(
                row, column, "是公式，但文件里没有存计算结果。请用 Excel 或 WPS 打开后保存一次，再上传。", "公式"
            )
        elif cell in self.sheet.faulty:
            self._error(row, column, "公式出错。请改正公式或直接填数。", self.sheet.value(*cell) or "错误值")
        else:
            return True
        return False

    def _read(self, row, column, value):
        match column.kind:
            case Kind.MONEY:
                row.values[column.field] = values.money(value, column.unit or self.unit)
                self.body.unit_is_assumed |= not (column.unit or self.unit_is_known or values.names_unit(value))
            case Kind.PERCENT:
                row.values[column.field] = self._percent(row, column, value)
            case Kind.DATE:
                self._date(row, column, value)
            case Kind.PERIOD:
                self._period(row, column, value)
            case Kind.CHOICE:
                self._choice(row, column, value)
            case Kind.TOWN:
                self._town(row, column, values.line_of(value))
            case Kind.UNIT | Kind.LEADER:
                self._name(row, column, values.text_of(value))
            case Kind.NUMBER:
                row.values[column.field] = row.seq if row.seq is not None else values.whole_number(value)
            case Kind.KEPT:
                self._keep(row, column, values.text_of(value))
            case Kind.TEXT | Kind.LONG_TEXT:
                self._text(row, column, value)

    def _percent(self, row, column, value):
        styled = self.sheet.formats.get((row.index, column.index)) == "p"
        return values.percent(value, is_share=styled or column.index in self.share_columns)

    def _date(self, row, column, value):
        if _is_range(value):
            self._period(row, column, value)
            return
        cell_format = self.sheet.formats.get((row.index, column.index))
        found = values.partial_date(value, self.register.year, cell_format)
        if (
            isinstance(value, float)
            and found.precision == "m"
            and found.first_day.month == 1
            and str(value).endswith(".1")
        ):
            self._warn(row, column, f"读作 {found}；如果是 10 月，请写成 {found.first_day.year}-10。", value)
        row.values[column.field] = found

    def _period(self, row, column, value):
        try:
            row.values["period"] = values.period(value, self.register.year)
            row.columns.setdefault("period", column)
        except ValueError as error:
            if (
                column.kind is Kind.PERIOD
                and re.search(r"\d+(?:个)?(?:月|年|天)", values.compact(value))
                and "结束早于" not in str(error)
            ):
                self._keep(row, column, values.text_of(value))
                self._note("kept_periods", row.place)
                return
            raise

    def _choice(self, row, column, value):
        text = values.line_of(value)
        found = read_choice(column.field, text)
        if column.field == "category" and "sector" in found:
            self._note("sectors", text)
            row.derived.pop("sector", None)
            row.columns.setdefault("sector", column)
        for key, choice in found.items():
            target = row.values if key == column.field or key == "sector" else row.derived
            if not (key == "sector" and "sector" in row.values):
                target[key] = choice

    def _town(self, row, column, text):
        if town := self.register.town(text):
            row.values["town"] = town
            return
        parts = [part for part in _SEPARATORS.split(text) if part]
        if name_key(text) in _WHOLE_COUNTY or (len(parts) > 1 and all(self.register.town(part) for part in parts)):
            self._keep(row, column, text)
            self._warn(row, column, "不是一个乡镇，乡镇留空，原文随项目保留。", text)
            return
        near = self.register.towns_near(text)
        remedy = f"是不是“{'”或“'.join(near)}”？" if near else "请改为本县的乡镇或开发区名称。"
        raise ValueError(f"不是本县的乡镇。{remedy}")

    def _name(self, row, column, text):
        """One unit or leader answers. Of several the first is taken, and the whole text stays with the row."""
        line = values.line_of(text)
        known = self.register.units if column.field == "unit" else self.register.leaders
        parts = [part for part in (values.line_of(part) for part in _SEPARATORS.split(text)) if part]
        if name_key(line) not in known and len(parts) > 1:
            self._keep(row, column, text)
            self._note(f"several_{column.field}s", row.place)
            line = parts[0]
        limit = 80 if column.field == "unit" else 40
        if column.field == "leader" and name_key(line) not in known and (found := _POST.match(line)):
            row.values["leader_post"] = found["post"][:60]
            line = found["name"].strip()
        if len(line) > limit:
            raise ValueError(f"超过 {limit} 个字。请只填名称。")
        row.values[column.field] = line

    def _keep(self, row, column, text):
        if len(text) > 5000:
            raise ValueError("超过 5000 个字。请精简后再导入。")
        row.extra[column.header] = text

    def _text(self, row, column, value):
        key = column.field
        text = values.text_as_read(column.kind, value)
        if key == "name":
            text = "" if values.is_empty(value) else strip_among_them(text)
            if not text:
                raise ValueError("没有项目名称。请补上名称；如果这一行不是项目，请删去。")
            if not name_key(text):
                raise ValueError("不像项目名称。请补上名称；如果这一行不是项目，请删去。")
        if key in _VALIDATORS:
            text = _checked_code(key, text)
        limit = column.plan_field.model._meta.get_field(column.plan_field.attribute).max_length
        if limit and len(text) > limit:
            raise ValueError(f"有 {len(text)} 个字，超过 {limit} 个字的上限。请精简后再导入。")
        row.values[key] = text
        if key == "progress" and len(found := _WORKS_DONE.findall(text)) == 1 and float(found[0]) <= 100:
            row.derived["works_percent"] = values.percent(f"{found[0]}%", is_share=False)
            self._note("works_percent", row.place)

    def _derive(self, row):
        """The town from the address, the plain 开工时间 and the period as planned or actual dates."""
        address = row.values.get("address")
        if "town" not in row.values and address and (town := self.register.town_in(address)):
            row.derived["town"] = town
            self._note("towns", f"{row.name}：{town.name}")

    def _continue(self, line):
        """The rows below the first that a merged name covers: texts join, anything else must agree or be new."""
        row = self.rows_of_lines.get(line.parent.index)
        if row is None:
            return
        more = Row(row.sheet, line.index, columns=self.column_of_field)
        for column in self.columns:
            if (line.index, column.index) not in self.sheet.merged_into and column.field not in {"seq", "name"}:
                self._cell(more, column)
        for key, value in more.values.items():
            self._join(row, more, key, value)
        for header, text in more.extra.items():
            row.extra[header] = "\n".join(dict.fromkeys(filter(None, (row.extra.get(header), text))))

    def _join(self, row, more, key, value):
        old = row.values.get(key)
        column = more.columns.get(key)
        if old is None or old == value:
            row.values[key] = value
        elif column is not None and column.kind is Kind.LONG_TEXT:
            row.values[key] = f"{old}\n{value}"
        else:
            self._error(
                more,
                column,
                f"与第 {row.number} 行同属一个合并的项目名称，却有不同的内容。请合为一格，或拆开名称。",
                str(value),
            )

    def _error(self, row, column, message, value):
        self.body.errors.append(issues.at(self.sheet, row.index, column, message, value))

    def _warn(self, row, column, message, value):
        self.body.warnings.append(issues.at(self.sheet, row.index, column, message, value))

    def _note(self, kind, text):
        self.body.notes.setdefault(kind, []).append(text)


def _sentence(error):
    """Messages of partial dates and validators quote the value first; the place already does."""
    return re.sub(r"^“[^”]*”的?", "", str(error))


def _is_range(value):
    return isinstance(value, str) and bool(
        re.fullmatch(r"(?:19|20)\d\d年?(?:[-—–~～]+|至|到)(?:19|20)\d\d年?", values.compact(value))
    )


def _checked_code(key, text):
    text = industry_code(text) if key == "industry" else re.sub(r"\s+", "", values.compact(text)).upper()
    try:
        _VALIDATORS[key](text)
    except ValidationError as error:
        remedy = "不是投资项目统一代码的列，可改为“原样保留”。" if key == "code" else ""
        raise ValueError(" ".join(error.messages) + remedy) from None
    return text
