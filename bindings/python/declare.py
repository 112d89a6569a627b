"""Write the C source of the extension module: the public headers, as cffi wants them.

usage: declare.py CC INCLUDE_DIR OUT.c

Nothing is declared twice: the compiler's preprocessor reads the headers with empty standard headers
beside them, which leaves just what is ours. Constants that are macros, and initializers, which cffi
cannot see, are found in the headers' text.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import cffi

HEADERS = ("muster/muster.h", "muster/gis.h", "muster/session.h", "muster/simulation.h", "muster/course.h",
           "muster/journal.h")
STANDARD = ("math.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h")

# An initializer says which struct it is of by its size, all but this one.
INITIALIZER = re.compile(r"#define (MUSTER_\w+_INIT)\b[\s\\]*\{[\s\\]*(?:\.struct_size = )?sizeof\((\w+)\)")
WITHOUT_SIZE = {"MUSTER_WEIGHTS_INIT": "muster_weights"}

# Whole numbers, as far as a program in Python has a use for them.
CONSTANTS = ("MUSTER_NONE", "MUSTER_UNREACHABLE_MS", "MUSTER_BY_AIR", "MUSTER_MAX_SOURCES_DEFAULT")

CALLBACKS = """
extern "Python" bool muster_py_progress(void *user, const char *phase, double fraction);
extern "Python" bool muster_py_watch(void *user, const muster_solve_state *state);
extern "Python" bool muster_py_watch_siting(void *user, const muster_siting_state *state);
extern "Python" muster_status muster_py_take(void *user, const muster_replication *replication);
"""


def preprocessed(compiler, include):
    """The declarations of all headers, without those of the standard library."""
    with tempfile.TemporaryDirectory() as folder:
        for name in STANDARD:
            (pathlib.Path(folder) / name).touch()
        text = "".join(f"#include <{name}>\n" for name in HEADERS)
        done = subprocess.run(
            [compiler, "-E", "-P", "-undef", "-nostdinc", f"-I{folder}", f"-I{include}",
             "-D__attribute__(x)=", "-x", "c", "-"],
            input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"declare.py: {compiler} cannot read the headers:\n{done.stderr}")
    return done.stdout


def initializers(include):
    """{name of the macro: type}"""
    found = dict(WITHOUT_SIZE)
    for path in sorted((include / "muster").glob("*.h")):
        found.update(INITIALIZER.findall(path.read_text(encoding="utf-8")))
    return found


def made(declared, include):
    """{macro: type} of the initializers whose struct is declared."""
    return {name: kind for name, kind in initializers(include).items() if re.search(rf"\}} {kind};", declared)}


def maker(name):
    """The function that an initializer becomes."""
    return name.lower().removesuffix("_init").replace("muster_", "muster_py_new_", 1)


def main(compiler, include, out):
    include = pathlib.Path(include)
    declared = preprocessed(compiler, include)
    declarations = [declared, CALLBACKS, *(f"#define {name} ...\n" for name in CONSTANTS)]
    source = ["".join(f"#include <{name}>\n" for name in HEADERS)]
    for name, kind in sorted(made(declared, include).items()):
        function = maker(name)
        declarations.append(f"{kind} {function}(void);\n")
        source.append(f"static {kind} {function}(void) {{ return ({kind}){name}; }}\n")
    builder = cffi.FFI()
    builder.cdef("\n".join(declarations))
    builder.set_source("muster._native", "\n".join(source))
    builder.emit_c_code(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
