/* See closed_roads.h. Without closures the question why there is no way is asked all the same, of a
 * closure that holds nothing: then the answer is which parts of the network the places lie in. */
#include "cli/closed_roads.h"

#include <math.h>

#include "cli/closures_file.h"
#include "cli/command.h"

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

int closed_roads_apply(closed_roads *closed, profile_network *loaded, const char *path,
                       const coordinate_system *system) {
    *closed = (closed_roads){.before = loaded->metric};
    if (!path) return COMMAND_DONE;
    const muster_status status = muster_closure_new(&closed->closure, loaded->metric);
    if (status != MUSTER_OK) return command_fail_status(status);
    const closures_target target = {closed->closure, loaded->metric, &closed->list};
    const int             code = closures_file_read(&target, path, system, CLOSURES_ALL, INFINITY);
    return code == COMMAND_DONE ? change(closed, loaded) : code;
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
