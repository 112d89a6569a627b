/* New York of the 9th DIMACS challenge against distances computed by SciPy: every pair of
 * the reference and the sum and maximum of every whole tree, for both weights, exactly. */
#include <string.h>

#include <muster/import.h>
#include <muster/matrix.h>

#include "tests/support/shared_data.h"

typedef struct new_york {
    muster_network *network;
    muster_metric  *metric;
    uint32_t        node_count;
    muster_snap    *at_node; /* each node as a place: an end of one of its edges */
    uint32_t       *duration_ms;
} new_york;

static void open_new_york(new_york *ny, const char *graph) {
    muster_profile profile;
    assert_int_equal(muster_import_dimacs(&ny->network, shared_data(graph),
                                          shared_data("dimacs9/USA-road-d.NY.co.gz"), NULL, NULL,
                                          NULL, NULL),
                     MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    assert_int_equal(muster_metric_new(&ny->metric, ny->network, &profile), MUSTER_OK);
    const muster_network_data *v = muster_network_view(ny->network);
    ny->node_count               = v->node_count;
    assert_int_equal(ny->node_count, 264346);
    assert_int_equal(2 * v->edge_count, 733846);
    ny->at_node     = calloc(ny->node_count, sizeof *ny->at_node);
    ny->duration_ms = calloc(ny->node_count, sizeof *ny->duration_ms);
    assert_non_null(ny->at_node);
    assert_non_null(ny->duration_ms);
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        ny->at_node[v->edge_source[e]] = (muster_snap){e, 0, 0, 0, 0};
        ny->at_node[v->edge_target[e]] = (muster_snap){e, 1, 0, 0, 0};
    }
    for (uint32_t n = 0; n < ny->node_count; ++n) assert_int_equal(v->node_id[n], n + 1);
}

static void close_new_york(new_york *ny) {
    free(ny->at_node);
    free(ny->duration_ms);
    muster_metric_free(ny->metric);
    muster_network_free(ny->network);
}

/* Rows of a CSV file after its header, as numbers. */
static uint32_t read_rows(const char *name, unsigned columns, uint64_t (*row)[5], uint32_t most) {
    FILE    *file = fopen(shared_data(name), "r");
    char     line[256];
    uint32_t count = 0;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (count < most && fgets(line, sizeof line, file)) {
        char *rest = line;
        for (unsigned c = 0; c < columns; ++c) {
            row[count][c] = strtoull(rest, &rest, 10);
            rest += *rest == ',';
        }
        ++count;
    }
    fclose(file);
    return count;
}

/* The reference lists 50 targets for each source, one source after the other. */
static void pairs_are_exact(new_york *ny, unsigned weight_column) {
    enum { ROWS = 500, TARGETS = 50 };
    static uint64_t row[ROWS + 1][5];
    assert_int_equal(read_rows("dimacs9/ny_sssp_reference.csv", 4, row, ROWS + 1), ROWS);
    for (uint32_t first = 0; first < ROWS; first += TARGETS) {
        muster_snap to[TARGETS];
        uint32_t    duration_ms[TARGETS];
        for (uint32_t t = 0; t < TARGETS; ++t) {
            assert_int_equal(row[first + t][0], row[first][0]);
            to[t] = ny->at_node[row[first + t][1] - 1];
        }
        assert_int_equal(muster_matrix(ny->metric, 1, &ny->at_node[row[first][0] - 1], TARGETS, to,
                                       1, duration_ms, NULL),
                         MUSTER_OK);
        for (uint32_t t = 0; t < TARGETS; ++t) {
            assert_int_equal(duration_ms[t], row[first + t][weight_column]);
        }
    }
}

static void trees_are_exact(new_york *ny, unsigned sum_column) {
    uint64_t       row[10][5];
    const uint32_t rows = read_rows("dimacs9/ny_sssp_checksums.csv", 5, row, 10);
    assert_int_equal(rows, 10);
    for (uint32_t r = 0; r < rows; ++r) {
        assert_int_equal(muster_matrix(ny->metric, 1, &ny->at_node[row[r][0] - 1], ny->node_count,
                                       ny->at_node, 1, ny->duration_ms, NULL),
                         MUSTER_OK);
        uint64_t sum = 0, largest = 0;
        for (uint32_t n = 0; n < ny->node_count; ++n) {
            sum += ny->duration_ms[n];
            if (ny->duration_ms[n] > largest) largest = ny->duration_ms[n];
        }
        assert_int_equal(sum, row[r][sum_column]);
        assert_int_equal(largest, row[r][sum_column + 1]);
    }
}

static void distances_are_exact(void **state) {
    (void)state;
    new_york ny = {0};
    open_new_york(&ny, "dimacs9/USA-road-d.NY.gr.gz");
    pairs_are_exact(&ny, 2);
    trees_are_exact(&ny, 1);
    close_new_york(&ny);
}

static void travel_times_are_exact(void **state) {
    (void)state;
    new_york ny = {0};
    open_new_york(&ny, "dimacs9/USA-road-t.NY.gr.gz");
    pairs_are_exact(&ny, 3);
    trees_are_exact(&ny, 3);
    close_new_york(&ny);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(distances_are_exact),
                                       cmocka_unit_test(travel_times_are_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
