"""What a store holds beside roads, units and incidents: places with people, and what at-risk sites keep."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas

from muster._frames import WGS84, points
from muster._memory import encoded, made
from muster._native import ffi, lib
from muster._structs import listed, texts


def places_frame(store: Any) -> geopandas.GeoDataFrame:
    pointer = made("muster_named_sites", lib.muster_named_sites_load, encoded(store))
    sites = ffi.gc(pointer, lib.muster_named_sites_free)
    rows = listed("muster_named_site", lib.muster_named_sites_list, sites)
    level = np.where(texts(rows["table"]) == "at_risk_site", "at_risk_site", texts(rows["level"]))
    people = pandas.arrays.IntegerArray(rows["population"].copy(), rows["population"] < 0)
    return geopandas.GeoDataFrame({"name": texts(rows["name"]), "level": level.astype(object), "population": people},
                                  index=pandas.Index(texts(rows["code"]), name="code"),
                                  geometry=points(rows["lon_deg"], rows["lat_deg"]), crs=WGS84)


def kits_frame(store: Any) -> pandas.DataFrame:
    pointer = made("muster_kits", lib.muster_kits_load, encoded(store))
    kits = ffi.gc(pointer, lib.muster_kits_free)
    rows = listed("muster_kit", lib.muster_kits_list, kits)
    return pandas.DataFrame({"site": texts(rows["site"]), "kind": texts(rows["kind"]), "quantity": rows["quantity"]})
