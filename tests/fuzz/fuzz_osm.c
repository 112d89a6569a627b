/* Any bytes as an OpenStreetMap file: PBF, XML, gzip or bzip2, by what they begin with.
 * The import may refuse them, but must not crash, hang or leak, and what it accepts must
 * be a sound network. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <muster/import.h>

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_summary(const muster_osm_summary *summary, const muster_network *network) {
    const muster_network_data *view = muster_network_view(network);
    assert(view->edge_count > 0);
    assert(summary->road_count > 0);
    assert(summary->way_count == summary->road_count + summary->skipped_not_road +
                                     summary->skipped_no_access + summary->skipped_area +
                                     summary->skipped_too_short);
    assert(summary->restriction_count == view->restriction_count);
    (void)summary;
    (void)view;
}

static int lowest_free_descriptor(void) {
    const int descriptor = dup(0);
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char path[64];
    const int   before = lowest_free_descriptor();
    if (path[0] == 0) snprintf(path, sizeof path, "/tmp/muster-fuzz-osm-%ld", (long)getpid());
    write_file(path, data, size);
    muster_network     *network = NULL;
    muster_osm_summary  summary = {0};
    const muster_status status  = muster_import_osm(&network, path, &summary, NULL, NULL);
    assert((status == MUSTER_OK) == (network != NULL));
    if (status == MUSTER_OK) check_summary(&summary, network);
    if (status != MUSTER_OK) assert(muster_error_message()[0] != 0);
    muster_network_free(network);
    remove(path);
    assert(lowest_free_descriptor() == before); /* nothing stays open */
    (void)before;
    return 0;
}
