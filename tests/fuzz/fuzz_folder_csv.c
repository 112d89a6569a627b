/* Any bytes as the CSV file of a table. */
#include "gis/csv_table.h"
#include "tests/fuzz/folder_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static muster_status open_csv(void **reader, FILE *file, const mu_schema_table *table) {
    mu_csv_reader      *csv;
    const muster_status status = mu_csv_reader_new(&csv, file, "t.csv", table);
    *reader                    = csv;
    return status;
}

static muster_status next_row(void *reader, mu_value *value, bool *out_row) {
    return mu_csv_reader_next(reader, value, out_row);
}

static void close_csv(void *reader) {
    mu_csv_reader_free(reader);
}

static void write_row(FILE *file, const mu_schema_table *table, const mu_value *value,
                      bool is_first) {
    (void)is_first;
    mu_csv_write_row(file, table, value);
}

static void write_nothing(FILE *file) {
    (void)file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const folder_format CSV = {
        false, open_csv, next_row, close_csv, mu_csv_write_header, write_row, write_nothing};
    folder_fuzz(&CSV, data, size);
    return 0;
}
