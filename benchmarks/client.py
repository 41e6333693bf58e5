"""A bounded client on the loopback: one request after the other, and what the server spent on them."""

import http.client
import time
from dataclasses import dataclass, field

from benchmarks.weekly import TOKEN

WARM_UP_REQUESTS = 24  # so that each of four workers has very likely had its turn
WARM_UP_SECONDS = 4.0
BLOCK_SECONDS = 0.25
BLOCK_REQUESTS = (4, 60)


class Refused(Exception):
    """The page answered something else than it should."""


@dataclass
class Figures:
    """What a number of requests of one kind came to."""

    seconds: list = field(default_factory=list)
    cpu_ns: int = 0
    size: int = 0

    @property
    def cpu_ms(self):
        return self.cpu_ns / len(self.seconds) / 1e6

    @property
    def per_second(self):
        return len(self.seconds) / sum(self.seconds)

    def percentile_ms(self, share):
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Client:
    """Asks one server as the office and as a reporter, signed in by their session cookies.

    `write` moves the data version of the county it looks at; `posts` (benchmarks.weekly) makes what is sent.
    """

    def __init__(self, server, cookies, write, posts):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.cookies = cookies
        self.write = write
        self.posts = posts

    def ask(self, task, headers=None, status=200, body=None):
        """(headers, size of the body in bytes) of an answer with the expected status."""
        method = "POST" if task.posts else "GET"
        self.connection.request(method, task.path, body, {**self._headers(task), **(headers or {})})
        response = self.connection.getresponse()
        size = len(response.read())
        if response.status != status:
            raise Refused(f"{task.path} answered {response.status} instead of {status}")
        return response.headers, size

    def _headers(self, task):
        headers = {"Cookie": self.cookies["reporter" if task.by_reporter else "office"]}
        if task.posts:
            headers["Cookie"] += f"; csrftoken={TOKEN}"
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return headers

    def measure(self, task, figures):
        """One block of requests. If a worker was replaced meanwhile its CPU is lost, and the block is not counted."""
        headers, count = self._warm_up(task)
        before, seconds = self.server.cpu(), []
        for _ in range(count):
            if task.after_write:
                self.write()
            body = self.posts.of(task) if task.posts else None
            started = time.perf_counter()
            _headers, figures.size = self.ask(task, headers, task.status, body)
            seconds.append(time.perf_counter() - started)
        after = self.server.cpu()
        if before.keys() == after.keys():
            figures.seconds += seconds
            figures.cpu_ns += sum(after.values()) - sum(before.values())

    def _warm_up(self, task):
        """(headers to ask with, how many requests make one block)."""
        started, asked = time.perf_counter(), 0
        while asked < WARM_UP_REQUESTS and time.perf_counter() - started < WARM_UP_SECONDS:
            if task.posts:
                answer, _size = self.ask(task, None, task.status, self.posts.of(task))
            else:
                answer, _size = self.ask(task)
            asked += 1
        each = (time.perf_counter() - started) / asked
        least, most = BLOCK_REQUESTS
        headers = {"If-None-Match": answer["ETag"]} if task.unchanged else {}
        return headers, max(least, min(most, int(BLOCK_SECONDS / each)))
