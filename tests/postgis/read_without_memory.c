/* Reads everything that can be read from a database, and orders the nodes of another one, and fails at the
 * first allocation, at the second, and so on, until nothing fails any more. Driven by
 * test_read_postgis.py, which has the server.
 *
 * usage: read_without_memory CONNECTION UNORDERED */
#include <stdio.h>

#include <muster/hazard.h>
#include <muster/import.h>
#include <muster/map.h>
#include <muster/store.h>

#include "gis/memory.h"

typedef muster_status (*reading)(const char *connection);

static muster_status read_scenario(const char *connection) {
    muster_scenario    *scenario;
    const muster_status status = muster_scenario_load(&scenario, connection, NULL);
    muster_scenario_free(scenario);
    return status;
}

static muster_status read_census(const char *connection) {
    muster_store_info  *info;
    const muster_status status = muster_store_info_read(&info, connection);
    muster_store_info_free(info);
    return status;
}

static muster_status read_map(const char *connection) {
    muster_map         *map;
    const muster_status status = muster_map_load(&map, connection, "flood", 10);
    muster_map_free(map);
    return status;
}

static muster_status read_query(const char *connection) {
    muster_network     *network;
    const muster_status status =
        muster_import_postgis(&network, connection, "SELECT * FROM muster.edge;", NULL, NULL, NULL);
    muster_network_free(network);
    return status;
}

static muster_status read_hazards(const char *connection) {
    muster_hazards *hazards;
    muster_status   status = muster_hazards_new(&hazards);
    if (status == MUSTER_OK) status = muster_hazards_add_store(hazards, connection, NULL);
    muster_hazards_free(hazards);
    return status;
}

static muster_status order(const char *connection) {
    return muster_network_order(connection, NULL, NULL, NULL, NULL);
}

/* A failure has to be the one that was made, and the last of many attempts a success. */
static bool survives(const char *name, reading read, const char *connection) {
    for (int allowed = 0; allowed < 100000; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = read(connection);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            printf("%s: %d allocations\n", name, allowed);
            return allowed > 0;
        }
        if (status == MUSTER_E_NOMEM) continue;
        fprintf(stderr, "%s: %s\n", name, muster_error_message());
        return false;
    }
    return false;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const bool is_ok =
        survives("scenario", read_scenario, argv[1]) && survives("census", read_census, argv[1]) &&
        survives("map", read_map, argv[1]) && survives("query", read_query, argv[1]) &&
        survives("hazards", read_hazards, argv[1]) && survives("order", order, argv[2]);
    return is_ok ? 0 : 1;
}
