/* Replications are played side by side, and each has its roads made ahead by a thread of its own: base and
 * ground are shared, roads go from one thread to the other, and a metric that one frees serves another. Built
 * with ThreadSanitizer it finds data races, with AddressSanitizer roads that were freed too soon; in every
 * build all replications are the one that was played alone. */
#include <pthread.h>

#include "tests/support/grid_network.h"
#include "tests/support/toy_stage.h"

enum { SIDE = 24, AMBULANCES = 12, CALLS = 60, CLOSED = 240, STEP_MS = 20000, PLAYERS = 3 };

typedef struct player {
    const mu_stage     *stage;
    const mu_course    *course;
    pthread_t           thread;
    muster_replication *record;
    muster_status       status;
} player;

static muster_status play(muster_replication **out, const mu_stage *stage, const mu_course *course,
                          bool looks_ahead) {
    const muster_policy  policy  = toy_policy("greedy");
    const mu_run_options options = {
        .series_ms = 300000, .is_recorded = true, .looks_ahead = looks_ahead};
    return mu_run_play(out, stage, &policy, course, &options);
}

static void *work(void *user) {
    player *p = user;
    p->status = play(&p->record, p->stage, p->course, true);
    return NULL;
}

static double somewhere(double from, uint64_t *rng) {
    return from + 0.001 * random_below(rng, SIDE);
}

/* Now a road is closed, now one is open again, and every now and then somebody calls. */
static void draw_course(toy_course *c, int64_t edge[CLOSED], char code[CLOSED][16], uint64_t *rng) {
    toy_course_init(c, (int64_t)2 * CLOSED * STEP_MS + 3600000);
    for (uint32_t i = 0; i < 2 * CLOSED; ++i) {
        const uint32_t closed = i < CLOSED ? i : i - CLOSED;
        const bool     opens  = i >= CLOSED;
        const int64_t  at_ms  = (int64_t)i * STEP_MS;
        if (i % (2 * CLOSED / CALLS) == 0) {
            toy_call(c, at_ms, somewhere(120, rng), somewhere(30, rng), "ambulance", 600000);
        }
        snprintf(code[closed], sizeof code[closed], "R-%u", closed);
        edge[closed] = random_below(rng, 2 * SIDE * (SIDE - 1));
        muster_event *e =
            toy_event(c, opens ? MUSTER_EVENT_ROAD_OPENED : MUSTER_EVENT_ROAD_CLOSED, at_ms);
        e->road.code       = code[closed];
        e->road.edge_count = opens ? 0 : 1;
        e->road.edge_id    = opens ? NULL : &edge[closed];
    }
}

static void assert_same(const muster_replication *a, const muster_replication *b) {
    assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
    assert_int_equal(a->move.count, b->move.count);
    for (uint32_t m = 0; m < a->move.count; ++m) {
        const muster_simulated_move *x = &a->move.row[m], *y = &b->move.row[m];
        assert_int_equal(x->point_count, y->point_count);
        assert_memory_equal(x->offset_ms, y->offset_ms, x->point_count * sizeof *x->offset_ms);
        assert_memory_equal(x->lon_deg, y->lon_deg, x->point_count * sizeof *x->lon_deg);
    }
}

static void replications_with_roads_made_ahead_are_played_side_by_side(void **state) {
    (void)state;
    static toy_stage    t;
    static int64_t      edge[CLOSED];
    static char         code[CLOSED][16];
    uint64_t            rng = 5;
    toy_course          c;
    muster_replication *alone;
    player              all[PLAYERS];
    toy_stage_init(&t, grid_network(SIDE, &rng));
    for (int i = 0; i < AMBULANCES; ++i) {
        toy_add_ambulance(&t, somewhere(120, &rng), somewhere(30, &rng), 60000);
    }
    toy_stage_ready(&t);
    draw_course(&c, edge, code, &rng);
    street_ok(play(&alone, &t.stage, &c.course, false));
    assert_true(alone->move.count > 3 * CALLS); /* ways are cut short by other roads */
    for (int i = 0; i < PLAYERS; ++i) {
        all[i] = (player){.stage = &t.stage, .course = &c.course};
        assert_int_equal(pthread_create(&all[i].thread, NULL, work, &all[i]), 0);
    }
    for (int i = 0; i < PLAYERS; ++i) {
        pthread_join(all[i].thread, NULL);
        assert_int_equal(all[i].status, MUSTER_OK);
        assert_same(alone, all[i].record);
        mu_record_free(all[i].record);
    }
    mu_record_free(alone);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replications_with_roads_made_ahead_are_played_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
