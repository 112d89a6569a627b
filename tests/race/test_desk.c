/* A desk whose clients all ask at once, for the thread sanitizer: who tells, who plans and commits, who
 * looks, who asks the way while roads are closed and opened, who listens to the news and comes back to
 * them; and it is stopped while they go on. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tests/support/small_desk.h"

enum { ROUNDS = 60, RECORDS_A_TURN = 15 };

static small_desk  desk;
static atomic_bool is_over; /* from here on answers may fail to come */

typedef struct client {
    void (*act)(struct client *c);
    uint32_t    number, orders;
    atomic_uint answers;
    atomic_bool is_done;
    uint64_t    heard; /* the last record */
    char        failure[512];
    char       *out;
    pthread_t   thread;
} client;

/* cmocka's assertions belong to the main thread. */
static void fail_client(client *c, const char *what, int status) {
    if (is_over || c->failure[0]) return;
    snprintf(c->failure, sizeof c->failure, "%.80s: %d: %.380s", what, status, c->out);
}

static bool ask(client *c, const char *method, const char *target, const char *body) {
    const int status = desk_ask(&desk, c->out, method, target, body);
    if (status == 200) {
        ++c->answers;
        return true;
    }
    fail_client(c, target, status);
    return false;
}

/* ---- who tells and plans --------------------------------------------------------------- */

static void tell(client *c) {
    for (uint32_t round = 0; round < ROUNDS && !c->failure[0]; ++round) {
        char body[1024];
        snprintf(
            body, sizeof body,
            "[{\"type\":\"unit_moved\",\"id\":\"m-%u-%u\",\"lon_deg\":120.7%u,\"lat_deg\":30.7,"
            "\"unit\":{\"resource\":\"people\",\"code\":\"T-1\"}},"
            "{\"type\":\"road_%s\",\"id\":\"r-%u-%u\",\"road\":{\"code\":\"R-%u\"%s}}]",
            c->number, round, round % 10, round % 2 ? "opened" : "closed", c->number, round,
            c->number, round % 2 ? "" : ",\"edge_id\":[2]");
        if (ask(c, "POST", "/v1/events", body) && !strstr(c->out, "\"applied\"")) {
            fail_client(c, "events", 0);
        }
    }
}

/* Another plan may have taken it back. */
static void step_order(client *c, const char *number, const char *step) {
    char target[128], body[64];
    snprintf(target, sizeof target, "/v1/orders/%s/%s", number, step);
    snprintf(body, sizeof body, "{\"id\":\"%s-%s\"}", number, step);
    const int status = desk_ask(&desk, c->out, "POST", target, body);
    if (status != 200 && status != 409) fail_client(c, target, status);
}

static void commit(client *c, const char *plan, uint32_t round) {
    char target[128], body[64], number[64];
    snprintf(target, sizeof target, "/v1/plan/%s/commit", plan);
    snprintf(body, sizeof body, "{\"id\":\"c-%u-%u\"}", c->number, round);
    if (!ask(c, "POST", target, body)) return;
    desk_member(number, strstr(c->out, "\"orders\":[{"), "\"number\":");
    if (number[0] == 0) return;
    ++c->orders;
    step_order(c, number, "accepted");
    step_order(c, number, "released");
}

static void plan(client *c) {
    for (uint32_t round = 0; round < ROUNDS / 3 && !c->failure[0]; ++round) {
        char body[512], id[64];
        snprintf(
            body, sizeof body,
            "{\"type\":\"incident_reported\",\"id\":\"i-%u-%u\",\"incident\":{\"code\":\"J-%u-%u\","
            "\"lon_deg\":120.71,\"lat_deg\":30.7,\"severity\":\"severe\"},"
            "\"need\":[{\"kind\":\"rescue\",\"quantity\":2},{\"kind\":\"sandbag\",\"quantity\":9}]}",
            c->number, round, c->number, round);
        if (!ask(c, "POST", "/v1/events", body)) return;
        if (!ask(c, "POST", "/v1/plan", "{\"time_limit_ms\":50}")) return;
        commit(c, desk_member(id, c->out, "\"plan\":"), round);
        (void)ask(c, "GET", "/v1/explain?incident=I-1", "");
    }
}

/* ---- who looks ------------------------------------------------------------------------- */

static void look(client *c) {
    static const char *const TARGET[] = {
        "/v1/incidents", "/v1/units?resource=people",
        "/v1/orders",    "/v1/closures",
        "/v1/rules",     "/v1/health",
        "/metrics",      "/v1/route/light/120.7005,30.7;120.7195,30.7"};
    enum { TARGETS = sizeof TARGET / sizeof *TARGET };
    for (uint32_t i = c->number; !is_over && !c->failure[0]; ++i) {
        const int status = desk_ask(&desk, c->out, "GET", TARGET[i % TARGETS], "");
        /* With the road closed there is no way. */
        const bool is_way = i % TARGETS == TARGETS - 1 && status == 400;
        if (status != 200 && !is_way) fail_client(c, TARGET[i % TARGETS], status);
        c->answers += status == 200;
    }
}

/* ---- who listens ----------------------------------------------------------------------- */

/* Records follow one another, whatever piece of the stream they come in. */
static uint32_t count_records(client *c, size_t *at) {
    uint32_t count = 0;
    for (const char *id; (id = strstr(c->out + *at, "id: ")) && strchr(id, '\n'); ++count) {
        if (strtoull(id + 4, NULL, 10) != ++c->heard) fail_client(c, "news", (int)c->heard);
        *at = (size_t)(strchr(id, '\n') - c->out);
    }
    return count;
}

static void listen_once(client *c) {
    char      target[64];
    size_t    size = 0, at = 0;
    uint32_t  records = 0;
    const int plain   = desk_connect(&desk);
    if (plain < 0) return;
    snprintf(target, sizeof target, "/v1/news?after=%llu", (unsigned long long)c->heard);
    c->out[0] = 0;
    if (desk_send(plain, "GET", target, "")) {
        for (ssize_t part; size < DESK_ROOM - 1 && records < RECORDS_A_TURN && !c->failure[0] &&
                           (part = recv(plain, c->out + size, DESK_ROOM - 1 - size, 0)) > 0;) {
            c->out[size += (size_t)part] = 0;
            records += count_records(c, &at);
        }
    }
    close(plain);
    c->answers += records;
}

static void hear(client *c) {
    while (!is_over && !c->failure[0]) listen_once(c);
}

/* ---- all of them ----------------------------------------------------------------------- */

static void *run(void *user) {
    client *c = user;
    c->out    = malloc(DESK_ROOM);
    c->act(c);
    free(c->out);
    c->is_done = true;
    return NULL;
}

static void begin(client *c, uint32_t number, void (*act)(client *)) {
    *c = (client){.act = act, .number = number};
    assert_int_equal(pthread_create(&c->thread, NULL, run, c), 0);
}

/* Whatever the machine does besides: it is in the middle of its work, or has failed. */
static void await_an_answer(const client *c) {
    while (c->answers == 0 && !c->is_done) (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static void end(client *c) {
    assert_int_equal(pthread_join(c->thread, NULL), 0);
    if (c->failure[0]) fail_msg("client %u: %s", c->number, c->failure);
    assert_true(c->answers > 0);
}

static void all_ask_at_once_and_it_is_stopped(void **state) {
    (void)state;
    static void (*const WRITER[])(client *) = {tell, tell, plan, plan};
    static void (*const READER[])(client *) = {look, look, hear, hear};
    enum { WRITERS = sizeof WRITER / sizeof *WRITER, READERS = sizeof READER / sizeof *READER };
    client   writer[WRITERS], reader[READERS], late;
    uint32_t orders = 0;
    desk_prepare(&desk, "all");
    desk_start(&desk);
    for (uint32_t i = 0; i < READERS; ++i) begin(&reader[i], i, READER[i]);
    for (uint32_t i = 0; i < WRITERS; ++i) begin(&writer[i], i, WRITER[i]);
    for (uint32_t i = 0; i < WRITERS; ++i) {
        end(&writer[i]);
        orders += writer[i].orders;
    }
    assert_true(orders > 0);
    begin(&late, WRITERS, plan);
    await_an_answer(&late);
    for (uint32_t i = 0; i < READERS; ++i) await_an_answer(&reader[i]);
    is_over = true;
    desk_stop(&desk);
    end(&late);
    uint64_t heard = 0;
    for (uint32_t i = 0; i < READERS; ++i) {
        end(&reader[i]);
        if (reader[i].heard > heard) heard = reader[i].heard;
    }
    /* What was heard is there when it is opened again. */
    desk_start(&desk);
    char *out = malloc(DESK_ROOM), sequence[64];
    assert_int_equal(desk_ask(&desk, out, "GET", "/v1/health", ""), 200);
    assert_true(strtoull(desk_member(sequence, out, "\"sequence\":"), NULL, 10) > heard &&
                heard > 0);
    free(out);
    desk_stop(&desk);
    desk_remove(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ask_at_once_and_it_is_stopped),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
