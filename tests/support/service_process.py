"""Runs `muster serve` for a test, and talks to it: by http.client as programs do, and by plain sockets
as those do who mean no good."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time

COMMAND = os.environ.get("MUSTER_COMMAND", "muster")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["code"]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Service:
    def __init__(self, process, addresses):
        self.process, self.addresses = process, addresses
        self.kept, self.kept_at = None, 0

    @property
    def port(self):
        return int(self.addresses[0].rsplit(":", 1)[1])

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def keep_alive(self):
        """The one that is kept, or another where the service has ended it by now (--idle-ms)."""
        now = time.monotonic()
        if self.kept and now - self.kept_at > 15:
            self.kept.close()
            self.kept = None
        self.kept = self.kept or self.connection()
        self.kept_at = now

    def ask(self, path, method="GET", body=None, headers=None, connection=None):
        """One request, on a connection that is kept unless another is given."""
        if connection is None:
            self.keep_alive()
            connection = self.kept
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        except (http.client.HTTPException, ConnectionError):
            connection.close()
            raise

    def ok(self, path, **options):
        answer = self.ask(path, **options)
        assert answer.status == 200, answer.body
        return answer.json

    def refuse(self, status, code, path, words=(), **options):
        """A request that must be refused, in a line that holds all of `words`; returns the answer."""
        answer = self.ask(path, **options)
        assert (answer.status, answer.code) == (status, code), answer.body
        assert answer.headers["Content-Type"] == "application/json"
        message = answer.json["message"]
        assert set(answer.json) == {"code", "message"} and "\n" not in message
        for word in words:
            assert str(word) in message, (word, message)
        return answer

    def raw(self, data=b"", timeout=10):
        """A plain socket to it, after sending `data`."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        plain.sendall(data)
        return plain

    def metric(self, name):
        for line in self.ask("/metrics").body.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.rsplit(" ", 1)[1])
        raise KeyError(name)

    def stop(self, number=signal.SIGTERM):
        """The exit code, and what was said on standard error."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


def read_all(plain):
    """Everything until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := plain.recv(65536):
            parts.append(part)
    return b"".join(parts)


def read_answers(plain, count):
    """So many answers of a kept connection: (status, body) each."""
    stream, answers = plain.makefile("rb"), []
    for _ in range(count):
        status = int(stream.readline().split()[1])
        size = 0
        while line := stream.readline().strip():
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                size = int(value)
        answers.append((status, stream.read(size)))
    return answers


@contextlib.contextmanager
def running(store, *options, listen=("127.0.0.1:0",)):
    """A service that answers, and that has to end well."""
    where = [word for address in listen for word in ("--listen", address)]
    process = subprocess.Popen([COMMAND, "serve", str(store), *where, *map(str, options)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        addresses = []
        while len(addresses) < len(listen):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            addresses.append(line.removeprefix("listening on ").strip())
        service = Service(process, addresses)
        yield service
        if process.poll() is None:
            assert service.stop() == (0, "")
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
