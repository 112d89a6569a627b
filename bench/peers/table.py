"""The table of the comparison, as Markdown that also reads well in a terminal."""

from targets import PEERS, ROWS, TARGETS, reached

HEADINGS = ["job", "graph", "threads", "muster", *PEERS, "best peer : muster", "target",
            "reached"]
# Other columns are numbers.
TEXTS = {"job", "graph", "target", "reached", "what", "scenario", "solver", "fastest", "compared"}


def number(value):
    """Three digits, with commas."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(fastest_ms, median_ms, unit):
    factor = 1e3 if unit == "us" else 1
    return f"{number(fastest_ms * factor)} ({number(median_ms * factor)})"


def peer_cell(results, peer, row):
    times = results.theirs(peer, row)
    if times:
        return cell(*times, row.unit)
    return "not there" if peer.removesuffix(" CH") in results.missing and peer in row.peers else ""


def ratio(results, row):
    best = results.best(row)
    if best is None:
        return ""
    value = best[1] / results.mine(row.job, row.threads).fastest_ms
    return f"{number(value)} ({best[0]})"


def verdict(value, met):
    return f"{value}, met" if met else f"{value}, **missed**"


def line_of(results, graph, row):
    ours = results.mine(row.job, row.threads)
    targets = reached(results, graph, row)
    label = row.label + (", µs" if row.unit == "us" else ", ms")
    return [label, graph, str(row.threads), cell(ours.fastest_ms, ours.median_ms, row.unit),
            *(peer_cell(results, peer, row) for peer in PEERS), ratio(results, row),
            "; ".join(words for words, _, _ in targets),
            "; ".join(verdict(value, met) for _, value, met in targets)]


def build_targets(builds):
    """What it takes to build the province: label, value, target, (reached, met)."""
    seconds = (builds["order"] + builds["customize"]) / 1e3
    yield "built: order, topology, metric, s", seconds, "20 s", (f"{seconds:.1f} s", seconds < 20)
    for label, megabytes in (
            ("peak of the process, MB", builds["peak"]),
            ("resident afterwards, MB", builds["resident"]),
            ("of that hierarchy and metric, MB", builds["hierarchy"] + builds["metric"])):
        yield label, megabytes, "350 MB", (f"{megabytes:.0f} MB", megabytes < 350)


def build_lines(builds):
    for label, value, words, answer in build_targets(builds):
        yield [label, "province", "2", number(value), *[""] * len(PEERS), "", words,
               verdict(*answer)]


def markdown(headings, lines):
    widths = [max(len(line[i]) for line in [headings, *lines]) for i in range(len(headings))]
    rule = ["-" * w if name in TEXTS else "-" * (w - 1) + ":"
            for name, w in zip(headings, widths)]
    return "\n".join("| " + " | ".join(text.ljust(w) for text, w in zip(line, widths)) + " |"
                     for line in [headings, rule, *lines])


def table(all_results, builds):
    """all_results: {graph: Results}."""
    lines = [line_of(all_results[graph], graph, row) for row in ROWS for graph in row.graphs
             if graph in all_results]
    lines += list(build_lines(builds)) if builds else []
    # Peers that are nowhere take no room.
    used = [i for i, name in enumerate(HEADINGS) if name not in PEERS or any(l[i] for l in lines)]
    return markdown([HEADINGS[i] for i in used], [[line[i] for i in used] for line in lines])


def targets_table(all_results, builds):
    """The targets alone: what was reached on each graph."""
    names = [*all_results]
    lines = []
    for target in TARGETS:
        row = next(r for r in ROWS if (r.label, r.threads) == (target.label, target.threads))
        answers = [target.reach(all_results[name], row) if name in target.graphs else None
                   for name in names]
        threads = f", {target.threads} threads" if target.threads > 1 else ""
        lines.append([target.label + threads, target.words,
                      *(verdict(*answer) if answer else "" for answer in answers)])
    for label, _, words, answer in build_targets(builds) if builds else ():
        lines.append([label, words, *(verdict(*answer) if name == "province" else ""
                                      for name in names)])
    return markdown(["job", "target", *names], lines)
