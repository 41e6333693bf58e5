import logging
import re

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import County
from portfolio import outbox
from portfolio.actions import delivery, job_runs
from portfolio.actions.notices import write_notices
from portfolio.channels.email import email_is_on
from portfolio.channels.webhook import webhook_is_on

JOB = "send_notices"
SLOT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}")

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Once an hour, by a timer. Each notice is sent at least once: see portfolio/actions/delivery.py."""

    help = "写入到时的提醒，并按提醒规则发邮件、发工作群；每小时一次，同一时段重复执行不会重发。"

    def add_arguments(self, parser):
        parser.add_argument("--slot", help="时段，如 2024-05-31T10，默认为现在这一小时")
        parser.add_argument("--dry-run", action="store_true", help="只显示将要发送的内容，不写入、不发送")

    def handle(self, *, slot, dry_run, **options):
        if dry_run:
            self._rehearse()
            return
        slot = slot or f"{timezone.localtime():%Y-%m-%dT%H}"
        if not SLOT.fullmatch(slot):
            raise CommandError("--slot 应写成 2024-05-31T10 的样子：日期，字母 T，两位小时。")
        try:
            run = job_runs.start(JOB, slot)
        except job_runs.NotNow as reason:
            self.stdout.write(str(reason))
            return
        self._run(run)

    def _run(self, run):
        told, failures = [], []
        for county in County.objects.order_by("pk"):
            try:
                words, failed = self._serve(county)
            except Exception:  # One county's fault must not keep the others waiting.
                logger.exception("Notices of county %s", county.code)
                words, failed = "程序出错", ["程序出错，详见系统日志。"]
            self.stdout.write(f"{county.name}：{words}。")
            told.append(f"{county.name}：{words}")
            failures += [f"{county.name}：{reason}" for reason in failed]
        if failures:
            job_runs.fail(run, "".join(failures))
            raise CommandError("\n".join(failures))
        job_runs.prune()
        job_runs.finish(run, "；".join(told))

    def _serve(self, county):
        """What was done, in words, and [what was not]."""
        now = county.business_now()
        written = write_notices(county=county, now=now)
        done = delivery.deliver(county=county, now=now)
        delivery.prune(county=county, now=now)
        return f"新提醒 {len(written)} 条，邮件 {done.emails} 人，工作群 {done.posts} 条", done.failures

    def _rehearse(self):
        """Writes what is due and takes it back, so that it shows the very messages."""
        for name, is_on in (("邮件", email_is_on()), ("工作群", webhook_is_on())):
            if not is_on:
                self.stdout.write(f"没有设置{name}，{name}不会发出。")
        for county in County.objects.order_by("pk"):
            with transaction.atomic():
                now = county.business_now()
                written = write_notices(county=county, now=now)
                self.stdout.write(f"{county.name}：新提醒 {len(written)} 条。")
                self._show(outbox.digests(county, now), outbox.post(county, now))
                transaction.set_rollback(True)

    def _show(self, digests, post):
        for digest in digests:
            self.stdout.write(f"邮件 → {digest.user.username}：{digest.subject}\n{digest.body}")
        if post:
            self.stdout.write(f"工作群：\n{post.text}\n")
