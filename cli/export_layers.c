#include "cli/export_layers.h"

#include <math.h>
#include <string.h>

#include "cli/command.h"
#include "cli/geojson.h"
#include "cli/json_file.h"

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static int fail_memory(const export_layers *e) {
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", e->path);
}

static int judged(muster_status status) {
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

int export_layers_open(export_layers *out, const char *path) {
    *out = (export_layers){.path = path};
    if (ends_with(path, ".gpkg")) return judged(muster_layer_file_new(&out->file, path));
    out->features = json_array();
    return out->features ? COMMAND_DONE : fail_memory(out);
}

int export_layers_begin(export_layers *e, const char *name, muster_layer_shape shape,
                        uint32_t column_count, const muster_layer_column *column) {
    e->name         = name;
    e->column_count = column_count;
    e->column       = column;
    if (!e->file) return COMMAND_DONE;
    return judged(muster_layer_file_begin(e->file, name, shape, column_count, column));
}

/* ---- GeoJSON ------------------------------------------------------------------------- */

static json_t *value_json(muster_layer_type type, const muster_layer_value *value) {
    if (!value->is_known) return json_null();
    switch (type) {
    case MUSTER_LAYER_INTEGER:
        return json_integer(value->integer);
    case MUSTER_LAYER_REAL:
        return isfinite(value->real) ? json_real(value->real) : json_null();
    case MUSTER_LAYER_TEXT:
        break;
    }
    return value->text ? json_string(value->text) : json_null();
}

/* Takes the reference of the geometry. */
static int add_feature(export_layers *e, json_t *geometry, const muster_layer_value *value) {
    json_t *properties = json_pack("{s:s}", "layer", e->name);
    for (uint32_t c = 0; c < e->column_count; ++c) {
        json_object_set_new(properties, e->column[c].name,
                            value_json(e->column[c].type, &value[c]));
    }
    if (json_array_append_new(e->features, geojson_feature(geometry, properties)) == 0) {
        return COMMAND_DONE;
    }
    return fail_memory(e);
}

/* ---- rows ---------------------------------------------------------------------------- */

int export_layers_point(export_layers *e, double lon_deg, double lat_deg,
                        const muster_layer_value *value) {
    const muster_site site = {.lon_deg = lon_deg, .lat_deg = lat_deg};
    if (!e->file) return add_feature(e, geojson_point(&site), value);
    return judged(muster_layer_file_add_point(e->file, lon_deg, lat_deg, value));
}

int export_layers_line(export_layers *e, uint32_t count, const double *lon_deg,
                       const double *lat_deg, const muster_layer_value *value) {
    if (!e->file) return add_feature(e, geojson_line(count, lon_deg, lat_deg), value);
    return judged(muster_layer_file_add_line(e->file, count, lon_deg, lat_deg, value));
}

int export_layers_area(export_layers *e, const muster_multipolygon *area,
                       const muster_layer_value *value) {
    if (!e->file) return add_feature(e, geojson_multipolygon(area), value);
    return judged(muster_layer_file_add_area(e->file, area, value));
}

/* ---- files --------------------------------------------------------------------------- */

int export_layers_publish(export_layers *e) {
    if (e->file) return judged(muster_layer_file_publish(e->file));
    json_t *features = e->features;
    e->features      = NULL;
    return json_write(json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features),
                      e->path);
}

void export_layers_close(export_layers *e) {
    muster_layer_file_free(e->file);
    json_decref(e->features);
    *e = (export_layers){0};
}
