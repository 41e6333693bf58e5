from django.core.management.base import BaseCommand, CommandError

from portfolio.models import WeeklyDispatch
from portfolio.quality import of_year
from qinyuan_projects.demo.detection import Detection

YEAR = 2024


class Command(BaseCommand):
    help = "用演示数据中有意埋下的毛病检验数据质量检查：每一类查准多少、查全多少。只读，不改数据。"

    def handle(self, **options):
        report = WeeklyDispatch.objects.filter(year=YEAR, plan__project__is_demo=True).select_related("county").first()
        if report is None:
            raise CommandError("没有演示的周调度，无从检验。请在空数据库里先执行 manage.py seed_demo。")
        detection = Detection(of_year(report.county, YEAR))
        self.stdout.write("毛病\t查出\t属实\t查准率\t埋下\t找到\t查全率")
        for score in [*detection.scores, detection.overall]:
            self.stdout.write(str(score))
        for title, lines in (("没有找到", detection.overlooked), ("误报", detection.false_alarms)):
            for line in lines:
                self.stdout.write(f"{title}：{line}")
