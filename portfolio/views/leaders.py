"""Who answers for what (包联领导): the board of all leaders, one leader's page, and notes of visits on site."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import note_refusal, require_right
from accounts.roles import Right
from portfolio.actions import visits
from portfolio.exporting.leader_board import board_ledger
from portfolio.forms.visits import VisitForm
from portfolio.leader_pages import NOBODY, LeaderBoard, LeaderPage
from portfolio.models import Leader, Project, Visit
from portfolio.models.visits import leaders_recorded_by
from portfolio.own_lights import judgeable_by
from portfolio.sent import whole_number
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

read_plan = require_right(Right.READ_PLAN)


def _board(asked, sort=""):
    return LeaderBoard(asked.county, asked.year, asked.day, sort)


@read_plan
def leader_board(request):
    asked = Asked(request)
    template = "board_print" if "print" in request.GET else "board"
    with asked.reading():
        board = _board(asked, request.GET.get("sort", ""))
        return render(request, f"portfolio/leaders/{template}.html", asked.context("leaders", board=board))


@require_GET
@read_plan
def leader_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = board_ledger(_board(asked, request.GET.get("sort", "")))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)


@read_plan
def leader_me(request):
    """我包联的项目, at one tap. An account that belongs to no leader is told, and led to the board."""
    if leader := Leader.objects.filter(user=request.user).first():
        return redirect("portfolio:leader-detail", leader.pk)
    messages.warning(request, "您的账号没有对应的包联领导。如应对应，请项目办在“基础资料—包联领导”中设置。")
    return redirect("portfolio:leaders")


@read_plan
def leader_detail(request, pk):
    leader = _leader(request, pk)
    return _show(request, Asked(request), lambda board: board.of_leader(leader))


@read_plan
def leader_rest(request, key):
    """The projects of nobody, or of the whole county, shown like a leader's."""
    return _show(request, Asked(request), lambda board: board.nobody if key == NOBODY else board.everything)


def _leader(request, pk):
    return get_object_or_404(Leader.objects.visible_to(request.user).select_related("county"), pk=pk)


def _show(request, asked, portfolio_of, form=None):
    with asked.reading():
        board = _board(asked)
        asks = request.GET
        page = LeaderPage(board, portfolio_of(board), asks.get("light", ""), asks.get("only", ""))
        if form is None:
            form = _new_form(request, asked, page)
        template = "page_print" if "print" in request.GET else "page"
        context = asked.context(
            "leaders",
            page=page,
            board=board,
            portfolio=page.portfolio,
            form=form,
            judgeable=frozenset() if asked.is_past else judgeable_by(request.user, asked.year),
        )
        status = 400 if form is not None and form.is_bound else 200
        return render(request, f"portfolio/leaders/{template}.html", context, status=status)


# Visits


def _new_form(request, asked, page):
    """None for who may not note this leader's visits, and on a past day."""
    if page.leader is None or asked.is_past or not leaders_recorded_by(request.user).filter(pk=page.leader.pk).exists():
        return None
    chosen = whole_number(request.GET.get("visit", ""))
    return VisitForm(projects=_projects_of(page.leader, asked.year), today=asked.day, chosen=chosen)


def _projects_of(leader, year):
    """What a visit can be noted for: what the leader answers for, or helps to."""
    answers = Q(plans__leader=leader) | Q(plans__deputy_leader=leader)
    return Project.objects.filter(answers, county=leader.county, plans__year=year).order_by("name_pinyin")


def _insist_on_recording(request, leader):
    if not leaders_recorded_by(request.user).filter(pk=leader.pk).exists():
        note_refusal(request, "无权记录这位领导的走访")
        raise Http404


@require_POST
@require_right(Right.RECORD_VISITS)
def visit_add(request, pk):
    leader = _leader(request, pk)
    _insist_on_recording(request, leader)
    asked = Asked(request)
    today = asked.county.business_today()
    form = VisitForm(request.POST, projects=_projects_of(leader, asked.year), today=today)
    if not form.is_valid():
        return _show(request, asked, lambda board: board.of_leader(leader), form)
    visit = visits.record_visit(by=request.user, leader=leader, **form.cleaned_data)
    done = f"已记走访：{visit.project}，{visit.day}。" if visit else "这次走访已经记过，没有重复记录。"
    messages.success(request, done)
    return redirect(f"{reverse('portfolio:leader-detail', args=[leader.pk])}?{asked.kept}#visits")


@require_POST
@require_right(Right.RECORD_VISITS)
def visit_delete(request, pk, visit):
    leader = _leader(request, pk)
    _insist_on_recording(request, leader)
    back = f"{reverse('portfolio:leader-detail', args=[leader.pk])}#visits"
    try:
        visits.delete_visit(by=request.user, visit=Visit.objects.get(leader=leader, pk=visit))
    except Visit.DoesNotExist:
        messages.warning(request, "这条走访已经不在了，可能刚被删除。")
        return redirect(back)
    messages.success(request, "已删除这条走访，审计日志里留有原文。")
    return redirect(back)
