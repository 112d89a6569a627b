/* Asking the roads of now for ways: what one replication keeps between questions. */
#ifndef MU_SIMULATION_ATLAS_H
#define MU_SIMULATION_ATLAS_H

#include "session/roads.h"
#include "simulation/way.h"

/* Start from zeros. */
typedef struct mu_atlas {
    muster_roads        *roads; /* of now, held; NULL: none yet */
    muster_roads        *then;  /* see mu_atlas_forget; NULL: they are those of now */
    uint32_t             profile_count;
    struct mu_traveller *traveller[2]; /* by mu_moment, by profile */
} mu_atlas;

/* By which roads. */
typedef enum mu_moment { MU_NOW, MU_THEN } mu_moment;

muster_status mu_atlas_init(mu_atlas *atlas, uint32_t profile_count);
void          mu_atlas_fini(mu_atlas *atlas);
/* From now on by these. Queries on metrics that are the same stay. What was known by those of before can be asked
 * still, as MU_THEN, until that is forgotten: of several that have been taken since, by the first. */
void mu_atlas_take_roads(mu_atlas *atlas, muster_roads *roads);
void mu_atlas_forget(mu_atlas *atlas);
/* Is the profile's metric of then that of now? */
bool mu_atlas_is_as_then(const mu_atlas *atlas, uint32_t profile);
/* Do these roads have another metric for the profile than those of now? */
bool mu_atlas_differs(const mu_atlas *atlas, uint32_t profile, const muster_roads *roads);

/* The fastest way from one place to another, each taken to the road nearest to it as plans take it, and
 * exactly as long as plans have it; not drawn yet. Where there is none, out->is_way is false. Microseconds
 * with a hierarchy. */
muster_status mu_atlas_way(mu_atlas *atlas, uint32_t profile, const muster_site *from,
                           const muster_site *to, mu_way *out);
/* Draw a way of that profile, if it is not drawn, on the roads that it was found on: before others are
 * taken. */
muster_status mu_atlas_draw(mu_atlas *atlas, uint32_t profile, mu_way *way);
/* Draw a way that has just been found by what is left of one that was drawn before, in a tenth of the time, if
 * that is as fast. */
muster_status mu_atlas_go_on(mu_atlas *atlas, uint32_t profile, const mu_way *before, mu_way *way);
/* Its duration alone; MUSTER_UNREACHABLE_MS. */
muster_status mu_atlas_time(mu_atlas *atlas, mu_moment moment, uint32_t profile,
                            const muster_site *from, const muster_site *to, uint32_t *out_ms);
/* Is there one? Mostly told by components, in less than a microsecond. */
muster_status mu_atlas_reaches(mu_atlas *atlas, mu_moment moment, uint32_t profile,
                               const muster_site *from, const muster_site *to, bool *out);
/* The component that the place is in; MUSTER_NONE: none, or its road leads from one to another. */
muster_status mu_atlas_component(mu_atlas *atlas, mu_moment moment, uint32_t profile,
                                 const muster_site *site, uint32_t *out);

#endif
