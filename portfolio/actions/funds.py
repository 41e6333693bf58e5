"""Noting money that arrived or was paid, and taking a wrong note out again; the audit trail keeps both."""

from django.db import transaction

from portfolio import funds
from portfolio.actions.project_rows import begin, is_done, writable_project
from portfolio.actions.register import Invalid
from portfolio.models.permits import FundFlow, FundSource


@transaction.atomic
def add_flow(*, by, source, kind, day, amount, note="", form_key=None):
    """`amount` in 万元. The new FundFlow; None when this form has been sent before. Raises `Invalid`."""
    project = writable_project(by, source.project)
    if is_done(by, form_key):
        return None
    # Locked: a source that is being deleted takes no more flows.
    source = FundSource.objects.select_for_update(of=("self",), no_key=True).get(project=project, pk=source.pk)
    if found := funds.flow_faults(day, amount, project.county.business_today()):
        raise Invalid(found)
    flow = FundFlow(county=project.county, source=source, kind=kind, day=day, amount=amount, note=note.strip())
    flow.noted_at, flow.noted_by = project.county.business_now(), by
    begin(by, project, f"{project}：登记资金 {_told(flow)}", form_key)
    flow.save()
    return flow


@transaction.atomic
def delete_flow(*, by, flow):
    """None when it is gone already."""
    project = writable_project(by, flow.source.project)
    flow = FundFlow.objects.filter(source__project=project, pk=flow.pk).select_related("source").first()
    if flow is None:
        return None
    change_set = begin(by, project, f"{project}：删除资金 {_told(flow)}")
    flow.delete()
    return change_set


def _told(flow):
    return f"{flow.source.get_kind_display()} {flow.day} {flow.get_kind_display()} {flow.amount} 万元"
