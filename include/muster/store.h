/** @file muster/store.h
 *  Networks and scenarios in a store: a GeoPackage, which is one SQLite file that QGIS opens, or a
 *  PostGIS with the same tables. They are described in docs/schema.md. Part of libmuster_gis.
 *
 *  A store is named by the path of a file or by a connection string of libpq (`postgresql://...`,
 *  `host=...`; muster_database_is_server tells them apart). Everything that one call reads from a
 *  database is of one moment. It reads the tables of the schema `muster`, or of the search path
 *  that the connection sets (`?options=-csearch_path=NAME`), waits 10 s to connect, 10 s for a lock
 *  and 60 s for a statement unless the connection says otherwise, and says no password in a message.
 *  The same rows in a file and in a database make the same network and the same problem. */
#ifndef MUSTER_STORE_H
#define MUSTER_STORE_H

#include <muster/hierarchy.h>
#include <muster/problem.h>
#include <muster/profile_file.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What to call a store in a message, or in a file that others read: the path, or the connection
 *  without user, password and options; cut to @p room bytes, which are 16 or more.
 *  @return MUSTER_E_INVALID for a connection that cannot be read. */
MUSTER_API muster_status muster_store_name(char *out, size_t room, const char *place);

/** Write @p network to a new GeoPackage, with the order of its nodes if it has one. The file appears whole or not at all: it is
 *  written beside @p path and renamed. An existing file is replaced.
 *  @return MUSTER_E_IO, MUSTER_E_NOMEM, MUSTER_E_CANCELLED. */
MUSTER_API muster_status muster_network_save(const muster_network *network, const char *path,
                                             muster_progress progress, void *progress_user);

/** Order the nodes of the network in a store (muster_network_build_hierarchy) and keep the order
 *  there, in node.rank: loading it again is then many times faster. An order that the store has
 *  already is used and kept. Everything else stays as it is, a scenario too. Of a file, a new one is
 *  written beside it and renamed; in a database ranks are written in one transaction, during which
 *  nobody else can write table node, and nothing is locked while nodes are being ordered.
 *  @param path           the store: a path or a connection
 *  @param out_path       the file to write; NULL: @p path itself, and for a database nothing else
 *  @param out_info       receives the hierarchy's quality; may be NULL
 *  @param progress       may be NULL
 *  @param progress_user  given to @p progress as it is
 *  @return as muster_network_load and muster_network_save; MUSTER_E_IO where a database does not let
 *          ranks be written, which is found out before nodes are ordered; MUSTER_E_INVALID for
 *          nodes that have come or gone meanwhile: nothing is written then. */
MUSTER_API muster_status muster_network_order(const char *path, const char *out_path,
                                              muster_hierarchy_info *out_info,
                                              muster_progress progress, void *progress_user);

/** Read the network of a store. It is only read, and not trusted. Rows are taken as they come: no
 *  table is in memory as a whole.
 *  @param out    receives the network, yours: muster_network_free
 *  @param place  a path or a connection
 *  @return MUSTER_E_IO (no such file; no server, no such database, no permission, no answer, the
 *          connection is lost), MUSTER_E_FORMAT (no GeoPackage, or a store without muster's
 *          tables, or with newer ones), MUSTER_E_INVALID naming table, row, field, value and what
 *          was expected, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_network_load(muster_network **out, const char *place);

/** A network, its metrics, and the resources and incidents of one scenario. */
typedef struct muster_scenario muster_scenario;

/** Read a scenario from a store. Units travel by the profiles of its own table and the built-in ones; the problem's metrics are
 *  those of the profiles that units name, in that order, on a network with a hierarchy. A team,
 *  vehicle or machine without a turnout has its profile's.
 *  @param out    receives the scenario, yours: muster_scenario_free
 *  @param place  a path or a connection
 *  @param code   which of the store's scenarios; NULL: the one marked as default
 *  @return as muster_network_load; MUSTER_E_INVALID also for an unknown code (the message
 *          lists those there are), an empty inventory, an incident without a need. */
MUSTER_API muster_status muster_scenario_load(muster_scenario **out, const char *place,
                                              const char *code);
/** The same with units that travel by any profile of a set, which must outlive the scenario.
 *  @param out       as for muster_scenario_load
 *  @param place     a path or a connection
 *  @param code      as for muster_scenario_load
 *  @param profiles  NULL: those of the store's own table, and the built-in ones */
MUSTER_API muster_status muster_scenario_load_with(muster_scenario **out, const char *place,
                                                   const char            *code,
                                                   const muster_profiles *profiles);
/** The same as muster_scenario_load with units that are not available, for whoever hears when they are
 *  again, as a session does: their rows are in the problem as if they were, muster_scenario_unavailable
 *  says which they are, and whoever plans leaves them out himself. */
MUSTER_API muster_status muster_scenario_load_whole(muster_scenario **out, const char *place,
                                                    const char *code);
/** Read the scenario of the same code again, as it is now, for whoever follows a store (muster/live.h)
 *  and plans again. Network, profiles and metrics stay, so it takes milliseconds, and a planner knows
 *  its travel times again (muster_planner_plan); of a profile that no unit travelled by before, the
 *  metric is made. Where roads or profiles have changed, load it anew. The problem is another one
 *  afterwards; on failure everything is as it was.
 *  @param scenario  nobody else may use it meanwhile
 *  @param place     the store that it was loaded from, or one with the same roads
 *  @return as muster_scenario_load. */
MUSTER_API muster_status muster_scenario_reload(muster_scenario *scenario, const char *place);
MUSTER_API void          muster_scenario_free(muster_scenario *scenario);
/** Those that its units travel by: the set that was given, or the store's. */
MUSTER_API const muster_profiles *muster_scenario_profiles(const muster_scenario *scenario);
MUSTER_API const char            *muster_scenario_code(const muster_scenario *scenario);
MUSTER_API const char            *muster_scenario_name(const muster_scenario *scenario);
MUSTER_API const muster_network  *muster_scenario_network(const muster_scenario *scenario);
/** The problem, with metrics attached. It lives as long as the scenario. Items come by vehicle
 *  where a vehicle of the store has a payload and a volume; a copy of the problem may say
 *  otherwise. */
MUSTER_API const muster_problem *muster_scenario_problem(const muster_scenario *scenario);
/** Which rows of the problem's teams or vehicles the store says cannot be sent now, ascending. Of a scenario
 *  that was not loaded whole there are none: it has no such rows. Lives as long as the problem. */
MUSTER_API const uint32_t *muster_scenario_unavailable(const muster_scenario *scenario,
                                                       muster_resource        resource,
                                                       uint32_t              *out_count);

/** One line of a census: "machine" "pump" "city" 120. */
typedef struct muster_store_count {
    /** node, rank (nodes that are ordered), edge, arc, component, restriction (by kind, and of all
     *  those that searches apply), place, team,
     *  capability, vehicle, machine, warehouse, stock, at_risk_site, kit, scenario, incident or
     *  need: see docs/schema.md. */
    const char *what;
    const char *kind;      /**< Kind, road class or scenario code; "" where none applies. */
    const char *tier;      /**< city, county, town, village, social, expert; "" where none. */
    int64_t     row_count; /**< Rows. */
    int64_t     quantity;  /**< People, machines, items...; = row_count where rows are units. */
} muster_store_count;

typedef struct muster_store_info muster_store_info;

/** Count what a store holds, in a fixed order. Tables that are absent are left out.
 *  @return as muster_network_load. */
MUSTER_API muster_status muster_store_info_read(muster_store_info **out, const char *place);
/** The same for a network that is loaded already, from a snapshot say. */
MUSTER_API muster_status             muster_store_info_of_network(muster_store_info   **out,
                                                                  const muster_network *network);
MUSTER_API void                      muster_store_info_free(muster_store_info *info);
MUSTER_API const muster_store_count *muster_store_info_counts(const muster_store_info *info,
                                                              uint32_t                *out_count);

#ifdef __cplusplus
}
#endif
#endif
