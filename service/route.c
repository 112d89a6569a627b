/* GET /v1/route: the fastest way through some places in the order in which they are given, as OSRM's
 * clients ask for it and read it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "service/resources.h"
#include "service/steps.h"
#include "service/stops.h"

extern const char mu_api_route[];

/* About two dozen coordinates: each leg takes some tens of microseconds, and its steps as much. */
enum { LONG_BYTES = 500 };

typedef struct answering {
    const mu_request *request;
    mu_stops          stops;
    mu_line_form      form;
    bool              has_steps;
    mu_text           legs;
    mu_line           line; /* of all legs */
    double            distance_m;
    uint64_t          duration_ms;
} answering;

/* ---- legs ------------------------------------------------------------------------------ */

static bool refuse_no_way(const answering *a, uint32_t leg, mu_reply *reply) {
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "NoRoute",
                           "no road leads from coordinate %" PRIu32 " to coordinate %" PRIu32
                           " for %s",
                           leg, leg + 1, muster_metric_profile_name(a->stops.metric));
}

static muster_status take_leg(answering *a, const muster_route *route, uint32_t leg) {
    const mu_leg one = {.metric    = a->stops.metric,
                        .route     = route,
                        .from      = &a->stops.snap[leg],
                        .to        = &a->stops.snap[leg + 1],
                        .form      = a->form,
                        .has_steps = a->has_steps};
    a->distance_m += muster_route_distance_m(route);
    a->duration_ms += muster_route_duration_ms(route);
    mu_line_add(&a->line, muster_route_point_count(route), muster_route_lon_deg(route),
                muster_route_lat_deg(route));
    if (leg > 0) mu_text_add(&a->legs, ",");
    return mu_leg_write(&a->legs, &one);
}

static bool find_leg(answering *a, muster_query *query, uint32_t leg, mu_reply *reply) {
    muster_route *route;
    muster_status status =
        muster_query_route(&route, query, &a->stops.snap[leg], &a->stops.snap[leg + 1]);
    if (status == MUSTER_OK && !route) return refuse_no_way(a, leg, reply);
    if (status == MUSTER_OK) status = take_leg(a, route, leg);
    muster_route_free(route);
    return status == MUSTER_OK || mu_reply_refuse_status(reply, status);
}

static bool find_legs(answering *a, mu_reply *reply) {
    muster_query       *query;
    const mu_request   *request = a->request;
    const muster_status status =
        mu_roads_query(&query, request->roads, request->slot, a->stops.number);
    if (status != MUSTER_OK) return mu_reply_refuse_status(reply, status);
    for (uint32_t leg = 0; leg + 1 < a->stops.at.count; ++leg) {
        if (!find_leg(a, query, leg, reply)) return false;
    }
    return true;
}

/* ---- the answer ------------------------------------------------------------------------ */

static void write_overview(mu_text *text, answering *a) {
    const char *overview = mu_request_option(a->request, "overview");
    if (overview && strcmp(overview, "false") == 0) return;
    if (!overview || strcmp(overview, "simplified") == 0) mu_line_simplify(&a->line);
    mu_text_add(text, ",\"geometry\":");
    mu_line_write(text, a->form, a->line.count, a->line.lon_deg, a->line.lat_deg);
}

/* Legs may come to more than the library counts to. */
static void write_duration(mu_text *text, uint64_t duration_ms) {
    mu_text_format(text, "%" PRIu64 ".%03u", duration_ms / 1000, (unsigned)(duration_ms % 1000));
}

static void write(mu_text *text, answering *a) {
    mu_text_add(text, "{\"code\":\"Ok\",\"routes\":[{\"distance\":");
    mu_text_metres(text, a->distance_m);
    mu_text_add(text, ",\"duration\":");
    write_duration(text, a->duration_ms);
    mu_text_add(text, ",\"weight\":");
    write_duration(text, a->duration_ms);
    mu_text_add(text, ",\"weight_name\":\"duration\"");
    write_overview(text, a);
    mu_text_add(text, ",\"legs\":[");
    mu_text_add_bytes(text, a->legs.bytes, a->legs.size);
    mu_text_add(text, "]}]");
    if (!mu_request_is_true(a->request, "skip_waypoints")) {
        mu_text_add(text, ",\"waypoints\":");
        mu_stops_write_all(text, &a->stops, a->stops.at.count, NULL);
    }
    mu_text_add(text, "}");
    text->is_broken |= a->legs.is_broken || a->line.is_broken;
}

static bool read_asked(answering *a, mu_reply *reply) {
    const mu_request *request = a->request;
    a->form                   = mu_line_form_of(mu_request_option(request, "geometries"));
    a->has_steps              = mu_request_is_true(request, "steps");
    if (!mu_stops_read(&a->stops, request, mu_request_limits(request)->route_coordinates,
                       "max-route-coordinates", reply)) {
        return false;
    }
    if (a->stops.at.count > 1) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "there is one coordinate; expected two or more, with ; between");
}

static void answer(const mu_request *request, mu_reply *reply) {
    answering a = {.request = request};
    if (read_asked(&a, reply) && find_legs(&a, reply)) write(&reply->body, &a);
    mu_stops_free(&a.stops);
    mu_text_free(&a.legs);
    mu_line_free(&a.line);
}

static bool is_long(const mu_request *request) {
    return strlen(mu_request_part(request, "coordinates")) > LONG_BYTES;
}

const mu_resource mu_resource_route = {
    .name        = "route",
    .method      = "GET",
    .path        = "/v1/route/{profile}/{coordinates}",
    .other_path  = "/route/v1/{profile}/{coordinates}",
    .needs       = MU_ROLE_READ,
    .description = mu_api_route,
    .is_long     = is_long,
    .answer      = answer,
};
