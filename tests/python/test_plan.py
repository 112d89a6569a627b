"""Problems from frames and from stores, plans, and what is wrong with a column."""

import itertools
import os
import signal
import threading
import time

import numpy as np
import pandas
import pytest
from conftest import LAT, LON, STEP
from hypothesis import given, settings
from hypothesis import strategies as st

import muster

KINDS = pandas.DataFrame({"code": ["medical", "pump", "sandbag", "truck"],
                          "resource": ["people", "machine", "item", "vehicle"],
                          "mass_kg": [0, 0, 25.0, 0], "volume_m3": [0, 0, 0.02, 0]})


def at(column, row):
    return {"lon": LON + STEP * column, "lat": LAT + STEP * row}


def frames():
    """A small town's: two teams, a pool of pumps, a stock, a truck; two incidents."""
    unit = {"profile": "light", "turnout_s": 60}
    return {
        "kinds": KINDS,
        "teams": pandas.DataFrame([{"code": "T1", "people": 8, "capabilities": ["medical"], **unit, **at(0, 0)},
                                   {"code": "T2", "people": 5, "capabilities": "medical", **unit, **at(5, 5)}]),
        "vehicles": pandas.DataFrame([{"code": "V1", "kind": "truck", "payload_kg": 1000, "volume_m3": 5,
                                       **unit, **at(2, 2)}]),
        "machines": pandas.DataFrame([{"code": "M1", "kind": "pump", "count": 3, **unit, **at(1, 4)}]),
        "stocks": pandas.DataFrame([{"code": "W1", "kind": "sandbag", "quantity": 500, "profile": "light",
                                     "loading_s": 60, **at(4, 1)}]),
        "incidents": pandas.DataFrame([{"code": "I1", "severity": "severe", "name": "南湖区", **at(3, 3)},
                                       {"code": "I2", "severity": "minor", "name": None, **at(0, 5)}]),
        "needs": pandas.DataFrame([{"incident": "I1", "kind": "medical", "quantity": 10},
                                   {"incident": "I1", "kind": "pump", "quantity": 2},
                                   {"incident": "I2", "kind": "sandbag", "quantity": 100},
                                   {"incident": "I2", "kind": "pump", "quantity": 2}]),
    }


@pytest.fixture(name="make")
def fixture_make(metric):
    return lambda **changed: muster.Problem.from_frames({"light": metric}, **{**frames(), **changed})


def test_a_plan_says_who_goes_where_and_what_is_missing(make):
    plan = muster.solve(make())
    plan.check()
    assert plan.is_optimal
    sent = plan.assignments.groupby(["incident", "need"]).quantity.sum().to_dict()
    assert sent == {("I1", "medical"): 13, ("I1", "pump"): 2, ("I2", "sandbag"): 100, ("I2", "pump"): 1}
    assert plan.unmet.to_dict("records") == [
        {"incident": "I2", "need": "pump", "quantity": 1, "reason": "exhausted"}]
    assert set(plan.assignments.unit) == {"T1", "T2", "M1", "W1"}
    assert plan.tiers.loc["unmet_need"].tolist() == [500_000, 500_000, 0]
    assert "optimal" in repr(plan) and "<table" in plan._repr_html_()


def test_travel_times_are_those_of_the_table(make, metric):
    plan, data = muster.solve(make()), frames()
    units = pandas.concat([data[name] for name in ("teams", "machines", "stocks")]).set_index("code")
    incidents = data["incidents"].set_index("code")
    for row in plan.assignments.itertuples():
        way = metric.matrix(units.loc[[row.unit], ["lon", "lat"]], incidents.loc[[row.incident], ["lon", "lat"]],
                            distances=True)
        assert row.depart_s == 60
        assert row.eta_s == pytest.approx(60 + way.duration_ms[0, 0] / 1000)
        assert row.distance_m == pytest.approx(way.distance_m[0, 0])
    routes = plan.routes()
    assert len(routes) == len(plan.assignments) and routes.crs == "EPSG:4326"


def test_items_come_in_shipments_where_they_come_by_vehicle(make):
    plan = muster.solve(make(by_vehicle=True))
    shipments = plan.shipments
    assert shipments[["vehicle", "warehouse", "incident"]].values.tolist() == [["V1", "W1", "I2"]]
    assert shipments.load_kg[0] == 1000 and shipments.load_at_s[0] > shipments.depart_s[0]
    carried = plan.assignments[plan.assignments.resource == "item"]
    assert carried.shipment.tolist() == [0] and carried.quantity.tolist() == [40]


def test_scenarios_of_a_store_are_planned_as_they_are(small):
    scenario = muster.Scenario.load(small)
    plan = muster.solve(scenario)
    plan.check()
    assert scenario.code == "flood" and scenario.problem.incident_count == 5
    assert set(plan.assignments.incident) | set(plan.unmet.incident) <= set(plan._codes["incident"])
    network = scenario.network
    del scenario
    assert network.metric("light").matrix([(network.node_lon[0], network.node_lat[0])]).duration_ms[0, 0] == 0
    with pytest.raises(muster.InvalidError, match="typhoon"):
        muster.Scenario.load(small, "typhoon")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4, unique=True),
       st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4, unique=True))
@settings(max_examples=60, deadline=None)
def test_one_ambulance_each_is_an_assignment_problem(metric, ambulances, incidents):
    """Against all permutations: as many as possible are served, in the least time."""
    unit = [{"code": f"V{i}", "profile": "light", "kind": "truck", **at(*p)} for i, p in enumerate(ambulances)]
    calls = [{"code": f"I{i}", "severity": "minor", **at(*p)} for i, p in enumerate(incidents)]
    needs = [{"incident": call["code"], "kind": "truck", "quantity": 1} for call in calls]
    plan = muster.solve(muster.Problem.from_frames(
        {"light": metric}, kinds=KINDS, vehicles=pandas.DataFrame(unit), incidents=pandas.DataFrame(calls),
        needs=pandas.DataFrame(needs)))
    table = metric.matrix(pandas.DataFrame(unit), pandas.DataFrame(calls)).duration_ms.astype(np.int64) // 1000
    served = min(len(unit), len(calls))
    if len(unit) <= len(calls):
        best = min(sum(table[i, c] for i, c in enumerate(chosen))
                   for chosen in itertools.permutations(range(len(calls)), served))
    else:
        best = min(sum(table[u, i] for i, u in enumerate(chosen))
                   for chosen in itertools.permutations(range(len(unit)), served))
    assert len(plan.assignments) == served
    assert plan.tiers.value["response_time"] == 1_000_000 * best
    assert plan.is_optimal


# ---- what is wrong -----------------------------------------------------------------------

def changed(name, column, row, value):
    frame = frames()[name].astype(object)
    frame.at[row, column] = value
    return {name: frame}


@pytest.mark.parametrize("change, words", [
    ({"teams": frames()["teams"].drop(columns="people")}, "teams has no column people; it has code"),
    ({"needs": frames()["needs"].drop(columns="kind")}, "needs has no column kind"),
    ({"incidents": frames()["incidents"].drop(columns="lon")}, "incidents has the columns .*expected lon and lat"),
    (changed("teams", "people", 1, -3), "teams: column people has -3 in row 1; expected a whole number from 1"),
    (changed("teams", "people", 0, 2.5), "teams: column people has 2.5 in row 0"),
    (changed("teams", "people", 0, None), "teams: column people has None in row 0"),
    (changed("teams", "profile", 0, "bicycle"), "teams: column profile has 'bicycle' in row 0; expected one of the "
                                               "metrics: light"),
    (changed("teams", "capabilities", 1, ["surgery"]), "teams: column capabilities has .'surgery'.* in row 1"),
    (changed("teams", "lat", 1, 120.7), "teams: the latitude is 120.7 in row 1; expected -90 to 90"),
    (changed("teams", "lon", 1, float("nan")), "teams: the longitude is .*nan.* in row 1"),
    (changed("teams", "code", 1, "T1"), "teams: column code has 'T1' in row 1; expected each once"),
    (changed("stocks", "quantity", 0, 10**10), "stocks: column quantity has 10000000000 in row 0"),
    (changed("machines", "turnout_s", 0, "soon"), "machines: column turnout_s has 'soon' in row 0; expected a number"),
    (changed("incidents", "severity", 1, "bad"), "incidents: column severity has 'bad' in row 1; .*minor, moderate"),
    (changed("needs", "incident", 2, "I9"), "needs: column incident has 'I9' in row 2; expected one of the incidents"),
    (changed("needs", "quantity", 3, 0), "needs: column quantity has 0 in row 3; expected a whole number from 1"),
    (changed("kinds", "resource", 0, "animal"), "kinds: column resource has 'animal' in row 0"),
    ({"needs": frames()["needs"].iloc[:2]}, "I2"),
], ids=range(18))
def test_what_is_wrong_is_named_by_frame_column_and_row(make, change, words):
    with pytest.raises(muster.InvalidError, match=words):
        make(**change)


def test_no_incidents_are_no_work(make):
    plan = muster.solve(make(incidents=frames()["incidents"].iloc[:0], needs=frames()["needs"].iloc[:0]))
    assert len(plan.assignments) == len(plan.unmet) == len(plan.shipments) == 0 and plan.is_optimal


def test_options_that_make_no_sense(make):
    for wrong, words in ((dict(method="guess"), "guess"), (dict(time_limit=-1), "-1"),
                         (dict(time_limit=float("nan")), "nan"), (dict(threads=-1), "threads is -1"),
                         (dict(work_limit=0.5), "work_limit is 0.5")):
        with pytest.raises(muster.InvalidError, match=words):
            muster.solve(make(), **wrong)
    with pytest.raises(muster.InvalidError, match="problem is of type NoneType; expected a Problem or a Scenario"):
        muster.solve(None)


# ---- while it works ----------------------------------------------------------------------

@pytest.fixture(scope="module", name="hard")
def fixture_hard(metric):
    """More than is proven in a moment: teams that go whole, to needs that have to share them."""
    rng = np.random.default_rng(1)
    teams = pandas.DataFrame([{"code": f"T{i}", "profile": "light", "people": int(rng.integers(3, 30)),
                               "capabilities": "medical", **at(*rng.integers(0, 6, 2))} for i in range(300)])
    incidents = pandas.DataFrame([{"code": f"I{i}", "severity": "severe", **at(*rng.integers(0, 6, 2))}
                                  for i in range(120)])
    needs = pandas.DataFrame([{"incident": f"I{i}", "kind": "medical", "quantity": int(rng.integers(20, 60))}
                              for i in range(120)])
    return muster.Problem.from_frames({"light": metric}, kinds=KINDS, teams=teams, incidents=incidents, needs=needs)


def test_progress_is_told_and_may_stop(hard):
    told = []

    def stop_at_the_third(progress):
        told.append(progress)
        return len(told) < 3

    plan = muster.solve(hard, time_limit=0, on_progress=stop_at_the_third)
    plan.check()
    assert len(told) == 3 and told[0].phase and told[-1].work >= told[0].work
    assert len(plan.assignments) > 0


def test_what_the_callback_raises_comes_out(hard):
    with pytest.raises(ZeroDivisionError):
        muster.solve(hard, time_limit=0, on_progress=lambda _: 1 / 0)


def test_ctrl_c_returns_the_best_plan(hard):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    plan = muster.solve(hard, time_limit=60)
    assert time.monotonic() - began < 30
    plan.check()


def test_work_limits_give_the_same_plan_on_any_number_of_threads(hard):
    plans = [muster.solve(hard, time_limit=0, work_limit=3_000_000, threads=threads) for threads in (1, 2)]
    pandas.testing.assert_frame_equal(plans[0].assignments, plans[1].assignments)
    assert plans[0].work == plans[1].work


def test_greedy_is_no_better(hard):
    greedy, found = muster.solve(hard, method="greedy"), muster.solve(hard, time_limit=0.5)
    assert found.tiers.value["unmet_need"] <= greedy.tiers.value["unmet_need"]


def test_other_threads_of_python_run_meanwhile(hard):
    count, is_over = [0], threading.Event()

    def tick():
        while not is_over.is_set():
            count[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    muster.solve(hard, time_limit=0.5)
    is_over.set()
    thread.join()
    assert count[0] > 20


# ---- afterwards --------------------------------------------------------------------------

def test_reasons_are_told_by_need(make):
    plan = muster.solve(make())
    reasons = plan.explain()
    assert reasons[["incident", "need"]].values.tolist() == [
        ["I1", "medical"], ["I1", "pump"], ["I2", "sandbag"], ["I2", "pump"]]
    missing = reasons[reasons.why_unmet.notna()]
    assert missing[["incident", "need"]].values.tolist() == [["I2", "pump"]]
    assert "pump" in missing.why_unmet.iloc[0]
    chinese = plan.explain(language="zh")
    assert chinese.why_unmet.notna().tolist() == reasons.why_unmet.notna().tolist()
    assert chinese.why_unmet[missing.index[0]].startswith("I2缺少") and chinese.why_unmet[missing.index[0]].endswith("。")
    with pytest.raises(muster.InvalidError, match="'fr'; expected 'en' or 'zh'"):
        plan.explain(language="fr")
    assert len(plan.explain("I1")) == 2
    with pytest.raises(muster.InvalidError, match="'I9'; expected one of I1, I2"):
        plan.explain("I9")


def test_a_map_has_the_ways_and_the_incidents(make):
    pytest.importorskip("folium")
    page = muster.solve(make()).explore().get_root().render()
    assert "I1" in page and "severe" in page and "people" in page
