from django.core.management.base import BaseCommand, CommandError

from accounts.models import County
from portfolio.back_test import HORIZONS, back_tests, best_rules
from portfolio.figures import percent
from portfolio.forecast import RULES


class Command(BaseCommand):
    help = "用过去各周当时已知的数据回测年底预测（各项目和全县合计），与两种简单算法比较。"

    def add_arguments(self, parser):
        parser.add_argument("--county", default="140431", help="县级行政区划代码")
        parser.add_argument("--year", type=int, help="计划年度，默认为今年")
        parser.add_argument("--horizon", type=int, nargs="+", default=HORIZONS, help="向前预测的周数，如 4 8 12 16")

    def handle(self, *, county, year, horizon, **options):
        found = County.objects.filter(code=county).first()
        if found is None:
            raise CommandError(f"没有代码为 {county} 的县，请先执行 setup_county。")
        if min(horizon) < 1:
            raise CommandError("向前预测的周数应不小于 1。")
        today = found.business_today()
        tests = back_tests(found, year or today.year, today, horizon)
        for test in tests:
            self._show(test)
        projects, whole = (RULES[rule] for rule in best_rules(tests))
        self.stdout.write(f"按试过 3 周以上的最远一档，页面采用：各项目“{projects}”，全县合计“{whole}”。")

    def _show(self, test):
        if not test.origins:
            self.stdout.write(f"向前 {test.horizon} 周：报送的周数不够，无法回测。")
            return
        self.stdout.write(f"向前 {test.horizon} 周，从第{test.origins[0]}—{test.origins[-1]}周起：")
        for name, trial in test.parts:
            covered = f"落在下限与上限之间 {percent(trial.covered)}（应为 80%）"
            self.stdout.write(f"  {name}，{trial.cases} 次预测：{covered}；平均误差占年度计划的百分比：")
            for label, error, is_best in trial.lines:
                self.stdout.write(f"    {label} {percent(error)}{'（最好）' if is_best else ''}")
            if not trial.is_own_best:
                self.stdout.write(f"    本系统预测没有优于简单算法，这一档最好的是：{trial.best_label}。")
