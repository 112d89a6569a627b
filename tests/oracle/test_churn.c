/* Plans that are given back to others, on random problems: the judge accepts what comes out, it is no
 * worse than before, and no need with all that it drags along could still go back for nothing. */
#include "core/alloc.h"
#include "solver/churn.h"
#include "solver/kept.h"
#include "solver/plan.h"
#include "solver/tiers.h"
#include "tests/support/random_life.h"
#include "tests/support/random_shipments.h"
#include "tests/support/rounds.h"

enum { EVENTS = 6 };

static seeds lives(void) {
    return seeds_asked(150);
}

/* ---- problems and drafts ---------------------------------------------------------------------- */

typedef struct bench {
    const muster_problem *problem;
    mu_travel             travel;
    mu_rules              rules;
    mu_cover              cover;
    mu_candidates         candidates;
    mu_shipment_model     shipping;
    bool                  is_shipped;
} bench;

static void bench_init(bench *b, const muster_problem *p) {
    *b = (bench){.problem = p, .is_shipped = p->item_transport == MUSTER_ITEMS_BY_VEHICLE};
    assert_int_equal(mu_travel_init(&b->travel, p, 1), MUSTER_OK);
    assert_int_equal(mu_rules_init(&b->rules, &b->travel), MUSTER_OK);
    assert_int_equal(mu_rules_lock(&b->rules), MUSTER_OK);
    assert_int_equal(mu_cover_init(&b->cover, &b->travel), MUSTER_OK);
    assert_int_equal(mu_candidates_init(&b->candidates, &b->travel, &b->rules, &b->cover, 1),
                     MUSTER_OK);
    if (!b->is_shipped) return;
    assert_int_equal(mu_shipment_model_init_from(&b->shipping, &b->candidates, 1, NULL), MUSTER_OK);
}

static void bench_fini(bench *b) {
    mu_shipment_model_fini(&b->shipping);
    mu_candidates_fini(&b->candidates);
    mu_cover_fini(&b->cover);
    mu_rules_fini(&b->rules);
    mu_travel_fini(&b->travel);
}

static const mu_shipment_model *shipping_of(const bench *b) {
    return b->is_shipped ? &b->shipping : NULL;
}

/* What the solver sends, without what is locked. */
static void read_draft(mu_draft *out, const bench *b, uint8_t method, uint64_t work_limit) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.time_limit_ms = 0, options.work_limit = work_limit, options.thread_count = 1;
    options.method = method;
    *out           = (mu_draft){0};
    if (muster_solve(&plan, b->problem, &options) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        const muster_assignment *a = &plan->assignment[i];
        const uint32_t           carrier =
            a->shipment == MUSTER_NONE ? MUSTER_NONE : plan->shipment[a->shipment].vehicle;
        const mu_dispatch d = {a->resource, a->index, a->need, a->eta_ms, a->quantity - a->locked,
                               carrier,     false};
        if (d.quantity > 0) assert_int_equal(mu_draft_copy(out, &d), MUSTER_OK);
    }
    muster_plan_free(plan);
}

static void value(int64_t out[MUSTER_TIER_COUNT], const bench *b, const mu_draft *draft) {
    assert_int_equal(mu_tiers_of_draft(out, draft, &b->candidates), MUSTER_OK);
}

static void the_judge_accepts(const bench *b, mu_draft *draft) {
    const mu_bound nothing = {0};
    muster_plan   *plan;
    assert_int_equal(mu_plan_new(&plan, draft, &nothing, &b->candidates, shipping_of(b), 1, NULL),
                     MUSTER_OK);
    if (muster_plan_check(plan, b->problem) != MUSTER_OK) fail_msg("%s", muster_error_message());
    muster_plan_free(plan);
}

static bool is_in(const mu_draft *draft, const mu_dispatch *d) {
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *e = &draft->dispatch[i];
        if (e->resource == d->resource && e->index == d->index && e->need == d->need &&
            e->quantity == d->quantity && e->carrier == d->carrier) {
            return true;
        }
    }
    return false;
}

static size_t count_differences(const mu_draft *a, const mu_draft *b) {
    size_t count = 0;
    for (size_t i = 0; i < a->count; ++i) count += !is_in(b, &a->dispatch[i]);
    for (size_t i = 0; i < b->count; ++i) count += !is_in(a, &b->dispatch[i]);
    return count;
}

/* ---- what could still go back, in the plainest way --------------------------------------------- */

static bool is_of(const mu_dispatch *d, const mu_dispatch *e) {
    if (d->resource == e->resource && d->index == e->index) return true;
    if (d->carrier != MUSTER_NONE && d->carrier == e->carrier) return true;
    if (d->carrier != MUSTER_NONE && e->resource == MUSTER_VEHICLE && d->carrier == e->index) {
        return true;
    }
    return e->carrier != MUSTER_NONE && d->resource == MUSTER_VEHICLE && e->carrier == d->index;
}

/* Do both needs go back together in any case? */
static bool is_one(const muster_problem *p, uint32_t need, uint32_t other) {
    const uint32_t i        = p->need[need].incident;
    bool           is_bound = p->incident[i].all_or_nothing;
    if (need == other || i != p->need[other].incident) return need == other;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        is_bound |= p->need[n].incident == i && p->kind[p->need[n].kind].operator_count > 0;
    }
    return is_bound;
}

static bool put_back(const bench *b, uint32_t need, bool *is_back) {
    if (is_back[need]) return false;
    for (uint32_t n = 0; n < b->problem->need_count; ++n) {
        if (is_one(b->problem, need, n)) is_back[n] = true;
    }
    return true;
}

/* Whoever needs that go back take away from others: those go back as well. */
static bool pull(const bench *b, const mu_draft *from, const mu_draft *to, bool *is_back) {
    bool is_more = false;
    for (size_t i = 0; i < to->count; ++i) {
        const mu_dispatch *d = &to->dispatch[i];
        if (!is_back[d->need] || is_in(from, d)) continue;
        for (size_t k = 0; k < from->count; ++k) {
            const mu_dispatch *e = &from->dispatch[k];
            if (!is_in(to, e) && is_of(d, e)) is_more |= put_back(b, e->need, is_back);
        }
    }
    return is_more;
}

static void mix(mu_draft *out, const mu_draft *now, const mu_draft *kept, const bool *is_back) {
    for (int k = 0; k < 2; ++k) {
        const mu_draft *from = k ? kept : now;
        for (size_t i = 0; i < from->count; ++i) {
            const mu_dispatch *d = &from->dispatch[i];
            if (is_back[d->need] == (k == 1)) {
                assert_int_equal(mu_draft_copy(out, d), MUSTER_OK);
            }
        }
    }
    mu_draft_sort(out);
}

static bool is_shipped_from(const bench *b, const mu_draft *mixed, uint32_t incident, uint32_t w) {
    for (size_t i = 0; i < mixed->count; ++i) {
        const mu_dispatch *d = &mixed->dispatch[i];
        if (d->carrier == MUSTER_NONE || b->problem->need[d->need].incident != incident) continue;
        if (b->shipping.warehouse_of[d->index] == w) return true;
    }
    return false;
}

/* Items of an incident to which more warehouses would ship than may. */
static bool join(const bench *b, const mu_draft *mixed, bool *is_back) {
    const uint32_t most    = b->problem->max_sources ? b->problem->max_sources : 3;
    bool           is_more = false;
    for (uint32_t n = 0; n < b->problem->need_count; ++n) {
        uint32_t sources = 0;
        if (mu_need_resource(b->problem, n) != MUSTER_ITEM || !b->is_shipped) continue;
        for (uint32_t w = 0; w < b->shipping.warehouse_count; ++w) {
            if (b->shipping.warehouse[w].carrier != MUSTER_NONE) continue;
            sources += is_shipped_from(b, mixed, b->problem->need[n].incident, w);
        }
        if (sources > most) is_more |= put_back(b, n, is_back);
    }
    return is_more;
}

/* Both ways, where all that is linked is to go back; from no more warehouses than may ship. */
static void close_over(const bench *b, const mu_draft *now, const mu_draft *kept, bool is_linked,
                       bool *is_back) {
    bool is_more = true;
    while (is_more) {
        mu_draft mixed = {0};
        is_more        = pull(b, now, kept, is_back);
        if (is_linked) is_more |= pull(b, kept, now, is_back);
        mix(&mixed, now, kept, is_back);
        if (!is_more) is_more = join(b, &mixed, is_back);
        mu_draft_fini(&mixed);
    }
}

static void nothing_could_go_back_for_nothing(const bench *b, const mu_draft *now,
                                              const mu_draft *kept) {
    int64_t have[MUSTER_TIER_COUNT], could[MUSTER_TIER_COUNT];
    value(have, b, now);
    for (uint32_t n = 0; n < 2 * b->problem->need_count; ++n) {
        bool     is_back[LIFE_NEEDS] = {false};
        mu_draft mixed               = {0};
        (void)put_back(b, n / 2, is_back);
        close_over(b, now, kept, n % 2, is_back);
        mix(&mixed, now, kept, is_back);
        value(could, b, &mixed);
        if (count_differences(&mixed, now) > 0) {
            assert_true(mu_tiers_better(b->problem, have, could));
        }
        mu_draft_fini(&mixed);
    }
}

/* ---- tests -------------------------------------------------------------------------------------- */

static uint64_t g_back, g_stayed;

static void take_back(const bench *b, const mu_draft *from, const mu_draft *kept) {
    mu_draft       draft = {0};
    int64_t        before[MUSTER_TIER_COUNT], after[MUSTER_TIER_COUNT];
    const mu_churn anything = {0, 0};
    assert_int_equal(mu_draft_replace(&draft, from), MUSTER_OK);
    assert_int_equal(mu_churn_take_back(&draft, kept, &b->candidates, shipping_of(b), anything),
                     MUSTER_OK);
    value(before, b, from);
    value(after, b, &draft);
    assert_false(mu_tiers_better(b->problem, before, after));
    mu_draft_sort(&draft);
    nothing_could_go_back_for_nothing(b, &draft, kept);
    the_judge_accepts(b, &draft);
    const size_t stayed = count_differences(&draft, kept);
    g_back += count_differences(from, kept) - stayed;
    g_stayed += stayed;
    mu_draft_fini(&draft);
}

/* No gain is enough: then all goes back, and only who is free may be sent beside. */
static void take_all_back(const bench *b, const mu_draft *from, const mu_draft *kept) {
    mu_draft       draft = {0};
    int64_t        before[MUSTER_TIER_COUNT], after[MUSTER_TIER_COUNT];
    const mu_churn nothing = {INT64_MAX, INT64_MAX};
    assert_int_equal(mu_draft_replace(&draft, from), MUSTER_OK);
    assert_int_equal(mu_churn_take_back(&draft, kept, &b->candidates, shipping_of(b), nothing),
                     MUSTER_OK);
    value(before, b, kept);
    value(after, b, &draft);
    assert_false(mu_tiers_better(b->problem, before, after));
    for (size_t i = 0; i < kept->count; ++i) assert_true(is_in(&draft, &kept->dispatch[i]));
    the_judge_accepts(b, &draft);
    mu_draft_fini(&draft);
}

static void live(uint64_t seed) {
    static random_life l;
    random_life_new(&l, seed);
    for (int e = 0; e < EVENTS; ++e, life_event(&l)) {
        bench    b;
        mu_draft draft[3];
        bench_init(&b, &l.problem);
        read_draft(&draft[0], &b, MUSTER_METHOD_OPTIMIZE, 0);
        read_draft(&draft[1], &b, MUSTER_METHOD_OPTIMIZE, 1);
        read_draft(&draft[2], &b, MUSTER_METHOD_GREEDY, 0);
        for (int from = 0; from < 3; ++from) {
            for (int to = 0; to < 3; ++to) {
                take_back(&b, &draft[from], &draft[to]);
                take_all_back(&b, &draft[from], &draft[to]);
            }
        }
        for (int k = 0; k < 3; ++k) mu_draft_fini(&draft[k]);
        bench_fini(&b);
    }
    random_life_free(&l);
}

static void nothing_is_changed_for_nothing(void **state) {
    (void)state;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) live(seed);
    print_message("%llu differences went back, %llu were worth it\n", (unsigned long long)g_back,
                  (unsigned long long)g_stayed);
    assert_true(g_back > lives().count && g_stayed > lives().count);
}

/* A plan of what one warehouse has, and what else may be sent beside. */
static void read_draft_from(mu_draft *out, random_shipments *r, const bench *b, uint32_t w) {
    muster_stock all[SHIP_STOCKS];
    memcpy(all, r->stock, sizeof all);
    for (uint32_t s = 0; s < SHIP_STOCKS; ++s) {
        if (s / SHIP_ITEMS != w) r->stock[s].quantity = 0;
    }
    read_draft(out, b, MUSTER_METHOD_OPTIMIZE, 0);
    memcpy(r->stock, all, sizeof all);
    assert_int_equal(mu_kept_fill(out, &b->candidates, shipping_of(b)), MUSTER_OK);
}

/* Each need may go back by itself, were it not for the other that is served from elsewhere. */
static void what_goes_back_comes_from_no_more_warehouses_than_may_ship(void **state) {
    (void)state;
    for (uint64_t seed = lives().first; seed < lives().end; ++seed) {
        static random_shipments r;
        bench                   b;
        mu_draft                draft[SHIP_WAREHOUSES];
        random_shipments_new(&r, seed);
        r.problem.max_sources = 1;
        bench_init(&b, &r.problem);
        for (uint32_t w = 0; w < SHIP_WAREHOUSES; ++w) read_draft_from(&draft[w], &r, &b, w);
        for (uint32_t w = 0; w < SHIP_WAREHOUSES; ++w) {
            take_back(&b, &draft[w], &draft[1 - w]);
            take_all_back(&b, &draft[w], &draft[1 - w]);
        }
        for (uint32_t w = 0; w < SHIP_WAREHOUSES; ++w) mu_draft_fini(&draft[w]);
        bench_fini(&b);
        random_shipments_free(&r);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 5; ++seed) {
        static random_life l;
        bench              b;
        mu_draft           from, kept;
        muster_status      status = MUSTER_E_NOMEM;
        random_life_new(&l, seed);
        bench_init(&b, &l.problem);
        read_draft(&from, &b, MUSTER_METHOD_OPTIMIZE, 0);
        read_draft(&kept, &b, MUSTER_METHOD_GREEDY, 0);
        for (int64_t n = 0;; ++n) {
            mu_draft draft = {0};
            assert_int_equal(mu_draft_replace(&draft, &from), MUSTER_OK);
            (void)mu_alloc_fail_once_after(n);
            status =
                mu_churn_take_back(&draft, &kept, &b.candidates, shipping_of(&b), (mu_churn){0, 0});
            const bool has_failed = mu_alloc_fail_once_after(-1) > n;
            mu_draft_fini(&draft);
            if (!has_failed) break;
            assert_int_equal(status, MUSTER_E_NOMEM);
        }
        assert_int_equal(status, MUSTER_OK);
        mu_draft_fini(&from);
        mu_draft_fini(&kept);
        bench_fini(&b);
        random_life_free(&l);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_changed_for_nothing),
        cmocka_unit_test(what_goes_back_comes_from_no_more_warehouses_than_may_ship),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
