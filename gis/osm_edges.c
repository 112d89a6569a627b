/* Filling the arrays of a network.
 *
 * All arrays are made once, as long as they can get: no chain is without a segment, and
 * no node is a shape point twice in one segment. Edges first name their ends by nodes of
 * the map; once all ends are known, nodes get their numbers by rising identifier, each
 * barrier's twin behind its node. */
#include "gis/osm_edges.h"

#include "gis/memory.h"

/* ---- edges ----------------------------------------------------------------------------- */

static muster_status make_arrays(mu_osm_edges *e, size_t edge_count, size_t point_count) {
    if (edge_count >= INT32_MAX || point_count >= UINT32_MAX) {
        return muster_fail(MUSTER_E_INVALID,
                           "%zu edges with %zu shape points; expected fewer than %d and %u",
                           edge_count, point_count, INT32_MAX, UINT32_MAX);
    }
    MU_TRY(mu_gis_alloc(&e->source, edge_count, sizeof *e->source));
    MU_TRY(mu_gis_alloc(&e->target, edge_count, sizeof *e->target));
    MU_TRY(mu_gis_alloc(&e->name, edge_count, sizeof *e->name));
    MU_TRY(mu_gis_alloc(&e->way_id, edge_count, sizeof *e->way_id));
    MU_TRY(mu_gis_alloc(&e->length_m, edge_count, sizeof *e->length_m));
    MU_TRY(mu_gis_alloc(&e->road_class, edge_count, sizeof *e->road_class));
    MU_TRY(mu_gis_alloc(&e->access_forward, edge_count, sizeof *e->access_forward));
    MU_TRY(mu_gis_alloc(&e->access_backward, edge_count, sizeof *e->access_backward));
    MU_TRY(mu_gis_alloc(&e->flags, edge_count, sizeof *e->flags));
    MU_TRY(mu_gis_alloc(&e->speed_forward_kmh, edge_count, sizeof *e->speed_forward_kmh));
    MU_TRY(mu_gis_alloc(&e->speed_backward_kmh, edge_count, sizeof *e->speed_backward_kmh));
    MU_TRY(mu_gis_alloc(&e->maxheight_m, edge_count, sizeof *e->maxheight_m));
    MU_TRY(mu_gis_alloc(&e->maxwidth_m, edge_count, sizeof *e->maxwidth_m));
    MU_TRY(mu_gis_alloc(&e->maxweight_t, edge_count, sizeof *e->maxweight_t));
    MU_TRY(mu_gis_alloc(&e->duration_ms, edge_count, sizeof *e->duration_ms));
    MU_TRY(mu_gis_alloc(&e->layer, edge_count, sizeof *e->layer));
    MU_TRY(mu_gis_alloc(&e->first_point, edge_count + 1, sizeof *e->first_point));
    MU_TRY(mu_gis_alloc(&e->point_lon_deg, point_count, sizeof *e->point_lon_deg));
    return mu_gis_alloc(&e->point_lat_deg, point_count, sizeof *e->point_lat_deg);
}

/* The attributes of a road, for an edge that runs along it or, if `turned`, against it. */
static void set_road(mu_osm_edges *e, uint32_t edge, const mu_osm_road_way *way, bool turned) {
    const mu_osm_road *road     = &way->road;
    e->name[edge]               = way->name;
    e->way_id[edge]             = way->id;
    e->road_class[edge]         = road->road_class;
    e->access_forward[edge]     = turned ? road->access_backward : road->access_forward;
    e->access_backward[edge]    = turned ? road->access_forward : road->access_backward;
    e->flags[edge]              = road->flags;
    e->layer[edge]              = road->layer;
    e->speed_forward_kmh[edge]  = turned ? road->speed_backward_kmh : road->speed_forward_kmh;
    e->speed_backward_kmh[edge] = turned ? road->speed_forward_kmh : road->speed_backward_kmh;
    e->maxheight_m[edge]        = road->maxheight_m;
    e->maxwidth_m[edge]         = road->maxwidth_m;
    e->maxweight_t[edge]        = road->maxweight_t;
    e->duration_ms[edge]        = road->duration_ms;
}

static void add_point(mu_osm_edges *e, uint32_t *point_count, const mu_osm_roads *roads,
                      uint32_t node) {
    e->point_lon_deg[*point_count] = mu_osm_lon_deg(roads, node);
    e->point_lat_deg[*point_count] = mu_osm_lat_deg(roads, node);
    ++*point_count;
}

/* The nodes of a segment in driving order, without its last; and without its first where
 * the chain begins. */
static void add_points(mu_osm_edges *e, uint32_t *point_count, const mu_osm_roads *roads,
                       const mu_osm_segment *segment, bool turned, bool with_first) {
    const uint32_t *ref = roads->ref + segment->first_ref;
    for (uint32_t i = with_first ? 0 : 1; i + 1 < segment->ref_count; ++i) {
        add_point(e, point_count, roads, ref[turned ? segment->ref_count - 1 - i : i]);
    }
}

/* A ferry of several parts takes the sum of them, and no longer than there are numbers. */
static uint32_t add_duration(uint32_t sum_ms, uint32_t part_ms) {
    const uint64_t sum = (uint64_t)sum_ms + part_ms;
    return sum < MUSTER_UNREACHABLE_MS ? (uint32_t)sum : MUSTER_UNREACHABLE_MS - 1;
}

static void add_chain(mu_osm_edges *e, uint32_t *point_count, const mu_osm_roads *roads,
                      const mu_osm_segments *segments, const mu_osm_chains *chains,
                      uint32_t chain) {
    const uint32_t        edge  = e->edge_count++;
    const uint32_t        begin = chains->first[chain], end = chains->first[chain + 1];
    const mu_segment_end *part      = chains->part;
    uint32_t              first_seg = part[begin] / 2;
    e->first_point[edge]            = *point_count;
    e->source[edge]                 = mu_segment_start(segments, part[begin]);
    e->target[edge]                 = mu_segment_finish(segments, part[end - 1]);
    e->length_m[edge]               = 0;
    uint32_t duration_ms            = 0;
    for (uint32_t i = begin; i < end; ++i) {
        const mu_osm_segment *segment = &segments->segment[part[i] / 2];
        if (part[i] / 2 < first_seg) first_seg = part[i] / 2;
        add_points(e, point_count, roads, segment, part[i] % 2 != 0, i > begin);
        e->length_m[edge] += mu_osm_segment_length_m(roads, segment);
        duration_ms = add_duration(duration_ms, segment->duration_ms);
    }
    set_road(e, edge, &roads->way[segments->segment[first_seg].way], false);
    if (e->duration_ms[edge] != MUSTER_NONE) e->duration_ms[edge] = duration_ms;
}

/* The edge from a barrier's node to its twin. */
static void add_barrier(mu_osm_edges *e, uint32_t point_count, const mu_osm_roads *roads,
                        uint32_t barrier, uint32_t way) {
    const mu_osm_barrier *through = &roads->barrier[barrier].barrier;
    const uint32_t        edge    = e->edge_count++;
    set_road(e, edge, &roads->way[way], false);
    e->first_point[edge]     = point_count;
    e->source[edge]          = roads->barrier[barrier].node;
    e->target[edge]          = roads->node_count + barrier;
    e->length_m[edge]        = 0;
    e->access_forward[edge]  = through->access;
    e->access_backward[edge] = through->access;
    e->flags[edge]           = 0;
    e->maxheight_m[edge]     = through->maxheight_m;
    e->maxwidth_m[edge]      = through->maxwidth_m;
    e->maxweight_t[edge]     = through->maxweight_t;
    e->duration_ms[edge]     = MUSTER_NONE;
}

static void add_edges(mu_osm_edges *e, const mu_osm_roads *roads, const mu_osm_segments *segments,
                      const mu_osm_chains *chains) {
    uint32_t point_count = 0;
    for (uint32_t c = 0; c < chains->count; ++c) {
        add_chain(e, &point_count, roads, segments, chains, c);
    }
    for (uint32_t b = 0; b < roads->barrier_count; ++b) {
        const uint32_t way = segments->barrier_way[b];
        if (way != MUSTER_NONE) add_barrier(e, point_count, roads, b, way);
    }
    e->first_point[e->edge_count] = point_count;
}

/* ---- nodes -------------------------------------------------------------------------------- */

static muster_status mark_ends(mu_osm_edges *e, size_t count) {
    MU_TRY(mu_gis_alloc(&e->index_of, count, sizeof *e->index_of));
    for (size_t i = 0; i < count; ++i) e->index_of[i] = MUSTER_NONE;
    for (uint32_t k = 0; k < e->edge_count; ++k) {
        e->index_of[e->source[k]] = 0;
        e->index_of[e->target[k]] = 0;
    }
    for (size_t i = 0; i < count; ++i) e->node_count += e->index_of[i] != MUSTER_NONE;
    MU_TRY(mu_gis_alloc(&e->node_lon_deg, e->node_count, sizeof *e->node_lon_deg));
    MU_TRY(mu_gis_alloc(&e->node_lat_deg, e->node_count, sizeof *e->node_lat_deg));
    return mu_gis_alloc(&e->node_id, e->node_count, sizeof *e->node_id);
}

static void number_node(mu_osm_edges *e, const mu_osm_roads *roads, uint32_t node, uint32_t end,
                        int64_t id, uint32_t *next) {
    if (e->index_of[end] == MUSTER_NONE) return;
    e->node_lon_deg[*next] = mu_osm_lon_deg(roads, node);
    e->node_lat_deg[*next] = mu_osm_lat_deg(roads, node);
    e->node_id[*next]      = id;
    e->index_of[end]       = (*next)++;
}

/* A twin has its node's identifier with a minus sign. Files of unpublished edits have
 * negative identifiers of their own; then twins count down from below the lowest. */
static muster_status number_nodes(mu_osm_edges *e, const mu_osm_roads *roads) {
    const int64_t lowest = roads->node_id[0];
    uint32_t      next = 0, barrier = 0;
    if (lowest < INT64_MIN + (int64_t)roads->barrier_count + 1) {
        return muster_fail(MUSTER_E_INVALID, "node %lld leaves no identifier for barriers",
                           (long long)lowest);
    }
    for (uint32_t v = 0; v < roads->node_count; ++v) {
        const int64_t id = roads->node_id[v];
        number_node(e, roads, v, v, id, &next);
        if (barrier == roads->barrier_count || roads->barrier[barrier].node != v) continue;
        const int64_t twin_id = lowest > 0 ? -id : lowest - 1 - (int64_t)barrier;
        number_node(e, roads, v, roads->node_count + barrier, twin_id, &next);
        ++barrier;
    }
    for (uint32_t k = 0; k < e->edge_count; ++k) {
        e->source[k] = e->index_of[e->source[k]];
        e->target[k] = e->index_of[e->target[k]];
    }
    return MUSTER_OK;
}

static void count_contracted(const mu_osm_edges *e, mu_osm_roads *roads,
                             const mu_osm_segments *segments) {
    for (uint32_t v = 0; v < roads->node_count; ++v) {
        const bool became_point = mu_osm_is_on_road(segments, v) && e->index_of[v] == MUSTER_NONE;
        roads->summary.contracted_node_count += became_point;
    }
}

muster_status mu_osm_edges_make(mu_osm_edges *edges, mu_osm_roads *roads,
                                const mu_osm_segments *segments, const mu_osm_chains *chains) {
    MU_TRY(make_arrays(edges, (size_t)chains->count + roads->barrier_count, roads->ref_count));
    add_edges(edges, roads, segments, chains);
    MU_TRY(mark_ends(edges, roads->node_count + roads->barrier_count));
    MU_TRY(number_nodes(edges, roads));
    count_contracted(edges, roads, segments);
    return MUSTER_OK;
}

/* ---- handing over --------------------------------------------------------------------------- */

muster_network_data mu_osm_edges_view(const mu_osm_edges *edges, const mu_osm_roads *roads) {
    muster_network_data data       = MUSTER_NETWORK_DATA_INIT;
    data.node_count                = edges->node_count;
    data.node_lon_deg              = edges->node_lon_deg;
    data.node_lat_deg              = edges->node_lat_deg;
    data.node_id                   = edges->node_id;
    data.edge_count                = edges->edge_count;
    data.edge_way_id               = edges->way_id;
    data.edge_source               = edges->source;
    data.edge_target               = edges->target;
    data.edge_length_m             = edges->length_m;
    data.edge_class                = edges->road_class;
    data.edge_access_forward       = edges->access_forward;
    data.edge_access_backward      = edges->access_backward;
    data.edge_speed_forward_kmh    = edges->speed_forward_kmh;
    data.edge_speed_backward_kmh   = edges->speed_backward_kmh;
    data.edge_duration_forward_ms  = edges->duration_ms;
    data.edge_duration_backward_ms = edges->duration_ms;
    data.edge_flags                = edges->flags;
    data.edge_layer                = edges->layer;
    data.edge_maxheight_m          = edges->maxheight_m;
    data.edge_maxwidth_m           = edges->maxwidth_m;
    data.edge_maxweight_t          = edges->maxweight_t;
    data.edge_name                 = edges->name;
    data.names                     = roads->names.text;
    data.names_size                = (uint32_t)roads->names.text_size;
    data.edge_first_point          = edges->first_point;
    data.point_lon_deg             = edges->point_lon_deg;
    data.point_lat_deg             = edges->point_lat_deg;
    data.restriction_count         = (uint32_t)roads->turn_count;
    data.restriction               = roads->turn;
    data.restriction_first_via     = roads->first_via;
    data.restriction_via_edge      = roads->via_edge;
    return data;
}

void mu_osm_edges_fini(mu_osm_edges *edges) {
    void *const arrays[] = {edges->index_of,
                            edges->node_lon_deg,
                            edges->node_lat_deg,
                            edges->node_id,
                            edges->source,
                            edges->target,
                            edges->name,
                            edges->way_id,
                            edges->length_m,
                            edges->road_class,
                            edges->access_forward,
                            edges->access_backward,
                            edges->flags,
                            edges->speed_forward_kmh,
                            edges->speed_backward_kmh,
                            edges->maxheight_m,
                            edges->maxwidth_m,
                            edges->maxweight_t,
                            edges->duration_ms,
                            edges->layer,
                            edges->first_point,
                            edges->point_lon_deg,
                            edges->point_lat_deg};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; ++i) mu_gis_free(arrays[i]);
}
