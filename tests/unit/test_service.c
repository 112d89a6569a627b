/* A service in this process: other metrics while it answers, and memory that runs out. What it says over
 * HTTP is tested by tests/service. */
#include <muster/closure.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "service/service.h"
#include "tests/support/failing_memory.h"
#include "tests/support/test_folder.h"
#include "tests/support/town_network.h"

enum { ASKERS = 3, ROOM = 1 << 16 };

/* ---- a service ------------------------------------------------------------------------- */

typedef struct served {
    muster_network *network;
    muster_metric  *metric;
    char            socket[256];
    mu_service     *service;
} served;

/* Beside the network and its metric, which are there. */
static muster_status start_service(served *s) {
    static const char          *listen[1];
    static const muster_metric *metrics[1];
    static char                 name[300];
    metrics[0] = s->metric;
    listen[0]  = name;
    snprintf(name, sizeof name, "unix:%.250s", s->socket);
    mu_service_options options = {.listen       = listen,
                                  .listen_count = 1,
                                  .limits       = mu_limits_default(),
                                  .metric       = metrics,
                                  .metric_count = 1};
    options.limits.talkers     = 2;
    return mu_service_start(&s->service, &options);
}

static void start(served *s) {
    muster_profile profile;
    snprintf(s->socket, sizeof s->socket, "%s", path_of("service.sock"));
    s->network = town_network_new(12, 3);
    s->metric  = NULL;
    assert_int_equal(muster_network_build_hierarchy(s->network), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&profile, "emergency"), MUSTER_OK);
    assert_int_equal(muster_metric_new(&s->metric, s->network, &profile), MUSTER_OK);
    assert_int_equal(start_service(s), MUSTER_OK);
    assert_int_equal(mu_service_address_count(s->service), 1);
    assert_string_equal(mu_service_address(s->service, 0) + 5, s->socket);
}

static void stop(served *s) {
    mu_service_stop(s->service);
    assert_int_not_equal(access(s->socket, F_OK), 0);
    muster_metric_free(s->metric);
    muster_network_free(s->network);
}

/* ---- asking ---------------------------------------------------------------------------- */

static int connect_to(const served *s) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int          plain   = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.*s", (int)sizeof address.sun_path - 1,
             s->socket);
    return connect(plain, (struct sockaddr *)&address, sizeof address) == 0 ? plain : -1;
}

/* One question, on a connection of its own; the status, and all of the answer in `out`. */
static int ask(const served *s, const char *path, char *out) {
    char      text[512];
    size_t    size   = 0;
    const int plain  = connect_to(s);
    const int length = snprintf(
        text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    if (plain < 0 || send(plain, text, (size_t)length, MSG_NOSIGNAL) != length) return -1;
    for (ssize_t part;
         size < ROOM - 1 && (part = recv(plain, out + size, ROOM - 1 - size, 0)) > 0;) {
        size += (size_t)part;
    }
    out[size] = 0;
    close(plain);
    return size > 12 ? (int)strtol(out + 9, NULL, 10) : -1;
}

/* ---- other metrics --------------------------------------------------------------------- */

static const char TABLE[] = "/v1/table/emergency/120.0015,30.0015;120.0085,30.0085";

static const char AREA[]  = "/v1/isochrone/emergency/120.0015,30.0015?contours_seconds=30,60";
static const char ROUTE[] = "/v1/route/emergency/120.0015,30.0015;120.0085,30.0085?steps=true";

typedef struct asker {
    const served    *served;
    _Atomic bool    *is_over;
    _Atomic uint32_t answers, failures;
    pthread_t        thread;
} asker;

static void *ask_on(void *user) {
    asker *a   = user;
    char  *out = malloc(ROOM);
    while (!*a->is_over) { /* what is quick, and what a worker does */
        const bool is_table = a->answers++ % 4 > 0;
        a->failures += ask(a->served, is_table ? TABLE : AREA, out) != 200 ||
                       !strstr(out, is_table ? "\"code\":\"Ok\"" : "\"FeatureCollection\"");
    }
    free(out);
    return NULL;
}

/* All arcs take so many times as long. */
static muster_metric *slower(const served *s, uint32_t times) {
    const uint32_t     count       = 2 * muster_network_view(s->network)->edge_count;
    const uint32_t    *duration_ms = muster_metric_duration_ms(s->metric);
    muster_arc_change *change      = malloc(count * sizeof *change);
    muster_metric     *changed     = NULL;
    uint32_t           changes     = 0;
    for (uint32_t a = 0; a < count; ++a) {
        if (duration_ms[a] == MUSTER_UNREACHABLE_MS) continue;
        change[changes++] = (muster_arc_change){a, times * duration_ms[a]};
    }
    assert_int_equal(muster_metric_change(&changed, s->metric, changes, change), MUSTER_OK);
    free(change);
    return changed;
}

static double first_duration_s(const served *s) {
    char *out = malloc(ROOM);
    assert_int_equal(ask(s, TABLE, out), 200);
    const double duration_s = strtod(strstr(out, "\"durations\":[[0,") + 16, NULL);
    free(out);
    return duration_s;
}

static void metrics_are_replaced_while_it_answers(void **state) {
    served       s;
    _Atomic bool is_over = false;
    asker        all[ASKERS];
    char         out[ROOM];
    (void)state;
    start(&s);
    const double before_s = first_duration_s(&s);
    for (int i = 0; i < ASKERS; ++i) {
        all[i] = (asker){.served = &s, .is_over = &is_over};
        assert_int_equal(pthread_create(&all[i].thread, NULL, ask_on, &all[i]), 0);
    }
    for (uint32_t version = 1; version <= 40; ++version) {
        muster_metric *changed = slower(&s, 1 + version % 3);
        assert_int_equal(mu_service_replace_metrics(s.service, &changed), MUSTER_OK);
        (void)nanosleep(&(struct timespec){0, 2000000}, NULL);
    }
    is_over = true;
    for (int i = 0; i < ASKERS; ++i) {
        pthread_join(all[i].thread, NULL);
        assert_true(all[i].answers > 0);
        assert_int_equal(all[i].failures, 0);
    }
    assert_true(before_s > 0 && first_duration_s(&s) > 1.5 * before_s); /* 1 + 40 % 3 is 2 */
    assert_int_equal(ask(&s, "/v1/health", out), 200);
    assert_non_null(strstr(out, "\"roads_version\":40"));
    stop(&s);
}

/* Allocations of a start fail in turn, each with all that follow: it says so, and leaves nothing behind.
 * (Most of them are jansson's, of the description: see tests/unit/test_desk.c.) */
static void a_start_without_memory_fails_whole(void **state) {
    served  s;
    int64_t n = 0;
    (void)state;
    start(&s);
    mu_service_stop(s.service);
    muster_status status = MUSTER_E_NOMEM;
    stays_out            = true;
    while (status != MUSTER_OK) {
        n += 1 + n / 50;
        until_failure = n;
        status        = start_service(&s);
        until_failure = INT64_MAX;
        if (status == MUSTER_OK) break;
        assert_null(s.service);
        assert_true(muster_error_message()[0] != 0);
        assert_int_not_equal(access(s.socket, F_OK), 0);
    }
    assert_true(n > 10);
    stays_out = false;
    stop(&s);
}

/* Each allocation of an answer fails in turn: it is an error or no answer, and the next is whole. */
static void an_answer_without_memory_is_an_error(void **state) {
    static const char *const PATHS[] = {TABLE,
                                        AREA,
                                        ROUTE,
                                        "/v1/health",
                                        "/metrics",
                                        "/nothing",
                                        "/v1/nearest/emergency/120.0015,30.0015?number=3"};
    served                   s;
    char                     out[ROOM];
    (void)state;
    start(&s);
    for (size_t p = 0; p < sizeof PATHS / sizeof(char *); ++p) {
        int32_t       failed = 0, status = ask(&s, PATHS[p], out);
        const int32_t whole = status;
        for (int64_t n = 1; n < 400; ++n) {
            until_failure     = n;
            status            = ask(&s, PATHS[p], out);
            const bool was_in = until_failure <= 0;
            until_failure     = INT64_MAX;
            failed += status != whole;
            if (!(status == whole || status == 503 || status == 500 || status == -1))
                fail_msg("%s", out);
            assert_int_equal(ask(&s, PATHS[p], out), whole);
            if (!was_in) break;
        }
        assert_true(failed > 0);
    }
    stop(&s);
}

/* ---- what cannot be started ------------------------------------------------------------ */

static void expect_refusal(const mu_service_options *options, const char *words) {
    mu_service *service = (mu_service *)options;
    assert_int_not_equal(mu_service_start(&service, options), MUSTER_OK);
    assert_null(service);
    assert_non_null(strstr(muster_error_message(), words));
}

static void what_makes_no_sense_is_not_started(void **state) {
    served             s;
    mu_service_options options = {.limits = mu_limits_default()};
    (void)state;
    start(&s);
    const muster_metric *metric = s.metric;
    const char          *listen = "127.0.0.1:0", *taken = mu_service_address(s.service, 0);
    expect_refusal(&options, "no profile to serve");
    options.metric = &metric, options.metric_count = 1;
    expect_refusal(&options, "0 addresses to listen to");
    options.listen = &taken, options.listen_count = 1;
    expect_refusal(&options, "another service listens there");
    options.listen      = &listen;
    options.needs_token = true;
    expect_refusal(&options, "no tokens");
    options.tokens = "/nowhere/tokens";
    expect_refusal(&options, "/nowhere/tokens");
    stop(&s);
    mu_service_stop(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_are_replaced_while_it_answers),
        cmocka_unit_test(a_start_without_memory_fails_whole),
        cmocka_unit_test(an_answer_without_memory_is_an_error),
        cmocka_unit_test(what_makes_no_sense_is_not_started),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
