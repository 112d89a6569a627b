/* Every row of a table, one after the other, to a function. */
#ifndef MU_GIS_TABLE_READER_H
#define MU_GIS_TABLE_READER_H

#include "gis/database.h"

/* `argument` becomes parameter 1 of the query; NULL where it has none. The first failure of
 * `read_row` ends the reading. */
static inline muster_status mu_table_read(mu_database *database, const char *table, const char *sql,
                                          const char *argument,
                                          muster_status (*read_row)(void *, const mu_statement *),
                                          void *user) {
    mu_statement *row;
    bool          there;
    MU_TRY(mu_statement_new(&row, database, table, sql));
    if (argument) mu_bind_text(row, 1, argument);
    muster_status status = mu_statement_next(row, &there);
    while (status == MUSTER_OK && there) {
        status = read_row(user, row);
        if (status == MUSTER_OK) status = mu_statement_next(row, &there);
    }
    mu_statement_free(row);
    return status;
}

#endif
