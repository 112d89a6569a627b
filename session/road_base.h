/* The inside of the roads with nothing closed (roads.h), and how what is told of them is noted. */
#ifndef MU_SESSION_ROAD_BASE_H
#define MU_SESSION_ROAD_BASE_H

#include <stdatomic.h>

#include <muster/closure.h>

#include "session/roads.h"

typedef struct mu_numbered_edge {
    int64_t  id;
    uint32_t edge;
} mu_numbered_edge;

struct mu_road_base {
    atomic_uint           references;
    muster_scenario      *scenario; /* or NULL */
    const muster_network *network;
    uint32_t              profile_count;
    muster_profile       *profile; /* [profile_count], like those that follow */
    const char          **name;
    const muster_metric **metric;
    muster_metric       **own;  /* NULL where it is the scenario's */
    mu_numbered_edge     *edge; /* by id */
    muster_area_memory   *areas;
    uint64_t              checksum;
};

/* What a road makes of the base for a profile: a closure that is noted. factor: of its speed; 0 closes.
 * MUSTER_E_INVALID names edge or point. */
muster_status mu_road_base_note_road(muster_closure **out, const mu_road_base *base,
                                     uint32_t profile, const muster_event_road *road,
                                     double factor);
/* The same of a hazard that is behind the door of muster_hazards. */
muster_status mu_road_base_note_hazard(muster_closure **out, const mu_road_base *base,
                                       uint32_t profile, const muster_hazard *valid);

#endif
