/* What `muster route` found, and the three ways to say it. */
#ifndef CLI_ROUTE_ANSWER_H
#define CLI_ROUTE_ANSWER_H

#include "cli/closed_roads.h"
#include "cli/place.h"
#include "cli/route_roads.h"

enum { FROM, TO, END_COUNT };

typedef struct route_answer {
    const char   *profile;
    place         end[END_COUNT];
    uint32_t      duration_ms;
    double        distance_m;
    route_road   *road;
    uint32_t      road_count;
    uint32_t      point_count;
    const double *lon_deg, *lat_deg;
    /* Where there is no way, and then there is none of the above: why, and the closures that it
     * names. NULL: there is one. */
    muster_explanation  why;
    const closure_list *closures;
} route_answer;

void    route_answer_print(const route_answer *answer, FILE *stream);
json_t *route_answer_json(const route_answer *answer);    /* NULL: no memory */
json_t *route_answer_geojson(const route_answer *answer); /* a Feature; NULL: no memory */

#endif
