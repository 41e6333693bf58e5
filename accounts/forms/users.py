from django import forms
from django.core.validators import RegexValidator

from accounts.forms import PlainForm, StyledFormMixin
from accounts.models import Unit, User
from accounts.roles import Role

NO_ADDRESS = "邮箱写法不对，请填写 zhangsan@example.gov.cn 这样的地址，或留空。"


class AccountForm(StyledFormMixin, forms.ModelForm):
    """An account as the system administrator sees it. The account name is given once and stays."""

    class Meta:
        model = User
        fields = ["username", "name", "role", "unit", "email"]
        labels = {"username": "账号"}
        error_messages = {
            "username": {"unique": "这个账号已经有了，请换一个。"},
            "email": {"invalid": NO_ADDRESS},
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(by).filter(is_active=True)
        self.fields["unit"].empty_label = "无"
        self.fields["unit"].help_text = "填报员必须有单位。"
        username = self.fields["username"]
        username.max_length = username.widget.attrs["maxlength"] = 30
        username.validators = [
            RegexValidator(r"^[a-z0-9._-]{2,30}\Z", "账号只能用小写字母、数字和 . _ -，2 至 30 位。")
        ]
        username.help_text = "小写字母、数字和 . _ -，2 至 30 位；建立后不能修改。"
        if self.instance.pk:
            username.disabled = True
            username.help_text = ""
            self.fields["role"].disabled = self.instance.pk == by.pk

    def clean(self):
        data = super().clean()
        if data.get("role") == Role.REPORTER and not data.get("unit"):
            self.add_error("unit", "填报员要按单位填报，请选择单位。")
        return data


class OwnEmailForm(StyledFormMixin, forms.ModelForm):
    class Meta:
        model = User
        fields = ["email"]
        error_messages = {"email": {"invalid": NO_ADDRESS}}
        help_texts = {"email": "留空则不发邮件。"}


class AccountFilterForm(PlainForm):
    q = forms.CharField(label="账号、姓名或单位", max_length=80, required=False)
    role = forms.ChoiceField(label="角色", choices=[("", "全部角色"), *Role.choices], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("", "全部"), ("active", "在用"), ("disabled", "停用")], required=False
    )
