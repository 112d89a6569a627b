/* Is a snapshot sound? Two questions with two answers.
 *
 * At every open: can a search leave the arrays, or never end? So every index is compared with
 * what it points into, every list of offsets must rise, and what searches rely on without
 * looking holds: an arc in a node's list leaves that node, the hierarchy is chordal and sorted.
 * This reads about half of the file, in a few linear passes. They run on one thread: opening
 * is short, and a team of threads that waits for a busy core made it longer.
 *
 * On request: is every byte the one that was written? */
#include "core/snapshot.h"

#include <string.h>

#include "core/checksum.h"

/* ---- values -------------------------------------------------------------------------- */

/* An array of indices and what they must be less than. */
typedef struct index_range {
    const char     *name;
    const uint32_t *value;
    uint64_t        count;
    uint32_t        bound;
    bool            is_none_welcome; /* MUSTER_NONE */
} index_range;

/* None becomes 0 when one is added, and all others one more than they are. */
static bool is_outside(const index_range *range, uint32_t value) {
    return range->is_none_welcome ? value + 1 > range->bound : value >= range->bound;
}

/* Without a branch a value, so that compilers take several at once. */
static bool has_outside(const index_range *range) {
    const uint32_t *value = range->value, bound = range->bound;
    uint32_t        outside = 0;
    if (range->is_none_welcome) {
        for (uint64_t i = 0; i < range->count; ++i) outside |= value[i] + 1 > bound;
    } else {
        for (uint64_t i = 0; i < range->count; ++i) outside |= value[i] >= bound;
    }
    return outside != 0;
}

static muster_status fail_outside(const index_range *range, const char *name) {
    uint64_t i = 0;
    while (!is_outside(range, range->value[i])) ++i;
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged: %s[%llu] is %u; expected less than %u",
                       name, range->name, (unsigned long long)i, range->value[i], range->bound);
}

static muster_status check_ranges(const muster_network *network, const char *name) {
    const muster_network_data *v = &network->view;
    const mu_hierarchy        *h = network->hierarchy;
    const mu_graph            *g = &network->graph;
    const uint32_t             n = v->node_count, m = v->edge_count, ups = h->up_count;
    const uint32_t             nodes = g->node_count, arcs = g->arc_count;
    const bool                 has_turns = mu_graph_has_turns(g);
    const uint64_t             copies    = arcs - g->first_copy;
    const uint64_t             turn_arcs = has_turns ? g->first_turn_arc[g->turn_count] : 0;
    const index_range          range[]   = {
                   {"edge_source", v->edge_source, m, n, false},
                   {"edge_target", v->edge_target, m, n, false},
                   {"edge_name", v->edge_name, m, v->names_size, true},
                   {"out_arc", network->roads.out_arc, network->roads.first_out[n], 2 * m, false},
                   {"in_arc", network->roads.in_arc, network->roads.first_in[n], 2 * m, false},
                   {"out_arc", g->out_arc, has_turns ? g->first_out[nodes] : 0, arcs, false},
                   {"in_arc", g->in_arc, has_turns ? g->first_in[nodes] : 0, arcs, false},
                   {"tail", g->tail, has_turns ? arcs : 0, nodes, false},
                   {"head", g->head, has_turns ? arcs : 0, nodes, false},
                   {"end", g->end, has_turns ? n : 0, nodes, false},
                   {"junction_of", g->junction_of, nodes - n, n, false},
                   {"copy_of", g->copy_of, copies, 2 * m, false},
                   {"copy_end", g->copy_end, copies, nodes, false},
                   {"turn_arc", g->turn_arc, turn_arcs, 2 * m, false},
                   {"restriction_via_edge", v->restriction_via_edge,
                    v->restriction_first_via[v->restriction_count], m, false},
                   {"junction_rank", h->junction_rank, has_turns ? n : 0, n, false},
                   {"item", network->edges.item, m, m, false},
                   {"node_at", h->node_at, nodes, nodes, false},
                   {"rank", h->rank, nodes, nodes, false},
                   {"up_head", h->up_head, ups, nodes, false},
                   {"up_tail", h->up_tail, ups, nodes, false},
                   {"down_arc", h->down_arc, ups, ups, false},
                   {"parent", h->parent, nodes, nodes, true},
                   {"up_of_arc", h->up_of_arc, arcs, ups, true},
    };
    for (size_t r = 0; r < sizeof range / sizeof *range; ++r) {
        if (has_outside(&range[r])) return fail_outside(&range[r], name);
    }
    return MUSTER_OK;
}

static muster_status check_offsets(const char *name, const char *array, const uint32_t *offset,
                                   uint32_t count, uint32_t end) {
    uint32_t falls = offset[0] != 0 || offset[count] != end;
    for (uint32_t i = 0; i < count; ++i) falls |= offset[i] > offset[i + 1];
    if (!falls) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged: %s does not rise from 0 to %u", name,
                       array, end);
}

static muster_status check_all_offsets(const muster_network     *network,
                                       const mu_snapshot_header *header, const char *name) {
    const muster_network_data *v = &network->view;
    const mu_hierarchy        *h = network->hierarchy;
    const mu_graph            *g = &network->graph;
    const uint32_t             n = v->node_count, nodes = g->node_count;
    const uint32_t             turns = g->arc_count - g->road_arc_count;
    MU_TRY(check_offsets(name, "edge_first_point", v->edge_first_point, v->edge_count,
                         header->point_count));
    MU_TRY(check_offsets(name, "restriction_first_via", v->restriction_first_via,
                         v->restriction_count, header->via_edge_count));
    MU_TRY(check_offsets(name, "first_out", network->roads.first_out, n, header->out_arc_count));
    MU_TRY(check_offsets(name, "first_in", network->roads.first_in, n, header->in_arc_count));
    if (mu_graph_has_turns(g)) {
        MU_TRY(
            check_offsets(name, "first_out", g->first_out, nodes, header->out_arc_count + turns));
        MU_TRY(check_offsets(name, "first_in", g->first_in, nodes, header->in_arc_count + turns));
        MU_TRY(check_offsets(name, "first_turn_arc", g->first_turn_arc, g->turn_count,
                             header->turn_arc_count));
    }
    MU_TRY(check_offsets(name, "first_up", h->first_up, nodes, h->up_count));
    return check_offsets(name, "first_down", h->first_down, nodes, h->up_count);
}

static bool is_index(uint32_t index, uint32_t count) {
    return index == MUSTER_NONE || index < count;
}

static bool restrictions_are_sound(const muster_network_data *v) {
    for (uint32_t r = 0; r < v->restriction_count; ++r) {
        const muster_turn_restriction *turn = &v->restriction[r];
        if (!is_index(turn->from_edge, v->edge_count) || !is_index(turn->to_edge, v->edge_count) ||
            !is_index(turn->via_node, v->node_count) || turn->kind > MUSTER_RESTRICTION_PENALTY ||
            turn->penalty_ms >= MUSTER_UNREACHABLE_MS) {
            return false;
        }
    }
    return true;
}

/* A turn leads from an arc to another, and rules write to the duration of theirs. */
static bool turns_are_sound(const mu_graph *g) {
    uint32_t outside = 0;
    for (uint32_t t = 0; t < g->turn_count; ++t) {
        outside |= g->first_turn_arc[t + 1] - g->first_turn_arc[t] < 2;
    }
    for (uint32_t r = 0; r < g->rule_count; ++r) outside |= g->rule[r].turn >= g->turn_count;
    return outside == 0;
}

/* Classes index a table of speeds, and a negative length has no duration. */
static bool edges_are_sound(const muster_network_data *v) {
    unsigned outside = 0;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        outside |= v->edge_class[e] >= MUSTER_ROAD_CLASS_COUNT;
    }
    for (uint32_t e = 0; e < v->edge_count; ++e) outside |= !(v->edge_length_m[e] >= 0);
    return outside == 0;
}

static muster_status check_values(const muster_network *network, const char *name) {
    const muster_network_data *v    = &network->view;
    const char                *what = NULL;
    if (v->names_size > 0 && v->names[v->names_size - 1] != 0) what = "names does not end with NUL";
    if (!edges_are_sound(v)) what = "an edge has a road class or a length that cannot be";
    if (!restrictions_are_sound(v)) what = "a turn restriction refers to what is not there";
    if (!turns_are_sound(&network->graph)) what = "a turn or its rule is not one";
    if (!what) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged: %s", name, what);
}

muster_status mu_snapshot_check_indices(const muster_network *network, const char *name) {
    mu_snapshot_header header;
    memcpy(&header, network->snapshot, sizeof header);
    MU_TRY(check_all_offsets(network, &header, name));
    MU_TRY(check_ranges(network, name));
    MU_TRY(check_values(network, name));
    return mu_snapshot_check_structure(network, name);
}

/* ---- every byte ---------------------------------------------------------------------- */

muster_status muster_network_snapshot_check(const muster_network *network) {
    mu_snapshot_header header;
    mu_snapshot_array  array[MU_SNAPSHOT_MOST];
    mu_snapshot_entry  table[MU_SNAPSHOT_MOST];
    if (!network->snapshot) {
        return muster_fail(MUSTER_E_INVALID,
                           "the network was built; expected one opened from a snapshot");
    }
    muster_network copy      = *network; /* the list wants addresses that it may write to */
    mu_hierarchy   hierarchy = *network->hierarchy;
    memcpy(&header, network->snapshot, sizeof header);
    const uint32_t count = mu_snapshot_list(array, &header, &copy, &hierarchy);
    memcpy(table, network->snapshot + sizeof header, count * sizeof *table);
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t found =
            mu_checksum(network->snapshot + table[i].offset, (size_t)table[i].bytes);
        if (found == table[i].checksum) continue;
        return muster_fail(MUSTER_E_FORMAT, "the snapshot is damaged: the checksum of %s is wrong",
                           array[i].name);
    }
    if (mu_hierarchy_check(network->hierarchy)) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "the snapshot's hierarchy is not that of its network");
}
