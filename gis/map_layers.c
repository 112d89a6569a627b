/* The map under the roads: three tables, each a layer, read row by row.
 *
 * A row's geometry is decoded and checked into a scratch list of parts, simplified from there
 * into the map's own list. Shapes are rows and refer to parts by number, so that everything
 * lies flat. */
#include <muster/map.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/geometry_column.h"
#include "gis/network_store.h"
#include "gis/polygon_column.h"
#include "gis/simplify.h"

struct muster_map {
    muster_map_data   data; /* filled in at the end */
    muster_map_shape *shape;
    size_t            shape_count, shape_capacity;
    mu_parts          parts;
};

/* A layer: its table, the classes of its rows, and what is asked of the table. Columns are
 * key, class, width in m, depth in m, geometry. */
typedef struct map_table {
    const char *table;
    const char *class_name[6]; /* ended by NULL */
    bool        is_polygon;
    const char *sql;
} map_table;

static const map_table TABLE[MUSTER_MAP_LAYER_COUNT] = {
    {"water_area",
     {"lake", "sea"},
     true,
     "SELECT fid, class, 0.0, 0.0, geom FROM water_area ORDER BY fid"},
    {"waterway",
     {"river", "canal", "ditch"},
     false,
     "SELECT fid, class, width_m, 0.0, geom FROM waterway ORDER BY fid"},
    {"hazard",
     {"flood", "wind", "plume", "closure", "alert"},
     true,
     "SELECT fid, kind, 0.0, coalesce(depth_m, 0.0) AS depth_m, geom FROM hazard "
     "WHERE scenario = ?1 COLLATE BINARY ORDER BY fid"}};

enum { CLASS_COLUMN = 1, WIDTH_COLUMN, DEPTH_COLUMN, GEOMETRY_COLUMN };

/* What no water exceeds; more is a unit error. */
static const double MAX_WIDTH_M = 100000, MAX_DEPTH_M = 12000;

typedef struct map_reader {
    muster_map    *map;
    mu_simplifier *simplifier;
    mu_rings       polygons; /* of the row at hand */
    mu_parts       shape;    /* one of them, or its line, as it is in the file */
    uint8_t        layer;
    double         tolerance_m;
} map_reader;

/* ---- a row --------------------------------------------------------------------------- */

static muster_status take_class(const mu_row *row, const map_table *table, const char **out) {
    char        expected[64] = "";
    const char *text;
    MU_TRY(mu_column_text(row, CLASS_COLUMN, &text));
    for (int c = 0; table->class_name[c]; ++c) {
        *out = table->class_name[c];
        if (strcmp(text, *out) == 0) return MUSTER_OK;
        const size_t length = strlen(expected);
        snprintf(expected + length, sizeof expected - length, "%s%s", c > 0 ? ", " : "", *out);
    }
    return mu_column_unexpected(row, CLASS_COLUMN, "%s", expected);
}

static muster_status take_line(const mu_row *row, mu_parts *out) {
    mu_geometry line;
    double     *lon_deg, *lat_deg;
    mu_parts_clear(out);
    MU_TRY(mu_column_geometry(row, GEOMETRY_COLUMN, MU_GEOMETRY_LINE, &line));
    MU_TRY(mu_parts_add_points(out, line.point_count, &lon_deg, &lat_deg));
    for (uint32_t i = 0; i < line.point_count; ++i) {
        mu_geometry_point(&line, i, &lon_deg[i], &lat_deg[i]);
    }
    return mu_parts_end(out);
}

static muster_status add_shape(map_reader *reader, muster_map_shape shape) {
    muster_map *map = reader->map;
    shape.layer     = reader->layer;
    if (mu_parts_extent_m(&reader->shape, 0) < reader->tolerance_m) return MUSTER_OK;
    MU_TRY(mu_gis_grow(&map->shape, &map->shape_capacity, map->shape_count, sizeof *map->shape));
    shape.first_part = map->parts.count;
    MU_TRY(mu_simplify(reader->simplifier, &map->parts, &reader->shape,
                       TABLE[reader->layer].is_polygon, reader->tolerance_m));
    shape.part_count               = map->parts.count - shape.first_part;
    map->shape[map->shape_count++] = shape;
    return MUSTER_OK;
}

/* A shape each. */
static muster_status add_polygons(map_reader *reader, const mu_row *row, muster_map_shape shape) {
    const mu_rings *all = &reader->polygons;
    MU_TRY(mu_column_polygons(row, GEOMETRY_COLUMN, &reader->polygons));
    for (uint32_t p = 0; p < all->polygon_count; ++p) {
        mu_parts_clear(&reader->shape);
        for (uint32_t r = all->first_ring[p]; r < all->first_ring[p + 1]; ++r) {
            MU_TRY(mu_parts_copy(&reader->shape, &all->parts, r));
        }
        MU_TRY(add_shape(reader, shape));
    }
    return MUSTER_OK;
}

static muster_status read_row(void *user, const mu_row *row) {
    map_reader      *reader = user;
    const map_table *table  = &TABLE[reader->layer];
    muster_map_shape shape  = {0};
    double           width_m, depth_m;
    MU_TRY(take_class(row, table, &shape.class_name));
    MU_TRY(mu_column_real(row, WIDTH_COLUMN, 0, MAX_WIDTH_M, &width_m));
    MU_TRY(mu_column_real(row, DEPTH_COLUMN, 0, MAX_DEPTH_M, &depth_m));
    shape.width_m = (float)width_m;
    shape.depth_m = (float)depth_m;
    if (table->is_polygon) return add_polygons(reader, row, shape);
    MU_TRY(take_line(row, &reader->shape));
    return add_shape(reader, shape);
}

/* ---- the whole ----------------------------------------------------------------------- */

static muster_status read_layer(map_reader *reader, mu_store *store, muster_map_layer layer,
                                const char *scenario_code) {
    const map_table *table     = &TABLE[layer];
    const bool       is_hazard = layer == MUSTER_MAP_HAZARD;
    const mu_query   query     = {table->table, table->sql, is_hazard ? scenario_code : NULL};
    bool             there;
    MU_TRY(mu_store_has_table(store, table->table, &there));
    if (!there || (is_hazard && !scenario_code)) return MUSTER_OK;
    reader->layer = (uint8_t)layer;
    return mu_store_query(store, &query, read_row, reader);
}

static muster_status read_layers(map_reader *reader, mu_store *store, const char *scenario_code) {
    MU_TRY(mu_network_check_tables(store));
    MU_TRY(mu_simplifier_new(&reader->simplifier));
    for (int layer = 0; layer < MUSTER_MAP_LAYER_COUNT; ++layer) {
        MU_TRY(read_layer(reader, store, (muster_map_layer)layer, scenario_code));
    }
    return MUSTER_OK;
}

static muster_status read_store(map_reader *reader, const char *place, const char *scenario_code) {
    mu_store *store;
    MU_TRY(mu_store_open(&store, place));
    const muster_status status = read_layers(reader, store, scenario_code);
    mu_simplifier_free(reader->simplifier);
    mu_rings_fini(&reader->polygons);
    mu_parts_fini(&reader->shape);
    mu_store_close(store);
    return status;
}

static void fill_view(muster_map *map) {
    static const uint32_t NO_PARTS[1] = {0};
    map->data                         = (muster_map_data){.shape_count = (uint32_t)map->shape_count,
                                                          .shape       = map->shape,
                                                          .part_count  = map->parts.count,
                                                          .part_first_point =
                                      map->parts.first_point ? map->parts.first_point : NO_PARTS,
                                                          .point_lon_deg = map->parts.lon_deg,
                                                          .point_lat_deg = map->parts.lat_deg};
}

muster_status muster_map_load(muster_map **out, const char *place, const char *scenario_code,
                              double tolerance_m) {
    map_reader reader = {.tolerance_m = tolerance_m};
    *out              = NULL;
    if (!(tolerance_m >= 0) || !isfinite(tolerance_m)) {
        return muster_fail(MUSTER_E_INVALID, "tolerance_m is %g; expected 0 or more", tolerance_m);
    }
    MU_TRY(mu_gis_alloc_zeroed(&reader.map, 1, sizeof *reader.map));
    const muster_status status = read_store(&reader, place, scenario_code);
    if (status == MUSTER_OK) {
        fill_view(reader.map);
        *out = reader.map;
    } else {
        muster_map_free(reader.map);
    }
    return status;
}

void muster_map_free(muster_map *map) {
    if (!map) return;
    mu_parts_fini(&map->parts);
    mu_gis_free(map->shape);
    mu_gis_free(map);
}

const muster_map_data *muster_map_view(const muster_map *map) {
    return &map->data;
}
