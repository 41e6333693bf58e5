"""The forms of monthly follow-through: a meeting, the matters typed in one go, and one for each step of a matter."""

import uuid

from django import forms
from django.urls import reverse_lazy

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from accounts.models import Unit
from inspections.matter_steps import Verb
from portfolio import problem_clock
from portfolio.forms.problems import suggestions
from portfolio.forms.projects import PlainTextField
from portfolio.models import Leader, Problem, Project
from portfolio.search import name_key
from portfolio.sent import whole_number

LONGEST = 1000
NAMES = ("text", "unit", "person", "leader", "deadline", "project", "problem")
EMPTY_ROWS = 5
MOST_NAMED = 5
# The project field asks for names as it is typed in.
SUGGESTING = {
    "hx-get": reverse_lazy("inspections:matter-projects"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#matter-projects",
    "hx-sync": "this:replace",
}


def _text(label, *, rows=3, required=True, help_text="", most=LONGEST):
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextField(label=label, max_length=most, required=required, widget=widget, help_text=help_text)


class MeetingForm(PlainForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label="会议名称", max_length=120)
    held_on = DayField(label="会议日期")
    place = forms.CharField(label="地点", max_length=80, required=False)
    chair = forms.CharField(label="主持人", max_length=60)
    present = _text("参会人员", rows=2, required=False, help_text="如：李某某副县长，各责任单位主要负责人")
    words = _text("会议议定概要", rows=4, required=False, most=5000, help_text="写入纪要的开头，每段一行")

    def __init__(self, data=None, *, meeting=None, today=None):
        super().__init__(data, initial={"form_key": uuid.uuid4(), **(_stored(meeting) if meeting else _next(today))})

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in ("title", "held_on", "place", "chair", "present", "words")}

    def renew(self, current):
        """Somebody else was first: keep what was typed, take over the version, and say beside it what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = current.row_version
        for name, value in self.values.items():
            if value != getattr(current, name):
                self[name].help_text = f"现在保存的是：{getattr(current, name) or '空'}"


def _stored(meeting):
    names = ("title", "held_on", "place", "chair", "present", "words")
    return {"version": meeting.row_version, **{name: getattr(meeting, name) for name in names}}


def _next(today):
    return {"held_on": today, "title": f"{today.year}年{today.month}月全县重大项目月落实会议"}


# Matters


class MatterFields(PlainForm):
    """What a matter says. Unit and project are named in words, from suggestions as they are typed."""

    text = _text("议定事项", rows=2, required=False)
    unit = forms.CharField(label="责任单位", max_length=80, required=False)
    person = forms.CharField(label="责任人", max_length=40, required=False)
    leader = forms.ModelChoiceField(Leader.objects.none(), label="牵头领导", required=False, empty_label="")
    deadline = DayField(label="办结时限", required=False)
    project = forms.CharField(label="项目", max_length=200, required=False)
    problem = forms.ModelChoiceField(Problem.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, county, **kwargs):
        self.county = county
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = Leader.objects.filter(county=county, is_active=True)
        self.fields["problem"].queryset = Problem.objects.filter(county=county)
        self.fields["unit"].widget.attrs |= {"list": "matter-units", "autocomplete": "off"}
        self.fields["project"].widget.attrs |= {"list": "matter-projects", "autocomplete": "off"} | SUGGESTING

    def clean_unit(self):
        return _found_unit(_units(self.county), self.cleaned_data["unit"])

    def clean_project(self):
        text = self.cleaned_data["project"].strip()
        if not text:
            return None
        projects, key = Project.objects.filter(county=self.county), name_key(text)
        named = projects.filter(name_key=key) | projects.filter(aliases__name_key=key) | projects.filter(code=text)
        found = list(named.distinct().order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(f"叫“{text[:40]}”的项目不止一个，请改填项目代码。")
        near = suggestions(projects, text)[:MOST_NAMED]
        told = f"请填全名，相近的有：{'、'.join(near)}。" if near else "请核对名称后再填。"
        raise forms.ValidationError(f"没有叫“{text[:40]}”的项目。{told}")

    @property
    def said(self):
        """The `values` of actions.matters."""
        return {name: self.cleaned_data[name] for name in NAMES}


def _units(county):
    return Unit.objects.filter(county=county, is_active=True)


def _found_unit(units, text):
    """The unit of that name or short name, or the only one whose name has these words; None of nothing."""
    text = text.strip()
    if not text:
        return None
    exact = list((units.filter(name=text) | units.filter(short_name=text))[:2])
    found = exact or list(units.filter(name__contains=text).order_by("name")[: MOST_NAMED + 1])
    if len(found) == 1:
        return found[0]
    near = f"请填全名，如：{'、'.join(map(str, found[:MOST_NAMED]))}。" if found else "请从提示中选择。"
    raise forms.ValidationError(f"没有叫“{text[:40]}”的单位。{near}")


class MatterRow(MatterFields):
    """A line of the list; one without any words is left out."""

    @property
    def is_empty(self):
        return not self.errors and not any(self.cleaned_data.get(name) for name in NAMES if name != "deadline")

    def clean(self):
        values = super().clean()
        if not self.is_empty:
            for name in ("text", "unit"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写“{self.fields[name].label}”。")
        return values


class MatterRows:
    """The matters of a meeting, typed as a list; `problems` fill the first lines. A deadline is 13710's by default."""

    def __init__(self, meeting, data=None, problems=()):
        self.meeting, self.is_bound = meeting, data is not None
        self.has_key, self.form_key = _key(data) if self.is_bound else (True, uuid.uuid4())
        leaders = Leader.objects.filter(county=meeting.county, is_active=True)
        self._leaders = [("", ""), *((leader.pk, str(leader)) for leader in leaders)]
        count = self._sent(data) if self.is_bound else len(problems) + EMPTY_ROWS
        given = [*(_of_problem(problem, meeting.held_on) for problem in problems), *[{}] * count]
        self.rows = [self._row(place, data, given[place]) for place in range(count)]

    @staticmethod
    def _sent(data):
        return min(whole_number(data.get("rows", "")) or 0, 50)

    def _row(self, place, data=None, given=None):
        initial = {"deadline": problem_clock.deadline(self.meeting.held_on, is_complex=False), **(given or {})}
        row = MatterRow(data, prefix=f"m{place}", county=self.meeting.county, initial=initial)
        row.fields["leader"].choices = self._leaders
        row.fields["deadline"].widget.attrs["min"] = self.meeting.held_on.isoformat()
        row.number = place + 1
        return row

    @property
    def empty_row(self):
        """A line for the page's script to copy."""
        row = self._row(0)
        row.prefix = "m__place__"
        row.number = "__number__"
        return row

    def is_valid(self):
        answers = [row.is_valid() for row in self.rows]
        return self.has_key and all(answers)

    @property
    def filled(self):
        return [row for row in self.rows if not row.is_empty]

    @property
    def wrong(self):
        """How many lines of those that were sent can't be kept."""
        return sum(bool(row.errors) for row in self.rows) if self.is_bound else 0

    def refuse(self, errors):
        """What the action says of the filled rows by their place among them; None is said of the first."""
        for place, why in errors.items():
            self.filled[place or 0].add_error(None, why)


def _key(data):
    """(whether a form key was sent, that one or a new one)"""
    try:
        return True, uuid.UUID(data.get("form_key", ""))
    except ValueError:
        return False, uuid.uuid4()


def _of_problem(problem, day):
    return {
        "deadline": problem_clock.deadline(day, problem.is_complex),
        "text": problem.text,
        "unit": problem.unit.name if problem.unit else "",
        "person": problem.person,
        "project": problem.project.name,
        "problem": problem,
    }


# Steps


class StepForm(PlainForm):
    """`version` is that of the matter as its page was opened; `form_key` makes a second submit harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, matter, **more):
        super().__init__(data, initial=self.filled(matter), auto_id=f"id_{self.verb.value}_%s", **more)

    def filled(self, matter):
        return {"version": matter.row_version, "form_key": uuid.uuid4()}

    @property
    def label(self):
        return self.verb.rule.label

    def values(self):
        """The arguments of the step's action, besides who and which matter."""
        return self.cleaned_data

    def renew(self, current):
        self.data = self.data.copy()
        self.data["version"] = current.row_version


class AnswerForm(StepForm):
    verb = Verb.ANSWER
    text = _text("办理情况", help_text="已做了什么、下一步怎么办、什么时候办结")


class AskClosingForm(StepForm):
    verb = Verb.ASK_CLOSING
    text = _text("办理结果", help_text="怎样办完的，有什么可以核对")


class CloseForm(StepForm):
    verb = Verb.CLOSE
    text = _text("核验情况", help_text="查看了什么，结果如何")


class SendBackForm(StepForm):
    verb = Verb.SEND_BACK
    reason = _text("退回原因")


class ExtendForm(StepForm):
    verb = Verb.EXTEND
    deadline = DayField(label="延至")
    reason = _text("延期原因")


class DropForm(StepForm):
    verb = Verb.DROP
    reason = _text("不再办理的原因")


class ReopenForm(StepForm):
    verb = Verb.REOPEN
    reason = _text("恢复办理的原因", help_text="如：误点办结，实际还没有办完")
    deadline = DayField(label="新的办结时限", required=False, help_text="不填则仍按原时限")


class RevokeForm(StepForm):
    verb = Verb.REVOKE
    reason = _text("撤销原因", help_text="如：交办有误，与另一项重复。撤销的事项不再统计，经过仍可查看")


class EditForm(StepForm, MatterFields):
    verb = Verb.EDIT

    def __init__(self, data=None, *, matter):
        super().__init__(data, matter=matter, county=matter.county)
        for name in ("text", "unit", "deadline"):
            self.fields[name].required = True
        self.fields["leader"].queryset |= Leader.objects.filter(pk=matter.leader_id)

    def filled(self, matter):
        given = {name: getattr(matter, name) for name in NAMES}
        return {**super().filled(matter), **given, "unit": matter.unit.name, "project": str(matter.project or "")}

    def values(self):
        kept = {name: self.cleaned_data[name] for name in ("version", "form_key")}
        return {**kept, "values": self.said}


FORMS = {
    form.verb: form
    for form in (
        AnswerForm,
        AskClosingForm,
        CloseForm,
        SendBackForm,
        ExtendForm,
        DropForm,
        ReopenForm,
        RevokeForm,
        EditForm,
    )
}
