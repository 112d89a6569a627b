/* A table of a folder of CSV and GeoJSON, from any bytes: the first says which table, the others are its
 * file. What is read is judged as `muster db load` judges it; rows that pass are written, and read and
 * written again, which must come out the same to the byte. */
#ifndef TESTS_FUZZ_FOLDER_TABLE_H
#define TESTS_FUZZ_FOLDER_TABLE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/value.h"

/* Rows of one format, in and out; `reader` is the format's own. */
typedef struct folder_format {
    bool has_geometry; /* which tables are kept in it */
    muster_status (*open)(void **reader, FILE *file, const mu_schema_table *table);
    muster_status (*next)(void *reader, mu_value *value, bool *out_row);
    void (*close)(void *reader);
    void (*write_beginning)(FILE *file, const mu_schema_table *table);
    void (*write_row)(FILE *file, const mu_schema_table *table, const mu_value *value,
                      bool is_first);
    void (*write_end)(FILE *file);
} folder_format;

static inline const mu_schema_table *folder_table(const folder_format *format, unsigned number) {
    uint32_t               count, fitting = 0;
    const mu_schema_table *table = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count; ++t) {
        fitting += (mu_schema_geometry(&table[t]) != MUSTER_NONE) == format->has_geometry;
    }
    number %= fitting;
    for (uint32_t t = 0;; ++t) {
        if ((mu_schema_geometry(&table[t]) != MUSTER_NONE) != format->has_geometry) continue;
        if (number-- == 0) return &table[t];
    }
}

/* Shows every value, as a message would. */
static inline bool folder_row_passes(const mu_schema_table *table, const mu_value *value) {
    bool passes = true;
    for (uint32_t c = 0; c < table->column_count; ++c) {
        mu_bounds bounds;
        char      reason[MU_REASON_BYTES], shown[MU_SHOWN_BYTES];
        mu_value_show(shown, &table->column[c], &value[c]);
        assert(strlen(shown) < sizeof shown);
        if (mu_value_judge(&table->column[c], &value[c], &bounds, reason)) continue;
        assert(reason[0] != 0);
        passes = false;
    }
    return passes;
}

/* Write the rows of `bytes` that pass to `out`; all of them pass where the bytes are our own. */
static inline void folder_copy(const folder_format *format, const mu_schema_table *table,
                               const void *bytes, size_t size, bool is_ours, FILE *out) {
    mu_value value[MU_SCHEMA_COLUMNS];
    void    *reader;
    bool     is_row = false, is_first = true;
    FILE    *file = fmemopen((void *)bytes, size, "rb");
    if (!file) abort();
    muster_status status = format->open(&reader, file, table);
    format->write_beginning(out, table);
    while (status == MUSTER_OK) {
        status = format->next(reader, value, &is_row);
        if (status != MUSTER_OK || !is_row) break;
        const bool passes = folder_row_passes(table, value);
        assert(passes || !is_ours);
        if (!passes) continue;
        format->write_row(out, table, value, is_first);
        is_first = false;
    }
    assert(status == MUSTER_OK || (!is_ours && muster_error_message()[0] != 0));
    format->write_end(out);
    if (reader) format->close(reader);
    fclose(file);
}

static inline void folder_fuzz(const folder_format *format, const uint8_t *data, size_t size) {
    char  *text[2];
    size_t length[2];
    if (size < 2) return; /* nor does fmemopen take nothing */
    const mu_schema_table *table = folder_table(format, data[0]);
    for (int pass = 0; pass < 2; ++pass) {
        FILE *out = open_memstream(&text[pass], &length[pass]);
        if (!out) abort();
        folder_copy(format, table, pass == 0 ? (const void *)(data + 1) : text[0],
                    pass == 0 ? size - 1 : length[0], pass == 1, out);
        if (fclose(out) != 0) abort();
    }
    assert(length[0] == length[1] && memcmp(text[0], text[1], length[0]) == 0);
    free(text[0]);
    free(text[1]);
}

#endif
