"""Forms of units, leaders and townships. A name is unique in its county: two spellings would split one's projects."""

import copy
import re

from django import forms

from accounts.forms import StyledFormMixin
from accounts.models import Unit, User
from accounts.roles import Role
from portfolio.forms.projects import PlainTextField
from portfolio.models import Leader, Town
from portfolio.search import name_key

TOWN_CODE = re.compile(r"\d{9}", re.ASCII)


class BaseDataForm(StyledFormMixin, forms.ModelForm):
    """`county` is that of the signed-in account; `before` keeps the row as it was, for telling what changed."""

    def __init__(self, *args, county, **options):
        super().__init__(*args, **options)
        self.instance.county = county
        self.before = copy.copy(self.instance) if self.instance.pk else None

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = self._meta.model.objects.filter(county=self.instance.county).exclude(pk=self.instance.pk)
        twin = next((other for other in others if name_key(other.name) == name_key(name)), None)
        if twin:
            raise forms.ValidationError(f"已有“{twin.name}”，请直接修改它，不要重复新增。")
        return name


class UnitForm(BaseDataForm):
    class Meta:
        model = Unit
        fields = ["name", "short_name", "kind", "is_active"]


class LeaderForm(BaseDataForm):
    class Meta:
        model = Leader
        fields = ["name", "post", "rank", "user", "is_active"]

    def __init__(self, *args, county, **options):
        super().__init__(*args, county=county, **options)
        self.fields["user"].queryset = User.objects.filter(county=county, role=Role.LEADER, is_active=True)
        self.fields["user"].empty_label = "没有账号"


class TownForm(BaseDataForm):
    aliases = PlainTextField(
        label="曾用名",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个。导入时用这些名称也能认出",
    )

    class Meta:
        model = Town
        fields = ["name", "code", "kind", "aliases"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["aliases"] = "\n".join(self.instance.aliases)

    def clean_aliases(self):
        return [line.strip() for line in self.cleaned_data["aliases"].split("\n") if line.strip()]

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not TOWN_CODE.fullmatch(code):
            raise forms.ValidationError(f"区划代码“{code}”应为 9 位数字，如 140431100。")
        others = Town.objects.filter(county=self.instance.county, code=code).exclude(pk=self.instance.pk)
        if twin := others.first():
            raise forms.ValidationError(f"区划代码“{code}”已属于“{twin}”，请核对。")
        return code
