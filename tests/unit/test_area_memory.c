/* What areas hold, remembered: closures come out the same, and the map is not looked at twice. */
#include "core/area_memory.h"

#include <math.h>
#include <pthread.h>

#include "core/alloc.h"
#include "tests/support/grid_network.h"

enum { SIDE = 12, ROUNDS = 200, CORNERS = 7, MANY = 1 << 24, THREADS = 4 };

typedef struct town {
    uint64_t            rng;
    muster_network     *network;
    muster_metric      *metric[2]; /* that drives, that floats */
    muster_area_memory *memory;
} town;

/* So that floods open something: of a road that lies in them from end to end. */
static void close_every_third(muster_metric **metric) {
    muster_arc_change change[SIDE * SIDE];
    muster_metric    *changed;
    for (uint32_t i = 0; i < SIDE * SIDE; ++i) {
        change[i] = (muster_arc_change){3 * i, MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&changed, *metric, SIDE * SIDE, change), MUSTER_OK);
    muster_metric_free(*metric);
    *metric = changed;
}

static void town_init(town *t, size_t most_bytes) {
    t->rng     = 7;
    t->network = grid_network(SIDE, &t->rng);
    for (int p = 0; p < 2; ++p) {
        muster_profile profile;
        assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
        if (p == 1) {
            profile.water          = MUSTER_WATER_FLOAT;
            profile.boat_speed_kmh = 8;
            profile.boat_depth_m   = 0.5;
        }
        assert_int_equal(muster_metric_new(&t->metric[p], t->network, &profile), MUSTER_OK);
    }
    close_every_third(&t->metric[1]);
    assert_int_equal(muster_area_memory_new(&t->memory, t->network, most_bytes), MUSTER_OK);
}

static void town_fini(town *t) {
    muster_area_memory_free(t->memory);
    for (int p = 0; p < 2; ++p) muster_metric_free(t->metric[p]);
    muster_network_free(t->network);
}

static const uint32_t TRIANGLE[] = {0, 3};

typedef struct shape {
    uint32_t       first[3];
    double         lon[CORNERS], lat[CORNERS];
    muster_polygon polygon;
} shape;

/* A quadrangle with a triangle that may be a hole. */
static void random_shape(shape *s, uint64_t *rng) {
    *s = (shape){.first = {0, 4, CORNERS}};
    for (int c = 0; c < CORNERS; ++c) {
        s->lon[c] = 120 + 0.0001 * random_below(rng, 10 * SIDE);
        s->lat[c] = 30 + 0.0001 * random_below(rng, 10 * SIDE);
    }
    s->polygon = (muster_polygon){2, s->first, s->lon, s->lat};
}

static uint32_t known_areas(const town *t) {
    uint32_t areas;
    uint64_t searches;
    mu_area_memory_count(t->memory, &areas, &searches);
    return areas;
}

static uint64_t searches(const town *t) {
    uint32_t areas;
    uint64_t count;
    mu_area_memory_count(t->memory, &areas, &count);
    return count;
}

static void ask(const town *t, const muster_polygon *area) {
    mu_known_area *known;
    assert_int_equal(mu_area_memory_ask(t->memory, area, &known), MUSTER_OK);
    mu_area_memory_give_back(t->memory, known);
}

/* ---- the same as without ------------------------------------------------------------------- */

static void treat(muster_closure *closure, const shape *s, int way) {
    if (way == 0) {
        assert_int_equal(muster_closure_slow(closure, &s->polygon, 0, 0.5), MUSTER_OK);
    } else {
        assert_int_equal(muster_closure_flood(closure, &s->polygon, way == 1 ? 0.1 : 2), MUSTER_OK);
    }
}

static void assert_same(const muster_closure *a, const muster_closure *b) {
    uint32_t                 count, other;
    const muster_arc_change *change = muster_closure_changes(a, &count);
    const muster_arc_change *same   = muster_closure_changes(b, &other);
    assert_int_equal(count, other);
    assert_memory_equal(change, same, count * sizeof *change);
    const uint32_t *spared = muster_closure_spared(a, &count), *too;
    too                    = muster_closure_spared(b, &other);
    assert_int_equal(count, other);
    assert_memory_equal(spared, too, count * sizeof *spared);
}

static void a_closure_with_a_memory_is_the_same_as_without_one(void **state) {
    (void)state;
    town  t;
    shape s[3];
    town_init(&t, MANY);
    for (int round = 0; round < ROUNDS; ++round) {
        muster_closure *plain, *knows;
        const int       metric = round % 2;
        assert_int_equal(muster_closure_new(&plain, t.metric[metric]), MUSTER_OK);
        assert_int_equal(muster_closure_new(&knows, t.metric[metric]), MUSTER_OK);
        assert_int_equal(muster_closure_set_memory(knows, t.memory), MUSTER_OK);
        /* Each pair of rounds has the same areas, for one metric after the other. */
        for (int i = 0; i < 3; ++i) {
            if (metric == 0) random_shape(&s[i], &t.rng);
            treat(plain, &s[i], (round / 2 + i) % 3);
            treat(knows, &s[i], (round / 2 + i) % 3);
        }
        assert_same(plain, knows);
        muster_closure_free(plain);
        muster_closure_free(knows);
    }
    assert_int_equal(searches(&t), 3 * ROUNDS / 2);
    town_fini(&t);
}

/* ---- which areas are the same -------------------------------------------------------------- */

static void an_area_is_the_same_to_the_last_bit_or_another(void **state) {
    (void)state;
    town           t;
    double         lon[]    = {120.001, 120.009, 120.001, 120.009};
    double         lat[]    = {30.001, 30.001, 30.009, 30.009};
    const uint32_t later[]  = {1, 4};
    muster_polygon triangle = {1, TRIANGLE, lon, lat};
    town_init(&t, MANY);
    ask(&t, &triangle);
    ask(&t, &triangle);
    assert_int_equal(searches(&t), 1);
    /* The same points, elsewhere in a longer list. */
    const double   lon2[] = {0, 120.001, 120.009, 120.001}, lat2[] = {0, 30.001, 30.001, 30.009};
    muster_polygon behind = {1, later, lon2, lat2};
    ask(&t, &behind);
    assert_int_equal(searches(&t), 1);
    lat[2] = nextafter(lat[2], 31);
    ask(&t, &triangle);
    assert_int_equal(searches(&t), 2);
    town_fini(&t);
}

/* ---- bounds -------------------------------------------------------------------------------- */

static void what_has_not_been_asked_for_longest_is_forgotten(void **state) {
    (void)state;
    town  t;
    shape s[12];
    town_init(&t, 3000); /* some of them */
    for (int i = 0; i < 12; ++i) {
        random_shape(&s[i], &t.rng);
        ask(&t, &s[i].polygon);
        ask(&t, &s[0].polygon); /* which is never forgotten */
    }
    assert_in_range(known_areas(&t), 2, 11);
    assert_int_equal(searches(&t), 12);
    ask(&t, &s[1].polygon);
    assert_int_equal(searches(&t), 13);
    town_fini(&t);
}

static void an_area_that_there_is_no_room_for_is_told_all_the_same(void **state) {
    (void)state;
    town           t;
    shape          s;
    mu_known_area *known;
    town_init(&t, 0);
    random_shape(&s, &t.rng);
    assert_int_equal(mu_area_memory_ask(t.memory, &s.polygon, &known), MUSTER_OK);
    assert_true(mu_known_area_edges(known)->count > 0);
    assert_int_equal(known_areas(&t), 0);
    mu_area_memory_give_back(t.memory, known);
    town_fini(&t);
}

/* ---- failures ------------------------------------------------------------------------------ */

static void a_wrong_area_is_refused_each_time_and_not_remembered(void **state) {
    (void)state;
    town                 t;
    mu_known_area       *known;
    const double         lon[] = {120, 120.01, 500}, lat[] = {30, 30, 30.01};
    const uint32_t       back[] = {5, 3};
    const muster_polygon far = {1, TRIANGLE, lon, lat}, none = {0, TRIANGLE, lon, lat},
                         wrong = {1, back, lon, lat};
    town_init(&t, MANY);
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(mu_area_memory_ask(t.memory, &far, &known), MUSTER_E_INVALID);
        assert_string_equal(
            muster_error_message(),
            "point 2 of the polygon is 500,30.01; expected a longitude from -180 to "
            "180 and a latitude from -90 to 90");
        assert_null(known);
        assert_int_equal(mu_area_memory_ask(t.memory, &none, &known), MUSTER_E_INVALID);
        assert_int_equal(mu_area_memory_ask(t.memory, &wrong, &known), MUSTER_E_INVALID);
    }
    assert_int_equal(known_areas(&t), 0);
    town_fini(&t);
}

static void the_memory_of_another_network_is_refused(void **state) {
    (void)state;
    town            t, other;
    muster_closure *closure;
    town_init(&t, MANY);
    town_init(&other, MANY);
    assert_int_equal(muster_closure_new(&closure, t.metric[0]), MUSTER_OK);
    assert_int_equal(muster_closure_set_memory(closure, other.memory), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "the memory of areas is of another network; expected the closure's");
    assert_int_equal(muster_closure_set_memory(closure, NULL), MUSTER_OK);
    muster_closure_free(closure);
    town_fini(&other);
    town_fini(&t);
}

static void no_memory_for_the_nth_thing_is_said_and_nothing_is_remembered(void **state) {
    (void)state;
    town           t;
    shape          s;
    mu_known_area *known;
    muster_status  status = MUSTER_E_NOMEM;
    int64_t        n      = 0;
    town_init(&t, MANY);
    random_shape(&s, &t.rng);
    for (; status != MUSTER_OK; ++n) {
        assert_int_equal(known_areas(&t), 0);
        (void)mu_alloc_fail_after(n);
        status = mu_area_memory_ask(t.memory, &s.polygon, &known);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(status == MUSTER_OK, known != NULL);
    }
    assert_true(n > 5);
    mu_area_memory_give_back(t.memory, known);
    ask(&t, &s.polygon);
    assert_int_equal(known_areas(&t), 1);
    town_fini(&t);
}

/* ---- threads ------------------------------------------------------------------------------- */

typedef struct reader {
    town    *town;
    shape   *shape;
    uint64_t sum; /* of all that was read */
} reader;

/* All threads ask for the same areas in the same order. */
static void *read_all(void *user) {
    reader *r = user;
    for (int round = 0; round < ROUNDS; ++round) {
        mu_known_area *known;
        if (mu_area_memory_ask(r->town->memory, &r->shape[round % 50].polygon, &known) != MUSTER_OK)
            return r;
        const mu_area_edges *edges = mu_known_area_edges(known);
        for (size_t e = 0; e < edges->count; ++e) r->sum = 31 * r->sum + edges->edge[e];
        mu_area_memory_give_back(r->town->memory, known);
    }
    return NULL;
}

static uint64_t read_by_threads(town *t, shape *s) {
    pthread_t thread[THREADS];
    reader    r[THREADS];
    for (int i = 0; i < THREADS; ++i) {
        r[i] = (reader){t, s, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, read_all, &r[i]), 0);
    }
    for (int i = 0; i < THREADS; ++i) {
        void *failed;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        assert_null(failed);
        assert_int_equal(r[i].sum, r[0].sum);
    }
    return r[0].sum;
}

static void many_threads_look_for_an_area_once(void **state) {
    (void)state;
    town         t, narrow;
    static shape s[50];
    town_init(&t, MANY);
    town_init(&narrow, 1500); /* where they are forgotten all the time */
    for (int i = 0; i < 50; ++i) random_shape(&s[i], &t.rng);
    const uint64_t sum = read_by_threads(&t, s);
    assert_int_equal(searches(&t), 50);
    assert_int_equal(read_by_threads(&narrow, s), sum);
    assert_true(searches(&narrow) > 50);
    town_fini(&narrow);
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closure_with_a_memory_is_the_same_as_without_one),
        cmocka_unit_test(an_area_is_the_same_to_the_last_bit_or_another),
        cmocka_unit_test(what_has_not_been_asked_for_longest_is_forgotten),
        cmocka_unit_test(an_area_that_there_is_no_room_for_is_told_all_the_same),
        cmocka_unit_test(a_wrong_area_is_refused_each_time_and_not_remembered),
        cmocka_unit_test(the_memory_of_another_network_is_refused),
        cmocka_unit_test(no_memory_for_the_nth_thing_is_said_and_nothing_is_remembered),
        cmocka_unit_test(many_threads_look_for_an_area_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
