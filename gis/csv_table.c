/* See csv_table.h.
 *
 * The file goes to the parser line by line, until it has a row: the parser calls back when it has one
 * and does not count lines, and a message has to name one. A field in quotes may run over several. */
#define _XOPEN_SOURCE 700 /* getc_unlocked */
#include "gis/csv_table.h"

#include <csv.h>
#include <string.h>

#include "gis/geojson.h"
#include "gis/instant.h"
#include "gis/memory.h"

enum { MOST_FIELDS = 200 };

typedef struct csv_field {
    size_t begin, size;
    bool   is_null;
} csv_field;

struct mu_csv_reader {
    struct csv_parser      parser;
    FILE                  *file;
    const char            *path;
    const mu_schema_table *table;
    uint64_t               line;     /* that is read next, from 1 */
    uint64_t               row_line; /* where the row in hand began */
    bool                   has_row, is_out_of_memory, is_too_wide, is_started, is_at_end;
    uint32_t               field_count;
    csv_field              field[MOST_FIELDS];
    char                  *bytes; /* of the row's fields */
    size_t                 byte_count, byte_capacity;
    char                  *piece; /* a line on its way to the parser */
    size_t                 piece_capacity;
    uint32_t               width;                    /* of the header */
    uint32_t               where[MU_SCHEMA_COLUMNS]; /* MUSTER_NONE: not there */
};

static muster_status refuse(const mu_csv_reader *r, const char *format, const char *what) {
    char reason[200];
    snprintf(reason, sizeof reason, format, what);
    if (ferror(r->file)) return muster_fail(MUSTER_E_IO, "\"%s\" cannot be read", r->path);
    return muster_fail(MUSTER_E_FORMAT, "\"%s\": line %llu: %s", r->path,
                       (unsigned long long)r->row_line, reason);
}

/* ---- rows as libcsv finds them ----------------------------------------------------------- */

static bool make_room(void *inout, size_t *capacity, size_t used, size_t more) {
    if (*capacity - used >= more) return true;
    const size_t larger = *capacity + *capacity / 2 + more + 256;
    if (mu_gis_realloc(inout, larger, 1) != MUSTER_OK) return false;
    *capacity = larger;
    return true;
}

static void take_field(void *text, size_t size, void *user) {
    mu_csv_reader *r = user;
    if (r->field_count == MOST_FIELDS) {
        r->is_too_wide = true;
        return;
    }
    /* One more, for nothing has to be somewhere too. */
    if (!make_room(&r->bytes, &r->byte_capacity, r->byte_count, size + 1)) {
        r->is_out_of_memory = true;
        return;
    }
    if (size > 0) memcpy(r->bytes + r->byte_count, text, size);
    r->field[r->field_count++] = (csv_field){r->byte_count, size, text == NULL};
    r->byte_count += size;
}

static void take_row(int end, void *user) {
    mu_csv_reader *r = user;
    (void)end;
    r->has_row = true;
}

/* The next line with its end, which may be any of the three that there are; *out_size is 0 at the end
 * of the file. */
static muster_status read_line(mu_csv_reader *r, size_t *out_size) {
    size_t size = 0;
    for (int c = 0; c != '\n' && c != '\r';) {
        c = getc_unlocked(r->file);
        if (c == EOF) break;
        if (!make_room(&r->piece, &r->piece_capacity, size, 1)) {
            return muster_fail(MUSTER_E_NOMEM, "\"%s\": out of memory", r->path);
        }
        r->piece[size++] = (char)c;
    }
    *out_size = size;
    if (size > 0 && r->piece[size - 1] == '\n') ++r->line;
    return ferror(r->file) ? refuse(r, "%s", "") : MUSTER_OK;
}

/* The byte order mark that some editors write. */
static size_t mark_bytes(mu_csv_reader *r, size_t size) {
    const bool is_first = !r->is_started;
    r->is_started       = true;
    return is_first && size >= 3 && memcmp(r->piece, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static muster_status feed(mu_csv_reader *r) {
    size_t size = 0;
    if (r->field_count == 0 && r->parser.entry_pos == 0) r->row_line = r->line;
    MU_TRY(read_line(r, &size));
    int result = 0;
    if (size == 0) {
        r->is_at_end = true;
        result       = csv_fini(&r->parser, take_field, take_row, r);
    } else {
        const size_t mark = mark_bytes(r, size);
        result = csv_parse(&r->parser, r->piece + mark, size - mark, take_field, take_row, r) ==
                         size - mark
                     ? 0
                     : -1;
    }
    if (r->is_out_of_memory || (result != 0 && csv_error(&r->parser) == CSV_ENOMEM)) {
        return muster_fail(MUSTER_E_NOMEM, "\"%s\": out of memory", r->path);
    }
    if (r->is_too_wide) return refuse(r, "%s", "over 200 fields");
    if (result == 0) return MUSTER_OK;
    return refuse(r, "%s", "a quote that is not doubled, or not closed; expected RFC 4180");
}

static muster_status next_row(mu_csv_reader *r) {
    r->has_row     = false;
    r->field_count = 0;
    r->byte_count  = 0;
    while (!r->has_row && !r->is_at_end) MU_TRY(feed(r));
    return MUSTER_OK;
}

/* ---- the header ---------------------------------------------------------------------------- */

static muster_status take_name(mu_csv_reader *r, uint32_t f) {
    const csv_field *field = &r->field[f];
    char             name[64];
    if (field->is_null || field->size >= sizeof name) return MUSTER_OK; /* none of ours */
    memcpy(name, r->bytes + field->begin, field->size);
    name[field->size]     = 0;
    const uint32_t column = mu_schema_column_find(r->table, name);
    if (column == MUSTER_NONE) return MUSTER_OK;
    if (r->where[column] != MUSTER_NONE) {
        return refuse(r, "the header names column %s twice; expected it once", name);
    }
    r->where[column] = f;
    return MUSTER_OK;
}

static muster_status read_header(mu_csv_reader *r) {
    MU_TRY(next_row(r));
    if (!r->has_row) return refuse(r, "%s", "no header; expected the names of the columns");
    r->width = r->field_count;
    for (uint32_t c = 0; c < MU_SCHEMA_COLUMNS; ++c) r->where[c] = MUSTER_NONE;
    for (uint32_t f = 0; f < r->field_count; ++f) MU_TRY(take_name(r, f));
    for (uint32_t c = 0; c < r->table->column_count; ++c) {
        const mu_schema_column *column = &r->table->column[c];
        if (r->where[c] != MUSTER_NONE || column->may_be_null || column->has_fallback) continue;
        return refuse(r, "the header has no column %s", column->name);
    }
    return MUSTER_OK;
}

static void *grow(void *memory, size_t size) {
    return mu_gis_realloc(&memory, size, 1) == MUSTER_OK ? memory : NULL;
}

static int no_space(unsigned char byte) {
    (void)byte; /* spaces belong to the field */
    return 0;
}

muster_status mu_csv_reader_new(mu_csv_reader **out, FILE *file, const char *path,
                                const mu_schema_table *table) {
    *out = NULL;
    mu_csv_reader *r;
    MU_TRY(mu_gis_alloc_zeroed(&r, 1, sizeof *r));
    r->file  = file;
    r->path  = path;
    r->table = table;
    r->line  = 1;
    csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL);
    csv_set_realloc_func(&r->parser, grow);
    csv_set_free_func(&r->parser, mu_gis_free);
    csv_set_space_func(&r->parser, no_space);
    const muster_status status = read_header(r);
    if (status != MUSTER_OK) {
        mu_csv_reader_free(r);
        return status;
    }
    *out = r;
    return MUSTER_OK;
}

void mu_csv_reader_free(mu_csv_reader *r) {
    if (!r) return;
    csv_free(&r->parser);
    mu_gis_free(r->bytes);
    mu_gis_free(r->piece);
    mu_gis_free(r);
}

/* ---- values -------------------------------------------------------------------------------- */

/* Digits, perhaps behind a minus, that an int64_t holds. */
static bool read_whole(const char *text, size_t size, int64_t *out) {
    const bool   is_negative = size > 0 && text[0] == '-';
    const size_t first       = is_negative ? 1 : 0;
    int64_t      value       = 0;
    if (size == first) return false;
    for (size_t i = first; i < size; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        const int digit = text[i] - '0';
        /* Negative numbers reach one further. */
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) {
            return false;
        }
    }
    if (!is_negative && value == INT64_MIN) return false;
    *out = is_negative ? value : -value;
    return true;
}

static bool is_word(const char *text, size_t size, const char *word) {
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

static bool read_boolean(const char *text, size_t size, int64_t *out) {
    *out = is_word(text, size, "true") || is_word(text, size, "1");
    return *out || is_word(text, size, "false") || is_word(text, size, "0");
}

/* What the column means, where the text says it; else the text. */
static mu_value understand(const mu_schema_column *column, const char *text, size_t size) {
    mu_value value = {.form = MU_FORM_TEXT, .bytes = text, .size = size};
    int64_t  whole;
    double   real;
    switch (column->type) {
    case MU_TYPE_BOOLEAN:
        if (read_boolean(text, size, &whole)) {
            return (mu_value){.form = MU_FORM_WHOLE, .whole = whole};
        }
        break;
    case MU_TYPE_INTEGER:
    case MU_TYPE_BIGINT:
        if (read_whole(text, size, &whole)) {
            return (mu_value){.form = MU_FORM_WHOLE, .whole = whole};
        }
        break;
    case MU_TYPE_REAL:
        if (mu_json_read_number(text, size, &real)) {
            return (mu_value){.form = MU_FORM_REAL, .real = real};
        }
        break;
    case MU_TYPE_MOMENT:
    case MU_TYPE_INSTANT:
        mu_value_read_moment(&value);
        break;
    default:
        break;
    }
    return value;
}

muster_status mu_csv_reader_next(mu_csv_reader *r, mu_value *value, bool *out_row) {
    *out_row = false;
    MU_TRY(next_row(r));
    if (!r->has_row) return MUSTER_OK;
    if (r->field_count != r->width) {
        char count[80];
        snprintf(count, sizeof count, "%u fields; expected %u, as in the header", r->field_count,
                 r->width);
        return refuse(r, "%s", count);
    }
    for (uint32_t c = 0; c < r->table->column_count; ++c) {
        const mu_schema_column *column = &r->table->column[c];
        const csv_field        *field  = r->where[c] == MUSTER_NONE ? NULL : &r->field[r->where[c]];
        if (!field) {
            value[c] = mu_value_fallback(column);
        } else if (field->is_null) {
            value[c] = (mu_value){.form = MU_FORM_NULL};
        } else {
            value[c] = understand(column, r->bytes + field->begin, field->size);
        }
    }
    *out_row = true;
    return MUSTER_OK;
}

/* ---- writing ------------------------------------------------------------------------------ */

void mu_csv_write_header(FILE *file, const mu_schema_table *table) {
    for (uint32_t c = 0; c < table->column_count; ++c) {
        fprintf(file, "%s%s", c > 0 ? "," : "", table->column[c].name);
    }
    putc('\n', file);
}

/* Always in quotes: so no text is taken for NULL, and no spreadsheet's program for a number. */
static void write_text(FILE *file, const char *text, size_t size) {
    putc('"', file);
    for (size_t i = 0; i < size; ++i) {
        if (text[i] == '"') putc('"', file);
        putc((unsigned char)text[i], file);
    }
    putc('"', file);
}

static void write_value(FILE *file, mu_column_type type, const mu_value *value) {
    char text[MU_JSON_NUMBER_BYTES];
    switch (value->form) {
    case MU_FORM_NULL:
        break;
    case MU_FORM_WHOLE:
        if (type == MU_TYPE_BOOLEAN) {
            fputs(value->whole ? "true" : "false", file);
        } else if (type == MU_TYPE_MOMENT || type == MU_TYPE_INSTANT) {
            mu_instant_write(text, value->whole);
            fputs(text, file);
        } else {
            fprintf(file, "%lld", (long long)value->whole);
        }
        break;
    case MU_FORM_REAL:
        mu_json_write_number(text, value->real);
        fputs(text, file);
        break;
    default:
        write_text(file, value->bytes, value->size);
    }
}

void mu_csv_write_row(FILE *file, const mu_schema_table *table, const mu_value *value) {
    for (uint32_t c = 0; c < table->column_count; ++c) {
        if (c > 0) putc(',', file);
        write_value(file, table->column[c].type, &value[c]);
    }
    putc('\n', file);
}
