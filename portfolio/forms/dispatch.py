"""A card of the weekly entry as a form, and the orders that its buttons give."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.forms import PlainForm
from portfolio import no_change
from portfolio.actions.dispatch import ANSWERS
from portfolio.figures import wan
from portfolio.forms.projects import FigureField, PlainTextField
from portfolio.models import WeeklyDispatch
from portfolio.models.dispatch import NoChange
from portfolio.models.problems import ProblemKind
from portfolio.money import MAX_WAN
from portfolio.sent import whole_number

FIGURES = ("week_investment", "ytd_investment", "works_percent")
TEXTS = ("progress", "next_plan", "problem")
MONEY = ("week_investment", "ytd_investment")


def _figure(label, *validators):
    return FigureField(
        label=label,
        required=False,
        validators=validators,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off", "enterkeyhint": "next"}
        ),
    )


def _text(name, rows):
    stored = WeeklyDispatch._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextField(label=stored.verbose_name, max_length=stored.max_length, required=False, widget=widget)


@dataclass(frozen=True)
class Box:
    """One box of a card: its bound field, and what stands under it. `needed` is said when it is left empty."""

    name: str
    field: object
    errors: list
    warnings: list
    needed: str

    @property
    def is_figure(self):
        return self.name in FIGURES

    @property
    def notes_id(self):
        return f"{self.field.auto_id}-notes"


class ReportForm(PlainForm):
    """`card` is the plan's card (portfolio.cards). Of the money either figure may be filled: the other follows."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    week_investment = _figure("本周完成（万元）")
    ytd_investment = _figure("年度累计（万元）", MinValueValidator(0, "“年度累计”不能小于 0。"))
    works_percent = _figure(
        "工程量%",
        MinValueValidator(0, "工程量不能小于 0。"),
        MaxValueValidator(999, "工程量不能大于 999，请填百分数，如 35。"),
    )
    progress = _text("progress", 2)
    next_plan = _text("next_plan", 2)
    problem = _text("problem", 2)
    problem_kind = forms.ChoiceField(label="问题类型", choices=[("", "选择类型"), *ProblemKind.choices], required=False)
    needs_help = _text("needs_help", 1)
    explanation = _text("explanation", 1)

    def __init__(self, data=None, *, card):
        self.card = card
        report = card.report
        initial = {name: getattr(report, name) for name in ANSWERS}
        initial |= {"version": report.row_version, "week_investment": card.week_investment}
        super().__init__(data, prefix=f"p{card.pk}", initial=initial)
        for name in (*FIGURES, *TEXTS, "problem_kind", "needs_help", "explanation"):
            self.fields[name].widget.attrs["aria-describedby"] = f"{self[name].auto_id}-notes"

    def clean_progress(self):
        text = self.cleaned_data["progress"]
        if text == no_change.BEGINNING:
            raise forms.ValidationError(f"请在“{no_change.BEGINNING}”后面写明原因。")
        return text

    def clean(self):
        values = self.cleaned_data
        if self.errors.keys() & MONEY:
            values.pop("ytd_investment", None)
            return values
        week, ytd = values["week_investment"], values["ytd_investment"]
        if week is None or ytd == self._before + week:
            return values
        changed = [name for name in MONEY if values[name] != self.initial[name]]
        if ytd is None or changed == ["week_investment"]:
            self._follow(week)
        elif changed != ["ytd_investment"]:
            self._contradiction(week, ytd)
        return values

    @property
    def _before(self):
        return self.card.ytd_before or Decimal(0)

    def _follow(self, week):
        ytd = self._before + week
        if ytd < 0:
            self.add_error("week_investment", f"本周 {wan(week)} 万元会使年度累计小于 0，请核对。")
        elif ytd > MAX_WAN:
            self.add_error("week_investment", f"本周 {wan(week)} 万元会使年度累计超过 12 位整数，请核对单位。")
        else:
            self.cleaned_data["ytd_investment"] = ytd

    def _contradiction(self, week, ytd):
        self.add_error(
            "week_investment",
            f"本周 {wan(week)} 加上期累计 {wan(self._before)} 是 {wan(self._before + week)} 万元，"
            f"与年度累计 {wan(ytd)} 万元对不上，请改其中一个。",
        )
        self.cleaned_data.pop("ytd_investment", None)

    def values(self):
        """{name: value} of the boxes that could be read, for `portfolio.actions.dispatch.save`."""
        sent = {name for name in (*ANSWERS, *MONEY) if self.add_prefix(name) in self.data}
        sent |= set(MONEY) if sent & set(MONEY) else set()
        values = {name: self.cleaned_data[name] for name in ANSWERS if name in sent & self.cleaned_data.keys()}
        if "progress" in values:
            values["no_change"] = no_change.reason_in(values["progress"])
        return values

    def texts(self):
        """{name: what its box shows} of a form that nothing was sent to."""
        names = (*FIGURES, *TEXTS, "explanation")
        return {name: "" if self[name].value() is None else str(self[name].value()) for name in names}

    def differs(self):
        """Whether saving would change anything."""
        return any(getattr(self.card.report, name) != value for name, value in self.values().items())

    def figure_boxes(self):
        return [self._box(name) for name in FIGURES]

    def text_boxes(self):
        return [self._box(name) for name in TEXTS]

    def problem_boxes(self):
        return [self._box("problem_kind"), self._box("needs_help")]

    def explanation_box(self):
        return self._box("explanation")

    def boxes(self):
        return [*self.figure_boxes(), *self.text_boxes(), *self.problem_boxes(), self.explanation_box()]

    def _box(self, name):
        card = self.card
        errors = list(self.errors.get(name, ())) if self.is_bound else []
        errors += [card.lacking[name]] if name in card.lacking else []
        texts = [warning.text for warning in card.warnings if warning.field == name]
        return Box(name, self[name], errors, texts, card.needed.get(name, ""))


@dataclass(frozen=True)
class Order:
    """What a button asks for: save, submit_all; submit, withdraw, no_change of one plan, with its version or reason.

    delete_photo names a photo of the plan.
    """

    verb: str
    plan: int | None = None
    version: int = 0
    reason: str = ""
    photo: int | None = None

    @classmethod
    def read(cls, text):
        """`submit:12`, `withdraw:12:3`, `no_change:12:permit`; ValueError for anything that no button says."""
        match text.split(":"):
            case ["save" | "submit_all" as verb]:
                return cls(verb)
            case ["submit", plan]:
                return cls("submit", _number(plan))
            case ["withdraw", plan, version]:
                return cls("withdraw", _number(plan), version=_number(version))
            case ["no_change", plan, reason]:
                return cls("no_change", _number(plan), reason=NoChange(reason).value)
            case ["delete_photo", plan, photo]:
                return cls("delete_photo", _number(plan), photo=_number(photo))
        raise ValueError(text)


def _number(text):
    number = whole_number(text)
    if number is None:
        raise ValueError(text)
    return number
