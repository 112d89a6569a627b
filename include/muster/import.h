/** @file muster/import.h
 *  Road networks from other people's files. Part of libmuster_gis. */
#ifndef MUSTER_IMPORT_H
#define MUSTER_IMPORT_H

#include <muster/coordinates.h>
#include <muster/hierarchy.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an OpenStreetMap import met, and what it left out and why. */
typedef struct muster_osm_summary {
    uint64_t way_count;                 /**< Ways in the file. */
    uint64_t road_count;                /**< Of them, taken as roads or ferries. */
    uint64_t skipped_not_road;          /**< No highway tag, or one that is no road for vehicles. */
    uint64_t skipped_no_access;         /**< A road closed to every vehicle, emergency included. */
    uint64_t skipped_area;              /**< `area=yes`: a square, not a line. */
    uint64_t skipped_too_short;         /**< Fewer than two located nodes. */
    uint64_t missing_node_count;        /**< Way nodes that have no location in the file. */
    uint64_t cut_way_count;             /**< Ways that lost a piece to missing nodes. */
    uint64_t maxspeed_unreadable_count; /**< maxspeed values not understood: class default used. */
    char     maxspeed_unreadable_example[64]; /**< The first of them; empty if none. */
    uint64_t restriction_count;               /**< Turn restrictions kept. */
    uint64_t restriction_unresolved_count; /**< Of them, whose members are not in the network or do
                                            *   not lead from one to the next. */
    uint64_t restriction_skipped_count; /**< Without a usable from, via or to, or in force at some
                                         *   hours only. */
    uint64_t contracted_node_count;     /**< Nodes of degree two that became shape points. */
} muster_osm_summary;

/** Read roads from `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`. Two passes over the file.
 *  Chains through nodes where nothing changes become one edge with their shape kept.
 *  @param out            receives the network, yours: muster_network_free
 *  @param path           the file
 *  @param summary        may be NULL
 *  @param progress       may be NULL
 *  @param progress_user  given to @p progress as it is
 *  @return MUSTER_E_IO (no such file), MUSTER_E_FORMAT (not OSM, truncated, damaged),
 *          MUSTER_E_INVALID (no road in it), MUSTER_E_NOMEM, MUSTER_E_CANCELLED.
 *  Memory: about 16 bytes a road node while reading. */
MUSTER_API muster_status muster_import_osm(muster_network **out, const char *path,
                                           muster_osm_summary *summary, muster_progress progress,
                                           void *progress_user);

/** Read a graph of the 9th DIMACS challenge. The weight of an arc becomes its stated
 *  duration in milliseconds, number for number. Lengths come from @p length_path (a
 *  second graph file with the same arcs, in 0.1 m as the challenge has them) or, where
 *  that is NULL, from the coordinates along the ellipsoid. Files may be gzipped.
 *  Coordinates are millionths of a degree of @p crs, a system of longitude and latitude; NULL:
 *  WGS 84.
 *  Arcs u-v and v-u become one edge. Edge class is MUSTER_ROAD_ROAD.
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT naming file and line, MUSTER_E_INVALID for a system of
 *          easting and northing, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_import_dimacs(muster_network **out, const char *graph_path,
                                              const char *coordinate_path, const char *length_path,
                                              muster_crs *crs, muster_progress progress,
                                              void *progress_user);

/** Read a network from PostGIS by pgRouting's five columns.
 *  @param out            receives the network, yours: muster_network_free
 *  @param connection     a libpq connection string or URI ("postgresql://localhost/roads")
 *  @param query          SQL that yields `id, source, target, cost, reverse_cost, geom`: cost in
 *                        seconds, negative where the direction is not there; geom a line from
 *                        source to target in any reference system PostGIS knows. A table's name
 *                        will do: "SELECT ... FROM ways". It runs in a read-only transaction.
 *  @param order_table    the table of an order (muster_postgis_order), "NAME" or "SCHEMA.NAME",
 *                        from which node_rank is read; NULL: it is left out
 *  @param progress       may be NULL
 *  @param progress_user  given to @p progress as it is
 *  The costs become stated durations, rounded to the millisecond; lengths are those of the
 *  lines along the ellipsoid; the class is MUSTER_ROAD_ROAD.
 *  @return MUSTER_E_IO (no connection, the query fails; the server's words in the message),
 *          MUSTER_E_INVALID naming row and column, or for an order that is stale: that of other
 *          nodes, or of other neighbours; MUSTER_E_NOMEM, MUSTER_E_CANCELLED. */
MUSTER_API muster_status muster_import_postgis(muster_network **out, const char *connection,
                                               const char *query, const char *order_table,
                                               muster_progress progress, void *progress_user);

/** Order the nodes of the network that @p query yields (muster_network_build_hierarchy) and keep
 *  the order in the same database: a table `(node bigint PRIMARY KEY, rank integer)`, with what it
 *  is the order of in its comment. The table is made, or replaced where it is such an order already,
 *  in one transaction; whoever reads it sees the old order or the new one. Any other table of that
 *  name is refused.
 *  @param connection     as for muster_import_postgis
 *  @param query          as for muster_import_postgis
 *  @param table          "NAME" or "SCHEMA.NAME"; quoted, so that nothing in it is SQL, and upper
 *                        case stays upper case
 *  @param out_info       receives the hierarchy's quality; may be NULL
 *  @param progress       may be NULL
 *  @param progress_user  given to @p progress as it is
 *  @return as muster_import_postgis; MUSTER_E_IO without the permission to write, before the nodes
 *          are ordered. */
MUSTER_API muster_status muster_postgis_order(const char *connection, const char *query,
                                              const char *table, muster_hierarchy_info *out_info,
                                              muster_progress progress, void *progress_user);

#ifdef __cplusplus
}
#endif
#endif
