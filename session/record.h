/* What a record of the journal says, and doing it to the world. The first one is the world itself. */
#ifndef MU_SESSION_RECORD_H
#define MU_SESSION_RECORD_H

#include <muster/journal.h>

#include "session/world.h"

/* As JSON, to be given to mu_free. */
muster_status mu_record_of_event(char **out, size_t *out_size, const muster_event *event);
muster_status mu_record_of_issue(char **out, size_t *out_size, const mu_issue *issue,
                                 const mu_world *world);

/* The world that a journal begins with, from its first record. */
muster_status mu_record_read_world(mu_world **out, const char *json, size_t size);
/* Do the next record to the world. MUSTER_E_FORMAT where it cannot be, naming it. */
muster_status mu_record_apply(mu_world *world, uint64_t sequence, const char *json, size_t size);

#endif
