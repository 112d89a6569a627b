/* [[road_failure]] and [[unit_failure]]: what breaks by itself. */
#include "simulation/scenario_tables.h"

enum { TEXT_MOST = 300 };

/* ---- roads --------------------------------------------------------------------------------- */

static muster_status read_edges(mu_table *t, mu_road_failure *f) {
    const mu_toml *list;
    int64_t       *edge_id;
    MU_TRY(mu_table_list(t, "edge_id", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &edge_id, list->count, sizeof *edge_id));
    for (uint32_t i = 0; i < list->count; ++i) {
        if (list->item[i].kind != MU_TOML_INTEGER) {
            return mu_table_refuse_item(t, "edge_id", i, &list->item[i], "an edge.id of the store");
        }
        edge_id[i] = list->item[i].integer;
    }
    f->edge_id    = edge_id;
    f->edge_count = list->count;
    return MUSTER_OK;
}

static muster_status read_classes(mu_table *t, mu_road_failure *f) {
    const mu_toml *list;
    MU_TRY(mu_table_list(t, "class", false, 1, &list));
    f->is_drawn = list != NULL;
    for (uint32_t i = 0; list && i < list->count; ++i) {
        const mu_toml *one            = &list->item[i];
        const muster_road_class class = one->kind == MU_TOML_TEXT
                                            ? muster_road_class_from_name(one->text)
                                            : MUSTER_ROAD_CLASS_COUNT;
        if (class == MUSTER_ROAD_CLASS_COUNT) {
            return mu_table_refuse_item(t, "class", i, one,
                                        "a class of roads: motorway, primary, residential, ...");
        }
        f->class_bits |= 1u << class;
    }
    return mu_table_flag(t, "bridges_alone", false, &f->bridges_alone);
}

static muster_status check_which(const mu_table *t, const mu_road_failure *f) {
    const int given = (f->edge_count > 0) + (f->line.point_count > 0) +
                      (f->is_drawn || f->polygon.point_count > 0);
    if (given != 1) {
        return mu_table_refuse_it(t, "has %d of edge_id, line, and polygon or class; expected one",
                                  given);
    }
    if (!f->bridges_alone || f->is_drawn) return MUSTER_OK;
    return mu_table_refuse_it(t, "has bridges_alone without class; expected both");
}

static muster_status read_road_failure(const mu_table *root, const mu_toml *list, uint32_t index,
                                       const muster_scenario_file *file, mu_road_failure *f) {
    mu_table t;
    MU_TRY(mu_table_item(root, "road_failure", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &f->code));
    MU_TRY(mu_table_text(&t, "reason", false, TEXT_MOST, &f->reason));
    MU_TRY(mu_read_when(&t, "when", file, &f->when));
    MU_TRY(read_edges(&t, f));
    MU_TRY(mu_table_points(&t, "line", false, 2, &f->line));
    MU_TRY(mu_table_polygon(&t, "polygon", false, &f->polygon));
    MU_TRY(read_classes(&t, f));
    MU_TRY(mu_table_times(&t, "lasts_min", true, MU_MINUTE_MS, 1, MU_MINUTES_MOST, &f->lasts_ms));
    MU_TRY(mu_table_real(&t, "speed_factor", false, 0.001, 0.999, &f->speed_factor));
    MU_TRY(mu_table_end(&t));
    return check_which(&t, f);
}

static muster_status read_road_failures(mu_table *root, muster_scenario_file *file) {
    const mu_toml   *list;
    mu_road_failure *failure;
    MU_TRY(mu_table_list(root, "road_failure", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &failure, list->count, sizeof *failure));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_road_failure(root, list, i, file, &failure[i]));
    }
    file->road_failure       = failure;
    file->road_failure_count = list->count;
    return MUSTER_OK;
}

/* ---- units --------------------------------------------------------------------------------- */

static muster_status read_unit_failure(const mu_table *root, const mu_toml *list, uint32_t index,
                                       const muster_scenario_file *file, mu_unit_failure *f) {
    mu_table t;
    MU_TRY(mu_table_item(root, "unit_failure", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &f->code));
    MU_TRY(mu_table_text(&t, "reason", false, TEXT_MOST, &f->reason));
    MU_TRY(mu_read_unit_choice(&t, MUSTER_RESOURCE_COUNT, &f->which));
    MU_TRY(mu_table_real(&t, "per_unit_per_day", false, 0, 1000, &f->per_unit_per_day));
    const bool has_rate = mu_table_ask(&t, "per_unit_per_day") != NULL;
    if (has_rate == (mu_table_ask(&t, "when") != NULL)) {
        return mu_table_refuse_it(&t, "has both per_unit_per_day and when, or none; expected one");
    }
    if (!has_rate) MU_TRY(mu_read_when(&t, "when", file, &f->when));
    MU_TRY(mu_table_times(&t, "lasts_min", true, MU_MINUTE_MS, 1, MU_MINUTES_MOST, &f->lasts_ms));
    return mu_table_end(&t);
}

static muster_status read_unit_failures(mu_table *root, muster_scenario_file *file) {
    const mu_toml   *list;
    mu_unit_failure *failure;
    MU_TRY(mu_table_list(root, "unit_failure", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &failure, list->count, sizeof *failure));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_unit_failure(root, list, i, file, &failure[i]));
    }
    file->unit_failure       = failure;
    file->unit_failure_count = list->count;
    return MUSTER_OK;
}

muster_status mu_read_failures(mu_table *root, muster_scenario_file *file) {
    MU_TRY(read_road_failures(root, file));
    return read_unit_failures(root, file);
}
