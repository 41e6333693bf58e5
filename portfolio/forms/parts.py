"""The small forms around a project: its state in a plan, another year, its parent, components and former names."""

from django import forms

from accounts.forms import StyledFormMixin
from portfolio.forms.projects import PlainTextField, form_field
from portfolio.models import AnnualPlan, Component, Project
from portfolio.models.register import STATES_IN_PLAN, Bundle, PlanState
from portfolio.search import name_key

SPARE_ROWS = 3
MOST_ROWS = 60
MOST_NAMES = 30
WHOLE_NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "class": "num"})


class VersionedForm(StyledFormMixin, forms.Form):
    """`version` is that of the row as the form was filled."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PlanStateForm(VersionedForm):
    """调入、调出、终止, or back to 在列."""

    state = forms.ChoiceField(label="改为", choices=PlanState.choices)
    reason = PlainTextField(label="调整原因", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, plan):
        likely = PlanState.REMOVED if plan.state in STATES_IN_PLAN else PlanState.ADDED
        super().__init__(data, initial={"version": plan.row_version, "state": likely})
        self.fields["state"].choices = [choice for choice in PlanState.choices if choice[0] != plan.state]

    def clean(self):
        if self.cleaned_data.get("state") != PlanState.LISTED and not self.cleaned_data.get("reason"):
            self.add_error("reason", "请写明调整原因，如：用地未落实，调至下一年度。")
        return self.cleaned_data


class AddYearForm(StyledFormMixin, forms.Form):
    """The plan of another year: what is known when a project is listed."""

    KEYS = ("planned_investment", "invested_before", "leader", "annual_target")

    year = forms.IntegerField(label="列入哪一年的计划", min_value=2000, max_value=2100)

    def __init__(self, data=None, *, project, year):
        plan = AnnualPlan(county=project.county, project=project, year=year)
        self.base_fields = self.base_fields | {key: form_field(key, project.county, plan) for key in self.KEYS}
        super().__init__(data, initial={"year": year})

    def plan_values(self):
        return {key: self.cleaned_data[key] for key in self.KEYS}


class ParentForm(VersionedForm):
    """The parent by its name or code: a list of all projects would be too long to choose from."""

    parent = forms.CharField(
        label="上级项目",
        max_length=200,
        required=False,
        help_text="填写上级项目的全名或项目代码；空着表示没有上级项目",
    )
    phase = forms.IntegerField(label="第几期", min_value=1, max_value=99, required=False, help_text="分期项目才填")
    bundle = forms.ChoiceField(
        label="本项目的下级项目是", choices=[("", "没有下级项目"), *Bundle.choices], required=False
    )

    def __init__(self, data=None, *, project, plan):
        self.project = project
        initial = {
            "version": project.row_version,
            "parent": project.parent or "",
            "phase": project.phase,
            "bundle": project.bundle,
            "counted_within": plan is not None and plan.part_of_id is not None,
        }
        super().__init__(data, initial=initial)
        if plan is not None:
            label = f"{plan.year}年随上级项目列示，不重复计数和计入合计"
            self.fields["counted_within"] = forms.BooleanField(
                label=label, required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
            )

    def clean_parent(self):
        text = self.cleaned_data["parent"].strip()
        if not text:
            return None
        projects = Project.objects.filter(county=self.project.county)
        found = list((projects.filter(name_key=name_key(text)) | projects.filter(code=text)).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(f"没有叫“{text[:40]}”的项目，请填写全名或项目代码。")
        if len(found) > 1:
            raise forms.ValidationError(f"叫“{text[:40]}”的项目不止一个，请改填项目代码。")
        return found[0]


class AliasesForm(VersionedForm):
    names = PlainTextField(
        label="曾用名",
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一个。用曾用名也能搜到这个项目",
    )

    def __init__(self, data=None, *, project):
        names = "\n".join(alias.name for alias in project.aliases.all())
        super().__init__(data, initial={"version": project.row_version, "names": names})

    def clean_names(self):
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(f"最多 {MOST_NAMES} 个曾用名，现有 {len(names)} 个。")
        if too_long := next((name for name in names if len(name) > 200), None):
            raise forms.ValidationError(f"“{too_long[:20]}…”超过 200 字，请缩短。")
        return names


class ComponentLineForm(StyledFormMixin, forms.Form):
    """One line of components; a line without a name is no component."""

    name = forms.CharField(label="名称", max_length=80, required=False)
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=99_999, initial=1, widget=WHOLE_NUMBER)
    measure = forms.CharField(label="单位", max_length=10, initial="个")
    done = forms.IntegerField(label="已建成", min_value=0, max_value=99_999, initial=0, widget=WHOLE_NUMBER)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def clean(self):
        done, quantity = self.cleaned_data.get("done"), self.cleaned_data.get("quantity")
        if done is not None and quantity is not None and done > quantity:
            self.add_error("done", f"已建成 {done} 大于数量 {quantity}，请核对。")
        return self.cleaned_data


LineFormSet = forms.formset_factory(ComponentLineForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class ComponentsForm(VersionedForm):
    """All components of a project: `lines` is their formset. 再加几行 is a submit that shows more lines."""

    def __init__(self, data=None, *, project, stored):
        super().__init__(data, initial={"version": project.row_version})
        if data is not None and "more" in data:
            data = data.copy()
            total = data.get("form-TOTAL_FORMS", "")
            lines = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
            data["form-TOTAL_FORMS"] = min(lines + SPARE_ROWS, MOST_ROWS)
        self.lines = LineFormSet(data, initial=stored)

    def clean(self):
        if not self.lines.is_valid():
            raise forms.ValidationError("有一行单体需要改正。")
        lines = [form.cleaned_data for form in self.lines if form.cleaned_data.get("name")]
        return {**self.cleaned_data, "components": [Component(**line) for line in lines]}
