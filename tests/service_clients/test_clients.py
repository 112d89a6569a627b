"""Programs of others against the service: clients written for OSRM, and schemathesis, which makes requests
of the OpenAPI document and judges the answers by it.

They come from PyPI into build/clients, once; where PyPI cannot be reached these tests skip and say so.
MUSTER_SCHEMA_EXAMPLES says how many requests are drawn for each operation, and with more than the usual
few all that the document's limits suggest are tried too."""

import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

import muster_command as command  # noqa: E402
from service_process import running  # noqa: E402

FEW = 2
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


def test_answers_are_what_the_document_says(programs, village, tmp_path):
    """All of schemathesis' checks but the one that whatever is well-formed is accepted: coordinates may
    lie where there is no road."""
    examples = int(os.environ.get("MUSTER_SCHEMA_EXAMPLES", FEW))
    phases = "examples,fuzzing" if examples == FEW else "examples,coverage,fuzzing"
    with running(village) as service:
        done = subprocess.run(
            [programs / "schemathesis", "run", service.url + "/v1/openapi.json", "--no-color", "--seed",
             "1", "--max-examples", str(examples), "--phases", phases, "--exclude-checks",
             "positive_data_acceptance"], cwd=tmp_path, text=True, capture_output=True, timeout=3600)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "15 passed" in done.stdout
