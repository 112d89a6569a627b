/* Prices of coverings from GLPK: those at which the relaxation that may open parts of places, and move
 * parts of units, is best.
 *
 * Subgradient steps come near that slowly: where every place costs the same, a bound that is not quite
 * there is a whole place too low, and where demand asks for several units, or units have homes, they stay
 * a percent away for minutes. Prices may come from anywhere, so nothing depends on GLPK being right. */
#ifndef MU_SOLVER_SITING_LP_H
#define MU_SOLVER_SITING_LP_H

#include "solver/siting_bound.h"
#include "solver/watch.h"

typedef struct mu_siting_lp mu_siting_lp;

/* Is it a covering, and small enough? */
bool mu_siting_lp_fits(const mu_siting_model *model);

/* Of a model that fits. *out is NULL where GLPK does not want. */
muster_status mu_siting_lp_new(mu_siting_lp **out, const mu_siting_model *model);
void          mu_siting_lp_free(mu_siting_lp *lp);

/* The best prices and tolls within the ranges, and how much of each option is taken: *out_is_priced.
 * Nothing is changed where GLPK finds none, and NULL is welcome. */
muster_status mu_siting_lp_price(mu_siting_lp *lp, const mu_siting_range *range, mu_watch *watch,
                                 mu_siting_bound *bound, double *share, bool *out_is_priced);

#endif
