"""Everything that a problem can hold, from frames and back, and what is wrong with a column."""

import os

import geopandas
import numpy as np
import pandas
import pytest
from conftest import LAT, LON, STEP
from hypothesis import given, settings
from hypothesis import strategies as st

import muster
from muster._native import ffi, lib
from muster._structs import listed
from muster._structs import rows as structs

NONE = lib.MUSTER_NONE


def at(column, row):
    return {"lon": LON + STEP * column, "lat": LAT + STEP * row}


def frames():
    """A bit of everything."""
    unit = {"profile": "light", "turnout_s": 60.5}
    return {
        "authorities": pandas.DataFrame([
            {"code": "330400", "level": "city", "name": "嘉兴市", "parent": None},
            {"code": "330402", "level": "county", "name": None, "parent": "330400"}]),
        "kinds": pandas.DataFrame([
            {"code": "medical", "resource": "people"}, {"code": "pump_crew", "resource": "people"},
            {"code": "pump", "resource": "machine", "operator_kind": "pump_crew", "operator_count": 2},
            {"code": "sandbag", "resource": "item", "mass_kg": 25, "volume_m3": 0.02},
            {"code": "tent", "resource": "item", "mass_kg": 40, "volume_m3": 0.3},
            {"code": "truck", "resource": "vehicle"}]),
        "teams": pandas.DataFrame([
            {"code": "T1", "people": 8, "capabilities": ["medical", "pump_crew"], "authority": "330402", "grade": 1,
             "shift_end_s": 30_000, **unit, **at(0, 0)},
            {"code": "T2", "people": 5, "capabilities": "medical", "authority": None, "grade": 2,
             "duty_s": 3600, "ready_s": 90, **unit, **at(5, 5)},
            {"code": "T3", "people": 4, "capabilities": [], **unit, **at(1, 1)}]),
        "vehicles": pandas.DataFrame([
            {"code": "V1", "kind": "truck", "payload_kg": 1000, "volume_m3": 5, **unit, **at(2, 2)},
            {"code": "V2", "kind": "truck", "payload_kg": 2000, "volume_m3": 9, **unit, **at(3, 2)}]),
        "machines": pandas.DataFrame([{"code": "M1", "kind": "pump", "count": 3, **unit, **at(1, 4)}]),
        "stocks": pandas.DataFrame([
            {"code": "W1", "kind": "sandbag", "quantity": 500, "profile": "light", "loading_s": 120, **at(4, 1)},
            {"code": "W1", "kind": "tent", "quantity": 20, "profile": "light", "loading_s": 120, **at(4, 1)},
            {"code": "on V2", "kind": "tent", "quantity": 3, "profile": "light", "loading_s": 0, **at(3, 2)}]),
        "incidents": pandas.DataFrame([
            {"code": "I1", "severity": "severe", "name": "南湖区", "deadline_s": 600, "on_scene_s": 1800,
             "authority": "330400", **at(3, 3)},
            {"code": "I2", "severity": "minor", "all_or_nothing": True, **at(0, 5)}]),
        "needs": pandas.DataFrame([
            {"incident": "I1", "kind": "medical", "quantity": 10, "minimum": 2, "grade": 2},
            {"incident": "I1", "kind": "pump", "quantity": 2}, {"incident": "I2", "kind": "sandbag", "quantity": 30},
            {"incident": "I2", "kind": "tent", "quantity": 3}]),
        "zones": pandas.DataFrame([{"code": "Z1", "kind": "medical", "radius_s": 900, "required": 4, "weight": 3,
                                    **at(2, 4)}]),
        "rules": pandas.DataFrame([
            {"type": "lock", "resource": "people", "code": "T1", "kind": "medical", "incident": "I1"},
            {"type": "lock", "resource": "machine", "code": "M1", "incident": "I1", "quantity": 1},
            {"type": "lock", "resource": "item", "code": "W1", "kind": "sandbag", "incident": "I2", "quantity": 10},
            {"type": "forbid", "resource": "item", "code": "W1", "kind": "tent", "incident": "I2"},
            {"type": "hold", "resource": "people", "code": "T2"},
            {"type": "en_route", "resource": "item", "code": "on V2", "kind": "tent", "incident": "I2",
             "vehicle": "V2"}]),
        "weights": {"severity_minor": 3, "lateness_step_s": 300.5, "lateness_penalty_s": 60,
                    "escalation_delay_1_s": 120, "diversion_unmet_need": 7, "diversion_response_time": 2**50,
                    "reserve_before_response": 1},
        "by_vehicle": True, "max_sources": 2,
    }


@pytest.fixture(name="make")
def fixture_make(metric):
    return lambda **changed: muster.Problem.from_frames({"light": metric}, **{**frames(), **changed})


def rows(problem, name):
    data = problem._data
    return structs(f"muster_{name}", getattr(data, name), getattr(data, f"{name}_count"))


def decided(problem):
    """All that a plan of so much work says, as the library's own rows."""
    plan = muster.solve(problem, time_limit=0, work_limit=200_000)
    found = [listed(kind, function, plan._pointer).tolist() for function, kind in (
        (lib.muster_plan_assignments, "muster_assignment"), (lib.muster_plan_shipments, "muster_shipment"),
        (lib.muster_plan_unmet, "muster_unmet"))]
    return found, plan.tiers.value.tolist(), plan.work


def assert_same(problem, again):
    one, other = problem.frames(), again.frames()
    for name, frame in one.items():
        if isinstance(frame, pandas.DataFrame):
            pandas.testing.assert_frame_equal(frame, other[name])
    assert (one["by_vehicle"], one["max_sources"]) == (other["by_vehicle"], other["max_sources"])
    assert decided(problem) == decided(again)


# ---- in ----------------------------------------------------------------------------------

def test_each_column_comes_to_its_field(make):
    """Against the structs, read one by one."""
    problem = make()
    d = problem._data
    assert [ffi.string(d.authority[i].name).decode() if d.authority[i].name else None for i in range(2)] == ["嘉兴市", None]
    assert [(d.authority[i].level, d.authority[i].parent) for i in range(2)] == [
        (lib.MUSTER_CITY, NONE), (lib.MUSTER_COUNTY, 0)]
    assert (d.kind[2].operator_count, d.kind[2].operator_kind, d.kind[3].mass_kg, d.kind[3].volume_m3) == (2, 1, 25, .02)
    team = [d.team[i] for i in range(3)]
    assert [[t.capability[c] for c in range(t.capability_count)] for t in team] == [[0, 1], [0], []]
    assert [(t.people, t.grade, t.unit.authority, t.unit.turnout_ms) for t in team] == [
        (8, 1, 1, 60500), (5, 2, NONE, 60500), (4, 0, NONE, 60500)]
    assert (team[0].unit.shift_end_ms, team[1].unit.duty_ms, team[1].unit.available_ms) == (30_000_000, 3_600_000, 90_000)
    assert (team[1].unit.site.lon_deg, team[1].unit.site.lat_deg) == (LON + STEP * 5, LAT + STEP * 5)
    assert (d.vehicle[1].kind, d.vehicle[1].payload_kg, d.vehicle[1].volume_m3) == (5, 2000, 9)
    assert (d.machine[0].kind, d.machine[0].count) == (2, 3)
    assert [(d.stock[i].kind, d.stock[i].quantity, d.stock[i].unit.turnout_ms) for i in range(3)] == [
        (3, 500, 120_000), (4, 20, 120_000), (4, 3, 0)]
    incident = d.incident[0]
    assert (incident.severity, incident.deadline_ms, incident.on_scene_ms, incident.authority) == (
        lib.MUSTER_SEVERE, 600_000, 1_800_000, 0)
    assert [d.incident[i].all_or_nothing for i in range(2)] == [0, 1]
    assert [(n.incident, n.kind, n.quantity, n.minimum, n.grade) for n in (d.need[i] for i in range(4))] == [
        (0, 0, 10, 2, 2), (0, 2, 2, 0, 0), (1, 3, 30, 0, 0), (1, 4, 3, 0, 0)]
    zone = d.zone[0]
    assert (zone.kind, zone.radius_ms, zone.required, zone.weight) == (0, 900_000, 4, 3)
    assert [(r.type, r.resource, r.index, r.incident, r.need, r.quantity, r.vehicle)
            for r in (d.rule[i] for i in range(6))] == [
        (lib.MUSTER_LOCK, lib.MUSTER_PEOPLE, 0, 0, 0, 0, 0), (lib.MUSTER_LOCK, lib.MUSTER_MACHINE, 0, 0, NONE, 1, 0),
        (lib.MUSTER_LOCK, lib.MUSTER_ITEM, 0, 1, 2, 10, 0), (lib.MUSTER_FORBID, lib.MUSTER_ITEM, 1, 1, NONE, 0, 0),
        (lib.MUSTER_HOLD, lib.MUSTER_PEOPLE, 1, 0, NONE, 0, 0), (lib.MUSTER_EN_ROUTE, lib.MUSTER_ITEM, 2, 1, NONE, 0, 1)]
    w = d.weights
    assert list(w.severity) == [3, 2, 4, 8] and list(w.escalation_delay_ms) == [0, 120_000, 0, 0, 0]
    assert (w.lateness_step_ms, w.lateness_step_s, w.diversion_unmet_need, w.diversion_response_time,
            w.reserve_before_response) == (300_500, 60, 7, 2**50, 1)
    assert (d.item_transport, d.max_sources) == (lib.MUSTER_ITEMS_BY_VEHICLE, 2)


def test_rules_are_obeyed(make):
    plan = muster.solve(make())
    plan.check()
    sent = plan.assignments.set_index(["unit", "need"]).incident.to_dict()
    assert sent["T1", "medical"] == "I1" and sent["M1", "pump"] == "I1" and sent["W1", "sandbag"] == "I2"
    assert ("W1", "tent") not in sent and "T2" not in plan.assignments.unit.tolist()
    assert plan.shipments.set_index("warehouse").vehicle["on V2"] == "V2"


def test_rules_that_contradict_each_other_are_refused(make):
    rules = pandas.DataFrame([{"type": "lock", "resource": "people", "code": "T1", "incident": "I1"},
                              {"type": "hold", "resource": "people", "code": "T1"}])
    with pytest.raises(muster.InvalidError, match="rule"):
        muster.solve(make(rules=rules))


def test_points_of_another_system_are_brought_to_wgs84(make):
    teams = frames()["teams"]
    points = geopandas.GeoDataFrame(teams.drop(columns=["lon", "lat"]), crs="EPSG:4326",
                                    geometry=geopandas.points_from_xy(teams.lon, teams.lat)).to_crs("EPSG:4549")
    sites = rows(make(teams=points), "team")["unit"]["site"]
    np.testing.assert_allclose(sites["lon_deg"], teams.lon, atol=1e-8)
    with pytest.raises(muster.InvalidError, match="teams has no coordinate system"):
        make(teams=geopandas.GeoDataFrame(points.drop(columns="geometry"), geometry=points.geometry.to_numpy()))


def test_types_of_columns_do_not_matter(make):
    """Categories, nullable numbers, numbers as codes: the same problem."""
    given = frames()
    given["needs"] = given["needs"].astype({"kind": "category", "incident": "category", "quantity": "Int32",
                                            "minimum": "Float64", "grade": "Int64"})
    given["machines"] = given["machines"].astype({"code": object, "count": "int8"})
    assert_same(make(), make(**given))


def test_metrics_are_by_name(metric):
    for wrong in (metric, [metric], {"light": "light"}):
        with pytest.raises(muster.InvalidError, match="metrics are no mapping of names to Metric"):
            muster.Problem.from_frames(wrong, kinds=None, incidents=None, needs=None)


def test_frames_of_no_rows_are_welcome(make):
    problem = make(**{name: frames()[name].iloc[:0] for name in ("zones", "rules", "vehicles")}, by_vehicle=False)
    assert len(muster.solve(problem).assignments) > 0
    empty = {name: frame.iloc[:0] for name, frame in frames().items() if isinstance(frame, pandas.DataFrame)}
    assert len(muster.solve(make(**empty, weights=None)).assignments) == 0


# ---- and back ----------------------------------------------------------------------------

def test_frames_of_a_problem_make_it_again(make):
    problem = make()
    assert_same(problem, muster.Problem.from_frames(**problem.frames()))


def test_frames_of_a_scenario_make_it_again(small):
    problem = muster.Scenario.load(small).problem
    assert_same(problem, muster.Problem.from_frames(**problem.frames()))


@pytest.mark.skipif("MUSTER_JIAXING" not in os.environ, reason="without the home scenario")
def test_the_home_scenario_comes_again_from_its_frames():
    problem = muster.Scenario.load(os.environ["MUSTER_JIAXING"], "typhoon-100").problem
    assert problem._data.zone_count > 0 and problem._data.authority_count > 0
    assert_same(problem, muster.Problem.from_frames(**problem.frames()))


def test_a_scenario_is_changed_with_pandas(small):
    given = muster.Scenario.load(small).problem.frames()
    given["needs"].loc[given["needs"].kind == "sandbag", "quantity"] = 1
    plan = muster.solve(muster.Problem.from_frames(**given))
    assert plan.assignments[plan.assignments.need == "sandbag"].quantity.tolist() == [1, 1]


def test_metrics_outlive_the_scenario_that_they_were_taken_from(small):
    metrics = muster.Scenario.load(small).problem.metrics
    metric = metrics["light"]
    del metrics
    place = [(metric.network.node_lon[0], metric.network.node_lat[0])]
    assert metric.matrix(place).duration_ms[0, 0] == 0
    assert metric.close(edges=[0]).matrix(place).duration_ms[0, 0] == 0


SPOT = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda place: at(*place))
MILLISECONDS = st.integers(0, 10_000_000).map(lambda ms: ms / 1000)
TEXT = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))


@st.composite
def any_frames(draw):
    """Problems that make sense to the library, whatever is in them."""
    def table(prefix, most, **columns):
        return [{"code": f"{prefix}{i}", **{name: draw(column) for name, column in columns.items()}}
                for i in range(draw(st.integers(0, most)))]
    authorities = [{"code": f"A{i}", "level": level, "parent": draw(st.sampled_from([None, *(f"A{k}" for k in range(i))]))}
                   for i, level in enumerate(("city", "county", "village")[:draw(st.integers(0, 3))])]
    authority = {"authority": st.sampled_from([None, *(row["code"] for row in authorities)])}
    unit = {"spot": SPOT, "name": TEXT, "profile": st.just("light"), "turnout_s": MILLISECONDS, "ready_s": MILLISECONDS,
            "shift_end_s": st.one_of(st.none(), MILLISECONDS), "duty_s": MILLISECONDS, **authority}
    kinds = frames()["kinds"]
    people = st.lists(st.sampled_from(["medical", "pump_crew"]), unique=True)
    teams = table("T", 4, people=st.integers(1, 30), capabilities=people, grade=st.integers(0, 3), **unit)
    vehicles = table("V", 3, kind=st.just("truck"), payload_kg=st.floats(0, 1e4), volume_m3=st.floats(0, 50), **unit)
    machines = table("M", 2, kind=st.just("pump"), count=st.integers(0, 5), **unit)
    stocks = table("W", 3, kind=st.sampled_from(["sandbag", "tent"]), quantity=st.integers(0, 300),
                   **{{"turnout_s": "loading_s"}.get(name, name): column for name, column in unit.items()})
    incidents = table("I", 3, spot=SPOT, name=TEXT, severity=st.sampled_from(["minor", "moderate", "severe", "extreme"]),
                      deadline_s=MILLISECONDS, on_scene_s=MILLISECONDS, all_or_nothing=st.booleans(), **authority)
    needs = [{"incident": row["code"], "kind": kind, "quantity": draw(st.integers(3, 40)), "minimum": draw(st.integers(0, 3)),
              "grade": draw(st.integers(0, 3)) if kind == "medical" else 0} for row in incidents
             for kind in draw(st.lists(st.sampled_from(kinds.code.tolist()), min_size=1, unique=True))]
    zones = table("Z", 2, spot=SPOT, kind=st.sampled_from(["medical", "truck", "pump"]), radius_s=MILLISECONDS,
                  required=st.integers(1, 20), weight=st.integers(0, 20))
    named = [("people", row["code"], None) for row in teams] + [("vehicle", row["code"], None) for row in vehicles] + [
        ("machine", row["code"], None) for row in machines] + [("item", row["code"], row["kind"]) for row in stocks]
    rules = []
    if named and incidents:
        for resource, code, kind in draw(st.lists(st.sampled_from(named), max_size=3, unique=True)):
            words = ["hold", "forbid"] + (["en_route"] if resource in ("people", "vehicle") else [])
            rules.append({"type": draw(st.sampled_from(words)), "resource": resource, "code": code, "kind": kind,
                          "incident": draw(st.sampled_from([row["code"] for row in incidents]))})
    weights = draw(st.dictionaries(st.sampled_from(["severity_severe", "lateness_penalty_s", "escalation_delay_2_s",
                                                    "diversion_unmet_need"]), st.integers(1, 1000)))
    given = {name: pandas.DataFrame([{k: v for k, v in {**row, **row.get("spot", {})}.items() if k != "spot"} for row in listed])
             for name, listed in (("teams", teams), ("vehicles", vehicles), ("machines", machines), ("stocks", stocks),
                                  ("incidents", incidents), ("needs", needs), ("authorities", authorities),
                                  ("zones", zones), ("rules", rules))}
    return {**given, "kinds": kinds, "weights": weights, "by_vehicle": draw(st.booleans())}


@given(any_frames())
@settings(max_examples=40, deadline=None)
def test_whatever_a_problem_holds_comes_back(metric, given):
    problem = muster.Problem.from_frames({"light": metric}, **given)
    assert_same(problem, muster.Problem.from_frames(**problem.frames()))
    names = problem.frames()["teams"].name.tolist()
    assert names == ([] if given["teams"].empty else given["teams"].name.tolist())


# ---- what is wrong -----------------------------------------------------------------------

def changed(name, column, row, value):
    frame = frames()[name].astype(object)
    frame[column] = frame[column] if column in frame else None
    frame.at[row, column] = value
    return {name: frame}


TEAMS = frames()["teams"]


@pytest.mark.parametrize("change, words", [
    (changed("authorities", "level", 1, "province"), "authorities: column level has 'province' in row 1; expected one "
                                                     "of the levels: village"),
    (changed("authorities", "parent", 1, "33"), "authorities: column parent has '33' in row 1; expected one of the auth"),
    (changed("authorities", "parent", 0, "330402"), "330400"),
    (changed("teams", "authority", 0, "33"), "teams: column authority has '33' in row 0; .*330400, 330402"),
    (changed("kinds", "operator_kind", 2, "truck"), "kinds: column operator_kind has 'truck' in row 2; .*kinds of people"),
    (changed("vehicles", "kind", 1, "pump"), "vehicles: column kind has 'pump' in row 1; .*kinds of vehicle: truck"),
    (changed("zones", "kind", 0, "tent"), "zones: column kind has 'tent' in row 0"),
    (changed("zones", "radius_s", 0, None), "zones: column radius_s has None in row 0; expected a number from 0"),
    ({"zones": frames()["zones"].drop(columns="weight")}, "zones has no column weight"),
    (changed("rules", "type", 0, "keep"), "rules: column type has 'keep' in row 0; .*lock, forbid, hold, en_route"),
    (changed("rules", "code", 0, "T9"), "rules: column code has 'T9' in row 0; expected one of the codes of people"),
    (changed("rules", "code", 3, None), "rules: column code has None in row 3; expected a code of item"),
    (changed("rules", "kind", 3, "medical"), "rules: column kind has 'medical' in row 3; expected a kind that the ware"),
    (changed("rules", "kind", 2, None), "rules: column kind has None in row 2; expected the kind of the items"),
    (changed("rules", "kind", 0, "truck"), "rules: column kind has 'truck' in row 0; expected a kind that the incident"),
    (changed("rules", "incident", 1, None), "rules: column incident has None in row 1; expected the code of an incident"),
    (changed("rules", "incident", 1, "I9"), "rules: column incident has 'I9' in row 1; expected one of the incidents"),
    (changed("rules", "vehicle", 5, None), "rules: column vehicle has None in row 5; expected the vehicle that has"),
    ({"rules": frames()["rules"].drop(columns="vehicle")}, "rules has no column vehicle"),
    (changed("rules", "quantity", 1, -1), "rules: column quantity has -1 in row 1"),
    ({"weights": {"severity_awful": 3}}, "weights: column key has 'severity_awful' in row 0; .*severity_minor"),
    ({"weights": {"severity_minor": 0}}, "weights: column value has 0 in row 0; expected 1 to 1000000 of severity_min"),
    ({"weights": {"diversion_unmet_need": 1.5}}, "weights: column value has 1.5 in row 0"),
    ({"weights": {"lateness_step_s": float("nan")}}, "weights: column value has nan in row 0"),
    ({"max_sources": -1}, "max_sources is -1"),
    (changed("teams", "lat", 1, 120.7), "latitude is 120.7 in row 1"),
    ({"teams": TEAMS.rename(columns={"lon": "lat", "lat": "lon"})}, "latitude .* in row 0; .*may be swapped"),
    ({"teams": pandas.concat([TEAMS, TEAMS[["people"]]], axis=1)}, "teams has two columns people"),
    ({"teams": TEAMS.to_dict("records")}, "teams is of type list; expected a DataFrame"),
    (changed("teams", "code", 0, "T\0"), "teams: column code has .* in row 0; expected a text without zero"),
    (changed("teams", "name", 0, "\ud800"), "teams: column name has .* in row 0; expected Unicode"),
    (changed("teams", "capabilities", 0, None), "teams: column capabilities has None in row 0; expected a list"),
    (changed("teams", "capabilities", 0, ["medical", 7]), "teams: column capabilities has .'medical', 7. in row 0"),
    (changed("teams", "people", 0, np.inf), "teams: column people has inf in row 0"),
    (changed("stocks", "kind", 1, "sandbag") | {"rules": None}, 'two stocks of warehouse "W1"'),
], ids=range(35))
def test_what_is_wrong_is_named_by_frame_column_and_row(make, change, words):
    with pytest.raises(muster.InvalidError, match=words):
        make(**change)
