/* Threads that write: each alone, and all that wait together. */
#include "session/turn.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka_all.h"

enum { THREADS = 8, TIMES = 200 };

typedef struct wish {
    mu_turn_entry entry; /* first */
    int           number;
} wish;

typedef struct log_of_work {
    mu_turn    turn;
    atomic_int working;
    bool       is_shared; /* two worked at once */
    int        times, done;
    int        number[THREADS * TIMES];
} log_of_work;

/* As slow as a disk. Odd ones fail. */
static void work(void *user, mu_turn_entry *first) {
    log_of_work *l = user;
    if (atomic_fetch_add(&l->working, 1) > 0) l->is_shared = true;
    ++l->times;
    for (mu_turn_entry *e = first; e; e = e->next) {
        const int number     = ((wish *)e)->number;
        l->number[l->done++] = number;
        if (number % 2 == 0) continue;
        mu_worker_error_keep(&e->error, muster_fail(MUSTER_E_IO, "wish %d is odd", number));
    }
    poll(NULL, 0, 1);
    atomic_fetch_sub(&l->working, 1);
}

typedef struct wisher {
    log_of_work *log;
    int          first;
    bool         is_right;
    pthread_t    thread;
} wisher;

static void *make_wishes(void *user) {
    wisher *w   = user;
    w->is_right = true;
    for (int i = 0; i < TIMES; ++i) {
        char message[32];
        wish one = {.number = w->first + i};
        snprintf(message, sizeof message, "wish %d is odd", one.number);
        const muster_status status = mu_turn_take(&w->log->turn, &one.entry);
        w->is_right = w->is_right && status == (one.number % 2 ? MUSTER_E_IO : MUSTER_OK);
        if (one.number % 2) {
            w->is_right = w->is_right && strcmp(muster_error_message(), message) == 0;
        }
    }
    return NULL;
}

static void all_that_wait_share_a_turn_and_each_hears_its_own_failure(void **state) {
    (void)state;
    static log_of_work l;
    wisher             w[THREADS];
    mu_turn_init(&l.turn, work, &l);
    for (int t = 0; t < THREADS; ++t) {
        w[t] = (wisher){.log = &l, .first = t * TIMES};
        assert_int_equal(pthread_create(&w[t].thread, NULL, make_wishes, &w[t]), 0);
    }
    for (int t = 0; t < THREADS; ++t) {
        assert_int_equal(pthread_join(w[t].thread, NULL), 0);
        assert_true(w[t].is_right);
    }
    assert_false(l.is_shared);
    assert_int_equal(l.done, THREADS * TIMES);
    assert_in_range(l.times, TIMES, THREADS * TIMES / 2);
    /* Of one thread one after the other, nothing twice. */
    int next[THREADS] = {0};
    for (int i = 0; i < l.done; ++i) {
        const int t = l.number[i] / TIMES;
        assert_int_equal(l.number[i], t * TIMES + next[t]++);
    }
    mu_turn_fini(&l.turn);
}

static void a_thread_alone_does_not_wait(void **state) {
    (void)state;
    static log_of_work l;
    mu_turn_init(&l.turn, work, &l);
    wish one = {.number = 2}, two = {.number = 3};
    assert_int_equal(mu_turn_take(&l.turn, &one.entry), MUSTER_OK);
    assert_int_equal(mu_turn_take(&l.turn, &two.entry), MUSTER_E_IO);
    assert_int_equal(l.times, 2);
    mu_turn_fini(&l.turn);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_wait_share_a_turn_and_each_hears_its_own_failure),
        cmocka_unit_test(a_thread_alone_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
