/* muster import osm */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/import.h"

typedef struct osm_job {
    import_job  common;
    const char *path;
} osm_job;

static error_t parse(int key, char *value, struct argp_state *state) {
    osm_job *job = state->input;
    if (key == ARGP_KEY_ARG) return arguments_take(&job->path, value, "FILE");
    if (key == ARGP_KEY_END && !job->path) {
        return arguments_reject("nothing to import; expected an OpenStreetMap FILE");
    }
    return import_option(&job->common, key, value);
}

static const struct argp_option OPTIONS[] = {IMPORT_OPTIONS, {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "FILE -o NET.gpkg",
    .doc      = "Make a network from OpenStreetMap roads: .osm.pbf, .osm, .osm.gz or .osm.bz2.\v"
                "Chains of road pieces between which nothing changes become one edge, with their "
                "shape. What was left out, and why, is printed at the end."};

int import_osm(int argc, char **argv) {
    osm_job   job  = {0};
    const int code = arguments_parse(&ARGP, argc, argv, &job);
    if (code != COMMAND_DONE) return code;
    muster_network    *network;
    muster_osm_summary summary;
    progress_start(&job.common.progress);
    const muster_status status =
        muster_import_osm(&network, job.path, &summary, progress_report, &job.common.progress);
    return import_finish(&job.common, status, network, &summary);
}
