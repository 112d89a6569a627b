/* GET /v1/nearest: the roads nearest to a place, as OSRM's clients ask for them. The first is the one
 * where a route from there begins. */
#include <inttypes.h>
#include <stdlib.h>

#include "service/resources.h"
#include "service/stops.h"

extern const char mu_api_nearest[];

enum { MAX_NUMBER = 100 };

static bool read_number(uint32_t *out, const mu_request *request, mu_reply *reply) {
    const char *text = mu_request_option(request, "number");
    char       *end  = NULL;
    *out             = 1;
    if (!text) return true;
    const unsigned long number = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == 0 && number >= 1 && number <= MAX_NUMBER) {
        *out = (uint32_t)number;
        return true;
    }
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "number is \"%.40s\"; expected a whole number from 1 to %d", text,
                           MAX_NUMBER);
}

static bool read_place(mu_stops *out, const mu_request *request, mu_reply *reply) {
    if (!mu_stops_read(out, request, mu_request_limits(request)->coordinates, "max-coordinates",
                       reply)) {
        return false;
    }
    if (out->at.count == 1) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "there are %" PRIu32 " coordinates; expected one", out->at.count);
}

/* With the identifiers of the two junctions that the road lies between. */
static void write_waypoint(mu_text *text, const muster_network *network, const muster_snap *snap) {
    const muster_network_data *view = muster_network_view(network);
    mu_stops_write(text, network, snap);
    if (snap->edge == MUSTER_BY_AIR) {
        mu_text_add(text, ",\"nodes\":[0,0]}");
        return;
    }
    mu_text_format(text, ",\"nodes\":[%" PRId64 ",%" PRId64 "]}",
                   view->node_id[view->edge_source[snap->edge]],
                   view->node_id[view->edge_target[snap->edge]]);
}

static void write(mu_text *text, const muster_network *network, uint32_t count,
                  const muster_snap *snap) {
    mu_text_add(text, "{\"code\":\"Ok\",\"waypoints\":[");
    for (uint32_t i = 0; i < count; ++i) {
        if (i > 0) mu_text_add(text, ",");
        write_waypoint(text, network, &snap[i]);
    }
    mu_text_add(text, "]}");
}

/* The first is where it is snapped to; then the others, by distance. */
static bool find_others(muster_snap *snap, uint32_t *count, const mu_stops *stops,
                        mu_reply *reply) {
    muster_snap         near[MAX_NUMBER];
    const uint32_t      most   = *count;
    muster_snap_options limits = MUSTER_SNAP_OPTIONS_INIT;
    uint32_t            found;
    const muster_status status =
        muster_snap_nearest(stops->metric, stops->at.lon_deg[0], stops->at.lat_deg[0],
                            limits.max_distance_m, most, &found, near);
    if (status != MUSTER_OK) return mu_reply_refuse_status(reply, status);
    *count = 1;
    for (uint32_t i = 0; i < found && *count < most; ++i) {
        if (near[i].edge != snap[0].edge) snap[(*count)++] = near[i];
    }
    return true;
}

static void answer(const mu_request *request, mu_reply *reply) {
    mu_stops    stops = {0};
    muster_snap snap[MAX_NUMBER];
    uint32_t    count;
    if (read_number(&count, request, reply) && read_place(&stops, request, reply)) {
        snap[0] = stops.snap[0];
        if (count == 1 || find_others(snap, &count, &stops, reply)) {
            write(&reply->body, request->roads->network, count, snap);
        }
    }
    mu_stops_free(&stops);
}

const mu_resource mu_resource_nearest = {
    .name        = "nearest",
    .method      = "GET",
    .path        = "/v1/nearest/{profile}/{coordinates}",
    .other_path  = "/nearest/v1/{profile}/{coordinates}",
    .needs       = MU_ROLE_READ,
    .description = mu_api_nearest,
    .answer      = answer,
};
