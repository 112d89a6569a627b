/* The state of the world as a session knows it: what has become of the base since it began. It changes
 * only by mu_world_apply, whose result depends on the world and the event alone, so the same events
 * always make the same world. One thread at a time. */
#ifndef MU_SESSION_WORLD_H
#define MU_SESSION_WORLD_H

#include <muster/event.h>
#include <muster/session.h>

#include "session/arena.h"
#include "session/base.h"
#include "session/told.h"

typedef struct mu_world_unit {
    double  lon_deg, lat_deg;
    int64_t seen_at_ms; /* when it was said to be there; 0: never, it is where the base has it */
    /* When each was last told; 0: never. How many there are of a stock is told by what is moved. */
    int64_t status_at_ms, crew_at_ms, shift_at_ms;
    bool    is_available;
    char   *reason;   /* a mu_text: why it is not, or NULL */
    int64_t quantity; /* people, 1 vehicle, machines, items in the books: all there are */
    /* So much of it has orders that are not over: of a team or vehicle all or nothing, of items less
     * what is handed over, which is not in the books any more. At most `quantity`. */
    int64_t ordered;
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
    char          *name; /* or NULL; both mu_text */
    double         lon_deg, lat_deg;
    uint8_t        severity;
    int64_t        reported_at_ms, updated_at_ms, needs_at_ms, deadline_at_ms;
    int64_t        closed_at_ms; /* 0: open */
    uint32_t       on_scene_ms;
    uint32_t       authority; /* in base, or MUSTER_NONE */
    bool           all_or_nothing;
    uint32_t       need_count;
    mu_world_need *need;                    /* in the order in which they were first told */
    uint32_t       order_count, kept_count; /* of its orders: not over; in mu_world.order at all */
} mu_world_incident;

typedef struct mu_world_order {
    uint64_t number, sequence;
    uint8_t  state, resource;
    uint8_t  claim; /* when it is over: NONE, but of items that were handed over as it was then */
    uint32_t unit;  /* in base.unit[resource] */
    uint32_t incident; /* in mu_world.incident */
    uint32_t need;     /* the kind, or MUSTER_NONE: a trip */
    int64_t  quantity;
    uint64_t trip;      /* of items by vehicle: the order of its vehicle; else 0 */
    uint32_t warehouse; /* of a trip: a row of base.unit[MUSTER_ITEM] of the warehouse */
    /* Of a trip: what it brings is on board. True before LOADED where it took over what an order of
     * the same vehicle, taken back by the same commit, had on board. */
    bool     is_loaded;
    int64_t  issued_at_ms, changed_at_ms, depart_at_ms, load_at_ms, eta_at_ms;
    double   distance_m;
    char    *issued_by, *changed_by, *reason; /* each a mu_text; reason: or NULL */
    uint32_t consent;                         /* an authority, or MUSTER_NONE */
    int64_t  claim_number, dispatch_order;    /* of the database; 0: none */
} mu_world_order;

/* What the world keeps by code, sorted by it: copies of what was told, and when. */
typedef struct mu_world_road {
    muster_event_road
             road; /* all that it points to is in the arena; speed_factor 0: it is closed */
    int64_t  told_at_ms;
    mu_arena arena;
} mu_world_road;

typedef struct mu_world_hazard {
    muster_hazard hazard;
    int64_t       told_at_ms;
    mu_arena      arena;
} mu_world_hazard;

typedef struct mu_world_rule {
    muster_event_rule rule;     /* its own code, and those of base and incident */
    uint32_t          unit;     /* in base.unit[rule.unit.resource] */
    uint32_t          incident; /* in mu_world.incident, or MUSTER_NONE */
    int64_t           told_at_ms;
    char             *code; /* a mu_text */
} mu_world_rule;

/* A road, hazard or rule that has ended, so that what was told of it before does not bring it back. */
typedef struct mu_world_ended {
    uint8_t type; /* the muster_event_type that ended it */
    char   *code; /* a mu_text */
    int64_t at_ms;
} mu_world_ended;

enum { MU_WORLD_OVER_MOST = 1000, MU_WORLD_ENDED_MOST = 1000 };

typedef struct mu_world mu_world;
struct mu_world {
    mu_base       *base;
    uint64_t       sequence;                    /* of the last record applied */
    int64_t        time_ms;                     /* the latest that was told */
    uint64_t       order_last;                  /* number of the last order that was issued */
    uint64_t       roads_version;               /* grows whenever roads or hazards change */
    mu_world_unit *unit[MUSTER_RESOURCE_COUNT]; /* as in base */
    /* As reported. Closed ones stay for as long as there are orders that name them, over or not; then
     * they are taken out, and those after them move up: an index is good until the next change. */
    uint32_t           incident_count;
    mu_world_incident *incident;
    uint32_t           order_count, over_count;
    mu_world_order    *order; /* by number; those that are over: the last 1,000 */
    uint32_t           road_count, hazard_count, rule_count;
    mu_world_road     *road;
    mu_world_hazard   *hazard;
    mu_world_rule     *rule;
    uint32_t           closed_count;
    char             **closed; /* codes of incidents that were taken out, sorted */
    uint32_t           ended_count;
    mu_world_ended    *ended; /* the last 1,000, the oldest first */
    mu_told           *told;
    size_t incident_capacity, order_capacity, road_capacity, hazard_capacity, rule_capacity,
        closed_capacity, ended_capacity;
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
    /* Number, sequence, state, who and when are set by the world, incident and unit are rows of it;
     * `trip` of a load is 1 + the index here of its trip's order, which comes before it; 0: none. */
    const mu_world_order *order;
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

/* The same for a commit. *out_order: which order cannot be issued; MUSTER_NONE: it is not one of
 * them. What its orders name are rows of now: issues are made and checked in one turn. */
muster_status mu_world_check_issue(const mu_world *world, const mu_issue *issue,
                                   muster_event_answer *out, uint32_t *out_order);
muster_status mu_world_apply_issue(mu_world *world, const mu_issue *issue, uint64_t sequence);

mu_world_order *mu_world_find_order(const mu_world *world, uint64_t number); /* NULL: none */
uint32_t mu_world_find_incident(const mu_world *world, const char *code);    /* MUSTER_NONE: none */

/* Does everything fit together: rows, sums, order? MUSTER_E_FORMAT says what does not. For tests, and
 * for worlds that were read. */
muster_status mu_world_verify(const mu_world *world);

/* The whole world as bytes, base included, and back: the same world always as the same bytes. Give
 * them to mu_free. Kept in snapshots, and in the first record of a journal. They are trusted as
 * little as any file. @return MUSTER_E_FORMAT naming the byte, MUSTER_E_NOMEM. */
muster_status mu_world_write(const mu_world *world, char **out, size_t *out_size);
muster_status mu_world_read(mu_world **out, const char *bytes, size_t size);

#endif
