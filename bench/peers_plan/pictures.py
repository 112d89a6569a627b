"""The pictures of plans in docs/benchmarks.md."""

import limits
import race
from plots import BLUE, GREEN, GREY, ORANGE, plain, pyplot, save

PICTURES = {"plan-race": "Time to a plan within 1 % of the best", "plan-growth": "Plans by size",
            "plan-greedy": "Plans beside greedy's"}
STYLE = {"everything": ("o-", BLUE, "everything, items by vehicle"),
         "people": ("s--", ORANGE, "people alone")}
WHAT = {"incidents": "incidents", "units": "teams there, 100 incidents",
        "scarcity": "people needed / there, 100 incidents"}
MISSED = 1.6    # how far above the longest limit "not reached" is drawn


# ---- growth ------------------------------------------------------------------------------------

def draw_first(ax, x, points, style, colour, label):
    ax.plot(x, [limits.first_ms(rows) for rows in points], style, color=colour, label=label)


def draw_proof(ax, x, points, style, colour, label):
    """Open where it was not reached."""
    reached = [limits.seconds_to_proof(rows) for rows in points]
    most = limits.LIMITS[-1] / 1e3
    ax.plot([a for a, t in zip(x, reached) if t], [t for t in reached if t], style, color=colour,
            label=label)
    ax.plot([a for a, t in zip(x, reached) if not t], [most * MISSED for t in reached if not t],
            style[0], color=colour, markerfacecolor="none", clip_on=False)


def draw_gap(ax, x, points, style, colour, _):
    rows = [limits.at(point, limits.ONE_SECOND) for point in points]
    for tier, width in (("unmet", 2.2), ("response", 1)):
        gaps = [limits.gap(row, tier) for row in rows]
        known = [(a, 100 * g) for a, g in zip(x, gaps) if g is not None]
        ax.plot([a for a, _ in known], [g for _, g in known], style, color=colour, linewidth=width,
                markerfacecolor=colour if tier == "unmet" else "white")


ROWS = [("first plan, ms", draw_first),
        ("until proven within 1 %, s\n(open: not within 2 s)", draw_proof),
        ("gap after 1 s, %\n(thin: response time)", draw_gap)]


def growth(found, folder):
    figure, axes = pyplot.subplots(3, 3, figsize=(9.6, 8), sharex="col", sharey="row")
    for column, (what, families) in enumerate(found.items()):
        for row, (label, draw) in enumerate(ROWS):
            ax = axes[row][column]
            for family, points in families.items():
                draw(ax, [limits.ABSCISSA[what](rows[0]) for rows in points], points, *STYLE[family])
            scale(ax, what, draw)
            ax.set_ylabel(label if column == 0 else "")
        axes[2][column].set_xlabel(WHAT[what])
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, ncol=2, loc="upper center", bbox_to_anchor=(0.5, 0.965))
    figure.suptitle("Plans by incidents, units and scarcity", fontsize=11)
    save(figure, folder, "plan-growth", top=0.95)


def scale(ax, what, draw):
    if what == "incidents":
        ax.set_xscale("log")
        plain(ax.xaxis)
    if draw is draw_gap:
        ax.set_yscale("symlog", linthresh=0.01)
        ax.set_ylim(-0.002, 150)
        ax.set_yticks([0, 0.01, 0.1, 1, 10, 100], ["0", "0.01", "0.1", "1", "10", "100"])
    else:
        ax.set_yscale("log")
        plain(ax.yaxis)


# ---- greedy ------------------------------------------------------------------------------------

def greedy(pairs, folder):
    figure, axes = pyplot.subplots(2, len(pairs), figsize=(3.4 * len(pairs) + 1, 5.6), squeeze=False)
    for column, (size, runs) in enumerate(pairs.items()):
        for ax, (name, unit, label) in zip(axes[:, column], (
                ("unmet", 1e6, "unmet need"), ("response_p90_s", 60, "90th percentile, min"))):
            both = [[row[name] / unit for row in rows] for rows in zip(*runs)]
            for g, b in zip(*both):
                ax.plot([1, 2], [g, b], color="#cccccc", linewidth=0.7, zorder=1)
            boxes = ax.boxplot(both, widths=0.4, patch_artist=True, zorder=2,
                               medianprops={"color": "black"}, flierprops={"markersize": 3})
            for box, colour in zip(boxes["boxes"], (ORANGE, BLUE)):
                box.set(facecolor=colour, alpha=0.7)
            ax.set_xticks([1, 2], ["greedy", "muster"])
            ax.set_ylabel(label if column == 0 else "")
            ax.set_ylim(0, 1.05 * max(map(max, both)))
            ax.grid(axis="x", visible=False)
        axes[0][column].set_title(f"{size} incidents, {len(runs)} typhoons", fontsize=10)
    save(figure, folder, "plan-greedy")


# ---- the race ----------------------------------------------------------------------------------

MARKS = {"muster": ("o", BLUE), "HiGHS": ("s", ORANGE), "CP-SAT": ("^", GREEN), "CBC": ("D", "#CC79A7"),
         "GLPK": ("v", GREY)}


def race_times(cases, limit_s, folder):
    """A line a scenario; open at the right edge: not within 1 % in time."""
    figure, ax = pyplot.subplots(figsize=(8, 0.75 * len(cases) + 1.6))
    lane = {solver: 0.14 * (i - 2) for i, solver in enumerate(MARKS)}
    for y, found in enumerate(cases.values()):
        goal = race.least_cost(found)
        for solver, one in found.items():
            shape, colour = MARKS[solver]
            reached = race.seconds_to(one, goal)
            ax.plot([reached if reached is not None else limit_s * MISSED], [y + lane[solver]], shape,
                    color=colour, markerfacecolor=colour if reached is not None else "none")
    for solver, (shape, colour) in MARKS.items():
        ax.plot([], [], shape, color=colour, label=solver)
    ax.axvline(limit_s, color=GREY, linewidth=1, linestyle=":")
    ax.annotate(f"{limit_s} s ", (limit_s, -0.45), color=GREY, ha="right", va="top", fontsize=8)
    ax.set_xscale("log")
    ax.set_xlabel("seconds; open: not in time")
    plain(ax.xaxis)
    ax.set_yticks(range(len(cases)), [*cases])
    ax.set_ylim(len(cases) - 0.5, -0.5)
    ax.legend(ncol=len(MARKS), loc="upper center", bbox_to_anchor=(0.45, 1.22 if len(cases) < 4 else 1.14))
    save(figure, folder, "plan-race")
