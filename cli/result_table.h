/* One CSV table of a results folder, row by row: a thousand replications need not fit into memory. */
#ifndef CLI_RESULT_TABLE_H
#define CLI_RESULT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The row in hand. Cells are in the order of the columns that were asked for, UTF-8, lent until the
 * visitor returns. */
typedef struct table_row {
    const char        *path;
    uint32_t           line; /* in the file, from 1 */
    const char *const *column;
    const char *const *cell;
} table_row;

/* What an empty cell is: "never". */
#define TABLE_NEVER INT64_MIN

/* Returns COMMAND_DONE to go on, or the exit code of a failure that it has said. */
typedef int (*table_visitor)(const table_row *row, void *user);

/* Give each row of the file to `visit`. Columns are found by the names of the header, wherever they
 * are; others are passed over. A file that is not there is no failure where `is_optional`: it has no
 * rows. Returns the exit code. */
int result_table_read(const char *path, uint32_t column_count, const char *const *column,
                      bool is_optional, table_visitor visit, void *user);

/* Read a cell: a whole number, TABLE_NEVER where it is empty; a number, NaN where it is empty. */
int table_integer(int64_t *out, const table_row *row, uint32_t column);
int table_number(double *out, const table_row *row, uint32_t column);

#endif
