"""The hourly command against a mail server and a group robot on this machine."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from portfolio.channels.email import Mailbox
from portfolio.management.commands import send_notices
from portfolio.models import JobRun, Notice, NoticeKind, NoticeRule
from tests import factories

pytestmark = pytest.mark.django_db
SLOT = "2024-05-31T10"


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


def rules(county, **fields):
    for kind in NoticeKind:
        NoticeRule.objects.update_or_create(
            county=county, kind=kind, defaults={"threshold": 24, "by_email": True, "by_webhook": True, **fields}
        )


def unit_that_owes(name, address=""):
    """A reporter whose unit has a project to report by noon; 10 o'clock is within the day before."""
    unit = factories.unit(name)
    factories.plan_under_way(unit)
    return factories.user("reporter", name, name=name, unit=unit, email=address)


def run(slot=SLOT, **options):
    out = io.StringIO()
    call_command("send_notices", slot=slot, stdout=out, **options)
    return out.getvalue()


def failure(slot=SLOT):
    with pytest.raises(CommandError) as caught:
        run(slot)
    return str(caught.value).splitlines()


def trail():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "target_label", "summary"))


def test_nothing_leaves_while_the_channels_are_off(county, mail_server, robot, settings):
    """They listen, but nobody has named them."""
    settings.EMAIL_HOST = settings.NOTICE_WEBHOOK_URL = ""
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")

    printed = run()

    assert printed == "沁源县：新提醒 1 条，邮件 0 人，工作群 0 条。\n"
    assert (mail_server.conversations, robot.requests) == (0, [])
    notice = Notice.objects.get()
    assert (notice.emailed_at, notice.posted_at) == (None, None)


def test_nothing_leaves_of_kinds_that_the_rules_keep_here(county, mail_server, robot):
    unit_that_owes("甲局", "a@example.gov.cn")

    run()

    assert (Notice.objects.count(), mail_server.conversations, robot.requests) == (1, 0, [])


def test_what_is_due_goes_out_by_both_channels_and_is_marked(county, mail_server, robot):
    rules(county)
    user = unit_that_owes("甲局", "a@example.gov.cn")

    printed = run()

    notice = Notice.objects.get()
    assert printed == "沁源县：新提醒 1 条，邮件 1 人，工作群 1 条。\n"
    assert mail_server.sent_to == ["a@example.gov.cn"]
    assert robot.texts[0].splitlines()[2] == f"· 甲局：{notice.title}"
    assert (notice.emailed_at, notice.posted_at) == (county.business_now(), county.business_now())
    assert trail()[1:] == [("发送提醒邮件", f"甲局（{user.username}）", "1 条提醒"), ("发送工作群提醒", "", "1 条提醒")]
    assert JobRun.objects.get().words == "沁源县：新提醒 1 条，邮件 1 人，工作群 1 条"


def test_the_same_hour_and_the_next_send_nothing_again(county, mail_server, robot):
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")
    run()

    again, next_hour = run(), run("2024-05-31T11")

    assert again == "时段 2024-05-31T10 已经执行过，不再重复。\n"
    assert next_hour == "沁源县：新提醒 0 条，邮件 0 人，工作群 0 条。\n"
    assert (len(mail_server.messages), len(robot.requests)) == (1, 1)


def test_the_slot_is_this_hour_by_the_real_clock_unless_told(county, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2024, 6, 3, 0, 5, tzinfo=dt.UTC))

    run(slot=None)

    assert JobRun.objects.get().slot == "2024-06-03T08"


@pytest.mark.parametrize("slot", ["2024-05-31", "2024-05-31T10:05", "今天"])
def test_a_slot_that_is_none_is_refused(county, slot):
    assert failure(slot) == ["--slot 应写成 2024-05-31T10 的样子：日期，字母 T，两位小时。"]
    assert JobRun.objects.count() == 0


def test_a_rehearsal_shows_the_messages_and_changes_nothing(county, mail_server, robot):
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")

    printed = run(dry_run=True)

    assert printed.splitlines()[:2] == ["沁源县：新提醒 1 条。", "邮件 → 甲局：沁源县重大项目（演示数据）：1 条提醒"]
    assert "工作群：\n【沁源县重大项目（演示数据）】5月31日 10:00 提醒 1 条\n" in printed
    assert (mail_server.conversations, robot.requests) == (0, [])
    assert (Notice.objects.count(), JobRun.objects.count(), trail()) == (0, 0, [])


def test_a_rehearsal_says_which_channels_are_off(county):
    assert run(dry_run=True).splitlines()[:2] == ["没有设置邮件，邮件不会发出。", "没有设置工作群，工作群不会发出。"]


def test_a_refused_address_fails_the_run_and_nobody_else(county, mail_server):
    rules(county)
    unit_that_owes("甲局", "gone@example.gov.cn")
    unit_that_owes("乙局", "b@example.gov.cn")
    mail_server.refused = {"gone@"}

    told = failure()

    assert told == ["沁源县：账号 甲局 的邮件没有发出：收件地址不被接受，请核对账号的邮箱。"]
    assert mail_server.sent_to == ["b@example.gov.cn"]
    assert JobRun.objects.get().finished_at is None
    mail_server.refused = set()
    assert run() == "沁源县：新提醒 0 条，邮件 1 人，工作群 0 条。\n"
    assert mail_server.sent_to == ["b@example.gov.cn", "gone@example.gov.cn"]


def test_a_server_that_goes_away_midway_is_told_and_the_rest_follows(county, mail_server, robot):
    rules(county)
    for number in range(3):
        unit_that_owes(f"{number}局", f"{number}@example.gov.cn")
    mail_server.patience = 1

    told = failure()
    mail_server.patience = None
    run()

    assert told == ["沁源县：邮件还有 2 人没有发出：与邮件服务器的连接中断。"]
    assert mail_server.sent_to == [f"{number}@example.gov.cn" for number in range(3)]
    assert len(robot.requests) == 1


def test_a_crash_between_two_recipients_repeats_nobody(county, mail_server, monkeypatch):
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")
    unit_that_owes("乙局", "b@example.gov.cn")
    send = Mailbox.send

    def die_at_the_second(self, **message):
        if message["to"].startswith("b"):
            raise SystemExit("power cut")
        send(self, **message)

    monkeypatch.setattr(Mailbox, "send", die_at_the_second)
    with pytest.raises(SystemExit):
        run()
    monkeypatch.setattr(Mailbox, "send", send)
    still = run()
    JobRun.objects.update(started_at=JobRun.objects.get().started_at - dt.timedelta(minutes=16))
    run()

    assert "还在运行" in still
    assert mail_server.sent_to == ["a@example.gov.cn", "b@example.gov.cn"]


def test_a_message_that_was_sent_but_not_marked_comes_again_under_its_number(county, mail_server, monkeypatch):
    """At least once: the mail server had acknowledged it when the power went."""
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")
    run()
    Notice.objects.update(emailed_at=None)

    run("2024-05-31T11")

    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_silent_robot_keeps_no_mail_back_and_is_asked_again(county, mail_server, robot, settings):
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")

    robot.is_silent, patience, settings.NOTICE_WEBHOOK_TIMEOUT = True, settings.NOTICE_WEBHOOK_TIMEOUT, 0.3
    told = failure()
    robot.is_silent, settings.NOTICE_WEBHOOK_TIMEOUT = False, patience
    run()

    assert told == ["沁源县：工作群消息没有发出：企业微信群机器人 0.3 秒内没有应答。"]
    assert (len(mail_server.messages), len(robot.requests)) == (1, 2)
    assert JobRun.objects.get().words.startswith("沁源县：新提醒 0 条")


def test_a_robot_that_refuses_leaves_its_notices_unsent(county, robot):
    rules(county)
    unit_that_owes("甲局")
    robot.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}

    told = failure()

    assert told[0].startswith("沁源县：工作群消息没有发出：企业微信群机器人没有接受消息（93000）")
    assert Notice.objects.get().posted_at is None


def waiting_elsewhere(county):
    """Another county, after this one, with a notice for its group."""
    elsewhere = factories.county("140400", "别县", business_time=county.business_time)
    rules(elsewhere)
    user = factories.user("office", county=elsewhere)
    fields = {"county": elsewhere, "user": user, "at": county.business_time}
    Notice.objects.create(kind="turned_red", key="1", title="一条", **fields)
    return elsewhere


def test_one_countys_fault_keeps_no_other_from_theirs(county, robot, monkeypatch):
    waiting_elsewhere(county)
    write = send_notices.write_notices

    def fail_here(**values):
        if values["county"] == county:
            raise RuntimeError("the cause")
        return write(**values)

    monkeypatch.setattr(send_notices, "write_notices", fail_here)

    assert failure() == ["沁源县：程序出错，详见系统日志。"]
    assert [text.splitlines()[0] for text in robot.texts] == ["【别县重大项目（演示数据）】5月31日 10:00 提醒 1 条"]


def test_each_county_has_a_post_of_its_own(county, robot):
    waiting_elsewhere(county)
    rules(county)
    unit_that_owes("甲局")

    run()

    assert [text.splitlines()[0] for text in robot.texts] == [
        "【沁源县重大项目（演示数据）】5月31日 10:00 提醒 1 条",
        "【别县重大项目（演示数据）】5月31日 10:00 提醒 1 条",
    ]


@pytest.mark.parametrize(("days", "left"), [(399, 1), (401, 0)])
def test_old_notices_that_were_read_are_forgotten(county, days, left):
    at = county.business_now() - dt.timedelta(days=days)
    user = factories.user("office")
    Notice.objects.create(county=county, user=user, kind="due", key="1", title="旧", at=at, read_at=at)
    unread = Notice.objects.create(county=county, user=user, kind="turned_red", key="2", title="未读", at=at)

    run()

    assert Notice.objects.exclude(pk=unread.pk).count() == left
    assert Notice.objects.filter(pk=unread.pk).exists()


def test_no_transaction_is_open_while_a_server_is_waited_for(county, mail_server, monkeypatch):
    rules(county)
    unit_that_owes("甲局", "a@example.gov.cn")
    depth, seen = len(connection.savepoint_ids), []
    monkeypatch.setattr(Mailbox, "send", lambda *_, **__: seen.append(len(connection.savepoint_ids)))

    run()

    assert seen == [depth]
