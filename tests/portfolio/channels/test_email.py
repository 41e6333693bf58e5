"""Against a mail server on this machine."""

import traceback

import pytest

from portfolio.channels import ChannelDown, NotSent
from portfolio.channels.email import Mailbox, email_is_on


def send(mailbox, to="a@example.gov.cn", **fields):
    mailbox.send(**{"to": to, "subject": "三条提醒", "body": "您好。\n", "message_id": "<1@example.gov.cn>", **fields})


def reason(how=send):
    with pytest.raises(NotSent) as caught, Mailbox() as mailbox:
        how(mailbox)
    assert "the secret" not in "".join(traceback.format_exception(caught.value))
    return type(caught.value), str(caught.value)


def test_email_is_off_until_a_server_is_named(settings):
    off = email_is_on()
    settings.EMAIL_HOST = "mail.example.gov.cn"

    assert (off, email_is_on()) == (False, True)


def test_messages_go_out_in_one_conversation(mail_server):
    with Mailbox() as mailbox:
        send(mailbox)
        send(mailbox, to="b@example.gov.cn")

    first = mail_server.messages[0]
    assert (mail_server.conversations, mail_server.sent_to) == (1, ["a@example.gov.cn", "b@example.gov.cn"])
    assert (first["From"], first["Subject"]) == ("notices@example.gov.cn", "三条提醒")
    assert (first["Message-ID"], first["Auto-Submitted"]) == ("<1@example.gov.cn>", "auto-generated")
    assert first.get_content() == "您好。"


def test_a_refused_address_keeps_no_other_from_theirs(mail_server):
    mail_server.refused = {"gone@"}

    with Mailbox() as mailbox:
        with pytest.raises(NotSent) as caught:
            send(mailbox, to="gone@example.gov.cn")
        send(mailbox, to="here@example.gov.cn")

    assert str(caught.value) == "收件地址不被接受，请核对账号的邮箱。"
    assert not isinstance(caught.value, ChannelDown)
    assert mail_server.sent_to == ["here@example.gov.cn"]


@pytest.mark.parametrize("to", ["a@b\r\nBcc: c@d.cn", "nonsense\x00@", "@"])
def test_an_address_that_is_none_is_refused_and_adds_no_header(mail_server, to):
    found = reason(lambda mailbox: send(mailbox, to=to))

    assert (found[0], mail_server.messages) == (NotSent, [])


def test_a_message_that_is_turned_away_is_told_with_the_servers_code(mail_server):
    mail_server.takes_data = False

    assert reason() == (NotSent, "邮件服务器退回了邮件（554）。")


def test_a_server_that_hangs_up_ends_the_conversation(mail_server):
    mail_server.patience = 1

    def twice(mailbox):
        send(mailbox)
        send(mailbox)

    assert reason(twice) == (ChannelDown, "与邮件服务器的连接中断。")
    assert len(mail_server.messages) == 1


def test_a_silent_server_is_not_waited_for(mail_server, settings):
    mail_server.is_silent, settings.EMAIL_TIMEOUT = True, 0.3

    assert reason() == (ChannelDown, "邮件服务器 0.3 秒内没有应答。")


def test_an_absent_server_is_told(mail_server, settings):
    settings.EMAIL_PORT = 1

    assert reason() == (ChannelDown, "连不上邮件服务器，请核对 EMAIL_HOST 和 EMAIL_PORT。")


def test_a_server_without_the_wanted_encryption_gets_no_password(mail_server, settings):
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "notices", "the secret"
    mail_server.password = "the secret"

    assert reason() == (ChannelDown, "邮件服务器不支持所设的加密或登录方式，请核对 EMAIL_TLS。")


def test_a_server_that_answers_an_encrypted_call_in_the_clear_is_told(mail_server, settings):
    settings.EMAIL_USE_SSL = True

    assert reason()[1].startswith("与邮件服务器的加密连接没有建立")


def test_a_wrong_password_is_told_without_it(mail_server, settings):
    mail_server.password = "another"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "notices", "the secret"

    assert reason() == (ChannelDown, "邮件服务器不接受登录，请核对 EMAIL_USER 和 EMAIL_PASSWORD。")


def test_the_right_password_is_taken(mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "notices", "the secret"
    mail_server.password = "the secret"

    with Mailbox() as mailbox:
        send(mailbox)

    assert len(mail_server.messages) == 1


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEFAULT_FROM_EMAIL", "", "没有设置发件地址，请填写 EMAIL_FROM。"),
        ("EMAIL_HOST", "a" * 70 + ".例", "EMAIL_HOST、EMAIL_USER 或 EMAIL_PASSWORD 里有不能使用的字符。"),
    ],
)
def test_settings_that_cannot_be_are_told(mail_server, settings, name, value, told):
    setattr(settings, name, value)

    assert reason() == (ChannelDown, told)
