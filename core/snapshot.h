/* How a network lies in a snapshot: a header, a table with one entry an array, and the arrays,
 * each at a multiple of 64 bytes, in the byte order of the machine that wrote them.
 *
 * Everything but the checksums follows from the counts in the header, so that a reader computes
 * where each array must be and accepts nothing else. */
#ifndef MU_CORE_SNAPSHOT_H
#define MU_CORE_SNAPSHOT_H

#include <muster/snapshot.h>

#include "core/hierarchy.h"

enum {
    MU_SNAPSHOT_VERSION    = 3, /* of the layout: rises whenever an array comes, goes or changes */
    MU_SNAPSHOT_ALIGNMENT  = 64,
    MU_SNAPSHOT_BYTE_ORDER = 0x01020304,
    MU_SNAPSHOT_MOST       = 96 /* arrays */
};

#define MU_SNAPSHOT_MAGIC "\x89MNET\r\n\x1A" /* eight bytes that no text transfer leaves alone */

typedef struct mu_snapshot_header {
    unsigned char magic[8];
    uint32_t      byte_order, version;
    uint64_t      file_bytes;
    uint64_t      checksum; /* of header and table, with 0 in this field */
    uint32_t      node_count, edge_count, point_count, names_size, restriction_count;
    uint32_t      out_arc_count, in_arc_count, up_count;
    /* The graph that is searched; the network's own counts and 0 where no turn is restricted. */
    uint32_t graph_node_count, graph_arc_count, copy_count;
    uint32_t turn_count, turn_arc_count, rule_count, applied_count;
    uint32_t via_edge_count;
    uint32_t array_count, reserved;
} mu_snapshot_header;

typedef struct mu_snapshot_entry {
    uint64_t offset, bytes; /* in the file */
    uint64_t checksum;
} mu_snapshot_entry;

_Static_assert(sizeof(mu_snapshot_header) == 104 && sizeof(mu_snapshot_entry) == 24,
               "the layout has no gaps");

/* Is the graph that is searched more than junctions and roads? */
static inline bool mu_snapshot_has_turns(const mu_snapshot_header *header) {
    return header->graph_arc_count > 2 * (uint64_t)header->edge_count;
}

/* One array of a network: where its pointer is, and how much it points to. */
typedef struct mu_snapshot_array {
    const char *name;
    void       *address;
    uint64_t    bytes;
} mu_snapshot_array;

/* List the arrays of a network and its hierarchy, in the order in which they lie in the file;
 * returns how many there are. The counts are the header's. Also sets the R-tree's levels. */
uint32_t mu_snapshot_list(mu_snapshot_array out[MU_SNAPSHOT_MOST], const mu_snapshot_header *header,
                          muster_network *network, mu_hierarchy *hierarchy);

/* The header of a network with a hierarchy, but for checksums and what mu_snapshot_lay_out sets. */
mu_snapshot_header mu_snapshot_header_of(const muster_network *network);

/* Fill offset and bytes of `table`, and the header's array_count and file_bytes. */
void mu_snapshot_lay_out(mu_snapshot_header *header, mu_snapshot_entry table[MU_SNAPSHOT_MOST],
                         const mu_snapshot_array *array, uint32_t array_count);

/* The header's own checksum. */
uint64_t mu_snapshot_checksum(const mu_snapshot_header *header, const mu_snapshot_entry *table);

/* Is every index that a search follows where it should be? `name` is the file's, for the
 * message. O(nodes + arcs of the hierarchy). */
muster_status mu_snapshot_check_indices(const muster_network *network, const char *name);

/* The part of it that compares arrays with each other, once their values are in range. */
muster_status mu_snapshot_check_structure(const muster_network *network, const char *name);

/* Give back what muster_network_snapshot_open made. */
void mu_snapshot_close(muster_network *network);

#endif
