"""Against a group robot on this machine."""

import base64
import hashlib
import hmac
import time
import traceback
from urllib.parse import parse_qs, urlsplit

import pytest

from portfolio.channels import ChannelDown, webhook


def reason():
    with pytest.raises(ChannelDown) as caught:
        webhook.post("您好")
    assert "robot-key" not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_the_group_is_off_until_its_robot_is_named(settings):
    off = webhook.webhook_is_on()
    settings.NOTICE_WEBHOOK_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"

    assert (off, webhook.webhook_is_on()) == (False, True)


def test_wecom_gets_plain_text_at_its_address(robot, settings):
    settings.NOTICE_WEBHOOK_SECRET = "not for wecom"

    webhook.post("第一行\n“第二行”")

    assert robot.requests == [
        ("/send?key=robot-key", {"msgtype": "text", "text": {"content": "第一行\n“第二行”"}}),
    ]


def test_dingtalk_gets_a_signature_of_this_moment(robot, settings):
    settings.NOTICE_WEBHOOK_KIND, settings.NOTICE_WEBHOOK_SECRET = "dingtalk", "SEC+/ 密"
    settings.NOTICE_WEBHOOK_URL = robot.url("/robot/send?access_token=robot-key")

    webhook.post("您好")

    ((path, body),) = robot.requests
    query = {name: value for name, (value,) in parse_qs(urlsplit(path).query).items()}
    to_sign = f"{query['timestamp']}\nSEC+/ 密".encode()
    expected = base64.b64encode(hmac.new("SEC+/ 密".encode(), to_sign, hashlib.sha256).digest()).decode()
    assert body == {"msgtype": "text", "text": {"content": "您好"}}
    assert (query["access_token"], query["sign"]) == ("robot-key", expected)
    assert abs(time.time() * 1000 - int(query["timestamp"])) < 60_000


def test_dingtalk_without_a_secret_is_not_signed(robot, settings):
    settings.NOTICE_WEBHOOK_KIND = "dingtalk"

    webhook.post("您好")

    assert robot.requests[0][0] == "/send?key=robot-key"


def test_a_signature_is_quoted_for_an_address():
    """Worked out with openssl: printf '1716000000000\\nSEC123' | openssl dgst -sha256 -hmac SEC123 -binary | base64"""
    url = webhook.signed("https://example.com/send", "SEC123", 1716000000000)

    assert (
        url == "https://example.com/send?timestamp=1716000000000&sign=8jsW3NyzwgFkJYK8nemkXQj7F%2FZoOdcwPlQYsWn2SvQ%3D"
    )


@pytest.mark.parametrize(
    ("kind", "code", "told"),
    [
        (
            "wecom",
            93000,
            "企业微信群机器人没有接受消息（93000）：机器人地址无效或机器人已被移出群，请核对 NOTICE_WEBHOOK_URL。",
        ),
        ("wecom", 45009, "企业微信群机器人没有接受消息（45009）：发送太频繁，请过几分钟再试。"),
        (
            "dingtalk",
            310000,
            "钉钉群机器人没有接受消息（310000）：不符合机器人的安全设置，"
            "请核对 NOTICE_WEBHOOK_SECRET、关键词和允许的地址段。",
        ),
        ("dingtalk", 1, "钉钉群机器人没有接受消息（1）：请按此代码查阅其说明。"),
    ],
)
def test_a_robots_refusal_is_told_with_its_code(robot, settings, kind, code, told):
    settings.NOTICE_WEBHOOK_KIND = kind
    robot.answer = {"errcode": code, "errmsg": "robot-key is wrong"}

    assert reason() == told


@pytest.mark.parametrize(
    "answer", ["", "<html>", "[]", "null", "{}", '{"errcode": "0"}', '{"errcode": false}', "[" * 60_000, '"\\ud800"']
)
def test_an_answer_that_is_no_robots_is_a_failure(robot, answer):
    robot.answer = answer

    assert reason() == "企业微信群机器人的应答看不懂，请核对 NOTICE_WEBHOOK_URL 和 NOTICE_WEBHOOK_KIND。"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(robot, status):
    robot.status, robot.headers = status, {"Location": robot.url("/elsewhere")}

    assert reason() == f"企业微信群机器人的地址应答 {status}：要求转到别的地址，没有照办。"
    assert len(robot.requests) == 1


def test_an_error_of_the_server_is_told(robot):
    robot.status = 500

    assert reason() == "企业微信群机器人的地址应答 500：请核对 NOTICE_WEBHOOK_URL。"


def test_a_silent_robot_is_not_waited_for(robot, settings):
    robot.is_silent, settings.NOTICE_WEBHOOK_TIMEOUT = True, 0.3

    assert reason() == "企业微信群机器人 0.3 秒内没有应答。"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/send?key=robot-key", "http://127.0.0.1:x/robot-key", "http://127.0.0.1/robot-key 密"]
)
def test_an_address_where_nobody_listens_is_told(robot, settings, url):
    settings.NOTICE_WEBHOOK_URL = url

    assert reason() == "连不上企业微信群机器人，请核对 NOTICE_WEBHOOK_URL、证书和服务器的外网出口。"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/robot-key", "robot-key", "https://", "http://[robot-key"]
)
def test_an_address_that_is_not_of_the_web_is_refused(robot, settings, url):
    settings.NOTICE_WEBHOOK_URL = url

    assert reason() == "NOTICE_WEBHOOK_URL 应为以 https:// 或 http:// 开头的完整地址。"
