/* See postgis_session.h.
 *
 * The server is trusted with nothing: every length is checked against the message it came in before
 * anything is read (format: PostgreSQL manual, COPY, "Binary Format"). A libpq message may be several
 * lines; the first two are passed on, since of a violated constraint the second names the value. */
#include "gis/postgis_session.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "gis/memory.h"
#include "gis/postgis_connect.h"

enum { PUT_BYTES = 1 << 16 };

struct mu_session {
    PGconn   *connection;
    PGresult *answer;  /* of the last question */
    char     *message; /* of COPY, libpq's */
    uint64_t  row;
    uint32_t  column_count;
    bool      is_started; /* the header has been read */
    char     *put;        /* [PUT_BYTES] rows that are on their way to the server */
    size_t    put_size;
};

/* ---- failures ------------------------------------------------------------------------ */

/* "ERROR:  duplicate key ...\nDETAIL:  Key (code)=(T1) already exists.\n" */
static muster_status failed(const mu_session *s, const char *what) {
    const char *text   = PQerrorMessage(s->connection);
    const int   first  = (int)strcspn(text, "\n");
    const char *detail = strstr(text, "\nDETAIL:  ");
    const int   second = detail ? (int)strcspn(detail + 1, "\n") : 0;
    return muster_fail(MUSTER_E_IO, "PostgreSQL: %s: %.*s%s%.*s", what, first, text,
                       detail ? "; " : "", second, detail ? detail + 1 : "");
}

static muster_status damaged(const mu_session *s, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "PostgreSQL: row %llu of the answer is damaged: %s",
                       (unsigned long long)s->row, what);
}

/* ---- connection ---------------------------------------------------------------------- */

static muster_status run(mu_session *s, const char *sql, ExecStatusType expected,
                         const char *what) {
    PGresult            *result = PQexec(s->connection, sql);
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    /* Where a last statement is a SELECT, its row is not asked for. */
    const bool is_ok =
        status == expected || (expected == PGRES_COMMAND_OK && status == PGRES_TUPLES_OK);
    return is_ok ? MUSTER_OK : failed(s, what);
}

static muster_status connect_to(mu_session *s, const char *connection) {
    /* Later keywords win, and dbname is expanded in its place: so these are defaults. */
    const char *const keywords[] = {"connect_timeout", "options", "application_name",
                                    "client_encoding", "dbname",  NULL};
    const char *const values[]   = {
          "10", "-c statement_timeout=1h -c lock_timeout=10s", "muster", "UTF8", connection, NULL};
    const char *trouble = mu_postgis_connect(&s->connection, keywords, values);
    if (!s->connection) return muster_fail(MUSTER_E_NOMEM, "out of memory: PostgreSQL connection");
    if (!trouble) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "PostgreSQL: cannot connect: %.*s", (int)strcspn(trouble, "\n"),
                       trouble);
}

muster_status mu_session_run(mu_session *s, const char *sql, const char *what) {
    return run(s, sql, PGRES_COMMAND_OK, what);
}

muster_status mu_session_open(mu_session **out, const char *connection, mu_session_use use) {
    const char *begin = use == MU_SESSION_READS ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                : "BEGIN READ WRITE";
    mu_session *s;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    muster_status status = connect_to(s, connection);
    if (status == MUSTER_OK) status = mu_session_run(s, begin, "cannot begin");
    if (status != MUSTER_OK) {
        mu_session_close(s);
        return status;
    }
    *out = s;
    return MUSTER_OK;
}

void mu_session_close(mu_session *s) {
    if (!s) return;
    PQclear(s->answer);
    PQfreemem(s->message);
    PQfinish(s->connection);
    mu_gis_free(s->put);
    mu_gis_free(s);
}

/* COMMIT of a transaction that has failed is a ROLLBACK, and says so. */
muster_status mu_session_commit(mu_session *s) {
    PGresult  *result = PQexec(s->connection, "COMMIT");
    const bool is_ok =
        PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    return is_ok ? MUSTER_OK : failed(s, "cannot commit");
}

muster_status mu_session_ask(mu_session *s, const char *sql, uint32_t parameter_count,
                             const char *const *parameter, const char *what,
                             const char **out_text) {
    *out_text = NULL;
    PQclear(s->answer);
    s->answer = PQexecParams(s->connection, sql, (int)parameter_count, NULL, parameter, NULL, NULL,
                             0); /* texts, of types that the server finds out */
    const ExecStatusType status = PQresultStatus(s->answer);
    if (status == PGRES_COMMAND_OK) return MUSTER_OK;
    if (status != PGRES_TUPLES_OK) return failed(s, what);
    if (PQntuples(s->answer) > 0 && !PQgetisnull(s->answer, 0, 0)) {
        *out_text = PQgetvalue(s->answer, 0, 0);
    }
    return MUSTER_OK;
}

/* ---- numbers in network byte order --------------------------------------------------- */

uint64_t mu_session_number(const unsigned char *bytes, uint32_t size) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; ++i) value = value << 8 | bytes[i];
    return value;
}

static void write_number(unsigned char *at, uint64_t value, uint32_t size) {
    for (uint32_t i = 0; i < size; ++i) at[i] = (unsigned char)(value >> 8 * (size - 1 - i));
}

/* ---- rows to us ---------------------------------------------------------------------- */

static const unsigned char SIGNATURE[11] = {'P',  'G',  'C',  'O',  'P', 'Y',
                                            '\n', 0xFF, '\r', '\n', 0};

muster_status mu_session_copy(mu_session *s, const char *query, uint32_t column_count) {
    static const char START[] = "COPY (", END[] = ") TO STDOUT (FORMAT binary)";
    char             *sql;
    MU_TRY(mu_gis_alloc(&sql, strlen(query) + sizeof START + sizeof END, 1));
    sprintf(sql, "%s%s%s", START, query, END);
    s->column_count            = column_count;
    s->row                     = 0;
    s->is_started              = false;
    const muster_status status = run(s, sql, PGRES_COPY_OUT, "cannot read");
    mu_gis_free(sql);
    return status;
}

/* The signature, flags and an extension, before the first row. */
static muster_status skip_header(mu_session *s, const unsigned char **at, uint32_t *left) {
    enum { FIXED = sizeof SIGNATURE + 8 };
    if (*left < FIXED || memcmp(*at, SIGNATURE, sizeof SIGNATURE) != 0) {
        return damaged(s, "no COPY signature");
    }
    const uint64_t extension = mu_session_number(*at + sizeof SIGNATURE + 4, 4);
    if (extension > *left - FIXED) return damaged(s, "a header longer than its message");
    *at += FIXED + extension;
    *left -= (uint32_t)(FIXED + extension);
    s->is_started = true;
    return MUSTER_OK;
}

static muster_status split_row(mu_session *s, const unsigned char *at, uint32_t left,
                               const unsigned char **bytes, uint32_t *size, bool *out_row) {
    if (left < 2) return damaged(s, "no column count");
    const uint64_t count = mu_session_number(at, 2);
    at += 2;
    left -= 2;
    *out_row = count != 0xFFFF; /* the trailer */
    if (!*out_row) return MUSTER_OK;
    ++s->row;
    if (count != s->column_count) return damaged(s, "another number of columns");
    for (uint32_t c = 0; c < s->column_count; ++c) {
        if (left < 4) return damaged(s, "a column without length");
        const uint64_t length = mu_session_number(at, 4);
        at += 4;
        left -= 4;
        bytes[c] = NULL;
        size[c]  = 0;
        if (length == UINT32_MAX) continue; /* NULL */
        if (length > left) return damaged(s, "a column longer than its row");
        bytes[c] = at;
        size[c]  = (uint32_t)length;
        at += length;
        left -= (uint32_t)length;
    }
    return MUSTER_OK;
}

/* The rows have ended; only now the server says whether it could send them all. */
static muster_status finish_copy(mu_session *s, int length) {
    PGresult  *result = length == -1 ? PQgetResult(s->connection) : NULL;
    const bool is_ok  = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (!is_ok) return failed(s, "cannot read on");
    PQclear(PQgetResult(s->connection)); /* nothing more to come of it */
    return MUSTER_OK;
}

muster_status mu_session_next(mu_session *s, const unsigned char **out_bytes, uint32_t *out_size,
                              bool *out_row) {
    for (*out_row = false;;) {
        PQfreemem(s->message);
        s->message       = NULL;
        const int length = PQgetCopyData(s->connection, &s->message, 0);
        if (length <= 0) return finish_copy(s, length);
        const unsigned char *at   = (const unsigned char *)s->message;
        uint32_t             left = (uint32_t)length;
        if (!s->is_started) MU_TRY(skip_header(s, &at, &left));
        if (left == 0) continue; /* the header came alone */
        MU_TRY(split_row(s, at, left, out_bytes, out_size, out_row));
        if (*out_row) return MUSTER_OK; /* else that was the trailer, and the end is next */
    }
}

/* ---- rows to the server -------------------------------------------------------------- */

static muster_status send(mu_session *s) {
    const bool is_ok =
        s->put_size == 0 || PQputCopyData(s->connection, s->put, (int)s->put_size) == 1;
    s->put_size = 0;
    return is_ok ? MUSTER_OK : failed(s, "cannot write");
}

muster_status mu_session_put_bytes(mu_session *s, const void *bytes, size_t size) {
    const char *from = bytes;
    while (size > 0) {
        if (s->put_size == PUT_BYTES) MU_TRY(send(s));
        const size_t room = PUT_BYTES - s->put_size, piece = size < room ? size : room;
        memcpy(s->put + s->put_size, from, piece);
        s->put_size += piece;
        from += piece;
        size -= piece;
    }
    return MUSTER_OK;
}

static muster_status put_plain(mu_session *s, uint64_t value, uint32_t size) {
    unsigned char bytes[8];
    write_number(bytes, value, size);
    return mu_session_put_bytes(s, bytes, size);
}

muster_status mu_session_put_start(mu_session *s, const char *table) {
    static const char START[] = "COPY ", END[] = " FROM STDIN (FORMAT binary)";
    char             *sql;
    if (!s->put) MU_TRY(mu_gis_alloc(&s->put, PUT_BYTES, 1));
    MU_TRY(mu_gis_alloc(&sql, strlen(table) + sizeof START + sizeof END, 1));
    sprintf(sql, "%s%s%s", START, table, END);
    const muster_status status = run(s, sql, PGRES_COPY_IN, "cannot write");
    mu_gis_free(sql);
    if (status != MUSTER_OK) return status;
    s->put_size = 0;
    MU_TRY(mu_session_put_bytes(s, SIGNATURE, sizeof SIGNATURE));
    return put_plain(s, 0, 8); /* no flags, no extension */
}

muster_status mu_session_put_row(mu_session *s, uint16_t column_count) {
    return put_plain(s, column_count, 2);
}

muster_status mu_session_put_size(mu_session *s, uint32_t size) {
    return put_plain(s, size, 4);
}

muster_status mu_session_put_number(mu_session *s, uint64_t value, uint32_t size) {
    MU_TRY(put_plain(s, size, 4));
    return put_plain(s, value, size);
}

/* Only now the server says whether it has taken them all. */
muster_status mu_session_put_end(mu_session *s) {
    MU_TRY(put_plain(s, 0xFFFF, 2)); /* the trailer */
    MU_TRY(send(s));
    if (PQputCopyEnd(s->connection, NULL) != 1) return failed(s, "cannot write");
    PGresult  *result = PQgetResult(s->connection);
    const bool is_ok  = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (!is_ok) return failed(s, "cannot write");
    PQclear(PQgetResult(s->connection));
    return MUSTER_OK;
}
