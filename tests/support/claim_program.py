"""The program claim_worker, and a schema of claims to drive it against."""

import os
import pathlib
import queue
import subprocess
import threading
import time
import uuid

PROGRAM = os.environ["MUSTER_CLAIM_WORKER"]
SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])

WORLD = """
INSERT INTO kind (code, resource, category, name, unit) VALUES
  ('flood_rescue', 'people', 'rescue', 'Flood rescue', 'people'), ('boat', 'vehicle', 'rescue', 'Boat', 'vehicles'),
  ('pump', 'machine', 'rescue', 'Pump', 'pieces'), ('sandbag', 'item', 'relief', 'Sandbag', 'pieces');
INSERT INTO team (code, name, tier, people, profile, geom)
  SELECT 'T' || i, '救援队 ' || i, 'city', 10, 'light', 'SRID=4326;POINT(120 30)' FROM generate_series(1, {units}) AS i;
INSERT INTO vehicle (code, kind, tier, profile, geom)
  SELECT 'V' || i, 'boat', 'city', 'light', 'SRID=4326;POINT(120 30)' FROM generate_series(1, {units}) AS i;
INSERT INTO machine (code, kind, count, tier, profile, geom)
  SELECT 'M' || i, 'pump', 10, 'city', 'light', 'SRID=4326;POINT(120 30)' FROM generate_series(1, 5) AS i;
INSERT INTO warehouse (code, name, tier, loading_s, profile, geom)
  SELECT 'W' || i, 'Warehouse', 'city', 0, 'light', 'SRID=4326;POINT(120 30)' FROM generate_series(1, 3) AS i;
INSERT INTO stock (warehouse, kind, quantity) SELECT code, 'sandbag', 1000 FROM warehouse;
INSERT INTO scenario (code, name, starts_at) VALUES ('storm', 'Storm', '2026-07-01T00:00:00Z');
INSERT INTO incident (scenario, code, type, severity, reported_at, geom)
  SELECT 'storm', 'I' || i, 'flood', 'severe', '2026-07-01T00:00:00Z', 'SRID=4326;POINT(120 30)'
  FROM generate_series(1, 9) AS i;
"""


class Schema:
    """Tables of one's own in a server."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        files = [SOURCE / "gis/schema.sql", *sorted((SOURCE / "gis/migrations").glob("*.sql"))]
        server.sql(f"CREATE SCHEMA {name};")
        for file in files:
            self.sql("BEGIN;" + file.read_text(encoding="utf-8") + "COMMIT;")

    def fill(self, units=40):
        """Anew, with numbers from 1."""
        self.sql(f"""
            DO $$ BEGIN EXECUTE (
                SELECT 'TRUNCATE ' || string_agg(oid::regclass::text, ', ') || ' RESTART IDENTITY'
                FROM pg_class WHERE relnamespace = '{self.name}'::regnamespace AND relkind = 'r'
                  AND relname NOT IN ('muster_meta', 'event_horizon'));
            END $$;
            {WORLD.format(units=units)}
            DELETE FROM event;
            UPDATE event_horizon SET life = '', xid = '0', number = 0;""")

    def sql(self, script, role=None):
        """Rows of words."""
        path = f"SET search_path = {self.name}, public;" + (f"SET ROLE {role};" if role else "")
        try:
            return [line.split("|") for line in self.server.sql(path + script).splitlines()]
        except subprocess.CalledProcessError as failure:
            raise Refused(failure.stderr) from None


class Refused(Exception):
    """The server's words."""


class Session:
    """A psql that stays, to hold locks."""

    def __init__(self, schema):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-At", "-d", schema.server.connection], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tell(f"SET search_path = {schema.name}, public;")

    def tell(self, script):
        self.process.stdin.write(script + "\n\\echo done\n")
        self.process.stdin.flush()
        while self.process.stdout.readline() != "done\n":
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()


class Answer:
    """What claim_worker says of a request."""

    def __init__(self, words):
        self.outcome, self.words = words[0], words
        if self.outcome in ("pending", "error"):
            self.message = words[-1]
            return
        self.plan, self.attempts, self.token = map(int, words[1:4])
        self.message, rest = words[4], [word.split(",") for word in words[5:]]
        self.claims = [int(c) for c, _ in rest] if self.outcome == "done" else []
        self.orders = [int(o) for _, o in rest] if self.outcome == "done" else []
        # line, reason, remaining, holder, since, incident
        self.conflicts = rest if self.outcome == "lost" else []


class Worker:
    """One process of claim_worker: a dispatcher."""

    def __init__(self, connection, schema, code="A", holder="test", timeout_ms=3000):
        self.process = subprocess.Popen(
            [PROGRAM, "dispatch", connection, schema, code, holder, str(timeout_ms)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def tell(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def ask(self, *words):
        """None: the process is dead."""
        try:
            self.tell(*words)
        except BrokenPipeError:
            return None
        line = self.process.stdout.readline()
        return Answer(line.rstrip("\n").split("\t")) if line.endswith("\n") else None

    def take(self):
        return self.ask("take")

    def commit(self, *lines, request=None, scenario="storm", release=()):
        return self.ask("commit", request or uuid.uuid4(), scenario, ",".join(map(str, release)), *lines)

    def release(self, *claims, request=None):
        return self.ask("release", request or uuid.uuid4(), *claims)

    def use(self, *claims, request=None):
        return self.ask("use", request or uuid.uuid4(), *claims)

    def close(self):
        """How it ends, and what it wrote to stderr; sanitizers do."""
        if self.process.returncode is None:
            self.process.stdin.close()
            self.errors = self.process.stderr.read()
            self.process.wait()
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode, self.errors


class Follower:
    """One process of claim_worker that follows; what it says is collected by a thread."""

    def __init__(self, connection, schema, heartbeat_ms=200, dispatcher=None):
        options = [str(heartbeat_ms)] + ([dispatcher] if dispatcher else [])
        self.process = subprocess.Popen([PROGRAM, "follow", connection, schema, *options], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        self.changes = []  # (us, is_reload, number, subject, operation, scenario, resource, code)
        self.failures = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            words = line.rstrip("\n").split("\t")
            if words[0] == "change":
                self.changes.append((int(words[1]), words[2] == "reload", int(words[3]), *words[4:]))
            elif words[0] == "error":
                self.failures += 1
            else:
                self.lines.put(words)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return None if words[0] == "starve" else self.lines.get(timeout=20)[1:]

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.changes[-3:], self.ask("state"))
            time.sleep(0.005)

    def wait_for_state(self, phase, age="fresh", seconds=20):
        self.wait(lambda: self.ask("state")[:2] == [phase, age], seconds)

    def numbers(self):
        return [change[2] for change in self.changes if not change[1]]

    def close(self):
        self.process.stdin.close()
        return self.process.wait(), self.process.stderr.read()
