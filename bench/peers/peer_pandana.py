"""The jobs of bench_jobs by pandana (PyPI), whose contraction hierarchy answers pairs.

usage: peer_pandana.py GRAPH_FOLDER OUT_FOLDER
A table is all its pairs in one call, for that is what pandana has. It keeps whole thousandths of what it
is given, cut off; so it is given seconds, and a third of a millisecond more. Many pairs go into one call,
as its manual has it."""

import os
import sys

import numpy
import pandana
import pandas

from asked import LARGE, UNREACHABLE, Asked, keep, tables, timed

NO_WAY_S = 4294967.295  # what it says where there is no way


def network_of(asked):
    seconds = pandas.DataFrame({"s": (asked.duration_ms + 0.3) / 1000})
    return pandana.Network(*map(pandas.Series, (asked.lon, asked.lat, asked.tail, asked.head)), seconds,
                           twoway=False)


def milliseconds(seconds):
    seconds = numpy.asarray(seconds)
    return numpy.where(seconds >= NO_WAY_S, UNREACHABLE, numpy.rint(seconds * 1000))


def talk_elsewhere():
    """pandana tells its progress to standard output, where our rows go: let it have standard error."""
    sys.stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)


def main():
    talk_elsewhere()
    asked, out = Asked(sys.argv[1]), sys.argv[2]
    network = timed("build", 1, lambda: network_of(asked))
    pairs = asked.sources, asked.targets
    keep(out, "query", milliseconds(timed("query", 3, lambda: network.shortest_path_lengths(*pairs), LARGE)))
    timed("path", 3, lambda: network.shortest_paths(*pairs), LARGE)
    tables(lambda rows, columns: network.shortest_path_lengths(
        numpy.repeat(asked.sources[:rows], columns), numpy.tile(asked.targets[:columns], rows)), milliseconds, out)


if __name__ == "__main__":
    main()
