"""Names for the annotations of this package. Type checkers read them, programs do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import os

    import pandas

    Frame: TypeAlias = pandas.DataFrame
    Path: TypeAlias = str | os.PathLike[str]

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.uint32]
Mask: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[Any]
"""A structured array on structs of the library's, or one of its columns."""

PlacesLike: TypeAlias = Any
"""A GeoSeries or GeoDataFrame of points, a DataFrame with lon and lat, (n, 2) numbers, or Places. GeoPandas
comes without types."""

Areas: TypeAlias = Any
"""A GeoSeries or GeoDataFrame of polygons, or one polygon of shapely's. The same goes for lines."""
