/* What `muster site` found, and the three ways to say it. */
#ifndef CLI_SITING_ANSWER_H
#define CLI_SITING_ANSWER_H

#include <jansson.h>
#include <stdio.h>

#include "cli/siting_points.h"

/* How well demand is served: by what is there now, or after it. */
typedef struct siting_service {
    int64_t  weight;     /* of all demand that counts */
    int64_t  covered;    /* weight within --within; where that is not given, 0 */
    int64_t  reached;    /* weight that is reached at all */
    double   mean_ms;    /* of those, by weight */
    uint32_t longest_ms; /* of those */
    uint32_t unreached;  /* demands that are not */
} siting_service;

typedef struct siting_answer {
    const siting_options *options;
    siting_points         demand, places;
    muster_siting_problem problem;
    uint32_t             *travel_ms; /* [places * demand] */
    uint32_t             *move_ms, *unit_place, *existing, *room;
    int64_t              *weight;
    uint32_t              candidate_count;
    /* Demand that no place reaches, which is left out: its weight is 0. */
    uint32_t                    left_out_count;
    uint32_t                   *left_out;
    muster_siting              *siting;
    const muster_siting_result *result;
    bool                        has_before; /* there are units now */
    siting_service              before, after;
} siting_answer;

/* before and after, once there is a result. Returns the exit code. */
int siting_answer_compare(siting_answer *answer);
/* How many are added to a place, or come to it. */
int64_t siting_answer_added(const siting_answer *answer, uint32_t place);
/* Is there a siting? */
bool siting_answer_is_found(const siting_answer *answer);

int     siting_answer_print(const siting_answer *answer, FILE *stream);
json_t *siting_answer_json(const siting_answer *answer);    /* NULL: no memory */
json_t *siting_answer_geojson(const siting_answer *answer); /* NULL: no memory */
void    siting_answer_free(siting_answer *answer);

#endif
