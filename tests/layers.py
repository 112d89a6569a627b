"""Dependencies point one way: fails when a file includes what its layer may not.

cli, service, bindings, examples -> <muster/...> only;  gis -> gis, header-only error macros;
solver -> solver, core;  core -> core.  Each outside library is included by one file.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Folder -> prefixes of our own headers that it may include.
MAY_INCLUDE = {
    "include/muster": ["muster/"],
    "core": ["muster/", "core/"],
    "solver": ["muster/", "core/", "solver/"],
    "gis": ["muster/", "core/error.h", "gis/"],
    "session": ["muster/", "core/error.h", "core/alloc.h", "core/new_file.h", "core/stir.h", "core/task.h",
                "gis/json_number.h", "gis/utf8.h", "session/"],
    "simulation": ["muster/", "core/error.h", "core/alloc.h", "core/task.h", "core/threads.h",
                   "core/edit_distance.h", "gis/utf8.h", "session/", "simulation/"],
    "service": ["muster/", "service/"],
    "cli": ["muster/", "cli/", "core/edit_distance.h", "service/desk.h", "service/service.h"],
    "bindings": ["muster/"],
    "examples": ["muster/"],
}

# Outside header -> the only files that may include it.
PINNED = {
    r"omp\.h": ["core/threads.c", "solver/"],
    r"metis\.h": ["core/order.c"],
    r"glpk\.h": ["solver/lp_glpk.c"],
    r"sqlite3\.h": ["gis/database.c"],
    r"geodesic\.h": ["gis/geodesic.c"],
    r"proj\.h": ["gis/projection.c"],
    r"geos_c\.h": ["gis/geos_area.h", "gis/simplify.c"],
    r"expat\.h": ["gis/cap_reader.c"],
    r"libpq-fe\.h": ["gis/connection_string.c", "gis/link.c", "gis/postgis_connect.h", "gis/postgis_connection.c"],
    r"osmium/.*": ["gis/osm_reader.cpp"],
    r"zlib\.h": ["gis/dimacs_reader.c"],
    r"nettle/.*": ["gis/sha256.c", "session/hash.c", "service/tokens.c"],
    r"microhttpd\.h": ["service/http.c"],
    r"toml\+\+/.*": ["simulation/toml_document.cpp"],
    r"jansson\.h": ["cli/", "service/body.h", "service/description.c", "service/json_memory.c", "gis/geojson.c", "gis/json_document.h",
                   "session/json_fields.h"],
    r"argp\.h": ["cli/"],
    r"csv\.h": ["cli/", "gis/csv_table.c"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
OUR_FOLDERS = ("muster/", "core/", "solver/", "gis/", "session/", "simulation/", "service/", "cli/",
               "tests/", "bench/")


def offences_of(path, text):
    name = path.as_posix()
    folder = next((f for f in MAY_INCLUDE if name.startswith(f + "/")), None)
    for header in INCLUDE.findall(text):
        if folder and header.startswith(OUR_FOLDERS):
            if not any(header.startswith(p) for p in MAY_INCLUDE[folder]):
                yield f"{name} includes {header}; {folder} may include {MAY_INCLUDE[folder]}"
        for pattern, owners in PINNED.items():
            if folder and re.fullmatch(pattern, header):
                if not any(name.startswith(owner) for owner in owners):
                    yield f"{name} includes {header}; only {owners} may"


def offences(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if relative.parts[0] in ("build", ".git") or path.suffix not in (".c", ".h", ".cpp"):
            continue
        yield from offences_of(relative, path.read_text(encoding="utf-8"))


def test_the_check_bites():
    """Each rule is broken once on purpose."""
    for name, header in [
        ("core/network.c", "solver/problem.h"),
        ("core/network.c", "gis/database.h"),
        ("solver/greedy.c", "glpk.h"),
        ("solver/greedy.c", "gis/database.h"),
        ("gis/osm_tags.c", "core/network.h"),
        ("session/world.c", "simulation/course.h"),
        ("simulation/policy.c", "solver/greedy.h"),
        ("cli/main.c", "core/network.h"),
        ("examples/dispatch.c", "solver/problem.h"),
        ("gis/network_store.c", "sqlite3.h"),
        ("service/route.c", "core/route.h"),
        ("service/service.c", "microhttpd.h"),
        ("cli/serve.c", "service/state.h"),
    ]:
        assert list(offences_of(pathlib.PurePosixPath(name), f"#include <{header}>\n")), (name, header)


def test_layers():
    assert list(offences(ROOT)) == []


if __name__ == "__main__":
    test_the_check_bites()
    found = list(offences(ROOT))
    print("\n".join(found) or "layers: every include points the right way")
    sys.exit(1 if found else 0)
