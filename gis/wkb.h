/* Well-known binary of the geometries that the tables hold: two-dimensional points, lines and
 * polygons in WGS 84, and several of one kind, in either byte order. Nothing in it is believed. */
#ifndef MU_GIS_WKB_H
#define MU_GIS_WKB_H

#include "gis/value.h"

/* Is it whole, of one of the types in `shapes` (mu_schema_column), with all coordinates on the
 * globe, lines of two points or more and rings that are closed? If not, `reason` says what was
 * expected. */
bool mu_wkb_judge(const char *bytes, size_t size, uint32_t shapes, mu_bounds *out_bounds,
                  char reason[MU_REASON_BYTES]);
/* As a message shows it: POINT (120.75 30.75), or type and size. */
void mu_wkb_show(char *out, size_t room, const char *bytes, size_t size);

/* Its type, of one that was found to be whole: a mu_geometry_type. */
uint32_t mu_wkb_type(const char *bytes);
/* One of its points: of a line, or a point alone, that was found to be whole. */
void mu_wkb_point(const char *bytes, uint32_t index, double *lon_deg, double *lat_deg);
/* How many there are. */
uint32_t mu_wkb_point_count(const char *bytes);

/* Where well-known binary begins in the blob of a GeoPackage; 0 with the reason where it is none in
 * WGS 84. */
size_t mu_wkb_in_blob(const void *blob, size_t size, char reason[MU_REASON_BYTES]);
/* The header of such a blob, with the bounds of what is no point; returns its size. */
enum { MU_BLOB_HEADER_BYTES = 40 };
size_t mu_wkb_blob_header(unsigned char out[MU_BLOB_HEADER_BYTES], bool is_point,
                          const mu_bounds *bounds);
/* The first bytes of the extended well-known binary of PostGIS, with the reference system inside:
 * MU_EWKB_HEADER_BYTES for the MU_WKB_HEADER_BYTES that begin `bytes`. */
enum { MU_WKB_HEADER_BYTES = 5, MU_EWKB_HEADER_BYTES = 9 };
void mu_wkb_ewkb_header(unsigned char out[MU_EWKB_HEADER_BYTES], const char *bytes);

#endif
