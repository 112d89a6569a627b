"""examples/systemd: what is written there is understood by systemd, and starts a service that stops well."""

import contextlib
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile

import pytest

import service_process
import small_scenario
from muster_command import SOURCE, succeed
from service_process import COMMAND

UNITS = SOURCE / "examples/systemd"
SERVICES = ["muster.service", "muster-desk.service"]
DESK = {"Authorization": "Bearer desk-secret"}
NOBODY = 65534
STOP_S = 10  # --stop-ms


def setting(unit, name):
    text = (UNITS / unit).read_text(encoding="utf-8").replace("\\\n", " ")
    return re.search(rf"^{name}=(.*)$", text, re.MULTILINE)[1]


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory):
    """The units, with the command where it is."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8").replace("/usr/bin/muster", str(pathlib.Path(COMMAND).resolve()))
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("unit", SERVICES)
def test_systemd_understands_the_units(analyzed, unit):
    for name in (unit, unit.replace(".service", ".socket")):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", analyzed / name], text=True, capture_output=True)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_little_is_open_to_the_services(analyzed, unit):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", analyzed / unit],
                          text=True, capture_output=True)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze rates only what runs")
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("unit", SERVICES)
def test_there_is_time_to_stop(unit):
    assert int(setting(unit, "TimeoutStopSec")) > STOP_S


# ---- as the unit says -----------------------------------------------------------------------

@pytest.fixture
def machine(tokens):
    """Where the unit finds its files: all may be read, one folder be written."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-units-"))
    folder.chmod(0o755)
    small_scenario.write(folder / "region.gpkg").chmod(0o444)
    (folder / "credentials").mkdir(0o755)
    shutil.copy(tokens, folder / "credentials/tokens")
    (folder / "state").mkdir(0o700)
    if os.getuid() == 0:
        for path in ("state", "credentials/tokens"):
            os.chown(folder / path, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def is_reachable(path):
    return all(folder.stat().st_mode & 0o001 for folder in pathlib.Path(path).resolve().parents)


def be_somebody_else():
    """As DynamicUser=: where this is root, and the command may be started by others."""
    os.umask(int(setting("muster-desk.service", "UMask"), 8))
    if os.getuid() == 0 and is_reachable(COMMAND):
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


@contextlib.contextmanager
def started(machine, listener):
    """The process id of what ExecStart= starts on a socket that is there already."""
    variables = {"STATE_DIRECTORY": machine / "state", "CREDENTIALS_DIRECTORY": machine / "credentials"}
    words = [re.sub(r"\$\{(\w+)\}", lambda m: str(variables[m[1]]), word) for word in
             shlex.split(setting("muster-desk.service", "ExecStart"))]
    assert words[:3] == ["/usr/bin/muster", "serve", "/var/lib/muster/region.gpkg"]
    words[0], words[2] = COMMAND, str(machine / "region.gpkg")
    child = os.fork()
    if child == 0:
        try:
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            be_somebody_else()
            os.execve(words[0], words, {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
        finally:
            os._exit(99)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def end(child, number):
    os.kill(child, number)
    return os.waitpid(child, 0)[1]


def report(code):
    lon, lat = small_scenario.place(3, 3)
    return {"type": "incident_reported", "id": code, "need": [{"kind": "flood_rescue", "quantity": 4}],
            "incident": {"code": code, "lon_deg": lon, "lat_deg": lat, "severity": "severe"}}


def test_the_desk_of_the_unit_loses_nothing_by_a_stop_or_a_kill(machine):
    told = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        service = service_process.Service(None, [f"127.0.0.1:{listener.getsockname()[1]}"])
        for life, number in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGTERM)):
            with started(machine, listener) as child:
                fresh = service.connection()  # waits in the socket until the service is there
                assert {i["code"] for i in service.ok("/v1/incidents", connection=fresh)["incidents"]} == set(told)
                answer = service.ask("/v1/events", method="POST", body=report(f"I{life}"), headers=DESK, connection=fresh)
                assert answer.json["answers"][0]["outcome"] == "applied", answer.body
                told.append(f"I{life}")
                news = service.raw(b"GET /v1/news?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert news.recv(15) == b"HTTP/1.1 200 OK"
                status = end(child, number)
                assert status == (0 if number == signal.SIGTERM else number)
                news.close()
                fresh.close()
    files = [p for p in (machine / "state/journal").iterdir() if p.is_file()]
    assert files and all(p.stat().st_mode & 0o077 == 0 for p in files)
    succeed("journal", "verify", machine / "state/journal")
