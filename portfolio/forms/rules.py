"""The form for a new version of the light rules."""

import uuid

from django import forms

from accounts.forms import StyledFormMixin
from portfolio import light_rules
from portfolio.models.judging import LightRule


class LightRuleForm(StyledFormMixin, forms.ModelForm):
    """Starts from `before`, the thresholds that the new version follows; `today` is business time's."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = LightRule
        fields = [*light_rules.SETTINGS, "since", "words"]
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"words": "依据或原因，如：县政府第几次常务会议要求"}

    def __init__(self, data=None, *, before, today):
        initial = {name: light_rules.plain(getattr(before, name)) for name in light_rules.SETTINGS}
        first_day = max(today, before.since or today)
        super().__init__(data, initial={**initial, "since": first_day, "form_key": uuid.uuid4()})
        self.fields["since"].widget.attrs["min"] = first_day.isoformat()

    @property
    def values(self):
        """{field of LightRule: value}, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}
