"""Sending e-mail by the operator's mail server."""

import contextlib
import smtplib
import ssl

from django.conf import settings
from django.core import mail

from portfolio.channels import ChannelDown, NotSent


def email_is_on():
    return bool(settings.EMAIL_HOST)


class Mailbox:
    """One conversation with the mail server, for all messages of a run: `with Mailbox() as mailbox: mailbox.send(…)`.

    Opening it raises `ChannelDown`.
    """

    def __enter__(self):
        if not settings.DEFAULT_FROM_EMAIL:
            raise ChannelDown("没有设置发件地址，请填写 EMAIL_FROM。")
        self._connection = mail.get_connection()
        try:
            self._connection.open()
        except ValueError:
            raise ChannelDown("EMAIL_HOST、EMAIL_USER 或 EMAIL_PASSWORD 里有不能使用的字符。") from None
        except OSError as error:
            raise ChannelDown(_cause(error)) from None
        return self

    def __exit__(self, *caught):
        # What the server has acknowledged is sent, however it takes the parting.
        with contextlib.suppress(OSError):
            self._connection.close()

    def send(self, *, to, subject, body, message_id):
        """Returns once the server has taken the message. A message sent again keeps its `message_id`.

        Raises `NotSent` when only this one is refused, `ChannelDown` when the conversation is over.
        """
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
        message = mail.EmailMessage(subject, body, to=[to], headers=headers, connection=self._connection)
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, ValueError):
            raise NotSent("收件地址不被接受，请核对账号的邮箱。") from None
        except smtplib.SMTPDataError as error:
            raise NotSent(f"邮件服务器退回了邮件（{error.smtp_code}）。") from None
        except OSError as error:
            raise ChannelDown(_cause(error)) from None


def _cause(error):
    """Why the mail server can't be used. smtplib's exceptions are OSErrors too."""
    if isinstance(error.__context__, TimeoutError):  # which smtplib tells as a lost connection
        error = error.__context__
    match error:
        case smtplib.SMTPAuthenticationError():
            return "邮件服务器不接受登录，请核对 EMAIL_USER 和 EMAIL_PASSWORD。"
        case smtplib.SMTPSenderRefused():
            return f"邮件服务器不接受发件地址（{error.smtp_code}），请核对 EMAIL_FROM。"
        case smtplib.SMTPNotSupportedError():
            return "邮件服务器不支持所设的加密或登录方式，请核对 EMAIL_TLS。"
        case ssl.SSLError():
            return "与邮件服务器的加密连接没有建立，请核对 EMAIL_TLS、EMAIL_PORT 和服务器的证书。"
        case TimeoutError():
            return f"邮件服务器 {settings.EMAIL_TIMEOUT} 秒内没有应答。"
        case smtplib.SMTPException():
            return "与邮件服务器的连接中断。"
    return "连不上邮件服务器，请核对 EMAIL_HOST 和 EMAIL_PORT。"
