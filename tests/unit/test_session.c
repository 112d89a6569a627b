/* Sessions in real folders: life, roles, readers, subscribers, replays, forks, and a process that is
 * killed. */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "core/alloc.h"
#include "session/writer.h"
#include "tests/support/rounds.h"
#include "tests/support/small_town.h"
#include "tests/support/test_folder.h"

enum { KILLS = 100, THREADS = 4 };

static small_town town;

static int begin(void **state) {
    small_town_init(&town);
    return make_test_folder(state);
}

static int end(void **state) {
    small_town_fini(&town);
    return remove_test_folder(state);
}

/* ---- opening and telling ------------------------------------------------------------------- */

static muster_session_options options_of(const char *path, uint8_t role) {
    muster_session_options options = town_options(role, TOWN_BEGIN_MS);
    options.journal                = path;
    return options;
}

static muster_status try_open(muster_session **out, const char *path, uint8_t role) {
    const mu_session_parts       parts   = town_parts(&town, &MU_DISK_SYSTEM);
    const muster_session_options options = options_of(path, role);
    return mu_session_start(out, &options, &parts);
}

static muster_session *open_session(const char *path, uint8_t role) {
    muster_session *session = NULL;
    town_ok(try_open(&session, path, role));
    return session;
}

static void remove_journal(const char *path) {
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') assert_int_equal(unlinkat(dirfd(folder), entry->d_name, 0), 0);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

/* The first team is at `step`, a second later each. */
static muster_event moved(const char *id, uint32_t step) {
    muster_event event  = MUSTER_EVENT_INIT;
    event.id            = id;
    event.type          = MUSTER_EVENT_UNIT_MOVED;
    event.time_ms       = TOWN_BEGIN_MS + 1000 * (int64_t)step;
    event.author        = "desk";
    event.unit.resource = MUSTER_PEOPLE;
    event.unit.code     = town.team[0].unit.code;
    event.lon_deg       = 120 + step * 1e-6;
    event.lat_deg       = 30;
    return event;
}

static muster_event_answer tell(muster_session *session, const muster_event *event) {
    muster_event_answer answer;
    town_ok(muster_session_tell(session, 1, event, &answer));
    return answer;
}

static muster_event_answer tell_moved(muster_session *session, uint32_t step) {
    char id[32];
    snprintf(id, sizeof id, "m-%u", step);
    const muster_event event = moved(id, step);
    return tell(session, &event);
}

static double position_of(muster_session *session) {
    muster_view *view;
    uint32_t     count;
    town_ok(muster_session_look(&view, session, NULL));
    const double lon_deg = muster_view_units(view, &count)[0].lon_deg;
    muster_view_free(view);
    return lon_deg;
}

static void what_was_told_is_there_when_it_is_opened_again(void **state) {
    (void)state;
    const char     *path    = path_of("again");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    assert_int_equal(tell_moved(session, 5).outcome, MUSTER_EVENT_APPLIED);
    const muster_event_answer late = tell_moved(session, 4);
    assert_int_equal(late.outcome, MUSTER_EVENT_LATE);
    assert_true(late.message[0] != 0);
    const muster_session_state before = muster_session_get_state(session);
    assert_int_equal(before.sequence, 3); /* the world, opened, moved */
    assert_int_equal(before.role, MUSTER_SESSION_WRITE);
    muster_session_close(session);
    session = open_session(path, MUSTER_SESSION_WRITE);
    assert_true(position_of(session) == 120 + 5e-6);
    const muster_event_answer again = tell_moved(session, 5);
    assert_int_equal(again.outcome, MUSTER_EVENT_REPEATED);
    assert_int_equal(again.sequence, 3);
    assert_int_equal(muster_session_get_state(session).sequence, 4);
    assert_true(muster_session_get_state(session).term > before.term);
    muster_session_close(session);
    muster_session_close(NULL);
    remove_journal(path);
}

static void wrong_options_are_named(void **state) {
    (void)state;
    const char            *path    = path_of("wrong");
    muster_session        *session = NULL;
    muster_session_options o       = options_of(path, MUSTER_SESSION_WRITE);
    o.author                       = "";
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "author has 0 bytes; expected 1 to 200");
    o.author = "a\nb";
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "author is not UTF-8, or has a control"));
    o        = options_of(path, MUSTER_SESSION_WRITE);
    o.now_ms = 5;
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "it is 5; expected milliseconds since 1970"));
    o = options_of(path, 7);
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    o         = options_of(path, MUSTER_SESSION_WRITE);
    o.journal = NULL;
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "journal is NULL; expected a text");
    o                  = options_of(path, MUSTER_SESSION_WRITE);
    o.churn_unmet_need = -1;
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    o                        = options_of(path, MUSTER_SESSION_WRITE);
    muster_link_options link = MUSTER_LINK_OPTIONS_INIT;
    o.central                = &link;
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "central"));
    o.struct_size = 3;
    assert_int_equal(muster_session_open(&session, &o), MUSTER_E_INVALID);
    assert_int_equal(try_open(&session, path, MUSTER_SESSION_STANDBY), MUSTER_E_IO);
    assert_null(session);
    session                   = open_session(path, MUSTER_SESSION_WRITE);
    muster_event        event = moved("x", 1);
    muster_event_answer answer;
    event.struct_size = 1;
    assert_int_equal(muster_session_tell(session, 1, &event, &answer), MUSTER_E_INVALID);
    assert_int_equal(muster_session_tell(session, 1, NULL, &answer), MUSTER_E_INVALID);
    event      = moved("x", 1);
    event.type = MUSTER_EVENT_OPENED;
    assert_int_equal(tell(session, &event).outcome, MUSTER_EVENT_WRONG);
    event = moved("session:opened-9", 1);
    assert_int_equal(tell(session, &event).outcome, MUSTER_EVENT_WRONG);
    muster_session_close(session);
    remove_journal(path);
}

/* What no record has room for is refused by itself, and keeps nothing else from being told. */
static void an_event_that_is_too_long_is_refused_alone(void **state) {
    (void)state;
    enum { EDGES = 9 << 20 };
    const char         *path    = path_of("long");
    muster_session     *session = open_session(path, MUSTER_SESSION_WRITE);
    int64_t            *edge    = malloc(EDGES * sizeof *edge);
    muster_event        event[] = {moved("before", 1), MUSTER_EVENT_INIT, moved("after", 2)};
    muster_event_answer answer[3];
    assert_non_null(edge);
    for (int i = 0; i < EDGES; ++i) edge[i] = 1;
    event[1].id              = "long";
    event[1].type            = MUSTER_EVENT_ROAD_CLOSED;
    event[1].time_ms         = TOWN_BEGIN_MS;
    event[1].author          = "desk";
    event[1].road.code       = "R-1";
    event[1].road.edge_count = EDGES;
    event[1].road.edge_id    = edge;
    town_ok(muster_session_tell(session, 3, event, answer));
    assert_int_equal(answer[0].outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(answer[1].outcome, MUSTER_EVENT_WRONG);
    assert_non_null(strstr(answer[1].message, "expected 16777216 at most"));
    assert_int_equal(answer[2].outcome, MUSTER_EVENT_APPLIED);
    free(edge);
    muster_session_close(session);
    session = open_session(path, MUSTER_SESSION_WRITE);
    assert_true(position_of(session) == 120 + 2e-6);
    muster_session_close(session);
    remove_journal(path);
}

/* The first record is the world, which is longer than any event where there are many units. */
static void a_country_of_units_is_there_when_it_is_opened_again(void **state) {
    (void)state;
    enum { POOLS = 120000 };
    const char     *path           = path_of("country");
    muster_machine *machine        = malloc(POOLS * sizeof *machine);
    char(*code)[12]                = malloc(POOLS * sizeof *code);
    muster_problem         problem = town.problem;
    mu_session_parts       parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    muster_session        *session;
    muster_view           *view;
    uint32_t               count;
    size_t                 size;
    assert_true(machine && code);
    for (uint32_t i = 0; i < POOLS; ++i) {
        snprintf(code[i], sizeof code[i], "P-%u", i);
        machine[i]           = town.machine[0];
        machine[i].unit.code = code[i];
    }
    problem.machine_count = POOLS;
    problem.machine       = machine;
    parts.problem         = &problem;
    town_ok(mu_session_start(&session, &options, &parts));
    assert_int_equal(tell_moved(session, 1).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(session);
    free(read_bytes(path_of("country/00000000000000000001.journal"), &size));
    assert_true(size > MUSTER_EVENT_MOST_BYTES);
    town_ok(mu_session_start(&session, &options, &parts));
    assert_true(position_of(session) == 120 + 1e-6);
    town_ok(muster_session_look(&view, session, NULL));
    (void)muster_view_units(view, &count);
    assert_int_equal(count, POOLS + TOWN_TEAMS + TOWN_VEHICLES + TOWN_STOCKS);
    muster_view_free(view);
    muster_session_close(session);
    remove_journal(path);
    free(machine);
    free(code);
}

/* ---- roles --------------------------------------------------------------------------------- */

static void a_second_writer_is_refused_or_takes_over(void **state) {
    (void)state;
    const char     *path  = path_of("roles");
    muster_session *first = open_session(path, MUSTER_SESSION_WRITE), *second;
    assert_int_equal(try_open(&second, path, MUSTER_SESSION_WRITE), MUSTER_E_IO);
    assert_non_null(strstr(muster_error_message(), "is being written by another process"));
    tell_moved(first, 1);
    second = open_session(path, MUSTER_SESSION_TAKE_OVER);
    assert_true(position_of(second) == 120 + 1e-6);
    muster_event        event = moved("late", 9);
    muster_event_answer answer;
    assert_int_equal(muster_session_get_state(first).journal_is_lost, 0);
    for (int i = 0; i < 2; ++i) {
        assert_int_equal(muster_session_tell(first, 1, &event, &answer), MUSTER_E_IO);
        assert_non_null(strstr(muster_error_message(), "another process has taken over"));
    }
    assert_non_null(strstr(muster_session_get_state(first).trouble, "taken over"));
    assert_int_equal(muster_session_get_state(first).journal_is_lost, 1);
    assert_int_equal(muster_session_get_state(second).journal_is_lost, 0);
    assert_true(position_of(first) == 120 + 1e-6); /* it can be looked at still */
    tell_moved(second, 2);
    muster_session_close(first);
    muster_session_close(second);
    remove_journal(path);
}

/* Who cannot become the writer shuts nobody out: roads that are others, a connection that is none. */
static void a_take_over_that_cannot_be_leaves_the_writer_alone(void **state) {
    (void)state;
    const char            *path    = path_of("no-take-over");
    muster_session        *writer  = open_session(path, MUSTER_SESSION_WRITE), *second;
    mu_session_parts       parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = options_of(path, MUSTER_SESSION_TAKE_OVER);
    muster_link_options    central = MUSTER_LINK_OPTIONS_INIT;
    muster_profile         heavy;
    mu_road_base          *others;
    town_ok(muster_profile_builtin(&heavy, "heavy"));
    town_ok(mu_road_base_new(&others, town.network, 1, &heavy, 1));
    parts.road_base = others;
    assert_int_equal(mu_session_start(&second, &options, &parts), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "are not those that the journal"));
    assert_int_equal(tell_moved(writer, 1).outcome, MUSTER_EVENT_APPLIED);
    options.now_ms  = 5;
    parts.road_base = town.roads;
    assert_int_equal(mu_session_start(&second, &options, &parts), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "it is 5; expected"));
    second = open_session(path, MUSTER_SESSION_STANDBY);
    assert_int_equal(muster_session_promote(second, 5), MUSTER_E_INVALID);
    muster_session_close(second);
    assert_int_equal(tell_moved(writer, 2).outcome, MUSTER_EVENT_APPLIED);
    options            = options_of(path, MUSTER_SESSION_TAKE_OVER);
    parts              = town_parts(&town, &MU_DISK_SYSTEM);
    central.connection = "nonsense=1";
    options.central    = &central;
    options.dispatcher = "A";
    assert_int_equal(mu_session_start(&second, &options, &parts), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "the connection cannot be read"));
    assert_int_equal(tell_moved(writer, 3).outcome, MUSTER_EVENT_APPLIED);
    mu_road_base_release(others);
    muster_session_close(writer);
    remove_journal(path);
}

/* Where there is nobody yet, who takes over begins. */
static void who_takes_over_nothing_begins(void **state) {
    (void)state;
    const char     *path    = path_of("nobody");
    muster_session *session = open_session(path, MUSTER_SESSION_TAKE_OVER);
    assert_int_equal(tell_moved(session, 1).sequence, 3);
    muster_session_close(session);
    remove_journal(path);
}

static void a_standby_follows_and_becomes_the_writer(void **state) {
    (void)state;
    const char         *path    = path_of("standby");
    muster_session     *writer  = open_session(path, MUSTER_SESSION_WRITE);
    muster_session     *standby = open_session(path, MUSTER_SESSION_STANDBY);
    muster_event        event   = moved("no", 1);
    muster_event_answer answer;
    uint32_t            applied;
    assert_int_equal(muster_session_tell(standby, 1, &event, &answer), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "is a standby; expected one that writes"));
    for (uint32_t step = 1; step <= 10; ++step) tell_moved(writer, step);
    town_ok(muster_session_follow(standby, &applied));
    assert_int_equal(applied, 10);
    assert_true(position_of(standby) == position_of(writer));
    tell_moved(writer, 11);
    town_ok(muster_session_promote(standby, TOWN_BEGIN_MS + 60000));
    assert_true(position_of(standby) == 120 + 11e-6);
    assert_int_equal(muster_session_get_state(standby).role, MUSTER_SESSION_WRITE);
    assert_int_equal(muster_session_follow(standby, NULL), MUSTER_E_INVALID);
    assert_int_equal(muster_session_promote(standby, TOWN_BEGIN_MS), MUSTER_E_INVALID);
    assert_int_equal(muster_session_tell(writer, 1, &event, &answer), MUSTER_E_IO);
    assert_int_equal(tell_moved(standby, 12).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(writer);
    muster_session_close(standby);
    remove_journal(path);
}

static muster_session *open_with_central(const char *path, const char *connection, uint8_t role) {
    const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = options_of(path, role);
    muster_link_options    central = MUSTER_LINK_OPTIONS_INIT;
    muster_session        *session;
    central.connection = connection;
    options.central    = &central;
    options.dispatcher = "A";
    town_ok(mu_session_start(&session, &options, &parts));
    return session;
}

static void a_standby_that_cannot_be_promoted_is_one_and_shuts_nobody_out(void **state) {
    (void)state;
    const char     *path    = path_of("no-central");
    muster_session *writer  = open_session(path, MUSTER_SESSION_WRITE);
    muster_session *standby = open_with_central(path, "nonsense=1", MUSTER_SESSION_STANDBY);
    for (uint32_t step = 1; step <= 3; ++step) {
        uint32_t            applied;
        muster_event        event = moved("no", step);
        muster_event_answer answer;
        assert_int_equal(muster_session_promote(standby, TOWN_BEGIN_MS), MUSTER_E_INVALID);
        if (!strstr(muster_error_message(), "the connection cannot be read"))
            fail_msg("%s", muster_error_message());
        assert_int_equal(muster_session_get_state(standby).role, MUSTER_SESSION_STANDBY);
        assert_int_equal(muster_session_get_state(standby).term, 0);
        assert_int_equal(muster_session_tell(standby, 1, &event, &answer), MUSTER_E_INVALID);
        assert_int_equal(tell_moved(writer, step).outcome, MUSTER_EVENT_APPLIED);
        town_ok(muster_session_follow(standby, &applied));
        assert_int_equal(applied, 1);
    }
    muster_session_close(standby);
    muster_session_close(writer);
    remove_journal(path);
}

/* Whichever allocation fails, it is a standby that can be promoted, or the writer. */
static void without_memory_nobody_is_promoted_by_half(void **state) {
    (void)state;
    const char     *path   = path_of("half");
    muster_session *writer = open_session(path, MUSTER_SESSION_WRITE);
    int64_t         failed = 0;
    for (muster_status status = MUSTER_E_NOMEM; status != MUSTER_OK; ++failed) {
        muster_session *standby = open_with_central(path, "host=/nowhere", MUSTER_SESSION_STANDBY);
        muster_event    event   = moved("no", 1);
        muster_event_answer answer;
        (void)mu_alloc_fail_once_after(failed);
        status = muster_session_promote(standby, TOWN_BEGIN_MS);
        (void)mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) {
            assert_int_equal(status, MUSTER_E_NOMEM);
            assert_int_equal(muster_session_get_state(standby).role, MUSTER_SESSION_STANDBY);
            assert_int_equal(muster_session_tell(standby, 1, &event, &answer), MUSTER_E_INVALID);
            town_ok(muster_session_promote(standby, TOWN_BEGIN_MS));
        }
        assert_int_equal(muster_session_get_state(standby).role, MUSTER_SESSION_WRITE);
        assert_int_equal(tell_moved(standby, (uint32_t)failed).outcome, MUSTER_EVENT_APPLIED);
        muster_session_close(writer);
        writer = standby;
    }
    assert_true(failed > 10);
    muster_session_close(writer);
    remove_journal(path);
}

/* ---- clocks -------------------------------------------------------------------------------- */

static void who_is_ahead_of_the_clock_is_refused_and_makes_nobody_late(void **state) {
    (void)state;
    const char     *path    = path_of("ahead");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 1000, NULL));
    const muster_event_answer ahead = tell_moved(session, 3601);
    assert_int_equal(ahead.outcome, MUSTER_EVENT_WRONG);
    assert_non_null(
        strstr(ahead.message, ", 3600 s ahead of the session's clock; expected at most 300 s"));
    assert_null(strchr(ahead.message, '\n'));
    /* What others say keeps being heard, and what was told does not move the clock. */
    assert_int_equal(tell_moved(session, 2).outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(tell_moved(session, 301).outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(tell_moved(session, 302).outcome, MUSTER_EVENT_WRONG);
    assert_true(position_of(session) == 120 + 301e-6);
    /* One of a batch keeps no other from being applied. */
    const muster_event  batch[] = {moved("b-1", 4000), moved("b-2", 301), moved("b-3", 5000)};
    muster_event_answer answer[3];
    town_ok(muster_session_tell(session, 3, batch, answer));
    assert_int_equal(answer[0].outcome, MUSTER_EVENT_WRONG);
    assert_int_equal(answer[1].outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(answer[2].outcome, MUSTER_EVENT_WRONG);
    /* When it is time, the same event is taken; a plan moves the clock as a tick does. */
    muster_session_plan *plan;
    town_ok(muster_session_plan_make(&plan, session, TOWN_BEGIN_MS + 3601000, NULL,
                                     MUSTER_REPLAN_KEEP));
    muster_session_plan_free(plan);
    assert_int_equal(tell_moved(session, 3601).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(session);
    /* What was applied before is answered so, also by a clock that was set back. */
    session = open_session(path, MUSTER_SESSION_WRITE);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS, NULL));
    assert_int_equal(tell_moved(session, 3601).outcome, MUSTER_EVENT_REPEATED);
    assert_int_equal(tell_moved(session, 3602).outcome, MUSTER_EVENT_WRONG);
    muster_session_close(session);
    remove_journal(path);
}

/* A plan for a moment that is none would leave the clock there. */
static void a_plan_is_made_for_a_moment_that_there_is(void **state) {
    (void)state;
    const char          *path    = path_of("moments");
    muster_session      *session = open_session(path, MUSTER_SESSION_WRITE);
    static const int64_t WRONG[] = {INT64_MIN, 0, INT64_MAX};
    muster_session_plan *plan;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        assert_int_equal(
            muster_session_plan_make(&plan, session, WRONG[i], NULL, MUSTER_REPLAN_KEEP),
            MUSTER_E_INVALID);
        assert_null(plan);
    }
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS, NULL));
    assert_int_equal(tell_moved(session, 3600).outcome, MUSTER_EVENT_WRONG); /* an hour ahead */
    muster_session_close(session);
    remove_journal(path);
}

static void who_never_says_what_time_it_is_hears_any_time(void **state) {
    (void)state;
    const char     *path    = path_of("no-clock");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    assert_int_equal(tell_moved(session, 100000).outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(muster_session_tick(session, 1782864000, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "it is 1782864000; expected milliseconds"));
    assert_int_equal(tell_moved(session, 200000).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(session);
    remove_journal(path);
}

static void how_far_ahead_is_the_callers_to_say(void **state) {
    (void)state;
    const char            *path    = path_of("any-clock");
    muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
    static const struct {
        uint32_t most_ms, step;
        uint8_t  outcome;
    } CASE[] = {{1000, 1, MUSTER_EVENT_APPLIED},
                {1000, 2, MUSTER_EVENT_WRONG},
                {0, 9999, MUSTER_EVENT_APPLIED}};
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_session *session;
        options.clock_ahead_ms = CASE[i].most_ms;
        town_ok(mu_session_start(&session, &options, &parts));
        town_ok(muster_session_tick(session, TOWN_BEGIN_MS, NULL));
        assert_int_equal(tell_moved(session, CASE[i].step).outcome, CASE[i].outcome);
        muster_session_close(session);
    }
    remove_journal(path);
}

/* ---- readers ------------------------------------------------------------------------------- */

static void an_authority_sees_its_own_and_what_is_below(void **state) {
    (void)state;
    const char     *path    = path_of("views");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    muster_view    *all, *north, *again;
    uint32_t        all_count, north_count;
    assert_int_equal(muster_session_look(&all, session, "nowhere"), MUSTER_E_INVALID);
    town_ok(muster_session_look(&all, session, "city"));
    town_ok(muster_session_look(&north, session, "north"));
    const muster_view_unit *unit = muster_view_units(north, &north_count);
    (void)muster_view_units(all, &all_count);
    assert_int_equal(all_count, TOWN_TEAMS + TOWN_VEHICLES + TOWN_MACHINES + TOWN_STOCKS);
    assert_in_range(north_count, 1, all_count - 1);
    for (uint32_t u = 0; u < north_count; ++u) assert_string_equal(unit[u].authority, "north");
    town_ok(muster_session_look(&again, session, "north"));
    assert_ptr_equal(again, north); /* nothing has changed: the same */
    muster_view_free(again);
    tell_moved(session, 1);
    town_ok(muster_session_look(&again, session, "north"));
    assert_ptr_not_equal(again, north);
    assert_true(muster_view_sequence(again) > muster_view_sequence(north));
    muster_session_close(session); /* views outlive it */
    assert_string_equal(muster_view_units(north, &north_count)->authority, "north");
    muster_view_free(again);
    muster_view_free(north);
    muster_view_free(all);
    remove_journal(path);
}

static void assert_news(muster_session *session, uint64_t after, uint32_t most, uint64_t first,
                        uint32_t expected) {
    muster_news *news;
    uint32_t     count;
    town_ok(muster_session_news(&news, session, after, most, 0, &count));
    assert_int_equal(count, expected);
    for (uint32_t i = 0; i < count; ++i) {
        size_t      size;
        const char *json = muster_news_json(news, i, &size);
        assert_int_equal(muster_news_sequence(news, i), first + i);
        assert_int_equal(strlen(json), size);
        assert_non_null(strstr(json, "\"type\""));
    }
    muster_news_free(news);
}

static bool is_readable(muster_session *session) {
    struct pollfd one = {.fd = muster_session_descriptor(session), .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

static void subscribers_hear_everything_from_wherever_they_were(void **state) {
    (void)state;
    const char     *path    = path_of("news");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    assert_news(session, 2, 100, 3, 0);
    assert_false(is_readable(session));
    for (uint32_t step = 1; step <= 20; ++step) tell_moved(session, step);
    assert_true(is_readable(session));
    assert_news(session, 2, 5, 3, 5);
    assert_true(is_readable(session)); /* there is more */
    assert_news(session, 7, 100, 8, 15);
    assert_false(is_readable(session));
    muster_session_close(session);
    session = open_session(path, MUSTER_SESSION_WRITE); /* nothing is in memory now */
    assert_news(session, 4, 100, 5, 19);
    assert_news(session, 0, 3, 1, 3);
    assert_news(session, 3, 3, 4, 3);
    assert_news(session, 99, 3, 4, 0);
    assert_news(session, UINT64_MAX, 3, 0, 0);
    muster_session_close(session);
    remove_journal(path);
}

/* The journal is where it was when it was opened, wherever the program has gone since. */
static void a_journal_is_found_from_any_working_directory(void **state) {
    (void)state;
    char     before[4096];
    uint32_t applied;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(test_folder), 0);
    muster_session *writer  = open_session("relative", MUSTER_SESSION_WRITE);
    muster_session *standby = open_session("relative", MUSTER_SESSION_STANDBY);
    assert_int_equal(chdir("/"), 0);
    tell_moved(writer, 1);
    assert_news(writer, 0, 3, 1, 3);
    town_ok(muster_session_follow(standby, &applied));
    assert_int_equal(applied, 1);
    town_ok(muster_session_promote(standby, TOWN_BEGIN_MS + 60000));
    assert_int_equal(tell_moved(standby, 2).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(standby);
    muster_session_close(writer);
    assert_int_equal(chdir(before), 0);
    remove_journal(path_of("relative"));
}

typedef struct waiting {
    muster_session *session;
    uint32_t        count;
    muster_status   status;
} waiting;

static void *wait_for_news(void *user) {
    waiting     *w = user;
    muster_news *news;
    w->status = muster_session_news(&news, w->session, 2, 10, 10000, &w->count);
    muster_news_free(news);
    return NULL;
}

static void who_waits_for_news_is_woken(void **state) {
    (void)state;
    const char     *path    = path_of("wait");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    waiting         w       = {.session = session};
    pthread_t       thread;
    assert_int_equal(pthread_create(&thread, NULL, wait_for_news, &w), 0);
    poll(NULL, 0, 20);
    tell_moved(session, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(w.status, MUSTER_OK);
    assert_int_equal(w.count, 1);
    muster_session_close(session);
    remove_journal(path);
}

/* ---- planning and ordering ----------------------------------------------------------------- */

static void report(muster_session *session, const char *code, const char *kind, int64_t quantity) {
    const muster_event_need need = {kind, quantity, 0, 0};
    muster_event            e    = MUSTER_EVENT_INIT;
    e.id                         = code;
    e.type                       = MUSTER_EVENT_INCIDENT_REPORTED;
    e.time_ms                    = TOWN_BEGIN_MS;
    e.author                     = "desk";
    e.incident.code              = code;
    e.incident.lon_deg           = 120.005;
    e.incident.lat_deg           = 30.005;
    e.incident.severity          = MUSTER_SEVERE;
    e.incident.authority         = "city";
    e.need_count                 = 1;
    e.need                       = &need;
    assert_int_equal(tell(session, &e).outcome, MUSTER_EVENT_APPLIED);
}

static muster_event_answer tell_order(muster_session *session, uint8_t type, uint64_t order) {
    char         id[32];
    muster_event e = MUSTER_EVENT_INIT;
    snprintf(id, sizeof id, "o-%u-%u", type, (unsigned)order);
    e.id      = id;
    e.type    = type;
    e.time_ms = TOWN_BEGIN_MS + 2000;
    e.author  = "crew";
    e.order   = order;
    e.reason  = "flat tyre";
    return tell(session, &e);
}

static muster_session_plan *plan_now(muster_session *session) {
    muster_session_plan *plan;
    town_ok(
        muster_session_plan_make(&plan, session, TOWN_BEGIN_MS + 1000, NULL, MUSTER_REPLAN_KEEP));
    return plan;
}

static muster_committed *commit_as(muster_session *session, const muster_session_plan *plan,
                                   const char *id, const char *authority) {
    muster_commit     commit = MUSTER_COMMIT_INIT;
    muster_committed *committed;
    commit.id        = id;
    commit.now_ms    = TOWN_BEGIN_MS + 1000;
    commit.author    = "planner";
    commit.authority = authority;
    town_ok(muster_session_commit(&committed, session, plan, &commit));
    return committed;
}

static uint32_t open_orders(muster_session *session) {
    return muster_session_get_state(session).order_count;
}

static void what_is_planned_is_ordered_answered_and_planned_around(void **state) {
    (void)state;
    const char          *path    = path_of("orders");
    muster_session      *session = open_session(path, MUSTER_SESSION_WRITE);
    uint32_t             count, skipped;
    muster_session_plan *plan;
    report(session, "I-1", "rescue", 5);
    report(session, "I-2", "pump", 3);
    report(session, "I-3", "sandbag", 50);
    plan                      = plan_now(session);
    muster_committed   *first = commit_as(session, plan, "c-1", NULL);
    const muster_order *order = muster_committed_orders(first, &count);
    assert_in_range(count, 4, 8); /* a team, pumps, and a trip with its load */
    assert_int_equal(open_orders(session), count);
    for (uint32_t o = 0; o < count; ++o) {
        assert_int_equal(order[o].number, o + 1);
        assert_int_equal(order[o].state, MUSTER_ORDER_ISSUED);
        assert_string_equal(order[o].issued_by, "planner");
        assert_int_equal(order[o].sequence, muster_committed_sequence(first));
    }
    /* The same commit again is the same one. */
    muster_committed *again = commit_as(session, plan, "c-1", NULL);
    assert_int_equal(muster_committed_sequence(again), muster_committed_sequence(first));
    (void)muster_committed_orders(again, &skipped);
    assert_int_equal(skipped, count);
    muster_committed_free(again);
    /* The same plan again has nothing to give. */
    again = commit_as(session, plan, "c-2", NULL);
    assert_int_equal(muster_committed_sequence(again), 0);
    assert_int_equal(open_orders(session), count);
    muster_committed_free(again);
    muster_session_plan_free(plan);
    /* Who declines is not asked again; the others stay. */
    const uint64_t declined = order[0].number;
    char           unit[16];
    snprintf(unit, sizeof unit, "%s", order[0].unit);
    assert_int_equal(tell_order(session, MUSTER_EVENT_ORDER_DECLINED, declined).outcome,
                     MUSTER_EVENT_APPLIED);
    for (uint32_t o = 1; o < count; ++o) {
        if (order[o].trip != 0) continue;
        assert_int_equal(tell_order(session, MUSTER_EVENT_ORDER_ACCEPTED, order[o].number).outcome,
                         MUSTER_EVENT_APPLIED);
    }
    plan                      = plan_now(session);
    again                     = commit_as(session, plan, "c-3", NULL);
    const muster_order *other = muster_committed_orders(again, &skipped);
    assert_in_range(skipped, 1, 3);
    for (uint32_t o = 0; o < skipped; ++o) {
        assert_string_equal(other[o].incident, order[0].incident);
        assert_string_not_equal(other[o].unit, unit);
    }
    muster_committed_free(again);
    muster_committed_free(first);
    muster_session_plan_free(plan);
    const uint32_t open = open_orders(session);
    muster_session_close(session);
    session = open_session(path, MUSTER_SESSION_WRITE);
    assert_int_equal(open_orders(session), open);
    muster_session_close(session);
    remove_journal(path);
}

static void who_may_not_decide_alone_is_told_whose_consent_it_takes(void **state) {
    (void)state;
    const char     *path    = path_of("consent");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    uint32_t        orders, skipped;
    report(session, "I-1", "rescue", 20); /* the city's incident: a county cannot order for it */
    muster_session_plan  *plan      = plan_now(session);
    muster_committed     *committed = commit_as(session, plan, "c-1", "north");
    const muster_skipped *skip      = muster_committed_skipped(committed, &skipped);
    (void)muster_committed_orders(committed, &orders);
    assert_int_equal(orders, 0);
    assert_true(skipped > 0);
    for (uint32_t i = 0; i < skipped; ++i) {
        assert_int_equal(skip[i].skip, MUSTER_SKIP_CONSENT);
        assert_true(skip[i].message[0] != 0);
    }
    muster_committed_free(committed);
    committed = commit_as(session, plan, "c-2", "city");
    (void)muster_committed_orders(committed, &orders);
    assert_true(orders > 0);
    muster_committed_free(committed);
    muster_session_plan_free(plan);
    muster_session_close(session);
    remove_journal(path);
}

/* Nobody answers there, which keeps nobody from becoming the writer. */
static void a_standby_is_promoted_while_the_database_is_away(void **state) {
    (void)state;
    const char     *path    = path_of("central-away");
    muster_session *writer  = open_session(path, MUSTER_SESSION_WRITE);
    muster_session *standby = open_with_central(path, "host=/nowhere", MUSTER_SESSION_STANDBY);
    town_ok(muster_session_promote(standby, TOWN_BEGIN_MS));
    assert_int_equal(muster_session_get_state(standby).role, MUSTER_SESSION_WRITE);
    assert_true(muster_session_get_state(standby).central_is_away);
    assert_int_equal(tell_moved(standby, 1).outcome, MUSTER_EVENT_APPLIED);
    report(standby, "I-1", "rescue", 5);
    muster_session_plan *plan = plan_now(standby);
    muster_committed_free(commit_as(standby, plan, "c-1", NULL));
    muster_session_plan_free(plan);
    const muster_session_state state_now = muster_session_get_state(standby);
    assert_true(state_now.order_count > 0);
    assert_int_equal(state_now.claim_pending_count, state_now.order_count);
    muster_session_close(standby);
    muster_session_close(writer);
    remove_journal(path);
}

static void nobody_answers_and_the_order_expires(void **state) {
    (void)state;
    const char     *path    = path_of("expiry");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    uint32_t        changes;
    report(session, "I-1", "rescue", 5);
    muster_session_plan *plan = plan_now(session);
    muster_committed_free(commit_as(session, plan, "c-1", NULL));
    muster_session_plan_free(plan);
    const uint32_t open = open_orders(session);
    assert_true(open > 0);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 300000, &changes));
    assert_int_equal(changes, 0);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 301000, &changes));
    assert_int_equal(changes, open);
    assert_int_equal(open_orders(session), 0);
    town_ok(muster_session_tick(session, TOWN_BEGIN_MS + 302000, &changes));
    assert_int_equal(changes, 0);
    muster_session_close(session);
    remove_journal(path);
}

/* ---- planning beside telling --------------------------------------------------------------- */

typedef struct planning_thread {
    muster_session      *session;
    atomic_bool          has_begun, may_end;
    bool                 has_waited;
    muster_session_plan *plan;
    muster_status        status;
} planning_thread;

/* In the middle of the solve, until all that is told meanwhile has been answered. */
static bool wait_in_the_middle(void *user, const muster_solve_state *state) {
    planning_thread *p = user;
    (void)state;
    atomic_store(&p->has_begun, true);
    for (int ms = 0; ms < 20000 && !atomic_load(&p->may_end); ++ms) poll(NULL, 0, 1);
    p->has_waited = atomic_load(&p->may_end);
    return true;
}

static void *plan_slowly(void *user) {
    planning_thread     *p       = user;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    options.watcher              = wait_in_the_middle;
    options.watcher_user         = p;
    p->status = muster_session_plan_make(&p->plan, p->session, TOWN_BEGIN_MS, &options,
                                         MUSTER_REPLAN_IMPROVE);
    atomic_store(&p->has_begun, true);
    return NULL;
}

static void telling_and_reading_go_on_while_a_plan_is_made(void **state) {
    (void)state;
    const char     *path    = path_of("beside");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    planning_thread p       = {.session = session};
    pthread_t       thread;
    report(session, "I-1", "rescue", 20);
    report(session, "I-2", "medical", 20);
    const uint64_t sequence = muster_session_get_state(session).sequence;
    assert_int_equal(pthread_create(&thread, NULL, plan_slowly, &p), 0);
    while (!atomic_load(&p.has_begun)) poll(NULL, 0, 1);
    for (uint32_t step = 1; step <= 200; ++step) {
        assert_int_equal(tell_moved(session, step).outcome, MUSTER_EVENT_APPLIED);
        assert_true(position_of(session) == 120 + step * 1e-6);
    }
    report(session, "I-3", "rescue", 3);
    atomic_store(&p.may_end, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    town_ok(p.status);
    assert_true(p.has_waited);
    assert_int_equal(muster_session_plan_sequence(p.plan), sequence);
    assert_int_equal(muster_session_plan_problem(p.plan)->incident_count, 2);
    muster_session_plan_free(p.plan);
    muster_session_close(session);
    remove_journal(path);
}

/* ---- moments gone by ----------------------------------------------------------------------- */

static muster_session *replay(const char *path, uint64_t sequence, int64_t at_ms) {
    const mu_session_parts       parts   = town_parts(&town, &MU_DISK_SYSTEM);
    const muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    muster_session              *session = NULL;
    town_ok(mu_session_replay(&session, &options, &parts, sequence, at_ms));
    return session;
}

static void any_moment_can_be_looked_at_again(void **state) {
    (void)state;
    const char     *path    = path_of("replay");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE), *past;
    for (uint32_t step = 1; step <= 20; ++step) tell_moved(session, step);
    for (uint32_t step = 1; step <= 20; ++step) {
        past = replay(path, step + 2, 0);
        assert_true(position_of(past) == 120 + step * 1e-6);
        assert_int_equal(muster_session_get_state(past).sequence, step + 2);
        muster_session_close(past);
        past = replay(path, 0, TOWN_BEGIN_MS + 1000 * (int64_t)step + 999);
        assert_true(position_of(past) == 120 + step * 1e-6);
        muster_session_close(past);
    }
    past = replay(path, 9, 0);
    assert_int_equal(muster_session_follow(past, NULL), MUSTER_E_INVALID);
    assert_int_equal(muster_session_promote(past, TOWN_BEGIN_MS), MUSTER_E_INVALID);
    muster_session_close(past);
    const mu_session_parts       parts   = town_parts(&town, &MU_DISK_SYSTEM);
    const muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    assert_int_equal(mu_session_replay(&past, &options, &parts, 99, 0), MUSTER_E_INVALID);
    assert_int_equal(mu_session_replay(&past, &options, &parts, 0, TOWN_BEGIN_MS - 1),
                     MUSTER_E_INVALID);
    muster_session_close(session);
    remove_journal(path);
}

/* ---- snapshots ----------------------------------------------------------------------------- */

static muster_session *open_with_snapshots(const char *path) {
    const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    muster_session        *session = NULL;
    options.snapshot_events        = 10;
    town_ok(mu_session_start(&session, &options, &parts));
    return session;
}

/* The latest before that; its number, or 0: there is none. */
static uint64_t spoil_latest(const char *path, uint64_t before) {
    char     file[300];
    uint64_t latest = 0;
    DIR     *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        const uint64_t number = strtoull(entry->d_name, NULL, 10);
        if (strstr(entry->d_name, ".world") && number < before && number > latest) latest = number;
    }
    closedir(folder);
    if (latest == 0) return 0;
    snprintf(file, sizeof file, "%s/%020" PRIu64 ".world", path, latest);
    FILE *stream = fopen(file, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, 200, SEEK_SET), 0);
    assert_int_equal(fputc('?', stream), '?');
    assert_int_equal(fclose(stream), 0);
    return latest;
}

static void a_torn_snapshot_is_passed_over_and_said_to_be(void **state) {
    (void)state;
    char            name[64];
    const char     *path    = path_of("snapshots");
    muster_session *session = open_with_snapshots(path);
    for (uint32_t step = 1; step <= 45; ++step) tell_moved(session, step);
    assert_string_equal(muster_session_get_state(session).trouble, "");
    muster_session_close(session);
    const uint64_t first = spoil_latest(path, UINT64_MAX);
    assert_true(first > 0);
    session = open_with_snapshots(path);
    assert_true(position_of(session) == 120 + 45e-6);
    snprintf(name, sizeof name, "%020" PRIu64 ".world\" is passed over", first);
    assert_non_null(strstr(muster_session_get_state(session).trouble, name));
    muster_session_close(session);
    (void)spoil_latest(path, first); /* now none is whole, and the beginning serves */
    session = open_with_snapshots(path);
    assert_true(position_of(session) == 120 + 45e-6);
    assert_int_equal(tell_moved(session, 46).outcome, MUSTER_EVENT_APPLIED);
    muster_session_close(session);
    session = open_with_snapshots(path);
    assert_true(position_of(session) == 120 + 46e-6);
    muster_session_close(session);
    remove_journal(path);
}

static void copy_snapshots(const char *from, const char *to) {
    char command[400];
    snprintf(command, sizeof command, "cp %s/*.world %s", from, to);
    assert_int_equal(system(command), 0);
}

static void a_snapshot_of_another_journal_is_passed_over(void **state) {
    (void)state;
    const char     *path = path_of("own"), *other = path_of("other");
    muster_session *session = open_with_snapshots(other);
    for (uint32_t step = 1; step <= 20; ++step) tell_moved(session, 100 + step);
    muster_session_close(session);
    session = open_session(path, MUSTER_SESSION_WRITE);
    for (uint32_t step = 1; step <= 20; ++step) tell_moved(session, step);
    muster_session_close(session);
    copy_snapshots(other, path);
    session = open_session(path, MUSTER_SESSION_WRITE);
    assert_true(position_of(session) == 120 + 20e-6);
    assert_non_null(strstr(muster_session_get_state(session).trouble, "it is of another journal"));
    muster_session_close(session);
    remove_journal(path);
    remove_journal(other);
}

/* ---- forks --------------------------------------------------------------------------------- */

typedef struct teller {
    muster_session *session;
    atomic_bool    *is_over;
    uint32_t        number, told;
    pthread_t       thread;
} teller;

static void *tell_all_the_time(void *user) {
    teller *t = user;
    while (!atomic_load(t->is_over)) {
        char                id[32];
        muster_event_answer answer;
        snprintf(id, sizeof id, "t-%u-%u", t->number, t->told);
        muster_event event = moved(id, t->told);
        event.unit.code    = town.team[t->number].unit.code;
        if (muster_session_tell(t->session, 1, &event, &answer) != MUSTER_OK) break;
        if (answer.outcome != MUSTER_EVENT_APPLIED) break;
        ++t->told;
    }
    return NULL;
}

static int use_in_a_fork(muster_session *session) {
    muster_view        *view;
    muster_event        event = moved("fork", 999);
    muster_event_answer answer;
    if (muster_session_tell(session, 1, &event, &answer) != MUSTER_E_INVALID) return 1;
    if (!strstr(muster_error_message(), "forked off")) return 2;
    if (muster_session_look(&view, session, NULL) != MUSTER_E_INVALID) return 3;
    if (muster_session_tick(session, TOWN_BEGIN_MS, NULL) != MUSTER_E_INVALID) return 4;
    if (muster_session_get_state(session).sequence != 0) return 5;
    muster_session_close(session);
    return 0;
}

/* While threads tell and wait, so that any lock may be held. */
static void a_process_that_is_forked_off_does_not_hang(void **state) {
    (void)state;
    const char     *path    = path_of("fork");
    muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
    atomic_bool     is_over = false;
    teller          t[THREADS];
    for (uint32_t i = 0; i < THREADS; ++i) {
        t[i] = (teller){.session = session, .is_over = &is_over, .number = i};
        assert_int_equal(pthread_create(&t[i].thread, NULL, tell_all_the_time, &t[i]), 0);
    }
    for (int i = 0; i < 20; ++i) {
        int         result;
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(use_in_a_fork(session));
        }
        assert_int_equal(waitpid(child, &result, 0), child);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), 0);
    }
    atomic_store(&is_over, true);
    for (uint32_t i = 0; i < THREADS; ++i) assert_int_equal(pthread_join(t[i].thread, NULL), 0);
    muster_session_close(session);
    remove_journal(path);
}

/* ---- killing ------------------------------------------------------------------------------- */

/* Several threads tell until the process is killed, and say through the pipe what was acknowledged. */
typedef struct victim {
    muster_session *session;
    uint32_t        number, first;
    int             pipe_end;
} victim;

static void *tell_until_killed(void *user) {
    const victim *v = user;
    for (uint32_t step = v->first;; ++step) {
        char                id[32];
        muster_event_answer answer;
        snprintf(id, sizeof id, "k-%u-%u", v->number, step);
        muster_event event = moved(id, step);
        event.unit.code    = town.team[v->number].unit.code;
        if (muster_session_tell(v->session, 1, &event, &answer) != MUSTER_OK) _exit(2);
        if (answer.outcome != MUSTER_EVENT_APPLIED) _exit(3);
        const uint32_t said[2] = {v->number, step};
        if (write(v->pipe_end, said, sizeof said) != sizeof said) _exit(4);
    }
    return NULL;
}

static void run_victim(const char *path, int pipe_end, const uint32_t *first) {
    muster_session        *session;
    pthread_t              thread[THREADS];
    victim                 v[THREADS];
    const mu_session_parts parts   = town_parts(&town, &MU_DISK_SYSTEM);
    muster_session_options options = options_of(path, MUSTER_SESSION_WRITE);
    options.snapshot_events        = 25;
    if (mu_session_start(&session, &options, &parts) != MUSTER_OK) _exit(1);
    for (uint32_t i = 0; i < THREADS; ++i) {
        v[i] = (victim){session, i, first[i], pipe_end};
        if (pthread_create(&thread[i], NULL, tell_until_killed, &v[i]) != 0) _exit(5);
    }
    for (uint32_t i = 0; i < THREADS; ++i) (void)pthread_join(thread[i], NULL);
    _exit(6);
}

static void kill_one(const char *path, uint64_t *rng, uint32_t next[THREADS]) {
    int      ends[2], result;
    uint32_t said[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) run_victim(path, ends[1], next);
    assert_true(child > 0);
    close(ends[1]);
    assert_int_equal(read(ends[0], said, sizeof said), sizeof said);
    next[said[0]] = said[1] + 1;
    poll(NULL, 0, (int)random_below(rng, 12));
    kill(child, SIGKILL);
    while (read(ends[0], said, sizeof said) == sizeof said) next[said[0]] = said[1] + 1;
    close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL);
}

/* Each thread's last position, and what may have come after it unheard. */
static void assert_nothing_lost(muster_session *session, uint32_t next[THREADS]) {
    muster_view *view;
    uint32_t     count;
    town_ok(muster_session_look(&view, session, NULL));
    const muster_view_unit *unit = muster_view_units(view, &count);
    for (uint32_t i = 0; i < THREADS; ++i) {
        if (unit[i].seen_at_ms == 0) {
            assert_int_equal(next[i], 0);
            continue;
        }
        const uint32_t seen = (uint32_t)((unit[i].seen_at_ms - TOWN_BEGIN_MS) / 1000);
        assert_true(unit[i].lon_deg == 120 + seen * 1e-6);
        assert_true(seen + 1 == next[i] || seen == next[i]);
        next[i] = seen + 1;
    }
    muster_view_free(view);
}

static void a_process_that_is_killed_loses_nothing_that_was_acknowledged(void **state) {
    (void)state;
    const char *path          = path_of("killed");
    const seeds asked         = seeds_asked(KILLS);
    uint32_t    next[THREADS] = {0}, total = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        uint64_t rng = seed;
        kill_one(path, &rng, next);
        muster_session *session = open_session(path, MUSTER_SESSION_WRITE);
        assert_nothing_lost(session, next);
        muster_session_close(session);
    }
    for (uint32_t i = 0; i < THREADS; ++i) total += next[i];
    assert_true(total > asked.count);
    remove_journal(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_is_there_when_it_is_opened_again),
        cmocka_unit_test(an_event_that_is_too_long_is_refused_alone),
        cmocka_unit_test(a_country_of_units_is_there_when_it_is_opened_again),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(a_second_writer_is_refused_or_takes_over),
        cmocka_unit_test(a_take_over_that_cannot_be_leaves_the_writer_alone),
        cmocka_unit_test(who_takes_over_nothing_begins),
        cmocka_unit_test(a_standby_follows_and_becomes_the_writer),
        cmocka_unit_test(a_standby_that_cannot_be_promoted_is_one_and_shuts_nobody_out),
        cmocka_unit_test(without_memory_nobody_is_promoted_by_half),
        cmocka_unit_test(a_standby_is_promoted_while_the_database_is_away),
        cmocka_unit_test(who_is_ahead_of_the_clock_is_refused_and_makes_nobody_late),
        cmocka_unit_test(a_plan_is_made_for_a_moment_that_there_is),
        cmocka_unit_test(who_never_says_what_time_it_is_hears_any_time),
        cmocka_unit_test(how_far_ahead_is_the_callers_to_say),
        cmocka_unit_test(an_authority_sees_its_own_and_what_is_below),
        cmocka_unit_test(subscribers_hear_everything_from_wherever_they_were),
        cmocka_unit_test(a_journal_is_found_from_any_working_directory),
        cmocka_unit_test(who_waits_for_news_is_woken),
        cmocka_unit_test(what_is_planned_is_ordered_answered_and_planned_around),
        cmocka_unit_test(who_may_not_decide_alone_is_told_whose_consent_it_takes),
        cmocka_unit_test(nobody_answers_and_the_order_expires),
        cmocka_unit_test(telling_and_reading_go_on_while_a_plan_is_made),
        cmocka_unit_test(any_moment_can_be_looked_at_again),
        cmocka_unit_test(a_torn_snapshot_is_passed_over_and_said_to_be),
        cmocka_unit_test(a_snapshot_of_another_journal_is_passed_over),
        cmocka_unit_test(a_process_that_is_forked_off_does_not_hang),
        cmocka_unit_test(a_process_that_is_killed_loses_nothing_that_was_acknowledged),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
