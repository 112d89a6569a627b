/* Between the files of a balance: what a move is, and how it is left out. */
#ifndef MU_SESSION_BALANCE_MOVE_H
#define MU_SESSION_BALANCE_MOVE_H

#include "session/balance.h"

static inline const mu_situation *mu_balance_situation(const mu_balance *b) {
    return b->plan->situation;
}

static inline const mu_move *mu_balance_move(const mu_balance *b, uint32_t move) {
    return &b->plan->moves.move[move];
}

/* For messages: of its unit, and of where it goes. */
const char *mu_balance_code(const mu_balance *balance, const mu_move *move);
const char *mu_balance_incident_code(const mu_balance *balance, const mu_move *move);

/* It is not ordered, for a reason that is told. MUSTER_E_NOMEM. */
muster_status mu_balance_leave_out(mu_balance *balance, uint32_t move, muster_skip skip,
                                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A need of the problem as it is now; NULL: it is not asked for any more. How much of it is missing. */
const mu_world_need *mu_balance_need(const mu_balance *balance, uint32_t row);
int64_t              mu_balance_missing(const mu_balance *balance, uint32_t row);

#endif
