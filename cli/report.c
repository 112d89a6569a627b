/* report.html: one page that opens from a USB stick on a computer without a network.
 *
 * The page is a template (report/report.html) in which @NAME@ stands for a piece: Leaflet,
 * our style and script, and the data as JSON. Names in the data are not to be trusted: the
 * JSON is pure ASCII and has no "<", so nothing in it can end the element it lies in, and
 * the script puts it on the page as text only. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/plan_outputs.h"
#include "cli/report_map.h"

/* Embedded by the build (cmake/embed.cmake), each ended by NUL. */
extern const char report_html[], leaflet_css[], leaflet_js[], report_css[], report_js[],
    report_lines_js[], report_charts_js[], report_tables_js[], report_model_js[], report_map_js[];

static void write_escaped(FILE *stream, const char *text) {
    for (; *text != 0; ++text) {
        switch (*text) {
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '&':
            fputs("&amp;", stream);
            break;
        default:
            putc(*text, stream);
        }
    }
}

/* In JSON a "<" lies within a string, where it may be written as an escape. */
static int write_json_bytes(const char *bytes, size_t size, void *user) {
    FILE *stream = user;
    for (size_t i = 0; i < size; ++i) {
        if (bytes[i] == '<') {
            fputs("\\u003c", stream);
        } else {
            putc(bytes[i], stream);
        }
    }
    return 0;
}

static bool is_named(const char *name, size_t length, const char *wanted) {
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

/* Returns false where memory runs out. */
static bool write_piece(FILE *stream, const char *name, size_t length, const plan_view *view,
                        const json_t *data) {
    static const struct {
        const char *name, *text;
    } pieces[] = {{"LEAFLET_CSS", leaflet_css},    {"LEAFLET_JS", leaflet_js},
                  {"REPORT_CSS", report_css},      {"REPORT_JS", report_js},
                  {"LINES_JS", report_lines_js},   {"CHARTS_JS", report_charts_js},
                  {"TABLES_JS", report_tables_js}, {"MODEL_JS", report_model_js},
                  {"MAP_JS", report_map_js}};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; ++i) {
        if (is_named(name, length, pieces[i].name)) fputs(pieces[i].text, stream);
    }
    if (is_named(name, length, "DATA")) {
        return json_dump_callback(data, write_json_bytes, stream,
                                  JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12)) == 0;
    }
    if (is_named(name, length, "TITLE")) {
        const char *title = muster_scenario_name(view->scenario);
        write_escaped(stream, title ? title : muster_scenario_code(view->scenario));
    }
    return true;
}

/* The template is ours: every @ in it opens or closes a name. */
static bool write_page(FILE *stream, const plan_view *view, const json_t *data) {
    const char *rest = report_html;
    for (const char *at; (at = strchr(rest, '@')) != NULL;) {
        const size_t length = strcspn(at + 1, "@");
        fwrite(rest, 1, (size_t)(at - rest), stream);
        if (!write_piece(stream, at + 1, length, view, data)) return false;
        rest = at + 1 + length + 1;
    }
    fputs(rest, stream);
    return true;
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
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "plan", plan_json_new(view), "roads",
                  report_roads_new(network), "water", report_water_new(map), "hazards",
                  report_hazards_new(hazards, network), "routes", report_routes_new(view, routes));
    const bool ok = data && write_page(out->stream, view, data);
    json_decref(data);
    muster_map_free(map);
    return ok ? COMMAND_DONE : command_fail(COMMAND_ENVIRONMENT, "out of memory");
}
