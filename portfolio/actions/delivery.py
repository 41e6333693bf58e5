"""Sending a county's notices out of the system. Nothing is sent by a channel that is off.

A notice is marked once its channel has acknowledged it, so each is sent at least once: after a crash between the two,
that one e-mail or post goes out again, and no other. No transaction is held while a server is waited for.
"""

from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from portfolio import outbox
from portfolio.actions.job_runs import KEPT
from portfolio.actions.notices import mark
from portfolio.channels import ChannelDown, NotSent, webhook
from portfolio.channels.email import Mailbox, email_is_on
from portfolio.models import Notice


@dataclass
class Delivery:
    """How many e-mails and posts were acknowledged, and what was not, in words."""

    emails: int = 0
    posts: int = 0
    failures: list[str] = field(default_factory=list)


def deliver(*, county, now):
    """The Delivery of all that is unsent. One recipient's failure keeps no other from theirs."""
    delivery = Delivery()
    if email_is_on():
        _email(outbox.digests(county, now), now, delivery)
    if webhook.webhook_is_on():
        _post(outbox.post(county, now), county, now, delivery)
    return delivery


def _email(digests, now, delivery):
    if not digests:
        return
    left = len(digests)
    try:
        with Mailbox() as mailbox:
            for digest in digests:
                _email_one(mailbox, digest, now, delivery)
                left -= 1
    except ChannelDown as reason:
        delivery.failures.append(f"邮件还有 {left} 人没有发出：{reason}")


def _email_one(mailbox, digest, now, delivery):
    user = digest.user
    try:
        mailbox.send(to=user.email, subject=digest.subject, body=digest.body, message_id=digest.message_id)
    except ChannelDown:
        raise
    except NotSent as reason:
        delivery.failures.append(f"账号 {user.username} 的邮件没有发出：{reason}")
    else:
        mark_sent(digest.notices, "emailed_at", now, "发送提醒邮件", county=user.county, target=user)
        delivery.emails += 1


def _post(post, county, now, delivery):
    if post is None:
        return
    try:
        webhook.post(post.text)
    except ChannelDown as reason:
        delivery.failures.append(f"工作群消息没有发出：{reason}")
    else:
        mark_sent(post.notices, "posted_at", now, "发送工作群提醒", county=county)
        delivery.posts += 1


@transaction.atomic
def mark_sent(notices, field_name, now, action, **about):
    mark(Notice.objects.filter(pk__in=[notice.pk for notice in notices]), **{field_name: now})
    audit.record(action, actor=None, summary=f"{len(notices)} 条提醒", **about)


def prune(*, county, now):
    """Forget what was read and is older than a year and a month."""
    Notice.objects.filter(county=county, read_at__isnull=False, at__lt=now - KEPT).delete()
