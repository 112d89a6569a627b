/* Roads are found one by one, so the same road is worth finding once: goods of several kinds
 * from one warehouse to one incident travel together, and so do vehicles of one garage.
 * Assignments are sorted by where they come from and where they go; each run of equals
 * shares a route. */
#include "cli/plan_routes.h"

#include <stdlib.h>

#include "cli/command.h"

typedef struct journey {
    double   lon_deg, lat_deg;
    uint32_t metric, incident, assignment;
} journey;

static int order(const void *a, const void *b) {
    const journey *x = a, *y = b;
    if (x->lon_deg != y->lon_deg) return x->lon_deg < y->lon_deg ? -1 : 1;
    if (x->lat_deg != y->lat_deg) return x->lat_deg < y->lat_deg ? -1 : 1;
    if (x->metric != y->metric) return x->metric < y->metric ? -1 : 1;
    if (x->incident != y->incident) return x->incident < y->incident ? -1 : 1;
    return x->assignment < y->assignment ? -1 : x->assignment > y->assignment;
}

static bool is_same_road(const journey *x, const journey *y) {
    return x->lon_deg == y->lon_deg && x->lat_deg == y->lat_deg && x->metric == y->metric &&
           x->incident == y->incident;
}

static journey journey_of(const plan_view *view, uint32_t assignment) {
    const muster_assignment *go = &view->assignment[assignment];
    const muster_unit       *unit =
        muster_problem_unit(view->problem, (muster_resource)go->resource, go->index);
    uint32_t metric = unit->metric;
    if (go->shipment != MUSTER_NONE) {
        metric = view->problem->vehicle[view->shipment[go->shipment].vehicle].unit.metric;
    }
    return (journey){unit->site.lon_deg, unit->site.lat_deg, metric,
                     view->problem->need[go->need].incident, assignment};
}

static int find_roads(plan_routes *routes, const plan_view *view, const journey *sorted) {
    for (uint32_t i = 0; i < view->assignment_count; ++i) {
        const journey *here = &sorted[i];
        if (i > 0 && is_same_road(here, here - 1)) {
            routes->of_assignment[here->assignment] = routes->of_assignment[here[-1].assignment];
            continue;
        }
        muster_route       *route;
        const muster_status status =
            muster_plan_route(&route, view->plan, view->problem, here->assignment);
        if (status != MUSTER_OK) return command_fail_status(status);
        routes->of_assignment[here->assignment] = route ? routes->route_count : MUSTER_NONE;
        if (route) routes->route[routes->route_count++] = route;
    }
    return COMMAND_DONE;
}

static int find_fetches(plan_routes *routes, const plan_view *view) {
    for (uint32_t s = 0; s < view->shipment_count; ++s) {
        const muster_status status =
            muster_plan_shipment_route(&routes->fetch[s], view->plan, view->problem, s);
        if (status != MUSTER_OK) return command_fail_status(status);
        routes->fetch_count = s + 1;
    }
    return COMMAND_DONE;
}

int plan_routes_init(plan_routes *out, const plan_view *view) {
    const size_t count  = view->assignment_count > 0 ? view->assignment_count : 1;
    journey     *sorted = calloc(count, sizeof *sorted);
    int          code;
    *out = (plan_routes){.route         = calloc(count, sizeof(muster_route *)),
                         .of_assignment = calloc(count, sizeof *out->of_assignment),
                         .fetch         = calloc(view->shipment_count + 1, sizeof(muster_route *))};
    if (!sorted || !out->route || !out->of_assignment || !out->fetch) {
        code = command_fail(COMMAND_ENVIRONMENT, "out of memory");
    } else {
        for (uint32_t i = 0; i < view->assignment_count; ++i) sorted[i] = journey_of(view, i);
        qsort(sorted, view->assignment_count, sizeof *sorted, order);
        code = find_roads(out, view, sorted);
        if (code == COMMAND_DONE) code = find_fetches(out, view);
    }
    free(sorted);
    return code;
}

void plan_routes_fini(plan_routes *routes) {
    for (uint32_t i = 0; i < routes->route_count; ++i) muster_route_free(routes->route[i]);
    for (uint32_t s = 0; s < routes->fetch_count; ++s) muster_route_free(routes->fetch[s]);
    free(routes->fetch);
    free(routes->route);
    free(routes->of_assignment);
}
