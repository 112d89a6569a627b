/* Random places on the edges of a network: at junctions, in the middle, anywhere, and some on
 * no road at all. */
#ifndef TESTS_SUPPORT_RANDOM_PLACE_H
#define TESTS_SUPPORT_RANDOM_PLACE_H

#include <muster/snap.h>

#include "tests/support/random.h"

static inline void random_places(muster_snap *place, uint32_t count, const muster_network_data *v,
                                 uint64_t *rng) {
    static const double FRACTION[] = {0, 1, 0.5};
    for (uint32_t p = 0; p < count; ++p) {
        const double fraction =
            random_below(rng, 2) ? FRACTION[random_below(rng, 3)] : random_unit(rng);
        place[p] = (muster_snap){random_below(rng, v->edge_count), fraction, 0, 0, 0};
        if (random_below(rng, 10) == 0) place[p].edge = MUSTER_NONE;
    }
}

#endif
