import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from portfolio.actions import job_runs
from portfolio.models import JobRun

pytestmark = pytest.mark.django_db
SLOT = "2024-05-31T10"


@pytest.fixture(autouse=True)
def _county(county):
    pass


def started_ago(run, **span):
    JobRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - dt.timedelta(**span))


def refusal(slot=SLOT):
    with pytest.raises(job_runs.NotNow) as caught:
        job_runs.start("send", slot)
    return str(caught.value)


def test_a_slot_that_is_done_is_not_done_again():
    job_runs.finish(job_runs.start("send", SLOT), "新提醒 3 条")

    assert refusal() == "时段 2024-05-31T10 已经执行过，不再重复。"
    run = JobRun.objects.get()
    assert (run.job, run.slot, run.words, run.finished_at is None) == ("send", SLOT, "新提醒 3 条", False)


def test_another_slot_and_another_job_are_done():
    job_runs.finish(job_runs.start("send", SLOT), "")

    job_runs.finish(job_runs.start("send", "2024-05-31T11"), "")
    job_runs.finish(job_runs.start("other", SLOT), "")

    assert JobRun.objects.count() == 3


@pytest.mark.parametrize("slot", [SLOT, "2024-05-31T11"])
def test_two_do_not_run_at_once(slot):
    run = job_runs.start("send", SLOT)

    assert refusal(slot) == f"{timezone.localtime(run.started_at):%H:%M} 开始的一次还在运行，这次不再执行。"


@pytest.mark.parametrize(("minutes", "is_taken"), [(14, False), (16, True), (-16, True)])
def test_a_run_that_died_is_taken_up_again(minutes, is_taken):
    """Also one that a clock set back has left in the future."""
    died = job_runs.start("send", SLOT)
    started_ago(died, minutes=minutes)

    if is_taken:
        assert job_runs.start("send", SLOT) == died
    else:
        refusal()


def test_a_run_that_failed_is_taken_up_at_once():
    failed = job_runs.start("send", SLOT)
    job_runs.fail(failed, "邮件服务器 10 秒内没有应答。")
    told = JobRun.objects.get().words

    again = job_runs.start("send", SLOT)

    assert (told, again, again.words) == ("失败：邮件服务器 10 秒内没有应答。", failed, "")


def test_long_words_are_cut():
    job_runs.finish(job_runs.start("send", SLOT), "字" * 400)

    assert JobRun.objects.get().words == "字" * 300


def test_a_job_that_may_be_repeated_keeps_its_last_run_of_the_day():
    job_runs.note("backup", "甲")
    job_runs.note("backup", "乙")

    run = JobRun.objects.get()
    assert (run.slot, run.words) == (f"{timezone.localdate()}", "乙")


def test_old_runs_are_forgotten():
    old, kept = job_runs.start("send", SLOT), job_runs.start("backup", SLOT)
    started_ago(old, days=401)
    started_ago(kept, days=399)

    job_runs.prune()

    assert list(JobRun.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_of_two_that_start_at_once_one_runs():
    gate, results = threading.Barrier(2), []

    def start():
        try:
            gate.wait(5)
            results.append(job_runs.start("send", SLOT).slot)
        except job_runs.NotNow:
            results.append("not now")
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [SLOT, "not now"]
