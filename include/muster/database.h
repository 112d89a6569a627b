/** @file muster/database.h
 *  The tables of muster, wherever they are: made and brought up to date, moved and checked. Part of
 *  libmuster_gis. docs/schema.md says what the tables mean, docs/database.md how to go about it.
 *
 *  A store is a location:
 *  - PostGIS, by a libpq connection string or URI: "postgresql://localhost/city", "host=/run/pg";
 *  - a GeoPackage, by its path: "city.gpkg";
 *  - a folder of one file a table, by its path: "city/". Tables with a geometry are GeoJSON
 *    (team.geojson), the others CSV (stock.csv).
 *
 *  All calls block, but not for ever: 10 s to connect, 10 s for a lock, an hour for a statement,
 *  unless the connection string says otherwise. They may run on any number of threads at once. */
#ifndef MUSTER_DATABASE_H
#define MUSTER_DATABASE_H

#include <muster/hierarchy.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Start from MUSTER_DATABASE_OPTIONS_INIT and change what matters. */
typedef struct muster_database_options {
    size_t          struct_size;
    const char     *schema;  /**< Of PostGIS: where the tables are; NULL: "muster". */
    bool            replace; /**< Of muster_database_copy: what is at the target may be replaced. */
    muster_progress progress; /**< May be NULL; phases are the names of tables. */
    void           *progress_user;
} muster_database_options;

#define MUSTER_DATABASE_OPTIONS_INIT                                                               \
    { sizeof(muster_database_options), NULL, false, NULL, NULL }

/** Which version the tables had, and which they have now; `from` is 0 where there were none. */
typedef struct muster_database_version {
    uint32_t from, to;
} muster_database_version;

/** Is the location a PostGIS connection, and neither a file nor a folder? */
MUSTER_API bool muster_database_is_server(const char *store);

/** Make the tables in a PostGIS database, in a schema of their own, which is created where it is not
 *  there. Where they are there already they are brought to the newest version; where they are of
 *  that, nothing is done. One transaction, one caller at a time.
 *  @param connection   a libpq connection string or URI
 *  @param options      may be NULL
 *  @param out_version  receives which version it had and has; may be NULL
 *  @return MUSTER_E_IO (no connection, no permission, no PostGIS to be had; the server's words in
 *          the message), MUSTER_E_FORMAT for a schema that holds what is not muster's, or that is of
 *          a newer version, MUSTER_E_INVALID for what is no name, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_database_init(const char                    *connection,
                                              const muster_database_options *options,
                                              muster_database_version       *out_version);

/** Bring the tables of a PostGIS database or of a GeoPackage to the newest version. In PostGIS that is
 *  what is missing of the migrations, in one transaction; a GeoPackage is written anew beside itself
 *  and renamed, with all that is in it, whoever put it there, and columns and tables that it lacked.
 *  @return as muster_database_init and muster_network_load; MUSTER_E_FORMAT also where there are no
 *          tables yet; MUSTER_E_INVALID naming what is in an old file that may not be in a new one. */
MUSTER_API muster_status muster_database_migrate(const char                    *store,
                                                 const muster_database_options *options,
                                                 muster_database_version       *out_version);

/** A value that is wrong. Texts live as long as the report. */
typedef struct muster_database_fault {
    const char *table;
    const char *row;      /**< Its key: "fid 17"; "" where the table itself is wrong. */
    const char *column;   /**< "" where no single one is wrong. */
    const char *value;    /**< As a person reads it; a long one is cut. */
    const char *expected; /**< "a whole number from 1 to 1000000000" */
} muster_database_fault;

/** How many rows a table has. */
typedef struct muster_database_table {
    const char *name;
    uint64_t    row_count;
    bool        is_there; /**< False: the store has no such table. */
} muster_database_table;

/** What was found in a store, or moved out of it. */
typedef struct muster_database_report muster_database_report;

MUSTER_API void muster_database_report_free(muster_database_report *report);
/** Tables in the order in which they refer to each other. */
MUSTER_API const muster_database_table *
muster_database_report_tables(const muster_database_report *report, uint32_t *out_count);
/** The first faults, up to 1,000 of each table. */
MUSTER_API const muster_database_fault *
muster_database_report_faults(const muster_database_report *report, uint32_t *out_count);
/** How many faults there are in all. */
MUSTER_API uint64_t muster_database_report_fault_count(const muster_database_report *report);

/** Compare a store with the schema and look at every row: types, ranges, words, codes that are
 *  there twice, references that lead nowhere, geometries, sites that are far from the network, an
 *  order of the nodes that is none. What is wrong is in the report; that something is wrong is an
 *  answer and no failure. Nothing is changed. O(rows), and memory for the keys.
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT (no such tables, another version, damaged),
 *          MUSTER_E_NOMEM, MUSTER_E_CANCELLED. */
MUSTER_API muster_status muster_database_check(muster_database_report **out, const char *store,
                                               const muster_database_options *options);

/** Copy everything from one store to another: what arrives is equal, row for row. Rows are checked on
 *  the way, as muster_database_check does, and the first that is wrong ends it. All or nothing: one
 *  transaction in PostGIS, whose tables have to be there (muster_database_init) and empty; a new
 *  file or folder that is renamed when it is whole.
 *  @param out      receives how many rows were copied; may be NULL
 *  @param from     the store to read
 *  @param to       the store to write
 *  @param options  may be NULL
 *  @return MUSTER_E_INVALID naming table, row, column, value and what was expected; else as
 *          muster_database_check; MUSTER_E_IO also where something is at the target that may not be
 *          replaced. */
MUSTER_API muster_status muster_database_copy(muster_database_report **out, const char *from,
                                              const char                    *to,
                                              const muster_database_options *options);

#ifdef __cplusplus
}
#endif
#endif
