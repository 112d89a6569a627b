/* The file goes to libcsv line by line, so that a message can name one (as in sites_csv.c). The cells
 * that were asked for are copied to one buffer for the row, whose room is kept for the next. */
#include "cli/result_table.h"

#include <csv.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/api.h>

#include "cli/command.h"
#include "cli/site.h"

typedef struct reader {
    const char        *path;
    uint32_t           column_count;
    const char *const *column;
    table_visitor      visit;
    void              *user;

    uint32_t     line;
    bool         has_header;
    uint32_t     width;  /* of the header */
    uint32_t     field;  /* the next */
    uint32_t    *where;  /* the field of each column */
    size_t      *offset; /* of each column's cell in the text */
    const char **cell;
    char        *text;
    size_t       size, capacity;
    int          code; /* COMMAND_DONE until something is wrong */
} reader;

/* Only the first fault is said. */
#define FAULT(r, ...)                                                                              \
    do {                                                                                           \
        if ((r)->code == COMMAND_DONE) (r)->code = command_fail(COMMAND_BAD_INPUT, __VA_ARGS__);   \
    } while (0)

static void out_of_memory(reader *r) {
    if (r->code != COMMAND_DONE) return;
    r->code = command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", r->path, r->line);
}

/* ---- fields -------------------------------------------------------------------------- */

/* Nearly all fields are ASCII; jansson, which knows UTF-8, is asked of the others. */
static bool is_utf8(const char *text, size_t length) {
    size_t i = 0;
    while (i < length && (unsigned char)text[i] < 0x80) ++i;
    if (i == length) return true;
    json_t *string = json_stringn(text, length);
    json_decref(string);
    return string != NULL;
}

/* Copy to the text of the row; where it grows, it moves, so cells are remembered by offset. */
static void keep(reader *r, uint32_t column, const char *text, size_t length) {
    if (r->capacity - r->size < length + 1) {
        const size_t capacity = 2 * r->capacity + length + 256;
        char        *larger   = realloc(r->text, capacity);
        if (!larger) {
            out_of_memory(r);
            return;
        }
        r->text     = larger;
        r->capacity = capacity;
    }
    memcpy(r->text + r->size, text, length);
    r->text[r->size + length] = 0;
    r->offset[column]         = r->size;
    r->size += length + 1;
}

static void take_name(reader *r, const char *text) {
    for (uint32_t c = 0; c < r->column_count; ++c) {
        if (strcmp(text, r->column[c]) != 0) continue;
        if (r->where[c] != MUSTER_NONE) {
            FAULT(r, "%s: row %u: the header names the column \"%s\" twice; expected it once",
                  r->path, r->line, text);
        }
        r->where[c] = r->field;
    }
}

static void take_field(void *bytes, size_t length, void *user) {
    reader     *r    = user;
    const char *text = bytes ? bytes : "";
    if (!is_utf8(text, length)) {
        FAULT(r, "%s: row %u, column %u: not UTF-8; expected UTF-8 text", r->path, r->line,
              r->field + 1);
    } else if (!r->has_header) {
        take_name(r, text);
    } else {
        for (uint32_t c = 0; c < r->column_count; ++c) {
            if (r->where[c] == r->field) keep(r, c, text, length);
        }
    }
    ++r->field;
}

/* ---- rows ---------------------------------------------------------------------------- */

static void check_header(reader *r) {
    r->has_header = true;
    r->width      = r->field;
    for (uint32_t c = 0; c < r->column_count; ++c) {
        if (r->where[c] == MUSTER_NONE) {
            FAULT(
                r,
                "%s: row %u: the header has no column \"%s\"; expected a table of muster simulate",
                r->path, r->line, r->column[c]);
        }
    }
}

static void give_row(reader *r) {
    for (uint32_t c = 0; c < r->column_count; ++c) r->cell[c] = r->text + r->offset[c];
    const table_row row = {r->path, r->line, r->column, r->cell};
    r->code             = r->visit(&row, r->user);
}

static void take_row(int terminator, void *user) {
    reader *r = user;
    (void)terminator;
    if (!r->has_header) {
        check_header(r);
    } else if (r->field != r->width) {
        FAULT(r, "%s: row %u: %u columns; expected %u, as in the header", r->path, r->line,
              r->field, r->width);
    } else if (r->code == COMMAND_DONE) {
        give_row(r);
    }
    r->field = 0;
    r->size  = 0;
}

/* ---- file ---------------------------------------------------------------------------- */

static void parse_line(reader *r, struct csv_parser *parser, const char *line, size_t length) {
    ++r->line;
    if (memchr(line, 0, length)) {
        FAULT(r, "%s: row %u: a NUL byte; expected UTF-8 text", r->path, r->line);
    } else if (csv_parse(parser, line, length, take_field, take_row, r) == length) {
        return;
    } else if (csv_error(parser) == CSV_EPARSE) {
        FAULT(r,
              "%s: row %u: a quote inside a value; expected \"\" for it, and the value in quotes",
              r->path, r->line);
    } else {
        out_of_memory(r);
    }
}

static void parse_file(reader *r, struct csv_parser *parser, FILE *file) {
    char   *line = NULL;
    size_t  room = 0;
    ssize_t length;
    while (r->code == COMMAND_DONE && (length = getline(&line, &room, file)) >= 0) {
        parse_line(r, parser, line, (size_t)length);
    }
    free(line);
    if (r->code == COMMAND_DONE && ferror(file)) {
        r->code =
            command_fail(COMMAND_ENVIRONMENT, "%s: cannot be read: %s", r->path, strerror(errno));
    }
    if (r->code == COMMAND_DONE && csv_fini(parser, take_field, take_row, r) != 0) {
        FAULT(r, "%s: row %u: a quoted value without an end; expected a closing quote", r->path,
              r->line);
    }
    if (!r->has_header) FAULT(r, "%s: empty; expected a header", r->path);
}

static int read_file(reader *r, FILE *file) {
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        out_of_memory(r);
        return r->code;
    }
    parse_file(r, &parser, file);
    csv_free(&parser);
    return r->code;
}

static int read_columns(reader *r, FILE *file) {
    r->where  = malloc((r->column_count + 1) * sizeof *r->where);
    r->offset = calloc(r->column_count + 1, sizeof *r->offset);
    r->cell   = calloc(r->column_count + 1, sizeof *r->cell);
    if (!r->where || !r->offset || !r->cell) {
        out_of_memory(r);
    } else {
        for (uint32_t c = 0; c < r->column_count; ++c) r->where[c] = MUSTER_NONE;
        r->code = read_file(r, file);
    }
    free(r->where);
    free(r->offset);
    free(r->cell);
    free(r->text);
    return r->code;
}

int result_table_read(const char *path, uint32_t column_count, const char *const *column,
                      bool is_optional, table_visitor visit, void *user) {
    reader r = {
        .path = path, .column_count = column_count, .column = column, .visit = visit, .user = user};
    FILE *file = fopen(path, "r");
    if (!file && errno == ENOENT && is_optional) return COMMAND_DONE;
    if (!file) {
        return command_fail(COMMAND_ENVIRONMENT, "%s: cannot be opened: %s", path, strerror(errno));
    }
    const int code = read_columns(&r, file);
    (void)fclose(file);
    return code;
}

/* ---- cells --------------------------------------------------------------------------- */

static int fail_cell(const table_row *row, uint32_t column, const char *expected) {
    return command_fail(COMMAND_BAD_INPUT, "%s: row %u, column %s: \"%s\"; expected %s", row->path,
                        row->line, row->column[column], row->cell[column], expected);
}

int table_integer(int64_t *out, const table_row *row, uint32_t column) {
    const char *text = row->cell[column];
    char       *end;
    *out = TABLE_NEVER;
    if (*text == 0) return COMMAND_DONE;
    errno                 = 0;
    const long long value = strtoll(text, &end, 10);
    const bool      is_number =
        *end == 0 && errno == 0 && ((*text >= '0' && *text <= '9') || *text == '-');
    if (!is_number || value == TABLE_NEVER)
        return fail_cell(row, column, "a whole number, or nothing");
    *out = value;
    return COMMAND_DONE;
}

int table_number(double *out, const table_row *row, uint32_t column) {
    *out = (double)NAN;
    if (*row->cell[column] == 0 || number_parse(out, row->cell[column])) return COMMAND_DONE;
    return fail_cell(row, column, "a number, or nothing");
}
