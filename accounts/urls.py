from django.urls import path

from accounts.views import own_email, signin, trail, users

app_name = "accounts"

urlpatterns = [
    path("accounts/login/", signin.SignInView.as_view(), name="login"),
    path("accounts/logout/", signin.SignOutView.as_view(), name="logout"),
    path("accounts/password/", signin.OwnPasswordView.as_view(), name="password-change"),
    path("accounts/email/", own_email.own_email, name="own-email"),
    path("accounts/users/", users.user_list, name="user-list"),
    path("accounts/users/new/", users.user_create, name="user-create"),
    path("accounts/users/<int:pk>/", users.user_edit, name="user-edit"),
    path("accounts/users/<int:pk>/disable/", users.user_disable, name="user-disable"),
    path("accounts/users/<int:pk>/enable/", users.user_enable, name="user-enable"),
    path("accounts/users/<int:pk>/reset-password/", users.user_reset_password, name="user-reset-password"),
    path("accounts/users/<int:pk>/unlock/", users.user_unlock, name="user-unlock"),
    path("audit/", trail.audit_trail, name="audit-trail"),
    path("audit/export/", trail.audit_export, name="audit-export"),
]
