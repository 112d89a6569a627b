/* A connection to PostgreSQL: one transaction, its statements, and the messages of its COPYs. Behind
 * it stands libpq.
 *
 * Nothing waits for ever: 10 s to connect, 10 s for a lock, a minute or an hour for a statement, unless
 * the connection string says otherwise, and a little longer than the statement may take for an answer of
 * any kind. No message holds a password. */
#ifndef MU_GIS_POSTGIS_CONNECTION_H
#define MU_GIS_POSTGIS_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_postgis mu_postgis;

/* What for, and so, how long one statement may take. */
typedef enum mu_postgis_use {
    MU_POSTGIS_READS,  /* a minute */
    MU_POSTGIS_WRITES, /* a minute */
    MU_POSTGIS_DUMPS,  /* reads, for up to an hour */
    MU_POSTGIS_LOADS   /* writes, for up to an hour */
} mu_postgis_use;

/* Connect. What follows is one transaction, which sees the database as it is now and, unless it is
 * committed, changes nothing. Tables are those of `schema`, a plain name, unless the connection string
 * sets the search path; NULL: those that the server finds. */
muster_status mu_postgis_open(mu_postgis **out, const char *connection, const char *schema,
                              mu_postgis_use use);
void          mu_postgis_close(mu_postgis *postgis); /* NULL is welcome */
muster_status mu_postgis_commit(mu_postgis *postgis);

/* "postgresql://HOST:PORT/DATABASE", for messages. */
const char *mu_postgis_name(const mu_postgis *postgis);

/* ---- statements -------------------------------------------------------------------------- */

/* Run statements without parameters, whose rows are not asked for; `what` is for messages: "cannot
 * create the table". */
muster_status mu_postgis_run(mu_postgis *postgis, const char *sql, const char *what);
/* Run one statement whose parameters are texts, and take the first column of its first row: a text
 * that lives until the next one, which may be asked for with it, or NULL where there is none. */
muster_status mu_postgis_value(mu_postgis *postgis, const char *sql, uint32_t parameter_count,
                               const char *const *parameter, const char *what,
                               const char **out_text);

/* Quote NAME or SCHEMA.NAME as identifiers, or a text as a literal, so that nothing in them is SQL;
 * to be given back with mu_gis_free. MUSTER_E_INVALID for what is no name. */
muster_status mu_postgis_quote_table(mu_postgis *postgis, char **out, const char *table);
muster_status mu_postgis_quote_text(mu_postgis *postgis, char **out, const char *text);

/* ---- columns ----------------------------------------------------------------------------- */

/* Learn the columns of somebody's query, which is one statement and yields rows, or is refused. */
muster_status mu_postgis_describe(mu_postgis *postgis, const char *query, const char *what);

/* The columns of what was described last, or of the COPY that comes. */
bool        mu_postgis_has(const mu_postgis *postgis, const char *column);
uint32_t    mu_postgis_column_count(const mu_postgis *postgis);
const char *mu_postgis_column_name(const mu_postgis *postgis, uint32_t column);
/* Object identifiers of types: of a column, and of PostGIS's geometry here; 0: there is none. */
uint32_t mu_postgis_column_oid(const mu_postgis *postgis, uint32_t column);
uint32_t mu_postgis_geometry_oid(const mu_postgis *postgis);

/* ---- COPY, message by message: for postgis_copy_out.c and postgis_copy_in.c ---------------- */

/* What is being done, for messages: `what` says that it cannot be; NULL: rows of a table are read, of
 * which that one came last; 0: none yet. */
typedef struct mu_postgis_doing {
    const char *what, *table;
    uint64_t    row;
} mu_postgis_doing;

/* Send statements, in pairs of a query for no row, which tells columns, and a COPY TO STDOUT. */
muster_status mu_postgis_send(mu_postgis *postgis, const char *sql, const mu_postgis_doing *doing);
/* Come to the next pair: its columns are known, its messages are next. */
muster_status mu_postgis_start_pair(mu_postgis *postgis, const mu_postgis_doing *doing);
/* The next message of the pair, which may be changed and lives until the one after it; *out_bytes is
 * NULL behind the last, when the server has said that it could send them all. */
muster_status mu_postgis_take_message(mu_postgis *postgis, const mu_postgis_doing *doing,
                                      unsigned char **out_bytes, uint32_t *out_size);
/* Leave the last pair: the connection is ready for other statements. */
muster_status mu_postgis_end_pairs(mu_postgis *postgis, const mu_postgis_doing *doing);

/* Start `COPY ... FROM STDIN`, send its bytes, and hear whether the server has taken them all. */
muster_status mu_postgis_put_start(mu_postgis *postgis, const char *sql);
muster_status mu_postgis_put(mu_postgis *postgis, const void *bytes, size_t size);
muster_status mu_postgis_put_end(mu_postgis *postgis);

#endif
