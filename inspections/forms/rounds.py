"""The forms by which a quarterly inspection is organised: the round, its scoring sheet, judges and route."""

import uuid

from django import forms

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from accounts.models import User
from inspections import rounds
from inspections.actions.rounds import FIXED_WHEN_OPEN, Leg
from inspections.models import Criterion, Round, Stop
from inspections.models.rounds import RoundState
from portfolio.forms.projects import PlainTextField
from portfolio.models import AnnualPlan
from portfolio.sent import whole_number

QUARTERS = [(number, f"第{name}季度") for number, name in enumerate("一二三四", start=1)]
EMPTY_ROWS = 3
LAST = 999
WHOLE_NUMBER = {"inputmode": "numeric", "class": "num"}


def _text(model, name, **options):
    field = model._meta.get_field(name)
    options = {"label": field.verbose_name, "max_length": field.max_length, "required": not field.blank, **options}
    return forms.CharField(**options)


class StepForm(PlainForm):
    """A step of a round, and all that opening one takes.

    `version` is that of the round as its page was opened; `form_key` makes a second submit harmless.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, round_, initial=None):
        filled = {"version": round_.row_version, "form_key": uuid.uuid4(), **(initial or {})}
        super().__init__(data, initial=filled)

    def values(self):
        return self.cleaned_data

    def add_errors(self, errors):
        """`errors` as `actions.rounds.Refused` has them."""
        for name, why in errors.items():
            self.add_error(name if name in self.fields else None, why)

    def renew(self, current):
        """Somebody else was first: keep what was typed, and take over the version."""
        self.data = self.data.copy()
        self.data["version"] = current.row_version


class CloseForm(StepForm):
    accepts_missing = forms.BooleanField(label="没有评完的评委不再等候，按已有评分公布", required=False)


class ReopenForm(StepForm):
    reason = PlainTextField(
        label="重新开放的原因",
        max_length=Round._meta.get_field("reopening").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RoundForm(StepForm):
    """A new round where `round_` has no key yet; what is fixed once it is open is shown, and not taken."""

    title = _text(Round, "title", help_text="如：2024年第二季度重大项目观摩")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2099, widget=forms.TextInput(attrs=WHOLE_NUMBER))
    quarter = forms.TypedChoiceField(label="季度", choices=QUARTERS, coerce=int)
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期")
    words = PlainTextField(
        label="观摩安排",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="集合时间、地点、乘车、着装等",
    )
    drops_extremes = forms.BooleanField(
        label="去掉一个最高分和一个最低分", required=False, help_text=f"评委不足 {rounds.FEWEST_TO_DROP} 人时不去掉"
    )

    def __init__(self, data=None, *, round_):
        names = [name for name in self.base_fields if name not in {"version", "form_key"}]
        super().__init__(data, round_=round_, initial={name: getattr(round_, name) for name in names})
        for name in FIXED_WHEN_OPEN if round_.state != RoundState.PLANNED else ():
            self.fields[name].disabled = True

    def values(self):
        """The arguments of `actions.rounds.edit` besides who and which; `create` takes no version."""
        cleaned = dict(self.cleaned_data)
        return {"version": cleaned.pop("version"), "form_key": cleaned.pop("form_key"), "values": cleaned}

    def renew(self, current):
        super().renew(current)
        for name in self.fields.keys() - {"version", "form_key"}:
            if self.cleaned_data.get(name) != getattr(current, name):
                stored = getattr(current, name)
                said = ("是" if stored else "否") if isinstance(stored, bool) else stored
                self[name].help_text = f"现在保存的是：{said or '空'}"


class JudgesForm(StepForm):
    users = forms.ModelMultipleChoiceField(
        label="评委", queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, round_):
        present = list(round_.judges.values_list("user_id", flat=True))
        super().__init__(data, round_=round_, initial={"users": present})
        able = rounds.accounts_to_judge(round_.county).values("pk")
        accounts = User.objects.filter(pk__in=able) | User.objects.filter(pk__in=present)
        self.fields["users"].queryset = accounts.select_related("unit").order_by("role", "name", "pk")
        self.fields["users"].label_from_instance = _told

    def renew(self, current):
        super().renew(current)
        judges = "、".join(str(judge) for judge in current.judges.select_related("user")) or "没有评委"
        self["users"].help_text = f"现在保存的是：{judges}"


def _told(user):
    return f"{user}（{user.unit or user.get_role_display()}）"


# The scoring sheet


class CriterionRow(PlainForm):
    """A row that has no name is none."""

    place = forms.IntegerField(
        label="顺序", min_value=1, max_value=LAST, required=False, widget=forms.TextInput(attrs=WHOLE_NUMBER)
    )
    name = _text(Criterion, "name", required=False)
    weight = forms.IntegerField(
        label="满分",
        min_value=0,
        max_value=rounds.FULL,
        required=False,
        widget=forms.TextInput(attrs={**WHOLE_NUMBER, "data-points": ""}),
    )
    hint = _text(Criterion, "hint")

    @property
    def line(self):
        """The `rounds.Line`, or None for a row that was left or made empty."""
        values = self.cleaned_data
        return rounds.Line(values["name"], values["weight"] or 0, values["hint"]) if values["name"] else None


class CriteriaForm:
    """The whole sheet, with empty rows to add some."""

    def __init__(self, data=None, *, round_):
        self.head = StepForm(data, round_=round_)
        lines = [*rounds.lines_of(round_.criteria.all()), *[None] * EMPTY_ROWS]
        self.rows = [_criterion_row(data, place, line) for place, line in enumerate(lines, 1)]

    @property
    def is_bound(self):
        return self.head.is_bound

    def is_valid(self):
        answers = [form.is_valid() for form in (self.head, *self.rows)]
        return all(answers)

    @property
    def filled(self):
        """The rows with a name, in the order of their places; equal places stay as they stood."""
        rows = [row for row in self.rows if row.line]
        return sorted(rows, key=lambda row: row.cleaned_data["place"] or LAST)

    def values(self):
        return {**self.head.cleaned_data, "lines": [row.line for row in self.filled]}

    def add_errors(self, errors):
        """`errors` by the number of the line, from 1; None is the whole."""
        filled = self.filled
        for number, why in errors.items():
            (filled[number - 1] if number else self.head).add_error(None, why)

    def renew(self, current):
        self.head.renew(current)
        stored = "、".join(f"{line.name} {line.weight} 分" for line in rounds.lines_of(current.criteria.all()))
        self.head.add_error(None, f"现在保存的是：{stored}。")


def _criterion_row(data, place, line):
    kept = {"name": line.name, "weight": line.weight, "hint": line.hint} if line else {}
    return CriterionRow(data, prefix=f"c{place}", initial={"place": place, **kept})


# The route


class LegRow(PlainForm):
    """A stop of the route as it is typed in."""

    place = forms.IntegerField(
        label="顺序", min_value=1, max_value=LAST, required=False, widget=forms.TextInput(attrs=WHOLE_NUMBER)
    )
    look_at = _text(Stop, "look_at")
    presenter = _text(Stop, "presenter")
    visited_on = DayField(label="观摩日期", required=False)

    def __init__(self, data=None, *, plan, place, stop=None):
        self.plan, self.stop = plan, stop
        kept = {name: getattr(stop, name) for name in ("look_at", "presenter", "visited_on")} if stop else {}
        super().__init__(data, prefix=f"p{plan.pk}", initial={"place": place, **kept})

    @property
    def leg(self):
        values = self.cleaned_data
        return Leg(self.plan, values["look_at"], values["presenter"], values["visited_on"])


class RouteForm:
    """The whole route. `do` says what its button asked for besides saving: add, remove, up or down, of a plan."""

    def __init__(self, data=None, *, round_):
        self.head = StepForm(data, round_=round_)
        self.round, self.data = round_, data
        self.rows = _rows(round_, data)

    @property
    def is_bound(self):
        return self.head.is_bound

    def is_valid(self):
        answers = [form.is_valid() for form in (self.head, *self.rows)]
        return all(answers)

    @property
    def do(self):
        verb, _, pk = self.data.get("do", "").partition(":")
        return verb, whole_number(pk)

    def values(self):
        return {**self.head.cleaned_data, "legs": self._legs()}

    def _legs(self):
        rows = sorted(self.rows, key=lambda row: row.cleaned_data["place"] or LAST)
        legs = [row.leg for row in rows]
        verb, pk = self.do
        at = next((place for place, leg in enumerate(legs) if leg.plan.pk == pk), None)
        if verb == "add" and at is None and (plan := rounds.plans_to_visit(self.round).filter(pk=pk).first()):
            legs.append(Leg(plan))
        elif verb == "remove" and at is not None:
            legs.pop(at)
        elif verb in {"up", "down"} and at is not None:
            legs.insert(max(0, at + (1 if verb == "down" else -1)), legs.pop(at))
        return legs

    def add_errors(self, errors):
        for why in errors.values():
            self.head.add_error(None, why)

    def renew(self, current):
        """Keep what was typed, and show beside it the stops that somebody else has added."""
        self.head.renew(current)
        known = {row.plan.pk for row in self.rows}
        for stop in current.stops.select_related("plan__project"):
            if stop.plan_id not in known:
                self.rows.append(LegRow(plan=stop.plan, place=len(self.rows) + 1, stop=stop))


def _rows(round_, data):
    stops = {stop.plan_id: stop for stop in round_.stops.select_related("plan__project__town", "plan__project__unit")}
    if data is None:
        return [LegRow(plan=stop.plan, place=seq, stop=stop) for seq, stop in enumerate(stops.values(), 1)]
    sent = [pk for text in data.getlist("plan") if (pk := whole_number(text))]
    plans = AnnualPlan.objects.filter(county=round_.county_id).select_related("project__town", "project__unit")
    found = plans.in_bulk(sent)
    return [
        LegRow(data, plan=found[pk], place=seq, stop=stops.get(pk)) for seq, pk in enumerate(sent, 1) if pk in found
    ]
