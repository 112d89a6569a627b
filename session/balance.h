/* Which moves of a plan can be ordered together, when not all of them can. */
#ifndef MU_SESSION_BALANCE_H
#define MU_SESSION_BALANCE_H

#include "session/plan.h"

/* What becomes of a move. */
typedef struct mu_verdict {
    bool        is_given; /* it is ordered: `quantity` of it, of a trip all */
    int64_t     quantity; /* beside what goes on */
    uint8_t     skip;     /* a muster_skip, where it is not */
    const char *message;  /* why not */
} mu_verdict;

typedef struct mu_balance {
    const muster_session_plan *plan;
    const mu_world            *world;   /* as it is now */
    mu_arena                  *arena;   /* of messages */
    const mu_world_incident **incident; /* by incident of the problem, as it is now; NULL: closed */
    int64_t                  *asked;    /* by need of the problem: what is missing now */
    int64_t                  *since;    /* by need: what orders bring that the plan does not know */
    mu_verdict               *move;     /* by move */
    int64_t                  *quantity; /* by s->order: as it is now */
    bool                     *is_back;  /* by s->order: it is taken back */
    bool                     *is_lost;  /* by s->order: it is over by now */
    bool                     *may_end;  /* by s->order: whoever commits may take it back */
} mu_balance;

/* Start with everything that the plan wants, as far as `authority` may decide it. */
muster_status mu_balance_init(mu_balance *out, const muster_session_plan *plan,
                              const mu_world *world, uint32_t authority, mu_arena *arena);
void          mu_balance_fini(mu_balance *balance);

/* From outside: it cannot be. */
muster_status mu_balance_refuse(mu_balance *balance, uint32_t move, muster_skip skip,
                                const char *message);
/* Leave out what depends on what is refused, and take back no more than `churn_most` orders that could
 * stay (0: any). */
muster_status mu_balance_settle(mu_balance *balance, uint32_t churn_most);

#endif
