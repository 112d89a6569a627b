/* A connection to PostgreSQL that never blocks and comes back; one question at a time. Behind it
 * stands libpq.
 *
 * Answers are framed: a question yields one row of two columns, a text and its SHA-256. In the text,
 * rows end with RS (0x1E) and columns are separated by US (0x1F); NULL is empty. So an answer that
 * was damaged on its way, be it by a single bit, is none: the connection counts as lost. (TCP's own
 * sum is 16 bits wide and ends at every middlebox.) MU_FRAMED writes such a question. */
#ifndef MU_GIS_LINK_H
#define MU_GIS_LINK_H

#include <muster/link.h>

#include "core/error.h"

/* `columns` are SQL texts with commas between, `source` what follows FROM, `order` by what. */
#define MU_FRAMED(columns, source, order)                                                          \
    "SELECT f.t, encode(sha256(convert_to(f.t, 'UTF8')), 'hex') FROM (SELECT "                     \
    "coalesce(string_agg(array_to_string(ARRAY[" columns                                           \
    "]::text[], E'\\x1f', '') || E'\\x1e', '' ORDER BY " order "), '') AS t FROM " source ") AS f"

typedef struct mu_link mu_link;

/* What has become of a question. */
typedef enum mu_link_outcome {
    MU_LINK_NOTHING, /* none was asked, or there is no answer yet */
    MU_LINK_ROWS,    /* see mu_link_next_row */
    MU_LINK_ERROR,   /* the server says no: mu_link_sqlstate, mu_link_trouble */
    MU_LINK_LOST     /* the connection is; whether the question was carried out is not known */
} mu_link_outcome;

/* MUSTER_E_INVALID for options that make no sense. Nothing is connected yet. */
muster_status mu_link_new(mu_link **out, const muster_link_options *options);
void          mu_link_free(mu_link *link); /* NULL is welcome */

/* What fails sends the link away; it comes back by itself. MUSTER_E_NOMEM alone. */
muster_status mu_link_step(mu_link *link);
muster_wait   mu_link_wait(const mu_link *link);
uint64_t      mu_link_now_ms(const mu_link *link);

/* It is connected and a question may be asked. */
bool mu_link_is_ready(const mu_link *link);
/* Neither connected nor about to be. */
bool mu_link_is_away(const mu_link *link);
/* Grows with each connection: what was said to an earlier one (LISTEN) does not hold any more. */
uint64_t mu_link_session(const mu_link *link);
/* Attempts to connect since the last answer. */
uint32_t mu_link_attempt(const mu_link *link);
/* A message has come from the server since this was asked last. */
bool mu_link_take_notice(mu_link *link);

/* `sql` is ours; values are bound. The link must be ready. */
void mu_link_ask(mu_link *link, const char *sql, int count, const char *const *value);
/* Stays until the next question. */
mu_link_outcome mu_link_get_outcome(const mu_link *link);
/* The question has been dealt with. */
void mu_link_forget(mu_link *link);
/* Split the next row of the answer into `count` columns, which live until the next question.
 * *out_row: there was one. False: it has another number of columns. */
bool        mu_link_next_row(mu_link *link, uint32_t count, const char **column, bool *out_row);
const char *mu_link_sqlstate(const mu_link *link);
/* What went wrong last, as one line; "" if nothing since the last answer. */
const char *mu_link_trouble(const mu_link *link);
/* Hang up, because what the server said makes no sense or is of no use; NULL: the trouble has been said.
 * A question that was asked is lost. */
void mu_link_hang_up(mu_link *link, const char *why);

/* Wait until the next step is due, at most `timeout_ms`. MUSTER_E_IO if the system cannot. */
muster_status mu_wait_for(const muster_wait *wait, uint32_t timeout_ms);

#endif
