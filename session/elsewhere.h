/* What other dispatchers have, unit by unit, as the database said last. */
#ifndef MU_SESSION_ELSEWHERE_H
#define MU_SESSION_ELSEWHERE_H

#include <muster/live.h>

#include "session/base.h"

typedef struct mu_elsewhere mu_elsewhere;

/* Nobody has anything. `base` is held. */
muster_status mu_elsewhere_new(mu_elsewhere **out, mu_base *base);
void          mu_elsewhere_free(mu_elsewhere *elsewhere); /* NULL is welcome */

/* All that is held: what `own` has is ours, what the base does not know is nobody's business. O(units +
 * held). */
void mu_elsewhere_read(mu_elsewhere *elsewhere, const char *own, uint32_t held_count,
                       const muster_held *held);
/* A claim was refused: so much of the unit is not to be had, until something is said of it again. */
void mu_elsewhere_refuse(mu_elsewhere *elsewhere, uint8_t resource, uint32_t unit,
                         int64_t quantity);
/* Something is said of the units of that code; NULL: of all. */
void mu_elsewhere_forget(mu_elsewhere *elsewhere, const char *code);

int64_t mu_elsewhere_quantity(const mu_elsewhere *elsewhere, uint8_t resource, uint32_t unit);

#endif
