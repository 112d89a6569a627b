/* The inside of muster_area_memory (muster/closure.h): what areas hold, by what they are. */
#ifndef MU_CORE_AREA_MEMORY_H
#define MU_CORE_AREA_MEMORY_H

#include <muster/closure.h>

#include "core/area_edges.h"

typedef struct mu_known_area mu_known_area;

const muster_network *mu_area_memory_network(const muster_area_memory *memory);

/* The edges of an area with those that are inside as a whole told apart: from memory, or found and remembered.
 * Who asks for what another thread is looking for waits for that. Give it back when it has been read:
 * it is not forgotten before.
 * Any thread. MUSTER_E_INVALID as mu_area_edges_find, MUSTER_E_NOMEM. */
muster_status        mu_area_memory_ask(muster_area_memory *memory, const muster_polygon *area,
                                        mu_known_area **out);
const mu_area_edges *mu_known_area_edges(const mu_known_area *known);
void                 mu_area_memory_give_back(muster_area_memory *memory, mu_known_area *known);

/* For tests: how many areas are remembered, and how often one was looked for on the map. */
void mu_area_memory_count(muster_area_memory *memory, uint32_t *out_areas, uint64_t *out_searches);

#endif
