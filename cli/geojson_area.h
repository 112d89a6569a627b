/* Areas of a GeoJSON document. */
#ifndef CLI_GEOJSON_AREA_H
#define CLI_GEOJSON_AREA_H

#include <stdbool.h>

#include <jansson.h>

#include <muster/isochrone_polygon.h>

/* The polygons of a geometry: of a Polygon or a MultiPolygon; none of others. Owns its arrays. */
typedef struct geojson_area {
    muster_multipolygon area; /* area_m2 is not worked out */
    uint32_t           *first_ring, *first_point;
    double             *lon_deg, *lat_deg;
} geojson_area;

/* False where a ring is no ring, a coordinate no degree, or memory has run out; *out is empty then. */
bool geojson_area_read(geojson_area *out, const json_t *geometry);
void geojson_area_free(geojson_area *a);

#endif
