from django.core.management.base import BaseCommand, CommandError

from inspections.models import IssuedReport
from inspections.report_checks import faults


class Command(BaseCommand):
    help = "核对签发的报告：内容和文件与签发时的指纹是否一致、审计日志中有无签发记录；有问题时以失败退出。"

    def handle(self, **options):
        checked = broken = 0
        for report in IssuedReport.objects.select_related("county", "leader").order_by("pk").iterator(chunk_size=20):
            checked += 1
            found = list(faults(report))
            broken += bool(found)
            for words in found:
                self.stdout.write(f"{report.county.name} {report}：{words}")
        if broken:
            raise CommandError(f"核对 {checked} 份，{broken} 份有问题。请从备份中恢复这些报告，并查明原因。")
        self.stdout.write(f"核对 {checked} 份，全部一致。")
