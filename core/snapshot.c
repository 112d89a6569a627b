/* Opening a snapshot: map the file, make sure of it, and point the network into it.
 *
 * Nothing is copied, built or allocated but the two structs that hold the pointers. Pages come
 * from the page cache as they are touched, and every process that maps the file has the same
 * ones. */
#include "core/snapshot.h"
#include "core/near.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/checksum.h"
#include "core/new_file.h"

typedef struct mapping {
    const char          *path;
    const unsigned char *bytes;
    size_t               size;
} mapping;

/* ---- the file ------------------------------------------------------------------------ */

/* MUSTER_E_IO for what is no regular file: opening a pipe would wait for its other end. */
static muster_status open_regular(const char *path, int *out, size_t *out_size) {
    struct stat about;
    *out = -1;
    if (stat(path, &about) != 0) return mu_fail_with_errno(path, "opened");
    if (!S_ISREG(about.st_mode)) {
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be opened: it is no regular file", path);
    }
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0) {
        const muster_status status = mu_fail_with_errno(path, "opened");
        if (file >= 0) close(file);
        return status;
    }
    *out      = file;
    *out_size = (size_t)about.st_size;
    return MUSTER_OK;
}

bool muster_network_snapshot_is(const char *path) {
    char        magic[sizeof MU_SNAPSHOT_MAGIC - 1];
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return false;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const ssize_t count = read(file, magic, sizeof magic);
    close(file);
    return count == (ssize_t)sizeof magic && memcmp(magic, MU_SNAPSHOT_MAGIC, sizeof magic) == 0;
}

static muster_status map_file(mapping *map, const char *path) {
    int file;
    *map = (mapping){.path = path};
    MU_TRY(open_regular(path, &file, &map->size));
    if (map->size < sizeof(mu_snapshot_header)) {
        close(file);
        return muster_fail(MUSTER_E_FORMAT, "\"%s\" is no snapshot: it has %zu bytes", path,
                           map->size);
    }
    void               *bytes = mmap(NULL, map->size, PROT_READ, MAP_SHARED, file, 0);
    const muster_status status =
        bytes == MAP_FAILED ? mu_fail_with_errno(path, "mapped") : MUSTER_OK;
    close(file);
    if (status == MUSTER_OK) map->bytes = bytes;
    return status;
}

static void unmap_file(const mapping *map) {
    void *bytes;
    memcpy(&bytes, &map->bytes, sizeof bytes); /* munmap does not promise to leave it alone */
    munmap(bytes, map->size);
}

/* ---- the header ---------------------------------------------------------------------- */

static muster_status check_kind(const mapping *map, const mu_snapshot_header *header) {
    if (memcmp(header->magic, MU_SNAPSHOT_MAGIC, sizeof header->magic) != 0) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" is no snapshot; make one with `muster snapshot`", map->path);
    }
    if (header->byte_order != MU_SNAPSHOT_BYTE_ORDER) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" was written on a machine of another byte order; make it again "
                           "with `muster snapshot`",
                           map->path);
    }
    if (header->version != MU_SNAPSHOT_VERSION) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" is a snapshot of version %u; this muster (%s) reads version %d; "
                           "make it again with `muster snapshot`",
                           map->path, header->version, muster_version(), MU_SNAPSHOT_VERSION);
    }
    if (header->file_bytes != map->size) {
        return muster_fail(MUSTER_E_FORMAT, "\"%s\" has %zu bytes; expected %llu", map->path,
                           map->size, (unsigned long long)header->file_bytes);
    }
    return MUSTER_OK;
}

static muster_status fail_damaged(const mapping *map, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged: %s", map->path, what);
}

/* The table must be the one that follows from the header's counts. */
static muster_status check_table(const mapping *map, const mu_snapshot_header *header,
                                 const mu_snapshot_array *array, uint32_t array_count) {
    mu_snapshot_header expected = *header;
    mu_snapshot_entry  place[MU_SNAPSHOT_MOST], table[MU_SNAPSHOT_MOST];
    mu_snapshot_lay_out(&expected, place, array, array_count);
    if (header->array_count != array_count || header->file_bytes != expected.file_bytes) {
        return fail_damaged(map, "its size does not follow from its counts");
    }
    memcpy(table, map->bytes + sizeof *header, array_count * sizeof *table);
    if (header->checksum != mu_snapshot_checksum(header, table)) {
        return fail_damaged(map, "the checksum of its header is wrong");
    }
    for (uint32_t i = 0; i < array_count; ++i) {
        if (table[i].offset != place[i].offset || table[i].bytes != place[i].bytes) {
            return muster_fail(MUSTER_E_FORMAT, "\"%s\" is damaged: array %s is out of place",
                               map->path, array[i].name);
        }
    }
    return MUSTER_OK;
}

/* ---- the network --------------------------------------------------------------------- */

static void set_counts(muster_network *network, const mu_snapshot_header *header) {
    network->view                   = (muster_network_data)MUSTER_NETWORK_DATA_INIT;
    network->view.node_count        = header->node_count;
    network->view.edge_count        = header->edge_count;
    network->view.names_size        = header->names_size;
    network->view.restriction_count = header->restriction_count;
    network->hierarchy->graph       = &network->graph;
    network->hierarchy->node_count  = header->graph_node_count;
    network->hierarchy->up_count    = header->up_count;
}

static void point_into(const mapping *map, const mu_snapshot_array *array, uint32_t array_count) {
    mu_snapshot_header scratch;
    mu_snapshot_entry  place[MU_SNAPSHOT_MOST];
    mu_snapshot_lay_out(&scratch, place, array, array_count);
    for (uint32_t i = 0; i < array_count; ++i) {
        const unsigned char *start = map->bytes + place[i].offset;
        memcpy(array[i].address, &start, sizeof start);
    }
}

/* Once the arrays are in place: what the graphs have beside their lists. */
static void complete_graphs(muster_network *network, const mu_snapshot_header *header) {
    const mu_graph lists     = network->roads;
    network->roads           = mu_network_bare_graph(network);
    network->roads.first_out = lists.first_out;
    network->roads.out_arc   = lists.out_arc;
    network->roads.first_in  = lists.first_in;
    network->roads.in_arc    = lists.in_arc;
    if (!mu_snapshot_has_turns(header)) {
        network->graph = network->roads;
    } else {
        mu_graph *g       = &network->graph;
        g->junction_count = header->node_count;
        g->node_count     = header->graph_node_count;
        g->road_arc_count = 2 * header->edge_count;
        g->first_copy     = header->graph_arc_count - header->copy_count;
        g->arc_count      = header->graph_arc_count;
        g->turn_count     = header->turn_count;
        g->rule_count     = header->rule_count;
        g->length_cm      = network->length_cm;
        memcpy(g->edge_end, network->roads.edge_end, sizeof g->edge_end);
        memcpy(g->edge_access, network->roads.edge_access, sizeof g->edge_access);
    }
    network->graph.applied_count = header->applied_count;
}

/* Without turns everything is the network's own; with some there is room for all that is counted,
 * and no number of any array overflows. */
static bool graph_counts_are_sound(const mu_snapshot_header *h) {
    const uint64_t roads = 2 * (uint64_t)h->edge_count, arcs = h->graph_arc_count;
    if (arcs == roads) {
        return h->graph_node_count == h->node_count && h->copy_count == 0 && h->turn_count == 0 &&
               h->turn_arc_count == 0 && h->rule_count == 0;
    }
    return arcs > roads && h->graph_node_count >= h->node_count &&
           h->graph_node_count < INT32_MAX &&
           arcs - roads >= (uint64_t)h->copy_count + h->turn_count && h->out_arc_count <= roads &&
           h->in_arc_count <= roads;
}

static muster_status check_counts(const mapping *map, const mu_snapshot_header *header) {
    if (header->node_count >= INT32_MAX || header->edge_count >= INT32_MAX) {
        return fail_damaged(map, "it has too many nodes or edges");
    }
    if (!graph_counts_are_sound(header)) {
        return fail_damaged(map, "its turns do not fit its nodes and edges");
    }
    return MUSTER_OK;
}

static muster_status fill(muster_network *network, const mapping *map) {
    mu_snapshot_header header;
    mu_snapshot_array  array[MU_SNAPSHOT_MOST];
    memcpy(&header, map->bytes, sizeof header);
    MU_TRY(check_kind(map, &header));
    MU_TRY(check_counts(map, &header));
    set_counts(network, &header);
    const uint32_t count = mu_snapshot_list(array, &header, network, network->hierarchy);
    MU_TRY(check_table(map, &header, array, count));
    point_into(map, array, count);
    complete_graphs(network, &header);
    network->view.node_rank = mu_snapshot_has_turns(&header) ? network->hierarchy->junction_rank
                                                             : network->hierarchy->rank;
    MU_TRY(mu_snapshot_check_indices(network, map->path));
    mu_hierarchy_count_triangles(network->hierarchy); /* no array, and not taken on trust */
    return MUSTER_OK;
}

static muster_status new_network(muster_network **out) {
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    muster_status status = mu_alloc_zeroed(&(*out)->hierarchy, 1, sizeof *(*out)->hierarchy);
    if (status == MUSTER_OK) status = mu_near_new(&(*out)->near, *out);
    if (status == MUSTER_OK) return MUSTER_OK;
    mu_free((*out)->hierarchy);
    mu_free(*out);
    *out = NULL;
    return status;
}

muster_status muster_network_snapshot_open(muster_network **out, const char *path) {
    mapping         map;
    muster_network *network;
    *out = NULL;
    MU_TRY(new_network(&network));
    muster_status status = map_file(&map, path);
    if (status == MUSTER_OK) {
        network->snapshot       = map.bytes;
        network->snapshot_bytes = map.size;
        status                  = fill(network, &map);
    }
    if (status == MUSTER_OK) {
        *out = network;
    } else {
        mu_snapshot_close(network);
    }
    return status;
}

void mu_snapshot_close(muster_network *network) {
    const mapping map = {.bytes = network->snapshot, .size = network->snapshot_bytes};
    if (map.bytes) unmap_file(&map);
    mu_free(network->hierarchy);
    mu_near_free(network->near);
    mu_free(network);
}
