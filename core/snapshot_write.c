/* Writing a snapshot: see snapshot.h for the layout. */
#include "core/checksum.h"
#include "core/new_file.h"
#include "core/snapshot.h"

#include <string.h>

static mu_snapshot_header header_of(const muster_network *network) {
    const muster_network_data *v      = &network->view;
    mu_snapshot_header         header = {.byte_order        = MU_SNAPSHOT_BYTE_ORDER,
                                         .version           = MU_SNAPSHOT_VERSION,
                                         .node_count        = v->node_count,
                                         .edge_count        = v->edge_count,
                                         .names_size        = v->names_size,
                                         .restriction_count = v->restriction_count,
                                         .point_count       = v->edge_first_point[v->edge_count],
                                         .out_arc_count     = network->first_out[v->node_count],
                                         .in_arc_count      = network->first_in[v->node_count],
                                         .up_count          = network->hierarchy->up_count};
    memcpy(header.magic, MU_SNAPSHOT_MAGIC, sizeof header.magic);
    return header;
}

static const void *pointer_at(const void *address) {
    const void *pointer;
    memcpy(&pointer, address, sizeof pointer);
    return pointer;
}

static muster_status fill_up_to(mu_new_file *file, uint64_t offset) {
    static const char nothing[MU_SNAPSHOT_ALIGNMENT];
    return mu_new_file_write(file, nothing, (size_t)(offset - file->bytes));
}

static muster_status write_all(mu_new_file *file, const mu_snapshot_header *header,
                               const mu_snapshot_entry *table, const mu_snapshot_array *array) {
    MU_TRY(mu_new_file_write(file, header, sizeof *header));
    MU_TRY(mu_new_file_write(file, table, header->array_count * sizeof *table));
    for (uint32_t i = 0; i < header->array_count; ++i) {
        MU_TRY(fill_up_to(file, table[i].offset));
        MU_TRY(mu_new_file_write(file, pointer_at(array[i].address), (size_t)array[i].bytes));
    }
    MU_TRY(fill_up_to(file, header->file_bytes));
    return mu_new_file_publish(file);
}

muster_status muster_network_snapshot_write(const muster_network *network, const char *path) {
    if (!network->hierarchy) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": the network has no hierarchy; expected one in a snapshot",
                           path);
    }
    muster_network     copy      = *network; /* the list wants addresses that it may write to */
    mu_hierarchy       hierarchy = *network->hierarchy;
    mu_snapshot_header header    = header_of(network);
    mu_snapshot_array  array[MU_SNAPSHOT_MOST];
    mu_snapshot_entry  table[MU_SNAPSHOT_MOST];
    const uint32_t     count = mu_snapshot_list(array, &header, &copy, &hierarchy);
    mu_snapshot_lay_out(&header, table, array, count);
    for (uint32_t i = 0; i < count; ++i) {
        table[i].checksum = mu_checksum(pointer_at(array[i].address), (size_t)array[i].bytes);
    }
    header.checksum = mu_snapshot_checksum(&header, table);
    mu_new_file file;
    MU_TRY(mu_new_file_open(&file, path));
    const muster_status status = write_all(&file, &header, table, array);
    mu_new_file_close(&file);
    return status;
}
