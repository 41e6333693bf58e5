"""A county's Friday: 60 reporters save and submit their weekly cards at once, and the server may be killed meanwhile.

    .venv/bin/python -m benchmarks.friday                               SQLite, nobody is killed
    .venv/bin/python -m benchmarks.friday --postgres                    the same on a PostgreSQL of its own
    .venv/bin/python -m benchmarks.friday [--postgres] --kill workers   SIGKILL to a worker, now and then
    .venv/bin/python -m benchmarks.friday [--postgres] --kill server    … to master and workers together

Prints what was acknowledged, how fast, and what is missing or there twice; exits with 1 unless all of it is there once.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.postgres import Postgres
from benchmarks.server import ROOT, Server, children

YEAR, WEEKS = 2024, 22
SAVES_OF_A_CARD = 2
TRIES, PATIENCE = 40, 0.5  # of a reporter's page, and seconds between them, while the server is away
TOKEN = "a" * 32
BETWEEN_WORKERS, BETWEEN_SERVERS = (0.3, 0.8), (3, 6)  # seconds, at random
RESTART_DELAY = 1.0  # RestartSec of deploy/qinyuan-projects.service


@dataclass
class Log:
    """What all reporters have seen. `saved` is {(plan, week): the last words acknowledged}."""

    seconds: list = field(default_factory=list)
    saved: dict = field(default_factory=dict)
    submitted: set = field(default_factory=set)
    retries: int = 0
    errors: Counter = field(default_factory=Counter)


class Reporter(threading.Thread):
    """Types into every card of a week, twice, and submits them all; then the next week, until told to stop."""

    def __init__(self, server, account, log, stop):
        super().__init__()
        self.server, self.log, self.stop = server, log, stop
        self.plans = account["plans"]
        self.headers = {
            "Cookie": f"{account['cookie']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def run(self):
        for week in range(1, WEEKS + 1):
            versions = dict.fromkeys(self.plans, 0)
            for number in range(1, SAVES_OF_A_CARD + 1):
                for plan in self.plans:
                    if self.stop.is_set() or not self._save(plan, week, number, versions):
                        return
            if self.stop.is_set() or not self._submit(week, versions):
                return

    def _save(self, plan, week, number, versions):
        words = f"第{week}周第{number}稿：主体施工至第{week}层，完成{plan}号段浇筑，正在绑扎钢筋。"
        boxes = {"version": versions[plan], "ytd_investment": week * 100, "works_percent": week * 4, "progress": words}
        boxes["next_plan"] = f"第{week}周后继续施工。"
        answer = self._post(week, {"do": "save", **{f"p{plan}-{name}": value for name, value in boxes.items()}})
        if answer is None:
            return False
        versions[plan] = answer["cards"][str(plan)]["version"]
        self.log.saved[plan, week] = words
        return True

    def _submit(self, week, versions):
        boxes = {f"p{plan}-version": version for plan, version in versions.items()}
        boxes |= {f"p{plan}-explanation": "按计划推进。" for plan in versions}
        answer = self._post(week, {"do": "submit_all", **boxes})
        if answer is None:
            return False
        lacking = [card for card in answer["cards"].values() if "html" not in card]
        if lacking:
            self.log.errors[f"没有报送：{lacking[0]}"[:200]] += len(lacking)
            return False
        self.log.submitted |= {(plan, week) for plan in versions}
        return True

    def _post(self, week, data):
        """The answer, sent again as the page does until there is one; None when it is no good."""
        for _ in range(TRIES):
            started = time.perf_counter()
            try:
                status, body = self._ask(week, data)
            except (OSError, http.client.HTTPException):
                self.log.retries += 1
                time.sleep(PATIENCE)
                continue
            if status == 200:
                self.log.seconds.append(time.perf_counter() - started)
                return json.loads(body)
            self.log.errors[f"{status} {body[:120].decode(errors='replace')}"] += 1
            return None
        self.log.errors["没有答复"] += 1
        return None

    def _ask(self, week, data):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request("POST", f"/dispatch/?week={YEAR}-W{week:02}", urlencode(data), self.headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


# The killer


def kill_workers(server, seconds):
    """How many were killed."""
    killed, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(*BETWEEN_WORKERS))
        if workers := children(server.process.pid):
            os.kill(random.choice(workers), 9)
            killed += 1
    return {"killed": killed}


def kill_server(server, seconds):
    """How often, and the longest time until it answered again, systemd's delay included."""
    killed, longest, end = 0, 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(*BETWEEN_SERVERS))
        server.kill()
        killed, gone = killed + 1, time.monotonic()
        time.sleep(RESTART_DELAY)
        server.start()
        healthy(server)
        longest = max(longest, time.monotonic() - gone)
    return {"killed": killed, "longest": longest}


def healthy(server):
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)


def wait(server, seconds):
    time.sleep(seconds)
    return {}


KILLERS = {"none": wait, "workers": kill_workers, "server": kill_server}


# The run


class Friday:
    def __init__(self, url):
        self.folder = Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / "friday"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.environment = {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": url or f"sqlite:///{self.folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DEBUG": "0",
            "HTTPS": "0",
        }
        self.accounts = self._data("build")

    def _data(self, order):
        command = [sys.executable, "-m", "benchmarks.friday_data", order]
        environment = {**os.environ, **self.environment}
        return json.loads(subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True).stdout)

    def run(self, kill, seconds):
        """(log, what the killer did, seconds it took)"""
        log, stop = Log(), threading.Event()
        with Server(self.environment, self.folder / "server.log") as server:
            healthy(server)
            reporters = [Reporter(server, account, log, stop) for account in self.accounts]
            started = time.monotonic()
            for reporter in reporters:
                reporter.start()
            told = KILLERS[kill](server, seconds)
            stop.set()
            for reporter in reporters:
                reporter.join()
            took = time.monotonic() - started
        return log, told, took

    def wrong(self, log):
        """[what is not as it was acknowledged]: missing, other words, not submitted, or there twice."""
        stored = {}
        for row in self._data("check"):
            stored.setdefault((row["plan"], row["week"]), []).append(row)
        found = [f"两份：{key}" for key, rows in stored.items() if len(rows) > 1]
        found += [f"缺失：{key}" for key in log.saved.keys() - stored.keys()]
        for key in log.saved.keys() & stored.keys():
            found += _differences(key, stored[key][0], log)
        return found


def _differences(key, row, log):
    """The words may be one save newer than acknowledged: written, and the answer lost with the server."""
    if key in log.submitted and (row["state"], row["submitted"]) != ("reported", 1):
        yield f"{key} 报送后是 {row['state']}，历史 {row['submitted']} 条"
    if row["words"] < log.saved[key]:
        yield f"{key} 应是“{log.saved[key]}”，却是“{row['words']}”"
    if row["saved"] > SAVES_OF_A_CARD + 1 or row["submitted"] > 1:
        yield f"{key} 保存 {row['saved']} 次、报送 {row['submitted']} 次，多于实际次数"


def percentile_ms(seconds, share):
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def tell(name, log, told, took, wrong):
    print(
        f"{name}：{took:.0f} 秒内确认 {len(log.seconds)} 次（{len(log.seconds) / took:.0f} 次/秒），"
        f"p50 {percentile_ms(log.seconds, 0.5):.0f} ms，p99 {percentile_ms(log.seconds, 0.99):.0f} ms，"
        f"最长 {max(log.seconds) * 1000:.0f} ms；卡片 {len(log.saved)} 张，报送 {len(log.submitted)} 张；"
        f"重发 {log.retries} 次，出错 {sum(log.errors.values())} 次，不符 {len(wrong)} 处"
    )
    if told:
        longest = f"，最久 {told['longest']:.1f} 秒后恢复服务" if "longest" in told else ""
        print(f"杀死 {told['killed']} 次{longest}")
    for text in [*wrong[:10], *(f"{times} 次：{error}" for error, times in log.errors.most_common(10))]:
        print("  ", text)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks.friday")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL cluster of its own")
    parser.add_argument("--kill", choices=KILLERS, default="none", help="what is killed meanwhile")
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    with ExitStack() as stack:
        url = stack.enter_context(Postgres()).url if options.postgres else None
        friday = Friday(url)
        log, told, took = friday.run(options.kill, options.seconds)
        wrong = friday.wrong(log)
    engine = "PostgreSQL" if options.postgres else "SQLite"
    tell(f"{engine}，{len(friday.accounts)} 名填报员", log, told, took, wrong)
    sys.exit(bool(wrong or log.errors))


main()
