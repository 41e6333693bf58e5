"""The forms of a problem: raising one, and one form for each step that it may take."""

import uuid

from django import forms
from django.urls import reverse_lazy

from accounts.forms import PlainForm
from accounts.forms.trail import DayField
from accounts.models import Unit
from accounts.roles import Role
from portfolio.forms.projects import PlainTextField
from portfolio.models import Problem
from portfolio.models.problems import ProblemKind
from portfolio.problem_steps import Verb, label_of
from portfolio.problems import projects_open_to
from portfolio.search import name_key, search_terms

LONGEST = 2000
# The project field asks for names as it is typed in.
SUGGESTING = {
    "hx-get": reverse_lazy("portfolio:problem-projects"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#problem-projects",
    "hx-sync": "this:replace",
}
MOST_NAMED = 5


def text_field(label, *, rows=4, required=True, help_text=""):
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainTextField(label=label, max_length=LONGEST, required=required, widget=widget, help_text=help_text)


def _day_field(label, **options):
    field = DayField(label=label, **options)
    field.widget.format = "%Y-%m-%d"
    return field


class StepForm(PlainForm):
    """`version` is that of the problem as its page was opened; `form_key` makes a second submit harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, problem):
        self.problem = problem
        super().__init__(data, initial=self.filled(problem), auto_id=f"id_{self.verb.value}_%s")

    def filled(self, problem):
        return {"version": problem.row_version, "form_key": uuid.uuid4()}

    @property
    def label(self):
        return label_of(self.verb, self.problem)

    def values(self):
        """The arguments of the step's action, besides who and which problem."""
        return self.cleaned_data

    def renew(self, current):
        """Somebody else was first: keep what was typed, take over the version, and say beside it what is stored now."""
        self.data = self.data.copy()
        self.data["version"] = current.row_version
        stored = self.filled(current)
        for name in self.fields.keys() - {"version", "form_key"}:
            if name in stored and self.cleaned_data.get(name) != stored[name]:
                self[name].help_text = f"现在保存的是：{self._as_read(name, stored[name])}"

    def _as_read(self, name, value):
        if isinstance(value, bool):
            return "是" if value else "否"
        choices = dict(getattr(self.fields[name], "choices", ()))
        return choices.get(value, value) or "空"


class AnswerForm(StepForm):
    verb = Verb.ANSWER
    text = text_field("办理情况", help_text="已做了什么、下一步怎么办、什么时候办结")


class AskExtensionForm(StepForm):
    verb = Verb.ASK_EXTENSION
    deadline = _day_field("申请延至")
    reason = text_field("延期原因", rows=3)


class AskClosingForm(StepForm):
    verb = Verb.ASK_CLOSING
    text = text_field("办理结果", help_text="问题怎样解决的，有什么可以核对")


class CloseForm(StepForm):
    verb = Verb.CLOSE
    text = text_field("核验情况", rows=3, help_text="查看了什么，结果如何")


class SendBackForm(StepForm):
    verb = Verb.SEND_BACK
    reason = text_field("退回原因", rows=3)


class ReopenForm(StepForm):
    verb = Verb.REOPEN
    reason = text_field("重新打开的原因", rows=3)


class RefuseExtensionForm(StepForm):
    verb = Verb.REFUSE_EXTENSION
    reason = text_field("不同意的原因", rows=3)


class GrantExtensionForm(StepForm):
    verb = Verb.GRANT_EXTENSION
    deadline = _day_field("延至")
    text = text_field("意见", rows=2, required=False)

    def filled(self, problem):
        return {**super().filled(problem), "deadline": problem.asked_deadline}


class AssignForm(StepForm):
    verb = Verb.ASSIGN
    unit = forms.ModelChoiceField(Unit.objects.none(), label="责任单位", empty_label="请选择")
    person = forms.CharField(label="责任人", max_length=40, required=False)
    phone = forms.CharField(
        label="联系电话", max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    kind = forms.ChoiceField(label="类型", choices=ProblemKind.choices)
    measure = text_field("措施", rows=3, required=False)
    is_complex = forms.BooleanField(label="重大复杂问题（30 天办结；一般问题 7 天）", required=False)

    def __init__(self, data=None, *, problem):
        super().__init__(data, problem=problem)
        units = Unit.objects.filter(county=problem.county_id)
        self.fields["unit"].queryset = units.filter(is_active=True) | units.filter(pk=problem.unit_id)

    def filled(self, problem):
        names = ("unit", "person", "phone", "kind", "measure", "is_complex")
        return {**super().filled(problem), **{name: getattr(problem, name) for name in names}}


class EditForm(StepForm):
    verb = Verb.EDIT
    NAMES = ("text", "kind", "needs_help", "measure", "person", "phone")

    text = text_field("问题")
    kind = forms.ChoiceField(label="类型", choices=ProblemKind.choices)
    needs_help = text_field("需协调事项", rows=2, required=False)
    measure = text_field("措施", rows=2, required=False)
    person = forms.CharField(label="责任人", max_length=40, required=False)
    phone = forms.CharField(
        label="联系电话", max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def filled(self, problem):
        return {**super().filled(problem), **{name: getattr(problem, name) for name in self.NAMES}}

    def values(self):
        kept = {name: self.cleaned_data[name] for name in ("version", "form_key")}
        return {**kept, "values": {name: self.cleaned_data[name] for name in self.NAMES}}


FORMS = {
    form.verb: form
    for form in (
        AnswerForm,
        AskExtensionForm,
        AskClosingForm,
        AssignForm,
        GrantExtensionForm,
        RefuseExtensionForm,
        CloseForm,
        SendBackForm,
        ReopenForm,
        EditForm,
    )
}


class RaiseForm(PlainForm):
    """A problem of a project that is named in full, by a former name, or by its code: no list of all projects."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    project = forms.CharField(label="项目", max_length=200, help_text="输入项目名称中的几个字，从提示中选择")
    text = text_field("问题")
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), *ProblemKind.choices])
    needs_help = text_field("需协调事项", rows=2, required=False, help_text="需要谁协调什么")
    is_complex = forms.BooleanField(label="重大复杂问题（30 天办结；一般问题 7 天）", required=False)
    source = forms.ChoiceField(label="来源", required=False)

    def __init__(self, data=None, *, user, project=None):
        self.projects = projects_open_to(user)
        self.given = project
        super().__init__(data, initial={"form_key": uuid.uuid4(), "project": project or ""})
        self.fields["project"].widget.attrs |= {"list": "problem-projects", "autocomplete": "off"}
        if user.role != Role.REPORTER:
            self.fields["project"].widget.attrs |= SUGGESTING
        if user.role == Role.OFFICE:
            kept = {Problem.Source.OFFICE, Problem.Source.SITE, Problem.Source.MEETING}
            self.fields["source"].choices = [choice for choice in Problem.Source.choices if choice[0] in kept]
        else:
            del self.fields["source"]

    def clean_project(self):
        text = self.cleaned_data["project"].strip()
        key = name_key(text)
        if self.given is not None and key == self.given.name_key:
            return self.given
        named = self.projects.filter(name_key=key) | self.projects.filter(aliases__name_key=key)
        found = list((named | self.projects.filter(code=text)).distinct().order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(f"叫“{text[:40]}”的项目不止一个，请改填项目代码。")
        raise forms.ValidationError(self._not_found(text))

    def _not_found(self, text):
        near = suggestions(self.projects, text)[:MOST_NAMED]
        if near:
            return f"没有叫“{text[:40]}”的项目。请填全名，相近的有：{'、'.join(near)}。"
        return f"没有叫“{text[:40]}”的项目，或不是本单位的项目。请核对名称后再填。"

    def values(self):
        return {name: self.cleaned_data[name] for name in self.cleaned_data.keys() - {"project", "form_key"}}


def suggestions(projects, text, most=20):
    """Names of the projects that a few typed words, or their pinyin initials, may mean."""
    for term in search_terms(text):
        projects = projects.filter(search_key__contains=term)
    return list(projects.order_by("name_pinyin").values_list("name", flat=True)[:most])
