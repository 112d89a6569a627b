/* See place.h. */
#include "cli/place.h"

#include <math.h>

#include "cli/command.h"
#include "cli/measure_text.h"
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

static int leave(place *p, const muster_metric *metric, const closed_roads *closed) {
    muster_snap  before;
    muster_leave out;
    const int    code =
        closed_roads_leave(closed, metric, 1, &p->site.lon_deg, &p->site.lat_deg, &before, &out);
    if (code != COMMAND_DONE) return code;
    if (out.outcome == MUSTER_LEAVE_BY_ROAD) {
        p->snap            = out.place;
        p->snap.distance_m = before.distance_m;
        p->leave_ms        = out.duration_ms;
        p->leave_m         = out.distance_m;
        return COMMAND_DONE;
    }
    if (out.outcome == MUSTER_LEAVE_NOT_NEEDED || before.edge == MUSTER_NONE) {
        return place_snap(p, metric, closed->before);
    }
    return command_fail(COMMAND_NO, "%s lies inside a hazard, and no way out is left for %s",
                        p->text, muster_metric_profile_name(metric));
}

int place_snap_leaving(place *p, const muster_metric *metric, const closed_roads *closed) {
    return closed->has_hazards ? leave(p, metric, closed) : place_snap(p, metric, closed->before);
}

void place_print(const place *p, const char *label, FILE *stream) {
    fprintf(stream, "%-9s %.6f,%.6f, ", label, p->site.lon_deg, p->site.lat_deg);
    if (p->snap.edge == MUSTER_BY_AIR) {
        fputs("by air\n", stream);
    } else {
        fprintf(stream, "%.0f m from the road\n", p->snap.distance_m);
    }
    if (p->leave_ms == 0) return;
    fprintf(stream, "%-9s ", "leaves");
    print_duration(stream, p->leave_ms, 0);
    fprintf(stream, " over %.2f km inside a hazard\n", p->leave_m / 1000);
}

/* The library keeps lengths to the centimetre; further digits would only look precise. */
json_t *place_json(const place *p) {
    json_t *json =
        json_pack("{s:f, s:f, s:f, s:f, s:f}", "lon", p->site.lon_deg, "lat", p->site.lat_deg,
                  "snapped_lon", p->snap.lon_deg, "snapped_lat", p->snap.lat_deg, "snap_distance_m",
                  round(p->snap.distance_m * 100) / 100);
    if (p->leave_ms == 0 || !json) return json;
    json_object_set_new(json, "leave_duration_s", json_real(p->leave_ms / 1000.0));
    json_object_set_new(json, "leave_distance_m", json_real(p->leave_m));
    return json;
}
