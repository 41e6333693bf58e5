"""Kill workers with SIGKILL while eight writers save: what was acknowledged must be there afterwards.

`.venv/bin/python -m benchmarks.kill_workers`; takes about fifteen seconds, exits with 1 when a row is missing.
"""

import http.client
import os
import random
import signal
import sys
import threading
import time
from urllib.parse import urlencode

from benchmarks.database import Database
from benchmarks.server import children

SECONDS = 10
WRITERS = 8
SECONDS_BETWEEN_KILLS = 0.4


class Writers:
    """Save as fast as the server answers until told to stop; remember what it acknowledged and what it did not."""

    def __init__(self, server, cookie):
        self.server, self.cookie = server, cookie
        self.acknowledged, self.unanswered, self.errors = [], 0, []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=[number]) for number in range(WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _write(self, number):
        count = 0
        while not self.stop.is_set():
            count += 1
            name = f"{os.getpid()}-{number}-{count}"
            try:
                status = self._post(name)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
                continue
            if status == 200:
                self.acknowledged.append(name)
            else:
                self.errors.append(status)

    def _post(self, name):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/bench/write/", urlencode({"name": name}), headers)
        status = connection.getresponse().status
        connection.close()
        return status


def kill_now_and_then(server):
    """Returns how many workers were killed."""
    killed, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(SECONDS_BETWEEN_KILLS)
        workers = children(server.process.pid)
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


def main():
    database = Database(1)
    with database.server() as server, Writers(server, database.cookies["office"]) as writers:
        killed = kill_now_and_then(server)
    names = {name for (name,) in database.connection.execute("SELECT name FROM portfolio_project")}
    missing = [name for name in writers.acknowledged if name not in names]
    sound = database.connection.execute("PRAGMA integrity_check").fetchone()[0]
    print(
        f"杀死 {killed} 个工作进程；确认 {len(writers.acknowledged)} 次保存，未答复 {writers.unanswered} 次，"
        f"出错 {len(writers.errors)} 次；缺失 {len(missing)} 行；数据库检查：{sound}"
    )
    database.forget_writes()
    sys.exit(bool(missing or writers.errors or sound != "ok"))


main()
