from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import require_right
from accounts.forms.users import OwnEmailForm
from accounts.models import User
from accounts.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.GET_NOTICES)
def own_email(request):
    # Two readings of the account: a form writes what was typed on its own.
    form = OwnEmailForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        changed = actions.update_account(request.user, by=request.user, email=form.cleaned_data["email"])
        messages.success(request, "邮箱已保存。" if changed else "没有修改任何内容。")
        return redirect("accounts:own-email")
    return render(request, "accounts/own_email.html", {"form": form})
