"""Posting to a work group by its robot: 企业微信 or 钉钉.

Messages are plain text: the names that people typed can't turn into links, mentions or layout. Both robots take 20
messages a minute; 企业微信 takes 2,048 bytes of text.
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from portfolio.channels import ChannelDown

LIMIT = 2048
ANSWER_LIMIT = 64 * 1024
NAMES = {"wecom": "企业微信", "dingtalk": "钉钉"}
# From the vendors' lists of codes: what an operator can do about it.
CODES = {
    93000: "机器人地址无效或机器人已被移出群，请核对 NOTICE_WEBHOOK_URL",
    45009: "发送太频繁，请过几分钟再试",
    300005: "机器人地址无效，请核对 NOTICE_WEBHOOK_URL",
    310000: "不符合机器人的安全设置，请核对 NOTICE_WEBHOOK_SECRET、关键词和允许的地址段",
    410100: "发送太频繁，请过几分钟再试",
}


def webhook_is_on():
    return bool(settings.NOTICE_WEBHOOK_URL)


def post(text):
    """Returns once the robot has acknowledged the message, of at most `LIMIT` bytes. Raises `ChannelDown`."""
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    code = _code(_answer(body))
    if code != 0:
        raise ChannelDown(f"{_name()}群机器人没有接受消息（{code}）：{CODES.get(code, '请按此代码查阅其说明')}。")


def signed(url, secret, at):
    """The address with 钉钉's signature (加签) of a moment in milliseconds, which may be an hour off its clock."""
    digest = hmac.digest(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256)
    query = urlencode({"timestamp": at, "sign": base64.b64encode(digest).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _name():
    return NAMES[settings.NOTICE_WEBHOOK_KIND]


def _address():
    url = settings.NOTICE_WEBHOOK_URL
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        is_complete = False
    if not is_complete:
        raise ChannelDown("NOTICE_WEBHOOK_URL 应为以 https:// 或 http:// 开头的完整地址。")
    if settings.NOTICE_WEBHOOK_KIND == "dingtalk" and settings.NOTICE_WEBHOOK_SECRET:
        return signed(url, settings.NOTICE_WEBHOOK_SECRET, time.time_ns() // 1_000_000)
    return url


def _opener():
    """Speaks HTTP(S), by the proxy of the environment if there is one, and follows no redirect."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _answer(body):
    address, timeout = _address(), settings.NOTICE_WEBHOOK_TIMEOUT
    try:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = urllib.request.Request(address, data=body, headers=headers, method="POST")
        with _opener().open(request, timeout=timeout) as response:
            return response.read(ANSWER_LIMIT)
    except urllib.error.HTTPError as error:
        error.close()
        reason = "要求转到别的地址，没有照办" if 300 <= error.code < 400 else "请核对 NOTICE_WEBHOOK_URL"
        raise ChannelDown(f"{_name()}群机器人的地址应答 {error.code}：{reason}。") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ChannelDown(_cause(error, timeout)) from None


def _cause(error, timeout):
    if isinstance(getattr(error, "reason", error), TimeoutError):
        return f"{_name()}群机器人 {timeout} 秒内没有应答。"
    return f"连不上{_name()}群机器人，请核对 NOTICE_WEBHOOK_URL、证书和服务器的外网出口。"


def _code(answer):
    """The answer's errcode, an int: 0 means that the message was taken."""
    try:
        code = json.loads(answer)["errcode"]
    except (ValueError, KeyError, TypeError, RecursionError):
        code = None
    if type(code) is not int:
        raise ChannelDown(f"{_name()}群机器人的应答看不懂，请核对 NOTICE_WEBHOOK_URL 和 NOTICE_WEBHOOK_KIND。")
    return code
