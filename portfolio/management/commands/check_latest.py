from django.core.management.base import BaseCommand, CommandError

from accounts.models import County
from portfolio import latest_reports
from portfolio.actions.latest_reports import repair
from portfolio.figures import NONE

SHOWN = 20


class Command(BaseCommand):
    help = "核对计划表中的最近报送（累计投资、周次、日期）是否与周调度一致；不一致时以失败退出，加 --repair 重算。"

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="按周调度重算不一致的项目，留审计记录")

    def handle(self, *, repair, **options):
        left = sum(self._check(county, repair) for county in County.objects.all())
        if left:
            raise CommandError("与周调度不一致。加 --repair 重算。")

    def _check(self, county, is_repaired):
        """How many differences stay."""
        found = repair(county=county) if is_repaired else latest_reports.differences(county)
        verb = "已重算" if is_repaired else "不一致"
        for each in found[:SHOWN]:
            told = [NONE if value is None else value for value in (each.stored, each.recomputed)]
            self.stdout.write(f"{each.plan}：{each.label} {told[0]}，应为 {told[1]}")
        self.stdout.write(f"{county.name}：{verb} {len(found)} 处。" if found else f"{county.name}：全部一致。")
        return 0 if is_repaired else len(found)
