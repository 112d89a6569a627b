/* What PostgreSQL's catalog says of a table, beside what it should be. */
#ifndef MU_GIS_POSTGIS_CATALOG_H
#define MU_GIS_POSTGIS_CATALOG_H

#include "gis/postgis_connection.h"
#include "gis/row_checker.h"

/* Which columns are there and of their type; *out_is_there is false where there is no table. */
muster_status mu_postgis_catalog_read(mu_postgis *postgis, const mu_schema_table *table,
                                      bool *out_is_there, bool out_is_usable[MU_SCHEMA_COLUMNS]);

/* Tell of what is missing or other than in the schema: tables and columns, and unless
 * `only_columns` also keys, references, checks and spatial indexes. */
muster_status mu_postgis_catalog_check(mu_postgis *postgis, const mu_schema_table *table,
                                       bool only_columns, mu_fault_found *found, void *user);

#endif
