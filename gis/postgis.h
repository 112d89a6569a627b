/* Binary COPY from and to PostgreSQL, row by row. Behind it stands libpq. */
#ifndef MU_GIS_POSTGIS_H
#define MU_GIS_POSTGIS_H

#include "core/error.h"

typedef struct mu_postgis mu_postgis;

typedef enum mu_postgis_use { MU_POSTGIS_READS, MU_POSTGIS_WRITES } mu_postgis_use;

/* Connect, and refuse to wait for ever: 10 s to connect, 60 s for a statement, unless the
 * connection string says otherwise. The password never appears in a message. What follows is one
 * transaction, which sees the database as it is now and, unless it is committed, changes nothing. */
muster_status mu_postgis_open(mu_postgis **out, const char *connection, mu_postgis_use use);
void          mu_postgis_close(mu_postgis *postgis); /* NULL is welcome */
muster_status mu_postgis_commit(mu_postgis *postgis);

/* Run a statement without rows; `what` is for messages: "cannot create the table". */
muster_status mu_postgis_run(mu_postgis *postgis, const char *sql, const char *what);

/* Quote NAME or SCHEMA.NAME as identifiers, or a text as a literal, so that nothing in them is SQL;
 * to be given back with mu_gis_free. MUSTER_E_INVALID for what is no name. */
muster_status mu_postgis_quote_table(mu_postgis *postgis, char **out, const char *table);
muster_status mu_postgis_quote_text(mu_postgis *postgis, char **out, const char *text);

/* Start `COPY (query) TO STDOUT (FORMAT binary)`. Every row will have `column_count` columns. */
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

/* Start `COPY table FROM STDIN (FORMAT binary)`, put rows of a bigint and an integer, end. */
muster_status mu_postgis_put_start(mu_postgis *postgis, const char *quoted_table);
muster_status mu_postgis_put(mu_postgis *postgis, int64_t first, int32_t second);
muster_status mu_postgis_put_end(mu_postgis *postgis);

#endif
