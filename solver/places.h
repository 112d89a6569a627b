/* Where everything of a problem is: each different place once, on the road for every metric by which
 * anybody sets out from there or is to get there. */
#ifndef MU_SOLVER_PLACES_H
#define MU_SOLVER_PLACES_H

#include <muster/problem.h>
#include <muster/snap.h>

#include "core/error.h"

/* Places as they were the last time. Metrics never change, and have numbers (core/metric_id.h). */
typedef struct mu_known_places {
    uint32_t     count;
    muster_site *site;      /* [count] */
    size_t      *first;     /* [count + 1] in metric_id and snap */
    uint64_t    *metric_id; /* of each snap */
    muster_snap *snap;
} mu_known_places;

typedef struct mu_places {
    const muster_problem *problem;
    uint32_t              count;
    muster_site          *site;                           /* [count] */
    uint32_t             *of_unit[MUSTER_RESOURCE_COUNT]; /* by resource index */
    uint32_t             *of_column;                      /* of incidents, then zones */
    size_t               *first;                          /* [count + 1] in metric and snap */
    uint32_t             *metric;                         /* of the problem */
    muster_snap          *snap;
} mu_places;

/* Snap all: units by their own metric, incidents and zones by all; where items come by vehicle, stocks
 * that are needed by those of all vehicles that carry. What is in `known`, which is brought up to date,
 * is not snapped again; NULL: nothing is known. The same for any number of threads (0: one per core). */
muster_status mu_places_init(mu_places *places, const muster_problem *problem,
                             uint32_t thread_count, mu_known_places *known);
/* The same for who asks for nothing but where locks begin and end: nothing else is snapped. */
muster_status mu_places_init_locks(mu_places *places, const muster_problem *problem);
void          mu_places_fini(mu_places *places);
void          mu_known_places_fini(mu_known_places *known);

/* A place on the road by one of its metrics. O(metrics of the place). */
const muster_snap *mu_places_snap(const mu_places *places, uint32_t place, uint32_t metric);

#endif
