"""The measured server: gunicorn with the product's own configuration, one for each database, and its CPU meter."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`environment` names its database, `log` takes what it complains of. A context manager; serves on `port`."""

    def __init__(self, environment, log):
        self.environment = environment
        self.log = log
        self.port = free_port()

    def __enter__(self):
        self.start()
        return self

    def start(self):
        """Begin to serve; again after `kill`, on the same port."""
        command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )
        self._wait_until_it_answers()

    def kill(self):
        """What a power cut leaves: master and workers gone at once, by SIGKILL."""
        for pid in (self.process.pid, *children(self.process.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(30)

    def _wait_until_it_answers(self):
        for _ in range(START_SECONDS * 20):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"the measured server did not start, see {self.log}")

    def cpu(self):
        """{pid: CPU nanoseconds so far} of the master and its workers."""
        return {pid: _nanoseconds(pid) for pid in (self.process.pid, *children(self.process.pid))}


def _nanoseconds(pid):
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def children(pid):
    return [int(child) for child in re.findall(r"\d+", Path(f"/proc/{pid}/task/{pid}/children").read_text())]
