"""Long imports run in a process of their own, so that the office's page answers and nobody else waits."""

import subprocess
import sys

from django.conf import settings

from portfolio.importing import progress, service
from portfolio.importing.safety import kind_of, sheet_bytes

# About 2,000 rows of an ordinary plan table.
LARGE_SHEET_BYTES = {"xlsx": 2_000_000, "xls": 1_000_000, "csv": 600_000}


def is_large(batch):
    with batch.file.open("rb") as stored:
        content = stored.read()
    kind = kind_of(content)
    return sheet_bytes(content, kind) > LARGE_SHEET_BYTES[kind]


def read(batch):
    """Read a received batch here and now, or start its reading when it is large."""
    if is_large(batch):
        _start(batch, "read")
    else:
        service.read(batch)


def apply(batch, *, by):
    """Apply here and now, or start it when it is large. `NotNow` as of `service.apply`."""
    if is_large(batch):
        _start(batch, "apply", by)
    else:
        service.apply(batch, by=by)


def _start(batch, step, by=None):
    """Its errors go where the server's go."""
    progress.write(batch, "排队等候")
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(batch.pk), step]
    subprocess.Popen(
        command + (["--by", str(by.pk)] if by else []),
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
