"""The forms of the road: a stop's scores, what was found there, and what is assigned on the spot."""

import datetime as dt
import unicodedata
import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from inspections import rounds
from inspections.forms.matters import MatterFields
from inspections.models import Finding, ScoreSheet
from portfolio import problem_clock
from portfolio.forms.projects import FigureField, PlainTextField
from portfolio.models.problems import ProblemKind


class PointsField(FigureField):
    """Points are too few to be grouped: `1,5` and `1 5` are slips, and never 15."""

    def to_python(self, value):
        text = unicodedata.normalize("NFKC", str(value if value is not None else "")).strip()
        try:
            if {",", " "}.isdisjoint(text):
                return super().to_python(text)
        except forms.ValidationError:
            pass
        raise forms.ValidationError(f"“{self.label}”不是分数：{text[:20]}。请改为 15 或 1.5 这样的数值。")


class ScoreForm(PlainForm):
    """A field for each criterion. `version` is that of the own sheet as it was shown, 0 where there was none."""

    stale = "您在另一处（另一台手机或另一个页面）改过这个点的评分。您刚填写的内容还在，没有保存：请核对后再保存。"

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    words = PlainTextField(
        label="评语",
        max_length=ScoreSheet._meta.get_field("words").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data=None, *, criteria, sheet=None):
        self.criteria = criteria
        super().__init__(data, initial=_kept(sheet))
        for each in criteria:
            self.fields[_name(each)] = PointsField(label=each.name, required=False, widget=_points_input(each))

    @property
    def lines(self):
        """[(criterion, its field)]."""
        return [(each, self[_name(each)]) for each in self.criteria]

    def values(self):
        """The arguments of `actions.scoring.score`, besides who and where."""
        names = {_name(each): each.pk for each in self.criteria}
        return {
            "version": self.cleaned_data["version"],
            "form_key": self.cleaned_data["form_key"],
            "words": self.cleaned_data["words"],
            "points": {pk: self.cleaned_data[name] for name, pk in names.items()},
        }

    def add_errors(self, errors):
        """`errors` as `actions.scoring.score` raises them: by criterion, words, or None for the whole."""
        for key, why in errors.items():
            name = f"c{key}" if isinstance(key, int) else key
            self.add_error(name if name in self.fields else None, why)

    def renew(self, sheet):
        """Another tab was first: keep what was typed, take over the version, and say what is stored."""
        self.data = self.data.copy()
        self.data["version"] = sheet.row_version if sheet else 0
        points = rounds.points_of(sheet) if sheet else {}
        for each, field in self.lines:
            if each.pk in points and self.cleaned_data.get(field.name) != points[each.pk]:
                field.help_text = f"现在保存的是：{points[each.pk]}"


def _name(criterion):
    return f"c{criterion.pk}"


def _kept(sheet):
    kept = {"version": sheet.row_version if sheet else 0, "form_key": uuid.uuid4()}
    if sheet is None:
        return kept
    points = {f"c{pk}": value.normalize() for pk, value in rounds.points_of(sheet).items()}
    return {**kept, **{name: f"{value:f}" for name, value in points.items()}, "words": sheet.words}


def _points_input(criterion):
    attrs = {
        "inputmode": "decimal",
        "autocomplete": "off",
        "class": "form-control num points",
        "data-points": "",
        "data-most": criterion.weight,
    }
    return forms.TextInput(attrs=attrs)


class FindingForm(PlainForm):
    """A defect asks for what its problem needs; a strength for nothing more."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="类别", choices=Finding.Kind.choices, widget=forms.RadioSelect)
    text = PlainTextField(
        label="内容",
        max_length=Finding._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    problem_kind = forms.ChoiceField(label="问题类型", choices=ProblemKind.choices, required=False)
    measure = PlainTextField(label="整改措施", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    deadline = DayField(label="整改时限", required=False)

    def __init__(self, data=None, *, today):
        due = today + dt.timedelta(days=problem_clock.DAYS_ORDINARY)
        initial = {"form_key": uuid.uuid4(), "kind": Finding.Kind.STRENGTH, "deadline": due}
        super().__init__(data, initial={**initial, "problem_kind": ProblemKind.CONSTRUCTION})

    def values(self):
        """The arguments of `actions.scoring.add_finding`, besides who and where."""
        cleaned = self.cleaned_data
        problem = {
            "kind": cleaned["problem_kind"] or ProblemKind.OTHER,
            "measure": cleaned["measure"],
            "deadline": cleaned["deadline"],
        }
        is_defect = cleaned["kind"] == Finding.Kind.DEFECT
        return {
            "form_key": cleaned["form_key"],
            "kind": cleaned["kind"],
            "text": cleaned["text"],
            "problem": problem if is_defect else None,
        }

    def add_errors(self, errors):
        for name, why in errors.items():
            self.add_error(name if name in self.fields else None, why)


class SpotMatterForm(MatterFields):
    """A matter assigned at a stop; it is of the stop's project, and of its unit unless another is named."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, stop, today):
        county, unit = stop.round.county, stop.plan.project.unit
        due = problem_clock.deadline(today, is_complex=False)
        initial = {"form_key": uuid.uuid4(), "unit": unit.name if unit else "", "deadline": due}
        super().__init__(data, county=county, initial=initial, auto_id="id_matter_%s")
        del self.fields["project"], self.fields["problem"]
        self.fields["text"].label, self.fields["text"].required = "交办事项", True

    def values(self):
        """The arguments of `actions.matters.assign_on_spot`, besides who and where."""
        said = dict(self.cleaned_data)
        return {"form_key": said.pop("form_key"), "values": said}

    def add_errors(self, errors):
        for why in errors.values():
            self.add_error(None, why)
