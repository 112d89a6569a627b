#include "gis/row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gis/utf8.h"

enum { SHOWN_BYTES = 80, REASON_BYTES = 600 }; /* of a text in a message, of the whole reason */

/* ---- failures ------------------------------------------------------------------------ */

static void show_value(char out[SHOWN_BYTES], const mu_row *row, int column) {
    mu_cell cell;
    if (row->take(row, column, &cell) != MUSTER_OK) {
        snprintf(out, SHOWN_BYTES, "(out of memory)");
        return;
    }
    switch (cell.type) {
    case MU_CELL_INT:
        snprintf(out, SHOWN_BYTES, "%lld", (long long)cell.whole);
        break;
    case MU_CELL_REAL:
        snprintf(out, SHOWN_BYTES, "%.15g", cell.real);
        break;
    case MU_CELL_TEXT:
        mu_quote(out, SHOWN_BYTES,
                 mu_is_utf8(cell.bytes, strlen(cell.bytes)) ? cell.bytes : "(not UTF-8)");
        break;
    case MU_CELL_BLOB:
        snprintf(out, SHOWN_BYTES, "a blob of %zu bytes", cell.size);
        break;
    case MU_CELL_NULL:
        snprintf(out, SHOWN_BYTES, "NULL");
        break;
    }
}

static muster_status fail_at(const mu_row *row, int column, const char *reason) {
    char key[SHOWN_BYTES];
    show_value(key, row, 0);
    return muster_fail(MUSTER_E_INVALID, "\"%s\": table %s, row %s %s, column %s: %s", row->store,
                       row->table, row->column_name(row, 0), key, row->column_name(row, column),
                       reason);
}

muster_status mu_column_fail(const mu_row *row, int column, const char *format, ...) {
    char    reason[REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return fail_at(row, column, reason);
}

muster_status mu_column_unexpected(const mu_row *row, int column, const char *format, ...) {
    char    value[SHOWN_BYTES], expected[REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    show_value(value, row, column);
    return mu_column_fail(row, column, "%s; expected %s", value, expected);
}

/* ---- columns ------------------------------------------------------------------------- */

bool mu_column_is_null(const mu_row *row, int column) {
    mu_cell cell;
    return row->take(row, column, &cell) == MUSTER_OK && cell.type == MU_CELL_NULL;
}

muster_status mu_column_int(const mu_row *row, int column, int64_t least, int64_t most,
                            int64_t *out) {
    mu_cell cell;
    *out = 0;
    MU_TRY(row->take(row, column, &cell));
    if (cell.type == MU_CELL_INT && cell.whole >= least && cell.whole <= most) {
        *out = cell.whole;
        return MUSTER_OK;
    }
    if (least == INT64_MIN && most == INT64_MAX) {
        return mu_column_unexpected(row, column, "a whole number");
    }
    return mu_column_unexpected(row, column, "a whole number from %lld to %lld", (long long)least,
                                (long long)most);
}

muster_status mu_column_real(const mu_row *row, int column, double least, double most,
                             double *out) {
    mu_cell cell;
    *out = 0;
    MU_TRY(row->take(row, column, &cell));
    if (cell.type == MU_CELL_INT || cell.type == MU_CELL_REAL) {
        const double value = cell.type == MU_CELL_INT ? (double)cell.whole : cell.real;
        *out               = value;
        if (value >= least && value <= most) return MUSTER_OK; /* nor is it NaN */
    }
    return mu_column_unexpected(row, column, "a number from %.15g to %.15g", least, most);
}

muster_status mu_column_text(const mu_row *row, int column, const char **out) {
    mu_cell cell;
    *out = NULL;
    MU_TRY(row->take(row, column, &cell));
    if (cell.type != MU_CELL_TEXT) return mu_column_unexpected(row, column, "a text");
    if (strlen(cell.bytes) != cell.size) {
        return mu_column_fail(row, column, "a text with a NUL character inside");
    }
    if (!mu_is_utf8(cell.bytes, cell.size)) {
        return mu_column_fail(row, column, "a text not in UTF-8");
    }
    *out = cell.bytes;
    return MUSTER_OK;
}

muster_status mu_column_blob(const mu_row *row, int column, const void **out, size_t *out_size) {
    mu_cell cell;
    *out      = NULL;
    *out_size = 0;
    MU_TRY(row->take(row, column, &cell));
    if (cell.type != MU_CELL_BLOB) return mu_column_unexpected(row, column, "a geometry");
    *out      = cell.bytes;
    *out_size = cell.size;
    return MUSTER_OK;
}
