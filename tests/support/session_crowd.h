/* Threads of a desk that all use its session at once. */
#ifndef TESTS_SUPPORT_SESSION_CROWD_H
#define TESTS_SUPPORT_SESSION_CROWD_H

#include <stdint.h>

#include <muster/session.h>

/* Some plan, commit and release what they have ordered, so many times each, while others look and let time
 * pass. Returns how many orders there were; -1: something has failed, which muster_error_message says.
 * @param name  what ids begin with */
int64_t session_crowd(muster_session *session, const char *name, uint32_t rounds);

#endif
