/* See rings.h. */
#include "gis/rings.h"

muster_status mu_rings_end_polygon(mu_rings *rings) {
    MU_TRY(mu_gis_grow(&rings->first_ring, &rings->capacity, (size_t)rings->polygon_count + 1,
                       sizeof *rings->first_ring));
    rings->first_ring[0]                      = 0;
    rings->first_ring[++rings->polygon_count] = rings->parts.count;
    return MUSTER_OK;
}

void mu_rings_clear(mu_rings *rings) {
    mu_parts_clear(&rings->parts);
    rings->polygon_count = 0;
}

void mu_rings_fini(mu_rings *rings) {
    mu_parts_fini(&rings->parts);
    mu_gis_free(rings->first_ring);
    *rings = (mu_rings){0};
}
