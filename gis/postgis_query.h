/* Queries of a PostgreSQL whose rows are read cell by cell (row.h). */
#ifndef MU_GIS_POSTGIS_QUERY_H
#define MU_GIS_POSTGIS_QUERY_H

#include "gis/postgis_copy_out.h"
#include "gis/row.h"

/* Give the rows of the next query that has been asked for to a function. */
muster_status mu_postgis_read(mu_copy_out *queries, mu_read_row *read_row, void *user);
/* Ask and read at once, where no other query has rows that are not read yet. */
muster_status mu_postgis_query(mu_postgis *postgis, const char *table, const char *sql,
                               mu_read_row *read_row, void *user);

#endif
