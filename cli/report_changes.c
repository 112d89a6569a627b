#include "cli/report_changes.h"

#include <string.h>

/* Whoever is not in the problem any more is in that of the earlier plan. */
static const char *unit_name(const plan_view *view, const muster_change *c) {
    const muster_problem *before   = view->before;
    const muster_resource resource = (muster_resource)c->resource;
    if (c->index != MUSTER_NONE) {
        return muster_problem_unit(view->problem, resource, c->index)->name;
    }
    for (uint32_t i = 0; i < muster_problem_unit_count(before, resource); ++i) {
        const muster_unit *unit = muster_problem_unit(before, resource, i);
        if (strcmp(unit->code, c->code) == 0) return unit->name;
    }
    return NULL;
}

static const char *incident_name(const muster_problem *problem, const char *code) {
    for (uint32_t i = 0; code && i < problem->incident_count; ++i) {
        if (strcmp(problem->incident[i].code, code) == 0) return problem->incident[i].name;
    }
    return NULL;
}

json_t *report_change_names_new(const plan_view *view) {
    uint32_t             count = 0;
    const muster_change *change =
        view->planner ? muster_planner_changes(view->planner, &count) : NULL;
    json_t *names = json_array();
    bool    ok    = names != NULL;
    for (uint32_t i = 0; ok && i < count; ++i) {
        const char *incident = incident_name(view->before, change[i].incident_before);
        json_t     *name     = json_pack("{s:s?, s:s?}", "unit", unit_name(view, &change[i]),
                                         "incident_before", incident);
        ok                   = json_array_append_new(names, name) == 0;
    }
    if (ok) return names;
    json_decref(names);
    return NULL;
}
