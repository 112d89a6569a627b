"""Readiness: against plain numpy on the tables of travel times, and against the command on a store."""

import json
import shutil

import geopandas
import muster_command as command
import numpy as np
import pandas
import pytest
import sites_of_town
import small_scenario
from hypothesis import given, settings
from hypothesis import strategies as st

import muster


@pytest.fixture(scope="module", name="store")
def fixture_store(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("readiness") / "town.gpkg"
    shutil.copy(small, path)
    sites_of_town.add(path)
    return path


@pytest.fixture(scope="module", name="scenario")
def fixture_scenario(store):
    return muster.Scenario.load(store)


def said(store, *options):
    """What the command answers, as JSON."""
    done = command.muster("readiness", store, "-o", "-", *options)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def number(value):
    return np.nan if value is None else value


# ---- by hand -----------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_who_is_in_time_is_what_the_table_says(metric, junctions, data):
    units = data.draw(st.integers(1, 6), label="units")
    at = data.draw(st.lists(st.integers(0, 35), min_size=units, max_size=units), label="at")
    turnout_s = data.draw(st.lists(st.integers(0, 300), min_size=units, max_size=units), label="turnout")
    ready_s = data.draw(st.lists(st.integers(0, 300), min_size=units, max_size=units), label="ready")
    people = data.draw(st.lists(st.integers(1, 9), min_size=units, max_size=units), label="people")
    arrival_s = np.maximum(turnout_s, ready_s)[:, None] + metric.matrix(junctions[at], junctions).duration_ms / 1000
    # Who arrives at the last moment is in time.
    within_s = max(1, int(arrival_s.flat[data.draw(st.integers(0, arrival_s.size - 1), label="within")]))
    k = data.draw(st.integers(1, 3), label="k")
    quantity = data.draw(st.integers(0, 12), label="quantity")
    teams = pandas.DataFrame({"code": [f"T{i}" for i in range(units)], "profile": "light", "people": people,
                              "capabilities": [["rescue"]] * units, "turnout_s": turnout_s, "ready_s": ready_s,
                              "lon": junctions[at, 0], "lat": junctions[at, 1]})
    nothing = pandas.DataFrame()
    kinds = pandas.DataFrame({"code": ["rescue"], "resource": ["people"]})
    problem = muster.Problem.from_frames({"light": metric}, kinds=kinds, incidents=nothing, needs=nothing, teams=teams)
    asked = muster.readiness(problem, junctions, capability="rescue", within_s=within_s, k=k, quantity=quantity)
    ready = muster.readiness(problem, junctions, standards=[
        {"kind": "rescue", "within_s": within_s, "units": k, "quantity": quantity}], threads=1)
    cells = ready.cells
    assert asked.cells.equals(cells) and asked.base is None
    for place in range(len(junctions)):
        order = np.argsort(arrival_s[:, place], kind="stable")
        here, there = arrival_s[order, place], np.cumsum(np.array(people)[order])
        enough = np.flatnonzero((np.arange(1, units + 1) >= k) & (there >= quantity))
        row, in_time = cells.loc[place], here <= within_s
        assert (row.units, row.quantity) == (in_time.sum(), np.array(people)[order][in_time].sum())
        assert row.first_s == pytest.approx(here[0])
        complete_s = here[enough[0]] if enough.size else np.nan
        assert row.complete_s == pytest.approx(complete_s, nan_ok=True) and row.met == (complete_s <= within_s)
    weakest = ready.places
    order = weakest[["missed", "late_s"]].to_numpy() * -1
    assert (order[:-1].tolist() <= order[1:].tolist()) and set(weakest.index) == set(range(36))
    assert weakest.missed.sum() == (~cells.met).sum() and weakest.met.sum() == cells.met.sum()
    comers = ready.units(7)
    assert comers.arrival_s.tolist() == pytest.approx(np.sort(arrival_s[:, 7]).tolist())
    assert sorted(comers.unit) == sorted(teams.code) and set(comers.kind) == {"rescue"}


# ---- as the command has it ---------------------------------------------------------------


def test_places_of_a_store_are_as_the_command_has_them(store, scenario):
    answer, ready = said(store), muster.readiness(scenario)
    places, cells = ready.places, ready.cells.set_index(["place", "kind"])
    assert places.index.tolist() == [place["code"] for place in answer["places"]]
    assert isinstance(places, geopandas.GeoDataFrame) and places.crs == "EPSG:4326"
    for place in answer["places"]:
        row = places.loc[place["code"]]
        assert (row["name"], row.people, row.state, row.missed) == tuple(
            place[key] for key in ("name", "people", "state", "missed"))
        assert row.late_s == pytest.approx(place["late_s"])
        assert row.spare_s == pytest.approx(number(place["spare_s"]), nan_ok=True)
        for standard in place["standards"]:
            cell = cells.loc[place["code"], standard["kind"]]
            assert (cell.met, cell.units, cell.quantity) == tuple(standard[key] for key in ("met", "units", "quantity"))
            for key in ("first_s", "complete_s"):
                assert cell[key] == pytest.approx(number(standard[key]), nan_ok=True)
    assert ready.standards.to_dict("records") == answer["standards"]
    assert "5 places" in repr(ready) and "V-A" in ready._repr_html_()


def test_what_ifs_are_as_the_command_has_them(store, scenario, tmp_path):
    options = ("--capability", "ambulance", "--within", "8min")
    edges = scenario.network.edge_id[[3, 40]].tolist()
    lon, lat = small_scenario.place(5, 5)
    ring = [[lon - 0.004, lat - 0.004], [lon + 0.004, lat - 0.004], [lon + 0.004, lat + 0.004],
            [lon - 0.004, lat - 0.004]]
    (tmp_path / "water.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    water = geopandas.read_file(tmp_path / "water.geojson")
    code = small_scenario.VEHICLES[0][0]
    for change, arguments in (({"edges": [3, 40]}, [x for edge in edges for x in ("--close-edge", edge)]),
                              ({"areas": water}, ("--closures", tmp_path / "water.geojson")),
                              ({"without": [code]}, ("--without", code))):
        answer = said(store, *options, *arguments)
        ready = muster.readiness(scenario, capability="ambulance", within_s=480, **change)
        assert ready.lost == pytest.approx(answer["changes"])
        assert ready.places.index.tolist() == [place["code"] for place in answer["places"]]
        assert ready.places.has_fallen.sum() == ready.lost["fallen"]
        assert ready.cells.complete_s.isna().sum() == sum(
            place["standards"][0]["complete_s"] is None for place in answer["places"])


def test_after_a_plan_what_it_sends_is_gone(store, scenario, tmp_path):
    command.succeed("plan", store, "-o", tmp_path / "plan.json", "--work-limit", 10**6, "--time-limit", "1m")
    plan = muster.solve(scenario, time_limit=0, work_limit=10**6)
    answer = said(store, "--after", tmp_path / "plan.json")
    ready = muster.readiness(scenario, after=plan)
    assert ready.lost == pytest.approx(answer["changes"]) and ready.lost["lost_people_s"] > 0


def test_a_vehicle_that_brings_what_a_plan_sends_is_gone(metric, junctions):
    def at(junction, **columns):
        return pandas.DataFrame({"code": ["A"], "profile": ["light"], "lon": junctions[junction, 0],
                                 "lat": junctions[junction, 1], **columns})

    problem = muster.Problem.from_frames(
        {"light": metric}, kinds=pandas.DataFrame({"code": ["truck", "sandbag"], "resource": ["vehicle", "item"],
                                                   "mass_kg": [0, 20]}),
        vehicles=at(0, kind="truck", payload_kg=5000.0, volume_m3=20.0), stocks=at(7, kind="sandbag", quantity=100),
        incidents=at(20, severity="severe").drop(columns="profile"),
        needs=pandas.DataFrame({"incident": ["A"], "kind": ["sandbag"], "quantity": [40]}), by_vehicle=True)
    plan = muster.solve(problem)
    asked = [{"kind": "truck"}, {"kind": "sandbag", "quantity": 60}]
    ready = muster.readiness(problem, junctions[30:31], standards=asked, after=plan)
    assert len(plan.shipments) == 1 and ready.base.cells.met.all() and ready.cells.met.tolist() == [False, True]
    assert ready.cells.quantity.tolist() == [0, 60]
    with pytest.raises(muster.InvalidError, match="after is a plan of another problem"):
        muster.readiness(muster.Problem.from_frames({"light": metric}, kinds=pandas.DataFrame(
            {"code": ["truck"], "resource": ["vehicle"]}), vehicles=at(0, kind="truck"), incidents=pandas.DataFrame(),
            needs=pandas.DataFrame()), junctions, capability="truck", after=plan)


@pytest.mark.parametrize("part", ["roads", "bridges", "warehouses", "units"])
def test_what_hurts_most_is_as_the_command_has_it(store, scenario, part):
    answer = said(store, "--n-1", part, "--worst", 4)["n_1"][0]
    worst = muster.readiness(scenario).n_minus_1(part, 4)
    assert worst.attrs == {key: answer[key] for key in ("there_are", "candidates", "tried")}
    assert len(worst) == len(answer["worst"])
    for row, critical in zip(worst.itertuples(), answer["worst"]):
        loss = {key: getattr(row, key) for key in critical["loss"]}
        assert loss == pytest.approx(critical["loss"])
        if part in ("roads", "bridges"):
            assert (row.edge_id, row.road_class) == (critical["edge_id"], critical["class"])
            assert [scenario.network.edge_id[edge] for edge in row.edges] == critical["edges"]
            assert row.edges[0] == row.Index
            assert row.geometry.length > 0 and scenario.network.edge_id[row.Index] == row.edge_id
        else:
            assert (row.resource, row.unit) == (critical["resource"], critical["code"])


def test_whoever_looks_for_what_hurts_most_hears_and_can_stop(scenario):
    ready, told = muster.readiness(scenario), []
    ready.n_minus_1("roads", on_progress=lambda phase, fraction: told.append((phase, fraction)))
    assert "tracing ways" in [phase for phase, _ in told] and all(0 <= fraction <= 1 for _, fraction in told)
    with pytest.raises(muster.CancelledError, match="cancelled while tracing ways"):
        ready.n_minus_1("roads", on_progress=lambda phase, fraction: False)

    def press_ctrl_c(phase, fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ready.n_minus_1("units", on_progress=press_ctrl_c)


def test_kits_and_stock_are_as_the_command_has_them(store, scenario, tmp_path):
    standard = {"reach": [{"kind": "ambulance"}],
                "site": [{"kind": "pump", "at_least": 2, "people_per_piece": 1000},
                         {"kind": "boat", "at_least": 1, "choice": "X"}, {"kind": "pump", "at_least": 9, "choice": "X"}],
                "village": [{"kind": "sandbag", "at_least": 200}],
                "per_thousand_people": {"sandbag": 50}}
    (tmp_path / "standard.json").write_text(json.dumps(standard))
    for ours, options in ((None, ()), (standard, ("--standard", tmp_path / "standard.json")),
                          (tmp_path / "standard.json", ("--standard", tmp_path / "standard.json"))):
        answer, found = said(store, *options), muster.equipment(scenario, ours)
        for holder in ("site", "village"):
            assert found[found.holder == holder].drop(columns="holder").to_dict("records") == answer["equipment"][holder]
        assert muster.stock_tiers(scenario, ours).to_dict("records") == answer["tiers"]
    assert "optional" in set(muster.equipment(scenario, standard).state)
    assert scenario.kits.to_dict("records") == [{"site": "R-1", "kind": "pump", "quantity": 3},
                                                {"site": "R-2", "kind": "boat", "quantity": 1}]
    assert scenario.places.level.tolist() == ["at_risk_site"] * 2 + ["town"] + ["village"] * 3
    assert pandas.isna(scenario.places.population["R-2"])


# ---- lifetimes, threads, bad input -------------------------------------------------------


def test_results_do_not_depend_on_threads_or_on_who_is_kept(store):
    frames = []
    for threads in (1, 2):
        ready = muster.readiness(muster.Scenario.load(store), capability=["ambulance", "medical"], k=2, edges=[7],
                                 threads=threads)
        frames.append(ready.places)  # the scenario is kept by the readiness alone
    pandas.testing.assert_frame_equal(*frames)
    standards = pandas.DataFrame({"kind": ["ambulance", "medical"], "within_s": [1800, np.nan], "units": [2, 2]})
    by_frame = muster.readiness(muster.Scenario.load(store), standards=standards, edges=[7]).places
    pandas.testing.assert_frame_equal(by_frame, frames[0])


def test_frames_of_ones_own_keep_labels_and_columns(scenario):
    lon, lat = zip(*(small_scenario.place(street, 3) for street in range(4)))
    frame = pandas.DataFrame({"lon": lon, "lat": lat, "pupils": [30, 0, 12, 7]}, index=list("wxyz"))
    ready = muster.readiness(scenario, frame, capability="ambulance", within_s=400, people="pupils")
    assert set(ready.places.index) == set("wxyz") and ready.places.people.to_dict() == frame.pupils.to_dict()
    projected = geopandas.GeoSeries.from_xy(lon, lat, crs=4326, index=frame.index).to_crs(32651)
    same = muster.readiness(scenario, projected, capability="ambulance", within_s=400)
    assert same.places.crs == projected.crs
    np.testing.assert_allclose(same.cells.complete_s, ready.cells.complete_s, atol=0.002)


@pytest.mark.parametrize("arguments, words", [
    ({"capability": "ambulanse"}, "capability: there is no kind 'ambulanse'; did you mean 'ambulance'"),
    ({"capability": "ambulance", "standards": []}, "capability and standards are given"),
    ({"capability": "ambulance", "within_s": 0}, "within_s is 0; expected a whole number from 1 to 86400"),
    ({"capability": "ambulance", "within_s": float("nan")}, "within_s is nan"),
    ({"capability": "ambulance", "k": 0}, "k is 0"),
    ({"capability": []}, "the standards ask for nothing"),
    ({"standards": [{"kind": "ambulance", "units": 0}]}, "reach 1: units and quantity are 0"),
    ({"standards": [{"kind": "ambulance"}, {"units": 1}]}, "reach 2: it is .* expected the code of a kind"),
    ({"standards": {"roach": []}}, "standards: there is no member 'roach'; did you mean 'reach'"),
    ({"standards": "nowhere.json"}, "cannot open 'nowhere.json'"),
    ({"capability": "ambulance", "without": "T-9"}, "without 'T-9': nothing has this code"),
    ({"capability": "ambulance", "edges": [10**6]}, "1000000"),
    ({"capability": "ambulance", "edges": [-1]}, "edges has -1 in row 0"),
    ({"capability": "ambulance", "people": "pupils"}, "places has no column pupils"),
    ({"capability": "ambulance", "people": [1, 2]}, "people has 2 values; expected 5"),
    ({"capability": "ambulance", "people": [1, 2, 3, -4, 5]}, "places: column people has -4 in row 3"),
    ({"capability": "ambulance", "places": [(120.0, 95.0)]}, "95"),
    ({"capability": "ambulance", "threads": -1}, "threads is -1"),
])
def test_bad_arguments_are_named(scenario, arguments, words):
    with pytest.raises((muster.InvalidError, muster.StoreError), match=words):
        muster.readiness(scenario, **arguments)


def test_what_cannot_be_asked_is_said(scenario, tmp_path):
    ready = muster.readiness(scenario, capability="ambulance")
    with pytest.raises(muster.InvalidError, match="places are None"):
        muster.readiness(scenario.problem, capability="ambulance")
    with pytest.raises(muster.InvalidError, match="place is 'V-Z'"):
        ready.units("V-Z")
    with pytest.raises(muster.InvalidError, match="kind is 'pump'; expected one of ambulance"):
        ready.units("V-A", "pump")
    with pytest.raises(muster.InvalidError, match="part is 'rivers'; expected one of roads"):
        ready.n_minus_1("rivers")
    with pytest.raises(muster.InvalidError, match="this is no what-if"):
        ready.lost  # noqa: B018
    with pytest.raises(muster.InvalidError, match="what-if already"):
        ready.what_if(edges=[3]).what_if(edges=[4])
    with pytest.raises(muster.InvalidError, match="per_thousand_people: ambulance is no kind of item"):
        muster.stock_tiers(scenario, {"per_thousand_people": {"ambulance": 3}})
    (tmp_path / "villages.json").write_text('{"villages": []}')
    for standards, words in (([{"kind": "ambulance", "within": 60}],
                              "standards: reach 1: there is no member 'within'; did you mean 'within_s'"),
                             ({"villages": []}, "standards: there is no member 'villages'; did you mean 'village'"),
                             (tmp_path / "villages.json", "there is no member 'villages'")):
        with pytest.raises(muster.InvalidError, match=words):
            muster.readiness(scenario, standards=standards)
    frame = pandas.DataFrame({"kind": ["ambulance"], "within_s": [60], "said_by": ["Chen"]})
    assert len(muster.readiness(scenario, standards=frame).standards) == 1
    assert len(muster.readiness(scenario, [], capability="ambulance").places) == 0
