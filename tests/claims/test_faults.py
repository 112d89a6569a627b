"""Connections that are cut, delayed or corrupted at every byte: no crash, no order lost or doubled, and a
clear message. MUSTER_FAULT_STEP says at which of the bytes (./run long: at each)."""

import os
import random
import subprocess
import uuid

import fault_proxy
import pytest

MUSTER = os.environ["MUSTER_COMMAND"]
STEP = int(os.environ.get("MUSTER_FAULT_STEP", "97"))
DIRECTIONS = (fault_proxy.TO_SERVER, fault_proxy.TO_CLIENT)


def offsets(size, seed):
    """Every STEP-th, from another one each time the code changes what is sent."""
    return range(random.Random(seed).randrange(STEP), size, STEP)


# ---- a commit ----------------------------------------------------------------------------


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind, flip", [("cut", 0), ("delay", 0), ("corrupt", 0xFF), ("corrupt", 0x01)])
def test_a_commit_is_made_once_whatever_happens_to_the_connection(claims, dispatcher, proxy, direction, kind, flip):
    """From the first byte of the connection to the last of the answer; a worker of its own each time,
    that has its token already."""
    dispatcher("A").take()

    def commit(fault, number):
        proxy.fault, request = fault, uuid.uuid4()
        worker = dispatcher("A", connection=proxy.connection, timeout_ms=400)
        worker.tell("token", 1)
        answer = worker.commit(f"people:T{number % 40 + 1}::I1:flood_rescue:10", "machine:M1::I2:pump:3", request=request)
        assert answer.outcome == "done", (fault, answer.words)
        plan, = claims.sql(f"""SELECT plan FROM dispatch_request WHERE id = '{request}';""")
        assert plan == [str(answer.plan)]
        assert worker.release(*answer.claims).outcome == "done"
        code, errors = worker.close()
        assert (code, errors) == (0, ""), fault
        return answer

    commit(None, 0)
    size, count = proxy.sent[direction], 1
    for offset in offsets(size, f"{direction}{kind}"):
        count += 1
        commit(fault_proxy.Fault(direction, offset, kind, flip), count)
    assert claims.sql("SELECT count(*) FROM plan;") == [[str(count)]]
    assert claims.sql("SELECT count(*) FROM dispatch_order;") == [[str(2 * count)]]
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


# ---- a load ------------------------------------------------------------------------------


@pytest.fixture()
def ways(server):
    server.sql("""
        DROP TABLE IF EXISTS faulty_ways;
        CREATE TABLE faulty_ways (id int, source int, target int, cost float8, reverse_cost float8, geom geometry);
        INSERT INTO faulty_ways SELECT i, i, i + 1, 60, 60, ST_SetSRID(ST_MakeLine(
            ST_MakePoint(120 + i * 0.01, 30), ST_MakePoint(120 + (i + 1) * 0.01, 30)), 4326)
        FROM generate_series(1, 20) AS i;""")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind, flip", [("cut", 0), ("delay", 0), ("corrupt", 0xFF), ("corrupt", 0x01)])
def test_a_load_ends_whole_or_with_one_line(ways, proxy, tmp_path, direction, kind, flip):
    network = tmp_path / "net.gpkg"

    def load():
        network.unlink(missing_ok=True)
        return subprocess.run([MUSTER, "import", "postgis", proxy.connection, "-o", network, "--query",
                               "SELECT * FROM faulty_ways"], capture_output=True, text=True, timeout=20)

    assert load().returncode == 0
    for offset in offsets(proxy.sent[direction], f"load{direction}{kind}"):
        # A length that was made longer is waited for until the connection ends.
        proxy.fault = fault_proxy.Fault(direction, offset, kind, flip, ends_after=1 if kind == "corrupt" else None)
        done = load()
        assert done.returncode in (0, 3, 4), (proxy.fault, done)
        assert (done.returncode == 0) == network.exists()
        assert len(done.stderr.splitlines()) == (done.returncode != 0), (proxy.fault, done)
        assert kind != "delay" or done.returncode == 0
        assert list(tmp_path.iterdir()) in ([], [network])
