"""The form for an own judgement (自评): one of three lights, and one line of words."""

import uuid

from django import forms

from accounts.forms import PlainForm
from portfolio.actions.own_lights import LONGEST_WORDS
from portfolio.models import OwnLight
from portfolio.models.judging import Light

OFFERED = [Light(value) for value, _ in OwnLight._meta.get_field("light").choices]


class OwnLightForm(PlainForm):
    """`next` is where to go afterwards, as the page that shows the form wants it."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    light = forms.ChoiceField(
        label="自评",
        choices=[(light.value, f"{light.shape} {light.colour} {light.label}") for light in OFFERED],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请在绿灯、黄灯、红灯中选择一项。"},
    )
    words = forms.CharField(
        label="说明",
        max_length=LONGEST_WORDS,
        widget=forms.TextInput(attrs={"placeholder": "一句话：为什么，打算怎样", "autocomplete": "off"}),
        error_messages={
            "required": "请用一句话填写“说明”：为什么这样自评。",
            "max_length": "说明有 %(show_value)d 个字，请缩短到 %(limit_value)d 个字以内。",
        },
    )

    def __init__(self, data=None, *, next_path=""):
        super().__init__(data, initial={"form_key": uuid.uuid4(), "next": next_path}, auto_id="own-light-%s")
