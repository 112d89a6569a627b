/** @file muster/claim.h
 *  Write plans into the database so that no unit is ever promised twice. Part of libmuster_gis.
 *
 *  To commit a plan is to claim all of its units in one transaction: teams and vehicles whole,
 *  machines and stock by quantity. If one of them is somebody else's, nothing is claimed, and the
 *  answer says which, who has it and since when; plan again without it.
 *
 *  A request has an id that the caller draws. When a connection is lost nobody knows whether the
 *  request was carried out, so the handle asks again by itself, with the same id, until there is an
 *  answer; the database carries it out once. A program that was restarted may ask once more with an
 *  id that it wrote down.
 *
 *  A dispatcher is one role of the dispatch centre, with one writer at a time. Whoever takes it
 *  over gets a token, and whoever had it before is refused from then on, by the database itself
 *  (MUSTER_CLAIM_FENCED), even if it does not know yet that it was replaced.
 *
 *  docs/dispatching.md tells the whole, with an event loop. */
#ifndef MUSTER_CLAIM_H
#define MUSTER_CLAIM_H

#include <muster/link.h>
#include <muster/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_dispatcher muster_dispatcher;

/** Room for an id of a request: a UUID as text. */
#define MUSTER_REQUEST_BYTES 37

/** Draw an id from the system's random numbers. MUSTER_E_IO if it has none. */
MUSTER_API muster_status muster_request_draw(char out[MUSTER_REQUEST_BYTES]);

/** One unit of a plan, or a quantity of it. Codes are those of the database's tables. */
typedef struct muster_claim_line {
    uint8_t     resource; /**< A muster_resource. */
    const char *code;     /**< Of the team, vehicle, machine or warehouse. */
    const char *kind;     /**< Of items: which; else NULL. */
    const char *incident; /**< Where it goes; NULL: nowhere, it is only claimed. */
    const char *need;     /**< The kind of the need that it serves; NULL: none. */
    int64_t     quantity; /**< People of the team, 1 vehicle, machines, items. */
    const char *vehicle; /**< Of items: the vehicle that brings them, which needs a line of its own;
                               NULL: none. */
    /** From the moment of the plan; MUSTER_NONE: not said. */
    uint32_t depart_ms;
    uint32_t eta_ms;
    double   distance_m; /**< Negative: not said. */
} muster_claim_line;

/** What is to be committed. Start from `MUSTER_CLAIM_PLAN_INIT`. */
typedef struct muster_claim_plan {
    size_t                   struct_size;
    const char              *scenario;   /**< Its code; NULL: none, then lines have no incident. */
    int64_t                  made_at_ms; /**< Since 1970, UTC; 0: the moment of the commit. */
    uint32_t                 line_count; /**< 1 or more. */
    const muster_claim_line *line;
    /** What the dispatcher holds and gives back in the same transaction, if it succeeds. */
    uint32_t       release_count;
    const int64_t *release;
    /** Not 0: the scenario, the incidents and the needs' kinds need not be in the database. Claims keep
     *  their codes for others to see, and refer to those that are there; a line may have an incident
     *  without a scenario. */
    uint8_t by_code;
    /** Of the plan that the lines are made of; NULL: nothing is said of how good it is. */
    const muster_plan *plan;
} muster_claim_plan;

#define MUSTER_CLAIM_PLAN_INIT                                                                     \
    { .struct_size = sizeof(muster_claim_plan) }

/** The lines of a plan: one for each assignment, and one for each vehicle that carries a shipment.
 *  Codes point into @p problem. Give the array to muster_claim_lines_free.
 *  @param out        receives the lines
 *  @param out_count  receives how many there are
 *  @param plan       a plan for @p problem
 *  @param problem    what the plan is for
 *  @return MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_claim_lines_of_plan(muster_claim_line **out, uint32_t *out_count,
                                                    const muster_plan    *plan,
                                                    const muster_problem *problem);
MUSTER_API void          muster_claim_lines_free(muster_claim_line *lines);

typedef enum muster_claim_outcome {
    MUSTER_CLAIM_DONE,   /**< All of it is done. */
    MUSTER_CLAIM_LOST,   /**< Nothing is: see the conflicts. */
    MUSTER_CLAIM_FENCED, /**< Nothing is: somebody has taken over; see the message. */
    /** Nothing is: the database says that the request is wrong, or that it may not be made; see the
     *  message. (Where an earlier attempt had no answer, that may have been carried out, as always:
     *  ask again with the same id once the database no longer refuses.) */
    MUSTER_CLAIM_REFUSED
} muster_claim_outcome;

/** "done", "lost", "fenced", "refused"; NULL for a number outside the enum. */
MUSTER_API const char *muster_claim_outcome_name(muster_claim_outcome outcome);

/** What has been claimed for a line. */
typedef struct muster_claimed {
    int64_t claim; /**< What it is released by. */
    int64_t order; /**< dispatch_order.id. */
} muster_claimed;

typedef enum muster_claim_reason {
    MUSTER_CLAIM_HELD,        /**< Somebody has it. */
    MUSTER_CLAIM_SHORT,       /**< Fewer are left than asked for. */
    MUSTER_CLAIM_UNAVAILABLE, /**< The database says that it cannot be sent now. */
    MUSTER_CLAIM_UNKNOWN,     /**< There is none of this code. */
    MUSTER_CLAIM_REASON_COUNT
} muster_claim_reason;

/** "held", "short", "unavailable", "unknown"; NULL for a number outside the enum. */
MUSTER_API const char *muster_claim_reason_name(muster_claim_reason reason);

/** Why a line could not be claimed. */
typedef struct muster_claim_conflict {
    uint32_t    line; /**< Of the request. */
    uint8_t     reason;
    int64_t     remaining; /**< So many were left. */
    const char *holder; /**< The dispatcher that has it, or the latest part of it; NULL: nobody. */
    int64_t     since_ms; /**< Since when: since 1970, by the database's clock; 0: nobody has it. */
    const char *incident; /**< Where it was sent; NULL: not said. */
} muster_claim_conflict;

typedef struct muster_claim_answer {
    muster_claim_outcome         outcome;
    int64_t                      plan; /**< plan.id of what was committed; 0: nothing was. */
    uint32_t                     claimed_count;
    const muster_claimed        *claimed; /**< By line. */
    uint32_t                     conflict_count;
    const muster_claim_conflict *conflict; /**< By line. */
    const char                  *message;  /**< One line for FENCED and REFUSED, else empty. */
    uint32_t attempt_count;                /**< How often it was asked until there was an answer. */
} muster_claim_answer;

/** A handle for dispatcher @p code. Nothing is connected yet.
 *  @param out      receives the handle, yours: muster_dispatcher_free
 *  @param code     whose claims they will be: a row of table dispatcher
 *  @param holder   which program this is, on which machine: for people to read
 *  @param options  where the database is
 *  @return MUSTER_E_INVALID for a connection string that libpq does not understand, an empty code;
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_dispatcher_new(muster_dispatcher **out, const char *code,
                                               const char                *holder,
                                               const muster_link_options *options);
MUSTER_API void          muster_dispatcher_free(muster_dispatcher *dispatcher);

/** Begin a request; there is one at a time, and MUSTER_E_INVALID for a second. It is copied. An
 *  answer that was there goes. All but take_over need a token: MUSTER_E_INVALID without.
 *
 *  take_over: become the dispatcher. Nobody who was it before can write from then on.
 *  commit, release: see above. What is not held (any more) may be released.
 *  use: goods have been handed over. Their claims end, and in the same transaction, once, stock.quantity
 *  falls by what was claimed, to 0 at the least. What is not held (any more) lowers nothing.
 *  set_order_state: "accepted", "declined", "en_route", "on_scene" or "released"; see
 *  docs/dispatching.md for which follows which. Its claim ends with "declined" and "released". */
MUSTER_API muster_status muster_dispatcher_take_over(muster_dispatcher *dispatcher);
MUSTER_API muster_status muster_dispatcher_commit(muster_dispatcher       *dispatcher,
                                                  const char              *request,
                                                  const muster_claim_plan *plan);
MUSTER_API muster_status muster_dispatcher_release(muster_dispatcher *dispatcher,
                                                   const char *request, uint32_t claim_count,
                                                   const int64_t *claim);
MUSTER_API muster_status muster_dispatcher_use(muster_dispatcher *dispatcher, const char *request,
                                               uint32_t claim_count, const int64_t *claim);
MUSTER_API muster_status muster_dispatcher_set_order_state(muster_dispatcher *dispatcher,
                                                           int64_t order, const char *state);

/** Go on without waiting. MUSTER_E_NOMEM alone; the request is then still going on. That the
 *  database is away is no failure: see muster_dispatcher_trouble. */
MUSTER_API muster_status muster_dispatcher_step(muster_dispatcher *dispatcher);
MUSTER_API muster_wait   muster_dispatcher_wait(const muster_dispatcher *dispatcher);
/** NULL while there is none. It lives until the next request. */
MUSTER_API const muster_claim_answer *muster_dispatcher_answer(const muster_dispatcher *dispatcher);
/** No longer wait for the answer. Whether it is done can be found out by asking the same, with the
 *  same id, later. */
MUSTER_API void muster_dispatcher_give_up(muster_dispatcher *dispatcher);

/** For callers without an event loop: step until there is an answer, at most so long.
 *  @param dispatcher  with a request under way
 *  @param timeout_ms  how long to wait at most
 *  @param out_answer  NULL: there is none yet, and the request goes on
 *  @return MUSTER_E_NOMEM, MUSTER_E_IO (the system cannot wait). */
MUSTER_API muster_status muster_dispatcher_run(muster_dispatcher *dispatcher, uint32_t timeout_ms,
                                               const muster_claim_answer **out_answer);

/** 0: it has not taken over. A program that was restarted may go on with a token that it wrote
 *  down. */
MUSTER_API int64_t muster_dispatcher_token(const muster_dispatcher *dispatcher);
MUSTER_API void    muster_dispatcher_set_token(muster_dispatcher *dispatcher, int64_t token);
/** What the connection last ran into, as one line; "" if nothing since the last answer. */
MUSTER_API const char *muster_dispatcher_trouble(const muster_dispatcher *dispatcher);

#ifdef __cplusplus
}
#endif
#endif
