/* Closures as people draw them: GeoJSON (RFC 7946). Polygons are water (depth_m) or slow areas
 * (speed_factor), lines cut the roads they cross, points close the nearest road. */
#ifndef CLI_CLOSURES_FILE_H
#define CLI_CLOSURES_FILE_H

#include <muster/closure.h>

#include "cli/profile.h"

/* What a file may hold, as bits. */
enum { CLOSURES_POINTS = 1, CLOSURES_LINES = 2, CLOSURES_POLYGONS = 4, CLOSURES_ALL = 7 };

/* Add what `path` holds to a closure of `metric`. Polygons that state neither depth_m nor
 * speed_factor are `depth_m` deep. Returns the exit code. */
int closures_file_read(muster_closure *closure, const muster_metric *metric, const char *path,
                       unsigned allowed, double depth_m);

/* Close in `loaded` what the file holds; NULL: nothing. Returns the exit code. */
int closures_file_apply(profile_network *loaded, const char *path);

#endif
