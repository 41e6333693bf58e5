from django.core.management.base import BaseCommand, CommandError

from accounts.demo import PASSWORD, shown_accounts
from qinyuan_projects.demo import seeding


class Command(BaseCommand):
    help = "载入演示县（沁源县 2024 年重大项目计划表）和演示账号；数据库里有真实数据时拒绝执行。"

    def add_arguments(self, parser):
        parser.add_argument("--plan-only", action="store_true", help="只载入计划表，不载入半年的周调度，快得多。")

    def handle(self, *, plan_only, **options):
        if seeding.is_loaded():
            self.stdout.write("演示数据已经载入，没有改动。")
        else:
            try:
                seeding.seed(with_half_year=not plan_only)
            except seeding.CannotSeed as refusal:
                raise CommandError(str(refusal)) from None
            self.stdout.write("已载入演示数据：沁源县 2024 年重大项目计划表（另有 2023 年部分项目）。")
        self._print_accounts()

    def _print_accounts(self):
        self.stdout.write(f"演示账号，密码都是 {PASSWORD}：")
        for account in shown_accounts():
            unit = f"，{account.unit}" if account.unit else ""
            self.stdout.write(f"  {account.username:<10} {account.get_role_display()}{unit}")
