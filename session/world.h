/* The state of the world as a session knows it: what has become of the base since it began. It changes
 * only by mu_world_apply, whose result depends on the world and the event alone, so the same events
 * always make the same world. One thread at a time. */
#ifndef MU_SESSION_WORLD_H
#define MU_SESSION_WORLD_H

#include <muster/event.h>
#include <muster/session.h>

#include "session/base.h"

typedef struct mu_world_unit {
    double  lon_deg, lat_deg;
    int64_t seen_at_ms; /* when it was said to be there; 0: never, it is where the base has it */
    int64_t told_at_ms; /* the latest of status, crew and shift */
    bool    is_available;
    char   *reason;   /* why it is not, or NULL */
    int64_t quantity; /* people, 1 vehicle, machines, items: all there are */
    int64_t ordered;  /* that orders which are not over have */
    int64_t ready_at_ms, shift_end_at_ms, duty_since_ms; /* 0: as in muster_event */
} mu_world_unit;

typedef struct mu_world_need {
    uint32_t kind;
    int64_t  quantity, minimum;
    uint32_t grade;
    int64_t  delivered; /* items handed over */
} mu_world_need;

typedef struct mu_world_incident {
    char          *code;
    char          *name; /* or NULL */
    double         lon_deg, lat_deg;
    uint8_t        severity;
    int64_t        reported_at_ms, told_at_ms, deadline_at_ms;
    int64_t        closed_at_ms; /* 0: open */
    uint32_t       on_scene_ms;
    uint32_t       authority; /* in base, or MUSTER_NONE */
    bool           all_or_nothing;
    uint32_t       need_count;
    mu_world_need *need;        /* in the order in which they were first told */
    uint32_t       order_count; /* of it that are not over */
} mu_world_incident;

typedef struct mu_world_order {
    uint64_t number, sequence;
    uint8_t  state, claim, resource;
    uint32_t unit;     /* in base.unit[resource] */
    uint32_t incident; /* in mu_world.incident */
    uint32_t need;     /* the kind, or MUSTER_NONE: a trip */
    int64_t  quantity;
    uint64_t trip;      /* of items by vehicle: the order of its vehicle; else 0 */
    uint32_t warehouse; /* of a trip: a row of base.unit[MUSTER_ITEM] of the warehouse */
    int64_t  issued_at_ms, changed_at_ms, depart_at_ms, load_at_ms, eta_at_ms;
    double   distance_m;
    char    *issued_by, *changed_by, *reason; /* reason: or NULL */
    uint32_t consent;                         /* an authority, or MUSTER_NONE */
    int64_t  claim_number;                    /* of the database; 0: none */
} mu_world_order;

/* What the world keeps by code, sorted by it: copies of what was told. */
typedef struct mu_world_road   mu_world_road;
typedef struct mu_world_hazard mu_world_hazard;
typedef struct mu_world_rule   mu_world_rule;

struct mu_world_road {
    muster_event_road road; /* all that it points to is the world's */
};
struct mu_world_hazard {
    muster_hazard hazard;
};
struct mu_world_rule {
    muster_event_rule rule;     /* codes; */
    uint32_t          unit;     /* in base.unit[rule.unit.resource] */
    uint32_t          incident; /* in mu_world.incident, or MUSTER_NONE */
};

typedef struct mu_world mu_world;
struct mu_world {
    mu_base           *base;
    uint64_t           sequence;                    /* of the last record applied */
    int64_t            time_ms;                     /* the latest that was told */
    uint64_t           order_last;                  /* number of the last order that was issued */
    uint64_t           roads_version;               /* grows whenever roads or hazards change */
    mu_world_unit     *unit[MUSTER_RESOURCE_COUNT]; /* as in base */
    uint32_t           incident_count;
    mu_world_incident *incident; /* as reported; closed ones without orders are taken out */
    uint32_t           order_count;
    mu_world_order    *order; /* by number; those that are over: the last 1,000 */
    uint32_t           road_count, hazard_count, rule_count;
    mu_world_road     *road;
    mu_world_hazard   *hazard;
    mu_world_rule     *rule;
    struct mu_told    *told; /* ids of events, with their sequence: session/told.h */
};

/* What is issued by one commit; also what the journal keeps of it. */
typedef struct mu_issue {
    const char     *id; /* of the commit, as an event's */
    int64_t         at_ms;
    const char     *author;
    const char     *authority;     /* or NULL */
    uint64_t        plan_sequence; /* what the plan knew */
    uint32_t        cancelled_count;
    const uint64_t *cancelled; /* numbers of orders that the plan takes back */
    uint32_t        order_count;
    const mu_world_order
        *order; /* numbers, sequence and states are set by the world; `trip` of a load
                                    is 1 + the index here of its trip's order, 0: none */
    /* How good the plan is and who made it, a JSON object that the world does not look at. */
    const char *plan_json;
} mu_issue;

/* The world as the base has it, at a moment. */
muster_status mu_world_new(mu_world **out, mu_base *base, const muster_problem *problem,
                           int64_t now_ms);
void          mu_world_free(mu_world *world);

/* Would the event be applied? Changes nothing. The answer's sequence is that of a repeated one. */
muster_status mu_world_check(const mu_world *world, const muster_event *event,
                             muster_event_answer *out);
/* Apply an event that has just been checked, as record `sequence`. On MUSTER_E_NOMEM the world is as it
 * was. Orders that it cancels (an incident is closed, a unit is forced elsewhere) are cancelled. */
muster_status mu_world_apply(mu_world *world, const muster_event *event, uint64_t sequence);

/* The same for a commit. `message` is of the first order that cannot be issued; *out_order which. */
muster_status mu_world_check_issue(const mu_world *world, const mu_issue *issue,
                                   bool *out_is_possible, uint32_t *out_order,
                                   char message[MUSTER_EVENT_MESSAGE_BYTES]);
muster_status mu_world_apply_issue(mu_world *world, const mu_issue *issue, uint64_t sequence);

mu_world_order *mu_world_find_order(const mu_world *world, uint64_t number); /* NULL: none */
uint32_t mu_world_find_incident(const mu_world *world, const char *code);    /* MUSTER_NONE: none */

/* The whole world as bytes, base included, and back: the same world always as the same bytes. Give
 * them to mu_free. Kept in snapshots, and in the first record of a journal. */
muster_status mu_world_write(const mu_world *world, char **out, size_t *out_size);
muster_status mu_world_read(mu_world **out, const char *bytes, size_t size);

#endif
