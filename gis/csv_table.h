/* A table as CSV (RFC 4180) whose first line names the columns. A field that is empty and not in
 * quotes is NULL, one that is in quotes is an empty text: so does COPY ... (FORMAT csv, HEADER) of
 * PostgreSQL. Behind it stands libcsv. */
#ifndef MU_GIS_CSV_TABLE_H
#define MU_GIS_CSV_TABLE_H

#include <stdio.h>

#include "gis/value.h"

#include "core/error.h"

typedef struct mu_csv_reader mu_csv_reader;

/* Begin to read a file that is open; `path` is for messages. Both outlive the reader. */
muster_status mu_csv_reader_new(mu_csv_reader **out, FILE *file, const char *path,
                                const mu_schema_table *table);
/* The next row. Values live until the one after it. MUSTER_E_FORMAT with the line. */
muster_status mu_csv_reader_next(mu_csv_reader *reader, mu_value *value, bool *out_row);
void          mu_csv_reader_free(mu_csv_reader *reader);

/* What cannot be written shows in the file. */
void mu_csv_write_header(FILE *file, const mu_schema_table *table);
void mu_csv_write_row(FILE *file, const mu_schema_table *table, const mu_value *value);

#endif
