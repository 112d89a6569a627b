/* Cutting ways at stops.
 *
 * A stop is a node where other than two stretches of road meet (a junction or a dead end),
 * the via node of a turn restriction, an end of a way that one runs over, and a barrier. Where
 * two stretches meet and nothing else happens, the way runs on; contract.c joins what different
 * ways have there.
 *
 * Nodes without a location cut a way into pieces that stop at the last located node.
 *
 * A barrier that keeps somebody out becomes two nodes at one place with an edge of length
 * zero between them, whose access bits are what the barrier lets through: access belongs
 * to edges, so nothing else in the library has to know of barriers. The segment that meets
 * the barrier first keeps its node, the second gets the twin. That needs exactly two
 * stretches of road. A barrier on a junction is left out: the map does not say which of
 * the roads it stands across, and closing the through road for a gate of a side road would
 * be the worse error. */
#include "gis/osm_segments.h"

#include <string.h>

#include "gis/geodesic.h"
#include "gis/id_sort.h"
#include "gis/memory.h"

/* Of `mark`: how many stretches of road meet at the node, counted to three; and flags. */
enum { DEGREE_MASK = 3, MARK_VIA = 4, MARK_BARRIER = 8 };

bool mu_osm_is_stop(const mu_osm_segments *segments, uint32_t node) {
    return segments->mark[node] != 2;
}

bool mu_osm_is_on_road(const mu_osm_segments *segments, uint32_t node) {
    return (segments->mark[node] & DEGREE_MASK) != 0;
}

double mu_osm_segment_length_m(const mu_osm_roads *roads, const mu_osm_segment *segment) {
    const uint32_t *ref      = roads->ref + segment->first_ref;
    double          length_m = 0;
    for (uint32_t i = 1; i < segment->ref_count; ++i) {
        length_m +=
            mu_geodesic_m(mu_osm_lon_deg(roads, ref[i - 1]), mu_osm_lat_deg(roads, ref[i - 1]),
                          mu_osm_lon_deg(roads, ref[i]), mu_osm_lat_deg(roads, ref[i]));
    }
    return length_m;
}

/* ---- marking --------------------------------------------------------------------------- */

static void count_stretch_end(mu_osm_segments *segments, uint32_t node) {
    if ((segments->mark[node] & DEGREE_MASK) < 3) ++segments->mark[node];
}

static void count_stretches(mu_osm_segments *segments, const mu_osm_roads *roads) {
    for (size_t w = 0; w < roads->way_count; ++w) {
        const uint32_t *ref = roads->ref + roads->way[w].first_ref;
        for (uint32_t i = 1; i < roads->way[w].ref_count; ++i) {
            if (!roads->located[ref[i - 1]] || !roads->located[ref[i]]) continue;
            count_stretch_end(segments, ref[i - 1]);
            count_stretch_end(segments, ref[i]);
        }
    }
}

static void mark_via_nodes(mu_osm_segments *segments, const mu_osm_roads *roads) {
    for (size_t t = 0; t < roads->turn_count; ++t) {
        if (roads->turn[t].via_is_way) continue;
        const uint32_t via = mu_osm_roads_find_node(roads, roads->turn[t].via_id);
        if (via != MUSTER_NONE) segments->mark[via] |= MARK_VIA;
    }
}

static bool has_id(const int64_t *ids, size_t count, int64_t id) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && ids[low] == id;
}

/* So that the edges of such a way are of no other. */
static muster_status mark_via_ways(mu_osm_segments *segments, const mu_osm_roads *roads) {
    int64_t     *ids;
    const size_t count = roads->via_way_count;
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_gis_alloc(&ids, count, sizeof *ids));
    memcpy(ids, roads->via_way, count * sizeof *ids);
    const muster_status status = mu_sort_ids(ids, count);
    for (size_t w = 0; w < roads->way_count && status == MUSTER_OK; ++w) {
        const mu_osm_road_way *way = &roads->way[w];
        if (way->ref_count == 0 || !has_id(ids, count, way->id)) continue;
        segments->mark[roads->ref[way->first_ref]] |= MARK_VIA;
        segments->mark[roads->ref[way->first_ref + way->ref_count - 1]] |= MARK_VIA;
    }
    mu_gis_free(ids);
    return status;
}

static void mark_barriers(mu_osm_segments *segments, const mu_osm_roads *roads) {
    for (size_t b = 0; b < roads->barrier_count; ++b) {
        uint8_t *mark = &segments->mark[roads->barrier[b].node];
        if ((*mark & DEGREE_MASK) == 2) *mark |= MARK_BARRIER;
    }
}

/* ---- cutting ---------------------------------------------------------------------------- */

static uint32_t find_barrier(const mu_osm_roads *roads, uint32_t node) {
    size_t low = 0, high = roads->barrier_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (roads->barrier[middle].node <= node) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

/* The node at which a segment ends: at a barrier, the side that is still free. */
static uint32_t end_at(mu_osm_segments *segments, const mu_osm_roads *roads, uint32_t way,
                       uint32_t node) {
    if ((segments->mark[node] & MARK_BARRIER) == 0) return node;
    const uint32_t barrier = find_barrier(roads, node);
    if (segments->barrier_way[barrier] != MUSTER_NONE) return roads->node_count + barrier;
    segments->barrier_way[barrier] = way;
    return node;
}

static muster_status add_segment(mu_osm_segments *segments, const mu_osm_roads *roads, uint32_t way,
                                 size_t first_ref, uint32_t ref_count) {
    MU_TRY(mu_gis_grow(&segments->segment, &segments->capacity, segments->count,
                       sizeof *segments->segment));
    const uint32_t *ref  = roads->ref + first_ref;
    mu_osm_segment  made = {.first_ref = first_ref, .ref_count = ref_count, .way = way};
    made.source          = end_at(segments, roads, way, ref[0]);
    made.target          = end_at(segments, roads, way, ref[ref_count - 1]);
    made.duration_ms     = MUSTER_NONE;
    segments->segment[segments->count++] = made;
    return MUSTER_OK;
}

/* Cut a way wherever a node is a stop, and leave out what has no place. */
static muster_status cut_way(mu_osm_segments *segments, mu_osm_roads *roads, uint32_t way) {
    const mu_osm_road_way *w     = &roads->way[way];
    const uint32_t        *ref   = roads->ref + w->first_ref;
    uint32_t               start = 0;
    bool                   lost  = w->ref_count > 0 && !roads->located[ref[0]];
    for (uint32_t i = 1; i < w->ref_count; ++i) {
        const bool here = roads->located[ref[i]], before = roads->located[ref[i - 1]];
        lost |= !here;
        if (here && !before) start = i;
        if (!here || !before) continue;
        const bool ends = i + 1 == w->ref_count || !roads->located[ref[i + 1]];
        if (!ends && !mu_osm_is_stop(segments, ref[i])) continue;
        MU_TRY(add_segment(segments, roads, way, w->first_ref + start, i - start + 1));
        start = i;
    }
    if (lost) ++roads->summary.cut_way_count;
    return MUSTER_OK;
}

/* Give each segment its share of the way's duration by length, so that the sum is kept. */
static void share_duration(mu_osm_segments *segments, const mu_osm_roads *roads, size_t first) {
    double total_m = 0, so_far_m = 0;
    for (size_t s = first; s < segments->count; ++s) {
        total_m += mu_osm_segment_length_m(roads, &segments->segment[s]);
    }
    double shared_ms = 0;
    for (size_t s = first; s < segments->count; ++s) {
        mu_osm_segment *segment  = &segments->segment[s];
        const double    whole_ms = roads->way[segment->way].road.duration_ms;
        so_far_m += mu_osm_segment_length_m(roads, segment);
        const double until_ms =
            total_m > 0 ? (double)(uint32_t)(whole_ms * (so_far_m / total_m) + 0.5) : whole_ms;
        segment->duration_ms = (uint32_t)(until_ms - shared_ms);
        shared_ms            = until_ms;
    }
}

static muster_status cut_all(mu_osm_segments *segments, mu_osm_roads *roads) {
    for (uint32_t w = 0; w < roads->way_count; ++w) {
        const size_t first     = segments->count;
        segments->way_first[w] = (uint32_t)first;
        MU_TRY(cut_way(segments, roads, w));
        if (segments->count >= INT32_MAX) {
            return muster_fail(MUSTER_E_INVALID, "roads have more than %d segments", INT32_MAX);
        }
        if (roads->way[w].road.duration_ms != MUSTER_NONE) share_duration(segments, roads, first);
        if (segments->count > first) {
            ++roads->summary.road_count;
        } else {
            ++roads->summary.skipped_too_short;
        }
    }
    segments->way_first[roads->way_count] = (uint32_t)segments->count;
    return MUSTER_OK;
}

muster_status mu_osm_segments_cut(mu_osm_segments *segments, mu_osm_roads *roads) {
    if (roads->way_count >= INT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "%zu roads; expected fewer than %d", roads->way_count,
                           INT32_MAX);
    }
    MU_TRY(mu_gis_alloc_zeroed(&segments->mark, roads->node_count, sizeof *segments->mark));
    MU_TRY(mu_gis_alloc(&segments->way_first, roads->way_count + 1, sizeof *segments->way_first));
    MU_TRY(
        mu_gis_alloc(&segments->barrier_way, roads->barrier_count, sizeof *segments->barrier_way));
    for (size_t b = 0; b < roads->barrier_count; ++b) segments->barrier_way[b] = MUSTER_NONE;
    count_stretches(segments, roads);
    mark_via_nodes(segments, roads);
    MU_TRY(mark_via_ways(segments, roads));
    mark_barriers(segments, roads);
    return cut_all(segments, roads);
}

void mu_osm_segments_fini(mu_osm_segments *segments) {
    mu_gis_free(segments->segment);
    mu_gis_free(segments->way_first);
    mu_gis_free(segments->mark);
    mu_gis_free(segments->barrier_way);
}
