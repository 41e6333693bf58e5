"""The forms of a letter: its draft, one form for each step that it may take, and the words before its number."""

import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from accounts.models import Unit
from inspections import letters
from inspections.letter_steps import Verb
from inspections.models import Letter, LetterKind
from portfolio.forms.problems import text_field
from portfolio.forms.projects import PlainTextField

KEPT = {"version", "form_key"}


def _day_field(label, **options):
    field = DayField(label=label, **options)
    field.widget.format = "%Y-%m-%d"
    return field


class StepForm(PlainForm):
    """`version` is that of the letter as its page was opened; `form_key` makes a second submit harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    help_text = ""

    def __init__(self, data=None, *, letter):
        self.letter = letter
        super().__init__(data, initial=self.filled(letter), auto_id=f"id_{self.verb.value}_%s")

    @property
    def label(self):
        return self.verb.rule.label

    def filled(self, letter):
        return {"version": letter.row_version, "form_key": uuid.uuid4()}

    def values(self):
        """The arguments of the step's action, besides who and which letter."""
        return self.cleaned_data

    def renew(self, current):
        """Somebody else was first: keep what was typed, take over the version, say what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = current.row_version
        stored = self.filled(current)
        for name in self.fields.keys() & stored.keys() - KEPT:
            if self.cleaned_data.get(name) != stored[name]:
                self[name].help_text = f"现在保存的是：{stored[name] or '空'}"


class DraftFields(PlainForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="主送单位", empty_label="请选择")
    title = forms.CharField(label="标题", max_length=120)
    deadline = _day_field("回复时限", help_text="改时限时，正文里的原时限会一并改过来")
    body = forms.CharField(
        label="正文",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="一行一段；以“一、”“（一）”“1.”“（1）”开头的行按公文层次排版",
    )

    def offer_units(self, county, unit):
        units = Unit.objects.filter(county=county)
        self.fields["unit"].queryset = units.filter(is_active=True) | units.filter(pk=unit.pk if unit else None)

    def draft_values(self):
        return {name: self.cleaned_data[name] for name in ("unit", "title", "body", "deadline")}


class NewLetterForm(DraftFields):
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, county, draft):
        initial = {name: getattr(draft, name) for name in ("unit", "title", "body", "deadline")}
        super().__init__(data, initial={**initial, "form_key": uuid.uuid4()})
        self.offer_units(county, draft.unit)


class EditForm(StepForm, DraftFields):
    verb = Verb.EDIT
    field_order = ("unit", "title", "deadline", "body")

    def __init__(self, data=None, *, letter):
        super().__init__(data, letter=letter)
        self.offer_units(letter.county_id, letter.unit)

    @property
    def label(self):
        return "保存草稿"

    def filled(self, letter):
        names = ("unit", "title", "body", "deadline")
        return {**super().filled(letter), **{name: getattr(letter, name) for name in names}}

    def values(self):
        return {**{name: self.cleaned_data[name] for name in KEPT}, "values": self.draft_values()}


class IssueForm(StepForm):
    verb = Verb.ISSUE
    help_text = "发出时编发文字号、写成文日期，主送单位即可看到；发出后不能修改。"


class DiscardForm(StepForm):
    verb = Verb.DISCARD
    help_text = "草稿没有编号，删去后不占号。"


class ReceiveForm(StepForm):
    verb = Verb.RECEIVE
    help_text = "签收后请在时限内回复整改情况。"


class AnswerForm(StepForm):
    verb = Verb.ANSWER
    text = text_field("整改情况", rows=6, help_text="原因、已采取的措施、完成时间；需要协调的事项")


class AskExtensionForm(StepForm):
    verb = Verb.ASK_EXTENSION
    deadline = _day_field("申请延至")
    reason = text_field("延期原因", rows=3)


class GrantExtensionForm(StepForm):
    verb = Verb.GRANT_EXTENSION
    deadline = _day_field("延至")
    text = text_field("意见", rows=2, required=False)

    def filled(self, letter):
        return {**super().filled(letter), "deadline": letter.asked_deadline}


class RefuseExtensionForm(StepForm):
    verb = Verb.REFUSE_EXTENSION
    reason = text_field("不同意的原因", rows=3)


class CloseForm(StepForm):
    verb = Verb.CLOSE
    is_settled = forms.TypedChoiceField(
        label="核验结果",
        choices=[("yes", "整改到位"), ("no", "整改未到位")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text="认定未到位的，办结后可以升级",
    )
    text = text_field("核验情况", rows=3, help_text="查看了什么，结果如何")

    def __init__(self, data=None, *, letter):
        super().__init__(data, letter=letter)
        if not letter.kind_after:
            self.fields["is_settled"].help_text = ""


class SendBackForm(StepForm):
    verb = Verb.SEND_BACK
    reason = text_field("退回原因", rows=3)
    deadline = _day_field("重新回复时限", required=False, help_text="不填则仍按原时限")


class RaiseForm(StepForm):
    verb = Verb.RAISE

    @property
    def label(self):
        return f"升级为{self.letter.kind_after.label}"

    @property
    def help_text(self):
        return f"先生成{self.letter.kind_after.label}草稿，核对后发出；发出时这份文书同时办结。"


class VoidForm(StepForm):
    verb = Verb.VOID
    reason = PlainTextField(
        label="作废原因",
        max_length=Letter._meta.get_field("void_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    help_text = "用于发错的文书。作废后编号保留、不再使用，文书仍可查看，并注明作废；不能恢复。"


FORMS = {
    form.verb: form
    for form in (
        EditForm,
        IssueForm,
        DiscardForm,
        ReceiveForm,
        AnswerForm,
        AskExtensionForm,
        GrantExtensionForm,
        RefuseExtensionForm,
        CloseForm,
        SendBackForm,
        RaiseForm,
        VoidForm,
    )
}


class SeriesForm(PlainForm):
    """Prefix and sender of each kind; `seen` is what was stored when the page was opened."""

    reminder_prefix = forms.CharField(label="提醒函字头", max_length=20)
    reminder_sender = forms.CharField(label="提醒函发文机关", max_length=60)
    order_prefix = forms.CharField(label="督办单字头", max_length=20)
    order_sender = forms.CharField(label="督办单发文机关", max_length=60)
    talk_prefix = forms.CharField(label="约谈通知字头", max_length=20)
    talk_sender = forms.CharField(label="约谈通知发文机关", max_length=60)
    seen = forms.CharField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, county, seen):
        initial = {"seen": seen, "form_key": uuid.uuid4()}
        for row in (letters.series_of(county, kind) for kind in LetterKind):
            initial |= {f"{row.kind}_prefix": row.prefix, f"{row.kind}_sender": row.sender}
        super().__init__(data, initial=initial)

    def values(self):
        data = self.cleaned_data
        return {kind.value: (data[f"{kind.value}_prefix"], data[f"{kind.value}_sender"]) for kind in LetterKind}
