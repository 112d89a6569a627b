"""A sweep of 64 variations of a scenario on a Dask cluster of one worker process and on one of two, in turn.

usage: cluster.py STORE SCENARIO
Each variation closes some roads and takes away some incidents by a seed, makes a table and a plan of what is left,
on one thread. Rows are those of asked.py. The answers of both clusters, and of a plain loop over some of the points,
must be the same to the last bit."""

import functools
import hashlib
import os
import pathlib
import sys
import tempfile

import numpy
import pandas
from turns import elapsed_ms, in_turn

os.environ["DASK_LOGGING__DISTRIBUTED"] = "critical"  # clusters that go say so at length

import distributed  # noqa: E402

import muster  # noqa: E402
import muster.distributed  # noqa: E402

ROUNDS, VARIATIONS, ALONE = 3, 64, 4
CLOSED_EDGES, TAKEN_SHARE, WORK = 40, 0.1, 5_000_000


def digest_of(*arrays):
    return hashlib.sha256(b"".join(numpy.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def variation(frames, roads, point):
    """The scenario of `frames` with some roads closed and some incidents less: its plan and a table."""
    random = numpy.random.default_rng(point["seed"])
    closed = random.choice(roads.network().edge_count, CLOSED_EDGES, replace=False)
    incidents = frames["incidents"]
    incidents = incidents[random.random(len(incidents)) >= TAKEN_SHARE]
    needs = frames["needs"][frames["needs"].incident.isin(incidents.code)]
    metrics = {profile: roads.metric(profile, {"edges": closed}) for profile in frames["metrics"]}
    problem = muster.Problem.from_frames(**{**frames, "metrics": metrics, "incidents": incidents, "needs": needs})
    plan = muster.solve(problem, time_limit=0, work_limit=WORK, threads=1)
    table = metrics["heavy"].matrix(frames["stocks"], incidents, threads=1).duration_ms
    eta_s = plan.assignments.eta_s.to_numpy()
    return {"incidents": len(incidents), "unmet_need": int(plan.tiers.value["unmet_need"]),
            "response_time": int(plan.tiers.value["response_time"]), "table_and_plan": digest_of(table, eta_s)}


class Cluster:
    """Worker processes of one thread each, which have the roads and have done one point each."""

    def __init__(self, worker_count, network, function, folder):
        self._cluster = distributed.LocalCluster(n_workers=worker_count, threads_per_worker=1, processes=True,
                                                 dashboard_address="127.0.0.1:0", local_directory=folder)
        self.client = distributed.Client(self._cluster)
        self._roads = muster.distributed.share(self.client, network)
        self._function, self._folder, self.answers = function, pathlib.Path(folder), []
        self.client.run(function, self._roads, {"seed": 0})

    def sweep_ms(self):
        points = [{"seed": seed} for seed in range(1, VARIATIONS + 1)]

        def sweep():
            with tempfile.TemporaryDirectory(dir=self._folder) as results:
                self.answers.append(muster.distributed.sweep(self.client, points, self._function, results,
                                                             roads=self._roads))
        return elapsed_ms(sweep)

    def close(self):
        self.client.close()
        self._cluster.close()


class Alone:
    """What a worker gives a point, without a cluster."""

    def __init__(self, network):
        self._network = network
        self._metric = functools.cache(network.metric)

    def network(self):
        return self._network

    def metric(self, profile, closing):
        return self._metric(profile).close(**closing)


def same_answers(answers, alone):
    for found in answers:
        pandas.testing.assert_frame_equal(found, answers[0], check_exact=True)
        if found[list(alone[0])][:len(alone)].to_dict("records") != alone:
            raise SystemExit("cluster.py: a plain loop gives other plans than the sweep")


def main():
    store, code = sys.argv[1:]
    scenario = muster.Scenario.load(store, code)
    frames = scenario.problem.frames()
    network = muster.Network.from_store(store)
    function = functools.partial(variation, {**frames, "metrics": list(frames["metrics"])})
    alone = [function(Alone(network), {"seed": seed}) for seed in range(1, ALONE + 1)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MUSTER_SHARED_NETWORKS"] = folder  # for the workers
        clusters = {f"sweep_{n}": Cluster(n, network, function, folder) for n in (1, 2)}
        in_turn({name: cluster.sweep_ms for name, cluster in clusters.items()}, ROUNDS)
        for cluster in clusters.values():
            cluster.close()
    same_answers([found for cluster in clusters.values() for found in cluster.answers], alone)


if __name__ == "__main__":
    main()
