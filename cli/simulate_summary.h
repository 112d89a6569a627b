/* What policies come to, in a table for people. */
#ifndef CLI_SIMULATE_SUMMARY_H
#define CLI_SIMULATE_SUMMARY_H

#include <stdio.h>

#include <muster/simulation.h>

/* Of one policy, over its replications. */
typedef struct simulate_sum {
    const char             *policy;
    uint32_t                replications, refusals;
    muster_simulated_totals totals;
    size_t                  response_count, response_capacity;
    int64_t                *response_ms; /* of incidents that somebody came to */
} simulate_sum;

/* Start from zeros with `sum`, [policy_count] zeros but for their policy. */
typedef struct simulate_summary {
    uint32_t      policy_count;
    simulate_sum *sum;
} simulate_summary;

/* False: no memory. */
bool simulate_summary_add(simulate_summary *summary, const muster_replication *replication);
void simulate_summary_print(simulate_summary *summary, FILE *stream);
void simulate_summary_fini(simulate_summary *summary);

#endif
