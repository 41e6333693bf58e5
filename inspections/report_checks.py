"""Whether an issued report is still what was issued: its content, its files, and what the audit trail says of it."""

import hashlib

from accounts.models import AuditEntry
from inspections.reports import digest_of

FILES = ("pdf", "docx", "xlsx")
GROUP = 4


def told(digest):
    """A digest as the audit trail holds it: in groups, so that no run of figures is masked as if it were a phone."""
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


def file_digest(content):
    return hashlib.sha256(content).hexdigest()


def is_as_issued(report):
    """Whether the content is the one that the fingerprint was taken of."""
    try:
        return digest_of(report.content) == report.digest
    except ValueError:  # a float: no report has ever held one
        return False


def is_file_as_issued(report, ending, content):
    """Whether these bytes are the file that was issued; what has no fingerprint can't be told, and passes."""
    return report.file_digests.get(ending, file_digest(content)) == file_digest(content)


def faults(report):
    """What is wrong with it, as sentences."""
    if not is_as_issued(report):
        yield "内容与签发时的指纹不一致。"
    elif report.file_digests and not _is_in_the_trail(report):
        yield "审计日志中没有按这个指纹签发的记录。"
    for ending in FILES:
        file = getattr(report, ending)
        if not file.storage.exists(file.name):
            yield f"缺少 {ending} 文件。"
        elif not is_file_as_issued(report, ending, _bytes(file)):
            yield f"{ending} 文件与签发时的指纹不一致。"


def _is_in_the_trail(report):
    return AuditEntry.objects.filter(county=report.county_id, summary__contains=told(report.digest)).exists()


def _bytes(file):
    with file.storage.open(file.name) as stored:
        return stored.read()
