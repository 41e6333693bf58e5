"""From the preview of a week sheet to its saving. Between the two the rows travel in the page, signed, so that nothing
has to be kept on the server and nothing can be slipped in."""

from decimal import Decimal

from django.core import signing
from django.db import transaction

from portfolio.actions import changes, dispatch
from portfolio.importing.refusals import NotNow
from portfolio.models import AnnualPlan

SALT = "portfolio.week_sheet"
HOUR = 3600
LONGEST_EXPLANATION = 1000
FIGURES = ("ytd_investment", "works_percent")


def pack(preview, *, by, week):
    """The lines that would be saved or submitted, as text for a hidden box."""
    lines = {line.plan.pk: line for line in (*preview.changed, *preview.to_submit)}
    rows = [[pk, line.version, bool(line.changes), _plain(line.values())] for pk, line in lines.items()]
    return signing.dumps({"by": by.pk, "week": str(week), "rows": rows}, salt=SALT, compress=True)


def _plain(values):
    return values | {name: str(values[name]) for name in FIGURES if values[name] is not None}


def unpack(text, *, by, week):
    """[(plan key, version, whether it differs from the stored, values)]; `NotNow` when it is not ours or too old."""
    try:
        packed = signing.loads(text, salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        raise NotNow("这次核对已经过期，请重新上传表格。") from None
    if (packed["by"], packed["week"]) != (by.pk, str(week)):
        raise NotNow("这次核对不是您在这一周做的，请重新上传表格。")
    return [(pk, version, differs, _typed(values)) for pk, version, differs, values in packed["rows"]]


def _typed(values):
    return values | {name: Decimal(values[name]) for name in FIGURES if values[name] is not None}


@transaction.atomic
def apply(rows, *, by, county, week, explanations, submits):
    """Save the rows as drafts, all or none, and submit what can be: the `actions.dispatch.Outcome`, or None.

    `explanations` are {plan key: text} from the preview. `NotNow` when somebody wrote meanwhile or the week is closed.
    """
    changes.take_turn(county.pk)
    plans = AnnualPlan.objects.reportable_by(by).filter(year=week.year).select_related("project", "county")
    plans = plans.in_bulk([pk for pk, *_ in rows])
    versions = {}
    for pk, version, differs, values in rows:
        explanation = explanations.get(pk, "").strip()[:LONGEST_EXPLANATION]
        if explanation and explanation != values["explanation"]:
            values, differs = values | {"explanation": explanation}, True
        versions[pk] = _save(by, plans.get(pk), week, values, version).row_version if differs else version
    return _submit(by, county, week, versions) if submits and versions else None


def _save(by, plan, week, values, version):
    if plan is None:
        raise NotNow("有的项目已不由您填报，请重新下载表格。")
    try:
        return dispatch.save(by=by, plan=plan, week=week, values=values, version=version)
    except changes.StaleRow as stale:
        who = stale.current.saved_by or "他人"
        raise NotNow(f"“{plan.project}”在您核对之后被{who}修改过，没有保存任何一项。请重新上传，核对后再存。") from None
    except dispatch.Refused as refusal:
        raise NotNow(f"“{plan.project}”：{refusal}没有保存任何一项。") from None


def _submit(by, county, week, versions):
    try:
        return dispatch.submit(by=by, county=county, week=week, versions=versions)
    except dispatch.Refused as refusal:
        raise NotNow(f"{refusal}没有保存任何一项。") from None
