/* The outline of all points of a grid that are at or below a level. */
#ifndef MU_GIS_CONTOUR_H
#define MU_GIS_CONTOUR_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Vertices are counted in this part of the distance between two points of the grid. */
enum { MU_CONTOUR_STEPS = 16 };

typedef struct mu_contour {
    uint32_t  ring_count;
    size_t   *first_point; /* [ring_count + 1] */
    int32_t  *x, *y;       /* a ring's last point joins its first; the inside is on the left */
    uint32_t *outer;       /* [ring_count] the ring around this one; itself where it is no hole */
} mu_contour;

/* `level` is [row_count][column_count] and above `threshold` on the border. */
muster_status mu_contour_trace(mu_contour *contour, uint32_t column_count, uint32_t row_count,
                               const uint16_t *level, uint16_t threshold);
void          mu_contour_fini(mu_contour *contour);

#endif
