"""Forms of permits (前期手续): those of one project on one page, one kind for many projects, and the kinds."""

import datetime as dt
import re
import uuid

from django import forms

from accounts.forms import PlainForm
from portfolio import permit_files
from portfolio.forms.base_data import BaseDataForm
from portfolio.models.permits import Permit, PermitKind, PermitState
from portfolio.permit_entries import DATES, FIELDS, TEXTS, PermitEntry, token_of, values_of
from portfolio.permit_history import values_seen

FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
SEEN = re.compile(r"\A\d{1,12}:\d{1,9}\Z", re.ASCII)
OFFICE_HELP = "如 县行政审批局"


def day_field(name):
    label = Permit._meta.get_field(name).verbose_name
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": f"“{label}”不是日期，请写成 2024-05-31 这样的年月日。"},
        validators=[_within_reason],
    )


def _within_reason(day):
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(f"{day} 不像手续的日期，请填写 {FIRST_DAY} 至 {LAST_DAY} 之间的日期。")


def text_field(name, **attrs):
    stored = Permit._meta.get_field(name)
    return forms.CharField(
        label=stored.verbose_name,
        required=False,
        max_length=stored.max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class PermitForm(PlainForm):
    """One permit of a project. An empty state is 未填."""

    seen = forms.RegexField(SEEN, required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(label="办理情况", required=False, widget=forms.RadioSelect)
    asked_on, due_on, granted_on, valid_until = (day_field(name) for name in DATES)
    number, office, note = text_field("number"), text_field("office", placeholder=OFFICE_HELP), text_field("note")
    file = forms.FileField(
        label="批文", required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,image/*"})
    )
    drop_file = forms.BooleanField(label="删除批文", required=False)

    def __init__(self, data=None, files=None, *, cell):
        self.cell, self.kind, self.permit = cell, cell.kind, cell.permit
        initial = {"seen": token_of(self.permit), **values_of(self.permit)}
        super().__init__(data, files, initial=initial, prefix=f"k{self.kind.pk}", auto_id="%s")
        states = [("", "未填"), *PermitState.choices]
        if not self.kind.can_be_promised and initial["state"] != PermitState.PROMISED:
            states.remove((PermitState.PROMISED.value, PermitState.PROMISED.label))
        self.fields["state"].choices = states
        self.fields["valid_until"].help_text = (
            f"未写明的按 {self.kind.valid_months} 个月推算" if self.kind.valid_months else ""
        )
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{self.kind.short_name} {field.label}"
        # Its own legend names it; the label of a group of radios belongs to no single one.
        del self.fields["state"].widget.attrs["aria-label"]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        try:
            return permit_files.prepare(upload)
        except permit_files.NotAnApproval as refused:
            raise forms.ValidationError(str(refused)) from refused

    @property
    def entry(self):
        values = {name: self.cleaned_data[name] for name in FIELDS}
        given = {name: self.cleaned_data[name] for name in ("seen", "file", "drop_file")}
        return PermitEntry(self.kind, values, **given)

    def renewed(self):
        """This form against the row as it stands now; a fresh one where its writer had left the row alone."""
        if self.cleaned_data["seen"] == token_of(self.permit):
            return self
        if not self.entry.touches(values_seen(self.entry.seen)):
            return PermitForm(cell=self.cell)
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = token_of(self.permit)
        self.add_error("state", f"他人已把这一项改为“{self.cell.standing.label}”，请核对。")
        return self

    @property
    def is_settled(self):
        """Granted and in order, and nobody has just typed something else: its fields may be folded."""
        return self.permit is not None and self.cell.is_done and not self.cell.alarm and not self.is_bound

    @property
    def summary(self):
        """What the folded fields hold."""
        told = (str(self.permit.granted_on or ""), self.permit.number, self.permit.office, self.permit.file_name)
        return "，".join(filter(None, told)) or "填写文号、日期，上传批文"

    @property
    def dates(self):
        return [self[name] for name in DATES]

    @property
    def texts(self):
        return [self[name] for name in TEXTS]


class KeyForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)


class ProjectPermitsForm:
    """The permits of a project as one form: `cells` are those of the kinds in use."""

    def __init__(self, cells, data=None, files=None):
        self.forms = [PermitForm(data, files, cell=cell) for cell in cells]
        self.key = KeyForm(data, initial={"form_key": uuid.uuid4()})
        self.files = files
        self.is_bound = data is not None
        self.faults = []

    @property
    def by_phase(self):
        """[(phase, [PermitForm])] in the order of the kinds."""
        phases = {}
        for form in self.forms:
            phases.setdefault(form.kind.get_phase_display(), []).append(form)
        return list(phases.items())

    def is_valid(self):
        if self.files and len(self.files) > permit_files.MOST_AT_ONCE:
            self.faults.append(f"一次最多上传 {permit_files.MOST_AT_ONCE} 份批文，请先保存一部分，再传其余的。")
        # Read no file of a form that takes too many.
        return not self.faults and all([self.key.is_valid(), *(form.is_valid() for form in self.forms)])

    @property
    def entries(self):
        return [form.entry for form in self.forms]

    @property
    def has_errors(self):
        return bool(self.faults) or any(form.errors for form in self.forms)

    @property
    def lost_files(self):
        """Chosen files don't come back with the page that tells of errors."""
        return bool(self.files)

    def renew(self):
        """After a StaleRow: what only others changed is shown as it stands now; what both changed may be saved anew."""
        self.forms = [form.renewed() for form in self.forms]

    def add_errors(self, errors):
        """`errors` is that of actions.permits.Refused."""
        of_kind = {form.kind.pk: form for form in self.forms}
        for (_, kind, name), why in errors.items():
            of_kind[kind].add_error(name, why)


class BulkPermitForm(PlainForm):
    """What many projects' permits of one kind become; what is left empty stays as it is."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label="改为")
    asked_on, due_on, granted_on = (day_field(name) for name in ("asked_on", "due_on", "granted_on"))
    office = text_field("office", placeholder=OFFICE_HELP)

    def __init__(self, data=None, *, kind):
        super().__init__(data, initial={"form_key": uuid.uuid4(), "state": PermitState.GRANTED}, auto_id="bulk-%s")
        self.fields["state"].choices = [
            choice for choice in PermitState.choices if choice[0] != PermitState.PROMISED or kind.can_be_promised
        ]

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in ("state", *DATES, "office") if self.cleaned_data.get(name)}


class PermitKindForm(BaseDataForm):
    class Meta:
        model = PermitKind
        fields = ["name", "short_name", "phase", "seq", "valid_months", "can_be_promised", "is_active"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["valid_months"].help_text = "办结后几个月内须开工，过期失效；没有期限的留空"
        self.fields["seq"].help_text = "数字小的排在前面"
        if not self.instance.code:
            # Nobody types one: it only tells kinds apart.
            self.instance.code = f"own-{uuid.uuid4().hex[:12]}"
