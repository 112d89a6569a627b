"""Who takes too much, too long or too often is told which limit that was, and others are served."""

import json
import resource
import socket
import subprocess
import threading
import time

import pytest

from muster_command import COMMAND as command, refuse
from service_process import UnixConnection, read_all, read_answers, running, wait_until

NEAREST = "/v1/nearest/light/120.8042,30.752"
HEADER = f"GET {NEAREST} HTTP/1.1\r\nHost: localhost\r\n"


def said(data):
    """Status and message of a plain answer."""
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["message"], json.loads(body)["code"]


# ---- time -----------------------------------------------------------------------------------

def test_250_who_drip_lock_nobody_out(village, tmp_path):
    """A limit of 200 connections, and 250 that send a byte now and then, from an address that may have
    100: the socket file stays open to others all along, and to that address after the deadline."""
    with running(village, "--max-connections", 200, "--max-connections-per-address", 100,
                 "--header-ms", 1500, listen=["127.0.0.1:0", f"unix:{tmp_path}/s"]) as s:
        drips = [socket.create_connection(("127.0.0.1", s.port)) for _ in range(250)]
        began, alive = time.monotonic(), set(range(250))
        file = UnixConnection(f"{tmp_path}/s")
        while alive and time.monotonic() - began < 20:
            for i in list(alive):
                try:
                    drips[i].sendall(b"G")
                except OSError:
                    alive.discard(i)
            assert s.ask("/v1/health", connection=file).status == 200
            time.sleep(0.1)
        took = time.monotonic() - began
        assert not alive and took < 8, (len(alive), took)
        assert s.ask("/v1/health").status == 200
        assert s.metric('muster_http_connections_refused_total{limit="address"}') >= 150
        assert s.metric('muster_http_connections_expired_total{over="header"}') == 100
        for drip in drips:
            drip.close()


def test_a_header_that_takes_too_long_is_told_so(village):
    with running(village, "--header-ms", 300) as s:
        plain = s.raw(HEADER.encode())
        began = time.monotonic()
        status, message, code = said(read_all(plain))
        assert (status, code) == (408, "TooSlow") and "--header-ms" in message
        assert time.monotonic() - began < 5


def test_a_second_header_that_drips_is_ended_too(village):
    with running(village, "--idle-ms", 400) as s:
        plain = s.raw(HEADER.encode() + b"\r\n")
        assert read_answers(plain, 1)[0][0] == 200
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - began < 5:
                plain.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - began < 5


def test_a_body_that_takes_too_long_is_told_so(village):
    with running(village, "--body-ms", 400) as s:
        plain = s.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                      b"Content-Type: application/json\r\n\r\n")
        began, data = time.monotonic(), b""
        plain.settimeout(0.05)
        while time.monotonic() - began < 5:
            try:
                data = plain.recv(4096)
                break
            except TimeoutError:
                plain.sendall(b" ")
        status, message, code = said(data)
        assert (status, code) == (408, "TooSlow") and "--body-ms" in message


def test_who_does_not_read_his_answer_is_ended(village):
    """More than the buffers between hold, and nobody who reads it."""
    with running(village, "--request-ms", 1000, "--max-table-cells", 2000000) as s:
        body = json.dumps({"coordinates": [[120.8 + i * 5e-6, 30.7502] for i in range(1400)],
                           "annotations": ["duration", "distance"]}).encode()
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.connect(("127.0.0.1", s.port))
        plain.sendall(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
                      b"Content-Type: application/json\r\n\r\n%s" % (len(body), body))
        assert wait_until(lambda: s.metric(
            'muster_http_connections_expired_total{over="request"}') == 1)
        assert wait_until(lambda: s.metric("muster_http_requests_in_flight") == 1)  # this one
        plain.close()


def test_who_has_gone_is_forgotten(village):
    """Closed, or closed half, at any moment: what has been asked is answered, and then it is over."""
    with running(village, "--idle-ms", 60000) as s:
        for text in (HEADER + "\r\n", HEADER, "", HEADER.replace("light", "lorry") + "\r\n"):
            for _ in range(10):
                plain = s.raw(text.encode())
                plain.shutdown(socket.SHUT_WR)
                answer = read_all(plain)
                assert text.endswith("\r\n\r\n") == answer.startswith(b"HTTP/1.1 ")
                plain.close()
                s.raw(text.encode()).close()
        assert wait_until(lambda: s.metric("muster_http_connections") == 1, 3)


# ---- size -----------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def narrow(village):
    with running(village, "--max-header-bytes", 2000, "--max-body-bytes", 3000, "--max-json-depth", 4,
                 "--max-coordinates", 20, "--max-route-coordinates", 3, "--max-table-cells", 30,
                 "--max-isochrone-seconds", 60) as s:
        yield s


def test_a_long_header_is_refused(narrow):
    narrow.refuse(431, "HeaderTooLarge", "/v1/health", headers={"X-Long": "x" * 2500},
                  words=["expected at most 2000", "--max-header-bytes"])
    narrow.refuse(431, "HeaderTooLarge", "/v1/health?" + "x" * 2500)


def test_a_header_beyond_all_measure_is_refused_too(narrow):
    plain = narrow.raw(HEADER.encode() + b"X: " + b"y" * 200000)
    answer = read_all(plain)
    assert not answer or answer.split()[1] in (b"431", b"414", b"400", b"413")
    assert narrow.ask("/v1/health").status == 200


def test_a_large_body_is_refused_before_it_comes(narrow):
    plain = narrow.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\n"
                       b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
    status, message, code = said(read_all(plain))
    assert (status, code) == (413, "BodyTooLarge") and "--max-body-bytes" in message


def test_a_large_body_in_chunks_is_refused_after_it_has_come(narrow):
    chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
    plain = narrow.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\n"
                       b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                       + chunk * 10 + b"0\r\n\r\n")
    status, body = read_answers(plain, 1)[0]
    assert status == 413 and b"--max-body-bytes" in body


def test_a_body_in_chunks_is_read(narrow):
    body = json.dumps({"coordinates": [[120.8, 30.75], [120.806, 30.7522]]}).encode()
    parts = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 7]), body[i:i + 7])
                     for i in range(0, len(body), 7))
    plain = narrow.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\n"
                       b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                       + parts + b"0\r\n\r\n")
    status, answer = read_answers(plain, 1)[0]
    assert status == 200 and len(json.loads(answer)["durations"]) == 2


def test_limits_of_what_is_asked_say_which_they_are(narrow):
    many = ";".join(["120.8,30.75"] * 21)
    narrow.refuse(400, "TooBig", f"/v1/table/light/{many}?sources=0&destinations=0",
                  words=["21 coordinates", "at most 20", "--max-coordinates"])
    narrow.refuse(400, "TooBig", "/v1/route/light/" + ";".join(["120.8,30.75"] * 4),
                  words=["--max-route-coordinates"])
    narrow.refuse(400, "TooBig", "/v1/table/light/" + ";".join(["120.8,30.75"] * 6),
                  words=["36 cells", "--max-table-cells"])
    narrow.refuse(400, "TooBig", "/v1/table/light", method="POST",
                  body={"coordinates": [[120.8, 30.75]] * 21}, words=["--max-coordinates"])
    narrow.refuse(400, "InvalidOptions", "/v1/isochrone/light/120.8,30.75?contours_minutes=2",
                  words=["at most 1 ", "--max-isochrone-seconds"])
    narrow.refuse(400, "InvalidBody", "/v1/table/light", method="POST",
                  body='{"coordinates":[[[[1]]]]}', words=["5 deep", "--max-json-depth"],
                  headers={"Content-Type": "application/json"})


# ---- number ---------------------------------------------------------------------------------

def test_connections_of_one_address_have_a_limit(village):
    with running(village, "--max-connections-per-address", 3) as s:
        plains = [s.raw() for _ in range(3)]
        assert wait_until(lambda: len([1 for p in plains if p.fileno() >= 0]) == 3)
        status, message, code = said(read_all(s.raw()))
        assert (status, code) == (503, "TooManyConnections")
        assert "--max-connections-per-address" in message
        plains.pop().close()
        assert wait_until(lambda: s.ask("/v1/health", connection=s.connection()).status == 200)


def test_connections_have_a_limit(village):
    with running(village, "--max-connections", 2) as s:
        plains = [s.raw(HEADER.encode() + b"\r\n") for _ in range(2)]
        assert [read_answers(p, 1)[0][0] for p in plains] == [200, 200]
        status, message, code = said(read_all(s.raw()))
        assert status == 503 and "--max-connections)" in message
        for plain in plains:
            plain.close()


def test_requests_in_flight_have_a_limit(village):
    with running(village, "--max-requests", 2) as s:
        begun = b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n" \
                b"Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n"
        plains = [s.raw(begun) for _ in range(2)]
        assert all(p.recv(100).startswith(b"HTTP/1.1 100 ") for p in plains)
        answer = s.refuse(503, "Busy", NEAREST, words=["--max-requests"])
        assert answer.headers["Retry-After"] == "1"
        assert s.ask("/v1/health").status == 200  # which nobody is refused
        for plain in plains:
            plain.close()
        assert wait_until(lambda: s.ask(NEAREST).status == 200)


def test_a_long_table_keeps_nobody_waiting(village):
    """One thread that talks, one that works: what is quick is answered while a table is made."""
    with running(village, "--threads", 1, "--workers", 1) as s:
        body = {"coordinates": [[120.8 + i * 1e-6, 30.75] for i in range(1000)]}
        done = []
        worker = threading.Thread(target=lambda: done.append(
            s.ask("/v1/table/light", method="POST", body=body, connection=s.connection()).status))
        worker.start()
        answered = 0
        while worker.is_alive():
            assert s.ask(NEAREST).status == 200
            answered += not done
        worker.join()
        assert done == [200] and answered > 20


def test_limits_are_checked_when_it_starts(village):
    refuse(2, "serve", village, "--max-requests", "0", words=["--max-requests is \"0\"", "from 1"])
    refuse(2, "serve", village, "--header-ms", "5s", words=["--header-ms is \"5s\""])


def test_more_connections_than_there_are_descriptors_are_refused(village):
    refuse(3, "serve", village, "--max-connections", "5000", words=["ulimit -n", "--max-connections"],
           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (500, 1000)))
    process = subprocess.Popen([command, "serve", str(village), "--listen", "127.0.0.1:0",
                                "--max-connections", "900"], stdout=subprocess.PIPE,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (500, 1000)))
    assert process.stdout.readline().startswith(b"listening")
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()


def test_a_connection_is_kept(village):
    with running(village) as s:
        one = s.connection()
        for _ in range(50):
            assert s.ask(NEAREST, connection=one).status == 200
        assert s.ask("/v1/table/light", method="POST", body={"coordinates": [[120.8, 30.75]]},
                     connection=one).status == 200
        assert s.ask("/nothing", connection=one).status == 404
        assert s.metric("muster_http_connections") == 2  # that, and the one that asks
