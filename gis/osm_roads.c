/* Reading roads in two passes: ways and relations first, then only those nodes that a road
 * runs over. One pass would have to keep every node of the file, of which roads need one
 * in ten.
 *
 * Between the passes node ids are sorted, made unique, and the ways' references turned
 * into indices, so that from then on a node costs 17 bytes and a reference 4. Invariant
 * after reading: node_id rises strictly, and every ref is below node_count. */
#include "gis/osm_roads.h"

#include <stdlib.h>
#include <string.h>

#include "gis/id_sort.h"
#include "gis/memory.h"
#include "gis/osm_reader.h"

double mu_osm_lon_deg(const mu_osm_roads *roads, uint32_t node) {
    return (double)roads->lon_e7[node] / MU_OSM_UNITS_PER_DEGREE;
}

double mu_osm_lat_deg(const mu_osm_roads *roads, uint32_t node) {
    return (double)roads->lat_e7[node] / MU_OSM_UNITS_PER_DEGREE;
}

/* ---- the first pass: ways ---------------------------------------------------------------- */

static void note_unreadable_speed(muster_osm_summary *summary, const char *value) {
    if (!value || summary->maxspeed_unreadable_count++ > 0) return;
    const size_t room   = sizeof summary->maxspeed_unreadable_example - 1;
    size_t       length = strlen(value);
    if (length > room) {
        length = room; /* and not in the middle of a UTF-8 character */
        while (length > 0 && ((unsigned char)value[length] & 0xC0) == 0x80) --length;
    }
    memcpy(summary->maxspeed_unreadable_example, value, length);
}

/* Count a way that is not taken. */
static void note_skipped(muster_osm_summary *summary, mu_osm_way_kind kind) {
    if (kind == MU_OSM_NOT_ROAD) ++summary->skipped_not_road;
    if (kind == MU_OSM_AREA) ++summary->skipped_area;
    if (kind == MU_OSM_NO_ACCESS) ++summary->skipped_no_access;
}

/* A node listed twice in a row is listed once: there is no road between them. */
static muster_status add_refs(mu_osm_roads *roads, const mu_osm_way *way) {
    for (size_t i = 0; i < way->node_count; ++i) {
        if (i > 0 && way->node_id[i] == way->node_id[i - 1]) continue;
        MU_TRY(mu_gis_grow(&roads->ref_id, &roads->ref_capacity, roads->ref_count,
                           sizeof *roads->ref_id));
        roads->ref_id[roads->ref_count++] = way->node_id[i];
    }
    return MUSTER_OK;
}

static muster_status add_way(void *user, const mu_osm_way *way) {
    mu_osm_roads   *roads = user;
    mu_osm_road_way entry = {.id = way->id, .first_ref = roads->ref_count};
    ++roads->summary.way_count;
    const mu_osm_way_kind kind = mu_osm_classify_way(&way->tags, &entry.road);
    if (kind != MU_OSM_ROAD) {
        note_skipped(&roads->summary, kind);
        return MUSTER_OK;
    }
    note_unreadable_speed(&roads->summary, mu_osm_unreadable_speed(&way->tags));
    MU_TRY(mu_name_pool_add(&roads->names, mu_osm_way_name(&way->tags), &entry.name));
    MU_TRY(add_refs(roads, way));
    entry.ref_count = (uint32_t)(roads->ref_count - entry.first_ref);
    MU_TRY(mu_gis_grow(&roads->way, &roads->way_capacity, roads->way_count, sizeof *roads->way));
    roads->way[roads->way_count++] = entry;
    return MUSTER_OK;
}

/* ---- the first pass: turn restrictions --------------------------------------------------- */

typedef struct turn_members {
    const mu_osm_member *via;
    size_t               from_count, via_node_count, via_way_count, to_count;
} turn_members;

static bool has_role(const mu_osm_member *member, const char *role, char type) {
    return member->type == type && strcmp(member->role, role) == 0;
}

static turn_members count_members(const mu_osm_relation *relation) {
    turn_members found = {0};
    for (size_t i = 0; i < relation->member_count; ++i) {
        const mu_osm_member *member      = &relation->member[i];
        const bool           is_via_node = has_role(member, "via", 'n'),
                   is_via_way            = has_role(member, "via", 'w');
        found.from_count += has_role(member, "from", 'w');
        found.to_count += has_role(member, "to", 'w');
        found.via_node_count += is_via_node;
        found.via_way_count += is_via_way;
        if (!found.via && (is_via_node || is_via_way)) found.via = member;
    }
    return found;
}

/* Over one node, or over ways; "no entry" may have several from, "no exit" several to. */
static bool is_complete(const turn_members *m) {
    const bool over_node = m->via_node_count == 1 && m->via_way_count == 0;
    const bool over_ways = m->via_node_count == 0 && m->via_way_count > 0;
    return (over_node || over_ways) && m->from_count > 0 && m->to_count > 0 &&
           (m->from_count == 1 || m->to_count == 1);
}

static muster_status add_via_ways(mu_osm_roads *roads, const mu_osm_relation *relation,
                                  mu_osm_via *out) {
    *out = (mu_osm_via){.first = roads->via_way_count};
    for (size_t i = 0; i < relation->member_count; ++i) {
        if (!has_role(&relation->member[i], "via", 'w')) continue;
        MU_TRY(mu_gis_grow(&roads->via_way, &roads->via_way_capacity, roads->via_way_count,
                           sizeof *roads->via_way));
        roads->via_way[roads->via_way_count++] = relation->member[i].id;
        ++out->count;
    }
    return MUSTER_OK;
}

static muster_status add_turn(mu_osm_roads *roads, const muster_turn_restriction *turn,
                              mu_osm_via via) {
    MU_TRY(mu_gis_grow(&roads->turn_via, &roads->turn_via_capacity, roads->turn_count,
                       sizeof *roads->turn_via));
    MU_TRY(
        mu_gis_grow(&roads->turn, &roads->turn_capacity, roads->turn_count, sizeof *roads->turn));
    roads->turn_via[roads->turn_count] = via;
    roads->turn[roads->turn_count++]   = *turn;
    ++roads->summary.restriction_count;
    return MUSTER_OK;
}

/* One restriction for each pair of a from and a to. */
static muster_status add_relation(void *user, const mu_osm_relation *relation) {
    mu_osm_roads           *roads = user;
    mu_osm_via              via;
    muster_turn_restriction turn = {.id        = relation->id,
                                    .from_edge = MUSTER_NONE,
                                    .via_node  = MUSTER_NONE,
                                    .to_edge   = MUSTER_NONE};
    const mu_osm_turn_kind  kind = mu_osm_classify_turn(&relation->tags, &turn.kind, &turn.except);
    if (kind == MU_OSM_NO_TURN) return MUSTER_OK;
    const turn_members members = count_members(relation);
    if (kind == MU_OSM_TURN_UNFIT || !is_complete(&members)) {
        ++roads->summary.restriction_skipped_count;
        return MUSTER_OK;
    }
    turn.via_id     = members.via->id;
    turn.via_is_way = members.via->type == 'w';
    MU_TRY(add_via_ways(roads, relation, &via));
    for (size_t i = 0; i < relation->member_count; ++i) {
        if (!has_role(&relation->member[i], "from", 'w')) continue;
        turn.from_way = relation->member[i].id;
        for (size_t k = 0; k < relation->member_count; ++k) {
            if (!has_role(&relation->member[k], "to", 'w')) continue;
            turn.to_way = relation->member[k].id;
            MU_TRY(add_turn(roads, &turn, via));
        }
    }
    return MUSTER_OK;
}

/* ---- between the passes -------------------------------------------------------------------- */

static muster_status sort_node_ids(mu_osm_roads *roads) {
    MU_TRY(mu_gis_alloc(&roads->node_id, roads->ref_count, sizeof *roads->node_id));
    if (roads->ref_count > 0) {
        memcpy(roads->node_id, roads->ref_id, roads->ref_count * sizeof *roads->node_id);
    }
    MU_TRY(mu_sort_ids(roads->node_id, roads->ref_count));
    size_t count = 0;
    for (size_t i = 0; i < roads->ref_count; ++i) {
        if (i == 0 || roads->node_id[i] != roads->node_id[i - 1]) {
            roads->node_id[count++] = roads->node_id[i];
        }
    }
    if (count >= INT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "roads run over %zu nodes; expected fewer than %d",
                           count, INT32_MAX);
    }
    roads->node_count = (uint32_t)count;
    return MUSTER_OK;
}

uint32_t mu_osm_roads_find_node(const mu_osm_roads *roads, int64_t id) {
    uint32_t low = 0, high = roads->node_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (roads->node_id[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < roads->node_count && roads->node_id[low] == id ? low : MUSTER_NONE;
}

static muster_status index_nodes(mu_osm_roads *roads) {
    MU_TRY(sort_node_ids(roads));
    MU_TRY(mu_gis_alloc(&roads->ref, roads->ref_count, sizeof *roads->ref));
    for (size_t i = 0; i < roads->ref_count; ++i) {
        roads->ref[i] = mu_osm_roads_find_node(roads, roads->ref_id[i]);
    }
    mu_gis_free(roads->ref_id);
    roads->ref_id = NULL;
    MU_TRY(mu_gis_realloc(&roads->node_id, roads->node_count, sizeof *roads->node_id));
    MU_TRY(mu_gis_alloc(&roads->lon_e7, roads->node_count, sizeof *roads->lon_e7));
    MU_TRY(mu_gis_alloc(&roads->lat_e7, roads->node_count, sizeof *roads->lat_e7));
    return mu_gis_alloc_zeroed(&roads->located, roads->node_count, sizeof *roads->located);
}

/* ---- the second pass: nodes ----------------------------------------------------------------- */

typedef struct node_pass {
    mu_osm_roads *roads;
    uint32_t      next; /* files are sorted as a rule: where the next id should be */
} node_pass;

static uint32_t find_near(node_pass *pass, int64_t id) {
    const mu_osm_roads *roads       = pass->roads;
    const uint32_t      next        = pass->next;
    const bool          past_last   = next == 0 || roads->node_id[next - 1] < id;
    const bool          before_next = next == roads->node_count || id < roads->node_id[next];
    if (past_last && before_next) return MUSTER_NONE;
    const uint32_t found =
        !before_next && roads->node_id[next] == id ? next : mu_osm_roads_find_node(roads, id);
    if (found != MUSTER_NONE) pass->next = found + 1;
    return found;
}

static muster_status add_barrier(mu_osm_roads *roads, uint32_t node, const mu_osm_tags *tags) {
    mu_osm_barrier barrier;
    if (!mu_osm_classify_barrier(tags, &barrier)) return MUSTER_OK;
    MU_TRY(mu_gis_grow(&roads->barrier, &roads->barrier_capacity, roads->barrier_count,
                       sizeof *roads->barrier));
    roads->barrier[roads->barrier_count++] = (mu_osm_road_barrier){node, barrier};
    return MUSTER_OK;
}

/* Of a node that a damaged or merged file has twice, the first counts. */
static muster_status add_node(void *user, const mu_osm_node *node) {
    node_pass     *pass  = user;
    mu_osm_roads  *roads = pass->roads;
    const uint32_t at    = find_near(pass, node->id);
    if (at == MUSTER_NONE || roads->located[at] || !node->located) return MUSTER_OK;
    roads->located[at] = true;
    roads->lon_e7[at]  = node->lon_e7;
    roads->lat_e7[at]  = node->lat_e7;
    return node->tags.count > 0 ? add_barrier(roads, at, &node->tags) : MUSTER_OK;
}

static int compare_barriers(const void *a, const void *b) {
    const uint32_t left  = ((const mu_osm_road_barrier *)a)->node;
    const uint32_t right = ((const mu_osm_road_barrier *)b)->node;
    return (left > right) - (left < right);
}

static void note_missing_nodes(mu_osm_roads *roads) {
    for (uint32_t v = 0; v < roads->node_count; ++v) {
        if (!roads->located[v]) ++roads->summary.missing_node_count;
    }
}

muster_status mu_osm_roads_read(mu_osm_roads *roads, const char *path, muster_progress progress,
                                void *progress_user) {
    const mu_osm_handler ways = {.user          = roads,
                                 .way           = add_way,
                                 .relation      = add_relation,
                                 .phase         = "reading ways",
                                 .progress      = progress,
                                 .progress_user = progress_user};
    MU_TRY(mu_osm_read(path, &ways));
    if (roads->way_count == 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\" holds no road: %llu ways, none with a highway tag that "
                           "vehicles may use",
                           path, (unsigned long long)roads->summary.way_count);
    }
    MU_TRY(index_nodes(roads));
    node_pass            pass  = {roads, 0};
    const mu_osm_handler nodes = {.user          = &pass,
                                  .node          = add_node,
                                  .phase         = "reading nodes",
                                  .progress      = progress,
                                  .progress_user = progress_user};
    MU_TRY(mu_osm_read(path, &nodes));
    if (roads->barrier_count > 0) {
        qsort(roads->barrier, roads->barrier_count, sizeof *roads->barrier, compare_barriers);
    }
    note_missing_nodes(roads);
    return MUSTER_OK;
}

void mu_osm_roads_fini(mu_osm_roads *roads) {
    mu_gis_free(roads->way);
    mu_gis_free(roads->ref_id);
    mu_gis_free(roads->ref);
    mu_gis_free(roads->node_id);
    mu_gis_free(roads->lon_e7);
    mu_gis_free(roads->lat_e7);
    mu_gis_free(roads->located);
    mu_gis_free(roads->barrier);
    mu_gis_free(roads->turn);
    mu_gis_free(roads->turn_via);
    mu_gis_free(roads->via_way);
    mu_gis_free(roads->first_via);
    mu_gis_free(roads->via_edge);
    mu_name_pool_fini(&roads->names);
}
