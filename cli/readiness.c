/* muster readiness: are we covered, and what breaks first?
 *
 * Outputs are opened before the work starts and take their names when all of them are complete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/geojson_crs.h"
#include "cli/progress.h"
#include "cli/readiness_answer.h"

enum { JSON_FILE, GEOJSON_FILE, CSV_FILE, FILE_COUNT };

/* What one run holds. */
typedef struct asking {
    readiness_options options;
    output            file[FILE_COUNT];
    muster_profiles  *profiles; /* of a file */
    what_if           changes;
    what_if_file      what_ifs;
    readiness_answer  answer;
} asking;

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

static int open_files(asking *q) {
    const char *const path[FILE_COUNT] = {q->options.json_path, q->options.geojson_path,
                                          q->options.csv_path};
    for (int i = 0; i < FILE_COUNT; ++i) {
        const int code = path[i] ? output_open(&q->file[i], path[i]) : COMMAND_DONE;
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* ---- working it out ------------------------------------------------------------------------------ */

static int load(asking *q) {
    const readiness_options *o      = &q->options;
    readiness_answer        *a      = &q->answer;
    muster_status            status = MUSTER_OK;
    a->options                      = o;
    if (o->profiles_path) status = muster_profiles_read(&q->profiles, o->profiles_path);
    if (status == MUSTER_OK) {
        status = muster_scenario_load_with(&a->scenario, o->store, o->scenario_code, q->profiles);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    a->problem = muster_scenario_problem(a->scenario);
    int code   = readiness_standard_read(&a->standard, o, a->problem);
    if (code == COMMAND_DONE) {
        code = readiness_places_read(&a->places, o, a->problem, &a->standard);
    }
    return code;
}

/* Two hours, or twice the longest standard. */
static uint32_t horizon_ms(const readiness_standard *standard) {
    const muster_readiness_options defaults = MUSTER_READINESS_OPTIONS_INIT;
    uint32_t                       most_ms  = defaults.horizon_ms;
    for (uint32_t s = 0; s < standard->reach_count; ++s) {
        const uint32_t twice_ms = 2 * standard->reach[s].within_ms;
        if (twice_ms > most_ms) most_ms = twice_ms;
    }
    return most_ms;
}

static int work_out_now(asking *q) {
    readiness_answer        *a       = &q->answer;
    muster_readiness_options options = MUSTER_READINESS_OPTIONS_INIT;
    options.thread_count             = q->options.thread_count;
    options.horizon_ms               = horizon_ms(&a->standard);
    a->tier = calloc((size_t)a->problem->kind_count * MUSTER_LEVEL_COUNT + 1, sizeof *a->tier);
    if (!a->tier) return fail_memory();
    muster_status status =
        muster_readiness_new(&a->now, a->problem, a->places.count, a->places.place,
                             a->standard.reach_count, a->standard.reach, &options);
    if (status == MUSTER_OK) {
        status = muster_stock_tiers(a->problem, a->places.people_of_authority,
                                    a->standard.per_thousand, a->tier);
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static what_if_base base_of(const asking *q, const char *where) {
    return (what_if_base){.where         = where,
                          .problem       = q->answer.problem,
                          .profiles      = muster_scenario_profiles(q->answer.scenario),
                          .scenario_code = muster_scenario_code(q->answer.scenario),
                          .system        = &q->options.system};
}

static int work_out_state(asking *q) {
    readiness_answer  *a    = &q->answer;
    const what_if_base base = base_of(q, "the command line");
    if (what_if_is_empty(&q->options.changes)) return COMMAND_DONE;
    const int code = what_if_make(&q->changes, &q->options.changes, &base);
    if (code != COMMAND_DONE) return code;
    muster_status status = muster_readiness_change(&a->state, a->now, &q->changes.change);
    if (status == MUSTER_OK) status = muster_readiness_compare(a->now, a->state, &a->loss, NULL);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static int work_out_what_if(asking *q, uint32_t index) {
    const what_if_spec *spec  = &q->what_ifs.spec[index];
    readiness_what_if  *to    = &q->answer.what_if[index];
    what_if             made  = {0};
    muster_readiness   *after = NULL;
    char                where[512];
    snprintf(where, sizeof where, "%s: what-if %u (\"%s\")", q->options.what_ifs, index + 1,
             spec->name);
    const what_if_base base = base_of(q, where);
    to->name                = spec->name;
    to->has_fallen          = calloc(q->answer.places.count, sizeof *to->has_fallen);
    int code                = to->has_fallen ? what_if_make(&made, spec, &base) : fail_memory();
    if (code == COMMAND_DONE) {
        muster_status status = muster_readiness_change(&after, q->answer.now, &made.change);
        if (status == MUSTER_OK) {
            status = muster_readiness_compare(q->answer.now, after, &to->loss, to->has_fallen);
        }
        if (status != MUSTER_OK) code = command_fail_status(status);
    }
    muster_readiness_free(after);
    what_if_free(&made);
    return code;
}

static int work_out_what_ifs(asking *q) {
    readiness_answer *a    = &q->answer;
    int               code = COMMAND_DONE;
    if (q->what_ifs.count == 0) return COMMAND_DONE;
    a->what_if_count = q->what_ifs.count;
    a->what_if       = calloc(a->what_if_count, sizeof *a->what_if);
    if (!a->what_if) return fail_memory();
    for (uint32_t i = 0; i < a->what_if_count && code == COMMAND_DONE; ++i) {
        code = work_out_what_if(q, i);
    }
    return code;
}

static int work_out_criticals(asking *q) {
    readiness_answer *a = &q->answer;
    progress          bar;
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        if (!q->options.parts[part]) continue;
        progress_start(&bar);
        const muster_status status =
            muster_criticals_find(&a->critical[part], readiness_shown(a), (muster_part)part,
                                  q->options.worst, progress_report, &bar);
        progress_end(&bar);
        if (status == MUSTER_E_CANCELLED) return progress_fail_stopped();
        if (status != MUSTER_OK) return command_fail_status(status);
    }
    return COMMAND_DONE;
}

/* ---- saying it -------------------------------------------------------------------------------------- */

static int write_document(output *out, json_t *document) {
    const bool is_whole = document && json_dumpf(document, out->stream,
                                                 JSON_INDENT(1) | JSON_REAL_PRECISION(12)) == 0;
    json_decref(document);
    if (is_whole) fputc('\n', out->stream);
    return is_whole || ferror(out->stream) ? COMMAND_DONE : fail_memory(); /* publishing says why */
}

static int write_files(asking *q) {
    const readiness_answer *a    = &q->answer;
    output                 *file = q->file;
    int                     code = COMMAND_DONE;
    if (file[JSON_FILE].stream) code = write_document(&file[JSON_FILE], readiness_json_new(a));
    if (code == COMMAND_DONE && file[GEOJSON_FILE].stream) {
        json_t *map = readiness_geojson_new(a);
        code        = geojson_crs_state(map, q->options.system.output);
        if (code == COMMAND_DONE) {
            code = write_document(&file[GEOJSON_FILE], map);
        } else {
            json_decref(map);
        }
    }
    if (code == COMMAND_DONE && file[CSV_FILE].stream)
        readiness_print_csv(file[CSV_FILE].stream, a);
    for (int i = 0; i < FILE_COUNT && code == COMMAND_DONE; ++i) {
        if (file[i].stream && (fflush(file[i].stream) != 0 || ferror(file[i].stream))) {
            code = command_fail(COMMAND_ENVIRONMENT, "%s: cannot be written: %s", file[i].path,
                                strerror(errno));
        }
    }
    for (int i = 0; i < FILE_COUNT && code == COMMAND_DONE; ++i) {
        if (file[i].stream) code = output_publish(&file[i]);
    }
    return code;
}

/* Where a file goes to standard output, nothing else may. */
static void print_summary(const asking *q) {
    const readiness_options *o        = &q->options;
    const char *const        path[]   = {o->json_path, o->geojson_path, o->csv_path};
    bool                     is_taken = false;
    for (int i = 0; i < FILE_COUNT; ++i) is_taken |= path[i] && strcmp(path[i], "-") == 0;
    readiness_print(is_taken ? stderr : stdout, &q->answer);
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static int run(asking *q, int argc, char **argv) {
    int code = readiness_options_read(&q->options, argc, argv);
    if (code == COMMAND_DONE && q->options.what_ifs) {
        code = what_if_file_read(&q->what_ifs, q->options.what_ifs, q->options.store);
    }
    if (code == COMMAND_DONE) code = open_files(q);
    if (code == COMMAND_DONE) code = load(q);
    if (code == COMMAND_DONE) code = work_out_now(q);
    if (code == COMMAND_DONE) code = work_out_state(q);
    if (code == COMMAND_DONE) code = work_out_what_ifs(q);
    if (code == COMMAND_DONE) code = work_out_criticals(q);
    if (code == COMMAND_DONE) code = write_files(q);
    if (code == COMMAND_DONE) print_summary(q);
    return code;
}

static void answer_free(readiness_answer *a) {
    for (unsigned part = 0; part < MUSTER_PART_COUNT; ++part) {
        muster_criticals_free(a->critical[part]);
    }
    for (uint32_t i = 0; a->what_if && i < a->what_if_count; ++i) free(a->what_if[i].has_fallen);
    free(a->what_if);
    free(a->tier);
    muster_readiness_free(a->state);
    muster_readiness_free(a->now);
    readiness_places_free(&a->places);
    readiness_standard_free(&a->standard);
}

int command_readiness(int argc, char **argv) {
    asking    q    = {0};
    const int code = run(&q, argc, argv);
    answer_free(&q.answer);
    what_if_free(&q.changes);
    what_if_file_free(&q.what_ifs);
    muster_scenario_free(q.answer.scenario);
    muster_profiles_free(q.profiles);
    for (int i = 0; i < FILE_COUNT; ++i) output_discard(&q.file[i]);
    readiness_options_free(&q.options);
    return code;
}
