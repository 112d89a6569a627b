/* The needs that compete for the same resources, as a transportation problem: resources
 * are its sources, needs its sinks, candidates its arcs. */
#ifndef MU_SOLVER_MARKET_H
#define MU_SOLVER_MARKET_H

#include "solver/candidates.h"
#include "solver/flow.h"

typedef struct mu_market {
    const mu_candidates *candidates;
    muster_resource      resource;
    uint32_t             source_count, sink_count;
    size_t               arc_count;
    uint32_t            *index; /* [source_count] of the resource */
    uint32_t            *need;  /* [sink_count] ascending */
    int64_t             *supply;
    int64_t             *demand;
    mu_objective        *short_cost;
    mu_flow_arc         *arc;        /* [arc_count] by sink, nearest first */
    mu_objective        *fixed_cost; /* [arc_count] of sending the source at all */
    uint32_t            *eta_ms;     /* [arc_count] */
    size_t              *first_arc;  /* [sink_count + 1] */
    uint32_t            *first_sink; /* [source_count] the first that could use the source */
} mu_market;

/* The market of `need_count` needs, which all ask for `resource`. */
muster_status mu_market_init(mu_market *market, const mu_candidates *candidates,
                             muster_resource resource, const uint32_t *need, uint32_t need_count);
/* The same where no more than room, by need, can be used, though more are asked for; NULL: all
 * can. */
muster_status mu_market_init_within(mu_market *market, const mu_candidates *candidates,
                                    muster_resource resource, const uint32_t *need,
                                    uint32_t need_count, const int64_t *room);
/* The market of some sinks of another, which has no room to keep to.
 *  is_chosen  [whole->sink_count] */
muster_status mu_market_init_chosen(mu_market *market, const mu_market *whole,
                                    const bool *is_chosen);
void          mu_market_fini(mu_market *market);

/* Which source, and which sink, of the whole each of those chosen from it is.
 *  source_of  [chosen->source_count]
 *  sink_of    [chosen->sink_count] */
muster_status mu_market_match_sources(const mu_market *chosen, const mu_market *whole,
                                      uint32_t *source_of);
void mu_market_match_sinks(const mu_market *chosen, const mu_market *whole, uint32_t *sink_of);

/* The least that is of use to a sink; 0: anything is. */
static inline int64_t mu_market_minimum(const mu_market *market, uint32_t sink) {
    return market->candidates->minimum[market->need[sink]];
}

/* What is lost beside the sink's own need where it does not get that. */
static inline int64_t mu_market_stake(const mu_market *market, uint32_t sink) {
    return mu_stake(market->candidates, market->need[sink]);
}

/* Sinks that a source could serve both of are of one part, known by its smallest sink.
 *  part  [sink_count] */
void mu_market_find_parts(const mu_market *market, uint32_t *part);

mu_flow_problem mu_market_flow_problem(const mu_market *market);
/* What a flow costs: what it sends and what stays short. */
mu_objective mu_market_objective(const mu_market *market, const int64_t *flow);

#endif
