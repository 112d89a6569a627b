/* A small scenario that has one of everything, written row by row so that a test can spoil
 * any of it: four junctions on a bent road, two scenarios, three teams, two warehouses. */
#ifndef TESTS_SUPPORT_SMALL_SCENARIO_H
#define TESTS_SUPPORT_SMALL_SCENARIO_H

#include <string.h>

#include "gis/database.h"
#include "gis/geometry_blob.h"
#include "tests/support/cmocka_all.h"

extern const char mu_geopackage_sql[];
extern const char mu_geopackage_scenario_sql[];

static const double SMALL_LON[] = {120.70, 120.71, 120.72, 120.72};
static const double SMALL_LAT[] = {30.70, 30.70, 30.70, 30.71};

static inline void small_execute(mu_database *database, const char *sql) {
    if (mu_database_execute(database, NULL, sql) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
}

/* Run `sql`, where ?1 is a geometry. */
static inline void small_run(mu_database *database, const char *sql, const void *blob,
                             size_t size) {
    mu_statement *statement;
    assert_int_equal(mu_statement_new(&statement, database, "any", sql), MUSTER_OK);
    mu_bind_blob(statement, 1, blob, size);
    if (mu_statement_run(statement) != MUSTER_OK) fail_msg("%s", muster_error_message());
    mu_statement_free(statement);
}

static inline void small_run_with_point(mu_database *database, const char *sql, double lon,
                                        double lat) {
    unsigned char blob[MU_POINT_BLOB_BYTES];
    mu_point_blob_encode(blob, lon, lat);
    small_run(database, sql, blob, sizeof blob);
}

/* Edge i runs from junction i to junction i + 1. */
static inline void small_run_with_line(mu_database *database, const char *sql, int i) {
    unsigned char blob[128];
    mu_bounds     bounds;
    assert_true(mu_line_blob_bytes(2) <= sizeof blob);
    mu_line_blob_encode(blob, 2, SMALL_LON + i - 1, SMALL_LAT + i - 1, &bounds);
    small_run(database, sql, blob, mu_line_blob_bytes(2));
}

static inline unsigned char *small_put(unsigned char *at, uint64_t bits, int bytes) {
    for (int i = 0; i < bytes; ++i) *at++ = (unsigned char)(bits >> 8 * i);
    return at;
}

typedef struct small_box {
    double west, south, east, north;
} small_box;

enum { SMALL_RING_BYTES = 4 + 5 * 16, SMALL_POLYGON_BYTES = 8 + 9 + 3 * SMALL_RING_BYTES };

/* A polygon whose rings, up to three, are boxes; returns its size. */
static inline size_t small_polygon(unsigned char out[SMALL_POLYGON_BYTES], uint32_t count,
                                   const small_box *box) {
    unsigned char *at = small_put(small_put(out, 0x01005047, 4), MU_SRS_WGS84, 4);
    at                = small_put(small_put(small_put(at, 1, 1), 3, 4), count, 4);
    for (uint32_t r = 0; r < count; ++r) {
        const small_box *b      = &box[r];
        const double     ring[] = {b->west,  b->south, b->east,  b->south, b->east,
                                   b->north, b->west,  b->north, b->west,  b->south};
        at                      = small_put(at, 5, 4);
        for (int i = 0; i < 10; ++i) {
            uint64_t bits;
            memcpy(&bits, &ring[i], sizeof bits);
            at = small_put(at, bits, 8);
        }
    }
    return (size_t)(at - out);
}

static inline void small_run_with_boxes(mu_database *database, const char *sql, uint32_t count,
                                        const small_box *box) {
    unsigned char blob[SMALL_POLYGON_BYTES];
    small_run(database, sql, blob, small_polygon(blob, count, box));
}

static inline void small_write_network(mu_database *db) {
    small_run_with_point(db, "INSERT INTO node (id, geom) VALUES (1, ?1)", SMALL_LON[0],
                         SMALL_LAT[0]);
    small_run_with_point(db, "INSERT INTO node (id, geom) VALUES (2, ?1)", SMALL_LON[1],
                         SMALL_LAT[1]);
    small_run_with_point(db, "INSERT INTO node (id, geom) VALUES (3, ?1)", SMALL_LON[2],
                         SMALL_LAT[2]);
    small_run_with_point(db, "INSERT INTO node (id, geom) VALUES (4, ?1)", SMALL_LON[3],
                         SMALL_LAT[3]);
#define SMALL_EDGE                                                                                 \
    "INSERT INTO edge (id, source, target, length_m, class, access_forward, access_backward, geom) "
    small_run_with_line(db, SMALL_EDGE "VALUES (1, 1, 2, 958, 'primary', 7, 7, ?1)", 1);
    small_run_with_line(db, SMALL_EDGE "VALUES (2, 2, 3, 958, 'primary', 7, 7, ?1)", 2);
    small_run_with_line(db, SMALL_EDGE "VALUES (3, 3, 4, 1109, 'service', 7, 0, ?1)", 3);
#undef SMALL_EDGE
    small_execute(db, "INSERT INTO turn_restriction VALUES "
                      "(1, 900, 'no', 0, 2, 0, 0, 1, 2, 2, 4, NULL)");
}

static inline void small_write_inventory(mu_database *db) {
    small_execute(db, "INSERT INTO kind (code, resource, category, name, unit) VALUES "
                      "('ambulance', 'vehicle', 'rescue', 'Ambulance', 'vehicles'),"
                      "('medical', 'people', 'rescue', 'Medical', 'people'),"
                      "('pump', 'machine', 'flood_fighting', 'Pump', 'pieces'),"
                      "('rescue', 'people', 'rescue', 'Rescue', 'people'),"
                      "('sandbag', 'item', 'flood_fighting', 'Sandbag', 'pieces'),"
                      "('tent', 'item', 'relief', 'Tent', 'pieces')");
    small_run_with_point(db,
                         "INSERT INTO team (code, name, tier, people, available, turnout_s, "
                         "profile, geom) VALUES "
                         "('T-1', 'One', 'city', 12, 1, 90.5, 'light', ?1),"
                         "('T-2', 'Two', 'county', 8, 0, 0, 'emergency', ?1),"
                         "('T-3', 'Three', 'village', 5, 1, 60, 'light', ?1)",
                         120.701, 30.701);
    small_execute(db, "INSERT INTO team_capability (team, kind) VALUES "
                      "('T-2', 'rescue'), ('T-1', 'rescue'), ('T-1', 'medical')");
    small_run_with_point(
        db,
        "INSERT INTO vehicle (code, name, kind, tier, available, turnout_s, profile, geom) VALUES "
        "('V-1', NULL, 'ambulance', 'city', 1, 30, 'emergency', ?1),"
        "('V-2', 'Spare', 'ambulance', 'city', 0, 30, 'emergency', ?1)",
        120.702, 30.702);
    small_run_with_point(
        db,
        "INSERT INTO machine (code, kind, count, tier, turnout_s, profile, geom) VALUES "
        "('M-1', 'pump', 4, 'town', 300, 'heavy', ?1)",
        120.703, 30.703);
    small_run_with_point(
        db,
        "INSERT INTO warehouse (code, name, tier, loading_s, profile, geom) VALUES "
        "('W-2', 'Second', 'town', 0, 'light', ?1),"
        "('W-1', 'First', 'city', 600, 'heavy', ?1)",
        120.704, 30.704);
    small_execute(db, "INSERT INTO stock (warehouse, kind, quantity) VALUES "
                      "('W-2', 'sandbag', 300), ('W-1', 'tent', 20), ('W-1', 'sandbag', 1000)");
    small_run_with_point(db, "INSERT INTO at_risk_site VALUES (1, 'R-1', 'Low', NULL, 800, ?1)",
                         120.705, 30.705);
    small_execute(db, "INSERT INTO kit (site, kind, quantity) VALUES ('R-1', 'tent', 3)");
}

/* A canal along edge 1, a lake with an island, a flood in one of the scenarios. */
static const small_box SMALL_LAKE[]  = {{120.73, 30.70, 120.75, 30.72},
                                        {120.735, 30.705, 120.745, 30.715}};
static const small_box SMALL_FLOOD[] = {{120.70, 30.70, 120.72, 30.71}};

static inline void small_write_water(mu_database *db) {
    small_run_with_line(
        db, "INSERT INTO waterway (class, width_m, geom) VALUES ('canal', 25.5, ?1)", 1);
    small_run_with_boxes(db, "INSERT INTO water_area (class, geom) VALUES ('lake', ?1)", 2,
                         SMALL_LAKE);
    small_run_with_boxes(
        db,
        "INSERT INTO hazard (scenario, kind, depth_m, starts_at, ends_at, geom) VALUES ('flood', "
        "'flood', 1.5, '2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z', ?1)",
        1, SMALL_FLOOD);
}

static inline void small_write_demand(mu_database *db) {
    small_execute(
        db,
        "INSERT INTO scenario (code, name, starts_at, is_default) VALUES ('quake', 'Quake', '2026-07-02T00:00:00Z', 0),"
        "('flood', 'Flood', '2026-07-01T00:00:00Z', 1)");
    small_run_with_point(
        db,
        "INSERT INTO incident (scenario, code, name, type, severity, reported_at, geom) VALUES "
        "('flood', 'I-2', NULL, 'flood', 'minor', '2026-07-01T00:10:00Z', ?1),"
        "('flood', 'I-1', 'Dike', 'flood', 'severe', '2026-07-01T00:00:00Z', ?1),"
        "('quake', 'I-1', 'School', 'collapse', 'extreme', '2026-07-02T00:00:00Z', ?1)",
        120.706, 30.706);
    small_execute(db, "INSERT INTO need (scenario, incident, kind, quantity, minimum) VALUES "
                      "('flood', 'I-2', 'medical', 4, 0), ('flood', 'I-1', 'sandbag', 500, 0),"
                      "('flood', 'I-1', 'pump', 2, 1), ('quake', 'I-1', 'rescue', 6, 0)");
}

static inline void small_finish(mu_database *database, const char *edit) {
    small_execute(database, "PRAGMA ignore_check_constraints = ON");
    if (edit) small_execute(database, edit);
    assert_int_equal(mu_database_publish(database), MUSTER_OK);
    mu_database_close(database);
}

/* Write the scenario, or its network alone, to `path`; then run `edit`, which may be NULL, in
 * the same file. CHECK constraints are off for the edit; the others go with
 * SMALL_UNCONSTRAIN. */
static inline void small_scenario_write(const char *path, const char *edit) {
    mu_database *database;
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    small_execute(database, mu_geopackage_sql);
    small_execute(database, mu_geopackage_scenario_sql);
    small_write_network(database);
    small_write_inventory(database);
    small_write_demand(database);
    small_write_water(database);
    small_finish(database, edit);
}

static inline void small_network_write(const char *path, const char *edit) {
    mu_database *database;
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    small_execute(database, mu_geopackage_sql);
    small_write_network(database);
    small_finish(database, edit);
}

/* SQL that takes all constraints and types from a table. */
#define SMALL_UNCONSTRAIN(table)                                                                   \
    "CREATE TABLE loose AS SELECT * FROM " table "; DROP TABLE " table                             \
    "; ALTER TABLE loose RENAME TO " table ";"

/* A point as SQL writes blobs: little-endian, EPSG:4326. */
#define SMALL_BLOB_AT(lon, lat) "x'47500001E61000000101000000" lon lat "'"
#define SMALL_120_7             "CDCCCCCCCC2C5E40"
#define SMALL_120_5             "0000000000205E40"
#define SMALL_30_5              "0000000000803E40"
#define SMALL_400               "0000000000007940"
#define SMALL_NAN               "000000000000F87F"

#endif
