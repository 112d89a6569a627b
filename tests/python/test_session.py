"""Live dispatch: what a session is told and answers, what stays on the disk, and who may use it when."""

import dataclasses
import datetime
import gc
import json
import multiprocessing
import os
import pickle
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import geopandas
import numpy as np
import pandas
import pytest
import shapely
from conftest import SOURCE
from growth import assert_does_not_grow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import muster

NOW = 1_782_936_000_000  # 2026-07-01T20:00:00Z
MINUTE = 60_000
COMMAND = os.environ.get("MUSTER_COMMAND", "muster")
ROUNDS = int(os.environ.get("MUSTER_LEAK_ROUNDS", "3000"))
TABLES = ("units", "stock", "incidents", "needs", "orders", "roads", "hazards", "rules")
TEAM = {"resource": "people", "code": "T1"}


@pytest.fixture(name="night")
def fixture_night(tmp_path):
    return tmp_path / "night"


@pytest.fixture(name="session")
def fixture_session(night, small):
    with open_at(night, small, NOW, with_incidents=True) as session:
        yield session


@pytest.fixture(scope="module", name="counties")
def fixture_counties(tmp_path_factory):
    import small_scenario
    return small_scenario.give_counties(small_scenario.write(tmp_path_factory.mktemp("counties") / "counties.gpkg"))


def open_at(night, store, now, **options):
    """A session whose clock stands still."""
    return muster.Session.open(night, store, clock=lambda: now, author="desk 1", **options)


def call(code="I-9", **more):
    return {"type": "incident_reported", "id": f"call-{code}", "need": [{"kind": "boat", "quantity": 2}],
            "incident": {"code": code, "lon_deg": 120.77, "lat_deg": 30.76, "severity": "severe"}, **more}


def moved(now=NOW, unit=TEAM, **more):
    return {"type": "unit_moved", "unit": unit, "lon_deg": 120.76, "lat_deg": 30.76, "time_ms": now, **more}


def tables(view):
    return {name: getattr(view, name) for name in TABLES}


def assert_same(one, other):
    """Two views, table by table."""
    for name, table in tables(one).items():
        assert_frame_equal(table, tables(other)[name], obj=name)


def command(*arguments):
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=True).stdout


# ---- a night -----------------------------------------------------------------------------------

def test_a_call_is_told_planned_and_ordered(session, night):
    answer = session.tell(call())
    assert answer == ("call-I-9", "applied", 3, None) and not answer.is_refused
    plan = session.plan(time_limit=1)
    plan.check()
    assert plan.sequence == 3 and plan.at == datetime.datetime(2026, 7, 1, 20, tzinfo=datetime.timezone.utc)
    assert plan.assignments.order.isna().all() and set(plan.changes.type) == {"sent"}
    done = session.commit(plan, id="p1")
    assert done.sequence == 4 and len(done.orders) == len(plan.assignments) and not len(done.skipped)
    boats = done.orders[done.orders.incident == "I-9"].iloc[0]
    assert (boats.unit, boats.need, boats.quantity, boats.state) == ("M2", "boat", 2, "issued")
    for step, state in (("accepted", "accepted"), ("en_route", "en_route"), ("on_scene", "on_scene")):
        session.tell_order(int(boats.number), step, author="M2")
        orders = session.view().orders.set_index("number")
        assert orders.loc[boats.number, ["state", "changed_by"]].tolist() == [state, "M2"]
    needs = session.view().needs.set_index(["incident", "kind"])
    assert needs.loc[("I-9", "boat"), ["quantity", "on_scene", "coming"]].tolist() == [2, 2, 0]
    assert session.state[:5] == (7, 1, "write", 6, len(done.orders))
    assert "6 incidents" in repr(session) and str(night) in repr(session)


def test_the_next_plan_carries_orders_on_and_says_what_is_other(session):
    first = session.commit(session.plan())
    again = session.plan()
    assert again.assignments.order.tolist() == first.orders.number.tolist() and not len(again.changes)
    skipped = session.commit(again).skipped
    assert set(skipped["skip"]) == {"carried_on"} and "order" in skipped.message[0]
    session.tell({"type": "rule_set", "rule": {"code": "C", "command": "forbid", "incident": "I4",
                                               "unit": {"resource": "vehicle", "code": "V3"}}})
    changes = session.plan(mode="keep").changes.set_index("unit")
    bus = changes.loc["V3"]
    assert (bus.type, bus.reason, bus.incident_before, bus.need_before) == ("taken_back", "orders", "I4", "bus")
    assert np.isnan(bus.eta_s) and bus.eta_before_s > 0 and "V3" in bus.text and pandas.isna(bus.incident)
    assert "（V3）不再派往" in bus.text_zh and bus.text_zh.endswith("规则要求如此。")
    taken = session.commit(session.plan(mode="keep"))
    assert taken.cancelled.tolist() == first.orders.number[first.orders.unit == "V3"].tolist()


def test_a_plan_of_a_session_is_a_plan(session):
    session.tell({"type": "unit_status", "unit": {"resource": "machine", "code": "M1"}, "is_available": False})
    plan = session.plan()
    assert "M1" in " ".join(plan.explain("I1").why_unmet.dropna()) or not plan.unmet.empty
    routes = plan.routes()
    assert routes.crs == "EPSG:4326" and {"order", "consent", "geometry"} <= set(routes.columns)
    assert repr(plan).startswith("<muster.SessionPlan of ") and "<table" in plan._repr_html_()
    same = [session.plan(work_limit=100_000, time_limit=0).assignments for _ in range(2)]
    assert_frame_equal(*same)


def test_the_same_commit_again_is_the_same_commit(session):
    plan = session.plan()
    first, again = (session.commit(plan, id="p1") for _ in range(2))
    assert first.sequence == again.sequence
    assert_frame_equal(first.orders, again.orders)
    assert session.commit(session.plan(), id="p2").sequence is None  # nothing is left to order


def test_orders_expire_when_time_passes(night, small):
    now = [NOW]
    with muster.Session.open(night, small, with_incidents=True, clock=lambda: now[0], order_timeout_s=60) as session:
        orders = session.commit(session.plan()).orders
        now[0] += 59_000
        assert session.tick() == 0
        assert session.tick(NOW + 60_000) == len(orders)
        view = session.view()
        assert set(view.orders.state) == {"expired"} and set(view.rules.command) == {"forbid"}
        assert view.rules.set_index("code").incident[f"expired-{orders.number[0]}"] == orders.incident[0]


def test_the_journal_is_the_one_that_the_command_exports(session, night):
    session.tell([call(), moved(NOW, reason="drove \u2014 \u201con\u201d")])
    session.commit(session.plan())
    lines = [json.loads(line) for line in command("journal", "export", night).splitlines()]
    records = list(muster.Journal(night).records())
    assert [(r.sequence, r.term, r.hash) for r in records] == [(x["sequence"], x["term"], x["hash"]) for x in lines]
    assert [r.event for r in records[1:]] == [x["record"] for x in lines[1:]]
    assert records[0].event is None and records[0].content.hex() == lines[0]["hex"]
    news = list(session.news(0, timeout_s=0))
    assert news == [(x["sequence"], x.get("record", {"type": "begun"})) for x in lines]
    frame = muster.Journal(night).events()
    assert frame.type.tolist() == ["begun", "opened", "incident_reported", "unit_moved", "plan_committed"]
    assert frame.time[3] == pandas.Timestamp(NOW, unit="ms", tz="UTC") and frame["unit.code"][3] == "T1"
    summary, said = muster.Journal(night).verify(), json.loads(command("journal", "verify", night, "--json"))
    assert (summary.records, summary.first, summary.last, summary.size_bytes, summary.terms, summary.hash,
            summary.torn_bytes) == tuple(said[k] for k in ("records", "first", "last", "bytes", "terms", "hash",
                                                           "torn_bytes"))
    assert (summary.earliest_ms, summary.latest_ms) == (NOW, NOW)


# ---- the same journal makes the same state -------------------------------------------------------

def units(code):
    return st.sampled_from([{"resource": "people", "code": "T1"}, {"resource": "people", "code": "T4"},
                            {"resource": "vehicle", "code": "V1"}, {"resource": "machine", "code": "M1"},
                            {"resource": "item", "code": "W1", "kind": "sandbag"}, {"resource": "people", "code": code}])


PLACE = st.tuples(st.floats(120.7, 120.85), st.floats(30.7, 30.85))
EVENTS = st.one_of(
    st.builds(lambda unit, at: {"type": "unit_moved", "unit": unit, "lon_deg": at[0], "lat_deg": at[1]},
              units("T9"), PLACE),
    st.builds(lambda unit, yes: {"type": "unit_status", "unit": unit, "is_available": yes}, units("T9"), st.booleans()),
    st.builds(lambda unit, n: {"type": "unit_crew", "unit": unit, "quantity": n}, units("T9"), st.integers(-1, 40)),
    st.builds(lambda n: {"type": "stock_moved", "unit": {"resource": "item", "code": "W1", "kind": "sandbag"},
                         "quantity": n, "destination": "W2"}, st.integers(-6000, 100)),
    st.builds(lambda code, at, n: {"type": "incident_reported", "need": [{"kind": "flood_rescue", "quantity": n}],
                                   "incident": {"code": code, "lon_deg": at[0], "lat_deg": at[1],
                                                "severity": "extreme"}},
              st.sampled_from(["I-6", "I-7", "I-8"]), PLACE, st.integers(0, 30)),
    st.builds(lambda code: {"type": "incident_closed", "incident": {"code": code}},
              st.sampled_from(["I1", "I3", "I-6", "I-7"])),
    st.builds(lambda code, at, e: {"type": "road_slowed", "road": {"code": code, "speed_factor": 0.5},
                                   "geometry": shapely.Point(at).buffer(e)}, st.sampled_from("RS"), PLACE,
              st.floats(0.001, 0.01)),
    st.builds(lambda code: {"type": "road_opened", "road": {"code": code}}, st.sampled_from("RS")),
    st.builds(lambda at, depth: {"type": "hazard_grown", "hazard": {"code": "H", "kind": "flood", "depth_m": depth},
                                 "geometry": shapely.Point(at).buffer(0.01)}, PLACE, st.floats(0.1, 3)),
    st.builds(lambda unit, code: {"type": "rule_set", "rule": {"code": code, "command": "hold", "unit": unit}},
              units("T9"), st.sampled_from(["C1", "C2"])),
    st.builds(lambda n, step: {"type": f"order_{step}", "order": n}, st.integers(1, 12),
              st.sampled_from(["accepted", "declined", "on_scene", "released", "cancelled"])),
    st.sampled_from(["plan", "tick"]))


@given(st.lists(EVENTS, min_size=1, max_size=14))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_session_that_is_replayed_or_opened_again_is_as_it_was(tmp_path, small, life):
    night = tmp_path / "life"
    shutil.rmtree(night, ignore_errors=True)
    known = {}
    with muster.Session.open(night, small, with_incidents=True, now=NOW, snapshot_events=5) as session:
        for step, event in enumerate(life):
            now = NOW + MINUTE * (step + 1)
            if event == "plan":
                session.commit(session.plan(now=now, mode="keep"), now=now)
            elif event == "tick":
                session.tick(now)
            else:
                answer = session.tell(event, now=now, refused="return")
                assert answer.is_refused == (answer.sequence is None) == bool(answer.message)
            known[session.state.sequence] = session.view()
    middle = sorted(known)[len(known) // 2]
    with muster.Session.replay(night, small, sequence=middle) as then:
        assert_same(then.view(), known[middle])
    with muster.Session.open(night, small, now=NOW + 60 * MINUTE) as again:
        assert_same(again.view(), known[max(known)])


def test_events_of_a_journal_can_be_told_again(session, night, small, tmp_path):
    session.tell([call(), call("I-8", need=[{"kind": "tent", "quantity": 3, "minimum": 1}]), moved(),
                  {"type": "need_changed", "incident": {"code": "I-9"}, "need": [{"kind": "boat", "quantity": 3}]},
                  {"type": "unit_crew", "unit": TEAM, "quantity": 11},
                  {"type": "incident_updated", "incident": {"code": "I-8", "severity": "extreme", "on_scene_ms": 1500}},
                  {"type": "road_closed", "road": {"code": "R", "edge_id": [3, 4]}},
                  {"type": "hazard_grown", "hazard": {"code": "H", "kind": "wind", "wind_force": 10},
                   "geometry": shapely.box(120.75, 30.75, 120.76, 30.76)}])
    told = muster.Journal(night).events(first=3)
    with open_at(tmp_path / "other", small, NOW, with_incidents=True) as other:
        answers = other.tell(told)
        assert {answer.outcome for answer in answers} == {"applied"} and len(answers) == 8
        assert_same(other.view(), session.view())
        assert {answer.outcome for answer in other.tell(told)} == {"repeated"}


# ---- telling -----------------------------------------------------------------------------------

def test_what_an_event_does_not_say_is_filled_in(session, night):
    session.tell(moved(time_ms=None, id=None, author=None))
    session.tell(moved(NOW + 1, author="gps"), author="desk 2")
    one, other = (news.event for news in session.news(2, timeout_s=0))
    assert (one["author"], one["time_ms"], len(one["id"])) == ("desk 1", NOW, 32)
    assert (other["author"], other["time_ms"]) == ("gps", NOW + 1)


@pytest.mark.parametrize("moment", [
    NOW, np.int64(NOW), "2026-07-01T20:00:00Z", "2026-07-02T04:00:00+08:00",
    datetime.datetime(2026, 7, 1, 20, tzinfo=datetime.timezone.utc),
    pandas.Timestamp("2026-07-02 04:00", tz="Asia/Shanghai"),
], ids=range(6))
def test_moments_are_datetimes_texts_or_milliseconds(session, moment):
    session.tell(moved(None), now=moment)
    session.tell(moved(None, time=moment, unit={"resource": "people", "code": "T2"}), now=NOW + 5)
    units = session.view().units.set_index("code").seen_at
    assert units["T1"] == units["T2"] == pandas.Timestamp(NOW, unit="ms", tz="UTC")


def test_moments_and_durations_go_without_their_units(session):
    at = datetime.datetime.fromisoformat("2026-07-01T22:00:00Z")
    event = call()
    event["incident"] |= {"deadline_at": at, "on_scene": datetime.timedelta(hours=2)}
    session.tell(event)
    session.tell({"type": "unit_shift", "unit": TEAM, "ready_at_ms": 0, "shift_end_at": at, "duty_since_ms": 0})
    session.tell({"type": "hazard_grown", "hazard": {"code": "H", "kind": "flood", "ends_at": at},
                  "geometry": shapely.box(120.75, 30.75, 120.76, 30.76)})
    view = session.view()
    incident = view.incidents.set_index("code").loc["I-9"]
    assert (incident.deadline_at, incident.on_scene_s) == (at, 7200)
    assert view.units.set_index("code").shift_end_at["T1"] == at
    assert view.hazards.ends_at[0] == at and view.hazards.starts_at.isna().all()


@dataclasses.dataclass
class Unit:
    code: str
    resource: str = "people"
    kind: str | None = None


@dataclasses.dataclass
class Moved:
    unit: Unit
    lon_deg: float
    lat_deg: float
    type: str = "unit_moved"
    reason: str | None = None


def test_dataclasses_and_rows_of_frames_are_events(session):
    assert session.tell(Moved(Unit("T2"), 120.75, 30.77)).outcome == "applied"
    frame = pandas.DataFrame({"type": "unit_moved", "unit.resource": ["people", "vehicle", "people"],
                              "unit.code": ["T3", "V1", "T4"], "lon_deg": [120.75, 120.76, 121],
                              "lat_deg": np.float32([30.75, 30.5, 31]), "reason": [None, "gps", np.nan],
                              "order": pandas.array([None] * 3, dtype="Int64")})
    assert [answer.outcome for answer in session.tell(frame)] == ["applied"] * 3
    assert session.tell(frame.iloc[1], now=NOW + 1).outcome == "applied"
    place = session.view().units.set_index("code").geometry
    assert (place["T2"].x, place["T4"].x, place["V1"].y) == (120.75, 121, 30.5)


def test_geometries_are_places_in_whatever_coordinate_system(session):
    degrees = geopandas.GeoDataFrame(
        {"type": ["incident_reported", "unit_moved", "road_closed", "road_closed", "hazard_grown", "hazard_grown"],
         "incident.code": ["I-9", None, None, None, None, None], "incident.severity": ["minor"] + [None] * 5,
         "need": [[{"kind": "bus", "quantity": 1}]] + [None] * 5,
         "unit.resource": [None, "people", None, None, None, None], "unit.code": [None, "T1", None, None, None, None],
         "road.code": [None, None, "R1", "R2", None, None], "hazard.code": [None] * 4 + ["H1", "H2"],
         "hazard.kind": [None] * 4 + ["flood", "closure"], "hazard.depth_m": [None] * 4 + [0.5, None]},
        geometry=[shapely.Point(120.77, 30.76, 4), shapely.Point(120.78, 30.77),
                  shapely.LineString([(120.752, 30.749), (120.752, 30.751)]), shapely.Point(120.76, 30.76),
                  shapely.box(120.75, 30.75, 120.76, 30.76),
                  shapely.MultiLineString([[(120.757, 30.75), (120.757, 30.753)], [(120.76, 30.757), (120.76, 30.76)]])],
        crs=4326)
    session.tell(degrees.to_crs(32651))
    view = session.view()
    roads, hazards = view.roads.geometry, view.hazards.geometry
    places = [view.incidents.geometry.iloc[-1], view.units.geometry[0], roads[0], roads[1].geoms[0], *hazards]
    for number, found in enumerate(places):
        assert shapely.hausdorff_distance(found, shapely.force_2d(degrees.geometry[number])) < 1e-8
    assert all(frame.crs == "EPSG:4326" for frame in (view.units, view.incidents, view.roads, view.hazards))
    assert view.hazards.depth_m.tolist() == [0.5, np.inf]
    with pytest.raises(muster.InvalidError, match="no coordinate system"):
        session.tell(geopandas.GeoDataFrame({"type": ["unit_moved"]}, geometry=[shapely.Point(1, 2)]))


@pytest.mark.parametrize("event, kind, words", [
    (moved(unit={"resource": "people", "code": "T77"}), muster.UnknownEventError, "T77"),
    (call("I1"), muster.ConflictError, "I1"),
    (moved(NOW - 10), muster.LateError, "."),
    (call("I-5", authority="north", incident={"code": "I-5", "lon_deg": 120.77, "lat_deg": 30.76, "severity": "minor",
                                             "authority": "south"}), muster.ForbiddenError, "north"),
    ({"type": "unit_crew", "unit": TEAM, "quantity": -1}, muster.WrongEventError, "-1"),
    (moved(NOW + 6 * MINUTE), muster.WrongEventError, "ahead of the session's clock"),
    (call("I-4", need=[]), muster.WrongEventError, "need"),
], ids=range(7))
def test_each_refusal_has_an_exception_of_its_own(counties, night, event, kind, words):
    with open_at(night, counties, NOW, with_incidents=True) as session:
        session.tick()
        session.tell(moved())
        before = session.view()
        with pytest.raises(kind, match=words) as refusal:
            session.tell(event)
        assert isinstance(refusal.value, muster.RefusedError) and refusal.value.answer.is_refused
        assert_same(session.view(), before)
        copy = pickle.loads(pickle.dumps(refusal.value))
        assert (type(copy), str(copy), copy.answer) == (kind, str(refusal.value), refusal.value.answer)
        north, all_of_it = (set(session.view(who).units.code) for who in ("north", None))
        assert "T1" in north < all_of_it
        with pytest.raises(muster.InvalidError, match="nowhere"):
            session.view("nowhere")


@pytest.mark.parametrize("event, words", [
    ({}, "type is missing"), ({"type": "unit_gone"}, "unit_gone"), ({"type": 7}, "type"),
    (moved(lon_deg=float("nan")), "lon_deg is nan"), (moved(lat_deg=float("inf")), "lat_deg is inf"),
    (moved(lat_deg=91), "91"), (moved(lon_deg="east"), "lon_deg"), (moved(lon_deg=None), "lon_deg is missing"),
    (moved(unit="T1"), "unit"), (moved(speed_kmh=3), "speed_kmh"), (moved(unit={**TEAM, "colour": "red"}), "colour"),
    (moved(id=""), "id"), (moved(id="x" * 65), "64"), (moved(author="\x07"), "author"), (moved(reason="\ud800"), "."),
    (moved(time_ms=1.5), "time_ms"), (moved(None, time=1_782_936_000.5), "time is 1782936000.5"),
    (moved(None, time=datetime.datetime(2026, 7, 1)), "no time zone"), (moved(None, time=pandas.NaT), "time is NaT"),
    (moved(None, time=NOW // 1000), "milliseconds"), (moved(None, time="yesterday"), "yesterday"),
    (moved(lon_deg=10**400), "."), (moved(unit={1: 2}), "1"), (moved(reason=b"x"), "reason is of type bytes"),
    (moved(geometry=shapely.LineString([(0, 0), (1, 1)])), "geometry is a LineString, of unit_moved; expected Point"),
    (moved(geometry="POINT (1 2)"), "geometry is of type str"),
    ({"type": "rule_lifted", "rule": {"code": "C"}, "geometry": shapely.Point(1, 2)}, "expected none"),
    ({"type": "opened", "author": "me"}, "one that a session writes itself"),
], ids=range(28))
def test_bad_events_are_named_and_keep_no_other_from_being_told(session, event, words):
    bad, good = session.tell([event, moved()], refused="return")
    assert (bad.outcome, bad.sequence, good.outcome, good.sequence) == ("wrong", None, "applied", 3)
    with pytest.raises(muster.WrongEventError, match=words):
        session.tell(event)
    assert session.state.sequence == 3


@pytest.mark.parametrize("events", [7, "unit_moved", b"{}", None, [moved(), 3], [[moved()]], Moved])
def test_what_is_no_event_is_told_to_nobody(session, events):
    with pytest.raises(muster.InvalidError, match="expected a dict"):
        session.tell(events)
    assert session.state.sequence == 2


def test_nothing_told_is_nothing_answered(session):
    assert session.tell([]) == session.tell(pandas.DataFrame({"type": []})) == []


def test_refusals_are_raised_when_all_are_told(session):
    with pytest.raises(muster.ConflictError, match=r"event 1, 'call-I1'; 2 of 4 were refused") as refusal:
        session.tell([moved(), call("I1"), moved(unit={"resource": "people", "code": "T77"}), call()])
    assert [answer.outcome for answer in refusal.value.answers] == ["applied", "conflict", "unknown", "applied"]
    frame = pandas.DataFrame(refusal.value.answers)
    assert list(frame.columns) == ["id", "outcome", "sequence", "message"]
    with pytest.raises(muster.InvalidError, match="refused is 'ignore'"):
        session.tell(moved(), refused="ignore")


@pytest.mark.parametrize("wrong, words", [
    (dict(role="reader"), "role is 'reader'; expected one of write"), (dict(threads=-1), "threads is -1"),
    (dict(churn_most=2**40), "churn_most is"), (dict(churn_unmet_need=1.5), "churn_unmet_need is 1.5"),
    (dict(order_timeout_s=float("nan")), "order_timeout_s is nan"), (dict(clock_ahead_s=-1), "clock_ahead_s is -1"),
    (dict(now=5), "now is 5"), (dict(clock=lambda: 0.5), "the clock is 0.5"), (dict(scenario="typhoon"), "typhoon"),
    (dict(central="host=/nowhere x=y", dispatcher="d"), "x"), (dict(central="host=/nowhere"), "dispatcher"),
    (dict(author="x" * 300), "author"), (dict(scenario="flood\0x"), "without NUL"), (dict(author="\ud800"), "UTF-8"),
])
def test_options_that_make_no_sense(night, small, wrong, words):
    with pytest.raises(muster.InvalidError, match=words):
        muster.Session.open(night, small, **wrong)


def test_stores_and_journals_that_are_none(night, small, tmp_path):
    with pytest.raises(muster.StoreError):
        muster.Session.open(night, tmp_path / "nothing.gpkg")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(muster.StoreError):
        muster.Session.open(tmp_path / "file", small)
    for wrong in (tmp_path / "nowhere", tmp_path):
        with pytest.raises((muster.StoreError, muster.FormatError)):
            muster.Journal(wrong).verify()
        with pytest.raises((muster.StoreError, muster.FormatError)):
            muster.Session.replay(wrong, small)


@pytest.mark.parametrize("ask, words", [
    (lambda s: s.plan(mode="guess"), "mode is 'guess'; expected one of keep, improve"),
    (lambda s: s.plan(method="guess"), "method is 'guess'"), (lambda s: s.plan(time_limit=-1), "time_limit is -1"),
    (lambda s: s.plan(work_limit=-1), "work_limit is -1"), (lambda s: s.tick("noon"), "now is 'noon'"),
    (lambda s: s.tick(10**30), "now is 1000"), (lambda s: s.commit(None), "the plan is None"),
    (lambda s: s.tell_order(1, "eaten"), "step is 'eaten'"),
    (lambda s: s.metric("bicycle"), "'bicycle'; expected one of .*light"),
    (lambda s: s.news(-1), "after is -1"), (lambda s: s.news(timeout_s=-1), "timeout_s is -1"),
    (lambda s: s.follow(), "expected a standby"), (lambda s: s.promote(), "expected a standby"),
    (lambda s: s.commit(s.plan(), authority="nobody"), "nobody"), (lambda s: s.commit(s.plan(), id="x y"), "id"),
    (lambda s: muster.Session.replay(s.journal, "x", sequence=1, at=NOW), "expected one of them"),
    (lambda s: muster.Session.replay(s.journal, "x", sequence=0), "sequence is 0"),
    (lambda s: list(muster.Journal(s.journal).records(99)), "99"),
], ids=range(18))
def test_what_cannot_be_asked(session, ask, words):
    with pytest.raises(muster.InvalidError, match=words):
        ask(session)
    assert session.state.sequence == 2


# ---- roads -------------------------------------------------------------------------------------

def test_metrics_heed_what_is_closed_and_stay_as_they_are(session):
    places = [(120.7505, 30.7501), (120.80808, 30.79955)]
    before = session.metric("light")
    session.tell({"type": "road_slowed", "road": {"code": "R", "speed_factor": 0.5},
                  "geometry": shapely.box(120.7, 30.7, 120.9, 30.9)})
    slow, free = session.metric("light"), session.metric("light", heed_closures=False)
    times = [metric.matrix(places).duration_ms[0, 1] for metric in (before, free, slow)]
    assert times[0] == times[1] and times[2] == pytest.approx(2 * times[0], rel=0.001)
    closed = slow.close(shapely.box(120.7, 30.7, 120.9, 30.9))
    del slow, free, session
    gc.collect()
    assert closed.matrix(places).duration_ms[0, 1] == muster.UNREACHABLE_MS
    assert closed.profile == "light" and closed.network.node_count == 144


# ---- subscribing -------------------------------------------------------------------------------

def test_subscribers_hear_what_happens_until_the_session_is_closed(session):
    heard = []
    subscription = session.news()
    thread = threading.Thread(target=lambda: heard.extend(news.sequence for news in subscription))
    thread.start()
    for step in range(20):
        session.tell(moved(NOW + step))
    while len(heard) < 20:
        time.sleep(0.001)
    session.close()
    thread.join(10)
    assert not thread.is_alive() and heard == list(range(3, 23))


def test_news_end_when_nothing_happens_for_so_long(session):
    began = time.monotonic()
    assert [news.event["type"] for news in session.news(after=1, timeout_s=0.25)] == ["opened"]
    assert 0.2 < time.monotonic() - began < 5
    assert list(session.news(after=99, timeout_s=0)) == []


def test_ctrl_c_ends_waiting_for_news(session):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(session.news())
    assert session.tell(moved()).outcome == "applied"


def test_event_loops_wait_for_the_descriptor(session):
    list(session.news(timeout_s=0))
    assert select.select([session], [], [], 0)[0] == []
    session.tell(moved())
    assert select.select([session], [], [], 5)[0] == [session]
    assert [news.sequence for news in session.news(2, timeout_s=0)] == [3]
    assert select.select([session], [], [], 0)[0] == []


# ---- continuity --------------------------------------------------------------------------------

def test_one_process_writes_a_journal(session, night, small):
    with pytest.raises(muster.StoreError, match="another process"):
        open_at(night, small, NOW)
    with open_at(night, small, NOW, role="take_over") as other:
        assert other.tell(moved()).outcome == "applied"
        with pytest.raises(muster.StoreError, match="taken over"):
            session.tell(moved(NOW + 1))
        assert other.state.term == 2 and other.view().units.seen_at[0].timestamp() == NOW / 1000


def test_a_standby_reads_along_and_takes_over(session, night, small):
    with open_at(night, small, NOW, role="standby") as standby:
        session.tell([call(), moved()])
        assert standby.follow() == 2 and standby.follow() == 0
        assert_same(standby.view(), session.view())
        assert standby.state.role == "standby" and standby.state.term == 0
        for refused in (lambda: standby.tell(moved(NOW + 1)), standby.plan, lambda: standby.tick(NOW)):
            with pytest.raises(muster.InvalidError, match="standby"):
                refused()
        standby.promote()
        with pytest.raises(muster.StoreError):
            session.tell(moved(NOW + 2))
        assert standby.tell(moved(NOW + 2)).outcome == "applied"
        assert len(standby.commit(standby.plan()).orders) > 0


def test_a_replay_is_looked_at_and_planned_from(session, night, small):
    session.tell(call())
    known = session.view()
    plan = session.plan(work_limit=100_000, time_limit=0)
    session.tell({"type": "incident_closed", "incident": {"code": "I-9"}}, now=NOW + MINUTE)
    for which in (dict(sequence=3), dict(at=NOW), dict(at="2026-07-01T20:00:30Z")):
        with muster.Session.replay(night, small, **which) as then:
            assert_same(then.view(), known)
            assert_frame_equal(then.plan(work_limit=100_000, time_limit=0).assignments, plan.assignments)
            for refused in (lambda: then.tell(moved()), then.follow, then.promote):
                with pytest.raises(muster.InvalidError):
                    refused()
            with pytest.raises(muster.InvalidError, match="expected one that this session has made"):
                session.commit(then.plan())
    with muster.Session.replay(night, small) as now:
        assert_same(now.view(), session.view())
        assert now.plan().at.timestamp() * 1000 == NOW + MINUTE
    with pytest.raises(muster.InvalidError):
        muster.Session.replay(night, small, sequence=99)


@pytest.fixture(scope="module", name="centre")
def fixture_centre(small):
    """A dispatch centre's database that has the units of the small scenario."""
    import postgres_server
    if not postgres_server.BINARIES or "MUSTER_SESSION_DESK" not in os.environ:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql, or not run by ctest")
    import session_desk
    with postgres_server.running() as server:
        session_desk.fill(session_desk.Schema(server, "centre"), small)
        yield {"central": server.connection, "schema": "centre"}


def test_units_are_claimed_in_the_database_before_they_are_ordered(centre, small, tmp_path):
    with (open_at(tmp_path / "east", small, NOW, with_incidents=True, dispatcher="east", **centre) as east,
          open_at(tmp_path / "west", small, NOW, with_incidents=True, dispatcher="west", **centre) as west):
        theirs = west.plan()
        orders = east.commit(east.plan(), claim_timeout_s=20).orders
        assert set(orders.claim) == {"held"} and orders.claim_number.is_unique and len(orders) > 9
        west.tell({"type": "unit_moved", "unit": TEAM, "lon_deg": 120.76, "lat_deg": 30.76})
        done = west.commit(theirs, claim_timeout_s=20)
        assert "claimed" in set(done.skipped["skip"]) and "east" in " ".join(done.skipped.message)
        assert not set(done.orders.unit[done.orders.resource == "people"]) & set(orders.unit)
        state = east.state
        assert not state.central_is_away and not state.central_is_fenced and 0 <= state.central_age_s < 60


KILLED = """
import itertools, sys, muster
session = muster.Session.open(sys.argv[1], sys.argv[2], now={now}, clock_ahead_s=0)
for n in itertools.count(int(sys.argv[3])):
    answer = session.tell({{"type": "unit_moved", "id": f"m{{n}}", "time_ms": {now} + n, "lon_deg": 120.7 + n / 1e6,
                           "lat_deg": 30.7, "unit": {{"resource": "people", "code": "T1"}}}})
    print(n, answer.sequence, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(night, small):
    last, first = None, 1
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", KILLED.format(now=NOW), night, small, str(first)],
                                 stdout=subprocess.PIPE, text=True)
        acknowledged = [child.stdout.readline() for _ in range(8)]
        child.kill()
        acknowledged += child.stdout.readlines()
        child.wait()
        child.stdout.close()
        last = [int(word) for word in [line for line in acknowledged if line.endswith("\n")][-1].split()]
        first = last[0] + 1
        with open_at(night, small, NOW + 60 * MINUTE, role="standby") as again:
            assert again.state.sequence >= last[1]
            seen = again.view().units.seen_at[0].timestamp() * 1000 - NOW
            assert last[0] <= round(seen) <= last[0] + 1  # one more may be there, and was not answered yet
    events = muster.Journal(night).events()
    told = events[events.type == "unit_moved"].id.tolist()
    assert told[: first - 1] == [f"m{n}" for n in range(1, first)] and muster.Journal(night).verify().terms == 3


def test_a_record_that_was_altered_is_found(session, night, small):
    for n in range(5):
        session.tell(moved(NOW + n, id=f"move-{n}"))
    session.close()
    segment, = night.glob("*.journal")
    content = bytearray(segment.read_bytes())
    content[content.index(b"move-2") + 5] ^= 1
    segment.write_bytes(content)
    journal = muster.Journal(night)
    assert len(list(journal.records(last=4))) == 4
    for ask in (journal.verify, journal.events, lambda: open_at(night, small, NOW)):
        with pytest.raises(muster.FormatError, match=segment.name):
            ask()


def test_a_journal_is_read_while_it_is_written(session, night):
    journal, seen = muster.Journal(night), []
    assert [record.sequence for record in journal.records()] == [1, 2]
    for step in range(10):
        session.tell(moved(NOW + step))
        seen.append(journal.verify().last)
    assert seen == list(range(3, 13))
    assert [record.event["time_ms"] - NOW for record in journal.records(5, 7)] == [2, 3, 4]
    assert "night" in repr(journal) and journal.events(last=0).empty


# ---- closing -----------------------------------------------------------------------------------

ASKED = {
    "tell": lambda s: s.tell(moved()), "tell_order": lambda s: s.tell_order(1, "accepted"), "tick": lambda s: s.tick(),
    "plan": lambda s: s.plan(), "view": lambda s: s.view(), "metric": lambda s: s.metric("light"),
    "state": lambda s: s.state, "syncs": lambda s: s.syncs, "news": lambda s: s.news(), "fileno": lambda s: s.fileno(),
    "follow": lambda s: s.follow(), "promote": lambda s: s.promote(), "commit": lambda s: s.commit(s.made),
}


def test_a_closed_session_says_so(session):
    session.made = session.plan()
    session.close()
    session.close()
    assert session.is_closed and "closed" in repr(session)
    for name, ask in ASKED.items():
        with pytest.raises(muster.InvalidError, match="is closed"):
            ask(session)
            pytest.fail(name)


def test_what_was_got_from_a_session_outlives_it(session):
    session.tell([call(), {"type": "road_closed", "road": {"code": "R", "edge_id": [5]}}])
    plan, metric, view = session.plan(), session.metric("heavy"), session.view()
    done = session.commit(plan)
    expected = [plan.assignments, plan.changes, done.orders, *tables(view).values()]
    routes = plan.routes()
    session.close()
    gc.collect()
    junk = [bytes(10_000) for _ in range(500)]
    found = [plan.assignments, plan.changes, done.orders, *tables(view).values()]
    for one, other in zip(expected, found):
        assert_frame_equal(one, other)
    assert plan.routes().geometry.geom_equals(routes.geometry).all() and len(junk) == 500
    plan.check()
    assert plan.problem.incident_count == 6
    assert metric.matrix([(120.76, 30.76), (120.78, 30.78)]).duration_ms[0, 1] > 0


@pytest.fixture(scope="module", name="hard")
def fixture_hard(tmp_path_factory):
    """A store with more teams than are sent in the best way in a moment."""
    import small_scenario
    store = small_scenario.write(tmp_path_factory.mktemp("hard") / "hard.gpkg")
    rng = np.random.default_rng(1)
    with sqlite3.connect(store) as db:
        for team in range(300):
            place = small_scenario.point_blob(*small_scenario.place(*rng.integers(0, 11, 2)))
            db.execute("INSERT INTO team (code, name, tier, people, turnout_s, profile, geom)"
                       " VALUES (?, 'team', 'city', ?, 60, 'light', ?)", (f"X{team}", int(rng.integers(3, 30)), place))
            db.execute("INSERT INTO team_capability (team, kind) VALUES (?, 'flood_rescue')", (f"X{team}",))
    return store


@pytest.fixture(name="busy")
def fixture_busy(night, hard):
    rng = np.random.default_rng(2)
    with open_at(night, hard, NOW) as session:
        session.tell([{"type": "incident_reported",
                       "need": [{"kind": "flood_rescue", "quantity": int(rng.integers(20, 60))}],
                       "incident": {"code": f"B{n}", "lon_deg": 120.75 + 0.05 * rng.random(),
                                    "lat_deg": 30.75 + 0.05 * rng.random(), "severity": "severe"}}
                      for n in range(120)])
        yield session


def test_ctrl_c_returns_the_best_plan(busy):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    plan = busy.plan(time_limit=120)
    assert time.monotonic() - began < 60
    plan.check()
    assert len(busy.commit(plan).orders) == len(plan.assignments) > 0


def test_closing_cuts_a_plan_short_and_waits_for_it(busy, night, hard):
    begun, plans = threading.Event(), []
    threads = [threading.Thread(target=lambda: plans.append(
        busy.plan(time_limit=120, on_progress=lambda _: begun.set()))) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    while len(busy._inside) < 2:
        time.sleep(0.001)
    began = time.monotonic()
    busy.close()
    assert time.monotonic() - began < 60
    with open_at(night, hard, NOW):  # it is really closed
        pass
    for thread in threads:
        thread.join(10)
    assert len(plans) == 2
    for plan in plans:
        plan.check()


def test_telling_and_reading_do_not_wait_for_a_plan(busy):
    begun, is_over = threading.Event(), []
    thread = threading.Thread(target=lambda: is_over.append(busy.plan(
        time_limit=120, on_progress=lambda _: begun.set() or not is_over)))
    thread.start()
    assert begun.wait(30)
    for step in range(5):
        assert busy.tell(moved(NOW + step)).outcome == "applied"
        assert busy.view().sequence == busy.state.sequence == 123 + step
    assert not is_over
    is_over.append("stop")
    thread.join(60)
    assert is_over[1].sequence == 122


def test_what_the_callback_does_wrong_comes_out(session):
    with pytest.raises(ZeroDivisionError):
        session.plan(on_progress=lambda _: 1 / 0)
    with pytest.raises(muster.InvalidError, match="when the call has returned"):
        session.plan(on_progress=lambda _: session.close())
    with pytest.raises(muster.InvalidError, match="expected when that is made"):
        session.plan(on_progress=lambda _: session.plan())
    told = []
    assert session.plan(on_progress=told.append) and told[0].phase and not session.is_closed


def test_many_threads_tell_at_the_same_time(session):
    numbers = []

    def tell(thread):
        for step in range(15):
            number = session.tell(moved(NOW + step, {"resource": "people", "code": f"T{thread}"})).sequence
            numbers.append(number if session.view().sequence >= number else None)

    threads = [threading.Thread(target=tell, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(3, 63))
    syncs = session.syncs
    assert 0 < syncs.counts.sum() <= 62 and syncs.failed_count == 0 and syncs.sum_ms >= syncs.longest_ms > 0
    assert len(syncs.counts) == len(syncs.up_to_ms) == 16 and syncs.up_to_ms[1] == 0.25


# ---- processes ---------------------------------------------------------------------------------

def _ask_there(connection, session):
    for name, ask in ASKED.items():
        try:
            ask(session)
        except muster.InvalidError as error:
            connection.send((name, str(error)))
    session.close()
    connection.send(repr(session))


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_has_no_part_in_a_session(session, night, small):
    session.made = session.plan()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    with session._gate:  # as another thread may have it at that moment
        child = context.Process(target=_ask_there, args=(there, session))
        child.start()
        for name in ASKED:
            assert here.poll(60)
            asked, message = here.recv()
            assert asked == name and f"was opened by process {os.getpid()}" in message
        assert f"of process {os.getpid()}" in here.recv()
    child.join(60)
    assert child.exitcode == 0
    assert session.tell(moved()).outcome == "applied"
    with pytest.raises(muster.StoreError):
        open_at(night, small, NOW)


def test_sessions_say_that_they_cannot_be_pickled(session):
    for thing, words in ((session, "one writer"), (session.view(), "lives in this process"),
                         (session.plan(), "lives in this process")):
        with pytest.raises(TypeError, match=words):
            pickle.dumps(thing)


def test_many_rounds_do_not_grow(session, night, small):
    session.commit(session.plan())
    session.tell([moved(NOW + n, reason="x" * 900) for n in range(10)])

    def look():
        view = session.view()
        assert view.sequence == 13 and "units" in repr(view) and session.metric("light").network.node_count == 144
        assert len(list(session.news(0, timeout_s=0))) == 13 and muster.Journal(night).verify().records == 13
        *late, wrong = session.tell([*[moved(NOW, reason="x" * 900)] * 6, {"type": "unit_gone"}], refused="return")
        assert {answer.outcome for answer in late} == {"late"} and wrong.outcome == "wrong"

    def plan_and_open():
        for _ in range(6):
            plan = session.plan(time_limit=0, work_limit=1, method="greedy")
            assert session.commit(plan).sequence is None and not plan.is_optimal
        with open_at(night, small, NOW, role="standby") as standby:
            assert standby.state.sequence == 13
        with pytest.raises(muster.StoreError):
            open_at(night, small, NOW)

    assert_does_not_grow(look, ROUNDS // 3)
    assert_does_not_grow(plan_and_open, ROUNDS // 60)


def test_the_readme_says_what_is_true(tmp_path, small):
    """The section on sessions runs as it stands."""
    readme = (SOURCE / "bindings/python/README.md").read_text(encoding="utf-8")
    section = readme.split("## A night of dispatching")[1].split("```python\n")[1].split("```")[0]
    shutil.copy(small, tmp_path / "jiaxing.gpkg")
    done = subprocess.run([sys.executable, "-c", "import muster\n" + section], cwd=tmp_path, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert muster.Journal(tmp_path / "night").verify().records > 3
