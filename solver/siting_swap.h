/* Exchange where only the nearest place counts and one class of new units opens places. */
#ifndef MU_SOLVER_SITING_SWAP_H
#define MU_SOLVER_SITING_SWAP_H

#include "solver/siting_state.h"

/* Close a place and open another, the best pair at a time, while that saves anything. */
muster_status mu_siting_swap(mu_siting_state *state, mu_siting_is_over *is_over, void *user);

#endif
