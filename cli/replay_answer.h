/* What `muster journal replay` says, as text and as JSON. */
#ifndef CLI_REPLAY_ANSWER_H
#define CLI_REPLAY_ANSWER_H

#include <jansson.h>
#include <muster/session.h>
#include <stdio.h>

#include "cli/explain_answer.h"

/* A commit as the journal has it. */
typedef struct replay_commit {
    uint64_t sequence; /* 0: nothing was committed by then */
    int64_t  at_ms;
    int64_t  knew_at_ms; /* the time of the record up to which its plan knew */
    json_t  *record;
} replay_commit;

typedef struct replay_answer {
    const muster_view    *view;
    int64_t               at_ms; /* the time of the view's record */
    const replay_commit  *commit;
    const muster_order   *order;  /* that was asked for; NULL: none */
    const explain_answer *why;    /* NULL: was not asked for */
    const char           *no_why; /* why there is no answer; NULL: there is, or was not asked for */
    muster_language       language; /* of what is printed; of JSON's members, of sentences alone */
} replay_answer;

/* Why there is no answer where all that an incident needed was on its way or there. */
const char *replay_answer_nothing_missing(muster_language language);

/* For people: 80 columns. */
void replay_answer_print(FILE *stream, const replay_answer *answer);
/* The schema is in docs/cli.md. NULL without memory. */
json_t *replay_answer_json(const replay_answer *answer);

#endif
