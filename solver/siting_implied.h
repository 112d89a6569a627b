/* Demand of set covering that is covered wherever some other demand is. */
#ifndef MU_SOLVER_SITING_IMPLIED_H
#define MU_SOLVER_SITING_IMPLIED_H

#include "solver/siting_model.h"

/* Leave it out: every place of another demand serves it as well. */
muster_status mu_siting_drop_implied(mu_siting_model *model);

#endif
