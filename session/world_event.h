/* Between the files of the world: each knows one concern, which events may be, and what they do. A
 * check changes nothing and refuses by saying why; applying comes after a check and asks nothing
 * again. What may fail in it (memory) comes before what changes anything. */
#ifndef MU_SESSION_WORLD_EVENT_H
#define MU_SESSION_WORLD_EVENT_H

#include "session/world.h"

/* ---- checking ------------------------------------------------------------------------------ */

typedef struct mu_check {
    const mu_world      *world;
    const muster_event  *event;
    uint32_t             authority; /* the event's, in base */
    muster_event_answer *answer;
    muster_status        status; /* a check that could not be made: no memory */
} mu_check;

/* Returns false, as all of the following do where they refuse. */
bool mu_refuse(mu_check *check, muster_event_outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Of an event or a commit: 1 to 64 bytes of visible ASCII. */
bool mu_check_id(mu_check *check, const char *id);
/* "needs 1 to 200 bytes..." of what is called `what`: that it is there, is UTF-8, and has no control
 * characters. */
bool mu_check_text(mu_check *check, const char *what, const char *text, size_t most);
/* The same; NULL is welcome. */
bool mu_check_note(mu_check *check, const char *what, const char *text);
bool mu_check_place(mu_check *check, const char *what, double lon_deg, double lat_deg);
bool mu_check_moment(mu_check *check, const char *what, int64_t moment_ms);
bool mu_check_range(mu_check *check, const char *what, int64_t value, int64_t least, int64_t most);
/* Is `told_at_ms`, when something of the kind was told last, not later than the event? */
bool mu_check_is_news(mu_check *check, const char *what, const char *code, int64_t told_at_ms);
/* Of a road, a hazard or a rule: was it not ended later than this was told? */
bool mu_check_not_ended(mu_check *check, muster_event_type ended_by, const char *what,
                        const char *code);

/* Each finds what a code names, or refuses. */
bool mu_check_find_authority(mu_check *check, const char *code, uint32_t *out);
bool mu_check_find_kind(mu_check *check, const char *code, uint32_t *out);
bool mu_check_find_unit(mu_check *check, const muster_event_unit *unit, uint32_t *out);
bool mu_check_find_incident(mu_check *check, const char *code, uint32_t *out); /* an open one */

/* Is the event's authority over the other? `whose` tells of what that is: "incident 'I-1'". */
bool mu_check_is_over(mu_check *check, uint32_t authority, const char *what, const char *code);

/* A code for a message, in quotes, cut where it is long. */
enum { MU_SHOWN_BYTES = 80 };
const char *mu_show(char out[MU_SHOWN_BYTES], const char *code);
#define MU_SHOW(code) mu_show((char[MU_SHOWN_BYTES]){0}, code)

/* ---- concerns ------------------------------------------------------------------------------ */

typedef bool          mu_check_event(mu_check *check);
typedef muster_status mu_apply_event(mu_world *world, const muster_event *event);

mu_check_event mu_check_reported, mu_check_updated, mu_check_closed, mu_check_needs;
mu_apply_event mu_apply_reported, mu_apply_updated, mu_apply_closed, mu_apply_needs;

mu_check_event mu_check_moved, mu_check_status, mu_check_crew, mu_check_shift, mu_check_stock;
mu_apply_event mu_apply_moved, mu_apply_status, mu_apply_crew, mu_apply_shift, mu_apply_stock;

mu_check_event mu_check_road, mu_check_road_opened, mu_check_hazard, mu_check_hazard_ended;
mu_apply_event mu_apply_road, mu_apply_road_opened, mu_apply_hazard, mu_apply_hazard_ended;

/* What and where, whatever else the event says. */
bool mu_check_road_where(mu_check *check, const muster_event_road *road);
bool mu_check_hazard_where(mu_check *check, const muster_hazard *hazard);

mu_check_event mu_check_rule, mu_check_rule_lifted;
mu_apply_event mu_apply_rule, mu_apply_rule_lifted;

mu_check_event mu_check_order, mu_check_claim_held;
mu_apply_event mu_apply_order, mu_apply_claim_held;

/* ---- what concerns ask of each other ------------------------------------------------------- */

/* Who has changed orders, when and why: made before anything is changed. */
typedef struct mu_order_change {
    int64_t time_ms;
    char   *author, *reason; /* mu_text */
} mu_order_change;

muster_status mu_order_change_init(mu_order_change *change, int64_t time_ms, const char *author,
                                   const char *reason);
void          mu_order_change_fini(mu_order_change *change);

/* Give it another state, with all that follows: what it has is free or handed over, its unit is where
 * it says. A trip takes its loads with it. */
void mu_order_set_state(mu_world *world, mu_world_order *order, muster_order_state state,
                        const mu_order_change *change);
/* Take out those that are over and too many, and closed incidents that nobody names any more. Orders
 * and incidents move. */
void mu_world_forget(mu_world *world);
/* The second half of it. */
void mu_incidents_forget(mu_world *world);
/* Those of an incident that are not on scene are cancelled. */
void mu_orders_cancel_of_incident(mu_world *world, uint32_t incident,
                                  const mu_order_change *change);

/* So much of a unit could be sent to an incident, as far as orders and commanders' locks go: what is
 * locked for others is not free. */
int64_t mu_world_free_for(const mu_world *world, uint8_t resource, uint32_t unit,
                          uint32_t incident);
/* The rule by which a unit may not be sent there at all; NULL: there is none. */
const mu_world_rule *mu_world_find_ban(const mu_world *world, uint8_t resource, uint32_t unit,
                                       uint32_t incident);
/* Can the unit serve a need of the kind? */
bool mu_base_can_serve(const mu_base *base, uint8_t resource, uint32_t unit, uint32_t kind);

/* Room for one more rule. */
muster_status mu_rules_reserve(mu_world *world);
/* "declined-12": it is not sent there again, and a lock to there ends. There is room; the code, a
 * mu_text, becomes the world's. */
void mu_rules_forbid(mu_world *world, char *code, const mu_world_order *order, int64_t time_ms);
/* An order has been carried out: a lock that asked for it ends, or asks for so much less. */
void mu_rules_carry_out(mu_world *world, const mu_world_order *order);
/* A rule as the world keeps it: need is a kind, what does not apply is MUSTER_NONE, and the code a
 * mu_text that becomes its own. */
mu_world_rule mu_rule_of(const mu_world *world, uint8_t command, uint8_t resource, uint32_t unit,
                         uint32_t incident, uint32_t need, int64_t quantity, char *code,
                         int64_t told_at_ms);
/* Rules for an incident end with it. */
void mu_rules_end_of_incident(mu_world *world, uint32_t incident);
/* Incidents from `incident` on have moved up by one. */
void mu_rules_move_up(mu_world *world, uint32_t incident);

/* Room for one more that has ended. */
muster_status mu_ended_reserve(mu_world *world);
/* The code becomes the world's. */
void mu_ended_add(mu_world *world, muster_event_type type, char *code, int64_t at_ms);

/* ---- lists by code -------------------------------------------------------------------------- */

/* The place of a code among `count` things that are sorted by it, `stride` bytes apart, the first code
 * at `code`; *out_is_there: it is taken. */
uint32_t mu_sorted_place(const void *first_code, size_t stride, uint32_t count, const char *code,
                         bool *out_is_there);

#endif
