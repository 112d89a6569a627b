"""A night of dispatch over HTTP: `muster serve --journal`."""

import concurrent.futures
import contextlib
import json
import signal
import socket
import threading
import time

import pytest

import small_scenario
from muster_command import refuse, succeed
from service_process import running, wait_until

DESK = {"Authorization": "Bearer desk-secret"}
FLOOD = {"code": "I9", "lon_deg": small_scenario.place(3, 3)[0],
         "lat_deg": small_scenario.place(3, 3)[1], "severity": "severe"}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return small_scenario.write(tmp_path_factory.mktemp("town") / "town.gpkg")


@contextlib.contextmanager
def desk(town, tokens, journal, *options):
    with running(town, "--journal", journal, "--tokens", tokens, *options) as service:
        yield service


@pytest.fixture
def live(town, tokens, tmp_path):
    """A fresh journal with nothing in it but the town."""
    with desk(town, tokens, tmp_path / "journal") as service:
        yield service


@pytest.fixture(scope="module")
def night(town, tokens, tmp_path_factory):
    """The five incidents of the scenario, for tests that only look, or change nothing for good."""
    with desk(town, tokens, tmp_path_factory.mktemp("night") / "journal", "--with-incidents") as service:
        yield service


def post(service, path, body, **options):
    headers = {**DESK, **options.pop("headers", {})}
    return service.ask(path, method="POST", body=body, headers=headers, **options)


def tell(service, *events):
    """Their answers."""
    answer = post(service, "/v1/events", list(events))
    assert answer.status == 200, answer.body
    return answer.json["answers"]


def report(identity, code="I9", quantity=10):
    return {"type": "incident_reported", "id": identity, "incident": {**FLOOD, "code": code},
            "need": [{"kind": "flood_rescue", "quantity": quantity}]}


def plan(service, **wish):
    answer = post(service, "/v1/plan", {"time_limit_ms": 500, **wish})
    assert answer.status == 200, answer.body
    return answer.json


def commit(service, made, identity, **body):
    answer = post(service, f"/v1/plan/{made['plan']}/commit", {"id": identity, **body})
    assert answer.status == 200, answer.body
    return answer.json


class News:
    """A reader of Server-Sent Events."""

    def __init__(self, service, path="/v1/news", **headers):
        lines = [f"GET {path} HTTP/1.1", "Host: localhost",
                 *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
        self.plain = service.raw("\r\n".join([*lines, "", ""]).encode())
        self.stream = self.plain.makefile("rb")
        self.status = int(self.stream.readline().split()[1])
        self.headers = {}
        while line := self.stream.readline().strip():
            name, value = line.decode().split(": ", 1)
            self.headers[name] = value
        self.left = b""

    def line(self):
        """The next line of what is sent in chunks; None at the end."""
        while b"\n" not in self.left:
            size = int(self.stream.readline() or b"0", 16)
            self.left += self.stream.read(size)
            self.stream.readline()
            if size == 0:
                return None
        line, self.left = self.left.split(b"\n", 1)
        return line.decode()

    def read(self, count):
        """So many events: (id, record)."""
        events, event = [], {}
        while len(events) < count:
            line = self.line()
            assert line is not None, events
            if not line and event:
                events.append((int(event["id"]), json.loads(event["data"])))
                event = {}
            elif line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                event[name] = value
        return events

    def close(self):
        self.stream.close()
        self.plain.close()


# ---- the life of an incident ----------------------------------------------------------------

def test_an_incident_is_reported_planned_served_and_closed(live):
    assert live.ok("/v1/incidents")["incidents"] == []
    assert tell(live, report("a1"))[0]["outcome"] == "applied"
    incident, = live.ok("/v1/incidents?incident=I9")["incidents"]
    assert incident["need"][0]["quantity"] == 10 and incident["closed_at_ms"] == 0

    made = plan(live)
    sent, = made["assignments"]
    assert (sent["incident"], sent["resource"], made["unmet"]) == ("I9", "people", [])
    assert made["outcome"] == "optimal" and len(made["tiers"]) == 5
    assert live.ok("/v1/orders")["orders"] == [] and live.ok("/v1/plan") == made

    done = commit(live, made, "c1", author="Chen")
    order, = done["orders"]
    assert (order["unit"], order["state"], order["issued_by"]) == (sent["unit"], "issued", "Chen")
    assert done["cancelled"] == done["skipped"] == []
    assert (order["claim"], order["claim_number"]) == ("none", 0)  # there is no database to ask
    assert live.ok("/v1/orders?claim=none")["orders"] == [order] and live.ok("/v1/orders?claim=held")["orders"] == []

    for step in ("accepted", "en_route", "on_scene"):
        answer = post(live, f"/v1/orders/{order['number']}/{step}", {"id": f"s-{step}"})
        assert (answer.status, answer.json["outcome"]) == (200, "applied"), answer.body
        now, = live.ok(f"/v1/orders?state={step}&unit={order['unit']}&incident=I9")["orders"]
        assert now["number"] == order["number"] and now["changed_by"] == "desk"
    incident, = live.ok("/v1/incidents")["incidents"]
    assert incident["need"][0]["on_scene"] >= 10
    unit, = live.ok(f"/v1/units?resource=people&unit={order['unit']}")["units"]
    assert unit["under_order"] == unit["quantity"] > 0

    assert post(live, f"/v1/orders/{order['number']}/released", {"id": "s5"}).status == 200
    closing = {"type": "incident_closed", "id": "a2", "incident": {"code": "I9"}}
    assert tell(live, closing)[0]["outcome"] == "applied"
    assert live.ok("/v1/incidents?open=true")["incidents"] == []
    assert live.ok("/v1/incidents?open=false")["incidents"][0]["closed_at_ms"] > 0
    assert live.ok("/v1/orders?state=released")["orders"][0]["number"] == order["number"]
    health = live.ok("/v1/health")["session"]
    assert (health["role"], health["open_incidents"], health["open_orders"]) == ("write", 0, 0)
    assert health["sequence"] >= 8 and health["trouble"] == ""
    assert live.metric("muster_session_events_applied_total") == 6
    assert live.metric("muster_session_commits_total") == live.metric("muster_session_plans_total") == 1


def test_how_long_the_disk_takes_is_a_histogram(live):
    name = "muster_session_journal_sync_seconds"
    before = live.metric(f"{name}_count")
    for i in range(5):
        tell(live, report(f"a{i}", f"I{i}"))
    tell(live, report("a0", "I0"))  # is known: nothing is written
    page = live.ask("/metrics").body.decode()
    counts = [float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(name + "_bucket")]
    assert live.metric(f"{name}_count") == counts[-1] == before + 5 and counts == sorted(counts)
    assert f'{name}_bucket{{le="0.000125"}}' in page and f'{name}_bucket{{le="2.048"}}' in page and len(counts) == 16
    longest = live.metric("muster_session_journal_sync_longest_seconds")
    assert 0 < longest <= live.metric(f"{name}_sum") < counts[-1] * longest + 1e-5
    assert live.metric("muster_session_journal_sync_failures_total") == 0


def test_what_is_told_twice_is_done_once(live):
    one, two = tell(live, report("a1"))[0], tell(live, report("a1"))[0]
    assert (two["outcome"], two["sequence"]) == ("repeated", one["sequence"])
    made = plan(live)
    first, again = commit(live, made, "c1"), commit(live, made, "c1")
    assert first["sequence"] == again["sequence"] and len(again["orders"]) == 1
    answer = post(live, f"/v1/plan/{made['plan']}/commit", {}, headers={"Idempotency-Key": "c1"})
    assert answer.json["sequence"] == first["sequence"]
    assert len(live.ok("/v1/orders")["orders"]) == 1
    # Under another id it is another commit, which finds the unit under orders already.
    third = commit(live, made, "c2")
    assert third["orders"] == [] and third["skipped"][0]["skip"] in ("changed", "carried_on")


def test_each_event_is_answered_by_itself(live):
    answers = tell(live, report("a1"), report("a2"), {"type": "nonsense", "id": "a3"}, 7,
                   {"type": "unit_moved", "id": "a4", "lon_deg": 1, "lat_deg": 2,
                    "unit": {"resource": "people", "code": "nobody"}},
                   {**report("a5", "I8"), "more": 1}, report("a6", "I7"))
    assert [a["outcome"] for a in answers] == [
        "applied", "conflict", "wrong", "wrong", "unknown", "wrong", "applied"]
    assert "I9" in answers[1]["message"] and "nobody" in answers[4]["message"]
    assert "more" in answers[5]["message"] and "nonsense" in answers[2]["message"]
    assert answers[2]["message"].endswith(", claim_lost")  # the whole list
    assert live.metric("muster_session_events_refused_total") == 5


@pytest.mark.parametrize("body, code, words", [
    (b"", "InvalidBody", ["the body is empty"]), (b"[]", "InvalidBody", ["no event"]),
    (b'{"type":', "InvalidBody", ["no JSON"]),
    (b'{"type":"a\\\nb"}', "InvalidBody", ["invalid escape"]), (b"[" * 60, "InvalidBody", ["deep"]),
    (b'{"id":"a","id":"b"}', "InvalidBody", ["duplicate"]), (b'"text"', "InvalidBody", ["no JSON"]),
    (b"[" + b",".join([b"{}"] * 10001) + b"]", "TooBig", ["10001", "10000"])])
def test_what_is_no_list_of_events_is_refused(night, body, code, words):
    night.refuse(400, code, "/v1/events", method="POST", body=body, words=words,
                 headers={**DESK, "Content-Type": "application/json"})


def test_a_step_that_cannot_be_is_said_by_the_status(live):
    tell(live, report("a1"))
    number = commit(live, plan(live), "c1")["orders"][0]["number"]

    def step(name, identity, order=number):
        answer = post(live, f"/v1/orders/{order}/{name}", {"id": identity})
        return answer.status, answer.code
    assert step("released", "b1") == (200, "Ok")
    assert step("accepted", "b2") == (409, "Conflict")
    assert step("accepted", "b3", 4711) == (404, "NotFound")
    assert step("accepted", "b4", "x") == (404, "NotFound")
    assert step("expired", "b5") == step("dancing", "b6") == (404, "NotFound")
    assert step("accepted", "") == (400, "InvalidBody")


# ---- plans ----------------------------------------------------------------------------------

def test_a_plan_is_explained(night):
    made = plan(night, mode="keep")
    assert made["unmet"] and {"incident", "need", "quantity", "reason"} == set(made["unmet"][0])
    need = made["unmet"][0]
    answer = night.ok(f"/v1/explain?incident={need['incident']}")
    assert answer["plan"] == made["plan"]
    why = next(n for n in answer["needs"] if n["need"] == need["need"])
    assert why["missing"] == need["quantity"] and need["need"] in why["why_unmet"]
    chinese = night.ok(f"/v1/explain?incident={need['incident']}&language=zh")
    why = next(n for n in chinese["needs"] if n["need"] == need["need"])
    assert "缺少" in why["why_unmet"] and why["why_unmet"].endswith("。")
    night.refuse(400, "InvalidOptions", f"/v1/explain?incident={need['incident']}&language=fr", words=["language"])
    night.refuse(404, "NotFound", "/v1/explain?incident=nowhere", words=["nowhere"])
    night.refuse(400, "InvalidOptions", "/v1/explain", words=["incident=CODE"])


def test_what_a_plan_changes_is_said_in_either_language(night):
    made = plan(night, mode="keep")
    sent = [one for one in made["changes"] if one["type"] == "sent"]
    assert sent and all(" goes to " in one["text"] for one in sent)
    chinese = night.ok("/v1/plan?language=zh")
    assert chinese["plan"] == made["plan"] and len(chinese["changes"]) == len(made["changes"])
    for one, other in zip(made["changes"], chinese["changes"]):
        assert one["unit"] in other["text"] and other["text"].endswith("。")
        assert {**one, "text": ""} == {**other, "text": ""}
    again = post(night, "/v1/plan?language=zh", {"mode": "keep"}).json
    assert again["changes"] == chinese["changes"]
    night.refuse(400, "InvalidOptions", "/v1/plan?language=fr", words=["language"])


def test_a_plan_that_is_not_there_is_not_committed(live):
    live.refuse(404, "NoPlan", "/v1/plan", words=["POST /v1/plan"])
    live.refuse(404, "NoPlan", "/v1/plan/7-7/commit", method="POST", body={"id": "c"}, headers=DESK,
                words=["7-7"])
    made = plan(live)
    for body in ({}, {"id": 7}, {"id": "c", "author": 1}, {"id": "c", "more": 1}, []):
        live.refuse(400, "InvalidBody", f"/v1/plan/{made['plan']}/commit", method="POST", body=body,
                    headers=DESK)
    for identity in ("", "night plan", "夜", "x" * 65):
        live.refuse(400, "InvalidValue", f"/v1/plan/{made['plan']}/commit", method="POST", body={"id": identity},
                    headers=DESK, words=["visible ASCII"])
    for body in ({"time_limit_ms": 9}, {"time_limit_ms": "1"}, {"mode": "best"}, {"mode": 1}, {"x": 1}):
        live.refuse(400, "InvalidBody", "/v1/plan", method="POST", body=body, headers=DESK)
    for _ in range(16):
        plan(live)
    live.refuse(404, "NoPlan", f"/v1/plan/{made['plan']}/commit", method="POST", body={"id": "c"},
                headers=DESK, words=["last 16"])


def test_events_do_not_wait_for_a_plan(night):
    """Plans have a thread of their own: as many of them as there are workers keep none from telling."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        plans = [pool.submit(post, night, "/v1/plan", {"time_limit_ms": 1000},
                             connection=night.connection()) for _ in range(4)]
        began, told = time.monotonic(), 0
        while not all(p.done() for p in plans) and told < 20:
            before = time.monotonic()
            tell(night, {"type": "unit_moved", "id": f"move-{told}", "lon_deg": 120.76,
                         "lat_deg": 30.76, "unit": {"resource": "people", "code": "T1"}})
            assert time.monotonic() - before < 0.9
            told += 1
        assert all(p.result().status == 200 for p in plans) and time.monotonic() > began


def test_a_plan_of_a_service_before_is_not_there_and_the_answer_says_what_to_do(town, tokens, tmp_path):
    with desk(town, tokens, tmp_path / "journal") as one:
        tell(one, report("a1"))
        made = plan(one)
        order, = commit(one, made, "c1")["orders"]
    with desk(town, tokens, tmp_path / "journal") as other:
        for path, method, body in ((f"/v1/plan/{made['plan']}/commit", "POST", {"id": "c1"}), ("/v1/plan", "GET", None)):
            other.refuse(404, "NoPlan", path, method=method, body=body, headers=DESK,
                         words=["do not survive", "POST /v1/plan"])
        kept, = other.ok("/v1/orders")["orders"]
        assert kept == order


# ---- what commanders have said --------------------------------------------------------------

def rule(identity, code, command, unit, **more):
    return {"type": "rule_set", "id": identity, "rule": {
        "code": code, "command": command, "unit": {"resource": "people", "code": unit}, **more}}


def test_rules_are_listed_until_they_are_lifted(tokens, tmp_path):
    town = small_scenario.give_counties(small_scenario.write(tmp_path / "town.gpkg"))
    with desk(town, tokens, tmp_path / "journal") as live:
        def codes(query=""):
            return [r["code"] for r in live.ok("/v1/rules" + query)["rules"]]
        assert codes() == []
        answers = tell(live, report("a1"), rule("d1", "C-1", "hold", "T1"), rule("d2", "C-2", "forbid", "T2", incident="I9"),
                       rule("d3", "C-3", "lock", "T5", incident="I9", need="flood_rescue"))
        assert [a["outcome"] for a in answers] == ["applied"] * 4, answers
        listed = live.ok("/v1/rules")
        assert listed["sequence"] == answers[-1]["sequence"]
        assert listed["rules"][0] == {"code": "C-1", "command": "hold", "resource": "people", "unit": "T1", "kind": None,
                                      "incident": None, "need": None, "quantity": 0}
        assert listed["rules"][2]["need"] == "flood_rescue" and listed["rules"][2]["incident"] == "I9"
        assert codes("?command=hold") == ["C-1"] and codes("?unit=T2") == ["C-2"]
        assert codes("?incident=I9") == ["C-2", "C-3"] and codes("?incident=I8") == []
        assert codes("?authority=city") == codes() == ["C-1", "C-2", "C-3"]
        # The incident is everybody's; a unit that is held back is its county's.
        assert codes("?authority=north") == ["C-1", "C-2", "C-3"] and codes("?authority=south") == ["C-2", "C-3"]
        live.refuse(400, "InvalidValue", "/v1/rules?authority=nobody", words=["nobody"])
        live.refuse(400, "InvalidOptions", "/v1/rules?command=beg", words=["force"])
        tell(live, {"type": "rule_lifted", "id": "d4", "rule": {"code": "C-2"}},
             {"type": "incident_closed", "id": "a2", "incident": {"code": "I9"}})
        assert codes() == ["C-1"]


# ---- who may --------------------------------------------------------------------------------

WRITES = ["/v1/events", "/v1/plan", "/v1/plan/1-1/commit", "/v1/orders/1/accepted"]


@pytest.mark.parametrize("path", WRITES)
def test_who_may_read_may_not_write(night, path):
    reader = {"Authorization": "Bearer reader-secret"}
    night.refuse(401, "Unauthorized", path, method="POST", body={}, words=["dispatch"])
    night.refuse(403, "Forbidden", path, method="POST", body={}, headers=reader, words=["reader"])
    night.refuse(403, "ForbiddenOrigin", path, method="POST", body={},
                 headers={**DESK, "Origin": "https://evil.example"})
    night.refuse(415, "InvalidContentType", path, method="POST", body="{}",
                 headers={**DESK, "Content-Type": "text/plain"})


def test_who_has_no_journal_has_no_desk(service, town, tokens, tmp_path):
    service.refuse(404, "NotFound", "/v1/incidents")
    assert "/v1/events" not in service.ok("/v1/openapi.json")["paths"]
    refuse(2, "serve", town, "--take-over", words=["--journal"])
    refuse(2, "serve", town, "--journal", "folder", "--central", "host=x", words=["--dispatcher CODE"])
    refuse(2, "serve", town, "--journal", tmp_path / "j", "--profiles", "x.json", words=["--profiles"])
    refuse(3, "serve", town, "--journal", tmp_path / "j", "--profile", "lorry", words=["lorry"])


def test_only_one_writes_until_somebody_takes_over(town, tokens, tmp_path):
    with desk(town, tokens, tmp_path / "journal") as one:
        tell(one, report("a1"))
        refuse(4, "serve", town, "--journal", tmp_path / "journal", words=["journal"])
        with desk(town, tokens, tmp_path / "journal", "--take-over") as other:
            assert len(other.ok("/v1/incidents")["incidents"]) == 1
            one.refuse(503, "NotWritten", "/v1/events", method="POST", body=report("a2", "I8"),
                       headers=DESK)
            assert tell(other, report("a2", "I8"))[0]["outcome"] == "applied"
            lost = one.ask("/v1/health")
            assert (lost.status, lost.code) == (503, "JournalLost")
            assert lost.json["session"]["journal_is_lost"] and "has taken over" in lost.json["session"]["trouble"]
            assert one.ask("/v1/health/live").status == 200  # a restart would be refused
            assert not other.ok("/v1/health")["session"]["journal_is_lost"]


def test_a_desk_to_which_nobody_speaks_says_that_it_was_taken_over(town, tokens, tmp_path):
    with desk(town, tokens, tmp_path / "journal") as one, \
            desk(town, tokens, tmp_path / "journal", "--take-over"):
        assert wait_until(lambda: one.ask("/v1/health").status == 503)


# ---- roads ----------------------------------------------------------------------------------

def test_a_closed_road_changes_routes(live):
    start, end = small_scenario.place(6, 0), small_scenario.place(6, 4)
    way = "/v1/route/light/" + ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (start, end))

    def duration():
        return live.ok(way)["routes"][0]["duration"]
    before = duration()
    lon, (south, north) = small_scenario.place(6, 2)[0] + 0.002, (
        small_scenario.place(5, 0)[1] + 0.001, small_scenario.place(7, 0)[1] - 0.001)
    closing = {"type": "road_closed", "id": "r1", "road": {"code": "R1", "line": [[lon, south], [lon, north]]}}
    assert tell(live, closing)[0]["outcome"] == "applied"
    assert wait_until(lambda: duration() > before)
    road, = live.ok("/v1/closures")["roads"]
    assert road == {"code": "R1", "speed_factor": 0, "line": [
        [pytest.approx(lon, abs=1e-6), pytest.approx(lat, abs=1e-6)] for lat in (south, north)]}
    # The road that is nearest to a place on the way.
    place = [round(lon, 6), round(start[1], 6)]
    assert tell(live, {"type": "road_closed", "id": "r3", "road": {"code": "R1", "points": [place]}})[0]["outcome"] == "applied"
    assert wait_until(lambda: "points" in live.ok("/v1/closures")["roads"][0]) and duration() > before
    assert live.ok("/v1/closures")["roads"] == [{"code": "R1", "speed_factor": 0, "points": [place]}]
    assert tell(live, {"type": "road_opened", "id": "r2", "road": {"code": "R1"}})[0]["outcome"] == "applied"
    assert wait_until(lambda: duration() == before)
    assert live.ok("/v1/closures")["roads"] == []


def test_roads_that_were_closed_are_closed_after_a_restart(town, tokens, tmp_path):
    ring = [[120.70, 30.70], [120.90, 30.70], [120.90, 30.90], [120.70, 30.90]]
    way = "/v1/table/light/120.76,30.76;120.78,30.78"
    with desk(town, tokens, tmp_path / "journal") as one:
        before = one.ok(way)["durations"][0][1]
        tell(one, {"type": "road_slowed", "id": "r1",
                   "road": {"code": "R1", "area": [ring], "speed_factor": 0.1}})
        assert wait_until(lambda: one.metric("muster_roads_replaced_total") >= 2)
        slow = one.ok(way)["durations"][0][1]
        assert slow > 5 * before > 0
        road, = one.ok("/v1/closures")["roads"]
        assert road == {"code": "R1", "speed_factor": 0.1, "area": [ring]}
    with desk(town, tokens, tmp_path / "journal") as other:
        assert other.ok(way)["durations"][0][1] == slow


# ---- news -----------------------------------------------------------------------------------

def test_news_are_heard_as_they_happen(live):
    news = News(live)
    assert news.status == 200 and news.headers["Content-Type"] == "text/event-stream"
    assert wait_until(lambda: live.metric("muster_http_streams") == 1)
    answers = tell(live, report("a1"), report("a2", "I8"))
    heard = news.read(2)
    assert [number for number, _ in heard] == [a["sequence"] for a in answers]
    assert [record["incident"]["code"] for _, record in heard] == ["I9", "I8"]
    news.close()
    assert live.metric("muster_http_requests_in_flight") == 1  # this question


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(live):
    first = News(live, "/v1/news?after=0")
    begun = first.read(2)
    assert begun[0] == (1, {"type": "begun"}) and begun[1][1]["type"] == "opened"
    heard, last = [], begun[-1][0]
    for turn in range(5):
        for i in range(20):
            tell(live, report(f"a{turn}-{i}", f"I{turn}-{i}"))
        with contextlib.closing(News(live, "/v1/news?after=0", Last_Event_ID=last)) as news:
            heard += news.read(13)
        last = heard[-1][0]
    with contextlib.closing(News(live, f"/v1/news?after={last}")) as news:
        heard += news.read(100 - len(heard))
    assert [n for n, _ in heard] == list(range(begun[-1][0] + 1, begun[-1][0] + 101))
    assert [r["incident"]["code"] for _, r in heard] == [f"I{t}-{i}" for t in range(5) for i in range(20)]
    first.close()


def test_many_hear_the_same_while_one_does_not_listen(live):
    deaf = live.raw(b"GET /v1/news?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    ears = [News(live) for _ in range(30)]
    for batch in range(20):
        tell(live, *({"type": "road_closed", "id": f"r{batch}-{i}", "reason": "x" * 900, "road": {
            "code": f"R{i}", "line": [[120.7500, 30.7510], [120.7501, 30.7511]]}} for i in range(100)))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda ear: ear.read(2000), ears))
    assert all(h == heard[0] for h in heard)
    numbers = [n for n, _ in heard[0]]
    assert numbers == list(range(numbers[0], numbers[0] + 2000))
    for ear in ears:
        ear.close()
    deaf.close()


def tell_much(service):
    """More than a socket holds: 6,000 events."""
    for batch in range(60):
        tell(service, *({"type": "road_closed", "id": f"r{batch}-{i}", "reason": "x" * 990, "road": {
            "code": "R", "line": [[120.75, 30.751], [120.7501, 30.7511]]}} for i in range(100)))


def test_heartbeats_keep_a_quiet_stream_and_who_does_not_read_is_cut_off(town, tokens, tmp_path):
    with desk(town, tokens, tmp_path / "journal", "--request-ms", 1200) as service:
        news, began = News(service), time.monotonic()
        beats = 0
        while time.monotonic() - began < 2.5:  # longer than any deadline
            beats += news.line() == ":"
        assert beats >= 5
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", service.port))
        deaf.sendall(b"GET /v1/news?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert wait_until(lambda: service.metric("muster_http_streams") == 2)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            heard = pool.submit(news.read, 6000)
            tell_much(service)
            assert len(heard.result()) == 6000
        assert wait_until(lambda: service.metric("muster_http_streams") == 1)
        news.close()
        deaf.close()


def test_streams_that_come_and_go_leave_nothing_behind(live):
    def come_and_go(i):
        with contextlib.closing(News(live, "/v1/news?after=0")) as news:
            return news.read(1 + i % 2)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for i in range(25):  # who has gone counts as a connection until he is sent something: not too many between
            visits = [pool.submit(come_and_go, k) for k in range(8)]
            tell(live, report(f"a{i}", f"I{i}"))
            assert all(v.result()[0] == (1, {"type": "begun"}) for v in visits)

    def nobody_is_there():  # who has gone is noticed when something is sent to him
        nobody_is_there.count += 1
        tell(live, report(f"b{nobody_is_there.count}", f"J{nobody_is_there.count}"))
        return live.metric("muster_http_streams") == 0
    nobody_is_there.count = 0
    assert wait_until(nobody_is_there)
    for _ in range(20):  # without a body, which is what the next answer on the connection shows
        assert live.ask("/v1/news", method="HEAD").headers["Content-Type"] == "text/event-stream"
        assert live.ask("/v1/health").status == 200
    assert live.metric("muster_http_connections") <= 2 and live.ask("/v1/health").status == 200


def test_a_stream_ends_well_when_the_service_stops(town, tokens, tmp_path):
    with desk(town, tokens, tmp_path / "journal") as service:
        news = News(service)
        told = tell(service, report("a1"))[0]
        began = time.monotonic()
        assert service.stop() == (0, "")
        assert time.monotonic() - began < 5
        assert news.read(1)[0][0] == told["sequence"]
        while (line := news.line()) is not None:
            assert line in ("", ":")
        news.close()


@pytest.mark.parametrize("after", ["x", "-1", "99999999", "1e3", "", "99999999999999999999"])
def test_a_record_that_is_not_there_is_refused(night, after):
    night.refuse(400, "InvalidOptions", "/v1/news", headers={"Last-Event-ID": after or "?"})
    night.refuse(400, "InvalidOptions", f"/v1/news?after={after}")


# ---- death ----------------------------------------------------------------------------------

def test_what_was_acknowledged_is_there_after_a_kill(town, tokens, tmp_path):
    acknowledged, sure = [], set()

    def keep_telling(service, worker):
        connection = service.connection()
        with contextlib.suppress(Exception):
            for i in range(100000):
                code = f"K{len(sure)}-{worker}-{i}"
                answer = post(service, "/v1/events", report(f"{code}", code), connection=connection)
                if answer.json["answers"][0]["outcome"] == "applied":
                    acknowledged.append(code)
    for life in range(3):
        with desk(town, tokens, tmp_path / "journal") as service:
            known = {i["code"] for i in service.ok("/v1/incidents")["incidents"]}
            assert sure <= known
            threads = [threading.Thread(target=keep_telling, args=(service, w)) for w in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
            for thread in threads:
                thread.join()
        assert len(acknowledged) > len(sure)
        sure = set(acknowledged)
    with desk(town, tokens, tmp_path / "journal") as service:
        assert sure <= {i["code"] for i in service.ok("/v1/incidents")["incidents"]}
    succeed("journal", "verify", tmp_path / "journal")


def test_what_was_acknowledged_is_there_after_a_graceful_stop(town, tokens, tmp_path):
    acknowledged = []

    def keep_telling(service, worker):
        with contextlib.suppress(Exception):
            for i in range(100000):
                code = f"S{worker}-{i}"
                connection = service.connection()
                answer = post(service, "/v1/events", report(code, code), connection=connection)
                connection.close()
                if answer.status == 200 and answer.json["answers"][0]["outcome"] == "applied":
                    acknowledged.append(code)
    with desk(town, tokens, tmp_path / "journal") as service:
        threads = [threading.Thread(target=keep_telling, args=(service, w)) for w in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.4)
        assert service.stop() == (0, "")
        for thread in threads:
            thread.join()
    with desk(town, tokens, tmp_path / "journal") as service:
        assert acknowledged and set(acknowledged) <= {
            i["code"] for i in service.ok("/v1/incidents")["incidents"]}
