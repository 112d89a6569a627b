/* Shipments against brute force: every job for every vehicle of a small problem, with every load,
 * is tried, and the best compared tier by tier.
 *
 * The brute force reads only the problem and the public tables; it shares nothing with the
 * optimizer or the judge. */
#include <math.h>
#include <muster/matrix.h>
#include <stdlib.h>

#include "tests/support/random_shipments.h"
#include "tests/support/rounds.h"

typedef struct value {
    int64_t unmet_need, response_time;
} value;

static bool is_better(value a, value b) {
    return a.unmet_need != b.unmet_need ? a.unmet_need < b.unmet_need
                                        : a.response_time < b.response_time;
}

enum { FREE = -1, SERVES = -2 };

typedef struct brute {
    const muster_problem *p;
    uint32_t              drive_ms[SHIP_VEHICLES][SHIP_INCIDENTS];     /* to serve a vehicle need */
    uint32_t bring_ms[SHIP_VEHICLES][SHIP_WAREHOUSES][SHIP_INCIDENTS]; /* by way of a warehouse */
    int      warehouse[SHIP_VEHICLES];                                 /* or FREE, or SERVES */
    uint32_t target[SHIP_VEHICLES]; /* the incident, or the vehicle need that is served */
    int64_t  sent[SHIP_NEEDS], stock[SHIP_STOCKS];
    int64_t  spent_s[SHIP_NEEDS]; /* quantity times seconds */
    value    best;
    bool     has_best;
} brute;

/* ---- times ------------------------------------------------------------------------------ */

static uint32_t travel_ms(const muster_metric *metric, muster_site from, muster_site to) {
    const double lon[] = {from.lon_deg, to.lon_deg}, lat[] = {from.lat_deg, to.lat_deg};
    muster_snap  snap[2];
    uint32_t     ms;
    assert_int_equal(muster_snap_sites(metric, 2, lon, lat, NULL, snap), MUSTER_OK);
    assert_int_equal(muster_matrix(metric, 1, snap, 1, snap + 1, 1, &ms, NULL), MUSTER_OK);
    return ms;
}

static uint32_t sum_ms(uint32_t a, uint32_t b) {
    if (a == MUSTER_UNREACHABLE_MS || b == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return a + b;
}

/* ---- command ---------------------------------------------------------------------------- */

static uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Authority 0 is over all others, which are over nobody else. */
static uint32_t ready_ms(const muster_problem *p, const muster_unit *u, uint32_t incident) {
    const uint32_t own   = p->incident[incident].authority;
    const uint32_t level = p->authority_count > 0 && own != 0 && own != u->authority;
    const uint32_t delay = p->weights ? p->weights->escalation_delay_ms[level] : 0;
    return later(u->turnout_ms + delay, u->available_ms);
}

static bool is_kept(const muster_problem *p, unsigned resource, uint32_t index, uint32_t incident) {
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (rule->resource != resource || rule->index != index) continue;
        if (rule->type == MUSTER_HOLD || rule->incident == incident) return true;
    }
    return false;
}

static uint32_t within(const muster_problem *p, const muster_unit *u, uint32_t incident,
                       uint32_t ms) {
    const bool is_over =
        u->shift_end_ms > 0 && ms + p->incident[incident].on_scene_ms > u->shift_end_ms;
    return is_over ? MUSTER_UNREACHABLE_MS : ms;
}

static int64_t response_s(const muster_problem *p, uint32_t incident, uint32_t ms) {
    const uint32_t deadline_ms = p->incident[incident].deadline_ms;
    if (deadline_ms == 0 || ms <= deadline_ms) return ms / 1000;
    return ms / 1000 + (ms - deadline_ms + 599999) / 600000 * 600;
}

static bool is_incomplete(const brute *b, uint32_t incident) {
    bool sends = false, lacks = false;
    for (uint32_t n = 0; n < b->p->need_count; ++n) {
        const muster_need *need = &b->p->need[n];
        if (need->incident != incident) continue;
        sends |= b->sent[n] > 0;
        lacks |= b->sent[n] < (need->minimum > 0 ? need->minimum : need->quantity);
    }
    return b->p->incident[incident].all_or_nothing && sends && lacks;
}

/* ---- all times -------------------------------------------------------------------------- */

static void measure(brute *b) {
    for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) {
        const muster_unit   *u      = &b->p->vehicle[v].unit;
        const muster_metric *metric = b->p->metric[u->metric];
        for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
            const muster_site incident = b->p->incident[i].site;
            b->drive_ms[v][i]          = within(
                         b->p, u, i, sum_ms(ready_ms(b->p, u, i), travel_ms(metric, u->site, incident)));
            const bool is_kept_away = is_kept(b->p, MUSTER_VEHICLE, v, i);
            if (is_kept_away) b->drive_ms[v][i] = MUSTER_UNREACHABLE_MS;
            for (uint32_t w = 0; w < SHIP_WAREHOUSES; ++w) {
                const muster_unit *gate      = &b->p->stock[w * SHIP_ITEMS].unit;
                const uint32_t     to        = travel_ms(metric, u->site, gate->site);
                const uint32_t     on        = travel_ms(metric, gate->site, incident);
                const uint32_t     depart_ms = later(u->turnout_ms, u->available_ms);
                const uint32_t     ms = sum_ms(sum_ms(depart_ms + ready_ms(b->p, gate, i), to), on);
                b->bring_ms[v][w][i]  = within(b->p, gate, i, within(b->p, u, i, ms));
                if (is_kept_away) b->bring_ms[v][w][i] = MUSTER_UNREACHABLE_MS;
            }
        }
    }
}

/* ---- one complete choice ---------------------------------------------------------------- */

static bool has_too_many_sources(const brute *b) {
    const uint32_t most = b->p->max_sources ? b->p->max_sources : 3;
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
        uint32_t sources = 0;
        for (int w = 0; w < SHIP_WAREHOUSES; ++w) {
            bool ships = false;
            for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) {
                ships |= b->warehouse[v] == w && b->target[v] == i;
            }
            sources += ships;
        }
        if (sources > most) return true;
    }
    return false;
}

static void judge(brute *b) {
    value v = {0, 0};
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
        if (is_incomplete(b, i)) return;
    }
    for (uint32_t n = 0; n < b->p->need_count; ++n) {
        const muster_need *need   = &b->p->need[n];
        const int64_t      weight = INT64_C(1000000) << b->p->incident[need->incident].severity;
        const int64_t      price  = weight / need->quantity;
        if (b->sent[n] > 0 && b->sent[n] < need->minimum) return;
        v.unmet_need += price * (need->quantity - b->sent[n]);
        v.response_time += price * b->spent_s[n];
    }
    if (b->has_best && !is_better(v, b->best)) return;
    b->best     = v;
    b->has_best = true;
}

/* ---- all choices ------------------------------------------------------------------------ */

static void choose_job(brute *b, uint32_t vehicle);

/* Load so much for each need of the trip's incident, then go on with the next vehicle. */
static void choose_load(brute *b, uint32_t vehicle, uint32_t n, double left_kg, double left_m3) {
    if (n == b->p->need_count) {
        choose_job(b, vehicle + 1);
        return;
    }
    const muster_need *need = &b->p->need[n];
    if (need->incident != b->target[vehicle] || need->kind < 2) {
        choose_load(b, vehicle, n + 1, left_kg, left_m3);
        return;
    }
    const muster_kind *kind  = &b->p->kind[need->kind];
    int64_t           *stock = &b->stock[b->warehouse[vehicle] * SHIP_ITEMS + (int)need->kind - 2];
    const int64_t      eta_s = response_s(b->p, need->incident,
                                          b->bring_ms[vehicle][b->warehouse[vehicle]][need->incident]);
    for (int64_t q = 0; q <= *stock && b->sent[n] + q <= need->quantity; ++q) {
        const double kg = (double)q * kind->mass_kg, m3 = (double)q * kind->volume_m3;
        if (kg > left_kg + 1e-7 || m3 > left_m3 + 1e-7) break;
        *stock -= q, b->sent[n] += q, b->spent_s[n] += q * eta_s;
        choose_load(b, vehicle, n + 1, left_kg - kg, left_m3 - m3);
        *stock += q, b->sent[n] -= q, b->spent_s[n] -= q * eta_s;
    }
}

static void choose_trip(brute *b, uint32_t v) {
    if (!(b->p->vehicle[v].payload_kg > 0)) return;
    for (int w = 0; w < SHIP_WAREHOUSES; ++w) {
        for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
            if (b->bring_ms[v][w][i] == MUSTER_UNREACHABLE_MS) continue;
            b->warehouse[v] = w;
            b->target[v]    = i;
            choose_load(b, v, 0, b->p->vehicle[v].payload_kg, b->p->vehicle[v].volume_m3);
        }
    }
}

static void choose_service(brute *b, uint32_t v) {
    b->warehouse[v] = SERVES;
    for (uint32_t n = 0; n < b->p->need_count; ++n) {
        const muster_need *need = &b->p->need[n];
        const uint32_t     ms   = b->drive_ms[v][need->incident];
        if (need->kind != b->p->vehicle[v].kind || b->sent[n] == need->quantity) continue;
        if (ms == MUSTER_UNREACHABLE_MS) continue;
        b->target[v]        = n;
        const int64_t eta_s = response_s(b->p, need->incident, ms);
        b->sent[n] += 1, b->spent_s[n] += eta_s;
        choose_job(b, v + 1);
        b->sent[n] -= 1, b->spent_s[n] -= eta_s;
    }
}

static void choose_job(brute *b, uint32_t v) {
    if (v == SHIP_VEHICLES) {
        if (!has_too_many_sources(b)) judge(b);
        return;
    }
    b->warehouse[v] = FREE;
    choose_job(b, v + 1);
    choose_service(b, v);
    choose_trip(b, v);
}

static value brute_force(const muster_problem *p) {
    static brute b;
    b = (brute){.p = p};
    for (uint32_t s = 0; s < SHIP_STOCKS; ++s) {
        b.stock[s] = is_kept(p, MUSTER_ITEM, s, MUSTER_NONE) ? 0 : p->stock[s].quantity;
    }
    measure(&b);
    choose_job(&b, 0);
    return b.best;
}

/* ---- comparison ------------------------------------------------------------------------- */

static value value_of(const muster_plan *plan) {
    return (value){muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value,
                   muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).value};
}

static value bound_of(const muster_plan *plan) {
    return (value){muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).bound,
                   muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).bound};
}

static uint64_t     now_seed;
static muster_plan *solve(const muster_problem *problem, uint8_t method) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = 0;
    options.thread_count         = 1;
    options.method               = method;
    if (muster_solve(&plan, problem, &options) != MUSTER_OK)
        fail_msg("seed %llu: %s", (unsigned long long)now_seed, muster_error_message());
    return plan;
}

static void compare_all(bool is_commanded, uint64_t least_shipped) {
    const seeds asked  = seeds_asked(1500);
    uint64_t    proven = 0, best_found = 0, best_at_first = 0, shipped = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_shipments r;
        now_seed = seed;
        uint32_t shipments;
        random_shipments_new(&r, seed);
        if (is_commanded) random_shipments_command(&r, seed);
        const value  best  = brute_force(&r.problem);
        muster_plan *plan  = solve(&r.problem, MUSTER_METHOD_OPTIMIZE);
        muster_plan *first = solve(&r.problem, MUSTER_METHOD_GREEDY);
        const value  found = value_of(plan), bound = bound_of(plan);
        (void)muster_plan_shipments(plan, &shipments);
        if (is_better(found, best) || best.unmet_need < bound.unmet_need ||
            best.response_time < bound.response_time) {
            fail_msg("seed %llu: plan %lld, %lld; brute force %lld, %lld; bound %lld, %lld",
                     (unsigned long long)seed, (long long)found.unmet_need,
                     (long long)found.response_time, (long long)best.unmet_need,
                     (long long)best.response_time, (long long)bound.unmet_need,
                     (long long)bound.response_time);
        }
        assert_false(is_better(value_of(first), found));
        proven += muster_plan_outcome(plan) == MUSTER_OPTIMAL;
        best_found += !is_better(best, found);
        best_at_first += !is_better(best, value_of(first));
        shipped += shipments > 0;
        muster_plan_free(plan);
        muster_plan_free(first);
        random_shipments_free(&r);
    }
    print_message("%llu problems, %llu with shipments: %llu proven optimal, %llu optimal, greedy "
                  "%llu\n",
                  (unsigned long long)asked.count, (unsigned long long)shipped,
                  (unsigned long long)proven, (unsigned long long)best_found,
                  (unsigned long long)best_at_first);
    assert_true(shipped * 10 >= asked.count * least_shipped);
    assert_true(best_found * 100 >= asked.count * 90);
    assert_true(proven * 100 >= asked.count * 10);
}

static void no_plan_beats_brute_force_and_bounds_hold(void **state) {
    (void)state;
    compare_all(false, 7);
}

static void nor_under_command(void **state) {
    (void)state;
    compare_all(true, 3);
}

/* Found among the first 100,000: a vehicle that had made way for its equal could have brought what
 * was missing, and there was no reason to be had for that. */
static void who_makes_way_brings_what_is_missing(void **state) {
    (void)state;
    static random_shipments r;
    now_seed = 33977;
    random_shipments_new(&r, now_seed);
    random_shipments_command(&r, now_seed);
    const value  best = brute_force(&r.problem);
    muster_plan *plan = solve(&r.problem, MUSTER_METHOD_OPTIMIZE);
    assert_int_equal(value_of(plan).unmet_need, best.unmet_need);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static int64_t reserve_of(const muster_plan *plan) {
    return muster_plan_tier(plan, MUSTER_TIER_RESERVE).value;
}

/* The second tier and the third have changed places; the first is above both. */
static void nor_with_reserve_first(void **state) {
    (void)state;
    enum { ROUNDS = 500 };
    int64_t  lacking = 0, lacking_before = 0;
    uint64_t best_found = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        static random_shipments r;
        now_seed = seed;
        random_shipments_new(&r, seed);
        random_shipments_command(&r, seed);
        const value  best                 = brute_force(&r.problem);
        muster_plan *before               = solve(&r.problem, MUSTER_METHOD_OPTIMIZE);
        r.weights.reserve_before_response = 1;
        muster_plan *plan                 = solve(&r.problem, MUSTER_METHOD_OPTIMIZE);
        assert_int_equal(bound_of(plan).response_time, 0);
        assert_in_range(best.unmet_need, bound_of(plan).unmet_need, value_of(plan).unmet_need);
        if (value_of(plan).unmet_need == best.unmet_need) {
            ++best_found;
            lacking += reserve_of(plan);
            lacking_before += reserve_of(before);
        }
        muster_plan_free(before);
        muster_plan_free(plan);
        random_shipments_free(&r);
    }
    print_message("%llu of %d with no more unmet than there must be; lacking %lld, %lld where "
                  "response time comes first\n",
                  (unsigned long long)best_found, ROUNDS, (long long)lacking,
                  (long long)lacking_before);
    assert_true(best_found * 100 >= ROUNDS * 95);
    assert_true(lacking < lacking_before);
}

static bool is_same(const muster_assignment *a, const muster_assignment *b) {
    return a->resource == b->resource && a->index == b->index && a->need == b->need &&
           a->quantity == b->quantity && a->eta_ms == b->eta_ms && a->shipment == b->shipment;
}

static muster_plan *solve_with(const muster_problem *problem, uint64_t work, uint32_t threads) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = 0;
    options.work_limit           = work;
    options.thread_count         = threads;
    if (muster_solve(&plan, problem, &options) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return plan;
}

static void a_work_limit_gives_the_same_plan_for_any_number_of_threads(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 60; ++seed) {
        static random_shipments r;
        uint32_t                count, other_count;
        random_shipments_new(&r, seed);
        const uint64_t           work  = UINT64_C(1) << (4 + seed % 16);
        muster_plan             *plan  = solve_with(&r.problem, work, 1);
        muster_plan             *other = solve_with(&r.problem, work, 4);
        const muster_assignment *a     = muster_plan_assignments(plan, &count);
        const muster_assignment *b     = muster_plan_assignments(other, &other_count);
        assert_int_equal(count, other_count);
        for (uint32_t i = 0; i < count; ++i) assert_true(is_same(&a[i], &b[i]));
        assert_int_equal(bound_of(plan).unmet_need, bound_of(other).unmet_need);
        assert_int_equal(bound_of(plan).response_time, bound_of(other).response_time);
        assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
        muster_plan_free(plan);
        muster_plan_free(other);
        random_shipments_free(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_plan_beats_brute_force_and_bounds_hold),
        cmocka_unit_test(nor_under_command), cmocka_unit_test(nor_with_reserve_first),
        cmocka_unit_test(who_makes_way_brings_what_is_missing),
        cmocka_unit_test(a_work_limit_gives_the_same_plan_for_any_number_of_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
