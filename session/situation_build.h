/* A situation in the making, which its parts hand on: incidents and units (situation.c), what orders and
 * commanders say of them (situation_rules.c), the plan before (situation_past.c). */
#ifndef MU_SESSION_SITUATION_BUILD_H
#define MU_SESSION_SITUATION_BUILD_H

#include "session/situation.h"

typedef struct mu_build {
    const mu_world     *world;
    const mu_elsewhere *elsewhere; /* or NULL */
    mu_situation       *s;
    uint32_t           *incident_row; /* by world.incident; MUSTER_NONE: not there */
    uint32_t           *need_row;     /* by incident row and kind */
    uint32_t           *free_row[MUSTER_RESOURCE_COUNT]; /* by base.unit; MUSTER_NONE: not there */
    uint32_t *order_of[MUSTER_RESOURCE_COUNT]; /* by team or vehicle: in s->order, or none */
    uint32_t *world_order;                     /* by s->order: in world.order */
} mu_build;

/* The row of a need; MUSTER_NONE: nothing of that kind is needed there. */
uint32_t mu_build_need(const mu_build *b, uint32_t incident_row, uint32_t kind);

/* One more rule, in whose name. */
muster_status mu_situation_add_rule(mu_situation *s, const muster_rule *rule,
                                    const mu_situation_word *word);
muster_status mu_situation_add_note(mu_situation *s, uint64_t order, const char *rule,
                                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What keeps the part of a unit that is under an order from its incident: the code of a commander's
 * forbid, or NULL. */
const char *mu_build_forbid(const mu_build *b, const mu_situation_order *order);

/* Has it only been told to go, a load with its trip? Then it is free. */
bool mu_build_is_told_alone(const mu_build *b, const mu_situation_order *order);

/* What commanders say, of rows that are there. */
muster_status mu_build_words(mu_build *b);
/* The plan before, of orders whose rows are there. */
muster_status mu_build_past(mu_build *b);

#endif
