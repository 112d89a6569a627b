/* plan.geojson (RFC 7946): incidents as points, assignments as the roads they take. An
 * assignment without a road keeps its properties and has a null geometry. */
#include <math.h>
#include <muster/muster.h>

#include "cli/command.h"
#include "cli/plan_outputs.h"

/* Six decimals are 0.1 m. */
static json_t *position(double lon_deg, double lat_deg) {
    return json_pack("[f, f]", round(lon_deg * 1e6) / 1e6, round(lat_deg * 1e6) / 1e6);
}

static json_t *point(const muster_site *site) {
    return json_pack("{s:s, s:o}", "type", "Point", "coordinates",
                     position(site->lon_deg, site->lat_deg));
}

static json_t *line(const muster_route *route) {
    const double *lon_deg = muster_route_lon_deg(route), *lat_deg = muster_route_lat_deg(route);
    json_t       *coordinates = json_array();
    for (uint32_t i = 0; i < muster_route_point_count(route); ++i) {
        if (json_array_append_new(coordinates, position(lon_deg[i], lat_deg[i])) != 0) {
            json_decref(coordinates);
            return NULL;
        }
    }
    return json_pack("{s:s, s:o}", "type", "LineString", "coordinates", coordinates);
}

static json_t *feature(json_t *geometry, json_t *properties) {
    return json_pack("{s:s, s:o, s:o}", "type", "Feature", "geometry", geometry, "properties",
                     properties);
}

/* What belongs to the i-th incident and the i-th assignment is what plan.json says of them. */
static bool append_incidents(json_t *features, const plan_view *view, const json_t *plan) {
    const json_t *incidents = json_object_get(plan, "incidents");
    for (uint32_t i = 0; i < view->problem->incident_count; ++i) {
        json_t *properties = json_copy(json_array_get(incidents, i));
        json_object_del(properties, "lon_deg");
        json_object_del(properties, "lat_deg");
        json_t *incident = feature(point(&view->problem->incident[i].site), properties);
        if (json_array_append_new(features, incident) != 0) return false;
    }
    return true;
}

static bool append_assignments(json_t *features, const plan_view *view, const plan_routes *routes,
                               const json_t *plan) {
    const json_t *assignments = json_object_get(plan, "assignments");
    for (uint32_t i = 0; i < view->assignment_count; ++i) {
        const uint32_t r        = routes->of_assignment[i];
        json_t        *geometry = r == MUSTER_NONE ? json_null() : line(routes->route[r]);
        json_t        *go       = feature(geometry, json_incref(json_array_get(assignments, i)));
        if (json_array_append_new(features, go) != 0) return false;
    }
    return true;
}

int plan_geojson_write(output *out, const plan_view *view, const plan_routes *routes) {
    json_t *plan     = plan_json_new(view);
    json_t *features = json_array();
    bool    ok       = plan && features && append_incidents(features, view, plan) &&
              append_assignments(features, view, routes, plan);
    json_t *collection = json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
    ok                 = ok && json_dumpf(collection, out->stream, JSON_REAL_PRECISION(12)) == 0;
    json_decref(collection);
    json_decref(plan);
    if (!ok && !ferror(out->stream)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    putc('\n', out->stream);
    return COMMAND_DONE;
}
