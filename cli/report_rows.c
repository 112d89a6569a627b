#include "cli/report_rows.h"

#include <math.h>

#include "cli/command.h"

typedef struct collecting {
    const results      *results;
    const report_table *table;
    uint32_t            replication;
    json_t             *rows;
} collecting;

/* A whole number stays one. */
static json_t *number_json(double value) {
    if (isnan(value)) return json_null();
    const bool is_whole = value == floor(value) && fabs(value) < 9e15;
    return is_whole ? json_integer((json_int_t)value) : json_real(value);
}

static int add_cell(json_t *line, const table_row *row, uint32_t column, bool is_number) {
    double value = 0;
    int    code  = is_number ? table_number(&value, row, column) : COMMAND_DONE;
    if (code != COMMAND_DONE) return code;
    json_t *cell = is_number ? number_json(value) : json_string(row->cell[column]);
    if (json_array_append_new(line, cell) == 0) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", row->path, row->line);
}

static int take_row(const table_row *row, void *user) {
    const collecting *c = user;
    row_place         place;
    int               code = results_place(&place, c->results, row);
    if (code != COMMAND_DONE || place.replication != c->replication) return code;
    json_t *line = json_array();
    json_array_append_new(line, json_integer(place.policy));
    for (uint32_t i = 0; code == COMMAND_DONE && c->table->column[i].name; ++i) {
        code = add_cell(line, row, i + 2, c->table->column[i].is_number);
    }
    if (code == COMMAND_DONE && json_array_append(c->rows, line) != 0) {
        code =
            command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", row->path, row->line);
    }
    json_decref(line);
    return code;
}

int report_rows_new(json_t **out, const results *r, const report_table *table,
                    uint32_t replication) {
    const char *name[REPORT_ROW_COLUMNS + 2] = {"policy", "replication"};
    uint32_t    count                        = 2;
    json_t     *columns                      = json_pack("[s]", "policy");
    collecting  c                            = {r, table, replication, json_array()};
    for (uint32_t i = 0; table->column[i].name; ++i) {
        name[count++] = table->column[i].name;
        json_array_append_new(columns, json_string(table->column[i].name));
    }
    const int code = results_read(r, table->file, count, name, table->is_optional, take_row, &c);
    *out           = json_pack("{s:o, s:o}", "columns", columns, "rows", c.rows);
    if (code == COMMAND_DONE && *out) return COMMAND_DONE;
    json_decref(*out);
    *out = NULL;
    return code != COMMAND_DONE ? code : command_fail(COMMAND_ENVIRONMENT, "out of memory");
}
