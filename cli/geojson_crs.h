/* GeoJSON in other systems than WGS 84.
 *
 * RFC 7946 knows none; its predecessor of 2008 had a member "crs" of the whole document, which
 * programs still write and read: {"type": "name", "properties": {"name": "urn:...:EPSG::4490"}}. */
#ifndef CLI_GEOJSON_CRS_H
#define CLI_GEOJSON_CRS_H

#include <jansson.h>

#include <muster/coordinates.h>

/* The system that a document states, NULL where it states none (a crs of null states none either);
 * it is the caller's. Returns COMMAND_DONE, or the exit code after naming `path` and what was
 * expected. */
int geojson_crs_read(muster_crs **out, const json_t *document, const char *path);

/* The member that states `crs`; NULL: no memory. */
json_t *geojson_crs_new(const muster_crs *crs);

/* Turn every geometry within `document` (NULL is passed over) from WGS 84 into `crs`, to the
 * millionth of a degree or the centimetre, in place. Returns COMMAND_DONE, or the exit code after
 * saying what could not be. */
int geojson_crs_convert(json_t *document, muster_crs *crs);

/* Convert a whole document and let it say so; `crs` NULL: leave it as it is. Returns the exit code. */
int geojson_crs_state(json_t *document, muster_crs *crs);
/* json_write after that; the document is given back in any case. */
int geojson_crs_write(json_t *document, muster_crs *crs, const char *path);

#endif
