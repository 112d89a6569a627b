/* Straight pieces in the plane of longitude and latitude. */
#ifndef MU_CORE_SEGMENT_H
#define MU_CORE_SEGMENT_H

#include <math.h>

#include "core/rtree.h"

typedef struct mu_point {
    double x, y;
} mu_point;

typedef struct mu_segment {
    mu_point a, b;
} mu_segment;

static inline mu_box mu_segment_box(const mu_segment *s) {
    return (mu_box){fmin(s->a.x, s->b.x), fmin(s->a.y, s->b.y), fmax(s->a.x, s->b.x),
                    fmax(s->a.y, s->b.y)};
}

/* Positive where p lies to the left of s, 0 on its line. */
static inline double mu_segment_side(const mu_segment *s, mu_point p) {
    return (s->b.x - s->a.x) * (p.y - s->a.y) - (s->b.y - s->a.y) * (p.x - s->a.x);
}

/* Whether two segments have a point in common; ends count. */
bool mu_segments_touch(const mu_segment *s, const mu_segment *t);

#endif
