import contextlib

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portfolio.actions import job_runs
from qinyuan_projects import backups


class Command(BaseCommand):
    help = "把数据库和上传的文件备份成一个文件；系统可以照常使用。"

    def add_arguments(self, parser):
        parser.add_argument("folder", help="备份存放的文件夹，最好在另一块磁盘上")
        parser.add_argument("--keep", type=int, default=0, help="只留最近几份，0 为全部保留")

    def handle(self, *, folder, keep, **options):
        try:
            path = backups.make(folder)
        except backups.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        told = f"已备份到 {path}（{path.stat().st_size / 1e6:.1f} MB）。"
        self.stdout.write(told)
        # A backup is made whatever state the database is in: full, or of an older release.
        with contextlib.suppress(DatabaseError):
            job_runs.note("backup", told)
        if keep > 0:
            removed = backups.keep_newest(folder, keep)
            self.stdout.write(f"留下最近 {keep} 份，删除 {len(removed)} 份旧的。")
