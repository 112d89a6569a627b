/* Which of many sites one is, by its coordinates. */
#ifndef MU_SOLVER_SITE_INDEX_H
#define MU_SOLVER_SITE_INDEX_H

#include <muster/problem.h>

#include "core/error.h"

typedef struct mu_site_index {
    uint32_t *slot; /* [mask + 1] MUSTER_NONE: empty */
    uint32_t  mask;
} mu_site_index;

/* Empty, with room for `most` sites. */
muster_status mu_site_index_init(mu_site_index *index, uint32_t most);
void          mu_site_index_fini(mu_site_index *index);

/* Where the number of `site` is, of those of `list` that have been numbered; where it is to be put,
 * if that is MUSTER_NONE. O(1) in practice. */
uint32_t *mu_site_index_at(const mu_site_index *index, const muster_site *list, muster_site site);

#endif
