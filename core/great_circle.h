/* Places as points of the unit sphere, for those who ask for many distances. */
#ifndef MU_CORE_GREAT_CIRCLE_H
#define MU_CORE_GREAT_CIRCLE_H

#include <muster/great_circle.h>

typedef struct mu_direction {
    double x, y, z; /* of length 1 */
} mu_direction;

mu_direction mu_direction_of(double lon_deg, double lat_deg);

/* The same as muster_great_circle_m, bit for bit. */
double mu_great_circle_m(const mu_direction *a, const mu_direction *b);

#endif
