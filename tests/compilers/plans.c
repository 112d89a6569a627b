/* Prints plans of many random problems, to the last bit: what every compiler has to agree on. */
#include <inttypes.h>

#include "tests/support/random_city.h"
#include "tests/support/random_model.h"
#include "tests/support/random_shipments.h"

static void print_assignments(const muster_plan *plan) {
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(plan, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("%u %u to %u: %" PRId64 " at %u, %u, %a m, shipment %u, locked %" PRId64
               ", %u up, late %u, diverted %u\n",
               a[i].resource, a[i].index, a[i].need, a[i].quantity, a[i].depart_ms, a[i].eta_ms,
               a[i].distance_m, a[i].shipment, a[i].locked, a[i].escalation, a[i].is_late,
               a[i].is_diverted);
    }
}

static void print_shipments(const muster_plan *plan) {
    uint32_t               count;
    const muster_shipment *s = muster_plan_shipments(plan, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("vehicle %u by %u to %u at %u, %u, %u, %a m with %a kg, %a m3, diverted %u\n",
               s[i].vehicle, s[i].stock, s[i].incident, s[i].depart_ms, s[i].load_at_ms,
               s[i].eta_ms, s[i].distance_m, s[i].load_kg, s[i].load_m3, s[i].is_diverted);
    }
}

static void print_plan(const char *what, uint64_t seed, const muster_problem *problem,
                       uint64_t work_limit) {
    uint32_t             count;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.time_limit_ms = 0;
    options.work_limit    = work_limit;
    printf("%s %" PRIu64 "\n", what, seed);
    if (muster_solve(&plan, problem, &options) != MUSTER_OK) {
        printf("%s\n", muster_error_message());
        return;
    }
    print_assignments(plan);
    print_shipments(plan);
    const muster_unmet *u = muster_plan_unmet(plan, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("need %u lacks %" PRId64 ": %u\n", u[i].need, u[i].quantity, u[i].reason);
    }
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result tier = muster_plan_tier(plan, (muster_tier)t);
        printf("tier %d: %" PRId64 ", bound %" PRId64 "\n", t, tier.value, tier.bound);
    }
    muster_plan_free(plan);
}

int main(void) {
    enum { SMALL = 150, CITIES = 24 };
    city_roads roads;
    city_roads_init(&roads);
    for (uint64_t seed = 0; seed < SMALL; ++seed) {
        static random_model     m;
        static random_shipments r;
        random_model_new(&m, seed, MODEL_EVERYTHING);
        print_plan("model", seed, &m.problem, 0);
        random_model_free(&m);
        random_shipments_new(&r, seed);
        if (seed % 2) random_shipments_command(&r, seed);
        if (seed % 3 == 0) random_shipments_orders(&r, seed);
        print_plan("shipments", seed, &r.problem, 50000);
        random_shipments_free(&r);
    }
    for (uint64_t seed = 0; seed < CITIES; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, (unsigned)seed % 16);
        print_plan("city", seed, &c.problem, UINT64_C(1) << (12 + seed % 11));
    }
    city_roads_fini(&roads);
    return 0;
}
