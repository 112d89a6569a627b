/* The parts of `muster bench`: what each measures on a planner's own scenario, with nothing but what any
 * program could call. Targets are those of the home scenario on two cores (docs/benchmarks.md). */
#ifndef CLI_BENCH_PARTS_H
#define CLI_BENCH_PARTS_H

#include <muster/session.h>
#include <muster/store.h>

#include "cli/bench_table.h"

typedef struct bench_context {
    const char      *store, *code; /* code: NULL: the scenario that the store has by itself */
    const char      *folder;       /* where journals may be */
    uint32_t         rounds;
    muster_scenario *scenario;
    muster_metric   *metric; /* its roads by the profile "light", with a hierarchy */
    bench_table     *table;
    uint64_t         seed; /* of what is drawn; goes on */
} bench_context;

/* 0 to bound - 1, of bound 1 or more: splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
uint32_t bench_draw(bench_context *b, uint32_t bound);
/* `count` junctions from which, and to which, there is a way, drawn; [count]. */
muster_status bench_draw_places(bench_context *b, uint32_t count, muster_snap *out);

/* How long it takes until the scenario is there: makes `scenario` and `metric`. */
muster_status bench_store(bench_context *b);
muster_status bench_roads(bench_context *b);
muster_status bench_plans(bench_context *b);
muster_status bench_live(bench_context *b);
/* `/v1/nearest` over HTTP, as `muster serve` answers it. */
muster_status bench_http(bench_context *b);

#endif
