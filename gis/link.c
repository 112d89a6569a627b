/* The life of a connection: away -> connecting -> setting up -> ready <-> busy, and from anywhere back
 * to away, for a time that is drawn (backoff.c).
 *
 * libpq can do all of it without blocking (PostgreSQL manual, "Asynchronous Command Processing"),
 * if it is only asked to go on when its socket is ready. So each step asks the system first, without
 * waiting, and callers may step whenever they like.
 *
 * The server is trusted with nothing. Whatever is not one row of a text with its sum, or no rows at
 * all, means that the two of us do not understand each other: hang up, begin again. */
#include "gis/link.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gis/backoff.h"
#include "gis/connection_string.h"
#include "gis/memory.h"
#include "gis/postgis_connect.h"
#include "gis/sha256.h"

typedef enum link_phase { AWAY, CONNECTING, SETTING_UP, READY, BUSY } link_phase;

enum { TROUBLE_BYTES = 512, SQLSTATE_BYTES = 6, SETTING_COUNT = 3, NUMBER_BYTES = 12 };

struct mu_link {
    mu_texts    texts;
    const char *connection, *schema; /* in texts */
    uint32_t    connect_timeout_ms, answer_timeout_ms;
    char        statement_timeout[NUMBER_BYTES], lock_timeout[NUMBER_BYTES];
    mu_backoff  backoff;
    uint64_t (*now_ms)(void *user);
    void *now_user;

    PGconn                   *pg; /* NULL: away */
    link_phase                phase;
    PostgresPollingStatusType polling;     /* while connecting */
    uint64_t                  deadline_ms; /* connecting, setting up, busy */
    uint64_t                  retry_at_ms; /* away */
    uint64_t                  session;
    bool                      is_flushing; /* libpq has something left to send */
    bool                      is_noticed;  /* see mu_link_take_notice */

    mu_link_outcome outcome;
    muster_status   failure; /* of this step */
    PGresult       *result;  /* of the question, until all of it has come */
    char           *rows;    /* the answer, apart from what has been split */
    char           *next_row;
    char            sqlstate[SQLSTATE_BYTES];
    char            trouble[TROUBLE_BYTES];
};

/* ---- time ---------------------------------------------------------------------------- */

static uint64_t monotonic_ms(void *unused) {
    struct timespec now;
    (void)unused;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t mu_link_now_ms(const mu_link *l) {
    return l->now_ms(l->now_user);
}

/* Different for two that are made at once, on one machine or on two. */
static uint64_t any_seed(const mu_link *l) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec << 20 ^ (uint64_t)getpid() ^
           (uint64_t)(uintptr_t)l;
}

/* ---- troubles ------------------------------------------------------------------------ */

/* libpq's messages are several lines. */
static void say_trouble(mu_link *l, const char *what, const char *detail) {
    snprintf(l->trouble, sizeof l->trouble, "PostgreSQL: %s%s%.*s", what, *detail ? ": " : "",
             (int)strcspn(detail, "\n"), detail);
}

static void drop_answer(mu_link *l) {
    PQclear(l->result);
    mu_gis_free(l->rows);
    l->result = NULL;
    l->rows = l->next_row = NULL;
}

/* `what` is NULL where the trouble has been said. */
static void go_away(mu_link *l, const char *what, const char *detail) {
    if (what) say_trouble(l, what, detail);
    if (l->phase == BUSY) l->outcome = MU_LINK_LOST;
    drop_answer(l);
    PQfinish(l->pg);
    l->pg          = NULL;
    l->phase       = AWAY;
    l->retry_at_ms = mu_link_now_ms(l) + mu_backoff_next_ms(&l->backoff);
}

void mu_link_hang_up(mu_link *l, const char *why) {
    if (l->pg) go_away(l, why, "");
}

/* ---- answers ------------------------------------------------------------------------- */

/* Nothing at all, as after LISTEN, or a text and its sum. */
static bool take_rows(mu_link *l, const PGresult *result) {
    if (PQresultStatus(result) == PGRES_COMMAND_OK) return true;
    char sum[MU_SHA256_HEX_BYTES];
    if (PQntuples(result) != 1 || PQnfields(result) != 2) return false;
    const char  *text = PQgetvalue(result, 0, 0);
    const size_t size = (size_t)PQgetlength(result, 0, 0);
    mu_sha256_hex(sum, text, size);
    if (strcmp(sum, PQgetvalue(result, 0, 1)) != 0) return false;
    l->failure = mu_gis_alloc(&l->rows, size + 1, 1);
    if (l->failure != MUSTER_OK) return false;
    memcpy(l->rows, text, size + 1);
    l->next_row = l->rows;
    return true;
}

bool mu_link_next_row(mu_link *l, uint32_t count, const char **column, bool *out_row) {
    *out_row = l->next_row && *l->next_row;
    if (!*out_row) return true;
    char *at  = l->next_row;
    char *end = strchr(at, 0x1E);
    if (!end) return false;
    *end        = 0;
    l->next_row = end + 1;
    for (uint32_t c = 0; c < count; ++c) {
        char *mark = strchr(at, 0x1F);
        if ((mark == NULL) != (c + 1 == count)) return false;
        column[c] = at;
        if (mark) *mark = 0, at = mark + 1;
    }
    return true;
}

/* ---- talking ------------------------------------------------------------------------- */

static void flush(mu_link *l) {
    const int left = PQflush(l->pg);
    l->is_flushing = left > 0;
    if (left < 0) go_away(l, "the connection is lost", PQerrorMessage(l->pg));
}

static void send(mu_link *l, const char *sql, int count, const char *const *value) {
    l->deadline_ms = mu_link_now_ms(l) + l->answer_timeout_ms;
    if (!PQsendQueryParams(l->pg, sql, count, NULL, value, NULL, NULL, 0)) {
        go_away(l, "the connection is lost", PQerrorMessage(l->pg));
    } else {
        flush(l);
    }
}

/* Parameters come back, so that what was damaged on the way there is seen as well. Isolation: the
 * functions look for what others have committed while they waited. What is acknowledged is durable,
 * whatever the default is. */
static const char SET_UP[] = MU_FRAMED(
    "$1, $2, $3, set_config('search_path', quote_ident($1) || ', public', false), "
    "set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false), "
    "set_config('default_transaction_isolation', 'read committed', false), "
    "set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), "
    "false)",
    "(SELECT 1) AS one", "1");

static void set_up(mu_link *l) {
    const char *const value[SETTING_COUNT] = {l->schema, l->statement_timeout, l->lock_timeout};
    l->phase                               = SETTING_UP;
    if (PQsetnonblocking(l->pg, 1) != 0) {
        go_away(l, "cannot connect", PQerrorMessage(l->pg));
        return;
    }
    send(l, SET_UP, SETTING_COUNT, value);
}

static bool is_set_up(mu_link *l) {
    const char *column[SETTING_COUNT + 5];
    bool        is_row;
    return mu_link_next_row(l, SETTING_COUNT + 5, column, &is_row) && is_row &&
           strcmp(column[0], l->schema) == 0 && strcmp(column[1], l->statement_timeout) == 0 &&
           strcmp(column[2], l->lock_timeout) == 0;
}

/* All of the answer is there. */
static void finish(mu_link *l) {
    const ExecStatusType status        = PQresultStatus(l->result);
    const bool           is_setting_up = l->phase == SETTING_UP;
    const char          *message       = l->result ? PQresultErrorMessage(l->result) : "";
    if (status == PGRES_FATAL_ERROR && is_setting_up) {
        go_away(l, "cannot connect", message);
        return;
    }
    if (status == PGRES_FATAL_ERROR) {
        const char *state = PQresultErrorField(l->result, PG_DIAG_SQLSTATE);
        const char *text  = PQresultErrorField(l->result, PG_DIAG_MESSAGE_PRIMARY);
        say_trouble(l, text ? text : message, "");
        snprintf(l->sqlstate, sizeof l->sqlstate, "%s", state ? state : "");
        l->outcome = MU_LINK_ERROR;
    } else if (!l->result || !take_rows(l, l->result) || (is_setting_up && !is_set_up(l))) {
        go_away(l, l->failure ? "out of memory" : "the answer is damaged", "");
        return;
    } else if (!is_setting_up) {
        l->outcome    = MU_LINK_ROWS;
        l->trouble[0] = 0;
        mu_backoff_succeed(&l->backoff);
    }
    if (is_setting_up) {
        ++l->session;
        drop_answer(l);
    }
    PQclear(l->result);
    l->result = NULL;
    l->phase  = READY;
}

/* A result that is none of these would be one of COPY, which was never asked for. */
static bool is_expected(const PGresult *result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_FATAL_ERROR;
}

/* The first result is the answer, unless a later one says that it is none. */
static bool keep_result(mu_link *l, PGresult *result) {
    const bool is_better = !l->result || PQresultStatus(result) == PGRES_FATAL_ERROR;
    const bool is_ok     = is_expected(result);
    PGresult  *other     = is_better ? l->result : result;
    if (is_better) l->result = result;
    PQclear(other);
    return is_ok;
}

static void take_results(mu_link *l) {
    while (!PQisBusy(l->pg)) {
        PGresult *result = PQgetResult(l->pg);
        if (PQstatus(l->pg) != CONNECTION_OK) {
            say_trouble(l, "", result ? PQresultErrorMessage(result) : "");
            PQclear(result);
            go_away(l, "the connection is lost", PQerrorMessage(l->pg));
            return;
        }
        if (!result) {
            finish(l);
            return;
        }
        if (!keep_result(l, result)) {
            go_away(l, "the answer is damaged", "");
            return;
        }
    }
}

static void take_notices(mu_link *l) {
    for (PGnotify *n; (n = PQnotifies(l->pg));) {
        l->is_noticed = true;
        PQfreemem(n);
    }
}

static void talk(mu_link *l) {
    if (l->is_flushing) flush(l);
    if (!l->pg) return;
    if (!PQconsumeInput(l->pg)) {
        go_away(l, "the connection is lost", PQerrorMessage(l->pg));
        return;
    }
    if (l->phase == SETTING_UP || l->phase == BUSY) take_results(l);
    if (l->pg) take_notices(l);
}

/* ---- connecting ---------------------------------------------------------------------- */

static void start(mu_link *l) {
    /* Later keywords win, and dbname is expanded in its place: what comes before it are defaults. */
    const char *const keywords[] = {"application_name", "dbname", "client_encoding", NULL};
    const char *const values[]   = {"muster", l->connection, "UTF8", NULL};
    l->pg                        = PQconnectStartParams(keywords, values, 1);
    if (l->pg) PQsetNoticeReceiver(l->pg, mu_postgis_ignore_notice, NULL);
    l->phase       = CONNECTING;
    l->polling     = PGRES_POLLING_WRITING;
    l->is_flushing = false;
    l->deadline_ms = mu_link_now_ms(l) + l->connect_timeout_ms;
    if (!l->pg || PQstatus(l->pg) == CONNECTION_BAD) {
        go_away(l, "cannot connect", l->pg ? PQerrorMessage(l->pg) : "out of memory");
    }
}

static bool is_ready_for(int fd, short events) {
    struct pollfd waiting = {.fd = fd, .events = events};
    return poll(&waiting, 1, 0) > 0;
}

static void go_on_connecting(mu_link *l) {
    const short events = l->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!is_ready_for(PQsocket(l->pg), events)) return;
    l->polling = PQconnectPoll(l->pg);
    if (l->polling == PGRES_POLLING_OK) set_up(l);
    if (l->polling == PGRES_POLLING_FAILED) {
        go_away(l, "cannot connect", PQerrorMessage(l->pg));
    }
}

muster_status mu_link_step(mu_link *l) {
    l->failure = MUSTER_OK;
    if (l->phase == AWAY && mu_link_now_ms(l) >= l->retry_at_ms) start(l);
    if (l->phase == CONNECTING) {
        go_on_connecting(l);
    } else if (l->pg) {
        talk(l);
    }
    if (l->pg && l->phase != READY && mu_link_now_ms(l) >= l->deadline_ms) {
        go_away(l, l->phase == CONNECTING ? "cannot connect" : "the connection is lost",
                "no answer in time");
    }
    return l->failure;
}

muster_wait mu_link_wait(const mu_link *l) {
    const uint64_t now   = mu_link_now_ms(l),
                   until = l->phase == AWAY ? l->retry_at_ms : l->deadline_ms;
    muster_wait wait     = {.fd = -1, .timeout_ms = MUSTER_WAIT_MOST_MS};
    if (l->phase != READY) {
        const uint64_t left = until > now ? until - now : 0;
        if (left < wait.timeout_ms) wait.timeout_ms = (uint32_t)left;
    }
    if (!l->pg) return wait;
    wait.fd        = PQsocket(l->pg);
    wait.for_read  = l->phase != CONNECTING || l->polling == PGRES_POLLING_READING;
    wait.for_write = l->phase == CONNECTING ? !wait.for_read : l->is_flushing;
    return wait;
}

muster_status mu_wait_for(const muster_wait *wait, uint32_t timeout_ms) {
    struct pollfd  waiting = {.fd = wait->fd};
    const uint32_t least   = wait->timeout_ms < timeout_ms ? wait->timeout_ms : timeout_ms;
    if (wait->for_read) waiting.events |= POLLIN;
    if (wait->for_write) waiting.events |= POLLOUT;
    /* A signal ends the wait early, which does no harm. */
    if (poll(&waiting, wait->fd >= 0, (int)least) < 0 && errno != EINTR) {
        return muster_fail(MUSTER_E_IO, "cannot wait: %s", strerror(errno));
    }
    return MUSTER_OK;
}

/* ---- questions ----------------------------------------------------------------------- */

void mu_link_ask(mu_link *l, const char *sql, int count, const char *const *value) {
    drop_answer(l);
    l->outcome = MU_LINK_NOTHING;
    l->phase   = BUSY;
    send(l, sql, count, value);
}

void mu_link_forget(mu_link *l) {
    drop_answer(l);
    l->outcome = MU_LINK_NOTHING;
}

mu_link_outcome mu_link_get_outcome(const mu_link *l) {
    return l->outcome;
}

bool mu_link_is_ready(const mu_link *l) {
    return l->phase == READY;
}

bool mu_link_is_away(const mu_link *l) {
    return l->phase == AWAY;
}

uint64_t mu_link_session(const mu_link *l) {
    return l->session;
}

uint32_t mu_link_attempt(const mu_link *l) {
    return l->backoff.attempt;
}

bool mu_link_take_notice(mu_link *l) {
    const bool is_noticed = l->is_noticed;
    l->is_noticed         = false;
    return is_noticed;
}

const char *mu_link_sqlstate(const mu_link *l) {
    return l->sqlstate;
}

const char *mu_link_trouble(const mu_link *l) {
    return l->trouble;
}

/* ---- life ---------------------------------------------------------------------------- */

static muster_status check_connection(const char *connection) {
    if (!connection) return muster_fail(MUSTER_E_INVALID, "no connection string");
    const bool is_database = !strchr(connection, '=') && !strstr(connection, "://");
    return is_database ? MUSTER_OK : mu_connection_name(NULL, 0, connection);
}

static muster_status check_options(const muster_link_options *o) {
    if (!o) return muster_fail(MUSTER_E_INVALID, "no options of the connection");
    if (o->struct_size != sizeof *o) {
        return muster_fail(MUSTER_E_INVALID, "link options have struct_size %zu; expected %zu",
                           o->struct_size, sizeof *o);
    }
    MU_TRY(check_connection(o->connection));
    if (o->schema && *o->schema == 0) {
        return muster_fail(MUSTER_E_INVALID, "schema \"\"; expected a name");
    }
    const uint32_t timeout[] = {o->connect_timeout_ms, o->answer_timeout_ms,
                                o->statement_timeout_ms, o->lock_timeout_ms, o->backoff_most_ms};
    for (size_t i = 0; i < sizeof timeout / sizeof *timeout; ++i) {
        if (timeout[i] == 0 || timeout[i] > INT32_MAX) {
            return muster_fail(MUSTER_E_INVALID, "a timeout of %u ms; expected 1 to %d", timeout[i],
                               INT32_MAX);
        }
    }
    return MUSTER_OK;
}

static muster_status take_options(mu_link *l, const muster_link_options *o) {
    l->connect_timeout_ms = o->connect_timeout_ms;
    l->answer_timeout_ms  = o->answer_timeout_ms;
    l->now_ms             = o->now_ms ? o->now_ms : monotonic_ms;
    l->now_user           = o->now_user;
    snprintf(l->statement_timeout, NUMBER_BYTES, "%u", o->statement_timeout_ms);
    snprintf(l->lock_timeout, NUMBER_BYTES, "%u", o->lock_timeout_ms);
    mu_backoff_init(&l->backoff, o->backoff_first_ms, o->backoff_most_ms,
                    o->seed ? o->seed : any_seed(l));
    MU_TRY(mu_texts_keep(&l->texts, o->connection, &l->connection));
    return mu_texts_keep(&l->texts, o->schema ? o->schema : "muster", &l->schema);
}

muster_status mu_link_new(mu_link **out, const muster_link_options *options) {
    mu_link *l;
    *out = NULL;
    MU_TRY(check_options(options));
    MU_TRY(mu_gis_alloc_zeroed(&l, 1, sizeof *l));
    const muster_status status = take_options(l, options);
    if (status != MUSTER_OK) {
        mu_link_free(l);
        return status;
    }
    *out = l;
    return MUSTER_OK;
}

void mu_link_free(mu_link *l) {
    if (!l) return;
    drop_answer(l);
    PQfinish(l->pg);
    mu_texts_fini(&l->texts);
    mu_gis_free(l);
}
