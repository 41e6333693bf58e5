"""How far a long import has come: a small file beside the uploads, because SQLite has one writer and it is busy."""

import contextlib
import json
import os
import threading
import time
from pathlib import Path

from django.conf import settings

HEARTBEAT_SECONDS, STALLED_SECONDS = 5, 40


def _path(batch):
    return Path(settings.MEDIA_ROOT) / "imports" / "progress" / f"{batch.pk}.json"


def write(batch, step, done=0, total=0):
    path = _path(batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"step": step, "done": done, "total": total}))
    draft.replace(path)


def read(batch):
    """{step, done, total, percent, stalled} or None. `stalled`: nobody has touched it for a while."""
    path = _path(batch)
    try:
        facts, touched_at = json.loads(path.read_text()), path.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return None
    facts["percent"] = round(100 * facts["done"] / facts["total"]) if facts["total"] else None
    facts["stalled"] = time.time() - touched_at > STALLED_SECONDS
    return facts


def clear(batch):
    _path(batch).unlink(missing_ok=True)


@contextlib.contextmanager
def heartbeat(batch):
    """While the block runs, its progress looks alive even in a step that can't say how far it is."""
    stopped = threading.Event()

    def beat():
        while not stopped.wait(HEARTBEAT_SECONDS):
            with contextlib.suppress(FileNotFoundError):
                os.utime(_path(batch))

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield
    finally:
        stopped.set()
