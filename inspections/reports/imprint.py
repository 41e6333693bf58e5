"""What stands around a report's content: who issued which version of it, and when."""

from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True)
class Imprint:
    """All in words; a preview has no `issued`, `digest` and `correction`."""

    office: str
    mark: str = ""
    issued: str = ""
    digest: str = ""
    correction: str = ""


def office_of(content):
    return f"{content['county']}重点项目建设领导小组办公室"


def preview(content):
    return Imprint(office_of(content), mark=_marks("预览稿，未签发", content))


def of_report(report):
    """Of an IssuedReport, saved or about to be."""
    moment = timezone.localtime(report.issued_at)
    by = report.issued_by.name if report.issued_by else "账号已删除"
    version = f"第 {report.version} 版（更正）" if report.version > 1 else ""
    return Imprint(
        office=office_of(report.content),
        mark=_marks(version, report.content),
        issued=f"{moment.year}年{moment.month}月{moment.day}日签发　签发人：{by}",
        digest=report.digest,
        correction=report.correction,
    )


def _marks(version, content):
    return "　".join(part for part in (version, "演示数据" if content["is_demo"] else "") if part)
