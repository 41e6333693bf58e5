"""Pausing (停缓建) and resuming (复工) a project."""

import datetime as dt

from django import forms

from accounts.forms import StyledFormMixin
from portfolio.forms.projects import PlainTextField
from portfolio.forms.schedule import DayField
from portfolio.models.schedule import PauseReason

WORDS = {"max_length": 500, "widget": forms.Textarea(attrs={"rows": 3})}
REVIEW_AFTER = dt.timedelta(days=90)


class PauseForm(StyledFormMixin, forms.Form):
    reason = forms.ChoiceField(label="停缓建原因", choices=[("", "请选择"), *PauseReason.choices])
    words = PlainTextField(label="说明", help_text="为什么停缓建，打算怎样解决", **WORDS)
    paused_on = DayField(label="停缓建日期", exact=True)
    review_on = DayField(label="复核日期", exact=True, help_text="到这一天要有人再看一次：能否复工、是否调出")

    def __init__(self, data=None, *, today, auto_id="id_%s"):
        super().__init__(data, auto_id=auto_id, initial={"paused_on": today, "review_on": today + REVIEW_AFTER})


class ResumeForm(StyledFormMixin, forms.Form):
    resumed_on = DayField(label="复工日期", exact=True)
    words = PlainTextField(label="复工说明", required=False, **WORDS)

    def __init__(self, data=None, *, today, auto_id="id_%s"):
        super().__init__(data, auto_id=auto_id, initial={"resumed_on": today})


class ReviewForm(StyledFormMixin, forms.Form):
    """复核后继续停缓建."""

    review_on = DayField(label="下次复核日期", exact=True)
    words = PlainTextField(label="复核情况", help_text="为什么还不能复工，下一步怎样办", **WORDS)

    def __init__(self, data=None, *, today, auto_id="id_%s"):
        super().__init__(data, auto_id=auto_id, initial={"review_on": today + REVIEW_AFTER})
