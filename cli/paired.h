/* Is B different from A? Answered for pairs: the same replication, once under each policy. */
#ifndef CLI_PAIRED_H
#define CLI_PAIRED_H

#include <stdbool.h>
#include <stdint.h>

typedef struct interval {
    bool   is_known; /* there were pairs enough for it */
    double low, high;
} interval;

/* What differs is always B less A. */
typedef struct paired_summary {
    uint32_t count; /* of pairs in which both have a value */
    double   mean_a, mean_b;
    double   difference; /* of the means, which is the mean of the differences */
    double   deviation;  /* standard deviation of the differences; NaN below two pairs */
    interval student;    /* of the mean difference, by Student's t */
    double   median;     /* of the differences */
    interval order;      /* of the median, by order statistics: whatever the distribution */
    uint32_t above, below, equal;
    double   sign_p; /* two-sided, of the sign test: that B is above A as often as below */
} paired_summary;

/* Summarize the pairs (a[i], b[i]), leaving out those in which a value is NaN. Returns false where
 * memory ran out. Without any pair all numbers are NaN and no interval is known. */
bool paired_summarize(paired_summary *out, uint32_t count, const double *a, const double *b,
                      double confidence);

/* Does the interval leave out 0? */
bool interval_excludes_zero(const interval *i);

#endif
