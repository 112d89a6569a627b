/* plan.geojson (RFC 7946): incidents as points, assignments as the roads they take, shipments as
 * the roads on which their vehicles come to the warehouse. What has no road keeps its properties
 * and has a null geometry. */
#include <muster/muster.h>

#include "cli/command.h"
#include "cli/geojson.h"
#include "cli/geojson_crs.h"
#include "cli/plan_outputs.h"

static json_t *line(const muster_route *route) {
    return geojson_line(muster_route_point_count(route), muster_route_lon_deg(route),
                        muster_route_lat_deg(route));
}

/* What belongs to the i-th incident and the i-th assignment is what plan.json says of them. */
static bool append_incidents(json_t *features, const plan_view *view, const json_t *plan) {
    const json_t *incidents = json_object_get(plan, "incidents");
    for (uint32_t i = 0; i < view->problem->incident_count; ++i) {
        json_t *properties = json_copy(json_array_get(incidents, i));
        json_object_del(properties, "lon_deg");
        json_object_del(properties, "lat_deg");
        json_t *incident =
            geojson_feature(geojson_point(&view->problem->incident[i].site), properties);
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
        json_t        *go = geojson_feature(geometry, json_incref(json_array_get(assignments, i)));
        if (json_array_append_new(features, go) != 0) return false;
    }
    return true;
}

static bool append_shipments(json_t *features, const plan_view *view, const plan_routes *routes,
                             const json_t *plan) {
    const json_t *shipments = json_object_get(plan, "shipments");
    for (uint32_t i = 0; i < view->shipment_count; ++i) {
        json_t *geometry = routes->fetch[i] ? line(routes->fetch[i]) : json_null();
        json_t *fetch    = geojson_feature(geometry, json_incref(json_array_get(shipments, i)));
        if (json_array_append_new(features, fetch) != 0) return false;
    }
    return true;
}

int plan_geojson_write(output *out, const plan_view *view, const plan_routes *routes,
                       muster_crs *crs) {
    json_t *plan     = plan_json_new(view);
    json_t *features = json_array();
    bool    ok       = plan && features && append_incidents(features, view, plan) &&
              append_assignments(features, view, routes, plan) &&
              append_shipments(features, view, routes, plan);
    json_t *collection = json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
    const int code     = ok ? geojson_crs_state(collection, crs) : COMMAND_DONE;
    ok                 = ok && json_dumpf(collection, out->stream, JSON_REAL_PRECISION(12)) == 0;
    json_decref(collection);
    json_decref(plan);
    if (code != COMMAND_DONE) return code;
    if (!ok && !ferror(out->stream)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    putc('\n', out->stream);
    return COMMAND_DONE;
}
