/* Binary COPY from PostgreSQL, row by row. Behind it stands libpq. */
#ifndef MU_GIS_POSTGIS_H
#define MU_GIS_POSTGIS_H

#include "core/error.h"

typedef struct mu_postgis mu_postgis;

/* Connect, and refuse to wait for ever: 10 s to connect, 60 s for a statement, unless the
 * connection string says otherwise. The password never appears in a message. */
muster_status mu_postgis_open(mu_postgis **out, const char *connection);
void          mu_postgis_close(mu_postgis *postgis); /* NULL is welcome */

/* Start `COPY (query) TO STDOUT (FORMAT binary)` in a read-only transaction. Every row will
 * have `column_count` columns. */
muster_status mu_postgis_copy(mu_postgis *postgis, const char *query, uint32_t column_count);
/* Go to the next row; *out_row is false behind the last. */
muster_status mu_postgis_next(mu_postgis *postgis, bool *out_row);
uint64_t      mu_postgis_row(const mu_postgis *postgis); /* from 1, for messages */

/* Columns of the row in hand; they live until the next row. */
bool          mu_postgis_is_null(const mu_postgis *postgis, uint32_t column);
muster_status mu_postgis_int64(const mu_postgis *postgis, uint32_t column, const char *name,
                               int64_t *out);
muster_status mu_postgis_float64(const mu_postgis *postgis, uint32_t column, const char *name,
                                 double *out);
const void   *mu_postgis_bytes(const mu_postgis *postgis, uint32_t column, uint32_t *out_size);

#endif
