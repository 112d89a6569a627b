/* PostgreSQL's binary COPY: the fastest way out of a database, and one that is read with a bounds check
 * a field (format: PostgreSQL manual, COPY, "Binary Format").
 *
 * COPY does not say what its columns are, and libpq's pipeline mode has no COPY. Both are got round
 * by the simple protocol, which takes several statements in one message: before each COPY goes the
 * same query for no row at all, whose answer is names and types, and all of them go together, so
 * that the server works on the second table while the first is read here.
 *
 * The server is trusted with nothing: every length is checked against the message it came
 * in before anything is read. */
#include "gis/postgis_copy_out.h"

#include <string.h>

#include "gis/big_endian.h"
#include "gis/memory.h"
#include "gis/postgis_copy_format.h"

muster_status mu_copy_out_damaged(const mu_copy_out *c, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "\"%s\": table %s, row %llu of the answer is damaged: %s",
                       mu_postgis_name(c->postgis), c->doing.table,
                       (unsigned long long)c->doing.row, what);
}

void mu_copy_out_fini(mu_copy_out *c) {
    mu_gis_free(c->asked);
    mu_gis_free(c->table);
}

/* ---- asking -------------------------------------------------------------------------- */

static muster_status append(mu_copy_out *c, const char *text) {
    const size_t bytes = strlen(text);
    if (c->asked_bytes + bytes + 1 > c->asked_capacity) {
        const size_t larger = (c->asked_bytes + bytes + 1) * 2;
        MU_TRY(mu_gis_realloc(&c->asked, larger, 1));
        c->asked_capacity = larger;
    }
    memcpy(c->asked + c->asked_bytes, text, bytes + 1);
    c->asked_bytes += bytes;
    return MUSTER_OK;
}

muster_status mu_copy_out_ask(mu_copy_out *c, const char *table, const char *sql) {
    MU_TRY(mu_gis_grow(&c->table, &c->table_capacity, c->table_count, sizeof *c->table));
    MU_TRY(append(c, "SELECT * FROM ("));
    MU_TRY(append(c, sql));
    MU_TRY(append(c, ") AS q LIMIT 0; COPY ("));
    MU_TRY(append(c, sql));
    MU_TRY(append(c, ") TO STDOUT (FORMAT binary);"));
    c->table[c->table_count++] = table;
    return MUSTER_OK;
}

static muster_status send_asked(mu_copy_out *c) {
    c->sent_count  = c->table_count;
    c->asked_bytes = 0;
    return mu_postgis_send(c->postgis, c->asked, &c->doing);
}

muster_status mu_copy_out_begin(mu_copy_out *c) {
    c->doing      = (mu_postgis_doing){.table = c->table[c->begun_count]};
    c->has_header = false;
    if (c->begun_count == c->sent_count) MU_TRY(send_asked(c));
    c->begun_count += 1;
    MU_TRY(mu_postgis_start_pair(c->postgis, &c->doing));
    c->column_count = mu_postgis_column_count(c->postgis);
    return c->column_count <= MU_COPY_COLUMNS ? MUSTER_OK
                                              : mu_copy_out_damaged(c, "too many columns");
}

/* ---- rows ---------------------------------------------------------------------------- */

/* The signature, flags and an extension, before the first row. */
static muster_status skip_header(mu_copy_out *c, unsigned char **at, uint32_t *left) {
    enum {
        EXTENSION = MU_COPY_SIGNATURE_BYTES + MU_COPY_FLAGS_BYTES,
        FIXED     = EXTENSION + MU_COPY_EXTENSION_BYTES
    };
    if (*left < FIXED || memcmp(*at, MU_COPY_SIGNATURE, MU_COPY_SIGNATURE_BYTES) != 0) {
        return mu_copy_out_damaged(c, "no COPY signature");
    }
    const uint64_t extension = mu_read_big_endian(*at + EXTENSION, MU_COPY_EXTENSION_BYTES);
    if (extension > *left - FIXED) {
        return mu_copy_out_damaged(c, "a header longer than its message");
    }
    *at += FIXED + extension;
    *left -= (uint32_t)(FIXED + extension);
    c->has_header = true;
    return MUSTER_OK;
}

static muster_status split_row(mu_copy_out *c, unsigned char *at, uint32_t left,
                               mu_copy_field *field, bool *out_row) {
    if (left < MU_COPY_COUNT_BYTES) return mu_copy_out_damaged(c, "no column count");
    const uint64_t count = mu_read_big_endian(at, MU_COPY_COUNT_BYTES);
    at += MU_COPY_COUNT_BYTES;
    left -= MU_COPY_COUNT_BYTES;
    *out_row = count != MU_COPY_TRAILER;
    if (!*out_row) return MUSTER_OK;
    c->doing.row += 1;
    if (count != c->column_count) return mu_copy_out_damaged(c, "another number of columns");
    for (uint32_t f = 0; f < c->column_count; ++f) {
        if (left < MU_COPY_LENGTH_BYTES) return mu_copy_out_damaged(c, "a column without length");
        const uint32_t size = (uint32_t)mu_read_big_endian(at, MU_COPY_LENGTH_BYTES);
        at += MU_COPY_LENGTH_BYTES;
        left -= MU_COPY_LENGTH_BYTES;
        field[f] = (mu_copy_field){0};
        if (size == MU_COPY_NULL) continue;
        if (size > left) return mu_copy_out_damaged(c, "a column longer than its row");
        field[f] = (mu_copy_field){at, size};
        at += size;
        left -= size;
    }
    return MUSTER_OK;
}

static muster_status finish(const mu_copy_out *c) {
    return c->begun_count == c->sent_count ? mu_postgis_end_pairs(c->postgis, &c->doing)
                                           : MUSTER_OK;
}

muster_status mu_copy_out_next(mu_copy_out *c, mu_copy_field field[MU_COPY_COLUMNS],
                               bool *out_row) {
    for (*out_row = false;;) {
        unsigned char *at;
        uint32_t       left;
        MU_TRY(mu_postgis_take_message(c->postgis, &c->doing, &at, &left));
        if (!at) return finish(c);
        if (!c->has_header) MU_TRY(skip_header(c, &at, &left));
        if (left > 0) MU_TRY(split_row(c, at, left, field, out_row)); /* it may come alone */
        if (*out_row) return MUSTER_OK;
    }
}
