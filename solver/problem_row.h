/* One row of a problem, for checks and their messages. */
#ifndef MU_SOLVER_PROBLEM_ROW_H
#define MU_SOLVER_PROBLEM_ROW_H

#include <muster/problem.h>

#include "core/error.h"

/* A row for a message: `team 3 ("T-17")`. */
typedef struct mu_row {
    const char *noun;
    uint32_t    index;
    const char *code;
} mu_row;

#define MU_ROW_FORMAT  "%s %u (\"%s\")"
#define MU_ROW_ARGS(r) (r).noun, (r).index, (r).code

/* Each fails with MUSTER_E_INVALID, naming the row and what was expected. */
muster_status mu_check_code(mu_row row);
muster_status mu_check_site(mu_row row, muster_site site);
muster_status mu_check_quantity(mu_row row, const char *field, int64_t quantity, int64_t least,
                                int64_t most);
/* Of an array of `count` rows, which `field` names. */
muster_status mu_check_index(mu_row row, const char *field, uint32_t index, uint32_t count);
muster_status mu_check_kind(const muster_problem *problem, mu_row row, uint32_t kind,
                            muster_resource resource);

/* An array of `count` rows is there. */
muster_status mu_check_array(const char *nouns, uint32_t count, const void *array);
/* No two codes are equal. `first` is the code in the first of `count` rows that are `stride`
 * bytes apart. */
muster_status mu_check_unique(const char *nouns, uint32_t count, const void *first, size_t stride);

#endif
