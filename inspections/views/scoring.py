"""A judge's phone (观摩评分): the next stop without a score, one form, and on to the next."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.roles import Right
from inspections import rounds
from inspections.actions import scoring as actions
from inspections.forms.scoring import ScoreForm
from inspections.models.rounds import RoundState
from inspections.round_pages import RoundPage
from inspections.views.rounds import round_of, status_of


@require_GET
@require_right(Right.SCORE_STOPS)
def score_next(request, pk):
    """The judge's next stop; when all have a score, the round with the own scores."""
    round_ = round_of(request.user, pk)
    judge = rounds.judge_of(request.user, round_)
    if judge is None:
        return _no_seat(request, round_)
    stop = rounds.next_to_score(judge)
    if stop is None:
        messages.success(request, "所有观摩点您都已评分。观摩结束前可以点开任一个点修改。")
        return redirect("inspections:round", pk)
    return redirect("inspections:score-stop", stop.pk)


def _no_seat(request, round_):
    """Who judges a round that is not open is told so; for anybody else there is no such page."""
    if not round_.judges.filter(user=request.user).exists():
        if request.method not in SAFE_METHODS:
            note_refusal(request, "不是这次观摩的评委")
        raise Http404
    messages.info(request, f"这次观摩{round_.get_state_display()}，现在不能评分。")
    return redirect("inspections:round", round_.pk)


@require_right(Right.SCORE_STOPS)
def score_stop(request, pk):
    stop = _stop(request, pk)
    judge = rounds.judge_of(request.user, stop.round)
    if judge is None and (request.method != "POST" or stop.round.state == RoundState.OPEN):
        return _no_seat(request, stop.round)
    sheet = stop.sheets.filter(judge__user=request.user).first()
    criteria = list(stop.round.criteria.all())
    form = ScoreForm(request.POST if request.method == "POST" else None, criteria=criteria, sheet=sheet)
    status = status_of(form, actions.score, by=request.user, stop=stop) if form.is_bound else 200
    return _after(request, judge, stop) if status == 0 else _page(request, stop, form, status)


def _stop(request, pk):
    stops = actions.stops_scored_by(request.user)
    found = stops.select_related("round__county", "plan__project__unit", "plan__project__town", "plan__leader")
    stop = found.filter(pk=pk).first()
    if stop is None:
        if request.method not in SAFE_METHODS:
            note_refusal(request, "不是这次观摩的评委")
        raise Http404
    return stop


def _after(request, judge, stop):
    messages.success(request, f"“{stop.plan.project}”的评分已保存。")
    following = rounds.next_to_score(judge, after=stop)
    if following is None:
        return redirect("inspections:score", stop.round_id)
    return redirect("inspections:score-stop", following.pk)


def _page(request, stop, form, status):
    page = RoundPage(request.user, stop.round)
    context = {
        "nav": "inspections",
        "stop": stop,
        "plan": stop.plan,
        "form": form,
        "page": page,
        "place": [row.stop.pk for row in page.rows].index(stop.pk) + 1,
        "full": rounds.FULL,
    }
    return render(request, "inspections/rounds/score.html", context, status=status)
