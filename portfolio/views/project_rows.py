"""要素保障、资金、一站式服务、见效情况: the county's lists, and the page of a project on which its rows are written."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import note_refusal, require_right
from accounts.roles import Right
from portfolio import factors, funds, outcomes, services
from portfolio.actions import changes
from portfolio.actions import funds as fund_actions
from portfolio.actions import project_rows as actions
from portfolio.actions.register import Invalid
from portfolio.exporting.project_rows import factor_ledger, fund_ledger, outcome_ledger, service_ledger
from portfolio.forms.project_rows import FactorForm, FlowForm, FundForm, OutcomeForm, ServiceForm
from portfolio.models import Project
from portfolio.models.permits import FundFlow, FundSource
from portfolio.project_row_listing import RowListing, choice_of, unit_of
from portfolio.sent import whole_number
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

STALE = "您打开这一页之后，他人已修改了这一行。您填写的内容还在，没有保存：请对照上面表中的现有内容核对后再保存。"


@dataclass(frozen=True)
class Page:
    """One of the kinds of rows: its name in addresses and templates, its words, and what reads and writes it."""

    name: str
    title: str
    row_name: str
    reader: object  # the domain module: of_county, of_project
    form: type
    facets: dict
    sums: Callable  # rows → context
    ledger: Callable
    sorts: dict = field(default_factory=dict)  # of portfolio.project_row_listing.RowListing

    @property
    def address(self):
        return f"portfolio:{self.name}"

    @property
    def project_address(self):
        return f"portfolio:project-{self.name}"


OWNER = ("责任单位", lambda row: unit_of(row.project.unit))
STATE = ("状态", lambda row: choice_of(row.state))


def _displayed(name):
    return lambda row: (getattr(row.row, name), getattr(row.row, f"get_{name}_display")())


def _figure_of(row):
    return (row.row.kind, row.row.get_kind_display()) if row.row else ("none", "未填写")


def _shortest_first(row):
    return list(outcomes.OutcomeState).index(row.state), row.share if row.share is not None else 0


def _longest_overdue_first(row):
    return list(factors.FactorState).index(row.state), -row.days_late


def _widest_gap_first(row):
    return -(row.gap or 0)


def _by_unit(row):
    return str(row.project.unit or "\uffff")


def _served_by(label):
    return label, lambda row: unit_of(row.row.unit)


PAGES = {
    "factors": Page(
        "factors",
        "要素保障",
        "要素",
        factors,
        FactorForm,
        {"unit": OWNER, "kind": ("要素", _displayed("factor")), "by": _served_by("保障单位"), "state": STATE},
        lambda rows: {"sums": factors.sums(rows)},
        factor_ledger,
        sorts={"late": ("逾期、有缺口的在前", _longest_overdue_first)},
    ),
    "funds": Page(
        "funds",
        "资金",
        "资金来源",
        funds,
        FundForm,
        {"unit": OWNER, "kind": ("来源", _displayed("kind")), "state": STATE},
        lambda rows: {"sums": funds.by_kind(rows), "total": funds.FundSum.of(rows)},
        fund_ledger,
        sorts={"gap": ("未到位多的在前", _widest_gap_first)},
    ),
    "services": Page(
        "services",
        "一站式服务",
        "事项",
        services,
        ServiceForm,
        {"unit": OWNER, "kind": ("阶段", _displayed("phase")), "by": _served_by("承办单位"), "state": STATE},
        lambda rows: {"sums": services.by_phase(rows), "total": services.ServiceTally.of(rows)},
        service_ledger,
    ),
    "outcomes": Page(
        "outcomes",
        "见效情况",
        "指标",
        outcomes,
        OutcomeForm,
        {"unit": OWNER, "kind": ("指标", _figure_of), "state": STATE},
        lambda rows: {"sums": outcomes.sums(rows), "furthest": outcomes.furthest_short(rows)},
        outcome_ledger,
        sorts={"short": ("差得最多的在前", _shortest_first), "unit": ("责任单位", _by_unit)},
    ),
}


def _listing(request, page, asked):
    return RowListing(page.reader.of_county(asked.county, asked.year, asked.day), request.GET, page.facets, page.sorts)


@require_GET
@require_right(Right.READ_PLAN)
def row_list(request, name):
    page, asked = PAGES[name], Asked(request)
    with asked.reading():
        listing = _listing(request, page, asked)
        context = asked.context(
            "inspections",
            page=page,
            listing=listing,
            tab=name,
            export=f"{page.address}-export",
            **page.sums(listing.found),
        )
        return render(request, f"portfolio/permits/{name}.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def row_export(request, name):
    page, asked = PAGES[name], Asked(request)
    with asked.reading():
        return xlsx_response(page.ledger(_listing(request, page, asked), asked.year, asked.day), asked.day)


# One project's rows


@require_right(Right.READ_PLAN)
def project_rows(request, pk, name):
    page, asked, project = PAGES[name], Asked(request), _project(request, pk)
    may_write = not asked.is_past and _may_write(request, project)
    if request.method == "POST":
        return _write(request, page, asked, project) if may_write else _refused(request)
    with asked.reading():
        form = page.form(county=asked.county, row=_edited(request, page, project)) if may_write else None
        return _project_page(request, page, asked, project, form)


def _project(request, pk):
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("county", "unit"), pk=pk)


def _may_write(request, project):
    return Project.objects.readied_by(request.user).filter(pk=project.pk).exists()


def _refused(request):
    note_refusal(request, "不是本单位的项目，或是过去的日期")
    raise Http404


def _edited(request, page, project):
    """The row of `?edit=`; None for a new one."""
    if "edit" not in request.GET:
        return None
    pk = whole_number(request.GET["edit"])
    return get_object_or_404(page.form.model.objects.filter(project=project), pk=pk)


def _project_page(request, page, asked, project, form, status=200, flow_form=None):
    rows = page.reader.of_project(project, asked.day)
    if page.name == "funds" and form is not None and rows and flow_form is None:
        flow_form = FlowForm(sources=FundSource.objects.filter(project=project), today=asked.day)
    context = asked.context(
        "inspections",
        page=page,
        project=project,
        rows=rows,
        form=form,
        flow_form=flow_form,
        tab=page.name,
        sees_phones=_may_write(request, project),
        **page.sums(rows),
    )
    return render(request, f"portfolio/permits/project_{page.name}.html", context, status=status)


def _write(request, page, asked, project):
    if _is_gone(request, page, project):
        messages.success(request, "这一行已经删除。")
        return redirect(f"portfolio:project-{page.name}", project.pk)
    row = _edited(request, page, project)
    form = page.form(request.POST, county=asked.county, row=row)
    if request.POST.get("act") == "delete" and row is not None:
        # Nothing of the form matters but which row was seen.
        form = page.form({**form.initial, "version": request.POST.get("version", "")}, county=asked.county, row=row)
    status = 400
    if form.is_valid() and (row is None or form.cleaned_data["version"]):
        try:
            done = _act(request, form, project, row)
        except Invalid as refused:
            for name, why in refused.problems.items():
                form.add_error(name or None, why)
        except changes.StaleRow as stale:
            form.row, status = stale.current, 409
            form.add_error(None, STALE)
            form.renew()
        else:
            messages.success(request, f"已保存。{done.summary}。" if done else "内容没有变化，或已经保存过。")
            return redirect(f"portfolio:project-{page.name}", project.pk)
    return _project_page(request, page, asked, project, form, status)


def _is_gone(request, page, project):
    """It is to be deleted, and somebody has done so: this form sent twice, or another one."""
    pk = whole_number(request.GET.get("edit", ""))
    rows = page.form.model.objects.filter(project=project, pk=pk)
    return request.POST.get("act") == "delete" and pk is not None and not rows.exists()


def _act(request, form, project, row):
    of_row = {"pk": row.pk, "version": form.cleaned_data["version"]} if row else {}
    write = {"by": request.user, "project": project, "model": form.model, **of_row}
    if request.POST.get("act") == "delete" and row is not None:
        return actions.delete(**write)
    return actions.save(**write, values=form.values, form_key=form.cleaned_data["form_key"])


# Money that arrives and is paid


@require_POST
@require_right(Right.READ_PLAN)
def flow_add(request, pk):
    asked, project = Asked(request), _project(request, pk)
    if not _may_write(request, project):
        return _refused(request)
    sources = FundSource.objects.filter(project=project)
    form = FlowForm(request.POST, sources=sources, today=asked.county.business_today())
    if form.is_valid():
        try:
            done = fund_actions.add_flow(by=request.user, **form.cleaned_data)
        except Invalid as refused:
            for name, why in refused.problems.items():
                form.add_error(name, why)
        else:
            messages.success(request, "已登记。" if done else "已经登记过，没有重复登记。")
            return redirect("portfolio:project-funds", project.pk)
    empty = FundForm(county=asked.county)
    return _project_page(request, PAGES["funds"], asked, project, empty, 400, flow_form=form)


@require_POST
@require_right(Right.READ_PLAN)
def flow_delete(request, pk, flow):
    project = _project(request, pk)
    if not _may_write(request, project):
        return _refused(request)
    found = FundFlow.objects.filter(source__project=project, pk=flow).select_related("source__project").first()
    done = fund_actions.delete_flow(by=request.user, flow=found) if found else None
    messages.success(request, f"已保存。{done.summary}。" if done else "这一笔已经删除。")
    return redirect("portfolio:project-funds", project.pk)
