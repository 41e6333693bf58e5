"""Keeping account of the timed jobs: each is done once for a slot, by one process at a time."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import County
from portfolio.models import JobRun

# After so long without an end a run has died: the next may take its place. deploy/*.service stop a run before that.
LEASE = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=400)
WORDS = JobRun._meta.get_field("words").max_length


class NotNow(Exception):
    """The job has nothing to do; the message says why, in Chinese."""


@transaction.atomic
def start(job, slot):
    """The JobRun, to be given to `finish` or `fail`. Raises `NotNow` when another runs, or the slot is done.

    A run that failed or died is taken up again. Times are the real clock's, whatever the business time.
    """
    # One start at a time, also of different slots.
    list(County.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    now = timezone.now()
    running = JobRun.objects.filter(job=job, finished_at=None, words="", started_at__range=(now - LEASE, now + LEASE))
    if other := running.first():
        raise NotNow(f"{timezone.localtime(other.started_at):%H:%M} 开始的一次还在运行，这次不再执行。")
    run, is_new = JobRun.objects.get_or_create(job=job, slot=slot, defaults={"started_at": now})
    if run.finished_at:
        raise NotNow(f"时段 {slot} 已经执行过，不再重复。")
    if not is_new:
        run.started_at, run.words = now, ""
        run.save(update_fields=["started_at", "words"])
    return run


def finish(run, words):
    run.finished_at, run.words = timezone.now(), words[:WORDS]
    run.save(update_fields=["finished_at", "words"])


def fail(run, words):
    """Without an end, but with words: whoever starts the slot again may do so at once."""
    run.words = f"失败：{words}"[:WORDS]
    run.save(update_fields=["words"])


def note(job, words):
    """Tell of today's run of a job that may be repeated at will; the last of a day stays."""
    now = timezone.now()
    told = {"started_at": now, "finished_at": now, "words": words[:WORDS]}
    JobRun.objects.update_or_create(job=job, slot=f"{timezone.localdate(now)}", defaults=told)


def prune():
    JobRun.objects.filter(started_at__lt=timezone.now() - KEPT).delete()
