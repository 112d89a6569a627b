/* A connection to PostgreSQL for those who make, fill and empty tables: statements with parameters,
 * rows out of a query and into a table by binary COPY. Behind it stands libpq.
 *
 * A session is one transaction. Nothing waits for ever: 10 s to connect, 10 s for a lock, an hour
 * for a statement, unless the connection string says otherwise. No message holds a password. */
#ifndef MU_GIS_POSTGIS_SESSION_H
#define MU_GIS_POSTGIS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_session mu_session;

typedef enum mu_session_use { MU_SESSION_READS, MU_SESSION_WRITES } mu_session_use;

/* Connect and begin. What is read is of one moment, and what is not committed never was. */
muster_status mu_session_open(mu_session **out, const char *connection, mu_session_use use);
void          mu_session_close(mu_session *session); /* NULL is welcome */
muster_status mu_session_commit(mu_session *session);

/* Run statements without parameters; `what` is for messages: "cannot make the tables". */
muster_status mu_session_run(mu_session *session, const char *sql, const char *what);
/* Run one statement whose parameters are texts, and take the first column of its first row: a text
 * that is the session's until the next one, or NULL where there is none. */
muster_status mu_session_ask(mu_session *session, const char *sql, uint32_t parameter_count,
                             const char *const *parameter, const char *what, const char **out_text);

/* Rows of a query, each of `column_count` columns. */
muster_status mu_session_copy(mu_session *session, const char *query, uint32_t column_count);
/* The next row, as bytes that live until the one after it; NULL for NULL. *out_row is false behind
 * the last. */
muster_status mu_session_next(mu_session *session, const unsigned char **out_bytes,
                              uint32_t *out_size, bool *out_row);

/* Rows into a table: `table` is "name (column, ...)". A row is its number of columns, then each of
 * them in one piece or several, with the size of all of them first. */
muster_status mu_session_put_start(mu_session *session, const char *table);
muster_status mu_session_put_row(mu_session *session, uint16_t column_count);
muster_status mu_session_put_size(mu_session *session, uint32_t size); /* UINT32_MAX: NULL */
muster_status mu_session_put_bytes(mu_session *session, const void *bytes, size_t size);
/* A number of `size` bytes, in network byte order; the size comes before it. */
muster_status mu_session_put_number(mu_session *session, uint64_t value, uint32_t size);
muster_status mu_session_put_end(mu_session *session);

/* A number in network byte order. */
uint64_t mu_session_number(const unsigned char *bytes, uint32_t size);

#endif
