"""How long it takes from a change in a database until it is in a plan: bench_next_plan follows a PostgreSQL
that writes to disk as one in earnest does (fsync on), with the home scenario in it.

usage: bench/next_plan.py BUILD_DIR [CHANGES]
Of so many changes (200) every other one moves a team, and those between change what a need asks for; each is
made when the last is in a plan. It counts from when the UPDATE is sent, so the commit is part of it. Lines are:
scenario, until when, fastest, median, 99 in 100 and longest, in milliseconds."""

import os
import pathlib
import subprocess
import sys
import time
import types

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/support"))
os.environ.setdefault("MUSTER_SOURCE", str(HERE.parent))
os.environ.setdefault("MUSTER_CLAIM_WORKER", "")

import claim_program  # noqa: E402
import postgis_fill  # noqa: E402
import postgres_server  # noqa: E402

UNTIL = ["it is seen", "the problem has it", "there is a plan"]
NEED = """
UPDATE need SET quantity = minimum + {amount} WHERE id = (
    SELECT id FROM need WHERE scenario = '{scenario}' ORDER BY incident COLLATE "C", kind COLLATE "C" LIMIT 1);"""
TEAM = """
UPDATE team SET geom = ST_SetSRID(ST_MakePoint({lon}, 30.75), 4326) WHERE code = (
    SELECT code FROM team WHERE available ORDER BY code COLLATE "C" LIMIT 1);"""


def measure(build, home, scenario, changes):
    follower = subprocess.Popen([build / "bench/bench_next_plan", home.server.connection, scenario], text=True,
                                stdout=subprocess.PIPE)
    waits, last = [], follower.stdout.readline().split()[3:]
    with claim_program.Session(home) as session:
        for number in range(1, changes + 1):
            change = (TEAM if number % 2 else NEED).format(
                scenario=scenario, lon=120.7 + number % 100 / 1000, amount=1 + number % 50)
            started = time.monotonic_ns() / 1000
            session.tell(change)
            *moments, lon, quantity = follower.stdout.readline().split()
            assert (lon != last[0]) == (number % 2 == 1) and (quantity != last[1]) == (number % 2 == 0)
            last = [lon, quantity]
            waits.append([(float(moment) - started) / 1000 for moment in moments])
    for until, values in zip(UNTIL, map(sorted, zip(*waits))):
        print(f"{scenario:<12} {until:<20} {values[0]:8.1f} {values[len(values) // 2]:8.1f} "
              f"{values[-1 - len(values) // 100]:8.1f} {values[-1]:8.1f}", flush=True)
    assert follower.wait() == 0


def main(build, changes="200"):
    build = pathlib.Path(build).resolve()
    os.environ["MUSTER_COMMAND"] = str(build / "cli/muster")
    with postgres_server.running(options="") as server:
        file = os.environ.get("MUSTER_JIAXING", build / "data/jiaxing.gpkg")
        postgis_fill.fill(server, "home", file)
        home = types.SimpleNamespace(server=types.SimpleNamespace(connection=server.uri("home")), name="muster")
        for scenario in ("typhoon-30", "typhoon-100"):
            measure(build, home, scenario, int(changes))


if __name__ == "__main__":
    main(*sys.argv[1:])
