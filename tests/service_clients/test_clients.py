"""Programs of others against the service: clients written for OSRM, and schemathesis, which makes requests
of the OpenAPI document and judges the answers by it.

They come from PyPI into build/clients, once; where PyPI cannot be reached these tests skip and say so.
MUSTER_SCHEMA_EXAMPLES says how many requests are drawn for each operation, beside those that its limits
suggest."""

import contextlib
import hashlib
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import urllib.request

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import muster_command as command  # noqa: E402
import small_scenario  # noqa: E402
from service_process import running, wait_until  # noqa: E402

PACKAGES = ["schemathesis>=4,<5", "routingpy>=1.3,<2", "osrm-py>=0.5,<1"]
PIP = ["--disable-pip-version-check", "--quiet", "--retries", "1", "--timeout", "15"]


@pytest.fixture(scope="module")
def programs():
    """The bin folder of a virtual environment that has the packages."""
    folder = command.SOURCE / "build/clients"
    python, done = folder / "bin/python", folder / "installed"
    if not done.exists() or done.read_text() != repr(PACKAGES):
        for step in ([sys.executable, "-m", "venv", folder],
                     [python, "-m", "pip", "install", *PIP, *PACKAGES]):
            try:
                made = subprocess.run([*map(str, step)], capture_output=True, text=True, timeout=300)
            except (OSError, subprocess.TimeoutExpired) as error:
                pytest.skip(f"no clients of others: {error}")
            if made.returncode != 0:
                pytest.skip("no clients of others: " + (made.stderr or made.stdout).strip()[-300:])
        done.write_text(repr(PACKAGES))
    return folder / "bin"


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    network = tmp_path_factory.mktemp("village") / "village.gpkg"
    command.succeed("import", "osm", command.VILLAGE, "-o", network)
    return network


OSRM_PROGRAM = """
import sys, osrm, routingpy
url, west, market = sys.argv[1], [120.80, 30.75], [120.806, 30.7522]

one = routingpy.OSRM(base_url=url)
way = one.directions([west, market], profile="driving", steps=True, geometries="geojson", overview="full")
assert (way.duration, way.distance) == (66, 779), (way.duration, way.distance)
assert way.geometry[0] == west and way.geometry[-1] == market
table = one.matrix([west, market, [120.808, 30.751]], profile="driving", annotations=["duration", "distance"],
                   sources=[0], destinations=[1, 2])
assert table.durations == [[66.777, 45.798]] and table.distances == [[779.3, 786.45]]
try:
    one.directions([[122.5, 30.5], market], profile="driving")
    raise SystemExit("a place in the sea was accepted")
except routingpy.exceptions.RouterApiError as error:
    assert "NoSegment" in str(error)

other = osrm.Client(host=url)
way = other.route(coordinates=[west, market], overview=osrm.overview.full, steps=True)
assert way["code"] == "Ok" and way["routes"][0]["distance"] == 779.3
near = other.nearest(coordinates=[west], number=2)["waypoints"]
assert len(near) == 2 and near[0]["location"] == west
"""


def test_clients_of_osrm_are_served(programs, village):
    with running(village) as service:
        done = subprocess.run([programs / "python", "-c", OSRM_PROGRAM, service.url], text=True,
                              capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr


# ---- beside OSRM itself ---------------------------------------------------------------------

@contextlib.contextmanager
def osrm_routed():
    """The address of OSRM's server on the graph that ./run bench --peers leaves behind."""
    peers = pathlib.Path(os.environ.get("MUSTER_BENCH_PEERS", command.SOURCE / "build/bench-peers"))
    graph = peers / "home/osrm/ch/map.osrm"
    servers = sorted(peers.glob("venv/lib/python*/site-packages/osrm/bin/osrm-routed"))
    if not servers or not graph.with_suffix(".osrm.hsgr").exists():
        pytest.skip(f"no OSRM: ./run bench --peers has left none in {peers}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([servers[-1], "--algorithm", "ch", "--ip", "127.0.0.1", "--port",
                                str(port), graph], stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def names(value, path=""):
    """All members of a JSON value, by their paths."""
    if isinstance(value, dict):
        return {p for k, v in value.items() for p in {f"{path}.{k}"} | names(v, f"{path}.{k}")}
    return {p for v in value for p in names(v, path + "[]")} if isinstance(value, list) else set()


def read(url):
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.load(reply)


def test_answers_are_those_of_osrm():
    """The same members, but for its hints; and where both move the places alike, times but for what its
    tenths of a second and straight roads make of them."""
    scenario, draw = os.environ.get("MUSTER_JIAXING"), random.Random(3)
    if not scenario or not pathlib.Path(scenario).exists():
        pytest.skip("no home scenario: MUSTER_JIAXING is not set")
    places = [f"{draw.uniform(120.55, 121.0):.6f},{draw.uniform(30.6, 30.95):.6f}" for _ in range(40)]
    with osrm_routed() as other, running(scenario, "--profile", "light") as service:
        query = f"/route/v1/driving/{';'.join(places[:3])}?steps=true&overview=full"
        theirs, ours = (names(read(url + query)) for url in (other, service.url))
        assert theirs - ours == {".waypoints[].hint"} and not ours - theirs
        query = f"/table/v1/driving/{';'.join(places)}"
        theirs, ours = (read(url + query) for url in (other, service.url))
        alike = [i for i in range(40) if theirs["sources"][i]["location"] == pytest.approx(
            ours["sources"][i]["location"], abs=2e-6)]
        assert len(alike) >= 5
        for i in alike:
            for j in alike:
                assert theirs["durations"][i][j] == pytest.approx(ours["durations"][i][j], rel=3e-3,
                                                                  abs=1)


def judge(programs, service, folder, passed, *options):
    """All of schemathesis' checks but the one that whatever is well-formed is accepted: coordinates may
    lie where there is no road, and events speak of what is not there."""
    examples = os.environ.get("MUSTER_SCHEMA_EXAMPLES", "2")
    done = subprocess.run(
        [programs / "schemathesis", "run", service.url + "/v1/openapi.json", "--no-color", "--seed",
         "1", "--max-examples", examples, "--phases", "examples,coverage,fuzzing",
         "--exclude-checks", "positive_data_acceptance", *options],
        cwd=folder, text=True, capture_output=True, timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{passed} passed" in done.stdout


def test_answers_are_what_the_document_says(programs, village, tmp_path):
    with running(village) as service:
        judge(programs, service, tmp_path, 10, "--include-path-regex", "^/(v1|metrics)")


def test_answers_of_a_desk_are_what_the_document_says(programs, tmp_path):
    """All that a journal adds but /v1/news, whose answer has no end."""
    town, tokens = small_scenario.write(tmp_path / "town.gpkg"), tmp_path / "tokens"
    tokens.write_text(f"desk dispatch {hashlib.sha256(b'secret').hexdigest()}\n")
    tokens.chmod(0o600)
    with running(town, "--journal", tmp_path / "journal", "--with-incidents", "--tokens",
                 tokens) as service:
        judge(programs, service, tmp_path, 13, "--include-path-regex",
              "^/v1/(events|incidents|units|orders|closures|rules|plan|explain|health)", "-H",
              "Authorization: Bearer secret")
