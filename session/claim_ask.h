/* One request for orders: what is claimed for each, and what became of it. */
#ifndef MU_SESSION_CLAIM_ASK_H
#define MU_SESSION_CLAIM_ASK_H

#include <muster/claim.h>

#include "session/claims.h"

/* Why an order could not be claimed. */
typedef struct mu_claim_refusal {
    uint32_t    line;
    uint8_t     reason; /* a muster_claim_reason */
    int64_t     remaining;
    const char *message;
} mu_claim_refusal;

typedef enum mu_ask_stage { MU_ASK_WAITING, MU_ASK_ASKED, MU_ASK_ANSWERED } mu_ask_stage;

typedef struct mu_claim_ask {
    const char        *scenario; /* the base's */
    int64_t            made_at_ms;
    uint32_t           line_count;
    muster_claim_line *line;
    mu_world_order    *wanted; /* by line: what it is for; unit, quantity and need are read */
    uint64_t          *order;  /* by line: its number; 0: there is none, or not yet */
    uint32_t           cancelled_count;
    uint64_t          *cancelled; /* numbers of orders that the same commit takes back */
    size_t             release_count;
    int64_t           *release; /* all promises that are given back with it */
    /* The lines, and behind them what is only kept: see mu_claim_ask_release. */
    uint32_t           asked_count;
    muster_claim_line *asked;
    mu_ask_stage       stage;
    bool               is_settled; /* whoever asked has said what its orders are */
    /* Of one that is answered. */
    muster_claim_outcome outcome;
    muster_claimed      *claimed; /* by line that was asked for */
    uint32_t             refusal_count;
    mu_claim_refusal    *refusal;
    mu_arena             arena;
} mu_claim_ask;

/* For `count` orders, of which `trip` is 1 + the index here of that trip, or 0. Codes of units are the
 * base's; those of their incidents, by order, are copied. */
muster_status mu_claim_ask_new(mu_claim_ask **out, const mu_base *base, int64_t made_at_ms,
                               uint32_t count, const mu_world_order *order,
                               const char *const *incident, uint32_t cancelled_count,
                               const uint64_t *cancelled);
void          mu_claim_ask_free(mu_claim_ask *ask); /* NULL is welcome */

/* What is given back with it, of all that is promised: what is over, and of the orders that the commit takes
 * back, those of units that it claims anew. Until that is written down an order still stands, so nothing of
 * its unit may come free by the way: what is given back and not claimed anew is claimed too, by lines of
 * its own, without an order. Opened anew before it was written, the session finds all of it; written, it gives
 * back what is left over. Before mu_claim_ask_plan. */
muster_status     mu_claim_ask_release(mu_claim_ask *ask, const mu_claims *claims,
                                       const mu_world *world);
muster_claim_plan mu_claim_ask_plan(const mu_claim_ask *ask);
muster_status     mu_claim_ask_take(mu_claim_ask *ask, const muster_claim_answer *answer);
/* All that it was promised, and has given back; there is room for its lines. */
void mu_claim_ask_keep(const mu_claim_ask *ask, mu_claims *claims);

/* The line that claims just what an order is of and that no order has taken; MUSTER_NONE: there is none.
 * `taken` is by line. */
uint32_t mu_claim_ask_match(const mu_claim_ask *ask, const mu_world_order *order,
                            const bool *taken);

#endif
