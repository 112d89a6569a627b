/* muster import: finds the format's import, and does for all of them what comes after reading. */
#include "cli/import.h"

#include <stdio.h>
#include <string.h>

#include <muster/store.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/import_summary.h"
#include "cli/suggest.h"

typedef struct import_format {
    const char *name;
    int (*run)(int argc, char **argv);
} import_format;

static const import_format FORMATS[] = {
    {"osm", import_osm}, {"dimacs", import_dimacs}, {"postgis", import_postgis}};

enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

/* ---- what all imports share ---------------------------------------------------------- */

error_t import_option(import_job *job, int key, char *value) {
    switch (key) {
    case 'o':
        job->output = value;
        return 0;
    case 'j':
        job->is_json = true;
        return 0;
    case ARGP_KEY_END:
        if (!job->output) return arguments_reject("no output; expected -o NET.gpkg");
        if (strcmp(job->output, "-") == 0) {
            return arguments_reject("-o is \"-\"; expected a file, for a GeoPackage is no stream");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int save(import_job *job, muster_network *network, const muster_osm_summary *osm) {
    hierarchy_summary hierarchy;
    muster_status     status = hierarchy_summary_build(&hierarchy, network, &job->progress);
    if (status == MUSTER_OK) {
        status = muster_network_save(network, job->output, progress_report, &job->progress);
    }
    progress_end(&job->progress);
    if (status != MUSTER_OK) return command_fail_status(status);
    return import_summary_print(network, job->output, &hierarchy, osm, job->is_json);
}

int import_finish(import_job *job, muster_status status, muster_network *network,
                  const muster_osm_summary *osm) {
    int code;
    if (status == MUSTER_OK) {
        code = save(job, network, osm);
    } else {
        progress_end(&job->progress);
        code = command_fail_status(status);
    }
    muster_network_free(network);
    return code;
}

/* ---- muster import ------------------------------------------------------------------- */

static int print_help(void) {
    puts("usage: muster import osm FILE -o NET.gpkg\n"
         "       muster import dimacs --graph F.gr --coordinates F.co -o NET.gpkg\n"
         "       muster import postgis CONNECTION --query SQL [--order-table NAME] -o NET.gpkg\n"
         "\n"
         "Makes a network from other people's roads.\n"
         "\n"
         "  osm      OpenStreetMap: .osm.pbf, .osm, .osm.gz, .osm.bz2\n"
         "  dimacs   a graph of the 9th DIMACS challenge\n"
         "  postgis  PostgreSQL with PostGIS, by pgRouting's columns\n"
         "\n"
         "muster help import FORMAT says more about each.");
    return COMMAND_DONE;
}

static int fail_unknown(const char *name) {
    suggestion best = suggestion_start(name);
    for (int i = 0; i < FORMAT_COUNT; ++i) suggestion_offer(&best, FORMATS[i].name);
    if (best.word) {
        return command_fail(COMMAND_USAGE, "there is no import \"%s\"; did you mean \"%s\"?", name,
                            best.word);
    }
    return command_fail(COMMAND_USAGE, "there is no import \"%s\"; expected osm, dimacs or postgis",
                        name);
}

int command_import(int argc, char **argv) {
    if (argc < 2) {
        return command_fail(COMMAND_USAGE, "nothing to import; expected osm, dimacs or postgis");
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) return print_help();
    for (int i = 0; i < FORMAT_COUNT; ++i) {
        if (strcmp(argv[1], FORMATS[i].name) != 0) continue;
        char name[64];
        snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
        argv[1] = name;
        return FORMATS[i].run(argc - 1, argv + 1);
    }
    return fail_unknown(argv[1]);
}
