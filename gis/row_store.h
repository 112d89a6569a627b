/* Where rows come from and go to: PostGIS, a GeoPackage, or a folder of CSV and GeoJSON, behind one
 * face. Tables come in the order of mu_schema_tables, rows by rising key, values in the order of
 * the table's columns. Both ends are one transaction: what is read is of one moment, what is written
 * is there wholly or not at all. */
#ifndef MU_GIS_ROW_STORE_H
#define MU_GIS_ROW_STORE_H

#include "gis/row_checker.h"

enum { MU_STORE_NAME_BYTES = 240 };

typedef enum mu_store_kind { MU_STORE_GEOPACKAGE, MU_STORE_POSTGIS, MU_STORE_FOLDER } mu_store_kind;

/* What a location is: PostGIS for a connection string ("postgresql://..." or "host=..."), a folder
 * for one that is there or ends in '/', or has no ".gpkg" behind it and is no file. */
mu_store_kind mu_store_kind_of(const char *location);

/* Rows to be read. Each kind of store begins with one of these. */
typedef struct mu_row_source {
    const struct mu_row_source_class *class;
    char name[MU_STORE_NAME_BYTES]; /* as messages have it */
} mu_row_source;

typedef struct mu_row_source_class {
    /* Tell of what is other than in the schema: of missing columns, and unless `only_columns` of
     * all that the store has beside them. */
    muster_status (*inspect)(mu_row_source *source, const mu_schema_table *table, bool only_columns,
                             mu_fault_found *found, void *user);
    /* Begin a table. Where there is none, *out_is_there is false and no row comes. */
    muster_status (*begin)(mu_row_source *source, const mu_schema_table *table, bool *out_is_there);
    /* The next row, whose values live until the one after it; *out_row is false behind the last. */
    muster_status (*next)(mu_row_source *source, mu_value *value, bool *out_row);
    void (*close)(mu_row_source *source);
} mu_row_source_class;

/* @param schema  of PostGIS */
muster_status mu_row_source_open(mu_row_source **out, const char *location, const char *schema);
void          mu_row_source_close(mu_row_source *source); /* NULL is welcome */

/* Rows to be written. */
typedef struct mu_row_target {
    const struct mu_row_target_class *class;
    char name[MU_STORE_NAME_BYTES];
} mu_row_target;

typedef struct mu_row_target_class {
    muster_status (*begin)(mu_row_target *target, const mu_schema_table *table);
    /* The values are what the columns hold; `bounds` are those of the geometry. */
    muster_status (*put)(mu_row_target *target, const mu_value *value, const mu_bounds *bounds);
    muster_status (*end)(mu_row_target *target);
    muster_status (*publish)(mu_row_target *target);
    void (*close)(mu_row_target *target);
} mu_row_target_class;

/* @param is_replacing  what is there may be replaced; otherwise it is refused */
muster_status mu_row_target_open(mu_row_target **out, const char *location, const char *schema,
                                 bool is_replacing);
/* Without publishing it first nothing is left of what was written. NULL is welcome. */
void mu_row_target_close(mu_row_target *target);

/* The stores, each in a file of its own. */
muster_status mu_geopackage_source_open(mu_row_source **out, const char *path);
muster_status mu_geopackage_target_open(mu_row_target **out, const char *path, bool is_replacing);
muster_status mu_postgis_source_open(mu_row_source **out, const char *connection,
                                     const char *schema);
muster_status mu_postgis_target_open(mu_row_target **out, const char *connection,
                                     const char *schema, bool is_replacing);
muster_status mu_folder_source_open(mu_row_source **out, const char *path);
muster_status mu_folder_target_open(mu_row_target **out, const char *path, bool is_replacing);

/* MUSTER_E_IO where something is at `path` that must not be replaced. */
muster_status mu_store_check_free(const char *path, bool is_replacing);

#endif
