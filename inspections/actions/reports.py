"""Issuing a report: its content is frozen with its fingerprint, and its files are made from it.

An issued report is never changed. A correction is the next version, and says why; the version before it stays.
"""

import io
import logging

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.models import County
from accounts.roles import Right, has_right
from inspections import report_checks, reports
from inspections.documents import fonts, pdf, report_docx, report_pdf, report_pictures
from inspections.exporting.reports import annex_ledgers
from inspections.models import IssuedReport, ReportKind
from inspections.reports import imprint
from inspections.reports.readiness import obstacles
from portfolio.actions import changes
from portfolio.exporting import ledger
from portfolio.models import ChangeSet

logger = logging.getLogger(__name__)
ATTEMPTS = 3
LONGEST = IssuedReport._meta.get_field("correction").max_length


class Refused(Exception):
    """The report can't be issued; the message says why and what to do, in Chinese."""


def issue(*, by, kind, year, period, as_of, leader=None, version=0, correction="", form_key=None):
    """An `IssuedReport` of a quarter or month, with the figures known at the end of `as_of`.

    `version` is the latest that `by` has seen: 0 for none; `changes.StaleRow` where there is a later one. After the
    first, `correction` says what was wrong. Who may not: IssuedReport.DoesNotExist. The same `form_key` again gives
    back what the first one made.
    """
    if not has_right(by, Right.ISSUE_REPORTS) or (leader and leader.county_id != by.county_id):
        raise IssuedReport.DoesNotExist
    about = {"county": by.county, "kind": kind, "year": year, "period": period, "leader": leader}
    if done := _made_with(by, form_key, about):
        return done
    if (kind == ReportKind.LEADER) != (leader is not None):
        raise Refused("包联专报请选定一名包联领导；季报、月报是全县的，不选领导。")
    correction = _checked(correction, version)
    files = []
    try:
        return _issue(by, about, as_of, version, correction, form_key, files)
    except IntegrityError:
        _remove(files)
        # The same form sent twice at once: the other one's row won.
        if done := _made_with(by, form_key, about):
            return done
        raise
    except BaseException:
        _remove(files)
        raise


def latest(about):
    """The last version of a report; None before the first. `about` holds county, kind, year, period and leader."""
    return IssuedReport.objects.filter(**about).order_by("-version").first()


def _made_with(by, form_key, about):
    is_done = form_key and ChangeSet.objects.filter(form_key=form_key, by=by).exists()
    return latest(about) if is_done else None


def _checked(correction, version):
    correction = correction.strip()
    if version and not correction:
        raise Refused("这期报告已经签发过。更正请写明更正了什么、为什么更正。")
    if not version and correction:
        raise Refused("这期报告还没有签发过，不用写更正说明。")
    if len(correction) > LONGEST:
        raise Refused(f"更正说明有 {len(correction)} 字，超过 {LONGEST} 字，请缩短。")
    return correction


def _issue(by, about, as_of, version, correction, form_key, files):
    """Gathered and drawn before the county's turn is taken: that takes seconds, in which others may want to write."""
    for _ in range(ATTEMPTS):
        county = County.objects.get(pk=by.county_id)
        report = _drawn(county, by, about, as_of, version, correction)
        made = _files(report)
        with transaction.atomic():
            changes.take_turn(by.county_id)
            if County.objects.get(pk=by.county_id).data_version == county.data_version:
                return _store(report, made, by, version, form_key, files)
    raise Refused("生成报告时不断有人在修改数据，没有签发。请稍后再试。")


def _drawn(county, by, about, as_of, version, correction):
    period = reports.Period(about["kind"], about["year"], about["period"])
    if standing := obstacles(county, period, as_of, county.business_today()):
        raise Refused("".join(standing))
    content = reports.kept_content(county, period, as_of, about["leader"])
    return IssuedReport(
        **{**about, "county": county},
        version=version + 1,
        as_of=as_of,
        content=content,
        digest=reports.digest_of(content),
        correction=correction,
        issued_at=county.business_now(),
        issued_by=by,
    )


def _store(report, made, by, version, form_key, files):
    about = {name: getattr(report, name) for name in ("county", "kind", "year", "period", "leader")}
    if done := _made_with(by, form_key, about):  # the same form sent again while the first was at work
        return done
    last = latest(about)
    if (last.version if last else 0) != version:
        raise changes.StaleRow(last)
    what = f"更正（第 {report.version} 版）" if version else "签发"
    changes.begin(
        ChangeSet.Kind.INSPECTION,
        county=report.county,
        by=by,
        summary=f"{what}{report.content['title']}，内容指纹 {report_checks.told(report.digest)}",
        form_key=form_key,
    )
    for ending, content in made:
        file = getattr(report, ending)
        file.save(f"{report.digest[:12]}-{report.version}.{ending}", ContentFile(content), save=False)
        files.append(file)
        report.file_digests[ending] = report_checks.file_digest(content)
    report.save(force_insert=True)
    return report


def _files(report):
    """[(ending, bytes)]."""
    try:
        return _made(report.content, imprint.of_report(report))
    except fonts.NoFont as missing:
        raise Refused(str(missing)) from missing
    except pdf.NotSet as failed:
        logger.exception("A report could not be set.")
        raise Refused("生成 PDF 时出错，没有签发。请再试一次；还是不行，请联系系统管理员查看服务器日志。") from failed


def _made(content, about):
    """The drawings are set while the workbook is written; the PDF alone, since its process takes most of the memory."""
    workbook = io.BytesIO()
    with report_pictures.being_drawn(content) as drawn:
        ledger.write_book(annex_ledgers(content, about), workbook)
        pictures = drawn()
    printed = report_pdf.rendered(content, about)
    written = report_docx.rendered(content, about, pictures)
    return [("pdf", printed), ("docx", written), ("xlsx", workbook.getvalue())]


def _remove(files):
    for file in files:
        file.storage.delete(file.name)
