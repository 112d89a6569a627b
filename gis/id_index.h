/* From identifiers, which may be any numbers, to indices from 0. */
#ifndef MU_GIS_ID_INDEX_H
#define MU_GIS_ID_INDEX_H

#include <stdint.h>

#include <muster/api.h>

/* The position of `id` in `count` rising ids, or MUSTER_NONE. One step where the ids run
 * without gaps, else O(log count). */
static inline uint32_t mu_id_find(const int64_t *ids, uint32_t count, int64_t id) {
    if (count == 0 || id < ids[0] || id > ids[count - 1]) return MUSTER_NONE;
    const uint64_t ahead = (uint64_t)id - (uint64_t)ids[0];
    if (ahead < count && ids[ahead] == id) return (uint32_t)ahead;
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return ids[low] == id ? low : MUSTER_NONE;
}

#endif
