/* What a connection string of libpq says: a URI, or "host=... dbname=...". */
#ifndef MU_GIS_CONNECTION_STRING_H
#define MU_GIS_CONNECTION_STRING_H

#include <stddef.h>

#include "core/error.h"

/* "postgresql://HOST:PORT/DATABASE", without the password, cut to `room`, which may be 0. MUSTER_E_INVALID
 * where it is none, which is said without repeating it. */
muster_status mu_connection_name(char *out, size_t room, const char *connection);

/* What the server is told at the start: "-c NAME=VALUE ..." of ours, and of the string, or of PGOPTIONS,
 * which count for more. To be given back with mu_gis_free. */
muster_status mu_connection_options(char **out, const char *connection, const char *ours);

#endif
