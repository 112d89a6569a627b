/* Hazards first, which change metrics and units; closures on top of them; then what is gone, by code or
 * because a plan has sent it. */
#include "cli/what_if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/closures_file.h"
#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/plan_read.h"

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

/* ---- as asked ------------------------------------------------------------------------------ */

int what_if_spec_init(what_if_spec *spec, size_t most) {
    *spec = (what_if_spec){.edge_id = malloc((most + 1) * sizeof *spec->edge_id),
                           .without = malloc((most + 1) * sizeof *spec->without)};
    return spec->edge_id && spec->without ? COMMAND_DONE : COMMAND_ENVIRONMENT;
}

void what_if_spec_free(what_if_spec *spec) {
    free(spec->edge_id);
    free(spec->without);
    *spec = (what_if_spec){0};
}

bool what_if_parse_edge(what_if_spec *spec, const char *text) {
    char           *end;
    const long long id = strtoll(text, &end, 10);
    if (*text == 0 || *end != 0) return false;
    spec->edge_id[spec->edge_count++] = id;
    return true;
}

bool what_if_is_empty(const what_if_spec *spec) {
    return spec->edge_count == 0 && !spec->closures && spec->hazards.file_count == 0 &&
           spec->without_count == 0 && !spec->after;
}

/* ---- roads ---------------------------------------------------------------------------------- */

static int find_edges(what_if *w, const what_if_spec *spec, const what_if_base *base) {
    const muster_network_data *v =
        muster_network_view(muster_metric_network(base->problem->metric[0]));
    w->edge = malloc((spec->edge_count + 1) * sizeof *w->edge);
    if (!w->edge) return fail_memory();
    for (uint32_t i = 0; i < spec->edge_count; ++i) {
        uint32_t e = 0;
        while (e < v->edge_count && v->edge_id[e] != spec->edge_id[i]) ++e;
        if (e == v->edge_count) {
            return command_fail(COMMAND_BAD_INPUT,
                                "%s: edge %lld: the network has no such edge; expected an edge id "
                                "of its %u edges",
                                base->where, (long long)spec->edge_id[i], v->edge_count);
        }
        w->edge[i] = e;
    }
    w->change.edge       = w->edge;
    w->change.edge_count = spec->edge_count;
    return COMMAND_DONE;
}

static int close_metric(what_if *w, uint32_t m, const what_if_spec *spec,
                        const what_if_base *base) {
    const muster_metric *open    = w->problem.metric[m];
    muster_closure      *closure = NULL;
    closure_list         list    = {0};
    uint32_t             count;
    muster_status        status = muster_closure_new(&closure, open);
    if (status != MUSTER_OK) return command_fail_status(status);
    const closures_target target = {closure, open, &list};
    int code = closures_file_read(&target, spec->closures, base->system, CLOSURES_ALL, INFINITY);
    if (code == COMMAND_DONE) {
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        status                          = muster_metric_change(&w->closed[m], open, count, change);
        if (status != MUSTER_OK) code = command_fail_status(status);
    }
    closure_list_free(&list);
    muster_closure_free(closure);
    return code;
}

static int close_metrics(what_if *w, const what_if_spec *spec, const what_if_base *base) {
    const uint32_t count = w->problem.metric_count;
    w->metric_count      = count;
    w->closed            = calloc(count + 1, sizeof(muster_metric *));
    w->metric            = calloc(count + 1, sizeof(muster_metric *));
    if (!w->closed || !w->metric) return fail_memory();
    for (uint32_t m = 0; m < count; ++m) {
        w->metric[m] = w->problem.metric[m];
        if (muster_metric_flies(w->metric[m])) continue;
        const int code = close_metric(w, m, spec, base);
        if (code != COMMAND_DONE) return code;
        w->metric[m] = w->closed[m];
    }
    w->problem.metric = w->metric;
    return COMMAND_DONE;
}

/* ---- who is gone ------------------------------------------------------------------------------ */

static int go(what_if *w, size_t *room, uint8_t resource, uint32_t index, int64_t quantity) {
    if (w->change.gone_count == *room) {
        const size_t more  = *room + *room / 2 + 64;
        muster_gone *grown = realloc(w->gone, more * sizeof *grown);
        if (!grown) return fail_memory();
        w->gone = grown;
        *room   = more;
    }
    w->gone[w->change.gone_count++] = (muster_gone){resource, index, quantity};
    return COMMAND_DONE;
}

static int leave_by_code(what_if *w, size_t *room, const char *code, const what_if_base *base) {
    const muster_problem *p     = base->problem;
    const uint32_t        known = w->change.gone_count;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const muster_resource resource = (muster_resource)r;
        for (uint32_t i = 0; i < muster_problem_unit_count(p, resource); ++i) {
            if (strcmp(muster_problem_unit(p, resource, i)->code, code) != 0) continue;
            const int failed = go(w, room, (uint8_t)r, i, 0);
            if (failed != COMMAND_DONE) return failed;
        }
    }
    if (w->change.gone_count > known) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: without \"%s\": nothing has this code; expected that of a team, a "
                        "vehicle, a pool of machines or a warehouse that is available",
                        base->where, code);
}

/* Who cannot leave a hazard was put on hold. */
static int leave_stuck(what_if *w, size_t *room, const what_if_base *base) {
    for (uint32_t i = base->problem->rule_count; i < w->problem.rule_count; ++i) {
        const muster_rule *rule = &w->problem.rule[i];
        const int          code = go(w, room, rule->resource, rule->index, 0);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* What the plan sends, and the vehicles that bring it. */
static int leave_by_plan(what_if *w, size_t *room, const json_t *plan, const what_if_spec *spec,
                         const what_if_base *base) {
    muster_problem problem = *base->problem;
    plan_moves     moves;
    problem.item_transport = plan_read_transport(plan, problem.item_transport);
    int code               = plan_read_moves(&moves, plan, spec->after, &problem);
    for (uint32_t i = 0; code == COMMAND_DONE && i < moves.assignment_count; ++i) {
        const muster_assignment *a = &moves.assignment[i];
        code                       = go(w, room, a->resource, a->index, a->quantity);
    }
    for (uint32_t i = 0; code == COMMAND_DONE && i < moves.shipment_count; ++i) {
        code = go(w, room, MUSTER_VEHICLE, moves.shipment[i].vehicle, 0);
    }
    plan_moves_free(&moves);
    return code;
}

static int check_scenario(const json_t *plan, const what_if_spec *spec, const what_if_base *base) {
    const char *scenario;
    const int   code = plan_read_scenario(&scenario, plan, spec->after);
    if (code != COMMAND_DONE || strcmp(scenario, base->scenario_code) == 0) return code;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s is a plan for scenario \"%s\", not \"%s\"; expected --scenario %s",
                        spec->after, scenario, base->scenario_code, scenario);
}

static int leave_after(what_if *w, size_t *room, const what_if_spec *spec,
                       const what_if_base *base) {
    json_t *plan;
    int     code = json_read(&plan, spec->after, "a plan of muster plan -o");
    if (code != COMMAND_DONE) return code;
    code = check_scenario(plan, spec, base);
    if (code == COMMAND_DONE) code = leave_by_plan(w, room, plan, spec, base);
    json_decref(plan);
    return code;
}

static int leave(what_if *w, const what_if_spec *spec, const what_if_base *base) {
    size_t room = 0;
    int    code = leave_stuck(w, &room, base);
    for (uint32_t i = 0; code == COMMAND_DONE && i < spec->without_count; ++i) {
        code = leave_by_code(w, &room, spec->without[i], base);
    }
    if (code == COMMAND_DONE && spec->after) code = leave_after(w, &room, spec, base);
    w->change.gone = w->gone;
    return code;
}

/* ---- all of it -------------------------------------------------------------------------------- */

int what_if_make(what_if *w, const what_if_spec *spec, const what_if_base *base) {
    w->problem = *base->problem;
    int code   = plan_hazards_apply(&w->hazards, &w->problem, &spec->hazards, base->scenario_code,
                                    base->profiles);
    if (code == COMMAND_DONE && spec->closures) code = close_metrics(w, spec, base);
    if (code == COMMAND_DONE) code = find_edges(w, spec, base);
    if (code == COMMAND_DONE) code = leave(w, spec, base);
    if (spec->closures || spec->hazards.file_count > 0) w->change.problem = &w->problem;
    return code;
}

void what_if_free(what_if *w) {
    for (uint32_t m = 0; w->closed && m < w->metric_count; ++m) muster_metric_free(w->closed[m]);
    plan_hazards_free(&w->hazards);
    free(w->closed);
    free(w->metric);
    free(w->edge);
    free(w->gone);
    *w = (what_if){0};
}
