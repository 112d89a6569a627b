/* Pieces of GeoJSON (RFC 7946). What runs out of memory is NULL, which jansson passes on. */
#ifndef CLI_GEOJSON_H
#define CLI_GEOJSON_H

#include <jansson.h>

#include <muster/hazard.h>

/* Coordinates have six decimals: 0.1 m. */
json_t *geojson_point(const muster_site *site);
json_t *geojson_line(uint32_t count, const double *lon_deg, const double *lat_deg);
json_t *geojson_multipoint(const muster_points *points);
json_t *geojson_multiline(const muster_lines *lines);
json_t *geojson_multipolygon(const muster_multipolygon *polygons);
/* Takes the references of both. */
json_t *geojson_feature(json_t *geometry, json_t *properties);

#endif
