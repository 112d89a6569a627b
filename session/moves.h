/* A plan beside the orders that there were when it was made: what goes on, what is new, and what has to
 * make way for it. */
#ifndef MU_SESSION_MOVES_H
#define MU_SESSION_MOVES_H

#include "session/situation.h"

/* What a plan makes of an order. */
typedef enum mu_fate {
    MU_FATE_GOES_ON,
    MU_FATE_MAKES_WAY, /* it could stay, but the plan has something better */
    MU_FATE_ENDS       /* it cannot stay */
} mu_fate;

/* One assignment, or a trip with all that it brings. */
typedef struct mu_move {
    uint8_t  resource;
    uint32_t unit;           /* in base.unit; of a trip: the vehicle */
    uint32_t incident, need; /* rows of the problem; need: MUSTER_NONE of a trip */
    uint32_t assignment;     /* of a trip: the first of its, see mu_moves.next */
    uint32_t shipment;       /* MUSTER_NONE: it is no trip */
    int64_t  planned;        /* so much of it; of a trip: 1 */
    int64_t  carried;        /* so much of that is under orders that go on */
    uint32_t order;          /* of the same team or vehicle, in s->order: it has to end for this */
    bool     is_locked;      /* a commander has said so */
} mu_move;

typedef struct mu_moves {
    uint32_t  count;
    mu_move  *move;
    uint32_t *move_of;  /* by assignment */
    uint32_t *next;     /* by assignment: the next of the same trip, or MUSTER_NONE */
    uint32_t *order_of; /* by assignment: an order that it carries on, or MUSTER_NONE */
    uint8_t  *fate;     /* by s->order: a mu_fate; parts of a trip have the trip's */
} mu_moves;

/* `change`: what the planner says of it, which knows what could not stay. All is in the arena. */
muster_status mu_moves_find(mu_moves *out, mu_arena *arena, const mu_situation *s,
                            const muster_plan *plan, uint32_t change_count,
                            const muster_change *change);

#endif
