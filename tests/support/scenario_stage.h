/* A scenario file on a small store, with all that courses are drawn from. */
#ifndef TESTS_SUPPORT_SCENARIO_STAGE_H
#define TESTS_SUPPORT_SCENARIO_STAGE_H

#include <muster/store.h>

#include "simulation/course.h"
#include "simulation/ground.h"
#include "simulation/scenario_file.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

/* Two villages, of which one is an authority's as all places are, and a road that is a bridge. */
static const char PLACES[] =
    "INSERT INTO place (code, name, level, parent_code, population, geom) "
    "SELECT 'P-1', '东村', 'village', NULL, 500, geom FROM node WHERE id = 1;"
    "INSERT INTO place (code, name, level, parent_code, population, geom) "
    "SELECT 'P-2', '西村', 'village', NULL, 1500, geom FROM node WHERE id = 4;"
    "UPDATE edge SET bridge = 1 WHERE id IN (2, 3)";

typedef struct stage {
    char                  store[128];
    muster_scenario_file *file;
    muster_scenario      *scenario;
    mu_ground            *ground;
} stage;

static inline void stage_open_path(stage *s, const char *path) {
    snprintf(s->store, sizeof s->store, "%s", path_of("town.gpkg"));
    small_scenario_write(s->store, PLACES);
    if (muster_scenario_file_read(&s->file, path, s->store) != MUSTER_OK ||
        muster_scenario_file_load(&s->scenario, s->file) != MUSTER_OK ||
        mu_ground_new(&s->ground, s->file, s->scenario) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
}

static inline void stage_close(stage *s) {
    mu_ground_free(s->ground);
    muster_scenario_free(s->scenario);
    muster_scenario_file_free(s->file);
}

static const char BEGIN[] = "format = \"muster-scenario-1\"\n[scenario]\ncode = \"s\"\nname = "
                            "\"S\"\nstore = \"town.gpkg\"\nstart = 2026-07-01T00:00:00Z\n"
                            "length_h = 10\n";

static inline void stage_open(stage *s, const char *more) {
    static char text[8192];
    snprintf(text, sizeof text, "%s%s", BEGIN, more);
    write_text(path_of("scenario.toml"), text);
    stage_open_path(s, path_of("scenario.toml"));
}

static inline mu_course *drawn(const stage *s, uint64_t seed, uint32_t replication) {
    mu_course *course;
    if (mu_course_draw(&course, s->ground, seed, replication) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return course;
}

#endif
