"""定时任务: for the system administrator."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import require_right
from accounts.roles import Right
from portfolio import jobs
from portfolio.channels.email import email_is_on
from portfolio.channels.webhook import webhook_is_on


@require_safe
@require_right(Right.MANAGE_ACCOUNTS)
def job_list(request):
    states = jobs.states(timezone.now())
    context = {
        "states": states,
        "stale": [state.label for state in states if state.is_stale],
        "channels": [("邮件", email_is_on()), ("工作群", webhook_is_on())],
        "nav": "users",
    }
    return render(request, "portfolio/jobs.html", context)
