"""The road book: every stretch of road that was drawn, as one table of short segments.

Classes are those of OpenStreetMap by their number here, the most important first, so that
comparing numbers compares importance. A `deck` other than 0 is a road that nothing crosses at
level: a carriageway of a motorway or a ramp. Ends marked `joins` are joined to whatever road
they touch, on any deck.
"""
import numpy as np

from plane import densify, warp

CLASSES = ("motorway", "motorway_link", "trunk", "primary", "secondary", "tertiary",
           "unclassified", "residential", "living_street", "service", "track")
RANK = {name: rank for rank, name in enumerate(CLASSES)}
STEP_M = 60
COLUMNS = ("rank", "name", "deck", "joins_start", "joins_end")


class RoadBook:
    def __init__(self):
        self.names, self.name_id = [None], {None: 0}
        self.parts, self.deck_count = [], 0

    def _name(self, name):
        if name not in self.name_id:
            self.name_id[name] = len(self.names)
            self.names.append(name)
        return self.name_id[name]

    def _add(self, start, end, rank, name_id, deck=0, joins_start=False, joins_end=False):
        n = len(start)
        part = {"start": start, "end": end}
        values = (rank, name_id, deck, joins_start, joins_end)
        for column, value in zip(COLUMNS, values):
            part[column] = np.broadcast_to(np.asarray(value), n).astype(np.int32)
        self.parts.append(part)

    def add_line(self, line, road_class, name=None):
        line = densify(np.asarray(line), STEP_M)
        self._add(line[:-1], line[1:], RANK[road_class], self._name(name))

    def add_deck(self, line, road_class, name=None):
        """One carriageway, driven from its first point to its last."""
        self.deck_count += 1
        line = densify(np.asarray(line), STEP_M)
        first, last = np.zeros(len(line) - 1, bool), np.zeros(len(line) - 1, bool)
        first[0] = last[-1] = True
        self._add(line[:-1], line[1:], RANK[road_class], self._name(name), self.deck_count,
                  first, last)

    def add_straight(self, pieces, ranks, names=None):
        """Many straight pieces (u0, v0, u1, v1) of the drawing board, bent by the warp."""
        pieces, ranks = np.asarray(pieces, float), np.asarray(ranks)
        ids = [self._name(n) for n in names] if names is not None else np.zeros(len(pieces), int)
        step = pieces[:, 2:] - pieces[:, :2]
        counts = np.maximum(1, np.ceil(np.hypot(*step.T) / STEP_M)).astype(int)
        which = np.repeat(np.arange(len(pieces)), counts)
        k = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        share = step[which] / counts[which][:, None]
        start = warp(pieces[which, :2] + share * k[:, None])
        end = warp(pieces[which, :2] + share * (k + 1)[:, None])
        self._add(start, end, ranks[which], np.asarray(ids)[which])

    def table(self):
        return {key: np.concatenate([p[key] for p in self.parts])
                for key in ("start", "end", *COLUMNS)}


def select(table, keep):
    return {key: column[keep] for key, column in table.items()}
