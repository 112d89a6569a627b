/* Point-to-point queries over a customized hierarchy. */
#ifndef MU_CORE_QUERY_H
#define MU_CORE_QUERY_H

#include "core/path.h"

/* From the origin by a way that only climbs; to the target by one that only descends. */
typedef enum mu_side { MU_ASCENT, MU_DESCENT } mu_side;

/* What a query knows of a node of the hierarchy. */
typedef struct mu_label {
    mu_cost cost[2]; /* by side */
} mu_label;

typedef struct mu_query {
    const muster_metric *metric;  /* one with weights */
    mu_kept              kept[2]; /* by side: the up-arcs to be climbed, to be descended */
    mu_label            *label;   /* by rank; infinite between runs */
    uint32_t            *by[2];   /* by side and rank: the up-arc that gave the cost where a path
                                  * is wanted; MUSTER_NONE: a seed */
    bool                 cleans_first; /* labels are anything between runs: clean what a run uses */
    uint32_t             top;          /* the highest node of the last run's path, if it has one */
} mu_query;

muster_status mu_query_init(mu_query *query, const muster_metric *metric);
/* The same for few questions: nothing that grows with the network is done to its memory, but each question
 * has some to clean first. */
muster_status mu_query_init_few(mu_query *query, const muster_metric *metric);
void          mu_query_fini(mu_query *query);
/* From now on ask another metric of the same hierarchy. */
void mu_query_turn_to(mu_query *query, const muster_metric *metric);

/* The cost of the fastest path, MU_NO_PATH if there is none: bit for bit mu_search_cost's.
 * O(arcs of the hierarchy above the two places). */
mu_cost mu_query_run(mu_query *query, const muster_snap *from, const muster_snap *to);

/* The same, and the arcs of such a path. */
muster_status mu_query_path(mu_query *query, const muster_snap *from, const muster_snap *to,
                            mu_path *path);

/* The costs from one place to each of `other` (hub_side: MU_ASCENT), or from each of them to it (MU_DESCENT):
 * mu_query_run's, with one climb for all on the hub's side. */
void mu_query_star(mu_query *query, mu_side hub_side, const muster_snap *hub, uint32_t count,
                   const muster_snap *other, mu_cost *out);

/* The highest node from which a way leads down to a place (MU_DESCENT), or to which one climbs from it (MU_ASCENT),
 * which is on the road: low where it is cut off, else near the top of all. */
uint32_t mu_query_summit(mu_query *query, mu_side side, const muster_snap *place);
/* May a way lead from one place to another whose summit, of the side of ways down, is `summit`? If not, there is
 * none. O(nodes above the two places and not above the summit). */
bool mu_query_meets(const mu_query *query, const muster_snap *from, const muster_snap *to,
                    uint32_t summit);

#endif
