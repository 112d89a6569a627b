/* Takes what others have changed in the database's rows of units into the journal. */
#ifndef MU_SESSION_ROW_TAKER_H
#define MU_SESSION_ROW_TAKER_H

#include <muster/live.h>
#include <muster/session.h>

typedef struct mu_row_taker mu_row_taker;

muster_status mu_row_taker_new(mu_row_taker **out, muster_session *session);
void          mu_row_taker_free(mu_row_taker *taker); /* NULL is welcome */

/* Something is new in what is followed. */
void mu_row_taker_wake(mu_row_taker *taker);
/* Tell what there is to tell, if it is time to. No turn is the caller's. `knows_all`: what is followed has
 * all that this session has done there itself; else stock waits until it has. */
void mu_row_taker_step(mu_row_taker *taker, const muster_live *live, bool knows_all);
/* When there may be something to do without anything new. */
uint32_t mu_row_taker_wait_ms(const mu_row_taker *taker);

#endif
