/** @file muster/coordinates.h
 *  Coordinate systems: from the one that a source states to WGS 84, and back. Part of
 *  libmuster_gis.
 *
 *  Inside, every position is WGS 84. A source in another system says so by name, and only then
 *  is it converted: that positions look like those of another system is said, and never acted
 *  upon. What each system is, and how exact it is, is in docs/coordinates.md.
 *
 *  Axes are in one order for all systems, whatever their authority has: x is the longitude or the
 *  easting, y the latitude or the northing. */
#ifndef MUSTER_COORDINATES_H
#define MUSTER_COORDINATES_H

#include <muster/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A coordinate system, ready to convert. Belongs to one thread at a time. */
typedef struct muster_crs muster_crs;

/** Find a system by its name; upper and lower case, spaces, `-` and `_` do not matter.
 *
 *  | name | is |
 *  |---|---|
 *  | `WGS84`, `CRS84` | WGS 84, longitude and latitude |
 *  | `CGCS2000` | China Geodetic Coordinate System 2000, longitude and latitude: EPSG:4490 |
 *  | `GCJ-02` | what Chinese maps have by law: shifted by some hundred metres within China |
 *  | `BD-09` | GCJ-02, shifted once more: Baidu |
 *  | `EPSG:CODE` | any system of longitude and latitude or of easting and northing that PROJ
 *                  knows, with a known way to WGS 84; also as `urn:ogc:def:crs:EPSG::CODE` |
 *
 *  PROJ is asked not to fetch anything from the network, nor to make do with a transformation that
 *  ignores the datum.
 *  @return MUSTER_E_INVALID for an unknown name or a system of another kind, MUSTER_E_IO without
 *          PROJ's database, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_crs_new(muster_crs **out, const char *name);
MUSTER_API void          muster_crs_free(muster_crs *crs);
/** "WGS 84", "GCJ-02", "BD-09" or "EPSG:4528". */
MUSTER_API const char *muster_crs_name(const muster_crs *crs);
/** As its authority calls it: "CGCS2000 / 3-degree Gauss-Kruger zone 40". */
MUSTER_API const char *muster_crs_title(const muster_crs *crs);
/** 1: easting and northing; 0: longitude and latitude. */
MUSTER_API int muster_crs_is_projected(const muster_crs *crs);

/** Convert @p count positions to WGS 84. The arrays that are written may be those that are read.
 *  A position that is no position of the system (not finite, off the globe, more than three
 *  degrees of longitude beside the area that a projection is for) becomes NaN, NaN, and the others
 *  are converted all the same.
 *  @return MUSTER_E_INVALID naming the first position that could not be converted, and why; it is
 *          numbered, from 0, where there are several. O(count), and allocates nothing. */
MUSTER_API muster_status muster_crs_to_wgs84(muster_crs *crs, size_t count, const double *x,
                                             const double *y, double *lon_deg, double *lat_deg);
/** The other way, under the same rules. There and back is within 1 m, for GCJ-02 and BD-09 over
 *  all of China. */
MUSTER_API muster_status muster_crs_from_wgs84(muster_crs *crs, size_t count, const double *lon_deg,
                                               const double *lat_deg, double *x, double *y);

/** A copy in WGS 84 of a network that was read from a source whose coordinates are of @p crs, a
 *  system of longitude and latitude, without the source's saying so: tables of GCJ-02 positions are
 *  marked as WGS 84, for want of a number. Lengths change as the lines along the ellipsoid do, by a
 *  thousandth or two; all else is the same. O(nodes + points), and what muster_network_new takes.
 *  @return MUSTER_E_INVALID naming the node or point that is no position of the system;
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_crs_network(muster_network **out, const muster_network *network,
                                            muster_crs *crs);

/** A rectangle of longitudes and latitudes. */
typedef struct muster_extent {
    double west_deg, south_deg, east_deg, north_deg;
} muster_extent;

/** What holds every node of a network; of one without nodes all four are NaN. O(nodes). */
MUSTER_API muster_extent muster_network_extent(const muster_network *network);

/** How a position lies to an extent. */
typedef enum muster_position {
    MUSTER_POSITION_NEAR, /**< Inside, or within 0.1 degrees: a little more than sites are moved. */
    MUSTER_POSITION_FAR,  /**< Neither as it is nor the other way round. */
    MUSTER_POSITION_SWAPPED /**< Far, and near if longitude and latitude changed places. */
} muster_position;

/** How @p lon_deg, @p lat_deg lies; numbers that are no position on the globe are welcome. */
MUSTER_API muster_position muster_extent_look(const muster_extent *extent, double lon_deg,
                                              double lat_deg);

#ifdef __cplusplus
}
#endif
#endif
