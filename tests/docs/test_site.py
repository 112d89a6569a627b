"""The site is built without a warning of Sphinx's or Doxygen's, and nothing on it leads nowhere or comes from elsewhere."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from site_check import faults

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
SITE = pathlib.Path(os.environ["MUSTER_SITE"])


@pytest.fixture(scope="module")
def site():
    """Built anew, where ./run docs leaves it too."""
    shutil.rmtree(SITE, ignore_errors=True)
    done = subprocess.run([sys.executable, SOURCE / "docs/sphinx/build.py", SITE], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return SITE / "html"


def test_nothing_leads_nowhere_or_comes_from_elsewhere(site):
    assert faults(site) == []


def test_every_public_function_and_class_has_a_place(site):
    declared = re.findall(r"^(?:MUSTER_API|    *(?=muster_\w+\())[^;]*?\b(muster_\w+)\(", "\n".join(
        re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in (SOURCE / "include/muster").glob("*.h")), re.M)
    assert len(declared) > 300
    pages = "".join(path.read_text() for path in (site / "docs/reference/c").glob("*.html"))
    assert [name for name in declared if f'id="c.{name}"' not in pages] == []
    import muster
    pages = "".join(path.read_text() for path in (site / "docs/reference/python").glob("*.html"))
    assert [name for name in muster.__all__ if f'id="muster.{name}"' not in pages] == []


def test_what_is_wrong_with_a_site_is_found(tmp_path):
    (tmp_path / "a.css").write_text("@import 'https://fonts.example/x.css'; body { background: url(//cdn.example/b.png) }")
    (tmp_path / "a.html").write_text(
        '<link rel="stylesheet" href="a.css"><script src="https://cdn.example/x.js"></script><img src="gone.png" alt="">'
        '<a href="b.html#there">b</a><a href="b.html#not">b</a><a href="c.html">c</a><a href="https://example.org">x</a>')
    (tmp_path / "b.html").write_text('<p id="there">')
    assert faults(tmp_path) == [
        "a.html: the picture gone.png has no words for who cannot see it",
        "a.html: https://cdn.example/x.js is fetched from elsewhere", "a.html: gone.png is not there",
        "a.html: b.html#not has no such anchor", "a.html: the link c.html leads nowhere",
        "a.css: https://fonts.example/x.css is fetched from elsewhere",
        "a.css: //cdn.example/b.png is fetched from elsewhere"]


def test_a_parameter_without_a_word_stops_the_build(tmp_path):
    """Doxygen's settings: who describes one parameter describes them all."""
    folder = tmp_path / "include/muster"
    folder.mkdir(parents=True)
    (folder / "x.h").write_text("/** @file x.h\n *  X. */\n/** F.\n *  @param a  one\n *  O(1). */\nint f(int a, int b);\n")
    settings = (SOURCE / "docs/sphinx/Doxyfile").read_text().replace(
        "awk -f docs", f"awk -f {SOURCE}/docs") + f"OUTPUT_DIRECTORY = {tmp_path}\n"
    done = subprocess.run(["doxygen", "-"], input=settings, cwd=tmp_path, capture_output=True, text=True)
    assert "parameter 'b'" in done.stderr
    assert "<simplesect kind=\"remark\"><para>O(1)." in (tmp_path / "xml/x_8h.xml").read_text()
