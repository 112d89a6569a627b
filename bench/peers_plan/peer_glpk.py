"""GLPK's own integer optimizer: glpsol, one thread, as it comes. See peer.py."""

import pathlib
import re
import tempfile

import milp
import peer
import spoken

READ = re.compile(r"^GLPK Integer Optimizer")
# "+ 123: mip = 5.4e+01 >= 5.3e+01 ...", "+ 99: >>>>> 5.4e+01 >= ...": a better one
STATE = re.compile(r"^\+\s*\d+:\s*(mip =|>>>>>)\s*(\S+|not found yet)\s*>=\s*(\S+)")


def read_solution(path, count):
    if not path.exists():
        return None
    x = [0.0] * count
    for row in path.read_text(encoding="ascii").splitlines():
        words = row.split()
        if words[0] == "s" and words[4] not in "of":    # optimal, feasible
            return None
        if words[0] == "j":
            x[int(words[1]) - 1] = float(words[2])
    return x


def column_order(model):
    """write_mps puts integers first; glpsol counts columns as they come."""
    seen, order = set(), []
    with open(model, encoding="ascii") as file:
        for line in file:
            words = line.split()
            if len(words) == 3 and words[0][0] == "C" and words[0] not in seen:
                seen.add(words[0])
                order.append(int(words[0][1:]))
    return order


def solve(program, limit_s, heard):
    with tempfile.TemporaryDirectory() as folder:
        model, found = pathlib.Path(folder, "m.mps"), pathlib.Path(folder, "f.sol")
        milp.write_mps(program, model)
        begin, bound = None, None
        for at_s, line in spoken.lines(
                ["glpsol", "--freemps", model, "--tmlim", max(1, int(limit_s)), "--mipgap",
                 peer.GAP, "--write", found], limit_s):
            if begin is None and READ.search(line):
                begin = at_s
            state = STATE.search(line)
            if state and state[1] == ">>>>>":
                heard(at_s - (begin or at_s), float(state[2]) * milp.SCALE)
            if state and re.match(r"[-+.\d]", state[3]):
                bound = float(state[3]) * milp.SCALE
        x = read_solution(found, len(program.upper))
        if x is not None:
            x = [value for _, value in sorted(zip(column_order(model), x))]
        return peer.Answer(x, bound)


if __name__ == "__main__":
    peer.run(solve)
