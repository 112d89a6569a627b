/* A model without the places that are out of the question. */
#ifndef MU_SOLVER_SITING_SHRINK_H
#define MU_SOLVER_SITING_SHRINK_H

#include "solver/siting_model.h"

/* A copy of `model` with lists of its own, which are not filled yet; everything else is shared. */
muster_status mu_siting_shrink_init(mu_siting_model *out, const mu_siting_model *model);
/* Fill the lists with places that are open alone ([place_count] 1). A demand that none of them serves keeps
 * its last, so that no list is empty. */
void mu_siting_shrink(mu_siting_model *out, const mu_siting_model *model, const uint8_t *is_open);
/* Of a shrunk model; a zeroed one is welcome. */
void mu_siting_shrink_fini(mu_siting_model *model);

#endif
