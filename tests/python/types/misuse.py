"""What type checkers have to find, in each line that ends with the kind of error."""

from __future__ import annotations

import muster
from muster._native import lib

network = muster.Network.from_osm(7)  # arg-type
metric = network.metric(profile=3)  # arg-type
table = metric.matrix([(120.7, 30.7)], distance=True)  # call-arg
rows: str = table.duration_ms  # assignment
metric.route((120.7, 30.7), (120.8, 30.8)).duration_ms  # union-attr
plan = muster.solve("jiaxing.gpkg")  # arg-type
muster.solve(muster.Scenario.load("jiaxing.gpkg"), time_limit="2 s")  # arg-type
plan.assigments  # attr-defined
muster.Problem.from_frames({"light": metric}, kinds=None, incidents=None)  # call-arg, arg-type
lib.muster_metric_fre(metric._pointer)  # attr-defined
lib.muster_road_class_name()  # call-arg
