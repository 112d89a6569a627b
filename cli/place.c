/* See place.h. */
#include "cli/place.h"

#include <math.h>

#include "cli/command.h"
#include "cli/site.h"

int place_parse(place *out, const char *option, const char *text, const coordinate_system *system) {
    out->text = text;
    return site_parse(&out->site, option, text, system);
}

int place_snap(place *p, const muster_metric *metric, const muster_metric *before) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    options.island_metric       = before;
    const muster_status status =
        muster_snap_sites(metric, 1, &p->site.lon_deg, &p->site.lat_deg, &options, &p->snap);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (p->snap.edge != MUSTER_NONE) return COMMAND_DONE;
    return site_fail_far(p->text, &p->site, &p->snap, metric);
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
