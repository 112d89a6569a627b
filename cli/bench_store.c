/* The store: until the scenario is there, and until it is read anew. */
#include <muster/hierarchy.h>

#include "cli/bench_parts.h"
#include "cli/stopwatch.h"

static const char PART[] = "store";

muster_status bench_store(bench_context *b) {
    stopwatch      times = {0};
    muster_profile profile;
    double         start  = stopwatch_now_ms();
    muster_status  status = muster_scenario_load(&b->scenario, b->store, b->code);
    if (status != MUSTER_OK) return status;
    bench_table_aim(b->table, PART, "roads, resources and incidents, from nothing",
                    (stopwatch_now_ms() - start) / 1000, "s", BENCH_AT_MOST, 5);
    for (uint32_t i = 0; i < b->rounds && status == MUSTER_OK; ++i) {
        start  = stopwatch_now_ms();
        status = muster_scenario_reload(b->scenario, b->store);
        stopwatch_keep(&times, start);
    }
    if (status == MUSTER_OK) status = muster_profile_builtin(&profile, "light");
    if (status == MUSTER_OK) {
        status = muster_metric_new(&b->metric, muster_scenario_network(b->scenario), &profile);
    }
    if (status != MUSTER_OK) return status;
    bench_table_aim(b->table, PART, "resources and incidents read again, median",
                    stopwatch_percentile_ms(&times, 50), "ms", BENCH_AT_MOST, 50);
    return status;
}
