/* What `muster nearest` found, and the two ways to say it. */
#ifndef CLI_NEAREST_ANSWER_H
#define CLI_NEAREST_ANSWER_H

#include "cli/closed_roads.h"
#include "cli/place.h"
#include "cli/sites_csv.h"

/* A site that cannot be reached. */
typedef struct cut_site {
    uint32_t           site;
    uint32_t          *cause; /* what `why` refers to */
    muster_explanation why;
} cut_site;

typedef struct nearest_answer {
    const char  *profile;
    bool         is_reverse;
    place        from;
    sites        sites;
    uint32_t     count;
    uint32_t    *site, *duration_ms; /* [count] the first first */
    double      *distance_m;
    closed_roads closed;
    uint32_t     cut_count; /* 0 without closures */
    cut_site    *cut;       /* [cut_count] by rising site */
} nearest_answer;

/* Find out why the sites that are not in the answer cannot be reached, from their snaps. Returns the
 * exit code. */
int  nearest_answer_explain(nearest_answer *answer, const muster_snap *snap);
void nearest_answer_fini(nearest_answer *answer);

void    nearest_answer_print(const nearest_answer *answer, FILE *stream);
json_t *nearest_answer_json(const nearest_answer *answer); /* NULL: no memory */

#endif
