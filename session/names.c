/* What the enums of events and sessions are called, in JSON and for people. */
#include <string.h>

#include <muster/session.h>

static unsigned find(const char *const *names, unsigned count, const char *name) {
    unsigned i = 0;
    while (i < count && (!names[i] || strcmp(names[i], name) != 0)) ++i;
    return i;
}

/* ---- events -------------------------------------------------------------------------------- */

enum { TYPE_END = MUSTER_EVENT_CLAIM_LOST + 1 };

static const char *const TYPE[TYPE_END] = {
    [MUSTER_EVENT_INCIDENT_REPORTED] = "incident_reported",
    [MUSTER_EVENT_INCIDENT_UPDATED]  = "incident_updated",
    [MUSTER_EVENT_INCIDENT_CLOSED]   = "incident_closed",
    [MUSTER_EVENT_NEED_CHANGED]      = "need_changed",
    [MUSTER_EVENT_UNIT_MOVED]        = "unit_moved",
    [MUSTER_EVENT_UNIT_STATUS]       = "unit_status",
    [MUSTER_EVENT_UNIT_CREW]         = "unit_crew",
    [MUSTER_EVENT_UNIT_SHIFT]        = "unit_shift",
    [MUSTER_EVENT_STOCK_MOVED]       = "stock_moved",
    [MUSTER_EVENT_ROAD_CLOSED]       = "road_closed",
    [MUSTER_EVENT_ROAD_SLOWED]       = "road_slowed",
    [MUSTER_EVENT_ROAD_OPENED]       = "road_opened",
    [MUSTER_EVENT_HAZARD_GROWN]      = "hazard_grown",
    [MUSTER_EVENT_HAZARD_ENDED]      = "hazard_ended",
    [MUSTER_EVENT_RULE_SET]          = "rule_set",
    [MUSTER_EVENT_RULE_LIFTED]       = "rule_lifted",
    [MUSTER_EVENT_ORDER_ACCEPTED]    = "order_accepted",
    [MUSTER_EVENT_ORDER_DECLINED]    = "order_declined",
    [MUSTER_EVENT_ORDER_EN_ROUTE]    = "order_en_route",
    [MUSTER_EVENT_ORDER_LOADED]      = "order_loaded",
    [MUSTER_EVENT_ORDER_ON_SCENE]    = "order_on_scene",
    [MUSTER_EVENT_ORDER_RELEASED]    = "order_released",
    [MUSTER_EVENT_ORDER_CANCELLED]   = "order_cancelled",
    [MUSTER_EVENT_OPENED]            = "opened",
    [MUSTER_EVENT_PLAN_COMMITTED]    = "plan_committed",
    [MUSTER_EVENT_ORDER_EXPIRED]     = "order_expired",
    [MUSTER_EVENT_CLAIM_HELD]        = "claim_held",
    [MUSTER_EVENT_CLAIM_LOST]        = "claim_lost",
};

const char *muster_event_type_name(muster_event_type type) {
    return (unsigned)type < TYPE_END ? TYPE[type] : NULL;
}

muster_event_type muster_event_type_from_name(const char *name) {
    const unsigned type = find(TYPE, TYPE_END, name);
    return type < TYPE_END ? (muster_event_type)type : MUSTER_EVENT_TYPE_TOLD;
}

static const char *const OUTCOME[MUSTER_EVENT_OUTCOME_COUNT] = {
    "applied", "repeated", "wrong", "unknown", "conflict", "late", "forbidden"};

const char *muster_event_outcome_name(muster_event_outcome outcome) {
    return (unsigned)outcome < MUSTER_EVENT_OUTCOME_COUNT ? OUTCOME[outcome] : NULL;
}

static const char *const COMMAND[MUSTER_COMMAND_COUNT] = {"lock", "forbid", "hold", "force"};

const char *muster_command_name(muster_command command) {
    return (unsigned)command < MUSTER_COMMAND_COUNT ? COMMAND[command] : NULL;
}

muster_command muster_command_from_name(const char *name) {
    return (muster_command)find(COMMAND, MUSTER_COMMAND_COUNT, name);
}

/* ---- sessions ------------------------------------------------------------------------------ */

static const char *const ROLE[MUSTER_SESSION_ROLE_COUNT] = {"write", "take_over", "standby"};

const char *muster_session_role_name(muster_session_role role) {
    return (unsigned)role < MUSTER_SESSION_ROLE_COUNT ? ROLE[role] : NULL;
}

static const char *const STATE[MUSTER_ORDER_STATE_COUNT] = {"issued",   "accepted", "en_route",
                                                            "loaded",   "on_scene", "released",
                                                            "declined", "expired",  "cancelled"};

const char *muster_order_state_name(muster_order_state state) {
    return (unsigned)state < MUSTER_ORDER_STATE_COUNT ? STATE[state] : NULL;
}

bool muster_order_is_over(muster_order_state state) {
    return state >= MUSTER_ORDER_RELEASED;
}

static const char *const CLAIM[MUSTER_CLAIM_STATE_COUNT] = {"none", "pending", "held"};

const char *muster_claim_state_name(muster_claim_state state) {
    return (unsigned)state < MUSTER_CLAIM_STATE_COUNT ? CLAIM[state] : NULL;
}

static const char *const SKIP[MUSTER_SKIP_COUNT] = {"carried_on", "consent", "changed",
                                                    "claimed",    "kept",    "useless"};

const char *muster_skip_name(muster_skip skip) {
    return (unsigned)skip < MUSTER_SKIP_COUNT ? SKIP[skip] : NULL;
}
