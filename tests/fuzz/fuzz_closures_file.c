/* Any bytes as a GeoJSON file of closures, in the system that the first byte says or in its own. What
 * is read closes arcs of a small network, each at a cost that is no less than before or none. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/closures_file.h"
#include "cli/command.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NODES = 4, EDGES = 4, SWAP = 4 /* of the first byte */ };

/* A square of roads on a lake in Jiaxing. */
static const muster_metric *square(void) {
    static const double   LON[NODES]    = {120.76, 120.77, 120.77, 120.76};
    static const double   LAT[NODES]    = {30.75, 30.75, 30.76, 30.76};
    static const uint32_t SOURCE[EDGES] = {0, 1, 2, 3}, TARGET[EDGES] = {1, 2, 3, 0};
    static const double   LENGTH_M[EDGES] = {957, 1109, 957, 1109};
    static muster_metric *metric;
    muster_network       *network;
    muster_network_data   data = MUSTER_NETWORK_DATA_INIT;
    muster_profile        light;
    if (metric) return metric;
    data.node_count    = NODES;
    data.node_lon_deg  = LON;
    data.node_lat_deg  = LAT;
    data.edge_count    = EDGES;
    data.edge_source   = SOURCE;
    data.edge_target   = TARGET;
    data.edge_length_m = LENGTH_M;
    if (muster_network_new(&network, &data) != MUSTER_OK ||
        muster_profile_builtin(&light, "light") != MUSTER_OK ||
        muster_metric_new(&metric, network, &light) != MUSTER_OK) {
        abort();
    }
    return metric;
}

static muster_crs *crs_of(unsigned number) {
    static const char *const NAME[] = {NULL, "BD-09", "EPSG:4549", "EPSG:3857"};
    static muster_crs       *crs[4];
    if (NAME[number] && !crs[number] && muster_crs_new(&crs[number], NAME[number]) != MUSTER_OK) {
        abort();
    }
    return crs[number];
}

static void check(const muster_closure *closure, const closure_list *list) {
    uint32_t                 count;
    const muster_arc_change *change = muster_closure_changes(closure, &count);
    assert(count <= 2 * EDGES);
    assert(count == 0 || list->count > 0);
    for (uint32_t i = 0; i < count; ++i) assert(change[i].arc < 2 * EDGES);
    (void)change;
    (void)list;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char     path[64];
    closure_list    list = {0};
    muster_closure *closure;
    if (size == 0) return 0;
    const coordinate_system system = {.crs        = crs_of(data[0] & 3),
                                      .is_swapped = (data[0] & SWAP) != 0};
    snprintf(path, sizeof path, "/tmp/muster-fuzz-closures-%ld", (long)getpid());
    write_file(path, data + 1, size - 1);
    if (muster_closure_new(&closure, square()) != MUSTER_OK) abort();
    const closures_target target = {closure, square(), &list};
    if (closures_file_read(&target, path, &system, CLOSURES_ALL, INFINITY) == COMMAND_DONE) {
        check(closure, &list);
    } else {
        assert(muster_error_message()[0] != 0);
    }
    muster_closure_free(closure);
    closure_list_free(&list);
    remove(path);
    return 0;
}
