/* Roads: bounds first, trials in order of bounds, until no bound reaches the list.
 *
 * A cell is complete when the last of those who complete it is there. Closed, a road makes those later
 * whose way uses it, and each by no more than its way round (critical_detour.h); so the cell is complete
 * by the latest of them all. A road that does nothing to any cell by this bound does nothing, and is no
 * candidate. The bound of what is lost adds up the bounds of cells, and trials tell the truth. */
#include <assert.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "solver/critical.h"
#include "solver/critical_detour.h"
#include "solver/critical_trial.h"
#include "solver/critical_ways.h"

/* So many are tried at a time whatever the number of threads, so that what is tried does not depend on
 * it. */
enum { ROADS_AT_ONCE = 16, ARCS_AT_ONCE = 256 };

typedef struct road_search {
    muster_criticals          *list;
    const muster_readiness    *r;
    const muster_network_data *roads;
    const mu_road_groups      *groups;
    bool                       are_bridges;
    const mu_critical_watch   *watch;
    uint32_t                   threads;
    mu_ways                    ways;
    mu_detours                 detours;
    uint32_t                  *delay_ms; /* [metric_count * arc_count] of arcs that a way uses */
    muster_critical           *bound; /* of candidates: what they can do at most, the worst first */
    uint32_t                   bound_count;
    mu_worker_error           *failure; /* [threads] */
} road_search;

static uint32_t first_edge(const road_search *s, uint32_t group) {
    return s->groups->edge[s->groups->first[group]];
}

/* All edges of a group are bridges, or none. */
static bool is_asked(const road_search *s, uint32_t group) {
    return !s->are_bridges || (s->roads->edge_flags[first_edge(s, group)] & MUSTER_EDGE_BRIDGE);
}

/* ---- ways round --------------------------------------------------------------------------------- */

typedef struct rounding {
    road_search      *search;
    mu_detour_search *detour; /* [threads] */
    size_t           *slot;   /* in delay_ms: those that are wanted */
    size_t            count;
} rounding;

static void go_round(void *user, uint32_t job, uint32_t worker) {
    const rounding    *g     = user;
    const road_search *s     = g->search;
    const size_t       arcs  = 2 * (size_t)s->roads->edge_count;
    const size_t       first = (size_t)job * ARCS_AT_ONCE;
    const size_t       end   = first + ARCS_AT_ONCE < g->count ? first + ARCS_AT_ONCE : g->count;
    for (size_t i = first; i < end; ++i) {
        s->delay_ms[g->slot[i]] =
            mu_detour_delay_ms(&s->detours, &g->detour[worker], (uint32_t)(g->slot[i] / arcs),
                               (uint32_t)(g->slot[i] % arcs));
    }
}

/* Which arcs of which metric; MUSTER_NONE marks them until their delay is known. */
static muster_status list_arcs(road_search *s, rounding *g) {
    const size_t arcs = 2 * (size_t)s->roads->edge_count;
    size_t       room = 0;
    for (uint32_t r = 0; r < s->groups->count; ++r) {
        if (!is_asked(s, r)) continue;
        for (size_t u = s->ways.first_use[r]; u < s->ways.first_use[r + 1]; ++u) {
            const mu_road_use *use = &s->ways.use[u];
            if (use->arc == MUSTER_NONE) continue;
            const size_t slot = s->ways.way[use->way].metric * arcs + use->arc;
            if (s->delay_ms[slot] == MUSTER_NONE) continue;
            s->delay_ms[slot] = MUSTER_NONE;
            MU_TRY(mu_grow(&g->slot, &room, g->count, sizeof *g->slot));
            g->slot[g->count++] = slot;
        }
    }
    return MUSTER_OK;
}

static muster_status find_delays(road_search *s) {
    rounding      g      = {.search = s};
    muster_status status = mu_alloc_zeroed(&g.detour, s->threads, sizeof *g.detour);
    for (uint32_t t = 0; status == MUSTER_OK && t < s->threads; ++t) {
        status = mu_detour_search_init(&g.detour[t], &s->detours);
    }
    if (status == MUSTER_OK) status = list_arcs(s, &g);
    if (status == MUSTER_OK) {
        const size_t            jobs  = g.count / ARCS_AT_ONCE + (g.count % ARCS_AT_ONCE > 0);
        const mu_critical_phase phase = {"looking for ways round", 0, jobs};
        status = mu_critical_share(s->watch, &phase, (uint32_t)jobs, s->threads, go_round, &g);
    }
    for (uint32_t t = 0; g.detour && t < s->threads; ++t) mu_detour_search_fini(&g.detour[t]);
    mu_free(g.detour);
    mu_free(g.slot);
    return status;
}

/* ---- bounds --------------------------------------------------------------------------------------- */

/* What one road can do: place by place, with the latest that each standard there is complete. */
typedef struct reckoning {
    uint32_t *after_ms; /* [standard_count] of the place in hand */
    mu_doubts doubts;   /* with room for every cell */
} reckoning;

static muster_status reckoning_init(reckoning *k, const muster_readiness *r) {
    const size_t cells   = (size_t)r->place_count * r->standard_count;
    mu_doubts   *d       = &k->doubts;
    *k                   = (reckoning){0};
    muster_status status = mu_alloc(&k->after_ms, r->standard_count, sizeof *k->after_ms);
    if (status == MUSTER_OK) status = mu_alloc(&d->place, r->place_count, sizeof *d->place);
    if (status == MUSTER_OK) status = mu_alloc(&d->limit_ms, r->place_count, sizeof *d->limit_ms);
    if (status == MUSTER_OK) status = mu_alloc(&d->doubt, cells, sizeof *d->doubt);
    return status;
}

static void reckoning_fini(reckoning *k) {
    mu_free(k->after_ms);
    mu_free(k->doubts.place);
    mu_free(k->doubts.limit_ms);
    mu_free(k->doubts.doubt);
}

/* When those who come by a way may be there at the latest. */
static uint32_t latest(const road_search *s, const mu_support *support, uint32_t delay_ms) {
    const uint64_t at_ms = (uint64_t)support->latest_ms + delay_ms;
    const bool     comes = delay_ms != MUSTER_UNREACHABLE_MS && delay_ms <= support->spare_ms &&
                       at_ms < s->r->horizon_ms;
    return comes ? (uint32_t)at_ms : s->r->horizon_ms;
}

/* Each time that the way comes to the road it goes round it. */
static uint32_t delay_of(const road_search *s, size_t first, size_t end) {
    const size_t arcs   = 2 * (size_t)s->roads->edge_count;
    uint64_t     sum_ms = 0;
    for (size_t u = first; u < end; ++u) {
        const mu_road_use *use = &s->ways.use[u];
        if (use->arc == MUSTER_NONE) return MUSTER_UNREACHABLE_MS;
        const uint32_t ms = s->delay_ms[s->ways.way[use->way].metric * arcs + use->arc];
        if (ms == MUSTER_UNREACHABLE_MS) return ms;
        sum_ms += ms;
    }
    return sum_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)sum_ms : MUSTER_UNREACHABLE_MS;
}

/* Uses first .. end - 1 are those of one way. */
static void delay_way(const road_search *s, size_t first, size_t end, reckoning *k) {
    const mu_road_use *use      = &s->ways.use[first];
    const uint32_t     delay_ms = delay_of(s, first, end);
    for (size_t i = s->ways.first_support[use->way]; i < s->ways.first_support[use->way + 1]; ++i) {
        const mu_support *support = &s->ways.support[i];
        const uint32_t    at_ms   = latest(s, support, delay_ms);
        if (at_ms > k->after_ms[support->standard]) k->after_ms[support->standard] = at_ms;
    }
}

/* Uses first .. end - 1 are ways to one place. */
static void reckon_place(const road_search *s, size_t first, size_t end, reckoning *k,
                         muster_readiness_loss *out) {
    const muster_readiness      *r        = s->r;
    const uint32_t               p        = s->ways.way[s->ways.use[first].way].place;
    const muster_readiness_cell *cell     = r->cell + (size_t)p * r->standard_count;
    uint32_t                     limit_ms = 0;
    mu_doubts                   *d        = &k->doubts;
    mu_place_loss                loss     = {0};
    for (uint32_t i = 0; i < r->standard_count; ++i) k->after_ms[i] = cell[i].complete_ms;
    for (size_t u = first, next; u < end; u = next) {
        for (next = u + 1; next < end && s->ways.use[next].way == s->ways.use[u].way;) ++next;
        delay_way(s, u, next, k);
    }
    for (uint32_t i = 0; i < r->standard_count; ++i) {
        if (cell[i].complete_ms >= r->horizon_ms || k->after_ms[i] == cell[i].complete_ms) continue;
        mu_lose_time(&loss, r, i, cell[i].complete_ms, k->after_ms[i]);
        if (k->after_ms[i] > limit_ms) limit_ms = k->after_ms[i];
        d->doubt[d->count++] = (mu_doubt){d->place_count, i};
    }
    mu_lose_place(out, &loss, r->place[p].weight);
    if (!loss.is_slower) return;
    d->place[d->place_count]      = p;
    d->limit_ms[d->place_count++] = limit_ms;
}

static muster_readiness_loss reckon(const road_search *s, uint32_t group, reckoning *k) {
    const size_t          end = s->ways.first_use[group + 1];
    muster_readiness_loss out = {0};
    k->doubts.place_count = k->doubts.count = 0;

    for (size_t first = s->ways.first_use[group], next; first < end; first = next) {
        const uint32_t place = s->ways.way[s->ways.use[first].way].place;
        for (next = first + 1; next < end && s->ways.way[s->ways.use[next].way].place == place;) {
            ++next;
        }
        reckon_place(s, first, next, k, &out);
    }
    return out;
}

static int by_bound(const void *a, const void *b) {
    const muster_critical *x = a, *y = b;
    if (x->loss.fallen_count != y->loss.fallen_count) {
        return x->loss.fallen_count > y->loss.fallen_count ? -1 : 1;
    }
    if (x->loss.lost_ms != y->loss.lost_ms) return x->loss.lost_ms > y->loss.lost_ms ? -1 : 1;
    return x->edge < y->edge ? -1 : x->edge > y->edge;
}

static muster_status bound_roads(road_search *s) {
    reckoning     k;
    muster_status status = reckoning_init(&k, s->r);
    if (status == MUSTER_OK) {
        status = mu_alloc(&s->bound, s->groups->count, sizeof *s->bound);
    }
    for (uint32_t g = 0; status == MUSTER_OK && g < s->groups->count; ++g) {
        if (!is_asked(s, g) || s->ways.first_use[g] == s->ways.first_use[g + 1]) continue;
        ++s->list->effort.candidate_count;
        const muster_readiness_loss most = reckon(s, g, &k);
        if (most.slower_count > 0) {
            s->bound[s->bound_count++] = (muster_critical){.edge = first_edge(s, g), .loss = most};
        }
    }
    reckoning_fini(&k);
    if (status == MUSTER_OK) qsort(s->bound, s->bound_count, sizeof *s->bound, by_bound);
    return status;
}

/* ---- trials --------------------------------------------------------------------------------------- */

typedef struct trying {
    road_search    *search;
    mu_trial       *trial;     /* [threads] */
    reckoning      *reckoning; /* [threads] */
    uint32_t        first;     /* of the roads in hand, in `bound` */
    muster_critical result[ROADS_AT_ONCE];
} trying;

/* Is no more lost than the bound says? */
static inline bool is_within(const muster_readiness_loss *loss,
                             const muster_readiness_loss *bound) {
    return loss->fallen_count <= bound->fallen_count && loss->beyond_count <= bound->beyond_count &&
           loss->slower_count <= bound->slower_count && loss->lost_ms <= bound->lost_ms;
}

static void try_road(void *user, uint32_t job, uint32_t worker) {
    trying            *t    = user;
    const road_search *s    = t->search;
    const uint32_t     edge = s->bound[t->first + job].edge, group = s->groups->of_edge[edge];
    reckoning         *k = &t->reckoning[worker];
    if (s->failure[worker].status != MUSTER_OK) return;
    (void)reckon(s, group, k);
    t->result[job] = (muster_critical){.edge = edge};
    const muster_status status =
        mu_trial_run(&t->trial[worker], s->r, s->groups, group, &k->doubts, &t->result[job].loss);
    if (status != MUSTER_OK) mu_worker_error_keep(&s->failure[worker], status);
    assert(is_within(&t->result[job].loss, &s->bound[t->first + job].loss));
}

/* How many there will be is not known: all that have a bound, at most. */
static muster_status share_trials(const road_search *s, trying *t, uint32_t count) {
    const mu_critical_phase phase = {"closing roads", t->first, s->bound_count};
    return mu_critical_share(s->watch, &phase, count, s->threads < count ? s->threads : count,
                             try_road, t);
}

/* Bounds fall: where the next one has no place, none has. */
static muster_status try_all(road_search *s, trying *t) {
    uint32_t first = 0;
    while (first < s->bound_count && mu_criticals_admits(s->list, &s->bound[first])) {
        const uint32_t rest  = s->bound_count - first;
        const uint32_t count = rest < ROADS_AT_ONCE ? rest : ROADS_AT_ONCE;
        t->first             = first;
        MU_TRY(share_trials(s, t, count));
        for (uint32_t i = 0; i < s->threads; ++i) MU_TRY(mu_worker_error_raise(&s->failure[i]));
        for (uint32_t i = 0; i < count; ++i) mu_criticals_offer(s->list, &t->result[i]);
        first += count;
    }
    s->list->effort.tried_count = first;
    return MUSTER_OK;
}

static muster_status try_roads(road_search *s) {
    trying        t      = {.search = s};
    muster_status status = mu_alloc_zeroed(&t.trial, s->threads, sizeof *t.trial);
    if (status == MUSTER_OK) {
        status = mu_alloc_zeroed(&t.reckoning, s->threads, sizeof *t.reckoning);
    }
    for (uint32_t i = 0; status == MUSTER_OK && i < s->threads; ++i) {
        status = mu_trial_init(&t.trial[i], s->r);
        if (status == MUSTER_OK) status = reckoning_init(&t.reckoning[i], s->r);
    }
    if (status == MUSTER_OK) status = try_all(s, &t);
    for (uint32_t i = 0; t.trial && i < s->threads; ++i) mu_trial_fini(&t.trial[i]);
    for (uint32_t i = 0; t.reckoning && i < s->threads; ++i) reckoning_fini(&t.reckoning[i]);
    mu_free(t.trial);
    mu_free(t.reckoning);
    return status;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static muster_status search(road_search *s) {
    const uint32_t metrics = s->r->problem->metric_count;
    const size_t   arcs    = 2 * (size_t)s->roads->edge_count;
    MU_TRY(mu_alloc_zeroed(&s->failure, s->threads, sizeof *s->failure));
    MU_TRY(mu_alloc_zeroed(&s->delay_ms, metrics * arcs, sizeof *s->delay_ms));
    MU_TRY(mu_ways_init(&s->ways, s->r, s->groups, s->watch));
    MU_TRY(mu_detours_init(&s->detours, metrics, s->r->metric, s->groups));
    MU_TRY(find_delays(s));
    MU_TRY(bound_roads(s));
    return try_roads(s);
}

muster_status mu_critical_roads(muster_criticals *list, const muster_readiness *r, bool are_bridges,
                                const mu_critical_watch *watch) {
    road_search         s      = {.list   = list,
                                  .r      = r,
                                  .roads  = muster_network_view(muster_metric_network(r->metric[0])),
                                  .groups = &list->groups,
                                  .are_bridges = are_bridges,
                                  .watch       = watch,
                                  .threads     = mu_thread_count(r->thread_count, ROADS_AT_ONCE)};
    const muster_status status = search(&s);
    mu_ways_fini(&s.ways);
    mu_detours_fini(&s.detours);
    mu_free(s.delay_ms);
    mu_free(s.bound);
    mu_free(s.failure);
    return status;
}
