"""Annotations: strict all over the package, right where it is used, and in agreement with the extension module."""

import os
import pathlib
import re
import subprocess
import sys

import pytest
from conftest import SOURCE

import muster
from muster._native import lib

PACKAGE = pathlib.Path(muster.__file__).parent
STUB = PACKAGE / "_native.pyi"
FOUND = re.compile(r"(?P<path>[^:\n]+):(?P<line>\d+): error: .*\[(?P<kind>[\w-]+)\]")


@pytest.fixture(scope="module", name="errors")
def fixture_errors():
    """{file: {line: kinds}} of one run of mypy, which takes longest to read numpy and pandas: so what it has read
    is kept in the build folder."""
    pytest.importorskip("mypy")
    uses = SOURCE / "tests/python/types"
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", SOURCE / "pyproject.toml", "--cache-dir",
         PACKAGE.parent / ".mypy_cache", "--no-error-summary", PACKAGE, uses / "use.py", uses / "misuse.py"],
        capture_output=True, text=True, check=False, env={**os.environ, "MYPYPATH": str(PACKAGE.parent)})
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = {}
    for match in FOUND.finditer(done.stdout):
        lines = found.setdefault(pathlib.Path(match["path"]).name, {})
        lines.setdefault(int(match["line"]), set()).add(match["kind"])
    print(done.stdout)
    return found


def test_the_package_is_strictly_typed_and_typical_use_checks(errors):
    assert set(errors) == {"misuse.py"}


def test_misuse_is_found_before_it_runs(errors):
    lines = (SOURCE / "tests/python/types/misuse.py").read_text(encoding="utf-8").splitlines()
    expected = {number: set(line.split("  # ")[1].split(", ")) for number, line in enumerate(lines, 1) if "  # " in line}
    assert errors["misuse.py"] == expected and len(expected) == 11


def test_the_stub_has_what_the_module_has():
    listed = STUB.read_text(encoding="utf-8").split("class _Lib:")[1]
    assert set(re.findall(r"^    (?:def )?(\w+)[:(]", listed, re.MULTILINE)) == set(dir(lib))


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").exists()
