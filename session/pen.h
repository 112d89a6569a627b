/* Becoming the one who writes. */
#ifndef MU_SESSION_PEN_H
#define MU_SESSION_PEN_H

#include "session/session.h"

/* Open the journal for writing (`mode`: a muster_journal_mode), take in what others have written up to
 * then, and say in it that it was opened. In a turn, or while nobody else knows the session. On failure
 * the session is as it was. */
muster_status mu_pen_take(muster_session *session, uint32_t mode, const mu_session_parts *parts,
                          int64_t now_ms);

/* What can be found out before somebody else is shut out: whether the journal can be read, and whether the
 * roads are its own. Where it has no record there is no world after it. */
muster_status mu_pen_prepare(muster_session *session, const mu_session_parts *parts);

/* Read the journal up to record `last`, from a snapshot or its beginning: when the session is opened, and
 * when records that were read along have been withdrawn. */
muster_status mu_pen_read(muster_session *session, uint64_t last);

/* Of a standby, in a turn: apply what has been written by now. */
muster_status mu_pen_follow(muster_session *session, uint32_t *out_applied);

#endif
