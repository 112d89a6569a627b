/* Snapshots: what is written is mapped bit for bit, what strangers wrote is refused or harmless. */
#include "core/snapshot.h"

#include <muster/matrix.h>
#include <muster/route.h>

#include "core/alloc.h"
#include "core/checksum.h"
#include "tests/support/full_network.h"
#include "tests/support/test_folder.h"

enum { SITES = 5 };

static muster_network *network_with_hierarchy(uint64_t seed) {
    static full_network f;
    muster_network     *network = full_network_new(&f, seed);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    return network;
}

static muster_network *open_snapshot(const char *path) {
    muster_network *network;
    if (muster_network_snapshot_open(&network, path) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return network;
}

/* ---- there and back ------------------------------------------------------------------ */

static uint32_t list_arrays(mu_snapshot_array *array, muster_network *copy, mu_hierarchy *hierarchy,
                            const muster_network *network) {
    const mu_snapshot_header header = mu_snapshot_header_of(network);
    *copy                           = *network;
    *hierarchy                      = *network->hierarchy;
    return mu_snapshot_list(array, &header, copy, hierarchy);
}

static void check_same_arrays(const muster_network *a, const muster_network *b) {
    mu_snapshot_array left[MU_SNAPSHOT_MOST], right[MU_SNAPSHOT_MOST];
    muster_network    copy[2];
    mu_hierarchy      hierarchy[2];
    const uint32_t    count = list_arrays(left, &copy[0], &hierarchy[0], a);
    assert_int_equal(list_arrays(right, &copy[1], &hierarchy[1], b), count);
    assert_true(count > 40);
    for (uint32_t i = 0; i < count; ++i) {
        const unsigned char *p, *q;
        memcpy(&p, left[i].address, sizeof p);
        memcpy(&q, right[i].address, sizeof q);
        assert_int_equal(left[i].bytes, right[i].bytes);
        assert_int_equal((uintptr_t)q % MU_SNAPSHOT_ALIGNMENT, 0);
        if (left[i].bytes > 0) assert_memory_equal(p, q, left[i].bytes);
    }
    assert_int_equal(a->edges.level_count, b->edges.level_count);
    assert_memory_equal(a->edges.level_start, b->edges.level_start,
                        (a->edges.level_count + 1) * sizeof(uint32_t));
    assert_int_equal(a->hierarchy->most_up, b->hierarchy->most_up);
    assert_int_equal(a->hierarchy->triangle_count, b->hierarchy->triangle_count);
    assert_memory_equal(a->view.node_rank, b->view.node_rank,
                        a->view.node_count * sizeof *a->view.node_rank);
}

typedef struct answers {
    muster_snap snap[SITES];
    uint32_t    duration_ms[SITES * SITES];
    double      distance_m[SITES * SITES];
    uint32_t    arc_count;
    uint32_t    arc[64];
} answers;

/* A table and a route of the network, as a user gets them. */
static void ask(answers *out, const muster_network *network) {
    double         lon[SITES], lat[SITES];
    uint64_t       rng    = 17;
    muster_route  *route  = NULL;
    muster_metric *metric = random_network_metric(network, "emergency");
    for (int i = 0; i < SITES; ++i) {
        lon[i] = 120.7 + 0.05 * random_unit(&rng);
        lat[i] = 30.7 + 0.05 * random_unit(&rng);
    }
    memset(out, 0, sizeof *out);
    assert_int_equal(muster_snap_sites(metric, SITES, lon, lat, NULL, out->snap), MUSTER_OK);
    assert_int_equal(muster_matrix(metric, SITES, out->snap, SITES, out->snap, 1, out->duration_ms,
                                   out->distance_m),
                     MUSTER_OK);
    assert_int_equal(muster_route_new(&route, metric, &out->snap[0], &out->snap[1]), MUSTER_OK);
    if (route) {
        const uint32_t *arcs = muster_route_arcs(route, &out->arc_count);
        for (uint32_t i = 0; i < out->arc_count && i < 64; ++i) out->arc[i] = arcs[i];
    }
    muster_route_free(route);
    muster_metric_free(metric);
}

static void a_snapshot_is_the_network_bit_for_bit(void **state) {
    (void)state;
    static answers from_memory, from_file;
    const char    *path = path_of("round.mnet");
    for (uint64_t seed = 0; seed < 40; ++seed) {
        muster_network *network = network_with_hierarchy(seed);
        assert_int_equal(muster_network_snapshot_write(network, path), MUSTER_OK);
        assert_true(muster_network_snapshot_is(path));
        muster_network *opened = open_snapshot(path);
        assert_int_equal(muster_network_snapshot_check(opened), MUSTER_OK);
        check_same_arrays(network, opened);
        ask(&from_memory, network);
        ask(&from_file, opened);
        assert_memory_equal(&from_memory, &from_file, sizeof from_memory);
        assert_int_equal(muster_network_build_hierarchy(opened), MUSTER_OK); /* there already */
        muster_network_free(network);
        muster_network_free(opened);
    }
    assert_int_equal(count_files(), 1);
}

static void who_has_the_old_snapshot_open_keeps_it(void **state) {
    (void)state;
    const char     *path = path_of("replaced.mnet");
    muster_network *one = network_with_hierarchy(1), *two = network_with_hierarchy(2);
    assert_int_equal(muster_network_snapshot_write(one, path), MUSTER_OK);
    muster_network *old = open_snapshot(path), *other = open_snapshot(path);
    assert_int_equal(muster_network_snapshot_write(two, path), MUSTER_OK);
    muster_network *fresh = open_snapshot(path);
    check_same_arrays(one, old);
    check_same_arrays(one, other);
    check_same_arrays(two, fresh);
    muster_network *networks[] = {one, two, old, other, fresh};
    for (int i = 0; i < 5; ++i) muster_network_free(networks[i]);
}

static void a_snapshot_of_a_snapshot_is_the_same_file(void **state) {
    (void)state;
    const char     *first = path_of("first.mnet"), *second = path_of("second.mnet");
    size_t          size, size_again;
    muster_network *network = network_with_hierarchy(3);
    assert_int_equal(muster_network_snapshot_write(network, first), MUSTER_OK);
    muster_network *opened = open_snapshot(first);
    assert_int_equal(muster_network_snapshot_write(opened, second), MUSTER_OK);
    unsigned char *a = read_bytes(first, &size), *b = read_bytes(second, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(a, b, size);
    free(a);
    free(b);
    muster_network_free(network);
    muster_network_free(opened);
}

static void the_checksum_is_xxh64(void **state) {
    (void)state;
    const char *text = "Nobody inspects the spammish repetition";
    assert_true(mu_checksum("", 0) == 0xEF46DB3751D8E999u);
    assert_true(mu_checksum("a", 1) == 0xD24EC4F1A98C6E5Bu);
    assert_true(mu_checksum("abc", 3) == 0x44BC2CF5AD770999u);
    assert_true(mu_checksum(text, strlen(text)) == 0xFBCEA83C8A378BF1u);
}

/* ---- what cannot be written or opened -------------------------------------------------- */

static void only_a_network_with_a_hierarchy_has_a_snapshot(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 1);
    const int             before  = count_files();
    assert_int_equal(muster_network_snapshot_write(network, "x.mnet"), MUSTER_E_INVALID);
    assert_message("x.mnet", ": the network has no hierarchy; expected one in a snapshot");
    assert_int_equal(muster_network_snapshot_check(network), MUSTER_E_INVALID);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    assert_int_equal(muster_network_snapshot_write(network, path_of("nowhere/x.mnet")),
                     MUSTER_E_IO);
    assert_non_null(strstr(muster_error_message(), "No such file or directory"));
    assert_int_equal(muster_network_snapshot_write(network, test_folder), MUSTER_E_IO);
    assert_message(test_folder, " cannot be written: it is no regular file");
    muster_network_free(network);
    assert_int_equal(count_files(), before);
}

static void check_open_fails(const char *path, muster_status status, const char *rest) {
    muster_network *network = (muster_network *)&network;
    assert_int_equal(muster_network_snapshot_open(&network, path), status);
    assert_null(network);
    if (rest) assert_message(path, rest);
}

static void what_is_no_snapshot_is_refused(void **state) {
    (void)state;
    const char *path = path_of("text.mnet");
    check_open_fails(path_of("none.mnet"), MUSTER_E_IO, NULL);
    check_open_fails(test_folder, MUSTER_E_IO, " cannot be opened: it is no regular file");
    assert_false(muster_network_snapshot_is(path_of("none.mnet")));
    assert_false(muster_network_snapshot_is(test_folder));
    write_text(path, "");
    check_open_fails(path, MUSTER_E_FORMAT, " is no snapshot: it has 0 bytes");
    write_text(
        path,
        "SQLite format 3, or any other text that is as long as a header and longer, which takes "
        "more than a hundred bytes");
    check_open_fails(path, MUSTER_E_FORMAT, " is no snapshot; make one with `muster snapshot`");
    assert_false(muster_network_snapshot_is(path));
}

/* ---- damage -------------------------------------------------------------------------- */

typedef struct sample {
    const char    *path;
    unsigned char *bytes; /* as written */
    size_t         size;
} sample;

static sample make_sample(uint64_t seed) {
    sample          s       = {.path = path_of("damaged.mnet")};
    muster_network *network = network_with_hierarchy(seed);
    assert_int_equal(muster_network_snapshot_write(network, s.path), MUSTER_OK);
    s.bytes = read_bytes(s.path, &s.size);
    muster_network_free(network);
    return s;
}

static mu_snapshot_header header_of(const sample *s) {
    mu_snapshot_header header;
    memcpy(&header, s->bytes, sizeof header);
    return header;
}

/* Write the sample with another header, whose checksum is made to fit if `is_sealed`. */
static void write_with_header(const sample *s, mu_snapshot_header header, bool is_sealed) {
    mu_snapshot_entry table[MU_SNAPSHOT_MOST];
    unsigned char    *bytes = malloc(s->size);
    assert_non_null(bytes);
    memcpy(bytes, s->bytes, s->size);
    memcpy(table, bytes + sizeof header, header_of(s).array_count * sizeof *table);
    if (is_sealed && header.array_count <= MU_SNAPSHOT_MOST) {
        header.checksum = mu_snapshot_checksum(&header, table);
    }
    memcpy(bytes, &header, sizeof header);
    write_bytes(s->path, bytes, s->size);
    free(bytes);
}

static void a_header_that_does_not_fit_is_refused(void **state) {
    (void)state;
    const sample       s      = make_sample(5);
    mu_snapshot_header header = header_of(&s);
    char               message[300];
    header.byte_order = 0x04030201;
    write_with_header(&s, header, true);
    check_open_fails(s.path, MUSTER_E_FORMAT,
                     " was written on a machine of another byte order; make it again with `muster "
                     "snapshot`");
    header         = header_of(&s);
    header.version = 99;
    write_with_header(&s, header, true);
    snprintf(message, sizeof message,
             " is a snapshot of version 99; this muster (%s) reads version 3; make it again with "
             "`muster snapshot`",
             muster_version());
    check_open_fails(s.path, MUSTER_E_FORMAT, message);
    header = header_of(&s);
    header.checksum ^= 1;
    write_with_header(&s, header, false);
    check_open_fails(s.path, MUSTER_E_FORMAT, " is damaged: the checksum of its header is wrong");
    uint32_t *const counts[] = {
        &header.node_count, &header.edge_count,    &header.point_count,
        &header.names_size, &header.out_arc_count, &header.in_arc_count,
        &header.up_count,   &header.array_count,   &header.restriction_count};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
        static const uint32_t WRONG[] = {0, 1000000, INT32_MAX, UINT32_MAX};
        for (int w = 0; w < 4; ++w) {
            header     = header_of(&s);
            *counts[i] = WRONG[w];
            write_with_header(&s, header, true);
            check_open_fails(s.path, MUSTER_E_FORMAT, NULL);
        }
    }
    free(s.bytes);
}

static void a_snapshot_cut_anywhere_is_refused(void **state) {
    (void)state;
    const sample s = make_sample(6);
    for (size_t kept = 0; kept < s.size; kept += kept < 200 ? 9 : 61) {
        write_bytes(s.path, s.bytes, kept);
        check_open_fails(s.path, MUSTER_E_FORMAT, NULL);
    }
    unsigned char *longer = calloc(s.size + 64, 1);
    assert_non_null(longer);
    memcpy(longer, s.bytes, s.size);
    write_bytes(s.path, longer, s.size + 64);
    check_open_fails(s.path, MUSTER_E_FORMAT, NULL);
    free(longer);
    free(s.bytes);
}

/* Open it if it lets itself, ask it everything, and say whether a check of all of it is content. */
static bool survives(const char *path) {
    static answers  ignored;
    muster_network *network;
    if (muster_network_snapshot_open(&network, path) != MUSTER_OK) {
        assert_non_null(strstr(muster_error_message(), "damaged.mnet"));
        return false;
    }
    ask(&ignored, network);
    const bool is_whole = muster_network_snapshot_check(network) == MUSTER_OK;
    muster_network_free(network);
    return is_whole;
}

static bool is_in_an_array(const sample *s, size_t position) {
    const mu_snapshot_header header = header_of(s);
    mu_snapshot_entry        table[MU_SNAPSHOT_MOST];
    memcpy(table, s->bytes + sizeof header, header.array_count * sizeof *table);
    for (uint32_t i = 0; i < header.array_count; ++i) {
        if (position >= table[i].offset && position < table[i].offset + table[i].bytes) return true;
    }
    return position < sizeof header + header.array_count * sizeof *table;
}

/* The sanitizers of the dev build watch the searches in what could be opened. */
static void any_changed_byte_is_found_and_until_then_harmless(void **state) {
    (void)state;
    uint64_t rng = 4;
    for (uint64_t seed = 10; seed < 14; ++seed) {
        const sample s = make_sample(seed);
        for (int round = 0; round < 300; ++round) {
            const size_t        at       = random_below(&rng, (uint32_t)s.size);
            const unsigned char was      = s.bytes[at];
            const bool          is_array = is_in_an_array(&s, at);
            s.bytes[at] =
                (unsigned char)(random_below(&rng, 2) ? was ^ 1u << random_below(&rng, 8)
                                                      : was + 1 + random_below(&rng, 255));
            write_bytes(s.path, s.bytes, s.size);
            assert_int_equal(survives(s.path), !is_array);
            s.bytes[at] = was;
        }
        free(s.bytes);
    }
}

/* ---- memory -------------------------------------------------------------------------- */

static void any_allocation_may_fail(void **state) {
    (void)state;
    const char     *path    = path_of("chaos.mnet");
    muster_network *network = network_with_hierarchy(20), *opened;
    muster_status   status;
    int64_t         failing = 0;
    const int       before  = count_files();
    do {
        (void)mu_alloc_fail_after(failing++);
        opened = NULL;
        status = muster_network_snapshot_write(network, path);
        if (status == MUSTER_OK) status = muster_network_snapshot_open(&opened, path);
        (void)mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        assert_int_equal(opened != NULL, status == MUSTER_OK);
        muster_network_free(opened);
    } while (status != MUSTER_OK);
    assert_true(failing > 3);
    assert_int_equal(count_files(), before + 1);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_is_the_network_bit_for_bit),
        cmocka_unit_test(who_has_the_old_snapshot_open_keeps_it),
        cmocka_unit_test(a_snapshot_of_a_snapshot_is_the_same_file),
        cmocka_unit_test(the_checksum_is_xxh64),
        cmocka_unit_test(only_a_network_with_a_hierarchy_has_a_snapshot),
        cmocka_unit_test(what_is_no_snapshot_is_refused),
        cmocka_unit_test(a_header_that_does_not_fit_is_refused),
        cmocka_unit_test(a_snapshot_cut_anywhere_is_refused),
        cmocka_unit_test(any_changed_byte_is_found_and_until_then_harmless),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
