/* The dispatch centre of a replication. It is a session's own state machine, told events, asked for plans
 * and committing them, either in memory, where opening one takes microseconds and nothing waits for a disk, or
 * a muster_session with its journal, which can be replayed afterwards. Both answer alike. One thread. */
#ifndef MU_SIMULATION_CENTRE_H
#define MU_SIMULATION_CENTRE_H

#include <muster/policy.h>

#include "session/plan.h"
#include "simulation/stage.h"

typedef struct mu_centre mu_centre;

/* A dispatch centre as the stage has it, at a moment. Stage and policy are borrowed.
 * journal: a folder for a new journal; NULL: in memory. MUSTER_E_IO, MUSTER_E_INVALID (there is a journal
 * already), MUSTER_E_NOMEM. */
muster_status mu_centre_open(mu_centre **out, const mu_stage *stage, const muster_policy *policy,
                             int64_t now_ms, const char *journal);
void          mu_centre_close(mu_centre *centre); /* NULL is welcome */

/* What is known; good until the next call. */
const mu_world *mu_centre_world(const mu_centre *centre);
/* Out: [count] what has become of each; one that is refused changes nothing. */
muster_status mu_centre_tell(mu_centre *centre, uint32_t count, const muster_event *event,
                             muster_event_answer *out);
/* The roads of now; the centre's, until they are asked for again.
 * ahead: what they are expected to be, of another centre on the same stage, so that little is left to do;
 * or NULL. If they are others, nothing of it is used. */
muster_status mu_centre_roads(mu_centre *centre, int64_t now_ms, const muster_roads *ahead,
                              muster_roads **out);
/* As the policy has it. Free it with muster_session_plan_free. */
muster_status mu_centre_plan(mu_centre *centre, int64_t now_ms, muster_session_plan **out);
/* Order what can be ordered of it. *out_sequence: of the record; 0: there was nothing to order. */
muster_status mu_centre_commit(mu_centre *centre, int64_t now_ms, const muster_session_plan *plan,
                               const char *id, uint64_t *out_sequence);

/* Who tells, in events and commits. */
#define MU_CENTRE_AUTHOR "simulation"

#endif
