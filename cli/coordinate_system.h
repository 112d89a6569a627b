/* --crs, --swap and --output-crs: what is said of a command's coordinates. */
#ifndef CLI_COORDINATE_SYSTEM_H
#define CLI_COORDINATE_SYSTEM_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include <muster/coordinates.h>

enum { KEY_CRS = 0x400, KEY_SWAP, KEY_OUTPUT_CRS };

/* For the list of a command's options. */
#define CRS_OPTION                                                                                 \
    {                                                                                              \
        "crs", KEY_CRS, "NAME", 0,                                                                 \
            "the coordinates' system: CGCS2000, GCJ-02, BD-09, EPSG:CODE; WGS84 by default", 0     \
    }
#define COORDINATE_OPTIONS                                                                         \
    CRS_OPTION, {                                                                                  \
        "swap", KEY_SWAP, NULL, 0, "the coordinates have latitude (or northing) first", 0          \
    }
/* Of commands that write GeoJSON. */
#define OUTPUT_CRS_OPTION                                                                          \
    { "output-crs", KEY_OUTPUT_CRS, "NAME", 0, "write GeoJSON in this system, and say so there", 0 }

typedef struct coordinate_system {
    muster_crs *crs; /* NULL: nothing is said, so it is WGS 84 */
    bool        is_swapped;
    muster_crs *output; /* of GeoJSON; NULL: WGS 84, as RFC 7946 has it */
} coordinate_system;

/* For parsers: take one of the options; ARGP_ERR_UNKNOWN for another key. */
error_t coordinate_system_take(coordinate_system *system, int key, const char *value);
/* For parsers at the end: reject --output-crs where no GeoJSON is written. */
error_t coordinate_system_check(const coordinate_system *system, bool writes_geojson);
void    coordinate_system_free(coordinate_system *system);

/* Does it have easting and northing, in columns x and y? */
bool coordinate_system_is_projected(const coordinate_system *system);
/* Positions as they were read become longitudes and latitudes of WGS 84, in place. Where nothing is
 * said of the system they are not looked at, and stay what they are: the caller judges them. */
muster_status coordinate_system_convert(const coordinate_system *system, size_t count, double *x,
                                        double *y);

/* "expected longitude 119.92 to 121.30, latitude 30.21 to 31.14": where the network is, for a pair that
 * looks swapped. */
enum { EXTENT_TEXT_BYTES = 120 };
const char *extent_text(char out[EXTENT_TEXT_BYTES], const muster_extent *extent);

#endif
