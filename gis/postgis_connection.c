/* See postgis_connection.h.
 *
 * libpq's blocking calls wait for as long as the peer's kernel answers; so statements are sent, and their
 * answers waited for here, with an end (PostgreSQL manual, "Asynchronous Command Processing"). Only
 * connecting has a limit of libpq's own.
 *
 * What libpq says may be several lines and may end in a newline. Of what the server says of a failure the
 * first line is passed on, and of its detail, which for a violated constraint names the value. */
#include "gis/postgis_connection.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/connection_string.h"
#include "gis/memory.h"
#include "gis/postgis_connect.h"

enum {
    MAX_NAME_BYTES = 1024, /* of a table */
    NAME_BYTES     = 200,  /* of the connection, in messages */
    REPLY_MS       = 5000  /* longer than a statement may take: then nobody is there any more */
};

struct mu_postgis {
    PGconn        *connection;
    char           name[NAME_BYTES];
    mu_postgis_use use;
    int            silence_ms; /* wait so long for an answer; -1: for ever, as the user wants it */
    uint32_t       geometry_oid;
    PGresult      *columns; /* names and types */
    PGresult      *value;   /* of mu_postgis_value */
    char          *message; /* of COPY */
};

/* ---- what it is used for ----------------------------------------------------------------- */

/* What has to be known of this database: how long a statement may take, and the type of geometries. */
#define LOOK                                                                                       \
    "SELECT (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::int8, "   \
    "(SELECT oid FROM pg_type WHERE typname = 'geometry' AND typtype = 'b' LIMIT 1)"
#define BEGIN_READING "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; " LOOK
#define BEGIN_WRITING "BEGIN READ WRITE; " LOOK

static const struct {
    const char *begin;
    const char *limit, *longer; /* for a statement */
} USE[] = {[MU_POSTGIS_READS]  = {BEGIN_READING, "60s", "600s"},
           [MU_POSTGIS_WRITES] = {BEGIN_WRITING, "60s", "600s"},
           [MU_POSTGIS_DUMPS]  = {BEGIN_READING, "1h", "10h"},
           [MU_POSTGIS_LOADS]  = {BEGIN_WRITING, "1h", "10h"}};

/* ---- failures ------------------------------------------------------------------------ */

/* A query that is wrong, or a value in it, is not the server's failure; a right that is missing is. */
static muster_status status_of(const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state || strcmp(state, "42501") == 0) return MUSTER_E_IO;
    return strncmp(state, "22", 2) == 0 || strncmp(state, "42", 2) == 0 ? MUSTER_E_INVALID
                                                                        : MUSTER_E_IO;
}

/* What the user can do about it, where that is not plain. */
static void write_advice(char out[80], const mu_postgis *p, const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    out[0]            = 0;
    if (state && strcmp(state, "57014") == 0) {
        snprintf(out, 80, "; ?options=-cstatement_timeout=%s in the connection gives it longer",
                 USE[p->use].longer);
    }
}

static void write_doing(char out[120], const mu_postgis_doing *doing) {
    if (doing->what) {
        snprintf(out, 120, "%s", doing->what);
    } else if (doing->row == 0) {
        snprintf(out, 120, "table %.60s", doing->table);
    } else {
        snprintf(out, 120, "table %.60s, after row %llu", doing->table,
                 (unsigned long long)doing->row);
    }
}

/* `result` is NULL where the connection itself has failed. */
static muster_status failed(const mu_postgis *p, const PGresult *result,
                            const mu_postgis_doing *doing) {
    char        what[120], advice[80];
    const char *text   = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    if (!text) text = PQerrorMessage(p->connection);
    if (!detail) detail = "";
    write_doing(what, doing);
    write_advice(advice, p, result);
    const int length = (int)strcspn(text, "\n"), more = (int)strcspn(detail, "\n");
    return muster_fail(status_of(result), "\"%s\": %s: %.*s%s%.*s%s", p->name, what,
                       length > 0 ? length : 8, length > 0 ? text : "no words",
                       more > 0 ? "; " : "", more, detail, advice);
}

static muster_status cannot(const mu_postgis *p, const PGresult *result, const char *what) {
    return failed(p, result, &(mu_postgis_doing){.what = what});
}

/* ---- waiting ------------------------------------------------------------------------- */

static muster_status wait_for_input(mu_postgis *p, const mu_postgis_doing *doing) {
    struct pollfd socket = {.fd = PQsocket(p->connection), .events = POLLIN};
    int           count;
    do {
        count = poll(&socket, 1, p->silence_ms);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        return muster_fail(MUSTER_E_IO, "\"%s\": no answer for %d s", p->name,
                           p->silence_ms / 1000);
    }
    return count > 0 && PQconsumeInput(p->connection) ? MUSTER_OK : failed(p, NULL, doing);
}

/* The next result; NULL behind the last. */
static muster_status take_result(mu_postgis *p, PGresult **out, const mu_postgis_doing *doing) {
    *out = NULL;
    while (PQisBusy(p->connection)) MU_TRY(wait_for_input(p, doing));
    *out = PQgetResult(p->connection);
    return MUSTER_OK;
}

static bool has_failed(const PGresult *result) {
    const ExecStatusType status = PQresultStatus(result);
    return result && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE);
}

/* A COPY comes up again and again until it is ended. */
static bool is_copy(const PGresult *result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

/* The last result of what was sent, or the first that failed. */
static muster_status take_last(mu_postgis *p, PGresult **out, const mu_postgis_doing *doing) {
    PGresult *last = NULL;
    *out           = NULL;
    for (;;) {
        PGresult           *result;
        const muster_status status = take_result(p, &result, doing);
        if (status != MUSTER_OK) {
            PQclear(last);
            return status;
        }
        if (!result) break;
        PGresult *other = has_failed(last) ? result : last;
        last            = has_failed(last) ? last : result;
        PQclear(other);
        if (is_copy(last)) break;
    }
    *out = last;
    return MUSTER_OK;
}

/* The answer to what was sent, if it was, which is to end as expected; a row more than that does no harm.
 * *out is for PQclear. */
static muster_status take_answer(mu_postgis *p, PGresult **out, int is_sent,
                                 ExecStatusType expected, const char *what) {
    *out = NULL;
    if (!is_sent) return cannot(p, NULL, what);
    MU_TRY(take_last(p, out, &(mu_postgis_doing){.what = what}));
    const ExecStatusType found = PQresultStatus(*out);
    if (found == expected) return MUSTER_OK;
    if (found == PGRES_TUPLES_OK && expected == PGRES_COMMAND_OK) return MUSTER_OK;
    const muster_status status = cannot(p, *out, what);
    PQclear(*out);
    *out = NULL;
    return status;
}

/* ---- connection ---------------------------------------------------------------------- */

const char *mu_postgis_name(const mu_postgis *p) {
    return p->name;
}

/* Compiling a query that runs once (jit) costs more than it gains. */
static muster_status join_options(char **out, const char *connection, const char *schema,
                                  mu_postgis_use use) {
    char ours[200];
    snprintf(ours, sizeof ours, "-c jit=off -c statement_timeout=%s -c lock_timeout=10s %s%s",
             USE[use].limit, *schema ? "-c search_path=" : "", schema);
    return mu_connection_options(out, connection, ours);
}

static muster_status connect_to(mu_postgis *p, const char *connection, const char *options) {
    /* Later keywords win, and dbname is expanded in its doing: so those before it are defaults.
     * Without keepalives a peer that has gone is waited for, for hours. */
    const char *const keywords[] = {"connect_timeout",
                                    "application_name",
                                    "keepalives_idle",
                                    "keepalives_count",
                                    "keepalives_interval",
                                    "tcp_user_timeout",
                                    "dbname",
                                    "options",
                                    "client_encoding",
                                    NULL};
    const char *const values[]   = {"10",    "muster",   "10",    "3",    "5",
                                    "30000", connection, options, "UTF8", NULL};
    const char       *trouble    = mu_postgis_connect(&p->connection, keywords, values);
    if (!p->connection) return muster_fail(MUSTER_E_NOMEM, "out of memory: PostgreSQL connection");
    if (!trouble) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "\"%s\": cannot connect: %.*s", p->name,
                       (int)strcspn(trouble, "\n"), trouble);
}

static muster_status begin(mu_postgis *p) {
    PGresult *result;
    const int is_sent = PQsendQuery(p->connection, USE[p->use].begin);
    MU_TRY(take_answer(p, &result, is_sent, PGRES_TUPLES_OK, "cannot begin"));
    const long long limit_ms = atoll(PQgetvalue(result, 0, 0));
    p->geometry_oid          = (uint32_t)strtoul(PQgetvalue(result, 0, 1), NULL, 10);
    p->silence_ms = limit_ms > 0 && limit_ms < INT32_MAX - REPLY_MS ? (int)limit_ms + REPLY_MS : -1;
    PQclear(result);
    return MUSTER_OK;
}

static muster_status open_connection(mu_postgis *p, const char *connection, const char *schema) {
    char *options;
    MU_TRY(mu_connection_name(p->name, sizeof p->name, connection));
    MU_TRY(join_options(&options, connection, schema ? schema : "", p->use));
    p->silence_ms        = 60 * 1000;
    muster_status status = connect_to(p, connection, options);
    if (status == MUSTER_OK) status = begin(p);
    mu_gis_free(options);
    return status;
}

muster_status mu_postgis_open(mu_postgis **out, const char *connection, const char *schema,
                              mu_postgis_use use) {
    *out = NULL;
    mu_postgis *p;
    MU_TRY(mu_gis_alloc_zeroed(&p, 1, sizeof *p));
    p->use                     = use;
    const muster_status status = open_connection(p, connection, schema);
    if (status != MUSTER_OK) {
        mu_postgis_close(p);
        return status;
    }
    *out = p;
    return MUSTER_OK;
}

void mu_postgis_close(mu_postgis *p) {
    if (!p) return;
    PQfreemem(p->message);
    PQclear(p->value);
    PQclear(p->columns);
    PQfinish(p->connection);
    mu_gis_free(p);
}

/* ---- statements ---------------------------------------------------------------------- */

muster_status mu_postgis_run(mu_postgis *p, const char *sql, const char *what) {
    PGresult           *result;
    const int           is_sent = PQsendQuery(p->connection, sql);
    const muster_status status  = take_answer(p, &result, is_sent, PGRES_COMMAND_OK, what);
    PQclear(result);
    return status;
}

/* COMMIT of a transaction that has failed is a ROLLBACK, and says so. */
muster_status mu_postgis_commit(mu_postgis *p) {
    static const char CANNOT[] = "cannot commit";
    PGresult         *result;
    const int         is_sent = PQsendQuery(p->connection, "COMMIT");
    MU_TRY(take_answer(p, &result, is_sent, PGRES_COMMAND_OK, CANNOT));
    const bool          is_done = strcmp(PQcmdStatus(result), "COMMIT") == 0;
    const muster_status status  = is_done ? MUSTER_OK : cannot(p, result, CANNOT);
    PQclear(result);
    return status;
}

/* Texts, of types that the server finds out. */
muster_status mu_postgis_value(mu_postgis *p, const char *sql, uint32_t parameter_count,
                               const char *const *parameter, const char *what,
                               const char **out_text) {
    *out_text = NULL;
    const int is_sent =
        PQsendQueryParams(p->connection, sql, (int)parameter_count, NULL, parameter, NULL, NULL, 0);
    PQclear(p->value); /* only now: what has been sent may be of it */
    MU_TRY(take_answer(p, &p->value, is_sent, PGRES_COMMAND_OK, what));
    if (PQntuples(p->value) > 0 && !PQgetisnull(p->value, 0, 0)) {
        *out_text = PQgetvalue(p->value, 0, 0);
    }
    return MUSTER_OK;
}

/* ---- quoting ------------------------------------------------------------------------- */

/* libpq's memory becomes ours. */
static muster_status keep(mu_postgis *p, char **out, char *quoted) {
    *out = NULL;
    if (!quoted) {
        const char *text = PQerrorMessage(p->connection);
        return muster_fail(MUSTER_E_IO, "\"%s\": cannot quote: %.*s", p->name,
                           (int)strcspn(text, "\n"), text);
    }
    const size_t        size   = strlen(quoted) + 1;
    const muster_status status = mu_gis_alloc(out, size, 1);
    if (status == MUSTER_OK) memcpy(*out, quoted, size);
    PQfreemem(quoted);
    return status;
}

static muster_status quote_name(mu_postgis *p, char **out, const char *name, size_t length) {
    return keep(p, out, PQescapeIdentifier(p->connection, name, length));
}

muster_status mu_postgis_quote_text(mu_postgis *p, char **out, const char *text) {
    return keep(p, out, PQescapeLiteral(p->connection, text, strlen(text)));
}

static muster_status join(char **out, const char *schema, const char *name) {
    MU_TRY(mu_gis_alloc(out, strlen(schema) + strlen(name) + 2, 1));
    sprintf(*out, "%s.%s", schema, name);
    return MUSTER_OK;
}

muster_status mu_postgis_quote_table(mu_postgis *p, char **out, const char *table) {
    const char  *dot    = strchr(table, '.');
    const size_t length = strlen(table);
    *out                = NULL;
    if (length == 0 || length > MAX_NAME_BYTES || (dot && (dot == table || strchr(dot + 1, '.'))) ||
        table[length - 1] == '.') {
        return muster_fail(MUSTER_E_INVALID, "table \"%.64s\"; expected NAME or SCHEMA.NAME",
                           table);
    }
    if (!dot) return quote_name(p, out, table, length);
    char         *schema, *name = NULL;
    muster_status status = quote_name(p, &schema, table, (size_t)(dot - table));
    if (status == MUSTER_OK) status = quote_name(p, &name, dot + 1, strlen(dot + 1));
    if (status == MUSTER_OK) status = join(out, schema, name);
    mu_gis_free(schema);
    mu_gis_free(name);
    return status;
}

/* ---- columns ------------------------------------------------------------------------- */

static muster_status describe(mu_postgis *p, const char *sql, const char *what) {
    PGresult *result;
    int       is_sent = PQsendPrepare(p->connection, "", sql, 0, NULL);
    MU_TRY(take_answer(p, &result, is_sent, PGRES_COMMAND_OK, what));
    PQclear(result);
    is_sent = PQsendDescribePrepared(p->connection, "");
    MU_TRY(take_answer(p, &result, is_sent, PGRES_COMMAND_OK, what));
    PQclear(p->columns);
    p->columns = result;
    return MUSTER_OK;
}

/* Only the protocol of prepared statements refuses two in one: `SELECT 1) AS q; DROP ...` */
muster_status mu_postgis_describe(mu_postgis *p, const char *query, const char *what) {
    static const char SELECT[] = "SELECT * FROM (%s\n) AS q LIMIT 0";
    char             *sql;
    MU_TRY(mu_gis_alloc(&sql, sizeof SELECT + strlen(query), 1));
    sprintf(sql, SELECT, query);
    const muster_status status = describe(p, sql, what);
    mu_gis_free(sql);
    return status;
}

bool mu_postgis_has(const mu_postgis *p, const char *column) {
    for (int c = 0; c < PQnfields(p->columns); ++c) {
        if (strcmp(PQfname(p->columns, c), column) == 0) return true;
    }
    return false;
}

uint32_t mu_postgis_column_count(const mu_postgis *p) {
    return (uint32_t)PQnfields(p->columns);
}

const char *mu_postgis_column_name(const mu_postgis *p, uint32_t column) {
    return PQfname(p->columns, (int)column);
}

uint32_t mu_postgis_column_oid(const mu_postgis *p, uint32_t column) {
    return PQftype(p->columns, (int)column);
}

uint32_t mu_postgis_geometry_oid(const mu_postgis *p) {
    return p->geometry_oid;
}

/* ---- COPY to us ---------------------------------------------------------------------- */

muster_status mu_postgis_send(mu_postgis *p, const char *sql, const mu_postgis_doing *doing) {
    return PQsendQuery(p->connection, sql) ? MUSTER_OK : failed(p, NULL, doing);
}

/* The next result, which is to be `expected`; *out is for PQclear. */
static muster_status expect(mu_postgis *p, PGresult **out, ExecStatusType expected,
                            const mu_postgis_doing *doing) {
    MU_TRY(take_result(p, out, doing));
    if (PQresultStatus(*out) == expected) return MUSTER_OK;
    const muster_status status = failed(p, *out, doing);
    PQclear(*out);
    *out = NULL;
    return status;
}

muster_status mu_postgis_start_pair(mu_postgis *p, const mu_postgis_doing *doing) {
    PGresult *copy;
    PQclear(p->columns);
    MU_TRY(expect(p, &p->columns, PGRES_TUPLES_OK, doing));
    MU_TRY(expect(p, &copy, PGRES_COPY_OUT, doing));
    PQclear(copy);
    return MUSTER_OK;
}

/* The messages have ended; only now the server says whether it could send them all. */
static muster_status finish_pair(mu_postgis *p, const mu_postgis_doing *doing) {
    PGresult *result;
    MU_TRY(expect(p, &result, PGRES_COMMAND_OK, doing));
    PQclear(result);
    return MUSTER_OK;
}

muster_status mu_postgis_take_message(mu_postgis *p, const mu_postgis_doing *doing,
                                      unsigned char **out_bytes, uint32_t *out_size) {
    int size;
    PQfreemem(p->message);
    p->message = NULL;
    *out_bytes = NULL;
    while ((size = PQgetCopyData(p->connection, &p->message, 1)) == 0) {
        MU_TRY(wait_for_input(p, doing));
    }
    if (size < -1) return failed(p, NULL, doing);
    if (size == -1) return finish_pair(p, doing);
    *out_bytes = (unsigned char *)p->message;
    *out_size  = (uint32_t)size;
    return MUSTER_OK;
}

muster_status mu_postgis_end_pairs(mu_postgis *p, const mu_postgis_doing *doing) {
    PGresult *result;
    MU_TRY(take_result(p, &result, doing));
    const muster_status status = result ? failed(p, result, doing) : MUSTER_OK;
    PQclear(result);
    return status;
}

/* ---- COPY to the server -------------------------------------------------------------- */

static const char CANNOT_WRITE[] = "cannot write";

muster_status mu_postgis_put_start(mu_postgis *p, const char *sql) {
    PGresult           *result;
    const int           is_sent = PQsendQuery(p->connection, sql);
    const muster_status status  = take_answer(p, &result, is_sent, PGRES_COPY_IN, CANNOT_WRITE);
    PQclear(result);
    return status;
}

muster_status mu_postgis_put(mu_postgis *p, const void *bytes, size_t size) {
    const bool is_ok = PQputCopyData(p->connection, bytes, (int)size) == 1;
    return is_ok ? MUSTER_OK : cannot(p, NULL, CANNOT_WRITE);
}

muster_status mu_postgis_put_end(mu_postgis *p) {
    PGresult           *result;
    const bool          is_sent = PQputCopyEnd(p->connection, NULL) == 1;
    const muster_status status  = take_answer(p, &result, is_sent, PGRES_COMMAND_OK, CANNOT_WRITE);
    PQclear(result);
    return status;
}
