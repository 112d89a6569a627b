/* What `muster isochrone` found, and the ways to say it. */
#ifndef CLI_ISOCHRONE_ANSWER_H
#define CLI_ISOCHRONE_ANSWER_H

#include <stdio.h>

#include <muster/coordinates.h>
#include <muster/isochrone_polygon.h>
#include <muster/problem.h>

#include "cli/output.h"

enum { ISOCHRONE_MAX_ORIGINS = 256, ISOCHRONE_MAX_LIMITS = 16 };

typedef struct isochrone_answer {
    const char                *profile;
    const char                *closures;   /* the file; NULL: none */
    muster_crs                *output_crs; /* of the GeoJSON; NULL: WGS 84 */
    muster_direction           direction;
    double                     radius_m;
    uint32_t                   origin_count;
    muster_site                site[ISOCHRONE_MAX_ORIGINS];
    muster_snap                snap[ISOCHRONE_MAX_ORIGINS];
    uint32_t                   limit_count;
    uint32_t                   limit_ms[ISOCHRONE_MAX_LIMITS]; /* smallest first, no two alike */
    muster_isochrone          *isochrone;
    muster_isochrone_polygons *polygons;
} isochrone_answer;

/* Road kilometres of each class within a limit, [MUSTER_ROAD_CLASS_COUNT]. */
void isochrone_road_km(const isochrone_answer *answer, uint32_t limit, double *out_km);

/* For people. */
void isochrone_print(FILE *stream, const isochrone_answer *answer);

/* FeatureCollections, the largest limit first: its area, or its parts of roads. Features are
 * written one by one. Return the exit code. */
int isochrone_write_areas(output *out, const isochrone_answer *answer);
int isochrone_write_arcs(output *out, const isochrone_answer *answer);

#endif
