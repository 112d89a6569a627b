/* The best siting of a model, with its proof. */
#ifndef MU_SOLVER_SITING_SEARCH_H
#define MU_SOLVER_SITING_SEARCH_H

#include "solver/siting_state.h"
#include "solver/watch.h"

typedef struct mu_siting_search {
    const mu_siting_model *model;
    mu_watch              *watch;
    uint32_t               thread_count;
    /* Only whether there is a solution of at most this cost is asked; MU_SITING_NEVER: the best. */
    int64_t   enough;
    uint32_t *best;      /* [option_count] how many of each are taken */
    int64_t   best_cost; /* MU_SITING_NEVER: no solution is known */
    int64_t   bound;     /* no solution costs less; where `enough` is met, this need not be close */
} mu_siting_search;

muster_status mu_siting_search_init(mu_siting_search *search, const mu_siting_model *model,
                                    mu_watch *watch, uint32_t thread_count);
void          mu_siting_search_fini(mu_siting_search *search);

/* First solutions: greedy, and others from random beginnings, each improved by exchange. */
muster_status mu_siting_start(mu_siting_search *search);
/* And the proof. */
muster_status mu_siting_prove(mu_siting_search *search);

/* Improve a state by the exchange that suits the model. */
muster_status mu_siting_improve(mu_siting_state *state, mu_siting_is_over *is_over, void *user);
/* Keep what is better than all that was known. */
void mu_siting_offer_solution(mu_siting_search *search, const mu_siting_state *state);

#endif
