"""The circumstances of figures: without them nobody can compare."""

import os
import pathlib
import re
import subprocess


def say(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def cpu():
    found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return found[1] if found else os.uname().machine


def memory_gb():
    kilobytes = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]
    return int(kilobytes) / 1e6


def commit():
    name = say("git", "rev-parse", "--short", "HEAD") or "none"
    return name + (" and changes" if say("git", "status", "--porcelain", "-uno") else "")


def flags(build):
    cache = (build / "CMakeCache.txt").read_text()
    get = {name: re.search(rf"^{name}:\w+=(.*)$", cache, re.M) for name in (
        "CMAKE_C_FLAGS", "CMAKE_C_FLAGS_RELEASE")}
    return " ".join(found[1] for found in get.values() if found and found[1])


def circumstances(build, versions, load_before, how="seed 1; one thread but where two are said"):
    """Lines of text. versions: {peer: version, or why it is missing}; how: seeds and threads."""
    load = f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    yield f"machine: {cpu()}, {os.cpu_count()} cores, {memory_gb():.0f} GB; load {load}"
    yield f"muster: commit {commit()}, {say('cc', '--version').splitlines()[0]}, {flags(build)}"
    yield how
    for peer, version in versions.items():
        yield f"{peer}: {version}"
