"""The form of a local exception to the working-day calendar."""

from django import forms

from accounts.forms import StyledFormMixin
from portfolio import working_days
from portfolio.models import CalendarDay


class CalendarDayForm(StyledFormMixin, forms.ModelForm):
    is_working = forms.TypedChoiceField(
        label="调整为",
        choices=[("off", "放假"), ("on", "上班")],
        coerce=lambda value: value == "on",
    )

    class Meta:
        model = CalendarDay
        fields = ["day", "is_working", "note"]
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"note": "如：防汛应急，周六上班"}

    def __init__(self, *args, county, **options):
        super().__init__(*args, **options)
        self.instance.county = county

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError("日期应在 2000 年到 2100 年之间，请核对年份。")
        return day

    def clean(self):
        """An entry that says what the calendar says anyway would only confuse."""
        cleaned = super().clean()
        day, is_working = cleaned.get("day"), cleaned.get("is_working")
        if day and is_working is not None and working_days.is_working_day(day) == is_working:
            usual = "上班" if is_working else "休息"
            self.add_error("day", f"{day:%Y-%m-%d} 按全国安排本来就{usual}，不需要调整。")
        return cleaned
