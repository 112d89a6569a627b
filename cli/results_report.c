/* muster report: what a simulation came to, as a page for people, and as files for other programs. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/api.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/results_export.h"
#include "cli/results_page.h"

enum { KEY_LANG = 0x100, KEY_STORE, KEY_REPLICATION, KEY_EXPORT };
enum { MOST_EXPORTS = 8 };

static const double CONFIDENCE = 0.95;

typedef struct report_options {
    const char     *folder, *output, *store;
    muster_language language;
    const char *export[MOST_EXPORTS];
    uint32_t export_count;
    uint32_t replication;
    bool     has_replication;
} report_options;

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "FILE", FILE_WRITTEN, "write the page to FILE; - is standard output", 0},
    {"lang", KEY_LANG, "zh|en", 0, "the language of the page; en by default", 0},
    {"store", KEY_STORE, "STORE", FILE_READ,
     "whose roads and water lie under the map; that of run.json by default", 0},
    {"replication", KEY_REPLICATION, "N", 0,
     "which one the map shows; the first recorded by default", 0},
    {"export", KEY_EXPORT, "FILE", FILE_WRITTEN,
     "write incidents, moves, hazards and places to FILE.gpkg or FILE.geojson, or the measures of each "
     "replication to FILE.csv; can be repeated",
     0},
    {0}};

static error_t check_options(const report_options *o) {
    if (!o->folder) return arguments_reject("no results; expected a folder of muster simulate");
    if (!o->output && o->export_count == 0) {
        return arguments_reject("no place for the page; expected -o report.html, or --export");
    }
    return 0;
}

static error_t take_export(report_options *o, const char *value) {
    if (!results_export_knows(value)) {
        return arguments_reject(
            "--export is \"%s\"; expected a name that ends with .gpkg, .geojson or .csv", value);
    }
    if (o->export_count == MOST_EXPORTS) {
        return arguments_reject("--export is given more than %d times; expected no more",
                                MOST_EXPORTS);
    }
    o->export[o->export_count++] = value;
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    report_options *o = state->input;
    switch (key) {
    case KEY_LANG:
        return arguments_language(&o->language, value);
    case KEY_STORE:
        o->store = value;
        return 0;
    case KEY_REPLICATION:
        o->has_replication = true;
        return arguments_number(&o->replication, "--replication", value, 0, UINT32_MAX);
    case KEY_EXPORT:
        return take_export(o, value);
    case 'o':
        o->output = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->folder, value, "the results folder");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "DIR -o report.html [--export FILE]...",
    .doc      = "Make a page of a results folder: one HTML file that opens without a network."};

/* ---- which replication --------------------------------------------------------------- */

static bool is_recorded(const results *r, uint32_t replication) {
    const json_t *list = json_object_get(r->run, "recorded"), *each;
    size_t        i;
    json_array_foreach(list, i, each) {
        if (json_integer_value(each) == replication) return true;
    }
    return false;
}

/* From 0. The first recorded one, or the first of all: its incidents can be shown without moves. */
static uint32_t first_recorded(const results *r) {
    for (uint32_t i = 0; i < r->replication_count; ++i) {
        if (is_recorded(r, r->first_replication + i)) return i;
    }
    return 0;
}

static int choose_replication(uint32_t *out, const results *r, const report_options *o) {
    *out = first_recorded(r);
    if (!o->has_replication) return COMMAND_DONE;
    *out = o->replication - r->first_replication;
    if (o->replication >= r->first_replication && *out < r->replication_count) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE,
                        "--replication is %u; expected one from %u on, of %u, as in %s/run.json",
                        o->replication, r->first_replication, r->replication_count, r->folder);
}

/* ---- the store ----------------------------------------------------------------------- */

/* That of run.json is a help, and may have moved: then the map has no ground, and it is said. */
static const char *choose_store(const results *r, const report_options *o) {
    if (o->store || !r->store || access(r->store, R_OK) == 0) return o->store ? o->store : r->store;
    command_fail(COMMAND_DONE,
                 "%s, the store of the simulation, cannot be opened: the map has no roads; "
                 "--store says where it is",
                 r->store);
    return NULL;
}

/* ---- the report ---------------------------------------------------------------------- */

static int write_page(const results_data *d, const report_options *o) {
    results_page page = {
        .language = o->language, .store = choose_store(d->results, o), .confidence = CONFIDENCE};
    output out;
    int    code = choose_replication(&page.replication, d->results, o);
    if (code == COMMAND_DONE) code = output_open(&out, o->output);
    if (code != COMMAND_DONE) return code;
    code = results_page_write(&out, d, &page);
    if (code == COMMAND_DONE) return output_publish(&out);
    output_discard(&out);
    return code;
}

static int report(const results *r, const report_options *o) {
    name_pool pool  = {0};
    outcomes  all   = {0};
    measures  value = {0};
    int       code  = outcomes_read(&all, &pool, r);
    if (code == COMMAND_DONE) code = measures_read(&value, r, &all);
    if (code == COMMAND_DONE) {
        const results_data data = {r, &all, &value, &pool};
        if (o->output) code = write_page(&data, o);
        for (uint32_t i = 0; code == COMMAND_DONE && i < o->export_count; ++i) {
            code = results_export(&data, o->export[i]);
        }
    }
    measures_free(&value);
    outcomes_free(&all);
    name_pool_free(&pool);
    return code;
}

int command_report(int argc, char **argv) {
    report_options o = {0};
    results        r;
    int            code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = results_open(&r, o.folder);
    if (code != COMMAND_DONE) return code;
    code = report(&r, &o);
    results_close(&r);
    return code;
}
