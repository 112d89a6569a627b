/* Copies of what events point to, each in an arena. */
#ifndef MU_SESSION_EVENT_COPY_H
#define MU_SESSION_EVENT_COPY_H

#include <muster/event.h>

#include "session/arena.h"

muster_status mu_copy_road(mu_arena *arena, muster_event_road *out, const muster_event_road *road);
muster_status mu_copy_hazard(mu_arena *arena, muster_hazard *out, const muster_hazard *hazard);
muster_status mu_copy_rule(mu_arena *arena, muster_event_rule *out, const muster_event_rule *rule);

#endif
