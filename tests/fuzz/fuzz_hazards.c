/* Any bytes as a GeoJSON file of hazards: what is read is somewhere, and all of it on the globe; it has
 * areas that are valid, and what has been repaired once need not be repaired again. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <muster/hazard.h>

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_points(uint32_t count, const double *lon_deg, const double *lat_deg) {
    for (uint32_t p = 0; p < count; ++p) {
        assert(fabs(lon_deg[p]) <= 180 && fabs(lat_deg[p]) <= 90);
    }
}

static void check_hazard(const muster_hazard *h) {
    const muster_multipolygon *a = &h->area;
    const muster_lines        *l = &h->lines;
    const bool has_roads = l->line_count > 0 || h->points.point_count > 0 || h->edge_count > 0;
    assert(has_roads ? h->kind == MUSTER_HAZARD_CLOSURE : a->polygon_count > 0);
    assert((h->edge_count > 0) == (h->edge_id != NULL));
    check_points(a->first_point[a->first_ring[a->polygon_count]], a->lon_deg, a->lat_deg);
    check_points(l->first_point[l->line_count], l->lon_deg, l->lat_deg);
    check_points(h->points.point_count, h->points.lon_deg, h->points.lat_deg);
}

/* Those of a moment have been read from the set, whose areas are valid. */
static void check_moment(const muster_hazards *set, int64_t moment_s) {
    muster_hazards *at;
    uint32_t        count;
    if (muster_hazards_at(&at, set, moment_s) != MUSTER_OK) return;
    const muster_hazard *h = muster_hazards_list(at, &count);
    for (uint32_t i = 0; i < count; ++i) check_hazard(&h[i]);
    muster_hazards_free(at);
}

static void check_set(const muster_hazards *set) {
    uint32_t             count, tracks, notes;
    const muster_hazard *h     = muster_hazards_list(set, &count);
    const muster_track  *track = muster_hazards_tracks(set, &tracks);
    (void)muster_hazards_notes(set, &notes);
    for (uint32_t i = 0; i < count; ++i) check_hazard(&h[i]);
    if (count > 0) check_moment(set, h[0].starts_at_s);
    if (tracks > 0) {
        check_moment(set, track[0].point[0].at_s);
        check_moment(set, track[0].point[0].at_s + 1000);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char     path[64];
    muster_hazards *set = NULL;
    snprintf(path, sizeof path, "/tmp/muster-fuzz-hazards-%ld", (long)getpid());
    write_file(path, data, size);
    assert(muster_hazards_new(&set) == MUSTER_OK);
    if (muster_hazards_add_geojson(set, path) != MUSTER_OK) assert(muster_error_message()[0] != 0);
    check_set(set);
    muster_hazards_free(set);
    remove(path);
    return 0;
}
