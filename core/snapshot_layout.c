/* See snapshot.h. Writer and reader share this list, so they cannot disagree; an array that is
 * added to a network is added here, and MU_SNAPSHOT_VERSION is raised. */
#include "core/snapshot.h"

#include <assert.h>

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
}

static void list_indexes(array_list *list, const mu_snapshot_header *header,
                         muster_network *network) {
    ADD(list, network, length_cm, header->edge_count);
    ADD(list, network, first_out, (uint64_t)header->node_count + 1);
    ADD(list, network, out_arc, header->out_arc_count);
    ADD(list, network, first_in, (uint64_t)header->node_count + 1);
    ADD(list, network, in_arc, header->in_arc_count);
    mu_rtree_lay_out(&network->edges, header->edge_count);
    ADD(list, &network->edges, box, network->edges.node_count);
    ADD(list, &network->edges, item, header->edge_count);
}

static void list_hierarchy(array_list *list, const mu_snapshot_header *header, mu_hierarchy *h) {
    const uint64_t n = header->node_count, ups = header->up_count;
    ADD(list, h, node_at, n);
    ADD(list, h, rank, n);
    ADD(list, h, first_up, n + 1);
    ADD(list, h, up_head, ups);
    ADD(list, h, up_tail, ups);
    ADD(list, h, first_down, n + 1);
    ADD(list, h, down_arc, ups);
    ADD(list, h, parent, n);
    ADD(list, h, first_descendant, n);
    ADD(list, h, up_of_arc, 2 * (uint64_t)header->edge_count);
}

uint32_t mu_snapshot_list(mu_snapshot_array out[MU_SNAPSHOT_MOST], const mu_snapshot_header *header,
                          muster_network *network, mu_hierarchy *hierarchy) {
    array_list list = {out, 0};
    list_view(&list, header, &network->view);
    list_indexes(&list, header, network);
    list_hierarchy(&list, header, hierarchy);
    return list.count;
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
