"""The audit trail as a .csv file."""

import csv
import json

from django.utils import timezone

from accounts.cell_text import guard

LIMIT = 100_000
HEADER = ["编号", "时间", "操作人", "地址", "操作", "结果", "对象类型", "对象编号", "对象", "摘要", "明细"]


def row(entry):
    return [
        entry.pk,
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        guard(entry.actor_name),
        entry.address or "",
        guard(entry.action),
        entry.get_outcome_display(),
        entry.target_type,
        guard(entry.target_id),
        guard(entry.target_label),
        guard(entry.summary),
        json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
    ]


class Line:
    """csv.writer writes to a file; this one hands each line on."""

    def write(self, text):
        return text


def csv_lines(entries):
    """UTF-8 with a byte order mark, because Excel and WPS take a file without one for GBK."""
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(HEADER)
    for entry in entries[:LIMIT].iterator(chunk_size=2000):
        yield writer.writerow(row(entry))
