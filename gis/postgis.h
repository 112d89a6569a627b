/* Rows from and to PostgreSQL by binary COPY. Behind it stands libpq.
 *
 * Nothing waits for ever: 10 s to connect, 60 s for a statement, 10 s for a lock, unless the
 * connection string says otherwise, and a little longer than the statement may take for an answer of any kind.
 * No message holds a password. */
#ifndef MU_GIS_POSTGIS_H
#define MU_GIS_POSTGIS_H

#include "gis/row.h"

typedef struct mu_postgis mu_postgis;

typedef enum mu_postgis_use { MU_POSTGIS_READS, MU_POSTGIS_WRITES } mu_postgis_use;

/* Connect. What follows is one transaction, which sees the database as it is now and, unless it is
 * committed, changes nothing. Tables are those of `schema`, a plain name, unless the connection string
 * sets the search path; NULL: those that the server finds. */
muster_status mu_postgis_open(mu_postgis **out, const char *connection, const char *schema,
                              mu_postgis_use use);
void          mu_postgis_close(mu_postgis *postgis); /* NULL is welcome */
muster_status mu_postgis_commit(mu_postgis *postgis);

/* "postgresql://HOST:PORT/DATABASE", for messages. */
const char *mu_postgis_name(const mu_postgis *postgis);
/* The same of a connection string, cut to `room`; MUSTER_E_INVALID where it is none. */
muster_status mu_postgis_name_of(char *out, size_t room, const char *connection);

/* Run a statement without rows; `what` is for messages: "cannot create the table". */
muster_status mu_postgis_run(mu_postgis *postgis, const char *sql, const char *what);

/* Quote NAME or SCHEMA.NAME as identifiers, or a text as a literal, so that nothing in them is SQL;
 * to be given back with mu_gis_free. MUSTER_E_INVALID for what is no name. */
muster_status mu_postgis_quote_table(mu_postgis *postgis, char **out, const char *table);
muster_status mu_postgis_quote_text(mu_postgis *postgis, char **out, const char *text);

/* Learn the columns of somebody's query, which is one statement and yields rows, or is refused. */
muster_status mu_postgis_describe(mu_postgis *postgis, const char *query, const char *what);
/* Has what was described last a column of that name? */
bool mu_postgis_has(const mu_postgis *postgis, const char *column);

/* Ask for the rows of a query, which no user has written. Queries are sent together when the
 * first of them is read; their rows come one after the other, without a question in between.
 * `table` is static; it is for messages. */
muster_status mu_postgis_ask(mu_postgis *postgis, const char *table, const char *sql);
/* Give the rows of the next query to a function. */
muster_status mu_postgis_read(mu_postgis *postgis, mu_read_row *read_row, void *user);

/* Start `COPY table FROM STDIN (FORMAT binary)`, put rows of a bigint and an integer, end. */
muster_status mu_postgis_put_start(mu_postgis *postgis, const char *quoted_table);
muster_status mu_postgis_put(mu_postgis *postgis, int64_t first, int32_t second);
muster_status mu_postgis_put_end(mu_postgis *postgis);

#endif
