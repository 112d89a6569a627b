"""bench_claims on a server of its own that writes to disk as one in earnest does (fsync on), and a
count of double bookings afterwards.

usage: bench/claims.py BUILD_DIR [SECONDS]"""

import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "tests/support"))
os.environ.setdefault("MUSTER_SOURCE", str(SOURCE))
os.environ.setdefault("MUSTER_CLAIM_WORKER", "")

import claim_program  # noqa: E402
import postgres_server  # noqa: E402

UNITS = 735  # vehicles of the home scenario

TWICE = """
SELECT count(*) FROM claim AS a JOIN claim AS b
    ON (a.resource, a.code) = (b.resource, b.code) AND a.id < b.id
   AND tstzrange(a.since, a.released_at) && tstzrange(b.since, b.released_at);"""


def main(build, seconds="10"):
    with postgres_server.running(options="") as server:
        schema = claim_program.Schema(server, "muster")
        schema.fill(UNITS)
        for how in (["1"], ["1", "swap"], ["4"], ["16"]):
            subprocess.run([f"{build}/bench/bench_claims", server.connection, "muster", str(UNITS), "8", seconds,
                            *how], check=True)
        (claims,), (twice,) = schema.sql("SELECT count(*) FROM claim;" + TWICE)
        print(f"{claims} claims in all, {twice} booked twice")
    return twice != "0"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
