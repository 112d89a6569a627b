/* A connection whose server is not there, by a clock of our own: when it tries again, what it waits
 * for, and that it never blocks. What it does with a server is tested in tests/claims. */
#include <muster/claim.h>
#include <muster/live.h>

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "gis/backoff.h"
#include "gis/memory.h"
#include "tests/support/test_folder.h"

static uint64_t now_ms;

static uint64_t fake_now(void *user) {
    (void)user;
    return now_ms;
}

static muster_link_options options_of(uint64_t seed) {
    static char         connection[160];
    muster_link_options o = MUSTER_LINK_OPTIONS_INIT;
    snprintf(connection, sizeof connection, "host=%s user=nobody password=secret dbname=none",
             test_folder);
    o.connection       = connection;
    o.backoff_first_ms = 100;
    o.backoff_most_ms  = 3000;
    o.seed             = seed;
    o.now_ms           = fake_now;
    return o;
}

/* ---- backoff ------------------------------------------------------------------------- */

static void waits_are_spread_between_nothing_and_twice_as_long_each_time(void **state) {
    (void)state;
    for (uint32_t attempt = 0; attempt < 70; ++attempt) {
        const uint64_t ceiling = attempt < 6 ? 100u << attempt : 5000;
        uint64_t       sum     = 0;
        uint32_t       least = UINT32_MAX, most = 0;
        for (uint64_t seed = 0; seed < 400; ++seed) {
            mu_backoff b;
            uint32_t   drawn = 0;
            mu_backoff_init(&b, 100, 5000, seed);
            for (uint32_t i = 0; i <= attempt; ++i) drawn = mu_backoff_next_ms(&b);
            assert_true(drawn <= ceiling);
            sum += drawn;
            least = drawn < least ? drawn : least;
            most  = drawn > most ? drawn : most;
        }
        assert_true(least <= ceiling / 20 && most >= ceiling - ceiling / 20);
        assert_true(sum / 400 > ceiling * 4 / 10 && sum / 400 < ceiling * 6 / 10);
    }
}

static void a_success_begins_anew_and_a_seed_fixes_all(void **state) {
    (void)state;
    mu_backoff a, b;
    mu_backoff_init(&a, 100, 5000, 7);
    mu_backoff_init(&b, 100, 5000, 7);
    for (int i = 0; i < 20; ++i) assert_int_equal(mu_backoff_next_ms(&a), mu_backoff_next_ms(&b));
    mu_backoff_succeed(&a);
    assert_true(mu_backoff_next_ms(&a) <= 100);
}

/* ---- no server ----------------------------------------------------------------------- */

static void it_tries_again_when_it_said_it_would_and_not_before(void **state) {
    (void)state;
    muster_live        *live;
    muster_link_options options = options_of(1);
    assert_int_equal(muster_live_new(&live, &options, NULL), MUSTER_OK);
    assert_int_equal(muster_live_wait(live).timeout_ms, 0); /* it begins at once */
    for (uint32_t attempt = 1; attempt < 12; ++attempt) {
        while (muster_live_get_state(live).attempt < attempt) {
            now_ms += muster_live_wait(live).timeout_ms;
            assert_int_equal(muster_live_step(live), MUSTER_OK);
        }
        const muster_live_state state_now = muster_live_get_state(live);
        const muster_wait       wait      = muster_live_wait(live);
        assert_int_equal(state_now.phase, MUSTER_LIVE_AWAY);
        assert_int_equal(state_now.attempt, attempt);
        assert_non_null(strstr(state_now.trouble, "PostgreSQL: cannot connect: "));
        assert_null(strstr(state_now.trouble, "secret"));
        assert_int_equal(wait.fd, -1);
        assert_true(wait.timeout_ms <= (attempt <= 5 ? 100u << (attempt - 1) : 3000));
        if (wait.timeout_ms == 0) continue;
        now_ms += wait.timeout_ms - 1;
        for (int i = 0; i < 5; ++i) assert_int_equal(muster_live_step(live), MUSTER_OK);
        assert_int_equal(muster_live_get_state(live).attempt, attempt);
    }
    muster_live_free(live);
}

static void what_was_never_known_is_stale_without_an_age(void **state) {
    (void)state;
    muster_live        *live;
    muster_link_options options = options_of(1);
    uint32_t            count   = 99;
    assert_int_equal(muster_live_new(&live, &options, NULL), MUSTER_OK);
    assert_int_equal(muster_live_step(live), MUSTER_OK);
    const muster_live_state s = muster_live_get_state(live);
    assert_true(s.is_stale && !s.is_known && s.age_ms == UINT64_MAX);
    assert_null(muster_live_take_change(live));
    (void)muster_live_held(live, &count);
    assert_int_equal(count, 0);
    muster_live_free(live);
}

static void a_request_waits_for_the_server_without_blocking(void **state) {
    (void)state;
    muster_dispatcher         *d;
    const muster_claim_answer *answer  = NULL;
    muster_link_options        options = options_of(2);
    options.now_ms                     = NULL; /* run waits by the real one */
    assert_int_equal(muster_dispatcher_new(&d, "A", "test", &options), MUSTER_OK);
    assert_int_equal(muster_dispatcher_take_over(d), MUSTER_OK);
    assert_int_equal(muster_dispatcher_take_over(d), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "dispatcher \"A\" has a request that is going on");
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(muster_dispatcher_run(d, 300, &answer), MUSTER_OK);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_null(answer);
    const double s =
        (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    assert_true(s > 0.29 && s < 5);
    assert_non_null(strstr(muster_dispatcher_trouble(d), "cannot connect"));
    muster_dispatcher_give_up(d);
    assert_int_equal(muster_dispatcher_take_over(d), MUSTER_OK);
    muster_dispatcher_free(d);
}

/* Something listens and never says a word. */
static void a_server_that_is_silent_is_given_up(void **state) {
    (void)state;
    muster_live        *live;
    muster_link_options options = options_of(3);
    struct sockaddr_un  address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", test_folder);
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 5), 0);
    assert_int_equal(muster_live_new(&live, &options, NULL), MUSTER_OK);
    for (int i = 0; i < 20; ++i) assert_int_equal(muster_live_step(live), MUSTER_OK);
    const muster_wait wait = muster_live_wait(live);
    assert_true(wait.fd >= 0 && wait.for_read && !wait.for_write);
    assert_int_equal(wait.timeout_ms, 5000);
    assert_int_equal(muster_live_get_state(live).phase, MUSTER_LIVE_CONNECTING);
    now_ms += 4999;
    assert_int_equal(muster_live_step(live), MUSTER_OK);
    assert_int_equal(muster_live_get_state(live).phase, MUSTER_LIVE_CONNECTING);
    now_ms += 1;
    assert_int_equal(muster_live_step(live), MUSTER_OK);
    assert_int_equal(muster_live_get_state(live).phase, MUSTER_LIVE_AWAY);
    assert_string_equal(muster_live_get_state(live).trouble,
                        "PostgreSQL: cannot connect: no answer in time");
    muster_live_free(live);
    close(listener);
    unlink(address.sun_path);
}

/* ---- options ------------------------------------------------------------------------- */

static void refuse(muster_link_options options, const char *message) {
    muster_live *live = (muster_live *)&live;
    assert_int_equal(muster_live_new(&live, &options, NULL), MUSTER_E_INVALID);
    assert_null(live);
    assert_string_equal(muster_error_message(), message);
}

#define WITH(member, value) (o = options_of(1), o.member = (value), o)

static void options_that_make_no_sense_are_named(void **state) {
    (void)state;
    static const char BAD[] =
        "the connection cannot be read; expected host=HOST dbname=DATABASE or "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @, %2F "
        "for / and %3A for : in a password";
    muster_link_options o;
    refuse(WITH(connection, NULL), "no connection string");
    refuse(WITH(connection, "host='secret"), BAD);
    refuse(WITH(connection, "nonsense=5"), BAD);
    refuse(WITH(connection, "postgresql://[secret"), BAD);
    refuse(WITH(connection, "postgresql://muster:a@secret@localhost/town"), BAD);
    refuse(WITH(schema, ""), "schema \"\"; expected a name");
    refuse(WITH(answer_timeout_ms, 0), "a timeout of 0 ms; expected 1 to 2147483647");
    refuse(WITH(lock_timeout_ms, UINT32_MAX),
           "a timeout of 4294967295 ms; expected 1 to 2147483647");
    muster_live        *live;
    muster_live_options bad = MUSTER_LIVE_OPTIONS_INIT;
    bad.heartbeat_ms        = 0;
    o                       = options_of(1);
    assert_int_equal(muster_live_new(&live, &o, &bad), MUSTER_E_INVALID);
    bad             = (muster_live_options)MUSTER_LIVE_OPTIONS_INIT;
    bad.struct_size = 1;
    assert_int_equal(muster_live_new(&live, &o, &bad), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "live options have struct_size 1; expected"));
    assert_int_equal(muster_live_new(&live, &(muster_link_options){0}, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "link options have struct_size 0; expected"));
    muster_dispatcher *d;
    assert_int_equal(muster_dispatcher_new(&d, "", "x", &o), MUSTER_E_INVALID);
    assert_null(d);
    assert_string_equal(muster_error_message(),
                        "dispatcher \"\"; expected UTF-8 on one line, not empty");
}

static void memory_that_runs_out_leaves_nothing(void **state) {
    (void)state;
    muster_link_options o = options_of(1);
    for (int64_t n = 0; n <= 5; ++n) {
        muster_live        *live;
        muster_dispatcher  *d;
        const muster_status one = n < 5 ? MUSTER_E_NOMEM : MUSTER_OK;
        const muster_status two = n < 4 ? MUSTER_E_NOMEM : MUSTER_OK;
        mu_gis_alloc_fail_after(n);
        assert_int_equal(muster_live_new(&live, &o, NULL), one);
        mu_gis_alloc_fail_after(n);
        assert_int_equal(muster_dispatcher_new(&d, "A", "x", &o), two);
        mu_gis_alloc_fail_after(-1);
        assert_true((live != NULL) == (one == MUSTER_OK) && (d != NULL) == (two == MUSTER_OK));
        muster_live_free(live);
        muster_dispatcher_free(d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_are_spread_between_nothing_and_twice_as_long_each_time),
        cmocka_unit_test(a_success_begins_anew_and_a_seed_fixes_all),
        cmocka_unit_test(it_tries_again_when_it_said_it_would_and_not_before),
        cmocka_unit_test(what_was_never_known_is_stale_without_an_age),
        cmocka_unit_test(a_request_waits_for_the_server_without_blocking),
        cmocka_unit_test(a_server_that_is_silent_is_given_up),
        cmocka_unit_test(options_that_make_no_sense_are_named),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
