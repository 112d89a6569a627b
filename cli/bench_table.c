#include "cli/bench_table.h"

#include <stdarg.h>
#include <string.h>

#include "cli/text_width.h"

enum {
    PART_WIDTH   = 6,
    JOB_WIDTH    = 50,
    VALUE_WIDTH  = 10,
    UNIT_WIDTH   = 10,
    NUMBER_BYTES = 32,
    TARGET_BYTES = 48
};

static void add(bench_table *table, bench_row row) {
    if (table->count < BENCH_ROWS_MOST) table->row[table->count++] = row;
}

void bench_table_add(bench_table *table, const char *part, const char *job, double value,
                     const char *unit) {
    add(table, (bench_row){.part = part, .job = job, .value = value, .unit = unit});
}

void bench_table_aim(bench_table *table, const char *part, const char *job, double value,
                     const char *unit, bench_aim aim, double target) {
    add(table, (bench_row){part, job, unit, value, (uint8_t)aim, target});
}

void bench_table_say(bench_table *table, const char *format, ...) {
    va_list arguments;
    if (table->line_count == BENCH_LINES_MOST) return;
    va_start(arguments, format);
    (void)vsnprintf(table->line[table->line_count++], BENCH_LINE_BYTES, format, arguments);
    va_end(arguments);
}

bool bench_row_is_met(const bench_row *row) {
    return row->aim == BENCH_AT_LEAST ? row->value >= row->target : row->value <= row->target;
}

/* ---- as text ----------------------------------------------------------------------------- */

/* Three figures, which is more than two runs have in common. */
static const char *number(char text[NUMBER_BYTES], double value) {
    const double size = value < 0 ? -value : value;
    if (size >= 9999.5) {
        (void)snprintf(text, NUMBER_BYTES, "%.0f,%03.0f", (double)(int64_t)(value / 1000),
                       (double)((int64_t)(value + 0.5) % 1000));
    } else {
        (void)snprintf(text, NUMBER_BYTES, "%.*f", size >= 100 ? 0 : size >= 10 ? 1 : 2, value);
    }
    return text;
}

static const char *target(char text[TARGET_BYTES], const bench_row *row) {
    char aim[NUMBER_BYTES];
    text[0] = 0;
    if (row->aim == BENCH_NO_AIM) return text;
    (void)snprintf(text, TARGET_BYTES, "%s %s", row->aim == BENCH_AT_MOST ? "at most" : "at least",
                   number(aim, row->target));
    return text;
}

static const char *verdict(const bench_row *row) {
    return row->aim == BENCH_NO_AIM ? "" : bench_row_is_met(row) ? "met" : "missed";
}

void bench_table_print(const bench_table *table, FILE *stream) {
    char value[NUMBER_BYTES], aim[TARGET_BYTES];
    for (uint32_t i = 0; i < table->count; ++i) {
        const bench_row *row = &table->row[i];
        text_print_padded(stream, i > 0 && row->part == row[-1].part ? "" : row->part, PART_WIDTH);
        fputs("  ", stream);
        text_print_padded(stream, row->job, JOB_WIDTH);
        text_print_right(stream, number(value, row->value), VALUE_WIDTH);
        fputc(' ', stream);
        if (row->aim == BENCH_NO_AIM) {
            fprintf(stream, "%s\n", row->unit);
            continue;
        }
        text_print_padded(stream, row->unit, UNIT_WIDTH);
        fprintf(stream, "%s: %s\n", target(aim, row), verdict(row));
    }
    for (uint32_t i = 0; i < table->line_count; ++i) fprintf(stream, "%s\n", table->line[i]);
}

/* ---- as a document ----------------------------------------------------------------------- */

void bench_table_print_markdown(const bench_table *table, FILE *stream) {
    char value[NUMBER_BYTES], aim[TARGET_BYTES];
    fputs("| part | job | measured | unit | target | |\n|---|---|---:|---|---|---|\n", stream);
    for (uint32_t i = 0; i < table->count; ++i) {
        const bench_row *row    = &table->row[i];
        const bool       is_met = bench_row_is_met(row);
        const char      *stars  = row->aim != BENCH_NO_AIM && !is_met ? "**" : "";
        fprintf(stream, "| %s | %s | %s | %s | %s | %s%s%s |\n", row->part, row->job,
                number(value, row->value), row->unit, target(aim, row), stars, verdict(row), stars);
    }
    fputc('\n', stream);
    for (uint32_t i = 0; i < table->line_count; ++i) fprintf(stream, "- %s\n", table->line[i]);
}

/* ---- as JSON ----------------------------------------------------------------------------- */

static json_t *row_json(const bench_row *row) {
    json_t *out = json_pack("{s:s, s:s, s:f, s:s}", "part", row->part, "job", row->job, "value",
                            row->value, "unit", row->unit);
    if (!out || row->aim == BENCH_NO_AIM) return out;
    json_t *aim = json_pack("{s:f, s:s, s:b}", "target", row->target, "aim",
                            row->aim == BENCH_AT_MOST ? "at_most" : "at_least", "met",
                            (int)bench_row_is_met(row));
    if (aim && json_object_update(out, aim) == 0) {
        json_decref(aim);
        return out;
    }
    json_decref(aim);
    json_decref(out);
    return NULL;
}

json_t *bench_table_json(const bench_table *table) {
    json_t *lines = json_array(), *rows = json_array();
    bool    is_whole = lines && rows;
    for (uint32_t i = 0; is_whole && i < table->line_count; ++i) {
        is_whole = json_array_append_new(lines, json_string(table->line[i])) == 0;
    }
    for (uint32_t i = 0; is_whole && i < table->count; ++i) {
        is_whole = json_array_append_new(rows, row_json(&table->row[i])) == 0;
    }
    if (is_whole) return json_pack("{s:o, s:o}", "circumstances", lines, "rows", rows);
    json_decref(lines);
    json_decref(rows);
    return NULL;
}
