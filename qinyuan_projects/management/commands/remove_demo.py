from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import Role
from qinyuan_projects.demo import removal


class Command(BaseCommand):
    help = "移除全部演示数据、演示账号和演示时间；手工录入的数据和审计日志保留。"

    def handle(self, **options):
        if not removal.is_there():
            self.stdout.write("没有演示数据，没有改动。")
            return
        try:
            removed, kept = removal.remove()
        except removal.CannotRemove as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"已移除：{removal.listed(removed)}，以及演示时间。")
        self.stdout.write(f"保留：{removal.listed(kept)}。")
        if not User.objects.filter(role=Role.SYSADMIN, is_active=True).exists():
            self.stdout.write("现在没有系统管理员账号，请执行 manage.py create_sysadmin 建立。")
