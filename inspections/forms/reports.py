"""Which report is to be issued, and issuing it."""

import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from inspections.models import IssuedReport, ReportKind
from inspections.reports import Period
from inspections.reports.period import ORDINALS
from portfolio.models import Leader

# One list for all kinds, so that it needs no script: the first four are quarters as well as months.
PERIODS = [
    *((number, f"第{ordinal}季度／{number}月") for number, ordinal in enumerate(ORDINALS, 1)),
    *((number, f"{number}月") for number in range(len(ORDINALS) + 1, 13)),
]


class ChoiceForm(PlainForm):
    """The query string of the preview; once valid, `period` and `day` are what is asked for."""

    kind = forms.ChoiceField(label="报告", choices=ReportKind)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2099)
    period = forms.TypedChoiceField(label="期", choices=PERIODS, coerce=int, help_text="季报选季度，月报和专报选月份")
    leader = forms.ModelChoiceField(
        label="包联领导", queryset=Leader.objects.none(), required=False, empty_label="（专报才选）"
    )
    as_of = DayField(label="截至", required=False, help_text="不填为这一期的最后一天，还没有结束的为今天")

    def __init__(self, data=None, *, county, initial=None):
        super().__init__(data, initial=initial, auto_id="choice-%s")
        self.today = county.business_today()
        self.fields["leader"].queryset = Leader.objects.filter(county=county)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.period = Period(cleaned["kind"], cleaned["year"], cleaned["period"])
        except ValueError:
            self.add_error("period", "季报请选季度（第一至第四）。")
            return cleaned
        if (cleaned["kind"] == ReportKind.LEADER) != bool(cleaned["leader"]):
            self.add_error("leader", "包联专报请选定包联领导；季报、月报不选。")
        self.day = cleaned["as_of"] or self.period.default_day(self.today)
        return cleaned

    @property
    def about(self):
        """Which report, as `actions.reports` names it."""
        return {name: self.cleaned_data[name] for name in ("kind", "year", "period", "leader")}


class IssueForm(PlainForm):
    """`version` is the latest that the page knows (0: none); a correction says why."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    correction = forms.CharField(
        label="更正说明",
        required=False,
        max_length=IssuedReport._meta.get_field("correction").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="更正了什么、为什么更正；印在封面上",
    )

    def __init__(self, data=None, *, version):
        super().__init__(data, initial={"version": version, "form_key": uuid.uuid4()})
        if not version and data is None:
            del self.fields["correction"]

    @staticmethod
    def stale(words):
        return forms.ValidationError(words, code="stale")

    def renew(self, version):
        """Somebody else was first: keep what was typed, and take over the version."""
        self.data = self.data.copy()
        self.data["version"] = version
