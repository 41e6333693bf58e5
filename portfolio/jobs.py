"""How the timed jobs went: for the system administrator, who is the first to notice that one has stopped."""

import datetime as dt
from dataclasses import dataclass

from portfolio.models import JobRun

# As in deploy/: each runs at least once a day.
JOBS = {"send_notices": "发送提醒", "backup": "备份", "record_lights": "补记各周亮灯"}
STALE = dt.timedelta(hours=36)


@dataclass(frozen=True)
class JobState:
    """A job with its last run and the end of its last success, None where it has none."""

    label: str
    last: JobRun | None
    succeeded_at: dt.datetime | None
    is_stale: bool

    @property
    def has_failed(self):
        return self.last is not None and self.last.finished_at is None and self.last.words != ""

    @property
    def is_open(self):
        """It runs, or died before it could say anything."""
        return self.last is not None and self.last.finished_at is None and self.last.words == ""


def states(now):
    """[JobState] of all jobs; one without success for a day and a half is stale. `now` is the real clock's."""
    return [_state(job, label, now) for job, label in JOBS.items()]


def _state(job, label, now):
    runs = JobRun.objects.filter(job=job).order_by("-started_at", "-pk")
    ended = runs.filter(finished_at__isnull=False).values_list("finished_at", flat=True)
    succeeded_at = ended.order_by("-finished_at").first()
    return JobState(label, runs.first(), succeeded_at, succeeded_at is None or now - succeeded_at > STALE)
