/* Any bytes as the GeoJSON file of a table. */
#include "gis/geojson.h"
#include "tests/fuzz/folder_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static muster_status open_geojson(void **reader, FILE *file, const mu_schema_table *table) {
    mu_geojson_reader  *geojson;
    const muster_status status = mu_geojson_reader_new(&geojson, file, "t.geojson", table);
    *reader                    = geojson;
    return status;
}

static muster_status next_row(void *reader, mu_value *value, bool *out_row) {
    return mu_geojson_reader_next(reader, value, out_row);
}

static void close_geojson(void *reader) {
    mu_geojson_reader_free(reader);
}

static void write_beginning(FILE *file, const mu_schema_table *table) {
    mu_geojson_write_beginning(file, table->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const folder_format GEOJSON = {true,
                                          open_geojson,
                                          next_row,
                                          close_geojson,
                                          write_beginning,
                                          mu_geojson_write_feature,
                                          mu_geojson_write_end};
    folder_fuzz(&GEOJSON, data, size);
    return 0;
}
