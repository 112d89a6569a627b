/* What became of each incident in each replication under each policy: incidents.csv in memory. */
#ifndef CLI_OUTCOMES_H
#define CLI_OUTCOMES_H

#include "cli/name_pool.h"
#include "cli/results.h"

typedef struct outcome {
    uint32_t policy, replication, incident; /* its code, of the pool */
    uint32_t severity, authority;           /* of the pool */
    int64_t  reported_ms;
    int64_t  response_ms; /* TABLE_NEVER: nobody came */
    int64_t  standard_ms; /* 0: none */
    double   lon_deg, lat_deg;
} outcome;

typedef struct outcomes {
    uint32_t count, capacity;
    outcome *list; /* by policy, replication, then as in the file */
} outcomes;

/* Returns the exit code; afterwards *out is empty, or to be freed. */
int  outcomes_read(outcomes *out, name_pool *pool, const results *r);
void outcomes_free(outcomes *o);

/* Did somebody come within the standard? Without a standard, or where nobody came, no. */
bool outcome_is_within(const outcome *o);

#endif
