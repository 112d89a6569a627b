"""Two problems, solved one after the other by one thread, and at once by two: from Python, and by bench_pair in
C, whose two processes say what the machine allows.

usage: pair.py STORE SCENARIO BENCH_PAIR
Rows are those of asked.py: wall time, and for Python the processor time too (busy_...), which grows when threads
are in each other's way and does not when somebody else has the processors. All plans must be the same."""

import subprocess
import sys
import threading
import time

from turns import elapsed_ms, in_turn, print_row

import muster

ROUNDS, WORK = 5, 50_000_000


class FromC:
    def __init__(self, program, *arguments):
        self._process = subprocess.Popen([program, *arguments, str(WORK)], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self.tiers = set()

    def ask(self, way):
        self._process.stdin.write(way + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().split()
        if len(answer) != 3:
            raise SystemExit("pair.py: bench_pair has failed")
        self.tiers.add((int(answer[1]), int(answer[2])))
        return float(answer[0])


class FromPython:
    def __init__(self, store, code):
        self._problems = [muster.Scenario.load(store, code) for _ in range(2)]
        self.tiers, self.busy_ms = set(), {"in_turn": [], "in_threads": []}

    def solve(self, problem):
        plan = muster.solve(problem, time_limit=0, work_limit=WORK, threads=1)
        self.tiers.add(tuple(plan.tiers.value[["unmet_need", "response_time"]].tolist()))

    def in_turn(self):
        for problem in self._problems:
            self.solve(problem)

    def in_threads(self):
        threads = [threading.Thread(target=self.solve, args=(problem,)) for problem in self._problems]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def ask(self, way):
        before = time.process_time()
        ms = elapsed_ms(getattr(self, way))
        self.busy_ms[way].append((time.process_time() - before) * 1e3)
        return ms


def main():
    store, code, program = sys.argv[1:]
    ours, c = FromPython(store, code), FromC(program, store, code)
    in_turn({
        "c_one": lambda: c.ask("one"), "c_threads": lambda: c.ask("threads"), "c_processes": lambda: c.ask("processes"),
        "python_one": lambda: ours.ask("in_turn"), "python_threads": lambda: ours.ask("in_threads"),
    }, ROUNDS)
    for way, busy_ms in ours.busy_ms.items():
        print_row({"in_turn": "busy_one", "in_threads": "busy_threads"}[way], busy_ms)
    if ours.tiers != c.tiers or len(c.tiers) != 1:
        raise SystemExit(f"pair.py: plans differ: {ours.tiers} from Python, {c.tiers} from C")


if __name__ == "__main__":
    main()
