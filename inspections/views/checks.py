"""A check on site (四看督导): begun, filled in on one page, handed in, and read."""

import uuid

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.roles import Right
from inspections import site_checks
from inspections.actions import checks as actions
from inspections.actions import pictures
from inspections.forms.checks import CheckForm
from inspections.models import Look, SitePhoto, SupervisionCheck
from inspections.site_checks import CheckSheet, plans_open_to
from portfolio import problems
from portfolio.actions import changes
from portfolio.models import Project
from portfolio.photos import NotAPhoto
from portfolio.search import search_terms
from portfolio.sent import whole_number
from portfolio.views.asked import Asked

MOST_FOUND = 20
LATEST = 5
STALE = "您在另一处（另一台手机或另一个页面）改过这份草稿。您刚填写的内容还在，没有保存：请核对后再提交。"


# Beginning


@require_right(Right.CHECK_SITES)
def check_new(request):
    """`?plan=` is the project to check; without it, who comes looks for one. POST begins, or goes on with the draft."""
    plans = plans_open_to(request.user).select_related("project__unit", "project__town", "county")
    plan = plans.filter(pk=whole_number(request.POST.get("plan") or request.GET.get("plan", ""))).first()
    if request.method == "POST":
        return _begin(request, plan)
    context = {"nav": "inspections", "drafts": _drafts(request.user)}
    if plan is None:
        query = request.GET.get("q", "").replace("\0", "").strip()[:100]
        return render(
            request, "inspections/looks/check_find.html", {**context, "query": query, "plans": _found(plans, query)}
        )
    context |= {
        "plan": plan,
        "look": Look.of(plan.project.stage),
        "checks": site_checks.of_project(plan.project, request.user).done()[:LATEST],
        "problem_rows": problems.open_by_project([plan.project_id], request.user, plan.county.business_today()).get(
            plan.project_id, []
        ),
    }
    return render(request, "inspections/looks/check_new.html", context)


def _drafts(user):
    return SupervisionCheck.objects.writable_by(user).select_related("plan__project", "checklist").order_by("-day")


def _found(plans, query):
    terms = search_terms(query)
    if not terms:
        return []
    for term in terms:
        plans = plans.filter(project__search_key__contains=term)
    return list(plans.order_by("seq", "pk")[:MOST_FOUND])


def _begin(request, plan):
    if plan is None:
        note_refusal(request, "不是可以督导的项目")
        raise Http404
    try:
        check = actions.start(by=request.user, plan=plan)
    except actions.Refused as refused:
        messages.warning(request, str(refused))
        return redirect(f"{request.path}?plan={plan.pk}")
    return redirect("inspections:check-edit", check.pk)


# Filling in


@require_right(Right.CHECK_SITES)
def check_edit(request, pk):
    """`do` says what a button asked for: save, hand_in, discard, or delete_photo:<pk>."""
    check = _own_draft(request, pk)
    if isinstance(check, SupervisionCheck):
        return _write(request, check) if request.method == "POST" else _page(request, check)
    return check


def _own_draft(request, pk):
    """The draft; a handed-in check of one's own is shown instead, with a word about it after a write."""
    own = SupervisionCheck.objects.visible_to(request.user).filter(inspector=request.user)
    check = (
        own.select_related("plan__project__unit", "plan__project__town", "county", "checklist").filter(pk=pk).first()
    )
    if check is None:
        if request.method not in SAFE_METHODS:
            note_refusal(request, "不是本人的督导草稿")
        raise Http404
    if check.state == SupervisionCheck.State.DRAFT:
        return check
    if request.method == "POST":
        messages.info(request, "这次督导已经提交。")
    return redirect("inspections:check-detail", pk)


def _page(request, check, form=None, status=200):
    sheet = CheckSheet(check, check.county.business_today())
    context = {
        "nav": "inspections",
        "check": check,
        "sheet": sheet,
        "form": form or CheckForm(sheet),
        "photos": check.photos.all(),
        "most_photos": pictures.MOST,
    }
    return render(request, "inspections/looks/check_edit.html", context, status=status)


def _write(request, check):
    do = request.POST.get("do", "save")
    form = CheckForm(CheckSheet(check, check.county.business_today()), request.POST)
    is_valid = form.is_valid()
    if do == "discard":
        return _discard(request, check, form)
    _add_photos(request, check, form)
    if not is_valid:
        return _page(request, check, form, 400)
    write = actions.hand_in if do == "hand_in" else actions.save
    try:
        saved = write(by=request.user, check=check, **form.values)
    except actions.Refused as refused:
        form.add_errors(refused.errors)
        return _page(request, check, form, 400)
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_errors({None: STALE})
        return _page(request, check, form, 409)
    return _after(request, saved, do)


def _after(request, check, do):
    if do.startswith("delete_photo:"):
        _delete_photo(request, check, whole_number(do.partition(":")[2]))
    elif do == "hand_in":
        number = len(CheckSheet(check, check.day).problems)
        told = f"，{number} 个“否”已登记为问题" if number else ""
        messages.success(request, f"督导已提交{told}。")
    else:
        messages.success(request, "草稿已保存，提交前只有您能看到。")
    done = check.state == SupervisionCheck.State.DONE
    return redirect("inspections:check-detail" if done else "inspections:check-edit", check.pk)


def _discard(request, check, form):
    try:
        actions.discard(by=request.user, check=check, version=form.whole.cleaned_data.get("version"))
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_errors({None: STALE})
        return _page(request, check, form, 409)
    messages.success(request, f"已删去“{check.plan.project}”的督导草稿。")
    return redirect("inspections:check-new")


# Photos


def _add_photos(request, check, form):
    """Files that came with the form, from a browser without scripts. The same form again keeps none twice."""
    form_key = form.whole.cleaned_data.get("form_key") or uuid.uuid4()
    for place, upload in enumerate(request.FILES.getlist("photo")[: pictures.MOST]):
        key = uuid.uuid5(form_key, f"{place} {upload.size} {upload.name}")
        try:
            photo = actions.add_photo(by=request.user, check=check, upload=upload, upload_key=key)
        except (NotAPhoto, pictures.Refused) as refused:
            messages.warning(request, f"照片“{upload.name[:60]}”没有保存：{refused}")
            continue
        if photo.seen_before:
            messages.warning(request, f"照片“{upload.name[:60]}”{photo.seen_before}，请核对。")


def _delete_photo(request, check, pk):
    photo = SitePhoto.objects.visible_to(request.user).filter(check_visit=check, pk=pk).first()
    if photo is not None:
        actions.delete_photo(by=request.user, photo=photo)


@require_POST
@require_right(Right.CHECK_SITES)
def check_photo_add(request, pk):
    """Answers the page's script: the photo as it is shown, or why it was not kept."""
    check = SupervisionCheck.objects.writable_by(request.user).filter(pk=pk).first()
    if check is None:
        note_refusal(request, "不是本人的督导草稿")
        raise Http404
    upload, key = request.FILES.get("photo"), _uuid(request.POST.get("upload_key", ""))
    if upload is None or key is None:
        return JsonResponse({"error": "没有收到照片，请重选。"}, status=422)
    try:
        photo = actions.add_photo(by=request.user, check=check, upload=upload, upload_key=key)
    except (NotAPhoto, pictures.Refused) as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    html = render_to_string("inspections/looks/_site_photo.html", {"photo": photo, "may_delete": True}, request)
    return JsonResponse({"html": html})


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# Reading


@require_GET
@require_right(Right.READ_PLAN)
def check_detail(request, pk):
    readable = SupervisionCheck.objects.readable_by(request.user)
    found = readable.select_related("plan__project__unit", "plan__project__town", "county", "checklist", "inspector")
    check = get_object_or_404(found, pk=pk)
    if check.state == SupervisionCheck.State.DRAFT:
        return redirect("inspections:check-edit", pk)
    context = {
        "nav": "inspections",
        "check": check,
        "sheet": CheckSheet(check, check.day),
        "sees_phones": site_checks.sees_phones(request.user, check),
        "photos": check.photos.all(),
        "today": check.county.business_today(),
    }
    return render(request, "inspections/looks/check_detail.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def project_checks(request, pk):
    """The last checks of a project, for its page; on its own for a browser without scripts."""
    asked = Asked(request)
    with asked.reading():
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        checks = site_checks.of_project(project, request.user).filter(day__lte=asked.day)
        context = asked.context(
            "inspections",
            project=project,
            checks=checks[: LATEST if request.htmx else None],
            open_plan=None if asked.is_past else plans_open_to(request.user).filter(project=project).first(),
        )
        name = "_project_checks.html" if request.htmx else "project_checks.html"
        return render(request, f"inspections/looks/{name}", context)
