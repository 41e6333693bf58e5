"""The form of a project with its plan of one year. Fields, labels and reporters' rights are those of plan_fields."""

import copy
import unicodedata
import uuid
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.forms import StyledFormMixin
from accounts.models import Unit
from accounts.roles import Right, has_right
from portfolio import history
from portfolio.actions import register
from portfolio.models import AnnualPlan, Leader, Project, ProjectAlias, Town
from portfolio.money import CENT, MAX_WAN
from portfolio.partial_dates import PartialDate, parse_partial_date
from portfolio.plan_fields import BY_KEY, Kind
from portfolio.search import name_key

# Attributes of Project that are no column of the plan table; they are their own keys.
NO_COLUMN = ("location_kind", "longitude", "latitude", "source")
SECTIONS = (
    ("项目", ("name", "code", "category", "sector", "industry", "nature", "stage", "level", "library")),
    ("投资（万元）", ("total_investment", "planned_investment", "invested_before")),
    ("责任落实", ("unit", "leader", "seq", "annual_target")),
    ("建设内容与进展", ("content", "progress", "works_percent")),
    ("时间", ("planned_start", "started", "planned_finish", "finished")),
    ("地点", ("town", "address", "location_kind", "longitude", "latitude")),
    ("建设单位", ("builder", "builder_code", "owner")),
    ("入统", ("registration", "registration_code", "registered")),
    ("备注与来源", ("remark", "source")),
)
WIDE = frozenset({"name", "annual_target", "content", "progress", "address", "remark", "source"})
DATE_HELP = "如 2024-05-31、2024-05、2024年二季度、2024年"
LONGEST_FIGURE = 40


def model_of(key):
    return BY_KEY[key].model if key in BY_KEY else Project


def attribute_of(key):
    return BY_KEY[key].attribute if key in BY_KEY else key


class PartialDateField(forms.Field):
    """A date as officials write it: to the day, month, quarter or year. Cleans to a `PartialDate` or None."""

    def to_python(self, value):
        try:
            return parse_partial_date(value)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value


class FigureField(forms.DecimalField):
    """A number with two places, half-up; full width digits, separators and spaces are read."""

    def to_python(self, value):
        text = unicodedata.normalize("NFKC", str(value if value is not None else "")).strip()
        text = text.replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            number = Decimal(text) if len(text) <= LONGEST_FIGURE else Decimal("Infinity")
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_nan():
            raise forms.ValidationError(f"“{self.label}”不是数字：{text[:20]}。请改为 120 或 120.50 这样的数值。")
        if not -MAX_WAN <= number <= MAX_WAN:
            raise forms.ValidationError(f"“{self.label}”超过 12 位整数，请核对单位。")
        return number.quantize(CENT, ROUND_HALF_UP) + 0  # turns -0.00 into 0.00

    def prepare_value(self, value):
        whole = isinstance(value, Decimal) and value == value.to_integral_value()
        return f"{value:.0f}" if whole else value


class PlainTextField(forms.CharField):
    """Long text with the line ends it is stored with: a browser sends CR LF for what it was given as LF."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def _figure_field(label, attrs, lowest, highest):
    said = label.replace("%", "%%")  # a validator's message is a format: 工程量% must not open one
    validators = [
        MinValueValidator(lowest, f"“{said}”不能小于 {lowest}。"),
        MaxValueValidator(highest, f"“{said}”不能大于 {highest}。"),
    ]
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", **attrs})
    return FigureField(label=label, required=False, widget=widget, validators=validators)


def _row_field(label, queryset, current):
    """A choice among rows in use; the one chosen already stays choosable when it has gone out of use."""
    choices = queryset.filter(is_active=True) if hasattr(queryset.model, "is_active") else queryset
    choices |= queryset.filter(pk=current)
    return forms.ModelChoiceField(choices, label=label, required=False, empty_label="未填")


def _stored_field(model, attribute, label):
    stored = model._meta.get_field(attribute)
    options = {"label": label, "help_text": stored.help_text}
    if stored.choices:
        choices = [("", "未填"), *stored.choices]
        return forms.ChoiceField(choices=choices, required=not stored.blank, **options)
    if stored.get_internal_type() == "TextField":
        return PlainTextField(
            max_length=stored.max_length, required=False, widget=forms.Textarea(attrs={"rows": 3}), **options
        )
    if attribute in {"longitude", "latitude"}:
        return stored.formfield(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)
    return stored.formfield(**options)


def form_field(key, county, row):
    """The form field of a column, or of one of NO_COLUMN, for a row of `county`."""
    column, model, attribute = BY_KEY.get(key), model_of(key), attribute_of(key)
    label = column.label if column else str(model._meta.get_field(attribute).verbose_name)
    match column.kind if column else None:
        case Kind.MONEY:
            return _figure_field(label, {"data-money": ""}, 0, MAX_WAN)
        case Kind.PERCENT:
            return _figure_field(label, {}, 0, 100)
        case Kind.DATE:
            return PartialDateField(label=label, required=False, help_text=DATE_HELP)
        case Kind.UNIT:
            return _row_field(label, Unit.objects.filter(county=county), row.unit_id)
        case Kind.LEADER:
            return _row_field(label, Leader.objects.filter(county=county), row.leader_id)
        case Kind.TOWN:
            return _row_field(label, Town.objects.filter(county=county), row.town_id)
        case _:
            return _stored_field(model, attribute, label)


def form_value(key, row):
    """What the form shows for a row's value."""
    attribute = attribute_of(key)
    if hasattr(row, f"{attribute}_precision"):
        return PartialDate.from_stored(getattr(row, attribute), getattr(row, f"{attribute}_precision"))
    return getattr(row, model_of(key)._meta.get_field(attribute).attname)


class ProjectForm(StyledFormMixin, forms.Form):
    """`project` and `plan` are the rows as they stand (unsaved ones for a new project; `plan` None: not in that year).

    A reporter's form has the reporters' columns only, so that whatever else is posted goes nowhere.
    """

    def __init__(self, data=None, *, user, project, plan, **options):
        self.project, self.plan = project, plan
        self.keys = [key for _, keys in SECTIONS for key in keys if self._is_offered(key, user)]
        self.base_fields = {key: form_field(key, project.county, self._row(key)) for key in self.keys}
        self.base_fields |= self.bookkeeping_fields()
        self.base_fields["other_project"] = forms.BooleanField(label="确认是另一个项目，仍要保存", required=False)
        self.namesakes = []
        initial = {key: form_value(key, self._row(key)) for key in self.keys} | options.pop("initial", {})
        super().__init__(data, initial=initial, **options)

    def bookkeeping_fields(self):
        """The versions of the rows that the form was filled from, and what to do with a former name."""
        rows = {"project_version": self.project, "plan_version": self.plan}
        fields = {
            name: forms.IntegerField(widget=forms.HiddenInput, initial=row.row_version)
            for name, row in rows.items()
            if row is not None
        }
        if self.plan is not None:
            fields["plan"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.plan.pk)
        if "name" in self.keys:
            fields["keep_name"] = forms.BooleanField(label="改名时，把原名留作曾用名", required=False, initial=True)
        return fields

    def _is_offered(self, key, user):
        if model_of(key) is AnnualPlan and self.plan is None:
            return False
        return has_right(user, Right.EDIT_REGISTER) or (key in BY_KEY and BY_KEY[key].reporter)

    def _row(self, key):
        return self.project if model_of(key) is Project else self.plan

    def sections(self):
        """[(title, [(bound field, is wide)])] of what this account may change."""
        shown = [(title, [(self[key], key in WIDE) for key in keys if key in self.fields]) for title, keys in SECTIONS]
        return [(title, fields) for title, fields in shown if fields]

    def read_only(self):
        """[(label, text)] of what this account sees but may not change."""
        texts = []
        for model, row in ((Project, self.project), (AnnualPlan, self.plan)):
            if row is not None:
                names = history.Names(model, [row])
                fields = {register.key_of(model, field.name): field for field in history.told_fields(model)}
                texts += [
                    (history.label_of(model, fields[key].name), history.text_of(model, row, fields[key], names))
                    for _, keys in SECTIONS
                    for key in keys
                    if key in fields and key not in self.keys
                ]
        return texts

    def values(self, model):
        """{attribute: value} for portfolio.actions.register."""
        return {
            attribute_of(key): self.cleaned_data[key]
            for key in self.keys
            if model_of(key) is model and key in self.cleaned_data
        }

    def candidates(self):
        """The rows as they would be written."""
        rows = copy.copy(self.project), copy.copy(self.plan)
        for row, model in zip(rows, (Project, AnnualPlan), strict=True):
            if row is not None:
                register.assign(row, self.values(model))
        return rows

    def clean(self):
        for key, message in register.validate_row(*self.candidates()).items():
            if key not in self.errors:
                self.add_error(key if key in self.fields else None, message)
        self._ask_about_namesakes()
        return self.cleaned_data

    def _ask_about_namesakes(self):
        """A new name that another project has, or had, is probably that project: ask once."""
        key = name_key(self.cleaned_data.get("name", ""))
        if not key or key == self.project.name_key:
            return
        others = Project.objects.filter(county=self.project.county).exclude(pk=self.project.pk)
        formerly = ProjectAlias.objects.filter(name_key=key).values("project")
        self.namesakes = list((others.filter(name_key=key) | others.filter(pk__in=formerly)).order_by("pk")[:5])
        if self.namesakes and not self.cleaned_data.get("other_project"):
            self.add_error("name", "已有同名的项目。若确是另一个项目，请勾选上方的“确认是另一个项目，仍要保存”。")


class NewProjectForm(ProjectForm):
    """Adds what only a new project needs: the year of its first plan, and the key under which it is saved once."""

    def __init__(self, data=None, *, user, county, year):
        self.year = year
        plan = AnnualPlan(county=county, year=year)
        super().__init__(data, user=user, project=Project(county=county), plan=plan)

    def bookkeeping_fields(self):
        return {
            "year": forms.IntegerField(label="列入哪一年的计划", min_value=2000, max_value=2100, initial=self.year),
            "form_key": forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4),
        }
