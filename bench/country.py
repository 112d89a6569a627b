#!/usr/bin/env python3
"""What a country takes: memory, time and the schedule of a cluster, worked out from what was measured.

    bench/country.py [--nodes 20e6] [--provinces 34] [--counties 3000] [--write-docs]

Costs come from the table of growth in docs/benchmarks.md (bench/peers/growth.py measures them): the value of the largest
network and the exponent that was fitted. Work is cut as muster.distributed cuts it: a task needs a network, which a
worker maps once and of which it keeps the last four, and a metric, of which it keeps the last eight; a closing is made
from a metric that is made for it. Which worker takes a task nobody can say beforehand, so whoever is free takes the
next. Workers are killed at random; what a killed one was at is done again by another. Nothing here is measured: the
schedule is simulated, second by second of made-up time.
"""

import argparse
import collections
import dataclasses
import heapq
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs/country.md"
NODES, PROVINCES, COUNTIES = 20e6, 34, 3000
WORKERS = (1, 8, 32, 128)
NETWORKS_KEPT, METRICS_KEPT = 4, 8  # by a worker process: muster/distributed.py
RESTART_S = 10  # until a killed worker's process is back
OPEN_S_PER_NODE = 0.0366 / 1_399_188  # a snapshot, from the page cache: docs/benchmarks.md, "Opening a network"
SNAPSHOT_BYTES_PER_NODE = 353e6 / 1_399_188  # likewise
PLAN_S = 2.0  # the time limit that a plan is given


# ---- what was measured ----------------------------------------------------------------------

@dataclasses.dataclass
class Cost:
    """`value` at `nodes` nodes, growing with nodes ^ exponent."""
    value: float
    nodes: int
    exponent: float

    def at(self, nodes):
        return self.value * (nodes / self.nodes) ** self.exponent


def number(text):
    return float(text.strip().strip("*").replace(",", ""))


def measured(document=ROOT / "docs/benchmarks.md"):
    """{what: Cost} of the table between the marks of growth."""
    table = document.read_text(encoding="utf-8").split("<!-- growth: begin -->")[1].split("<!-- growth: end -->")[0]
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in table.strip().splitlines()]
    nodes = int(number(rows[0][5].removesuffix(" nodes")))
    costs = {}
    for what, *cells in rows[2:]:
        exponent = number(cells[5].removeprefix("n^")) if cells[5] != "n" else 1.0
        costs[what] = Cost(number(cells[4]), nodes, exponent)
    return costs


# ---- the country, cut into provinces --------------------------------------------------------

def shares(total, parts):
    """Made-up provinces: the largest has about five times the nodes of the smallest; whole numbers that add up."""
    weight = [parts // 4 + i for i in range(parts)]
    bounds = [round(total * sum(weight[:i]) / sum(weight)) for i in range(parts + 1)]
    return [b - a for a, b in zip(bounds, bounds[1:])]


@dataclasses.dataclass(frozen=True)
class Task:
    """One unit of work: on the network of a province, with a metric, for so many seconds beside what it takes to
    have these. `metric` None: the network itself is being made."""
    province: int
    metric: object
    seconds: float


def tasks_of(work, provinces, counties, costs):
    """The tasks of a kind of work, province by province."""
    found = []
    for p, (nodes, county_count) in enumerate(zip(provinces, counties)):
        table = costs["table 1000 x 1000, 1 thread, ms"].at(nodes) / 1000
        if work == "networks":
            found.append(Task(p, None, costs["order and topology, s"].at(nodes)))
        elif work == "readiness":  # of each county, for three profiles: a table, units by places
            found += [Task(p, profile, table) for _ in range(county_count) for profile in range(3)]
        elif work == "storm":  # 64 floods of each province: closed roads, a table, a plan
            flood = costs["flood of 1 %, s"].at(nodes)
            found += [Task(p, ("flood", n), flood + table + PLAN_S) for n in range(64)]
    return found


# ---- the cluster ----------------------------------------------------------------------------

class Worker:
    """A process with what it keeps, the last used last."""

    def __init__(self):
        self.networks, self.metrics = collections.OrderedDict(), collections.OrderedDict()

    def seconds_for(self, task, nodes, costs):
        """How long it is at a task; afterwards it has what that needs."""
        if task.metric is None:
            return task.seconds
        seconds = task.seconds
        if not kept(self.networks, task.province, NETWORKS_KEPT):
            seconds += nodes * OPEN_S_PER_NODE
        if not kept(self.metrics, (task.province, task.metric), METRICS_KEPT):
            seconds += costs["customization, 1 thread, s"].at(nodes)
        return seconds


def kept(cache, key, most):
    """Was it there? It is now."""
    was_there = key in cache
    cache[key] = True
    cache.move_to_end(key)
    if len(cache) > most:
        cache.popitem(last=False)
    return was_there


@dataclasses.dataclass
class Schedule:
    seconds: float  # until the last task is done
    busy: float  # of all workers' time, the share that was at tasks that were done
    lost_s: float  # work that was begun and killed
    kills: int
    done: int


def schedule(tasks, provinces, costs, worker_count, kills_per_hour=0.0, seed=1):
    """Whoever is free takes the next task, the lowest number first. A worker lives for an exponential time."""
    draw = random.Random(seed)

    def death(now):
        return now + draw.expovariate(kills_per_hour / 3600) if kills_per_hour else float("inf")

    free = [(0.0, number) for number in range(worker_count)]
    workers = [Worker() for _ in free]
    dies = [death(0.0) for _ in free]
    waiting = collections.deque(tasks)
    end = useful = lost = 0.0
    kills = done = 0
    while waiting:
        now, who = heapq.heappop(free)
        if dies[who] <= now:  # while it had nothing to do
            workers[who], dies[who] = Worker(), death(now)
            kills += 1
        task = waiting.popleft()
        finish = now + workers[who].seconds_for(task, provinces[task.province], costs)
        if dies[who] < finish:
            lost += dies[who] - now
            waiting.appendleft(task)
            kills += 1
            finish = dies[who] + RESTART_S
            workers[who], dies[who] = Worker(), death(finish)
        else:
            useful += finish - now
            done += 1
            end = max(end, finish)
        heapq.heappush(free, (finish, who))
    return Schedule(end, useful / (end * worker_count) if end else 0.0, lost, kills, done)


# ---- what comes of it -----------------------------------------------------------------------

def memory_rows(country, largest, costs):
    """(what, GB of the country in one piece, GB of the largest province)"""
    rows = [(what, *(costs[f"{what}, MB"].at(nodes) / 1000 for nodes in (country, largest)))
            for what in ("network in memory", "hierarchy in memory", "a metric's weights", "peak while building")]
    return rows + [("a snapshot, on disk", *(nodes * SNAPSHOT_BYTES_PER_NODE / 1e9 for nodes in (country, largest)))]


def time_rows(country, costs):
    """(what, seconds measured, exponent, seconds of the country in one piece)"""
    for what, label in (("order and topology, s", "order and topology, once"),
                        ("customization, 1 thread, s", "a metric, one thread"),
                        ("flood of 1 %, s", "a flood over 1 % of all roads"),
                        ("table 1000 x 1000, 1 thread, ms", "a table 1000 x 1000, one thread"),
                        ("table 50 x 200, ms", "a table 50 x 200"), ("one place to one place, ms", "one place to one place")):
        scale, cost = 1000 if what.endswith(" ms") else 1, costs[what]
        yield label, cost.value / scale, cost.exponent, cost.at(country) / scale


def shuffled(tasks, seed=1):
    tasks = list(tasks)
    random.Random(seed).shuffle(tasks)
    return tasks


def schedule_rows(provinces, counties, costs):
    """(work, order of the tasks, kills an hour of each worker, {workers: Schedule})"""
    rows = []
    for work, order, rate in (("networks", "by province", 0), ("readiness", "by province", 0), ("readiness", "shuffled", 0),
                              ("storm", "by province", 0), ("storm", "by province", 6)):
        tasks = tasks_of(work, provinces, counties, costs)
        ordered = tasks if order == "by province" else shuffled(tasks)
        rows.append((work, order, rate, {workers: schedule(ordered, provinces, costs, workers, rate)
                                         for workers in WORKERS}))
    return rows


def tables(nodes, province_count, county_count):
    """The tables of docs/country.md: {mark: Markdown}."""
    costs, provinces = measured(), shares(int(nodes), province_count)
    counties = shares(county_count, province_count)
    memory = ["| GB | the country in one piece | the largest province |", "|---|---:|---:|"]
    memory += [f"| {what} | {country:.1f} | {largest:.2f} |" for what, country, largest in memory_rows(nodes, max(provinces), costs)]
    growth = [f"| | {costs['order and topology, s'].nodes:,} nodes, measured | grows with | {int(nodes):,}, worked out |",
              "|---|---:|---:|---:|"]
    growth += [f"| {what} | {duration(seconds)} | n^{exponent:.2f} | {duration(whole)} |"
               for what, seconds, exponent, whole in time_rows(nodes, costs)]
    times = ["| work | tasks | order | kills an hour | " + " | ".join(f"{n} workers" if n > 1 else "1 worker" for n in WORKERS)
             + f" | busy, of {WORKERS[-1]} | lost |", "|---|---:|---|---:|" + "---:|" * (len(WORKERS) + 2)]
    for work, order, rate, by_workers in schedule_rows(provinces, counties, costs):
        last = by_workers[WORKERS[-1]]
        times.append(f"| {work} | {last.done:,} | {order} | {rate} | "
                     + " | ".join(duration(by_workers[n].seconds) for n in WORKERS)
                     + f" | {100 * last.busy:.0f} % | {duration(last.lost_s)} |")
    return {"memory": "\n".join(memory), "times": "\n".join(growth), "schedule": "\n".join(times)}


def written(document, found):
    """The document with the tables between their marks."""
    for mark, table in found.items():
        begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->"
        head, rest = document.split(begin, 1)
        document = head + begin + "\n" + table + "\n\n" + end + rest.split(end, 1)[1]
    return document


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=float, default=NODES)
    parser.add_argument("--provinces", type=int, default=PROVINCES)
    parser.add_argument("--counties", type=int, default=COUNTIES)
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/country.md")
    asked = parser.parse_args()
    found = tables(asked.nodes, asked.provinces, asked.counties)
    if asked.write_docs:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), found), encoding="utf-8")
    print("\n\n".join(found.values()))


def duration(seconds):
    if seconds < 0.1:
        return f"{seconds * 1000:.2g} ms" if seconds else "0"
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"
    minutes = seconds / 60
    return f"{minutes:.1f} min" if minutes < 10 else f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


if __name__ == "__main__":
    main()
