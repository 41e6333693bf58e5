"""A mail server and a group robot on this machine, which keep what they are sent and fail as they are told to."""

import base64
import email
import email.policy
import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every message, but for those to `refused` addresses; hangs up after `patience` messages."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailConversation)
        self.is_over = threading.Event()
        self.messages, self.conversations = [], 0
        self.refused, self.patience, self.password, self.is_silent, self.takes_data = set(), None, None, False, True

    @property
    def port(self):
        return self.server_address[1]

    @property
    def sent_to(self):
        return [message["To"] for message in self.messages]


class MailConversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.conversations += 1
        if self.server.is_silent:
            self.server.is_over.wait(5)
            return
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if getattr(self, f"on_{verb.lower()}", self.on_other)(rest) == "bye":
                return

    def say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def on_other(self, rest):
        self.say("250 ok")

    def on_ehlo(self, rest):
        self.say("250-local", *(["250-AUTH PLAIN"] if self.server.password else []), "250 HELP")

    def on_auth(self, rest):
        given = base64.b64decode(rest.partition(" ")[2]).decode().rpartition("\0")[2]
        self.say("235 welcome" if given == self.server.password else f"535 wrong password {given}")

    def on_rcpt(self, rest):
        is_refused = any(address in rest for address in self.server.refused)
        self.say("550 no such person" if is_refused else "250 ok")

    def on_data(self, rest):
        if self.server.patience == len(self.server.messages):
            return "bye"
        self.say("354 go on")
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            data += self.rfile.readline()
        if not self.server.takes_data:
            self.say("554 looks like spam")
            return None
        self.server.messages.append(email.message_from_bytes(data[:-5], policy=email.policy.default))
        self.say("250 taken")
        return None

    def on_quit(self, rest):
        return "bye"


class RobotServer(ThreadingHTTPServer):
    """Answers each post with `status` and `answer` (JSON, or text as it stands), or says nothing."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), RobotAnswer)
        self.is_over = threading.Event()
        self.requests = []
        self.status, self.answer, self.headers, self.is_silent = 200, {"errcode": 0, "errmsg": "ok"}, {}, False

    def url(self, path="/send?key=robot-key"):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    @property
    def texts(self):
        return [body["text"]["content"] for _path, body in self.requests]


class RobotAnswer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, json.loads(body)))
        if self.server.is_silent:
            self.server.is_over.wait(5)
            return
        answer = self.server.answer
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((answer if isinstance(answer, str) else json.dumps(answer)).encode())

    def do_GET(self):
        self.server.requests.append((self.path, None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass
