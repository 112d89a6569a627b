/* What a session stands on besides its journal: the roads of its store, and the world that a new journal
 * begins with. */
#ifndef MU_SESSION_BEGINNING_H
#define MU_SESSION_BEGINNING_H

#include "session/session.h"

/* The roads, which are checked against those of the world's journal. */
muster_status mu_beginning_roads(muster_session *session, const mu_session_parts *parts);
/* Who cannot be sent when it begins, as a scenario that was loaded whole says, is known all the same: it may be
 * told that he can again. */
muster_status mu_beginning_withhold(mu_world *world, const muster_scenario *scenario);
/* Roads and the world of a new journal, as record 1. */
muster_status mu_beginning_world(muster_session *session, const mu_session_parts *parts);

#endif
