/* [[call_up]]: who is on call and comes when called; and which units this and other tables are about. */
#include "simulation/scenario_tables.h"

enum { TEXT_MOST = 300, CODE_MOST = 200 };

static const char *resource_name(unsigned resource) {
    return muster_resource_name((muster_resource)resource);
}

muster_status mu_read_unit_choice(mu_table *t, unsigned resource_count, mu_unit_choice *out) {
    MU_TRY(mu_table_word(t, "resource", true, resource_name, resource_count, &out->resource));
    MU_TRY(mu_table_text(t, "kind", false, CODE_MOST, &out->kind));
    return mu_table_texts(t, "unit", &out->unit, &out->unit_count);
}

/* A store says of teams and vehicles alone whether they are available. */
static muster_status read_call_up(const mu_table *root, const mu_toml *list, uint32_t index,
                                  const muster_scenario_file *file, mu_call_up *c) {
    mu_table t;
    c->lead_ms = (mu_distribution){.kind = MU_CONSTANT};
    MU_TRY(mu_table_item(root, "call_up", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &c->code));
    MU_TRY(mu_table_text(&t, "reason", false, TEXT_MOST, &c->reason));
    MU_TRY(mu_read_unit_choice(&t, MUSTER_VEHICLE + 1, &c->which));
    MU_TRY(mu_read_when(&t, "when", file, &c->when));
    MU_TRY(mu_table_times(&t, "lead_min", false, MU_MINUTE_MS, 0, MU_MINUTES_MOST, &c->lead_ms));
    return mu_table_end(&t);
}

muster_status mu_read_call_ups(mu_table *root, muster_scenario_file *file) {
    const mu_toml *list;
    mu_call_up    *call_up;
    MU_TRY(mu_table_list(root, "call_up", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &call_up, list->count, sizeof *call_up));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_call_up(root, list, i, file, &call_up[i]));
    }
    file->call_up       = call_up;
    file->call_up_count = list->count;
    return MUSTER_OK;
}
