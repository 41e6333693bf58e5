import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from portfolio import jobs
from portfolio.actions import job_runs
from portfolio.models import JobRun
from tests import factories

pytestmark = pytest.mark.django_db


def states(now=None):
    return {state.label: state for state in jobs.states(now or timezone.now())}


def test_a_job_that_never_ran_is_stale():
    state = states()["备份"]

    assert (state.last, state.succeeded_at, state.is_stale, state.has_failed) == (None, None, True, False)


@pytest.mark.parametrize(("hours", "is_stale"), [(36, False), (37, True)])
def test_a_job_is_stale_a_day_and_a_half_after_its_last_success(hours, is_stale):
    job_runs.note("backup", "已备份。")
    ended = JobRun.objects.get().finished_at

    state = states(ended + dt.timedelta(hours=hours))["备份"]

    assert (state.is_stale, state.succeeded_at) == (is_stale, ended)


def test_a_failure_stands_before_the_success_it_followed(county):
    job_runs.finish(job_runs.start("send_notices", "2024-05-31T10"), "")
    failed = job_runs.start("send_notices", "2024-05-31T11")
    job_runs.fail(failed, "没有发出。")

    state = states()["发送提醒"]

    assert (state.last, state.has_failed, state.is_open, state.is_stale) == (failed, True, False, False)
    assert state.last.words == "失败：没有发出。"


def test_a_run_without_end_or_words_is_open(county):
    job_runs.start("send_notices", "2024-05-31T10")

    state = states()["发送提醒"]

    assert (state.has_failed, state.is_open) == (False, True)


def test_nightly_jobs_leave_their_run(county, tmp_path):
    call_command("record_lights", stdout=io.StringIO())

    assert states()["补记各周亮灯"].last.words.startswith("沁源县：补记了 ")


def test_the_page_says_what_has_stopped_and_why(client, county):
    client.force_login(factories.user("sysadmin"))
    job_runs.note("backup", "已备份到 <盘>。")
    job_runs.fail(job_runs.start("send_notices", "2024-05-31T10"), "邮件服务器 10 秒内没有应答。")

    page = client.get("/jobs/")

    text = page.content.decode()
    assert page.context["stale"] == ["发送提醒", "补记各周亮灯"]
    assert "失败：邮件服务器 10 秒内没有应答。" in text
    assert "已备份到 &lt;盘&gt;。" in text
    assert "邮件未设置，不会发出；工作群未设置，不会发出" in text


def test_the_page_says_which_channels_are_on(client, county, settings):
    settings.EMAIL_HOST, settings.NOTICE_WEBHOOK_URL = "mail.example.gov.cn", "https://example.com/?key=robot-key"
    client.force_login(factories.user("sysadmin"))

    text = client.get("/jobs/").content.decode()

    assert "邮件已设置；工作群已设置" in text
    assert "robot-key" not in text


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor"])
def test_only_the_system_administrator_opens_it(client, county, role):
    client.force_login(factories.user(role))

    assert client.get("/jobs/").status_code == 404
