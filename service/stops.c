/* See stops.h. */
#include "service/stops.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/state.h"

void mu_stops_free(mu_stops *stops) {
    mu_coordinates_free(&stops->at);
    free(stops->snap);
    *stops = (mu_stops){0};
}

bool mu_stops_limit(uint64_t count, uint32_t most, const char *what, const char *option,
                    mu_reply *reply) {
    if (count <= most) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "TooBig",
                           "the request has %" PRIu64 " %s; expected at most %" PRIu32 " (--%s)",
                           count, what, most, option);
}

/* ---- profiles -------------------------------------------------------------------------- */

static bool choose_metric(mu_stops *out, const mu_request *request, mu_reply *reply) {
    const mu_service *s    = request->service;
    const char       *name = mu_request_part(request, "profile");
    for (uint32_t i = 0; i < s->profile_count; ++i) {
        if (strcmp(s->profile[i], name) != 0) continue;
        out->number = s->profile_metric[i];
        out->metric = request->roads->metric[out->number];
        return true;
    }
    mu_text names = {0};
    for (uint32_t i = 0; i < s->profile_count; ++i) {
        mu_text_format(&names, "%s%s", i > 0 ? ", " : "", s->profile[i]);
    }
    mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidValue",
                    "the profile is \"%.80s\"; expected one of %s", name,
                    names.is_broken ? "those of /v1/health" : names.bytes);
    mu_text_free(&names);
    return false;
}

/* ---- the road -------------------------------------------------------------------------- */

static bool refuse_far(const mu_stops *stops, uint32_t i, double most_m, mu_reply *reply) {
    const muster_snap *snap    = &stops->snap[i];
    const char        *profile = muster_metric_profile_name(stops->metric);
    if (!isfinite(snap->distance_m)) {
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "NoSegment",
                               "the network has no road that %s may use", profile);
    }
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "NoSegment",
                           "coordinate %" PRIu32 " at %.6f,%.6f lies %.0f m from the nearest road "
                           "that %s may use; expected within %.0f m, longitude first",
                           i, stops->at.lon_deg[i], stops->at.lat_deg[i], snap->distance_m, profile,
                           most_m);
}

static bool snap_one(mu_stops *stops, uint32_t i, const muster_snap_options *options,
                     mu_reply *reply) {
    const muster_status status = muster_snap_sites(stops->metric, 1, &stops->at.lon_deg[i],
                                                   &stops->at.lat_deg[i], options, &stops->snap[i]);
    if (status != MUSTER_OK) return mu_reply_refuse_status(reply, status);
    return stops->snap[i].edge != MUSTER_NONE ||
           refuse_far(stops, i, options->max_distance_m, reply);
}

/* The next of "50;;unlimited": a limit in metres, or what there is without. */
static bool next_radius(mu_list *list, double normally_m, double *out_m) {
    char text[32];
    bool fits;
    if (!mu_list_next(list, text, &fits)) return false;
    if (*text == 0) {
        *out_m = normally_m;
    } else if (strcmp(text, "unlimited") == 0) {
        *out_m = INFINITY;
    } else if (!mu_number_parse(out_m, text) || *out_m < 0) {
        return false;
    }
    return true;
}

static bool snap_all(mu_stops *stops, const mu_request *request, mu_reply *reply) {
    const char         *radiuses = mu_request_option(request, "radiuses");
    mu_list             list     = mu_list_start(radiuses, ';');
    muster_snap_options options  = MUSTER_SNAP_OPTIONS_INIT;
    const double        usual_m  = options.max_distance_m;
    options.island_metric        = request->roads->before[stops->number];
    for (uint32_t i = 0; i < stops->at.count; ++i) {
        if (radiuses && !next_radius(&list, usual_m, &options.max_distance_m)) break;
        if (!snap_one(stops, i, &options, reply)) return false;
        if (i + 1 == stops->at.count && !list.rest) return true;
    }
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "radiuses is \"%.80s\"; expected for each of %" PRIu32
                           " coordinates metres, unlimited or nothing, with ; between",
                           radiuses, stops->at.count);
}

static bool check_coordinates(const mu_coordinates *at, mu_reply *reply) {
    const muster_status status = mu_coordinates_check(at);
    return status == MUSTER_OK || mu_reply_refuse_status(reply, status);
}

bool mu_stops_take(mu_stops *out, const mu_request *request, mu_coordinates *at, mu_reply *reply) {
    *out = (mu_stops){.at = *at};
    *at  = (mu_coordinates){0};
    if (!choose_metric(out, request, reply) || !check_coordinates(&out->at, reply)) return false;
    out->snap = malloc(((size_t)out->at.count + 1) * sizeof *out->snap);
    if (!out->snap) {
        return mu_reply_refuse_status(
            reply, muster_fail(MUSTER_E_NOMEM, "out of memory for %" PRIu32 " coordinates",
                               out->at.count));
    }
    return snap_all(out, request, reply);
}

bool mu_stops_read(mu_stops *out, const mu_request *request, uint32_t most, const char *option,
                   mu_reply *reply) {
    const char    *text = mu_request_part(request, "coordinates");
    mu_coordinates at;
    *out = (mu_stops){0};
    if (!mu_stops_limit(mu_coordinates_bound(text), most, "coordinates", option, reply)) {
        return false;
    }
    const muster_status status = mu_coordinates_parse(&at, text);
    if (status == MUSTER_E_INVALID) {
        return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidQuery", "%s",
                               muster_error_message());
    }
    if (status != MUSTER_OK) return mu_reply_refuse_status(reply, status);
    return mu_stops_take(out, request, &at, reply);
}

/* ---- waypoints ------------------------------------------------------------------------- */

static const char *road_name(const muster_network *network, uint32_t edge) {
    if (edge == MUSTER_BY_AIR) return "";
    const muster_network_data *view = muster_network_view(network);
    return view->edge_name[edge] == MUSTER_NONE ? "" : view->names + view->edge_name[edge];
}

void mu_stops_write(mu_text *text, const muster_network *network, const muster_snap *snap) {
    mu_text_add(text, "{\"name\":");
    mu_text_string(text, road_name(network, snap->edge));
    mu_text_add(text, ",\"location\":");
    mu_text_position(text, snap->lon_deg, snap->lat_deg);
    mu_text_add(text, ",\"distance\":");
    mu_text_metres(text, snap->distance_m);
}

void mu_stops_write_all(mu_text *text, const mu_stops *stops, uint32_t count,
                        const uint32_t *list) {
    const muster_network *network = muster_metric_network(stops->metric);
    mu_text_add(text, "[");
    for (uint32_t i = 0; i < count; ++i) {
        if (i > 0) mu_text_add(text, ",");
        mu_stops_write(text, network, &stops->snap[list ? list[i] : i]);
        mu_text_add(text, "}");
    }
    mu_text_add(text, "]");
}
