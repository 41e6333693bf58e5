from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from accounts.forms import StyledFormMixin


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
