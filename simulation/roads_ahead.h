/* The roads of a replication, made before they are asked for. */
#ifndef MU_SIMULATION_ROADS_AHEAD_H
#define MU_SIMULATION_ROADS_AHEAD_H

#include <muster/policy.h>

#include "session/roads.h"
#include "simulation/course.h"
#include "simulation/stage.h"

typedef struct mu_roads_ahead mu_roads_ahead;

/* Begin to make them on a thread of its own. Stage, policy and course are borrowed. MUSTER_E_NOMEM; *out is
 * NULL too where the system has no thread. */
muster_status mu_roads_ahead_new(mu_roads_ahead **out, const mu_stage *stage,
                                 const muster_policy *policy, const mu_course *course);
void          mu_roads_ahead_free(mu_roads_ahead *ahead); /* NULL is welcome */

/* Those of a moment, which is none before one that was asked for: held; NULL where there are none, of NULL as
 * well. If they are in the making they are waited for. They are the ones that a centre would have that was told
 * all of the course and nothing else. */
muster_roads *mu_roads_ahead_at(mu_roads_ahead *ahead, int64_t now_ms);

#endif
