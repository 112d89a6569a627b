/* Every kind of search against one that knows nothing of graphs and automata: it remembers the last
 * few arcs driven and asks all restrictions at every turn.
 *
 * Its states are a junction with the last arcs that led there, as many as some restriction still
 * asks for; it corrects costs until none changes. Restrictions are read from the public arrays, as
 * their documentation has it. */
#include <math.h>
#include <string.h>

#include <muster/closure.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>
#include <muster/reach.h>

#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum {
    ROUNDS     = 400,
    PLACES     = 8,
    CHANGES    = 3,
    MOST_EDGES = 26,
    WINDOW     = 1 + RANDOM_MAX_VIA,
    STATES     = 1 << 10,
    SLOTS      = 1 << 11
};

typedef struct cost {
    uint64_t ms, cm;
} cost;

static const cost NO_WAY = {UINT64_MAX, UINT64_MAX};

static bool is_less(cost a, cost b) {
    return a.ms < b.ms || (a.ms == b.ms && a.cm < b.cm);
}

static cost lesser(cost a, cost b) {
    return is_less(a, b) ? a : b;
}

static cost sum(cost a, cost b) {
    return a.ms == UINT64_MAX || b.ms == UINT64_MAX ? NO_WAY : (cost){a.ms + b.ms, a.cm + b.cm};
}

/* ---- what a turn costs ------------------------------------------------------------------- */

/* The world as the oracle sees it. */
typedef struct world {
    const muster_network_data *v;
    const uint32_t            *duration_ms;
    muster_profile             profile;
} world;

static uint32_t tail_of(const world *w, uint32_t arc) {
    return arc % 2 ? w->v->edge_target[arc / 2] : w->v->edge_source[arc / 2];
}

static uint32_t head_of(const world *w, uint32_t arc) {
    return tail_of(w, arc ^ 1);
}

static bool is_open_to_somebody(const world *w, uint32_t arc) {
    return (arc % 2 ? w->v->edge_access_backward : w->v->edge_access_forward)[arc / 2] != 0;
}

/* The arcs driven, the last one first; MUSTER_NONE before the start. */
typedef struct history {
    uint32_t arc[WINDOW];
} history;

static bool obeys(const world *w, uint32_t r) {
    return (w->profile.access & w->v->restriction[r].except) == 0;
}

static uint32_t via_count(const world *w, uint32_t r) {
    return w->v->restriction_first_via[r + 1] - w->v->restriction_first_via[r];
}

/* Are the last arcs driven restriction r's from edge and the first so many of its via edges? */
static bool is_begun_up_to(const world *w, uint32_t r, uint32_t vias, const history *h) {
    const muster_turn_restriction *turn = &w->v->restriction[r];
    for (uint32_t i = 0; i < vias; ++i) {
        const uint32_t edge = w->v->restriction_via_edge[w->v->restriction_first_via[r] + i];
        const uint32_t arc  = h->arc[vias - 1 - i];
        if (arc == MUSTER_NONE || arc / 2 != edge) return false;
        if (w->v->edge_source[edge] == w->v->edge_target[edge]) return false;
    }
    const uint32_t from = h->arc[vias];
    return from != MUSTER_NONE && from / 2 == turn->from_edge && turn->to_edge != MUSTER_NONE &&
           head_of(w, from) == turn->via_node;
}

static bool is_begun(const world *w, uint32_t r, const history *h) {
    return is_begun_up_to(w, r, via_count(w, r), h);
}

/* Does the edge lead away from the node, for somebody? */
static bool leads_away(const world *w, uint32_t edge, uint32_t node) {
    return (tail_of(w, 2 * edge) == node && is_open_to_somebody(w, 2 * edge)) ||
           (tail_of(w, 2 * edge + 1) == node && is_open_to_somebody(w, 2 * edge + 1));
}

/* Of the mandatory turns with so many via edges that are begun, is the arc not one? */
static bool is_not_the_only(const world *w, uint32_t vias, const history *h, uint32_t arc) {
    bool is_bound = false;
    for (uint32_t r = 0; r < w->v->restriction_count; ++r) {
        const muster_turn_restriction *turn = &w->v->restriction[r];
        if (turn->kind != MUSTER_RESTRICTION_ONLY || via_count(w, r) != vias || !obeys(w, r) ||
            !is_begun(w, r, h) || !leads_away(w, turn->to_edge, tail_of(w, arc))) {
            continue;
        }
        if (turn->to_edge == arc / 2) return false;
        is_bound = true;
    }
    return is_bound;
}

/* Milliseconds for turning into `arc`; UINT64_MAX: one may not. */
static uint64_t turn_ms(const world *w, const history *h, uint32_t arc) {
    uint64_t delay_ms  = 0;
    bool     is_banned = false;
    for (uint32_t r = 0; r < w->v->restriction_count; ++r) {
        const muster_turn_restriction *turn = &w->v->restriction[r];
        if (!obeys(w, r) || !is_begun(w, r, h) || turn->to_edge != arc / 2) continue;
        if (turn->kind == MUSTER_RESTRICTION_NO) is_banned = true;
        if (turn->kind == MUSTER_RESTRICTION_PENALTY) delay_ms += turn->penalty_ms;
    }
    for (uint32_t vias = 0; vias <= RANDOM_MAX_VIA; ++vias) {
        is_banned = is_banned || is_not_the_only(w, vias, h, arc);
    }
    if (!is_banned) return delay_ms;
    return w->profile.turn_ban_penalty_ms == MUSTER_UNREACHABLE_MS
               ? UINT64_MAX
               : delay_ms + w->profile.turn_ban_penalty_ms;
}

/* ---- the search -------------------------------------------------------------------------- */

typedef struct stand {
    uint32_t node;
    history  history;
    cost     best;
    bool     is_waiting;
} stand;

typedef struct walk {
    const world *w;
    uint32_t     count, first_waiting, waiting_count;
    stand        state[STATES];
    uint32_t     slot[SLOTS], waiting[STATES];
} walk;

static walk WALK; /* too large for the stack */

static void start_walk(const world *w) {
    WALK.w     = w;
    WALK.count = WALK.first_waiting = WALK.waiting_count = 0;
    memset(WALK.slot, 0xFF, sizeof WALK.slot);
}

static stand *state_at(uint32_t node, const history *h) {
    uint64_t key = node;
    for (int i = 0; i < WINDOW; ++i) key = (key ^ h->arc[i]) * 0x9E3779B97F4A7C15u;
    uint32_t at = (uint32_t)(key >> 40) % SLOTS;
    for (; WALK.slot[at] != MUSTER_NONE; at = (at + 1) % SLOTS) {
        stand *s = &WALK.state[WALK.slot[at]];
        if (s->node == node && memcmp(&s->history, h, sizeof *h) == 0) return s;
    }
    assert_true(WALK.count < STATES);
    WALK.slot[at] = WALK.count;
    stand *s      = &WALK.state[WALK.count++];
    *s            = (stand){.node = node, .history = *h, .best = NO_WAY};
    return s;
}

static void offer(uint32_t node, const history *h, cost c) {
    stand *s = state_at(node, h);
    if (!is_less(c, s->best)) return;
    s->best = c;
    if (s->is_waiting) return;
    s->is_waiting                                                      = true;
    WALK.waiting[(WALK.first_waiting + WALK.waiting_count++) % STATES] = (uint32_t)(s - WALK.state);
}

/* Arcs that no restriction asks for any more are forgotten: without that there would be as many
 * states as ways. */
static void forget(const world *w, history *h) {
    uint32_t needed = 0;
    for (uint32_t r = 0; r < w->v->restriction_count; ++r) {
        for (uint32_t vias = 0; vias <= via_count(w, r); ++vias) {
            if (vias + 1 > needed && is_begun_up_to(w, r, vias, h)) needed = vias + 1;
        }
    }
    for (uint32_t i = needed; i < WINDOW; ++i) h->arc[i] = MUSTER_NONE;
}

static history after(const world *w, const history *h, uint32_t arc) {
    history next = {{arc}};
    memcpy(next.arc + 1, h->arc, (WINDOW - 1) * sizeof *h->arc);
    forget(w, &next);
    return next;
}

static const history NOTHING = {{MUSTER_NONE, MUSTER_NONE, MUSTER_NONE, MUSTER_NONE}};

static uint64_t part(uint64_t whole, double fraction) {
    return (uint64_t)floor((double)whole * fraction + 0.5);
}

static uint64_t length_cm(const world *w, uint32_t arc) {
    return (uint64_t)llround(w->v->edge_length_m[arc / 2] * 100);
}

static bool is_driven(const world *w, uint32_t arc) {
    return w->duration_ms[arc] != MUSTER_UNREACHABLE_MS;
}

/* The arc from its tail to a share of it. */
static cost cost_to(const world *w, uint32_t arc, double share) {
    return (cost){part(w->duration_ms[arc], share), part(length_cm(w, arc), share)};
}

static cost cost_between(const world *w, uint32_t arc, double start, double end) {
    const cost a = cost_to(w, arc, start), b = cost_to(w, arc, end);
    return (cost){b.ms - a.ms, b.cm - a.cm};
}

static void drive_on(const stand *from, uint32_t arc) {
    const world   *w        = WALK.w;
    const uint64_t delay_ms = turn_ms(w, &from->history, arc);
    if (delay_ms == UINT64_MAX) return;
    const history h = after(w, &from->history, arc);
    offer(head_of(w, arc), &h,
          sum(from->best, sum((cost){delay_ms, 0}, cost_between(w, arc, 0, 1))));
}

static void finish_walk(void) {
    while (WALK.waiting_count > 0) {
        --WALK.waiting_count;
        stand *s           = &WALK.state[WALK.waiting[WALK.first_waiting]];
        WALK.first_waiting = (WALK.first_waiting + 1) % STATES;
        s->is_waiting      = false;
        for (uint32_t arc = 0; arc < 2 * WALK.w->v->edge_count; ++arc) {
            if (is_driven(WALK.w, arc) && tail_of(WALK.w, arc) == s->node) drive_on(s, arc);
        }
    }
}

static double share_of(const muster_snap *place, uint32_t arc) {
    return arc % 2 ? 1 - place->fraction : place->fraction;
}

static void walk_from_place(const world *w, const muster_snap *place) {
    start_walk(w);
    if (place->edge == MUSTER_NONE) return;
    for (uint32_t arc = 2 * place->edge; arc <= 2 * place->edge + 1; ++arc) {
        const history h     = after(w, &NOTHING, arc);
        const double  share = share_of(place, arc);
        if (share == 1) offer(head_of(w, arc), &NOTHING, (cost){0, 0});
        if (share < 1 && is_driven(w, arc)) {
            offer(head_of(w, arc), &h, cost_between(w, arc, share, 1));
        }
    }
    finish_walk();
}

static void walk_from_junction(const world *w, uint32_t node) {
    start_walk(w);
    offer(node, &NOTHING, (cost){0, 0});
    finish_walk();
}

static cost cost_of_junction(uint32_t node) {
    cost best = NO_WAY;
    for (uint32_t i = 0; i < WALK.count; ++i) {
        if (WALK.state[i].node == node) best = lesser(best, WALK.state[i].best);
    }
    return best;
}

/* By the network, not straight along an edge from a place on it. */
static cost cost_of_place(const muster_snap *place) {
    const world *w    = WALK.w;
    cost         best = NO_WAY;
    if (place->edge == MUSTER_NONE) return best;
    for (uint32_t arc = 2 * place->edge; arc <= 2 * place->edge + 1; ++arc) {
        const double share = share_of(place, arc);
        if (share == 0) best = lesser(best, cost_of_junction(tail_of(w, arc)));
        if (share == 0 || !is_driven(w, arc)) continue;
        for (uint32_t i = 0; i < WALK.count; ++i) {
            const stand *s = &WALK.state[i];
            if (s->node != tail_of(w, arc)) continue;
            const uint64_t delay_ms = turn_ms(w, &s->history, arc);
            if (delay_ms == UINT64_MAX) continue;
            best = lesser(best, sum(s->best, sum((cost){delay_ms, 0}, cost_to(w, arc, share))));
        }
    }
    return best;
}

static cost cost_straight(const world *w, const muster_snap *from, const muster_snap *to) {
    cost best = NO_WAY;
    if (from->edge == MUSTER_NONE || from->edge != to->edge) return best;
    for (uint32_t arc = 2 * to->edge; arc <= 2 * to->edge + 1; ++arc) {
        const double start = share_of(from, arc), end = share_of(to, arc);
        if (is_driven(w, arc) && start <= end) {
            best = lesser(best, cost_between(w, arc, start, end));
        }
    }
    return best;
}

/* ---- comparing --------------------------------------------------------------------------- */

typedef struct answers {
    cost between[PLACES][PLACES];
    cost to_node[PLACES][RANDOM_MAX_NODES], from_node[RANDOM_MAX_NODES][PLACES];
} answers;

static void find_answers(answers *a, const world *w, const muster_snap *place) {
    for (int i = 0; i < PLACES; ++i) {
        walk_from_place(w, &place[i]);
        for (int j = 0; j < PLACES; ++j) {
            a->between[i][j] =
                lesser(cost_of_place(&place[j]), cost_straight(w, &place[i], &place[j]));
            if (place[i].edge == MUSTER_NONE) a->between[i][j] = NO_WAY;
        }
        for (uint32_t v = 0; v < w->v->node_count; ++v) a->to_node[i][v] = cost_of_junction(v);
    }
    for (uint32_t v = 0; v < w->v->node_count; ++v) {
        walk_from_junction(w, v);
        for (int j = 0; j < PLACES; ++j) a->from_node[v][j] = cost_of_place(&place[j]);
    }
}

static void assert_cost(cost expected, uint32_t ms, double m) {
    if (expected.ms == UINT64_MAX) {
        assert_int_equal(ms, MUSTER_UNREACHABLE_MS);
        assert_true(isnan(m));
    } else {
        assert_int_equal(ms, expected.ms);
        assert_int_equal(llround(m * 100), expected.cm);
    }
}

static void check_tables(const muster_metric *metric, const muster_snap *place, const answers *a) {
    uint32_t ms[PLACES * PLACES];
    double   m[PLACES * PLACES];
    assert_int_equal(muster_matrix(metric, PLACES, place, PLACES, place, 1, ms, m), MUSTER_OK);
    for (int i = 0; i < PLACES * PLACES; ++i) {
        assert_cost(a->between[i / PLACES][i % PLACES], ms[i], m[i]);
    }
    /* Fewer columns than rows: without a hierarchy that is searched backward. */
    assert_int_equal(muster_matrix(metric, PLACES, place, 2, place, 1, ms, m), MUSTER_OK);
    for (int i = 0; i < 2 * PLACES; ++i) assert_cost(a->between[i / 2][i % 2], ms[i], m[i]);
}

static void check_trees(const muster_metric *metric, const muster_snap *place, const answers *a) {
    const uint32_t  n = muster_network_view(muster_metric_network(metric))->node_count;
    static uint32_t ms[PLACES * RANDOM_MAX_NODES];
    static double   m[PLACES * RANDOM_MAX_NODES];
    assert_int_equal(muster_one_to_all(metric, PLACES, place, MUSTER_FORWARD, 1, ms, m), MUSTER_OK);
    for (uint32_t i = 0; i < PLACES * n; ++i) assert_cost(a->to_node[i / n][i % n], ms[i], m[i]);
    assert_int_equal(muster_one_to_all(metric, PLACES, place, MUSTER_BACKWARD, 1, ms, m),
                     MUSTER_OK);
    for (uint32_t i = 0; i < PLACES * n; ++i) assert_cost(a->from_node[i % n][i / n], ms[i], m[i]);
}

static void check_reach(const muster_metric *metric, const muster_snap *place, const answers *a) {
    for (int backward = 0; backward < 2; ++backward) {
        const muster_direction direction = backward ? MUSTER_BACKWARD : MUSTER_FORWARD;
        muster_reach          *reach     = NULL;
        assert_int_equal(muster_reach_new(&reach, metric, direction, PLACES, place), MUSTER_OK);
        for (int i = 0; i < PLACES; ++i) {
            uint32_t seen = 0, target, ms;
            double   m;
            assert_int_equal(muster_reach_start(reach, &place[i]), MUSTER_OK);
            while (muster_reach_next(reach, MUSTER_UNREACHABLE_MS, &target, &ms, &m)) {
                assert_cost(backward ? a->between[target][i] : a->between[i][target], ms, m);
                seen |= 1u << target;
            }
            for (int j = 0; j < PLACES; ++j) {
                const cost c = backward ? a->between[j][i] : a->between[i][j];
                assert_int_equal(seen >> j & 1, c.ms != UINT64_MAX);
            }
        }
        muster_reach_free(reach);
    }
}

/* Drive the route: arcs joined end to end, no turn that is forbidden, and the clock agrees. */
static void drive(const world *w, const muster_route *route, const muster_snap *from,
                  const muster_snap *to) {
    uint32_t        count;
    const uint32_t *arc   = muster_route_arcs(route, &count);
    cost            spent = {0, 0};
    history         h     = NOTHING;
    for (uint32_t i = 0; i < count; ++i) {
        const double start = i == 0 ? share_of(from, arc[i]) : 0;
        const double end   = i + 1 == count ? share_of(to, arc[i]) : 1;
        if (i > 0) assert_int_equal(head_of(w, arc[i - 1]), tail_of(w, arc[i]));
        if (end > 0 && i > 0) {
            const uint64_t delay_ms = turn_ms(w, &h, arc[i]);
            assert_true(delay_ms != UINT64_MAX);
            spent.ms += delay_ms;
        }
        if (start < end) {
            assert_true(is_driven(w, arc[i]));
            spent = sum(spent, cost_between(w, arc[i], start, end));
        }
        if (start < 1) h = after(w, &h, arc[i]); /* else the trip begins at the junction */
    }
    assert_cost(spent, muster_route_duration_ms(route), muster_route_distance_m(route));
}

static void check_routes(const world *w, const muster_metric *metric, const muster_snap *place,
                         const answers *a) {
    muster_query *query = NULL;
    assert_int_equal(muster_query_new(&query, metric), MUSTER_OK);
    for (int i = 0; i < PLACES; ++i) {
        for (int j = 0; j < PLACES; ++j) {
            muster_route *route = NULL;
            uint32_t      ms;
            double        m;
            assert_int_equal(muster_query_cost(query, &place[i], &place[j], &ms, &m), MUSTER_OK);
            assert_cost(a->between[i][j], ms, m);
            assert_int_equal(muster_query_route(&route, query, &place[i], &place[j]), MUSTER_OK);
            assert_int_equal(route != NULL, a->between[i][j].ms != UINT64_MAX);
            if (!route) continue;
            assert_cost(a->between[i][j], muster_route_duration_ms(route),
                        muster_route_distance_m(route));
            drive(w, route, &place[i], &place[j]);
            muster_route_free(route);
        }
    }
    muster_query_free(query);
}

/* The listed turns say the same as the restrictions, after whatever has been driven. */
static uint64_t listed_ms(const muster_metric *metric, const history *h, uint32_t arc) {
    uint32_t longest = 0, duration_ms = 0;
    for (uint32_t t = 0; t < muster_metric_turn_count(metric); ++t) {
        const muster_turn turn = muster_metric_turn(metric, t);
        bool              fits = turn.arc[turn.arc_count - 1] == arc && turn.arc_count > longest;
        for (uint32_t i = 0; i + 1 < turn.arc_count && fits; ++i) {
            fits = turn.arc[turn.arc_count - 2 - i] == h->arc[i];
        }
        if (!fits) continue;
        longest     = turn.arc_count;
        duration_ms = turn.duration_ms;
    }
    return duration_ms == MUSTER_UNREACHABLE_MS ? UINT64_MAX : duration_ms;
}

static void check_list(const world *w, const muster_metric *metric, const muster_snap *place) {
    walk_from_place(w, place);
    for (uint32_t i = 0; i < WALK.count && i < 200; ++i) {
        const stand *s = &WALK.state[i];
        for (uint32_t arc = 0; arc < 2 * w->v->edge_count; ++arc) {
            if (tail_of(w, arc) != s->node || !is_open_to_somebody(w, arc)) continue;
            assert_true(listed_ms(metric, &s->history, arc) == turn_ms(w, &s->history, arc));
        }
    }
}

static void check_metric(const muster_metric *metric, const muster_profile *profile,
                         uint64_t *rng) {
    static answers a;
    muster_snap    place[PLACES];
    const world    w = {muster_network_view(muster_metric_network(metric)),
                        muster_metric_duration_ms(metric), *profile};
    random_places(place, PLACES, w.v->edge_count, rng);
    find_answers(&a, &w, place);
    check_tables(metric, place, &a);
    check_trees(metric, place, &a);
    check_reach(metric, place, &a);
    check_routes(&w, metric, place, &a);
    check_list(&w, metric, &place[0]);
}

/* ---- rounds ------------------------------------------------------------------------------ */

static muster_network *small_network(random_network *r, random_turns *t, uint64_t seed) {
    muster_network *network = NULL;
    muster_network_free(random_network_new(r, seed));
    const uint32_t most = 2 * r->data.node_count < MOST_EDGES ? 2 * r->data.node_count : MOST_EDGES;
    if (r->data.edge_count > most) r->data.edge_count = most;
    r->data.restriction_count = 0;
    random_turns_add(t, &r->data, seed);
    assert_int_equal(muster_network_new(&network, &r->data), MUSTER_OK);
    return network;
}

static muster_profile random_profile(uint64_t *rng) {
    static const char *const NAME[] = {"light", "heavy", "emergency"};
    muster_profile           profile;
    assert_int_equal(muster_profile_builtin(&profile, NAME[random_below(rng, 3)]), MUSTER_OK);
    if (random_below(rng, 4) == 0) profile.turn_ban_penalty_ms = random_below(rng, 20000);
    if (random_below(rng, 4) == 0) profile.access = (uint8_t)(1 + random_below(rng, 7));
    return profile;
}

static void change_some(muster_metric **metric, const muster_metric *original, uint64_t *rng) {
    const muster_network_data *v = muster_network_view(muster_metric_network(*metric));
    muster_arc_change          change[6];
    muster_metric             *changed = NULL;
    uint32_t                   count   = 0;
    for (int i = 0; i < 6; ++i) {
        const uint32_t arc    = random_below(rng, 2 * v->edge_count);
        const uint8_t *access = arc % 2 ? v->edge_access_backward : v->edge_access_forward;
        if (access[arc / 2] == 0) continue;
        change[count++] = (muster_arc_change){arc, random_below(rng, 3) ? MUSTER_UNREACHABLE_MS
                                                   : random_below(rng, 2)
                                                       ? random_below(rng, 100000)
                                                       : muster_metric_duration_ms(original)[arc]};
    }
    assert_int_equal(muster_metric_change(&changed, *metric, count, change), MUSTER_OK);
    if (*metric != original) muster_metric_free(*metric);
    *metric = changed;
}

static void every_search_obeys_every_restriction(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    uint32_t              applied = 0, all = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = seed + 99;
        muster_network *network = small_network(&r, &t, seed);
        if (seed % 3 > 0) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        const muster_profile profile  = random_profile(&rng);
        muster_metric       *original = NULL;
        assert_int_equal(muster_metric_new(&original, network, &profile), MUSTER_OK);
        check_metric(original, &profile, &rng);
        muster_metric *metric = original;
        for (int i = 0; i < CHANGES; ++i) {
            change_some(&metric, original, &rng);
            check_metric(metric, &profile, &rng);
        }
        applied += muster_network_applied_restriction_count(network);
        all += r.data.restriction_count;
        muster_metric_free(metric);
        muster_metric_free(original);
        muster_network_free(network);
    }
    assert_in_range(applied, all / 4, all - 1); /* or it is not what the test is for */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_search_obeys_every_restriction)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
