/* Most boxes of the network's index are inside an area as a whole, or outside: only along its sides is it
 * looked at. */
#include "core/area_edges.h"

#include "core/alloc.h"
#include "core/polygon.h"

typedef struct search {
    mu_area_edges        *found;
    const muster_network *network;
    const mu_polygon     *polygon;
    bool                  tells_whole;
    muster_status         status;
} search;

static mu_cover judge_box(void *user, const mu_box *box) {
    const search *s = user;
    return mu_polygon_cover_of(s->polygon, box);
}

static bool is_whole(const search *s, uint32_t edge, mu_cover cover) {
    return cover == MU_COVERS_ALL ||
           (s->tells_whole && mu_polygon_covers_edge(s->polygon, s->network, edge));
}

static bool take_edge(void *user, uint32_t edge, mu_cover cover) {
    search        *s = user;
    mu_area_edges *f = s->found;
    if (cover == MU_COVERS_PART && !mu_polygon_has_edge(s->polygon, s->network, edge)) return true;
    s->status = mu_grow(&f->edge, &f->capacity, f->count, sizeof *f->edge);
    if (s->status != MUSTER_OK) return false;
    f->edge[f->count++] = 2 * edge + is_whole(s, edge, cover);
    return true;
}

muster_status mu_area_edges_find(mu_area_edges *inout, const muster_network *network,
                                 const muster_polygon *area, bool tells_whole) {
    mu_polygon polygon;
    search     s = {inout, network, &polygon, tells_whole, MUSTER_OK};
    MU_TRY(mu_polygon_init(&polygon, area));
    inout->count = 0;
    mu_rtree_cover(&network->edges, judge_box, take_edge, &s);
    mu_polygon_fini(&polygon);
    return s.status;
}

void mu_area_edges_fini(mu_area_edges *edges) {
    mu_free(edges->edge);
    *edges = (mu_area_edges){0};
}
