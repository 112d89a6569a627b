/* Any bytes as a snapshot: what opens must be fit for every search.
 *
 * A mutated file rarely has the checksum of its header right, so after the bytes as they are the
 * same bytes are tried with a header and a table that fit: then the arrays are what is judged. */
#include "core/snapshot.h"
#include "tests/fuzz/input_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/closure.h>
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/route.h>

enum { SITES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where the arrays of turns are walked in other ways. */
static void search_further(const muster_metric *metric, const muster_snap *snap) {
    const muster_network_data *v        = muster_network_view(muster_metric_network(metric));
    const uint32_t             limit_ms = 600000;
    const muster_arc_change    change   = {0, MUSTER_UNREACHABLE_MS};
    muster_isochrone          *area     = NULL;
    muster_metric             *changed  = NULL;
    volatile uint32_t          sum      = 0; /* so that they are read */
    uint32_t                  *tree     = malloc((v->node_count + (size_t)1) * sizeof *tree);
    if (!tree) abort();
    (void)muster_one_to_all(metric, 1, snap, MUSTER_FORWARD, 1, tree, NULL);
    (void)muster_isochrone_new(&area, metric, 1, snap, MUSTER_BACKWARD, 1, &limit_ms);
    if (v->edge_count > 0) (void)muster_metric_change(&changed, metric, 1, &change);
    for (uint32_t t = 0; t < muster_metric_turn_count(metric); ++t) {
        const muster_turn turn = muster_metric_turn(metric, t);
        sum                    = sum + turn.arc[0] + turn.arc[turn.arc_count - 1];
    }
    muster_metric_free(changed);
    muster_isochrone_free(area);
    free(tree);
}

/* Every kind of search; failures for want of memory are no findings. */
static void search(const muster_network *network) {
    static const double lon[SITES] = {120.71, 120.72, 120.74, 0},
                        lat[SITES] = {30.71, 30.74, 30.72, 0};
    muster_profile profile;
    muster_metric *metric = NULL;
    muster_route  *route  = NULL;
    muster_snap    snap[SITES];
    uint32_t       duration_ms[SITES * SITES], count, largest;
    double         distance_m[SITES * SITES];
    if (muster_network_components(network, &count, &largest) != MUSTER_OK) return;
    if (muster_profile_builtin(&profile, "emergency") != MUSTER_OK) return;
    if (muster_metric_new(&metric, network, &profile) != MUSTER_OK) return;
    if (muster_snap_sites(metric, SITES, lon, lat, NULL, snap) == MUSTER_OK) {
        (void)muster_matrix(metric, SITES, snap, SITES, snap, 1, duration_ms, distance_m);
        (void)muster_route_new(&route, metric, &snap[0], &snap[1]);
        search_further(metric, snap);
    }
    muster_route_free(route);
    muster_metric_free(metric);
}

static void try_file(const char *path) {
    muster_network     *network = NULL;
    const muster_status status  = muster_network_snapshot_open(&network, path);
    assert((status == MUSTER_OK) == (network != NULL));
    if (status != MUSTER_OK) {
        assert(muster_error_message()[0] != 0);
        return;
    }
    search(network);
    (void)muster_network_snapshot_check(network);
    muster_network_free(network);
}

/* Give `bytes` a header and a table that say what its counts say. */
static void seal(uint8_t *bytes, size_t size) {
    muster_network     network   = {0};
    mu_hierarchy       hierarchy = {0};
    mu_snapshot_header header;
    mu_snapshot_array  array[MU_SNAPSHOT_MOST];
    mu_snapshot_entry  table[MU_SNAPSHOT_MOST];
    memcpy(&header, bytes, sizeof header);
    if (header.node_count >= INT32_MAX || header.edge_count >= INT32_MAX) return;
    const uint32_t count = mu_snapshot_list(array, &header, &network, &hierarchy);
    mu_snapshot_lay_out(&header, table, array, count);
    if (header.file_bytes != size) return;
    memcpy(header.magic, MU_SNAPSHOT_MAGIC, sizeof header.magic);
    header.byte_order = MU_SNAPSHOT_BYTE_ORDER;
    header.version    = MU_SNAPSHOT_VERSION;
    for (uint32_t i = 0; i < count; ++i) table[i].checksum = 0;
    header.checksum = mu_snapshot_checksum(&header, table);
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, table, count * sizeof *table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64];
    snprintf(path, sizeof path, "/tmp/muster-fuzz-snapshot-%ld", (long)getpid());
    write_file(path, data, size);
    try_file(path);
    if (size >= sizeof(mu_snapshot_header)) {
        uint8_t *sealed = malloc(size);
        if (!sealed) abort();
        memcpy(sealed, data, size);
        seal(sealed, size);
        write_file(path, sealed, size);
        free(sealed);
        try_file(path);
    }
    remove(path);
    return 0;
}
