"""Who is let in, and how the service behaves towards the others."""

import contextlib
import json
import os
import random
import signal
import socket
import stat
import time

import pytest

from muster_command import refuse, succeed
from service_process import UnixConnection, read_all, read_answers, running, wait_until

NEAREST = "/v1/nearest/light/120.8042,30.752"
TABLE = {"coordinates": [[120.8, 30.75], [120.806, 30.7522]]}


# ---- addresses and options ------------------------------------------------------------------

@pytest.mark.parametrize("path, code, words", [
    ("/v1/nearest/light/1,2,3", "InvalidQuery", ["coordinate 0 is \"1,2,3\""]),
    ("/v1/nearest/light/nan,2", "InvalidQuery", ["coordinate 0 is \"nan,2\""]),
    ("/v1/nearest/light/0x10,2", "InvalidQuery", ["longitude,latitude"]),
    ("/v1/nearest/light/1,1e999", "InvalidQuery", ["coordinate 0"]),
    ("/v1/nearest/light/181,2", "InvalidValue", ["longitude 181", "longitude first"]),
    ("/v1/nearest/light/30.75,120.8", "InvalidValue", ["latitude 120.8"]),
    ("/v1/nearest/light/120.8,30.75;120.8,30.75", "InvalidOptions", ["expected one"]),
    ("/v1/nearest/light/polyline(%7F)", "InvalidUrl", ["control character"]),
    ("/v1/nearest/light/polyline(~~)", "InvalidQuery", ["polyline"]),
    ("/v1/nearest/light/polyline()", "InvalidQuery", ["one point or more"]),
    ("/v1/nearest/lorry/120.8,30.75", "InvalidValue", ["\"lorry\"", "light, heavy"]),
    ("/v1/route/light/120.8,30.75", "InvalidOptions", ["two or more"]),
    (NEAREST + "?number=0", "InvalidOptions", ["number is \"0\"", "1 to 100"]),
    (NEAREST + "?number=two", "InvalidOptions", ["whole number"]),
    (NEAREST + "?nmber=2", "InvalidOptions", ["no option \"nmber\"", "number"]),
    (NEAREST + "?number=1&number=2", "InvalidQuery", ["once"]),
    (NEAREST + "?number", "InvalidQuery", ["name=value"]),
    (NEAREST + "?number=%4", "InvalidQuery", ["%"]),
    (NEAREST + "?radiuses=5;5", "InvalidOptions", ["radiuses", "1 coordinates"]),
    (NEAREST + "?radiuses=-5", "InvalidOptions", ["radiuses"]),
    ("/v1/nearest/light/120.8%00,30", "InvalidUrl", ["control character"]),
    ("/v1/route/light/120.8,30.75;120.8,30.75?overview=all", "InvalidOptions",
     ["overview is \"all\"", "simplified, full or false"]),
    ("/v1/table/light/120.8,30.75?sources=1", "InvalidOptions", ["sources is \"1\""]),
    ("/v1/table/light/120.8,30.75?sources=", "InvalidOptions", ["sources is \"\""]),
    ("/v1/table/light/120.8,30.75?annotations=speed", "InvalidOptions", ["annotations"]),
    ("/v1/isochrone/light/120.8,30.75", "InvalidOptions", ["no time"]),
    ("/v1/isochrone/light/120.8,30.75?contours_minutes=0", "InvalidOptions", ["more than 0"]),
    ("/v1/isochrone/light/120.8,30.75?contours_minutes=5&radius=1", "InvalidOptions", ["radius"]),
])
def test_what_is_wrong_is_named(service, path, code, words):
    service.refuse(400, code, path, words=words)


@pytest.mark.parametrize("body, words", [
    ("", ["the body is empty"]), ("[]", ["an object"]), ("{", ["no JSON"]), ('{"a":1}', ['member "a"']),
    ('{"coordinates":[[1,2]],"coordinates":[[1,2]]}', ["duplicate"]),
    ('{"coordinates":[]}', ["coordinates"]), ('{"coordinates":[[1]]}', ["two numbers"]),
    ('{"coordinates":[[120.8,30.75]],"sources":[1]}', ["sources"]),
    ('{"coordinates":[[120.8,30.75]],"sources":[]}', ["sources"]),
    ('{"coordinates":[[120.8,30.75]],"sources":[0.5]}', ["sources"]),
    ('{"coordinates":[[120.8,30.75]],"annotations":["speed"]}', ["annotations"]),
    ('{"coordinates":[["120.8",30.75]]}', ["two numbers"]), ("\xff", ["no JSON"]),
    ("[" * 99, ["deep"]),
])
def test_what_is_wrong_in_a_body_is_named(service, body, words):
    service.refuse(400, "InvalidBody", "/v1/table/light", method="POST",
                   body=body.encode("latin-1"), headers={"Content-Type": "application/json"},
                   words=words)


def test_there_is_one_style_of_error(service):
    service.refuse(404, "NotFound", "/v2/nearest/light/1,2", words=["/v1/openapi.json"])
    answer = service.refuse(405, "WrongMethod", "/v1/health", method="DELETE")
    assert answer.headers["Allow"] == "GET, HEAD"
    answer = service.refuse(405, "WrongMethod", "/v1/table/light", method="PUT", body="x")
    assert answer.headers["Allow"] == "POST"
    service.refuse(400, "InvalidBody", NEAREST, method="GET", body="x", words=["expected none"])


def test_answers_say_little_of_the_server(service):
    headers = service.ask(NEAREST).headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    assert "Server" not in headers and "Access-Control-Allow-Origin" not in headers


def test_head_is_get_without_the_body(service):
    get, head = service.ask(NEAREST), service.ask(NEAREST, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.body))


# ---- plain HTTP -----------------------------------------------------------------------------

def test_pipelined_requests_are_answered_in_order(service):
    paths = [NEAREST + f"?number={1 + i % 3}" for i in range(30)] + ["/v1/isochrone/light/"
             "120.8,30.75?contours_minutes=1", "/nothing", NEAREST]
    plain = service.raw("".join(f"GET {p} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                for p in paths).encode())
    answers = read_answers(plain, len(paths))
    assert [a[0] for a in answers] == [404 if p == "/nothing" else 200 for p in paths]
    for path, (_, body) in zip(paths[:30], answers):
        assert len(json.loads(body)["waypoints"]) == int(path[-1])
    plain.close()


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n", b"GARBAGE\r\n\r\n", b"GET\r\n\r\n", b"\x00\x01\x02\r\n\r\n",
    b"GET /v1/health HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\n\r\n", b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
])
def test_what_is_no_request_is_no_success(service, data):
    plain = service.raw(data)
    plain.shutdown(socket.SHUT_WR)
    answer = read_all(plain)
    assert not answer or answer.split()[1][:1] in b"45", answer
    assert service.ask("/v1/health").status == 200


VALID = [NEAREST, "/nearest/v1/driving/120.8,30.75?number=3&radiuses=unlimited", "/v1/health",
         "/route/v1/heavy/120.80,30.75;120.806,30.7522?steps=true&geometries=geojson", "/metrics",
         "/v1/table/light/120.80,30.75;120.806,30.7522?sources=0;1&annotations=distance,duration",
         "/v1/isochrone/light/120.8,30.75?contours_minutes=1,0.5&radius=50", "/v1/table/light",
         "/v1/route/boat/polyline(_p~iF~ps%7CU_ulLnnqC)?overview=full", "/v1/nearest/light"]
PIECES = ["%", "%2F", "%00", "%25", "?", "&", "=", ";", ",", "-", "1e308", "..", "/", "//", "~", "\\", "é",
          "9" * 30, "polyline6(", ")", ".json", "all", "nan", "true", "0", "\x7f", "{profile}"]
METHODS = ["GET"] * 6 + ["POST"] * 3 + ["PUT", "DELETE", "HEAD", "OPTIONS", "BREW"]
HEADERS = ["Content-Type: application/json"] * 5 + [
    "Origin: https://a.example", "Expect: 100-continue", "Authorization: Bearer x", "Host: other",
    "Authorization: Basic eDp5", "Connection: close", "Content-Encoding: gzip", "X: " + "y" * 300,
    "Transfer-Encoding: chunked", "Content-Length: 7", "Sec-Fetch-Site: cross-site"]
BODIES = ["", "", "{}", '{"coordinates":[[120.8,30.75]]}', "[[[[", '{"coordinates":' + "[" * 60, "\0",
          '{"origin":[120.8,30.75],"sites":[[120.8,30.75]]}']


def random_request(draw):
    path = draw.choice(VALID)
    for _ in range(draw.choice([0, 0, 1, 1, 2, 4])):
        at, cut = draw.randint(0, len(path)), draw.choice([0, 0, 1, 5])
        path = path[:at] + draw.choice(PIECES) + path[at + cut:]
    body = draw.choice(BODIES)
    lines = [f"{draw.choice(METHODS)} {path} HTTP/1.1", "Host: localhost",
             *draw.sample(HEADERS, draw.choice([0, 0, 1, 3]))]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", body]).encode()


def test_a_thousand_random_requests_are_survived(service):
    draw, seen = random.Random(5), set()
    for _ in range(int(os.environ.get("MUSTER_REQUEST_ROUNDS", 1000))):
        plain = service.raw(random_request(draw), timeout=20)
        with contextlib.suppress(OSError):
            plain.shutdown(socket.SHUT_WR)
        answer = read_all(plain)
        plain.close()
        seen |= {int(line.split()[1]) for line in answer.splitlines() if line.startswith(b"HTTP/1.")}
    assert service.process.poll() is None and service.ask("/v1/health").status == 200
    assert 500 not in seen and {200, 400, 401, 403, 404, 405, 415} <= seen, seen


# ---- who asks -------------------------------------------------------------------------------

@pytest.mark.parametrize("host, status", [
    ("localhost", 200), ("LOCALHOST:80", 200), ("127.0.0.1:5000", 200), ("[::1]:1", 200),
    ("roads.example.org", 200), ("evil.example", 421), ("localhost.evil.example", 421),
    ("127.0.0.1.evil.example", 421), ("localhost:80@evil.example", 421), ("", 421), ("[::1", 421)])
def test_the_host_is_one_of_ours(guarded, host, status):
    answer = guarded.ask("/v1/health", headers={"Host": host})
    assert answer.status == status
    if status != 200:
        assert answer.code == "InvalidHost" and "--host" in answer.json["message"]


@pytest.fixture(scope="module")
def guarded(village, tokens):
    with running(village, "--tokens", tokens, "--host", "roads.example.org", "--allow-origin",
                 "https://map.example.org") as s:
        yield s


def test_a_body_is_json_and_says_so(service):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp",
                 "application/json; charset=latin-1", ""):
        service.refuse(415, "InvalidContentType", "/v1/table/light", method="POST",
                       body=json.dumps(TABLE), headers={"Content-Type": kind}, words=["application/json"])
    service.refuse(415, "InvalidContentType", "/v1/table/light", method="POST", body=TABLE,
                   headers={"Content-Encoding": "gzip"})
    assert service.ask("/v1/table/light", method="POST", body=TABLE,
                       headers={"Content-Type": "application/json; charset=UTF-8"}).status == 200


def test_pages_of_other_sites_do_not_write(guarded):
    def post(**headers):
        return guarded.ask("/v1/table/light", method="POST", body=TABLE,
                           headers={k.replace("_", "-"): v for k, v in headers.items()})
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                    {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):
        answer = post(**headers)
        assert (answer.status, answer.code) == (403, "ForbiddenOrigin"), headers
    assert post(Origin="https://map.example.org").status == 200
    assert post(Origin=f"http://127.0.0.1:{guarded.port}").status == 200
    assert post(Sec_Fetch_Site="same-origin").status == 200


def test_only_known_origins_may_read_answers(guarded, service):
    known = {"Origin": "https://map.example.org"}
    answer = guarded.ask(NEAREST, headers=known)
    assert answer.headers["Access-Control-Allow-Origin"] == known["Origin"]
    assert answer.headers["Vary"] == "Origin"
    answer = guarded.ask(NEAREST, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    preflight = dict(known, **{"Access-Control-Request-Method": "POST"})
    answer = guarded.ask("/v1/table/light", method="OPTIONS", headers=preflight)
    assert answer.status == 204 and "POST" in answer.headers["Access-Control-Allow-Methods"]
    service.refuse(405, "WrongMethod", "/v1/table/light", method="OPTIONS", headers=preflight)


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_that_is_given_has_to_be_right(guarded):
    assert guarded.ask(NEAREST).status == 200
    assert guarded.ask(NEAREST, headers=bearer("desk-secret")).status == 200
    for headers in (bearer("nobody"), bearer(""), {"Authorization": "Basic eDp5"},
                    {"Authorization": "Bearer"}):
        answer = guarded.refuse(401, "Unauthorized", NEAREST, headers=headers)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert guarded.ask("/v1/health", headers=bearer("nobody")).status == 401


def test_reading_needs_a_token_where_it_is_said(village, tokens):
    with running(village, "--tokens", tokens, "--require-token") as s:
        s.refuse(401, "Unauthorized", NEAREST, words=["read or more"])
        for name in ("reader", "desk", "chief"):
            assert s.ask(NEAREST, headers=bearer(f"{name}-secret")).status == 200
        assert s.ask("/v1/health").status == 200 and s.ask("/metrics").status == 401


@pytest.mark.parametrize("text, words", [
    ("desk dispatch abc\n", ["line 1", "64 hexadecimal"]),
    ("desk boss " + "0" * 64, ["role \"boss\"", "read, dispatch or admin"]),
    ("desk read\n", ["three words"]), ("\n# nothing\n", ["no token"]),
    ("a read " + "0" * 64 + "\na admin " + "1" * 64, ["line 2", "name of its own"])])
def test_a_wrong_file_of_tokens_is_refused(village, tmp_path, text, words):
    path = tmp_path / "tokens"
    path.write_text(text)
    path.chmod(0o600)
    refuse(3, "serve", village, "--tokens", path, words=[path, *words])


def test_a_file_of_tokens_that_anybody_may_read_is_refused(village, tokens, tmp_path):
    path = tmp_path / "tokens"
    path.write_text(tokens.read_text())
    path.chmod(0o644)
    refuse(3, "serve", village, "--tokens", path, words=["anybody may use it (mode 644)", "chmod 600"])


def test_other_machines_get_there_only_with_tokens(village, tokens):
    refuse(3, "serve", village, "--listen", "0.0.0.0:0", words=["other machines", "--remote"])
    refuse(3, "serve", village, "--listen", "0.0.0.0:0", "--remote", words=["--tokens"])
    refuse(3, "serve", village, "--require-token", words=["--tokens"])
    for address in ("localhost", "1.2.3:5", "127.0.0.1:99999", "unix:relative", "host.example:80"):
        refuse(3, "serve", village, "--listen", address, words=[address, "expected"])


# ---- life -----------------------------------------------------------------------------------

def test_a_socket_file_is_made_and_taken_away(village, tmp_path):
    path = tmp_path / "muster.sock"
    with running(village, listen=[f"unix:{path}"]) as s:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert s.ask("/v1/health", connection=UnixConnection(str(path))).status == 200
        refuse(4, "serve", village, "--listen", f"unix:{path}", words=["another service listens"])
        s.process.kill()  # which leaves it behind
        s.process.wait()
    assert path.exists()
    with running(village, listen=[f"unix:{path}"]) as s:
        assert s.ask("/v1/health", connection=UnixConnection(str(path))).status == 200
    assert not path.exists()
    path.write_text("mine")
    refuse(4, "serve", village, "--listen", f"unix:{path}", words=["no socket"])
    assert path.read_text() == "mine"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_flight_when_it_stops_is_answered(village, number):
    """Tables, more than there are workers, whose bodies are not complete when it is told to stop."""
    with running(village, "--threads", 2, "--workers", 1) as s:
        text = json.dumps({"coordinates": [[120.8 + i * 1e-6, 30.75] for i in range(300)]}).encode()
        begun = [s.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
                       b"Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n" % len(text))
                 for _ in range(5)]
        assert all(plain.recv(100).startswith(b"HTTP/1.1 100 ") for plain in begun)
        s.process.send_signal(number)
        assert wait_until(lambda: not accepts(s.port))
        for plain in begun:
            plain.sendall(text)
        for plain in begun:
            status, body = read_answers(plain, 1)[0]
            assert status == 200 and len(json.loads(body)["durations"]) == 300
            assert read_all(plain) == b""
        assert s.process.wait(10) == 0


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    except OSError:
        return False


def test_it_waits_for_no_more_than_it_is_told_to(village):
    with running(village, "--stop-ms", 300) as s:
        hung = s.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
                     b"Content-Type: application/json\r\n\r\n")
        assert wait_until(lambda: s.metric("muster_http_requests_in_flight") == 2)
        began = time.monotonic()
        assert s.stop() == (0, "")
        assert time.monotonic() - began < 3
        hung.close()


def test_what_waits_when_its_time_is_over_is_refused(village):
    """Long tables for one worker: the one that has begun is answered, the last ones are told to go."""
    with running(village, "--stop-ms", 50, "--workers", 1) as s:
        text = json.dumps({"coordinates": [[120.8 + i * 8e-6, 30.7502] for i in range(900)]}).encode()
        plains = [s.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
                        b"Content-Type: application/json\r\n\r\n%s" % (len(text), text), timeout=60)
                  for _ in range(12)]
        assert wait_until(lambda: s.metric("muster_http_requests_in_flight") > 8)
        s.process.send_signal(signal.SIGTERM)
        answers = [read_answers(plain, 1)[0] for plain in plains]
        assert {status for status, _ in answers} == {200, 503}
        assert all(status == 200 or b'"Stopping"' in body for status, body in answers)
        assert s.process.wait(30) == 0


def test_readiness_ends_when_it_stops(village):
    with running(village) as s:
        kept = s.connection()
        assert s.ask("/v1/health", connection=kept).json["code"] == "Ok"
        held = s.raw(b"POST /v1/table/light HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                     b"Content-Type: application/json\r\n\r\n")
        assert wait_until(lambda: s.metric("muster_http_requests_in_flight") == 2)
        s.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: not accepts(s.port))
        answer = s.ask("/v1/health", connection=kept)
        assert (answer.status, answer.code) == (503, "Stopping")
        assert answer.headers["Connection"] == "close"
        held.close()
        assert s.process.wait(10) == 0


def test_systemd_may_open_the_sockets(village):
    """As sd_listen_fds(3) has it: descriptors from 3 on, and whose they are."""
    listener = socket.create_server(("127.0.0.1", 0))
    port, command = listener.getsockname()[1], os.environ["MUSTER_COMMAND"]
    child = os.fork()
    if child == 0:
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execvp(command, [command, "serve", str(village)])
    try:
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        plain.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert read_answers(plain, 1)[0][0] == 200
        plain.close()
    finally:
        os.kill(child, signal.SIGTERM)
        assert os.waitpid(child, 0)[1] == 0
        listener.close()


# ---- what it says of itself -----------------------------------------------------------------

def test_metrics_count_what_happens(village):
    with running(village) as s:
        for path in (NEAREST, NEAREST, NEAREST + "?number=0", "/nothing"):
            s.ask(path)
        assert s.metric('muster_http_requests_total{resource="nearest",status="200"}') == 2
        assert s.metric('muster_http_requests_total{resource="nearest",status="400"}') == 1
        assert s.metric('muster_http_requests_total{resource="none",status="404"}') == 1
        buckets = [s.metric('muster_http_request_duration_seconds_bucket{resource="nearest",le="%s"}'
                            % bound) for bound in ("0.0001", "0.001", "10", "+Inf")]
        assert buckets == sorted(buckets) and buckets[-1] == 3
        assert s.metric("muster_http_requests_in_flight") == 1
        version = succeed("--version").split()[1]
        assert s.metric('muster_build_info{version="%s"}' % version) == 1
        page = s.ask("/metrics")
        assert page.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        for line in page.body.decode().splitlines():
            assert line.startswith("# ") or len(line.rsplit(" ", 1)) == 2


def test_every_option_that_is_described_is_known(service):
    """Each enumerated value of each option is accepted, and any other is not."""
    document = service.ok("/v1/openapi.json")
    parameters = document["components"]["parameters"]
    places = {"nearest": "120.8,30.75", "isochrone": "120.8,30.75"}
    extra = {"isochrone": "contours_minutes=1"}
    tried = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"].removesuffix("_as_osrm")
            for parameter in operation["parameters"]:
                parameter = parameters[parameter["$ref"].rsplit("/", 1)[1]] \
                    if "$ref" in parameter else parameter
                if method != "get" or parameter["in"] != "query" or \
                        "enum" not in parameter["schema"]:
                    continue
                base = path.format(profile="light", coordinates=places.get(
                    name, "120.8,30.75;120.806,30.7522")) + "?" + extra.get(name, "")
                for value in parameter["schema"]["enum"]:
                    assert service.ask(f"{base}&{parameter['name']}={value}").status == 200
                    tried += 1
                assert service.ask(f"{base}&{parameter['name']}=nonsense").status == 400
    assert tried > 40


def test_the_document_names_all_resources_and_their_errors(service):
    document = service.ok("/v1/openapi.json")
    assert document["openapi"].startswith("3.")
    for path in ("/v1/route/{profile}/{coordinates}", "/route/v1/{profile}/{coordinates}",
                 "/v1/table/{profile}", "/v1/nearest/{profile}/{coordinates}", "/v1/health",
                 "/v1/isochrone/{profile}/{coordinates}", "/metrics", "/v1/openapi.json"):
        assert path in document["paths"]
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["summary"] and {"200", "400", "503"} <= set(operation["responses"])
    profile = document["components"]["parameters"]["profile"]
    assert profile["schema"]["enum"] == service.ok("/v1/health")["profiles"]
