/* The schema of a PostGIS database that holds muster's tables: is it there, how far has it got, and
 * is it ours at all? */
#ifndef MU_GIS_POSTGIS_SCHEMA_H
#define MU_GIS_POSTGIS_SCHEMA_H

#include <muster/database.h>

#include "gis/postgis_connection.h"

/* Look for names in `schema`, then where PostGIS is, until the transaction ends. MUSTER_E_IO where the
 * database has no PostGIS. */
muster_status mu_postgis_schema_use(mu_postgis *postgis, const char *schema);

/* How many migrations have run: 0 where there is no such schema, or nothing in it. MUSTER_E_FORMAT
 * where what is in it is not ours, or of a newer version. */
muster_status mu_postgis_schema_version(mu_postgis *postgis, const char *schema, uint32_t *out);

/* Run the migrations that are missing. */
muster_status mu_postgis_schema_migrate(const char                    *connection,
                                        const muster_database_options *options,
                                        muster_database_version       *out_version);

/* Use a schema that is of the newest version; any other is refused, with what to do. */
muster_status mu_postgis_schema_open(mu_postgis *postgis, const char *schema);

#endif
