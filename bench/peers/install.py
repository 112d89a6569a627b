"""Get the peers: each from where its users get it, into a folder of ours. A peer that cannot be
had is an answer (`Missing`, with the reason), for the others still run."""

import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
PIP = ["--disable-pip-version-check", "--retries", "1", "--timeout", "15"]
# RoutingKit's sources that the hierarchies need, and the flags of its Makefile.
ROUTINGKIT_SOURCES = ("bit_select bit_vector contraction_hierarchy customizable_contraction_hierarchy"
                      " graph_util id_mapper nested_dissection timer vector_io").split()
ROUTINGKIT_FLAGS = "-O3 -march=native -ffast-math -std=c++17 -DNDEBUG -fopenmp -w".split()


class Missing(Exception):
    """Why a peer is not there, in a few words."""


def last_error(text):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(ERROR|.*\b(error|fatal):)", line)]
    return (errors[:1] or lines[-1:] or ["no message"])[0][:160]


def run(command, what, **options):
    try:
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    except OSError as error:
        raise Missing(f"{what}: {error}") from error
    if done.returncode != 0:
        raise Missing(f"{what}: {last_error(done.stderr or done.stdout)}")
    return done.stdout


def newest_python():
    """Wheels of OSRM and Valhalla want Python 3.12; Debian 12 has 3.11. Any newer one will do."""
    homes = sorted(pathlib.Path.home().glob(".pyenv/versions/3.1[2-9].*/bin/python"))
    for python in [*(f"python3.{minor}" for minor in (14, 13, 12)), *homes, "/usr/bin/python3"]:
        try:
            if subprocess.run([python, "-c", "import venv, ensurepip"],
                              capture_output=True).returncode == 0:
                return python
        except OSError:
            pass
    raise Missing("no Python that can make a virtual environment")


def environment(folder):
    """The Python of a virtual environment in `folder`, made when it is not there yet."""
    python = folder / "venv/bin/python"
    if not python.exists():
        run([newest_python(), "-m", "venv", folder / "venv"], "venv")
    return python


def package(folder, name):
    """Install a package from PyPI; returns the Python that has it and its version."""
    python = environment(folder)
    show = [python, "-m", "pip", "show", name]
    if subprocess.run([*map(str, show)], capture_output=True).returncode != 0:
        run([python, "-m", "pip", "install", *PIP, "--only-binary", ":all:", name, "numpy"],
            f"pip install {name}")
    return python, re.search(r"^Version: (.*)$", run(show, "pip show"), re.M)[1]


def routingkit(folder):
    """Build peer_routingkit from the sources in the PyPI package; returns program, version."""
    sources = folder / "routingkit"
    if not list(sources.glob("*.tar.gz")):
        path = {**os.environ, "PYTHONPATH": str(HERE / "backend")}
        run([environment(folder), "-m", "pip", "download", *PIP, "--no-deps",
             "--no-build-isolation", "--no-binary", ":all:", "-d", sources, "routingkit-cch"],
            "pip download routingkit-cch", env=path)
    archive = max(sources.glob("*.tar.gz"))
    root = sources / archive.name.removesuffix(".tar.gz")
    if not root.exists():
        shutil.unpack_archive(archive, sources)
    program, kit = folder / "peer_routingkit", root / "RoutingKit"
    if not program.exists() or program.stat().st_mtime < (
            HERE / "peer_routingkit.cpp").stat().st_mtime:
        run(["g++", *ROUTINGKIT_FLAGS, f"-I{kit}/include", f"-I{kit}/src",
             HERE / "peer_routingkit.cpp", *(kit / f"src/{name}.cpp" for name in ROUTINGKIT_SOURCES),
             "-o", program], "g++")
    return program, root.name.rsplit("-", 1)[1]


def pgrouting():
    """Debian's package; returns its version."""
    if not shutil.which("dpkg-query"):
        raise Missing("no dpkg")
    versions = run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}\n",
                    "postgresql-*-pgrouting"], "postgresql-15-pgrouting")
    installed = re.findall(r"^installed (\S+)$", versions, re.M)
    if not installed:
        raise Missing("postgresql-15-pgrouting is not installed")
    return installed[-1]


def _scipy(_):
    return run(["/usr/bin/python3", "-c", "import scipy; print(scipy.__version__)"], "SciPy").strip()


def _routingkit(work):
    return f"routingkit-cch {routingkit(work)[1]}, its C++ built with g++ {' '.join(ROUTINGKIT_FLAGS[:-1])}"


def _of_package(name):
    return lambda work: f"{name} {package(work, name)[1]}"


VERSIONS = {"SciPy": _scipy, "RoutingKit": _routingkit, "OSRM": _of_package("osrm-bindings"),
            "Valhalla": _of_package("pyvalhalla"), "pgRouting": lambda _: pgrouting(),
            "pandana": _of_package("pandana"), "igraph": _of_package("igraph"),
            "NetworKit": _of_package("networkit")}


def versions(work, peers):
    """{peer: version, or why it is not there}. Installs what can be had."""
    found = {}
    for peer in peers:
        try:
            found[peer] = VERSIONS[peer](work)
        except Missing as missing:
            found[peer] = f"not there: {missing}"
    return found
