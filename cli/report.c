/* report.html: one page that opens from a USB stick on a computer without a network.
 *
 * The page is a template (report/report.html) in which @NAME@ stands for a piece: Leaflet,
 * our style and script, and the data as JSON (page.c). */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/page.h"
#include "cli/plan_outputs.h"
#include "cli/report_changes.h"
#include "cli/report_map.h"

/* Embedded by the build (cmake/embed.cmake), each ended by NUL. */
extern const char report_html[], leaflet_css[], leaflet_js[], report_css[], report_js[],
    report_lines_js[], report_ground_js[], report_charts_js[], report_tables_js[],
    report_model_js[], report_map_js[], report_changes_js[], report_words_js[], report_en_json[],
    report_zh_json[];

static json_t *words_of(muster_language language) {
    return json_loads(language == MUSTER_CHINESE ? report_zh_json : report_en_json, 0, NULL);
}

static bool write_page(FILE *stream, const plan_view *view, const json_t *data) {
    const json_t    *words    = json_object_get(data, "text");
    const char      *language = muster_language_name(view->language);
    const page_piece pieces[] = {
        {"LEAFLET_CSS", leaflet_css},
        {"LEAFLET_JS", leaflet_js},
        {"REPORT_CSS", report_css},
        {"REPORT_JS", report_js},
        {"LINES_JS", report_lines_js},
        {"CHARTS_JS", report_charts_js},
        {"TABLES_JS", report_tables_js},
        {"MODEL_JS", report_model_js},
        {"GROUND_JS", report_ground_js},
        {"MAP_JS", report_map_js},
        {"CHANGES_JS", report_changes_js},
        {"WORDS_JS", report_words_js},
        {"LANGUAGE", language},
        {"TITLE_END", json_string_value(json_object_get(words, "title_end"))}};
    const char *name  = muster_scenario_name(view->scenario);
    const page  whole = {.html        = report_html,
                         .piece       = pieces,
                         .piece_count = sizeof pieces / sizeof *pieces,
                         .title       = name ? name : muster_scenario_code(view->scenario),
                         .data        = data};
    return page_write(stream, &whole);
}

/* Outlines on the map move by no more than this: about a pixel at zoom 14. */
static const double MAP_TOLERANCE_M = 10;

int report_write(output *out, const plan_view *view, const plan_routes *routes,
                 const char *scenario_path, const muster_hazards *hazards) {
    muster_map           *map;
    const muster_network *network = muster_scenario_network(view->scenario);
    /* The plan heeds those that hold, if it heeds any: then others would mislead. */
    const char         *code   = hazards ? NULL : muster_scenario_code(view->scenario);
    const muster_status status = muster_map_load(&map, scenario_path, code, MAP_TOLERANCE_M);
    if (status != MUSTER_OK) return command_fail_status(status);
    json_t *data =
        json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "text", words_of(view->language),
                  "language", muster_language_name(view->language), "plan", plan_json_new(view),
                  "change_names", report_change_names_new(view), "roads", report_roads_new(network),
                  "water", report_water_new(map), "hazards", report_hazards_new(hazards, network),
                  "routes", report_routes_new(view, routes));
    const bool ok = data && write_page(out->stream, view, data);
    json_decref(data);
    muster_map_free(map);
    return ok ? COMMAND_DONE : command_fail(COMMAND_ENVIRONMENT, "out of memory");
}
