/* A place of the command line, moved to the road. */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <stdio.h>

#include <jansson.h>
#include <muster/problem.h>
#include <muster/snap.h>

#include "cli/closed_roads.h"
#include "cli/coordinate_system.h"

typedef struct place {
    const char *text; /* as it was typed */
    muster_site site;
    muster_snap snap;
    /* Of a place inside a hazard that is left first: how long that takes, and how far it is to the
     * snap; else 0. */
    uint32_t leave_ms;
    double   leave_m;
} place;

/* Parse LON,LAT of `system`, the value of `option`. Returns COMMAND_DONE, or COMMAND_USAGE after
 * saying why. */
int place_parse(place *out, const char *option, const char *text, const coordinate_system *system);
/* Move it to the nearest road that the metric may use; islands are those of `before`, the metric
 * without closures. Returns COMMAND_DONE, or the exit code
 * after saying why: COMMAND_NO where there is no road that near. */
int place_snap(place *p, const muster_metric *metric, const muster_metric *before);

/* The same of a place that is set out from: inside a hazard, it is snapped to where the way out ends.
 * COMMAND_NO also where there is none. */
int place_snap_leaving(place *p, const muster_metric *metric, const closed_roads *closed);

/* "from      120.800000,30.750100, 11 m from the road" */
void place_print(const place *p, const char *label, FILE *stream);
/* lon, lat, snapped_lon, snapped_lat, snap_distance_m, and leave_duration_s and leave_distance_m where it
 * is left; NULL: no memory. */
json_t *place_json(const place *p);

#endif
