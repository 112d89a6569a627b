/* Readiness against somebody slow: every resource drives to every place by Dijkstra's algorithm, and is
 * counted by hand; what-ifs are worked out from the start; N-1 takes every road, bridge, warehouse and
 * unit away in turn. */
#include <stdlib.h>

#include <muster/closure.h>
#include <muster/matrix.h>

#include "core/search.h"
#include "solver/critical_groups.h"
#include "tests/support/random_readiness.h"
#include "tests/support/rounds.h"

/* ---- by hand ------------------------------------------------------------------------------- */

typedef struct comer {
    uint32_t arrival_ms, resource, index;
    int64_t  quantity;
} comer;

/* What is so: metrics in force and those with nothing closed, and what is left of everything. */
typedef struct slow_world {
    const random_readiness *q;
    const muster_metric    *metric[2];
    int64_t                 left[MUSTER_RESOURCE_COUNT][RANDOM_TEAMS];
    uint32_t                travel_ms[MUSTER_RESOURCE_COUNT][RANDOM_TEAMS][READY_PLACES];
} slow_world;

static int by_arrival(const void *a, const void *b) {
    const comer *x = a, *y = b;
    if (x->arrival_ms != y->arrival_ms) return x->arrival_ms < y->arrival_ms ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int64_t slow_quantity(const muster_problem *p, unsigned resource, uint32_t i) {
    return resource == MUSTER_PEOPLE    ? p->team[i].people
           : resource == MUSTER_VEHICLE ? 1
           : resource == MUSTER_MACHINE ? p->machine[i].count
                                        : p->stock[i].quantity;
}

static bool slow_is_of_kind(const muster_problem *p, unsigned resource, uint32_t i, uint32_t kind) {
    bool is = false;
    if (p->kind[kind].resource != resource) return false;
    if (resource == MUSTER_VEHICLE) return p->vehicle[i].kind == kind;
    if (resource == MUSTER_MACHINE) return p->machine[i].kind == kind;
    if (resource == MUSTER_ITEM) return p->stock[i].kind == kind;
    for (uint32_t c = 0; c < p->team[i].capability_count; ++c) {
        is |= p->team[i].capability[c] == kind;
    }
    return is;
}

static muster_snap slow_snap(const slow_world *w, uint32_t metric, muster_site site) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    muster_snap         snap;
    options.island_metric = w->q->base.metric[metric];
    assert_int_equal(
        muster_snap_sites(w->metric[metric], 1, &site.lon_deg, &site.lat_deg, &options, &snap),
        MUSTER_OK);
    return snap;
}

static uint32_t slow_travel(const slow_world *w, uint32_t metric, muster_site from,
                            muster_site to) {
    const muster_snap a = slow_snap(w, metric, from), b = slow_snap(w, metric, to);
    mu_search         search;
    uint32_t          ms;
    if (muster_metric_flies(w->metric[metric])) {
        assert_int_equal(muster_matrix(w->metric[metric], 1, &a, 1, &b, 1, &ms, NULL), MUSTER_OK);
        return ms;
    }
    if (a.edge == MUSTER_NONE || b.edge == MUSTER_NONE) return MUSTER_UNREACHABLE_MS;
    assert_int_equal(mu_search_init(&search, w->metric[metric]), MUSTER_OK);
    mu_search_run(&search, MUSTER_FORWARD, &a, 1, &b);
    const mu_cost cost = mu_search_cost(&search, &a, &b, NULL, NULL);
    mu_search_fini(&search);
    return cost == MU_NO_PATH ? MUSTER_UNREACHABLE_MS : mu_cost_ms(cost);
}

static void slow_drive(slow_world *w) {
    const muster_problem *p = &w->q->base.problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            const muster_unit *unit = muster_problem_unit(p, (muster_resource)r, i);
            for (uint32_t to = 0; to < READY_PLACES; ++to) {
                w->travel_ms[r][i][to] =
                    slow_travel(w, unit->metric, unit->site, w->q->place[to].site);
            }
        }
    }
}

static void slow_world_new(slow_world *w, const random_readiness *q) {
    const muster_problem *p = &q->base.problem;
    *w = (slow_world){.q = q, .metric = {q->base.metric[0], q->base.metric[1]}};
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            w->left[r][i] = slow_quantity(p, r, i);
        }
    }
}

static uint32_t slow_arrival(const slow_world *w, unsigned resource, uint32_t i, uint32_t place) {
    const muster_unit *u = muster_problem_unit(&w->q->base.problem, (muster_resource)resource, i);
    const uint32_t     ready_ms = u->turnout_ms > u->available_ms ? u->turnout_ms : u->available_ms;
    const uint32_t     travel_ms = w->travel_ms[resource][i][place];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    if (u->shift_end_ms > 0 && ready_ms + travel_ms > u->shift_end_ms) return MUSTER_UNREACHABLE_MS;
    return ready_ms + travel_ms;
}

static uint32_t slow_comers(const slow_world *w, uint32_t place, uint32_t kind, comer *out) {
    const muster_problem *p     = &w->q->base.problem;
    const unsigned        r     = p->kind[kind].resource;
    uint32_t              count = 0;
    for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
        const uint32_t arrival_ms = slow_arrival(w, r, i, place);
        if (w->left[r][i] == 0 || arrival_ms == MUSTER_UNREACHABLE_MS) continue;
        if (slow_is_of_kind(p, r, i, kind)) out[count++] = (comer){arrival_ms, r, i, w->left[r][i]};
    }
    qsort(out, count, sizeof *out, by_arrival);
    return count;
}

static muster_readiness_cell slow_cell(const slow_world *w, uint32_t place, uint32_t s) {
    const muster_readiness_standard *standard = &w->q->standard[s];
    comer                            list[RANDOM_TEAMS];
    const uint32_t                   count = slow_comers(w, place, standard->kind, list);
    muster_readiness_cell            cell  = {0, 0, MUSTER_UNREACHABLE_MS, MUSTER_UNREACHABLE_MS};
    int64_t                          sum   = 0;
    if (count > 0) cell.first_ms = list[0].arrival_ms;
    for (uint32_t i = 0; i < count; ++i) {
        sum += list[i].quantity;
        if (cell.complete_ms == MUSTER_UNREACHABLE_MS && i + 1 >= standard->unit_count &&
            sum >= standard->quantity) {
            cell.complete_ms = list[i].arrival_ms;
        }
        if (list[i].arrival_ms > standard->within_ms) continue;
        ++cell.unit_count;
        cell.quantity += list[i].quantity;
    }
    return cell;
}

/* ---- comparing --------------------------------------------------------------------------------- */

static void assert_same_cell(uint64_t seed, uint32_t place, uint32_t s,
                             const muster_readiness_cell *found,
                             const muster_readiness_cell *expected) {
    if (found->unit_count == expected->unit_count && found->quantity == expected->quantity &&
        found->first_ms == expected->first_ms && found->complete_ms == expected->complete_ms) {
        return;
    }
    fail_msg(
        "seed %llu, place %u, standard %u: %u units, %lld, first %u, complete %u; expected %u, "
        "%lld, %u, %u",
        (unsigned long long)seed, place, s, found->unit_count, (long long)found->quantity,
        found->first_ms, found->complete_ms, expected->unit_count, (long long)expected->quantity,
        expected->first_ms, expected->complete_ms);
}

static void assert_same_units(const slow_world *w, const muster_readiness *r, uint32_t place,
                              uint32_t s) {
    comer                 expected[RANDOM_TEAMS];
    muster_readiness_unit found[RANDOM_TEAMS];
    uint32_t              count;
    const uint32_t        all = slow_comers(w, place, w->q->standard[s].kind, expected);
    assert_int_equal(muster_readiness_units(r, place, s, RANDOM_TEAMS, &count, found), MUSTER_OK);
    assert_int_equal(count, all);
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(found[i].arrival_ms, expected[i].arrival_ms);
        assert_int_equal(found[i].resource, expected[i].resource);
        assert_int_equal(found[i].index, expected[i].index);
        assert_true(found[i].quantity == expected[i].quantity);
    }
}

static void assert_is(const slow_world *w, const muster_readiness *r, uint64_t seed) {
    const muster_readiness_cell *cell = muster_readiness_cells(r);
    for (uint32_t p = 0; p < READY_PLACES; ++p) {
        const muster_readiness_state *state    = &muster_readiness_states(r)[p];
        muster_readiness_state        expected = {0, 0, MUSTER_UNREACHABLE_MS};
        for (uint32_t s = 0; s < READY_STANDARDS; ++s) {
            const muster_readiness_cell slow    = slow_cell(w, p, s);
            const uint32_t              within  = w->q->standard[s].within_ms;
            const uint32_t              horizon = w->q->options.horizon_ms;
            const uint32_t done = slow.complete_ms < horizon ? slow.complete_ms : horizon;
            assert_same_cell(seed, p, s, &cell[p * READY_STANDARDS + s], &slow);
            assert_same_units(w, r, p, s);
            expected.unmet_count += done > within;
            expected.late_ms += done > within ? done - within : 0;
            if (done <= within && within - done < expected.spare_ms) {
                expected.spare_ms = within - done;
            }
        }
        assert_int_equal(state->unmet_count, expected.unmet_count);
        assert_true(state->late_ms == expected.late_ms);
        assert_int_equal(state->spare_ms, expected.spare_ms);
    }
}

static void assert_weakest_first(const random_readiness *q, const muster_readiness *r) {
    const uint32_t               *list  = muster_readiness_weakest(r);
    const muster_readiness_state *state = muster_readiness_states(r);
    uint32_t                      seen  = 0;
    for (uint32_t i = 0; i < READY_PLACES; ++i) {
        seen |= 1u << list[i];
        if (i == 0) continue;
        const muster_readiness_state *a = &state[list[i - 1]], *b = &state[list[i]];
        if (a->unmet_count != b->unmet_count) {
            assert_true(a->unmet_count > b->unmet_count);
        } else if (a->late_ms != b->late_ms) {
            assert_true(a->late_ms > b->late_ms);
        } else if (a->spare_ms != b->spare_ms) {
            assert_true(a->spare_ms < b->spare_ms);
        } else if (q->place[list[i - 1]].weight != q->place[list[i]].weight) {
            assert_true(q->place[list[i - 1]].weight > q->place[list[i]].weight);
        } else {
            assert_true(list[i - 1] < list[i]);
        }
    }
    assert_int_equal(seen, (1u << READY_PLACES) - 1);
}

static void readiness_is_that_of_dijkstra_and_counting_by_hand(void **state) {
    (void)state;
    const seeds asked = seeds_asked(600);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_readiness q;
        static slow_world       w;
        random_readiness_new(&q, seed);
        slow_world_new(&w, &q);
        slow_drive(&w);
        muster_readiness *r = random_readiness_make(&q, 1 + (uint32_t)(seed % 3));
        assert_is(&w, r, seed);
        assert_weakest_first(&q, r);
        muster_readiness_free(r);
        random_readiness_free(&q);
    }
}

/* ---- what-ifs ------------------------------------------------------------------------------------ */

enum { MOST_CLOSED = 4, MOST_GONE = 5 };

static void close_slowly(slow_world *w, muster_metric *owned[2], uint32_t count,
                         const uint32_t *edge) {
    muster_arc_change change[2 * MOST_CLOSED];
    for (uint32_t i = 0; i < 2 * count; ++i) {
        change[i] = (muster_arc_change){2 * edge[i / 2] + i % 2, MUSTER_UNREACHABLE_MS};
    }
    for (uint32_t m = 0; m < 2; ++m) {
        owned[m] = NULL;
        if (count == 0 || muster_metric_flies(w->metric[m])) continue;
        assert_int_equal(muster_metric_change(&owned[m], w->metric[m], 2 * count, change),
                         MUSTER_OK);
        w->metric[m] = owned[m];
    }
}

static void draw_change(const random_readiness *q, uint64_t *rng, uint32_t *edge, muster_gone *gone,
                        muster_what_if *out) {
    const uint32_t edges = muster_network_view(q->base.network)->edge_count;
    *out = (muster_what_if){random_below(rng, MOST_CLOSED + 1), edge, random_below(rng, MOST_GONE),
                            gone, NULL};
    for (uint32_t i = 0; i < out->edge_count; ++i) edge[i] = random_below(rng, edges);
    for (uint32_t i = 0; i < out->gone_count; ++i) {
        gone[i].resource = (uint8_t)random_below(rng, MUSTER_RESOURCE_COUNT);
        gone[i].index    = random_below(rng, RANDOM_OTHERS);
        gone[i].quantity = random_below(rng, 3);
    }
}

static void take_slowly(slow_world *w, const muster_what_if *change) {
    for (uint32_t i = 0; i < change->gone_count; ++i) {
        const muster_gone *g    = &change->gone[i];
        int64_t           *left = &w->left[g->resource][g->index];
        if (g->resource < MUSTER_MACHINE || g->quantity == 0 || g->quantity > *left) {
            *left = 0;
        } else {
            *left -= g->quantity;
        }
    }
}

/* Twice, one upon the other. */
static void a_change_of_a_change_is_what_it_is_from_the_start(void **state) {
    (void)state;
    const seeds asked = seeds_asked(600);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_readiness q;
        static slow_world       w;
        uint64_t                rng = seed + 11;
        muster_metric          *owned[2][2];
        muster_readiness       *r[3];
        random_readiness_new(&q, seed);
        slow_world_new(&w, &q);
        r[0] = random_readiness_make(&q, 1);
        for (uint32_t i = 0; i < 2; ++i) {
            uint32_t       edge[MOST_CLOSED];
            muster_gone    gone[MOST_GONE];
            muster_what_if change;
            draw_change(&q, &rng, edge, gone, &change);
            close_slowly(&w, owned[i], change.edge_count, edge);
            take_slowly(&w, &change);
            slow_drive(&w);
            assert_int_equal(muster_readiness_change(&r[i + 1], r[i], &change), MUSTER_OK);
            assert_is(&w, r[i + 1], seed);
        }
        for (uint32_t i = 0; i < 3; ++i) muster_readiness_free(r[i]);
        for (uint32_t i = 0; i < 4; ++i) muster_metric_free(owned[i / 2][i % 2]);
        random_readiness_free(&q);
    }
}

/* In another problem units stand elsewhere and roads are open that were closed. */
static void another_problem_takes_the_place_of_the_base_s(void **state) {
    (void)state;
    const seeds asked = seeds_asked(200);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_readiness q;
        static slow_world       w;
        uint64_t                rng = seed + 3;
        random_readiness_new(&q, seed);
        const uint32_t       edges  = muster_network_view(q.base.network)->edge_count;
        const uint32_t       shut[] = {random_below(&rng, edges), random_below(&rng, edges)};
        muster_readiness    *base   = random_readiness_make(&q, 1), *closed, *open;
        muster_team          team[RANDOM_TEAMS];
        muster_problem       other   = q.base.problem;
        const muster_gone    gone[]  = {{MUSTER_PEOPLE, 0, 0}};
        const muster_what_if closing = {2, shut, 1, gone, NULL};
        const muster_what_if opening = {0, NULL, 0, NULL, &other};
        memcpy(team, q.base.team, sizeof team);
        team[1].unit.site = team[0].unit.site;
        other.team        = team;
        assert_int_equal(muster_readiness_change(&closed, base, &closing), MUSTER_OK);
        assert_int_equal(muster_readiness_change(&open, closed, &opening), MUSTER_OK);
        q.base.team[1].unit.site = team[1].unit.site;
        slow_world_new(&w, &q);
        slow_drive(&w);
        assert_is(&w, open, seed);
        muster_readiness_free(open);
        muster_readiness_free(closed);
        muster_readiness_free(base);
        random_readiness_free(&q);
    }
}

/* ---- N-1 --------------------------------------------------------------------------------------------- */

static bool is_worse(const muster_critical *a, const muster_critical *b) {
    if (a->loss.fallen_count != b->loss.fallen_count) {
        return a->loss.fallen_count > b->loss.fallen_count;
    }
    return a->loss.lost_ms > b->loss.lost_ms;
}

/* Insertion keeps those that are equal in the order in which they come. */
static uint32_t put(muster_critical *list, uint32_t count, muster_critical one) {
    uint32_t at = count;
    if (one.loss.slower_count == 0) return count;
    for (; at > 0 && is_worse(&one, &list[at - 1]); --at) list[at] = list[at - 1];
    list[at] = one;
    return count + 1;
}

static void lose(const muster_readiness *base, const muster_what_if *change, muster_critical *out) {
    muster_readiness *after;
    assert_int_equal(muster_readiness_change(&after, base, change), MUSTER_OK);
    assert_int_equal(muster_readiness_compare(base, after, &out->loss, NULL), MUSTER_OK);
    muster_readiness_free(after);
}

static uint32_t try_every_road(const random_readiness *q, const muster_readiness *base,
                               bool are_bridges, muster_critical *list) {
    const muster_network_data *v     = muster_network_view(q->base.network);
    uint32_t                   count = 0;
    mu_road_groups             groups;
    assert_int_equal(mu_road_groups_init(&groups, q->base.network), MUSTER_OK);
    for (uint32_t g = 0; g < groups.count; ++g) {
        const uint32_t      *edge   = groups.edge + groups.first[g];
        const muster_what_if change = {groups.first[g + 1] - groups.first[g], edge, 0, NULL, NULL};
        muster_critical      one    = {.edge = *edge};
        if (are_bridges && !(v->edge_flags[*edge] & MUSTER_EDGE_BRIDGE)) continue;
        lose(base, &change, &one);
        count = put(list, count, one);
    }
    mu_road_groups_fini(&groups);
    return count;
}

static uint32_t try_every_unit(const muster_problem *p, const muster_readiness *base,
                               muster_critical *list) {
    uint32_t count = 0;
    for (unsigned r = 0; r < MUSTER_ITEM; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            const muster_gone    gone   = {(uint8_t)r, i, 0};
            const muster_what_if change = {0, NULL, 1, &gone, NULL};
            muster_critical      one    = {.edge = MUSTER_NONE, .resource = (uint8_t)r, .index = i};
            lose(base, &change, &one);
            count = put(list, count, one);
        }
    }
    return count;
}

static bool is_asked_for(const random_readiness *q, uint32_t kind) {
    uint32_t s = 0;
    while (s < READY_STANDARDS && q->standard[s].kind != kind) ++s;
    return s < READY_STANDARDS;
}

/* A warehouse is all rows with its code, and is known by the first that counts. */
static uint32_t try_every_warehouse(const random_readiness *q, const muster_readiness *base,
                                    muster_critical *list) {
    const muster_problem *p     = &q->base.problem;
    uint32_t              count = 0;
    for (uint32_t i = 0; i < p->stock_count; ++i) {
        muster_gone    gone[RANDOM_OTHERS];
        muster_what_if change = {0, NULL, 0, gone, NULL};
        uint32_t       first  = MUSTER_NONE;
        for (uint32_t j = 0; j < p->stock_count; ++j) {
            if (strcmp(p->stock[i].unit.code, p->stock[j].unit.code) != 0) continue;
            const bool counts = p->stock[j].quantity > 0 && is_asked_for(q, p->stock[j].kind);
            if (first == MUSTER_NONE && counts) first = j;
            gone[change.gone_count++] = (muster_gone){MUSTER_ITEM, j, 0};
        }
        if (first != i) continue;
        muster_critical one = {.edge = MUSTER_NONE, .resource = MUSTER_ITEM, .index = i};
        lose(base, &change, &one);
        count = put(list, count, one);
    }
    return count;
}

static void assert_same_list(uint64_t seed, const char *what, const muster_critical *found,
                             uint32_t found_count, const muster_critical *expected,
                             uint32_t expected_count) {
    if (found_count != expected_count) {
        fail_msg("seed %llu: %u %s in the list; expected %u", (unsigned long long)seed, found_count,
                 what, expected_count);
    }
    for (uint32_t i = 0; i < found_count; ++i) {
        const muster_critical *f = &found[i], *e = &expected[i];
        if (f->edge == e->edge && f->resource == e->resource && f->index == e->index &&
            f->loss.fallen_count == e->loss.fallen_count &&
            f->loss.fallen_weight == e->loss.fallen_weight &&
            f->loss.beyond_count == e->loss.beyond_count &&
            f->loss.slower_count == e->loss.slower_count && f->loss.lost_ms == e->loss.lost_ms) {
            continue;
        }
        fail_msg(
            "seed %llu, %s %u: edge %u, %u %u: %u fallen, %u slower, %lld ms lost; expected edge "
            "%u, %u %u: %u, %u, %lld",
            (unsigned long long)seed, what, i, f->edge, f->resource, f->index, f->loss.fallen_count,
            f->loss.slower_count, (long long)f->loss.lost_ms, e->edge, e->resource, e->index,
            e->loss.fallen_count, e->loss.slower_count, (long long)e->loss.lost_ms);
    }
}

typedef struct effort {
    uint64_t roads, candidates, tried;
    uint64_t of_several; /* in lists, of more than one edge */
} effort;

static void compare_part(uint64_t seed, const random_readiness *q, const muster_readiness *base,
                         muster_part part, effort *sum) {
    static muster_critical expected[READY_EDGES];
    const uint32_t         most = seed % 2 ? 3 : 1000;
    muster_criticals      *list;
    uint32_t               count;
    const uint32_t all = part == MUSTER_PART_UNIT ? try_every_unit(&q->base.problem, base, expected)
                         : part == MUSTER_PART_WAREHOUSE
                             ? try_every_warehouse(q, base, expected)
                             : try_every_road(q, base, part == MUSTER_PART_BRIDGE, expected);
    if (muster_criticals_find(&list, base, part, most, NULL, NULL) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    const muster_critical *found = muster_criticals_list(list, &count);
    assert_same_list(seed, muster_part_name(part), found, count, expected, all < most ? all : most);
    const muster_criticals_effort e = muster_criticals_effort_of(list);
    assert_true(e.tried_count <= e.candidate_count && e.candidate_count <= e.part_count);
    if (part == MUSTER_PART_ROAD) {
        sum->roads += e.part_count;
        sum->candidates += e.candidate_count;
        sum->tried += e.tried_count;
    }
    for (uint32_t i = 0; i < count; ++i) {
        uint32_t        edges;
        const uint32_t *edge = muster_criticals_edges(list, i, &edges);
        sum->of_several += edges > 1;
        assert_int_equal(edges > 0, found[i].edge != MUSTER_NONE);
        if (edges > 0) assert_int_equal(edge[0], found[i].edge);
    }
    muster_criticals_free(list);
}

static void what_hurts_most_is_what_trying_everything_finds(void **state) {
    (void)state;
    const seeds asked = seeds_asked(300);
    effort      sum   = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_readiness q;
        random_readiness_new(&q, seed);
        muster_readiness *base = random_readiness_make(&q, 1 + (uint32_t)(seed % 3));
        for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
            compare_part(seed, &q, base, (muster_part)part, &sum);
        }
        muster_readiness_free(base);
        random_readiness_free(&q);
    }
    print_message("%llu roads, %llu candidates, %llu tried; %llu of several edges in lists\n",
                  (unsigned long long)sum.roads, (unsigned long long)sum.candidates,
                  (unsigned long long)sum.tried, (unsigned long long)sum.of_several);
    assert_true(sum.of_several > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readiness_is_that_of_dijkstra_and_counting_by_hand),
        cmocka_unit_test(a_change_of_a_change_is_what_it_is_from_the_start),
        cmocka_unit_test(another_problem_takes_the_place_of_the_base_s),
        cmocka_unit_test(what_hurts_most_is_what_trying_everything_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
