/* Graphs of the 9th DIMACS challenge: small ones written here, each showing one rule. */
#include <muster/import.h>

#include <math.h>
#include <zlib.h>

#include "gis/memory.h"
#include "tests/support/test_folder.h"

static const char PLACES[] = "c three places on the equator, 0.01 degrees apart\n"
                             "p aux sp co 3\n"
                             "v 1 0 0\n"
                             "v 2 10000 0\n"
                             "v 3 20000 0\n";

static muster_network *network;

static const char *graph_path(void) {
    return path_of("roads.gr");
}

static const char *place_path(void) {
    return path_of("roads.co");
}

static const char *length_path(void) {
    return path_of("lengths.gr");
}

/* The text of a length file may be NULL: there is none. */
static muster_status import(const char *graph, const char *places, const char *lengths) {
    network = (muster_network *)&network;
    write_text(graph_path(), graph);
    write_text(place_path(), places);
    if (lengths) write_text(length_path(), lengths);
    return muster_import_dimacs(&network, graph_path(), place_path(),
                                lengths ? length_path() : NULL, NULL, NULL, NULL);
}

static const muster_network_data *import_sound(const char *graph, const char *places,
                                               const char *lengths) {
    if (import(graph, places, lengths) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return muster_network_view(network);
}

static void done(void) {
    muster_network_free(network);
    network = NULL;
}

static void check_edge(const muster_network_data *net, uint32_t edge, uint32_t source,
                       uint32_t target, uint32_t forward_ms, uint32_t backward_ms) {
    assert_int_equal(net->edge_source[edge], source);
    assert_int_equal(net->edge_target[edge], target);
    assert_int_equal(net->edge_duration_forward_ms[edge], forward_ms);
    assert_int_equal(net->edge_duration_backward_ms[edge], backward_ms);
    assert_int_equal(net->edge_access_forward[edge],
                     forward_ms == MUSTER_NONE ? 0 : MUSTER_ACCESS_ALL);
    assert_int_equal(net->edge_access_backward[edge],
                     backward_ms == MUSTER_NONE ? 0 : MUSTER_ACCESS_ALL);
}

/* ---- what is sound ------------------------------------------------------------------- */

static void two_arcs_between_two_nodes_become_one_edge(void **state) {
    (void)state;
    const muster_network_data *net = import_sound("c a comment\n"
                                                  "p sp 3 3\n"
                                                  "a 2 1 700\n"
                                                  "\n"
                                                  "a 1 2 900\r\n"
                                                  "  a 3 2 0\n",
                                                  PLACES, NULL);
    assert_int_equal(net->node_count, 3);
    assert_int_equal(net->node_id[0], 1);
    assert_true(net->node_lon_deg[2] == 0.02);
    assert_int_equal(net->edge_count, 2);
    check_edge(net, 0, 0, 1, 900, 700);
    check_edge(net, 1, 1, 2, MUSTER_NONE, 0);
    assert_int_equal(net->edge_class[0], MUSTER_ROAD_ROAD);
    done();
}

static void parallel_arcs_and_loops_are_all_kept(void **state) {
    (void)state;
    const muster_network_data *net = import_sound("p sp 3 6\n"
                                                  "a 1 2 30\n"
                                                  "a 1 2 10\n"
                                                  "a 1 2 20\n"
                                                  "a 2 1 15\n"
                                                  "a 3 3 5\n"
                                                  "a 3 3 4\n",
                                                  PLACES, NULL);
    assert_int_equal(net->edge_count, 5);
    check_edge(net, 0, 0, 1, 10, 15);
    check_edge(net, 1, 0, 1, 20, MUSTER_NONE);
    check_edge(net, 2, 0, 1, 30, MUSTER_NONE);
    check_edge(net, 3, 2, 2, 4, MUSTER_NONE);
    check_edge(net, 4, 2, 2, 5, MUSTER_NONE);
    done();
}

/* One degree of the equator of WGS 84: a * pi / 180. */
static void lengths_come_from_coordinates_along_the_ellipsoid(void **state) {
    (void)state;
    const double               degree_m = 6378137.0 * 3.14159265358979323846 / 180;
    const muster_network_data *net      = import_sound("p sp 3 1\na 1 3 1\n", PLACES, NULL);
    assert_true(fabs(net->edge_length_m[0] - 0.02 * degree_m) < 0.006);
    done();
}

static void lengths_come_from_the_length_file_in_tenths_of_a_metre(void **state) {
    (void)state;
    const muster_network_data *net =
        import_sound("p sp 3 3\na 1 2 100\na 2 1 90\na 2 1 80\n", PLACES,
                     "p sp 3 3\na 1 2 11132\na 2 1 5\na 2 1 11132\n");
    assert_int_equal(net->edge_count, 2); /* only equal lengths are paired */
    check_edge(net, 0, 0, 1, MUSTER_NONE, 90);
    assert_true(fabs(net->edge_length_m[0] - 0.5) < 1e-9);
    check_edge(net, 1, 0, 1, 100, 80);
    assert_true(fabs(net->edge_length_m[1] - 1113.2) < 1e-9);
    done();
}

static void a_gzipped_graph_is_read_like_a_plain_one(void **state) {
    (void)state;
    const char *path = path_of("roads.gr.gz");
    gzFile      file = gzopen(path, "wb");
    assert_non_null(file);
    assert_true(gzputs(file, "p sp 3 1\na 1 2 55\n") > 0);
    assert_int_equal(gzclose(file), Z_OK);
    write_text(place_path(), PLACES);
    assert_int_equal(muster_import_dimacs(&network, path, place_path(), NULL, NULL, NULL, NULL),
                     MUSTER_OK);
    check_edge(muster_network_view(network), 0, 0, 1, 55, MUSTER_NONE);
    done();
}

static void a_comment_may_be_of_any_length(void **state) {
    (void)state;
    static char graph[2000];
    memset(graph, 'x', sizeof graph);
    memcpy(graph, "c ", 2);
    memcpy(graph + 1500, "\np sp 3 1\na 1 2 5\n", sizeof "\np sp 3 1\na 1 2 5\n");
    check_edge(import_sound(graph, PLACES, NULL), 0, 0, 1, 5, MUSTER_NONE);
    done();
}

static void the_last_line_needs_no_end(void **state) {
    (void)state;
    check_edge(import_sound("p sp 3 1\na 1 2 5", PLACES, NULL), 0, 0, 1, 5, MUSTER_NONE);
    done();
}

/* ---- what is not --------------------------------------------------------------------- */

typedef struct wrong_text {
    const char *text, *rest; /* of the message, behind the path */
} wrong_text;

static void check_message(const char *path, const char *rest) {
    char expected[400];
    snprintf(expected, sizeof expected, "%s%s", path, rest);
    assert_string_equal(muster_error_message(), expected);
    assert_null(network);
}

static void a_wrong_line_of_a_graph_is_named_by_number(void **state) {
    (void)state;
    static const wrong_text CASE[] = {
        {"", ":0: the file ends without a p line"},
        {"c only\n", ":1: the file ends without a p line"},
        {"a 1 2 3\n", ":1: line starts with \"a\"; expected the p line first"},
        {"p max 3 1\n", ":1: \"max\"; expected \"sp\""},
        {"p sp three 1\n",
         ":1: number of nodes is \"three\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3\n", ":1: number of arcs is \"\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3 1 1\n", ":1: \"1\" after the last field"},
        {"p sp 3 1\nc\nx 1 2 3\n", ":3: line starts with \"x\"; expected \"a\" or \"c\""},
        {"p sp 3 1\narc 1 2 3\n", ":2: \"arc\"; expected \"a\""},
        {"p sp 3 1\na 0 2 3\n", ":2: first node is \"0\"; expected a whole number from 1 to 3"},
        {"p sp 3 1\na 1 4 3\n", ":2: second node is \"4\"; expected a whole number from 1 to 3"},
        {"p sp 3 1\na 1 2 -3\n",
         ":2: weight is \"-3\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3 1\na 1 2 2147483647\n",
         ":2: weight is \"2147483647\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3 1\na 1 2 99999999999999999999\n",
         ":2: weight is \"99999999999999999999\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3 1\na 1 2 1e3\n",
         ":2: weight is \"1e3\"; expected a whole number from 0 to 2147483646"},
        {"p sp 3 1\na 1 2 3 4\n", ":2: \"4\" after the last field"},
        {"p sp 3 2\na 1 2 3\n", ":2: 1 arcs so far, but the p line states 2"},
        {"p sp 3 1\na 1 2 3\na 2 3 4\n", ":3: 1 arcs and one more so far, but the p line states 1"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        assert_int_equal(import(CASE[i].text, PLACES, NULL), MUSTER_E_FORMAT);
        check_message(graph_path(), CASE[i].rest);
    }
}

static void a_wrong_line_of_coordinates_is_named_by_number(void **state) {
    (void)state;
    static const wrong_text CASE[] = {
        {"p sp 3 1\n", ":1: \"sp\"; expected \"aux\""},
        {"p aux sp co 2\n", ":1: number of nodes is \"2\"; expected a whole number from 3 to 3"},
        {"p aux sp co 3\na 1 2 3\n", ":2: line starts with \"a\"; expected \"v\" or \"c\""},
        {"p aux sp co 3\nv 4 0 0\n", ":2: node is \"4\"; expected a whole number from 1 to 3"},
        {"p aux sp co 3\nv 1 180000001 0\n",
         ":2: longitude is \"180000001\"; expected a whole number from -180000000 to 180000000"},
        {"p aux sp co 3\nv 1 0 120.75\n",
         ":2: latitude is \"120.75\"; expected a whole number from -90000000 to 90000000"},
        {"p aux sp co 3\nv 1 0 0\nv 1 0 0\n", ":3: node 1 has coordinates already"},
        {"p aux sp co 3\nv 1 0 0\nv 3 0 0\n", ":3: the file ends and node 2 has no coordinates"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        assert_int_equal(import("p sp 3 1\na 1 2 3\n", CASE[i].text, NULL), MUSTER_E_FORMAT);
        check_message(place_path(), CASE[i].rest);
    }
}

static void lengths_of_other_arcs_are_refused(void **state) {
    (void)state;
    static const wrong_text CASE[] = {
        {"p sp 3 2\n", ":1: 3 nodes and 2 arcs, but the graph file has 3 and 1"},
        {"p sp 3 1\na 2 1 3\n",
         ":2: arc 2 -> 1, where the graph file has 1 -> 2; expected the same arcs in the same "
         "order"},
        {"p sp 3 1\n", ":1: 0 arcs so far, but the p line states 1"},
        {"p sp 3 1\na 1 2 100000000\n",
         ":2: length is \"100000000\"; expected a whole number from 0 to 99999999"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        assert_int_equal(import("p sp 3 1\na 1 2 3\n", PLACES, CASE[i].text), MUSTER_E_FORMAT);
        check_message(length_path(), CASE[i].rest);
    }
}

static void a_line_without_end_is_refused(void **state) {
    (void)state;
    static char graph[600];
    memset(graph, ' ', sizeof graph - 1);
    memcpy(graph, "p sp 3 1\na 1", sizeof "p sp 3 1\na 1" - 1);
    assert_int_equal(import(graph, PLACES, NULL), MUSTER_E_FORMAT);
    check_message(graph_path(), ":2: line is longer than 254 bytes");
}

/* Wherever it is cut, in the middle of a line too: what is missing is not blamed on the line. */
static void a_gzip_stream_that_is_cut_is_refused(void **state) {
    (void)state;
    size_t size;
    gzFile file = gzopen(path_of("cut.gr.gz"), "wb");
    assert_non_null(file);
    assert_true(gzputs(file, "p sp 3 1\na 1 2 55\n") > 0);
    assert_int_equal(gzclose(file), Z_OK);
    unsigned char *bytes = read_bytes(path_of("cut.gr.gz"), &size);
    write_text(place_path(), PLACES);
    for (size_t left = 4; left < size; ++left) {
        const char *path = path_of("cut.gr.gz");
        write_bytes(path, bytes, left);
        network = (muster_network *)&network;
        assert_int_equal(muster_import_dimacs(&network, path, place_path(), NULL, NULL, NULL, NULL),
                         MUSTER_E_FORMAT);
        assert_null(network);
        assert_non_null(strstr(muster_error_message(), "the gzip stream is damaged or cut off"));
    }
    free(bytes);
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    char expected[200];
    network = (muster_network *)&network;
    assert_int_equal(
        muster_import_dimacs(&network, path_of("none.gr"), place_path(), NULL, NULL, NULL, NULL),
        MUSTER_E_IO);
    assert_null(network);
    snprintf(expected, sizeof expected, "cannot open \"%s\": No such file or directory",
             path_of("none.gr"));
    assert_string_equal(muster_error_message(), expected);
    assert_int_equal(
        muster_import_dimacs(&network, test_folder, place_path(), NULL, NULL, NULL, NULL),
        MUSTER_E_IO);
}

static bool stop(void *user, const char *phase, double fraction) {
    (void)fraction;
    return strcmp(phase, user) != 0;
}

static void each_phase_can_be_cancelled(void **state) {
    (void)state;
    static const char *const PHASE[] = {"reading arcs", "reading lengths", "reading coordinates"};
    import("p sp 3 1\na 1 2 3\n", PLACES, "p sp 3 1\na 1 2 3\n");
    done();
    for (size_t i = 0; i < sizeof PHASE / sizeof *PHASE; ++i) {
        char phase[40], expected[80];
        network = (muster_network *)&network;
        snprintf(phase, sizeof phase, "%s", PHASE[i]);
        assert_int_equal(muster_import_dimacs(&network, graph_path(), place_path(), length_path(),
                                              NULL, stop, phase),
                         MUSTER_E_CANCELLED);
        assert_null(network);
        snprintf(expected, sizeof expected, "cancelled while %s", phase);
        assert_string_equal(muster_error_message(), expected);
    }
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    int64_t allowed;
    for (allowed = 0;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = import("p sp 3 2\na 1 2 3\na 2 3 4\n", PLACES, NULL);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(network);
    }
    assert_true(allowed > 5);
    done();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_arcs_between_two_nodes_become_one_edge),
        cmocka_unit_test(parallel_arcs_and_loops_are_all_kept),
        cmocka_unit_test(lengths_come_from_coordinates_along_the_ellipsoid),
        cmocka_unit_test(lengths_come_from_the_length_file_in_tenths_of_a_metre),
        cmocka_unit_test(a_gzipped_graph_is_read_like_a_plain_one),
        cmocka_unit_test(a_comment_may_be_of_any_length),
        cmocka_unit_test(the_last_line_needs_no_end),
        cmocka_unit_test(a_wrong_line_of_a_graph_is_named_by_number),
        cmocka_unit_test(a_wrong_line_of_coordinates_is_named_by_number),
        cmocka_unit_test(lengths_of_other_arcs_are_refused),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(a_gzip_stream_that_is_cut_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(each_phase_can_be_cancelled),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
