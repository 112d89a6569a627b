/* What `muster readiness` has found out, and how it is said. */
#ifndef CLI_READINESS_ANSWER_H
#define CLI_READINESS_ANSWER_H

#include <muster/gis.h>

#include "cli/output.h"
#include "cli/readiness_places.h"
#include "cli/what_if_file.h"

/* One what-if of the file beside now. */
typedef struct readiness_what_if {
    const char           *name;
    muster_readiness_loss loss;
    bool                 *has_fallen; /* [place_count] */
} readiness_what_if;

typedef struct readiness_answer {
    const readiness_options *options;
    muster_scenario         *scenario;
    const muster_problem    *problem;
    readiness_standard       standard;
    readiness_places         places;
    muster_readiness        *now;
    muster_readiness        *state; /* with the changes of the command line; NULL: it is now */
    muster_readiness_loss    loss;  /* from now to it */
    uint32_t                 what_if_count;
    readiness_what_if       *what_if;
    muster_criticals        *critical[MUSTER_PART_COUNT]; /* NULL: not asked for */
    muster_stock_tier       *tier;                        /* [kind_count * MUSTER_LEVEL_COUNT] */
} readiness_answer;

/* What places, standards and lists are about: the state that was asked for. */
static inline const muster_readiness *readiness_shown(const readiness_answer *a) {
    return a->state ? a->state : a->now;
}

/* How a place stands. */
typedef enum readiness_grade {
    READINESS_READY,    /* it meets every standard */
    READINESS_BELOW,    /* it does not */
    READINESS_UNREACHED /* for some standard nobody ever comes */
} readiness_grade;

readiness_grade readiness_grade_of(const readiness_answer *answer, uint32_t place);
const char     *readiness_grade_name(readiness_grade grade);
/* Is it an at-risk site? Else it is a village. */
bool readiness_is_site(const readiness_answer *answer, uint32_t place);

/* Places that miss a standard, and the people there. */
typedef struct readiness_below {
    uint32_t places;
    int64_t  people;
} readiness_below;
readiness_below readiness_below_of(const readiness_answer *answer, uint32_t standard);

/* The code of what a muster_critical is that is no road. */
const char *readiness_code_of(const readiness_answer *answer, const muster_critical *critical);

void    readiness_print(FILE *stream, const readiness_answer *answer);
json_t *readiness_json_new(const readiness_answer *answer);
json_t *readiness_geojson_new(const readiness_answer *answer);
void    readiness_print_csv(FILE *stream, const readiness_answer *answer);

#endif
