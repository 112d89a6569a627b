/* GET /v1/isochrone: what is reached within some minutes, as areas. Options are named as those of
 * services of this kind usually are (contours_minutes, polygons). */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <muster/isochrone_polygon.h>

#include "service/resources.h"
#include "service/stops.h"

extern const char mu_api_isochrone[];

enum { MAX_ORIGINS = 256, MAX_CONTOURS = 16, MIN_RADIUS_M = 10, MAX_RADIUS_M = 100000 };
static const double USUAL_RADIUS_M = 250;

typedef struct asked {
    mu_stops         stops;
    muster_direction direction;
    double           radius_m;
    uint32_t         contour_count;
    uint32_t         limit_ms[MAX_CONTOURS];
} asked;

/* ---- options --------------------------------------------------------------------------- */

static bool add_contour(asked *a, const char *text, double unit_ms, uint32_t most_ms) {
    double value;
    if (!mu_number_parse(&value, text) || a->contour_count == MAX_CONTOURS) return false;
    const double limit_ms = round(value * unit_ms);
    if (!(limit_ms >= 1 && limit_ms <= most_ms)) return false;
    a->limit_ms[a->contour_count++] = (uint32_t)limit_ms;
    return true;
}

static bool read_contours(asked *a, const mu_request *request, const char *name, double unit_ms,
                          mu_reply *reply) {
    const char    *text   = mu_request_option(request, name);
    mu_list        list   = mu_list_start(text, ',');
    const uint32_t most_s = mu_request_limits(request)->isochrone_s;
    char           item[32];
    bool           fits = true;
    while (mu_list_next(&list, item, &fits)) {
        fits = add_contour(a, item, unit_ms, most_s * 1000);
        if (!fits) break;
    }
    if (fits) return true;
    return mu_reply_refuse(
        reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
        "%s is \"%.80s\"; expected up to %d times with , between, each more than "
        "0 and at most %.9g (--max-isochrone-seconds)",
        name, text, MAX_CONTOURS, most_s * 1000.0 / unit_ms);
}

static bool read_radius(asked *a, const mu_request *request, mu_reply *reply) {
    const char *text = mu_request_option(request, "radius");
    a->radius_m      = USUAL_RADIUS_M;
    if (!text || (mu_number_parse(&a->radius_m, text) && a->radius_m >= MIN_RADIUS_M &&
                  a->radius_m <= MAX_RADIUS_M)) {
        return true;
    }
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "radius is \"%.40s\"; expected %d to %d metres", text, MIN_RADIUS_M,
                           MAX_RADIUS_M);
}

static int by_size(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool read_options(asked *a, const mu_request *request, mu_reply *reply) {
    const char *direction = mu_request_option(request, "direction");
    a->direction =
        direction && strcmp(direction, "backward") == 0 ? MUSTER_BACKWARD : MUSTER_FORWARD;
    if (!read_contours(a, request, "contours_minutes", 60000, reply) ||
        !read_contours(a, request, "contours_seconds", 1000, reply) ||
        !read_radius(a, request, reply)) {
        return false;
    }
    qsort(a->limit_ms, a->contour_count, sizeof *a->limit_ms, by_size);
    if (a->contour_count > 0) return true;
    return mu_reply_refuse(reply, MU_STATUS_BAD_REQUEST, "InvalidOptions",
                           "no time is given; expected contours_minutes=5,10 or contours_seconds");
}

static bool read_asked(asked *a, const mu_request *request, mu_reply *reply) {
    const mu_limits *limits = mu_request_limits(request);
    const uint32_t   most   = limits->coordinates < MAX_ORIGINS ? limits->coordinates : MAX_ORIGINS;
    return read_options(a, request, reply) &&
           mu_stops_read(&a->stops, request, most, "max-coordinates", reply);
}

/* ---- the answer ------------------------------------------------------------------------ */

static void write_ring(mu_text *text, const muster_multipolygon *m, uint32_t ring) {
    mu_text_add(text, "[");
    for (uint32_t p = m->first_point[ring]; p < m->first_point[ring + 1]; ++p) {
        if (p > m->first_point[ring]) mu_text_add_bytes(text, ",", 1);
        mu_text_position(text, m->lon_deg[p], m->lat_deg[p]);
    }
    mu_text_add(text, "]");
}

static void write_multipolygon(mu_text *text, const muster_multipolygon *m) {
    mu_text_add(text, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (uint32_t polygon = 0; polygon < m->polygon_count; ++polygon) {
        mu_text_add(text, polygon > 0 ? ",[" : "[");
        for (uint32_t r = m->first_ring[polygon]; r < m->first_ring[polygon + 1]; ++r) {
            if (r > m->first_ring[polygon]) mu_text_add(text, ",");
            write_ring(text, m, r);
        }
        mu_text_add(text, "]");
    }
    mu_text_add(text, "]}");
}

static void write_feature(mu_text *text, const asked *a, const muster_multipolygon *m,
                          uint32_t limit_ms) {
    mu_text_add(text, "{\"type\":\"Feature\",\"properties\":{\"metric\":\"time\",\"contour\":");
    mu_text_format(text, "%.9g", limit_ms / 60000.0);
    mu_text_add(text, ",\"limit_s\":");
    mu_text_seconds(text, limit_ms);
    mu_text_add(text, ",\"profile\":");
    mu_text_string(text, muster_metric_profile_name(a->stops.metric));
    mu_text_format(text, ",\"direction\":\"%s\",\"area_km2\":%.4f},\"geometry\":",
                   a->direction == MUSTER_FORWARD ? "forward" : "backward", m->area_m2 / 1e6);
    write_multipolygon(text, m);
    mu_text_add(text, "}");
}

/* The largest first, so that the smaller ones are drawn over it. */
static void write(mu_text *text, const asked *a, const muster_isochrone_polygons *polygons) {
    mu_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (uint32_t l = a->contour_count; l-- > 0;) {
        const muster_multipolygon m = muster_isochrone_polygons_within(polygons, l);
        write_feature(text, a, &m, a->limit_ms[l]);
        if (l > 0) mu_text_add(text, ",");
    }
    mu_text_add(text, "]}");
}

static void answer_asked(const asked *a, mu_reply *reply) {
    muster_isochrone          *isochrone = NULL;
    muster_isochrone_polygons *polygons  = NULL;
    muster_status              status =
        muster_isochrone_new(&isochrone, a->stops.metric, a->stops.at.count, a->stops.snap,
                             a->direction, a->contour_count, a->limit_ms);
    if (status == MUSTER_OK) {
        status = muster_isochrone_polygons_new(&polygons, isochrone, a->radius_m);
    }
    if (status == MUSTER_OK) {
        write(&reply->body, a, polygons);
        reply->content_type = "application/geo+json";
    } else {
        mu_reply_refuse_status(reply, status);
    }
    muster_isochrone_polygons_free(polygons);
    muster_isochrone_free(isochrone);
}

static void answer(const mu_request *request, mu_reply *reply) {
    asked a = {0};
    if (read_asked(&a, request, reply)) answer_asked(&a, reply);
    mu_stops_free(&a.stops);
}

static bool is_long(const mu_request *request) {
    (void)request;
    return true;
}

const mu_resource mu_resource_isochrone = {
    .name        = "isochrone",
    .method      = "GET",
    .path        = "/v1/isochrone/{profile}/{coordinates}",
    .other_path  = "/isochrone/v1/{profile}/{coordinates}",
    .needs       = MU_ROLE_READ,
    .description = mu_api_isochrone,
    .is_long     = is_long,
    .answer      = answer,
};
