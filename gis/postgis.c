/* PostgreSQL's binary COPY: the fastest way out of a database and into it, and one that is read
 * with a bounds check a field (format: PostgreSQL manual, COPY, "Binary Format").
 *
 * The server is trusted with nothing: every length is checked against the message it came
 * in before anything is read. A libpq message may be several lines and may end in a newline;
 * the first line is passed on. */
#include "gis/postgis.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "gis/memory.h"

enum { MAX_COLUMNS = 16, PUT_BYTES = 1 << 16, ROW_BYTES = 22, MAX_NAME_BYTES = 1024 };

typedef struct field {
    const unsigned char *data; /* NULL: SQL NULL */
    uint32_t             size;
} field;

struct mu_postgis {
    PGconn  *connection;
    char    *message; /* of COPY, libpq's */
    uint64_t row;
    uint32_t column_count;
    bool     is_started; /* the header has been read */
    field    column[MAX_COLUMNS];
    char    *put; /* [PUT_BYTES] rows that are on their way to the server; NULL: none were */
    int      put_size;
};

/* ---- failures ------------------------------------------------------------------------ */

static muster_status server_failed(const PGconn *connection, const char *what) {
    const char *text   = PQerrorMessage(connection);
    const int   length = (int)strcspn(text, "\n");
    return muster_fail(MUSTER_E_IO, "PostgreSQL: %s: %.*s", what, length, text);
}

static muster_status damaged(const mu_postgis *p, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "PostgreSQL: row %llu of the answer is damaged: %s",
                       (unsigned long long)p->row, what);
}

/* ---- connection ---------------------------------------------------------------------- */

static void ignore_notice(void *unused, const PGresult *result) {
    (void)unused;
    (void)result; /* libpq would print it */
}

static muster_status run(mu_postgis *p, const char *sql, ExecStatusType expected,
                         const char *what) {
    PGresult  *result = PQexec(p->connection, sql);
    const bool is_ok  = PQresultStatus(result) == expected;
    PQclear(result);
    return is_ok ? MUSTER_OK : server_failed(p->connection, what);
}

static muster_status connect_to(mu_postgis *p, const char *connection) {
    /* Later keywords win, and dbname is expanded in its place: so these are defaults. */
    const char *const keywords[] = {"connect_timeout", "options", "application_name", "dbname",
                                    NULL};
    const char *const values[]   = {"10", "-c statement_timeout=60s", "muster", connection, NULL};
    p->connection                = PQconnectdbParams(keywords, values, 1);
    if (!p->connection) return muster_fail(MUSTER_E_NOMEM, "out of memory: PostgreSQL connection");
    if (PQstatus(p->connection) != CONNECTION_OK) {
        return server_failed(p->connection, "cannot connect");
    }
    PQsetNoticeReceiver(p->connection, ignore_notice, NULL);
    return MUSTER_OK;
}

muster_status mu_postgis_run(mu_postgis *p, const char *sql, const char *what) {
    return run(p, sql, PGRES_COMMAND_OK, what);
}

muster_status mu_postgis_open(mu_postgis **out, const char *connection, mu_postgis_use use) {
    *out = NULL;
    mu_postgis *p;
    MU_TRY(mu_gis_alloc_zeroed(&p, 1, sizeof *p));
    const char *begin = use == MU_POSTGIS_READS ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                : "BEGIN READ WRITE";
    muster_status status = connect_to(p, connection);
    if (status == MUSTER_OK) status = mu_postgis_run(p, begin, "cannot begin");
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
    PQfinish(p->connection);
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
    if (!quoted) return server_failed(p->connection, "cannot quote");
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

/* ---- numbers in network byte order --------------------------------------------------- */

static uint64_t big_endian(const unsigned char *bytes, uint32_t count) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; ++i) value = value << 8 | bytes[i];
    return value;
}

static void put_big_endian(char *at, uint64_t value, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) at[i] = (char)(value >> 8 * (count - 1 - i));
}

/* ---- copy to us ---------------------------------------------------------------------- */

static const unsigned char SIGNATURE[11] = {'P',  'G',  'C',  'O',  'P', 'Y',
                                            '\n', 0xFF, '\r', '\n', 0};

muster_status mu_postgis_copy(mu_postgis *p, const char *query, uint32_t column_count) {
    static const char START[] = "COPY (", END[] = ") TO STDOUT (FORMAT binary)";
    char             *sql;
    MU_TRY(mu_gis_alloc(&sql, strlen(query) + sizeof START + sizeof END, 1));
    sprintf(sql, "%s%s%s", START, query, END);
    p->column_count            = column_count;
    p->row                     = 0;
    p->is_started              = false;
    const muster_status status = run(p, sql, PGRES_COPY_OUT, "cannot read");
    mu_gis_free(sql);
    return status;
}

/* The signature, flags and an extension, before the first row. */
static muster_status skip_header(mu_postgis *p, const unsigned char **at, uint32_t *left) {
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

static muster_status split_row(mu_postgis *p, const unsigned char *at, uint32_t left,
                               bool *out_row) {
    if (left < 2) return damaged(p, "no column count");
    const uint64_t count = big_endian(at, 2);
    at += 2;
    left -= 2;
    *out_row = count != 0xFFFF; /* the trailer */
    if (!*out_row) return MUSTER_OK;
    ++p->row;
    if (count != p->column_count) return damaged(p, "another number of columns");
    for (uint32_t c = 0; c < p->column_count; ++c) {
        if (left < 4) return damaged(p, "a column without length");
        const uint64_t size = big_endian(at, 4);
        at += 4;
        left -= 4;
        p->column[c] = (field){NULL, 0};
        if (size == UINT32_MAX) continue; /* NULL */
        if (size > left) return damaged(p, "a column longer than its row");
        p->column[c] = (field){at, (uint32_t)size};
        at += size;
        left -= (uint32_t)size;
    }
    return MUSTER_OK;
}

/* The rows have ended; only now the server says whether it could send them all. */
static muster_status finish_copy(mu_postgis *p, int length) {
    PGresult  *result = length == -1 ? PQgetResult(p->connection) : NULL;
    const bool is_ok  = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return is_ok ? MUSTER_OK : server_failed(p->connection, "cannot read on");
}

muster_status mu_postgis_next(mu_postgis *p, bool *out_row) {
    *out_row = false;
    PQfreemem(p->message);
    p->message       = NULL;
    const int length = PQgetCopyData(p->connection, &p->message, 0);
    if (length <= 0) return finish_copy(p, length);
    const unsigned char *at   = (const unsigned char *)p->message;
    uint32_t             left = (uint32_t)length;
    if (!p->is_started) MU_TRY(skip_header(p, &at, &left));
    if (left == 0) return mu_postgis_next(p, out_row); /* the header came alone */
    MU_TRY(split_row(p, at, left, out_row));
    return *out_row ? MUSTER_OK : mu_postgis_next(p, out_row); /* past the trailer, to the end */
}

uint64_t mu_postgis_row(const mu_postgis *p) {
    return p->row;
}

/* ---- columns ------------------------------------------------------------------------- */

bool mu_postgis_is_null(const mu_postgis *p, uint32_t column) {
    return p->column[column].data == NULL;
}

static muster_status eight_bytes(const mu_postgis *p, uint32_t column, const char *name,
                                 uint64_t *out) {
    const field *f = &p->column[column];
    if (!f->data) {
        return muster_fail(MUSTER_E_INVALID, "row %llu, column %s: NULL; expected a number",
                           (unsigned long long)p->row, name);
    }
    if (f->size != 8) return damaged(p, "a number that is not eight bytes long");
    *out = big_endian(f->data, 8);
    return MUSTER_OK;
}

muster_status mu_postgis_int64(const mu_postgis *p, uint32_t column, const char *name,
                               int64_t *out) {
    uint64_t bits = 0;
    MU_TRY(eight_bytes(p, column, name, &bits));
    *out = (int64_t)bits;
    return MUSTER_OK;
}

muster_status mu_postgis_float64(const mu_postgis *p, uint32_t column, const char *name,
                                 double *out) {
    uint64_t bits = 0;
    MU_TRY(eight_bytes(p, column, name, &bits));
    memcpy(out, &bits, sizeof *out);
    return MUSTER_OK;
}

const void *mu_postgis_bytes(const mu_postgis *p, uint32_t column, uint32_t *out_size) {
    *out_size = p->column[column].size;
    return p->column[column].data;
}

/* ---- copy to the server -------------------------------------------------------------- */

static muster_status send(mu_postgis *p) {
    const bool is_ok = PQputCopyData(p->connection, p->put, p->put_size) == 1;
    p->put_size      = 0;
    return is_ok ? MUSTER_OK : server_failed(p->connection, "cannot write");
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
    if (p->put_size > PUT_BYTES - ROW_BYTES) MU_TRY(send(p));
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
    if (p->put_size > PUT_BYTES - 2) MU_TRY(send(p));
    put_big_endian(p->put + p->put_size, 0xFFFF, 2); /* the trailer */
    p->put_size += 2;
    MU_TRY(send(p));
    if (PQputCopyEnd(p->connection, NULL) != 1) return server_failed(p->connection, "cannot write");
    PGresult  *result = PQgetResult(p->connection);
    const bool is_ok  = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return is_ok ? MUSTER_OK : server_failed(p->connection, "cannot write");
}
