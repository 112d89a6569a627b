/* Geometry as a GeoPackage stores it: a small header, then well-known binary.
 *
 *   'G' 'P' version flags srs_id [envelope]   byte order, type, [count], x, y, x, y, ...
 *
 * Only two-dimensional points and lines in WGS 84 are read and written here; what is inside a
 * polygon is the business of polygon_column.h. */
#ifndef MU_GIS_GEOMETRY_BLOB_H
#define MU_GIS_GEOMETRY_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <muster/isochrone_polygon.h>

enum { MU_SRS_WGS84 = 4326 };

/* Numbers are those of well-known binary. */
typedef enum mu_geometry_type {
    MU_GEOMETRY_POINT        = 1,
    MU_GEOMETRY_LINE         = 2,
    MU_GEOMETRY_POLYGON      = 3,
    MU_GEOMETRY_MULTIPOINT   = 4,
    MU_GEOMETRY_MULTILINE    = 5,
    MU_GEOMETRY_MULTIPOLYGON = 6
} mu_geometry_type;

typedef struct mu_bounds {
    double min_lon, min_lat, max_lon, max_lat;
} mu_bounds;

/* A decoded geometry still lies in its blob, which must outlive it. */
typedef struct mu_geometry {
    uint32_t             point_count; /* 1 of a point, 2 or more of a line */
    const unsigned char *coordinates; /* pairs of doubles, not aligned */
    bool                 is_swapped;  /* in the other byte order than this machine's */
} mu_geometry;

enum { MU_GEOMETRY_REASON_BYTES = 120 };

/* What follows header and type of a geometry. */
typedef struct mu_geometry_body {
    const unsigned char *at;
    size_t               left;
    bool                 is_swapped; /* in the other byte order than this machine's */
} mu_geometry_body;

/* Check header and type; false with the reason as below. */
bool mu_geometry_open(mu_geometry_body *out, mu_geometry_type type, const void *blob, size_t size,
                      char reason[MU_GEOMETRY_REASON_BYTES]);
/* Unaligned numbers of either byte order. */
uint32_t mu_geometry_u32(const unsigned char *at, bool is_swapped);
double   mu_geometry_double(const unsigned char *at, bool is_swapped);

/* Decode a point or a line. False where the blob is no such geometry: `reason` then says why, "has srs_id 3857;
 * expected 4326 (WGS 84)" say. All coordinates of a decoded geometry are finite. */
bool mu_geometry_decode(mu_geometry *out, mu_geometry_type type, const void *blob, size_t size,
                        char reason[MU_GEOMETRY_REASON_BYTES]);
void mu_geometry_point(const mu_geometry *geometry, uint32_t index, double *lon_deg,
                       double *lat_deg);

enum { MU_POINT_BLOB_BYTES = 8 + 21 };
size_t mu_line_blob_bytes(uint32_t point_count);

void mu_point_blob_encode(unsigned char out[MU_POINT_BLOB_BYTES], double lon_deg, double lat_deg);
/* With the line's bounds in the header; `out` has mu_line_blob_bytes(point_count). */
void mu_line_blob_encode(unsigned char *out, uint32_t point_count, const double *lon_deg,
                         const double *lat_deg, mu_bounds *out_bounds);

/* A MULTIPOLYGON; `out` has mu_area_blob_bytes(area). */
size_t mu_area_blob_bytes(const muster_multipolygon *area);
void   mu_area_blob_encode(unsigned char *out, const muster_multipolygon *area,
                           mu_bounds *out_bounds);

#endif
