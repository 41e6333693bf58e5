"""The page of a schedule as forms: a line for each milestone, twelve amounts, and why an approved one moves."""

from django import forms

from accounts.forms import StyledFormMixin
from accounts.models import Unit
from portfolio import schedule_texts as texts
from portfolio.forms.projects import FigureField, PlainTextField
from portfolio.models import Milestone, ScheduleChange
from portfolio.models.schedule import ChangeReason
from portfolio.partial_dates import Precision, parse_partial_date
from portfolio.schedule_entries import MOST_MILESTONES, MilestoneEntry
from portfolio.schedule_templates import BY_KEY, TEMPLATES, lay_out, proposed_for, spread
from portfolio.search import name_key

SPARE_LINES = 3
FIGURE = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}


class DayField(forms.Field):
    """A day as officials write it; where only a month, quarter or year is known, its last day, unless `exact`."""

    def __init__(self, *, year=None, exact=False, **options):
        self.year, self.exact = year, exact
        super().__init__(**options)

    def to_python(self, value):
        try:
            period = parse_partial_date(value, default_year=self.year)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if period is None:
            return None
        if self.exact and period.precision is not Precision.DAY:
            raise forms.ValidationError(f"“{self.label}”请写到日，如 2024-05-31。")
        return period.last_day


class UnitNameField(forms.CharField):
    """A unit by its name or short name; `units` is {name key: Unit}."""

    units = {}

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        if unit := self.units.get(name_key(text)):
            return unit
        raise forms.ValidationError(f"没有叫“{text[:20]}”的单位，请从下拉名单中选择。")


class MilestoneLineForm(StyledFormMixin, forms.Form):
    """A line without a name and a planned day is no milestone; `remove` takes a stored one away."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    read_version = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="节点", required=False)
    kind = forms.ChoiceField(label="类型", choices=Milestone.Kind.choices, initial=Milestone.Kind.NODE, required=False)
    due = DayField(label="计划完成", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    weight = FigureField(label="权重%", required=False, widget=forms.TextInput(attrs=FIGURE))
    unit = UnitNameField(label="责任单位", required=False, widget=forms.TextInput(attrs={"list": "units"}))
    done_on = DayField(
        label="实际完成", exact=True, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    evidence = forms.CharField(label="完成依据", required=False)
    remove = forms.BooleanField(label="删除", required=False)

    def __init__(self, *args, year, units, nodes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due"].year = self.fields["done_on"].year = year
        self.fields["unit"].units = units
        number = self.prefix.rpartition("-")[2]
        place = int(number) + 1 if number.isdigit() else number
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"第 {place} 行 {field.label}"
        self._nodes = nodes

    @property
    def node(self):
        """How the stored milestone stands (portfolio.schedules.Node); None for a new line."""
        return self._nodes.get(str(self["pk"].value() or ""))

    @property
    def entry(self):
        """The `MilestoneEntry`, or None for a line that is empty or taken away."""
        values = self.cleaned_data
        if values.get("remove") or not (values.get("pk") or values.get("name") or values.get("due")):
            return None
        names = ("pk", "name", "due", "weight", "unit", "done_on", "evidence")
        return MilestoneEntry(kind=values.get("kind") or Milestone.Kind.NODE, **{name: values[name] for name in names})


LineFormSet = forms.formset_factory(
    MilestoneLineForm, extra=0, max_num=MOST_MILESTONES + SPARE_LINES, absolute_max=MOST_MILESTONES + SPARE_LINES
)


class MonthsForm(StyledFormMixin, forms.Form):
    """month_1 … month_12 in 万元: all of them, or none."""

    def __init__(self, *args, **kwargs):
        self.base_fields = {
            f"month_{month}": FigureField(
                label=f"{month}月", required=False, widget=forms.TextInput(attrs={**FIGURE, "data-month": month})
            )
            for month in range(1, texts.MONTHS + 1)
        }
        super().__init__(*args, **kwargs)

    @property
    def amounts(self):
        """Twelve Decimals, None when no box is filled; an empty box beside filled ones is 0."""
        values = [self.cleaned_data.get(name) for name in self.fields]
        if all(value is None for value in values):
            return None
        return [value or 0 for value in values]

    @property
    def quarters(self):
        """[(name, [three boxes])]."""
        boxes = list(self)
        return [(f"{'一二三四'[place]}季度", boxes[place * 3 : place * 3 + 3]) for place in range(4)]


class ExplanationForm(StyledFormMixin, forms.Form):
    """Asked for once, when an approved schedule moves. The action checks it, since only that knows what moves."""

    change_kind = forms.ChoiceField(
        label="性质",
        choices=ScheduleChange.Kind.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text="更正：原来填错了；延期：工期确实推后",
    )
    change_reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ChangeReason.choices], required=False)
    change_words = PlainTextField(
        label="说明",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="更正写明原来错在哪里；延期写明为什么、怎样赶工",
    )


class ToolsForm(StyledFormMixin, forms.Form):
    """What helps to fill the page before it is saved: a template, an even spread, blocks from Excel."""

    template = forms.ChoiceField(label="模板", choices=[(each.key, each.label) for each in TEMPLATES], required=False)
    start = DayField(label="开工", required=False)
    finish = DayField(label="竣工", required=False)
    replace = forms.BooleanField(label="替换现有节点", required=False)
    start_month = forms.ChoiceField(label="从", choices=[(n, f"{n}月") for n in range(1, 13)], required=False)
    pasted_nodes = PlainTextField(
        label="从 Excel 粘贴节点", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    pasted_months = PlainTextField(
        label="从 Excel 粘贴 12 个月", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].year = self.fields["finish"].year = year


class ScheduleForm:
    """The whole page. Without `data` it shows what is stored; `step` says which button of the tools was pressed."""

    def __init__(self, plan, reading, version, data=None):
        self.plan, self.version, self.data = plan, version, data
        self.problems = []
        self.used_template = data.get("used_template", "") if data is not None else ""
        # What the months said when the page was read, to tell own changes from another's.
        self.read_amounts = data.get("read_amounts", "") if data is not None else "|".join(texts.stored_amounts(plan))
        self.units = list(Unit.objects.filter(county=plan.county_id, is_active=True).order_by("kind", "name"))
        self._nodes = {str(node.milestone.pk): node for node in reading.nodes}
        self.is_approved = reading.approved_at is not None
        self.proposed = proposed_for(plan.project)
        if data is None:
            stored = reading.stored
            lines, amounts = texts.stored_lines(plan), texts.stored_amounts(plan)
            self._fill(lines, amounts, spare=len(lines) < SPARE_LINES)
            self.explanation = ExplanationForm()
            self.tools = self._fresh_tools(stored.template if stored else "")
        else:
            self.lines = LineFormSet(data, prefix="node", form_kwargs=self._line_options)
            self.months = MonthsForm(data)
            self.explanation = ExplanationForm(data)
            self.tools = ToolsForm(data, year=plan.year)

    @property
    def _line_options(self):
        by_name = {name_key(unit.short_name): unit for unit in self.units if unit.short_name}
        by_name |= {name_key(unit.name): unit for unit in self.units}
        # A unit that has gone out of use stays where it stands.
        kept = (node.milestone.unit for node in self._nodes.values())
        by_name |= {name_key(unit.name): unit for unit in kept if unit is not None}
        return {"year": self.plan.year, "units": by_name, "nodes": self._nodes}

    def _fresh_tools(self, template):
        project = self.plan.project
        start = project.started_on or project.planned_start
        initial = {
            "template": template or self.proposed.key,
            "start": start or f"{self.plan.year}-01-01",
            "finish": project.planned_finish or f"{self.plan.year}-12-31",
        }
        return ToolsForm(initial=initial, year=self.plan.year)

    def _fill(self, lines, amounts, *, spare):
        lines = [*lines, *({} for _ in range(SPARE_LINES if spare else 0))]
        self.lines = LineFormSet(prefix="node", initial=lines, form_kwargs=self._line_options)
        # Unbound formsets show `initial` and nothing more.
        self.months = MonthsForm(initial=dict(zip(MonthsForm().fields, amounts, strict=True)))

    @property
    def empty_line(self):
        return self.lines.empty_form

    # Sending

    def is_valid(self):
        """Each part is asked, so that the page tells all that is wrong at once."""
        answers = [form.is_valid() for form in (self.lines, self.months, self.explanation)]
        return all(answers)

    @property
    def _filled(self):
        return [form for form in self.lines if form.entry is not None]

    @property
    def entries(self):
        return [form.entry for form in self._filled]

    def explain(self):
        """The keyword arguments with which an approved schedule's change is explained."""
        values = self.explanation.cleaned_data
        return {
            "kind": values["change_kind"] or None,
            "reason": values["change_reason"],
            "words": values["change_words"],
        }

    @property
    def template(self):
        """The key of the template that the sent page was laid out from, else None."""
        return self.used_template if self.used_template in BY_KEY else None

    def add_problems(self, problems):
        """Put the messages of `register.Invalid` beside their boxes, the rest above the page."""
        for key, message in problems.items():
            number, _, field = key.partition("-")
            if number.isdigit():
                self._filled[int(number) - 1].add_error(field, message)
            elif number == "month" and field:
                self.months.add_error(f"month_{field}", message)
            elif key in self.explanation.fields:
                self.explanation.add_error(key, message)
            else:
                self.problems.append(message)

    @property
    def errors(self):
        """Every message of the page, for the notice above it."""
        if self.data is None:
            return []
        found = list(self.problems)
        for number, form in enumerate(self.lines, 1):
            for messages in form.errors.values():
                found += [text if text.startswith("第 ") else f"第 {number} 行：{text}" for text in messages]
        for form in (self.months, self.explanation):
            found += [text for messages in form.errors.values() for text in messages]
        return found

    # Tools: they change the page and save nothing

    def apply(self, step):
        """Press a button of the tools: the page shows the result, still unsaved."""
        lines = texts.sent_lines(self.data, MOST_MILESTONES)
        amounts = texts.sent_amounts(self.data)
        self.tools.is_valid()
        problem = None
        try:
            lines, amounts = getattr(self, f"_{step}")(lines, amounts)
        except ValueError as error:
            problem = str(error)
        self._fill(lines[:MOST_MILESTONES], amounts, spare=step == "more" or not lines)
        self.explanation = ExplanationForm(initial=self.data.dict())
        if not problem:
            kept = {name: self.data.get(name) for name in ("template", "start", "finish", "start_month")}
            self.tools = ToolsForm(initial=kept, year=self.plan.year)
        self.data = None
        return problem

    def _more(self, lines, amounts):
        return lines, amounts

    def _sort(self, lines, amounts):
        return texts.by_due(lines, self.plan.year), amounts

    def _lay_out(self, lines, amounts):
        """Lines that are not stored yet give way; stored ones stay, or are marked for removal."""
        values = self.tools.cleaned_data
        start, finish, key = values.get("start"), values.get("finish"), values.get("template")
        if start is None or finish is None or key not in BY_KEY:
            raise ValueError("请选择模板，并填写开工和竣工日期，如 2024-03-01、2024-11-30。")
        self.used_template = key
        kept = [line | ({"remove": "on"} if values.get("replace") else {}) for line in lines if line["pk"]]
        return [*kept, *map(texts.line_of, lay_out(key, start, finish, self.plan.project.unit))], amounts

    def _spread(self, lines, amounts):
        if self.plan.planned_investment is None:
            raise ValueError("这个项目还没有年度计划投资，不能分解到月。请先在项目资料里填写。")
        first = int(self.tools.cleaned_data.get("start_month") or 1)
        return lines, [texts.figure(amount) for amount in spread(self.plan.planned_investment, first)]

    def _paste_nodes(self, lines, amounts):
        pasted = texts.pasted_lines(self.tools.cleaned_data.get("pasted_nodes", ""))
        if not pasted:
            raise ValueError("请先把 Excel 里的节点粘贴到框里，每行一个：节点、计划完成、权重、责任单位。")
        if len(lines) + len(pasted) > MOST_MILESTONES:
            raise ValueError(f"最多 {MOST_MILESTONES} 个节点，粘贴后会有 {len(lines) + len(pasted)} 个，请减少。")
        return [*lines, *pasted], amounts

    def _paste_months(self, lines, amounts):
        return lines, texts.pasted_amounts(self.tools.cleaned_data.get("pasted_months", ""))


STEPS = ("more", "sort", "lay_out", "spread", "paste_nodes", "paste_months")
