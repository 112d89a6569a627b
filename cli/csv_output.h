/* Values as they stand in CSV files. */
#ifndef CLI_CSV_OUTPUT_H
#define CLI_CSV_OUTPUT_H

#include <stdio.h>

/* A number in as few digits as bring the same double back. */
void csv_print_exact(FILE *stream, double value);

/* A text, in quotes where it needs them (RFC 4180). */
void csv_print_text(FILE *stream, const char *text);

#endif
