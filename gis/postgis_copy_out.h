/* Rows out of PostgreSQL by binary COPY, as they come: fields that are not understood yet.
 *
 * Queries are asked for one after the other and sent together, when the first of them is begun; their
 * rows then come one query after the other, without a question in between. */
#ifndef MU_GIS_POSTGIS_COPY_OUT_H
#define MU_GIS_POSTGIS_COPY_OUT_H

#include "gis/postgis_connection.h"

enum { MU_COPY_COLUMNS = 32 };

/* A value as the server sends it. It may be changed, and so may be the MU_COPY_LENGTH_BYTES before it. */
typedef struct mu_copy_field {
    unsigned char *bytes; /* NULL: NULL */
    uint32_t       size;
} mu_copy_field;

/* Start from zeros and a connection; give back with mu_copy_out_fini, before it is closed or behind. */
typedef struct mu_copy_out {
    mu_postgis      *postgis;
    mu_postgis_doing doing;
    uint32_t         column_count;
    bool             has_header; /* it has been read */

    char        *asked; /* statements that are not sent yet */
    size_t       asked_bytes, asked_capacity;
    const char **table; /* of all queries, also those sent */
    size_t       table_count, table_capacity, begun_count, sent_count;
} mu_copy_out;

void mu_copy_out_fini(mu_copy_out *copy);

/* Ask for the rows of a query, which no user has written. `table` is for messages, and borrowed. */
muster_status mu_copy_out_ask(mu_copy_out *copy, const char *table, const char *sql);
/* Begin the next query, when the rows of the one before it have all been taken: `column_count` is known,
 * and the columns are those of the connection. MUSTER_E_FORMAT for more than MU_COPY_COLUMNS. */
muster_status mu_copy_out_begin(mu_copy_out *copy);
/* The next row, which lives until the one after it; *out_row is false behind the last. */
muster_status mu_copy_out_next(mu_copy_out *copy, mu_copy_field field[MU_COPY_COLUMNS],
                               bool *out_row);

/* MUSTER_E_FORMAT: the row in hand is not what a server sends. */
muster_status mu_copy_out_damaged(const mu_copy_out *copy, const char *what);

#endif
