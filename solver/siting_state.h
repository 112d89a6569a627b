/* A siting in the making: what one unit more or less at each place would change. */
#ifndef MU_SOLVER_SITING_STATE_H
#define MU_SOLVER_SITING_STATE_H

#include "solver/siting_model.h"

typedef struct mu_siting_state {
    const mu_siting_model *model;
    uint32_t              *taken; /* [option_count] */
    uint32_t              *units; /* [place_count] */
    uint32_t              *class_left;
    uint32_t               budget_left;
    /* [place_count] What one unit more would save, and what one less would cost, by itself. */
    int64_t *gain, *loss;
    uint64_t work;
} mu_siting_state;

/* With nothing taken. */
muster_status mu_siting_state_init(mu_siting_state *state, const mu_siting_model *model);
void          mu_siting_state_fini(mu_siting_state *state);
/* Take so many of each option, which keep to classes and budget. */
void mu_siting_state_set(mu_siting_state *state, const uint32_t *taken);
/* One more, or one less, of an option. */
void mu_siting_state_take(mu_siting_state *state, uint32_t option);
void mu_siting_state_drop(mu_siting_state *state, uint32_t option);
/* May one more be taken? */
bool mu_siting_state_has_room(const mu_siting_state *state, uint32_t option);
/* Find gain and loss. Demand that cannot be left unserved counts as if that were worse than any way. */
void mu_siting_state_measure(mu_siting_state *state);
/* What taking one more would save, at least, its price counted. */
int64_t mu_siting_state_saves(const mu_siting_state *state, uint32_t option);
/* What it costs, prices included; MU_SITING_NEVER where demand is unserved that cannot be. */
int64_t mu_siting_state_cost(const mu_siting_state *state);

/* Take what saves most, one after the other, while anything does. */
void mu_siting_state_fill(mu_siting_state *state);
/* Drop what saves nothing, the last first. */
void mu_siting_state_thin(mu_siting_state *state);
/* Exchange a unit that is taken for one that is not, while that saves anything and `stop` says that there
 * is time. */
typedef bool mu_siting_is_over(void *user);
void mu_siting_state_exchange(mu_siting_state *state, mu_siting_is_over *is_over, void *user);

#endif
