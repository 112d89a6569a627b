/* Everybody at once on one session, for the thread sanitizer: who tells, who reads, who waits for news,
 * who lets time pass, and, behind them, a standby that reads along. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "tests/support/small_town.h"

enum { TELLERS = 4, TIMES = 60 };

static char folder[] = "/tmp/muster-race-XXXXXX";

typedef struct worker {
    muster_session *session;
    uint32_t        number;
    muster_status   status;
    char            message[512];
    uint64_t        seen;
    atomic_bool    *is_over;
    pthread_t       thread;
} worker;

static small_town town;

static void *tell(void *user) {
    worker *w = user;
    for (uint32_t i = 0; i < TIMES && w->status == MUSTER_OK; ++i) {
        char                id[32];
        muster_event        event = MUSTER_EVENT_INIT;
        muster_event_answer answer;
        snprintf(id, sizeof id, "w-%u-%u", w->number, i);
        event.id            = id;
        event.type          = MUSTER_EVENT_UNIT_MOVED;
        event.time_ms       = TOWN_BEGIN_MS + i;
        event.author        = "desk";
        event.unit.resource = MUSTER_PEOPLE;
        event.unit.code     = town.team[w->number].unit.code;
        event.lon_deg = 120, event.lat_deg = 30;
        w->status = muster_session_tell(w->session, 1, &event, &answer);
        w->seen += w->status == MUSTER_OK && answer.outcome == MUSTER_EVENT_APPLIED;
    }
    return NULL;
}

static void *look(void *user) {
    worker *w = user;
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        muster_view *view;
        w->status = muster_session_look(&view, w->session, w->number % 2 ? "north" : NULL);
        if (w->status != MUSTER_OK) break;
        if (muster_view_sequence(view) < w->seen) w->status = MUSTER_E_INTERNAL; /* time goes on */
        w->seen = muster_view_sequence(view);
        muster_view_free(view);
        w->seen = muster_session_get_state(w->session).sequence;
    }
    return NULL;
}

static void *listen(void *user) {
    worker *w = user;
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        muster_news *news;
        uint32_t     count;
        w->status = muster_session_news(&news, w->session, w->seen, 7, 20, &count);
        for (uint32_t i = 0; w->status == MUSTER_OK && i < count; ++i) {
            if (muster_news_sequence(news, i) != ++w->seen) w->status = MUSTER_E_INTERNAL;
        }
        muster_news_free(news);
    }
    return NULL;
}

static void *let_time_pass(void *user) {
    worker *w = user;
    for (int64_t now_ms = TOWN_BEGIN_MS; !atomic_load(w->is_over) && w->status == MUSTER_OK;) {
        w->status = muster_session_tick(w->session, now_ms += 1000, NULL);
    }
    return NULL;
}

static void *follow(void *user) {
    worker *w = user;
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        w->status = muster_session_follow(w->session, NULL);
    }
    snprintf(w->message, sizeof w->message, "%s", muster_error_message());
    return NULL;
}

static muster_session *open_as(uint8_t role) {
    const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = town_options(role, TOWN_BEGIN_MS);
    muster_session        *session = NULL;
    options.journal                = folder;
    options.snapshot_events        = 25;
    town_ok(mu_session_start(&session, &options, &parts));
    return session;
}

static void all_at_once(void **state) {
    (void)state;
    static void *(*const BESIDE[])(void *) = {look,          look,   listen, listen,
                                              let_time_pass, follow, look};
    enum { BESIDES = sizeof BESIDE / sizeof *BESIDE };
    assert_non_null(mkdtemp(folder));
    small_town_init(&town);
    muster_session *session = open_as(MUSTER_SESSION_WRITE);
    muster_session *standby = open_as(MUSTER_SESSION_STANDBY);
    atomic_bool     is_over = false;
    worker          teller[TELLERS], beside[BESIDES];
    for (uint32_t i = 0; i < BESIDES; ++i) {
        beside[i] =
            (worker){.session = i < 5 ? session : standby, .number = i, .is_over = &is_over};
        assert_int_equal(pthread_create(&beside[i].thread, NULL, BESIDE[i], &beside[i]), 0);
    }
    for (uint32_t i = 0; i < TELLERS; ++i) {
        teller[i] = (worker){.session = session, .number = i};
        assert_int_equal(pthread_create(&teller[i].thread, NULL, tell, &teller[i]), 0);
    }
    for (uint32_t i = 0; i < TELLERS; ++i) {
        assert_int_equal(pthread_join(teller[i].thread, NULL), 0);
        assert_int_equal(teller[i].status, MUSTER_OK);
        assert_int_equal(teller[i].seen, TIMES);
    }
    atomic_store(&is_over, true);
    for (uint32_t i = 0; i < BESIDES; ++i) {
        assert_int_equal(pthread_join(beside[i].thread, NULL), 0);
        if (beside[i].status != MUSTER_OK) fail_msg("%u: %s", i, beside[i].message);
    }
    town_ok(muster_session_promote(standby, TOWN_BEGIN_MS));
    assert_true(muster_session_get_state(standby).sequence >
                muster_session_get_state(session).sequence);
    muster_session_close(standby);
    muster_session_close(session);
    small_town_fini(&town);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
