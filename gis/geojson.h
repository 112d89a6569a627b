/* GeoJSON (RFC 7946) feature by feature, and what CSV shares with it: JSON numbers. Behind it stands
 * jansson. A file is never in memory as a whole. */
#ifndef MU_GIS_GEOJSON_H
#define MU_GIS_GEOJSON_H

#include <stdio.h>

#include "core/error.h"
#include "gis/json_number.h"
#include "gis/value.h"

bool mu_json_is_object(const char *bytes, size_t size);

/* A number as JSON writes it; mu_json_number, with a point or an exponent always: "5.0". */
bool mu_json_read_number(const char *bytes, size_t size, double *out);
void mu_json_write_number(char out[MU_JSON_NUMBER_BYTES], double value);

typedef struct mu_geojson_reader mu_geojson_reader;

/* Begin to read the features of a file that is open; `path` is for messages. Both outlive it. */
muster_status mu_geojson_reader_new(mu_geojson_reader **out, FILE *file, const char *path,
                                    const mu_schema_table *table);
/* The next one. Values live until the one after it. MUSTER_E_FORMAT with the line. */
muster_status mu_geojson_reader_next(mu_geojson_reader *reader, mu_value *value, bool *out_row);
void          mu_geojson_reader_free(mu_geojson_reader *reader);

/* A file is a beginning, features, and an end. What cannot be written shows in the file. */
void mu_geojson_write_beginning(FILE *file, const char *table);
void mu_geojson_write_feature(FILE *file, const mu_schema_table *table, const mu_value *value,
                              bool is_first);
void mu_geojson_write_end(FILE *file);

#endif
