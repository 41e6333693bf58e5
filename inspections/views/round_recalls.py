"""Taking back what was done with a quarterly inspection by mistake: opened, closed, or prepared at all."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require_right
from accounts.roles import Right
from inspections.actions import round_recalls as actions
from inspections.forms.keys import KeysForm
from inspections.forms.rounds import ReopenForm, StepForm
from inspections.models import Round
from inspections.models.rounds import RoundState
from inspections.views.rounds import status_of, take


@require_POST
@require_right(Right.RUN_ROUNDS)
def round_take_back(request, pk):
    said = "已退回筹备。评分标准可以修改，开始后评委再评分。"
    return take(request, pk, StepForm, actions.take_back, said, place="recall")


@require_POST
@require_right(Right.RUN_ROUNDS)
def round_reopen(request, pk):
    return take(request, pk, ReopenForm, actions.reopen, "已重新开放，评委可以继续评分。", place="recall")


@require_right(Right.RUN_ROUNDS)
def round_discard(request, pk):
    """A page that tells what goes; its button deletes it."""
    sent = KeysForm(request.POST)
    if (
        request.method == "POST"
        and sent.is_valid()
        and actions.has_discarded(request.user, sent.cleaned_data["form_key"])
    ):
        return _gone(request, "这次观摩已经删去。")
    round_ = get_object_or_404(Round.objects.run_by(request.user).select_related("county"), pk=pk)
    if round_.state != RoundState.PLANNED and request.method != "POST":
        messages.info(request, f"这次观摩{round_.get_state_display()}，不能删去。")
        return redirect("inspections:round", pk)
    form = StepForm(request.POST if request.method == "POST" else None, round_=round_)
    status = status_of(form, actions.discard, by=request.user, round_=round_) if form.is_bound else 200
    if status == 0:
        return _gone(request, f"已删去“{round_}”。")
    context = {
        "nav": "inspections",
        "round": round_,
        "form": form,
        "stops": round_.stops.select_related("plan__project__unit"),
        "judges": round_.judges.select_related("user"),
    }
    return render(request, "inspections/rounds/round_discard.html", context, status=status)


def _gone(request, said):
    messages.success(request, said)
    return redirect("inspections:rounds")
