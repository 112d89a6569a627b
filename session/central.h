/* A session's part in the dispatch centre's database: units are claimed there before they are ordered,
 * and what others have is known. Nobody who tells, reads or plans waits for it; who commits waits for as
 * long as he says. */
#ifndef MU_SESSION_CENTRAL_H
#define MU_SESSION_CENTRAL_H

#include "session/claim_ask.h"

typedef struct mu_central mu_central;

/* All that it takes, so that who becomes the writer knows before that it is there: a thread that waits.
 * @return MUSTER_E_INVALID for a connection that libpq does not understand, MUSTER_E_NOMEM, MUSTER_E_IO:
 *         the system has no thread for it. */
muster_status mu_central_new(mu_central **out, muster_session *session);
/* Begin, beside the caller: take the dispatcher over, compare what it holds with the world, and make up
 * for what differs, from then on. The session writes. */
void mu_central_begin(mu_central *central);
/* No turn is the caller's, unless it has not begun. NULL is welcome. */
void mu_central_free(mu_central *central);

/* Something about orders has changed. */
void mu_central_wake(mu_central *central);

/* Commits come one after the other: what one has claimed is no other's to claim. */
void mu_central_lock_commits(mu_central *central);
void mu_central_unlock_commits(mu_central *central);

/* Claim, and wait for the answer until `deadline_ms` (mu_central_now_ms). Not in a turn.
 * *out_is_answered: see ask->outcome; false: the database has said nothing yet.
 * Whatever is returned, mu_central_settle follows, and the ask is no longer the caller's then.
 * @return MUSTER_E_IO: somebody else has taken the dispatcher over. */
muster_status mu_central_claim(mu_central *central, mu_claim_ask *ask, uint64_t deadline_ms,
                               bool *out_is_answered);
/* ask->order says which orders there are by now for its lines. */
void     mu_central_settle(mu_central *central, mu_claim_ask *ask);
uint64_t mu_central_now_ms(void);

/* What the session's state says of it. */
void mu_central_describe(mu_central *central, muster_session_state *out);

#endif
