#include "cli/results_export.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/csv_output.h"
#include "cli/export_layers.h"
#include "cli/geojson_area.h"
#include "cli/json_file.h"
#include "cli/report_summary.h"
#include "cli/track.h"

static const muster_layer_value NOTHING = {false, 0, 0, NULL};

static muster_layer_value text_value(const char *text) {
    return (muster_layer_value){text && *text, 0, 0, text};
}
static muster_layer_value integer_value(int64_t value) {
    return (muster_layer_value){value != TABLE_NEVER, value, 0, NULL};
}
static muster_layer_value real_value(double value) {
    return (muster_layer_value){isfinite(value), 0, value, NULL};
}

/* ---- rows of tables ------------------------------------------------------------------ */

enum { MOST_COLUMNS = 16 };

typedef struct table_export {
    const results             *results;
    export_layers             *out;
    uint32_t                   column_count; /* of the layer, which are the first of the table */
    const muster_layer_column *column;
    track                      track;
} table_export;

static int take_values(muster_layer_value value[MOST_COLUMNS], const table_export *e,
                       const table_row *row) {
    for (uint32_t c = 0; c < e->column_count; ++c) {
        int64_t integer = 0;
        int     code    = COMMAND_DONE;
        if (e->column[c].type == MUSTER_LAYER_TEXT) {
            value[c] = text_value(row->cell[c]);
        } else {
            code     = table_integer(&integer, row, c);
            value[c] = integer_value(integer);
        }
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* The names of a layer's columns, and two or three more that its place is in. */
static int read_table(table_export *e, const char *file, bool is_optional, const char *const *place,
                      uint32_t place_count, table_visitor visit) {
    const char *name[MOST_COLUMNS + 4];
    for (uint32_t c = 0; c < e->column_count; ++c) name[c] = e->column[c].name;
    for (uint32_t c = 0; c < place_count; ++c) name[e->column_count + c] = place[c];
    return results_read(e->results, file, e->column_count + place_count, name, is_optional, visit,
                        e);
}

/* ---- incidents ----------------------------------------------------------------------- */

static const muster_layer_column INCIDENT_COLUMN[] = {{"policy", MUSTER_LAYER_TEXT},
                                                      {"replication", MUSTER_LAYER_INTEGER},
                                                      {"incident", MUSTER_LAYER_TEXT},
                                                      {"name", MUSTER_LAYER_TEXT},
                                                      {"type", MUSTER_LAYER_TEXT},
                                                      {"severity", MUSTER_LAYER_TEXT},
                                                      {"authority", MUSTER_LAYER_TEXT},
                                                      {"reported_ms", MUSTER_LAYER_INTEGER},
                                                      {"first_on_scene_ms", MUSTER_LAYER_INTEGER},
                                                      {"met_ms", MUSTER_LAYER_INTEGER},
                                                      {"closed_ms", MUSTER_LAYER_INTEGER},
                                                      {"response_ms", MUSTER_LAYER_INTEGER},
                                                      {"standard_ms", MUSTER_LAYER_INTEGER},
                                                      {"need_quantity", MUSTER_LAYER_INTEGER},
                                                      {"met_quantity", MUSTER_LAYER_INTEGER}};
enum { INCIDENT_COLUMNS = sizeof INCIDENT_COLUMN / sizeof *INCIDENT_COLUMN };

static int take_incident(const table_row *row, void *user) {
    const table_export *e                   = user;
    muster_layer_value  value[MOST_COLUMNS] = {{0}};
    row_place           place;
    double              lon = 0, lat = 0;
    int                 code = results_place(&place, e->results, row);
    if (code == COMMAND_DONE) code = take_values(value, e, row);
    if (code == COMMAND_DONE) code = table_number(&lon, row, INCIDENT_COLUMNS);
    if (code == COMMAND_DONE) code = table_number(&lat, row, INCIDENT_COLUMNS + 1);
    if (code != COMMAND_DONE || isnan(lon) || isnan(lat)) return code;
    return export_layers_point(e->out, lon, lat, value);
}

static int export_incidents(export_layers *out, const results *r) {
    static const char *const PLACE[] = {"lon_deg", "lat_deg"};
    table_export             e       = {
                          .results = r, .out = out, .column_count = INCIDENT_COLUMNS, .column = INCIDENT_COLUMN};
    const int code = export_layers_begin(out, "incident", MUSTER_LAYER_POINTS, INCIDENT_COLUMNS,
                                         INCIDENT_COLUMN);
    return code == COMMAND_DONE ? read_table(&e, "incidents.csv", false, PLACE, 2, take_incident)
                                : code;
}

/* ---- moves --------------------------------------------------------------------------- */

static const muster_layer_column MOVE_COLUMN[] = {
    {"policy", MUSTER_LAYER_TEXT},      {"replication", MUSTER_LAYER_INTEGER},
    {"unit", MUSTER_LAYER_TEXT},        {"resource", MUSTER_LAYER_TEXT},
    {"order", MUSTER_LAYER_TEXT},       {"leg", MUSTER_LAYER_TEXT},
    {"start_ms", MUSTER_LAYER_INTEGER}, {"end_ms", MUSTER_LAYER_INTEGER}};
enum { MOVE_COLUMNS = sizeof MOVE_COLUMN / sizeof *MOVE_COLUMN, MOVE_START = 6 };

static int take_move(const table_row *row, void *user) {
    table_export      *e                   = user;
    muster_layer_value value[MOST_COLUMNS] = {{0}};
    row_place          place;
    int                code = results_place(&place, e->results, row);
    if (code == COMMAND_DONE) code = take_values(value, e, row);
    if (code == COMMAND_DONE) {
        code =
            track_read(&e->track, row, MOVE_COLUMNS, MOVE_COLUMNS + 1, value[MOVE_START].integer);
    }
    if (code != COMMAND_DONE || e->track.count < 2) return code; /* who stood where it was */
    return export_layers_line(e->out, e->track.count, e->track.lon_deg, e->track.lat_deg, value);
}

static int export_moves(export_layers *out, const results *r) {
    static const char *const PLACE[] = {"polyline", "offsets_ms"};
    table_export             e       = {
                          .results = r, .out = out, .column_count = MOVE_COLUMNS, .column = MOVE_COLUMN};
    int code = export_layers_begin(out, "move", MUSTER_LAYER_LINES, MOVE_COLUMNS, MOVE_COLUMN);
    if (code == COMMAND_DONE) code = read_table(&e, "moves.csv", true, PLACE, 2, take_move);
    track_free(&e.track);
    return code;
}

/* ---- hazards ------------------------------------------------------------------------- */

static const muster_layer_column HAZARD_COLUMN[] = {
    {"replication", MUSTER_LAYER_INTEGER}, {"code", MUSTER_LAYER_TEXT},
    {"kind", MUSTER_LAYER_TEXT},           {"from_ms", MUSTER_LAYER_INTEGER},
    {"until_ms", MUSTER_LAYER_INTEGER},    {"depth_m", MUSTER_LAYER_REAL},
    {"force", MUSTER_LAYER_REAL}};
enum { HAZARD_COLUMNS = sizeof HAZARD_COLUMN / sizeof *HAZARD_COLUMN };

static muster_layer_value member_value(const json_t              *properties,
                                       const muster_layer_column *column) {
    const json_t *member = json_object_get(properties, column->name);
    if (json_is_string(member)) return text_value(json_string_value(member));
    if (!json_is_number(member)) return NOTHING;
    return column->type == MUSTER_LAYER_REAL ? real_value(json_number_value(member))
                                             : integer_value((int64_t)json_number_value(member));
}

static int export_hazard(export_layers *out, const json_t *feature, const char *path,
                         size_t number) {
    const json_t      *properties = json_object_get(feature, "properties");
    muster_layer_value value[HAZARD_COLUMNS];
    geojson_area       area;
    if (!geojson_area_read(&area, json_object_get(feature, "geometry"))) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: feature %zu: its geometry is wrong; expected degrees", path,
                            number);
    }
    for (uint32_t c = 0; c < HAZARD_COLUMNS; ++c) {
        value[c] = member_value(properties, &HAZARD_COLUMN[c]);
    }
    const int code =
        area.area.polygon_count > 0 ? export_layers_area(out, &area.area, value) : COMMAND_DONE;
    geojson_area_free(&area);
    return code;
}

static int export_hazards(export_layers *out, const results *r) {
    char         *path     = results_path(r, "hazards.geojson");
    json_t       *document = NULL;
    const json_t *feature;
    size_t        i;
    int           code =
        path ? export_layers_begin(out, "hazard", MUSTER_LAYER_AREAS, HAZARD_COLUMNS, HAZARD_COLUMN)
                       : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    if (code == COMMAND_DONE && access(path, F_OK) == 0) {
        code = json_read(&document, path, "GeoJSON of hazards");
    }
    json_array_foreach(json_object_get(document, "features"), i, feature) {
        if (code == COMMAND_DONE) code = export_hazard(out, feature, path, i + 1);
    }
    json_decref(document);
    free(path);
    return code;
}

/* ---- places -------------------------------------------------------------------------- */

static const muster_layer_column PLACE_COLUMN[] = {{"policy", MUSTER_LAYER_TEXT},
                                                   {"incidents", MUSTER_LAYER_INTEGER},
                                                   {"within_standard", MUSTER_LAYER_INTEGER},
                                                   {"median_response_min", MUSTER_LAYER_REAL}};
enum { PLACE_COLUMNS = sizeof PLACE_COLUMN / sizeof *PLACE_COLUMN, CORNERS = 5 };

static double side_of(const json_t *cell, const char *name) {
    return json_number_value(json_object_get(cell, name));
}

static int export_cell(export_layers *out, const results *r, const json_t *cell) {
    static const uint32_t     FIRST_RING[] = {0, 1}, FIRST_POINT[] = {0, CORNERS};
    const double              west = side_of(cell, "west"), east = side_of(cell, "east");
    const double              south = side_of(cell, "south"), north = side_of(cell, "north");
    const double              lon[CORNERS] = {west, east, east, west, west};
    const double              lat[CORNERS] = {south, south, north, north, south};
    const muster_multipolygon area         = {1, FIRST_RING, FIRST_POINT, lon, lat, 0};
    int                       code         = COMMAND_DONE;
    for (uint32_t p = 0; code == COMMAND_DONE && p < r->policy_count; ++p) {
        const json_t            *policy = json_array_get(json_object_get(cell, "policies"), p);
        const json_t            *median = json_object_get(policy, "median_min");
        const muster_layer_value value[PLACE_COLUMNS] = {
            text_value(r->policy[p]),
            integer_value(json_integer_value(json_object_get(policy, "count"))),
            integer_value(json_integer_value(json_object_get(policy, "within"))),
            real_value(json_is_number(median) ? json_number_value(median) : (double)NAN)};
        code = export_layers_area(out, &area, value);
    }
    return code;
}

static int export_places(export_layers *out, const results_data *d) {
    json_t       *places = report_places_new(d->results, d->outcomes);
    const json_t *cell;
    size_t        i;
    int           code =
        places ? export_layers_begin(out, "place", MUSTER_LAYER_AREAS, PLACE_COLUMNS, PLACE_COLUMN)
                         : command_fail(COMMAND_ENVIRONMENT, "out of memory");
    json_array_foreach(json_object_get(places, "cells"), i, cell) {
        if (code == COMMAND_DONE) code = export_cell(out, d->results, cell);
    }
    json_decref(places);
    return code;
}

/* ---- measures ------------------------------------------------------------------------ */

static void write_measures(FILE *stream, const results_data *d) {
    fputs("policy,replication", stream);
    for (int m = 0; m < MEASURE_COUNT; ++m) fprintf(stream, ",%s", MEASURE_WORDS[m].name);
    fputc('\n', stream);
    for (uint32_t p = 0; p < d->results->policy_count; ++p) {
        for (uint32_t i = 0; i < d->results->replication_count; ++i) {
            csv_print_text(stream, d->results->policy[p]);
            fprintf(stream, ",%" PRIu64, (uint64_t)d->results->first_replication + i);
            for (int m = 0; m < MEASURE_COUNT; ++m) {
                const double value = measures_of(d->measures, p, (measure_id)m)[i];
                fputc(',', stream);
                if (!isnan(value)) csv_print_exact(stream, value);
            }
            fputc('\n', stream);
        }
    }
}

static int export_csv(const results_data *d, const char *path) {
    output    out;
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    write_measures(out.stream, d);
    return output_publish(&out);
}

/* ---- all ----------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

bool results_export_knows(const char *path) {
    return ends_with(path, ".gpkg") || ends_with(path, ".geojson") || ends_with(path, ".csv");
}

int results_export(const results_data *d, const char *path) {
    export_layers out;
    if (ends_with(path, ".csv")) return export_csv(d, path);
    int code = export_layers_open(&out, path);
    if (code == COMMAND_DONE) code = export_incidents(&out, d->results);
    if (code == COMMAND_DONE) code = export_moves(&out, d->results);
    if (code == COMMAND_DONE) code = export_hazards(&out, d->results);
    if (code == COMMAND_DONE) code = export_places(&out, d);
    if (code == COMMAND_DONE) code = export_layers_publish(&out);
    export_layers_close(&out);
    return code;
}
