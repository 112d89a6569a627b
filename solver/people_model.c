/* For each pair a binary `goes` and the number of people who are `served` by it; for each
 * need the number who are `short`; where there is a minimum, a binary `helps`.
 *
 *   sum of served + short        = quantity          each need
 *   served - min(people, quantity) goes <= 0         each pair
 *   sum of goes                 <= 1                 each team
 *   sum of served - minimum helps >= 0,  sum of served - quantity helps <= 0
 *
 * Tier 1 is the price of short. Tier 2 is solved with tier 1 held at its optimum; since it
 * charges what is served by its ETA, the nearest of those who go serve first, as muster_tier
 * has it. */
#include "solver/people_model.h"

#include <math.h>

#include "core/alloc.h"
#include "solver/lp.h"

typedef struct model {
    const mu_people_choice *choice;
    mu_lp                   lp;
    uint32_t               *row_of_source; /* [source_count] MUSTER_NONE: none yet */
    uint32_t               *place_of_sink; /* [sink_count] in the choice */
    double                 *solution;      /* [column_count] */
} model;

/* Columns: for pair i of the choice 2i goes and 2i + 1 served; then short by sink; then
 * helps by sink. Rows: the needs first. */
static uint32_t goes(size_t i) {
    return (uint32_t)(2 * i);
}
static uint32_t served(size_t i) {
    return (uint32_t)(2 * i + 1);
}
static uint32_t short_of(const model *m, uint32_t place) {
    return (uint32_t)(2 * m->choice->arc_count) + place;
}
static uint32_t helps(const model *m, uint32_t place) {
    return short_of(m, m->choice->sink_count) + place;
}

static const muster_need *need_at(const model *m, uint32_t place) {
    const mu_market *market = m->choice->market;
    return &market->candidates->travel->problem->need[market->need[m->choice->sink[place]]];
}

static double price_at(const model *m, uint32_t place) {
    return (double)mu_objective_unmet_need(m->choice->market->short_cost[m->choice->sink[place]]);
}

/* ---- building ------------------------------------------------------------------------ */

static muster_status add_columns(model *m) {
    const mu_people_choice *c = m->choice;
    for (size_t i = 0; i < c->arc_count; ++i) {
        MU_TRY(mu_lp_add_column(&m->lp, (mu_lp_column){{0, 1}, 0, true}));
        MU_TRY(mu_lp_add_column(&m->lp, (mu_lp_column){{0, INFINITY}, 0, false}));
    }
    for (uint32_t p = 0; p < c->sink_count; ++p) {
        MU_TRY(mu_lp_add_column(&m->lp, (mu_lp_column){{0, INFINITY}, price_at(m, p), false}));
    }
    for (uint32_t p = 0; p < c->sink_count; ++p) {
        const double least = need_at(m, p)->minimum > 0 ? 0 : 1; /* anything helps */
        MU_TRY(mu_lp_add_column(&m->lp, (mu_lp_column){{least, 1}, 0, least == 0}));
    }
    return MUSTER_OK;
}

static muster_status add_need_rows(model *m) {
    for (uint32_t p = 0; p < m->choice->sink_count; ++p) {
        const double quantity = (double)need_at(m, p)->quantity;
        MU_TRY(mu_lp_add_row(&m->lp, quantity, quantity));
        MU_TRY(mu_lp_add_entry(&m->lp, p, short_of(m, p), 1));
    }
    return MUSTER_OK;
}

/* served = quantity - short, so both rows of the minimum can do without the pairs. */
static muster_status add_minimum_rows(model *m) {
    for (uint32_t p = 0; p < m->choice->sink_count; ++p) {
        const double   quantity = (double)need_at(m, p)->quantity;
        const double   minimum  = (double)need_at(m, p)->minimum;
        const uint32_t row      = (uint32_t)m->lp.row_count;
        if (minimum <= 0) continue;
        MU_TRY(mu_lp_add_row(&m->lp, -INFINITY, quantity));
        MU_TRY(mu_lp_add_entry(&m->lp, row, short_of(m, p), 1));
        MU_TRY(mu_lp_add_entry(&m->lp, row, helps(m, p), minimum));
        MU_TRY(mu_lp_add_row(&m->lp, quantity, INFINITY));
        MU_TRY(mu_lp_add_entry(&m->lp, row + 1, short_of(m, p), 1));
        MU_TRY(mu_lp_add_entry(&m->lp, row + 1, helps(m, p), quantity));
    }
    return MUSTER_OK;
}

static muster_status add_pair(model *m, size_t i) {
    const mu_flow_arc *arc      = &m->choice->market->arc[m->choice->arc[i]];
    const uint32_t     place    = m->place_of_sink[arc->sink];
    const double       quantity = (double)need_at(m, place)->quantity;
    const double       people   = (double)m->choice->market->supply[arc->source];
    const uint32_t     row      = (uint32_t)m->lp.row_count;
    MU_TRY(mu_lp_add_row(&m->lp, -INFINITY, 0));
    MU_TRY(mu_lp_add_entry(&m->lp, row, served(i), 1));
    MU_TRY(mu_lp_add_entry(&m->lp, row, goes(i), -fmin(people, quantity)));
    MU_TRY(mu_lp_add_entry(&m->lp, place, served(i), 1));
    if (m->row_of_source[arc->source] == MUSTER_NONE) {
        m->row_of_source[arc->source] = (uint32_t)m->lp.row_count;
        MU_TRY(mu_lp_add_row(&m->lp, -INFINITY, 1));
    }
    return mu_lp_add_entry(&m->lp, m->row_of_source[arc->source], goes(i), 1);
}

static muster_status build(model *m) {
    const mu_people_choice *c = m->choice;
    MU_TRY(mu_alloc(&m->row_of_source, c->market->source_count, sizeof *m->row_of_source));
    MU_TRY(mu_alloc(&m->place_of_sink, c->market->sink_count, sizeof *m->place_of_sink));
    for (uint32_t s = 0; s < c->market->source_count; ++s) m->row_of_source[s] = MUSTER_NONE;
    for (uint32_t p = 0; p < c->sink_count; ++p) m->place_of_sink[c->sink[p]] = p;
    MU_TRY(add_columns(m));
    MU_TRY(add_need_rows(m));
    MU_TRY(add_minimum_rows(m));
    for (size_t i = 0; i < c->arc_count; ++i) MU_TRY(add_pair(m, i));
    return mu_alloc(&m->solution, m->lp.column_count, sizeof *m->solution);
}

/* ---- solutions ----------------------------------------------------------------------- */

/* The incumbent as a solution: those who go serve in the order of the pairs, which within
 * a need is nearest first. */
static void write_start(model *m, const uint32_t *team_of) {
    const mu_people_choice *c = m->choice;
    for (uint32_t p = 0; p < c->sink_count; ++p) {
        m->solution[short_of(m, p)] = (double)need_at(m, p)->quantity;
        m->solution[helps(m, p)]    = need_at(m, p)->minimum > 0 ? 0 : 1;
    }
    for (size_t i = 0; i < c->arc_count; ++i) {
        const mu_flow_arc *arc     = &c->market->arc[c->arc[i]];
        const uint32_t     place   = m->place_of_sink[arc->sink];
        double            *left    = &m->solution[short_of(m, place)];
        const bool         does_go = team_of[arc->source] == arc->sink;
        const double serves    = does_go ? fmin((double)c->market->supply[arc->source], *left) : 0;
        m->solution[goes(i)]   = does_go ? 1 : 0;
        m->solution[served(i)] = serves;
        *left -= serves;
        if (does_go) m->solution[helps(m, place)] = 1;
    }
}

/* Who goes and serves nobody stays: it would be free to send him where he is useless. */
static void read_solution(const model *m, uint32_t *team_of) {
    const mu_people_choice *c = m->choice;
    for (size_t i = 0; i < c->arc_count; ++i)
        team_of[c->market->arc[c->arc[i]].source] = MUSTER_NONE;
    for (size_t i = 0; i < c->arc_count; ++i) {
        const mu_flow_arc *arc = &c->market->arc[c->arc[i]];
        if (m->solution[served(i)] > 0.5) team_of[arc->source] = arc->sink;
    }
}

static double tier_1(const model *m) {
    double sum = 0;
    for (uint32_t p = 0; p < m->choice->sink_count; ++p) {
        sum += price_at(m, p) * round(m->solution[short_of(m, p)]);
    }
    return sum;
}

/* Hold tier 1 at what it is now, and charge response time instead. Tier 1 is a sum of
 * integers, so half a unit of slack lets no worse plan in. The row is divided by its largest
 * price: solvers work with absolute tolerances. */
static muster_status turn_to_tier_2(model *m, double unmet_need) {
    const uint32_t row     = (uint32_t)m->lp.row_count;
    double         largest = 1;
    for (uint32_t p = 0; p < m->choice->sink_count; ++p) largest = fmax(largest, price_at(m, p));
    MU_TRY(mu_lp_add_row(&m->lp, -INFINITY, (unmet_need + 0.5) / largest));
    for (uint32_t p = 0; p < m->choice->sink_count; ++p) {
        MU_TRY(mu_lp_add_entry(&m->lp, row, short_of(m, p), price_at(m, p) / largest));
        m->lp.column[short_of(m, p)].cost = 0;
    }
    for (size_t i = 0; i < m->choice->arc_count; ++i) {
        const mu_objective cost      = m->choice->market->arc[m->choice->arc[i]].cost;
        m->lp.column[served(i)].cost = (double)mu_objective_response_time(cost);
    }
    return MUSTER_OK;
}

/* Solve as it stands; `solution` is at least as good afterwards. */
static muster_status improve(model *m, const mu_watch *watch, uint32_t limit_ms) {
    double      *better;
    mu_lp_result result;
    MU_TRY(mu_alloc(&better, m->lp.column_count, sizeof *better));
    const muster_status status = mu_lp_solve(&m->lp, watch, limit_ms, m->solution, better, &result);
    if (status == MUSTER_OK && result.has_solution) {
        for (size_t c = 0; c < m->lp.column_count; ++c) m->solution[c] = better[c];
    }
    mu_free(better);
    return status;
}

static muster_status solve(model *m, const mu_watch *watch, uint32_t limit_ms, uint32_t *team_of) {
    MU_TRY(build(m));
    write_start(m, team_of);
    if (tier_1(m) > 0) MU_TRY(improve(m, watch, limit_ms));
    read_solution(m, team_of);
    write_start(m, team_of); /* exact again: the nearest serve */
    MU_TRY(turn_to_tier_2(m, tier_1(m)));
    MU_TRY(improve(m, watch, limit_ms));
    read_solution(m, team_of);
    return MUSTER_OK;
}

muster_status mu_people_choose(const mu_people_choice *choice, const mu_watch *watch,
                               uint32_t limit_ms, uint32_t *team_of) {
    model     m = {.choice = choice};
    uint32_t *attempt;
    MU_TRY(mu_alloc_copy(&attempt, team_of, choice->market->source_count, sizeof *attempt));
    const muster_status status = solve(&m, watch, limit_ms, attempt);
    for (uint32_t s = 0; status == MUSTER_OK && s < choice->market->source_count; ++s) {
        team_of[s] = attempt[s];
    }
    mu_free(attempt);
    mu_free(m.row_of_source);
    mu_free(m.place_of_sink);
    mu_free(m.solution);
    mu_lp_fini(&m.lp);
    return status;
}
