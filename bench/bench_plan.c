/* Plans on the home scenario: greedy against the optimizer, matrix included.
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

static muster_status run(const muster_scenario *scenario, muster_method method,
                         const char *method_name) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.method             = (uint8_t)method;
    options.time_limit_ms      = time_limit_ms;
    const muster_status status = muster_solve(&plan, muster_scenario_problem(scenario), &options);
    if (status != MUSTER_OK) return status;
    const muster_tier_result unmet    = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED);
    const muster_tier_result response = muster_plan_tier(plan, MUSTER_TIER_RESPONSE_TIME);
    char                     first_gap[16], second_gap[16];
    printf("%-14s %-9s %9u %9u %16lld %7s %18lld %7s\n", muster_scenario_code(scenario),
           method_name, muster_plan_first_feasible_ms(plan), muster_plan_elapsed_ms(plan),
           (long long)unmet.value, gap(first_gap, unmet), (long long)response.value,
           gap(second_gap, response));
    muster_plan_free(plan);
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
    printf("%-14s %-9s %9s %9s %16s %7s %18s %7s\n", "scenario", "method", "first ms", "total ms",
           "unmet need", "gap %", "response time", "gap %");
    for (int i = 2; i < argc; ++i) {
        muster_scenario *scenario;
        if (muster_scenario_load(&scenario, argv[1], argv[i])) return failed();
        if (run(scenario, MUSTER_METHOD_GREEDY, "greedy")) return failed();
        if (run(scenario, MUSTER_METHOD_OPTIMIZE, "optimize")) return failed();
        muster_scenario_free(scenario);
    }
    return 0;
}
