#!/usr/bin/env python3
"""Build the site into a folder: build.py FOLDER. A warning is an error; MUSTER_PYTHON says where the Python package lies."""

import pathlib
import sys

from sphinx.cmd.build import main

HERE = pathlib.Path(__file__).resolve().parent


def build(folder):
    return main(["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE), "-d", str(folder / "doctrees"),
                 str(HERE.parents[1]), str(folder / "html")])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(build(pathlib.Path(sys.argv[1]).resolve()))
