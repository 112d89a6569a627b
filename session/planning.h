/* Plans of a session, and the roads that they are made on. */
#ifndef MU_SESSION_PLANNING_H
#define MU_SESSION_PLANNING_H

#include <muster/session.h>

typedef struct mu_planning mu_planning;

muster_status mu_planning_init(mu_planning **out);
void          mu_planning_fini(mu_planning *planning); /* NULL is welcome */

/* The roads of now, as the session's world has them; one reference, the caller's. Whoever comes while
 * they are being made waits for them. */
muster_status mu_planning_roads(muster_roads **out, muster_session *session, int64_t now_ms);
/* For a session whose world is another one, which may have changed as often. */
void mu_planning_forget_roads(mu_planning *planning);

#endif
