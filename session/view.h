/* What a reader sees of the world: a copy in codes. */
#ifndef MU_SESSION_VIEW_H
#define MU_SESSION_VIEW_H

#include "session/arena.h"
#include "session/world.h"

/* What `authority` (in the base; MUSTER_NONE: all) sees. One reference, the caller's. */
muster_status mu_view_new(muster_view **out, const mu_world *world, uint32_t authority);
muster_view  *mu_view_hold(muster_view *view);
uint32_t      mu_view_authority(const muster_view *view);

/* An order with codes for rows; texts of its own are copied. */
muster_status mu_view_order(mu_arena *arena, const mu_world *world, const mu_world_order *order,
                            muster_order *out);

#endif
