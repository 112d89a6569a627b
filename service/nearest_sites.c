/* POST /v1/nearest: of many places those that are reached first, or from which one is; what `muster
 * nearest` answers. */
#include <inttypes.h>
#include <stdlib.h>

#include <muster/reach.h>

#include "service/body.h"
#include "service/resources.h"
#include "service/stops.h"

extern const char mu_api_nearest_sites[];

enum { NORMALLY = 5 };

typedef struct asked {
    mu_stops         stops; /* the origin first */
    uint32_t         most;
    muster_direction direction;
} asked;

/* The found, [most]. */
typedef struct found {
    uint32_t  count;
    uint32_t *site, *duration_ms;
    double   *distance_m;
} found;

/* ---- the question ---------------------------------------------------------------------- */

static bool refuse_member(mu_reply *reply, const char *name, const char *expected) {
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidBody",
                           "the body, member \"%s\", is wrong; expected %s", name, expected);
}

static bool read_options(asked *a, const json_t *body, uint32_t site_count, mu_reply *reply) {
    const json_t    *number  = json_object_get(body, "number");
    const json_t    *reverse = json_object_get(body, "reverse");
    const json_int_t most    = number ? json_integer_value(number) : NORMALLY;
    if (number && (!json_is_integer(number) || most < 1)) {
        return refuse_member(reply, "number", "a whole number from 1 on");
    }
    if (reverse && !json_is_boolean(reverse)) {
        return refuse_member(reply, "reverse", "true or false");
    }
    a->most      = most < (json_int_t)site_count ? (uint32_t)most : site_count;
    a->direction = json_is_true(reverse) ? MUSTER_BACKWARD : MUSTER_FORWARD;
    return true;
}

/* The origin goes before the sites, so that all are snapped alike. */
static bool read_places(mu_coordinates *out, const json_t *body, uint32_t most, mu_reply *reply) {
    json_t *origin = json_object_get(body, "origin");
    json_t *sites  = json_object_get(body, "sites");
    if (!json_is_array(origin)) return refuse_member(reply, "origin", "[longitude, latitude]");
    if (json_array_size(sites) == 0) {
        return refuse_member(reply, "sites", "a list of [longitude, latitude] with one or more");
    }
    json_t *all    = json_array();
    json_t *places = json_pack("{s:o}", "origin and sites", all);
    json_array_append(all, origin);
    json_array_extend(all, sites);
    const bool is_read = mu_body_positions(out, places, "origin and sites", most, reply);
    json_decref(places);
    return is_read;
}

static bool read_asked(asked *a, const mu_request *request, const json_t *body, mu_reply *reply) {
    const uint32_t most = mu_request_limits(request)->coordinates;
    mu_coordinates at;
    return read_places(&at, body, most, reply) && mu_stops_take(&a->stops, request, &at, reply) &&
           read_options(a, body, a->stops.at.count - 1, reply);
}

/* ---- the answer ------------------------------------------------------------------------ */

static muster_status find(found *f, const asked *a) {
    f->site        = malloc(a->most * sizeof *f->site);
    f->duration_ms = malloc(a->most * sizeof *f->duration_ms);
    f->distance_m  = malloc(a->most * sizeof *f->distance_m);
    if (!f->site || !f->duration_ms || !f->distance_m) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %" PRIu32 " nearest sites", a->most);
    }
    return muster_nearest(a->stops.metric, a->direction, &a->stops.snap[0], a->stops.at.count - 1,
                          a->stops.snap + 1, a->most, &f->count, f->site, f->duration_ms,
                          f->distance_m);
}

static void write(mu_text *text, const asked *a, const found *f) {
    const muster_network *network = muster_metric_network(a->stops.metric);
    mu_text_add(text, "{\"code\":\"Ok\",\"origin\":");
    mu_stops_write(text, network, &a->stops.snap[0]);
    mu_text_add(text, "},\"nearest\":[");
    for (uint32_t i = 0; i < f->count; ++i) {
        mu_text_format(text, "%s{\"index\":%" PRIu32 ",\"duration\":", i > 0 ? "," : "",
                       f->site[i]);
        mu_text_seconds(text, f->duration_ms[i]);
        mu_text_add(text, ",\"distance\":");
        mu_text_metres(text, f->distance_m[i]);
        mu_text_add(text, ",\"waypoint\":");
        mu_stops_write(text, network, &a->stops.snap[f->site[i] + 1]);
        mu_text_add(text, "}}");
    }
    mu_text_add(text, "]}");
}

static void answer_asked(const asked *a, mu_reply *reply) {
    found               f      = {0};
    const muster_status status = find(&f, a);
    if (status == MUSTER_OK) {
        write(&reply->body, a, &f);
    } else {
        mu_reply_refuse_status(reply, status);
    }
    free(f.site);
    free(f.duration_ms);
    free(f.distance_m);
}

static void answer(const mu_request *request, mu_reply *reply) {
    static const char *const KNOWN[] = {"origin", "sites", "number", "reverse", NULL};
    json_t                  *body    = mu_body_read(request, KNOWN, reply);
    asked                    a       = {0};
    if (body && read_asked(&a, request, body, reply)) answer_asked(&a, reply);
    json_decref(body);
    mu_stops_free(&a.stops);
}

/* A search that meets sites takes as long as a table of one row: milliseconds on a large network. */
static bool is_long(const mu_request *request) {
    (void)request;
    return true;
}

const mu_resource mu_resource_nearest_sites = {
    .name        = "nearest_sites",
    .method      = "POST",
    .path        = "/v1/nearest/{profile}",
    .other_path  = "/nearest/v1/{profile}",
    .needs       = MU_ROLE_READ,
    .takes_body  = true,
    .description = mu_api_nearest_sites,
    .is_long     = is_long,
    .answer      = answer,
};
