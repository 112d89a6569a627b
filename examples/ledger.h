/* What this dispatch system was told is safe, in a file of its own. It is written after the session
 * has acknowledged, so whatever stands in it has to be in the session, for good: that is checked
 * after each restart. A real system has such a thing too: it is what the crews and callers were
 * told. */
#ifndef LEDGER_H
#define LEDGER_H

#include <muster/session.h>

typedef struct ledger ledger;

/* Open it, or make it. A line that a crash has cut off is taken off: nobody was told that.
 * NULL: it cannot be opened or read, or is another process's; muster_error_message says why, of which
 * a program may make use for failures of its own. */
ledger *ledger_open(const char *path);
void    ledger_close(ledger *l);

/* Both may be called by any thread. False: the file does not take it; the message says why. */
bool ledger_told(ledger *l, const muster_event *event, uint64_t sequence);
bool ledger_sent(ledger *l, const muster_order *order);

uint32_t ledger_count(const ledger *l);
/* The time of the last event that was acknowledged; 0: none was. */
int64_t ledger_last_ms(const ledger *l);
/* The last record of the journal that was acknowledged; 0: none was. */
uint64_t ledger_last_sequence(const ledger *l);

/* Is all of it in the session, nobody under two orders, and no more ordered of a pool than it has?
 * Prints what is not. */
bool ledger_check(const ledger *l, muster_session *session);

#endif
