/* See postgis_copy_in.h. Bytes are collected, since libpq makes a message of each piece that it is given. */
#include "gis/postgis_copy_in.h"

#include <stdio.h>
#include <string.h>

#include "gis/big_endian.h"
#include "gis/memory.h"
#include "gis/postgis_copy_format.h"

enum { ROOM_BYTES = 1 << 16 };

void mu_copy_in_fini(mu_copy_in *c) {
    mu_gis_free(c->waiting);
}

static muster_status send_waiting(mu_copy_in *c) {
    const size_t size = c->waiting_bytes;
    c->waiting_bytes  = 0;
    return size > 0 ? mu_postgis_put(c->postgis, c->waiting, size) : MUSTER_OK;
}

muster_status mu_copy_in_bytes(mu_copy_in *c, const void *bytes, size_t size) {
    const char *from = bytes;
    while (size > 0) {
        if (c->waiting_bytes == ROOM_BYTES) MU_TRY(send_waiting(c));
        const size_t room = ROOM_BYTES - c->waiting_bytes, piece = size < room ? size : room;
        memcpy(c->waiting + c->waiting_bytes, from, piece);
        c->waiting_bytes += piece;
        from += piece;
        size -= piece;
    }
    return MUSTER_OK;
}

static muster_status put_plain(mu_copy_in *c, uint64_t value, uint32_t size) {
    unsigned char bytes[8];
    mu_write_big_endian(bytes, value, size);
    return mu_copy_in_bytes(c, bytes, size);
}

static muster_status start(mu_copy_in *c, const char *table) {
    static const char START[] = "COPY ", END[] = " FROM STDIN (FORMAT binary)";
    char             *sql;
    MU_TRY(mu_gis_alloc(&sql, strlen(table) + sizeof START + sizeof END, 1));
    sprintf(sql, "%s%s%s", START, table, END);
    const muster_status status = mu_postgis_put_start(c->postgis, sql);
    mu_gis_free(sql);
    return status;
}

muster_status mu_copy_in_begin(mu_copy_in *c, const char *table) {
    if (!c->waiting) MU_TRY(mu_gis_alloc(&c->waiting, ROOM_BYTES, 1));
    c->waiting_bytes = 0;
    MU_TRY(start(c, table));
    MU_TRY(mu_copy_in_bytes(c, MU_COPY_SIGNATURE, MU_COPY_SIGNATURE_BYTES));
    MU_TRY(put_plain(c, 0, MU_COPY_FLAGS_BYTES));
    return put_plain(c, 0, MU_COPY_EXTENSION_BYTES);
}

muster_status mu_copy_in_row(mu_copy_in *c, uint16_t column_count) {
    return put_plain(c, column_count, MU_COPY_COUNT_BYTES);
}

muster_status mu_copy_in_null(mu_copy_in *c) {
    return put_plain(c, MU_COPY_NULL, MU_COPY_LENGTH_BYTES);
}

muster_status mu_copy_in_size(mu_copy_in *c, uint32_t size) {
    return put_plain(c, size, MU_COPY_LENGTH_BYTES);
}

muster_status mu_copy_in_number(mu_copy_in *c, uint64_t value, uint32_t size) {
    MU_TRY(put_plain(c, size, MU_COPY_LENGTH_BYTES));
    return put_plain(c, value, size);
}

muster_status mu_copy_in_end(mu_copy_in *c) {
    MU_TRY(put_plain(c, MU_COPY_TRAILER, MU_COPY_COUNT_BYTES));
    MU_TRY(send_waiting(c));
    return mu_postgis_put_end(c->postgis);
}
