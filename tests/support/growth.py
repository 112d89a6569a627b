"""Does a process grow by what it does again and again?"""

import gc
import os
import pathlib


def resident_kb():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def assert_does_not_grow(one_round, rounds):
    """After some rounds, in which what is kept is made: a session's first plans have memories of their own."""
    for _ in range(rounds // 10 + 3):
        one_round()
    gc.collect()
    before = resident_kb()
    for _ in range(rounds):
        one_round()
    gc.collect()
    assert resident_kb() - before < 4096
