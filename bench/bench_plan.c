/* Plans on the home scenario: greedy against the optimizer, with items that vehicles carry and with
 * items that come by themselves, matrix included.
 *
 * usage: bench_plan [--limit MS] SCENARIO.gpkg CODE... */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(void) {
    fprintf(stderr, "bench_plan: %s\n", muster_error_message());
    return 1;
}

/* "-" where no bound is known, as of a greedy plan. */
static const char *gap(char text[16], muster_tier_result tier) {
    const double percent =
        tier.value > 0 ? 100.0 * (double)(tier.value - tier.bound) / (double)tier.value : 0;
    snprintf(text, 16, tier.bound > 0 || tier.value == 0 ? "%.2f" : "-", percent);
    return text;
}

static uint32_t time_limit_ms = 2000;

static muster_status run(const muster_scenario *scenario, muster_item_transport transport,
                         muster_method method) {
    muster_problem       problem = *muster_scenario_problem(scenario);
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    uint32_t             shipments;
    problem.item_transport     = (uint8_t)transport;
    options.method             = (uint8_t)method;
    options.time_limit_ms      = time_limit_ms;
    const muster_status status = muster_solve(&plan, &problem, &options);
    if (status != MUSTER_OK) return status;
    const muster_tier_result unmet    = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED);
    const muster_tier_result response = muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME);
    char                     first_gap[16], second_gap[16];
    (void)muster_plan_shipments(plan, &shipments);
    printf("%-13s %-8s %9u %8u %8u %13lld %6s %16lld %6s\n", muster_scenario_code(scenario),
           method == MUSTER_METHOD_GREEDY ? "greedy" : "optimize", shipments,
           muster_plan_first_feasible_ms(plan), muster_plan_elapsed_ms(plan),
           (long long)unmet.value, gap(first_gap, unmet), (long long)response.value,
           gap(second_gap, response));
    muster_plan_free(plan);
    return MUSTER_OK;
}

static muster_status run_all(const muster_scenario *scenario) {
    for (int t = MUSTER_ITEM_TRANSPORT_COUNT; t-- > 0;) {
        muster_status status = run(scenario, (muster_item_transport)t, MUSTER_METHOD_GREEDY);
        if (status == MUSTER_OK) {
            status = run(scenario, (muster_item_transport)t, MUSTER_METHOD_OPTIMIZE);
        }
        if (status != MUSTER_OK) return status;
    }
    return MUSTER_OK;
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--limit") == 0) {
        time_limit_ms = (uint32_t)strtoul(argv[2], NULL, 10);
        argc -= 2;
        argv += 2;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: bench_plan [--limit MS] SCENARIO.gpkg CODE...\n");
        return 2;
    }
    printf("%-13s %-8s %9s %8s %8s %13s %6s %16s %6s\n", "scenario", "method", "shipments",
           "first ms", "total ms", "unmet need", "gap %", "response time", "gap %");
    for (int i = 2; i < argc; ++i) {
        muster_scenario *scenario;
        if (muster_scenario_load(&scenario, argv[1], argv[i])) return failed();
        if (run_all(scenario)) return failed();
        muster_scenario_free(scenario);
    }
    return 0;
}
