"""The forms of the import: the upload, and what each column of the file means."""

from django import forms

from accounts.forms import PlainForm
from portfolio.importing.safety import MAX_BYTES
from portfolio.plan_fields import FIELDS, Kind

KEEP = "keep"
UNITS = [
    ("", "按万元（表中没有写明单位时）"),
    ("亿元", "按亿元（表中没有写明单位时）"),
    ("元", "按元（表中没有写明单位时）"),
]
FIELD_GROUPS = [
    ("", [("", "请选择"), (KEEP, "原样保留")]),
    ("计划表的列", [(field.key, field.label) for field in FIELDS if field.kind is not Kind.KEPT]),
    ("随项目保留的列", [(field.key, field.label) for field in FIELDS if field.kind is Kind.KEPT]),
]


class UploadForm(PlainForm):
    file = forms.FileField(
        label="计划表文件",
        allow_empty_file=True,
        help_text=".xlsx、.xls 或 .csv，不超过 10 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.tsv"}),
    )
    year = forms.IntegerField(label="计划年度", min_value=2000, max_value=2100)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"文件有 {file.size / 1024 / 1024:.1f} MB，超过 10 MB 的上限。请删去图片和无关的工作表后再上传。"
            )
        return file


class ColumnsForm(PlainForm):
    """One select a column (`map-<sheet>-<column>`), one checkbox a sheet, and how to read what is not written."""

    unit = forms.ChoiceField(label="金额单位", choices=UNITS, required=False)
    clear_empty = forms.BooleanField(
        label="空白格清空原值", required=False, help_text="不勾选时，表中的空白格不改变系统里已有的内容。"
    )

    def __init__(self, *args, batch, **options):
        self.batch = batch
        options.setdefault("initial", {key: batch.options.get(key) for key in ("unit", "clear_empty")})
        self.base_fields = self.base_fields | self._fields_of_sheets()
        super().__init__(*args, **options)

    def _fields_of_sheets(self):
        fields = {}
        for sheet in self.batch.report["sheets"]:
            fields[f"sheet-{sheet['number']}"] = forms.BooleanField(
                label=f"读取“{sheet['name']}”", required=False, initial=sheet["read"]
            )
            for column in sheet["columns"]:
                fields[f"map-{sheet['number']}-{column['index']}"] = self._column_field(column)
        return fields

    def _column_field(self, column):
        initial = KEEP if column["field"] == "" else column["field"] or KEEP
        if column["how"] == "conflict" and column["note"] != "建议用这一列":
            initial = KEEP
        return forms.ChoiceField(label=column["header"], choices=FIELD_GROUPS, required=False, initial=initial)

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(f"sheet-{sheet['number']}") for sheet in self.batch.report["sheets"]):
            raise forms.ValidationError("至少要读取一张工作表。")
        return cleaned

    @property
    def sheets(self):
        """[(sheet, its checkbox, [(column, its select)])] for the page."""
        return [
            (
                sheet,
                self[f"sheet-{sheet['number']}"],
                [(column, self[f"map-{sheet['number']}-{column['index']}"]) for column in sheet["columns"]],
            )
            for sheet in self.batch.report["sheets"]
        ]

    def options(self):
        """The reading options that the answers make (see `importing.service.receive`)."""
        columns = {
            name.removeprefix("map-"): "" if value == KEEP else value
            for name, value in self.cleaned_data.items()
            if name.startswith("map-") and value
        }
        skipped = [
            sheet["name"]
            for sheet in self.batch.report["sheets"]
            if not self.cleaned_data[f"sheet-{sheet['number']}"] and len(self.batch.report["sheets"]) > 1
        ]
        chosen = {key: self.cleaned_data[key] for key in ("unit", "clear_empty")}
        return {**self.batch.options, **chosen, "columns": columns, "skip_sheets": skipped}

    def answers(self):
        """{header: field key or ""} where the user said something else than the header alone would."""
        return {
            column["header"]: "" if value == KEEP else value
            for sheet in self.batch.report["sheets"]
            for column in sheet["columns"]
            if (value := self.cleaned_data.get(f"map-{sheet['number']}-{column['index']}"))
            and (column["how"] in {"unknown", "conflict"} or (column["field"] or KEEP) != value)
        }
