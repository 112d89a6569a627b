"""What the plan part of `./run bench --peers` makes of scenarios and measurements: the integer
program against brute force, plans counted again, verdicts, and what solvers print."""

import itertools
import pathlib
import random
import sys

import numpy
import pytest
from scipy import optimize, sparse

ROOT = pathlib.Path(__file__).parents[2]
sys.path[1:1] = [str(ROOT / "bench/peers"), str(ROOT / "bench/peers_plan")]

import docs  # noqa: E402
import limits  # noqa: E402
import milp  # noqa: E402
import race  # noqa: E402
import spoken  # noqa: E402
import tables  # noqa: E402
from instance import (MACHINE, PEOPLE, VEHICLE, Broken, Instance, Need, Sent, Supply,  # noqa: E402
                      Tiers, evaluate, read_plan)


def need(quantity, minimum=0, incident=0, resource=PEOPLE, kind=0, price=10, whole=0, operator=(0, 0)):
    return Need(incident, resource, kind, quantity, minimum, price, whole, *operator)


def instance_of(needs, supplies, response_s):
    """response_s: {(need, supply): seconds}; the ETA in milliseconds is the same."""
    pairs = sorted(response_s)
    return Instance(needs, supplies, [[n for n, _ in pairs], [s for _, s in pairs],
                                      [1000 * response_s[pair] for pair in pairs],
                                      [response_s[pair] for pair in pairs]])


def team(people, *kinds):
    return Supply(PEOPLE, 0, people, frozenset(kinds or (0,)))


def solved(instance):
    """The program's best plan, by SciPy's HiGHS: an old one, whose presolve calls some of these
    infeasible that have a plan."""
    model = milp.Milp(instance)
    program = milp.Program(model)
    matrix = sparse.csr_matrix((program.value, program.index, program.start),
                               shape=(len(program.low), len(program.upper)))
    low, high = program.limits()
    done = optimize.milp(program.cost.astype(float),
                         constraints=optimize.LinearConstraint(matrix, low, high),
                         bounds=optimize.Bounds(0, program.upper),
                         integrality=program.is_discrete.astype(int),
                         options={"mip_rel_gap": 0, "presolve": False})
    assert done.success, done.message
    return [*model.plan(done.x)], done.fun


# ---- counting ----------------------------------------------------------------------------------

def test_the_nearest_people_count_first_and_those_beyond_the_need_do_not():
    instance = instance_of([need(10)], [team(8), team(8)], {(0, 0): 60, (0, 1): 20})
    assert evaluate(instance, [Sent(0, 0, 8), Sent(0, 1, 8)]) == Tiers(0, 10 * (8 * 20 + 2 * 60))


def test_what_stays_missing_is_unmet_by_its_price():
    assert evaluate(instance_of([need(10)], [team(8)], {(0, 0): 7}), []) == Tiers(100, 0)


@pytest.mark.parametrize("plan, reason", [
    ([Sent(0, 0, 4)], "whole"),
    ([Sent(0, 0, 8), Sent(1, 0, 8)], "sends 16 of 8"),
    ([Sent(1, 1, 3)], "cannot go"),
    ([Sent(0, 1, 3)], "minimum"),
    ([Sent(0, 0, 8), Sent(0, 1, 3)], "lacks 0"),
])
def test_a_plan_that_breaks_a_rule_is_refused(plan, reason):
    instance = instance_of([need(6, minimum=5), need(6)], [team(8), team(3)],
                           {(0, 0): 5, (0, 1): 9, (1, 0): 5})
    with pytest.raises(Broken, match=reason):
        evaluate(instance, plan)


def test_all_or_nothing_wants_the_quantity_where_there_is_no_minimum():
    needs = [need(6, whole=1), need(6, minimum=3, whole=1)]
    instance = instance_of(needs, [team(6), team(3)], {(0, 0): 5, (1, 1): 5})
    assert evaluate(instance, [Sent(0, 0, 6), Sent(1, 1, 3)]).unmet == 30
    with pytest.raises(Broken, match="all or nothing"):
        evaluate(instance, [Sent(0, 0, 6)])


def test_machines_want_people_who_can_operate_them():
    needs = [need(2, resource=MACHINE, kind=3, operator=(0, 4)), need(6)]
    pool = Supply(MACHINE, 0, 2, frozenset([3]))
    instance = instance_of(needs, [pool, team(5)], {(0, 0): 5, (1, 1): 5})
    assert evaluate(instance, [Sent(0, 0, 1), Sent(1, 1, 5)]).unmet == 20
    with pytest.raises(Broken, match="operate"):
        evaluate(instance, [Sent(0, 0, 2), Sent(1, 1, 5)])


# ---- the program ---------------------------------------------------------------------------------

def draw(dice):
    """A few incidents with teams, vehicles, machines, minima, operators and all or nothing."""
    needs, whole = [], [dice.random() < 0.3 for _ in range(2)]
    for incident in range(2):
        for resource in dice.sample((PEOPLE, PEOPLE, VEHICLE, MACHINE), dice.randint(1, 2)):
            quantity = dice.randint(1, 7 if resource == PEOPLE else 2)
            needs.append(Need(incident, resource, resource, quantity, dice.choice((0, quantity // 2)),
                              dice.randint(1, 9), int(whole[incident]), PEOPLE,
                              2 if resource == MACHINE else 0))
    supplies = [Supply(PEOPLE, i, dice.randint(1, 5), frozenset([PEOPLE])) for i in range(3)]
    supplies += [Supply(VEHICLE, i, 1, frozenset([VEHICLE])) for i in range(2)]
    supplies.append(Supply(MACHINE, 0, 2, frozenset([MACHINE])))
    reach = {(n, s): dice.randint(1, 99) for n, row in enumerate(needs)
             for s, supply in enumerate(supplies)
             if row.resource == supply.resource and dice.random() < 0.8}
    return instance_of(needs, supplies, reach)


def by_brute_force(instance):
    """The least cost of all plans: every supply to every need, or to none."""
    choices = []
    for supply, row in enumerate(instance.supplies):
        needs = [n for n, s in instance.pair_of if s == supply]
        sets = [[]] + [[Sent(n, supply, row.amount)] for n in needs]
        if row.resource == MACHINE:
            sets += [[Sent(n, supply, 1)] for n in needs]
            sets += [[Sent(a, supply, 1), Sent(b, supply, 1)]
                     for a, b in itertools.combinations(needs, 2)]
        choices.append(sets)
    best = None
    for chosen in itertools.product(*choices):
        try:
            cost = milp.cost_of(evaluate(instance, [*itertools.chain(*chosen)]))
        except Broken:
            continue
        best = cost if best is None else min(best, cost)
    return best


def test_the_program_and_brute_force_agree():
    for seed in range(150):
        instance = draw(random.Random(seed))
        plan, cost = solved(instance)
        best = by_brute_force(instance)
        assert round(cost) <= best, seed    # nothing is forbidden that is allowed
        assert milp.cost_of(evaluate(instance, plan)) == best, seed


def test_vehicles_that_are_as_long_on_their_way_to_everything_are_one_class():
    needs = [need(1, incident=i, resource=VEHICLE) for i in range(2)]
    supplies = [Supply(VEHICLE, i, 1, frozenset([0])) for i in range(3)]
    instance = instance_of(needs, supplies, {(0, 0): 5, (1, 0): 6, (0, 1): 5, (1, 1): 6, (0, 2): 5})
    assert sorted(row[0] for row in milp.classes(instance)) == [[0, 1], [2]]
    plan, _ = solved(instance)
    assert evaluate(instance, plan) == Tiers(0, 10 * (5 + 6))


def test_a_model_in_mps_names_every_row_and_column(tmp_path):
    program = milp.Program(milp.Milp(instance_of([need(5, minimum=2)], [team(3)], {(0, 0): 7})))
    path = tmp_path / "model.mps"
    milp.write_mps(program, path)
    lines = path.read_text(encoding="ascii").splitlines()
    assert lines[-1] == "ENDATA"
    assert sum(line.startswith((" E R", " L R", " G R")) for line in lines) == len(program.low)
    assert sum(line.startswith(" UP b C") for line in lines) == len(program.upper)
    assert " C1 cost 7e-05" in lines    # 10 a person, 7 seconds, in millions


# ---- what was measured -------------------------------------------------------------------------

ROW = {"limit_ms": 100, "elapsed_ms": 90.0, "travel_ms": 10.0, "first_ms": 12.0, "unmet": 0,
       "unmet_bound": 0, "response": 1000, "response_bound": 995, "incidents": 100}


def result(*trace, checked=(0, 100)):
    return {**race.read(""), "trace": [*map(list, trace)], "checked": [*checked]}


def test_a_plan_without_a_bound_is_not_within_one_percent():
    assert limits.is_within(ROW)
    assert not limits.is_within({**ROW, "response_bound": 0})
    assert not limits.is_within({**ROW, "response_bound": 989})
    assert limits.gap({**ROW, "unmet": 5, "unmet_bound": 4}, "unmet") == pytest.approx(0.2)


def test_a_limit_that_was_not_tried_has_the_row_of_the_one_before():
    rows = [{**ROW, "limit_ms": 0}, ROW, {**ROW, "limit_ms": 500}]
    assert limits.at(rows, 1000)["limit_ms"] == 500
    assert limits.at(rows, 200)["limit_ms"] == 100


def test_ours_begins_when_travel_times_are_there():
    assert race.ours([{**ROW, "limit_ms": 0}, ROW])["trace"] == [[0.08, 1000]]


def test_the_best_peer_is_the_one_that_is_first_within_one_percent():
    found = {"muster": result((0.1, 100)), "HiGHS": result((1, 120), (5, 101)),
             "CBC": result((2, 100.5)), "GLPK": race.read("failed\tno plan in time")}
    assert race.faster(found, 60) == (pytest.approx(20), "CBC")
    assert race.faster({"muster": found["muster"], "GLPK": found["GLPK"]}, 60) == (600, None)


def test_muster_that_never_gets_there_is_no_times_faster():
    found = {"muster": result((0.1, 200), checked=(0, 200)), "HiGHS": result((1, 100))}
    assert race.faster(found, 60) == (0, "HiGHS")
    assert not race.is_never_worse(found)
    assert [met for *_, met in tables.race_targets({"people-10": found}, 60)] == [False, False]


def test_what_the_peers_end_with_is_reached_by_a_plan_that_costs_no_more():
    found = {"muster": result((0.1, 120), (0.3, 110), (2, 100)),
             "HiGHS": result((50, 110), checked=(0, 110)), "GLPK": race.read("failed\tno plan")}
    assert race.seconds_to_theirs(found) == 0.3
    assert race.seconds_to_theirs({"muster": found["muster"], "GLPK": found["GLPK"]}) is None


def test_what_a_solver_claims_is_not_better_than_its_plan_counted_again():
    found = race.read("size\t3\t2\t5\nHiGHS speaks\nplan\t0.5\t900\nplan\t1\t90\nbound\t80\n"
                      "checked\t0\t100\n")
    assert found["trace"] == [[0.5, 900], [1.0, 100]]
    assert (found["bound"], found["size"], found["failed"]) == (80, [3, 2, 5], None)


def test_a_solver_without_a_plan_has_its_reason_in_the_table():
    found = {"muster": result((0.1, 100)), "GLPK": race.read("failed\tno plan in time")}
    assert "no plan in time" in tables.peers_table({"people-10": found}, 60)


@pytest.mark.parametrize("value, least, words", [
    (100, 100, "best"), (101, 100, "+ 1.00 %"), (98, 100, "- 2.00 %"), (250, 100, "x 2.5"),
    (3e6, 0, "+ 3.00"), (1000001, 1000000, "+ < 0.01 %")])
def test_a_plan_s_distance_from_the_best_has_a_sign(value, least, words):
    assert tables.above(value, least) == words


def test_greedy_is_compared_pair_by_pair():
    runs = [({"unmet": 4e6, "response_p90_s": 60, "response": 1e9},
             {"unmet": u, "response_p90_s": 60, "response": 1e9}) for u in (2e6, 3e6, 4e6)]
    first = next(tables.greedy_lines({"100": runs}))
    assert first[2:] == ["4.00 (4.00 to 4.00)", "3.00 (2.50 to 3.50)", "-25.0 %", "2 of 3, 1 equal"]


# ---- programs that speak -----------------------------------------------------------------------

def test_lines_come_as_they_are_said():
    said = [*spoken.lines(["sh", "-c", "echo one; sleep 0.3; echo two"], 10)]
    assert [line for _, line in said] == ["one", "two"]
    assert said[1][0] - said[0][0] > 0.2


def test_a_program_that_does_not_stop_is_stopped():
    said = [*spoken.lines(["sh", "-c", "echo one; exec sleep 30"], 0.2)]
    assert [line for _, line in said] == ["one"]


def log_of_cbc(monkeypatch):
    monkeypatch.setitem(sys.modules, "cbcbox", sys)
    import peer_cbc
    return peer_cbc.Log()


def test_cbc_s_tables_are_read_by_their_heading(monkeypatch):
    log = log_of_cbc(monkeypatch)
    found = [log.read(at, line) for at, line in enumerate([
        "✔ Problem loaded — 3402 rows, 2816 cols, 8428 NZ, 1403 integer",
        "  Round   Pass   Fractional       Suminf Status                BestSol  Time(s)",
        "      1      1            3       0.9156 converging                       0.348",
        " ★    2      2            4       0.9156 b&b solution          20145.6    0.407",
        "     Nodes   OnTree  Depth         BestSol Method                 BestBound     Gap%   Time(s)",
        "        53       39     26           20051                            20031    0.15%      24.2",
        "        62       28     13           20051                            20031    0.12%      24.9",
        "Lower bound:                    20031"])]
    assert found == [None, None, None, 20145.6, None, 20051, None, None]
    assert log.bound == pytest.approx(20031, rel=2e-5) and log.bound < 20031


# ---- the documentation -------------------------------------------------------------------------

def test_the_documentation_has_a_place_for_every_table_of_plans():
    text = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    for mark in ("plan-targets", "plan-peers", "plan-greedy", "plan-pictures"):
        assert text.count(f"<!-- {mark}: begin -->\n") == 1
        assert text.count(f"<!-- {mark}: end -->") == 1


def test_a_block_replaces_what_is_between_its_marks_alone():
    text = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n"
    assert docs.replaced(text, "x", "new") == "a\n<!-- x: begin -->\n\nnew\n\n<!-- x: end -->\nb\n"
    with pytest.raises(SystemExit, match="no place for \"y\""):
        docs.replaced(text, "y", "new")


def test_instances_are_read_as_bench_model_writes_them(tmp_path):
    (tmp_path / "need.tsv").write_text("\t".join(Need._fields) + "\n0\t0\t4\t9\t2\t111\t1\t0\t0\n")
    (tmp_path / "supply.tsv").write_text("resource\tindex\tamount\tkinds\n0\t0\t12\t4,7\n")
    for name, value in {"need": 0, "supply": 0, "eta_ms": 61500, "response_s": 61}.items():
        numpy.array([value], dtype=numpy.uint32).tofile(tmp_path / f"pair_{name}.u32")
    (tmp_path / "plan.tsv").write_text("need\tsupply\tquantity\n0\t0\t12\n")
    (tmp_path / "tier.tsv").write_text(
        "unmet\tunmet_bound\tresponse\tresponse_bound\telapsed_ms\n0\t0\t60939\t0\t3\n")
    plan, tiers = read_plan(tmp_path)
    assert evaluate(Instance.read(tmp_path), plan) == tiers == Tiers(0, 111 * 9 * 61)
