/* See migrations.h. To add one: write gis/migrations/NNNN_what_it_does.sql without schema names, embed
 * it in CMakeLists.txt, name it at the end of this list, and bring geopackage_scenario.sql and
 * schema_tables.c up to date; tests/postgis/test_schema.py says where they disagree. */
#include "gis/migrations.h"

extern const char mu_schema_sql[];   /* schema.sql */
extern const char mu_dispatch_sql[]; /* migrations/0002_dispatch.sql */
extern const char mu_wake_sql[];     /* migrations/0003_wake_after_commit.sql */
extern const char mu_units_sql[];    /* migrations/0004_unit_changes.sql */
extern const char mu_what_for_sql[]; /* migrations/0005_claims_say_what_for.sql */
extern const char mu_used_sql[];     /* migrations/0006_used_claims.sql */

static const mu_migration MIGRATIONS[] = {
    {"schema.sql", mu_schema_sql},
    {"0002_dispatch.sql", mu_dispatch_sql},
    {"0003_wake_after_commit.sql", mu_wake_sql},
    {"0004_unit_changes.sql", mu_units_sql},
    {"0005_claims_say_what_for.sql", mu_what_for_sql},
    {"0006_used_claims.sql", mu_used_sql},
};

const mu_migration *mu_migrations(uint32_t *out_count) {
    *out_count = sizeof MIGRATIONS / sizeof *MIGRATIONS;
    return MIGRATIONS;
}
