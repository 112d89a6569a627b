/* Resolving turn restrictions.
 *
 * The edge of a way at the via node is that of its segment which ends there. A way that
 * runs through the via node has two; then the one counts that vehicles may drive toward
 * the node (from) or away from it (to). Where that still leaves two, the restriction does
 * not say which it means and stays unresolved. Via nodes are never contracted, so each
 * segment end at the node is an edge's end too. */
#include "gis/osm_turns.h"

#include <stdlib.h>

#include "gis/memory.h"

typedef struct way_entry {
    int64_t  id;
    uint32_t way;
} way_entry;

static int compare_ways(const void *a, const void *b) {
    const way_entry *left = a, *right = b;
    if (left->id != right->id) return left->id < right->id ? -1 : 1;
    return (left->way > right->way) - (left->way < right->way);
}

static muster_status sort_ways(const mu_osm_roads *roads, way_entry **out) {
    MU_TRY(mu_gis_alloc(out, roads->way_count, sizeof **out));
    for (uint32_t w = 0; w < roads->way_count; ++w) {
        (*out)[w] = (way_entry){roads->way[w].id, w};
    }
    qsort(*out, roads->way_count, sizeof **out, compare_ways);
    return MUSTER_OK;
}

/* The first way of that identifier, or MUSTER_NONE. */
static uint32_t find_way(const way_entry *entry, size_t count, int64_t id) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (entry[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && entry[low].id == id ? entry[low].way : MUSTER_NONE;
}

/* A member way: does it approach the via node or leave it? */
typedef enum turn_side { APPROACHES, LEAVES } turn_side;

/* Edges found so far: none, one, or too many to choose. */
typedef struct turn_choice {
    uint32_t edge, count;
} turn_choice;

static void consider(turn_choice *choice, uint32_t edge) {
    choice->edge = edge;
    ++choice->count;
}

/* The edge of `way` at `via`. With `legal_only`, of those that may be driven. */
static turn_choice edges_at(const mu_osm_roads *roads, const mu_osm_segments *segments,
                            const mu_osm_chains *chains, uint32_t way, uint32_t via, turn_side side,
                            bool legal_only) {
    turn_choice        choice         = {MUSTER_NONE, 0};
    const mu_osm_road *road           = &roads->way[way].road;
    const bool         forward_legal  = (road->access_forward & MUSTER_ACCESS_ALL) != 0;
    const bool         backward_legal = (road->access_backward & MUSTER_ACCESS_ALL) != 0;
    for (uint32_t s = segments->way_first[way]; s < segments->way_first[way + 1]; ++s) {
        const mu_osm_segment *segment = &segments->segment[s];
        const uint32_t       *ref     = roads->ref + segment->first_ref;
        const bool at_source = ref[0] == via, at_target = ref[segment->ref_count - 1] == via;
        const bool along   = side == APPROACHES ? at_target : at_source;
        const bool against = side == APPROACHES ? at_source : at_target;
        const bool legal   = (along && forward_legal) || (against && backward_legal);
        if (legal || (!legal_only && (along || against))) consider(&choice, chains->edge_of[s]);
    }
    return choice;
}

static uint32_t member_edge(const mu_osm_roads *roads, const mu_osm_segments *segments,
                            const mu_osm_chains *chains, uint32_t way, uint32_t via,
                            turn_side side) {
    turn_choice choice = edges_at(roads, segments, chains, way, via, side, false);
    if (choice.count > 1) choice = edges_at(roads, segments, chains, way, via, side, true);
    return choice.count == 1 ? choice.edge : MUSTER_NONE;
}

static void resolve_at_node(muster_turn_restriction *turn, const mu_osm_roads *roads,
                            const mu_osm_segments *segments, const mu_osm_chains *chains,
                            const mu_osm_edges *edges, uint32_t from, uint32_t to) {
    const uint32_t via = mu_osm_roads_find_node(roads, turn->via_id);
    if (via == MUSTER_NONE || edges->index_of[via] == MUSTER_NONE) return;
    turn->via_node = edges->index_of[via];
    if (from != MUSTER_NONE) {
        turn->from_edge = member_edge(roads, segments, chains, from, via, APPROACHES);
    }
    if (to != MUSTER_NONE) {
        turn->to_edge = member_edge(roads, segments, chains, to, via, LEAVES);
    }
}

muster_status mu_osm_turns_resolve(mu_osm_roads *roads, const mu_osm_segments *segments,
                                   const mu_osm_chains *chains, const mu_osm_edges *edges) {
    way_entry   *entry;
    const size_t count = roads->way_count;
    if (roads->turn_count >= UINT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "%zu turn restrictions; expected fewer than %u",
                           roads->turn_count, UINT32_MAX);
    }
    MU_TRY(sort_ways(roads, &entry));
    for (size_t t = 0; t < roads->turn_count; ++t) {
        muster_turn_restriction *turn = &roads->turn[t];
        const uint32_t           from = find_way(entry, count, turn->from_way);
        const uint32_t           to   = find_way(entry, count, turn->to_way);
        bool                     inside;
        if (turn->via_is_way) {
            inside = from != MUSTER_NONE && to != MUSTER_NONE &&
                     find_way(entry, count, turn->via_id) != MUSTER_NONE;
        } else {
            resolve_at_node(turn, roads, segments, chains, edges, from, to);
            inside = turn->from_edge != MUSTER_NONE && turn->to_edge != MUSTER_NONE;
        }
        roads->summary.restriction_unresolved_count += !inside;
    }
    mu_gis_free(entry);
    return MUSTER_OK;
}
