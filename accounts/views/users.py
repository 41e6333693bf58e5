from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, lockout
from accounts.access import require_right
from accounts.forms.users import AccountFilterForm, AccountForm
from accounts.models import User
from accounts.roles import Right

PAGE_SIZE = 100


def account_or_404(request, pk):
    return get_object_or_404(User.objects.visible_to(request.user).for_session(), pk=pk)


def chosen_accounts(request, form):
    accounts = User.objects.visible_to(request.user).for_session().order_by("role", "username")
    if not form.is_valid():
        return accounts.none()
    if form.cleaned_data["q"]:
        accounts = accounts.matching(form.cleaned_data["q"])
    if form.cleaned_data["role"]:
        accounts = accounts.filter(role=form.cleaned_data["role"])
    if form.cleaned_data["state"]:
        accounts = accounts.filter(is_active=form.cleaned_data["state"] == "active")
    return accounts


@require_safe
@require_right(Right.MANAGE_ACCOUNTS)
def user_list(request):
    form = AccountFilterForm(request.GET)
    page = Paginator(chosen_accounts(request, form), PAGE_SIZE).get_page(request.GET.get("page"))
    locks = lockout.locks([account.username for account in page])
    for account in page:
        account.locks = locks.get(account.username, [])
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "query": query.urlencode(), "nav": "users"}
    return render(request, "accounts/user_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.MANAGE_ACCOUNTS)
@sensitive_variables("password")
def user_create(request):
    form = AccountForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        account, password = actions.create_account(by=request.user, **form.cleaned_data)
        return initial_password_page(request, account, password)
    return render(request, "accounts/user_form.html", {"form": form, "nav": "users"})


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.MANAGE_ACCOUNTS)
def user_edit(request, pk):
    account = account_or_404(request, pk)
    form = AccountForm(request.POST or None, instance=account_or_404(request, pk), by=request.user)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "role", "unit", "email")}
        changed = actions.update_account(account, by=request.user, **fields)
        messages.success(request, f"账号 {account.username} 已保存。" if changed else "没有修改任何内容。")
        return redirect("accounts:user-list")
    account.locks = lockout.locks([account.username]).get(account.username, [])
    context = {"form": form, "account": account, "itself": account.pk == request.user.pk, "nav": "users"}
    return render(request, "accounts/user_form.html", context)


@require_POST
@require_right(Right.MANAGE_ACCOUNTS)
@sensitive_variables("password")
def user_reset_password(request, pk):
    account = account_or_404(request, pk)
    try:
        password = actions.reset_password(account, by=request.user)
    except ValidationError as error:
        return refused(request, account, error)
    return initial_password_page(request, account, password)


def initial_password_page(request, account, password):
    """Shown in the answer itself and stored nowhere: whoever reloads the page makes another one."""
    context = {"account": account, "password": password, "nav": "users"}
    return render(request, "accounts/initial_password.html", context)


def refused(request, account, error):
    messages.error(request, " ".join(error.messages))
    return redirect("accounts:user-edit", account.pk)


def switch_view(action, done, nothing):
    """A POST-only view for one of the actions that answer whether they changed anything."""

    @require_POST
    @require_right(Right.MANAGE_ACCOUNTS)
    def view(request, pk):
        account = account_or_404(request, pk)
        try:
            changed = action(account, by=request.user)
        except ValidationError as error:
            return refused(request, account, error)
        messages.success(request, f"账号 {account.username} {done if changed else nothing}。")
        return redirect("accounts:user-edit", account.pk)

    return view


user_disable = switch_view(actions.disable_account, "已停用，下一次操作时会退出登录", "已经是停用状态")
user_enable = switch_view(actions.enable_account, "已启用", "已经是在用状态")
user_unlock = switch_view(actions.unlock_account, "已解除锁定", "没有被锁定")
