"""A report as PDF: its content, with the photos taken out of it into files that the template finds."""

import base64

from inspections.documents import pdf
from inspections.models import ReportKind


def rendered(content, imprint):
    """PDF bytes of a report. `imprint` (inspections.reports.imprint) tells who issued which version of it."""
    with being_set(content, imprint) as setting:
        (document,) = setting.pages()
    return document


def being_set(content, imprint):
    """The same, at work while other things are done: a context manager with a `pdf.Setting`."""
    images = {}
    sections = [_section(section, images) for section in content["sections"]]
    data = {
        **content,
        "sections": sections,
        "cover": _cover(content),
        "is_short": content["kind"] == ReportKind.LEADER,
        "office": imprint.office,
        "issued": imprint.issued,
        "mark": imprint.mark,
        "correction": imprint.correction,
        "digest": imprint.digest,
    }
    return pdf.being_set("report", data, images)


def _cover(content):
    """The title's two lines: whose report of when, and what it is."""
    first = content["county"] + content["period"]
    return [first, content["title"].removeprefix(first)]


def _section(section, images):
    return {**section, "blocks": [_block(block, images) for block in section["blocks"]]}


def _block(block, images):
    if block["type"] != "stops":
        return block
    return {**block, "items": [_stop(stop, images) for stop in block["items"]]}


def _stop(stop, images):
    return {**stop, "photos": [_photo(each, images) for each in stop["photos"]]}


def _photo(photo, images):
    name = f"photo-{len(images) + 1}.jpg"
    images[name] = base64.b64decode(photo["jpeg"])
    return {"file": name, "caption": photo["caption"], "day": photo["day"]}
