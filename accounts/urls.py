from django.urls import path

from accounts.views import signin

app_name = "accounts"

urlpatterns = [
    path("accounts/login/", signin.SignInView.as_view(), name="login"),
    path("accounts/logout/", signin.SignOutView.as_view(), name="logout"),
    path("accounts/password/", signin.OwnPasswordView.as_view(), name="password-change"),
]
