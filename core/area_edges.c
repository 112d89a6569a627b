/* Most boxes of the network's index are inside an area as a whole, or outside: only along its sides is it
 * looked at. */
#include "core/area_edges.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/polygon.h"

typedef struct search {
    mu_area_edges        *found;
    const muster_network *network;
    const mu_polygon     *polygon;
    muster_status         status;
} search;

static mu_cover judge_box(void *user, const mu_box *box) {
    const search *s = user;
    return mu_polygon_cover_of(s->polygon, box);
}

static bool take_edge(void *user, uint32_t edge, mu_cover cover) {
    search        *s = user;
    mu_area_edges *f = s->found;
    if (cover == MU_COVERS_PART) cover = mu_polygon_cover_of_edge(s->polygon, s->network, edge);
    if (cover == MU_COVERS_NOTHING) return true;
    s->status = mu_grow(&f->edge, &f->capacity, f->count, sizeof *f->edge);
    if (s->status != MUSTER_OK) return false;
    f->edge[f->count++] = 2 * edge + (cover == MU_COVERS_ALL);
    return true;
}

/* ---- in order ---------------------------------------------------------------------------- */

static int by_edge(const void *a, const void *b) {
    const uint32_t *e = a, *f = b;
    return *e < *f ? -1 : *e > *f;
}

/* A bit for each entry that there may be; each comes once. */
static void sort_by_bits(mu_area_edges *f, uint64_t *bits, size_t words) {
    size_t sorted = 0;
    for (size_t i = 0; i < f->count; ++i) bits[f->edge[i] / 64] |= UINT64_C(1) << f->edge[i] % 64;
    for (size_t w = 0; w < words; ++w) {
        for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
            f->edge[sorted++] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
        }
    }
}

/* What costs less: a few are compared with each other, many marked among all of the network. */
static muster_status sort(mu_area_edges *f, const muster_network *network) {
    const size_t words = (size_t)network->view.edge_count / 32 + 1;
    uint64_t    *bits;
    if (f->count < words / 4) {
        if (f->count > 1) qsort(f->edge, f->count, sizeof *f->edge, by_edge);
        return MUSTER_OK;
    }
    MU_TRY(mu_alloc_zeroed(&bits, words, sizeof *bits));
    sort_by_bits(f, bits, words);
    mu_free(bits);
    return MUSTER_OK;
}

muster_status mu_area_edges_find(mu_area_edges *inout, const muster_network *network,
                                 const muster_polygon *area) {
    mu_polygon polygon;
    search     s = {inout, network, &polygon, MUSTER_OK};
    MU_TRY(mu_polygon_init(&polygon, area));
    inout->count = 0;
    mu_rtree_cover(&network->edges, judge_box, take_edge, &s);
    mu_polygon_fini(&polygon);
    return s.status == MUSTER_OK ? sort(inout, network) : s.status;
}

void mu_area_edges_fini(mu_area_edges *edges) {
    mu_free(edges->edge);
    *edges = (mu_area_edges){0};
}
