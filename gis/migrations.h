/* The migrations of a PostGIS database, in order. Number n makes version n of version n - 1; the
 * first makes the tables in an empty schema. One that has been released is never changed: what
 * comes later is a migration of its own. */
#ifndef MU_GIS_MIGRATIONS_H
#define MU_GIS_MIGRATIONS_H

#include <stdint.h>

typedef struct mu_migration {
    const char *name; /* of the file */
    const char *sql;
} mu_migration;

/* The `*out_count` of them; the first is version 1. */
const mu_migration *mu_migrations(uint32_t *out_count);

#endif
