/* What has to be decided now, as the optimizer wants it: a problem made of a world, its roads and a
 * moment.
 *
 * Who is under orders is where the order has brought him:
 * - on scene, he stands at the incident and is locked to his need; items are there for good, and
 *   their need asks for less;
 * - on his way, or about to be, he is en route (MUSTER_EN_ROUTE), so that to send him elsewhere costs a
 *   diversion; machines, and items that come by themselves, are locked, on a row of their own;
 * - a trip whose vehicle has accepted is on board of it, as far as others are concerned: a warehouse of
 *   its own, where the goods are;
 * - who has been told and has not answered is free, though he makes ready, and what he has been told is
 *   the plan before.
 * What commanders have said comes on top. Where not all of it can be obeyed, what is weakest is left out,
 * orders before commanders' words, and a note says so. */
#ifndef MU_SESSION_SITUATION_H
#define MU_SESSION_SITUATION_H

#include <muster/replan.h>

#include "session/arena.h"
#include "session/elsewhere.h"
#include "session/roads.h"

/* Whose a row of the problem is. */
typedef struct mu_situation_row {
    uint32_t unit;  /* in base.unit of the resource */
    uint64_t order; /* the part that is under this order; 0: what is free, or has been told alone */
} mu_situation_row;

/* An order that is not over. */
typedef struct mu_situation_order {
    uint64_t    number, trip; /* as in mu_world_order */
    uint8_t     state, resource;
    bool        is_loaded;
    uint32_t    unit; /* in base.unit of the resource */
    const char *incident_code;
    uint32_t    kind; /* of its need; MUSTER_NONE: it is a trip */
    int64_t     quantity;
    uint32_t    row, incident, need; /* in the problem; MUSTER_NONE: there is none */
    uint32_t    part; /* of a trip: the first of its parts, of a part: the next; or MUSTER_NONE */
    /* It is in the plan before, so the next one may carry it on. What is not cannot stay: its unit is
     * not available, or nothing is needed there any more. */
    bool is_in_past;
} mu_situation_order;

/* Whose word a rule of the problem is, which tells what gives way first. */
typedef enum mu_strength {
    MU_STRENGTH_ACCEPTED, /* of an order */
    MU_STRENGTH_EN_ROUTE,
    MU_STRENGTH_ON_SCENE,
    MU_STRENGTH_LOCK, /* of a commander */
    MU_STRENGTH_FORCE,
    MU_STRENGTH_FORBID,
    MU_STRENGTH_HOLD
} mu_strength;

typedef struct mu_situation_word {
    uint8_t     strength; /* a mu_strength */
    uint64_t    order;    /* 0: it is a commander's */
    const char *rule;     /* code of that; NULL: it is an order's */
    uint32_t    own;  /* of a lock of a team or vehicle: where an order sends it; or MUSTER_NONE */
    int64_t     kept; /* of a lock on part of a pool: so much of it has no order */
} mu_situation_word;

/* What could not be obeyed. */
typedef struct mu_situation_note {
    uint64_t    order; /* that it is about; 0: none */
    const char *rule;  /* code of the rule that it is about, or NULL */
    const char *text;  /* one line */
} mu_situation_note;

typedef struct mu_situation {
    /* All that it points to is the situation's, its base's or its roads'. Authorities and kinds are those
     * of the base, row by row. */
    muster_problem      problem;
    int64_t             now_ms;               /* the moment that times of the problem run from */
    uint64_t            sequence, order_last; /* of the world */
    mu_base            *base;
    muster_roads       *roads;
    mu_situation_row   *row[MUSTER_RESOURCE_COUNT];
    mu_situation_word  *word; /* by rule of the problem */
    uint32_t            order_count;
    mu_situation_order *order; /* by number */
    uint32_t            note_count;
    mu_situation_note  *note;
    /* What orders have sent, for muster_planner_adopt; by which order, one of them where several send
     * from one row to one need. */
    uint32_t           past_count, past_shipment_count;
    muster_assignment *past;
    muster_shipment   *past_shipment;
    mu_arena           arena;
    /* Rows of the problem, which change until it is settled. */
    muster_team    *team;
    muster_vehicle *vehicle;
    muster_machine *machine;
    muster_stock   *stock;
    muster_rule    *rule;
    size_t          rule_capacity, word_capacity, note_capacity;
} mu_situation;

/* In two steps. The first copies what there is, and holds the roads: O(rows + orders + rules). What
 * others have is not planned for, unless it is under an order of ours; NULL: there are no others. */
muster_status mu_situation_take(mu_situation **out, const mu_world *world,
                                const mu_elsewhere *elsewhere, muster_roads *roads, int64_t now_ms);
/* The second needs no world: leave out rules until none contradicts another. What is locked is measured
 * to all incidents for that. Where weights and quantities are more than can be counted exactly
 * (muster_problem_check), whoever plans is told. MUSTER_E_NOMEM: then it is good for nothing but being freed. */
muster_status mu_situation_settle(mu_situation *situation);
/* Both. */
muster_status mu_situation_new(mu_situation **out, const mu_world *world, muster_roads *roads,
                               int64_t now_ms);
void          mu_situation_free(mu_situation *situation); /* NULL is welcome */

/* NULL: no order of that number was open then. */
const mu_situation_order *mu_situation_find_order(const mu_situation *situation, uint64_t number);

#endif
