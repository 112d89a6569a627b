/* Two policies beside each other, replication by replication: both saw the same incidents happen. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "cli/measures.h"
#include "cli/paired.h"

typedef struct side {
    const results  *results;
    const outcomes *outcomes;
    const measures *measures;
    uint32_t        policy;
} side;

/* Incidents of one severity or one authority, each counted once a replication. */
typedef struct compared_group {
    const char *name;
    uint32_t    count;
    uint32_t    won, lost; /* somebody came sooner under B, later under B; the others were equal */
    uint32_t    reached;   /* under both */
    double      sum_a_min, sum_b_min; /* response times of those */
    uint32_t    with_standard, within_a, within_b;
} compared_group;

typedef struct compared_groups {
    uint32_t        count;
    compared_group *group; /* most won, less lost, first; then by name */
} compared_groups;

typedef struct comparison {
    double          confidence;
    uint32_t        replication_count;
    const char     *name_a, *name_b; /* of the policies */
    paired_summary  measure[MEASURE_COUNT];
    compared_groups severity, authority;
} comparison;

/* Do the folders belong together: the same scenario file, seed and replications? Else says what
 * differs. Returns the exit code. */
int comparison_check(const results *a, const results *b);

/* Compare. The names of the pool are those of both sides. Returns the exit code; afterwards *out is
 * empty, or to be freed. */
int  comparison_make(comparison *out, const side *a, const side *b, const name_pool *pool,
                     double confidence);
void comparison_free(comparison *c);

#endif
