/* Problems at the ends of what there can be: the largest numbers that are counted, nobody, nothing,
 * one incident that wants everything, everybody alike, everything in one place. Plans are judged, and
 * proven where they can be; sanitizers see to it that nothing overflows. */
#include "tests/support/city_fixture.h"

static random_city c;
static muster_site here;

static int set_up(void **state) {
    here = (muster_site){120 + 0.0005 * CITY_SIDE, 30 + 0.0005 * CITY_SIDE};
    return lay_roads(state);
}

static const unsigned ALL_FEATURES[] = {CITY_PLAIN,
                                        CITY_COMMAND,
                                        CITY_TOGETHER,
                                        CITY_SHIPPED,
                                        CITY_COMMAND | CITY_TOGETHER | CITY_RULED,
                                        CITY_COMMAND | CITY_TOGETHER | CITY_SHIPPED | CITY_RULED};

#define FOR_EACH_CITY(seed)                                                                        \
    for (uint64_t seed = 0; seed < sizeof ALL_FEATURES / sizeof *ALL_FEATURES; ++seed)

static void new_city(uint64_t seed) {
    random_city_new(&c, &roads, seed, ALL_FEATURES[seed]);
}

/* Solved, judged (muster_solve does), and never worse than the bound; the plan is the caller's. */
static muster_plan *solve(void) {
    muster_plan *plan = city_solve(&c.problem, CITY_WORK / 4, 2);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result tier = muster_plan_tier(plan, (muster_tier)t);
        assert_true(0 <= tier.bound && tier.bound <= tier.value);
    }
    return plan;
}

static int64_t unmet_need(const muster_plan *plan) {
    return muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value;
}

static bool is_proven(const muster_plan *plan) {
    return unmet_need(plan) == muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).bound;
}

/* ---- large numbers ------------------------------------------------------------------------- */

/* So heavy, doubled as often as it can be, that the sums just fit. */
static void weigh_as_much_as_fits(void) {
    int64_t *severity = c.weights.severity;
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) severity[s] = 1;
    assert_int_equal(muster_problem_check(&c.problem), MUSTER_OK);
    for (int64_t step = 1 << 19; step > 0; step /= 2) {
        for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) severity[s] += step;
        if (severity[0] <= 1000000 && muster_problem_check(&c.problem) == MUSTER_OK) continue;
        for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) severity[s] -= step;
    }
    assert_int_equal(muster_problem_check(&c.problem), MUSTER_OK);
}

static void the_heaviest_weights_that_fit_are_counted_exactly(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        weigh_as_much_as_fits();
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

static void multiply_quantities(int64_t times) {
    for (uint32_t n = 0; n < c.problem.need_count; ++n) {
        c.need[n].quantity = c.need[n].quantity * times < MUSTER_MAX_QUANTITY
                                 ? c.need[n].quantity * times
                                 : MUSTER_MAX_QUANTITY;
        c.need[n].minimum *= times;
        if (c.need[n].minimum > c.need[n].quantity) c.need[n].minimum = c.need[n].quantity;
    }
    for (uint32_t t = 0; t < c.problem.team_count; ++t) c.team[t].people *= (uint32_t)times;
    for (uint32_t m = 0; m < c.problem.machine_count; ++m) c.machine[m].count *= times;
    for (uint32_t s = 0; s < c.problem.stock_count; ++s) c.stock[s].quantity *= times;
    for (uint32_t k = 0; k < c.problem.kind_count; ++k) {
        c.kind[k].mass_kg /= (double)times;
        c.kind[k].volume_m3 /= (double)times;
    }
}

/* Thousands and millions in place of each: items as light as that, so that as many are carried. */
static void large_quantities_at_heavy_weights(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        for (int64_t times = 1000; times <= 20000000; times *= 141) {
            new_city(seed);
            multiply_quantities(times);
            weigh_as_much_as_fits();
            muster_plan *plan = solve();
            muster_plan_free(plan);
        }
    }
}

/* Each number is as large as it may be alone. */
static void the_largest_quantities_everywhere(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        for (uint32_t n = 0; n < CITY_NEEDS; ++n) {
            c.need[n].quantity = MUSTER_MAX_QUANTITY;
            c.need[n].minimum  = n % 3 == 0 ? MUSTER_MAX_QUANTITY - n : 0;
        }
        for (uint32_t t = 0; t < CITY_TEAMS; ++t) c.team[t].people = MUSTER_MAX_QUANTITY - t;
        for (uint32_t m = 0; m < CITY_MACHINES; ++m) c.machine[m].count = MUSTER_MAX_QUANTITY;
        for (uint32_t s = 0; s < CITY_STOCKS; ++s) c.stock[s].quantity = MUSTER_MAX_QUANTITY;
        for (uint32_t v = 0; v < CITY_VEHICLES && c.vehicle[v].payload_kg > 0; ++v) {
            c.vehicle[v].payload_kg = MUSTER_MAX_PAYLOAD_KG;
            c.vehicle[v].volume_m3  = MUSTER_MAX_VOLUME_M3;
        }
        for (uint32_t z = 0; z < c.problem.zone_count; ++z) {
            c.zone[z].required = MUSTER_MAX_QUANTITY;
            c.zone[z].weight   = MUSTER_MAX_QUANTITY / 4;
        }
        weigh_as_much_as_fits();
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

/* A little more, and it is refused instead of counted wrongly. */
static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    muster_plan *plan;
    new_city(0);
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) c.weights.severity[s] = 1000000;
    for (uint32_t n = 0; n < CITY_NEEDS; ++n) c.need[n].quantity = MUSTER_MAX_QUANTITY;
    assert_int_equal(muster_solve(&plan, &c.problem, NULL), MUSTER_E_INVALID);
    assert_null(plan);
    assert_non_null(strstr(muster_error_message(), "more than the"));
}

/* ---- nobody and nothing -------------------------------------------------------------------- */

static void nobody_at_all(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        uint32_t assigned, unmet;
        new_city(seed);
        c.problem.team_count = c.problem.vehicle_count = c.problem.machine_count = 0;
        c.problem.stock_count = c.problem.rule_count = 0;
        muster_plan *plan                            = solve();
        (void)muster_plan_assignments(plan, &assigned);
        (void)muster_plan_unmet(plan, &unmet);
        assert_int_equal(assigned, 0);
        assert_int_equal(unmet, CITY_NEEDS);
        assert_int_equal(muster_plan_outcome(plan), MUSTER_OPTIMAL);
        muster_plan_free(plan);
    }
}

/* A problem that has rows, and nothing in them. */
static void pools_and_stocks_of_none(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        for (uint32_t m = 0; m < CITY_MACHINES; ++m) c.machine[m].count = 0;
        for (uint32_t s = 0; s < CITY_STOCKS; ++s) c.stock[s].quantity = 0;
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

static void no_incident_at_all(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        uint32_t assigned;
        new_city(seed);
        c.problem.incident_count = c.problem.need_count = c.problem.rule_count = 0;
        muster_plan *plan                                                      = solve();
        (void)muster_plan_assignments(plan, &assigned);
        assert_int_equal(assigned, 0);
        assert_int_equal(muster_plan_outcome(plan), MUSTER_OPTIMAL);
        muster_plan_free(plan);
    }
}

/* ---- one incident -------------------------------------------------------------------------- */

/* It wants more of everything than there is: all who can go do, and that is proven. */
static void one_giant_incident(void **state) {
    (void)state;
    new_city(0);
    c.problem.incident_count = 1;
    c.problem.need_count     = CITY_KINDS;
    for (uint32_t k = 0; k < CITY_KINDS; ++k) {
        c.need[k] = (muster_need){.incident = 0, .kind = k, .quantity = 1000000};
    }
    muster_plan             *plan = solve();
    uint32_t                 count;
    int64_t                  sent = 0, exist = 0;
    const muster_assignment *a = muster_plan_assignments(plan, &count);
    for (uint32_t i = 0; i < count; ++i) sent += a[i].quantity;
    for (uint32_t t = 0; t < CITY_TEAMS; ++t) exist += c.team[t].people;
    for (uint32_t m = 0; m < CITY_MACHINES; ++m) exist += c.machine[m].count;
    for (uint32_t s = 0; s < CITY_STOCKS; ++s) exist += c.stock[s].quantity;
    assert_int_equal(sent, exist + CITY_VEHICLES);
    assert_true(is_proven(plan));
    muster_plan_free(plan);
}

static void one_giant_incident_of_every_sort(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        c.problem.incident_count = 1;
        c.problem.need_count     = CITY_KINDS;
        c.problem.rule_count     = 0;
        for (uint32_t k = 0; k < CITY_KINDS; ++k) {
            c.need[k] = (muster_need){.incident = 0, .kind = k, .quantity = k < 2 ? 320 : 20};
        }
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

/* ---- all alike ----------------------------------------------------------------------------- */

static void make_alike(muster_unit *unit, const muster_unit *first) {
    const char *code = unit->code;
    *unit            = *first;
    unit->code       = code;
}

/* Every team, vehicle and pool like the first: who comes first in the problem goes first. */
static void all_units_identical(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        c.problem.rule_count = 0;
        for (uint32_t t = 1; t < CITY_TEAMS; ++t) {
            make_alike(&c.team[t].unit, &c.team[0].unit);
            c.team[t].people = 8, c.team[t].grade = c.team[0].grade;
            c.team[t].capability       = c.capability[t];
            c.team[t].capability_count = 2;
        }
        for (uint32_t v = 1; v < CITY_VEHICLES; ++v) {
            make_alike(&c.vehicle[v].unit, &c.vehicle[0].unit);
            c.vehicle[v].kind       = c.vehicle[0].kind;
            c.vehicle[v].payload_kg = c.vehicle[0].payload_kg;
            c.vehicle[v].volume_m3  = c.vehicle[0].volume_m3;
        }
        for (uint32_t m = 1; m < CITY_MACHINES; ++m) {
            make_alike(&c.machine[m].unit, &c.machine[0].unit);
        }
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

static void all_incidents_in_one_place(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) c.incident[i].site = here;
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

/* And all who could help as well: nobody has any way to go. */
static void everything_in_one_place(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) c.incident[i].site = here;
        for (uint32_t t = 0; t < CITY_TEAMS; ++t) c.team[t].unit.site = here;
        for (uint32_t v = 0; v < CITY_VEHICLES; ++v) c.vehicle[v].unit.site = here;
        for (uint32_t m = 0; m < CITY_MACHINES; ++m) c.machine[m].unit.site = here;
        for (uint32_t s = 0; s < CITY_STOCKS; ++s) c.stock[s].unit.site = here;
        for (uint32_t z = 0; z < c.problem.zone_count; ++z) c.zone[z].site = here;
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

/* ---- time ---------------------------------------------------------------------------------- */

/* The latest that can be said: sums of times that are no longer reachable. */
static void the_longest_times(void **state) {
    (void)state;
    FOR_EACH_CITY(seed) {
        new_city(seed);
        for (uint32_t t = 0; t < CITY_TEAMS; ++t) {
            c.team[t].unit.turnout_ms   = t % 3 == 0 ? MUSTER_UNREACHABLE_MS - 1 : 0;
            c.team[t].unit.available_ms = t % 3 == 1 ? MUSTER_UNREACHABLE_MS - 1 : 0;
            c.team[t].unit.shift_end_ms = t % 2 == 1 ? MUSTER_UNREACHABLE_MS - 1 : 0;
            c.team[t].unit.duty_ms      = UINT32_MAX;
        }
        for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) {
            c.incident[i].on_scene_ms = i % 2 == 1 ? MUSTER_UNREACHABLE_MS - 1 : 0;
            c.incident[i].deadline_ms = i % 3 == 1 ? 1 : 0;
        }
        if (muster_problem_check(&c.problem) != MUSTER_OK) fail_msg("%s", muster_error_message());
        muster_plan *plan = solve();
        muster_plan_free(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heaviest_weights_that_fit_are_counted_exactly),
        cmocka_unit_test(large_quantities_at_heavy_weights),
        cmocka_unit_test(the_largest_quantities_everywhere),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(nobody_at_all),
        cmocka_unit_test(pools_and_stocks_of_none),
        cmocka_unit_test(no_incident_at_all),
        cmocka_unit_test(one_giant_incident),
        cmocka_unit_test(one_giant_incident_of_every_sort),
        cmocka_unit_test(all_units_identical),
        cmocka_unit_test(all_incidents_in_one_place),
        cmocka_unit_test(everything_in_one_place),
        cmocka_unit_test(the_longest_times),
    };
    return cmocka_run_group_tests(tests, set_up, lift_roads);
}
