/* muster import postgis */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/coordinate_system.h"
#include "cli/import.h"

enum { KEY_ORDER_TABLE = 0x100 };

typedef struct postgis_job {
    import_job        common;
    const char       *connection, *query, *order_table;
    coordinate_system system;
} postgis_job;

static error_t parse(int key, char *value, struct argp_state *state) {
    postgis_job *job = state->input;
    switch (key) {
    case KEY_ORDER_TABLE:
        job->order_table = value;
        return 0;
    case 'q':
        job->query = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&job->connection, value, "CONNECTION");
    case ARGP_KEY_END:
        if (!job->connection) {
            return arguments_reject(
                "no CONNECTION; expected one like postgresql://localhost/roads");
        }
        if (!job->query) return arguments_reject("no query; expected --query SQL");
        break;
    case KEY_CRS:
        return coordinate_system_take(&job->system, key, value);
    default:
        break;
    }
    return import_option(&job->common, key, value);
}

static const struct argp_option OPTIONS[] = {
    {"query", 'q', "SQL", 0, "yields id, source, target, cost, reverse_cost, geom", 0},
    {"order-table", KEY_ORDER_TABLE, "NAME", 0, "use the order that muster order has made", 0},
    CRS_OPTION,
    IMPORT_OPTIONS,
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "CONNECTION --query SQL [--order-table NAME] -o NET.gpkg",
    .doc      = "Make a network from PostGIS by the five columns of pgRouting, and geom.\v"
                "CONNECTION is a libpq connection string or URI. Costs are seconds; a negative one "
                "closes the direction. The query runs in a read-only transaction. PostGIS transforms "
                "geometries by their SRID; --crs is for those that are GCJ-02 or BD-09 whatever "
                "their SRID says."};

/* What the database calls WGS 84 may be something else. */
static muster_status convert(muster_network **network, muster_crs *crs) {
    muster_network     *converted;
    const muster_status status = muster_crs_network(&converted, *network, crs);
    muster_network_free(*network);
    *network = converted;
    return status;
}

static int run(postgis_job *job) {
    muster_network *network;
    progress_start(&job->common.progress);
    muster_status status =
        muster_import_postgis(&network, job->connection, job->query, job->order_table,
                              progress_report, &job->common.progress);
    if (status == MUSTER_OK && job->system.crs) status = convert(&network, job->system.crs);
    return import_finish(&job->common, status, network, NULL);
}

int import_postgis(int argc, char **argv) {
    postgis_job job  = {0};
    int         code = arguments_parse(&ARGP, argc, argv, &job);
    if (code == COMMAND_DONE) code = run(&job);
    coordinate_system_free(&job.system);
    return code;
}
