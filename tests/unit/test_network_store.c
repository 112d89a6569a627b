/* Networks in GeoPackages: what is saved is loaded field by field, what strangers wrote is
 * judged value by value. */
#include <muster/store.h>

#include <math.h>

#include "gis/memory.h"
#include "tests/support/full_network.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

/* ---- there and back ------------------------------------------------------------------ */

static const char *name_of(const muster_network_data *net, uint32_t edge) {
    return net->edge_name[edge] == MUSTER_NONE ? "" : net->names + net->edge_name[edge];
}

#define assert_same(a, b, array, count)                                                            \
    assert_memory_equal((a)->array, (b)->array, (count) * sizeof *(a)->array)

static void check_same_edges(const muster_network_data *a, const muster_network_data *b) {
    const uint32_t edges = a->edge_count;
    assert_int_equal(b->edge_count, edges);
    assert_same(a, b, edge_id, edges);
    assert_same(a, b, edge_way_id, edges);
    assert_same(a, b, edge_source, edges);
    assert_same(a, b, edge_target, edges);
    assert_same(a, b, edge_length_m, edges);
    assert_same(a, b, edge_class, edges);
    assert_same(a, b, edge_access_forward, edges);
    assert_same(a, b, edge_access_backward, edges);
    assert_same(a, b, edge_speed_forward_kmh, edges);
    assert_same(a, b, edge_speed_backward_kmh, edges);
    assert_same(a, b, edge_duration_forward_ms, edges);
    assert_same(a, b, edge_duration_backward_ms, edges);
    assert_same(a, b, edge_flags, edges);
    assert_same(a, b, edge_layer, edges);
    assert_same(a, b, edge_maxheight_m, edges);
    assert_same(a, b, edge_maxwidth_m, edges);
    assert_same(a, b, edge_maxweight_t, edges);
    assert_same(a, b, edge_first_point, edges + 1);
    assert_same(a, b, point_lon_deg, a->edge_first_point[edges]);
    assert_same(a, b, point_lat_deg, a->edge_first_point[edges]);
    for (uint32_t e = 0; e < edges; ++e) assert_string_equal(name_of(a, e), name_of(b, e));
}

static void check_same_ranks(const muster_network_data *a, const muster_network_data *b) {
    assert_int_equal(a->node_rank != NULL, b->node_rank != NULL);
    if (a->node_rank) assert_same(a, b, node_rank, a->node_count);
}

static void check_same(const muster_network *left, const muster_network *right) {
    const muster_network_data *a = muster_network_view(left), *b = muster_network_view(right);
    assert_int_equal(b->node_count, a->node_count);
    assert_same(a, b, node_id, a->node_count);
    assert_same(a, b, node_lon_deg, a->node_count);
    assert_same(a, b, node_lat_deg, a->node_count);
    check_same_ranks(a, b);
    check_same_edges(a, b);
    assert_int_equal(b->restriction_count, a->restriction_count);
    assert_same(a, b, restriction, a->restriction_count);
    assert_same(a, b, restriction_first_via, a->restriction_count + 1);
    const uint32_t vias = a->restriction_first_via[a->restriction_count];
    if (vias > 0) assert_same(a, b, restriction_via_edge, vias);
}

static muster_network *load(const char *path) {
    muster_network *network;
    if (muster_network_load(&network, path) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return network;
}

static void a_saved_network_is_loaded_field_by_field(void **state) {
    (void)state;
    static full_network f;
    const char         *path = path_of("round.gpkg");
    for (uint64_t seed = 0; seed < 40; ++seed) {
        muster_network *network = full_network_new(&f, seed);
        if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        assert_int_equal(muster_network_save(network, path, NULL, NULL), MUSTER_OK);
        muster_network *loaded = load(path);
        check_same(network, loaded);
        muster_network_free(network);
        muster_network_free(loaded);
    }
    assert_int_equal(count_files(), 1);
}

static void rows_in_any_order_make_the_same_network(void **state) {
    (void)state;
    const char *rising = path_of("rising.gpkg"), *falling = path_of("falling.gpkg");
    small_network_write(rising, NULL);
    small_network_write(falling,
                        "CREATE TABLE n AS SELECT * FROM node ORDER BY id DESC; DROP TABLE node;"
                        "ALTER TABLE n RENAME TO node;"
                        "CREATE TABLE e AS SELECT * FROM edge ORDER BY id DESC; DROP TABLE edge;"
                        "ALTER TABLE e RENAME TO edge");
    muster_network *a = load(rising), *b = load(falling);
    check_same(a, b);
    muster_network_free(a);
    muster_network_free(b);
}

/* Files written by hand, or before there were ranks and widths. */
static void a_file_without_optional_columns_is_a_network(void **state) {
    (void)state;
    const char *path = path_of("unranked.gpkg");
    small_network_write(path, "ALTER TABLE node DROP COLUMN rank;"
                              "ALTER TABLE edge DROP COLUMN maxwidth_m");
    muster_network *network = load(path);
    assert_null(muster_network_view(network)->node_rank);
    muster_network_free(network);
}

/* From before searches obeyed them. */
static void a_file_without_penalties_and_via_edges_is_a_network(void **state) {
    (void)state;
    const char *path = path_of("before.gpkg");
    small_network_write(path, "ALTER TABLE turn_restriction DROP COLUMN penalty_s;"
                              "DROP TABLE turn_restriction_via");
    muster_network *network = load(path);
    assert_int_equal(muster_network_view(network)->restriction_count, 1);
    assert_int_equal(muster_network_applied_restriction_count(network), 1);
    muster_network_free(network);
}

static void the_same_network_makes_the_same_file_but_for_the_time(void **state) {
    (void)state;
    static full_network f;
    muster_network     *network = full_network_new(&f, 3);
    size_t              size, size_again;
    assert_int_equal(muster_network_save(network, path_of("a.gpkg"), NULL, NULL), MUSTER_OK);
    assert_int_equal(muster_network_save(network, path_of("b.gpkg"), NULL, NULL), MUSTER_OK);
    unsigned char *a = read_bytes(path_of("a.gpkg"), &size);
    unsigned char *b = read_bytes(path_of("b.gpkg"), &size_again);
    assert_int_equal(size, size_again);
    size_t different = 0;
    for (size_t i = 0; i < size; ++i) different += a[i] != b[i];
    assert_true(different <= 8 * strlen("2026-07-01T00:00:00.000Z")); /* rows of gpkg_contents */
    free(a);
    free(b);
    muster_network_free(network);
}

/* ---- what cannot be saved ------------------------------------------------------------- */

static bool stop_at_edges(void *user, const char *phase, double fraction) {
    (void)fraction;
    ++*(int *)user;
    return strcmp(phase, "writing edges") != 0;
}

static void a_cancelled_save_leaves_the_old_file_and_no_other(void **state) {
    (void)state;
    static full_network f;
    muster_network     *network = full_network_new(&f, 5);
    const char         *path    = path_of("kept.gpkg");
    int                 calls   = 0;
    small_network_write(path, NULL);
    const int before = count_files();
    assert_int_equal(muster_network_save(network, path, stop_at_edges, &calls), MUSTER_E_CANCELLED);
    assert_true(calls > 1);
    assert_non_null(strstr(muster_error_message(), "was cancelled"));
    assert_int_equal(count_files(), before);
    muster_network *old = load(path);
    assert_int_equal(muster_network_view(old)->node_count, 4);
    muster_network_free(old);
    muster_network_free(network);
}

static void a_folder_that_is_not_there_is_an_output_error(void **state) {
    (void)state;
    static full_network f;
    muster_network     *network = full_network_new(&f, 5);
    assert_int_equal(muster_network_save(network, path_of("nowhere/n.gpkg"), NULL, NULL),
                     MUSTER_E_IO);
    assert_non_null(strstr(muster_error_message(), "No such file or directory"));
    muster_network_free(network);
}

static void what_could_not_be_read_again_is_not_written(void **state) {
    (void)state;
    const double        lon[] = {120, 121}, lat[] = {30, 30}, length_m[] = {1};
    const uint32_t      source[] = {0}, target[] = {1}, name[] = {0};
    const float         speed_kmh[] = {500};
    muster_network_data data        = MUSTER_NETWORK_DATA_INIT;
    muster_network     *network;
    const int           before = count_files();
    data.node_count = 2, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_count = 1, data.edge_source = source, data.edge_target = target;
    data.edge_length_m = length_m, data.edge_speed_forward_kmh = speed_kmh;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_save(network, "x.gpkg", NULL, NULL), MUSTER_E_INVALID);
    assert_message("x.gpkg", ": edge 1 has a forward speed of 500 km/h; expected up to 400");
    muster_network_free(network);
    data.edge_speed_forward_kmh = NULL;
    data.edge_name = name, data.names = "\xFF", data.names_size = 2;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_save(network, "x.gpkg", NULL, NULL), MUSTER_E_INVALID);
    assert_message("x.gpkg", ": edge 1 has a name that is not in UTF-8");
    muster_network_free(network);
    const uint32_t rank[] = {1, 1};
    data.edge_name = NULL, data.node_rank = rank;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_save(network, "x.gpkg", NULL, NULL), MUSTER_E_INVALID);
    assert_message("x.gpkg", ": table node, row id 2, column rank: there are two rows of rank 1");
    muster_network_free(network);
    assert_int_equal(count_files(), before);
}

/* ---- order kept in the file ----------------------------------------------------------- */

static int64_t count_of(const char *path, const char *sql) {
    mu_database  *database;
    mu_statement *row;
    bool          there;
    int64_t       count = -1;
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    assert_int_equal(mu_statement_new(&row, database, "any", sql), MUSTER_OK);
    assert_int_equal(mu_statement_next(row, &there), MUSTER_OK);
    assert_int_equal(mu_column_int(mu_statement_row(row), 0, 0, INT64_MAX, &count), MUSTER_OK);
    mu_statement_free(row);
    mu_database_close(database);
    return count;
}

static void check_ordered(const char *path) {
    muster_network *network = load(path);
    uint32_t        seen    = 0;
    assert_non_null(muster_network_view(network)->node_rank);
    for (uint32_t v = 0; v < 4; ++v) seen |= 1u << muster_network_view(network)->node_rank[v];
    assert_int_equal(seen, 15);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_network_free(network);
}

static void ordering_a_file_adds_ranks_and_keeps_the_rest(void **state) {
    (void)state;
    const char           *path = path_of("order.gpkg"), *other = path_of("other.gpkg");
    muster_hierarchy_info info;
    small_network_write(path, "ALTER TABLE node DROP COLUMN rank; CREATE TABLE mine (a INTEGER);"
                              "INSERT INTO mine VALUES (1), (2);"
                              "CREATE TRIGGER t AFTER UPDATE ON node BEGIN "
                              "INSERT INTO mine VALUES (ST_MinX(NEW.geom)); END");
    assert_int_equal(chmod(path, 0640), 0);
    const int before = count_files();
    assert_int_equal(muster_network_order(path, other, &info, NULL, NULL), MUSTER_OK);
    /* Three roads, what a forbidden turn makes of them, and what shortcuts come. */
    assert_in_range(info.up_arc_count, 3 + 4, 16);
    check_ordered(other);
    muster_network *untouched = load(path);
    assert_null(muster_network_view(untouched)->node_rank);
    muster_network_free(untouched);
    assert_int_equal(muster_network_order(path, NULL, NULL, NULL, NULL), MUSTER_OK);
    check_ordered(path);
    assert_int_equal(count_of(path, "SELECT count(*) FROM mine"), 2);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(count_files(), before + 1);
}

/* QGIS leaves files in WAL mode. */
static void a_file_in_wal_mode_is_ordered_too(void **state) {
    (void)state;
    const char *path = path_of("wal.gpkg"), *through = path_of("link.gpkg");
    small_network_write(path, NULL);
    unsigned char *bytes;
    size_t         size;
    bytes     = read_bytes(path, &size);
    bytes[18] = bytes[19] = 2;
    write_bytes(path, bytes, size);
    free(bytes);
    assert_int_equal(symlink(path, through), 0);
    const int before = count_files();
    assert_int_equal(muster_network_order(through, NULL, NULL, NULL, NULL), MUSTER_OK);
    check_ordered(path);
    struct stat about;
    assert_int_equal(lstat(through, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(count_files(), before);
}

static bool stop_at_ranks(void *user, const char *phase, double fraction) {
    (void)user;
    (void)fraction;
    return strcmp(phase, "writing ranks") != 0;
}

static void a_cancelled_order_leaves_the_file_as_it_was(void **state) {
    (void)state;
    const char *path = path_of("cancelled.gpkg");
    small_network_write(path, NULL);
    const int before = count_files();
    assert_int_equal(muster_network_order(path, NULL, NULL, stop_at_ranks, NULL),
                     MUSTER_E_CANCELLED);
    muster_network *network = load(path);
    assert_null(muster_network_view(network)->node_rank);
    muster_network_free(network);
    assert_int_equal(count_files(), before);
}

static void any_allocation_may_fail_while_ordering(void **state) {
    (void)state;
    const char   *path = path_of("chaos.gpkg");
    muster_status status;
    int64_t       failing = 0;
    small_network_write(path, NULL);
    const int before = count_files();
    do {
        mu_gis_alloc_fail_after(failing++);
        status = muster_network_order(path, NULL, NULL, NULL, NULL);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        assert_int_equal(count_files(), before);
    } while (status != MUSTER_OK);
    assert_true(failing > 10);
    check_ordered(path);
}

/* ---- what strangers wrote ------------------------------------------------------------- */

typedef struct spoilt {
    const char *edit, *message;
} spoilt;

static void check_refused(const spoilt *cases, size_t count, muster_status status) {
    const char *path = path_of("spoilt.gpkg");
    for (size_t i = 0; i < count; ++i) {
        muster_network *network = (muster_network *)&network;
        small_network_write(path, cases[i].edit);
        assert_int_equal(muster_network_load(&network, path), status);
        assert_null(network);
        assert_message(path, cases[i].message);
    }
}

static void a_file_without_our_tables_is_no_network(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"DROP TABLE node",
         " has no table \"node\": not a muster network; make one with `muster import osm`"},
        {"DROP TABLE edge",
         " has no table \"edge\": not a muster network; make one with `muster import osm`"},
        {"DROP TABLE turn_restriction", " has no table \"turn_restriction\": not a muster network; "
                                        "make one with `muster import osm`"},
        {"DROP TABLE muster_meta",
         " has no table \"muster_meta\": not a muster network; make one with `muster import osm`"},
        {"ALTER TABLE edge RENAME TO e; CREATE VIEW edge AS SELECT * FROM e",
         " has no table \"edge\": not a muster network; make one with `muster import osm`"},
        {"ALTER TABLE edge DROP COLUMN layer", ": table edge: no such column: layer"},
        {"DELETE FROM muster_meta", ": table muster_meta has no row with key 'schema_version'"},
    };
    check_refused(CASE, sizeof CASE / sizeof *CASE, MUSTER_E_FORMAT);
}

static void a_file_of_a_newer_version_asks_for_a_newer_muster(void **state) {
    (void)state;
    char         message[160];
    const spoilt newer = {"UPDATE muster_meta SET value = '3'", message};
    snprintf(
        message, sizeof message,
        " has schema version 3; this muster (%s) reads versions up to 2, a newer one is needed",
        muster_version());
    check_refused(&newer, 1, MUSTER_E_FORMAT);
}

static void a_wrong_value_is_named_with_what_was_expected(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE muster_meta SET value = 'one'",
         ": table muster_meta, row key 'schema_version', column value: 'one'; expected a whole "
         "number from 1"},
        {"UPDATE edge SET source = 99 WHERE id = 2",
         ": table edge, row id 2, column source: node 99 does not exist"},
        {"UPDATE edge SET target = NULL WHERE id = 2",
         ": table edge, row id 2, column target: NULL; expected a whole number"},
        {"UPDATE edge SET length_m = -1 WHERE id = 1",
         ": table edge, row id 1, column length_m: -1; expected a number from 0 to 9999999"},
        {"UPDATE edge SET length_m = 'long' WHERE id = 1",
         ": table edge, row id 1, column length_m: 'long'; expected a number from 0 to 9999999"},
        {"UPDATE edge SET class = 'lane' WHERE id = 3",
         ": table edge, row id 3, column class: 'lane'; expected one of motorway, motorway_link, "
         "trunk, trunk_link, primary, primary_link, secondary, secondary_link, tertiary, "
         "tertiary_link, unclassified, residential, living_street, service, track, road, ferry"},
        {"UPDATE edge SET access_forward = 16 WHERE id = 1",
         ": table edge, row id 1, column access_forward: 16; expected a whole number from 0 to 15"},
        {"UPDATE edge SET speed_forward_kmh = 0 WHERE id = 1",
         ": table edge, row id 1, column speed_forward_kmh: 0; expected more than 0, or NULL"},
        {"UPDATE edge SET speed_backward_kmh = 1000 WHERE id = 1",
         ": table edge, row id 1, column speed_backward_kmh: 1000; expected a number from 0 to "
         "400"},
        {"UPDATE edge SET duration_forward_ms = -1 WHERE id = 1",
         ": table edge, row id 1, column duration_forward_ms: -1; expected a whole number from 0 "
         "to 4294967294"},
        {"UPDATE edge SET bridge = 'yes' WHERE id = 1",
         ": table edge, row id 1, column bridge: 'yes'; expected a whole number from 0 to 1"},
        {"UPDATE edge SET layer = 128 WHERE id = 1",
         ": table edge, row id 1, column layer: 128; expected a whole number from -128 to 127"},
        {"UPDATE edge SET name = CAST(x'FF' AS TEXT)",
         ": table edge, row id 1, column name: a text not in UTF-8"},
        {"UPDATE turn_restriction SET kind = 'maybe'",
         ": table turn_restriction, row fid 1, column kind: 'maybe'; expected 'no', 'only' or "
         "'penalty'"},
        {"UPDATE turn_restriction SET kind = 'penalty'",
         ": table turn_restriction, row fid 1, column penalty_s: NULL; expected a number from 0 to "
         "86400"},
        {"UPDATE turn_restriction SET penalty_s = 3",
         ": table turn_restriction, row fid 1, column penalty_s: 3; expected NULL, for the kind is "
         "no penalty"},
        {"INSERT INTO turn_restriction_via VALUES (1, 2, 1, 1)",
         ": table turn_restriction_via, row restriction 2, column restriction: turn restriction 2 "
         "does not exist"},
        {"INSERT INTO turn_restriction_via VALUES (1, 1, 1, 9)",
         ": table turn_restriction_via, row restriction 1, column edge: edge 9 does not exist"},
        {"INSERT INTO turn_restriction_via VALUES (1, 1, -1, 1)",
         ": table turn_restriction_via, row restriction 1, column position: -1; expected a whole "
         "number from 0 to 9223372036854775807"},
        {"UPDATE turn_restriction SET to_edge = 77",
         ": table turn_restriction, row fid 1, column to_edge: edge 77 does not exist"},
        {"UPDATE node SET rank = 4 - id; UPDATE node SET rank = NULL WHERE id = 3",
         ": table node, row id 3, column rank: NULL; expected a whole number, as in the rows "
         "before"},
        {"UPDATE node SET rank = 0 WHERE id = 2",
         ": table node, row id 2, column rank: 0; expected NULL, as in the rows before"},
        {"UPDATE node SET rank = id", ": table node, row id 4, column rank: 4; expected a whole "
                                      "number from 0 to 3"},
        {"UPDATE node SET rank = id / 2", ": table node, row id 3, column rank: there are two rows "
                                          "of rank 1"},
        {"UPDATE node SET rank = -1", ": table node, row id 1, column rank: -1; expected a whole "
                                      "number from 0 to 2147483646"},
        {"UPDATE node SET rank = 'first'",
         ": table node, row id 1, column rank: 'first'; expected a whole number from 0 to "
         "2147483646"},
        {"DELETE FROM node", ": table node is empty"},
        {"DELETE FROM edge", ": table edge is empty"},
    };
    const char *path = path_of("spoilt.gpkg");
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        char            edit[400];
        muster_network *network = (muster_network *)&network;
        snprintf(edit, sizeof edit, "%s%s", SMALL_UNCONSTRAIN("edge"), CASE[i].edit);
        small_network_write(path, edit);
        assert_int_equal(muster_network_load(&network, path), MUSTER_E_INVALID);
        assert_null(network);
        assert_message(path, CASE[i].message);
    }
}

static void two_rows_of_one_id_are_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {SMALL_UNCONSTRAIN("node") "UPDATE node SET id = 3 WHERE id = 4",
         ": table node, row id 3, column id: there are two rows of this id"},
        {SMALL_UNCONSTRAIN("edge") "UPDATE edge SET id = NULL WHERE id = 3",
         ": table edge, row id NULL, column id: NULL; expected a whole number"},
    };
    check_refused(CASE, sizeof CASE / sizeof *CASE, MUSTER_E_INVALID);
}

static void a_wrong_geometry_is_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE node SET geom = " SMALL_BLOB_AT(SMALL_NAN, SMALL_30_5) " WHERE id = 1",
         ": table node, row id 1, column geom: the geometry has point 0 at (nan, 30.5)"},
        {"UPDATE node SET geom = " SMALL_BLOB_AT(SMALL_30_5, SMALL_120_5) " WHERE id = 1",
         ": table node, row id 1, column geom: latitude 120.5 looks swapped with longitude 30.5; "
         "expected longitude first"},
        {"UPDATE node SET geom = " SMALL_BLOB_AT(SMALL_120_5, SMALL_30_5) " WHERE id = 2",
         ": table edge, row id 1, column geom: the line ends at (120.71, 30.7), but node 2 is at "
         "(120.5, 30.5)"},
        {"UPDATE node SET geom = " SMALL_BLOB_AT(SMALL_120_7, SMALL_30_5) " WHERE id = 1",
         ": table edge, row id 1, column geom: the line starts at (120.7, 30.7), but node 1 is at "
         "(120.7, 30.5)"},
        {"UPDATE edge SET geom = (SELECT geom FROM node WHERE id = 1) WHERE id = 2",
         ": table edge, row id 2, column geom: the geometry is a POINT; expected a LINESTRING"},
        {"UPDATE edge SET geom = 'LINESTRING (0 0, 1 1)' WHERE id = 2",
         ": table edge, row id 2, column geom: 'LINESTRING (0 0, 1 1)'; expected a geometry"},
        {"UPDATE edge SET geom = x'' WHERE id = 2",
         ": table edge, row id 2, column geom: the geometry ends within its header (0 bytes left "
         "of 8)"},
    };
    check_refused(CASE, sizeof CASE / sizeof *CASE, MUSTER_E_INVALID);
}

static void what_is_no_database_is_refused(void **state) {
    (void)state;
    muster_network *network = (muster_network *)&network;
    const char     *path    = path_of("text.gpkg");
    write_text(path, "p sp 2 1\n");
    assert_int_equal(muster_network_load(&network, path), MUSTER_E_FORMAT);
    assert_null(network);
    assert_message(path, " is no GeoPackage: it is not an SQLite file");
    assert_int_equal(muster_network_load(&network, path_of("none.gpkg")), MUSTER_E_IO);
}

static void a_file_cut_anywhere_is_refused_or_whole(void **state) {
    (void)state;
    size_t          size;
    const char     *cut = path_of("cut.gpkg");
    muster_network *network;
    small_network_write(path_of("whole.gpkg"), NULL);
    unsigned char *bytes = read_bytes(path_of("whole.gpkg"), &size);
    for (size_t kept = 0; kept < size; kept += kept < 200 ? 20 : 1024) {
        write_bytes(cut, bytes, kept);
        const muster_status status = muster_network_load(&network, cut);
        assert_true(status == MUSTER_E_FORMAT || status == MUSTER_E_INVALID ||
                    status == MUSTER_E_IO);
        assert_null(network);
    }
    free(bytes);
}

static void random_damage_is_refused_or_harmless(void **state) {
    (void)state;
    uint64_t    rng = 11;
    size_t      size;
    const char *path = path_of("damaged.gpkg");
    small_network_write(path_of("whole.gpkg"), NULL);
    unsigned char *bytes   = read_bytes(path_of("whole.gpkg"), &size);
    unsigned char *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 300; ++round) {
        muster_network *network;
        memcpy(damaged, bytes, size);
        for (uint32_t hits = 1 + random_below(&rng, 30); hits > 0; --hits) {
            damaged[16 + random_below(&rng, (uint32_t)size - 16)] = (unsigned char)random_u32(&rng);
        }
        write_bytes(path, damaged, size);
        const muster_status status = muster_network_load(&network, path);
        assert_true((status == MUSTER_OK) == (network != NULL));
        assert_int_not_equal(status, MUSTER_E_INTERNAL);
        muster_network_free(network);
    }
    free(bytes);
    free(damaged);
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static full_network f;
    muster_network     *network = full_network_new(&f, 8), *loaded = NULL;
    const char         *path   = path_of("memory.gpkg");
    const int           before = count_files();
    int64_t             allowed;
    for (allowed = 0;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_network_save(network, path, NULL, NULL);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_int_equal(count_files(), before);
    }
    assert_true(allowed > 5);
    for (allowed = 0;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_network_load(&loaded, path);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(loaded);
    }
    check_same(network, loaded);
    muster_network_free(network);
    muster_network_free(loaded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_saved_network_is_loaded_field_by_field),
        cmocka_unit_test(rows_in_any_order_make_the_same_network),
        cmocka_unit_test(a_file_without_optional_columns_is_a_network),
        cmocka_unit_test(a_file_without_penalties_and_via_edges_is_a_network),
        cmocka_unit_test(ordering_a_file_adds_ranks_and_keeps_the_rest),
        cmocka_unit_test(a_file_in_wal_mode_is_ordered_too),
        cmocka_unit_test(a_cancelled_order_leaves_the_file_as_it_was),
        cmocka_unit_test(any_allocation_may_fail_while_ordering),
        cmocka_unit_test(the_same_network_makes_the_same_file_but_for_the_time),
        cmocka_unit_test(a_cancelled_save_leaves_the_old_file_and_no_other),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_output_error),
        cmocka_unit_test(what_could_not_be_read_again_is_not_written),
        cmocka_unit_test(a_file_without_our_tables_is_no_network),
        cmocka_unit_test(a_file_of_a_newer_version_asks_for_a_newer_muster),
        cmocka_unit_test(a_wrong_value_is_named_with_what_was_expected),
        cmocka_unit_test(two_rows_of_one_id_are_named),
        cmocka_unit_test(a_wrong_geometry_is_named),
        cmocka_unit_test(what_is_no_database_is_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_refused_or_whole),
        cmocka_unit_test(random_damage_is_refused_or_harmless),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
