/** @file muster/session.h
 *  Live dispatch: events in, orders out, around the clock. Part of libmuster_session.
 *
 *  A session is the state of the world as it is known (units, incidents, orders, roads) and the
 *  journal that it follows from. What a call has acknowledged is on the disk. A session that was
 *  killed is opened again, and is as it was: the same journal makes the same state, always.
 *
 *  It has no clock: whoever calls says what time it is. So a night can be played again at any speed.
 *
 *  Any number of threads may call at once. Who tells or commits waits for the disk, and those who do at
 *  the same time share one write to it; who reads does not wait for that. A plan that is being made
 *  makes nobody wait: it works on a copy. Nothing waits for the database.
 *
 *  docs/session.md tells the whole, with the rules of conflicts. */
#ifndef MUSTER_SESSION_H
#define MUSTER_SESSION_H

#include <muster/event.h>
#include <muster/link.h>
#include <muster/replan.h>
#include <muster/store.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_session muster_session;

/* ---- opening ---------------------------------------------------------------------------- */

typedef enum muster_session_role {
    MUSTER_SESSION_WRITE,     /**< Refused while another process writes the journal. */
    MUSTER_SESSION_TAKE_OVER, /**< Whoever writes it now is shut out. */
    /** Read along as a standby: see muster_session_follow and muster_session_promote. Nothing can be
     *  told to it. */
    MUSTER_SESSION_STANDBY,
    MUSTER_SESSION_ROLE_COUNT
} muster_session_role;

/** "write", "take_over", "standby"; NULL for a number outside the enum. */
MUSTER_API const char *muster_session_role_name(muster_session_role role);

/** Start from `MUSTER_SESSION_OPTIONS_INIT`. Texts are copied. */
typedef struct muster_session_options {
    size_t      struct_size;
    const char *journal; /**< Its folder; made if it is not there. */
    /** A GeoPackage or a connection: roads always come from it, and must be those that the journal was
     *  begun with. A new journal begins with its resources, authorities, zones and weights. */
    const char *store;
    /** Of a new journal: the scenario whose weights and zones hold; NULL: the default one. */
    const char *scenario;
    /** Of a new journal: not 0: begin with the scenario's incidents too, as reported at `now_ms`. */
    uint8_t     with_incidents;
    uint8_t     role;   /**< A muster_session_role. */
    const char *author; /**< Which program this is, on which machine: for people to read. */
    int64_t     now_ms; /**< When it is opened: since 1970, UTC; of a standby not looked at. */
    uint32_t    thread_count; /**< For plans; 0: one per core. */
    /** An order that nobody accepts or declines for so long expires, and its unit is planned for
     *  anew; 0: never. */
    uint32_t order_timeout_ms;
    /** An event whose time lies further ahead of the session's clock than this is refused: a device whose
     *  clock is an hour ahead would make all that is true LATE for an hour. The clock is the latest moment
     *  of a tick or a plan; a session that was never ticked has none, and takes any time. 0: any time is
     *  taken. */
    uint32_t clock_ahead_ms;
    /** What a plan has to gain to take back an order that is issued, for each change; as in
     *  muster_solve_options. Orders that were accepted cost a diversion on top of it
     *  (muster_weights of the scenario). */
    int64_t  churn_unmet_need, churn_response_time;
    uint32_t churn_most; /**< A plan takes back or redirects at most so many orders; 0: any. */
    /** A snapshot of the state is written after so many events, so that opening again need not apply
     *  them all. */
    uint32_t snapshot_events;
    /** Where units are claimed before they are ordered (muster/claim.h); NULL: nowhere, this session
     *  is the only dispatcher. Then `dispatcher` is who it claims for. What others change there in the
     *  rows of units becomes events of the journal, by rules that docs/session.md has. */
    const muster_link_options *central;
    const char                *dispatcher;
} muster_session_options;

#define MUSTER_SESSION_OPTIONS_INIT                                                                \
    {                                                                                              \
        .struct_size = sizeof(muster_session_options), .order_timeout_ms = 300000,                 \
        .clock_ahead_ms = 300000, .snapshot_events = 20000                                         \
    }

/** Open a session: read the last snapshot, apply what the journal has after it, and go on. Where it takes
 *  over (MUSTER_SESSION_TAKE_OVER), a journal that cannot be read, other roads and wrong options are found
 *  before the writer is shut out.
 *  @return MUSTER_E_IO and MUSTER_E_FORMAT as muster_journal_open and muster_scenario_load;
 *          MUSTER_E_INVALID for roads or profiles that are not those of the journal, or wrong options;
 *          MUSTER_E_NOMEM. O(network + events since the snapshot). */
MUSTER_API muster_status muster_session_open(muster_session              **out,
                                             const muster_session_options *options);
/** All calls must have returned. Everything acknowledged is on the disk. NULL is welcome. A process that
 *  was forked off has no part in its parent's session: every call is refused there, this one does
 *  nothing. */
MUSTER_API void muster_session_close(muster_session *session);

/* ---- telling ---------------------------------------------------------------------------- */

/** Tell what has happened. When it returns, what was applied is on the disk. Events are applied in
 *  their order, each by itself: one that is refused changes nothing and keeps no other from being
 *  applied.
 *  @param session      one that writes
 *  @param event_count  how many events
 *  @param event        [event_count], copied
 *  @param out_answer   [event_count]
 *  @return MUSTER_OK, whatever the answers; MUSTER_E_IO: the disk has not taken it, nothing was applied
 *          and the message says whether to tell it again (disk full) or to open anew (taken over, the
 *          disk fails); MUSTER_E_INVALID for a standby; MUSTER_E_NOMEM: nothing was applied. */
MUSTER_API muster_status muster_session_tell(muster_session *session, uint32_t event_count,
                                             const muster_event  *event,
                                             muster_event_answer *out_answer);

/** Let time pass: orders that nobody has answered expire, hazards begin and end, shifts end. Call it
 *  every second or so; whoever has called it once and then stops has his events refused after a while, as
 *  from the future (muster_session_options.clock_ahead_ms).
 *  @param session           one that writes
 *  @param now_ms            milliseconds since 1970, UTC
 *  @param out_change_count  how many changes there were; may be NULL
 *  @return as muster_session_tell; MUSTER_E_INVALID for a moment before 2000 or after 2199. */
MUSTER_API muster_status muster_session_tick(muster_session *session, int64_t now_ms,
                                             uint32_t *out_change_count);

/* ---- planning --------------------------------------------------------------------------- */

/** A plan with the problem that it was made for, which does not change any more. Read by any number
 *  of threads; freed once. */
typedef struct muster_session_plan muster_session_plan;

/** Plan for the state as it is now, @p now_ms being the moment that the plan's times run from. Who is
 *  under orders stays so unless something is gained by it (see muster_session_options). One plan is
 *  made at a time; a second call waits for the first.
 *  @param out      receives the plan, yours: muster_session_plan_free
 *  @param session  one that writes
 *  @param now_ms   milliseconds since 1970, UTC
 *  @param options  time_limit_ms, work_limit, method, watcher and cancel are read; may be NULL
 *  @param mode     a muster_replan
 *  @return as muster_planner_plan; MUSTER_E_INVALID for a standby, and for a moment before 2000 or after
 *          2199. */
MUSTER_API muster_status muster_session_plan_make(muster_session_plan **out,
                                                  muster_session *session, int64_t now_ms,
                                                  const muster_solve_options *options,
                                                  muster_replan               mode);
MUSTER_API void          muster_session_plan_free(muster_session_plan *plan);

MUSTER_API int64_t muster_session_plan_at_ms(const muster_session_plan *plan);
/** The journal's record up to which the plan knows what has happened. */
MUSTER_API uint64_t muster_session_plan_sequence(const muster_session_plan *plan);
/** Rows are not those of the store: codes tell what is what. Incidents and needs are those that are
 *  open; who is on scene is locked there. Part of a pool or a stock that is under an order which was
 *  accepted is a row of its own, whose code ends in '#' and the number of that order, of a trip's. */
MUSTER_API const muster_problem *muster_session_plan_problem(const muster_session_plan *plan);
MUSTER_API const muster_plan    *muster_session_plan_plan(const muster_session_plan *plan);
MUSTER_API const muster_change  *muster_session_plan_changes(const muster_session_plan *plan,
                                                             uint32_t                  *out_count);
/** The order that an assignment carries on; 0: it is new, or another one than before. */
MUSTER_API uint64_t muster_session_plan_order(const muster_session_plan *plan, uint32_t assignment);
/** Whose consent an assignment needs: the code of the nearest authority that is over both the unit and
 *  the incident; NULL: nobody's beyond the incident's own. */
MUSTER_API const char *muster_session_plan_consent(const muster_session_plan *plan,
                                                   uint32_t                   assignment);

/* ---- orders ----------------------------------------------------------------------------- */

typedef enum muster_order_state {
    MUSTER_ORDER_ISSUED,
    MUSTER_ORDER_ACCEPTED,
    MUSTER_ORDER_EN_ROUTE,
    MUSTER_ORDER_LOADED, /**< Of a trip: en route from the warehouse to the incident. */
    MUSTER_ORDER_ON_SCENE,
    MUSTER_ORDER_RELEASED, /**< From here on it is over. */
    MUSTER_ORDER_DECLINED,
    MUSTER_ORDER_EXPIRED,
    MUSTER_ORDER_CANCELLED,
    MUSTER_ORDER_STATE_COUNT
} muster_order_state;

/** "issued", "accepted", "en_route", "loaded", "on_scene", "released", "declined", "expired",
 *  "cancelled"; NULL for a number outside the enum. */
MUSTER_API const char *muster_order_state_name(muster_order_state state);
/** Is it over? */
MUSTER_API bool muster_order_is_over(muster_order_state state);

/** Whether the database has promised an order's unit. */
typedef enum muster_claim_state {
    /** There is no database to ask, or the order is over; of items that were handed over the state stays,
     *  for the database has to lower its stock by them. */
    MUSTER_CLAIM_STATE_NONE,
    MUSTER_CLAIM_STATE_PENDING, /**< It has not answered yet, or is away. */
    MUSTER_CLAIM_STATE_HELD,
    MUSTER_CLAIM_STATE_COUNT
} muster_claim_state;

/** "none", "pending", "held"; NULL for a number outside the enum. */
MUSTER_API const char *muster_claim_state_name(muster_claim_state state);

/** Somebody is told to go somewhere. A trip that brings items is an order of its vehicle, which has
 *  no need, and an order for each item on it, which names it as `trip` and goes through the same
 *  states with it; events speak of the trip. */
typedef struct muster_order {
    uint64_t    number;   /**< From 1 on, in the order in which they were issued. */
    uint64_t    sequence; /**< The record with which it was issued. */
    uint8_t     state;    /**< A muster_order_state. */
    uint8_t     claim;    /**< A muster_claim_state. */
    uint8_t     resource; /**< A muster_resource. */
    const char *unit;     /**< Code of the team, vehicle, machine pool or warehouse. */
    const char *kind;     /**< Of items: which; else NULL. */
    const char *incident;
    const char *need; /**< The kind of the need that it serves; NULL: it is a trip. */
    int64_t     quantity;
    uint64_t    trip;      /**< Of items that come by vehicle; else 0. */
    const char *warehouse; /**< Of a trip: where it loads; else NULL. */
    int64_t     issued_at_ms, changed_at_ms;
    int64_t depart_at_ms, load_at_ms, eta_at_ms; /**< As planned; load_at_ms of a trip, else 0. */
    double  distance_m;
    const char *issued_by, *changed_by;
    const char *consent; /**< The authority whose consent it needed, and had; NULL: nobody's. */
    const char *reason;  /**< Why it was declined or cancelled; may be NULL. */
    int64_t     claim_number; /**< The database's promise; 0: there is none, and was none. */
} muster_order;

/** Why an assignment was not ordered. */
typedef enum muster_skip {
    MUSTER_SKIP_CARRIED_ON, /**< It is under that order already. */
    MUSTER_SKIP_CONSENT,    /**< Whoever commits may not decide it alone. */
    MUSTER_SKIP_CHANGED,    /**< Since the plan, the unit, the need or the incident has changed so
                                 that it cannot be done. */
    MUSTER_SKIP_CLAIMED,    /**< Another dispatcher has the unit. */
    /** An order stays that should have made way for it: only so many are taken back at once
     *  (muster_session_options.churn_most), or what should have come in its place has not. */
    MUSTER_SKIP_KEPT,
    /** By itself it is of no use: something that was planned with it is not ordered, without which a
     *  need has less than its minimum, an incident not all, or a machine nobody to operate it. */
    MUSTER_SKIP_USELESS,
    MUSTER_SKIP_COUNT
} muster_skip;

/** "carried_on", "consent", "changed", "claimed", "kept", "useless"; NULL for a number outside the enum. */
MUSTER_API const char *muster_skip_name(muster_skip skip);

typedef struct muster_skipped {
    uint32_t    assignment;
    uint8_t     skip;    /**< A muster_skip. */
    const char *message; /**< One line: what has changed, whose consent, who has it since when. */
} muster_skipped;

/** Start from `MUSTER_COMMIT_INIT`. */
typedef struct muster_commit {
    size_t struct_size;
    /** As an event's: what was committed under it before is not committed again, and the answer is that
     *  record's number and its orders as they are now. */
    const char *id;
    int64_t     now_ms;
    const char *author;
    const char *authority; /**< In whose name; NULL: whose word counts for everything. */
    /** How long to wait for the database to say yes; then orders are issued all the same, with their
     *  claims pending. */
    uint32_t claim_timeout_ms;
} muster_commit;

#define MUSTER_COMMIT_INIT                                                                         \
    { .struct_size = sizeof(muster_commit), .claim_timeout_ms = 100 }

typedef struct muster_committed muster_committed;

/** Issue the orders of a plan, and cancel those that it takes back or redirects. All that can be is
 *  ordered; what cannot is skipped, and said. Of a shipment either all is ordered or nothing. With a
 *  database, units are claimed first; where it is away, orders are issued and claimed when it is back,
 *  and those that turn out to be somebody else's are cancelled (MUSTER_EVENT_CLAIM_LOST). When it
 *  returns, the orders are on the disk.
 *  @return as muster_session_tell. */
MUSTER_API muster_status muster_session_commit(muster_committed **out, muster_session *session,
                                               const muster_session_plan *plan,
                                               const muster_commit       *commit);
MUSTER_API void          muster_committed_free(muster_committed *committed);
/** The record with which the orders were issued; 0: there was nothing to issue or cancel. */
MUSTER_API uint64_t            muster_committed_sequence(const muster_committed *committed);
MUSTER_API const muster_order *muster_committed_orders(const muster_committed *committed,
                                                       uint32_t               *out_count);
MUSTER_API const uint64_t     *muster_committed_cancelled(const muster_committed *committed,
                                                          uint32_t               *out_count);
/** By assignment. */
MUSTER_API const muster_skipped *muster_committed_skipped(const muster_committed *committed,
                                                          uint32_t               *out_count);

/* ---- reading ---------------------------------------------------------------------------- */

/** The state as it was at one moment, which does not change any more. Read by any number of threads;
 *  freed once. */
typedef struct muster_view muster_view;

/** What an authority sees: its own units and incidents and those below it, the orders that concern
 *  them, roads and hazards.
 *  @param out        receives the view, yours: muster_view_free
 *  @param session    any
 *  @param authority  its code; NULL: everything
 *  @return MUSTER_E_INVALID for an authority that is not there, MUSTER_E_NOMEM. O(rows), and O(1) where
 *          the last view was for the same authority and nothing has happened since. */
MUSTER_API muster_status muster_session_look(muster_view **out, muster_session *session,
                                             const char *authority);
MUSTER_API void          muster_view_free(muster_view *view);
MUSTER_API uint64_t      muster_view_sequence(const muster_view *view);

typedef struct muster_view_unit {
    uint8_t     resource;
    const char *code;
    const char *name; /**< May be NULL. */
    const char *kind; /**< Of a vehicle, a machine pool, a stock; NULL of teams. */
    const char *authority;
    double      lon_deg, lat_deg;
    int64_t     seen_at_ms; /**< When it was said to be there; 0: as the store had it. */
    uint8_t     is_available;
    const char *reason;      /**< Why it is not; may be NULL. */
    int64_t     quantity;    /**< People, 1, machines, items: all there are. */
    int64_t     under_order; /**< How many of them orders that are not over have. */
    int64_t     ready_at_ms, shift_end_at_ms, duty_since_ms;
} muster_view_unit;

typedef struct muster_view_need {
    const char *kind;
    int64_t     quantity;
    int64_t     minimum;
    uint32_t    grade;
    int64_t     delivered; /**< Items that were handed over. */
    int64_t     on_scene;  /**< Who and what is there under orders. */
    int64_t     coming;    /**< Under orders that have not arrived. */
} muster_view_need;

typedef struct muster_view_incident {
    const char             *code;
    const char             *name; /**< May be NULL. */
    double                  lon_deg, lat_deg;
    uint8_t                 severity;
    int64_t                 reported_at_ms, deadline_at_ms;
    int64_t                 closed_at_ms; /**< 0: it is open. */
    uint32_t                on_scene_ms;
    const char             *authority;
    uint8_t                 all_or_nothing;
    uint32_t                need_count;
    const muster_view_need *need;
} muster_view_incident;

/** By resource, then in the store's order. */
MUSTER_API const muster_view_unit *muster_view_units(const muster_view *view, uint32_t *out_count);
/** As they were reported; closed ones stay for as long as the orders that are known speak of them. */
MUSTER_API const muster_view_incident *muster_view_incidents(const muster_view *view,
                                                             uint32_t          *out_count);
/** By number: those that are not over, and the last 1,000 that are. */
MUSTER_API const muster_order *muster_view_orders(const muster_view *view, uint32_t *out_count);
/** What is closed or slow, what hazards there are, what commanders have said: by code. */
MUSTER_API const muster_event_road *muster_view_roads(const muster_view *view, uint32_t *out_count);
MUSTER_API const muster_hazard *muster_view_hazards(const muster_view *view, uint32_t *out_count);
MUSTER_API const muster_event_rule *muster_view_rules(const muster_view *view, uint32_t *out_count);

/** The roads as they are now, closures and hazards included, for each of the profiles that units travel
 *  by; for routes and tables beside plans. They do not change any more, and are read by any number of
 *  threads; they may outlive the session. */
typedef struct muster_roads muster_roads;
/** The roads of now, yours: muster_roads_free. Where nothing has changed since somebody asked they are the
 *  same, and it takes no time; else the metrics are made anew, and who asks meanwhile waits for them.
 *  @return MUSTER_E_NOMEM; MUSTER_E_INVALID in a process that was forked off. */
MUSTER_API muster_status muster_session_roads(muster_roads **out, muster_session *session);
MUSTER_API void          muster_roads_free(muster_roads *roads);
MUSTER_API uint64_t      muster_roads_sequence(const muster_roads *roads);
/** The profiles that there are. They live as long as @p roads, as do all metrics of them. */
MUSTER_API const char *const *muster_roads_profiles(const muster_roads *roads, uint32_t *out_count);
/** NULL: there is no such profile. */
MUSTER_API const muster_metric *muster_roads_metric(const muster_roads *roads, const char *profile);
/** The same without anything closed or slow, on the same network: what counts as an island is not for
 *  a flood to say (muster_snap_options.island_metric). */
MUSTER_API const muster_metric *muster_roads_open_metric(const muster_roads *roads,
                                                         const char         *profile);

/* ---- subscribing ------------------------------------------------------------------------ */

/** One record of the journal, as subscribers hear it. */
typedef struct muster_news muster_news;

/** What has happened after record @p after, in order, at most @p most of it. The journal remembers
 *  everything, so nobody who was away misses anything: what is no longer in memory is read from it.
 *  @param out         receives the records, yours: muster_news_free
 *  @param session     any
 *  @param after       the record that was heard last; 0: none
 *  @param most        how many at most
 *  @param timeout_ms  wait so long for the first; 0: do not wait
 *  @param out_count   0: nothing has
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT (the journal cannot be read), MUSTER_E_NOMEM; MUSTER_E_INVALID
 *          where the journal's front, moved away, had the record that is asked for. */
MUSTER_API muster_status muster_session_news(muster_news **out, muster_session *session,
                                             uint64_t after, uint32_t most, uint32_t timeout_ms,
                                             uint32_t *out_count);
MUSTER_API void          muster_news_free(muster_news *news);
MUSTER_API uint64_t      muster_news_sequence(const muster_news *news, uint32_t index);
/** The record as JSON, as it stands in the journal. Of the first one, which is the world that the
 *  journal begins with: `{"type":"begun"}`. */
MUSTER_API const char *muster_news_json(const muster_news *news, uint32_t index, size_t *out_size);
/** A descriptor for event loops: readable from when something happens until somebody has asked for news
 *  and got to the end of it. It is the session's; do not read or close it. -1: the system has none
 *  left. */
MUSTER_API int muster_session_descriptor(muster_session *session);

/* ---- continuity ------------------------------------------------------------------------- */

typedef struct muster_session_state {
    uint64_t sequence;                    /**< The last record that is applied. */
    uint64_t term;                        /**< Of writing the journal; 0: a standby. */
    uint8_t  role;                        /**< A muster_session_role, as it is now. */
    uint32_t incident_count, order_count; /**< Open ones. */
    uint32_t claim_pending_count;
    /** Another session has taken the journal over, or its disk has failed: nothing is told or ordered here
     *  any more, and what is seen is as it was then. As of the last call that asked the journal, a tick
     *  say. */
    uint8_t journal_is_lost;
    uint8_t central_is_away; /**< The database does not answer. */
    /** Another session has taken the dispatcher over: nothing is committed any more. */
    uint8_t  central_is_fenced;
    uint64_t central_age_ms; /**< Its last answer is so old; UINT64_MAX: there was none. */
    const char
        *trouble; /**< What the session last ran into (database, snapshot, disk), one line; ""
                              if nothing. Of this thread, until its next call. */
} muster_session_state;

MUSTER_API muster_session_state muster_session_get_state(muster_session *session);

enum { MUSTER_SYNC_BUCKETS = 16, MUSTER_SYNC_FIRST_US = 125 };

/** How long the journal has taken to be on the disk, since the session was opened: what who tells waits for.
 *  Events that are told at the same time share one sync. */
typedef struct muster_session_syncs {
    /** Those that took up to 125, 250, 500, ... microseconds (MUSTER_SYNC_FIRST_US << bucket), each counted
     *  in the first bucket it fits; the last has all others. */
    uint64_t count[MUSTER_SYNC_BUCKETS];
    uint64_t sum_us, most_us;
    uint64_t failed_count; /**< Those that failed, which are not in the others. */
} muster_session_syncs;

MUSTER_API muster_session_syncs muster_session_get_syncs(muster_session *session);

/** Of a standby: apply what the writer has added by now.
 *  @param session      a standby
 *  @param out_applied  how many records; may be NULL
 *  @return MUSTER_E_INVALID for one that writes or is a replay; MUSTER_E_IO, MUSTER_E_FORMAT (the
 *          journal cannot be read), MUSTER_E_NOMEM: what was applied stays so. */
MUSTER_API muster_status muster_session_follow(muster_session *session, uint32_t *out_applied);
/** Of a standby: become the writer. Whoever was is shut out, of the journal and of the database, from
 *  then on; everything that was acknowledged to anybody is there.
 *  @return as muster_session_open, MUSTER_E_INVALID also for a connection that libpq does not understand,
 *          MUSTER_E_IO where the system has no thread for the database. On failure it is still a standby;
 *          of the last two nobody was shut out. */
MUSTER_API muster_status muster_session_promote(muster_session *session, int64_t now_ms);

/** The state as it was after record @p sequence, or at a time: "why did we send that?" It is a standby
 *  that follows nobody: it can be looked at, and planned from.
 *  @param out       receives the session, yours: muster_session_close
 *  @param options   store and journal, as for muster_session_open
 *  @param sequence  0: the last one whose time is not after @p at_ms
 *  @param at_ms     milliseconds since 1970, UTC; not looked at with a @p sequence */
MUSTER_API muster_status muster_session_replay(muster_session              **out,
                                               const muster_session_options *options,
                                               uint64_t sequence, int64_t at_ms);

#ifdef __cplusplus
}
#endif
#endif
