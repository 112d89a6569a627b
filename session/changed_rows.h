/* What others have changed in the database's rows of units, as events of the journal.
 *
 * A row's word is of the moment at which it was changed, and the later word counts, whoever says it: what
 * was told to the session after that stays, and what was told before is replaced. Of a stock, the number
 * that the database has counts less what the session has handed over and not lowered there yet.
 *
 * Nothing is remembered of what has been taken: whenever the world and a row differ, and the row's word is
 * not the earlier, there is an event to tell, after a restart as at any other time. */
#ifndef MU_SESSION_CHANGED_ROWS_H
#define MU_SESSION_CHANGED_ROWS_H

#include <muster/live.h>

#include "session/world.h"

enum { MU_ROW_ID_BYTES = MUSTER_EVENT_ID_BYTES + 1, MU_ROW_REASON_BYTES = 100 };

/* An event and the texts that it points to, beside those of the row. */
typedef struct mu_row_event {
    muster_event event;
    char id[MU_ROW_ID_BYTES], author[MUSTER_EVENT_AUTHOR_BYTES + 1], reason[MU_ROW_REASON_BYTES];
} mu_row_event;

/* What there is to tell of a row; false: nothing. `unsettled`: of a stock, see mu_claims_unsettled. The
 * same change makes the same event, also its id. What it points to is the row's, or in *out, which is not
 * to be moved. */
bool mu_row_event_of(mu_row_event *out, const mu_world *world, const muster_changed_unit *row,
                     int64_t unsettled);

#endif
