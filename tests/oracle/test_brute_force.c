/* Plans against brute force: every way to send every team, vehicle, machine and item of a
 * small problem is tried, and the best of them compared tier by tier.
 *
 * The brute force reads only the problem and the public tables; it shares nothing with the
 * optimizer or the judge. */
#include <muster/matrix.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/random_problem.h"
#include "tests/support/rounds.h"

typedef struct value {
    int64_t unmet_need, response_time;
} value;

static bool is_better(value a, value b) {
    return a.unmet_need != b.unmet_need ? a.unmet_need < b.unmet_need
                                        : a.response_time < b.response_time;
}

enum { ROWS = RANDOM_TEAMS + 3 * RANDOM_OTHERS };

typedef struct brute {
    const muster_problem *p;
    uint32_t              eta_ms[ROWS][RANDOM_INCIDENTS];
    int64_t               sent[ROWS][RANDOM_NEEDS];
    value                 best;
    bool                  has_best;
} brute;

/* ---- rows: teams, vehicles, machines, stocks in one list ------------------------------ */

static const muster_unit *unit_at(const muster_problem *p, uint32_t row) {
    if (row < RANDOM_TEAMS) return &p->team[row].unit;
    row -= RANDOM_TEAMS;
    if (row < RANDOM_OTHERS) return &p->vehicle[row].unit;
    row -= RANDOM_OTHERS;
    if (row < RANDOM_OTHERS) return &p->machine[row].unit;
    return &p->stock[row - RANDOM_OTHERS].unit;
}

static int64_t amount_at(const muster_problem *p, uint32_t row) {
    if (row < RANDOM_TEAMS) return p->team[row].people;
    row -= RANDOM_TEAMS;
    if (row < RANDOM_OTHERS) return 1;
    row -= RANDOM_OTHERS;
    return row < RANDOM_OTHERS ? p->machine[row].count : p->stock[row - RANDOM_OTHERS].quantity;
}

static bool suits(const muster_problem *p, uint32_t row, uint32_t kind) {
    if (row < RANDOM_TEAMS) {
        for (uint32_t c = 0; c < p->team[row].capability_count; ++c) {
            if (p->team[row].capability[c] == kind) return true;
        }
        return false;
    }
    row -= RANDOM_TEAMS;
    if (row < RANDOM_OTHERS) return p->vehicle[row].kind == kind;
    row -= RANDOM_OTHERS;
    if (row < RANDOM_OTHERS) return p->machine[row].kind == kind;
    return p->stock[row - RANDOM_OTHERS].kind == kind;
}

static void measure(brute *b) {
    const muster_problem *p = b->p;
    for (uint32_t row = 0; row < ROWS; ++row) {
        const muster_unit *u = unit_at(p, row);
        for (uint32_t i = 0; i < p->incident_count; ++i) {
            const muster_site    s     = p->incident[i].site;
            const double         lon[] = {u->site.lon_deg, s.lon_deg};
            const double         lat[] = {u->site.lat_deg, s.lat_deg};
            muster_snap          snap[2];
            uint32_t             ms;
            const muster_metric *metric = p->metric[u->metric];
            assert_int_equal(muster_snap_sites(metric, 2, lon, lat, NULL, snap), MUSTER_OK);
            assert_int_equal(muster_matrix(metric, 1, snap, 1, snap + 1, 1, &ms, NULL), MUSTER_OK);
            b->eta_ms[row][i] = ms == MUSTER_UNREACHABLE_MS ? ms : ms + u->turnout_ms;
        }
    }
}

/* ---- one complete choice -------------------------------------------------------------- */

static bool judge_need(const brute *b, uint32_t n, value *v) {
    const muster_need *need    = &b->p->need[n];
    const int64_t      weight  = INT64_C(1000000) << b->p->incident[need->incident].severity;
    const int64_t      price   = weight / need->quantity > 0 ? weight / need->quantity : 1;
    int64_t            missing = need->quantity, sum = 0;
    bool               done[ROWS] = {false};
    for (uint32_t served = 0; served < ROWS; ++served) { /* nearest first, by selection */
        uint32_t nearest = ROWS;
        for (uint32_t row = 0; row < ROWS; ++row) {
            if (done[row] || b->sent[row][n] == 0) continue;
            if (nearest == ROWS ||
                b->eta_ms[row][need->incident] < b->eta_ms[nearest][need->incident]) {
                nearest = row;
            }
        }
        if (nearest == ROWS) break;
        done[nearest]     = true;
        const int64_t s   = b->sent[nearest][n];
        const int64_t use = s < missing ? s : missing;
        v->response_time += price * use * (b->eta_ms[nearest][need->incident] / 1000);
        missing -= use;
        sum += s;
    }
    v->unmet_need += price * missing;
    return sum == 0 || sum >= need->minimum;
}

static void judge(brute *b) {
    value v = {0, 0};
    for (uint32_t n = 0; n < b->p->need_count; ++n) {
        if (!judge_need(b, n, &v)) return;
    }
    if (b->has_best && !is_better(v, b->best)) return;
    b->best     = v;
    b->has_best = true;
}

/* ---- all choices ---------------------------------------------------------------------- */

/* The needs that are of one group do not touch those of another, so each group is tried on
 * its own and the best values are added. */
static void try_rows(brute *b, uint32_t row, uint32_t end, uint32_t need, int64_t left);

static void try_next(brute *b, uint32_t row, uint32_t end) {
    if (row == end) {
        judge(b);
    } else {
        try_rows(b, row, end, 0, amount_at(b->p, row));
    }
}

static void try_rows(brute *b, uint32_t row, uint32_t end, uint32_t need, int64_t left) {
    if (need == b->p->need_count) {
        try_next(b, row + 1, end);
        return;
    }
    const muster_need *n = &b->p->need[need];
    const bool         can_go =
        suits(b->p, row, n->kind) && b->eta_ms[row][n->incident] < MUSTER_UNREACHABLE_MS;
    const bool is_whole = row < RANDOM_TEAMS;
    int64_t    already  = 0;
    for (uint32_t r = RANDOM_TEAMS; r < row; ++r) already += b->sent[r][need];
    for (int64_t q = 0; q <= (can_go ? left : 0); ++q) {
        if (is_whole && q != 0 && q != amount_at(b->p, row)) continue;
        if (!is_whole && already + q > n->quantity) break;
        b->sent[row][need] = q;
        try_rows(b, row, end, need + 1, left - q);
    }
    b->sent[row][need] = 0;
}

static value brute_force(const muster_problem *p) {
    static const uint32_t END[] = {0, RANDOM_TEAMS, RANDOM_TEAMS + RANDOM_OTHERS,
                                   RANDOM_TEAMS + 2 * RANDOM_OTHERS, ROWS};
    static brute          b;
    value                 sum = {0, 0}, idle = {0, 0};
    b = (brute){.p = p};
    measure(&b);
    for (uint32_t n = 0; n < p->need_count; ++n) (void)judge_need(&b, n, &idle);
    for (int group = 0; group < 4; ++group) {
        b.has_best = false;
        try_next(&b, END[group], END[group + 1]);
        /* Each group's best counts all other groups' needs as unmet. */
        sum.unmet_need += b.best.unmet_need - idle.unmet_need;
        sum.response_time += b.best.response_time;
    }
    sum.unmet_need += idle.unmet_need;
    return sum;
}

/* ---- comparison ----------------------------------------------------------------------- */

static value value_of(const muster_plan *plan) {
    return (value){muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value,
                   muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).value};
}

static value bound_of(const muster_plan *plan) {
    return (value){muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).bound,
                   muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME).bound};
}

static muster_plan *solve(const muster_problem *problem, uint8_t method) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = 0;
    options.thread_count         = 1;
    options.method               = method;
    if (muster_solve(&plan, problem, &options) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return plan;
}

static void plans_agree_with_brute_force(void **state) {
    (void)state;
    const seeds asked  = seeds_asked(1500);
    uint64_t    proven = 0, improved = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_problem r;
        random_problem_new(&r, seed);
        const value  best  = brute_force(&r.problem);
        muster_plan *plan  = solve(&r.problem, MUSTER_METHOD_OPTIMIZE);
        muster_plan *first = solve(&r.problem, MUSTER_METHOD_GREEDY);
        if (value_of(plan).unmet_need != best.unmet_need ||
            value_of(plan).response_time != best.response_time) {
            fail_msg("seed %llu: plan %lld, %lld; brute force %lld, %lld", (unsigned long long)seed,
                     (long long)value_of(plan).unmet_need, (long long)value_of(plan).response_time,
                     (long long)best.unmet_need, (long long)best.response_time);
        }
        assert_false(is_better(best, bound_of(plan)));
        assert_false(is_better(value_of(first), best));
        proven += muster_plan_outcome(plan) == MUSTER_OPTIMAL;
        improved += is_better(value_of(plan), value_of(first));
        muster_plan_free(plan);
        muster_plan_free(first);
        random_problem_free(&r);
    }
    print_message("%llu problems: %llu proven optimal, %llu better than greedy\n",
                  (unsigned long long)asked.count, (unsigned long long)proven,
                  (unsigned long long)improved);
    assert_true(proven * 100 >= asked.count * 99);
    assert_true(improved * 20 >= asked.count);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(plans_agree_with_brute_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
