"""COIN-OR's CBC, the program, from the PyPI package cbcbox. See peer.py."""

import pathlib
import re
import tempfile

import cbcbox

import milp
import peer
import spoken

LOADED = re.compile(r"Problem loaded")
LEAST = re.compile(r"(?:^Lower bound:|\bBound:)\s*([-+.\deE]+)")
DIGITS = 1e-5   # it prints bounds with six digits, rounded either way


class Log:
    """The tables that it draws: under "BestSol", flush right, is the best solution's value."""

    def __init__(self):
        self.column, self.best, self.bound, self.begin, self.end = 0, None, None, None, 0

    def value(self, line):
        """What a row of a table has in that column, or None."""
        if not self.column or line[self.column:self.column + 1] not in ("", " "):
            return None
        try:
            return float(line[:self.column].split()[-1]) if line[self.column - 1] != " " else None
        except (IndexError, ValueError):
            return None

    def read(self, at_s, line):
        """The value of a better solution, or None."""
        self.end = at_s
        if self.begin is None and LOADED.search(line):
            self.begin = at_s
        if least := LEAST.search(line):
            self.bound = float(least[1]) * (1 - DIGITS)
        if line.endswith(" Time(s)"):
            self.column = line.find(" BestSol ") + len(" BestSol") if " BestSol " in line else 0
            return None
        value = self.value(line)
        if value is None or (self.best is not None and value >= self.best):
            return None
        self.best = value
        return value

    @property
    def spent_s(self):
        return 0 if self.begin is None else self.end - self.begin


def read_solution(path, count):
    """Column values; None: it found nothing."""
    if not path.exists():
        return None
    first, *rows = path.read_text(encoding="ascii").splitlines()
    if "infeasible" in first.lower() or not rows:
        return None
    x = [0.0] * count
    for row in rows:
        name, value = row.replace("**", "").split()[1:3]
        x[int(name[1:])] = float(value)
    return x


def solve(program, limit_s, heard):
    with tempfile.TemporaryDirectory() as folder:
        model, found = pathlib.Path(folder, "m.mps"), pathlib.Path(folder, "f.sol")
        milp.write_mps(program, model)
        command = [cbcbox.cbc_bin_path(), model, "-threads", peer.THREADS, "-timeMode", "elapsed",
                   "-seconds", limit_s, "-ratioGap", peer.GAP,
                   "-solve", "-solution", found]
        log = Log()
        for at_s, line in spoken.lines(command, limit_s):
            value = log.read(at_s, line)
            if value is not None:
                heard(log.spent_s, value * milp.SCALE)
        bound = None if log.bound is None else log.bound * milp.SCALE
        # Without a solution it writes down where it is.
        x = None if log.best is None else read_solution(found, len(program.upper))
        return peer.Answer(x, bound)


if __name__ == "__main__":
    peer.run(solve)
