/* PostgreSQL's binary COPY: the fastest way out of a database and into it, and one that is read
 * with a bounds check a field (format: PostgreSQL manual, COPY, "Binary Format").
 *
 * COPY does not say what its columns are, and libpq's pipeline mode has no COPY. Both are got round
 * by the simple protocol, which takes several statements in one message: before each COPY goes the
 * same query for no row at all, whose answer is names and types, and all of them go together, so
 * that the server works on the second table while the first is read here.
 *
 * The server is trusted with nothing: every length is checked against the message it came
 * in before anything is read. A libpq message may be several lines and may end in a newline;
 * the first line is passed on. */
#include "gis/postgis.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/memory.h"
#include "gis/postgis_cell.h"
#include "gis/postgis_connect.h"

enum {
    MAX_COLUMNS    = 32,
    PUT_BYTES      = 1 << 16,
    ROW_BYTES      = 22,
    MAX_NAME_BYTES = 1024, /* of a table */
    NAME_BYTES     = 200,  /* of the connection, in messages */
    REPLY_MS       = 5000  /* longer than a statement may take: then nobody is there any more */
};

struct mu_postgis {
    mu_row   row; /* the first member: a row leads to its connection */
    PGconn  *connection;
    char     name[NAME_BYTES];
    int      silence_ms; /* wait so long for an answer; -1: for ever, as the user wants it */
    uint32_t geometry_oid;

    char        *asked; /* statements that are not sent yet */
    size_t       asked_bytes, asked_capacity;
    const char **table; /* of all queries, also those sent */
    size_t       table_count, table_capacity, read_count, sent_count;

    PGresult       *columns; /* their names, of the rows in hand */
    uint32_t        column_count;
    mu_postgis_type type[MAX_COLUMNS];
    mu_cell         cell[MAX_COLUMNS];
    char            moment[MAX_COLUMNS][MU_INSTANT_BYTES];
    char           *message; /* of COPY, libpq's */
    uint64_t        row_number;
    bool            is_started; /* the header has been read */

    char *put; /* [PUT_BYTES] rows that are on their way to the server; NULL: none were */
    int   put_size;
};

/* ---- failures ------------------------------------------------------------------------ */

/* A query that is wrong, or a value in it, is not the server's failure; a right that is missing is. */
static muster_status status_of(const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state || strcmp(state, "42501") == 0) return MUSTER_E_IO;
    return strncmp(state, "22", 2) == 0 || strncmp(state, "42", 2) == 0 ? MUSTER_E_INVALID
                                                                        : MUSTER_E_IO;
}

/* What the user can do about it, where that is not plain. */
static const char *advice_for(const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state && strcmp(state, "57014") == 0) {
        return "; ?options=-cstatement_timeout=600s in the connection gives it longer";
    }
    return "";
}

/* `what` could not be done; `result` is NULL where the connection itself has failed. */
static muster_status server_failed(const mu_postgis *p, const PGresult *result, const char *what) {
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!text) text = PQerrorMessage(p->connection);
    const int length = (int)strcspn(text, "\n");
    return muster_fail(status_of(result), "\"%s\": %s: %.*s%s", p->name, what,
                       length > 0 ? length : 8, length > 0 ? text : "no words", advice_for(result));
}

static muster_status damaged(const mu_postgis *p, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "\"%s\": table %s, row %llu of the answer is damaged: %s",
                       p->name, p->row.table, (unsigned long long)p->row_number, what);
}

static muster_status reading_failed(const mu_postgis *p, const PGresult *result) {
    char what[120];
    if (p->row_number > 0) {
        snprintf(what, sizeof what, "table %.60s, after row %llu", p->row.table,
                 (unsigned long long)p->row_number);
    } else {
        snprintf(what, sizeof what, "table %.60s", p->row.table);
    }
    return server_failed(p, result, what);
}

/* ---- waiting ------------------------------------------------------------------------- */

static muster_status wait_for_input(mu_postgis *p) {
    struct pollfd socket = {.fd = PQsocket(p->connection), .events = POLLIN};
    int           count;
    do {
        count = poll(&socket, 1, p->silence_ms);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        return muster_fail(MUSTER_E_IO, "\"%s\": no answer for %d s", p->name,
                           p->silence_ms / 1000);
    }
    if (count < 0 || !PQconsumeInput(p->connection)) {
        return p->row.table ? reading_failed(p, NULL) : server_failed(p, NULL, "no answer");
    }
    return MUSTER_OK;
}

/* The next result; NULL behind the last. */
static muster_status take_result(mu_postgis *p, PGresult **out) {
    *out = NULL;
    while (PQisBusy(p->connection)) MU_TRY(wait_for_input(p));
    *out = PQgetResult(p->connection);
    return MUSTER_OK;
}

static bool has_failed(const PGresult *result) {
    const ExecStatusType status = PQresultStatus(result);
    return result && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE);
}

/* The last result of what was sent, or the first that failed. */
static muster_status take_last(mu_postgis *p, PGresult **out) {
    PGresult *last = NULL;
    *out           = NULL;
    for (;;) {
        PGresult           *result;
        const muster_status status = take_result(p, &result);
        if (status != MUSTER_OK) {
            PQclear(last);
            return status;
        }
        if (!result) break;
        PGresult *other = has_failed(last) ? result : last;
        last            = has_failed(last) ? last : result;
        PQclear(other);
        if (PQresultStatus(last) == PGRES_COPY_IN) break; /* which is ended by us */
    }
    *out = last;
    return MUSTER_OK;
}

/* Send statements; the last of them is to end as expected. *out is for PQclear. */
static muster_status execute(mu_postgis *p, PGresult **out, const char *sql,
                             ExecStatusType expected, const char *what) {
    *out = NULL;
    if (!PQsendQuery(p->connection, sql)) return server_failed(p, NULL, what);
    MU_TRY(take_last(p, out));
    if (PQresultStatus(*out) == expected) return MUSTER_OK;
    const muster_status status = server_failed(p, *out, what);
    PQclear(*out);
    *out = NULL;
    return status;
}

static muster_status run(mu_postgis *p, const char *sql, ExecStatusType expected,
                         const char *what) {
    PGresult           *result;
    const muster_status status = execute(p, &result, sql, expected, what);
    PQclear(result);
    return status;
}

muster_status mu_postgis_run(mu_postgis *p, const char *sql, const char *what) {
    return run(p, sql, PGRES_COMMAND_OK, what);
}

/* ---- the name of a connection --------------------------------------------------------- */

static const char *option(const PQconninfoOption *options, const char *keyword) {
    for (; options->keyword; ++options) {
        if (strcmp(options->keyword, keyword) == 0) return options->val ? options->val : "";
    }
    return "";
}

/* A password with an @, a / or a : in it makes parts of it appear as host, port or database. */
static bool is_split_rightly(const PQconninfoOption *options) {
    const char *port = option(options, "port");
    return !strchr(option(options, "host"), '@') && !strchr(option(options, "dbname"), '@') &&
           port[strspn(port, "0123456789,")] == 0;
}

static void print_name(char *out, size_t room, const PQconninfoOption *options) {
    const char *host = option(options, "host"), *port = option(options, "port");
    const bool  is_folder = host[0] == '/';
    snprintf(out, room, "postgresql://%s%s%s/%s", is_folder ? "" : host,
             *port && !is_folder ? ":" : "", is_folder ? "" : port, option(options, "dbname"));
}

muster_status mu_postgis_name_of(char *out, size_t room, const char *connection) {
    char             *reason  = NULL; /* which may quote the password */
    PQconninfoOption *options = PQconninfoParse(connection, &reason);
    const bool        is_ok   = options && is_split_rightly(options);
    if (is_ok) print_name(out, room, options);
    PQconninfoFree(options);
    PQfreemem(reason);
    if (is_ok) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the connection cannot be read; expected "
                       "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %%40 for @, %%2F for / "
                       "and %%3A for : in a password");
}

const char *mu_postgis_name(const mu_postgis *p) {
    return p->name;
}

/* ---- connection ---------------------------------------------------------------------- */

/* The server takes the last of several settings: so ours are defaults, and the connection string's,
 * or PGOPTIONS, come behind them. Compiling a query that runs once (jit) costs more than it gains. */
static muster_status join_options(char **out, const char *connection, const char *schema) {
    static const char OURS[]  = "-c jit=off -c statement_timeout=60s -c lock_timeout=10s %s%s %s";
    PQconninfoOption *options = PQconninfoParse(connection, NULL);
    const char       *theirs  = options ? option(options, "options") : "";
    const char       *default_options = getenv("PGOPTIONS");
    if (!*theirs && default_options) theirs = default_options;
    const size_t        room   = sizeof OURS + strlen(theirs) + strlen(schema) + 32;
    const muster_status status = mu_gis_alloc(out, room, 1);
    if (status == MUSTER_OK) {
        snprintf(*out, room, OURS, *schema ? "-c search_path=" : "", schema, theirs);
    }
    PQconninfoFree(options);
    return status;
}

static muster_status connect_to(mu_postgis *p, const char *connection, const char *options) {
    /* Later keywords win, and dbname is expanded in its place: so those before it are defaults.
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

/* What has to be known of this database: how long a statement may take, and the type of geometries. */
#define LOOK                                                                                       \
    "SELECT (extract(epoch FROM current_setting('statement_timeout')::interval) * 1000)::int8, "   \
    "(SELECT oid FROM pg_type WHERE typname = 'geometry' AND typtype = 'b' LIMIT 1)"

static muster_status begin(mu_postgis *p, mu_postgis_use use) {
    static const char *const BEGIN[] = {
        [MU_POSTGIS_READS]  = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; " LOOK,
        [MU_POSTGIS_WRITES] = "BEGIN READ WRITE; " LOOK};
    PGresult *result;
    MU_TRY(execute(p, &result, BEGIN[use], PGRES_TUPLES_OK, "cannot begin"));
    const long long limit_ms = atoll(PQgetvalue(result, 0, 0));
    p->geometry_oid          = (uint32_t)strtoul(PQgetvalue(result, 0, 1), NULL, 10);
    p->silence_ms = limit_ms > 0 && limit_ms < INT32_MAX - REPLY_MS ? (int)limit_ms + REPLY_MS : -1;
    PQclear(result);
    return MUSTER_OK;
}

static muster_status open_connection(mu_postgis *p, const char *connection, const char *schema,
                                     mu_postgis_use use) {
    char *options;
    MU_TRY(mu_postgis_name_of(p->name, sizeof p->name, connection));
    MU_TRY(join_options(&options, connection, schema ? schema : ""));
    p->silence_ms        = 60 * 1000;
    muster_status status = connect_to(p, connection, options);
    if (status == MUSTER_OK) status = begin(p, use);
    mu_gis_free(options);
    return status;
}

muster_status mu_postgis_open(mu_postgis **out, const char *connection, const char *schema,
                              mu_postgis_use use) {
    *out = NULL;
    mu_postgis *p;
    MU_TRY(mu_gis_alloc_zeroed(&p, 1, sizeof *p));
    const muster_status status = open_connection(p, connection, schema, use);
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
    PQclear(p->columns);
    PQfinish(p->connection);
    mu_gis_free(p->asked);
    mu_gis_free(p->table);
    mu_gis_free(p->put);
    mu_gis_free(p);
}

muster_status mu_postgis_commit(mu_postgis *p) {
    return mu_postgis_run(p, "COMMIT", "cannot commit");
}

/* ---- quoting ------------------------------------------------------------------------- */

/* libpq's memory becomes ours. */
static muster_status keep(mu_postgis *p, char **out, char *quoted) {
    *out = NULL;
    if (!quoted) return server_failed(p, NULL, "cannot quote");
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

/* ---- the columns of a query ------------------------------------------------------------ */

static muster_status describe(mu_postgis *p, const char *sql, const char *what) {
    PGresult *result;
    if (!PQsendPrepare(p->connection, "", sql, 0, NULL)) return server_failed(p, NULL, what);
    MU_TRY(take_last(p, &result));
    muster_status status = has_failed(result) ? server_failed(p, result, what) : MUSTER_OK;
    PQclear(result);
    MU_TRY(status);
    if (!PQsendDescribePrepared(p->connection, "")) return server_failed(p, NULL, what);
    MU_TRY(take_last(p, &result));
    status = has_failed(result) ? server_failed(p, result, what) : MUSTER_OK;
    if (status == MUSTER_OK) {
        PQclear(p->columns);
        p->columns = result;
    } else {
        PQclear(result);
    }
    return status;
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

/* ---- asking -------------------------------------------------------------------------- */

static muster_status append(mu_postgis *p, const char *text) {
    const size_t bytes = strlen(text);
    if (p->asked_bytes + bytes + 1 > p->asked_capacity) {
        const size_t larger = (p->asked_bytes + bytes + 1) * 2;
        MU_TRY(mu_gis_realloc(&p->asked, larger, 1));
        p->asked_capacity = larger;
    }
    memcpy(p->asked + p->asked_bytes, text, bytes + 1);
    p->asked_bytes += bytes;
    return MUSTER_OK;
}

muster_status mu_postgis_ask(mu_postgis *p, const char *table, const char *sql) {
    MU_TRY(mu_gis_grow(&p->table, &p->table_capacity, p->table_count, sizeof *p->table));
    MU_TRY(append(p, "SELECT * FROM ("));
    MU_TRY(append(p, sql));
    MU_TRY(append(p, ") AS q LIMIT 0; COPY ("));
    MU_TRY(append(p, sql));
    MU_TRY(append(p, ") TO STDOUT (FORMAT binary);"));
    p->table[p->table_count++] = table;
    return MUSTER_OK;
}

static muster_status take_end(mu_postgis *p) {
    PGresult *result;
    MU_TRY(take_result(p, &result));
    const muster_status status = result ? reading_failed(p, result) : MUSTER_OK;
    PQclear(result);
    return status;
}

static muster_status send_asked(mu_postgis *p) {
    const bool is_ok = PQsendQuery(p->connection, p->asked) == 1;
    p->sent_count    = p->table_count;
    p->asked_bytes   = 0;
    return is_ok ? MUSTER_OK : reading_failed(p, NULL);
}

/* ---- rows ---------------------------------------------------------------------------- */

static const unsigned char SIGNATURE[11] = {'P',  'G',  'C',  'O',  'P', 'Y',
                                            '\n', 0xFF, '\r', '\n', 0};

static uint64_t big_endian(const unsigned char *bytes, uint32_t count) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
    return value;
}

/* The next result, which is to be `expected`; *out is for PQclear. */
static muster_status expect(mu_postgis *p, PGresult **out, ExecStatusType expected) {
    MU_TRY(take_result(p, out));
    if (PQresultStatus(*out) == expected) return MUSTER_OK;
    const muster_status status = reading_failed(p, *out);
    PQclear(*out);
    *out = NULL;
    return status;
}

static muster_status take_columns(mu_postgis *p) {
    PQclear(p->columns);
    p->columns = NULL;
    MU_TRY(expect(p, &p->columns, PGRES_TUPLES_OK));
    p->column_count = (uint32_t)PQnfields(p->columns);
    if (p->column_count > MAX_COLUMNS) return damaged(p, "too many columns");
    for (uint32_t c = 0; c < p->column_count; ++c) {
        p->type[c] = mu_postgis_type_of(PQftype(p->columns, (int)c), p->geometry_oid);
    }
    return MUSTER_OK;
}

static muster_status start(mu_postgis *p) {
    PGresult *copy;
    p->row.table = p->table[p->read_count];
    if (p->read_count == p->sent_count) MU_TRY(send_asked(p));
    p->read_count += 1;
    p->row_number = 0;
    p->is_started = false;
    MU_TRY(take_columns(p));
    MU_TRY(expect(p, &copy, PGRES_COPY_OUT));
    PQclear(copy);
    return MUSTER_OK;
}

/* The signature, flags and an extension, before the first row. */
static muster_status skip_header(mu_postgis *p, unsigned char **at, uint32_t *left) {
    enum { FIXED = sizeof SIGNATURE + 8 };
    if (*left < FIXED || memcmp(*at, SIGNATURE, sizeof SIGNATURE) != 0) {
        return damaged(p, "no COPY signature");
    }
    const uint64_t extension = big_endian(*at + sizeof SIGNATURE + 4, 4);
    if (extension > *left - FIXED) return damaged(p, "a header longer than its message");
    *at += FIXED + extension;
    *left -= (uint32_t)(FIXED + extension);
    p->is_started = true;
    return MUSTER_OK;
}

static muster_status split_row(mu_postgis *p, unsigned char *at, uint32_t left, bool *out_row) {
    if (left < 2) return damaged(p, "no column count");
    const uint64_t count = big_endian(at, 2);
    at += 2;
    left -= 2;
    *out_row = count != 0xFFFF; /* the trailer */
    if (!*out_row) return MUSTER_OK;
    ++p->row_number;
    if (count != p->column_count) return damaged(p, "another number of columns");
    for (uint32_t c = 0; c < p->column_count; ++c) {
        if (left < MU_POSTGIS_LEAD_BYTES) return damaged(p, "a column without length");
        const uint32_t size = (uint32_t)big_endian(at, MU_POSTGIS_LEAD_BYTES);
        at += MU_POSTGIS_LEAD_BYTES;
        left -= MU_POSTGIS_LEAD_BYTES;
        p->cell[c] = (mu_cell){.type = MU_CELL_NULL};
        if (size == UINT32_MAX) continue; /* NULL */
        if (size > left) return damaged(p, "a column longer than its row");
        if (!mu_postgis_cell(&p->cell[c], p->type[c], at, size, p->moment[c])) {
            return damaged(p, PQfname(p->columns, (int)c));
        }
        at += size;
        left -= size;
    }
    return MUSTER_OK;
}

/* The rows have ended; only now the server says whether it could send them all. */
static muster_status finish(mu_postgis *p) {
    PGresult *result;
    MU_TRY(expect(p, &result, PGRES_COMMAND_OK));
    PQclear(result);
    return p->read_count == p->sent_count ? take_end(p) : MUSTER_OK;
}

/* A message of COPY; *out_bytes is -1 behind the last. */
static muster_status take_message(mu_postgis *p, int *out_bytes) {
    PQfreemem(p->message);
    p->message = NULL;
    for (;;) {
        *out_bytes = PQgetCopyData(p->connection, &p->message, 1);
        if (*out_bytes < -1) return reading_failed(p, NULL);
        if (*out_bytes != 0) return MUSTER_OK;
        MU_TRY(wait_for_input(p));
    }
}

/* Go to the next row; *out_row is false behind the last. */
static muster_status next(mu_postgis *p, bool *out_row) {
    for (*out_row = false;;) {
        int bytes;
        MU_TRY(take_message(p, &bytes));
        if (bytes == -1) return finish(p);
        unsigned char *at   = (unsigned char *)p->message;
        uint32_t       left = (uint32_t)bytes;
        if (!p->is_started) MU_TRY(skip_header(p, &at, &left));
        if (left > 0) MU_TRY(split_row(p, at, left, out_row)); /* the header may come alone */
        if (*out_row) return MUSTER_OK;
    }
}

static muster_status take_cell(const mu_row *row, int column, mu_cell *out) {
    *out = ((const mu_postgis *)row)->cell[column];
    return MUSTER_OK;
}

static const char *column_name(const mu_row *row, int column) {
    return PQfname(((const mu_postgis *)row)->columns, column);
}

muster_status mu_postgis_read(mu_postgis *p, mu_read_row *read_row, void *user) {
    p->row = (mu_row){.store = p->name, .take = take_cell, .column_name = column_name};
    MU_TRY(start(p));
    for (bool there;;) {
        MU_TRY(next(p, &there));
        if (!there) break;
        MU_TRY(read_row(user, &p->row));
    }
    p->row.table = NULL;
    return MUSTER_OK;
}

/* ---- copy to the server -------------------------------------------------------------- */

static void put_big_endian(char *at, uint64_t value, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) at[i] = (char)(value >> 8 * (count - 1 - i));
}

static muster_status send_put(mu_postgis *p) {
    const bool is_ok = PQputCopyData(p->connection, p->put, p->put_size) == 1;
    p->put_size      = 0;
    return is_ok ? MUSTER_OK : server_failed(p, NULL, "cannot write");
}

muster_status mu_postgis_put_start(mu_postgis *p, const char *quoted_table) {
    static const char START[] = "COPY ", END[] = " FROM STDIN (FORMAT binary)";
    char             *sql;
    if (!p->put) MU_TRY(mu_gis_alloc(&p->put, PUT_BYTES, 1));
    MU_TRY(mu_gis_alloc(&sql, strlen(quoted_table) + sizeof START + sizeof END, 1));
    sprintf(sql, "%s%s%s", START, quoted_table, END);
    memcpy(p->put, SIGNATURE, sizeof SIGNATURE);
    put_big_endian(p->put + sizeof SIGNATURE, 0, 8); /* no flags, no extension */
    p->put_size                = sizeof SIGNATURE + 8;
    const muster_status status = run(p, sql, PGRES_COPY_IN, "cannot write");
    mu_gis_free(sql);
    return status;
}

muster_status mu_postgis_put(mu_postgis *p, int64_t first, int32_t second) {
    if (p->put_size > PUT_BYTES - ROW_BYTES) MU_TRY(send_put(p));
    char *row = p->put + p->put_size;
    put_big_endian(row, 2, 2); /* columns, and each with its length before it */
    put_big_endian(row + 2, 8, 4);
    put_big_endian(row + 6, (uint64_t)first, 8);
    put_big_endian(row + 14, 4, 4);
    put_big_endian(row + 18, (uint32_t)second, 4);
    p->put_size += ROW_BYTES;
    return MUSTER_OK;
}

/* Only now the server says whether it has taken them all. */
muster_status mu_postgis_put_end(mu_postgis *p) {
    PGresult *result;
    if (p->put_size > PUT_BYTES - 2) MU_TRY(send_put(p));
    put_big_endian(p->put + p->put_size, 0xFFFF, 2); /* the trailer */
    p->put_size += 2;
    MU_TRY(send_put(p));
    if (PQputCopyEnd(p->connection, NULL) != 1) return server_failed(p, NULL, "cannot write");
    MU_TRY(take_last(p, &result));
    const muster_status status = PQresultStatus(result) == PGRES_COMMAND_OK
                                     ? MUSTER_OK
                                     : server_failed(p, result, "cannot write");
    PQclear(result);
    return status;
}
