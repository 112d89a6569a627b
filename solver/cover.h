/* Who counts for the cover of which zone. */
#ifndef MU_SOLVER_COVER_H
#define MU_SOLVER_COVER_H

#include "solver/travel.h"

/* The zones that resource i of a kind covers while it is free are zone[first[i]] ..
 * zone[first[i + 1] - 1], ascending. */
typedef struct mu_cover {
    size_t   *first[MUSTER_RESOURCE_COUNT]; /* [unit count + 1]; NULL: no zone is of this kind */
    uint32_t *zone[MUSTER_RESOURCE_COUNT];
    int64_t  *exist; /* [zone_count] how many there are for it when all are free (who may be) */
} mu_cover;

muster_status mu_cover_init(mu_cover *cover, const mu_travel *travel);
/* The same of whoever may be free: those who are locked as a whole are left out, which for the reserve of any plan comes
 * to the same, and spares their travel times. */
muster_status mu_cover_init_free(mu_cover *cover, const mu_travel *travel);
void          mu_cover_fini(mu_cover *cover);

static inline size_t mu_cover_begin(const mu_cover *cover, muster_resource resource,
                                    uint32_t index) {
    return cover->first[resource] ? cover->first[resource][index] : 0;
}
static inline size_t mu_cover_end(const mu_cover *cover, muster_resource resource, uint32_t index) {
    return cover->first[resource] ? cover->first[resource][index + 1] : 0;
}

/* What a zone costs with so many of its kind free. */
static inline int64_t mu_zone_cost(const muster_zone *zone, int64_t free_units) {
    return free_units < zone->required ? (zone->required - free_units) * zone->weight : 0;
}

#endif
