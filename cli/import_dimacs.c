/* muster import dimacs */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/coordinate_system.h"
#include "cli/import.h"

typedef struct dimacs_job {
    import_job        common;
    const char       *graph, *coordinates, *lengths;
    coordinate_system system;
} dimacs_job;

static error_t parse(int key, char *value, struct argp_state *state) {
    dimacs_job *job = state->input;
    switch (key) {
    case 'g':
        job->graph = value;
        return 0;
    case 'c':
        job->coordinates = value;
        return 0;
    case 'l':
        job->lengths = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_reject("\"%s\" belongs to no option; expected --graph F.gr "
                                "--coordinates F.co",
                                value);
    case ARGP_KEY_END:
        if (!job->graph) return arguments_reject("no graph; expected --graph F.gr");
        if (!job->coordinates) return arguments_reject("no places; expected --coordinates F.co");
        break;
    case KEY_CRS:
        return coordinate_system_take(&job->system, key, value);
    default:
        break;
    }
    return import_option(&job->common, key, value);
}

static const struct argp_option OPTIONS[] = {
    {"graph", 'g', "F.gr", FILE_READ, "the arcs; a weight is a travel time in milliseconds", 0},
    {"coordinates", 'c', "F.co", FILE_READ, "where the nodes are, in millionths of a degree", 0},
    {"lengths", 'l', "F.gr", FILE_READ,
     "the same arcs with lengths in 0.1 m; without it they are taken from the coordinates", 0},
    CRS_OPTION,
    IMPORT_OPTIONS,
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "--graph F.gr --coordinates F.co -o NET.gpkg",
    .doc      = "Make a network from a graph of the 9th DIMACS challenge. Files may be gzipped."};

static int run(dimacs_job *job) {
    muster_network *network;
    progress       *bar = &job->common.progress;
    progress_start(bar);
    const muster_status status =
        muster_import_dimacs(&network, job->graph, job->coordinates, job->lengths, job->system.crs,
                             progress_report, bar);
    return import_finish(&job->common, status, network, NULL);
}

int import_dimacs(int argc, char **argv) {
    dimacs_job job  = {0};
    int        code = arguments_parse(&ARGP, argc, argv, &job);
    if (code == COMMAND_DONE) code = run(&job);
    coordinate_system_free(&job.system);
    return code;
}
