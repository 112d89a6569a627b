/* A session's own copy of its options. */
#ifndef MU_SESSION_OPTIONS_H
#define MU_SESSION_OPTIONS_H

#include <muster/session.h>

#include "session/arena.h"

typedef struct mu_options {
    muster_session_options given;   /* texts are in the arena */
    muster_link_options    central; /* what given.central points to, if it is there */
    mu_arena               arena;
} mu_options;

/* Checked and copied. MUSTER_E_INVALID naming the member. Give it to mu_options_fini, also then. */
muster_status mu_options_init(mu_options *options, const muster_session_options *given);
void          mu_options_fini(mu_options *options);

#endif
