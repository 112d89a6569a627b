/* Layers with attributes, written to a GeoPackage or to GeoJSON. */
#ifndef CLI_EXPORT_LAYERS_H
#define CLI_EXPORT_LAYERS_H

#include <jansson.h>

#include <muster/layer_file.h>

typedef struct export_layers {
    const char                *path;
    muster_layer_file         *file;     /* of a GeoPackage */
    json_t                    *features; /* of GeoJSON: each has its layer's name as "layer" */
    const char                *name;     /* of the layer in hand */
    uint32_t                   column_count;
    const muster_layer_column *column;
} export_layers;

/* Start writing; a path that ends with .gpkg is a GeoPackage, others GeoJSON. All return the exit code. */
int export_layers_open(export_layers *out, const char *path);
/* Start a layer; name and columns are borrowed until the next. */
int export_layers_begin(export_layers *e, const char *name, muster_layer_shape shape,
                        uint32_t column_count, const muster_layer_column *column);
int export_layers_point(export_layers *e, double lon_deg, double lat_deg,
                        const muster_layer_value *value);
int export_layers_line(export_layers *e, uint32_t count, const double *lon_deg,
                       const double *lat_deg, const muster_layer_value *value);
int export_layers_area(export_layers *e, const muster_multipolygon *area,
                       const muster_layer_value *value);
/* The file appears. */
int export_layers_publish(export_layers *e);
/* Give back, published or not. */
void export_layers_close(export_layers *e);

#endif
