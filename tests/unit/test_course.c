/* Courses: the same from the same seed, each stream by itself, and nothing in them that a session refuses. */
#include <muster/session.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "simulation/arrivals.h"
#include "tests/support/scenario_stage.h"

static const char SAMPLE[] = "data/samples/scenario.toml";

/* ---- the same ------------------------------------------------------------------------------- */

static void same_course(const mu_course *a, const mu_course *b) {
    assert_int_equal(a->event_count, b->event_count);
    assert_int_equal(a->incident_count, b->incident_count);
    for (uint32_t e = 0; e < a->event_count; ++e) {
        char  *x, *y;
        size_t x_size, y_size;
        assert_int_equal(muster_event_write(&x, &x_size, &a->event[e]), MUSTER_OK);
        assert_int_equal(muster_event_write(&y, &y_size, &b->event[e]), MUSTER_OK);
        assert_string_equal(x, y);
        muster_event_json_free(x);
        muster_event_json_free(y);
    }
    for (uint32_t i = 0; i < a->incident_count; ++i) {
        assert_string_equal(a->incident[i].code, b->incident[i].code);
        assert_int_equal(a->incident[i].work_ms, b->incident[i].work_ms);
        assert_int_equal(a->incident[i].handover_ms, b->incident[i].handover_ms);
        assert_int_equal(a->incident[i].is_transported, b->incident[i].is_transported);
    }
}

static void one_seed_and_replication_make_one_course(void **state) {
    stage s, other;
    (void)state;
    stage_open_path(&s, SAMPLE);
    stage_open_path(&other, SAMPLE);
    mu_course *a = drawn(&s, 5, 3), *b = drawn(&other, 5, 3), *c = drawn(&s, 5, 4);
    same_course(a, b);
    assert_true(a->event_count != c->event_count ||
                a->event[a->event_count - 1].time_ms != c->event[c->event_count - 1].time_ms);
    mu_course_free(a);
    mu_course_free(b);
    mu_course_free(c);
    stage_close(&s);
    stage_close(&other);
}

enum { THREADS = 4, DRAWN_EACH = 6 };

typedef struct drawer {
    const stage *stage;
    uint32_t     first;
    mu_course   *course[DRAWN_EACH];
} drawer;

static void *draw_some(void *user) {
    drawer *d = user;
    for (uint32_t i = 0; i < DRAWN_EACH; ++i) d->course[i] = drawn(d->stage, 1, d->first + i);
    return NULL;
}

/* All on one ground at once, each from another replication on: what two have drawn is the same. */
static void threads_draw_the_same_on_one_ground(void **state) {
    stage     s;
    drawer    d[THREADS];
    pthread_t thread[THREADS];
    (void)state;
    stage_open_path(&s, SAMPLE);
    for (uint32_t t = 0; t < THREADS; ++t) {
        d[t] = (drawer){.stage = &s, .first = t};
        assert_int_equal(pthread_create(&thread[t], NULL, draw_some, &d[t]), 0);
    }
    for (uint32_t t = 0; t < THREADS; ++t) assert_int_equal(pthread_join(thread[t], NULL), 0);
    for (uint32_t t = 1; t < THREADS; ++t) {
        for (uint32_t i = 0; i + 1 < DRAWN_EACH; ++i)
            same_course(d[t].course[i], d[t - 1].course[i + 1]);
    }
    for (uint32_t t = 0; t < THREADS; ++t) {
        for (uint32_t i = 0; i < DRAWN_EACH; ++i) mu_course_free(d[t].course[i]);
    }
    stage_close(&s);
}

/* ---- valid ---------------------------------------------------------------------------------- */

static void check_order(const mu_course *c) {
    for (uint32_t e = 0; e < c->event_count; ++e) {
        assert_true(c->event[e].time_ms >= c->start_at_ms && c->event[e].time_ms < c->end_at_ms);
        if (e > 0) assert_true(c->event[e - 1].time_ms <= c->event[e].time_ms);
    }
    for (uint32_t i = 1; i < c->incident_count; ++i) {
        assert_true(strcmp(c->incident[i - 1].code, c->incident[i].code) < 0);
    }
}

static void remove_folder(const char *path) {
    char command[256];
    snprintf(command, sizeof command, "rm -r %s", path);
    assert_int_equal(system(command), 0);
}

static void tell_all(const stage *s, const mu_course *course) {
    muster_session        *session;
    muster_session_options open   = MUSTER_SESSION_OPTIONS_INIT;
    muster_event_answer   *answer = calloc(course->event_count, sizeof *answer);
    char                   journal[160];
    assert_non_null(answer);
    snprintf(journal, sizeof journal, "%s", path_of("journal"));
    open.store   = s->store;
    open.journal = journal;
    open.author  = "test";
    open.now_ms  = course->start_at_ms;
    if (muster_session_open(&session, &open) != MUSTER_OK ||
        muster_session_tell(session, course->event_count, course->event, answer) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    for (uint32_t e = 0; e < course->event_count; ++e) {
        if (answer[e].outcome == MUSTER_EVENT_APPLIED) continue;
        fail_msg("%s: %s", course->event[e].id, answer[e].message);
    }
    muster_session_close(session);
    free(answer);
    remove_folder(journal);
}

static void a_session_applies_every_event(void **state) {
    stage s;
    bool  seen[MUSTER_EVENT_TYPE_TOLD] = {false};
    (void)state;
    stage_open_path(&s, SAMPLE);
    for (uint32_t r = 0; r < 20; ++r) {
        mu_course *course = drawn(&s, 1, r);
        for (uint32_t e = 0; e < course->event_count; ++e) seen[course->event[e].type] = true;
        check_order(course);
        tell_all(&s, course);
        mu_course_free(course);
    }
    assert_true(seen[MUSTER_EVENT_INCIDENT_REPORTED] && seen[MUSTER_EVENT_HAZARD_GROWN]);
    assert_true(seen[MUSTER_EVENT_HAZARD_ENDED] && seen[MUSTER_EVENT_UNIT_STATUS]);
    assert_true(seen[MUSTER_EVENT_ROAD_CLOSED] && seen[MUSTER_EVENT_ROAD_SLOWED]);
    assert_true(seen[MUSTER_EVENT_ROAD_OPENED]);
    stage_close(&s);
}

/* ---- independence --------------------------------------------------------------------------- */

#define CALL(code, more)                                                                           \
    "[[call]]\ncode = \"" code "\"\nwork_min = {exponential = 30}\nseverity = {minor = 1, severe " \
    "= 1}\nneed = [{kind = \"pump\", quantity = {uniform = [1, 50]}}, {kind = \"tent\", quantity " \
    "= 3, chance = 0.5}]\n" more
#define ANYWHERE "where = {polygon = [[120.7, 30.7], [120.72, 30.7], [120.72, 30.71]]}\n"

/* The events of one call code, with their order among themselves. */
static const muster_event *next_of(const mu_course *c, const char *code, uint32_t *at) {
    for (; *at < c->event_count; ++*at) {
        const muster_event *e = &c->event[*at];
        if (e->type == MUSTER_EVENT_INCIDENT_REPORTED &&
            strncmp(e->incident.code, code, strlen(code)) == 0) {
            return &c->event[(*at)++];
        }
    }
    return NULL;
}

static void same_calls(const mu_course *a, const mu_course *b, const char *code) {
    uint32_t i = 0, j = 0, count = 0;
    for (;; ++count) {
        const muster_event *x = next_of(a, code, &i), *y = next_of(b, code, &j);
        assert_int_equal(x == NULL, y == NULL);
        if (!x) break;
        assert_int_equal(x->time_ms, y->time_ms);
        assert_string_equal(x->incident.code, y->incident.code);
        assert_true(x->incident.lon_deg == y->incident.lon_deg);
        assert_true(x->incident.lat_deg == y->incident.lat_deg);
        assert_int_equal(x->incident.severity, y->incident.severity);
        assert_int_equal(x->need_count, y->need_count);
        for (uint32_t n = 0; n < x->need_count; ++n) {
            assert_int_equal(x->need[n].quantity, y->need[n].quantity);
        }
    }
    assert_true(count > 5);
}

static void another_call_type_changes_nothing_of_the_others(void **state) {
    stage one, two;
    (void)state;
    stage_open(&one, CALL("b-", "when = {per_h = 3}\n" ANYWHERE));
    stage_open(&two, CALL("a-", "when = {per_h = 9}\n" ANYWHERE)
                         CALL("b-", "when = {per_h = 3}\n" ANYWHERE));
    mu_course *a = drawn(&one, 1, 0), *b = drawn(&two, 1, 0);
    same_calls(a, b, "b--");
    mu_course_free(a);
    mu_course_free(b);
    stage_close(&one);
    stage_close(&two);
}

#define PUMPS "{kind = \"pump\", quantity = {uniform = [1, 1000000]}}"

#define NEEDY                                                                                      \
    "[[call]]\ncode = \"%s\"\nwork_min = 5\nseverity = %s\nwhen = {count = 30}\nneed = [%s]\n" ANYWHERE

/* Another need, and other severities, change neither the places nor what else is needed. */
static void what_is_drawn_of_a_call_is_drawn_apart(void **state) {
    stage one, two;
    char  first[1024], second[1024];
    (void)state;
    snprintf(first, sizeof first, NEEDY, "c", "\"minor\"", PUMPS);
    snprintf(second, sizeof second, NEEDY, "c", "{severe = 1, extreme = 3}",
             "{kind = \"tent\", quantity = {uniform = [1, 9]}, chance = 0.5}, " PUMPS);
    stage_open(&one, first);
    stage_open(&two, second);
    mu_course *a = drawn(&one, 1, 0), *b = drawn(&two, 1, 0);
    assert_int_equal(a->event_count, 30);
    assert_int_equal(b->event_count, 30);
    for (uint32_t e = 0; e < 30; ++e) {
        const muster_event *x = &a->event[e], *y = &b->event[e];
        assert_int_equal(x->time_ms, y->time_ms);
        assert_true(x->incident.lon_deg == y->incident.lon_deg);
        assert_string_equal(y->need[y->need_count - 1].kind, "pump");
        assert_int_equal(x->need[0].quantity, y->need[y->need_count - 1].quantity);
    }
    mu_course_free(a);
    mu_course_free(b);
    stage_close(&one);
    stage_close(&two);
}

static void needs_of_two_calls_have_nothing_to_do_with_each_other(void **state) {
    stage    s;
    char     first[1024], second[1024], both[2048];
    uint32_t same = 0;
    (void)state;
    snprintf(first, sizeof first, NEEDY, "c", "\"minor\"", PUMPS);
    snprintf(second, sizeof second, NEEDY, "d", "\"minor\"", PUMPS);
    snprintf(both, sizeof both, "%s%s", first, second);
    stage_open(&s, both);
    mu_course *c = drawn(&s, 1, 0);
    for (uint32_t i = 0; i < c->event_count; ++i) {
        for (uint32_t j = 0; j < i; ++j) {
            same += c->event[i].need[0].quantity == c->event[j].need[0].quantity;
        }
    }
    assert_true(same <= 1); /* of 1,770 pairs by chance: 0.002 */
    mu_course_free(c);
    stage_close(&s);
}

/* ---- what becomes of calls ------------------------------------------------------------------ */

static const muster_event *find_event(const mu_course *c, const char *id) {
    for (uint32_t e = 0; e < c->event_count; ++e) {
        if (strcmp(c->event[e].id, id) == 0) return &c->event[e];
    }
    return NULL;
}

/* Three in ten grow, after 10 to 30 minutes, to twice or three times of what they need; a severity above the
 * highest is none. All else of the course is as without. */
static void calls_grow_as_often_and_as_much_as_is_said(void **state) {
    static const char *const GROW =
        "grow = {chance = 0.3, after_min = {uniform = [10, 30]}, factor = {uniform = [2, 3]}, "
        "severity_up = 2}\n";
    stage    plain, grown;
    char     first[1024], second[2048];
    uint32_t count = 0, raised = 0, reports = 0;
    double   factor = 0;
    (void)state;
    snprintf(first, sizeof first, NEEDY, "c", "{severe = 1, extreme = 1}", PUMPS);
    snprintf(second, sizeof second, "%s%s", first, GROW);
    stage_open(&plain, first);
    stage_open(&grown, second);
    for (uint32_t r = 0; r < 40; ++r) {
        mu_course *a = drawn(&plain, 1, r), *b = drawn(&grown, 1, r);
        uint32_t   i = 0;
        same_calls(a, b, "c-");
        for (uint32_t e = 0; e < b->event_count; ++e) {
            const muster_event *x = &b->event[e];
            char                id[64];
            if (x->type == MUSTER_EVENT_INCIDENT_REPORTED) {
                assert_string_equal(x->id, a->event[i++].id);
                ++reports;
                continue;
            }
            snprintf(id, sizeof id, "call/c/%s", x->incident.code + 2);
            const muster_event *report = find_event(b, id);
            const int64_t       after  = x->time_ms - report->time_ms;
            assert_true(after >= 10 * 60000 && after <= 30 * 60000);
            if (x->type == MUSTER_EVENT_INCIDENT_UPDATED) {
                snprintf(id, sizeof id, "severity/c/%s", x->incident.code + 2);
                assert_string_equal(x->id, id);
                assert_int_equal(x->incident.set, MUSTER_SET_SEVERITY);
                assert_int_equal(report->incident.severity, MUSTER_SEVERE);
                assert_int_equal(x->incident.severity, MUSTER_EXTREME);
                ++raised;
                continue;
            }
            assert_int_equal(x->type, MUSTER_EVENT_NEED_CHANGED);
            snprintf(id, sizeof id, "needs/c/%s", x->incident.code + 2);
            assert_string_equal(x->id, id);
            assert_int_equal(x->need_count, 1);
            const double by = (double)x->need[0].quantity / (double)report->need[0].quantity;
            assert_true(by > 1.9 && by < 3.1);
            factor += by;
            ++count;
        }
        assert_int_equal(i, a->event_count);
        mu_course_free(a);
        mu_course_free(b);
    }
    /* A few would grow after the end: 20 of 600 minutes. */
    assert_true(fabs(count - 0.3 * reports * 580 / 600) < 3.3 * sqrt(0.21 * reports));
    assert_true(fabs(raised - 0.5 * count) < 3.3 * sqrt(0.25 * count));
    assert_true(fabs(factor / count - 2.5) < 3.3 * 0.29 / sqrt(count));
    stage_close(&plain);
    stage_close(&grown);
}

/* What is rounded to what it was is no news, one at least is needed still, and a minimum is not more than is
 * needed. */
static void needs_that_stay_are_not_told(void **state) {
    static const char *const NEED =
        "[[call]]\ncode = \"c\"\nwork_min = 5\nseverity = \"minor\"\nwhen = {at_min = 1}\n"
        "grow = {after_min = 5, factor = %s}\nneed = [{kind = \"pump\", quantity = 1}, "
        "{kind = \"tent\", quantity = 40, minimum_share = 0.75}]\n" ANYWHERE;
    stage s;
    char  text[1024];
    (void)state;
    snprintf(text, sizeof text, NEED, "0.1");
    stage_open(&s, text);
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 2);
    assert_int_equal(c->event[1].need_count, 1);
    assert_string_equal(c->event[1].need[0].kind, "tent");
    assert_int_equal(c->event[1].need[0].quantity, 4);
    assert_int_equal(c->event[1].need[0].minimum, 4);
    mu_course_free(c);
    stage_close(&s);
    snprintf(text, sizeof text, NEED, "1.001");
    stage_open(&s, text);
    c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 1);
    mu_course_free(c);
    stage_close(&s);
    snprintf(text, sizeof text, NEED, "1.5");
    stage_open(&s, text);
    c = drawn(&s, 1, 0);
    assert_int_equal(c->event[1].need_count, 2); /* 1.5 is rounded up */
    assert_int_equal(c->event[1].need[1].quantity, 60);
    assert_int_equal(c->event[1].need[1].minimum, 30); /* as it was */
    mu_course_free(c);
    stage_close(&s);
}

/* ---- distributions of arrivals -------------------------------------------------------------- */

/* The times of a rule in so many replications. */
static uint32_t times_of(const stage *s, uint32_t replications, int64_t *out, uint32_t room) {
    uint32_t used = 0;
    for (uint32_t r = 0; r < replications; ++r) {
        int64_t *at_ms;
        uint32_t count;
        assert_int_equal(mu_arrivals_draw(s->ground, &s->file->call[0].when,
                                          mu_stream_of(1, r, MU_DRAW_CALL_TIME, "c"), 0, &at_ms,
                                          &count),
                         MUSTER_OK);
        for (uint32_t i = 0; i < count && used < room; ++i) {
            if (i > 0) assert_true(at_ms[i - 1] <= at_ms[i]);
            out[used++] = at_ms[i];
        }
        mu_free(at_ms);
    }
    return used;
}

static void a_poisson_process_has_its_rate_in_every_piece(void **state) {
    enum { REPLICATIONS = 2000, ROOM = 100000 };
    static int64_t      at_ms[ROOM];
    static const double EXPECTED[10] = {0, 2, 2, 6, 6, 0, 0, 1, 1, 0}; /* by hour */
    stage               s;
    double              seen[10] = {0}, chi = 0;
    (void)state;
    stage_open(&s,
               CALL("c", "when = {piece = [{from_min = 60, per_h = 2}, {from_min = 180, per_h = "
                         "6}, {from_min = 300, per_h = 0}, {from_min = 420, per_h = 1}], "
                         "until_min = 540}\n" ANYWHERE));
    const uint32_t count = times_of(&s, REPLICATIONS, at_ms, ROOM);
    for (uint32_t i = 0; i < count; ++i) ++seen[at_ms[i] / 3600000];
    for (int h = 0; h < 10; ++h) {
        const double expected = EXPECTED[h] * REPLICATIONS, off = seen[h] - expected;
        if (expected == 0) assert_true(seen[h] == 0);
        if (expected > 0) chi += off * off / expected; /* each hour is Poisson by itself */
    }
    assert_true(chi < 22.46); /* 1 in 1,000 of 6 degrees of freedom */
    stage_close(&s);
}

/* The variance of a Poisson number is its mean; the dispersion test (Fisher 1950). */
static void numbers_of_calls_vary_as_those_of_a_poisson_process(void **state) {
    enum { REPLICATIONS = 2000 };
    stage  s;
    double sum = 0, squares = 0;
    (void)state;
    stage_open(&s, CALL("c", "when = {per_h = 1.7}\n" ANYWHERE));
    for (uint32_t r = 0; r < REPLICATIONS; ++r) {
        int64_t *list;
        uint32_t count;
        assert_int_equal(mu_arrivals_draw(s.ground, &s.file->call[0].when,
                                          mu_stream_of(2, r, MU_DRAW_CALL_TIME, "c"), 0, &list,
                                          &count),
                         MUSTER_OK);
        sum += count;
        squares += (double)count * count;
        mu_free(list);
    }
    const double mean = sum / REPLICATIONS, variance = squares / REPLICATIONS - mean * mean;
    assert_true(fabs(mean - 17) < 3.3 * sqrt(17.0 / REPLICATIONS));
    assert_true(fabs(variance / mean - 1) < 3.3 * sqrt(2.0 / REPLICATIONS));
    stage_close(&s);
}

static void so_many_calls_are_spread_as_the_rate_says(void **state) {
    enum { REPLICATIONS = 300, ROOM = 20000 };
    static int64_t at_ms[ROOM];
    stage          s;
    uint32_t       early = 0;
    (void)state;
    stage_open(&s,
               CALL("c", "when = {count = 40, piece = [{from_min = 0, per_h = 3}, {from_min = 300, "
                         "per_h = 1}]}\n" ANYWHERE));
    const uint32_t count = times_of(&s, REPLICATIONS, at_ms, ROOM);
    assert_int_equal(count, 40 * REPLICATIONS);
    for (uint32_t i = 0; i < count; ++i) early += at_ms[i] < 18000000;
    assert_true(fabs(early - 0.75 * count) < 3.3 * sqrt(count * 0.75 * 0.25));
    stage_close(&s);
}

static void calls_come_as_a_flood_grows_and_where_it_is(void **state) {
    static const char FLOOD[] =
        "[[hazard]]\ncode = \"h\"\nkind = \"flood\"\nuntil_min = 500\nstage = [{at_min = 60, depth_m = "
        "1, polygon = [[120.70, 30.70], [120.71, 30.70], [120.71, 30.71], [120.70, 30.71]]}, {at_min "
        "= 240, depth_m = 1, polygon = [[120.70, 30.70], [120.73, 30.70], [120.73, 30.71], [120.70, "
        "30.71]]}, {at_min = 300, depth_m = 1, polygon = [[120.70, 30.70], [120.71, 30.70], [120.71, "
        "30.71], [120.70, 30.71]]}]\n";
    static char text[4096];
    stage       s;
    uint32_t    first = 0, second = 0;
    (void)state;
    snprintf(text, sizeof text, "%s%s", FLOOD,
             CALL("c", "when = {hazard = \"h\", per_km2 = 5}\nwhere = {hazard = \"h\"}\n"));
    stage_open(&s, text);
    const double km2 = s.ground->hazard[0].epoch[0].area_m2 / 1e6;
    assert_true(km2 > 1.0 && km2 < 1.1);
    for (uint32_t r = 0; r < 200; ++r) {
        mu_course *course = drawn(&s, 1, r);
        for (uint32_t e = 0; e < course->event_count; ++e) {
            const muster_event *call = &course->event[e];
            if (call->type != MUSTER_EVENT_INCIDENT_REPORTED) continue;
            const int64_t at_min = (call->time_ms - course->start_at_ms) / 60000;
            const double  east   = at_min < 240 ? 120.71 : 120.73;
            assert_true(at_min >= 60 && at_min < 300); /* it only shrinks after that */
            assert_true(call->incident.lon_deg >= 120.70 && call->incident.lon_deg <= east);
            assert_true(call->incident.lat_deg >= 30.70 && call->incident.lat_deg <= 30.71);
            first += at_min < 240;
            second += at_min >= 240;
        }
        mu_course_free(course);
    }
    assert_true(fabs(first - 1000 * km2) < 3.3 * sqrt(1000 * km2));
    assert_true(fabs(second - 2000 * km2) < 3.3 * sqrt(2000 * km2));
    stage_close(&s);
}

/* ---- places --------------------------------------------------------------------------------- */

static void places_are_drawn_by_their_weight(void **state) {
    enum { CALLS = 4000 };
    stage    s;
    uint32_t west = 0;
    (void)state;
    stage_open(&s, CALL("c", "when = {count = 4000}\nwhere = {sites = \"village\", weight = "
                             "\"population\"}\nname = \"Water in {place}\"\n"));
    mu_course *course = drawn(&s, 1, 0);
    assert_int_equal(course->event_count, CALLS);
    for (uint32_t e = 0; e < CALLS; ++e) {
        const muster_event_incident *i       = &course->event[e].incident;
        const bool                   is_west = i->lat_deg > 30.705;
        west += is_west;
        assert_string_equal(i->authority, is_west ? "P-2" : "P-1");
        assert_string_equal(i->name, is_west ? "Water in 西村" : "Water in 东村");
    }
    assert_true(fabs(west - 0.75 * CALLS) < 3.3 * sqrt(CALLS * 0.75 * 0.25));
    mu_course_free(course);
    stage_close(&s);
}

/* In a triangle: as many in the half that is cut off by its middle line as its area says. */
static void places_fill_a_polygon_evenly(void **state) {
    enum { CALLS = 4000 };
    stage    s;
    uint32_t near = 0;
    (void)state;
    stage_open(&s, CALL("c",
                        "when = {count = 4000}\nwhere = {polygon = [[120.7, 30.7], [120.72, 30.7], "
                        "[120.7, 30.72]]}\n"));
    mu_course *course = drawn(&s, 1, 0);
    for (uint32_t e = 0; e < CALLS; ++e) {
        const double x = course->event[e].incident.lon_deg - 120.7,
                     y = course->event[e].incident.lat_deg - 30.7;
        assert_true(x >= 0 && y >= 0 && x + y <= 0.0200001);
        near += x + y < 0.01;
    }
    assert_true(fabs(near - 0.25 * CALLS) < 3.3 * sqrt(CALLS * 0.25 * 0.75));
    mu_course_free(course);
    stage_close(&s);
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void wrong(const char *more, const char *one, const char *two) {
    stage s = {0};
    char  text[4096];
    snprintf(text, sizeof text, "%s%s", BEGIN, more);
    write_text(path_of("scenario.toml"), text);
    snprintf(s.store, sizeof s.store, "%s", path_of("town.gpkg"));
    small_scenario_write(s.store, PLACES);
    assert_int_equal(muster_scenario_file_read(&s.file, path_of("scenario.toml"), s.store),
                     MUSTER_OK);
    assert_int_equal(muster_scenario_file_load(&s.scenario, s.file), MUSTER_OK);
    assert_int_equal(mu_ground_new(&s.ground, s.file, s.scenario), MUSTER_E_INVALID);
    assert_null(s.ground);
    if (!strstr(muster_error_message(), one) || !strstr(muster_error_message(), two)) {
        fail_msg("said: %s", muster_error_message());
    }
    stage_close(&s);
}

static void what_the_store_lacks_is_named(void **state) {
    (void)state;
    wrong(
        "[[call]]\ncode = \"c\"\nwork_min = 1\nseverity = \"minor\"\nneed = [{kind = \"balloon\", "
        "quantity = 1}]\nwhen = {at_min = 1}\n" ANYWHERE,
        "call 'c'", "'balloon'");
    wrong(CALL("c", "authority = \"P-9\"\nwhen = {at_min = 1}\n" ANYWHERE), "call 'c'", "'P-9'");
    wrong(CALL("c", "when = {at_min = 1}\nwhere = {sites = \"county\"}\n"), "call 'c'", "no place");
    wrong("[[unit_failure]]\ncode = \"u\"\nresource = \"vehicle\"\nunit = [\"V-1\", \"V-9\"]\n"
          "lasts_min = 5\nwhen = {at_min = 1}\n",
          "unit_failure 'u'", "'V-9'");
    wrong("[[unit_failure]]\ncode = \"u\"\nresource = \"vehicle\"\nkind = \"ship\"\nlasts_min = 5\n"
          "when = {at_min = 1}\n",
          "unit_failure 'u'", "'ship'");
    wrong("[[road_failure]]\ncode = \"r\"\nedge_id = [99]\nlasts_min = 5\nwhen = {at_min = 1}\n",
          "road_failure 'r'", "an edge that the store lacks");
    wrong("[[road_failure]]\ncode = \"r\"\nclass = [\"motorway\"]\nlasts_min = 5\nwhen = {at_min = "
          "1}\n",
          "road_failure 'r'", "no road of its classes");
}

static void who_is_called_up_is_not_available_before(void **state) {
    (void)state;
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"vehicle\"\nunit = [\"V-2\", \"V-1\"]\n"
          "when = {at_min = 1}\n",
          "call_up 'u' names the unit 'V-1'", "of another kind or available there");
    wrong(
        "[[call_up]]\ncode = \"u\"\nresource = \"vehicle\"\nkind = \"ship\"\nwhen = {at_min = 1}\n",
        "call_up 'u'", "'ship'");
    wrong(
        "[[call_up]]\ncode = \"u\"\nresource = \"people\"\nkind = \"medical\"\nwhen = {at_min = 1}\n",
        "call_up 'u' finds nobody to call", "`available` is 0");
    wrong(
        "[[call_up]]\ncode = \"c\"\nresource = \"vehicle\"\nwhen = {at_min = 1}\n"
        "[[unit_failure]]\ncode = \"u\"\nresource = \"vehicle\"\nunit = [\"V-2\"]\nlasts_min = 5\n"
        "when = {at_min = 1}\n",
        "unit_failure 'u' names the unit 'V-2'", "not available there");
}

/* ---- call-ups ------------------------------------------------------------------------------- */

static const char CALL_UP[] =
    "[[call_up]]\ncode = \"u\"\nreason = \"a bad night\"\nresource = \"vehicle\"\n"
    "lead_min = {uniform = [20, 40]}\n";

/* Called at the first moment, ready when the lead is over, once; the lead is drawn for each replication and
 * depends on no other table. */
static void who_is_called_up_comes_once_when_his_lead_is_over(void **state) {
    enum { REPLICATIONS = 200 };
    stage  s;
    double sum_min = 0;
    (void)state;
    char text[1024];
    snprintf(text, sizeof text, "%swhen = {at_min = [90, 30]}\n", CALL_UP);
    stage_open(&s, text);
    int64_t ready_ms[REPLICATIONS];
    for (uint32_t r = 0; r < REPLICATIONS; ++r) {
        mu_course *c = drawn(&s, 7, r);
        assert_int_equal(c->event_count, 1);
        const muster_event *e = &c->event[0];
        assert_int_equal(e->type, MUSTER_EVENT_UNIT_STATUS);
        assert_string_equal(e->id, "unit/u/1");
        assert_string_equal(e->unit.code, "V-2");
        assert_string_equal(e->reason, "a bad night");
        assert_true(e->is_available);
        ready_ms[r] = e->time_ms - c->start_at_ms;
        assert_true(ready_ms[r] >= 50 * 60000 && ready_ms[r] <= 70 * 60000);
        sum_min += (double)ready_ms[r] / 60000;
        mu_course_free(c);
    }
    assert_true(fabs(sum_min / REPLICATIONS - 60) < 1.5); /* 4 standard deviations: 1.6 */
    stage_close(&s);
    snprintf(text, sizeof text, "%swhen = {at_min = 30}\n%s", CALL_UP,
             "[[unit_failure]]\ncode = \"f\"\nresource = \"vehicle\"\nlasts_min = 5\n"
             "when = {at_min = 10}\n");
    stage_open(&s, text);
    mu_course *c = drawn(&s, 7, 3);
    assert_int_equal(c->event_count, 3);
    assert_string_equal(c->event[0].unit.code, "V-1"); /* V-2 is not there to fail */
    assert_int_equal(c->event[2].time_ms - c->start_at_ms, ready_ms[3]);
    mu_course_free(c);
    stage_close(&s);
}

static void who_would_be_ready_after_the_end_does_not_come(void **state) {
    stage s;
    char  text[1024];
    (void)state;
    snprintf(text, sizeof text, "%swhen = {at_min = 590}\n", CALL_UP); /* of 600 */
    stage_open(&s, text);
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 0);
    mu_course_free(c);
    stage_close(&s);
}

/* ---- failures ------------------------------------------------------------------------------- */

/* Down and up in turn, and down for a share of the time that the two means make. */
static void units_break_and_are_mended_in_turn(void **state) {
    enum { REPLICATIONS = 400 };
    stage   s;
    int64_t down_ms  = 0;
    double  failures = 0;
    (void)state;
    stage_open(
        &s,
        "[[unit_failure]]\ncode = \"u\"\nresource = \"vehicle\"\nper_unit_per_day = 12\nlasts_min = "
        "{exponential = 60, least = 1}\nreason = \"engine\"\n");
    for (uint32_t r = 0; r < REPLICATIONS; ++r) {
        mu_course *c          = drawn(&s, 1, r);
        bool       is_up      = true;
        int64_t    changed_ms = c->start_at_ms;
        for (uint32_t e = 0; e < c->event_count; ++e) {
            const muster_event *event = &c->event[e];
            assert_int_equal(event->type, MUSTER_EVENT_UNIT_STATUS);
            assert_string_equal(event->unit.code, "V-1"); /* V-2 is not available in the store */
            assert_int_equal(event->is_available, !is_up);
            if (is_up) assert_string_equal(event->reason, "engine");
            if (!is_up) down_ms += event->time_ms - changed_ms;
            failures += is_up;
            is_up      = !is_up;
            changed_ms = event->time_ms;
        }
        if (!is_up) down_ms += c->end_at_ms - changed_ms;
        mu_course_free(c);
    }
    /* Up for 2 h and down for 1 h: the share that is down is 1/3 (1 - exp(-1.5 t)), t in hours. */
    const double expected_h = (10 - (1 - exp(-15)) / 1.5) / 3;
    assert_true(fabs((double)down_ms / REPLICATIONS / 3600000 - expected_h) < 0.25);
    assert_true(failures / REPLICATIONS > 3 && failures / REPLICATIONS < 4);
    stage_close(&s);
}

static void a_unit_that_is_broken_does_not_break_again(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        "[[unit_failure]]\ncode = \"u\"\nresource = \"item\"\nkind = \"sandbag\"\nlasts_min = 30\nwhen = "
        "{at_min = [10, 20, 60]}\n");
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 8); /* two warehouses, twice down and up */
    assert_string_equal(c->event[0].unit.code, "W-1");
    assert_string_equal(c->event[1].unit.code, "W-2");
    assert_null(c->event[0].unit.kind); /* all that it has */
    assert_int_equal(c->event[2].time_ms - c->start_at_ms, 40 * 60000);
    assert_int_equal(c->event[4].time_ms - c->start_at_ms, 60 * 60000);
    mu_course_free(c);
    stage_close(&s);
}

static void roads_of_the_classes_are_drawn_and_opened_again(void **state) {
    stage    s;
    uint32_t closed[4] = {0};
    (void)state;
    stage_open(
        &s,
        "[[road_failure]]\ncode = \"r\"\nclass = [\"primary\", \"service\"]\nbridges_alone = true\n"
        "lasts_min = {uniform = [10, 20]}\nwhen = {count = 900, until_min = 500}\n");
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 1800);
    for (uint32_t e = 0; e < c->event_count; ++e) {
        if (c->event[e].type == MUSTER_EVENT_ROAD_CLOSED) ++closed[c->event[e].road.edge_id[0]];
    }
    assert_int_equal(closed[1], 0); /* it is no bridge */
    assert_true(abs((int)closed[2] - 450) < 50 && closed[2] + closed[3] == 900);
    mu_course_free(c);
    stage_close(&s);
}

/* ---- earthquakes ---------------------------------------------------------------------------- */

#define QUAKE                                                                                      \
    "[[earthquake]]\ncode = \"q\"\nat_min = 10\nlon_deg = 120.71\nlat_deg = 30.70\nmagnitude = 6\n"

static void bridges_fall_by_distance_and_class(void **state) {
    stage    s;
    uint32_t fallen = 0;
    (void)state;
    stage_open(&s,
               QUAKE "collapse = [{within_km = 5, chance = 0.8}]\nclass_factor = {primary = 0.5, "
                     "service = 0}\n");
    for (uint32_t r = 0; r < 1000; ++r) {
        mu_course *course = drawn(&s, 1, r);
        assert_true(course->event_count <= 1);
        if (course->event_count == 1) {
            assert_int_equal(course->event[0].road.edge_count, 1);
            assert_int_equal(course->event[0].road.edge_id[0], 2); /* the primary one */
            assert_int_equal(course->event[0].time_ms - course->start_at_ms, 600000);
            ++fallen;
        }
        mu_course_free(course);
    }
    assert_true(fabs(fallen - 400.0) < 3.3 * sqrt(1000 * 0.4 * 0.6));
    stage_close(&s);
}

/* Shocks that bring down half of what stands: each bridge falls once, and is open again once. */
static void a_bridge_falls_once(void **state) {
    stage    s;
    uint32_t late = 0;
    (void)state;
    stage_open(
        &s, QUAKE
        "collapse = [{within_km = 50, chance = 0.5}]\nrepair_h = 0.5\naftershock = {first_day = 60, "
        "least_magnitude = 6, spread_km = 1}\n");
    for (uint32_t r = 0; r < 200; ++r) {
        mu_course *c         = drawn(&s, 1, r);
        uint32_t   fallen[4] = {0}, opened = 0;
        for (uint32_t e = 0; e < c->event_count; ++e) {
            if (c->event[e].type == MUSTER_EVENT_ROAD_OPENED) {
                ++opened;
                continue;
            }
            ++fallen[c->event[e].road.edge_id[0]];
            late += c->event[e].time_ms > c->start_at_ms + 600000;
        }
        assert_true(fallen[2] <= 1 && fallen[3] <= 1 && opened <= fallen[2] + fallen[3]);
        mu_course_free(c);
    }
    assert_true(late > 100); /* half of 400 stand at first, and nearly all of them fall later */
    stage_close(&s);
}

/* ---- memory --------------------------------------------------------------------------------- */

static void no_memory_leaves_nothing_behind(void **state) {
    stage      s;
    mu_course *course;
    int64_t    n = 0;
    (void)state;
    stage_open_path(&s, SAMPLE);
    for (;; ++n) {
        (void)mu_alloc_fail_once_after(n);
        const muster_status status = mu_course_draw(&course, s.ground, 1, 0);
        (void)mu_alloc_fail_once_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(course);
    }
    assert_true(n > 20);
    mu_course_free(course);
    for (n = 0;; ++n) {
        mu_ground *ground;
        (void)mu_alloc_fail_once_after(n);
        const muster_status status = mu_ground_new(&ground, s.file, s.scenario);
        (void)mu_alloc_fail_once_after(-1);
        mu_ground_free(ground);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(ground);
    }
    assert_true(n > 20);
    stage_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_and_replication_make_one_course),
        cmocka_unit_test(threads_draw_the_same_on_one_ground),
        cmocka_unit_test(a_session_applies_every_event),
        cmocka_unit_test(another_call_type_changes_nothing_of_the_others),
        cmocka_unit_test(what_is_drawn_of_a_call_is_drawn_apart),
        cmocka_unit_test(needs_of_two_calls_have_nothing_to_do_with_each_other),
        cmocka_unit_test(calls_grow_as_often_and_as_much_as_is_said),
        cmocka_unit_test(needs_that_stay_are_not_told),
        cmocka_unit_test(a_poisson_process_has_its_rate_in_every_piece),
        cmocka_unit_test(numbers_of_calls_vary_as_those_of_a_poisson_process),
        cmocka_unit_test(so_many_calls_are_spread_as_the_rate_says),
        cmocka_unit_test(calls_come_as_a_flood_grows_and_where_it_is),
        cmocka_unit_test(places_are_drawn_by_their_weight),
        cmocka_unit_test(places_fill_a_polygon_evenly),
        cmocka_unit_test(what_the_store_lacks_is_named),
        cmocka_unit_test(who_is_called_up_is_not_available_before),
        cmocka_unit_test(who_is_called_up_comes_once_when_his_lead_is_over),
        cmocka_unit_test(who_would_be_ready_after_the_end_does_not_come),
        cmocka_unit_test(units_break_and_are_mended_in_turn),
        cmocka_unit_test(a_unit_that_is_broken_does_not_break_again),
        cmocka_unit_test(roads_of_the_classes_are_drawn_and_opened_again),
        cmocka_unit_test(bridges_fall_by_distance_and_class),
        cmocka_unit_test(a_bridge_falls_once),
        cmocka_unit_test(no_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
