"""The form for the rules by which notices are given: a row of fields for each kind."""

import uuid

from django import forms

from accounts.forms import StyledFormMixin
from portfolio.models import NoticeKind, NoticeRule
from portfolio.notice_rules import CHANGEABLE, MANNERS, stamp

CHANNELS = ("by_email", "by_webhook")


class NoticeRulesForm(StyledFormMixin, forms.Form):
    """Shows `rules` (`notice_rules.rules_of`). A channel that is not in `channels_on` can't be chosen or taken back."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, rules, channels_on):
        self.rules = rules
        self.base_fields = self.base_fields | self._fields_of_kinds(channels_on)
        super().__init__(data, initial={"form_key": uuid.uuid4(), "seen": stamp(rules), **self._initial()})

    def _fields_of_kinds(self, channels_on):
        fields = {}
        for kind in NoticeKind:
            for name in ("is_on", *CHANNELS):
                label = f"{kind.label}：{NoticeRule._meta.get_field(name).verbose_name}"
                is_off = name in CHANNELS and name not in channels_on
                fields[f"{kind}-{name}"] = forms.BooleanField(label=label, required=False, disabled=is_off)
            if threshold := MANNERS[kind].threshold:
                label = f"{kind.label}：{threshold.before}几{threshold.unit}{threshold.after}"
                fields[f"{kind}-threshold"] = forms.IntegerField(label=label, widget=_small_box(threshold))
        return fields

    def _initial(self):
        return {f"{kind}-{name}": getattr(rule, name) for kind, rule in self.rules.items() for name in CHANGEABLE}

    @property
    def rows(self):
        """[(NoticeKind, Manner, {name: bound field})], in the order of the kinds."""
        return [
            (kind, manner, {name: self[f"{kind}-{name}"] for name in CHANGEABLE if f"{kind}-{name}" in self.fields})
            for kind, manner in MANNERS.items()
        ]

    @property
    def values(self):
        """{kind: {field of NoticeRule: value}}, once the form is valid."""
        return {
            kind: {name: self.cleaned_data.get(f"{kind}-{name}", getattr(rule, name)) for name in CHANGEABLE}
            for kind, rule in self.rules.items()
        }


def _small_box(threshold):
    bounds = {"min": threshold.least, "max": threshold.most}
    return forms.NumberInput(attrs={**bounds, "inputmode": "numeric", "class": "form-control-sm"})
