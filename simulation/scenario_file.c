/* A scenario file, from the top: the tables that say what it is about, and those that stand for
 * themselves. The others have files of their own (scenario_tables.h). */
#include "simulation/scenario_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <muster/database.h>

#include "core/alloc.h"
#include "simulation/scenario_tables.h"

enum { NAME_MOST = 300, ABOUT_MOST = 4000, PLACE_MOST = 2000, REPLICATIONS_MOST = 1000000 };

static const char FORMAT[] = "muster-scenario-1";

/* ---- [scenario] ---------------------------------------------------------------------------- */

static const char *language_name(unsigned language) {
    static const char *const NAME[] = {"en", "zh"};
    return NAME[language];
}

enum { LANGUAGES = 2 };

/* A path is looked for from the file's folder; a connection is taken as it is. */
static muster_status read_store(mu_table *t, muster_scenario_about *about, const char *instead) {
    const char *named = NULL;
    MU_TRY(mu_table_text(t, "store", true, PLACE_MOST, &named));
    if (instead) return mu_arena_text(t->reading->arena, &about->store, instead);
    if (!muster_database_is_server(named)) return mu_table_file(t, "store", true, &about->store);
    about->store = named;
    return MUSTER_OK;
}

static muster_status read_run(mu_table *t, muster_scenario_about *about) {
    int64_t seed = 1, replications = 10;
    MU_TRY(mu_table_moment(t, "start", true, &about->start_at_ms, &about->clock_offset_min));
    MU_TRY(mu_table_duration(t, "length_h", true, MU_HOUR_MS, 1.0 / 60, MU_HOURS_MOST,
                             &about->length_ms));
    MU_TRY(mu_table_int(t, "seed", false, 0, INT64_MAX, &seed));
    MU_TRY(mu_table_int(t, "replications", false, 1, REPLICATIONS_MOST, &replications));
    about->seed              = (uint64_t)seed;
    about->replication_count = (uint32_t)replications;
    return MUSTER_OK;
}

static muster_status read_about(mu_table *root, muster_scenario_about *about, const char *store,
                                uint8_t *out_language) {
    const mu_toml *value;
    mu_table       t;
    MU_TRY(mu_table_table(root, "scenario", true, &value));
    MU_TRY(mu_table_init(&t, root->reading, "scenario", value));
    MU_TRY(mu_table_code(&t, "code", true, &about->code));
    MU_TRY(mu_table_text(&t, "name", true, NAME_MOST, &about->name));
    MU_TRY(mu_table_text(&t, "name_zh", false, NAME_MOST, &about->name_zh));
    MU_TRY(mu_table_text(&t, "about", false, ABOUT_MOST, &about->about));
    MU_TRY(mu_table_text(&t, "about_zh", false, ABOUT_MOST, &about->about_zh));
    MU_TRY(mu_table_word(&t, "language", false, language_name, LANGUAGES, out_language));
    MU_TRY(read_store(&t, about, store));
    MU_TRY(mu_table_text(&t, "store_scenario", false, NAME_MOST, &about->store_scenario));
    MU_TRY(read_run(&t, about));
    MU_TRY(mu_table_texts(&t, "assumption", &about->assumption, &about->assumption_count));
    MU_TRY(mu_table_texts(&t, "assumption_zh", &about->assumption_zh, &about->assumption_zh_count));
    MU_TRY(mu_table_texts(&t, "source", &about->source, &about->source_count));
    return mu_table_end(&t);
}

/* ---- standards, destinations, units -------------------------------------------------------- */

static const char *severity_name(unsigned severity) {
    return muster_severity_name((muster_severity)severity);
}

static muster_status read_standards(mu_table *root, muster_scenario_file *file) {
    const mu_toml   *list;
    muster_standard *standard;
    MU_TRY(mu_table_list(root, "standard", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &standard, list->count, sizeof *standard));
    for (uint32_t i = 0; i < list->count; ++i) {
        mu_table t;
        standard[i].severity = MUSTER_SEVERITY_COUNT;
        MU_TRY(mu_table_item(root, "standard", list, i, &t));
        MU_TRY(mu_table_code(&t, "type", false, &standard[i].type));
        MU_TRY(mu_table_word(&t, "severity", false, severity_name, MUSTER_SEVERITY_COUNT,
                             &standard[i].severity));
        MU_TRY(mu_table_duration(&t, "response_min", true, MU_MINUTE_MS, 0.001, MU_MINUTES_MOST,
                                 &standard[i].response_ms));
        MU_TRY(mu_table_end(&t));
    }
    file->standard       = standard;
    file->standard_count = list->count;
    return MUSTER_OK;
}

static muster_status read_destinations(mu_table *root, muster_scenario_file *file) {
    const mu_toml   *list;
    mu_course_place *place;
    MU_TRY(mu_table_list(root, "destination", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &place, list->count, sizeof *place));
    for (uint32_t i = 0; i < list->count; ++i) {
        mu_table t;
        bool     is_there;
        MU_TRY(mu_table_item(root, "destination", list, i, &t));
        MU_TRY(mu_table_code(&t, "code", true, &place[i].code));
        MU_TRY(mu_table_text(&t, "name", false, NAME_MOST, &place[i].name));
        MU_TRY(mu_table_place(&t, true, &is_there, &place[i].lon_deg, &place[i].lat_deg));
        MU_TRY(mu_table_end(&t));
        for (uint32_t j = 0; j < i; ++j) {
            if (strcmp(place[i].code, place[j].code) == 0) {
                return mu_table_refuse(&t, "code", "a code that no destination before has");
            }
        }
    }
    file->destination       = place;
    file->destination_count = list->count;
    return MUSTER_OK;
}

static muster_status read_permille(mu_table *t, const char *key, double most, uint32_t *out) {
    double share = 0;
    MU_TRY(mu_table_real(t, key, false, 0, most, &share));
    *out = (uint32_t)lround(share * 1000);
    return MUSTER_OK;
}

static muster_status read_units(mu_table *root, muster_scenario_file *file) {
    const mu_toml *value;
    mu_table       t;
    file->units.repair_ms = 3600000;
    MU_TRY(mu_table_table(root, "units", false, &value));
    if (!value) return MUSTER_OK;
    MU_TRY(mu_table_init(&t, root->reading, "units", value));
    MU_TRY(read_permille(&t, "decline_share", 1, &file->units.decline_permille));
    MU_TRY(read_permille(&t, "failure_share", 1, &file->units.failure_permille));
    MU_TRY(read_permille(&t, "turnout_cv", 10, &file->units.turnout_cv_permille));
    MU_TRY(mu_table_duration(&t, "repair_min", false, MU_MINUTE_MS, 1, MU_MINUTES_MOST,
                             &file->units.repair_ms));
    return mu_table_end(&t);
}

/* ---- the file ------------------------------------------------------------------------------ */

static muster_status check_format(mu_table *root) {
    const mu_toml *value = mu_table_ask(root, "format");
    if (value && value->kind == MU_TOML_TEXT && strcmp(value->text, FORMAT) == 0) return MUSTER_OK;
    return mu_table_refuse(root, "format", "'%s'", FORMAT);
}

static muster_status read_tables(mu_table *root, muster_scenario_file *file, const char *store) {
    uint8_t language = 0;
    MU_TRY(check_format(root));
    MU_TRY(read_about(root, &file->about, store, &language));
    MU_TRY(read_standards(root, file));
    MU_TRY(read_destinations(root, file));
    MU_TRY(read_units(root, file));
    MU_TRY(mu_read_calls(root, file, language_name(language)));
    MU_TRY(mu_read_hazards(root, file, language_name(language)));
    MU_TRY(mu_read_failures(root, file));
    MU_TRY(mu_read_earthquakes(root, file));
    MU_TRY(mu_read_call_ups(root, file));
    MU_TRY(mu_read_policies(root, file));
    MU_TRY(mu_table_end(root));
    return mu_check_references(root, file);
}

static muster_status read_file(muster_scenario_file *file, const char *path, const char *store,
                               uint32_t override_count, const char *const *override) {
    mu_toml_document *document;
    mu_table          root;
    const mu_reading  reading = {path, &file->arena};
    MU_TRY(mu_toml_read(&document, path, override_count, override));
    muster_status status = mu_arena_text(&file->arena, &file->about.path, path);
    if (status == MUSTER_OK) {
        status = mu_table_init(&root, &reading, "", mu_toml_root(document));
    }
    if (status == MUSTER_OK) status = read_tables(&root, file, store);
    mu_toml_free(document);
    return status;
}

muster_status muster_scenario_file_read(muster_scenario_file **out, const char *path,
                                        const char *store) {
    return muster_scenario_file_read_with(out, path, store, 0, NULL);
}

muster_status muster_scenario_file_read_with(muster_scenario_file **out, const char *path,
                                             const char *store, uint32_t override_count,
                                             const char *const *override) {
    muster_scenario_file *file;
    *out = NULL;
    if (!path) return muster_fail(MUSTER_E_INVALID, "path is NULL; expected a scenario file");
    MU_TRY(mu_alloc_zeroed(&file, 1, sizeof *file));
    const muster_status status = read_file(file, path, store, override_count, override);
    if (status != MUSTER_OK) {
        muster_scenario_file_free(file);
        return status;
    }
    *out = file;
    return MUSTER_OK;
}

muster_status muster_scenario_file_load(muster_scenario **out, const muster_scenario_file *file) {
    const muster_scenario_about *about = &file->about;
    return file->call_up_count > 0
               ? muster_scenario_load_whole(out, about->store, about->store_scenario)
               : muster_scenario_load(out, about->store, about->store_scenario);
}

void muster_scenario_file_free(muster_scenario_file *file) {
    if (!file) return;
    mu_arena_fini(&file->arena);
    mu_free(file);
}

const muster_scenario_about *muster_scenario_file_about(const muster_scenario_file *file) {
    return &file->about;
}

const muster_standard *muster_scenario_file_standards(const muster_scenario_file *file,
                                                      uint32_t                   *out_count) {
    *out_count = file->standard_count;
    return file->standard;
}

const muster_policy *muster_scenario_file_policies(const muster_scenario_file *file,
                                                   uint32_t                   *out_count) {
    *out_count = file->policy_count;
    return file->policy;
}

const muster_policy *muster_scenario_file_policy(const muster_scenario_file *file,
                                                 const char                 *name) {
    for (uint32_t i = 0; i < file->policy_count; ++i) {
        if (strcmp(file->policy[i].name, name) == 0) return &file->policy[i];
    }
    return NULL;
}
