import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from accounts.forms import PlainForm
from accounts.models import AuditEntry, User

DEFAULT_DAYS = 30
EXACT = {"since": "at__gte", "until": "at__lt", "actor": "actor", "action": "action", "outcome": "outcome"}


class DayField(forms.DateField):
    """A day of this century: the first and last days of the calendar overflow in another time zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [
        MinValueValidator(dt.date(2000, 1, 1), "日期不早于 2000-01-01。"),
        MaxValueValidator(dt.date(2099, 12, 31), "日期不晚于 2099-12-31。"),
    ]


class TrailForm(PlainForm):
    since = DayField(label="起始日期", required=False)
    until = DayField(label="截止日期", required=False)
    actor = forms.ModelChoiceField(label="账号", queryset=User.objects.none(), required=False, empty_label="全部账号")
    action = forms.ChoiceField(label="操作", required=False)
    outcome = forms.ChoiceField(label="结果", choices=[("", "全部结果"), *AuditEntry.Outcome.choices], required=False)
    about = forms.CharField(label="对象或摘要含有", max_length=80, required=False)

    def __init__(self, data, *, auditor):
        asked = data.keys() & self.base_fields.keys()
        super().__init__(data if asked else {"since": timezone.localdate() - dt.timedelta(days=DEFAULT_DAYS - 1)})
        self.auditor = auditor
        self.fields["actor"].queryset = User.objects.visible_to(auditor).order_by("username")
        self.fields["actor"].label_from_instance = lambda user: f"{user.username} {user}"
        self.fields["action"].choices = [("", "全部操作"), *((name, name) for name in self.known_actions())]

    def known_actions(self):
        return (
            AuditEntry.objects.visible_to(self.auditor).order_by("action").values_list("action", flat=True).distinct()
        )

    def entries(self):
        """Everything that the filter lets through, newest first; nothing while the filter itself has an error."""
        entries = AuditEntry.objects.visible_to(self.auditor).newest_first()
        if not self.is_valid():
            return entries.none()
        exact = {key: value for key, value in self.cleaned_data.items() if value and key in EXACT}
        entries = entries.filter(**{EXACT[key]: as_moment(key, value) for key, value in exact.items()})
        if self.cleaned_data["about"]:
            entries = entries.about(self.cleaned_data["about"])
        return entries


def as_moment(key, value):
    """The day `until` counts to its end; days are the county's, not the server's."""
    if key not in {"since", "until"}:
        return value
    day = value + dt.timedelta(days=1) if key == "until" else value
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
