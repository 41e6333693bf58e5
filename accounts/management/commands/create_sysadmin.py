import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import audit
from accounts.models import County, User
from accounts.roles import Role


class Command(BaseCommand):
    help = "建立系统管理员账号：正式安装后的第一个账号，其余账号由他在“账号管理”页新增。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="账号，如 admin1")
        parser.add_argument("--name", default="系统管理员", help="姓名")
        parser.add_argument("--county", help="行政区划代码；只有一个县时可省略")

    @transaction.atomic
    def handle(self, *, username, name, county, **options):
        user = User(username=username, name=name, role=Role.SYSADMIN, county=self.find_county(county))
        password = os.environ.get("SYSADMIN_PASSWORD") or self.ask_password()
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        audit.record("新增账号", actor=None, county=user.county, target=user, summary=user.get_role_display())
        self.stdout.write(f"系统管理员 {username} 已建立，首次登录须修改密码。")

    def find_county(self, code):
        county = County.objects.filter(code=code).first() if code else County.sole()
        if county is None:
            raise CommandError("找不到县：请先执行 setup_county；有多个县时用 --county 指明行政区划代码。")
        return county

    def ask_password(self):
        password = getpass.getpass("初始密码：")
        if password != getpass.getpass("再输一次："):
            raise CommandError("两次输入的密码不一致，没有建立账号。")
        return password
