from django.core.management.base import BaseCommand

from qinyuan_projects.demo.tables import workbooks


class Command(BaseCommand):
    help = "开发用：按固定种子重新生成演示计划表的 Excel 文件（fixtures/）。内容不变时无需执行。"
    requires_system_checks = ()

    def handle(self, **options):
        for path, workbook in workbooks().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            workbook.save(path)
            self.stdout.write(f"已写出 {path.name}")
