"""Forms of accounts, and the look that every form of the product shares.

`class UnitForm(StyledFormMixin, forms.ModelForm)` gives each widget its stylesheet class; the template shows a field
with `{% include "includes/_field.html" with field=form.name %}` and the form's own errors with
`{{ form.non_field_errors }}`. `PlainForm` is `StyledFormMixin` with `forms.Form`.
"""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

UNSTYLED = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)


def widget_class(widget):
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class StyledFormMixin:
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, UNSTYLED):
                own = field.widget.attrs.get("class", "")
                field.widget.attrs["class"] = f"{widget_class(field.widget)} {own}".strip()


class PlainForm(StyledFormMixin, forms.Form):
    pass


class SignInForm(StyledFormMixin, AuthenticationForm):
    error_messages = {
        "invalid_login": "账号或密码不正确。连续 5 次不正确，本账号在当前地址将被锁定 15 分钟。",
        "inactive": "账号或密码不正确。连续 5 次不正确，本账号在当前地址将被锁定 15 分钟。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"
        # A browser that remembers the account should put the cursor where something is still to be typed.
        if self.initial.get("username"):
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class OwnPasswordForm(StyledFormMixin, PasswordChangeForm):
    error_messages = {
        "password_mismatch": "两次输入的新密码不一致，请重新输入。",
        "password_incorrect": "当前密码不正确，请重新输入。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "当前密码"
        self.fields["new_password1"].label = "新密码"
        self.fields[
            "new_password1"
        ].help_text = "至少 8 位，含大写字母、小写字母、数字、符号中的三种；不与最近 5 次相同。"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields["new_password2"].help_text = ""
