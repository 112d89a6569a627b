"""Connections that are cut, delayed or corrupted at every byte: no crash, no order lost or doubled, and a
clear message. MUSTER_FAULT_STEP says at which of the bytes (./run long: at each)."""

import contextlib
import os
import random
import socket
import struct
import subprocess
import threading
import time
import uuid

import claim_program
import fault_proxy
import pytest

MUSTER = os.environ["MUSTER_COMMAND"]
STEP = int(os.environ.get("MUSTER_FAULT_STEP", "97"))
LANES = 6
DIRECTIONS = (fault_proxy.TO_SERVER, fault_proxy.TO_CLIENT)
FAULTS = [("cut", 0), ("delay", 0), ("corrupt", 0xFF), ("corrupt", 0x01)]


def offsets(size, seed):
    """Every STEP-th, from another one each time the code changes what is sent."""
    return range(random.Random(seed).randrange(STEP), size, STEP)


class Lane:
    """A proxy, and numbers that are its own: what is done in one lane does not meet that in another."""

    def __init__(self, server, number):
        self.proxy, self.number = fault_proxy.Proxy(server.folder), number


@pytest.fixture()
def lanes(server):
    """A fault is mostly waited for, so several happen at the same time."""
    lanes = [Lane(server, number) for number in range(LANES)]
    yield lanes
    for lane in lanes:
        lane.proxy.close()


def in_lanes(lanes, faults, strike):
    """Call strike(lane, fault) for all faults. What fails is told at the end, so that one run tells all."""
    faults, failures, started = list(faults), [], time.monotonic()

    def go(lane):
        for fault in faults[lane.number::LANES]:
            try:
                strike(lane, fault)
            except Exception as failure:  # told below
                failures.append((fault, failure))

    threads = [threading.Thread(target=go, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(faults)} faults in {time.monotonic() - started:.1f} s")
    assert not failures, (len(failures), failures[:5])


# ---- a commit ----------------------------------------------------------------------------


@contextlib.contextmanager
def worker_of(lane, claims):
    """A dispatcher that has its token already and goes without a word."""
    worker = claim_program.Worker(lane.proxy.connection, claims.name, f"L{lane.number}", timeout_ms=400)
    worker.tell("token", 1)
    try:
        yield worker
    finally:
        ended = worker.close()
    assert ended == (0, "")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind, flip", FAULTS)
def test_a_commit_is_made_once_whatever_happens_to_the_connection(claims, dispatcher, lanes, direction, kind, flip):
    """From the first byte of the connection to the last of the answer, in a connection of its own each time."""
    plans = {}
    claims.sql("UPDATE stock SET quantity = 1000000;")
    for lane in lanes:
        dispatcher(f"L{lane.number}").take()

    def commit(lane, fault):
        lane.proxy.fault, request = fault, str(uuid.uuid4())
        with worker_of(lane, claims) as worker:
            answer = worker.commit(f"people:T{lane.number + 1}::I1:flood_rescue:10",
                                   f"machine:M{lane.number % 5 + 1}::I2:pump:3", f"item:W{lane.number % 3 + 1}:sandbag:I1:sandbag:1",
                                   request=request)
            assert answer.outcome == "done", answer.words
            plans[request] = str(answer.plan)
            assert worker.use(answer.claims[2]).outcome == "done"
            assert worker.release(*answer.claims).outcome == "done"
            assert fault is None or fault.is_done
            return lane.proxy.sent[direction]

    size = commit(lanes[0], None)
    in_lanes(lanes, [fault_proxy.Fault(direction, offset, kind, flip) for offset in offsets(size, f"{direction}{kind}")],
             commit)
    assert dict(claims.sql("SELECT id, plan FROM dispatch_request WHERE plan IS NOT NULL;")) == plans
    assert claims.sql("SELECT count(*) FROM plan;") == [[str(len(plans))]]
    assert claims.sql("SELECT count(*) FROM dispatch_order;") == [[str(3 * len(plans))]]
    assert claims.sql("SELECT sum(quantity) FROM stock;") == [[str(3000000 - len(plans))]]
    assert claims.sql("SELECT count(*) FROM claim WHERE released_at IS NULL;") == [["0"]]


def test_a_lost_answer_to_a_commit_is_asked_for_again(claims, dispatcher, proxy):
    """The server has committed; only the reply does not arrive."""
    worker = dispatcher("A", connection=proxy.connection)
    worker.take()
    sent = proxy.sent[fault_proxy.TO_CLIENT]
    proxy.fault = fault_proxy.Fault(fault_proxy.TO_CLIENT, sent + 20, "cut")
    answer = worker.commit("people:T1::I1:flood_rescue:10")
    assert (answer.outcome, answer.attempts) == ("done", 2)
    assert claims.sql("SELECT count(*) FROM plan;") == [["1"]]


@pytest.mark.parametrize("text, flip", [
    (b'"code":"T', 0x03),      # T2 in place of T1, and nobody would know
    (b'"incident":"I', 0x03),
    (b'"quantity":1', 0x01),   # 11 people
    (b'"request":"', 0x01),    # another id: it would be made twice
])
def test_a_request_that_arrives_as_another_one_is_not_carried_out(claims, dispatcher, proxy, text, flip):
    worker, request = dispatcher("A", connection=proxy.connection), "00000000-0000-4000-8000-000000000000"
    worker.take()
    proxy.fault = fault = fault_proxy.Fault(fault_proxy.TO_SERVER, 0, "corrupt", flip, text=text)
    answer = worker.commit("people:T1::I1:flood_rescue:10", request=request)
    assert fault.is_done and (answer.outcome, answer.attempts) == ("done", 2)
    assert claims.sql("SELECT code, incident, quantity FROM assignment;") == [["T1", "I1", "10"]]
    assert claims.sql("SELECT id FROM dispatch_request;") == [[request]]


@pytest.mark.parametrize("text, flip", [(b"1\x1f1\x1f", 0x03), (b"1\x1f1\x1f1\x1f", 0x01)])
def test_an_answer_that_arrives_as_another_one_is_not_believed(claims, dispatcher, proxy, text, flip):
    """The number of a claim or of an order."""
    worker = dispatcher("A", connection=proxy.connection)
    worker.take()
    proxy.fault = fault = fault_proxy.Fault(fault_proxy.TO_CLIENT, 0, "corrupt", flip, text=text)
    answer = worker.commit("people:T1::I1:flood_rescue:10")
    assert fault.is_done and (answer.outcome, answer.attempts) == ("done", 2)
    assert (answer.claims, answer.orders) == ([1], [1])


# ---- a connection ------------------------------------------------------------------------


@pytest.fixture()
def listening(tmp_path):
    """A function that makes a server of a folder which answers whoever comes with these bytes, and hangs up."""
    sockets = []

    def listen(name, answer):
        (tmp_path / name).mkdir()
        sockets.append(socket.socket(socket.AF_UNIX))
        sockets[-1].bind(str(tmp_path / name / ".s.PGSQL.5432"))
        sockets[-1].listen()

        def serve(listener):
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(65536)
                if answer is None:
                    sockets.append(connection)  # says nothing
                    continue
                connection.sendall(answer)
                connection.close()

        threading.Thread(target=serve, args=(sockets[-1],), daemon=True).start()
        return tmp_path / name

    yield listen
    for one in sockets:
        one.close()


@pytest.fixture()
def ways(server):
    server.sql("""
        DROP TABLE IF EXISTS faulty_ways;
        CREATE TABLE faulty_ways (id int, source int, target int, cost float8, reverse_cost float8, geom geometry);
        INSERT INTO faulty_ways SELECT i, i, i + 1, 60, 60, ST_SetSRID(ST_MakeLine(
            ST_MakePoint(120 + i * 0.01, 30), ST_MakePoint(120 + (i + 1) * 0.01, 30)), 4326)
        FROM generate_series(1, 5) AS i;""")


def message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body


GREETING = message(b"R", struct.pack(">I", 0)) + message(b"Z", b"I")
FATAL = message(b"E", b"SFATAL\0VFATAL\0C08P01\0Minvalid frontend message type 112\0\0")


def import_from(connection, folder):
    return subprocess.run([MUSTER, "import", "postgis", connection, "-o", folder / "net.gpkg", "--query",
                           "SELECT * FROM faulty_ways"], capture_output=True, text=True, timeout=20)


def test_an_error_right_behind_the_greeting_is_ours_to_tell(listening, claims, tmp_path):
    """Found at the fourth byte of a load, which is a length: libpq prints what comes with the greeting."""
    connection = f"host={listening('rude', GREETING + FATAL)} user=muster dbname=postgres"
    for done in (import_from(connection, tmp_path), subprocess.run(
            [MUSTER, "db", "check", connection], capture_output=True, text=True, timeout=20)):
        assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done
        assert done.stderr.startswith("muster: "), done
    worker = claim_program.Worker(connection, claims.name, timeout_ms=200)
    worker.tell("take")
    time.sleep(0.5)
    worker.process.kill()
    assert worker.close()[1] == ""


def test_of_several_hosts_the_next_is_tried_where_one_says_nothing(listening, ways, server, tmp_path):
    silent = listening("silent", None)
    hosts = f"host={silent},{server.folder} port=5432,5432 user=muster dbname=postgres connect_timeout=2"
    assert import_from(hosts, tmp_path).returncode == 0
    alone = import_from(f"host={silent} user=muster dbname=postgres connect_timeout=2", tmp_path)
    assert alone.returncode == 4 and "cannot connect: timeout expired" in alone.stderr


# ---- a load ------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind, flip", FAULTS)
def test_a_load_ends_whole_or_with_one_line(ways, lanes, tmp_path, direction, kind, flip):
    def load(lane, fault):
        folder = tmp_path / str(lane.number)
        folder.mkdir(exist_ok=True)
        network, lane.proxy.fault = folder / "net.gpkg", fault
        network.unlink(missing_ok=True)
        done = import_from(lane.proxy.connection, folder)
        assert done.returncode in (0, 3, 4), done
        assert (done.returncode == 0) == network.exists()
        assert len(done.stderr.splitlines()) == (done.returncode != 0), done
        assert done.returncode == 0 or (fault and kind != "delay"), done
        assert fault is None or fault.is_done
        assert list(folder.iterdir()) in ([], [network])
        return lane.proxy.sent[direction]

    size = load(lanes[0], None)
    # A length that was made longer is waited for until the connection ends.
    ends_after = 1 if kind == "corrupt" else None
    in_lanes(lanes, [fault_proxy.Fault(direction, offset, kind, flip, ends_after=ends_after)
                     for offset in offsets(size, f"load{direction}{kind}")], load)
