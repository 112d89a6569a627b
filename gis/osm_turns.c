/* Resolving turn restrictions.
 *
 * The edge of a way at the via node is that of its segment which ends there. A way that
 * runs through the via node has two; then the one counts that vehicles may drive toward
 * the node (from) or away from it (to). Where that still leaves two, the restriction does
 * not say which it means and stays unresolved. Via nodes are never contracted, so each
 * segment end at the node is an edge's end too.
 *
 * A restriction over ways is one over the edges that lead from where the from way meets the via
 * ways to where the to way does, driven legally: the fewest that use each via way. The ends of via
 * ways are not contracted either. */
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

static bool touches(const mu_osm_edges *edges, uint32_t edge, uint32_t node) {
    return edges->source[edge] == node || edges->target[edge] == node;
}

/* What a restriction is resolved with. */
typedef struct turn_resolver {
    mu_osm_roads          *roads;
    const mu_osm_segments *segments;
    const mu_osm_chains   *chains;
    const mu_osm_edges    *edges;
    way_entry             *entry; /* [roads->way_count] by identifier */
} turn_resolver;

/* True where the edges meet at the via node: a barrier there stands between them. */
static bool resolve_at_node(const turn_resolver *r, muster_turn_restriction *turn, uint32_t from,
                            uint32_t to) {
    const uint32_t via = mu_osm_roads_find_node(r->roads, turn->via_id);
    if (via == MUSTER_NONE || r->edges->index_of[via] == MUSTER_NONE) return false;
    turn->via_node = r->edges->index_of[via];
    if (from != MUSTER_NONE) {
        turn->from_edge = member_edge(r->roads, r->segments, r->chains, from, via, APPROACHES);
    }
    if (to != MUSTER_NONE) {
        turn->to_edge = member_edge(r->roads, r->segments, r->chains, to, via, LEAVES);
    }
    return turn->from_edge != MUSTER_NONE && turn->to_edge != MUSTER_NONE &&
           touches(r->edges, turn->from_edge, turn->via_node) &&
           touches(r->edges, turn->to_edge, turn->via_node);
}

/* ---- over ways ----------------------------------------------------------------------------- */

/* Junction after junction a restriction is short; what is longer is an error in the map. */
enum { MOST_VIA_EDGES = 100 };

/* A place where an edge of the from way or of the to way meets one of the via ways. */
typedef struct via_end {
    uint32_t node; /* of the network */
    uint32_t edge;
} via_end;

typedef struct via_search {
    uint32_t edge[MOST_VIA_EDGES], way[MOST_VIA_EDGES]; /* all edges of the via ways, and whose */
    uint32_t edge_count;
    via_end  start[2 * MOST_VIA_EDGES], goal[2 * MOST_VIA_EDGES];
    uint32_t start_count, goal_count;
} via_search;

/* How a node was come to, breadth first. */
typedef struct via_step {
    uint32_t node;
    uint32_t edge;   /* index into via_search.edge */
    uint32_t before; /* index of the step */
} via_step;

static bool is_via_edge(const via_search *s, uint32_t edge) {
    for (uint32_t i = 0; i < s->edge_count; ++i) {
        if (s->edge[i] == edge) return true;
    }
    return false;
}

/* False where there are too many. */
static bool collect_edges(const turn_resolver *r, via_search *s, uint32_t way) {
    for (uint32_t i = r->segments->way_first[way]; i < r->segments->way_first[way + 1]; ++i) {
        const uint32_t edge = r->chains->edge_of[i];
        if (is_via_edge(s, edge)) continue;
        if (s->edge_count == MOST_VIA_EDGES) return false;
        s->edge[s->edge_count]  = edge;
        s->way[s->edge_count++] = way;
    }
    return true;
}

static void add_end(const turn_resolver *r, const via_search *s, via_end *end, uint32_t *count,
                    uint32_t way, uint32_t node, turn_side side) {
    const uint32_t index = r->edges->index_of[node];
    if (index == MUSTER_NONE) return;
    for (uint32_t i = 0; i < *count; ++i) {
        if (end[i].node == index) return;
    }
    const uint32_t edge = member_edge(r->roads, r->segments, r->chains, way, node, side);
    if (edge == MUSTER_NONE || is_via_edge(s, edge) || !touches(r->edges, edge, index)) return;
    end[(*count)++] = (via_end){index, edge};
}

/* Where the edges of a via way end, the from way and the to way may meet them. */
static void collect_ends(const turn_resolver *r, via_search *s, uint32_t via, uint32_t from,
                         uint32_t to) {
    const uint32_t first = r->segments->way_first[via], end = r->segments->way_first[via + 1];
    for (uint32_t i = first; i < end; ++i) {
        const mu_osm_segment *segment = &r->segments->segment[i];
        const uint32_t       *ref     = r->roads->ref + segment->first_ref;
        const uint32_t        node[2] = {ref[0], ref[segment->ref_count - 1]};
        for (int k = 0; k < 2 && s->start_count + s->goal_count < 2 * MOST_VIA_EDGES; ++k) {
            add_end(r, s, s->start, &s->start_count, from, node[k], APPROACHES);
            add_end(r, s, s->goal, &s->goal_count, to, node[k], LEAVES);
        }
    }
}

/* The node that the edge leads to from another one, where that is legal; or MUSTER_NONE. */
static uint32_t driven_to(const mu_osm_edges *edges, uint32_t edge, uint32_t node) {
    if (edges->source[edge] == node && (edges->access_forward[edge] & MUSTER_ACCESS_ALL) != 0) {
        return edges->target[edge];
    }
    if (edges->target[edge] == node && (edges->access_backward[edge] & MUSTER_ACCESS_ALL) != 0) {
        return edges->source[edge];
    }
    return MUSTER_NONE;
}

static bool has_node(const via_step *step, uint32_t count, uint32_t node) {
    for (uint32_t i = 0; i < count; ++i) {
        if (step[i].node == node) return true;
    }
    return false;
}

static const via_end *goal_at(const via_search *s, uint32_t node) {
    for (uint32_t i = 0; i < s->goal_count; ++i) {
        if (s->goal[i].node == node) return &s->goal[i];
    }
    return NULL;
}

/* Over the fewest via edges from a start to a goal: returns the number of the step that comes to
 * it, 0 where there is none. The start is step 0. */
static uint32_t search_from(const turn_resolver *r, const via_search *s, uint32_t start,
                            via_step step[MOST_VIA_EDGES + 1]) {
    uint32_t count = 1;
    step[0]        = (via_step){.node = start};
    for (uint32_t i = 0; i < count; ++i) {
        if (i > 0 && goal_at(s, step[i].node)) return i;
        for (uint32_t e = 0; e < s->edge_count; ++e) {
            const uint32_t next = driven_to(r->edges, s->edge[e], step[i].node);
            if (next == MUSTER_NONE || has_node(step, count, next)) continue;
            step[count++] = (via_step){next, e, i};
        }
    }
    return 0;
}

/* Does the way to the step use each of the via ways? */
static bool uses_all_ways(const turn_resolver *r, const via_search *s, const mu_osm_via *via,
                          const via_step *step, uint32_t last) {
    for (uint32_t i = 0; i < via->count; ++i) {
        const uint32_t way =
            find_way(r->entry, r->roads->way_count, r->roads->via_way[via->first + i]);
        bool is_used = false;
        for (uint32_t k = last; k != 0; k = step[k].before) is_used |= s->way[step[k].edge] == way;
        if (!is_used) return false;
    }
    return true;
}

static muster_status keep_path(const turn_resolver *r, const via_search *s, const via_step *step,
                               uint32_t last) {
    mu_osm_roads *roads = r->roads;
    uint32_t      edge[MOST_VIA_EDGES], count = 0;
    for (uint32_t k = last; k != 0; k = step[k].before) edge[count++] = s->edge[step[k].edge];
    while (count > 0) {
        MU_TRY(mu_gis_grow(&roads->via_edge, &roads->via_edge_capacity, roads->via_edge_count,
                           sizeof *roads->via_edge));
        roads->via_edge[roads->via_edge_count++] = edge[--count];
    }
    return MUSTER_OK;
}

/* Where the from way meets the via ways more than once, the first meeting with a way on counts. */
static muster_status resolve_over_ways(const turn_resolver *r, muster_turn_restriction *turn,
                                       const mu_osm_via *via, uint32_t from, uint32_t to,
                                       bool *out_found) {
    via_search s = {0};
    via_step   step[MOST_VIA_EDGES + 1];
    if (from == MUSTER_NONE || to == MUSTER_NONE) return MUSTER_OK;
    for (uint32_t i = 0; i < via->count; ++i) {
        const uint32_t way =
            find_way(r->entry, r->roads->way_count, r->roads->via_way[via->first + i]);
        if (way == MUSTER_NONE || !collect_edges(r, &s, way)) return MUSTER_OK;
    }
    for (uint32_t i = 0; i < via->count; ++i) {
        const uint32_t way =
            find_way(r->entry, r->roads->way_count, r->roads->via_way[via->first + i]);
        collect_ends(r, &s, way, from, to);
    }
    for (uint32_t i = 0; i < s.start_count; ++i) {
        const uint32_t last = search_from(r, &s, s.start[i].node, step);
        if (last == 0 || !uses_all_ways(r, &s, via, step, last)) continue;
        turn->from_edge = s.start[i].edge;
        turn->via_node  = s.start[i].node;
        turn->to_edge   = goal_at(&s, step[last].node)->edge;
        *out_found      = true;
        return keep_path(r, &s, step, last);
    }
    return MUSTER_OK;
}

/* ---- all of them --------------------------------------------------------------------------- */

static muster_status resolve(turn_resolver *r) {
    mu_osm_roads *roads = r->roads;
    const size_t  ways  = roads->way_count;
    MU_TRY(sort_ways(roads, &r->entry));
    MU_TRY(mu_gis_alloc(&roads->first_via, roads->turn_count + 1, sizeof *roads->first_via));
    for (size_t t = 0; t < roads->turn_count; ++t) {
        muster_turn_restriction *turn  = &roads->turn[t];
        const uint32_t           from  = find_way(r->entry, ways, turn->from_way);
        const uint32_t           to    = find_way(r->entry, ways, turn->to_way);
        bool                     found = false;
        roads->first_via[t]            = (uint32_t)roads->via_edge_count;
        if (turn->via_is_way) {
            MU_TRY(resolve_over_ways(r, turn, &roads->turn_via[t], from, to, &found));
        } else {
            found = resolve_at_node(r, turn, from, to);
        }
        roads->summary.restriction_unresolved_count += !found;
    }
    roads->first_via[roads->turn_count] = (uint32_t)roads->via_edge_count;
    return MUSTER_OK;
}

muster_status mu_osm_turns_resolve(mu_osm_roads *roads, const mu_osm_segments *segments,
                                   const mu_osm_chains *chains, const mu_osm_edges *edges) {
    turn_resolver r = {roads, segments, chains, edges, NULL};
    if (roads->turn_count >= UINT32_MAX / MOST_VIA_EDGES) {
        return muster_fail(MUSTER_E_INVALID, "%zu turn restrictions; expected fewer than %u",
                           roads->turn_count, UINT32_MAX / MOST_VIA_EDGES);
    }
    const muster_status status = resolve(&r);
    mu_gis_free(r.entry);
    return status;
}
