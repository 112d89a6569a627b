/* See area.h. */
#include "gis/area.h"

void mu_area_fini(mu_area *area) {
    mu_gis_free(area->first_ring);
    mu_gis_free(area->first_point);
    mu_gis_free(area->lon_deg);
    mu_gis_free(area->lat_deg);
    *area = (mu_area){0};
}

muster_multipolygon mu_area_view(const mu_area *area) {
    static const uint32_t NOTHING[1] = {0};
    return (muster_multipolygon){.polygon_count = area->polygon_count,
                                 .first_ring    = area->first_ring ? area->first_ring : NOTHING,
                                 .first_point   = area->first_point ? area->first_point : NOTHING,
                                 .lon_deg       = area->lon_deg,
                                 .lat_deg       = area->lat_deg,
                                 .area_m2       = area->area_m2};
}
