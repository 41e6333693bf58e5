from django.core.management.base import BaseCommand, CommandError

from accounts.models import County
from portfolio.figures import percent
from portfolio.forecast import OWN, RULES, back_test


class Command(BaseCommand):
    help = "用过去各周当时已知的数据回测年底预测，与两种简单算法比较。"

    def add_arguments(self, parser):
        parser.add_argument("--county", default="140431", help="县级行政区划代码")
        parser.add_argument("--year", type=int, help="计划年度，默认为今年")
        parser.add_argument("--horizon", type=int, nargs="+", default=[4, 8, 12], help="向前预测的周数，如 4 8 12")

    def handle(self, *, county, year, horizon, **options):
        found = County.objects.filter(code=county).first()
        if found is None:
            raise CommandError(f"没有代码为 {county} 的县，请先执行 setup_county。")
        if min(horizon) < 1:
            raise CommandError("向前预测的周数应不小于 1。")
        today = found.business_today()
        for weeks in horizon:
            self._show(back_test(found, year or today.year, today, weeks))

    def _show(self, test):
        if not test.cases:
            self.stdout.write(f"向前 {test.horizon} 周：报送的周数不够，无法回测。")
            return
        self.stdout.write(
            f"向前 {test.horizon} 周，第{test.origins[0]}—{test.origins[-1]}周起，{test.cases} 次预测："
            f"P10–P90 覆盖 {percent(test.covered)}（应为 80%）"
        )
        for label, error, is_best in test.lines:
            self.stdout.write(f"  {label}：平均误差为年度计划的 {percent(error)}{'（最好）' if is_best else ''}")
        better = "优于两种简单算法" if test.best == OWN else "没有优于简单算法"
        self.stdout.write(f"  本系统预测{better}，按此页面采用：{RULES[test.best]}。")
