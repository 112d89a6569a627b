"""How many questions a second `muster serve` answers, and OSRM's server beside it in the same run where
bench/peers has prepared one. Both have the roads of the scenario and as many threads as there are cores;
the client has a thread a connection, on the same machine.

usage: bench/serve.py BUILD_DIR SCENARIO [SECONDS]"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BOX = ("120.55", "30.60", "121.00", "30.95")  # of the home scenario, where there are roads
CONNECTIONS = {"nearest": 8, "route": 8, "table": 4}
OF_PEER = ("nearest", "route")  # its tables are measured without HTTP, by bench/peers
ROUNDS = 3


def wait_for(port):
    for _ in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on port {port}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def server(command, port):
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait()


def ours(build, scenario, port):
    return [build / "cli/muster", "serve", scenario, "--listen", f"127.0.0.1:{port}", "--profile",
            "light"]


def osrm(build, port):
    """OSRM's server on the graph of the home scenario that ./run bench --peers leaves behind."""
    peers = pathlib.Path(os.environ.get("MUSTER_BENCH_PEERS", build.parent / "bench-peers"))
    graph = peers / "home/osrm/ch/map.osrm"
    programs = sorted(peers.glob("venv/lib/python*/site-packages/osrm/bin/osrm-routed"))
    if not programs or not graph.with_suffix(".osrm.hsgr").exists():
        return None
    return [programs[-1], "--algorithm", "ch", "--ip", "127.0.0.1", "--port", port, "--threads",
            os.cpu_count(), "--verbosity", "NONE", graph]


def measure(build, name, port, kind, seconds):
    """(questions a second, median and 99th percentile in ms), the best of several rounds."""
    best = None
    for _ in range(ROUNDS):
        line = subprocess.run([build / "bench/bench_serve", name, str(port), kind, str(seconds),
                               str(CONNECTIONS[kind]), *BOX], check=True, capture_output=True,
                              text=True).stdout.split()
        assert line[6] == "0", f"{name} failed {line[6]} times"
        found = tuple(map(float, line[2:5]))
        best = max(best, found) if best else found
    return best


def main(build, scenario, seconds="2"):
    build, rows = pathlib.Path(build), []
    port, other = free_port(), free_port()
    peer = osrm(build, other)
    with contextlib.ExitStack() as stack:
        stack.enter_context(server(ours(build, scenario, port), port))
        if peer:
            stack.enter_context(server(peer, other))
        for kind in CONNECTIONS:
            rows.append((kind, measure(build, "muster", port, kind, seconds),
                         measure(build, "OSRM", other, kind, seconds)
                         if peer and kind in OF_PEER else None))
    print(f"serve: {os.cpu_count()} cores, client included; best of {ROUNDS} rounds of {seconds} s")
    print(f"{'':10}{'connections':>12}{'muster 1/s':>12}{'median ms':>11}{'99 % ms':>9}"
          f"{'OSRM 1/s':>10}{'times':>7}")
    for kind, own, peers in rows:
        text = f"{kind:10}{CONNECTIONS[kind]:12}{own[0]:12.0f}{own[1]:11.3f}{own[2]:9.3f}"
        print(text + (f"{peers[0]:10.0f}{own[0] / peers[0]:7.2f}" if peers else "         -"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
