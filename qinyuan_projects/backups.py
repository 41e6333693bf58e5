"""Backups: the database as it stood at one moment and the uploaded files, in one archive that can be checked.

The database is copied first. A row is written after its file, so every file that a copied row names is in the archive.
Copying the database file itself is no backup: what is still in its write-ahead log would be missing.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts.models import User

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
MEDIA = "media"
PATTERN = "backup-*.tar"


class BackupRefused(Exception):
    """Why this backup can't be made or restored, in Chinese, and what to do instead."""


def database():
    return connections[DEFAULT_DB_ALIAS]


def make(folder):
    """Write one archive into `folder` and return its path. The site may go on being used meanwhile."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"backup-{timezone.localtime():%Y%m%d-%H%M%S}.tar"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        copy = Path(work) / DATABASE
        _dump(copy)
        draft = Path(work) / target.name
        with tarfile.open(draft, "w") as archive:
            sums = {DATABASE: _add(archive, copy, DATABASE)}
            for path in sorted(_media_files()):
                name = str(PurePosixPath(MEDIA, *path.relative_to(settings.MEDIA_ROOT).parts))
                sums[name] = _add(archive, path, name)
            manifest = Path(work) / MANIFEST
            manifest.write_text(json.dumps(_facts(sums), ensure_ascii=False))
            archive.add(manifest, MANIFEST)
        draft.chmod(0o600)
        _to_disk(draft)
        draft.replace(target)
    return target


def keep_newest(folder, count):
    """Remove all but the newest archives; returns the removed paths."""
    removed = sorted(Path(folder).glob(PATTERN))[:-count]
    for path in removed:
        path.unlink()
    return removed


def _facts(sums):
    return {
        "format": FORMAT,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "engine": database().vendor,
        "migrations": sorted(map(list, _applied())),
        "sha256": sums,
    }


def _applied():
    return MigrationLoader(database()).applied_migrations


def _media_files():
    return (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def _add(archive, path, name):
    """Add a file under `name`; returns the SHA-256 of exactly the bytes that were added."""
    hashed = hashlib.sha256()
    with path.open("rb") as source, tempfile.SpooledTemporaryFile(max_size=1 << 24) as copy:
        while chunk := source.read(1 << 20):
            hashed.update(chunk)
            copy.write(chunk)
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = copy.tell(), int(path.stat().st_mtime), 0o600
        copy.seek(0)
        archive.addfile(info, copy)
    return hashed.hexdigest()


def _to_disk(path):
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _dump(target):
    if database().vendor == "sqlite":
        database().ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            database().connection.backup(copy)
    else:
        _run_postgres("pg_dump", "--format=custom", f"--file={target}")


@dataclass(frozen=True)
class Archive:
    """A checked archive, unpacked into `folder`."""

    folder: Path
    facts: dict

    @property
    def media(self):
        return [name for name in self.facts["sha256"] if name != DATABASE]


@contextmanager
def opened(path):
    """The archive unpacked beside the data it will replace, after every file in it proved to be what was packed."""
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as work:
        try:
            with tarfile.open(path) as archive:
                facts = json.load(archive.extractfile(MANIFEST))
                _refuse_what_does_not_fit(facts)
                for name, expected in facts["sha256"].items():
                    _unpack(archive, name, expected, Path(work))
        except (OSError, KeyError, ValueError, tarfile.TarError) as error:
            raise BackupRefused(f"{path} 不是完整的备份文件。请换用另一份备份。") from error
        yield Archive(Path(work), facts)


def _refuse_what_does_not_fit(facts):
    if facts["format"] != FORMAT:
        raise BackupRefused(f"备份格式是第 {facts['format']} 版，本程序只认第 {FORMAT} 版。请用做备份的那个版本恢复。")
    if facts["engine"] != database().vendor:
        raise BackupRefused(
            f"备份来自 {facts['engine']}，当前数据库是 {database().vendor}。请把 DATABASE_URL 指向同一种数据库再恢复。"
        )
    unknown = {tuple(name) for name in facts["migrations"]} - set(MigrationLoader(database()).disk_migrations)
    if unknown:
        names = "、".join(".".join(name) for name in sorted(unknown)[:3])
        raise BackupRefused(f"备份来自更新的程序版本（本程序没有 {names}）。请先升级程序再恢复。")


def _unpack(archive, name, expected, folder):
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        raise BackupRefused(f"备份里有不该有的路径 {name}。请换用另一份备份。")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.extractfile(name) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    if hashlib.sha256(target.read_bytes()).hexdigest() != expected:
        raise BackupRefused(f"备份里的 {name} 已损坏（校验值不符）。请换用另一份备份。")


def holds_data():
    """Whether somebody already works with this database; one without tables holds nothing."""
    return User._meta.db_table in database().introspection.table_names() and User.objects.exists()


def restore(archive):
    """Put an opened archive in the place of the current database and bring its tables up to this program's version."""
    if database().vendor == "sqlite":
        database().ensure_connection()
        with closing(sqlite3.connect(archive.folder / DATABASE)) as copy:
            copy.backup(database().connection)
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run_postgres("pg_restore", *options, archive.folder / DATABASE)
    database().close()
    for name in archive.media:
        target = Path(settings.MEDIA_ROOT, *PurePosixPath(name).parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(archive.folder / name, target)
    call_command("migrate", verbosity=0)


def _run_postgres(tool, *arguments):
    """The server's own tools. The password travels in the environment, where `ps` does not show it."""
    at = database().settings_dict
    address = {"--host": at["HOST"], "--port": at["PORT"], "--username": at["USER"], "--dbname": at["NAME"]}
    command = [tool, *(f"{option}={value}" for option, value in address.items() if value), *map(str, arguments)]
    environment = {**os.environ, "PGPASSWORD": at["PASSWORD"]} if at["PASSWORD"] else None
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupRefused(f"没有找到 {tool}。请安装软件包 postgresql-client 后再试。") from error
    except subprocess.CalledProcessError as error:
        raise BackupRefused(f"{tool} 没有成功：{error.stderr.strip()[-400:]}") from error
