from django.core.management.base import BaseCommand, CommandError

from inspections.models import IssuedReport
from inspections.reports import digest_of

FILES = ("pdf", "docx", "xlsx")


class Command(BaseCommand):
    help = "核对签发的报告：内容与内容指纹是否一致、文件是否都在；有问题时以失败退出。"

    def handle(self, **options):
        checked = broken = 0
        for report in IssuedReport.objects.select_related("county", "leader").order_by("pk").iterator(chunk_size=20):
            checked += 1
            found = list(_problems(report))
            broken += bool(found)
            for words in found:
                self.stdout.write(f"{report.county.name} {report}：{words}")
        if broken:
            raise CommandError(f"核对 {checked} 份，{broken} 份有问题。请从备份中恢复这些报告，并查明原因。")
        self.stdout.write(f"核对 {checked} 份，全部一致。")


def _problems(report):
    if digest_of(report.content) != report.digest:
        yield "内容与签发时的指纹不一致。"
    for name in FILES:
        file = getattr(report, name)
        if not file.storage.exists(file.name):
            yield f"缺少 {name} 文件。"
