/** @file muster/event.h
 *  What happens on a night of dispatching, as plain data: what a session is told
 *  (muster/session.h), what its journal holds, and what its subscribers hear. Part of
 *  libmuster_session; docs/session.md has the JSON.
 *
 *  Units, kinds, incidents and authorities are named by their codes. Moments are milliseconds since
 *  1970, UTC. Texts and arrays are borrowed until the call returns. */
#ifndef MUSTER_EVENT_H
#define MUSTER_EVENT_H

#include <muster/hazard.h>
#include <muster/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What has happened. In brackets: the fields that say more; all others are not read, but
 *  for id, time, author, authority and reason. */
typedef enum muster_event_type {
    /** [incident: all of it; need: what it needs, 1 or more] */
    MUSTER_EVENT_INCIDENT_REPORTED,
    /** [incident: code, and those that `incident.set` names] */
    MUSTER_EVENT_INCIDENT_UPDATED,
    /** Nobody is sent there any more; its orders that are not on scene are cancelled, those who are
     *  on scene stay until they are released. [incident.code] */
    MUSTER_EVENT_INCIDENT_CLOSED,
    /** [incident.code; need: each as it is now, of a quantity of 0: it is not needed any more] */
    MUSTER_EVENT_NEED_CHANGED,
    MUSTER_EVENT_UNIT_MOVED, /**< It is there now. [unit, lon_deg, lat_deg] */
    /** It can be sent, or cannot: broken, flooded, in repair. [unit, is_available] */
    MUSTER_EVENT_UNIT_STATUS,
    MUSTER_EVENT_UNIT_CREW, /**< So many people, or machines of a pool, are there. [unit, quantity] */
    MUSTER_EVENT_UNIT_SHIFT, /**< [unit, ready_at_ms, shift_end_at_ms, duty_since_ms] */
    /** Stock has come, gone, or been brought from one warehouse to another. [unit: the warehouse,
     *  with the item's kind; quantity: that arrives, negative: that leaves; destination: a warehouse
     *  that gets what leaves, NULL: none] */
    MUSTER_EVENT_STOCK_MOVED,
    /** Roads are closed, or slow, until they are opened. The same code again replaces what it was.
     *  [road] */
    MUSTER_EVENT_ROAD_CLOSED,
    MUSTER_EVENT_ROAD_SLOWED, /**< [road, with its speed_factor] */
    MUSTER_EVENT_ROAD_OPENED, /**< [road.code] */
    /** A hazard as it is now, or as it is forecast to be from when to when; the same code again
     *  replaces what it was. It has an area; a closure may have lines, points and edges too. [hazard] */
    MUSTER_EVENT_HAZARD_GROWN,
    MUSTER_EVENT_HAZARD_ENDED, /**< [hazard->code] */
    /** A commander's word. [rule] */
    MUSTER_EVENT_RULE_SET,
    MUSTER_EVENT_RULE_LIFTED,    /**< [rule.code] */
    MUSTER_EVENT_ORDER_ACCEPTED, /**< [order] */
    MUSTER_EVENT_ORDER_DECLINED, /**< [order] */
    MUSTER_EVENT_ORDER_EN_ROUTE, /**< It has departed. [order] */
    MUSTER_EVENT_ORDER_LOADED,   /**< A vehicle has what it is to bring on board. [order] */
    /** It is there; items are handed over, and their part of the need is met for good. [order] */
    MUSTER_EVENT_ORDER_ON_SCENE,
    MUSTER_EVENT_ORDER_RELEASED,  /**< Its work is done, it is free where it is. [order] */
    MUSTER_EVENT_ORDER_CANCELLED, /**< Taken back by who commands. [order] */
    MUSTER_EVENT_TYPE_TOLD,       /**< So many types may be told to a session. */

    /* What a session adds to its journal itself. */
    MUSTER_EVENT_OPENED = 64,    /**< The journal has been opened for writing, by `author`. */
    MUSTER_EVENT_PLAN_COMMITTED, /**< Orders have been issued, see muster_session_commit. */
    MUSTER_EVENT_ORDER_EXPIRED,  /**< Nobody has answered it in time. [order] */
    /** The database has promised an order's unit to us. [order, claim, dispatch_order] */
    MUSTER_EVENT_CLAIM_HELD,
    MUSTER_EVENT_CLAIM_LOST, /**< Somebody else has it, the order is cancelled. [order] */
} muster_event_type;

/** "incident_reported", ..., "claim_lost"; NULL for a number outside the enum. */
MUSTER_API const char       *muster_event_type_name(muster_event_type type);
MUSTER_API muster_event_type muster_event_type_from_name(const char *name); /**< or _TYPE_TOLD */

/** Which fields of an incident an update sets. */
enum {
    MUSTER_SET_NAME           = 1 << 0,
    MUSTER_SET_PLACE          = 1 << 1, /**< lon_deg and lat_deg. */
    MUSTER_SET_SEVERITY       = 1 << 2,
    MUSTER_SET_DEADLINE       = 1 << 3,
    MUSTER_SET_ON_SCENE       = 1 << 4,
    MUSTER_SET_AUTHORITY      = 1 << 5,
    MUSTER_SET_ALL_OR_NOTHING = 1 << 6
};

typedef struct muster_event_incident {
    const char *code; /**< Unique for good: a closed incident's is not used again. */
    uint32_t    set;  /**< Of an update: MUSTER_SET_..., or'ed. */
    const char *name; /**< May be NULL. */
    double      lon_deg, lat_deg;
    uint8_t     severity;       /**< A muster_severity. */
    int64_t     deadline_at_ms; /**< 0: none. */
    uint32_t    on_scene_ms;
    const char *authority; /**< NULL: nobody's in particular. */
    uint8_t     all_or_nothing;
} muster_event_incident;

typedef struct muster_event_need {
    const char *kind; /**< One need of a kind an incident. */
    int64_t     quantity;
    int64_t     minimum;
    uint32_t    grade;
} muster_event_need;

/** A unit, or a stock of a warehouse. */
typedef struct muster_event_unit {
    uint8_t     resource; /**< A muster_resource. */
    const char *code;     /**< Of the team, vehicle, machine pool or warehouse. */
    const char *kind;     /**< Of stock: which item; else NULL. */
} muster_event_unit;

/** Which roads: edges, what a line crosses, the road nearest to each place, or what lies in an area; one
 *  of the four. */
typedef struct muster_event_road {
    const char    *code; /**< Unique among what is closed or slow now. */
    uint32_t       edge_count;
    const int64_t *edge_id; /**< As in the store: edge.id. */
    uint32_t       point_count;
    const double  *lon_deg, *lat_deg; /**< Of the line. */
    muster_points  points;            /**< A road within 5 km has to be there. */
    muster_polygon area;              /**< ring_count 0: none. */
    double         speed_factor;      /**< Of slow roads: above 0 and below 1. */
} muster_event_road;

/** What a commander may say of a unit. */
typedef enum muster_command {
    MUSTER_COMMAND_LOCK, /**< When it is sent, then to that incident: MUSTER_LOCK once it is free. */
    MUSTER_COMMAND_FORBID, /**< It does not go to that incident. */
    MUSTER_COMMAND_HOLD,   /**< It goes nowhere. */
    /** As lock, and now: an order of it that sends it elsewhere is cancelled, whatever a diversion
     *  costs; one that is on scene is released. */
    MUSTER_COMMAND_FORCE,
    MUSTER_COMMAND_COUNT
} muster_command;

/** "lock", "forbid", "hold", "force"; NULL for a number outside the enum. */
MUSTER_API const char *muster_command_name(muster_command command);
/** Which one has that name; MUSTER_COMMAND_COUNT where none has. */
MUSTER_API muster_command muster_command_from_name(const char *name);

typedef struct muster_event_rule {
    /** Unique among those that hold. What begins with "declined-" or "expired-" is the session's:
     *  who has declined an order, or has not answered it, is not sent to that incident again until
     *  such a rule is lifted. */
    const char       *code;
    uint8_t           command; /**< A muster_command. */
    muster_event_unit unit;
    const char       *incident; /**< Not of a hold. It ends with the incident. */
    const char       *need;     /**< Of a lock: the kind that it serves there; NULL: any. */
    int64_t           quantity; /**< Of a lock on machines or stock; 0: all. */
} muster_event_rule;

enum {
    MUSTER_EVENT_ID_BYTES     = 64,
    MUSTER_EVENT_AUTHOR_BYTES = 200,
    MUSTER_EVENT_CODE_BYTES   = 200,     /**< Of incidents, roads, hazards and rules. */
    MUSTER_EVENT_TEXT_BYTES   = 1000,    /**< Of names and reasons. */
    MUSTER_EVENT_MOST_BYTES   = 16 << 20 /**< Of all of it, as JSON. */
};

/** One event. Start from `MUSTER_EVENT_INIT`. All texts are UTF-8 without control characters. */
typedef struct muster_event {
    size_t struct_size;
    /** 1 to 64 bytes of visible ASCII, drawn by who tells it. The same id again is answered as the
     *  first time, and changes nothing: as long as no more than 100,000 events came after it, or of
     *  MUSTER_EVENT_UNIT_MOVED, 16,000 of those. (An old position changes nothing in any case.) */
    const char *id;
    uint8_t     type;    /**< A muster_event_type. */
    int64_t     time_ms; /**< When it happened: from 2000 on and before 2200. */
    const char *author;  /**< Who says so, for people to read: 1 to 200 bytes. */
    /** In whose name: an authority's code. It may speak of its own units and incidents and of those
     *  below it; of roads and hazards, anybody may. NULL: whose word counts for everything. */
    const char              *authority;
    muster_event_incident    incident;
    uint32_t                 need_count;
    const muster_event_need *need;
    muster_event_unit        unit;
    double                   lon_deg, lat_deg;
    uint8_t                  is_available;
    int64_t                  quantity;
    const char              *destination;
    int64_t                  ready_at_ms;     /**< 0: it is ready. */
    int64_t                  shift_end_at_ms; /**< 0: no end in sight. */
    int64_t                  duty_since_ms;   /**< 0: it is not on duty. */
    muster_event_road        road;
    const muster_hazard     *hazard;
    muster_event_rule        rule;
    uint64_t                 order;          /**< muster_order.number. */
    int64_t                  claim;          /**< Number of the database's promise, */
    int64_t                  dispatch_order; /**< and of the order there. */
    const char              *reason;         /**< For people to read, of any event; may be NULL. */
} muster_event;

#define MUSTER_EVENT_INIT                                                                          \
    { .struct_size = sizeof(muster_event) }

/** What has become of an event. */
typedef enum muster_event_outcome {
    MUSTER_EVENT_APPLIED,   /**< It is in the journal, on the disk, and in force. */
    MUSTER_EVENT_REPEATED,  /**< It was applied before: by `sequence`. Nothing was changed. */
    MUSTER_EVENT_WRONG,     /**< A value is wrong: what and why is in the message. */
    MUSTER_EVENT_UNKNOWN,   /**< It speaks of a unit, kind, incident or order that is not there. */
    MUSTER_EVENT_CONFLICT,  /**< What it says cannot be, as things are: an order on scene that is
                                 declined, an incident that is reported twice, stock below nothing. */
    MUSTER_EVENT_LATE,      /**< Something later of the same kind is known already. */
    MUSTER_EVENT_FORBIDDEN, /**< Its authority may not say so. */
    MUSTER_EVENT_OUTCOME_COUNT
} muster_event_outcome;

/** "applied", "repeated", "wrong", "unknown", "conflict", "late", "forbidden"; NULL outside. */
MUSTER_API const char *muster_event_outcome_name(muster_event_outcome outcome);

enum { MUSTER_EVENT_MESSAGE_BYTES = 640 };

typedef struct muster_event_answer {
    uint8_t  outcome;  /**< A muster_event_outcome. All but the first two changed nothing. */
    uint64_t sequence; /**< Of the journal's record, for the first two. */
    char     message[MUSTER_EVENT_MESSAGE_BYTES]; /**< One line; "" for the first two. */
} muster_event_answer;

/* ---- as JSON --------------------------------------------------------------------------- */

/** An event that was read from JSON, with all that it points to. */
typedef struct muster_event_text muster_event_text;

/** Read one event, as docs/session.md describes it. Unknown members are refused, so that nothing that
 *  was meant is passed over.
 *  @return MUSTER_E_INVALID naming the member, its value and what was expected; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_event_read(muster_event_text **out, const char *json, size_t size);
MUSTER_API const muster_event *muster_event_of(const muster_event_text *text);
MUSTER_API void                muster_event_text_free(muster_event_text *text);
/** Write one: the same event always as the same bytes. Give the text to muster_event_json_free.
 *  @return MUSTER_E_INVALID for what could not be read again, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_event_write(char **out, size_t *out_size,
                                            const muster_event *event);
MUSTER_API void          muster_event_json_free(char *json);

#ifdef __cplusplus
}
#endif
#endif
