"""How costs grow: with nodes (smaller provinces), with the sides of a table, with
the share of arcs under water, with threads; and what follows for a country, with the arithmetic.
"""

import math

import install
import measured
from graphs import finish, make_province

SIDES = (100, 200, 400, 800)  # 10,000 to 640,000 nodes; the province itself is the last
COUNTRY_NODES = 20e6


def number_rows(text):
    """{what: value} of bench_build."""
    return {row.split("\t")[0]: float(row.split("\t")[1]) for row in text.splitlines()}


def build_costs(build, folder):
    program = build / "bench/bench_build"
    return number_rows(install.run([program, folder / "network.gpkg"], "bench_build"))


def smaller(build, work, side):
    """One size: {"build": bench_build, "ours": times on 1 and 2 threads, "routingkit": times}."""
    folder = work / f"province-{side}"
    if not (folder / "duration_ms.u32").exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_province(build, folder, side)
        finish(build, folder)
    out = folder / "routingkit"
    out.mkdir(exist_ok=True)
    ours = measured.muster(build, folder)
    try:
        routingkit = measured.routingkit(folder, out, work)
    except install.Missing:
        routingkit = {}
    return {"build": build_costs(build, folder), "ours": ours, "routingkit": routingkit}


def curves(build, folder):
    """bench_growth on one graph, on one thread and on two."""
    program, network = build / "bench/bench_growth", folder / "network.gpkg"
    return [measured.times_by(program, network, what="bench_growth", threads=n) for n in (1, 2)]


# ---- what follows for a country ------------------------------------------------------------

def fit(nodes, values):
    """The exponent e of value ~ nodes^e: least squares of the logarithms."""
    x, y = [math.log(n) for n in nodes], [math.log(v) for v in values]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return (sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
            / sum((a - mean_x) ** 2 for a in x))


# What; unit; its value at a size.
TIMES = [
    ("order and topology", "s", lambda p: p["ours"][0]["order"].fastest_ms / 1e3),
    ("customization, 1 thread", "s", lambda p: p["ours"][0]["customize"].fastest_ms / 1e3),
    ("flood of 1 %", "s", lambda p: p["ours"][0]["flood"].fastest_ms / 1e3),
    ("one place to one place", "ms", lambda p: p["ours"][0]["query"].fastest_ms),
    ("table 50 x 200", "ms", lambda p: p["ours"][0]["table_50x200"].fastest_ms),
    ("table 1000 x 1000, 1 thread", "ms",
     lambda p: p["ours"][0]["table_1000x1000"].fastest_ms),
    ("one to all, a tree", "ms", lambda p: p["ours"][0]["tree"].fastest_ms),
]
# Arrays by node, edge and up-arc: proportional. A fit would take the program itself, which small
# networks consist of, for a saving.
MEMORY = [
    ("network in memory", "MB", lambda p: p["build"]["network"]),
    ("hierarchy in memory", "MB", lambda p: p["build"]["hierarchy"]),
    ("a metric's weights", "MB", lambda p: p["build"]["metric"]),
    ("peak while building", "MB", lambda p: p["build"]["peak"]),
]


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def projection(pieces):
    """Rows of text: what, its value at every size, the fit, the arithmetic and what it gives."""
    nodes = [p["build"]["nodes"] for p in pieces]
    for what, unit, value in TIMES + MEMORY:
        values = [value(p) for p in pieces]
        exponent = fit(nodes[-3:], values[-3:]) if (what, unit, value) in TIMES else 1
        scale = (COUNTRY_NODES / nodes[-1]) ** exponent
        yield [f"{what}, {unit}", *(number(v) for v in values),
               f"n^{exponent:.2f}" if exponent != 1 else "n",
               f"{number(values[-1])} x {scale:.3g}", f"**{number(values[-1] * scale)}**"]


def headings(pieces):
    return ["what", *(f"{p['build']['nodes']:,.0f} nodes" for p in pieces),
            "grows with", f"for {COUNTRY_NODES / 1e6:.0f} million", "gives"]
