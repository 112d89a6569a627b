/* The roads that a session plans on: a network that never changes, and what each profile makes of it
 * now. */
#ifndef MU_SESSION_ROADS_H
#define MU_SESSION_ROADS_H

#include <muster/session.h>
#include <muster/store.h>

#include "session/world.h"

/* ---- when nothing is closed ----------------------------------------------------------------- */

/* The network, with its metric for each profile. It never changes; any thread may read it. */
typedef struct mu_road_base mu_road_base;

/* One reference, the caller's. The network, and the names of profiles, are borrowed. */
muster_status mu_road_base_new(mu_road_base **out, const muster_network *network,
                               uint32_t profile_count, const muster_profile *profile,
                               uint32_t thread_count);
/* The same of a scenario, which is taken over, also on failure.
 * profile: names, in the order that metrics are to have; NULL: those of the scenario's problem, in its
 * order. MUSTER_E_INVALID for a name that is not in the scenario's store. */
muster_status mu_road_base_of(mu_road_base **out, muster_scenario *scenario, uint32_t profile_count,
                              const char *const *profile);
mu_road_base *mu_road_base_hold(mu_road_base *base);
void          mu_road_base_release(mu_road_base *base); /* NULL is welcome */

const muster_scenario *mu_road_base_scenario(const mu_road_base *base); /* NULL: there is none */
/* Names by metric. */
const char *const *mu_road_base_profiles(const mu_road_base *base, uint32_t *out_count);
/* Of network and profiles: equal where the same events make the same roads. Against mistakes, not against
 * malice. */
uint64_t mu_road_base_checksum(const mu_road_base *base);

/* Would these roads, or this hazard, be understood? What only the network can tell: MUSTER_EVENT_WRONG
 * with a message that names road, edge or point; MUSTER_EVENT_APPLIED for everything else. Ask before an
 * event is told to the world. O(as much as the roads that it closes take for one profile). */
muster_status mu_roads_check_event(const mu_road_base *base, const muster_event *event,
                                   muster_event_answer *out);

/* ---- at a moment ---------------------------------------------------------------------------- */

/* What closes roads and slows them at a moment: a copy, so that the world may go on. */
typedef struct mu_road_state mu_road_state;

muster_status mu_road_state_take(mu_road_state **out, const mu_world *world, int64_t now_ms);
void          mu_road_state_free(mu_road_state *state);

/* Are these the roads of that world at that moment? False of NULL. O(1). */
bool mu_roads_are_of(const muster_roads *roads, const mu_world *world, int64_t now_ms);
/* The moment from which they may be others though nothing is told, for a hazard begins or ends then;
 * INT64_MAX: none in sight. */
int64_t mu_roads_until_ms(const muster_roads *roads);

/* The roads of a state; one reference, the caller's. Metrics that are as in `before`, which may be NULL,
 * are shared with it, so that travel times by them are known still; others are made from those of before
 * where less has changed since than differs from the base, and are the same as without. One thread for
 * each profile where there are as many. */
muster_status mu_roads_new(muster_roads **out, mu_road_base *base, const mu_road_state *state,
                           const muster_roads *before, uint32_t thread_count);
muster_roads *mu_roads_hold(muster_roads *roads);
/* Were the ones made from the others with nothing come or gone between? Then they share all metrics. */
bool mu_roads_are_alike(const muster_roads *a, const muster_roads *b);

mu_road_base *mu_roads_base(const muster_roads *roads);
/* By profile, as in the base. They live as long as the roads. */
const muster_metric *const *mu_roads_metrics(const muster_roads *roads, uint32_t *out_count);

#endif
