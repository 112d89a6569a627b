/* A small dispatch system on a muster session: a typhoon night, told and planned by two threads, in a
 * process that may be killed at any moment and goes on where it was.
 *
 *   dispatch_system STORE FOLDER [--seed N] [--incidents N] [--minutes N] [--pace MS]
 *                   [--crash-after N] [--crashes N]
 *
 * STORE is a scenario (a GeoPackage or a PostGIS connection) with its roads and units; FOLDER keeps
 * the session's journal and the ledger of this program. Run it again with the same folder and it
 * goes on with the same night. --crash-after N: a supervisor kills the night with SIGKILL whenever N
 * more things have been acknowledged, --crashes times (1), and starts it again.
 *
 *   dispatch_system.c  opening, the threads, the summary; the supervisor
 *   night.c            the first thread: what is reported in the night
 *   planning.c         the second: plans and orders
 *   ledger.c           what this program was told is safe, and whether it is */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "desk.h"

typedef struct choice {
    const char *store, *folder;
    uint64_t    seed;
    uint32_t    incidents, minutes, pace_ms, crash_after, crashes;
} choice;

bool desk_failed(desk *d, const char *what) {
    fprintf(stderr, "dispatch_system: %s: %s\n", what, muster_error_message());
    atomic_store(&d->has_failed, true);
    return false;
}

bool desk_tries_again(muster_status status, int *tries) {
    enum { TRIES_MOST = 5 };
    const struct timespec second = {.tv_sec = 1};
    if (status != MUSTER_E_IO || ++*tries == TRIES_MOST) return false;
    fprintf(stderr, "dispatch_system: %s; trying again\n", muster_error_message());
    nanosleep(&second, NULL);
    return true;
}

const char *clock_text(char out[8], int64_t at_ms) {
    struct tm    parts;
    const time_t at = (time_t)(at_ms / 1000);
    if (!gmtime_r(&at, &parts) || strftime(out, 8, "%H:%M", &parts) == 0) out[0] = '\0';
    return out;
}

/* ---- a night -------------------------------------------------------------------------------- */

static muster_status open_session(desk *d, const choice *c, const char *journal) {
    muster_session_options o = MUSTER_SESSION_OPTIONS_INIT;
    o.journal                = journal;
    o.store                  = c->store;
    o.author                 = AUTHOR;
    /* A session has no clock. It goes on at the time that was last told, not at the time of day. */
    o.now_ms           = atomic_load(&d->now_ms);
    o.order_timeout_ms = 5 * (uint32_t)MINUTE_MS;
    /* Who is ordered is taken back only for a gain: all of a minor need 100 s sooner, say. */
    o.churn_response_time = INT64_C(100000000);
    return muster_session_open(&d->session, &o);
}

static void print_summary(const desk *d) {
    muster_view *view;
    uint32_t     incident_count, order_count, open = 0, of_state[MUSTER_ORDER_STATE_COUNT] = {0};
    if (muster_session_look(&view, d->session, NULL)) return;
    const muster_view_incident *incident = muster_view_incidents(view, &incident_count);
    const muster_order         *order    = muster_view_orders(view, &order_count);
    for (uint32_t i = 0; i < incident_count; ++i) open += incident[i].closed_at_ms == 0;
    for (uint32_t i = 0; i < order_count; ++i) ++of_state[order[i].state];
    printf("\n%" PRIu32 " incidents reported, %" PRIu32 " still open; %" PRIu32 " orders:",
           d->incident_count, open, order_count);
    for (uint32_t s = 0; s < MUSTER_ORDER_STATE_COUNT; ++s) {
        if (of_state[s] > 0) printf(" %" PRIu32 " %s", of_state[s], muster_order_state_name(s));
    }
    printf("\n%" PRIu64 " records in the journal\n", muster_view_sequence(view));
    muster_view_free(view);
}

/* Whatever this program was told is safe: is it there? */
static bool check(const desk *d) {
    if (!ledger_check(d->ledger, d->session)) return false;
    printf("checked: %" PRIu32 " acknowledgements, nothing lost, nobody sent twice\n",
           ledger_count(d->ledger));
    return true;
}

static bool run_threads(desk *d) {
    pthread_t feed, plan;
    if (pthread_create(&feed, NULL, feed_night, d)) return false;
    if (pthread_create(&plan, NULL, plan_night, d)) {
        atomic_store(&d->has_failed, true);
        pthread_join(feed, NULL);
        return false;
    }
    pthread_join(feed, NULL);
    pthread_join(plan, NULL);
    return !atomic_load(&d->has_failed);
}

static bool run_session(desk *d, const choice *c, const char *journal) {
    char at[8];
    if (open_session(d, c, journal)) return desk_failed(d, "the session cannot be opened");
    printf("%s  opened     term %" PRIu64 ", record %" PRIu64 "\n",
           clock_text(at, atomic_load(&d->now_ms)), muster_session_get_state(d->session).term,
           muster_session_get_state(d->session).sequence);
    const bool is_right = check(d) && run_threads(d) && check(d);
    if (is_right) print_summary(d);
    muster_session_close(d->session);
    return is_right;
}

static void path_in(char out[4096], const choice *c, const char *name) {
    snprintf(out, 4096, "%s/%s", c->folder, name);
}

static int run_night(const choice *c) {
    char journal[4096], path[4096];
    desk d = {.seed           = c->seed,
              .incident_count = c->incidents,
              .night_minutes  = c->minutes,
              .pace_ms        = c->pace_ms};
    path_in(journal, c, "journal");
    path_in(path, c, "ledger");
    d.ledger = ledger_open(path);
    if (!d.ledger) {
        fprintf(stderr, "dispatch_system: %s\n", muster_error_message());
        return 1;
    }
    const int64_t last_ms = ledger_last_ms(d.ledger);
    atomic_store(&d.now_ms, last_ms > BEGIN_MS ? last_ms : BEGIN_MS);
    const bool is_right = run_session(&d, c, journal);
    ledger_close(d.ledger);
    return is_right ? 0 : 1;
}

/* ---- the supervisor ------------------------------------------------------------------------- */

static uint32_t count_lines(const char *path) {
    uint32_t count = 0;
    FILE    *in    = fopen(path, "r");
    if (!in) return 0;
    for (int byte; (byte = getc(in)) != EOF;) count += byte == '\n';
    fclose(in);
    return count;
}

/* Wait for the night to end, or kill it when the ledger has @p most lines: somewhere in the middle of
 * what it does then. @return its exit status; -1: it was killed. */
static int watch(pid_t night, const char *path, uint32_t most) {
    const struct timespec moment = {.tv_nsec = 2000000};
    int                   status;
    pid_t                 ended;
    while ((ended = waitpid(night, &status, WNOHANG)) == 0) {
        if (count_lines(path) >= most) {
            kill(night, SIGKILL);
            ended = waitpid(night, &status, 0);
            break;
        }
        nanosleep(&moment, NULL);
    }
    if (ended != night) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int supervise(const choice *c) {
    char path[4096];
    path_in(path, c, "ledger");
    for (uint32_t crashes = 0;; ++crashes) {
        const uint32_t most =
            crashes < c->crashes ? count_lines(path) + c->crash_after : UINT32_MAX;
        fflush(stdout);
        /* The process is forked off before there is a session: one that is forked off after has no
         * part in it. */
        const pid_t night = fork();
        if (night == 0) return run_night(c);
        if (night < 0) return perror("dispatch_system: fork"), 1;
        const int status = watch(night, path, most);
        if (status >= 0) return status;
        printf("\n---- killed with %" PRIu32 " things acknowledged; starting again ----\n\n",
               count_lines(path));
    }
}

/* ---- arguments ------------------------------------------------------------------------------ */

static bool read_number(const char *text, uint64_t most, uint64_t *out) {
    char *end;
    errno = 0;
    *out  = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && text[0] >= '0' && text[0] <= '9' && *out <= most;
}

static bool read_option(choice *c, const char *name, const char *text) {
    uint64_t   value   = 0;
    const bool is_seed = strcmp(name, "--seed") == 0;
    if (!text || !read_number(text, is_seed ? UINT64_MAX : 100000, &value)) return false;
    if (is_seed) return c->seed = value, true;
    if (strcmp(name, "--incidents") == 0) return c->incidents = (uint32_t)value, value > 0;
    if (strcmp(name, "--minutes") == 0) return c->minutes = (uint32_t)value, value > 0;
    if (strcmp(name, "--pace") == 0) return c->pace_ms = (uint32_t)value, true;
    if (strcmp(name, "--crash-after") == 0) return c->crash_after = (uint32_t)value, value > 0;
    if (strcmp(name, "--crashes") == 0) return c->crashes = (uint32_t)value, true;
    return false;
}

int main(int argc, char **argv) {
    choice c        = {.seed = 1, .incidents = 12, .minutes = 240, .pace_ms = 10, .crashes = 1};
    bool   is_right = argc >= 3 && argc % 2 == 1;
    for (int i = 3; is_right && i < argc; i += 2) is_right = read_option(&c, argv[i], argv[i + 1]);
    if (!is_right) {
        fprintf(stderr,
                "usage: %s STORE FOLDER [--seed N] [--incidents N] [--minutes N] [--pace MS]"
                " [--crash-after N] [--crashes N]\n",
                argv[0]);
        return 2;
    }
    c.store = argv[1], c.folder = argv[2];
    if (mkdir(c.folder, 0750) != 0 && errno != EEXIST) return perror(c.folder), 1;
    setvbuf(stdout, NULL, _IOLBF, 0); /* what was shown is not lost with the process */
    return c.crash_after > 0 ? supervise(&c) : run_night(&c);
}
