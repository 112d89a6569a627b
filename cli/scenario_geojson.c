/* A course as a map: calls as points, hazards and closed roads as what they are between two moments. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "cli/command.h"
#include "cli/geojson.h"
#include "cli/json_file.h"
#include "cli/scenario.h"

typedef struct map {
    const drawn_scenario *drawn;
    const muster_event   *event;
    uint32_t              event_count;
    json_t               *features;
} map;

static int64_t minutes(const map *m, int64_t at_ms) {
    return (at_ms - muster_scenario_file_about(m->drawn->file)->start_at_ms) / 60000;
}

/* When what an event says is over: at the next event of the same code, or never. */
static json_t *until_of(const map *m, uint32_t at, const char *code, bool is_road) {
    for (uint32_t e = at + 1; e < m->event_count; ++e) {
        const muster_event *next = &m->event[e];
        const bool          is_hazard =
            next->type == MUSTER_EVENT_HAZARD_GROWN || next->type == MUSTER_EVENT_HAZARD_ENDED;
        const bool is_of_road = next->type == MUSTER_EVENT_ROAD_CLOSED ||
                                next->type == MUSTER_EVENT_ROAD_SLOWED ||
                                next->type == MUSTER_EVENT_ROAD_OPENED;
        const char *other = is_road ? (is_of_road ? next->road.code : NULL)
                                    : (is_hazard ? next->hazard->code : NULL);
        if (other && strcmp(other, code) == 0) return json_integer(minutes(m, next->time_ms));
    }
    return json_null();
}

/* ---- features ------------------------------------------------------------------------------ */

static void add_call(map *m, const muster_event *e) {
    const muster_site site = {e->incident.lon_deg, e->incident.lat_deg};
    json_array_append_new(
        m->features,
        geojson_feature(geojson_point(&site),
                        json_pack("{s:s, s:s, s:s, s:s?, s:s, s:I}", "what", "call", "code",
                                  e->incident.code, "type",
                                  muster_course_incident_type(m->drawn->course, e->incident.code),
                                  "name", e->incident.name, "severity",
                                  muster_severity_name((muster_severity)e->incident.severity),
                                  "at_min", (json_int_t)minutes(m, e->time_ms))));
}

static void add_hazard(map *m, uint32_t at) {
    const muster_event  *e = &m->event[at];
    const muster_hazard *h = e->hazard;
    json_array_append_new(
        m->features,
        geojson_feature(
            geojson_multipolygon(&h->area),
            json_pack("{s:s, s:s, s:s, s:s?, s:o, s:o, s:i, s:I, s:o}", "what", "hazard", "code",
                      h->code, "kind", muster_hazard_kind_name((muster_hazard_kind)h->kind), "name",
                      h->name, "depth_m",
                      isfinite(h->depth_m) ? json_real(h->depth_m) : json_null(), "speed_factor",
                      isfinite(h->speed_factor) ? json_real(h->speed_factor) : json_null(),
                      "wind_force", h->wind_force, "from_min", (json_int_t)minutes(m, e->time_ms),
                      "until_min", until_of(m, at, h->code, false))));
}

/* The line of an edge, by its id. */
static json_t *line_of(const muster_network_data *n, int64_t edge_id) {
    uint32_t e = 0;
    while (e < n->edge_count && n->edge_id[e] != edge_id) ++e;
    if (e == n->edge_count) return json_null();
    const double lon_deg[2] = {n->node_lon_deg[n->edge_source[e]],
                               n->node_lon_deg[n->edge_target[e]]};
    const double lat_deg[2] = {n->node_lat_deg[n->edge_source[e]],
                               n->node_lat_deg[n->edge_target[e]]};
    return geojson_line(2, lon_deg, lat_deg);
}

static void add_road_part(map *m, uint32_t at, json_t *geometry) {
    const muster_event *e = &m->event[at];
    json_array_append_new(
        m->features,
        geojson_feature(geometry, json_pack("{s:s, s:s, s:s?, s:f, s:I, s:o}", "what", "road",
                                            "code", e->road.code, "reason", e->reason,
                                            "speed_factor", e->road.speed_factor, "from_min",
                                            (json_int_t)minutes(m, e->time_ms), "until_min",
                                            until_of(m, at, e->road.code, true))));
}

static void add_road(map *m, uint32_t at) {
    const muster_event_road   *r = &m->event[at].road;
    const muster_network_data *n = muster_network_view(muster_scenario_network(m->drawn->scenario));
    for (uint32_t i = 0; i < r->edge_count; ++i) add_road_part(m, at, line_of(n, r->edge_id[i]));
    if (r->point_count > 0) {
        add_road_part(m, at, geojson_line(r->point_count, r->lon_deg, r->lat_deg));
    }
    if (r->area.ring_count > 0) {
        const uint32_t            first_ring[2] = {0, r->area.ring_count};
        const muster_multipolygon area          = {
                     1, first_ring, r->area.first_point, r->area.lon_deg, r->area.lat_deg, 0};
        add_road_part(m, at, geojson_multipolygon(&area));
    }
}

int scenario_geojson(const drawn_scenario *d, const char *path) {
    map m   = {.drawn = d, .features = json_array()};
    m.event = muster_course_events(d->course, &m.event_count);
    for (uint32_t e = 0; e < m.event_count; ++e) {
        switch (m.event[e].type) {
        case MUSTER_EVENT_INCIDENT_REPORTED:
            add_call(&m, &m.event[e]);
            break;
        case MUSTER_EVENT_HAZARD_GROWN:
            add_hazard(&m, e);
            break;
        case MUSTER_EVENT_ROAD_CLOSED:
        case MUSTER_EVENT_ROAD_SLOWED:
            add_road(&m, e);
            break;
        default:
            break;
        }
    }
    return json_write(json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", m.features),
                      path);
}
