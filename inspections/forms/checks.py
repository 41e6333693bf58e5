"""The one page of a check: a small form for each question, and one for the whole."""

import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from inspections.actions.checks import Given
from inspections.models import CheckAnswer, SupervisionCheck
from portfolio.forms.projects import PlainTextField


def _text(label, longest, rows):
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextField(label=label, max_length=longest, required=False, widget=widget)


class QuestionForm(PlainForm):
    """Starts from what was kept, else from what the register knows; a "no" from the list's measure and days."""

    answer = forms.ChoiceField(
        label="结果", choices=CheckAnswer.Answer.choices, widget=forms.RadioSelect, required=False
    )
    words = _text("情况说明", 500, rows=1)
    measure = _text("措施", 500, rows=2)
    deadline = DayField(label="整改时限", required=False)

    def __init__(self, data=None, *, line, due):
        self.line = line
        super().__init__(data, prefix=line.item.key, initial=_filled(line, due))

    @property
    def given(self):
        return Given(**self.cleaned_data)


def _filled(line, due):
    if line.answer is None:
        return {"answer": line.known.answer, "measure": line.item.measure, "deadline": due}
    kept = line.answer
    return {
        "answer": kept.answer,
        "words": kept.words,
        "measure": kept.measure or line.item.measure,
        "deadline": kept.deadline or due,
    }


class WholeForm(PlainForm):
    """`version` is that of the draft as its page was opened; `form_key` makes a second submit harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    words = PlainTextField(
        label="总体情况",
        max_length=SupervisionCheck._meta.get_field("words").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="现场总的印象，可以不填",
    )


class CheckForm:
    """All questions of a `CheckSheet` with the whole. An error names its question."""

    def __init__(self, sheet, data=None):
        check = sheet.check
        initial = {"version": check.row_version, "form_key": uuid.uuid4(), "words": check.words}
        self.whole = WholeForm(data, initial=initial)
        self.questions = [QuestionForm(data, line=line, due=sheet.due(line.item)) for line in sheet.lines]
        self.is_bound = data is not None

    def is_valid(self):
        # All of them are asked, so that all errors are shown at once.
        answers = [form.is_valid() for form in (self.whole, *self.questions)]
        return all(answers)

    @property
    def values(self):
        """The arguments of `actions.checks.save` and `hand_in`, once valid."""
        return {
            "version": self.whole.cleaned_data["version"],
            "form_key": self.whole.cleaned_data["form_key"],
            "words": self.whole.cleaned_data["words"],
            "given": {form.prefix: form.given for form in self.questions},
        }

    def add_errors(self, errors):
        """`errors` as `actions.checks.Refused` has them."""
        forms_by_key = {form.prefix: form for form in self.questions}
        for key, why in errors.items():
            if key in forms_by_key:
                forms_by_key[key].add_error(None, why)
            else:
                self.whole.add_error(None, why)

    @property
    def faulty(self):
        """[(number, question)] that have an error, for the list above the page."""
        return [(number, form.line.item) for number, form in enumerate(self.questions, 1) if form.errors]

    def renew(self, current):
        """Another tab was first: keep what was typed, and take over the version."""
        self.whole.data = self.whole.data.copy()
        self.whole.data["version"] = current.row_version
