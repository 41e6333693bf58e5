"""Forms of a project's rows: a factor, a source of its money and what came of it, a request, an outcome."""

import uuid

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.forms import PlainForm
from accounts.models import Unit
from portfolio.forms.permits import FIRST_DAY, LAST_DAY
from portfolio.forms.projects import DATE_HELP, FigureField, PartialDateField
from portfolio.models.outcomes import MEASURES, Outcome
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from portfolio.partial_dates import PartialDate


def _day(model, name, required=False):
    label = model._meta.get_field(name).verbose_name
    said = f"“{label}”请填写 {FIRST_DAY} 至 {LAST_DAY} 之间的日期。"
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": f"“{label}”不是日期，请写成 2024-05-31 这样的年月日。"},
        validators=[MinValueValidator(FIRST_DAY, said), MaxValueValidator(LAST_DAY, said)],
    )


def _text(model, name, required=False, **attrs):
    stored = model._meta.get_field(name)
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=stored.verbose_name, required=required, max_length=stored.max_length, widget=widget)


def _figure(label, required=True):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
    lowest = MinValueValidator(0, f"“{label}”不能小于 0。")
    return FigureField(label=label, required=required, widget=widget, validators=[lowest])


def _choice(model, name):
    stored = model._meta.get_field(name)
    return forms.ChoiceField(label=stored.verbose_name, choices=[("", "请选择"), *stored.choices])


class RowForm(PlainForm):
    """`row` is what is changed, None for a new one; `values` is what the action takes."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    model = None

    def __init__(self, data=None, *, county, row=None):
        self.row = row
        super().__init__(data, initial=self._initial(row))
        if "unit" in self.fields:
            units = Unit.objects.filter(county=county, is_active=True)
            self.fields["unit"].queryset = units | Unit.objects.filter(pk=row.unit_id if row else None)

    def _initial(self, row):
        initial = {"form_key": uuid.uuid4()}
        if row is not None:
            initial |= {name: getattr(row, name) for name in self.names()} | {"version": row.row_version}
            initial |= {"unit": row.unit_id} if "unit" in initial else {}
        return initial

    @classmethod
    def names(cls):
        return [name for name in cls.base_fields if name not in ("form_key", "version")]

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in self.names()}

    def renew(self):
        """What was typed stays; sent again, it is sent for the row as it stands now."""
        self.data = self.data.copy()
        self.data["version"] = str(self.row.row_version)


def _unit(label):
    return forms.ModelChoiceField(Unit.objects.none(), label=label, required=False, empty_label="未明确")


class FactorForm(RowForm):
    model = FactorNeed
    factor = _choice(FactorNeed, "factor")
    detail = _text(FactorNeed, "detail", placeholder="如 建设用地指标")
    measure = _text(FactorNeed, "measure", required=True, placeholder="亩、吨标煤、万元、人")
    needed = _figure("需要")
    secured = _figure("已落实")
    unit = _unit("保障单位")
    due_on = _day(FactorNeed, "due_on")
    note = _text(FactorNeed, "note")


class FundForm(RowForm):
    model = FundSource
    kind = _choice(FundSource, "kind")
    planned = _figure("计划资金（万元）", required=False)
    note = _text(FundSource, "note")


class ServiceForm(RowForm):
    model = ServiceRequest
    phase = _choice(ServiceRequest, "phase")
    title = _text(ServiceRequest, "title", required=True)
    asked_on = _day(ServiceRequest, "asked_on", required=True)
    unit = _unit("承办单位")
    taken_on = _day(ServiceRequest, "taken_on")
    promised_on = _day(ServiceRequest, "promised_on")
    answered_on = _day(ServiceRequest, "answered_on")
    answer = _text(ServiceRequest, "answer")


class OutcomeForm(RowForm):
    model = Outcome
    kind = _choice(Outcome, "kind")
    detail = _text(Outcome, "detail", placeholder="如 动力型锂电池")
    measure = _text(Outcome, "measure", placeholder="产能须填，如 万吨/年")
    promised = _figure("承诺", required=False)
    promised_in = _text(Outcome, "promised_in", placeholder="如 招商协议、备案文件")
    due_on = _day(Outcome, "due_on")
    reached = _figure("实际", required=False)
    counted_on = PartialDateField(label="实际数截至", required=False, help_text=DATE_HELP)
    note = _text(Outcome, "note")

    def _initial(self, row):
        initial = super()._initial(row)
        if row is not None:
            # In words: what was stored is sent again with a row that is deleted.
            initial["counted_on"] = str(PartialDate.from_stored(row.counted_on, row.counted_on_precision) or "")
        return initial

    def clean_measure(self):
        measure = self.cleaned_data["measure"] or MEASURES.get(self.cleaned_data.get("kind"), "")
        if not measure:
            raise forms.ValidationError("产能请填写计量单位，如 万吨/年、立方米/日。")
        return measure

    @property
    def values(self):
        counted = self.cleaned_data["counted_on"]
        return super().values | {
            "counted_on": counted and counted.last_day,
            "counted_on_precision": counted.precision if counted else "",
        }


class FlowForm(PlainForm):
    """Money of one of the `sources` (a queryset) that arrived or was paid."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.ModelChoiceField(None, label="来源", empty_label=None)
    kind = forms.ChoiceField(label="性质", choices=FundFlow.Kind.choices)
    day = _day(FundFlow, "day", required=True)
    amount = _figure("金额（万元）")
    note = _text(FundFlow, "note")

    def __init__(self, data=None, *, sources, today):
        super().__init__(data, initial={"form_key": uuid.uuid4(), "day": today}, auto_id="flow-%s")
        self.fields["source"].queryset = sources
        self.fields["source"].label_from_instance = lambda source: source.get_kind_display()
        self.fields["day"].widget.attrs["max"] = today.isoformat()
