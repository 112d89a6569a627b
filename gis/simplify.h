/* Fewer points for the same shape, by GEOS. */
#ifndef MU_GIS_SIMPLIFY_H
#define MU_GIS_SIMPLIFY_H

#include <stdbool.h>

#include "gis/parts.h"

/* One a thread. */
typedef struct mu_simplifier mu_simplifier;

muster_status mu_simplifier_new(mu_simplifier **out);
void          mu_simplifier_free(mu_simplifier *simplifier);

/* Add `shape`, simplified, to `out`: a polygon of closed rings of four points or more, the
 * outer one first, or a line of one part. Nothing moves by more than `tolerance_m`; holes
 * smaller than that go. With a tolerance of 0, or where GEOS fails, it is added as it is. */
muster_status mu_simplify(mu_simplifier *simplifier, mu_parts *out, const mu_parts *shape,
                          bool is_polygon, double tolerance_m);

#endif
