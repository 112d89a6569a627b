/* Lines on a map in few bytes, for the report's script to draw. */
#ifndef CLI_POLYLINE_H
#define CLI_POLYLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Coordinates are counted in steps of 1e-5 degrees, about a metre. */
enum { POLYLINE_STEPS_PER_DEG = 100000 };

/* Many lines, one after the other. Start from zero. */
typedef struct polyline_writer {
    unsigned char *bytes;
    size_t         size, capacity;
    int32_t        lon, lat; /* the last point, from which the next is told */
    bool           is_out_of_memory;
} polyline_writer;

/* Add the line through `count` points (2 or more), leaving out those that lie within about
 * two metres of the line without them. */
void polyline_add(polyline_writer *writer, uint32_t count, const double *lon_deg,
                  const double *lat_deg);

/* Add the line through `count` points (1 or more), all of them. */
void polyline_add_all(polyline_writer *writer, uint32_t count, const double *lon_deg,
                      const double *lat_deg);

/* All lines so far as base64, for the caller to free; NULL where memory ran out. */
char *polyline_base64(const polyline_writer *writer);

void polyline_fini(polyline_writer *writer);

#endif
