"""Taking back what was done with a quarterly inspection by mistake: prepared, opened, or closed too early.

As in `actions.rounds`: one transaction and one change set each, by the project office, on the version that it saw.
"""

from django.db import transaction
from django.utils import timezone

from inspections.actions.rounds import Refused, Write, begin, refuse_losses, take
from inspections.models import Criterion, IssuedReport, Judge, ReportKind, Round, Stop
from inspections.models.rounds import RoundState
from portfolio.actions import changes
from portfolio.models import ChangeSet


@transaction.atomic
def discard(*, by, round_, version, form_key=None):
    """Delete a round in preparation with its route, judges and scoring sheet; history keeps round and stops."""
    changes.take_turn(by.county_id)
    row = changes.lock_current(Round.objects.run_by(by).select_related("county"), round_.pk, version)
    if row.state != RoundState.PLANNED:
        remedy = "没有评分的，请先退回筹备再删去。" if row.state == RoundState.OPEN else ""
        raise Refused(f"这次观摩{row.get_state_display()}，不能删去。{remedy}")
    stops = list(row.stops.select_related("plan__project"))
    refuse_losses(stops)
    change_set = begin(by, row, f"删去这次观摩（{len(stops)} 个观摩点）", form_key, "discard")
    Judge.objects.filter(round=row).delete()
    Criterion.objects.filter(round=row).delete()
    changes.delete(change_set, Stop.objects.filter(round=row))
    changes.delete(change_set, Round.objects.filter(pk=row.pk))


def has_discarded(by, form_key):
    """Whether this account has deleted a round with that form already."""
    done = ChangeSet.objects.filter(form_key=form_key, by=by).values("pk")
    return Round.history.filter(change_set__in=done, history_type="-").exists()


def take_back(*, by, round_, version, form_key=None):
    """Back into preparation, as long as nobody has scored."""

    def write(row):
        if row.state != RoundState.OPEN:
            raise Refused("这次观摩还没有开始，不用退回筹备。")
        scored = row.judges.filter(sheets__isnull=False).distinct().select_related("user")
        if names := "、".join(map(str, scored)):
            raise Refused(f"{names}已经评过分，不能退回筹备。路线和评委仍可以调整。")
        row.state = RoundState.PLANNED
        return Write("退回筹备", fields=["state"])

    return take("take_back", write, by, round_, version, form_key)


def reopen(*, by, round_, version, reason, form_key=None):
    """Let the judges score again after the round was closed too early. Not once a report has told of its result."""

    def write(row):
        if row.state != RoundState.CLOSED:
            raise Refused("这次观摩还没有结束，不用重新开放。")
        _refuse_reports(row)
        row.state, row.closed_at, row.reopening = RoundState.OPEN, None, _said(reason)
        return Write(f"重新开放评分，原因：{row.reopening}", fields=["state", "closed_at", "reopening"])

    return take("reopen", write, by, round_, version, form_key, of_closed=True)


def _refuse_reports(row):
    if (report := resting_report(row)) is not None:
        day = timezone.localtime(report.issued_at).date()
        told = f"{report.content['title']}第 {report.version} 版（{day} 签发）"
        raise Refused(f"{told}已用到这次观摩的结果，不能重新开放。确有错误的，请签发更正版，在更正说明中写明。")


def resting_report(row):
    """The latest issued report that tells of the closed round's result; None when there is none."""
    of_quarter = {"kind": ReportKind.QUARTERLY, "year": row.year, "period": row.quarter}
    reports = IssuedReport.objects.filter(county=row.county_id, **of_quarter, issued_at__gte=row.closed_at)
    return reports.order_by("-version").first()


def _said(reason):
    reason, longest = reason.strip(), Round._meta.get_field("reopening").max_length
    if not reason:
        raise Refused({"reason": "请写明重新开放的原因。"})
    if len(reason) > longest:
        raise Refused({"reason": f"原因有 {len(reason)} 字，超过 {longest} 字，请缩短。"})
    return reason
