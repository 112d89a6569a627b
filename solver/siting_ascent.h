/* Good prices: subgradient steps from where they are. */
#ifndef MU_SOLVER_SITING_ASCENT_H
#define MU_SOLVER_SITING_ASCENT_H

#include "solver/siting_bound.h"
#include "solver/watch.h"

typedef struct mu_siting_ascent {
    mu_siting_bound bound;
    double         *direction;        /* [demand_count] */
    double         *toll_direction;   /* [place_count] */
    double          weight_per_worth; /* of a place */
    int64_t        *best_price;       /* [demand_count] those of the best bound of this climb */
    int64_t        *best_toll;        /* [place_count] */
    double         *share;            /* [option_count] how much of each was taken, of late */
    mu_siting_sum   best_sum;
    bool            is_empty; /* nothing keeps to the ranges */
} mu_siting_ascent;

muster_status mu_siting_ascent_init(mu_siting_ascent *ascent, const mu_siting_model *model);
void          mu_siting_ascent_fini(mu_siting_ascent *ascent);

/* Keep the prices and tolls of the bound as the best so far; go back to those. */
void mu_siting_ascent_keep(mu_siting_ascent *ascent);
void mu_siting_ascent_go_back(mu_siting_ascent *ascent);

typedef struct mu_siting_climb {
    uint32_t  step_count;  /* at most */
    uint32_t  patience;    /* steps without gain until they become half as long */
    double    length;      /* of the first steps, 2 being the longest that makes sense */
    double    least;       /* and of the last */
    bool      keeps_share; /* what is taken is known from elsewhere */
    mu_watch *watch;
    /* What a bound has to reach; nothing is known to cost less. It may fall meanwhile. */
    const int64_t *upper;
    /* Called when a bound is found, better than all before where `is_better`. May narrow ranges. */
    void (*look)(void *user, bool is_better);
    void            *user;
    mu_siting_range *range;
} mu_siting_climb;

/* Returns a cost that no solution within the ranges is below: MU_SITING_NEVER, or `upper` and more, where
 * there is nothing to be found. Prices are left at the best. */
int64_t mu_siting_ascend(mu_siting_ascent *ascent, const mu_siting_climb *climb);

#endif
