/* Which units are alike, and where they may come to. */
#ifndef MU_SOLVER_SITING_CLASSES_H
#define MU_SOLVER_SITING_CLASSES_H

#include "solver/siting_model.h"

/* Options, classes, budget, price and capacity of a model. */
muster_status mu_siting_classes_init(mu_siting_model *model, const muster_siting_problem *problem);

/* The first unit that is alike, for each; itself where there is none before it. Alike are those that
 * stand at one place and reach the same places in time. */
muster_status mu_siting_alike(const muster_siting_problem *problem, uint32_t *first_alike);

#endif
