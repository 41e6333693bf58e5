from django.core.management.base import BaseCommand

from accounts.models import User
from portfolio.importing import progress, service
from portfolio.importing.refusals import NotNow
from portfolio.models import ImportBatch


class Command(BaseCommand):
    help = "由导入页面启动：在后台读取或写入一个导入批次。"

    def add_arguments(self, parser):
        parser.add_argument("batch", type=int)
        parser.add_argument("step", choices=["read", "apply"])
        parser.add_argument("--by", type=int)

    def handle(self, *, batch, step, by, **options):
        batch = ImportBatch.objects.get(pk=batch)
        with progress.heartbeat(batch):
            if step == "read":
                service.read(batch)
            else:
                self._apply(batch, by)

    def _apply(self, batch, by):
        try:
            service.apply(batch, by=User.objects.filter(pk=by).first())
        except NotNow as reason:
            batch.refresh_from_db()
            batch.report = {**batch.report, "notice": str(reason)}
            batch.save(update_fields=["report"])
