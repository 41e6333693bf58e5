"""The form for a new version of a look's questions: a row for each, and empty rows to add some."""

import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from inspections.checklists import MOST_QUESTIONS, Question
from inspections.known_facts import FACTS
from inspections.models import ChecklistItem
from portfolio.models.problems import ProblemKind

EMPTY_ROWS = 3
FIELDS = ("question", "hint", "known_by", "kind", "measure", "days")


def _text(name, **options):
    field = ChecklistItem._meta.get_field(name)
    return forms.CharField(label=field.verbose_name, max_length=field.max_length, required=False, **options)


class QuestionRow(PlainForm):
    """One question; the key says which of the version before it is, and is empty for a new one."""

    key = forms.SlugField(max_length=20, required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label="顺序", min_value=1, max_value=99, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    question = _text("question")
    hint = _text("hint")
    known_by = forms.ChoiceField(
        label="系统已有数据",
        choices=[("", "没有，现场填")] + [(key, fact.label) for key, fact in FACTS.items()],
        required=False,
    )
    kind = forms.ChoiceField(label="问题类型", choices=ProblemKind.choices)
    measure = _text("measure")
    days = forms.IntegerField(
        label="整改天数", min_value=1, max_value=90, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    @property
    def asked(self):
        """The `Question`; None for a row that was left or made empty."""
        values = {name: self.cleaned_data[name] for name in ("key", *FIELDS)}
        return Question(**values) if values["question"] else None


class VersionForm(PlainForm):
    since = DayField(label="自何日起执行")
    words = forms.CharField(label="调整说明", max_length=300, help_text="依据或原因，如：县政府第几次常务会议要求")
    form_key = forms.UUIDField(widget=forms.HiddenInput)


class ChecklistForm:
    """Starts from `before`, the `Questions` that the new version follows; `today` is business time's."""

    def __init__(self, before, today, data=None):
        first_day = max(today, before.since or today)
        self.version = VersionForm(data, initial={"since": first_day, "form_key": uuid.uuid4()})
        self.version.fields["since"].widget.attrs["min"] = first_day.isoformat()
        self.is_bound = data is not None
        shown = [*before.questions, *[None] * EMPTY_ROWS][: MOST_QUESTIONS + EMPTY_ROWS]
        self.rows = [_row(data, place, question) for place, question in enumerate(shown, 1)]

    def is_valid(self):
        answers = [form.is_valid() for form in (self.version, *self.rows)]
        return all(answers)

    @property
    def questions(self):
        """`Question`s in the order of their places; equal places stay as they stood."""
        filled = [row for row in self.rows if row.asked]
        return tuple(row.asked for row in sorted(filled, key=lambda row: row.cleaned_data["place"] or 99))


def _row(data, place, question):
    initial = {"place": place, "days": 7, "kind": ProblemKind.OTHER}
    if question is not None:
        initial |= {name: getattr(question, name) for name in ("key", *FIELDS)}
    return QuestionRow(data, prefix=f"q{place}", initial=initial)
