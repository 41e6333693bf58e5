"""提醒: an account's own notices, and marking them read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require_right
from accounts.roles import Right
from portfolio import notice_digest
from portfolio.actions.notices import mark_read
from portfolio.sent import whole_number

PER_PAGE = 50


@require_safe
@require_right(Right.GET_NOTICES)
def notices(request):
    own = notice_digest.of_account(request.user)
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    newest = own.order_by("-pk").values_list("pk", flat=True).first()
    context = {"nav": "notices", "page": page, "days": notice_digest.days(page), "newest": newest}
    return render(request, "portfolio/notices/page.html", context)


@require_POST
@require_right(Right.GET_NOTICES)
def notice_open(request, pk):
    """A press on an unread notice marks it read and leads on. No link: an address that is opened writes nothing."""
    notice = get_object_or_404(notice_digest.of_account(request.user), pk=pk)
    mark_read(by=request.user, notice=notice)
    return redirect(notice.path)


@require_POST
@require_right(Right.GET_NOTICES)
def notices_read(request):
    """All that stood on the sender's page; what has come in since stays unread."""
    count = mark_read(by=request.user, until=whole_number(request.POST.get("until", "")))
    messages.success(request, f"已把 {count} 条提醒标为已读。" if count else "没有未读的提醒。")
    return redirect("portfolio:notices")
