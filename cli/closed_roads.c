/* See closed_roads.h. Without closures the question why there is no way is asked all the same, of a
 * closure that holds nothing: then the answer is which parts of the network the places lie in. */
#include "cli/closed_roads.h"

#include <math.h>
#include <stdlib.h>

#include "cli/closures_file.h"
#include "cli/command.h"
#include "cli/hazard_files.h"

static int change(closed_roads *closed, profile_network *loaded) {
    uint32_t                 count;
    const muster_arc_change *list = muster_closure_changes(closed->closure, &count);
    muster_metric           *changed;
    const muster_status      status = muster_metric_change(&changed, loaded->metric, count, list);
    if (status != MUSTER_OK) return command_fail_status(status);
    closed->owned  = loaded->metric;
    loaded->metric = changed;
    return COMMAND_DONE;
}

int closed_roads_add_hazards(muster_closure *closure, const muster_profile *profile,
                             const muster_hazards *hazards, closure_list *list) {
    uint32_t             count;
    const muster_hazard *hazard = muster_hazards_list(hazards, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const int code = closure_list_add_hazard(list, hazard[i].code, hazard[i].name);
        if (code != COMMAND_DONE) return code;
        muster_closure_set_cause(closure, list->count);
        const muster_status status = muster_hazard_close(closure, profile, &hazard[i], NULL);
        if (status != MUSTER_OK) return command_fail_status(status);
    }
    return COMMAND_DONE;
}

static int add_hazards(closed_roads *closed, const muster_profile *profile,
                       const hazard_choice *choice) {
    muster_hazards *hazards;
    int             code = hazards_at_moment(&hazards, choice, NULL);
    closed->has_hazards  = true;
    if (code == COMMAND_DONE) {
        code = closed_roads_add_hazards(closed->closure, profile, hazards, &closed->list);
    }
    muster_hazards_free(hazards);
    return code;
}

int closed_roads_apply(closed_roads *closed, profile_network *loaded, const muster_profile *profile,
                       const char *path, const coordinate_system *system,
                       const hazard_choice *hazards) {
    int code = COMMAND_DONE;
    *closed  = (closed_roads){.before = loaded->metric};
    if (!path && hazards->file_count == 0) return COMMAND_DONE;
    const muster_status status = muster_closure_new(&closed->closure, loaded->metric);
    if (status != MUSTER_OK) return command_fail_status(status);
    const closures_target target = {closed->closure, loaded->metric, &closed->list};
    if (path) code = closures_file_read(&target, path, system, CLOSURES_ALL, INFINITY);
    if (code == COMMAND_DONE && hazards->file_count > 0) {
        code = add_hazards(closed, profile, hazards);
    }
    return code == COMMAND_DONE ? change(closed, loaded) : code;
}

/* Off the globe is nowhere, and stays so. */
int closed_roads_leave(const closed_roads *closed, const muster_metric *metric, uint32_t count,
                       const double *lon_deg, const double *lat_deg, muster_snap *out_before,
                       muster_leave *out) {
    muster_snap_outcome *outcome = malloc(((size_t)count + 1) * sizeof *outcome);
    if (!outcome) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    muster_status status =
        muster_snap_each(closed->before, count, lon_deg, lat_deg, NULL, out_before, outcome);
    if (status == MUSTER_OK) {
        status = muster_leave_sites(closed->closure, metric, count, out_before, NULL, out);
    }
    free(outcome);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

void closed_roads_free(closed_roads *closed) {
    muster_explainer_free(closed->explainer);
    muster_closure_free(closed->closure);
    muster_metric_free(closed->owned);
    closure_list_free(&closed->list);
    *closed = (closed_roads){0};
}

static muster_status prepare(closed_roads *closed) {
    muster_status status = MUSTER_OK;
    if (!closed->closure) status = muster_closure_new(&closed->closure, closed->before);
    if (status == MUSTER_OK && !closed->explainer) {
        status = muster_explainer_new(&closed->explainer, closed->closure);
    }
    return status;
}

int closed_roads_explain(closed_roads *closed, const muster_snap *from, const muster_snap *to,
                         muster_explanation *out) {
    muster_status status = prepare(closed);
    if (status == MUSTER_OK) status = muster_explainer_ask(closed->explainer, from, to, out);
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}
