from django.core.management.base import BaseCommand, CommandError

from accounts import audit
from accounts.models import User
from portfolio.models import Project
from qinyuan_projects import backups


class Command(BaseCommand):
    help = "用备份恢复数据库和上传的文件。请先停止服务。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="backup 命令做出的文件")
        parser.add_argument("--replace", action="store_true", help="覆盖现有数据")

    def handle(self, *, file, replace, **options):
        if backups.holds_data() and not replace:
            raise CommandError("当前数据库里已有账号，恢复会覆盖全部现有数据。确定要覆盖请加 --replace。")
        try:
            with backups.opened(file) as archive:
                backups.restore(archive)
        except backups.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        made_at = archive.facts["made_at"]
        audit.record("恢复备份", actor=None, summary=f"恢复到 {made_at} 的备份")
        self.stdout.write(
            f"已恢复 {made_at} 的备份：{Project.objects.count()} 个项目，{User.objects.count()} 个账号，"
            f"{len(archive.media)} 个文件。请核对后启动服务。"
        )
