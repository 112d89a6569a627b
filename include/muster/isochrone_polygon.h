/** @file muster/isochrone_polygon.h
 *  Isochrones as areas on the map. Part of libmuster_gis. */
#ifndef MUSTER_ISOCHRONE_POLYGON_H
#define MUSTER_ISOCHRONE_POLYGON_H

#include <muster/isochrone.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Polygons with holes, as simple features and RFC 7946 have them: outer rings
 *  counter-clockwise, holes clockwise, a ring's last point is its first. */
typedef struct muster_multipolygon {
    uint32_t        polygon_count;
    const uint32_t *first_ring;  /**< [polygon_count + 1] A polygon's outer ring, then holes. */
    const uint32_t *first_point; /**< [first_ring[polygon_count] + 1] */
    const double   *lon_deg;     /**< [first_point[first_ring[polygon_count]]] WGS 84 */
    const double   *lat_deg;
    double          area_m2; /**< On the ellipsoid, without the holes. */
} muster_multipolygon;

typedef struct muster_isochrone_polygons muster_isochrone_polygons;

/** The area within @p radius_m, in a straight line, of the roads and nodes that are reached:
 *  one multipolygon for each limit of @p isochrone.
 *
 *  Distances are taken on a grid of half the radius and the outline is drawn between its points
 *  (marching squares). Whatever the roads, polygons are valid, those of a smaller limit lie
 *  within those of a larger one, and every reached place is inside: so is all that is within
 *  0.9 radii of one, and nothing that is beyond 1.5, so that narrow gaps may close.
 *  Networks across the 180th meridian are not joined there.
 *
 *  By air it is what lies within the limit, whatever @p radius_m: circles of 360 corners around the
 *  origins, joined where they overlap, on the sphere that flights are measured on.
 *  @param out        receives the areas, yours: muster_isochrone_polygons_free
 *  @param isochrone  what is reached; only read
 *  @param radius_m   1 or more; how far from a road still counts, 250 m say
 *  O(grid points * limits + reached road length / radius).
 *  @return MUSTER_E_INVALID for another radius or where the grid would be too large, and the
 *          message says what would do, or where a circle by air reaches over a pole or the 180th
 *          meridian; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_isochrone_polygons_new(muster_isochrone_polygons **out,
                                                       const muster_isochrone     *isochrone,
                                                       double                      radius_m);
MUSTER_API void          muster_isochrone_polygons_free(muster_isochrone_polygons *polygons);

/** The area of limit number @p limit. Its arrays live as long as @p polygons. */
MUSTER_API muster_multipolygon
muster_isochrone_polygons_within(const muster_isochrone_polygons *polygons, uint32_t limit);

#ifdef __cplusplus
}
#endif
#endif
