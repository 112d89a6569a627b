/* Open addressing, at most half full. */
#include "solver/site_index.h"

#include <string.h>

#include "core/alloc.h"

muster_status mu_site_index_init(mu_site_index *index, uint32_t most) {
    size_t slots = 16;
    while (slots < 2 * (size_t)most) slots *= 2;
    index->mask = (uint32_t)(slots - 1);
    MU_TRY(mu_alloc(&index->slot, slots, sizeof *index->slot));
    for (size_t i = 0; i < slots; ++i) index->slot[i] = MUSTER_NONE;
    return MUSTER_OK;
}

void mu_site_index_fini(mu_site_index *index) {
    mu_free(index->slot);
    *index = (mu_site_index){0};
}

static uint32_t first_slot(muster_site site, uint32_t mask) {
    uint64_t lon, lat;
    memcpy(&lon, &site.lon_deg, sizeof lon);
    memcpy(&lat, &site.lat_deg, sizeof lat);
    const uint64_t mixed = (lon ^ (lat << 32 | lat >> 32)) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(mixed >> 32) & mask;
}

static bool is_same(muster_site a, muster_site b) {
    return a.lon_deg == b.lon_deg && a.lat_deg == b.lat_deg;
}

uint32_t *mu_site_index_at(const mu_site_index *index, const muster_site *list, muster_site site) {
    uint32_t at = first_slot(site, index->mask);
    while (index->slot[at] != MUSTER_NONE && !is_same(list[index->slot[at]], site)) {
        at = (at + 1) & index->mask;
    }
    return &index->slot[at];
}
