/** @file muster/layer_file.h
 *  Layers of points, lines and areas with attributes, as a GeoPackage that QGIS and GDAL open: for results
 *  that are no scenario. Part of libmuster_gis.
 *
 *  A file is written layer by layer, row by row, by one thread, beside its target, and takes the target's
 *  name when it is published. What fails leaves the target as it was. */
#ifndef MUSTER_LAYER_FILE_H
#define MUSTER_LAYER_FILE_H

#include <stdint.h>

#include <muster/isochrone_polygon.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_layer_file muster_layer_file;

typedef enum muster_layer_shape {
    MUSTER_LAYER_POINTS,
    MUSTER_LAYER_LINES,
    MUSTER_LAYER_AREAS
} muster_layer_shape;

typedef enum muster_layer_type {
    MUSTER_LAYER_INTEGER,
    MUSTER_LAYER_REAL,
    MUSTER_LAYER_TEXT
} muster_layer_type;

/** Names of layers and columns are 1 to 48 of a-z, 0-9 and '_', a letter first. `fid` and `geom` are
 *  taken, as is what begins with "gpkg", "rtree" or "sqlite". */
typedef struct muster_layer_column {
    const char       *name;
    muster_layer_type type;
} muster_layer_column;

/** A cell of the column's type. */
typedef struct muster_layer_value {
    bool    is_known; /**< false: NULL; a text that is NULL, or a number that is NaN, is so too. */
    int64_t integer;
    double  real;
    const char *text; /**< UTF-8. */
} muster_layer_value;

/** Start a file.
 *  @return MUSTER_E_IO, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_layer_file_new(muster_layer_file **out, const char *path);

/** Start a layer; the rows that follow are its rows. At most 64 columns.
 *  @return MUSTER_E_INVALID naming the name that is wrong or comes twice; MUSTER_E_IO, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_layer_file_begin(muster_layer_file *file, const char *name,
                                                 muster_layer_shape shape, uint32_t column_count,
                                                 const muster_layer_column *column);

/** Add a row to the layer of that shape that was begun last, with a value for each column. Degrees are WGS 84;
 *  a line has 2 points or more, an area a polygon or more.
 *  @return MUSTER_E_INVALID for another shape, too few points, or a coordinate that is not finite;
 *          MUSTER_E_IO, MUSTER_E_NOMEM. O(points). */
MUSTER_API muster_status muster_layer_file_add_point(muster_layer_file *file, double lon_deg,
                                                     double                    lat_deg,
                                                     const muster_layer_value *value);
MUSTER_API muster_status muster_layer_file_add_line(muster_layer_file *file, uint32_t point_count,
                                                    const double *lon_deg, const double *lat_deg,
                                                    const muster_layer_value *value);
MUSTER_API muster_status muster_layer_file_add_area(muster_layer_file         *file,
                                                    const muster_multipolygon *area,
                                                    const muster_layer_value  *value);

/** Finish: spatial indexes, and the file takes its name. Only muster_layer_file_free may follow.
 *  @return MUSTER_E_IO, MUSTER_E_NOMEM. O(rows log rows). */
MUSTER_API muster_status muster_layer_file_publish(muster_layer_file *file);

/** Give back; a file that was not published is removed. NULL is welcome. */
MUSTER_API void muster_layer_file_free(muster_layer_file *file);

#ifdef __cplusplus
}
#endif
#endif
