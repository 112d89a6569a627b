/* A second world that is the same. */
#ifndef MU_SESSION_COPY_WORLD_H
#define MU_SESSION_COPY_WORLD_H

#include "session/world.h"

/* By its bytes, so that whatever a journal cannot say, a copy cannot have. The base is shared. */
muster_status mu_copy_world(mu_world **out, const mu_world *world);

#endif
