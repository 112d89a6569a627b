/* Everything that counts is counted here, once, by what `muster compare` uses too; the scripts
 * (results_report/) draw and say it. */
#include "cli/results_page.h"

#include <string.h>

#include <muster/map.h>
#include <muster/store.h>

#include "cli/command.h"
#include "cli/comparison_text.h"
#include "cli/page.h"
#include "cli/report_course.h"
#include "cli/report_map.h"
#include "cli/report_moves.h"
#include "cli/report_needs.h"
#include "cli/report_rows.h"
#include "cli/report_summary.h"

/* Embedded by the build (cmake/embed.cmake), each ended by NUL. */
extern const char leaflet_css[], leaflet_js[], chart_js[], report_css[], report_lines_js[],
    report_ground_js[], report_tables_js[], report_words_js[], results_report_html[],
    results_report_css[], results_report_en_json[], results_report_zh_json[],
    results_report_model_js[], results_report_charts_js[], results_report_places_js[],
    results_report_map_js[], results_report_page_js[];

/* ---- tables of the replication on the map -------------------------------------------- */

static const report_table INCIDENTS = {"incidents.csv",
                                       false,
                                       {{"incident", false},
                                        {"name", false},
                                        {"type", false},
                                        {"severity", false},
                                        {"authority", false},
                                        {"lon_deg", true},
                                        {"lat_deg", true},
                                        {"reported_ms", true},
                                        {"first_on_scene_ms", true},
                                        {"met_ms", true},
                                        {"closed_ms", true},
                                        {"response_ms", true},
                                        {"standard_ms", true},
                                        {"need_quantity", true},
                                        {"met_quantity", true},
                                        {NULL, false}}};
static const report_table ORDERS    = {"orders.csv",
                                       false,
                                       {{"unit", false},
                                        {"resource", false},
                                        {"kind", false},
                                        {"incident", false},
                                        {"quantity", true},
                                        {"issued_ms", true},
                                        {"departed_ms", true},
                                        {"on_scene_ms", true},
                                        {"left_ms", true},
                                        {"released_ms", true},
                                        {"ended_ms", true},
                                        {NULL, false}}};
static const report_table SERIES    = {"series.csv",
                                       true,
                                       {{"time_ms", true},
                                        {"open_incidents", true},
                                        {"quantity_needed", true},
                                        {"quantity_met", true},
                                        {"units_free", true},
                                        {"units_en_route", true},
                                        {"units_on_scene", true},
                                        {"units_off", true},
                                        {"units_on_call", true},
                                        {NULL, false}}};
static const report_table STOCK     = {
        "stock.csv",
        true,
        {{"time_ms", true}, {"warehouse", false}, {"kind", false}, {"quantity", true}, {NULL, false}}};
static const report_table PRICES = {
    "prices.csv",
    true,
    {{"time_ms", true}, {"resource", false}, {"kind", false}, {"gain", true}, {NULL, false}}};
static const report_table EXPLANATIONS = {"explanations.csv",
                                          true,
                                          {{"time_ms", true},
                                           {"incident", false},
                                           {"kind", false},
                                           {"text_en", false},
                                           {"text_zh", false},
                                           {NULL, false}}};

static int add(json_t *data, const char *name, json_t *member) {
    if (json_object_set_new(data, name, member) == 0) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while making the report");
}

static int add_tables(json_t *data, const results *r, uint32_t replication) {
    static const struct {
        const char         *name;
        const report_table *table;
    } TABLES[] = {{"incidents", &INCIDENTS}, {"orders", &ORDERS}, {"series", &SERIES},
                  {"stock", &STOCK},         {"prices", &PRICES}, {"explanations", &EXPLANATIONS}};
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; ++i) {
        json_t *rows = NULL;
        int     code = report_rows_new(&rows, r, TABLES[i].table, replication);
        if (code == COMMAND_DONE) code = add(data, TABLES[i].name, rows);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* ---- what happened ------------------------------------------------------------------- */

static int add_course(json_t *data, const results *r, uint32_t replication) {
    json_t *moves = NULL, *hazards = NULL;
    int     code = report_moves_new(&moves, r, replication);
    if (code == COMMAND_DONE) code = add(data, "moves", moves);
    if (code == COMMAND_DONE) code = report_course_new(&hazards, r, replication);
    return code == COMMAND_DONE ? add(data, "hazards", hazards) : code;
}

/* ---- all replications ---------------------------------------------------------------- */

static int add_comparison(json_t *list, const results_data *d, uint32_t policy, double confidence) {
    const side a = {d->results, d->outcomes, d->measures, 0};
    const side b = {d->results, d->outcomes, d->measures, policy};
    comparison c;
    int        code = comparison_make(&c, &a, &b, d->pool, confidence);
    if (code != COMMAND_DONE) return code;
    if (json_array_append_new(list, comparison_json(&c, d->results)) != 0) {
        code = command_fail(COMMAND_ENVIRONMENT, "out of memory while making the report");
    }
    comparison_free(&c);
    return code;
}

/* Each policy beside the first. */
static int add_comparisons(json_t *data, const results_data *d, double confidence) {
    json_t *list = json_array();
    int     code = add(data, "comparisons", list);
    for (uint32_t p = 1; code == COMMAND_DONE && p < d->results->policy_count; ++p) {
        code = add_comparison(list, d, p, confidence);
    }
    return code;
}

static int add_summaries(json_t *data, const results_data *d, double confidence) {
    json_t *needs = NULL;
    int     code  = add(data, "measures", report_measures_new(d->results, d->measures));
    if (code == COMMAND_DONE) {
        code = add(data, "responses", report_responses_new(d->results, d->outcomes));
    }
    if (code == COMMAND_DONE)
        code = add(data, "places", report_places_new(d->results, d->outcomes));
    if (code == COMMAND_DONE) code = report_needs_new(&needs, d->results, d->outcomes, d->pool);
    if (code == COMMAND_DONE) code = add(data, "needs", needs);
    return code == COMMAND_DONE ? add_comparisons(data, d, confidence) : code;
}

/* ---- ground -------------------------------------------------------------------------- */

/* Outlines on the map move by no more than this: two pixels at a zoom that shows a county. */
static const double MAP_TOLERANCE_M = 40;

static int add_roads(json_t *data, const char *store) {
    muster_network     *network = NULL;
    const muster_status status  = muster_network_load(&network, store);
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = add(data, "roads", report_main_roads_new(network));
    muster_network_free(network);
    return code;
}

static int add_ground(json_t *data, const char *store) {
    muster_map         *map    = NULL;
    const muster_status status = muster_map_load(&map, store, NULL, MAP_TOLERANCE_M);
    if (status != MUSTER_OK) return command_fail_status(status);
    int code = add(data, "water", report_water_new(map));
    muster_map_free(map);
    return code == COMMAND_DONE ? add_roads(data, store) : code;
}

/* ---- the page ------------------------------------------------------------------------ */

static bool is_chinese(const results_page *options) {
    return options->language == MUSTER_CHINESE;
}

static int add_words(json_t *data, const results *r, const results_page *options) {
    const char *words = is_chinese(options) ? results_report_zh_json : results_report_en_json;
    int         code  = add(data, "text", json_loads(words, 0, NULL));
    if (code == COMMAND_DONE)
        code = add(data, "language", json_string(muster_language_name(options->language)));
    if (code == COMMAND_DONE) code = add(data, "run", json_incref(r->run));
    if (code != COMMAND_DONE) return code;
    return add(data, "replication",
               json_integer((json_int_t)options->replication + r->first_replication));
}

static const char *title_of(const results *r, const results_page *options) {
    const json_t *scenario = json_object_get(r->run, "scenario");
    const char   *name_zh  = json_string_value(json_object_get(scenario, "name_zh"));
    return is_chinese(options) && name_zh && *name_zh ? name_zh : r->name;
}

static int write_page(output *out, const json_t *data, const results *r,
                      const results_page *options) {
    const page_piece pieces[] = {{"LANGUAGE", muster_language_name(options->language)},
                                 {"LEAFLET_CSS", leaflet_css},
                                 {"REPORT_CSS", report_css},
                                 {"RESULTS_CSS", results_report_css},
                                 {"LEAFLET_JS", leaflet_js},
                                 {"CHART_JS", chart_js},
                                 {"WORDS_JS", report_words_js},
                                 {"LINES_JS", report_lines_js},
                                 {"TABLES_JS", report_tables_js},
                                 {"MODEL_JS", results_report_model_js},
                                 {"CHARTS_JS", results_report_charts_js},
                                 {"GROUND_JS", report_ground_js},
                                 {"MAP_JS", results_report_map_js},
                                 {"PLACES_JS", results_report_places_js},
                                 {"PAGE_JS", results_report_page_js}};
    const page       whole    = {.html        = results_report_html,
                                 .piece       = pieces,
                                 .piece_count = sizeof pieces / sizeof *pieces,
                                 .title       = title_of(r, options),
                                 .data        = data};
    if (page_write(out->stream, &whole)) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "out of memory while making the report");
}

int results_page_write(output *out, const results_data *d, const results_page *options) {
    json_t *data = json_object();
    int     code = add_words(data, d->results, options);
    if (code == COMMAND_DONE) code = add_tables(data, d->results, options->replication);
    if (code == COMMAND_DONE) code = add_course(data, d->results, options->replication);
    if (code == COMMAND_DONE) code = add_summaries(data, d, options->confidence);
    if (code == COMMAND_DONE && options->store) code = add_ground(data, options->store);
    if (code == COMMAND_DONE) code = write_page(out, data, d->results, options);
    json_decref(data);
    return code;
}
