#include "solver/market.h"

#include "core/alloc.h"

static muster_status list_sinks(mu_market *m, const uint32_t *need, const int64_t *room) {
    MU_TRY(mu_alloc_copy(&m->need, need, m->sink_count, sizeof *need));
    MU_TRY(mu_alloc(&m->demand, m->sink_count, sizeof *m->demand));
    MU_TRY(mu_alloc(&m->short_cost, m->sink_count, sizeof *m->short_cost));
    MU_TRY(mu_alloc(&m->first_arc, (size_t)m->sink_count + 1, sizeof *m->first_arc));
    m->first_arc[0] = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        m->demand[j] = m->candidates->demand[need[j]];
        if (room && room[need[j]] < m->demand[j]) m->demand[j] = room[need[j]];
        if (m->demand[j] < m->candidates->minimum[need[j]]) m->demand[j] = 0;
        m->short_cost[j] = mu_unmet_cost(m->candidates, need[j]);
        m->arc_count += m->candidates->first[need[j] + 1] - m->candidates->first[need[j]];
        m->first_arc[j + 1] = m->arc_count;
    }
    return MUSTER_OK;
}

/* Number the resources that any of the needs can use, in the order they are met. */
static void list_arcs(mu_market *m, uint32_t *source_of) {
    size_t arc = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const uint32_t need = m->need[j];
        for (size_t i = m->candidates->first[need]; i < m->candidates->first[need + 1]; ++i) {
            const mu_candidate *c = &m->candidates->candidate[i];
            if (source_of[c->index] == MUSTER_NONE) {
                source_of[c->index]            = m->source_count;
                m->index[m->source_count]      = c->index;
                m->supply[m->source_count]     = m->candidates->supply[m->resource][c->index];
                m->first_sink[m->source_count] = j;
                ++m->source_count;
            }
            /* A team's fixed cost is no cost of each of its people. */
            const mu_objective fixed = m->resource == MUSTER_PEOPLE ? 0 : c->fixed_cost;
            m->arc[arc]              = (mu_flow_arc){c->unit_cost + fixed, source_of[c->index], j};
            m->fixed_cost[arc]       = c->fixed_cost;
            m->eta_ms[arc++]         = c->eta_ms;
        }
    }
}

static muster_status fill(mu_market *m, const uint32_t *need, const int64_t *room) {
    const uint32_t units = muster_problem_unit_count(m->candidates->travel->problem, m->resource);
    uint32_t      *source_of;
    MU_TRY(list_sinks(m, need, room));
    MU_TRY(mu_alloc(&m->index, units, sizeof *m->index));
    MU_TRY(mu_alloc(&m->supply, units, sizeof *m->supply));
    MU_TRY(mu_alloc(&m->first_sink, units, sizeof *m->first_sink));
    MU_TRY(mu_alloc(&m->arc, m->arc_count, sizeof *m->arc));
    MU_TRY(mu_alloc(&m->fixed_cost, m->arc_count, sizeof *m->fixed_cost));
    MU_TRY(mu_alloc(&m->eta_ms, m->arc_count, sizeof *m->eta_ms));
    MU_TRY(mu_alloc(&source_of, units, sizeof *source_of));
    for (uint32_t i = 0; i < units; ++i) source_of[i] = MUSTER_NONE;
    list_arcs(m, source_of);
    mu_free(source_of);
    return MUSTER_OK;
}

muster_status mu_market_init_within(mu_market *m, const mu_candidates *candidates,
                                    muster_resource resource, const uint32_t *need,
                                    uint32_t need_count, const int64_t *room) {
    *m = (mu_market){.candidates = candidates, .resource = resource, .sink_count = need_count};
    const muster_status status = fill(m, need, room);
    if (status != MUSTER_OK) mu_market_fini(m);
    return status;
}

muster_status mu_market_init(mu_market *m, const mu_candidates *candidates,
                             muster_resource resource, const uint32_t *need, uint32_t need_count) {
    return mu_market_init_within(m, candidates, resource, need, need_count, NULL);
}

muster_status mu_market_init_chosen(mu_market *m, const mu_market *whole, const bool *is_chosen) {
    uint32_t *need, count = 0;
    *m = (mu_market){0};
    MU_TRY(mu_alloc(&need, whole->sink_count, sizeof *need));
    for (uint32_t j = 0; j < whole->sink_count; ++j) {
        if (is_chosen[j]) need[count++] = whole->need[j];
    }
    const muster_status status = mu_market_init(m, whole->candidates, whole->resource, need, count);
    mu_free(need);
    return status;
}

muster_status mu_market_match_sources(const mu_market *chosen, const mu_market *whole,
                                      uint32_t *source_of) {
    uint32_t *number; /* by unit of the resource: the whole's source */
    MU_TRY(mu_alloc(&number,
                    muster_problem_unit_count(whole->candidates->travel->problem, whole->resource),
                    sizeof *number));
    for (uint32_t i = 0; i < whole->source_count; ++i) number[whole->index[i]] = i;
    for (uint32_t i = 0; i < chosen->source_count; ++i) source_of[i] = number[chosen->index[i]];
    mu_free(number);
    return MUSTER_OK;
}

void mu_market_match_sinks(const mu_market *chosen, const mu_market *whole, uint32_t *sink_of) {
    for (uint32_t j = 0, k = 0; j < chosen->sink_count; ++j, ++k) {
        while (whole->need[k] != chosen->need[j]) ++k; /* both in order of needs */
        sink_of[j] = k;
    }
}

void mu_market_fini(mu_market *m) {
    mu_free(m->index);
    mu_free(m->need);
    mu_free(m->supply);
    mu_free(m->demand);
    mu_free(m->short_cost);
    mu_free(m->arc);
    mu_free(m->fixed_cost);
    mu_free(m->eta_ms);
    mu_free(m->first_arc);
    mu_free(m->first_sink);
    *m = (mu_market){0};
}

static uint32_t find_leader(uint32_t *leader, uint32_t sink) {
    while (leader[sink] != sink) {
        leader[sink] = leader[leader[sink]];
        sink         = leader[sink];
    }
    return sink;
}

void mu_market_find_parts(const mu_market *m, uint32_t *part) {
    for (uint32_t j = 0; j < m->sink_count; ++j) part[j] = j;
    for (size_t a = 0; a < m->arc_count; ++a) {
        const uint32_t x = find_leader(part, m->first_sink[m->arc[a].source]);
        const uint32_t y = find_leader(part, m->arc[a].sink);
        if (x < y) part[y] = x;
        if (y < x) part[x] = y;
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) part[j] = find_leader(part, j);
}

mu_flow_problem mu_market_flow_problem(const mu_market *m) {
    return (mu_flow_problem){.source_count = m->source_count,
                             .sink_count   = m->sink_count,
                             .supply       = m->supply,
                             .demand       = m->demand,
                             .short_cost   = m->short_cost,
                             .arc_count    = m->arc_count,
                             .arc          = m->arc};
}

mu_objective mu_market_objective(const mu_market *m, const int64_t *flow) {
    mu_objective sum = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) sum += m->demand[j] * m->short_cost[j];
    for (size_t a = 0; a < m->arc_count; ++a) {
        sum += flow[a] * (m->arc[a].cost - m->short_cost[m->arc[a].sink]);
    }
    return sum;
}
