/* A commit as the journal keeps it, "plan_committed": what was issued and taken back, by codes; and how
 * good the plan is. The JSON is docs/session.md's. */
#ifndef MU_SESSION_ISSUE_TEXT_H
#define MU_SESSION_ISSUE_TEXT_H

#include "session/world.h"

/* Is this a record of that type? Of what mu_issue_write has written: its first member tells. */
bool mu_issue_is(const char *json, size_t size);

/* The same issue always as the same bytes; give them to mu_free. Rows of the world become codes, so it is
 * written before it is applied.
 * @return MUSTER_E_INVALID for what could not be read again, MUSTER_E_NOMEM. */
muster_status mu_issue_write(char **out, size_t *out_size, const mu_world *world,
                             const mu_issue *issue);

/* One that was read, for the world as it is before it is applied. */
typedef struct mu_issue_text mu_issue_text;

/* @return MUSTER_E_INVALID naming the member, its value and what was expected; MUSTER_E_NOMEM. */
muster_status   mu_issue_read(mu_issue_text **out, const mu_world *world, const char *json,
                              size_t size);
const mu_issue *mu_issue_of(const mu_issue_text *text);
void            mu_issue_text_free(mu_issue_text *text);

#endif
