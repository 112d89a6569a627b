/* The row in hand: typed values, from whatever store they come.
 *
 * A store gives a value as it is; what it must be is known to whoever reads it, and is judged
 * here. A wrong one is named by store, table, row and column. */
#ifndef MU_GIS_ROW_H
#define MU_GIS_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

typedef enum mu_cell_type {
    MU_CELL_NULL,
    MU_CELL_INT,
    MU_CELL_REAL,
    MU_CELL_TEXT, /* with a NUL behind its size */
    MU_CELL_BLOB  /* a geometry lies in it as in a GeoPackage (geometry_blob.h) */
} mu_cell_type;

/* A value; texts and blobs live until the next row. */
typedef struct mu_cell {
    mu_cell_type type;
    union {
        int64_t whole;
        double  real;
        struct {
            const void *bytes;
            size_t      size;
        };
    };
} mu_cell;

/* The first member of what each store has for the row that it is at. */
typedef struct mu_row mu_row;
struct mu_row {
    const char *store, *table; /* for messages */
    muster_status (*take)(const mu_row *row, int column, mu_cell *out);
    const char *(*column_name)(const mu_row *row, int column);
};

/* Called for one row after the other; its first failure ends the reading. */
typedef muster_status mu_read_row(void *user, const mu_row *row);

/* Columns count from 0; by convention the first is the row's key, which names it in messages.
 * Texts and blobs live until the next row. A value that is NULL, of another type or out of range
 * is MUSTER_E_INVALID. */
bool          mu_column_is_null(const mu_row *row, int column);
muster_status mu_column_int(const mu_row *row, int column, int64_t least, int64_t most,
                            int64_t *out);
muster_status mu_column_real(const mu_row *row, int column, double least, double most, double *out);
/* UTF-8 without NUL inside. */
muster_status mu_column_text(const mu_row *row, int column, const char **out);
muster_status mu_column_blob(const mu_row *row, int column, const void **out, size_t *out_size);

/* MUSTER_E_INVALID: `"net.gpkg": table edge, row id 17, column source: node 99 does not
 * exist` with what stands behind "source: " as the format. */
muster_status mu_column_fail(const mu_row *row, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with the column's value and what was expected: `... column class: 'lane'; expected
 * motorway, trunk, ...`. */
muster_status mu_column_unexpected(const mu_row *row, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
