/* Distributions that quantities and times are drawn from. */
#ifndef MU_SIMULATION_DISTRIBUTION_H
#define MU_SIMULATION_DISTRIBUTION_H

#include "simulation/draw.h"
#include "simulation/toml_fields.h"

typedef enum mu_distribution_kind {
    MU_CONSTANT,    /* a */
    MU_UNIFORM,     /* a to b */
    MU_TRIANGULAR,  /* a to c, most often b */
    MU_EXPONENTIAL, /* of mean a */
    MU_NORMAL,      /* of mean a and standard deviation b */
    MU_LOGNORMAL,   /* of median a, whose logarithm has the standard deviation b */
    MU_GAMMA,       /* of mean a and shape b: the sum of b exponentials, where that is whole */
    MU_ONE_OF,      /* the values of a list, each as likely as any other */
    MU_DISTRIBUTION_KIND_COUNT
} mu_distribution_kind;

typedef struct mu_distribution {
    uint8_t       kind;
    double        a, b, c;
    double        least, most; /* what lies beyond is taken for that */
    uint32_t      value_count;
    const double *value; /* of MU_ONE_OF */
} mu_distribution;

/* Number `index` of a stream. O(1); lanes are used up to some tens. */
double mu_distribution_draw(const mu_distribution *distribution, mu_stream stream, uint64_t index);
/* Its mean, before it is cut by least and most. */
double mu_distribution_mean(const mu_distribution *distribution);

/* The standard normal distribution's value below which a share of `p` lies: more than 0, less than 1. */
double mu_normal_quantile(double p);

/* A number, or a table: {uniform = [3, 11]}, {exponential = 12, most = 60}. All values that it can have
 * are between `low` and `high`, because they are cut there. *out is left as it is where it is missing. */
muster_status mu_table_distribution(mu_table *table, const char *key, bool needed, double low,
                                    double high, mu_distribution *out);

#endif
