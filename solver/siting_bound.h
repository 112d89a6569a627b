/* What no siting costs less than, at given prices of demand.
 *
 * A demand, with all of its weight, pays a price to each unit that serves it, less what the way costs, and
 * no more to its n-th unit than going without costs. So a unit is worth at each place what it is paid there, and the best of
 * what the options allow is found by taking them in order of what they gain: classes and the budget are a
 * matroid. Whatever the prices, prices less that best is a bound (Cornuejols, Fisher and Nemhauser 1977).
 *
 * Where units have homes, one place may be worth moving to for more units than it holds, or than
 * matter there. A part of what it is worth, its toll, is then paid to the place itself, which is again a
 * relaxation, whatever the tolls. */
#ifndef MU_SOLVER_SITING_BOUND_H
#define MU_SOLVER_SITING_BOUND_H

#include "solver/siting_model.h"

__extension__ typedef __int128 mu_siting_sum;

/* How much of each option has to be taken, and may be. */
typedef struct mu_siting_range {
    uint32_t low, high;
} mu_siting_range;

typedef struct mu_siting_offer {
    int64_t  gain;
    uint32_t option;
} mu_siting_offer;

typedef struct mu_siting_bound {
    const mu_siting_model *model;
    int64_t               *price; /* [demand_count] in 1 / 2^shift */
    int64_t *toll; /* [place_count] the same; no more than the place is worth counts */
    /* Found by mu_siting_bound_find: */
    mu_siting_sum sum;      /* what nothing costs less than, in 1 / 2^shift */
    bool          is_empty; /* nothing keeps to the ranges */
    int64_t      *worth;    /* [place_count] */
    int64_t      *gain;     /* [option_count] */
    uint32_t     *taken;    /* [option_count] */
    int64_t      *units;    /* [place_count] */
    int64_t      *served;   /* [place_count] units that are paid by demand there */
    /* What the next option has to gain, to take the place of another; what would take its place. */
    int64_t  *class_last; /* [class_count] */
    uint32_t *class_left;
    int64_t   budget_last, best_left;
    uint32_t  budget_left;
    uint64_t  work;
    /* scratch */
    mu_siting_offer *offer; /* [option_count] */
} mu_siting_bound;

muster_status mu_siting_bound_init(mu_siting_bound *bound, const mu_siting_model *model);
void          mu_siting_bound_fini(mu_siting_bound *bound);

/* With every option within its range. */
void mu_siting_bound_find(mu_siting_bound *bound, const mu_siting_range *range);
/* As a cost: no solution within the ranges has less. MU_SITING_NEVER: there is none. */
int64_t mu_siting_bound_cost(const mu_siting_bound *bound);
/* The same of solutions that take one more, or one less, of an option. */
int64_t mu_siting_bound_with_more(const mu_siting_bound *bound, uint32_t option);
int64_t mu_siting_bound_with_less(const mu_siting_bound *bound, uint32_t option);

/* The most that a demand pays. */
int64_t mu_siting_most_price(const mu_siting_model *model, uint32_t demand);
/* How many units a demand would pay at its price, less those that it does pay: the direction in which the
 * bound grows. */
int64_t mu_siting_bound_lack(const mu_siting_bound *bound, uint32_t demand);
/* Units at a place beyond those that it holds, or that matter. Of models with homes. */
int64_t mu_siting_bound_excess(const mu_siting_bound *bound, uint32_t place);

#endif
