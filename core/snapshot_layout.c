/* See snapshot.h. Writer and reader share this list, so they cannot disagree; an array that is
 * added to a network is added here, and MU_SNAPSHOT_VERSION is raised. */
#include "core/snapshot.h"

#include <assert.h>
#include <string.h>

#include "core/checksum.h"

typedef struct array_list {
    mu_snapshot_array *array;
    uint32_t           count;
} array_list;

static void add(array_list *list, const char *name, void *address, uint64_t bytes) {
    assert(list->count < MU_SNAPSHOT_MOST);
    list->array[list->count++] = (mu_snapshot_array){name, address, bytes};
}

#define ADD(list, parent, field, count)                                                            \
    add(list, #field, (void *)&(parent)->field, (uint64_t)(count) * sizeof *(parent)->field)

static void list_view(array_list *list, const mu_snapshot_header *header, muster_network_data *v) {
    const uint64_t n = header->node_count, m = header->edge_count, points = header->point_count;
    ADD(list, v, node_lon_deg, n);
    ADD(list, v, node_lat_deg, n);
    ADD(list, v, node_id, n);
    ADD(list, v, edge_id, m);
    ADD(list, v, edge_way_id, m);
    ADD(list, v, edge_source, m);
    ADD(list, v, edge_target, m);
    ADD(list, v, edge_length_m, m);
    ADD(list, v, edge_class, m);
    ADD(list, v, edge_access_forward, m);
    ADD(list, v, edge_access_backward, m);
    ADD(list, v, edge_speed_forward_kmh, m);
    ADD(list, v, edge_speed_backward_kmh, m);
    ADD(list, v, edge_duration_forward_ms, m);
    ADD(list, v, edge_duration_backward_ms, m);
    ADD(list, v, edge_flags, m);
    ADD(list, v, edge_layer, m);
    ADD(list, v, edge_maxheight_m, m);
    ADD(list, v, edge_maxwidth_m, m);
    ADD(list, v, edge_maxweight_t, m);
    ADD(list, v, edge_name, m);
    ADD(list, v, names, header->names_size);
    ADD(list, v, edge_first_point, m + 1);
    ADD(list, v, point_lon_deg, points);
    ADD(list, v, point_lat_deg, points);
    ADD(list, v, restriction, header->restriction_count);
    ADD(list, v, restriction_first_via, (uint64_t)header->restriction_count + 1);
    ADD(list, v, restriction_via_edge, header->via_edge_count);
}

static void list_indexes(array_list *list, const mu_snapshot_header *header,
                         muster_network *network) {
    ADD(list, network, length_cm, header->edge_count);
    ADD(list, &network->roads, first_out, (uint64_t)header->node_count + 1);
    ADD(list, &network->roads, out_arc, header->out_arc_count);
    ADD(list, &network->roads, first_in, (uint64_t)header->node_count + 1);
    ADD(list, &network->roads, in_arc, header->in_arc_count);
    mu_rtree_lay_out(&network->edges, header->edge_count);
    ADD(list, &network->edges, box, network->edges.node_count);
    ADD(list, &network->edges, inset, header->edge_count);
    ADD(list, &network->edges, item, header->edge_count);
}

static void list_graph(array_list *list, const mu_snapshot_header *header, mu_graph *g) {
    const uint64_t n = header->graph_node_count, arcs = header->graph_arc_count;
    const uint64_t turns = arcs - 2 * (uint64_t)header->edge_count;
    ADD(list, g, first_out, n + 1);
    ADD(list, g, out_arc, header->out_arc_count + turns);
    ADD(list, g, first_in, n + 1);
    ADD(list, g, in_arc, header->in_arc_count + turns);
    ADD(list, g, tail, arcs);
    ADD(list, g, head, arcs);
    ADD(list, g, end, header->node_count);
    ADD(list, g, junction_of, n - header->node_count);
    ADD(list, g, copy_of, header->copy_count);
    ADD(list, g, copy_end, header->copy_count);
    ADD(list, g, first_turn_arc, (uint64_t)header->turn_count + 1);
    ADD(list, g, turn_arc, header->turn_arc_count);
    ADD(list, g, rule, header->rule_count);
}

static void list_hierarchy(array_list *list, const mu_snapshot_header *header, mu_hierarchy *h) {
    const uint64_t n = header->graph_node_count, ups = header->up_count;
    ADD(list, h, node_at, n);
    ADD(list, h, rank, n);
    ADD(list, h, first_up, n + 1);
    ADD(list, h, up_head, ups);
    ADD(list, h, up_tail, ups);
    ADD(list, h, first_down, n + 1);
    ADD(list, h, down_arc, ups);
    ADD(list, h, parent, n);
    ADD(list, h, first_descendant, n);
    ADD(list, h, up_of_arc, header->graph_arc_count);
    if (mu_snapshot_has_turns(header)) ADD(list, h, junction_rank, header->node_count);
}

uint32_t mu_snapshot_list(mu_snapshot_array out[MU_SNAPSHOT_MOST], const mu_snapshot_header *header,
                          muster_network *network, mu_hierarchy *hierarchy) {
    array_list list = {out, 0};
    list_view(&list, header, &network->view);
    list_indexes(&list, header, network);
    if (mu_snapshot_has_turns(header)) list_graph(&list, header, &network->graph);
    list_hierarchy(&list, header, hierarchy);
    return list.count;
}

mu_snapshot_header mu_snapshot_header_of(const muster_network *network) {
    const muster_network_data *v         = &network->view;
    const mu_graph            *g         = &network->graph;
    const uint32_t            *first_via = v->restriction_first_via;
    const uint32_t             n         = v->node_count;
    mu_snapshot_header         header    = {.byte_order        = MU_SNAPSHOT_BYTE_ORDER,
                                            .version           = MU_SNAPSHOT_VERSION,
                                            .node_count        = n,
                                            .edge_count        = v->edge_count,
                                            .names_size        = v->names_size,
                                            .restriction_count = v->restriction_count,
                                            .via_edge_count    = first_via[v->restriction_count],
                                            .point_count       = v->edge_first_point[v->edge_count],
                                            .out_arc_count     = network->roads.first_out[n],
                                            .in_arc_count      = network->roads.first_in[n],
                                            .graph_node_count  = g->node_count,
                                            .graph_arc_count   = g->arc_count,
                                            .copy_count        = g->arc_count - g->first_copy,
                                            .turn_count        = g->turn_count,
                                            .turn_arc_count =
                                     g->turn_count > 0 ? g->first_turn_arc[g->turn_count] : 0,
                                            .rule_count    = g->rule_count,
                                            .applied_count = g->applied_count,
                                            .up_count      = network->hierarchy->up_count};
    memcpy(header.magic, MU_SNAPSHOT_MAGIC, sizeof header.magic);
    return header;
}

static uint64_t aligned(uint64_t bytes) {
    return (bytes + MU_SNAPSHOT_ALIGNMENT - 1) / MU_SNAPSHOT_ALIGNMENT * MU_SNAPSHOT_ALIGNMENT;
}

void mu_snapshot_lay_out(mu_snapshot_header *header, mu_snapshot_entry table[MU_SNAPSHOT_MOST],
                         const mu_snapshot_array *array, uint32_t array_count) {
    uint64_t end = sizeof *header + array_count * sizeof *table;
    for (uint32_t i = 0; i < array_count; ++i) {
        table[i].offset = aligned(end);
        table[i].bytes  = array[i].bytes;
        end             = table[i].offset + table[i].bytes;
    }
    header->array_count = array_count;
    header->file_bytes  = aligned(end);
}

uint64_t mu_snapshot_checksum(const mu_snapshot_header *header, const mu_snapshot_entry *table) {
    mu_snapshot_header blank = *header;
    blank.checksum           = 0;
    const uint64_t part      = mu_checksum(&blank, sizeof blank);
    return part ^ mu_checksum(table, header->array_count * sizeof *table);
}
