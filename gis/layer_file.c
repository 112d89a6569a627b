/* Tables are made by SQL with their names written into it, which is why names are judged first. The bounds of
 * the rows are kept until the layer ends: its spatial index is packed then (spatial_index.c). */
#include <muster/layer_file.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/database.h"
#include "gis/geometry_blob.h"
#include "gis/memory.h"
#include "gis/spatial_index.h"

extern const char mu_layer_file_sql[]; /* gis/layer_file.sql */

enum { MOST_COLUMNS = 64, NAME_BYTES = 49, SQL_BYTES = 8192 };

struct muster_layer_file {
    mu_database       *database;
    mu_statement      *insert; /* of the layer in hand; NULL: none was begun */
    char               name[NAME_BYTES];
    muster_layer_shape shape;
    uint32_t           column_count;
    muster_layer_type  type[MOST_COLUMNS];
    size_t             row_count, id_capacity, bounds_capacity;
    int64_t           *id;
    mu_bounds         *bounds;
    size_t             blob_capacity;
    unsigned char     *blob; /* of the row in hand */
};

/* ---- names --------------------------------------------------------------------------- */

static bool is_name(const char *name) {
    static const char *const TAKEN[] = {"gpkg", "rtree", "sqlite"};
    const size_t             length  = strlen(name);
    if (length == 0 || length >= NAME_BYTES || name[0] < 'a' || name[0] > 'z') return false;
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != length) return false;
    for (size_t i = 0; i < sizeof TAKEN / sizeof *TAKEN; ++i) {
        if (strncmp(name, TAKEN[i], strlen(TAKEN[i])) == 0) return false;
    }
    return strcmp(name, "fid") != 0 && strcmp(name, "geom") != 0;
}

static muster_status check_name(const char *what, const char *name) {
    if (is_name(name)) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "the %s \"%.60s\" has a name that cannot be; expected 1 to 48 of a-z, 0-9 and _", what,
        name);
}

static muster_status check_columns(uint32_t count, const muster_layer_column *column) {
    if (count > MOST_COLUMNS) {
        return muster_fail(MUSTER_E_INVALID, "a layer of %u columns; expected %d at most", count,
                           MOST_COLUMNS);
    }
    for (uint32_t c = 0; c < count; ++c) {
        MU_TRY(check_name("column", column[c].name));
        for (uint32_t other = 0; other < c; ++other) {
            if (strcmp(column[c].name, column[other].name) != 0) continue;
            return muster_fail(MUSTER_E_INVALID, "the column \"%s\" comes twice; expected it once",
                               column[c].name);
        }
    }
    return MUSTER_OK;
}

/* ---- layers -------------------------------------------------------------------------- */

static const char *const SHAPE_NAME[] = {"POINT", "LINESTRING", "MULTIPOLYGON"};
static const char *const TYPE_NAME[]  = {"INTEGER", "REAL", "TEXT"};

/* The layer in hand gets its index. */
static muster_status end_layer(muster_layer_file *f) {
    if (!f->insert) return MUSTER_OK;
    mu_statement_free(f->insert);
    f->insert            = NULL;
    const uint32_t count = (uint32_t)f->row_count;
    f->row_count         = 0;
    return mu_spatial_index_write(f->database, f->name, "fid", count, f->id, f->bounds);
}

static muster_status register_layer(muster_layer_file *f) {
    char sql[1024];
    snprintf(sql, sizeof sql,
             "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
             "VALUES ('%s', 'features', '%s', %d);"
             "INSERT INTO gpkg_geometry_columns VALUES ('%s', 'geom', '%s', %d, 0, 0);",
             f->name, f->name, MU_SRS_WGS84, f->name, SHAPE_NAME[f->shape], MU_SRS_WGS84);
    return mu_database_execute(f->database, "gpkg_contents", sql);
}

static muster_status make_table(muster_layer_file *f, uint32_t count,
                                const muster_layer_column *column) {
    char   sql[SQL_BYTES];
    size_t used = (size_t)snprintf(
        sql, sizeof sql, "CREATE TABLE \"%s\" (fid INTEGER NOT NULL PRIMARY KEY, geom %s NOT NULL",
        f->name, SHAPE_NAME[f->shape]);
    for (uint32_t c = 0; c < count; ++c) {
        f->type[c] = column[c].type;
        used += (size_t)snprintf(sql + used, sizeof sql - used, ", \"%s\" %s", column[c].name,
                                 TYPE_NAME[column[c].type]);
    }
    snprintf(sql + used, sizeof sql - used, ")");
    return mu_database_execute(f->database, f->name, sql);
}

static muster_status prepare_insert(muster_layer_file *f) {
    char   sql[SQL_BYTES];
    size_t used = (size_t)snprintf(sql, sizeof sql, "INSERT INTO \"%s\" VALUES (?1, ?2", f->name);
    for (uint32_t c = 0; c < f->column_count; ++c) {
        used += (size_t)snprintf(sql + used, sizeof sql - used, ", ?%u", c + 3);
    }
    snprintf(sql + used, sizeof sql - used, ")");
    return mu_statement_new(&f->insert, f->database, f->name, sql);
}

muster_status muster_layer_file_begin(muster_layer_file *f, const char *name,
                                      muster_layer_shape shape, uint32_t column_count,
                                      const muster_layer_column *column) {
    bool is_there = false;
    MU_TRY(check_name("layer", name));
    MU_TRY(check_columns(column_count, column));
    MU_TRY(mu_database_has_table(f->database, name, &is_there));
    if (is_there) {
        return muster_fail(MUSTER_E_INVALID, "the layer \"%s\" comes twice; expected it once",
                           name);
    }
    MU_TRY(end_layer(f));
    snprintf(f->name, sizeof f->name, "%s", name);
    f->shape        = shape;
    f->column_count = column_count;
    MU_TRY(make_table(f, column_count, column));
    MU_TRY(register_layer(f));
    return prepare_insert(f);
}

/* ---- rows ---------------------------------------------------------------------------- */

static muster_status check_row(const muster_layer_file *f, muster_layer_shape shape, size_t count,
                               const double *lon_deg, const double *lat_deg) {
    if (!f->insert || f->shape != shape) {
        return muster_fail(MUSTER_E_INVALID, "a %s for %s; expected a layer of that shape",
                           SHAPE_NAME[shape], f->insert ? f->name : "no layer");
    }
    for (size_t i = 0; i < count; ++i) {
        if (isfinite(lon_deg[i]) && isfinite(lat_deg[i])) continue;
        return muster_fail(MUSTER_E_INVALID, "layer %s: point %zu lies at %g,%g; expected degrees",
                           f->name, i, lon_deg[i], lat_deg[i]);
    }
    return MUSTER_OK;
}

static muster_status reserve_blob(muster_layer_file *f, size_t size) {
    if (f->blob_capacity >= size) return MUSTER_OK;
    MU_TRY(mu_gis_realloc(&f->blob, size, 1));
    f->blob_capacity = size;
    return MUSTER_OK;
}

static void bind(mu_statement *insert, int parameter, muster_layer_type type,
                 const muster_layer_value *value) {
    const bool is_number = type != MUSTER_LAYER_REAL || !isnan(value->real);
    if (!value->is_known || !is_number || (type == MUSTER_LAYER_TEXT && !value->text)) {
        mu_bind_null(insert, parameter);
    } else if (type == MUSTER_LAYER_INTEGER) {
        mu_bind_int(insert, parameter, value->integer);
    } else if (type == MUSTER_LAYER_REAL) {
        mu_bind_real(insert, parameter, value->real);
    } else {
        mu_bind_text(insert, parameter, value->text);
    }
}

/* The blob in hand becomes a row. */
static muster_status add_row(muster_layer_file *f, size_t size, const mu_bounds *bounds,
                             const muster_layer_value *value) {
    if (f->row_count == UINT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "layer %s has 4294967295 rows; expected no more",
                           f->name);
    }
    MU_TRY(mu_gis_grow(&f->id, &f->id_capacity, f->row_count, sizeof *f->id));
    MU_TRY(mu_gis_grow(&f->bounds, &f->bounds_capacity, f->row_count, sizeof *f->bounds));
    f->id[f->row_count]     = (int64_t)f->row_count + 1;
    f->bounds[f->row_count] = *bounds;
    mu_bind_int(f->insert, 1, f->id[f->row_count]);
    mu_bind_blob(f->insert, 2, f->blob, size);
    for (uint32_t c = 0; c < f->column_count; ++c) {
        bind(f->insert, (int)c + 3, f->type[c], &value[c]);
    }
    MU_TRY(mu_statement_run(f->insert));
    ++f->row_count;
    return MUSTER_OK;
}

muster_status muster_layer_file_add_point(muster_layer_file *f, double lon_deg, double lat_deg,
                                          const muster_layer_value *value) {
    const mu_bounds bounds = {lon_deg, lat_deg, lon_deg, lat_deg};
    MU_TRY(check_row(f, MUSTER_LAYER_POINTS, 1, &lon_deg, &lat_deg));
    MU_TRY(reserve_blob(f, MU_POINT_BLOB_BYTES));
    mu_point_blob_encode(f->blob, lon_deg, lat_deg);
    return add_row(f, MU_POINT_BLOB_BYTES, &bounds, value);
}

muster_status muster_layer_file_add_line(muster_layer_file *f, uint32_t point_count,
                                         const double *lon_deg, const double *lat_deg,
                                         const muster_layer_value *value) {
    mu_bounds    bounds;
    const size_t size = mu_line_blob_bytes(point_count);
    MU_TRY(check_row(f, MUSTER_LAYER_LINES, point_count, lon_deg, lat_deg));
    if (point_count < 2) {
        return muster_fail(MUSTER_E_INVALID, "layer %s: a line of %u points; expected 2 or more",
                           f->name, point_count);
    }
    MU_TRY(reserve_blob(f, size));
    mu_line_blob_encode(f->blob, point_count, lon_deg, lat_deg, &bounds);
    return add_row(f, size, &bounds, value);
}

muster_status muster_layer_file_add_area(muster_layer_file *f, const muster_multipolygon *area,
                                         const muster_layer_value *value) {
    mu_bounds    bounds;
    const size_t size = mu_area_blob_bytes(area);
    const size_t points =
        area->polygon_count > 0 ? area->first_point[area->first_ring[area->polygon_count]] : 0;
    MU_TRY(check_row(f, MUSTER_LAYER_AREAS, points, area->lon_deg, area->lat_deg));
    if (points == 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "layer %s: an area of no polygon; expected one or more", f->name);
    }
    MU_TRY(reserve_blob(f, size));
    mu_area_blob_encode(f->blob, area, &bounds);
    return add_row(f, size, &bounds, value);
}

/* ---- files --------------------------------------------------------------------------- */

muster_status muster_layer_file_new(muster_layer_file **out, const char *path) {
    *out = NULL;
    muster_layer_file *f;
    MU_TRY(mu_gis_alloc_zeroed(&f, 1, sizeof *f));
    muster_status status = mu_database_create(&f->database, path);
    if (status == MUSTER_OK) {
        status = mu_database_execute(f->database, "gpkg_contents", mu_layer_file_sql);
    }
    if (status == MUSTER_OK) {
        *out = f;
    } else {
        muster_layer_file_free(f);
    }
    return status;
}

muster_status muster_layer_file_publish(muster_layer_file *f) {
    MU_TRY(end_layer(f));
    return mu_database_publish(f->database);
}

void muster_layer_file_free(muster_layer_file *f) {
    if (!f) return;
    mu_statement_free(f->insert);
    mu_database_close(f->database);
    mu_gis_free(f->id);
    mu_gis_free(f->bounds);
    mu_gis_free(f->blob);
    mu_gis_free(f);
}
