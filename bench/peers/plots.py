"""The pictures of docs/benchmarks.md, from what growth.py and measured.py found."""

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams.update({
    "svg.hashsalt": "muster", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": "#dddddd", "grid.linewidth": 0.6, "axes.axisbelow": True,
    "figure.facecolor": "white", "legend.frameon": False,
})

from matplotlib import pyplot, ticker  # noqa: E402

# Okabe and Ito's colours, which colour-blind people tell apart; markers differ as well.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"


def plain(axis):
    """10,000 and 0.1 instead of powers of ten; on short axes 2 and 5 as well."""
    low, high = axis.get_view_interval()
    if high < 300 * low:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(ticker.FuncFormatter(lambda v, _: f"{v:,.0f}" if v >= 1 else f"{v:g}"))
    axis.set_minor_formatter(ticker.NullFormatter())


def log_log(ax, x_label, y_label):
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    plain(ax.xaxis)
    plain(ax.yaxis)


def save(figure, folder, name, top=1):
    """`top`: how much of the height is left for the axes."""
    figure.tight_layout(rect=(0, 0, 1, top))
    for ending in ("svg", "png"):
        figure.savefig(folder / f"{name}.{ending}", dpi=110,
                       metadata={"Date": None} if ending == "svg" else None)
    pyplot.close(figure)


# ---- nodes -----------------------------------------------------------------------------------

# Title, y label, factor on milliseconds, our job, RoutingKit's jobs.
PANELS = [
    ("order and topology", "seconds", 1e-3, "order", ["order_alone", "topology"]),
    ("full customization", "milliseconds", 1, "customize", ["customize"]),
    ("one place to one place", "microseconds", 1e3, "query", ["query"]),
    ("table 1000 x 1000", "milliseconds", 1, "table_1000x1000", ["table_1000x1000"]),
    ("table 50 x 200", "milliseconds", 1, "table_50x200", ["table_50x200"]),
    ("flood of 1 % of arcs", "milliseconds", 1, "flood", ["flood"]),
]


def nodes(pieces, folder):
    figure, axes = pyplot.subplots(2, 3, figsize=(9.6, 5.4))
    count = [p["build"]["nodes"] for p in pieces]
    for ax, (title, unit, factor, job, jobs) in zip(axes.flat, PANELS):
        ax.plot(count, [p["ours"][0][job].fastest_ms * factor for p in pieces], "o-", color=BLUE,
                label="muster")
        peers = [(n, sum(p["routingkit"][j].fastest_ms for j in jobs) * factor)
                 for n, p in zip(count, pieces) if all(j in p["routingkit"] for j in jobs)]
        if peers:
            ax.plot(*zip(*peers), "s--", color=ORANGE, label="RoutingKit CCH")
        log_log(ax, "nodes", unit)
        ax.xaxis.set_major_locator(ticker.LogLocator())  # numbers this long want the room
        ax.xaxis.set_major_formatter(ticker.EngFormatter())
        ax.set_title(title, fontsize=10)
    axes.flat[0].legend()
    figure.suptitle("Cost by nodes: made-up provinces, one thread", fontsize=11)
    save(figure, folder, "nodes")


# ---- tables and floods -----------------------------------------------------------------------

def sized(times, kind):
    """[(size, fastest)] of the rows "table 10", "flood 231"."""
    return sorted((int(job.split()[1]), t.fastest_ms) for job, t in times.items()
                  if job.split()[0] == kind)


def tables(curves, folder):
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6))
    for threads, (times, style, colour) in enumerate(zip(curves, ("o-", "s--"), (BLUE, ORANGE)), 1):
        points = sized(times, "table")
        label = f"{threads} thread{'s' * (threads > 1)}"
        left.plot(*zip(*points), style, color=colour, label=label)
        right.plot([n for n, _ in points], [ms * 1e6 / n**2 for n, ms in points], style,
                   color=colour, label=label)
    right.axhline(30, color=GREY, linewidth=1, linestyle=":")
    right.annotate("target: 30 ns", (10, 31), color=GREY, va="bottom")
    log_log(left, "sources = targets", "milliseconds")
    log_log(right, "sources = targets", "nanoseconds a cell")
    left.legend()
    figure.suptitle("Tables on the home scenario, by size", fontsize=11)
    save(figure, folder, "tables")


def floods(curves, arc_count, folder):
    figure, ax = pyplot.subplots(figsize=(6, 3.8))
    for threads, (times, style, colour) in enumerate(zip(curves, ("o-", "s--"), (BLUE, ORANGE)), 1):
        points = sized(times, "flood")
        label = f"{threads} thread{'s' * (threads > 1)}"
        ax.plot([100 * n / arc_count for n, _ in points], [ms for _, ms in points], style,
                color=colour, label=f"flood, {label}")
        ax.axhline(times["customize"].fastest_ms, color=colour, linewidth=1, linestyle=":")
        ax.annotate(f"everything anew, {label}", (0.009, times["customize"].fastest_ms),
                    color=colour, va="bottom", fontsize=8)
    log_log(ax, "arcs under water, % of all", "milliseconds")
    ax.legend(loc="lower right")
    ax.set_title("From the outline of a flood to a new metric, home scenario", fontsize=11)
    save(figure, folder, "floods")


# ---- threads ---------------------------------------------------------------------------------

THREADED = [("customize", "customization"), ("table_50x200", "table 50 x 200"),
            ("table_1000x1000", "table 1000 x 1000"), ("tree", "trees, 64 at once")]


def threads(all_results, folder):
    figure, ax = pyplot.subplots(figsize=(7.2, 3.6))
    width = 0.8 / len(all_results)
    for g, (graph, results) in enumerate(all_results.items()):
        speedup = [results.mine(job, 1).fastest_ms / results.mine(job, 2).fastest_ms
                   for job, _ in THREADED]
        bars = ax.bar([i + width * (g - (len(all_results) - 1) / 2) for i in range(len(THREADED))],
                      speedup, width * 0.92, label=graph,
                      color=(BLUE, ORANGE, GREEN, GREY)[g % 4], hatch=("", "//", "..", "xx")[g % 4],
                      edgecolor="white")
        ax.bar_label(bars, fmt="%.1f", fontsize=7)
    ax.axhline(1, color="black", linewidth=0.8)
    ax.axhline(2, color=GREY, linewidth=1, linestyle=":")
    ax.set_xticks(range(len(THREADED)), [name for _, name in THREADED])
    ax.set_ylabel("times faster than 1 thread")
    ax.grid(axis="x", visible=False)
    ax.legend(ncol=len(all_results), loc="upper center", bbox_to_anchor=(0.5, -0.12))
    ax.set_title("Two threads", fontsize=11)
    save(figure, folder, "threads")
