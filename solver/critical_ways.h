/* Which roads those depend on who are in time: fastest paths by road. */
#ifndef MU_SOLVER_CRITICAL_WAYS_H
#define MU_SOLVER_CRITICAL_WAYS_H

#include "solver/critical_groups.h"
#include "solver/critical_watch.h"
#include "solver/readiness.h"

/* What comes by one way to complete one standard: the latest of those who take it. */
typedef struct mu_support {
    uint32_t standard;
    uint32_t latest_ms; /* arrival */
    uint32_t
        spare_ms; /* how much later all of them may be without missing the end of their shift */
} mu_support;

/* From a row of the table to a place. Ways are in order of place. */
typedef struct mu_way {
    uint32_t place, row, metric;
} mu_way;

/* A road that a way uses, as often as it comes to it. */
typedef struct mu_road_use {
    uint32_t way;
    /* The first that is driven, as a whole, with all that lead on inside the road; MUSTER_NONE: the
     * way's ends may move when that road is closed. */
    uint32_t arc;
} mu_road_use;

typedef struct mu_ways {
    size_t       count;
    mu_way      *way;
    size_t      *first_support; /* [count + 1] */
    mu_support  *support;
    size_t      *first_use; /* [group count + 1] */
    mu_road_use *use;       /* by group of edges, then way */
} mu_ways;

/* Of all cells that are complete before the horizon, those who complete them, and their fastest paths on
 * roads. At least one metric. The same for any number of threads. */
muster_status mu_ways_init(mu_ways *ways, const muster_readiness *r, const mu_road_groups *groups,
                           const mu_critical_watch *watch);
void          mu_ways_fini(mu_ways *ways);

#endif
