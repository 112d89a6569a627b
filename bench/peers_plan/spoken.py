"""Solvers that are programs and say what they find on a terminal. They are given one, a
pseudo-terminal: to a pipe they would speak in blocks, long after."""

import os
import pty
import select
import subprocess
import time

GRACE = 1.2  # of its time limit, after which a program that has not stopped is stopped


def lines(command, limit_s):
    """(seconds since start, line) as they come; ends with the program."""
    ours, theirs = pty.openpty()
    start, rest = time.monotonic(), b""
    with subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=theirs,
                          stderr=theirs) as process:
        os.close(theirs)
        while True:
            left_s = start + GRACE * limit_s + 1 - time.monotonic()
            if left_s <= 0 or not select.select([ours], [], [], left_s)[0]:
                process.kill()
                break
            try:
                block = os.read(ours, 65536)
            except OSError:     # how a terminal says that nobody is there
                break
            if not block:
                break
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield time.monotonic() - start, line.decode(errors="replace").rstrip("\r")
    os.close(ours)
