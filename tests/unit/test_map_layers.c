/* The map under the roads: what is read is what the file says, simplified no more than was
 * allowed; what strangers wrote is judged value by value. */
#include <muster/map.h>

#include <math.h>

#include "gis/memory.h"
#include "tests/support/random.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

static muster_map *load(const char *path, const char *scenario, double tolerance_m) {
    muster_map *map;
    if (muster_map_load(&map, path, scenario, tolerance_m) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return map;
}

static uint32_t part_points(const muster_map_data *data, uint32_t part) {
    return data->part_first_point[part + 1] - data->part_first_point[part];
}

/* ---- what is there ------------------------------------------------------------------- */

static void check_shape(const muster_map_shape *shape, muster_map_layer layer,
                        const char *class_name, uint32_t first_part, uint32_t part_count) {
    assert_int_equal(shape->layer, layer);
    assert_string_equal(shape->class_name, class_name);
    assert_int_equal(shape->first_part, first_part);
    assert_int_equal(shape->part_count, part_count);
}

static void every_layer_is_read_as_it_is(void **state) {
    (void)state;
    const char *path = path_of("all.gpkg");
    small_scenario_write(path, NULL);
    muster_map            *map  = load(path, "flood", 0);
    const muster_map_data *data = muster_map_view(map);
    assert_int_equal(data->shape_count, 3);
    check_shape(&data->shape[0], MUSTER_MAP_WATER_AREA, "lake", 0, 2);
    check_shape(&data->shape[1], MUSTER_MAP_WATERWAY, "canal", 2, 1);
    check_shape(&data->shape[2], MUSTER_MAP_HAZARD, "flood", 3, 1);
    assert_float_equal(data->shape[1].width_m, 25.5, 0);
    assert_float_equal(data->shape[2].depth_m, 1.5, 0);
    assert_int_equal(data->part_count, 4);
    assert_int_equal(part_points(data, 1), 5);
    assert_int_equal(part_points(data, 2), 2);
    const uint32_t island = data->part_first_point[1], canal = data->part_first_point[2];
    assert_true(data->point_lon_deg[island] == SMALL_LAKE[1].west);
    assert_true(data->point_lat_deg[island + 2] == SMALL_LAKE[1].north);
    assert_true(data->point_lon_deg[canal + 1] == SMALL_LON[1]);
    assert_true(data->point_lat_deg[canal + 1] == SMALL_LAT[1]);
    muster_map_free(map);
}

static void floods_are_those_of_the_scenario(void **state) {
    (void)state;
    const char *const scenario[] = {"quake", "Flood", NULL};
    const char       *path       = path_of("floods.gpkg");
    small_scenario_write(path, NULL);
    for (int i = 0; i < 3; ++i) {
        muster_map *map = load(path, scenario[i], 0);
        assert_int_equal(muster_map_view(map)->shape_count, 2);
        muster_map_free(map);
    }
}

static void absent_tables_are_layers_without_shapes(void **state) {
    (void)state;
    const char *path = path_of("network.gpkg");
    small_network_write(path, NULL);
    muster_map            *map  = load(path, "flood", 10);
    const muster_map_data *data = muster_map_view(map);
    assert_int_equal(data->shape_count, 0);
    assert_int_equal(data->part_count, 0);
    assert_int_equal(data->part_first_point[0], 0);
    muster_map_free(map);
}

/* ---- simplifying --------------------------------------------------------------------- */

static void what_is_smaller_than_the_tolerance_is_left_out(void **state) {
    (void)state;
    const char *path = path_of("small.gpkg");
    small_scenario_write(path, NULL);
    muster_map            *map  = load(path, "flood", 1300);
    const muster_map_data *data = muster_map_view(map);
    assert_int_equal(data->shape_count, 2); /* the canal is 958 m long, the island 1.1 km */
    check_shape(&data->shape[0], MUSTER_MAP_WATER_AREA, "lake", 0, 1);
    check_shape(&data->shape[1], MUSTER_MAP_HAZARD, "flood", 1, 1);
    muster_map_free(map);
}

enum { WIGGLES = 400 };
static const double TOLERANCE_M = 10, DEG_M = 111195;

/* A line eastwards from 120.70, 30.70, some 16 m a step, that strays by up to 30 m. */
static void write_wiggle(const char *path, double lon[WIGGLES], double lat[WIGGLES]) {
    unsigned char blob[64 + 16 * WIGGLES];
    mu_bounds     bounds;
    mu_database  *database;
    uint64_t      rng = 7;
    for (int i = 0; i < WIGGLES; ++i) {
        lon[i] = 120.70 + i * 16 / DEG_M;
        lat[i] = 30.70 + random_unit(&rng) * 30 / DEG_M;
    }
    mu_line_blob_encode(blob, WIGGLES, lon, lat, &bounds);
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    small_execute(database, mu_geopackage_sql);
    small_execute(database, mu_geopackage_scenario_sql);
    small_run(database, "INSERT INTO waterway (class, width_m, geom) VALUES ('ditch', 3, ?1)", blob,
              mu_line_blob_bytes(WIGGLES));
    small_finish(database, NULL);
}

/* Distance of a point from a segment, in degrees of latitude. */
static double distance(double x, double y, const double *a, const double *b) {
    const double dx = b[0] - a[0], dy = b[1] - a[1];
    const double t = fmin(fmax(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy), 0), 1);
    return hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}

static void no_point_of_a_line_is_lost_by_more_than_the_tolerance(void **state) {
    (void)state;
    static double lon[WIGGLES], lat[WIGGLES];
    const char   *path = path_of("wiggle.gpkg");
    write_wiggle(path, lon, lat);
    muster_map            *map  = load(path, NULL, TOLERANCE_M);
    const muster_map_data *data = muster_map_view(map);
    assert_int_equal(data->part_count, 1);
    const uint32_t count = part_points(data, 0);
    assert_in_range(count, 3, WIGGLES - 1);
    for (int i = 0; i < WIGGLES; ++i) {
        double nearest = INFINITY;
        for (uint32_t p = 0; p + 1 < count; ++p) {
            const double a[] = {data->point_lon_deg[p], data->point_lat_deg[p]};
            const double b[] = {data->point_lon_deg[p + 1], data->point_lat_deg[p + 1]};
            nearest          = fmin(nearest, distance(lon[i], lat[i], a, b));
        }
        assert_true(nearest * DEG_M <= TOLERANCE_M * 1.0001);
    }
    muster_map_free(map);
}

/* A bow tie, whose sides cross, and a ring without area. */
static void polygons_that_cross_themselves_are_drawn_all_the_same(void **state) {
    (void)state;
    static const small_box FLAT[] = {{120.7, 30.7, 120.8, 30.7}};
    unsigned char          blob[SMALL_POLYGON_BYTES], swap[16];
    const size_t           size = small_polygon(blob, 1, SMALL_LAKE);
    const char            *path = path_of("bow.gpkg");
    mu_database           *database;
    memcpy(swap, blob + size - 3 * 16, 16);
    memcpy(blob + size - 3 * 16, blob + size - 4 * 16, 16);
    memcpy(blob + size - 4 * 16, swap, 16);
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    small_execute(database, mu_geopackage_sql);
    small_execute(database, mu_geopackage_scenario_sql);
    small_run(database, "INSERT INTO water_area (class, geom) VALUES ('sea', ?1)", blob, size);
    small_run_with_boxes(database, "INSERT INTO water_area (class, geom) VALUES ('lake', ?1)", 1,
                         FLAT);
    small_finish(database, NULL);
    muster_map            *map  = load(path, NULL, TOLERANCE_M);
    const muster_map_data *data = muster_map_view(map);
    assert_int_equal(data->shape_count, 2);
    for (uint32_t p = 0; p < data->part_count; ++p) assert_in_range(part_points(data, p), 4, 5);
    muster_map_free(map);
}

/* ---- what strangers wrote ------------------------------------------------------------ */

static void check_refused(const char *edit, const char *message) {
    const char *path = path_of("refused.gpkg");
    muster_map *map;
    small_scenario_write(path, edit);
    assert_int_equal(muster_map_load(&map, path, "flood", 10), MUSTER_E_INVALID);
    assert_null(map);
    assert_message(path, message);
}

static void a_wrong_value_is_named_with_what_was_expected(void **state) {
    (void)state;
    check_refused("UPDATE waterway SET class = 'brook'",
                  ": table waterway, row fid 1, column class: 'brook'; expected river, canal, "
                  "ditch");
    check_refused("UPDATE waterway SET width_m = -1",
                  ": table waterway, row fid 1, column width_m: -1; expected a number from 0 to "
                  "100000");
    check_refused("UPDATE water_area SET class = 'pond'",
                  ": table water_area, row fid 1, column class: 'pond'; expected lake, sea");
    check_refused("UPDATE hazard SET depth_m = 1e9",
                  ": table hazard, row fid 1, column depth_m: 1000000000; expected a number "
                  "from 0 to 12000");
    check_refused("UPDATE waterway SET geom = (SELECT geom FROM water_area)",
                  ": table waterway, row fid 1, column geom: the geometry is a POLYGON; expected a "
                  "LINESTRING");
}

/* The lake's blob is edited: bytes to replace at a place, or a new end. */
typedef struct spoiled {
    size_t      at, size; /* size 0: the blob ends at `at` */
    const char *bytes, *message;
} spoiled;

static void spoil(const spoiled *s, unsigned char *blob, size_t *size) {
    if (s->size == 0) {
        *size = s->at;
    } else {
        memcpy(blob + s->at, s->bytes, s->size);
    }
}

static void a_wrong_polygon_is_named(void **state) {
    (void)state;
    static const spoiled SPOILED[] = {
        {0, 2, "PK", "the geometry is no GeoPackage geometry: it starts with bytes 50 4B"},
        {4, 1, "\x01",
         "the geometry has srs_id 4097; expected 4326 (WGS 84): ogr2ogr -t_srs EPSG:4326, or ST_Transform, converts"},
        {3, 1, "\x11", "the geometry is empty"},
        {3, 1, "\x0B", "the geometry has envelope kind 5; expected 0 to 4"},
        {5, 0, "", "the geometry ends within its header (5 bytes left of 8)"},
        {8, 1, "\x02", "the geometry has byte order 2; expected 0 or 1"},
        {9, 1, "\x07", "the geometry is a GEOMETRYCOLLECTION; expected a POLYGON"},
        {13, 4, "\0\0\0\0", "the geometry is empty"},
        {13, 4, "\x01\0\0\0", "the geometry has 84 bytes behind its last ring"},
        {13, 4, "\xFF\xFF\xFF\xFF",
         "the geometry ends within its number of points (0 bytes left of 4)"},
        {17, 4, "\x03\0\0\0", "ring 0 has 3 points; expected 4 or more"},
        {17, 4, "\xFF\xFF\xFF\xFF", "ring 0 ends after 10 of 4294967295 points"},
        {21, 8, "\0\0\0\0\0\0\xF8\x7F",
         "ring 0 has point 0 at (nan, 30.7); expected longitude -180 to 180, latitude -90 to 90"},
        {29, 8, "\0\0\0\0\0\x20\x5E\x40",
         "ring 0 has point 0 at (120.73, 120.5); expected longitude -180 to 180, latitude -90 to "
         "90"},
        {21, 8, "\0\0\0\0\0\x20\x5E\x40",
         "ring 0 starts at (120.5, 30.7) and ends at (120.73, 30.7); expected a closed ring"},
    };
    for (size_t i = 0; i < sizeof SPOILED / sizeof *SPOILED; ++i) {
        unsigned char blob[SMALL_POLYGON_BYTES];
        char          edit[1024] = "UPDATE water_area SET geom = x'", message[256];
        size_t        size       = small_polygon(blob, 2, SMALL_LAKE);
        spoil(&SPOILED[i], blob, &size);
        for (size_t b = 0; b < size; ++b) {
            snprintf(edit + strlen(edit), sizeof edit - strlen(edit), "%02X", blob[b]);
        }
        strcat(edit, "'");
        snprintf(message, sizeof message, ": table water_area, row fid 1, column geom: %s",
                 SPOILED[i].message);
        check_refused(edit, message);
    }
}

static void a_tolerance_that_is_none_is_refused(void **state) {
    (void)state;
    muster_map *map;
    assert_int_equal(muster_map_load(&map, "any", NULL, NAN), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "tolerance_m is nan; expected 0 or more");
    assert_null(map);
}

static void random_damage_is_refused_or_harmless(void **state) {
    (void)state;
    const char *path = path_of("damaged.gpkg");
    size_t      size;
    uint64_t    rng = 3;
    small_scenario_write(path, NULL);
    unsigned char *bytes = read_bytes(path, &size);
    for (int round = 0; round < 300; ++round) {
        unsigned char was[4];
        size_t        at[4];
        for (int i = 0; i < 4; ++i) {
            at[i]        = random_below(&rng, (uint32_t)size);
            was[i]       = bytes[at[i]];
            bytes[at[i]] = (unsigned char)random_u32(&rng);
        }
        write_bytes(path, bytes, size);
        muster_map         *map;
        const muster_status status = muster_map_load(&map, path, "flood", 10);
        assert_true((status == MUSTER_OK) == (map != NULL));
        assert_int_not_equal(status, MUSTER_E_INTERNAL);
        muster_map_free(map);
        for (int i = 3; i >= 0; --i) bytes[at[i]] = was[i];
    }
    free(bytes);
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    const char *path = path_of("memory.gpkg");
    small_scenario_write(path, NULL);
    for (int64_t allowed = 0;; ++allowed) {
        muster_map *map;
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_map_load(&map, path, "flood", 10);
        mu_gis_alloc_fail_after(-1);
        muster_map_free(map);
        if (status == MUSTER_OK) {
            assert_true(allowed > 5);
            break;
        }
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(map);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_is_read_as_it_is),
        cmocka_unit_test(floods_are_those_of_the_scenario),
        cmocka_unit_test(absent_tables_are_layers_without_shapes),
        cmocka_unit_test(what_is_smaller_than_the_tolerance_is_left_out),
        cmocka_unit_test(no_point_of_a_line_is_lost_by_more_than_the_tolerance),
        cmocka_unit_test(polygons_that_cross_themselves_are_drawn_all_the_same),
        cmocka_unit_test(a_wrong_value_is_named_with_what_was_expected),
        cmocka_unit_test(a_wrong_polygon_is_named),
        cmocka_unit_test(a_tolerance_that_is_none_is_refused),
        cmocka_unit_test(random_damage_is_refused_or_harmless),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
