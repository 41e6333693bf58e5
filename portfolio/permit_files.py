"""Files of approvals (批文): what they are is read from their content, never from the name and type that came along.

A picture is made anew from its pixels, as photos are. A PDF is kept as it came, and only ever handed out as a download.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from portfolio import photos

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_NAME = 120
MOST_AT_ONCE = 5
TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg"}
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')
PDF_HEAD, PDF_END = b"%PDF-", b"%%EOF"
END_WITHIN = 2048  # bytes from the end of the file


class NotAnApproval(Exception):
    """The upload can't be kept; the message says why, and what would do."""


@dataclass(frozen=True)
class ApprovalFile:
    """`ending` is one of TYPES; `name` is what a download is called."""

    content: bytes
    ending: str
    name: str


def prepare(upload):
    """`ApprovalFile` from an uploaded file; raises NotAnApproval."""
    if upload.size > LARGEST_FILE:
        raise NotAnApproval("批文超过 10 MB。请压缩后再传，或只扫描需要的页。")
    content = upload.read()
    if content.startswith(PDF_HEAD):
        if PDF_END not in content[-END_WITHIN:]:
            raise NotAnApproval("PDF 文件不完整，无法打开。请重新扫描或重选。")
        return ApprovalFile(content, ".pdf", kept_name(upload.name, ".pdf"))
    try:
        picture = photos.prepare(_Content(content))
    except photos.NotAPhoto as error:
        raise NotAnApproval("批文应是 PDF、JPG 或 PNG 文件，而且能够打开。请重新扫描或重选。") from error
    return ApprovalFile(picture.image, ".jpg", kept_name(upload.name, ".jpg"))


class _Content(io.BytesIO):
    """What `photos.prepare` takes: bytes that know their size."""

    @property
    def size(self):
        return self.getbuffer().nbytes


def kept_name(name, ending):
    """The given file name without folders, control and direction marks, with the ending of what it really is."""
    plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    stem = PurePosixPath(NOT_IN_NAMES.sub("_", plain)).stem.strip(" .") or "批文"
    return stem[: LONGEST_NAME - len(ending)] + ending


def type_of(stored_name):
    """The content type that a stored file is handed out with: by its own ending, which was given by its content."""
    return TYPES[PurePosixPath(stored_name).suffix]
