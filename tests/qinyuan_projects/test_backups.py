"""Backups are whole, are checked before anything is replaced, and bring an empty machine to the same state."""

import io
import json
import os
import subprocess
import sys
import tarfile

import pytest
from django.conf import settings as project_settings
from django.core.management import CommandError, call_command
from django.db import connection

from qinyuan_projects import backups

FILL = """
from accounts import audit
from tests import factories
from django.core.files.storage import default_storage
from django.core.files.base import ContentFile
office = factories.user("office", username="zhang")
factories.plan(project__name="沁源县污水处理厂", project__total_investment="12345.67", planned_investment="0.01")
default_storage.save("imports/计划表.xlsx", ContentFile("原件".encode()))
audit.record("登录", actor=office)
"""
TELL = """
import json
from accounts.models import AuditEntry, User
from portfolio.models import AnnualPlan
from django.core.files.storage import default_storage
print(json.dumps([
    list(User.objects.values_list("username", flat=True)),
    [f"{plan.project} {plan.project.total_investment} {plan.planned_investment}" for plan in AnnualPlan.objects.all()],
    list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)),
    default_storage.open("imports/计划表.xlsx").read().decode(),
]))
"""


def manage(machine, *arguments):
    """Run manage.py as on a machine of its own; returns what it printed."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=project_settings.BASE_DIR, env={**os.environ, **machine}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def machines(tmp_path, django_db_setup, django_db_blocker):
    """Two machines with nothing on them: environments with a data folder and a database each."""
    names = [f"drill_{side}_{os.getpid()}" for side in "ab"]
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        urls = [f"sqlite:///{tmp_path}/{name}/db.sqlite3" for name in names]
    else:
        urls = [f"postgresql://{at['USER']}@{at['HOST'].replace('/', '%2F')}/{name}" for name in names]
        _for_each(names, "CREATE DATABASE {}", django_db_blocker)
    yield [
        {"VAR_DIR": str(tmp_path / name), "DATABASE_URL": url, "DEBUG": "0"}
        for name, url in zip(names, urls, strict=True)
    ]
    if connection.vendor != "sqlite":
        _for_each(names, "DROP DATABASE {} WITH (FORCE)", django_db_blocker)


def _for_each(names, statement, django_db_blocker):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name in names:
            cursor.execute(statement.format(name))


def test_backup_brings_an_empty_machine_to_the_same_state(machines, tmp_path):
    used, empty = machines
    manage(used, "migrate", "-v", "0")
    manage(used, "shell", "-v", "0", "-c", FILL)
    told = json.loads(manage(used, "shell", "-v", "0", "-c", TELL))

    manage(used, "backup", tmp_path / "backups")
    (archive,) = (tmp_path / "backups").iterdir()
    printed = manage(empty, "restore", archive)

    users, plans, actions, file = json.loads(manage(empty, "shell", "-v", "0", "-c", TELL))
    assert [users, plans, actions, file] == [told[0], told[1], [*told[2], "恢复备份"], told[3]]
    assert printed.split("：")[1] == "1 个项目，1 个账号，1 个文件。请核对后启动服务。\n"


@pytest.fixture
def archive(db, tmp_path, settings, monkeypatch):
    """An archive whose database is a stand-in: what is refused is refused before anybody looks into it."""
    monkeypatch.setattr(backups, "_dump", lambda target: target.write_bytes(b"rows"))
    settings.VAR_DIR = tmp_path
    return backups.make(tmp_path / "backups")


def changed(archive, tmp_path, **facts):
    """A copy of the archive whose manifest says something else, or whose database is other bytes."""
    body = facts.pop("body", None)
    copy = tmp_path / "changed.tar"
    with tarfile.open(archive) as source, tarfile.open(copy, "w") as target:
        for member in source.getmembers():
            content = source.extractfile(member).read()
            if member.name == backups.MANIFEST:
                content = json.dumps({**json.loads(content), **facts}).encode()
            elif body is not None and member.name == backups.DATABASE:
                content = body
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return copy


def refusal(path):
    with pytest.raises(backups.BackupRefused) as caught, backups.opened(path):
        pass
    return str(caught.value)


def test_damaged_backup_is_refused(archive, tmp_path):
    assert (
        refusal(changed(archive, tmp_path, body=b"x")) == "备份里的 database 已损坏（校验值不符）。请换用另一份备份。"
    )


def test_backup_of_a_newer_program_is_refused(archive, tmp_path):
    newer = changed(archive, tmp_path, migrations=[["portfolio", "9999_future"]])

    assert refusal(newer) == "备份来自更新的程序版本（本程序没有 portfolio.9999_future）。请先升级程序再恢复。"


def test_backup_of_another_kind_of_database_is_refused(archive, tmp_path):
    other = changed(archive, tmp_path, engine="oracle")

    assert refusal(other) == (
        f"备份来自 oracle，当前数据库是 {connection.vendor}。请把 DATABASE_URL 指向同一种数据库再恢复。"
    )


def test_backup_of_another_format_is_refused(archive, tmp_path):
    assert refusal(changed(archive, tmp_path, format=2)) == (
        "备份格式是第 2 版，本程序只认第 1 版。请用做备份的那个版本恢复。"
    )


def test_file_that_is_no_backup_is_refused(db, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    file = tmp_path / "计划表.xlsx"
    file.write_bytes(b"PK")

    assert refusal(file) == f"{file} 不是完整的备份文件。请换用另一份备份。"


def test_restore_spares_a_database_in_use(office, archive):
    with pytest.raises(
        CommandError, match=r"^当前数据库里已有账号，恢复会覆盖全部现有数据。确定要覆盖请加 --replace。$"
    ):
        call_command("restore", archive)


def test_keep_removes_the_oldest_backups(tmp_path):
    days = [tmp_path / f"backup-2024053{day}-020000.tar" for day in range(3)]
    for path in (*days, tmp_path / "notes.txt"):
        path.touch()

    assert backups.keep_newest(tmp_path, 2) == days[:1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [days[1].name, days[2].name, "notes.txt"]
