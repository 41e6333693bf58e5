from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与审计"

    def ready(self):
        import accounts.rules  # noqa: F401  registers the permissions
        from accounts.sessions import start_clock

        user_logged_in.connect(start_clock)
