"""What the Python package wants to be able to do, as rows of a table: from the times that the programs print."""

import collections

# A figure of a line: what it is called, its program, the job, microseconds instead of milliseconds.
Figure = collections.namedtuple("Figure", "name program job is_us", defaults=[False])
# label; figures; what is compared (a function of their fastest times, or None); words of it and of the target;
# whether the target is met (a function of what is compared, or None).
Line = collections.namedtuple("Line", "label figures compare words target is_met", defaults=[None] * 4)


def more_than(first_ms, second_ms):
    return second_ms / first_ms - 1


def percent_more(share):
    return f"{100 * share:+.1f} %"


def times(slow_ms, fast_ms):
    return slow_ms / fast_ms


def factor(value):
    return f"{value:.2f} x"


def both(job, python_job=None, is_us=False):
    return [Figure("C", "calls", f"c_{job}", is_us), Figure("Python", "calls", f"python_{python_job or job}", is_us)]


def one_and_two(first, second, program, first_job, second_job):
    return [Figure(first, program, first_job), Figure(second, program, second_job)]


LINES = [
    Line("table 1000 x 1000, one thread", both("1"), more_than, percent_more, "at most 5 % more than C",
         lambda share: share <= 0.05),
    Line("table 1000 x 1000, two threads", both("2"), more_than, percent_more, "at most 5 % more than C",
         lambda share: share <= 0.05),
    Line("the same, C into new memory each time, one thread", both("new_1", "1"), more_than, percent_more),
    Line("the same from two frames of places, one thread", both("frames"), more_than, percent_more),
    Line("a call that does nothing", both("nothing", is_us=True)),
    Line("one place to its road", both("snap", is_us=True)),
    Line("table 1 x 1", both("one", is_us=True)),
    Line("problem of frames, typhoon-100", [Figure("Python", "frames", "build")], lambda ms: ms, "{:.1f} ms".format,
         "under 100 ms", lambda ms: ms < 100),
    Line("two plans, Python, one thread and two",
         one_and_two("in turn", "at once", "pair", "python_one", "python_threads"), times, factor, "at least 1.8 x",
         lambda value: value >= 1.8),
    Line("of that, processor time", one_and_two("in turn", "at once", "pair", "busy_one", "busy_threads"),
         more_than, percent_more),
    Line("two plans, C, one thread and two", one_and_two("in turn", "at once", "pair", "c_one", "c_threads"),
         times, factor),
    Line("two plans, C, one process and two", one_and_two("in turn", "at once", "pair", "c_one", "c_processes"),
         times, factor),
    Line("sweep of 64 plans with tables, Dask", one_and_two("1 worker", "2 workers", "cluster", "sweep_1", "sweep_2"),
         times, factor, "at least 1.7 x", lambda value: value >= 1.7),
]


def number(milliseconds, is_us):
    if is_us:
        return f"{milliseconds * 1e3:.3g} µs"
    return f"{milliseconds:,.0f} ms" if milliseconds >= 100 else f"{milliseconds:.2f} ms"


def row_of(line, found):
    """found: {program: {job: Time}}"""
    fastest = [found[figure.program][figure.job].fastest_ms for figure in line.figures]
    cells = "; ".join(f"{figure.name} {number(ms, figure.is_us)}" for figure, ms in zip(line.figures, fastest))
    compared = line.compare(*fastest) if line.compare else None
    verdict = "" if line.is_met is None else "met" if line.is_met(compared) else "**missed**"
    return [line.label, cells, line.words(compared) if line.compare else "", line.target or "", verdict]


HEADINGS = ["job", "fastest", "compared", "target", "reached"]


def rows(found):
    return [row_of(line, found) for line in LINES]
