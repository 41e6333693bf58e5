"""How far a long import has come: a small file beside the uploads, because SQLite has one writer and it is busy."""

import json
import os
import time

from django.conf import settings

STALE_SECONDS = 90


def _path(batch):
    return settings.MEDIA_ROOT / "imports" / "progress" / f"{batch.pk}.json"


def write(batch, step, done=0, total=0):
    path = _path(batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"step": step, "done": done, "total": total, "pid": os.getpid(), "at": time.time()}))
    draft.replace(path)


def read(batch):
    """{step, done, total, percent, stalled} or None. `stalled`: its process is gone, or has been silent too long."""
    try:
        facts = json.loads(_path(batch).read_text())
    except (FileNotFoundError, ValueError):
        return None
    facts["percent"] = round(100 * facts["done"] / facts["total"]) if facts["total"] else None
    facts["stalled"] = not _is_alive(facts["pid"]) or time.time() - facts["at"] > STALE_SECONDS
    return facts


def clear(batch):
    _path(batch).unlink(missing_ok=True)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
