/* The machine that figures come from. */
#ifndef CLI_BENCH_MACHINE_H
#define CLI_BENCH_MACHINE_H

#include <muster/store.h>

#include "cli/bench_table.h"

typedef struct bench_machine {
    char   date[32];
    double load; /* how many wanted a processor, over the last minute; below 0: unknown */
} bench_machine;

bench_machine bench_machine_now(void);
/* Lines for the table: processor, memory, load before and after, version and compiler, scenario. */
void bench_machine_say(bench_table *table, const bench_machine *before,
                       const muster_scenario *scenario);

#endif
