/* What `muster bench` has measured, beside what was aimed at. */
#ifndef CLI_BENCH_TABLE_H
#define CLI_BENCH_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

typedef enum bench_aim { BENCH_NO_AIM, BENCH_AT_MOST, BENCH_AT_LEAST } bench_aim;

typedef struct bench_row {
    const char *part, *job, *unit; /* borrowed: literals */
    double      value;
    uint8_t     aim; /* a bench_aim */
    double      target;
} bench_row;

enum { BENCH_ROWS_MOST = 64, BENCH_LINE_BYTES = 200, BENCH_LINES_MOST = 8 };

typedef struct bench_table {
    uint32_t  count;
    bench_row row[BENCH_ROWS_MOST];
    /* The circumstances: without them nobody can compare. */
    uint32_t line_count;
    char     line[BENCH_LINES_MOST][BENCH_LINE_BYTES];
} bench_table;

void bench_table_add(bench_table *table, const char *part, const char *job, double value,
                     const char *unit);
/* The same, for what has a target. */
void bench_table_aim(bench_table *table, const char *part, const char *job, double value,
                     const char *unit, bench_aim aim, double target);
/* One more line of circumstances. */
void bench_table_say(bench_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool bench_row_is_met(const bench_row *row);

/* For a terminal. */
void bench_table_print(const bench_table *table, FILE *stream);
/* For a document: a Markdown table, and the circumstances below it. */
void bench_table_print_markdown(const bench_table *table, FILE *stream);
/* {"circumstances": [], "rows": [{part, job, value, unit, target, aim, met}]}; NULL: no memory. */
json_t *bench_table_json(const bench_table *table);

#endif
