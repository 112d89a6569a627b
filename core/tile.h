/* From rows of a node, an entry a lane, to rows of a lane, an entry a node. */
#ifndef MU_CORE_TILE_H
#define MU_CORE_TILE_H

#include "core/cost.h"
#include "core/isa.h"

/* Nodes turned round together, a cache line of durations, and lanes. */
enum { MU_TILE_NODES = 16, MU_TILE_LANES = 4 };

/* Where the rows of the lanes go: lane l starts `stride` * l entries on. */
typedef struct mu_tile_out {
    uint32_t *duration_ms;
    double   *distance_m; /* where lengths are wanted; NaN where there is no way */
    size_t    stride;
} mu_tile_out;

/* One of the ways to turn the first lanes of MU_TILE_NODES rows of sweeps round, all with the same
 * result: `row` points to them, [MU_TILE_NODES]. Lanes up to the next multiple of MU_TILE_LANES may
 * be read and written with them. No row has an entry above MU_INFINITE_WEIGHT
 * (MUSTER_UNREACHABLE_MS). */
typedef struct mu_tile {
    void (*durations)(const uint32_t *const *row, uint32_t lane_count, mu_tile_out out);
    void (*costs)(const mu_cost *const *row, uint32_t lane_count, mu_tile_out out);
} mu_tile;

/* The isa must be one that the processor has. */
mu_tile mu_tile_for(mu_isa isa);

#endif
