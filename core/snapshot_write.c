/* Writing a snapshot: see snapshot.h for the layout. */
#include <string.h>

#include "core/checksum.h"
#include "core/new_file.h"
#include "core/snapshot.h"

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
    mu_snapshot_header header    = mu_snapshot_header_of(network);
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
