"""Where to wait and who moves up: small problems of every model against trying everything."""

import itertools

import geopandas
import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import muster

NEVER = muster.UNREACHABLE_MS
PLACES, DEMANDS = 5, 4

tables = st.lists(st.lists(st.one_of(st.integers(0, 40), st.just(NEVER)), min_size=DEMANDS, max_size=DEMANDS),
                  min_size=PLACES, max_size=PLACES).map(lambda rows: np.array(rows, np.uint32))
weights = st.lists(st.integers(0, 5), min_size=DEMANDS, max_size=DEMANDS)
counts = st.lists(st.integers(0, 2), min_size=PLACES, max_size=PLACES)


def cost_of(model, table, weight, units, within, busy):
    """What so many units at each place come to, to be small; None: somebody is not served."""
    wanted = [j for j in range(DEMANDS) if weight[j] > 0]
    nearest = [min([int(table[i, j]) for i in range(PLACES) if units[i]], default=NEVER) for j in range(DEMANDS)]
    if model in ("p_median", "p_center"):
        if any(nearest[j] >= NEVER for j in wanted):
            return None
        costs = [nearest[j] * (weight[j] if model == "p_median" else 1) for j in wanted]
        return sum(costs) if model == "p_median" else max(costs, default=0)
    cover = [sum(units[i] for i in range(PLACES) if table[i, j] <= within) for j in range(DEMANDS)]
    if model == "maximal_covering":
        return -sum(weight[j] for j in wanted if cover[j])
    if model == "location_set_covering":
        return None if any(cover[j] == 0 for j in wanted) else 0
    worth = [1_000_000 - busy]
    for _ in range(20):
        worth.append(worth[-1] * busy // 1_000_000)
    return -sum(weight[j] * sum(worth[:cover[j]]) for j in wanted)


def best(model, table, weight, existing, count, within, busy):
    most = 2 if model == "expected_covering" else 1
    found = []
    for added in itertools.product(range(most + 1), repeat=PLACES):
        if model != "expected_covering" and any(a and e for a, e in zip(added, existing)):
            continue
        if sum(added) > count and model != "location_set_covering":
            continue
        cost = cost_of(model, table, weight, [a + e for a, e in zip(added, existing)], within, busy)
        if cost is not None:
            found.append(sum(added) if model == "location_set_covering" else abs(cost))
    if not found:
        return None
    return max(found) if model in ("maximal_covering", "expected_covering") else min(found)


@pytest.mark.parametrize("model", ["p_median", "p_center", "maximal_covering", "location_set_covering",
                                   "expected_covering"])
@settings(max_examples=40, deadline=None)
@given(table=tables, weight=weights, existing=counts, count=st.integers(0, 3), within=st.integers(5, 30))
def test_every_model_finds_what_trying_everything_finds(model, table, weight, existing, count, within):
    busy = 300_000 if model == "expected_covering" else 0
    existing = [min(e, 1) for e in existing]
    sited = muster.site(None, None, matrix=table, model=model, count=count, within_s=within / 1000, weight=weight,
                        existing=existing, room=2 if busy else None, busy=busy / 1e6, time_limit=0, threads=1)
    expected = best(model, table, weight, existing, count, within, busy)
    assert sited.is_proven and sited.objective == expected
    if expected is None:
        assert sited.outcome == "infeasible" and sited.places.empty and sited.assignment.empty
        return
    assert sited.bound == expected and sited.gap == 0
    assert (sited.places.units - sited.places.added).tolist() == existing
    if model != "location_set_covering":
        assert sited.places.added.sum() <= count
        assert abs(cost_of(model, table, weight, sited.places.units.tolist(), within, busy)) == expected
    for label, row in sited.assignment.iterrows():
        times = table[np.flatnonzero(sited.places.units), label]
        if times.size == 0 or times.min() >= NEVER:
            assert pandas.isna(row.place) and np.isnan(row.travel_s) and not row.is_covered
        else:
            assert table[row.place, label] == times.min() == round(1000 * row.travel_s)
            assert row.is_covered == (times.min() <= within)


@settings(max_examples=40, deadline=None)
@given(table=tables, weight=weights, at=st.lists(st.integers(0, PLACES - 1), min_size=0, max_size=3),
       take=st.lists(st.lists(st.integers(0, 20), min_size=PLACES, max_size=PLACES), min_size=3, max_size=3),
       moves=st.integers(0, 3), goal=st.sampled_from(muster.siting.GOALS))
def test_moves_are_the_best_there_are(table, weight, at, take, moves, goal):
    take = np.array(take, np.uint32)[:len(at)].reshape(len(at), PLACES)
    busy = 200_000 if goal == "expected_covering" else 0
    moved = muster.move_up(at, None, None, matrix=table, move_matrix=take, moves=moves, move_within_s=0.010, goal=goal,
                           within_s=0.020, weight=weight, busy=busy / 1e6, time_limit=0, threads=1)
    found = []
    for to in itertools.product(range(PLACES), repeat=len(at)):
        movers = [u for u in range(len(at)) if to[u] != at[u]]
        if len(movers) <= moves and all(take[u, to[u]] <= 10 for u in movers):
            cost = cost_of(goal, table, weight, np.bincount(np.array(to, int), minlength=PLACES).tolist(), 20, busy)
            found += [] if cost is None else [abs(cost)]
    expected = None if not found else min(found) if goal == "p_median" else max(found)
    assert moved.is_proven and moved.objective == expected
    if expected is not None:
        assert len(moved.moves) <= moves and (moved.moves.travel_s <= 0.010).all()
        assert moved.moves.from_place.tolist() == [at[unit] for unit in moved.moves.index]


# ---- frames ------------------------------------------------------------------------------


@pytest.fixture(name="village")
def fixture_village(junctions):
    rng = np.random.default_rng(7)
    candidates = geopandas.GeoDataFrame({"stock": [0, 1, 0, 0, 0, 0]}, index=list("ABCDEF"), crs=4326,
                                        geometry=geopandas.points_from_xy(*junctions[[0, 7, 14, 21, 28, 35]].T))
    demand = geopandas.GeoDataFrame({"people": rng.integers(1, 90, 30), "limit_s": np.full(30, 200.0)}, crs=4326,
                                    geometry=geopandas.points_from_xy(*junctions[:30].T)).to_crs(3857)
    return candidates, demand


def test_frames_keep_their_labels_and_columns(metric, village):
    candidates, demand = village
    sited = muster.site(candidates, demand, metric, model="p-median", count=2, weight="people", existing="stock")
    table = metric.matrix(candidates, demand).to_frame()
    costs = {pair: (table.loc[["B", *pair]].min() * demand.people).sum() for pair in itertools.combinations("ACDEF", 2)}
    assert sited.objective == round(1000 * min(costs.values()))
    assert tuple(sited.chosen.index) == min(costs, key=costs.get)
    assert isinstance(sited.chosen, geopandas.GeoDataFrame) and sited.assignment.crs == demand.crs
    assert sited.assignment.travel_s.tolist() == table.loc[["B", *sited.chosen.index]].min().tolist()
    assert "is_covered" not in sited.assignment and "p_median" in repr(sited) and "stock" in sited._repr_html_()
    by_table = muster.site(candidates, demand, matrix=table, count=2, weight=demand.people, existing="stock")
    assert by_table.objective == sited.objective and by_table.chosen.index.tolist() == sited.chosen.index.tolist()
    cover = muster.site(candidates, demand, metric, model="max-cover", count=2, weight="people", within_s="limit_s")
    assert cover.assignment.people[cover.assignment.is_covered].sum() == cover.objective


def test_units_move_by_label(metric, village):
    candidates, demand = village
    units = pandas.DataFrame({"place": ["A", "A", "B"]}, index=["U1", "U2", "U3"])
    moved = muster.move_up(units, candidates, demand, metric, moves=1, move_within_s=900, goal="p_median",
                           weight="people")
    assert len(moved.moves) == 1 and moved.moves.index[0] in units.index
    there = metric.matrix(candidates).to_frame()
    row = moved.moves.iloc[0]
    assert row.travel_s == there.loc[row.from_place, row.to_place]


def test_progress_and_limits(metric, village):
    candidates, demand = village
    told = []
    muster.site(candidates, demand, metric, count=2, on_progress=told.append)
    assert told and isinstance(told[0], muster.SitingProgress) and told[0].phase

    def fails(state):
        raise RuntimeError(state.phase)

    def interrupts(state):
        raise KeyboardInterrupt

    with pytest.raises(RuntimeError):
        muster.site(candidates, demand, metric, count=2, on_progress=fails)
    stopped = muster.site(candidates, demand, metric, count=2, on_progress=interrupts)
    assert stopped.outcome in ("optimal", "feasible", "undecided")


def test_who_is_stranded_is_named(village):
    candidates, demand = village
    table = pandas.DataFrame(100.0, index=candidates.index, columns=demand.index)
    table[3] = np.nan
    sited = muster.site(candidates, demand, matrix=table, count=2)
    assert sited.outcome == "infeasible" and sited.stranded.tolist() == [3] and sited.objective is None
    far = muster.site(candidates, demand.iloc[4:], matrix=table[demand.index[4:]], model="set-cover", within_s=10)
    assert far.outcome == "infeasible" and len(far.stranded) == 26
    nobody = muster.site(candidates.iloc[:0], demand, matrix=table.iloc[:0], model="max-cover", within_s=10, count=1)
    assert nobody.objective == 0 and nobody.assignment.place.isna().all() and nobody.chosen.empty
    assert muster.site(candidates, demand.iloc[:0], matrix=table.iloc[:, :0], count=1).objective == 0


@pytest.mark.parametrize("change, words", [
    ({"model": "gravity"}, "model is 'gravity'; expected one of p_median, p_center"),
    ({"count": None}, "count is None; p_median expects"),
    ({"count": -1}, "count is -1"),
    ({"model": "maximal_covering"}, "within_s is None; maximal_covering expects"),
    ({"within_s": float("nan")}, "within_s is nan; expected 0 to"),
    ({"within_s": "limit"}, "demand has no column limit; it has people, limit_s"),
    ({"weight": "pupils"}, "demand has no column pupils"),
    ({"weight": [1.5] * 30}, "demand: column weight has 1.5 in row 0; expected a whole number from 0"),
    ({"weight": [1, 2]}, "weight has 2 values; expected 30, one for each of the demand"),
    ({"existing": "geometry"}, "candidates: column geometry has .* in row 'A'"),
    ({"room": -2}, "room is -2"),
    ({"busy": 1.0}, "busy is 1.0"),
    ({"busy": float("nan")}, "busy is nan"),
    ({"time_limit": -1}, "time_limit is -1"),
    ({"matrix": np.zeros((2, 2), np.uint32)}, "neither or both of metric and matrix"),
    ({"metric": None}, "neither or both of metric and matrix"),
])
def test_bad_arguments_are_named(metric, village, change, words):
    candidates, demand = village
    demand.loc[3, "people"] = 4
    arguments = {"candidates": candidates, "demand": demand, "metric": metric, "count": 2, "weight": "people", **change}
    with pytest.raises(muster.InvalidError, match=words):
        muster.site(**arguments)


def test_bad_rows_are_named(metric, village):
    candidates, demand = village
    demand["people"] = demand.people.astype(float)
    demand.loc[3, "people"] = np.nan
    with pytest.raises(muster.InvalidError, match="demand: column people has nan in row 3"):
        muster.site(candidates, demand, metric, count=2, weight="people")
    demand.loc[5, "limit_s"] = -1.0
    with pytest.raises(muster.InvalidError, match="demand: column limit_s in row 5 is -1.0; expected 0"):
        muster.site(candidates, demand, metric, model="set-cover", within_s="limit_s")
    with pytest.raises(muster.InvalidError, match=r"matrix has the shape \(2, 2\); expected \(6, 30\)"):
        muster.site(candidates, demand, matrix=np.zeros((2, 2), np.uint32), count=1)
    with pytest.raises(muster.InvalidError, match="matrix is an array of float64 with 2 dimensions"):
        muster.site(candidates, demand, matrix=np.zeros((6, 30)), count=1)
    with pytest.raises(muster.InvalidError, match="matrix has -1 in row 0, column 0"):
        muster.site(None, None, matrix=np.full((2, 2), -1), count=1)
    bad = pandas.DataFrame([[1.0, -2.0]], index=["A"], columns=["x", "y"])
    with pytest.raises(muster.InvalidError, match="matrix: column 'y' has -2.0 in row 'A'; expected 0 or more seconds"):
        muster.site(None, None, matrix=bad, count=1)
    with pytest.raises(muster.InvalidError, match="units: place is 'Z' in row 0; expected the label of a candidate"):
        muster.move_up(["Z"], candidates, demand, metric, moves=1, move_within_s=60, within_s=60)
    with pytest.raises(muster.InvalidError, match="candidates are None; expected places"):
        muster.site(None, demand, matrix=metric.matrix(candidates, demand), count=1)
    with pytest.raises(muster.InvalidError, match="move_matrix is None"):
        muster.move_up(["A"], candidates, demand, matrix=metric.matrix(candidates, demand), moves=1, move_within_s=60,
                       goal="p_median")
