"""The duty page of a plan: leader, deputy and target for the project office, the team for the own unit as well."""

from django import forms

from accounts.forms import StyledFormMixin
from accounts.models import Unit
from portfolio.actions import duties
from portfolio.forms.projects import PlainTextField, form_field
from portfolio.models import Leader, WorkTeam

PHONE_HELP = "手机号，或带区号的座机；几个之间用顿号。只有项目办和责任单位看得到全号"


def _text_field(name):
    stored = WorkTeam._meta.get_field(name)
    options = {"label": stored.verbose_name, "max_length": stored.max_length, "required": False}
    if name in duties.PHONE_FIELDS:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        return forms.CharField(widget=widget, help_text=PHONE_HELP, **options)
    if name == "note":
        return PlainTextField(widget=forms.Textarea(attrs={"rows": 2}), **options)
    return forms.CharField(**options)


class DutyForm(StyledFormMixin, forms.Form):
    """`version` is that of the plan, `seen` the key of the team version that the form shows.

    Without `is_office` the form has the team only, so that whatever else is posted goes nowhere.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, plan, team, is_office):
        self.plan, self.is_office = plan, is_office
        fields = self._plan_fields() if is_office else {}
        fields |= {name: _text_field(name) for name in duties.TEAM_TEXTS}
        fields["member_units"] = self._unit_field(team)
        self.base_fields = self.base_fields | fields
        super().__init__(data, initial=self._initial(team))

    def _plan_fields(self):
        county = self.plan.county
        leaders = Leader.objects.filter(county=county)
        deputies = leaders.filter(is_active=True) | leaders.filter(pk=self.plan.deputy_leader_id)
        deputy = forms.ModelChoiceField(deputies, label="协助包联领导", required=False, empty_label="无")
        return {
            "leader": form_field("leader", county, self.plan),
            "deputy_leader": deputy,
            "annual_target": form_field("annual_target", county, self.plan),
        }

    def _unit_field(self, team):
        units = Unit.objects.filter(county=self.plan.county)
        chosen = duties.content_of(team)["member_units"]
        offered = units.filter(is_active=True) | units.filter(pk__in=chosen)
        return forms.ModelMultipleChoiceField(
            offered, label="成员单位", required=False, widget=forms.CheckboxSelectMultiple
        )

    def _initial(self, team):
        initial = {"version": self.plan.row_version, "seen": team.pk if team else None, **duties.content_of(team)}
        if self.is_office:
            initial |= {
                "leader": self.plan.leader_id,
                "deputy_leader": self.plan.deputy_leader_id,
                "annual_target": self.plan.annual_target,
            }
        return initial

    def plan_values(self):
        return {name: self.cleaned_data[name] for name in duties.PLAN_FIELDS} if self.is_office else {}

    def team_values(self):
        return {name: self.cleaned_data[name] for name in (*duties.TEAM_TEXTS, "member_units")}

    def clean(self):
        for name, problem in duties.team_problems(self.plan.county, self.cleaned_data).items():
            if name not in self.errors:
                self.add_error(name, problem)
        return self.cleaned_data

    @property
    def plan_inputs(self):
        return [self[name] for name in duties.PLAN_FIELDS] if self.is_office else []

    @property
    def team_inputs(self):
        return [self[name] for name in duties.TEAM_TEXTS]

    def differences(self, plan, team):
        """[(label, what stands now, what was posted)] where the two differ, as a reader sees them."""
        now = duties.content_of(team)
        pairs = [(name, getattr(plan, name), self.cleaned_data[name]) for name in self.plan_values()]
        pairs += [(name, now[name], self.cleaned_data[name]) for name in duties.TEAM_TEXTS]
        found = [(self.fields[name].label, theirs, mine) for name, theirs, mine in pairs if theirs != mine]
        mine = self.cleaned_data["member_units"]
        if now["member_units"] != {unit.pk for unit in mine}:
            theirs = team.member_units.all() if team else ()
            found.append((self.fields["member_units"].label, *("、".join(map(str, units)) for units in (theirs, mine))))
        return found
