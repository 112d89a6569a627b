"""How long it takes to read a network and a scenario from a GeoPackage and from a PostGIS.

usage: database.py BUILD_DIR [SIDE]
Starts a PostgreSQL of its own (Unix socket, temporary folder), puts into it the province of
province.py (1.4 million junctions; with SIDE, SIDE x SIDE of them) and what there is of the home
scenario but its roads, and reads both from there and from their files with bench_database. Lines are:
what, where, runs, fastest and median in milliseconds, processor time here, peak memory in MB.
"""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/support"))

import postgis_fill  # noqa: E402
import postgres_server  # noqa: E402

SETTINGS = "-c shared_buffers=512MB -c max_wal_size=8GB -c checkpoint_timeout=1h"


def make_province(build, folder, side):
    network = folder / "province.gpkg"
    subprocess.run([sys.executable, HERE / "province.py", folder, *side], check=True)
    subprocess.run([build / "cli/muster", "import", "dimacs", "-o", network, "--graph",
                    folder / "province.gr", "--coordinates", folder / "province.co"],
                   check=True, stdout=subprocess.DEVNULL)
    return network


def make_resources(build, folder):
    """The home scenario with one road: what remains is its resources and incidents."""
    path = shutil.copyfile(build / "data/jiaxing.gpkg", folder / "resources.gpkg")
    with sqlite3.connect(path) as db:
        for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.executescript("DELETE FROM edge WHERE id > (SELECT min(id) FROM edge);"
                         "DELETE FROM node WHERE id NOT IN (SELECT source FROM edge UNION SELECT "
                         "target FROM edge); UPDATE node SET rank = NULL;")
        units = sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                    for table in ("team", "vehicle", "machine", "warehouse", "stock"))
    with sqlite3.connect(path) as db:
        db.execute("VACUUM")
    return path, units


def server_ms(server):
    """Processor time of all connections that have ended."""
    postmaster = (server.data / "postmaster.pid").read_text().split()[0]
    fields = pathlib.Path(f"/proc/{postmaster}/stat").read_text().rsplit(")")[1].split()
    return 1000 * (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def read(build, server, name, place, store, runs, *scenario):
    before = server_ms(server)
    done = subprocess.run([build / "bench/bench_database", store, str(runs), *scenario], check=True,
                          capture_output=True, text=True).stdout.split("\t")
    time.sleep(0.5)  # until the last connection has been buried
    there = (server_ms(server) - before) / runs if place == "PostGIS" else 0
    print(f"{name:<22} {place:<10} {done[1]:>4} {done[2]:>10} {done[3]:>10} {done[4]:>8} {there:>9.1f} "
          f"{done[5].strip():>6}", flush=True)


def main():
    build, side = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
    os.environ["MUSTER_COMMAND"] = str(build / "cli/muster")
    folder.chmod(0o755)
    (folder / "server").mkdir()
    server = postgres_server.Server(folder / "server")
    try:
        server.start(SETTINGS)
        province = make_province(build, folder, side)
        resources, units = make_resources(build, folder)
        stores = {name: postgis_fill.fill(server, name, path, checks=False)
                  for name, path in (("resources", resources), ("province", province))}
        print(f"{'what':<22} {'where':<10} {'runs':>4} {'fastest ms':>10} {'median ms':>10} "
              f"{'here ms':>8} {'server ms':>9} {'MB':>6}")
        for place, store in (("file", resources), ("PostGIS", stores["resources"])):
            read(build, server, f"{units} resources", place, store, 30, "typhoon-100")
        for place, store in (("file", province), ("PostGIS", stores["province"])):
            read(build, server, "province's network", place, store, 5)
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
