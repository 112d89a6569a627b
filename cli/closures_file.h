/* Closures as people draw them: GeoJSON (RFC 7946). Polygons are water (depth_m) or slow areas
 * (speed_factor), lines cut the roads they cross, points close the nearest road. */
#ifndef CLI_CLOSURES_FILE_H
#define CLI_CLOSURES_FILE_H

#include <muster/closure.h>

#include "cli/closure_list.h"
#include "cli/coordinate_system.h"

/* What a file may hold, as bits. */
enum { CLOSURES_POINTS = 1, CLOSURES_LINES = 2, CLOSURES_POLYGONS = 4, CLOSURES_ALL = 7 };

/* Where to put what is read: a closure of the metric, and the features, numbered. */
typedef struct closures_target {
    muster_closure      *closure;
    const muster_metric *metric;
    closure_list        *list;
} closures_target;

/* Add what `path` holds, each feature under a cause of its own: its number in the list. Polygons
 * that state neither depth_m nor speed_factor are `depth_m` deep. Coordinates are those of the
 * file's own member "crs", or else of `system`. Returns the exit code. */
int closures_file_read(const closures_target *target, const char *path,
                       const coordinate_system *system, unsigned allowed, double depth_m);

#endif
