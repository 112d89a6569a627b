"""Places, as analysts have them: longitudes and latitudes of WGS 84, in whatever container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from muster._errors import InvalidError
from muster._memory import given, plain

if TYPE_CHECKING:
    from muster._types import Floats, PlacesLike


def lon_lat(places: PlacesLike, what: str = "places") -> tuple[Floats, Floats]:
    """(lon_deg, lat_deg) of a GeoSeries or GeoDataFrame of points, a DataFrame with columns lon and lat,
    an array of shape (n, 2), or a sequence of pairs.

    A GeoSeries must say its coordinate system, and is brought to WGS 84."""
    if hasattr(places, "to_crs") and hasattr(places, "geometry"):
        return _of_geometry(places.geometry, what)
    if hasattr(places, "columns"):
        return _of_columns(places, what)
    try:
        array = np.asarray(places, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidError(f"{what} are no numbers: {error}; expected pairs of longitude and latitude") from None
    if array.shape == (2,):
        array = array.reshape(1, 2)
    if array.size == 0:
        return np.empty(0), np.empty(0)
    if array.ndim != 2 or array.shape[1] != 2:
        raise InvalidError(f"{what} has the shape {array.shape}; expected (n, 2): longitude and latitude")
    return np.ascontiguousarray(array[:, 0]), np.ascontiguousarray(array[:, 1])


def _of_geometry(series: Any, what: str) -> tuple[Floats, Floats]:
    if series.crs is None:
        raise InvalidError(f"{what} has no coordinate system; expected one (set_crs)")
    wrong = np.flatnonzero((series.geom_type != "Point").to_numpy() | series.is_empty.to_numpy())
    if wrong.size:
        raise InvalidError(f"{what} has no point in row {plain(series.index[wrong[0]])!r}, but "
                           f"{series.geom_type.iloc[wrong[0]]}; expected points")
    series = series.to_crs(4326)
    return series.x.to_numpy(np.float64), series.y.to_numpy(np.float64)


def _of_columns(frame: Any, what: str) -> tuple[Floats, Floats]:
    for names in (("lon", "lat"), ("lon_deg", "lat_deg"), ("longitude", "latitude")):
        if all(name in frame.columns for name in names):
            lon, lat = (given(frame[name].to_numpy(), np.float64, f"column {name} of {what}") for name in names)
            return lon, lat
    raise InvalidError(f"{what} has the columns {', '.join(map(str, frame.columns))}; expected lon and lat, "
                       "or points")


def index_of(places: PlacesLike) -> Any:
    """The labels of places, for the rows of an answer; None: they are numbered."""
    index = getattr(places, "index", None)
    return None if index is None or callable(index) else index
