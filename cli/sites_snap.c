/* See sites_snap.h. */
#include "cli/sites_snap.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/site.h"

static void warn_of_unsnapped(const sites *s, const muster_snap *snap, const char *path,
                              const muster_metric *metric, const char *consequence) {
    uint32_t count = 0, first = 0;
    for (uint32_t i = s->count; i-- > 0;) {
        if (snap[i].edge != MUSTER_NONE) continue;
        ++count;
        first = i;
    }
    if (count == 0) return;
    const muster_site site = {s->lon_deg[first], s->lat_deg[first]};
    command_fail(COMMAND_DONE,
                 "%s: %" PRIu32 " of %" PRIu32 " sites, \"%s\" in row %" PRIu32
                 " first, lie more than 5 km from any road that %s may use: %s%s",
                 path, count, s->count, s->id[first], s->row[first],
                 muster_metric_profile_name(metric), consequence,
                 site_looks_swapped(&site, metric) ? "; are lon and lat swapped?" : "");
}

int sites_snap(muster_snap **out, const sites *s, const char *path, const muster_metric *metric,
               const muster_metric *before, const char *consequence) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    options.island_metric       = before;
    *out                        = malloc(s->count * sizeof **out);
    if (!*out) return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", path);
    const muster_status status =
        muster_snap_sites(metric, s->count, s->lon_deg, s->lat_deg, &options, *out);
    if (status != MUSTER_OK) {
        free(*out);
        *out = NULL;
        return command_fail_status(status);
    }
    warn_of_unsnapped(s, *out, path, metric, consequence);
    return COMMAND_DONE;
}
