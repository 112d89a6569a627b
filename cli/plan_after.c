/* The earlier plan speaks of the scenario as it was. Where that is another file than now, both are
 * loaded, and what has changed is what the two files say differently. */
#include "cli/plan_after.h"

#include <string.h>

#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/plan_words.h"
#include "cli/text_width.h"

int plan_after_read(plan_after *out, plan_options *options) {
    const char *code;
    int         status = json_read(&out->document, options->after_path, "a plan of muster plan -o");
    if (status == COMMAND_DONE) {
        status = plan_read_scenario(&code, out->document, options->after_path);
    }
    if (status == COMMAND_DONE && !options->scenario_code) options->scenario_code = code;
    return status;
}

/* The scenario of the plan: in the file that --was names, or else the one that is planned now. */
static int find_scenario(plan_after *after, const plan_options *options,
                         const muster_scenario *scenario, const muster_problem *problem,
                         const muster_profiles *profiles) {
    const char *code;
    int         status = plan_read_scenario(&code, after->document, options->after_path);
    after->problem     = *problem;
    if (status != COMMAND_DONE) return status;
    if (!options->was_path && strcmp(code, muster_scenario_code(scenario)) == 0) {
        return COMMAND_DONE;
    }
    const char         *path   = options->was_path ? options->was_path : options->scenario_path;
    const muster_status loaded = muster_scenario_load_with(&after->scenario, path, code, profiles);
    if (loaded != MUSTER_OK) return command_fail_status(loaded);
    after->problem = *muster_scenario_problem(after->scenario);
    return COMMAND_DONE;
}

int plan_after_adopt(plan_after *after, const plan_options *options,
                     const muster_scenario *scenario, const muster_problem *problem,
                     const muster_profiles *profiles) {
    const char *path   = options->after_path;
    int         status = find_scenario(after, options, scenario, problem, profiles);
    after->problem.item_transport =
        plan_read_transport(after->document, after->problem.item_transport);
    if (status == COMMAND_DONE) {
        status = plan_read_moves(&after->moves, after->document, path, &after->problem);
    }
    if (status != COMMAND_DONE) return status;
    muster_status adopted = muster_planner_new(&after->planner);
    if (adopted == MUSTER_OK) {
        adopted = muster_planner_adopt(after->planner, &after->problem,
                                       after->moves.assignment_count, after->moves.assignment,
                                       after->moves.shipment_count, after->moves.shipment);
    }
    return adopted == MUSTER_OK ? COMMAND_DONE : command_fail_status(adopted);
}

void plan_after_fini(plan_after *after) {
    muster_planner_free(after->planner);
    plan_moves_free(&after->moves);
    muster_scenario_free(after->scenario);
    json_decref(after->document);
}

/* ---- text -------------------------------------------------------------------------------------- */

void plan_after_print(FILE *stream, const plan_view *view) {
    uint32_t             count;
    const muster_change *change = muster_planner_changes(view->planner, &count);
    fputc('\n', stream);
    text_print_padded(stream, PLAN_WORDS[view->language].changes, 18);
    fprintf(stream, "%u\n", count);
    for (uint32_t i = 0; i < count; ++i) {
        fprintf(stream, "  %s\n", change[i].text[view->language]);
    }
}

/* ---- JSON -------------------------------------------------------------------------------------- */

/* What it served, or serves; null where that was, or is, nothing. */
static json_t *service_json(const char *incident, const char *kind, int64_t quantity,
                            uint32_t eta_ms, const char *vehicle) {
    if (!incident) return json_null();
    return json_pack("{s:s, s:s, s:I, s:f, s:s?}", "incident", incident, "kind", kind, "quantity",
                     (json_int_t)quantity, "eta_s", eta_ms / 1000.0, "vehicle", vehicle);
}

static json_t *change_json(const muster_change *c, muster_language language) {
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s?, s:s}", "type",
                     muster_change_type_name((muster_change_type)c->type), "reason",
                     muster_change_reason_name((muster_change_reason)c->reason), "resource",
                     muster_resource_name((muster_resource)c->resource), "code", c->code, "before",
                     service_json(c->incident_before, c->kind_before, c->quantity_before,
                                  c->eta_before_ms, c->vehicle_before),
                     "now", service_json(c->incident, c->kind, c->quantity, c->eta_ms, c->vehicle),
                     "replaced", c->replaced, "text", c->text[language]);
}

json_t *plan_after_json(const plan_view *view) {
    uint32_t             count;
    const muster_change *change  = muster_planner_changes(view->planner, &count);
    json_t              *changes = json_array();
    bool                 ok      = changes != NULL;
    for (uint32_t i = 0; ok && i < count; ++i) {
        ok = json_array_append_new(changes, change_json(&change[i], view->language)) == 0;
    }
    if (ok) return changes;
    json_decref(changes);
    return NULL;
}
