"""The forms for new versions of the rules."""

import uuid

from django import forms

from accounts.forms import StyledFormMixin
from portfolio.light_rules import SETTINGS
from portfolio.models import LightRule, RankingWeights
from portfolio.ranking_weights import PARTS, WHOLE
from portfolio.rule_versions import plain

COMMON = {
    "widgets": {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    "help_texts": {"words": "依据或原因，如：县政府第几次常务会议要求"},
}


class NewVersionForm(StyledFormMixin, forms.ModelForm):
    """Starts from `before`, what the version that the new one follows holds; `today` is business time's."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    follows = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, before, today):
        first_day = max(today, before.since or today)
        initial = {"since": first_day, "form_key": uuid.uuid4(), "follows": before.version}
        super().__init__(data, initial=initial | self.initial_of(before))
        self.fields["since"].widget.attrs["min"] = first_day.isoformat()

    def follow(self, version):
        """Sent once more, the form takes the place of this version knowingly."""
        self.data = self.data.copy()
        self.data["follows"] = version

    @property
    def values(self):
        """{field of the model: value}, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class LightRuleForm(NewVersionForm):
    class Meta:
        model = LightRule
        fields = [*SETTINGS, "since", "words"]
        widgets, help_texts = COMMON["widgets"], COMMON["help_texts"]

    @staticmethod
    def initial_of(before):
        return {name: plain(getattr(before, name)) for name in SETTINGS}


class RankingWeightsForm(NewVersionForm):
    """A field for each part of the score, by its key, before those of the model."""

    class Meta:
        model = RankingWeights
        fields = ["least_projects", "since", "words"]
        widgets, help_texts = COMMON["widgets"], COMMON["help_texts"]

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        for key, (label, _) in PARTS.items():
            attrs = {"min": 0, "max": WHOLE, "class": "form-control", "inputmode": "numeric"}
            self.fields[key] = forms.IntegerField(label=f"{label}（权重）", widget=forms.NumberInput(attrs=attrs))
        self.order_fields([*PARTS, *self._meta.fields])

    @staticmethod
    def initial_of(before):
        return {key: before.of_part(key) for key in PARTS} | {"least_projects": before.least_projects}

    @property
    def values(self):
        return super().values | {"weights": {key: self.cleaned_data[key] for key in PARTS}}
