/* Costs by air: what a metric that flies (mu_metric_flies) has instead of arcs. */
#ifndef MU_CORE_FLIGHT_H
#define MU_CORE_FLIGHT_H

#include <muster/isochrone.h>

#include "core/cost.h"
#include "core/great_circle.h"
#include "core/metric.h"

/* Over a distance; MU_NO_PATH where it takes for ever. */
mu_cost mu_flight_cost_of(const muster_metric *metric, double way_m);
/* From place to place; MU_NO_PATH where one is unsnapped, or where it takes for ever. */
mu_cost mu_flight_cost(const muster_metric *metric, const muster_snap *from, const muster_snap *to);

/* A table whose targets are prepared and whose rows are asked for. Start from zeros. */
typedef struct mu_flight_table {
    const muster_metric *metric;
    uint32_t             to_count;
    const muster_snap   *to;           /* the caller's, who keeps it */
    mu_direction        *to_direction; /* [to_count] */
} mu_flight_table;

/* MUSTER_E_NOMEM; on failure there is nothing to free. */
muster_status mu_flight_table_init(mu_flight_table *table, const muster_metric *metric,
                                   uint32_t to_count, const muster_snap *to);
void          mu_flight_table_fini(mu_flight_table *table);
/* Rows of muster_matrix. */
void mu_flight_table_rows(const mu_flight_table *table, uint32_t from_count,
                          const muster_snap *from, uint32_t thread_count, uint32_t *out_duration_ms,
                          double *out_distance_m);

/* The trees of muster_one_to_all; both directions are alike. MUSTER_E_NOMEM. */
muster_status mu_flight_one_to_all(const muster_metric *metric, uint32_t origin_count,
                                   const muster_snap *origins, uint32_t thread_count,
                                   uint32_t *out_duration_ms, double *out_distance_m);

/* How far it gets in that time; negative where that does not even suffice for the setup. */
double mu_flight_radius_m(const muster_metric *metric, uint32_t limit_ms);

/* Parts of edges, in a list that grows. Start from zeros; give `part` back with mu_free. */
typedef struct mu_part_list {
    muster_edge_part *part;
    size_t            count, capacity;
} mu_part_list;

/* Add the parts of an edge's line within a radius of a place, in their order. MUSTER_E_NOMEM. */
muster_status mu_flight_add_parts(mu_part_list *list, const muster_network *network, uint32_t edge,
                                  const mu_direction *place, double radius_m);

#endif
