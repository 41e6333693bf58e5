"""The databases that are measured: built once under VAR_DIR/bench and kept for the next run."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.server import ROOT, Server
from benchmarks.weekly import WeeklyPosts

PER_COUNTY = 275


class Database:
    """One database of so many counties, built in a folder of its own."""

    def __init__(self, counties):
        self.projects = counties * PER_COUNTY
        self.folder = Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / str(self.projects)
        self.environment = {"VAR_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        self.environment |= {"DATABASE_URL": f"sqlite:///{self.folder}/db.sqlite3", "DEBUG": "0", "HTTPS": "0"}
        self.folder.mkdir(parents=True, exist_ok=True)
        facts = json.loads(self.run("-m", "benchmarks.prepare", str(counties)))
        self.county, self.cookies, self.queries = facts["county"], facts["cookies"], facts["queries"]
        self.connection = sqlite3.connect(self.folder / "db.sqlite3", timeout=20, isolation_level=None)
        self.posts = WeeklyPosts(lambda sql: self.connection.execute(sql).fetchall())

    def run(self, *arguments, **place):
        """What a Python process with this database, or with the one that `place` names, printed."""
        command = [sys.executable, *arguments]
        environment = {**os.environ, **self.environment, **place}
        with (self.folder / "prepare.log").open("w") as log:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)} failed, see {log.name}; after a change of models remove {self.folder}")
        return done.stdout

    def server(self):
        return Server(self.environment, self.folder / "server.log")

    def write(self):
        """What every business write does last: pages cached under the old version are no longer asked for."""
        self.connection.execute(
            "UPDATE accounts_county SET data_version = data_version + 1 WHERE id = ?", [self.county]
        )

    def forget_writes(self):
        """Throw the database away after a test that wrote to it: the next run measures 275 projects again."""
        self.connection.close()
        for path in self.folder.glob("db.sqlite3*"):
            path.unlink()
