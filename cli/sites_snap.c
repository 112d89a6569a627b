/* See sites_snap.h. */
#include "cli/sites_snap.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"

/* Those off the globe have been named when they were read. */
static int say_unsnapped(const sites *s, const muster_snap_outcome *outcome, const char *path,
                         const muster_metric *metric, const char *consequence) {
    uint32_t count = 0, first = 0;
    for (uint32_t i = s->count; i-- > 0;) {
        if (outcome[i] == MUSTER_SNAPPED || outcome[i] == MUSTER_SNAP_OFF_GLOBE) continue;
        ++count;
        first = i;
    }
    if (count == 0) return COMMAND_DONE;
    return command_fail(consequence ? COMMAND_DONE : COMMAND_BAD_INPUT,
                        "%s: %" PRIu32 " of %" PRIu32 " sites, \"%s\" in row %" PRIu32
                        " first, lie more than 5 km from any road that %s may use: %s",
                        path, count, s->count, s->id[first], s->row[first],
                        muster_metric_profile_name(metric),
                        consequence ? consequence : "expected none, with --strict");
}

static int snap_each(muster_snap *out, muster_snap_outcome *outcome, const sites *s,
                     const char *path, const muster_metric *metric, const muster_metric *before,
                     const char *consequence) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    options.island_metric       = before;
    const muster_status status =
        muster_snap_each(metric, s->count, s->lon_deg, s->lat_deg, &options, out, outcome);
    if (status != MUSTER_OK) return command_fail_status(status);
    return say_unsnapped(s, outcome, path, metric, consequence);
}

int sites_snap(muster_snap **out, const sites *s, const char *path, const muster_metric *metric,
               const muster_metric *before, const char *consequence) {
    muster_snap_outcome *outcome = malloc(s->count * sizeof *outcome);
    *out                         = malloc(s->count * sizeof **out);
    const int code               = *out && outcome
                                       ? snap_each(*out, outcome, s, path, metric, before, consequence)
                                       : command_fail(COMMAND_ENVIRONMENT, "%s: out of memory", path);
    free(outcome);
    if (code != COMMAND_DONE) {
        free(*out);
        *out = NULL;
    }
    return code;
}
