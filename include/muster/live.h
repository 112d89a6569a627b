/** @file muster/live.h
 *  Follow the database: what changes, and whose every unit is. Part of libmuster_gis.
 *
 *  The server wakes the handle (NOTIFY), which then reads what has changed from the table of events;
 *  what happened while it was away is read when it is back. No change is missed, none is seen
 *  twice. Where it cannot be told what has changed, because it was away for too long or the server
 *  is another one, there is one change that says so: read everything anew.
 *
 *  Dispatching never waits for the database. The claims that were known last stay readable, and
 *  muster_live_state says how old they are. */
#ifndef MUSTER_LIVE_H
#define MUSTER_LIVE_H

#include <muster/link.h>
#include <muster/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_live muster_live;

/** Start from `MUSTER_LIVE_OPTIONS_INIT`. */
typedef struct muster_live_options {
    size_t struct_size;
    /** In a quiet time it asks so often whether there is nothing new: so it notices that the
     *  database is away, and how old its knowledge is. */
    uint32_t heartbeat_ms;
    uint32_t stale_after_ms; /**< Older than this is stale. */
    uint32_t queue_most; /**< Changes that wait to be taken; more become "read everything anew". */
    /** Follow also what has been changed in the rows of units, but for what the claims of this
     *  dispatcher did; NULL: do not. */
    const char *dispatcher;
} muster_live_options;

#define MUSTER_LIVE_OPTIONS_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(muster_live_options), .heartbeat_ms = 500, .stale_after_ms = 2000,   \
        .queue_most = 10000                                                                        \
    }

/** A change of one row, or of many. */
typedef struct muster_live_change {
    bool        is_reload; /**< Read everything anew; nothing else is said. */
    int64_t     number;    /**< event.number. */
    int64_t     at_ms;     /**< When: since 1970, by the database's clock. */
    const char *subject;   /**< The table: "incident", "vehicle", "claim"... */
    const char *operation; /**< "insert", "update", "delete", "truncate". */
    const char *actor;     /**< The role that did it. */
    const char *scenario;  /**< NULL: of none, or of all. */
    const char *resource;  /**< "people", "vehicle", "machine", "item"; NULL: none. */
    const char *code;      /**< What the row is known by; NULL: many rows. */
} muster_live_change;

/** A unit, or a quantity of it, that somebody has. */
typedef struct muster_held {
    int64_t     claim;
    uint8_t     resource; /**< A muster_resource. */
    const char *code;     /**< Of the team, vehicle, machine or warehouse. */
    const char *kind;     /**< Of items; else NULL. */
    int64_t     quantity;
    const char *dispatcher; /**< Who has it. */
    int64_t     since_ms;   /**< Since 1970, by the database's clock. */
    const char *scenario;   /**< Of the incident; NULL: none. */
    const char *incident;   /**< Where it was sent; NULL: not said. */
    const char *need;       /**< The kind of the need that it serves there; NULL: not said. */
} muster_held;

/** What of a unit has changed. */
typedef enum muster_aspect {
    MUSTER_ASPECT_POSITION, /**< Of teams, vehicles and machines: [lon_deg, lat_deg] */
    MUSTER_ASPECT_STATUS,   /**< Can it be sent? [is_available] */
    MUSTER_ASPECT_CREW,     /**< Of teams and machines: how many. [quantity] */
    MUSTER_ASPECT_SHIFT,    /**< From the moment of the change: [ready_ms, shift_end_ms, duty_ms] */
    MUSTER_ASPECT_STOCK,    /**< How much of an item a warehouse has. [quantity] */
    MUSTER_ASPECT_COUNT
} muster_aspect;

/** "position", "status", "crew", "shift", "stock"; NULL for a number outside the enum. */
MUSTER_API const char *muster_aspect_name(muster_aspect aspect);

/** One thing about a unit that has changed since its row was made: when last, by whom, and how it is
 *  now. */
typedef struct muster_changed_unit {
    uint8_t     resource; /**< A muster_resource. */
    uint8_t     aspect; /**< A muster_aspect; the fields in its brackets are those that say more. */
    const char *code;   /**< Of the team, vehicle, machine or warehouse. */
    const char *kind;   /**< Of a stock; else NULL. */
    int64_t     at_us;  /**< When: microseconds since 1970, by the database's clock. */
    const char *actor;  /**< The role that did it. */
    uint8_t     is_there; /**< 0: the row has been deleted; then nothing else is said of it. */
    double      lon_deg, lat_deg;
    uint8_t     is_available;
    int64_t     quantity;
    int64_t     ready_ms, shift_end_ms, duty_ms; /**< 0: it is ready, has no end, is not on duty. */
} muster_changed_unit;

typedef enum muster_live_phase {
    MUSTER_LIVE_AWAY,       /**< Not connected; it tries again at the time that it waits for. */
    MUSTER_LIVE_CONNECTING, /**< Connecting, or reading what it has missed. */
    MUSTER_LIVE_FOLLOWING   /**< It knows all that is to be known. */
} muster_live_phase;

typedef struct muster_live_state {
    muster_live_phase phase;
    bool              is_known; /**< It has been following once: there is something to be stale. */
    bool              is_stale; /**< It may not be so any more: not following, or too old. */
    uint64_t          age_ms;  /**< The database said so this long ago; UINT64_MAX: it never did. */
    uint32_t          attempt; /**< Attempts to connect since it was last following. */
    const char       *trouble; /**< What it last ran into, as one line; "" if nothing since. */
    /** How often it has asked what is new, and all that is known was so when it asked for the
     *  `known`-th time, or later. Who has changed something himself, and remembers `asked` as it was
     *  then, finds it in what is known as soon as `known` is greater. */
    uint64_t asked, known;
} muster_live_state;

/** Nothing is connected yet. @p options may be NULL.
 *  @return MUSTER_E_INVALID for a connection string that libpq does not understand; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_live_new(muster_live **out, const muster_link_options *link,
                                         const muster_live_options *options);
MUSTER_API void          muster_live_free(muster_live *live);

/** Go on without waiting. MUSTER_E_NOMEM alone; nothing is missed by it. That the database is away is
 *  no failure: see muster_live_state. */
MUSTER_API muster_status     muster_live_step(muster_live *live);
MUSTER_API muster_wait       muster_live_wait(const muster_live *live);
MUSTER_API muster_live_state muster_live_get_state(const muster_live *live);

/** The oldest change that has not been taken; NULL: there is none. It lives until the next call. */
MUSTER_API const muster_live_change *muster_live_take_change(muster_live *live);
/** All that is held, ordered by claim, as it was known last. It lives until the next step. */
MUSTER_API const muster_held *muster_live_held(const muster_live *live, uint32_t *out_count);
/** All that has been changed in the rows of units, where muster_live_options.dispatcher is given, of the
 *  same moment: ordered by resource, code, kind and aspect. It lives until the next step. */
MUSTER_API const muster_changed_unit *muster_live_changed_units(const muster_live *live,
                                                                uint32_t          *out_count);

/** For callers without an event loop: step until there is a change to take, at most so long.
 *  @return MUSTER_E_NOMEM, MUSTER_E_IO (the system cannot wait). */
MUSTER_API muster_status muster_live_run(muster_live *live, uint32_t timeout_ms);

#ifdef __cplusplus
}
#endif
#endif
