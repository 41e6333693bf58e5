"""The quick form for a leader's visit on site."""

import uuid

from django import forms

from accounts.forms import PlainForm
from portfolio.forms.projects import PlainTextField

DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class VisitForm(PlainForm):
    """`projects` are those that the leader answers for; `today` is business time's."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    project = forms.ModelChoiceField(None, label="项目", empty_label="请选择项目")
    day = forms.DateField(
        label="走访日期",
        widget=DAY_INPUT,
        error_messages={"invalid": "“走访日期”不是日期，请写成 2024-05-31 这样的年月日。"},
    )
    words = PlainTextField(
        label="走访情况",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "看了什么，说了什么，要求什么"}),
    )

    def __init__(self, data=None, *, projects, today, chosen=None):
        self.today = today
        super().__init__(data, initial={"form_key": uuid.uuid4(), "day": today, "project": chosen}, auto_id="visit-%s")
        self.fields["project"].queryset = projects
        self.fields["project"].error_messages["invalid_choice"] = "这个项目不由该领导包联，请从列表中选择。"
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"走访日期 {day} 还没有到，请填写 {self.today} 或以前的日期。")
        return day
