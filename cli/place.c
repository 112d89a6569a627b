/* See place.h. */
#include "cli/place.h"

#include <math.h>

#include "cli/command.h"
#include "cli/site.h"

int place_parse(place *out, const char *option, const char *text) {
    out->text = text;
    return site_parse(&out->site, option, text);
}

static int fail_far(const place *p, const char *profile) {
    const muster_snap_options limits = MUSTER_SNAP_OPTIONS_INIT;
    if (!isfinite(p->snap.distance_m)) {
        return command_fail(COMMAND_NO, "the network has no road that %s may use", profile);
    }
    return command_fail(COMMAND_NO,
                        "%s lies %.1f km from the nearest road that %s may use; expected within "
                        "%.0f km",
                        p->text, p->snap.distance_m / 1000, profile, limits.max_distance_m / 1000);
}

int place_snap(place *p, const muster_metric *metric) {
    const muster_status status =
        muster_snap_sites(metric, 1, &p->site.lon_deg, &p->site.lat_deg, NULL, &p->snap);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (p->snap.edge == MUSTER_NONE) return fail_far(p, muster_metric_profile_name(metric));
    return COMMAND_DONE;
}

void place_print(const place *p, const char *label, FILE *stream) {
    fprintf(stream, "%-9s %.6f,%.6f, ", label, p->site.lon_deg, p->site.lat_deg);
    if (p->snap.edge == MUSTER_BY_AIR) {
        fputs("by air\n", stream);
    } else {
        fprintf(stream, "%.0f m from the road\n", p->snap.distance_m);
    }
}

/* The library keeps lengths to the centimetre; further digits would only look precise. */
json_t *place_json(const place *p) {
    return json_pack("{s:f, s:f, s:f, s:f, s:f}", "lon", p->site.lon_deg, "lat", p->site.lat_deg,
                     "snapped_lon", p->snap.lon_deg, "snapped_lat", p->snap.lat_deg,
                     "snap_distance_m", round(p->snap.distance_m * 100) / 100);
}
