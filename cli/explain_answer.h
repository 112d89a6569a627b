/* What `muster explain` says of one incident, as text and as JSON. */
#ifndef CLI_EXPLAIN_ANSWER_H
#define CLI_EXPLAIN_ANSWER_H

#include <jansson.h>
#include <muster/store.h>
#include <muster/why.h>
#include <stdio.h>

typedef struct explain_answer {
    const muster_scenario   *scenario;
    const muster_problem    *problem;
    const char              *plan_path; /* NULL: it was planned anew */
    uint32_t                 incident;
    uint32_t                 assignment_count;
    const muster_assignment *assignment;
    muster_why             **why; /* [need_count] of the incident's needs; NULL elsewhere */
    /* What the plan itself says is unmet; NULL: nothing is known of that. */
    const muster_unmet *told;
    uint32_t            told_count;
    muster_language     language; /* of sentences; of JSON's members they alone */
} explain_answer;

/* For people: 80 columns. */
void explain_answer_print(FILE *stream, const explain_answer *answer);
/* The schema is in docs/cli.md. NULL without memory. */
json_t *explain_answer_json(const explain_answer *answer);
/* Of that, what is said of each need. */
json_t *explain_answer_needs_json(const explain_answer *answer);

#endif
