/* Where tables are read from: a GeoPackage or a PostGIS. Who reads rows does not know which.
 *
 * All that is read from a store is of one moment: what others write meanwhile is not seen. */
#ifndef MU_GIS_STORE_H
#define MU_GIS_STORE_H

#include "gis/row.h"

/* A query in the SQL that SQLite and PostgreSQL share, where codes are ordered and compared by
 * COLLATE BINARY and ?1 stands for the argument. */
typedef struct mu_query {
    const char *table; /* static; for messages */
    const char *sql;
    const char *argument; /* NULL: there is none */
} mu_query;

/* What each kind of store has and does; the first member of its own struct. */
typedef struct mu_store mu_store;
struct mu_store {
    const char *name;           /* for messages */
    const char *maker;          /* what makes its tables: "muster import osm" */
    int         newest_version; /* of its tables that we can read */
    muster_status (*has_table)(mu_store *store, const char *table, bool *out);
    muster_status (*has_column)(mu_store *store, const char *table, const char *column, bool *out);
    muster_status (*ask)(mu_store *store, const mu_query *query);
    muster_status (*read)(mu_store *store, mu_read_row *read_row, void *user);
    void (*close)(mu_store *store);
};

/* Open a GeoPackage by its path, or a PostGIS by its connection (muster_database_is_server). */
muster_status mu_store_open(mu_store **out, const char *place);
void          mu_store_close(mu_store *store); /* NULL is welcome */

muster_status mu_store_has_table(mu_store *store, const char *table, bool *out);
muster_status mu_store_has_column(mu_store *store, const char *table, const char *column,
                                  bool *out);

/* Ask for rows, and later read them, in the order of asking: a server then sends the rows of
 * one query after those of the other, without being asked again in between. Nothing is left to be
 * read after a failure. */
muster_status mu_store_ask(mu_store *store, const mu_query *query);
muster_status mu_store_read(mu_store *store, mu_read_row *read_row, void *user);
/* Both at once, where nothing else has been asked for. */
muster_status mu_store_query(mu_store *store, const mu_query *query, mu_read_row *read_row,
                             void *user);

#endif
