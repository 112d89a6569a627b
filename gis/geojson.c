/* See geojson.h.
 *
 * A network is a file of a gigabyte, so features are taken one by one: what stands before "features"
 * is skipped, then jansson is given the file byte by byte and stops behind the feature that it was
 * asked for. A feature's geometry becomes well-known binary, which is judged like that of any other
 * store. */
#define _XOPEN_SOURCE 700 /* getc_unlocked */
#include "gis/geojson.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/instant.h"
#include "gis/memory.h"
#include "gis/wkb.h"

enum { JSON_FLAGS = JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY };

/* ---- numbers and objects --------------------------------------------------------------- */

bool mu_json_is_object(const char *bytes, size_t size) {
    json_error_t error;
    json_t      *value     = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    const bool   is_object = json_is_object(value);
    json_decref(value);
    return is_object;
}

bool mu_json_read_number(const char *bytes, size_t size, double *out) {
    json_error_t error;
    json_t      *value = json_loadb(bytes, size, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    const bool   is_number = json_is_real(value);
    if (is_number) *out = json_real_value(value);
    json_decref(value);
    return is_number;
}

/* "-0" would be read as a whole number, 0. */
void mu_json_write_number(char out[MU_JSON_NUMBER_BYTES], double value) {
    mu_json_number(out, value);
    if (!strpbrk(out, ".e")) memcpy(out + strlen(out), ".0", 3);
}

/* ---- reading --------------------------------------------------------------------------- */

struct mu_geojson_reader {
    FILE                  *file;
    const char            *path;
    const mu_schema_table *table;
    uint64_t               line;
    json_t                *feature; /* in hand; texts lie in it */
    char                  *wkb;
    size_t                 wkb_size, wkb_capacity;
    bool                   is_out_of_memory;
    char                  *text[MU_SCHEMA_COLUMNS]; /* what jansson wrote for a message */
};

static int read_char(mu_geojson_reader *r) {
    const int c = getc_unlocked(r->file);
    if (c == '\n') ++r->line;
    return c;
}

/* For jansson: one byte at a time, so that it never reads past what it was asked for. */
static size_t read_byte(void *buffer, size_t size, void *user) {
    const int c = size > 0 ? read_char(user) : EOF;
    if (c == EOF) return 0;
    *(char *)buffer = (char)c;
    return 1;
}

static muster_status refuse(const mu_geojson_reader *r, const char *what) {
    if (ferror(r->file)) {
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be read", r->path);
    }
    return muster_fail(MUSTER_E_FORMAT, "\"%s\": line %llu: %s", r->path,
                       (unsigned long long)r->line, what);
}

static int skip_space(mu_geojson_reader *r) {
    int c = read_char(r);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') c = read_char(r);
    return c;
}

/* A value whose first byte has been seen. */
static muster_status load(mu_geojson_reader *r, int first, json_t **out) {
    json_error_t   error;
    const uint64_t line = r->line;
    if (first != EOF) ungetc(first, r->file);
    *out = json_load_callback(read_byte, r, JSON_FLAGS, &error);
    if (*out) return MUSTER_OK;
    if (json_error_code(&error) == json_error_out_of_memory) {
        return muster_fail(MUSTER_E_NOMEM, "\"%s\": out of memory", r->path);
    }
    if (error.line > 0) r->line = line + (uint64_t)error.line - 1;
    return refuse(r, error.text);
}

/* Pass over a member's value: numbers and words end where the next thing begins. */
static muster_status skip_value(mu_geojson_reader *r, int first, int *out_next) {
    if (first == '{' || first == '[' || first == '"') {
        json_t *value;
        MU_TRY(load(r, first, &value));
        json_decref(value);
        *out_next = skip_space(r);
        return MUSTER_OK;
    }
    int c = first;
    while (c != ',' && c != '}' && c != EOF) c = read_char(r);
    *out_next = c;
    return MUSTER_OK;
}

static muster_status read_member_name(mu_geojson_reader *r, int first, bool *out_is_features) {
    json_t *name;
    if (first != '"') return refuse(r, "a member without name; expected a FeatureCollection");
    MU_TRY(load(r, first, &name));
    *out_is_features = strcmp(json_string_value(name), "features") == 0;
    json_decref(name);
    return skip_space(r) == ':' ? MUSTER_OK : refuse(r, "a member without value; expected ':'");
}

/* Go to where the features begin. */
static muster_status find_features(mu_geojson_reader *r) {
    int  c = skip_space(r);
    bool is_features;
    if (c == 0xEF && read_char(r) == 0xBB && read_char(r) == 0xBF) c = skip_space(r); /* a mark */
    if (c != '{') return refuse(r, "no JSON object; expected a FeatureCollection");
    do {
        MU_TRY(read_member_name(r, skip_space(r), &is_features));
        c = skip_space(r);
        if (is_features) {
            return c == '[' ? MUSTER_OK : refuse(r, "features that are no array; expected '['");
        }
        MU_TRY(skip_value(r, c, &c));
    } while (c == ',');
    return refuse(r, "no features; expected a FeatureCollection");
}

muster_status mu_geojson_reader_new(mu_geojson_reader **out, FILE *file, const char *path,
                                    const mu_schema_table *table) {
    *out = NULL;
    mu_geojson_reader *r;
    MU_TRY(mu_gis_alloc_zeroed(&r, 1, sizeof *r));
    r->file                    = file;
    r->path                    = path;
    r->table                   = table;
    r->line                    = 1;
    const muster_status status = find_features(r);
    if (status != MUSTER_OK) {
        mu_geojson_reader_free(r);
        return status;
    }
    *out = r;
    return MUSTER_OK;
}

static void forget(mu_geojson_reader *r) {
    json_decref(r->feature);
    r->feature  = NULL;
    r->wkb_size = 0;
    for (uint32_t c = 0; c < MU_SCHEMA_COLUMNS; ++c) {
        free(r->text[c]);
        r->text[c] = NULL;
    }
}

void mu_geojson_reader_free(mu_geojson_reader *r) {
    if (!r) return;
    forget(r);
    mu_gis_free(r->wkb);
    mu_gis_free(r);
}

/* ---- a feature's geometry ---------------------------------------------------------------- */

static void put(mu_geojson_reader *r, const void *bytes, size_t size) {
    if (r->wkb_capacity - r->wkb_size < size) {
        const size_t larger = r->wkb_capacity + r->wkb_capacity / 2 + size + 256;
        if (mu_gis_realloc(&r->wkb, larger, 1) != MUSTER_OK) {
            r->is_out_of_memory = true;
            return;
        }
        r->wkb_capacity = larger;
    }
    memcpy(r->wkb + r->wkb_size, bytes, size);
    r->wkb_size += size;
}

/* Always little endian. */
static void put_u32(mu_geojson_reader *r, uint32_t value) {
    unsigned char bytes[4];
    for (int i = 0; i < 4; ++i) bytes[i] = (unsigned char)(value >> 8 * i);
    put(r, bytes, sizeof bytes);
}

static void put_double(mu_geojson_reader *r, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(r, (uint32_t)bits);
    put_u32(r, (uint32_t)(bits >> 32));
}

static bool put_position(mu_geojson_reader *r, const json_t *position) {
    const json_t *lon = json_array_get(position, 0), *lat = json_array_get(position, 1);
    if (json_array_size(position) != 2 || !json_is_number(lon) || !json_is_number(lat))
        return false;
    put_double(r, json_number_value(lon));
    put_double(r, json_number_value(lat));
    return true;
}

/* A list, of whatever `put_one` makes of its members. */
static bool put_list(mu_geojson_reader *r, const json_t *list,
                     bool (*put_one)(mu_geojson_reader *, const json_t *)) {
    size_t        i;
    const json_t *one;
    if (!json_is_array(list)) return false;
    put_u32(r, (uint32_t)json_array_size(list));
    json_array_foreach(list, i, one) {
        if (!put_one(r, one)) return false;
    }
    return true;
}

static bool put_line(mu_geojson_reader *r, const json_t *line) {
    return put_list(r, line, put_position);
}

static bool put_rings(mu_geojson_reader *r, const json_t *rings) {
    return put_list(r, rings, put_line);
}

static void put_type(mu_geojson_reader *r, uint32_t type) {
    put(r, "\1", 1);
    put_u32(r, type);
}

static bool put_whole_point(mu_geojson_reader *r, const json_t *coordinates) {
    put_type(r, 1);
    return put_position(r, coordinates);
}

static bool put_whole_line(mu_geojson_reader *r, const json_t *coordinates) {
    put_type(r, 2);
    return put_line(r, coordinates);
}

static bool put_whole_polygon(mu_geojson_reader *r, const json_t *coordinates) {
    put_type(r, 3);
    return put_rings(r, coordinates);
}

/* By the number of the type in well-known binary. */
static const struct shape {
    const char *name;
    bool (*put)(mu_geojson_reader *, const json_t *);
} SHAPES[] = {{NULL, NULL},
              {"Point", put_whole_point},
              {"LineString", put_whole_line},
              {"Polygon", put_whole_polygon},
              {"MultiPoint", put_whole_point},
              {"MultiLineString", put_whole_line},
              {"MultiPolygon", put_whole_polygon}};

enum { SHAPE_COUNT = sizeof SHAPES / sizeof *SHAPES, FIRST_OF_MANY = 4 };

static bool put_geometry(mu_geojson_reader *r, const json_t *geometry) {
    const char   *name        = json_string_value(json_object_get(geometry, "type"));
    const json_t *coordinates = json_object_get(geometry, "coordinates");
    for (uint32_t type = 1; name && type < SHAPE_COUNT; ++type) {
        if (strcmp(name, SHAPES[type].name) != 0) continue;
        if (type < FIRST_OF_MANY) return SHAPES[type].put(r, coordinates);
        put_type(r, type);
        return put_list(r, coordinates, SHAPES[type].put);
    }
    return false;
}

static mu_value take_geometry(mu_geojson_reader *r) {
    const json_t *geometry = json_object_get(r->feature, "geometry");
    if (!geometry || json_is_null(geometry)) return (mu_value){.form = MU_FORM_NULL};
    const bool is_one = put_geometry(r, geometry);
    return (mu_value){.form  = MU_FORM_WKB,
                      .bytes = is_one ? r->wkb : "",
                      .size  = is_one ? r->wkb_size : 0,
                      .fault = is_one ? NULL
                                      : "type and coordinates of a GeoJSON geometry, with "
                                        "positions of two numbers"};
}

/* ---- a feature's properties -------------------------------------------------------------- */

static mu_value text_of(const char *text, size_t size) {
    return (mu_value){.form = MU_FORM_TEXT, .bytes = text, .size = size};
}

/* What is no plain value, for the message that refuses it. */
static mu_value show(mu_geojson_reader *r, uint32_t column, const json_t *value) {
    r->text[column] = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!r->text[column]) r->is_out_of_memory = true;
    const char *text = r->text[column] ? r->text[column] : "";
    return (mu_value){.form  = MU_FORM_TEXT,
                      .bytes = text,
                      .size  = strlen(text),
                      .fault = "null, a number, true, false or a text"};
}

static mu_value take_number(const mu_schema_column *column, const json_t *value) {
    const double real = json_number_value(value);
    if (column->type == MU_TYPE_REAL) return (mu_value){.form = MU_FORM_REAL, .real = real};
    if (json_is_integer(value)) {
        return (mu_value){.form = MU_FORM_WHOLE, .whole = json_integer_value(value)};
    }
    /* 5.0 is as whole as 5, as far as a double tells whole numbers apart. */
    if (fabs(real) <= 9007199254740992.0 && real == floor(real)) {
        return (mu_value){.form = MU_FORM_WHOLE, .whole = (int64_t)real};
    }
    return (mu_value){.form = MU_FORM_REAL, .real = real};
}

static mu_value take_property(mu_geojson_reader *r, uint32_t c, const json_t *value) {
    const mu_schema_column *column = &r->table->column[c];
    mu_value                out;
    if (!value) return mu_value_fallback(column);
    if (json_is_null(value)) return (mu_value){.form = MU_FORM_NULL};
    if (json_is_number(value)) return take_number(column, value);
    if (json_is_boolean(value) && column->type == MU_TYPE_BOOLEAN) {
        return (mu_value){.form = MU_FORM_WHOLE, .whole = json_is_true(value)};
    }
    if (!json_is_string(value)) return show(r, c, value);
    out = text_of(json_string_value(value), json_string_length(value));
    if (column->type == MU_TYPE_MOMENT || column->type == MU_TYPE_INSTANT) {
        mu_value_read_moment(&out);
    }
    return out;
}

static muster_status take_feature(mu_geojson_reader *r, mu_value *value) {
    const json_t *properties = json_object_get(r->feature, "properties");
    r->is_out_of_memory      = false;
    for (uint32_t c = 0; c < r->table->column_count; ++c) {
        const mu_schema_column *column = &r->table->column[c];
        value[c]                       = column->type == MU_TYPE_GEOMETRY
                                             ? take_geometry(r)
                                             : take_property(r, c, json_object_get(properties, column->name));
    }
    if (!r->is_out_of_memory) return MUSTER_OK;
    return muster_fail(MUSTER_E_NOMEM, "\"%s\": out of memory", r->path);
}

muster_status mu_geojson_reader_next(mu_geojson_reader *r, mu_value *value, bool *out_row) {
    const bool is_first = r->feature == NULL;
    *out_row            = false;
    forget(r);
    int c = skip_space(r);
    if (c == ']') return MUSTER_OK;
    if (!is_first) {
        if (c != ',') return refuse(r, "no ',' or ']' behind a feature");
        c = skip_space(r);
    }
    MU_TRY(load(r, c, &r->feature));
    if (!json_is_object(r->feature)) return refuse(r, "a feature that is no object");
    *out_row = true;
    return take_feature(r, value);
}

/* ---- writing ------------------------------------------------------------------------------ */

static void write_text(FILE *file, const char *text, size_t size) {
    putc('"', file);
    for (size_t i = 0; i < size; ++i) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            putc('\\', file);
            putc(byte, file);
        } else if (byte < 0x20) {
            fprintf(file, "\\u%04x", (unsigned)byte);
        } else {
            putc(byte, file);
        }
    }
    putc('"', file);
}

static void write_number(FILE *file, double value) {
    char text[MU_JSON_NUMBER_BYTES];
    mu_json_write_number(text, value);
    fputs(text, file);
}

static void write_value(FILE *file, const mu_schema_column *column, const mu_value *value) {
    char moment[MU_INSTANT_BYTES];
    switch (value->form) {
    case MU_FORM_NULL:
        fputs("null", file);
        break;
    case MU_FORM_WHOLE:
        if (column->type == MU_TYPE_BOOLEAN) {
            fputs(value->whole ? "true" : "false", file);
        } else if (column->type == MU_TYPE_MOMENT || column->type == MU_TYPE_INSTANT) {
            mu_instant_write(moment, value->whole);
            fprintf(file, "\"%s\"", moment);
        } else {
            fprintf(file, "%lld", (long long)value->whole);
        }
        break;
    case MU_FORM_REAL:
        write_number(file, value->real);
        break;
    default:
        write_text(file, value->bytes, value->size);
    }
}

/* Where in well-known binary, which has been found to be whole, writing has got to. */
typedef struct wkb_walk {
    FILE                *file;
    const unsigned char *at;
    bool                 is_swapped;
} wkb_walk;

static uint32_t walk_u32(wkb_walk *w) {
    const uint32_t value = mu_geometry_u32(w->at, w->is_swapped);
    w->at += 4;
    return value;
}

static void write_position(wkb_walk *w) {
    putc('[', w->file);
    write_number(w->file, mu_geometry_double(w->at, w->is_swapped));
    putc(',', w->file);
    write_number(w->file, mu_geometry_double(w->at + sizeof(double), w->is_swapped));
    putc(']', w->file);
    w->at += 2 * sizeof(double);
}

static void write_list(wkb_walk *w, void (*write_one)(wkb_walk *)) {
    const uint32_t count = walk_u32(w);
    putc('[', w->file);
    for (uint32_t i = 0; i < count; ++i) {
        if (i > 0) putc(',', w->file);
        write_one(w);
    }
    putc(']', w->file);
}

static void write_line(wkb_walk *w) {
    write_list(w, write_position);
}

static uint32_t walk_type(wkb_walk *w) {
    ++w->at; /* the byte order, which shows in the type as well: it is a small number */
    w->is_swapped = mu_geometry_u32(w->at, false) >= SHAPE_COUNT;
    return walk_u32(w);
}

static void write_coordinates(wkb_walk *w) {
    switch (walk_type(w)) {
    case 1:
        write_position(w);
        break;
    case 2:
        write_line(w);
        break;
    case 3:
        write_list(w, write_line);
        break;
    default:
        write_list(w, write_coordinates);
    }
}

static void write_geometry(FILE *file, const mu_value *value) {
    if (value->form == MU_FORM_NULL) {
        fputs("null", file);
        return;
    }
    wkb_walk       w    = {.file = file, .at = (const unsigned char *)value->bytes};
    const uint32_t type = walk_type(&w);
    w.at                = (const unsigned char *)value->bytes;
    fprintf(file, "{\"type\":\"%s\",\"coordinates\":", SHAPES[type].name);
    write_coordinates(&w);
    putc('}', file);
}

void mu_geojson_write_beginning(FILE *file, const char *table) {
    fprintf(file, "{\"type\":\"FeatureCollection\",\"name\":\"%s\",\"features\":[", table);
}

void mu_geojson_write_feature(FILE *file, const mu_schema_table *table, const mu_value *value,
                              bool is_first) {
    const uint32_t geometry = mu_schema_geometry(table);
    fputs(is_first ? "\n{\"type\":\"Feature\",\"properties\":{"
                   : ",\n{\"type\":\"Feature\",\"properties\":{",
          file);
    for (uint32_t c = 0, written = 0; c < table->column_count; ++c) {
        if (c == geometry) continue;
        fprintf(file, "%s\"%s\":", written++ > 0 ? "," : "", table->column[c].name);
        write_value(file, &table->column[c], &value[c]);
    }
    fputs("},\"geometry\":", file);
    write_geometry(file, &value[geometry]);
    putc('}', file);
}

void mu_geojson_write_end(FILE *file) {
    fputs("\n]}\n", file);
}
