/* What the database has promised us, beside what the world says of orders; and what follows from the
 * difference. Nothing is remembered of what has been asked: whenever the two differ there is something
 * to do, after a restart as at any other time.
 *
 *   order                      promise        what is to be done
 *   open                       none           claim it
 *   open                       there          write it down, if the world does not know it; say how far it is
 *   goods, handed over         there          say that they are used up: the stock there falls
 *   goods, handed over         never there    claim them, for the stock has to fall
 *   goods, handed over         no more there  nothing: it has fallen
 *   over, or not there         there          give it back
 *   none that the world knows  there          give it back: it was made, and who asked did not live to
 *                                             write it down */
#ifndef MU_SESSION_CLAIMS_H
#define MU_SESSION_CLAIMS_H

#include <muster/live.h>

#include "session/world.h"

typedef struct mu_claim {
    uint64_t order; /* its number */
    int64_t  claim, dispatch_order;
    uint8_t  told; /* the muster_order_state that the database knows at least */
} mu_claim;

typedef struct mu_claims {
    size_t    count, capacity, spare_count, spare_capacity, late_count, late_capacity;
    mu_claim *claim; /* by order */
    int64_t  *spare; /* promises without an order */
    uint64_t *late; /* orders that were refused when they were on scene: they are not asked again */
} mu_claims;

void mu_claims_fini(mu_claims *claims);

/* From what the database says that `own` holds. */
muster_status mu_claims_begin(mu_claims *claims, const mu_world *world, const char *own,
                              uint32_t held_count, const muster_held *held);
/* Room for so many more, so that what has been promised is never forgotten. */
muster_status mu_claims_reserve(mu_claims *claims, size_t more);
/* There is room. */
void mu_claims_add(mu_claims *claims, uint64_t order, int64_t claim, int64_t dispatch_order);
void mu_claims_add_spare(mu_claims *claims, int64_t claim);
/* It is on scene, and somebody else has it: it stays, and is not asked for again. */
muster_status   mu_claims_add_late(mu_claims *claims, uint64_t order);
const mu_claim *mu_claims_find(const mu_claims *claims, uint64_t order); /* NULL: none */
/* Those that are not held any more, though nobody has ended them for us, are forgotten: they were deleted
 * there, or it was restored. `held` is what the database says, when it knows all that we have asked for.
 * Returns the first of their orders; 0: there is none. */
uint64_t mu_claims_forget_gone(mu_claims *claims, uint32_t held_count, const muster_held *held);
/* They have been given back. */
void mu_claims_remove(mu_claims *claims, size_t count, const int64_t *claim);

/* An open order that nothing is promised for, from world.order[at] on; MUSTER_NONE: there is none. */
uint32_t mu_claims_next_open(const mu_claims *claims, const mu_world *world, uint32_t at);
/* A promise that the world does not know, whose order is open; NULL: there is none. */
const mu_claim *mu_claims_next_unwritten(const mu_claims *claims, const mu_world *world);
/* The next order of which more is known than the database does, and how it is called there; NULL: there
 * is none. */
mu_claim *mu_claims_next_state(mu_claims *claims, const mu_world *world, const char **out_state);
/* That was said; or it was refused, because it was said before. */
void mu_claims_said(mu_claims *claims, uint64_t order);
/* So much of a stock has been handed over while the database has it still: it is promised, or is to be
 * claimed. `held` is what the database says, when it knows all that we have asked for. O(orders). */
int64_t mu_claims_unsettled(const mu_world *world, uint32_t stock, uint32_t held_count,
                            const muster_held *held);
/* All that has been handed over: it has to be said that it is used up. `out` has room for count. */
size_t mu_claims_list_used(const mu_claims *claims, const mu_world *world, int64_t *out);
/* All that is to be given back, those that were declined excepted, which end by saying so, and what has been
 * handed over. `out` has room for count + spare_count. */
size_t mu_claims_list_over(const mu_claims *claims, const mu_world *world, int64_t *out);

#endif
