"""The accounts of the demo county, shown on the sign-in page while its data are loaded."""

from accounts.models import User

PASSWORD = "Demo-2024"
_OFFICE, _REPORTERS = ["office", "office2"], ["reporter", "reporter2", "reporter3"]
ORDER = [*_OFFICE, *_REPORTERS, "leader", "inspector", "inspector2", "auditor", "sysadmin"]


def shown_accounts():
    accounts = User.objects.for_session().filter(is_demo=True, is_active=True, county__business_time__isnull=False)
    return sorted(accounts.filter(username__in=ORDER), key=lambda account: ORDER.index(account.username))
