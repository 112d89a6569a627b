/* Building a network: check everything once, copy it, and index it for searches.
 *
 * After this file has said MUSTER_OK, nothing below has to doubt an id, a coordinate or a
 * class again. Invariant: view arrays are complete (defaults filled in), lengths are
 * whole centimetres, both adjacencies list exactly the arcs with some access bit. */
#include "core/network.h"
#include "core/near.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/graph_turns.h"
#include "core/hierarchy.h"
#include "core/metric_pool.h"
#include "core/scc.h"
#include "core/snapshot.h"

static const double MAX_LENGTH_M = 1e7; /* a quarter of the equator: longer is a unit error */

/* ---- checking ------------------------------------------------------------------------ */

static muster_status check_coordinate(const char *what, uint32_t index, double lon_deg,
                                      double lat_deg) {
    if (!(lon_deg >= -180.0 && lon_deg <= 180.0)) {
        return muster_fail(MUSTER_E_INVALID, "%s %u has longitude %g; expected -180 to 180", what,
                           index, lon_deg);
    }
    if (!(lat_deg >= -90.0 && lat_deg <= 90.0)) {
        return muster_fail(MUSTER_E_INVALID,
                           "%s %u has latitude %g; expected -90 to 90 (is it swapped with the "
                           "longitude?)",
                           what, index, lat_deg);
    }
    return MUSTER_OK;
}

static muster_status check_end(const char *verb, uint32_t edge, uint32_t node,
                               uint32_t node_count) {
    if (node < node_count) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "edge %u runs %s node %u, but the network has %u nodes",
                       edge, verb, node, node_count);
}

/* A limit, a speed: finite and not negative. */
static muster_status check_amount(const char *what, uint32_t edge, double value) {
    if (isfinite(value) && value >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "edge %u has %s %g; expected 0 or more", edge, what,
                       value);
}

static muster_status check_access(const char *what, uint32_t edge, const uint8_t *access) {
    const unsigned known = MUSTER_ACCESS_ALL | MUSTER_ACCESS_CONTRAFLOW;
    if (!access || (access[edge] & ~known) == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "edge %u has %s access bits %u; expected 0 to %u", edge,
                       what, access[edge], known);
}

static muster_status check_edge(const muster_network_data *d, uint32_t e) {
    MU_TRY(check_end("from", e, d->edge_source[e], d->node_count));
    MU_TRY(check_end("to", e, d->edge_target[e], d->node_count));
    if (!(d->edge_length_m[e] >= 0 && d->edge_length_m[e] < MAX_LENGTH_M)) {
        return muster_fail(MUSTER_E_INVALID, "edge %u has length %g m; expected 0 to %g", e,
                           d->edge_length_m[e], MAX_LENGTH_M);
    }
    if (d->edge_class && d->edge_class[e] >= MUSTER_ROAD_CLASS_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "edge %u has road class %u; expected 0 to %d", e,
                           d->edge_class[e], MUSTER_ROAD_CLASS_COUNT - 1);
    }
    MU_TRY(check_access("forward", e, d->edge_access_forward));
    MU_TRY(check_access("backward", e, d->edge_access_backward));
    if (d->edge_speed_forward_kmh) {
        MU_TRY(check_amount("forward speed", e, (double)d->edge_speed_forward_kmh[e]));
    }
    if (d->edge_speed_backward_kmh) {
        MU_TRY(check_amount("backward speed", e, (double)d->edge_speed_backward_kmh[e]));
    }
    if (d->edge_maxheight_m) {
        MU_TRY(check_amount("maxheight", e, (double)d->edge_maxheight_m[e]));
    }
    if (d->edge_maxwidth_m) {
        MU_TRY(check_amount("maxwidth", e, (double)d->edge_maxwidth_m[e]));
    }
    if (d->edge_maxweight_t) {
        MU_TRY(check_amount("maxweight", e, (double)d->edge_maxweight_t[e]));
    }
    if (d->edge_name && d->edge_name[e] != MUSTER_NONE && d->edge_name[e] >= d->names_size) {
        return muster_fail(MUSTER_E_INVALID, "edge %u has its name at %u, but names has %u bytes",
                           e, d->edge_name[e], d->names_size);
    }
    return MUSTER_OK;
}

static muster_status check_points(const muster_network_data *d) {
    if (!d->edge_first_point) return MUSTER_OK;
    if (d->edge_first_point[0] != 0) {
        return muster_fail(MUSTER_E_INVALID, "edge_first_point starts at %u; expected 0",
                           d->edge_first_point[0]);
    }
    for (uint32_t e = 0; e < d->edge_count; ++e) {
        if (d->edge_first_point[e + 1] < d->edge_first_point[e]) {
            return muster_fail(MUSTER_E_INVALID, "edge_first_point falls from %u to %u at edge %u",
                               d->edge_first_point[e], d->edge_first_point[e + 1], e);
        }
    }
    const uint32_t count = d->edge_first_point[d->edge_count];
    if (count > 0 && (!d->point_lon_deg || !d->point_lat_deg)) {
        return muster_fail(MUSTER_E_INVALID, "there are %u shape points, but no coordinates",
                           count);
    }
    for (uint32_t p = 0; p < count; ++p) {
        MU_TRY(check_coordinate("shape point", p, d->point_lon_deg[p], d->point_lat_deg[p]));
    }
    return MUSTER_OK;
}

static bool is_index(uint32_t index, uint32_t count) {
    return index == MUSTER_NONE || index < count;
}

static muster_status check_via_edges(const muster_network_data *d) {
    const uint32_t *first = d->restriction_first_via;
    if (!first) return MUSTER_OK;
    if (first[0] != 0) {
        return muster_fail(MUSTER_E_INVALID, "restriction_first_via starts at %u; expected 0",
                           first[0]);
    }
    for (uint32_t r = 0; r < d->restriction_count; ++r) {
        if (first[r + 1] >= first[r]) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "restriction_first_via falls from %u to %u at turn restriction %u",
                           first[r], first[r + 1], r);
    }
    const uint32_t count = first[d->restriction_count];
    if (count > 0 && !d->restriction_via_edge) {
        return muster_fail(MUSTER_E_INVALID, "turn restrictions have %u via edges, but no array",
                           count);
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (d->restriction_via_edge[i] < d->edge_count) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "via edge %u of the turn restrictions is %u, but the network has %u "
                           "edges",
                           i, d->restriction_via_edge[i], d->edge_count);
    }
    return MUSTER_OK;
}

static muster_status check_restriction(const muster_network_data *d, uint32_t r) {
    const muster_turn_restriction *turn = &d->restriction[r];
    if (!is_index(turn->from_edge, d->edge_count) || !is_index(turn->to_edge, d->edge_count) ||
        !is_index(turn->via_node, d->node_count) || turn->kind > MUSTER_RESTRICTION_PENALTY) {
        return muster_fail(MUSTER_E_INVALID,
                           "turn restriction %u refers to an edge, node or kind that is not "
                           "there",
                           r);
    }
    if (turn->penalty_ms >= MUSTER_UNREACHABLE_MS) {
        return muster_fail(MUSTER_E_INVALID,
                           "turn restriction %u has a penalty of %u ms; expected less than %u", r,
                           turn->penalty_ms, MUSTER_UNREACHABLE_MS);
    }
    return MUSTER_OK;
}

static muster_status check_restrictions(const muster_network_data *d) {
    for (uint32_t r = 0; r < d->restriction_count; ++r) MU_TRY(check_restriction(d, r));
    return check_via_edges(d);
}

static muster_status check_arrays(const muster_network_data *d) {
    if (d->struct_size != sizeof *d) {
        return muster_fail(MUSTER_E_INVALID,
                           "network data has struct_size %zu; expected %zu (start from "
                           "MUSTER_NETWORK_DATA_INIT)",
                           d->struct_size, sizeof *d);
    }
    if (d->node_count >= INT32_MAX || d->edge_count >= INT32_MAX) {
        return muster_fail(MUSTER_E_INVALID, "%u nodes and %u edges; expected fewer than %d",
                           d->node_count, d->edge_count, INT32_MAX);
    }
    if (d->node_count > 0 && (!d->node_lon_deg || !d->node_lat_deg)) {
        return muster_fail(MUSTER_E_INVALID, "%u nodes, but no coordinates", d->node_count);
    }
    if (d->edge_count > 0 && (!d->edge_source || !d->edge_target || !d->edge_length_m)) {
        return muster_fail(MUSTER_E_INVALID, "%u edges, but no source, target or length",
                           d->edge_count);
    }
    if (d->names_size > 0 && (!d->names || d->names[d->names_size - 1] != 0)) {
        return muster_fail(MUSTER_E_INVALID, "names has %u bytes and does not end with NUL",
                           d->names_size);
    }
    if (d->restriction_count > 0 && !d->restriction) {
        return muster_fail(MUSTER_E_INVALID, "%u turn restrictions, but no array",
                           d->restriction_count);
    }
    return MUSTER_OK;
}

static muster_status check_data(const muster_network_data *d) {
    MU_TRY(check_arrays(d));
    for (uint32_t v = 0; v < d->node_count; ++v) {
        MU_TRY(check_coordinate("node", v, d->node_lon_deg[v], d->node_lat_deg[v]));
    }
    for (uint32_t e = 0; e < d->edge_count; ++e) MU_TRY(check_edge(d, e));
    MU_TRY(check_points(d));
    return check_restrictions(d);
}

/* ---- copying ------------------------------------------------------------------------- */

static void keep(muster_network *network, void *array) {
    assert(network->owned_count < MU_NETWORK_ARRAYS);
    network->owned[network->owned_count++] = array;
}

static bool is_blank(const unsigned char *byte, size_t size) {
    return size == 0 || (byte[0] == 0 && memcmp(byte, byte + 1, size - 1) == 0);
}

/* Large blocks come from the system as zeros, and pages that are never written to take no memory:
 * what no road of a network has, widths or layers, is never written. */
static muster_status own_blank(muster_network *network, void *array, size_t count, size_t size) {
    void *blank;
    MU_TRY(mu_alloc_zeroed(&blank, count, size));
    keep(network, blank);
    memcpy(array, &blank, sizeof blank);
    return MUSTER_OK;
}

/* Give the network its own copy of *array; where it is NULL, `count` times the value at
 * `missing`. `array` is the address of a pointer in network->view. */
static muster_status own(muster_network *network, void *array, size_t count, size_t size,
                         const void *missing) {
    const void    *source;
    unsigned char *copy;
    memcpy(&source, array, sizeof source);
    if (source ? is_blank(source, count * size) : !missing || is_blank(missing, size)) {
        return own_blank(network, array, count, size);
    }
    MU_TRY(mu_alloc(&copy, count, size));
    keep(network, copy);
    if (source) memcpy(copy, source, count * size);
    for (size_t i = 0; !source && i < count; ++i) memcpy(copy + i * size, missing, size);
    memcpy(array, &copy, sizeof copy);
    return MUSTER_OK;
}

/* What is the same both ways is kept once. */
static muster_status own_both_ways(muster_network *network, void *forward, void *backward,
                                   size_t count, size_t size, const void *missing) {
    const void *there, *back;
    memcpy(&there, forward, sizeof there);
    memcpy(&back, backward, sizeof back);
    const bool is_same = there && back ? memcmp(there, back, count * size) == 0 : there == back;
    MU_TRY(own(network, forward, count, size, missing));
    if (!is_same) return own(network, backward, count, size, missing);
    memcpy(backward, forward, sizeof there);
    return MUSTER_OK;
}

static muster_status own_ids(muster_network *network, const int64_t **ids, uint32_t count) {
    if (*ids) return own(network, ids, count, sizeof **ids, NULL);
    int64_t *fresh;
    MU_TRY(mu_alloc(&fresh, count, sizeof *fresh));
    keep(network, fresh);
    for (uint32_t i = 0; i < count; ++i) fresh[i] = (int64_t)i + 1;
    *ids = fresh;
    return MUSTER_OK;
}

static muster_status own_all(muster_network *network) {
    muster_network_data *v = &network->view;
    const size_t         n = v->node_count, m = v->edge_count;
    const size_t         points   = v->edge_first_point ? v->edge_first_point[m] : 0;
    const int64_t        zero     = 0;
    const float          nothing  = 0;
    const uint32_t       none     = MUSTER_NONE;
    const uint8_t        all      = MUSTER_ACCESS_ALL;
    const uint8_t        any_road = MUSTER_ROAD_ROAD;
    MU_TRY(own(network, &v->node_lon_deg, n, sizeof(double), NULL));
    MU_TRY(own(network, &v->node_lat_deg, n, sizeof(double), NULL));
    MU_TRY(own_ids(network, &v->node_id, v->node_count));
    MU_TRY(own_ids(network, &v->edge_id, v->edge_count));
    if (v->node_rank) MU_TRY(own(network, &v->node_rank, n, sizeof(uint32_t), NULL));
    MU_TRY(own(network, &v->edge_way_id, m, sizeof(int64_t), &zero));
    MU_TRY(own(network, &v->edge_source, m, sizeof(uint32_t), NULL));
    MU_TRY(own(network, &v->edge_target, m, sizeof(uint32_t), NULL));
    MU_TRY(own(network, &v->edge_length_m, m, sizeof(double), NULL));
    MU_TRY(own(network, &v->edge_class, m, sizeof(uint8_t), &any_road));
    MU_TRY(own_both_ways(network, &v->edge_access_forward, &v->edge_access_backward, m,
                         sizeof(uint8_t), &all));
    MU_TRY(own_both_ways(network, &v->edge_speed_forward_kmh, &v->edge_speed_backward_kmh, m,
                         sizeof(float), &nothing));
    MU_TRY(own_both_ways(network, &v->edge_duration_forward_ms, &v->edge_duration_backward_ms, m,
                         sizeof(uint32_t), &none));
    MU_TRY(own(network, &v->edge_flags, m, sizeof(uint8_t), &zero));
    MU_TRY(own(network, &v->edge_layer, m, sizeof(int8_t), &zero));
    MU_TRY(own(network, &v->edge_maxheight_m, m, sizeof(float), &nothing));
    MU_TRY(own(network, &v->edge_maxwidth_m, m, sizeof(float), &nothing));
    MU_TRY(own(network, &v->edge_maxweight_t, m, sizeof(float), &nothing));
    MU_TRY(own(network, &v->edge_name, m, sizeof(uint32_t), &none));
    if (v->names_size > 0) MU_TRY(own(network, &v->names, v->names_size, 1, NULL));
    MU_TRY(own(network, &v->edge_first_point, m + 1, sizeof(uint32_t), &zero));
    MU_TRY(own(network, &v->point_lon_deg, points, sizeof(double), &zero));
    MU_TRY(own(network, &v->point_lat_deg, points, sizeof(double), &zero));
    const uint32_t restrictions = v->restriction_count;
    const uint32_t vias = v->restriction_first_via ? v->restriction_first_via[restrictions] : 0;
    MU_TRY(own(network, &v->restriction, restrictions, sizeof *v->restriction, NULL));
    MU_TRY(
        own(network, &v->restriction_first_via, (size_t)restrictions + 1, sizeof(uint32_t), &zero));
    return own(network, &v->restriction_via_edge, vias, sizeof(uint32_t), &zero);
}

/* ---- indexing ------------------------------------------------------------------------ */

static muster_status round_lengths(muster_network *network) {
    const uint32_t m = network->view.edge_count;
    MU_TRY(mu_alloc(&network->length_cm, m, sizeof *network->length_cm));
    keep(network, network->length_cm);
    double *length_m = (double *)network->view.edge_length_m; /* our own copy */
    for (uint32_t e = 0; e < m; ++e) {
        network->length_cm[e] = (uint32_t)(length_m[e] * 100.0 + 0.5);
        length_m[e]           = network->length_cm[e] / 100.0;
    }
    return MUSTER_OK;
}

mu_graph mu_network_bare_graph(const muster_network *network) {
    const muster_network_data *v = &network->view;
    return (mu_graph){.junction_count = v->node_count,
                      .node_count     = v->node_count,
                      .road_arc_count = 2 * v->edge_count,
                      .first_copy     = 2 * v->edge_count,
                      .arc_count      = 2 * v->edge_count,
                      .edge_end       = {v->edge_source, v->edge_target},
                      .edge_access    = {v->edge_access_forward, v->edge_access_backward},
                      .length_cm      = network->length_cm};
}

static mu_box edge_box(const void *user, uint32_t edge) {
    const muster_network *network = user;
    mu_box                box     = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    const uint32_t        count   = mu_edge_point_count(network, edge);
    for (uint32_t i = 0; i < count; ++i) {
        double lon, lat;
        mu_edge_point(network, edge, i, &lon, &lat);
        box.min_x = fmin(box.min_x, lon);
        box.min_y = fmin(box.min_y, lat);
        box.max_x = fmax(box.max_x, lon);
        box.max_y = fmax(box.max_y, lat);
    }
    return box;
}

static muster_status build(muster_network *network) {
    MU_TRY(own_all(network));
    MU_TRY(round_lengths(network));
    network->roads = mu_network_bare_graph(network);
    MU_TRY(mu_graph_index(&network->roads));
    MU_TRY(mu_graph_turns_init(&network->graph, network));
    MU_TRY(mu_rtree_init(&network->edges, network->view.edge_count, edge_box, network));
    return mu_near_new(&network->near, network);
}

muster_status muster_network_new(muster_network **out, const muster_network_data *data) {
    *out = NULL;
    MU_TRY(check_data(data));
    muster_network *network;
    MU_TRY(mu_alloc_zeroed(&network, 1, sizeof *network));
    network->view              = *data;
    const muster_status status = build(network);
    if (status != MUSTER_OK) {
        muster_network_free(network);
        return status;
    }
    *out = network;
    return MUSTER_OK;
}

void muster_network_free(muster_network *network) {
    if (!network) return;
    mu_metric_pool_forget(network);
    if (network->snapshot) {
        mu_snapshot_close(network);
        return;
    }
    for (uint32_t i = 0; i < network->owned_count; ++i) mu_free(network->owned[i]);
    if (mu_graph_has_turns(&network->graph)) mu_graph_fini(&network->graph);
    mu_graph_fini(&network->roads);
    mu_rtree_fini(&network->edges);
    mu_near_free(network->near);
    if (network->hierarchy) mu_hierarchy_fini(network->hierarchy);
    mu_free(network->hierarchy);
    mu_free(network);
}

muster_status muster_network_build_hierarchy(muster_network *network) {
    if (network->hierarchy) return MUSTER_OK;
    mu_hierarchy *hierarchy;
    MU_TRY(mu_alloc(&hierarchy, 1, sizeof *hierarchy));
    const muster_status status = mu_hierarchy_init(hierarchy, network);
    if (status != MUSTER_OK) {
        mu_free(hierarchy);
        return status;
    }
    network->hierarchy      = hierarchy;
    network->view.node_rank = hierarchy->junction_rank ? hierarchy->junction_rank : hierarchy->rank;
    return MUSTER_OK;
}

const muster_network_data *muster_network_view(const muster_network *network) {
    return &network->view;
}

uint32_t muster_network_applied_restriction_count(const muster_network *network) {
    return network->graph.applied_count;
}

muster_status muster_network_components(const muster_network *network, uint32_t *out_count,
                                        uint32_t *out_largest) {
    const uint32_t arcs = 2 * network->view.edge_count;
    uint8_t       *usable;
    MU_TRY(mu_alloc(&usable, arcs, 1));
    for (uint32_t a = 0; a < arcs; ++a) {
        usable[a] = (mu_arc_access(network, a) & MUSTER_ACCESS_ALL) != 0;
    }
    mu_scc              scc;
    const muster_status status = mu_scc_init(&scc, &network->roads, usable);
    mu_free(usable);
    if (status != MUSTER_OK) return status;
    *out_count   = scc.count;
    *out_largest = scc.count > 0 ? scc.size[0] : 0;
    mu_scc_fini(&scc);
    return MUSTER_OK;
}
