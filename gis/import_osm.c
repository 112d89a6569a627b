/* Importing OpenStreetMap: read roads, cut them where roads can branch, join what nothing
 * divides, and build the network. Each step is a file of its own:
 *
 *   osm_reader    the file, object by object (libosmium)
 *   osm_tags      what tags mean (with osm_access, osm_speed, osm_values)
 *   osm_roads     the ways, nodes and turn restrictions of roads
 *   osm_segments  ways cut at junctions, barriers and holes in the data
 *   contract      chains of segments
 *   osm_edges     the arrays of the network
 *   osm_turns     turn restrictions
 *
 * Everything is in the order of the file or of identifiers: the same file gives the same
 * network, byte for byte. */
#include <muster/import.h>

#include <string.h>

#include "gis/osm_turns.h"

typedef struct import {
    mu_osm_roads    roads;
    mu_osm_segments segments;
    mu_osm_chains   chains;
    mu_osm_edges    edges;
    muster_progress progress;
    void           *progress_user;
} import;

static muster_status report(const import *job, double fraction) {
    static const char PHASE[] = "building the network";
    if (!job->progress || job->progress(job->progress_user, PHASE, fraction)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "cancelled while %s", PHASE);
}

static muster_status cut(import *job, const char *path) {
    MU_TRY(mu_osm_segments_cut(&job->segments, &job->roads));
    if (job->segments.count > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\" holds no road: %zu ways, none with two located nodes in a row", path,
                       job->roads.way_count);
}

static muster_status run(import *job, muster_network **out, const char *path) {
    MU_TRY(mu_osm_roads_read(&job->roads, path, job->progress, job->progress_user));
    MU_TRY(report(job, 0.0));
    MU_TRY(cut(job, path));
    MU_TRY(report(job, 0.25));
    MU_TRY(mu_osm_contract(&job->chains, &job->segments, &job->roads));
    MU_TRY(mu_osm_edges_make(&job->edges, &job->roads, &job->segments, &job->chains));
    MU_TRY(mu_osm_turns_resolve(&job->roads, &job->segments, &job->chains, &job->edges));
    MU_TRY(report(job, 0.5));
    const muster_network_data data = mu_osm_edges_view(&job->edges, &job->roads);
    MU_TRY(muster_network_new(out, &data));
    return report(job, 1.0);
}

muster_status muster_import_osm(muster_network **out, const char *path, muster_osm_summary *summary,
                                muster_progress progress, void *progress_user) {
import job = {.progress = progress, .progress_user = progress_user };
    *out                       = NULL;
    const muster_status status = run(&job, out, path);
    if (status != MUSTER_OK) {
        muster_network_free(*out);
        *out = NULL;
    } else if (summary) {
        *summary = job.roads.summary;
    }
    mu_osm_edges_fini(&job.edges);
    mu_osm_chains_fini(&job.chains);
    mu_osm_segments_fini(&job.segments);
    mu_osm_roads_fini(&job.roads);
    return status;
}
