/* plan.json: the whole plan for other programs. The schema is in docs/cli.md; every word in
 * it is one of the library's. Times are seconds from the moment of the plan. */
#include <math.h>
#include <muster/muster.h>
#include <string.h>

#include "cli/command.h"
#include "cli/plan_after.h"
#include "cli/plan_compare.h"
#include "cli/plan_outputs.h"

/* Append `value` and tell whether there was memory for all of it. */
static bool append(json_t *array, json_t *value) {
    return json_array_append_new(array, value) == 0;
}

static double seconds(uint32_t ms) {
    return ms / 1000.0;
}

static json_t *scenario_json(const plan_view *view) {
    return json_pack("{s:s?, s:s?}", "code", muster_scenario_code(view->scenario), "name",
                     muster_scenario_name(view->scenario));
}

/* In the order of the plan, which the commander may have changed. */
static json_t *tiers_json(const plan_view *view) {
    muster_tier order[MUSTER_TIER_COUNT];
    json_t     *tiers = json_array();
    bool        ok    = tiers != NULL;
    muster_plan_tier_order(view->plan, order);
    for (int t = 0; ok && t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result tier = muster_plan_tier(view->plan, order[t]);
        const double             gap  = plan_tier_gap(view->plan, order[t]);
        ok = append(tiers, json_pack("{s:i, s:s, s:I, s:I, s:o}", "tier", t + 1, "name",
                                     muster_tier_name(order[t]), "value", (json_int_t)tier.value,
                                     "bound", (json_int_t)tier.bound, "gap",
                                     isnan(gap) ? json_null() : json_real(gap)));
    }
    if (ok) return tiers;
    json_decref(tiers);
    return NULL;
}

static json_t *kinds_json(const plan_view *view) {
    json_t *kinds = json_array();
    bool    ok    = kinds != NULL;
    for (uint32_t k = 0; ok && k < view->problem->kind_count; ++k) {
        const muster_kind *kind = &view->problem->kind[k];
        ok                      = append(kinds,
                                         json_pack("{s:s, s:s?, s:s, s:I}", "kind", kind->code, "name", kind->name,
                                                   "resource", muster_resource_name((muster_resource)kind->resource),
                                                   "free", (json_int_t)plan_left_of_kind(view, k)));
    }
    if (ok) return kinds;
    json_decref(kinds);
    return NULL;
}

static json_t *deadline_json(const muster_incident *incident) {
    return incident->deadline_ms > 0 ? json_real(seconds(incident->deadline_ms)) : json_null();
}

static json_t *incidents_json(const plan_view *view) {
    json_t *incidents = json_array();
    bool    ok        = incidents != NULL;
    for (uint32_t i = 0; ok && i < view->problem->incident_count; ++i) {
        const muster_incident *incident = &view->problem->incident[i];
        ok =
            append(incidents, json_pack("{s:s, s:s?, s:s, s:s, s:o, s:f, s:f}", "incident",
                                        incident->code, "name", incident->name, "severity",
                                        muster_severity_name((muster_severity)incident->severity),
                                        "state", plan_state_name((plan_state)view->state[i]),
                                        "deadline_s", deadline_json(incident), "lon_deg",
                                        incident->site.lon_deg, "lat_deg", incident->site.lat_deg));
    }
    if (ok) return incidents;
    json_decref(incidents);
    return NULL;
}

static json_t *needs_json(const plan_view *view) {
    json_t *needs = json_array();
    bool    ok    = needs != NULL;
    for (uint32_t n = 0; ok && n < view->problem->need_count; ++n) {
        const muster_need *need = &view->problem->need[n];
        ok = append(needs, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "incident",
                                     view->problem->incident[need->incident].code, "kind",
                                     view->problem->kind[need->kind].code, "quantity",
                                     (json_int_t)need->quantity, "minimum",
                                     (json_int_t)need->minimum, "sent", (json_int_t)view->sent[n],
                                     "missing", (json_int_t)view->missing[n]));
    }
    if (ok) return needs;
    json_decref(needs);
    return NULL;
}

static double tenths(double metres) {
    return round(metres * 10) / 10;
}

static const muster_unit *carrier_of(const plan_view *view, uint32_t shipment) {
    return &view->problem->vehicle[view->shipment[shipment].vehicle].unit;
}

static json_t *assignment_json(const plan_view *view, const muster_assignment *go) {
    const muster_problem *problem  = view->problem;
    const muster_resource resource = (muster_resource)go->resource;
    const muster_unit    *unit     = muster_problem_unit(problem, resource, go->index);
    const muster_need    *need     = &problem->need[go->need];
    const bool            is_alone = go->shipment == MUSTER_NONE;
    return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:I, s:f, s:f, s:f, s:I, s:i, s:b, s:b, s:s?}",
                     "resource", muster_resource_name(resource), "code", unit->code, "name",
                     unit->name, "incident", problem->incident[need->incident].code, "kind",
                     problem->kind[need->kind].code, "quantity", (json_int_t)go->quantity,
                     "depart_s", seconds(go->depart_ms), "eta_s", seconds(go->eta_ms), "distance_m",
                     tenths(go->distance_m), "locked", (json_int_t)go->locked, "escalation",
                     go->escalation, "late", go->is_late, "diverted", go->is_diverted, "vehicle",
                     is_alone ? NULL : carrier_of(view, go->shipment)->code);
}

static json_t *assignments_json(const plan_view *view) {
    json_t *assignments = json_array();
    bool    ok          = assignments != NULL;
    for (uint32_t i = 0; ok && i < view->assignment_count; ++i) {
        ok = append(assignments, assignment_json(view, &view->assignment[i]));
    }
    if (ok) return assignments;
    json_decref(assignments);
    return NULL;
}

/* What a shipment carries, in the order of its assignments. */
static json_t *load_json(const plan_view *view, uint32_t shipment) {
    json_t *load = json_array();
    bool    ok   = load != NULL;
    for (uint32_t i = 0; ok && i < view->assignment_count; ++i) {
        const muster_assignment *go = &view->assignment[i];
        if (go->shipment != shipment) continue;
        ok = append(load, json_pack("{s:s, s:I}", "kind",
                                    view->problem->kind[view->problem->need[go->need].kind].code,
                                    "quantity", (json_int_t)go->quantity));
    }
    if (ok) return load;
    json_decref(load);
    return NULL;
}

static json_t *shipment_json(const plan_view *view, uint32_t shipment) {
    const muster_shipment *ship      = &view->shipment[shipment];
    const muster_unit     *vehicle   = carrier_of(view, shipment);
    const muster_unit     *warehouse = &view->problem->stock[ship->stock].unit;
    return json_pack(
        "{s:s, s:s?, s:s, s:s?, s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:b, s:o}", "vehicle",
        vehicle->code, "vehicle_name", vehicle->name, "warehouse", warehouse->code,
        "warehouse_name", warehouse->name, "incident", view->problem->incident[ship->incident].code,
        "depart_s", seconds(ship->depart_ms), "load_at_s", seconds(ship->load_at_ms), "eta_s",
        seconds(ship->eta_ms), "distance_m", tenths(ship->distance_m), "load_kg", ship->load_kg,
        "load_m3", ship->load_m3, "diverted", ship->is_diverted, "load", load_json(view, shipment));
}

static json_t *shipments_json(const plan_view *view) {
    json_t *shipments = json_array();
    bool    ok        = shipments != NULL;
    for (uint32_t i = 0; ok && i < view->shipment_count; ++i) {
        ok = append(shipments, shipment_json(view, i));
    }
    if (ok) return shipments;
    json_decref(shipments);
    return NULL;
}

static json_t *unmet_json(const plan_view *view) {
    json_t *unmet = json_array();
    bool    ok    = unmet != NULL;
    for (uint32_t i = 0; ok && i < view->unmet_count; ++i) {
        const muster_need *need = &view->problem->need[view->unmet[i].need];
        ok                      = append(
                                 unmet, json_pack("{s:s, s:s, s:I, s:s}", "incident",
                                                  view->problem->incident[need->incident].code, "kind",
                                                  view->problem->kind[need->kind].code, "quantity",
                                                  (json_int_t)view->unmet[i].quantity, "reason",
                                                  muster_unmet_reason_name((muster_unmet_reason)view->unmet[i].reason)));
    }
    if (ok) return unmet;
    json_decref(unmet);
    return NULL;
}

static json_t *free_json(const plan_view *view) {
    const plan_free left = plan_free_count(view);
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "teams", (json_int_t)left.teams, "people",
                     (json_int_t)left.people, "vehicles", (json_int_t)left.vehicles, "machines",
                     (json_int_t)left.machines, "items", (json_int_t)left.items);
}

/* The judge's word on the plan that is written, not only on the one that was made. */
static const char *checker_word(const plan_view *view) {
    const bool is_right = muster_plan_check(view->plan, view->problem) == MUSTER_OK;
    return is_right ? "ok" : muster_error_message();
}

static json_t *document(const plan_view *view) {
    const bool is_optimal = muster_plan_outcome(view->plan) == MUSTER_OPTIMAL;
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "muster", muster_version(), "scenario", scenario_json(view), "outcome",
        is_optimal ? "optimal" : "feasible", "checker", checker_word(view), "tiers",
        tiers_json(view), "work", (json_int_t)muster_plan_work(view->plan), "elapsed_ms",
        (json_int_t)muster_plan_elapsed_ms(view->plan), "first_feasible_ms",
        (json_int_t)muster_plan_first_feasible_ms(view->plan), "late",
        (json_int_t)view->arrivals[PLAN_EVERY_SEVERITY].late, "escalated",
        (json_int_t)plan_escalated_count(view), "diverted", (json_int_t)plan_diverted_count(view),
        "free", free_json(view), "kinds", kinds_json(view), "incidents", incidents_json(view),
        "needs", needs_json(view), "assignments", assignments_json(view), "shipments",
        shipments_json(view), "unmet", unmet_json(view));
}

/* A field that not every plan has. */
static bool add(json_t *plan, const char *field, json_t *value) {
    return json_object_set_new(plan, field, value) == 0;
}

json_t *plan_json_new(const plan_view *view) {
    json_t *plan = document(view);
    bool    ok   = true;
    if (view->compared) ok = add(plan, "compare", plan_compare_json(view));
    if (ok && view->planner) ok = add(plan, "changes", plan_after_json(view));
    if (ok) return plan;
    json_decref(plan);
    return NULL;
}

int plan_json_write(output *out, const plan_view *view) {
    json_t    *plan = plan_json_new(view);
    const bool ok =
        plan && json_dumpf(plan, out->stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) == 0;
    json_decref(plan);
    if (!ok && !ferror(out->stream)) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    putc('\n', out->stream);
    return COMMAND_DONE;
}
