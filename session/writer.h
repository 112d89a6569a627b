/* What is done in a turn: events are tried, added to the journal, brought to the disk together, and only
 * then seen. */
#ifndef MU_SESSION_WRITER_H
#define MU_SESSION_WRITER_H

#include "session/session.h"

/* What a thread wants done when it has the turn. A job that fails before it has added anything fails
 * alone. What it gives to mu_writer_event and mu_writer_issue has to live until it is done. */
typedef struct mu_job mu_job;
struct mu_job {
    mu_turn_entry entry; /* first; start from zeros */
    muster_status (*run)(muster_session *session, mu_job *job);
};

/* Wait for the turn and for the disk. */
muster_status mu_job_do(muster_session *session, mu_job *job);
/* The mu_turn_work of a session. */
void mu_writer_work(void *session, mu_turn_entry *first);

/* In a turn: is this the writer, with a journal that takes records? Has `ahead` from then on. */
muster_status mu_writer_begin(muster_session *session);
/* Try an event, and add it where it is applied. */
muster_status mu_writer_event(muster_session *session, const muster_event *event,
                              muster_event_answer *out);
/* Add a commit that was tried. */
muster_status mu_writer_issue(muster_session *session, const mu_issue *issue,
                              uint64_t *out_sequence);
/* In a turn: bring all that was added to the disk and let it be seen, or take it back. */
muster_status mu_writer_end(muster_session *session);
/* Take back what was added, if anything was. */
void mu_writer_forget(muster_session *session);
void mu_writer_fini(muster_session *session);

#endif
