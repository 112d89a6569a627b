/* What the JSON of events and that of commits have in common. */
#ifndef MU_SESSION_EVENT_JSON_H
#define MU_SESSION_EVENT_JSON_H

#include <muster/event.h>

#include "session/json_fields.h"
#include "session/json_writer.h"

/* The member "unit". */
void          mu_write_unit(mu_json_writer *writer, const muster_event_unit *unit);
muster_status mu_read_unit(mu_fields *fields, mu_arena *arena, muster_event_unit *out);

#endif
