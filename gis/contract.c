/* Contraction of chains.
 *
 * Where exactly two segment ends meet, and the road on both sides is the same (class,
 * access and speed by direction, limits, structure, name), the node is a bend and not a
 * junction. A chain is followed from its first segment in the file, back to where it
 * begins and then forward to its end, so the result depends on the file's order alone.
 *
 * Rings without any junction are chains too; they begin and end at the first node of their
 * first segment, which stays a node.
 *
 * Invariant: partner is an involution: partner[partner[e]] == e wherever it is not
 * MUSTER_NONE. So chains are paths or rings, and each segment is in exactly one. */
#include "gis/contract.h"

#include "gis/memory.h"

uint32_t mu_segment_start(const mu_osm_segments *segments, mu_segment_end part) {
    const mu_osm_segment *segment = &segments->segment[part / 2];
    return part % 2 == 0 ? segment->source : segment->target;
}

uint32_t mu_segment_finish(const mu_osm_segments *segments, mu_segment_end part) {
    return mu_segment_start(segments, part ^ 1);
}

/* ---- what meets and what agrees -------------------------------------------------------- */

static bool same_amount(float a, float b) {
    return !(a < b) && !(a > b);
}

/* Is the road the same when b is driven the other way round than a, if `turned`? */
static bool same_road(const mu_osm_road *a, const mu_osm_road *b, bool turned) {
    const uint8_t forward      = turned ? b->access_backward : b->access_forward;
    const uint8_t backward     = turned ? b->access_forward : b->access_backward;
    const float   forward_kmh  = turned ? b->speed_backward_kmh : b->speed_forward_kmh;
    const float   backward_kmh = turned ? b->speed_forward_kmh : b->speed_backward_kmh;
    return a->road_class == b->road_class && a->access_forward == forward &&
           a->access_backward == backward && a->flags == b->flags && a->layer == b->layer &&
           same_amount(a->speed_forward_kmh, forward_kmh) &&
           same_amount(a->speed_backward_kmh, backward_kmh) &&
           same_amount(a->maxheight_m, b->maxheight_m) &&
           same_amount(a->maxwidth_m, b->maxwidth_m) &&
           same_amount(a->maxweight_t, b->maxweight_t) &&
           (a->duration_ms == MUSTER_NONE) == (b->duration_ms == MUSTER_NONE);
}

/* Two ends that meet: driving on from one to the other turns a segment round exactly when
 * both are sources or both are targets. */
static bool agree(const mu_osm_segments *segments, const mu_osm_roads *roads, mu_segment_end a,
                  mu_segment_end b) {
    const mu_osm_road_way *left  = &roads->way[segments->segment[a / 2].way];
    const mu_osm_road_way *right = &roads->way[segments->segment[b / 2].way];
    return left->name == right->name && same_road(&left->road, &right->road, a % 2 == b % 2);
}

/* The end that each end runs on into, or MUSTER_NONE. */
static muster_status find_partners(const mu_osm_segments *segments, const mu_osm_roads *roads,
                                   mu_segment_end **out) {
    mu_segment_end *waiting; /* by node: the first end that came there */
    MU_TRY(mu_gis_alloc(&waiting, roads->node_count, sizeof *waiting));
    muster_status status = mu_gis_alloc(out, 2 * segments->count, sizeof **out);
    if (status != MUSTER_OK) goto done;
    for (uint32_t v = 0; v < roads->node_count; ++v) waiting[v] = MUSTER_NONE;
    for (mu_segment_end end = 0; end < 2 * segments->count; ++end) {
        const uint32_t node = mu_segment_start(segments, end);
        (*out)[end]         = MUSTER_NONE;
        if (node >= roads->node_count || mu_osm_is_stop(segments, node)) continue;
        const mu_segment_end other = waiting[node];
        waiting[node]              = end;
        if (other == MUSTER_NONE || !agree(segments, roads, other, end)) continue;
        (*out)[end]   = other;
        (*out)[other] = end;
    }
done:
    mu_gis_free(waiting);
    return status;
}

/* ---- following -------------------------------------------------------------------------- */

/* Where the chain of `segment` begins, driven in the segment's direction. */
static mu_segment_end find_beginning(const mu_segment_end *partner, uint32_t segment) {
    const mu_segment_end self = 2 * segment;
    mu_segment_end       end  = self;
    while (partner[end] != MUSTER_NONE) {
        end = partner[end] ^ 1;
        if (end == self) break; /* once round a ring */
    }
    return end;
}

static void follow(mu_osm_chains *chains, const mu_segment_end *partner, mu_segment_end beginning,
                   uint32_t *used) {
    mu_segment_end end = beginning;
    do {
        chains->part[(*used)++]  = end;
        chains->edge_of[end / 2] = chains->count;
        end                      = partner[end ^ 1];
    } while (end != MUSTER_NONE && end != beginning);
}

muster_status mu_osm_contract(mu_osm_chains *chains, const mu_osm_segments *segments,
                              const mu_osm_roads *roads) {
    MU_TRY(mu_gis_alloc(&chains->first, segments->count + 1, sizeof *chains->first));
    MU_TRY(mu_gis_alloc(&chains->part, segments->count, sizeof *chains->part));
    MU_TRY(mu_gis_alloc(&chains->edge_of, segments->count, sizeof *chains->edge_of));
    mu_segment_end *partner;
    MU_TRY(find_partners(segments, roads, &partner));
    for (uint32_t s = 0; s < segments->count; ++s) chains->edge_of[s] = MUSTER_NONE;
    uint32_t used = 0;
    for (uint32_t s = 0; s < segments->count; ++s) {
        if (chains->edge_of[s] != MUSTER_NONE) continue;
        chains->first[chains->count] = used;
        follow(chains, partner, find_beginning(partner, s), &used);
        ++chains->count;
    }
    chains->first[chains->count] = used;
    mu_gis_free(partner);
    return MUSTER_OK;
}

void mu_osm_chains_fini(mu_osm_chains *chains) {
    mu_gis_free(chains->first);
    mu_gis_free(chains->part);
    mu_gis_free(chains->edge_of);
}
