from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts import audit, demo, passwords
from accounts.forms.signin import OwnPasswordForm, SignInForm
from accounts.models import AuditEntry, County, User


class SignInView(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self):
        """Never back to the sign-in or sign-out address: the first loops, the second is no page.

        Who asked for no page but the site itself starts where the role works.
        """
        url = super().get_redirect_url()
        own = (reverse("accounts:login"), reverse("accounts:logout"))
        return "" if url == "/" or url.startswith(own) else url

    def get_initial(self):
        return {"username": self.request.GET.get("username", "")[:150]}

    def form_valid(self, form):
        response = super().form_valid(form)
        user = form.get_user()
        if passwords.has_expired(user):
            user.must_change_password = True
            user.save(update_fields=["must_change_password"])
        audit.record("登录", actor=user)
        return response

    def form_invalid(self, form):
        if form.cleaned_data.get("username") and form.cleaned_data.get("password"):
            self.note_failure(form.cleaned_data["username"])
        return super().form_invalid(form)

    def note_failure(self, username):
        """The typed name of an unknown account is not kept: people type passwords into the wrong box."""
        user = User.objects.for_session().filter(username=username).first()
        locked = getattr(self.request, "axes_locked_out", False)
        audit.record(
            "登录被锁定" if locked else "登录失败",
            actor=None,
            county=user.county if user else County.sole(),
            target=user,
            summary="" if user else "账号不存在",
            outcome=AuditEntry.Outcome.REFUSED,
        )

    def get_context_data(self, **kwargs):
        """`nobody_yet`: a fresh installation; who stands before it must learn how the first account is made."""
        return super().get_context_data(
            demo_accounts=demo.shown_accounts(),
            demo_password=demo.PASSWORD,
            nobody_yet=not User.objects.for_session().exists(),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class SignOutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            audit.record("退出登录", actor=request.user)
        return super().post(request, *args, **kwargs)


class OwnPasswordView(auth_views.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = OwnPasswordForm

    def form_valid(self, form):
        user = self.request.user
        first = user.must_change_password
        passwords.set_password(user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, user)
        audit.record("修改密码", actor=user)
        messages.success(self.request, "密码已修改。您在其他电脑和手机上的登录已全部退出。")
        return redirect(settings.LOGIN_REDIRECT_URL if first else "accounts:password-change")
