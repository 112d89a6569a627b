/* Is what a readiness is asked about fit to be asked? */
#ifndef MU_SOLVER_READINESS_CHECK_H
#define MU_SOLVER_READINESS_CHECK_H

#include "solver/readiness.h"

muster_status mu_readiness_check_options(const muster_readiness_options *options);
muster_status mu_readiness_check_places(uint32_t count, const muster_readiness_place *places,
                                        uint32_t standard_count, uint32_t horizon_ms);
muster_status mu_readiness_check_standards(const muster_problem *problem, uint32_t count,
                                           const muster_readiness_standard *standards,
                                           uint32_t                         horizon_ms);
muster_status mu_readiness_check_change(const muster_readiness *base, const muster_what_if *change);

#endif
