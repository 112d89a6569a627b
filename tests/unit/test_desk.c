/* A desk whose memory runs out: allocations of each kind of request fail in turn, alone or with all that
 * follow, on whatever thread it is. The answer is an error or none, or the request is done; asked again, it is
 * done once. Nothing that was acknowledged is lost, and the journal is whole.
 *
 * jansson's allocations fail with all that follow, not alone, and not where numbers are long: where the end of a
 * word alone has no place its parser reads on behind it, and of a number that has none it asserts that it had
 * (2.14, lex_scan_string and lex_unget_unsave). */
#include <muster/journal.h>

#include <inttypes.h>
#include <jansson.h>

#include "service/json_memory.h"
#include "tests/support/failing_memory.h"
#include "tests/support/small_desk.h"

/* Of many allocations not every one fails, or it would take minutes. */
enum { MOST_FAILURES = 120, NEWS_RECORDS = 3, TURNS = 100000 };

static char *out; /* [DESK_ROOM] */

/* ---- one request ----------------------------------------------------------------------- */

typedef struct request {
    const char *method, *target;
    char        body[512];
} request;

static int ask(const small_desk *d, const request *r) {
    return desk_ask(d, out, r->method, r->target, r->body);
}

/* How many allocations it takes: other threads make some now and then, too. */
static int64_t count_allocations(const small_desk *d, const request *r, int *out_status) {
    until_failure        = INT64_MAX;
    *out_status          = ask(d, r);
    const int64_t failed = INT64_MAX - until_failure;
    until_failure        = INT64_MAX;
    return failed;
}

/* The n-th allocation fails; *out_left says how many more there would have had to be. */
static int ask_without_memory(const small_desk *d, const request *r, int64_t n, int64_t *out_left) {
    until_failure    = n;
    const int status = ask(d, r);
    *out_left        = until_failure;
    until_failure    = INT64_MAX;
    return status;
}

/* An error says in a line what there is no memory for. */
static void check_status(const request *r, int status, int whole, int64_t n) {
    if (status == whole || status == -1) return;
    if (status == 503 && strstr(out, "\"code\":\"OutOfMemory\",\"message\":\"")) return;
    fail_msg("%s %s, allocation %" PRId64 ": %d: %.300s", r->method, r->target, n, status, out);
}

/* ---- what only looks ------------------------------------------------------------------- */

static uint32_t fail_each(const small_desk *d, const request *r) {
    int           whole, status;
    uint32_t      failed = 0;
    int64_t       left;
    const int64_t count = count_allocations(d, r, &whole);
    const int64_t step  = 1 + count / MOST_FAILURES;
    for (int64_t n = 1; n <= count + step; n += step) {
        status = ask_without_memory(d, r, n, &left);
        check_status(r, status, whole, n);
        failed += status != whole;
        status = ask(d, r);
        if (status != whole) fail_msg("%s: %d, then %d: %.200s", r->target, whole, status, out);
    }
    return failed;
}

static void looking(void **state) {
    static const request LOOKS[] = {{"GET", "/v1/incidents", ""},
                                    {"GET", "/v1/units?resource=people", ""},
                                    {"GET", "/v1/orders?state=issued", ""},
                                    {"GET", "/v1/closures", ""},
                                    {"GET", "/v1/rules", ""},
                                    {"GET", "/v1/health", ""},
                                    {"GET", "/metrics", ""},
                                    {"GET", "/v1/plan", ""},
                                    {"GET", "/v1/explain?incident=I-1", ""},
                                    {"GET", "/v1/openapi.json", ""},
                                    {"POST", "/v1/plan", "{\"time_limit_ms\":20}"}};
    const request        plan    = {"POST", "/v1/plan", "{\"time_limit_ms\":20}"};
    const small_desk    *d       = *state;
    assert_int_equal(ask(d, &plan), 200);
    for (size_t i = 0; i < sizeof LOOKS / sizeof *LOOKS; ++i) {
        if (fail_each(d, &LOOKS[i]) == 0) fail_msg("%s: nothing failed", LOOKS[i].target);
    }
}

/* ---- what is done once ----------------------------------------------------------------- */

/* Of the one way of failing, and of the other. */
static int name_of(int64_t n) {
    return (int)n + (stays_out ? TURNS : 0);
}

/* Each time it is another event, under an id that stays when it is told again. */
static void fail_telling(const small_desk *d, const char *form, const char *target) {
    uint32_t failed = 0;
    int64_t  left   = 0;
    for (int64_t n = 1; left <= 0; n += 1 + n / 60) {
        char    sequence[64], again[64];
        request r = {"POST", target, ""};
        snprintf(r.body, sizeof r.body, form, name_of(n));
        const int status = ask_without_memory(d, &r, n, &left);
        check_status(&r, status, 200, n);
        failed += status != 200;
        desk_member(sequence, status == 200 ? out : NULL, "\"sequence\":");
        if (status == 200 && sequence[0] == 0) fail_msg("allocation %" PRId64 ": %s", n, out);
        if (ask(d, &r) != 200) fail_msg("after allocation %" PRId64 ": %.400s", n, out);
        desk_member(again, out, "\"sequence\":");
        /* What was acknowledged was done then. */
        if (again[0] == 0 || (status == 200 && strcmp(sequence, again) != 0)) {
            fail_msg("%s: record %s, then: %.300s", r.body, sequence, out);
        }
        assert_true(n < TURNS);
    }
    assert_true(failed > 0);
}

static void telling(void **state) {
    fail_telling(
        *state,
        "[{\"type\":\"incident_reported\",\"id\":\"i-%1$d\",\"incident\":{\"code\":\"J-%1$d\","
        "\"lon_deg\":120.71,\"lat_deg\":30.7,\"severity\":\"minor\"},"
        "\"need\":[{\"kind\":\"medical\",\"quantity\":1}]},"
        "{\"type\":\"incident_closed\",\"id\":\"j-%1$d\",\"incident\":{\"code\":\"J-%1$d\"}}]",
        "/v1/events");
}

static void closing_roads(void **state) {
    fail_telling(*state,
                 "{\"type\":\"road_closed\",\"id\":\"r-%d\",\"road\":{\"code\":\"R\","
                 "\"line\":[[120.705,30.699],[120.705,30.701]]}}",
                 "/v1/events");
    const request open = {"POST", "/v1/events",
                          "{\"type\":\"road_opened\",\"id\":\"r\",\"road\":{\"code\":\"R\"}}"};
    assert_int_equal(ask(*state, &open), 200);
}

/* ---- orders ---------------------------------------------------------------------------- */

static void plan(const small_desk *d, char id[64]) {
    const request make = {"POST", "/v1/plan", "{\"time_limit_ms\":20}"};
    if (ask(d, &make) != 200) fail_msg("%.300s", out);
    desk_member(id, out, "\"plan\":");
}

/* The first order of a state; false where there is none. What comes by vehicle goes with its trip. */
static bool find_order(const small_desk *d, const char *state, char number[64]) {
    char    target[64], trip[64];
    request r = {"GET", target, ""};
    snprintf(target, sizeof target, "/v1/orders?state=%s", state);
    assert_int_equal(ask(d, &r), 200);
    const char *first = strstr(out, "\"orders\":[{");
    desk_member(trip, first, "\"trip\":");
    desk_member(number, first, "\"number\":");
    if (first && strcmp(trip, "0") != 0) memcpy(number, trip, sizeof trip);
    return first != NULL;
}

static request step_of(char target[128], const char *number, const char *step) {
    request r = {"POST", target, ""};
    snprintf(target, 128, "/v1/orders/%s/%s", number, step);
    snprintf(r.body, sizeof r.body, "{\"id\":\"%s-%s\"}", step, number);
    return r;
}

/* So that there is something to order. */
static void cancel_all(const small_desk *d) {
    char target[128], number[64];
    while (find_order(d, "issued", number) || find_order(d, "accepted", number)) {
        const request r = step_of(target, number, "cancelled");
        if (ask(d, &r) != 200) fail_msg("%s: %.300s", target, out);
    }
}

static void committing(void **state) {
    const small_desk *d      = *state;
    uint32_t          failed = 0;
    int64_t           left   = 0;
    for (int64_t n = 1; left <= 0; n += 1 + n / 60) {
        char    id[64], target[128], sequence[64], again[64];
        request r = {"POST", target, ""};
        plan(d, id);
        snprintf(target, sizeof target, "/v1/plan/%s/commit", id);
        snprintf(r.body, sizeof r.body, "{\"id\":\"c-%d\"}", name_of(n));
        const int status = ask_without_memory(d, &r, n, &left);
        check_status(&r, status, 200, n);
        failed += status != 200;
        desk_member(sequence, status == 200 ? out : NULL, "\"sequence\":");
        if (ask(d, &r) != 200) fail_msg("after allocation %" PRId64 ": %.400s", n, out);
        desk_member(again, out, "\"sequence\":");
        if (strtoull(again, NULL, 10) == 0 || (status == 200 && strcmp(sequence, again) != 0)) {
            fail_msg("record %s, then: %.300s", sequence, out);
        }
        cancel_all(d);
        assert_true(n < TURNS);
    }
    assert_true(failed > 0);
}

static void stepping(void **state) {
    const small_desk *d      = *state;
    uint32_t          failed = 0;
    int64_t           left   = 0;
    for (int64_t n = 1; left <= 0; n += 1 + n / 60) {
        char    id[64], target[128], number[64];
        request commit = {"POST", target, ""};
        plan(d, id);
        snprintf(target, sizeof target, "/v1/plan/%s/commit", id);
        snprintf(commit.body, sizeof commit.body, "{\"id\":\"s-%d\"}", name_of(n));
        assert_int_equal(ask(d, &commit), 200);
        assert_true(find_order(d, "issued", number));
        const request r      = step_of(target, number, "accepted");
        const int     status = ask_without_memory(d, &r, n, &left);
        check_status(&r, status, 200, n);
        failed += status != 200;
        if (ask(d, &r) != 200) fail_msg("after allocation %" PRId64 ": %.400s", n, out);
        assert_non_null(strstr(out, status == 200 ? "\"repeated\"" : "ed\""));
        cancel_all(d);
        assert_true(n < TURNS);
    }
    assert_true(failed > 0);
}

/* ---- news ------------------------------------------------------------------------------ */

/* Some records of the stream: they follow one another, whatever fails. */
static uint32_t listen_a_while(const small_desk *d) {
    const int plain = desk_connect(d);
    size_t    size = 0, at = 0;
    uint32_t  records = 0;
    assert_true(plain >= 0 && desk_send(plain, "GET", "/v1/news?after=0", ""));
    for (ssize_t part; records < NEWS_RECORDS && size < DESK_ROOM - 1 &&
                       (part = recv(plain, out + size, DESK_ROOM - 1 - size, 0)) > 0;) {
        out[size += (size_t)part] = 0;
        for (const char *id; (id = strstr(out + at, "id: ")) && strchr(id, '\n'); ++records) {
            assert_int_equal(strtoull(id + 4, NULL, 10), records + 1);
            at = (size_t)(strchr(id, '\n') - out);
        }
    }
    close(plain);
    return records;
}

static void listening(void **state) {
    const small_desk *d      = *state;
    uint32_t          failed = 0;
    int64_t           left   = 0;
    for (int64_t n = 1; left <= 0; n += 1 + n / 60) {
        until_failure       = n;
        const uint32_t some = listen_a_while(d);
        left                = until_failure;
        until_failure       = INT64_MAX;
        failed += some < NEWS_RECORDS;
        if (listen_a_while(d) < NEWS_RECORDS) fail_msg("after %" PRId64 ": %.300s", n, out);
        assert_true(n < TURNS);
    }
    assert_true(failed > 0);
}

/* ---- its life -------------------------------------------------------------------------- */

static void check_journal(const small_desk *d) {
    muster_journal_reader *reader;
    muster_journal_record  record   = {0};
    bool                   is_there = true;
    assert_int_equal(muster_journal_reader_new(&reader, d->journal, 1), MUSTER_OK);
    for (uint64_t next = 1; is_there; ++next) {
        if (muster_journal_next(reader, &record, &is_there) != MUSTER_OK)
            fail_msg("%s", muster_error_message());
        if (is_there) assert_int_equal(record.sequence, next);
    }
    assert_true(record.sequence > 1);
    assert_int_equal(muster_journal_torn_bytes(reader), 0);
    muster_journal_reader_free(reader);
}

/* A list without the number of its record, which opening adds to; to be freed. */
static char *list(const small_desk *d, const char *target, const char *name) {
    const request r = {"GET", target, ""};
    assert_int_equal(ask(d, &r), 200);
    const char *from = strstr(out, name);
    assert_non_null(from);
    char *copy = strdup(from);
    assert_non_null(copy);
    return copy;
}

/* Each allocation from the opening to the first answer fails in turn. */
static void opening(void **state) {
    small_desk d;
    uint32_t   failed = 0;
    int64_t    left   = 0;
    (void)state;
    desk_prepare(&d, "opening");
    for (int64_t n = 1; left <= 0; n += 1 + n / 20) {
        until_failure        = n;
        muster_status status = desk_try_open(&d);
        if (status == MUSTER_OK) status = desk_try_start(&d);
        left          = until_failure;
        until_failure = INT64_MAX;
        if (status != MUSTER_OK) {
            assert_int_equal(status, MUSTER_E_NOMEM);
            assert_true(muster_error_message()[0] != 0);
            ++failed;
        }
        desk_stop(&d);
        assert_int_not_equal(access(d.listen + 5, F_OK), 0);
        assert_true(n < TURNS);
    }
    assert_true(failed > 0);
    desk_start(&d);
    desk_stop(&d);
    check_journal(&d);
    desk_remove(&d);
}

static int begin(void **state) {
    static small_desk d;
    if (make_test_folder(state) != 0) return -1;
    out = malloc(DESK_ROOM);
    desk_prepare(&d, "desk");
    desk_start(&d);
    *state = &d;
    return 0;
}

/* All that has been done under the failures is there when it is opened again. */
static int end(void **state) {
    stays_out                          = false;
    static const char *const LIST[][2] = {{"/v1/incidents", "\"incidents\":["},
                                          {"/v1/units", "\"units\":["},
                                          {"/v1/orders", "\"orders\":["},
                                          {"/v1/closures", "\"roads\":["}};
    small_desk              *d         = *state;
    char                    *before[4];
    for (int i = 0; i < 4; ++i) before[i] = list(d, LIST[i][0], LIST[i][1]);
    desk_stop(d);
    check_journal(d);
    desk_start(d);
    for (int i = 0; i < 4; ++i) {
        char *after = list(d, LIST[i][0], LIST[i][1]);
        assert_string_equal(before[i], after);
        free(after);
        free(before[i]);
    }
    desk_stop(d);
    desk_remove(d);
    free(out);
    return remove_test_folder(state);
}

/* ---- two ways of failing --------------------------------------------------------------- */

static int alone(void **state) {
    (void)state;
    stays_out = false;
    json_set_alloc_funcs(__real_malloc, free);
    return 0;
}

static int with_all_that_follow(void **state) {
    (void)state;
    stays_out = true;
    mu_json_memory_watch();
    return 0;
}

int main(void) {
#define BOTH(test)                                                                                 \
    cmocka_unit_test_setup(test, alone), cmocka_unit_test_setup(test, with_all_that_follow)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(opening, with_all_that_follow),
        BOTH(telling),
        cmocka_unit_test_setup(closing_roads, alone),
        BOTH(committing),
        BOTH(stepping),
        BOTH(looking),
        BOTH(listening),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
