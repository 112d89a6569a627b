/* Explanations of plans for small random problems: cuts against all sets of needs, exchanges
 * against plans that are changed by hand, what would help against a flow too simple to be wrong. */
#include <muster/matrix.h>
#include <muster/why.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random_problem.h"

enum { ROUNDS = 800, MOST_UNITS = 8 };

typedef struct tiers {
    int64_t first, second;
} tiers;

static random_problem           r;
static muster_plan             *plan;
static const muster_assignment *go;
static uint32_t                 go_count;
static muster_reasons          *reasons;
static uint32_t                 measured_ms[RANDOM_NEEDS][MOST_UNITS];

static uint32_t measure(uint32_t need, uint32_t i);
static uint32_t units_of(unsigned resource);

static void open_plan(uint64_t seed) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.method               = seed % 3 ? MUSTER_METHOD_OPTIMIZE : MUSTER_METHOD_GREEDY;
    options.thread_count         = 1;
    random_problem_new(&r, seed);
    for (uint32_t i = 0; seed % 2 && i < RANDOM_INCIDENTS; ++i) {
        r.incident[i].deadline_ms = 1 + (uint32_t)(seed * 7919 + i * 104729) % 900000;
    }
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
    go = muster_plan_assignments(plan, &go_count);
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, go_count, go, 0, NULL, 1), MUSTER_OK);
    for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
        for (uint32_t u = 0; u < units_of(r.kind[r.need[n].kind].resource); ++u) {
            measured_ms[n][u] = measure(n, u);
        }
    }
}

static void close_plan(void) {
    muster_reasons_free(reasons);
    muster_plan_free(plan);
    random_problem_free(&r);
}

/* ---- the problem, read by hand ------------------------------------------------------------- */

static uint32_t units_of(unsigned resource) {
    return resource == MUSTER_PEOPLE ? RANDOM_TEAMS : RANDOM_OTHERS;
}

static int64_t supply_of(unsigned resource, uint32_t i) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return r.team[i].people;
    case MUSTER_VEHICLE:
        return 1;
    case MUSTER_MACHINE:
        return r.machine[i].count;
    default:
        return r.stock[i].quantity;
    }
}

static bool is_of_kind(unsigned resource, uint32_t i, uint32_t kind) {
    switch (resource) {
    case MUSTER_PEOPLE:
        for (uint32_t c = 0; c < r.team[i].capability_count; ++c) {
            if (r.capability[i][c] == kind) return true;
        }
        return false;
    case MUSTER_VEHICLE:
        return r.vehicle[i].kind == kind;
    case MUSTER_MACHINE:
        return r.machine[i].kind == kind;
    default:
        return r.stock[i].kind == kind;
    }
}

/* When unit i would be at the need; MUSTER_UNREACHABLE_MS: never, or it does not suit. */
static uint32_t measure(uint32_t need, uint32_t i) {
    const unsigned     resource = r.kind[r.need[need].kind].resource;
    const muster_unit *unit     = resource == MUSTER_PEOPLE    ? &r.team[i].unit
                                  : resource == MUSTER_VEHICLE ? &r.vehicle[i].unit
                                  : resource == MUSTER_MACHINE ? &r.machine[i].unit
                                                               : &r.stock[i].unit;
    const muster_site  to       = r.incident[r.need[need].incident].site;
    const double lon[] = {unit->site.lon_deg, to.lon_deg}, lat[] = {unit->site.lat_deg, to.lat_deg};
    muster_snap  snap[2];
    uint32_t     travel_ms;
    double       distance_m;
    if (!is_of_kind(resource, i, r.need[need].kind) || supply_of(resource, i) == 0) {
        return MUSTER_UNREACHABLE_MS;
    }
    const muster_metric *metric = r.metric[unit->metric];
    assert_int_equal(muster_snap_sites(metric, 2, lon, lat, NULL, snap), MUSTER_OK);
    assert_int_equal(muster_matrix(metric, 1, &snap[0], 1, &snap[1], 1, &travel_ms, &distance_m),
                     MUSTER_OK);
    return travel_ms == MUSTER_UNREACHABLE_MS ? travel_ms : travel_ms + unit->turnout_ms;
}

static uint32_t eta_of(uint32_t need, uint32_t i) {
    return measured_ms[need][i];
}

static int64_t sent_to(uint32_t need, uint32_t i) {
    for (uint32_t a = 0; a < go_count; ++a) {
        if (go[a].need == need && go[a].index == i) return go[a].quantity;
    }
    return 0;
}

static int64_t price_of(uint32_t need) {
    return muster_severity_weight((muster_severity)r.incident[r.need[need].incident].severity) *
           1000000 / r.need[need].quantity;
}

/* The ETA in seconds, and ten minutes more for each ten minutes after the deadline that have begun. */
static int64_t response_of(uint32_t need, uint32_t eta_ms) {
    const uint32_t deadline_ms = r.incident[r.need[need].incident].deadline_ms;
    int64_t        s           = eta_ms / 1000;
    if (deadline_ms == 0) return s;
    for (uint64_t ms = deadline_ms; ms < eta_ms; ms += 600000) s += 600;
    return s;
}

static int64_t missing_at(uint32_t need) {
    uint32_t            count;
    const muster_unmet *unmet = muster_plan_unmet(plan, &count);
    for (uint32_t u = 0; u < count; ++u) {
        if (unmet[u].need == need) return unmet[u].quantity;
    }
    return 0;
}

/* ---- why unmet ------------------------------------------------------------------------------ */

static bool is_in(const uint32_t *list, uint32_t count, uint32_t item) {
    for (uint32_t i = 0; i < count; ++i) {
        if (list[i] == item) return true;
    }
    return false;
}

/* Add both sides up, knowing of no flow. */
static void check_closed(const muster_shortage *s, uint32_t need) {
    const unsigned resource = r.kind[r.need[need].kind].resource;
    int64_t        supply = 0, demand = 0;
    assert_true(is_in(s->need, s->need_count, need));
    for (uint32_t i = 0; i < s->need_count; ++i) demand += r.need[s->need[i]].quantity;
    for (uint32_t u = 0; u < units_of(resource); ++u) {
        bool can_serve = false;
        for (uint32_t i = 0; i < s->need_count; ++i) {
            assert_int_equal(r.kind[r.need[s->need[i]].kind].resource, resource);
            can_serve |= eta_of(s->need[i], u) != MUSTER_UNREACHABLE_MS;
        }
        assert_int_equal(can_serve, is_in(s->unit, s->unit_count, u));
        if (can_serve) supply += supply_of(resource, u);
    }
    assert_int_equal(s->supply, supply);
    assert_int_equal(s->demand, demand);
    if (s->proof == MUSTER_PROOF_SUPPLY) assert_true(supply < demand);
    if (s->proof != MUSTER_PROOF_IN_USE) return;
    for (uint32_t i = 0; i < s->unit_count; ++i) {
        int64_t inside = 0;
        for (uint32_t j = 0; j < s->need_count; ++j) inside += sent_to(s->need[j], s->unit[i]);
        assert_int_equal(inside, supply_of(resource, s->unit[i]));
    }
}

/* Could all needs of the resource keep what they have, and this one be met, were units to be split?
 * Not, exactly if some set of needs around it has fewer around it (Hall). */
static bool is_enough(uint32_t need) {
    const unsigned resource = r.kind[r.need[need].kind].resource;
    for (unsigned set = 0; set < 1u << RANDOM_NEEDS; ++set) {
        int64_t asked = 0, around = 0;
        if (!(set >> need & 1)) continue;
        for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
            if (!(set >> n & 1)) continue;
            asked += r.need[n].quantity - (n == need ? 0 : missing_at(n));
        }
        for (uint32_t u = 0; u < units_of(resource); ++u) {
            bool can_serve = false;
            for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
                can_serve |= set >> n & 1 && r.kind[r.need[n].kind].resource == resource &&
                             eta_of(n, u) != MUSTER_UNREACHABLE_MS;
            }
            if (can_serve) around += supply_of(resource, u);
        }
        bool is_of_resource = true;
        for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
            is_of_resource &= !(set >> n & 1) || r.kind[r.need[n].kind].resource == resource;
        }
        if (is_of_resource && around < asked) return false;
    }
    return true;
}

static void a_cut_adds_up_and_is_found_wherever_there_is_one(void **state) {
    (void)state;
    unsigned seen[3] = {0};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint32_t count;
        open_plan(seed);
        const muster_unmet *unmet = muster_plan_unmet(plan, &count);
        for (uint32_t u = 0; u < count; ++u) {
            muster_why *why;
            assert_int_equal(muster_why_new(&why, reasons, unmet[u].need), MUSTER_OK);
            const muster_shortage *s = muster_why_shortage(why);
            assert_int_equal(s->missing, unmet[u].quantity);
            assert_int_equal(s->reason, unmet[u].reason);
            assert_int_equal(s->proof == MUSTER_PROOF_SUPPLY, !is_enough(unmet[u].need));
            assert_non_null(muster_why_text_in(why, MUSTER_WHY_UNMET, MUSTER_CHINESE));
            if (s->proof != MUSTER_PROOF_NONE) check_closed(s, unmet[u].need);
            assert_non_null(muster_why_text(why, MUSTER_WHY_UNMET));
            ++seen[s->proof];
            muster_why_free(why);
        }
        close_plan();
    }
    for (int p = 0; p < 3; ++p) assert_true(seen[p] > 0);
}

/* ---- why not the nearest ---------------------------------------------------------------------- */

/* So much of each unit is at hand for one need; what it makes of them, nearest first. What is left
 * over stays in `at_hand`; people go whole. */
static tiers use(uint32_t need, int64_t at_hand[MOST_UNITS], int64_t most,
                 int64_t out_used[MOST_UNITS]) {
    const unsigned resource = r.kind[r.need[need].kind].resource;
    int64_t        missing = r.need[need].quantity, used = 0;
    tiers          t = {0};
    if (most < missing) missing = most;
    memset(out_used, 0, MOST_UNITS * sizeof *out_used);
    for (uint32_t step = 0; step < units_of(resource); ++step) {
        uint32_t nearest = MUSTER_NONE, nearest_ms = MUSTER_UNREACHABLE_MS;
        for (uint32_t u = 0; u < units_of(resource); ++u) {
            if (at_hand[u] == 0 || out_used[u] > 0 || eta_of(need, u) >= nearest_ms) continue;
            nearest    = u;
            nearest_ms = eta_of(need, u);
        }
        if (nearest == MUSTER_NONE || missing == 0) break;
        const int64_t served = at_hand[nearest] < missing ? at_hand[nearest] : missing;
        out_used[nearest]    = resource == MUSTER_PEOPLE ? at_hand[nearest] : served;
        used += out_used[nearest];
        missing -= served;
        t.second += served * price_of(need) * response_of(need, nearest_ms);
    }
    if (used < r.need[need].minimum || used == 0) {
        memset(out_used, 0, MOST_UNITS * sizeof *out_used);
        return (tiers){r.need[need].quantity * price_of(need), 0};
    }
    for (uint32_t u = 0; u < units_of(resource); ++u) at_hand[u] -= out_used[u];
    missing = r.need[need].quantity;
    for (uint32_t u = 0; u < units_of(resource); ++u) missing -= out_used[u];
    t.first = missing > 0 ? missing * price_of(need) : 0;
    return t;
}

static void load(uint32_t need, int64_t out[MOST_UNITS]) {
    for (uint32_t u = 0; u < MOST_UNITS; ++u) {
        out[u] = u < units_of(r.kind[r.need[need].kind].resource) ? sent_to(need, u) : 0;
    }
}

static int64_t idle_of(unsigned resource, uint32_t u) {
    int64_t left = supply_of(resource, u);
    for (uint32_t a = 0; a < go_count; ++a) {
        if (go[a].resource == resource && go[a].index == u) left -= go[a].quantity;
    }
    return left;
}

static bool is_less(tiers a, tiers b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
}

static const int64_t ALL = INT64_MAX;

/* Both needs after the exchange, the best that can be had, with `released` sent home from here. */
static bool exchange(const muster_exchange *n, uint32_t need, uint32_t other, uint32_t released,
                     tiers *out) {
    const unsigned resource = n->resource;
    int64_t        here[MOST_UNITS], there[MOST_UNITS], used[MOST_UNITS], free[MOST_UNITS] = {0};
    tiers          best = {INT64_MAX, INT64_MAX};
    load(need, here);
    if (released != MUSTER_NONE) {
        free[released] = here[released];
        here[released] = 0;
    }
    here[n->index] += n->quantity;
    const tiers at_need = use(need, here, ALL, used);
    if (used[n->index] == 0) return false;
    for (uint32_t u = 0; u < units_of(resource); ++u) free[u] += here[u] + idle_of(resource, u);
    free[n->index] = 0;
    if (other == MUSTER_NONE) {
        *out = at_need;
        return true;
    }
    load(other, there);
    there[n->index] -= n->quantity;
    if (resource != MUSTER_PEOPLE) {
        for (uint32_t u = 0; u < units_of(resource); ++u) {
            if (eta_of(other, u) != MUSTER_UNREACHABLE_MS) there[u] += free[u];
        }
        best = use(other, there, ALL, used);
    }
    for (uint32_t u = 0; resource == MUSTER_PEOPLE && u <= units_of(resource); ++u) {
        int64_t with[MOST_UNITS];
        memcpy(with, there, sizeof with);
        if (u < units_of(resource)) {
            if (free[u] == 0 || eta_of(other, u) == MUSTER_UNREACHABLE_MS) continue;
            with[u] += free[u];
        }
        const tiers t = use(other, with, ALL, used);
        if (is_less(t, best)) best = t;
    }
    *out = (tiers){at_need.first + best.first, at_need.second + best.second};
    return true;
}

static tiers as_planned(uint32_t need) {
    int64_t sent[MOST_UNITS], used[MOST_UNITS];
    load(need, sent);
    return use(need, sent, ALL, used);
}

static void check_exchange(const muster_exchange *n, uint32_t need) {
    const unsigned resource = n->resource;
    tiers          now = as_planned(need), best = {INT64_MAX, INT64_MAX}, t;
    if (n->other_need != MUSTER_NONE) {
        const tiers other = as_planned(n->other_need);
        now               = (tiers){now.first + other.first, now.second + other.second};
        assert_true(sent_to(n->other_need, n->index) >= n->quantity);
    } else {
        assert_true(idle_of(resource, n->index) >= n->quantity);
    }
    bool is_possible = exchange(n, need, n->other_need, MUSTER_NONE, &best);
    for (uint32_t u = 0; resource == MUSTER_PEOPLE && u < RANDOM_TEAMS; ++u) {
        if (sent_to(need, u) == 0 || !exchange(n, need, n->other_need, u, &t)) continue;
        if (!is_possible || is_less(t, best)) best = t;
        is_possible = true;
    }
    assert_int_equal(n->is_possible, is_possible);
    if (!is_possible) return;
    assert_int_equal(n->unmet_need_change, best.first - now.first);
    assert_int_equal(n->response_time_change, best.second - now.second);
}

static void check_nearest(const muster_exchange *n, uint32_t need) {
    const unsigned resource = r.kind[r.need[need].kind].resource;
    uint32_t       nearest = MUSTER_NONE, last_ms = 0;
    bool           is_sent = false;
    for (uint32_t u = 0; u < units_of(resource); ++u) {
        const uint32_t eta_ms = eta_of(need, u);
        if (eta_ms == MUSTER_UNREACHABLE_MS) continue;
        if (sent_to(need, u) > 0) {
            is_sent = true;
            if (eta_ms > last_ms) last_ms = eta_ms;
        }
        if (sent_to(need, u) == supply_of(resource, u)) continue;
        if (nearest == MUSTER_NONE || eta_ms < eta_of(need, nearest)) nearest = u;
    }
    assert_int_equal(n->index, nearest);
    assert_int_equal(n->last_eta_ms, is_sent ? last_ms : MUSTER_UNREACHABLE_MS);
    assert_int_equal(n->verdict == MUSTER_NEAREST_NONE, nearest == MUSTER_NONE);
    if (nearest == MUSTER_NONE) return;
    assert_int_equal(n->eta_ms, eta_of(need, nearest));
    const bool is_sooner = missing_at(need) > 0 || n->eta_ms < last_ms;
    assert_int_equal(n->verdict != MUSTER_NEAREST_NO_SOONER, is_sooner);
    if (is_sooner) check_exchange(n, need);
}

static void an_exchange_changes_what_the_changed_plan_changes(void **state) {
    (void)state;
    unsigned seen[4] = {0}, possible = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        open_plan(seed);
        for (uint32_t need = 0; need < RANDOM_NEEDS; ++need) {
            muster_why *why;
            assert_int_equal(muster_why_new(&why, reasons, need), MUSTER_OK);
            const muster_exchange *n = muster_why_exchange(why);
            check_nearest(n, need);
            ++seen[n->verdict];
            possible += n->is_possible;
            muster_why_free(why);
        }
        close_plan();
    }
    for (int v = 0; v < 4; ++v) assert_true(seen[v] > 0);
    assert_true(possible > 100);
}

/* ---- what would help ---------------------------------------------------------------------------- */

/* The transportation problem one unit at a time, each along the cheapest chain (Bellman-Ford over
 * needs): the relaxed optimum of the needs that share with `need`, of which `less` are not asked. */
static tiers relaxed(uint32_t need, int64_t less) {
    const unsigned resource                       = r.kind[r.need[need].kind].resource;
    int64_t        flow[RANDOM_NEEDS][MOST_UNITS] = {{0}}, left[MOST_UNITS];
    int64_t        asked[RANDOM_NEEDS];
    tiers          sum = {0};
    uint32_t       eta_ms[RANDOM_NEEDS][MOST_UNITS];
    bool           is_member[RANDOM_NEEDS];
    for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
        is_member[n] = resource == MUSTER_PEOPLE ? r.kind[r.need[n].kind].resource == resource
                                                 : r.need[n].kind == r.need[need].kind;
        asked[n]     = is_member[n] ? r.need[n].quantity - (n == need ? less : 0) : 0;
        for (uint32_t u = 0; is_member[n] && u < units_of(resource); ++u)
            eta_ms[n][u] = eta_of(n, u);
        sum.first += asked[n] * price_of(n);
    }
    for (uint32_t u = 0; u < units_of(resource); ++u) left[u] = supply_of(resource, u);
    for (;;) {
        /* Nodes: needs, then units. dist: cost of bringing one unit to the node. */
        enum { NODES = RANDOM_NEEDS + MOST_UNITS };
        __extension__ typedef __int128 cost;
        const cost                     FAR = (cost)1 << 120, ONE = (cost)1 << 64;
        cost                           dist[NODES];
        uint32_t                       from[NODES];
        for (int v = 0; v < NODES; ++v) dist[v] = FAR;
        for (uint32_t u = 0; u < units_of(resource); ++u) {
            if (left[u] > 0) dist[RANDOM_NEEDS + u] = 0, from[RANDOM_NEEDS + u] = MUSTER_NONE;
        }
        for (bool is_changed = true; is_changed;) {
            is_changed = false;
            for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
                for (uint32_t u = 0; is_member[n] && u < units_of(resource); ++u) {
                    if (eta_ms[n][u] == MUSTER_UNREACHABLE_MS) continue;
                    const cost c = price_of(n) * (cost)response_of(n, eta_ms[n][u]);
                    if (dist[RANDOM_NEEDS + u] < FAR && dist[RANDOM_NEEDS + u] + c < dist[n]) {
                        dist[n] = dist[RANDOM_NEEDS + u] + c, from[n] = u, is_changed = true;
                    }
                    if (flow[n][u] > 0 && dist[n] < FAR && dist[n] - c < dist[RANDOM_NEEDS + u]) {
                        dist[RANDOM_NEEDS + u] = dist[n] - c, from[RANDOM_NEEDS + u] = n;
                        is_changed = true;
                    }
                    /* It may also fall short instead: then the unit is worth its price less. */
                    if (flow[n][u] > 0 && price_of(n) * ONE - c < dist[RANDOM_NEEDS + u]) {
                        dist[RANDOM_NEEDS + u] = price_of(n) * ONE - c;
                        from[RANDOM_NEEDS + u] = n | 0x100u;
                        is_changed             = true;
                    }
                }
            }
        }
        uint32_t best = MUSTER_NONE;
        cost     gain = 0;
        for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
            int64_t got = 0;
            for (uint32_t u = 0; u < MOST_UNITS; ++u) got += flow[n][u];
            if (!is_member[n] || got == asked[n] || dist[n] - price_of(n) * ONE >= gain) continue;
            best = n, gain = dist[n] - price_of(n) * ONE;
        }
        if (best == MUSTER_NONE) break;
        for (uint32_t n = best;;) {
            const uint32_t u = from[n];
            ++flow[n][u];
            if (from[RANDOM_NEEDS + u] == MUSTER_NONE) {
                --left[u];
                break;
            }
            const uint32_t next = from[RANDOM_NEEDS + u];
            --flow[next & 0xFF][u];
            if (next & 0x100u) break;
            n = next;
        }
    }
    for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
        for (uint32_t u = 0; is_member[n] && u < units_of(resource); ++u) {
            sum.first -= flow[n][u] * price_of(n);
            sum.second += flow[n][u] * price_of(n) * response_of(n, eta_ms[n][u]);
        }
    }
    return sum;
}

static void one_more_gains_what_a_flow_with_one_more_gains(void **state) {
    (void)state;
    unsigned helped = 0, exact = 0;
    for (uint64_t seed = 0; seed < ROUNDS / 3; ++seed) {
        open_plan(seed);
        for (uint32_t need = 0; need < RANDOM_NEEDS; ++need) {
            muster_why *why;
            assert_int_equal(muster_why_new(&why, reasons, need), MUSTER_OK);
            const muster_help *h   = muster_why_help(why);
            const tiers        now = relaxed(need, 0), then = relaxed(need, 1);
            const tiers        bound = {h->unmet_need_bound, h->response_time_bound};
            const tiers        gain  = {h->unmet_need_gain, h->response_time_gain};
            assert_int_equal(gain.first, now.first - then.first);
            assert_int_equal(gain.second, now.second - then.second);
            assert_false(is_less(bound, gain));
            helped += gain.first > 0;
            exact += h->is_exact;
            muster_why_free(why);
        }
        close_plan();
    }
    assert_true(helped > 0 && exact > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_adds_up_and_is_found_wherever_there_is_one),
        cmocka_unit_test(an_exchange_changes_what_the_changed_plan_changes),
        cmocka_unit_test(one_more_gains_what_a_flow_with_one_more_gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
