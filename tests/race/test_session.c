/* Everybody at once on one session, for the thread sanitizer: who tells, who reads, who waits for news,
 * who lets time pass, who plans and commits while roads are closed and opened, who asks how it was, and,
 * behind them, a standby that reads along. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "tests/support/small_town.h"

enum { TELLERS = 4, TIMES = 60, PLANNERS = 2, PLANS = 12, WORK_LIMIT = 20000 };

static char folder[] = "/tmp/muster-race-XXXXXX";

typedef struct worker {
    void (*act)(struct worker *w);
    muster_session *session;
    uint32_t        number;
    muster_status   status;
    char            message[512];
    uint64_t        seen;
    uint32_t        orders;
    atomic_bool    *is_over;
    pthread_t       thread;
} worker;

static small_town town;

/* What it ran into is its thread's. */
static void *run(void *user) {
    worker *w = user;
    w->act(w);
    if (w->status != MUSTER_OK)
        snprintf(w->message, sizeof w->message, "%s", muster_error_message());
    return NULL;
}

static void begin(worker *w) {
    assert_int_equal(pthread_create(&w->thread, NULL, run, w), 0);
}

/* cmocka's assertions belong to the main thread. */
static void end(worker *w) {
    assert_int_equal(pthread_join(w->thread, NULL), 0);
    if (w->status != MUSTER_OK) fail_msg("%u: status %d: %s", w->number, w->status, w->message);
}

/* ---- telling ------------------------------------------------------------------------------- */

static void move(worker *w) {
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
}

static void let_time_pass(worker *w) {
    for (int64_t now_ms = TOWN_BEGIN_MS; !atomic_load(w->is_over) && w->status == MUSTER_OK;) {
        w->status = muster_session_tick(w->session, now_ms += 1000, NULL);
    }
}

/* ---- planning ------------------------------------------------------------------------------ */

/* All that is told here is to be applied, but for what is said of orders that have expired meanwhile. */
static void tell(worker *w, muster_event *event, muster_event_type type, const char *word,
                 uint64_t number) {
    char                id[48];
    muster_event_answer answer;
    if (w->status != MUSTER_OK) return;
    snprintf(id, sizeof id, "%s-%u-%llu", word, w->number, (unsigned long long)number);
    event->id      = id;
    event->type    = (uint8_t)type;
    event->time_ms = TOWN_BEGIN_MS;
    event->author  = "desk";
    w->status      = muster_session_tell(w->session, 1, event, &answer);
    const bool may_fail =
        type == MUSTER_EVENT_ORDER_ACCEPTED || type == MUSTER_EVENT_ORDER_RELEASED;
    if (w->status == MUSTER_OK && answer.outcome != MUSTER_EVENT_APPLIED && !may_fail) {
        w->status = muster_fail(MUSTER_E_INTERNAL, "%s is %s: %s", id,
                                muster_event_outcome_name(answer.outcome), answer.message);
    }
}

static void report(worker *w, uint32_t round) {
    const muster_event_need need  = {.kind = round % 2 ? "rescue" : "pump", .quantity = 2};
    muster_event            event = MUSTER_EVENT_INIT;
    char                    code[32];
    snprintf(code, sizeof code, "I-%u-%u", w->number, round);
    event.incident   = (muster_event_incident){.code     = code,
                                               .lon_deg  = 120.002 + 0.001 * round,
                                               .lat_deg  = 30.004 + 0.001 * w->number,
                                               .severity = MUSTER_SEVERE};
    event.need_count = 1, event.need = &need;
    tell(w, &event, MUSTER_EVENT_INCIDENT_REPORTED, "incident", round);
}

/* So that metrics are made anew for the plan, and while the other one plans. */
static void change_road(worker *w, uint32_t round) {
    const double lon_deg[] = {120.0035, 120.0035},
                 lat_deg[] = {30.0005, 30.0005 + 0.001 * (round + 2)};
    muster_event event     = MUSTER_EVENT_INIT;
    char         code[16];
    snprintf(code, sizeof code, "R-%u", w->number);
    event.road =
        (muster_event_road){.code = code, .point_count = 2, .lon_deg = lon_deg, .lat_deg = lat_deg};
    tell(w, &event, round % 3 == 2 ? MUSTER_EVENT_ROAD_OPENED : MUSTER_EVENT_ROAD_CLOSED, "road",
         round);
}

static void serve(worker *w, const muster_committed *done) {
    uint32_t            count;
    const muster_order *order = muster_committed_orders(done, &count);
    for (uint32_t i = 0; i < count; ++i) {
        muster_event event = MUSTER_EVENT_INIT;
        event.order        = order[i].number;
        tell(w, &event, MUSTER_EVENT_ORDER_ACCEPTED, "accepted", order[i].number);
        tell(w, &event, MUSTER_EVENT_ORDER_RELEASED, "released", order[i].number);
    }
    w->orders += count;
}

static void plan_once(worker *w, uint32_t round) {
    muster_session_plan *plan;
    muster_committed    *done;
    char                 id[32];
    muster_solve_options solve  = MUSTER_SOLVE_OPTIONS_INIT;
    muster_commit        commit = MUSTER_COMMIT_INIT;
    solve.time_limit_ms         = 0;
    solve.work_limit            = WORK_LIMIT;
    snprintf(id, sizeof id, "c-%u-%u", w->number, round);
    commit.id = id, commit.author = "desk", commit.now_ms = TOWN_BEGIN_MS;
    w->status =
        muster_session_plan_make(&plan, w->session, TOWN_BEGIN_MS, &solve, MUSTER_REPLAN_IMPROVE);
    if (w->status != MUSTER_OK) return;
    w->status = muster_session_commit(&done, w->session, plan, &commit);
    if (w->status == MUSTER_OK) serve(w, done);
    muster_committed_free(done);
    muster_session_plan_free(plan);
}

static void dispatch(worker *w) {
    for (uint32_t round = 0; round < PLANS && w->status == MUSTER_OK; ++round) {
        report(w, round);
        change_road(w, round);
        if (w->status == MUSTER_OK) plan_once(w, round);
    }
}

/* ---- reading ------------------------------------------------------------------------------- */

static void look(worker *w) {
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        muster_view *view;
        w->status = muster_session_look(&view, w->session, w->number % 2 ? "north" : NULL);
        if (w->status != MUSTER_OK) break;
        if (muster_view_sequence(view) < w->seen) w->status = MUSTER_E_INTERNAL; /* time goes on */
        w->seen = muster_view_sequence(view);
        muster_view_free(view);
        w->seen = muster_session_get_state(w->session).sequence;
    }
}

static void listen(worker *w) {
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        muster_news *news;
        uint32_t     count;
        w->status = muster_session_news(&news, w->session, w->seen, 7, 20, &count);
        for (uint32_t i = 0; w->status == MUSTER_OK && i < count; ++i) {
            if (muster_news_sequence(news, i) != ++w->seen) w->status = MUSTER_E_INTERNAL;
        }
        muster_news_free(news);
    }
}

static void ask_the_way(worker *w) {
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        muster_roads *roads;
        w->status = muster_session_roads(&roads, w->session);
        if (w->status == MUSTER_OK && !muster_roads_metric(roads, "light"))
            w->status = MUSTER_E_INTERNAL;
        muster_roads_free(roads);
    }
}

static void follow(worker *w) {
    while (!atomic_load(w->is_over) && w->status == MUSTER_OK) {
        w->status = muster_session_follow(w->session, NULL);
    }
}

/* A moment ago, from the files that are being written; once at least, however busy the machine is. */
static void replay(worker *w) {
    do {
        const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
        muster_session_options options = town_options(MUSTER_SESSION_STANDBY, TOWN_BEGIN_MS);
        muster_session        *then;
        const uint64_t         sequence = muster_session_get_state(w->session).sequence;
        options.journal                 = folder;
        w->status                       = mu_session_replay(&then, &options, &parts, sequence, 0);
        if (w->status != MUSTER_OK) return;
        if (muster_session_get_state(then).sequence != sequence) w->status = MUSTER_E_INTERNAL;
        muster_session_close(then);
        ++w->seen;
    } while (!atomic_load(w->is_over) && w->status == MUSTER_OK);
}

/* ---- all of them --------------------------------------------------------------------------- */

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
    static void (*const BESIDE[])(worker *) = {look,        look,   listen, listen, let_time_pass,
                                               ask_the_way, replay, follow, look};
    enum { BESIDES = sizeof BESIDE / sizeof *BESIDE, OF_STANDBY = 2, REPLAY = 6 };
    assert_non_null(mkdtemp(folder));
    small_town_init(&town);
    muster_session *session = open_as(MUSTER_SESSION_WRITE);
    muster_session *standby = open_as(MUSTER_SESSION_STANDBY);
    atomic_bool     is_over = false;
    worker          teller[TELLERS + PLANNERS], beside[BESIDES];
    for (uint32_t i = 0; i < BESIDES; ++i) {
        beside[i] = (worker){.act     = BESIDE[i],
                             .session = i < BESIDES - OF_STANDBY ? session : standby,
                             .number  = i,
                             .is_over = &is_over};
        begin(&beside[i]);
    }
    for (uint32_t i = 0; i < TELLERS + PLANNERS; ++i) {
        teller[i] = (worker){.act = i < TELLERS ? move : dispatch, .session = session, .number = i};
        begin(&teller[i]);
    }
    uint32_t orders = 0;
    for (uint32_t i = 0; i < TELLERS + PLANNERS; ++i) {
        end(&teller[i]);
        if (i < TELLERS) assert_int_equal(teller[i].seen, TIMES);
        orders += teller[i].orders;
    }
    assert_true(orders > 0);
    atomic_store(&is_over, true);
    for (uint32_t i = 0; i < BESIDES; ++i) end(&beside[i]);
    assert_true(beside[REPLAY].seen > 0);
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
