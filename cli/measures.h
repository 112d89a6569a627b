/* How good a replication was under a policy, in the measures that are compared and reported. */
#ifndef CLI_MEASURES_H
#define CLI_MEASURES_H

#include "cli/outcomes.h"

typedef enum measure_id {
    MEASURE_RESPONSE_MEAN, /* of the incidents to which somebody came */
    MEASURE_RESPONSE_P50,
    MEASURE_RESPONSE_P90,
    MEASURE_UNREACHED, /* incidents to which nobody came */
    MEASURE_WITHIN_STANDARD,
    MEASURE_NEED_MET,
    MEASURE_UNMET_PEOPLE,
    MEASURE_UNMET_VEHICLES,
    MEASURE_UNMET_MACHINES,
    MEASURE_UNMET_ITEMS,
    MEASURE_DISTANCE,
    MEASURE_COUNT
} measure_id;

typedef struct measure_words {
    const char *name;  /* in JSON and CSV: "response_mean" */
    const char *unit;  /* "min", "%", "people h" */
    const char *title; /* with the unit: "mean response, min" */
    bool        is_lower_better;
} measure_words;

extern const measure_words MEASURE_WORDS[MEASURE_COUNT];

/* The values of a folder: NaN where a replication has nothing to measure. */
typedef struct measures {
    uint32_t replication_count;
    double  *value; /* by policy, measure, replication */
} measures;

/* Returns the exit code; afterwards *out is empty, or to be freed. */
int  measures_read(measures *out, const results *r, const outcomes *o);
void measures_free(measures *m);

/* The values of a measure under a policy, one for each replication. */
double *measures_of(const measures *m, uint32_t policy, measure_id measure);

/* The smallest of `count` rising values that a share of them does not exceed (nearest rank);
 * NaN where there is none. */
double quantile(const double *rising, size_t count, double share);

#endif
