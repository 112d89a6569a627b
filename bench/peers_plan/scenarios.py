"""The file that all plans are made from: the home scenario with the scenarios that only benchmarks
ask for (data/jiaxing/generate.py --seeds). Made once, and anew when the generator has changed."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = 30


def is_fresh(file):
    sources = [*(ROOT / "data/jiaxing").rglob("*.py"), *(ROOT / "data/jiaxing").rglob("*.csv"),
               *(ROOT / "gis").glob("schema*.sql")]
    return file.exists() and file.stat().st_mtime > max(s.stat().st_mtime for s in sources)


def prepare(build, work):
    file = work / "plans.gpkg"
    if not is_fresh(file):
        raw = work / "plans-unordered.gpkg"
        subprocess.run(["/usr/bin/python3", ROOT / "data/jiaxing/generate.py", "-o", raw, "--seeds",
                        str(SEEDS)], check=True)
        subprocess.run([build / "cli/muster", "order", raw, "-o", file], check=True,
                       stdout=subprocess.DEVNULL)
        raw.unlink()
    return file
