/* [[call]]: what people call for. */
#include <math.h>
#include <string.h>

#include "simulation/scenario_tables.h"

enum { TEXT_MOST = 300, CODE_MOST = 200, NEEDS_MOST = 100 };

static const double ON_SCENE_MOST_MS = 2000000000, GRADE_MOST = 1000, FACTOR_LEAST = 0.01,
                    FACTOR_MOST = 100;

static const char *severity_name(unsigned severity) {
    return muster_severity_name((muster_severity)severity);
}

/* ---- by severity --------------------------------------------------------------------------- */

/* {minor = 0.3, severe = 0.7}: those that are not named are `otherwise`. */
static muster_status read_by_severity(mu_table *t, const char *key, double otherwise, double most,
                                      double out[MUSTER_SEVERITY_COUNT]) {
    const mu_toml *value;
    mu_table       inside;
    char           way[MU_WAY_BYTES];
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) out[s] = otherwise;
    MU_TRY(mu_table_table(t, key, true, &value));
    MU_TRY(mu_table_init(&inside, t->reading, mu_table_way(t, key, MUSTER_NONE, way), value));
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) {
        MU_TRY(mu_table_real(&inside, severity_name(s), false, 0, most, &out[s]));
    }
    return mu_table_end(&inside);
}

/* A word, or shares. */
static muster_status read_severity(mu_table *t, mu_call_rule *c) {
    const mu_toml *value = mu_table_ask(t, "severity");
    uint8_t        one   = MUSTER_SEVERITY_COUNT;
    double         sum   = 0;
    if (value && value->kind == MU_TOML_TABLE) {
        MU_TRY(read_by_severity(t, "severity", 0, 1e6, c->severity_weight));
        for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) sum += c->severity_weight[s];
        return sum > 0 ? MUSTER_OK : mu_table_refuse(t, "severity", "a share above 0");
    }
    MU_TRY(mu_table_word(t, "severity", true, severity_name, MUSTER_SEVERITY_COUNT, &one));
    c->severity_weight[one] = 1;
    return MUSTER_OK;
}

static muster_status read_scale(mu_table *t, mu_call_rule *c) {
    for (unsigned s = 0; s < MUSTER_SEVERITY_COUNT; ++s) c->scale[s] = 1;
    return mu_table_ask(t, "scale") ? read_by_severity(t, "scale", 1, 1000, c->scale) : MUSTER_OK;
}

/* ---- needs --------------------------------------------------------------------------------- */

static muster_status read_need(const mu_table *t, const mu_toml *list, uint32_t index,
                               mu_need_rule *n) {
    mu_table inside;
    int64_t  grade = 0;
    n->chance      = 1;
    MU_TRY(mu_table_item(t, "need", list, index, &inside));
    MU_TRY(mu_table_text(&inside, "kind", true, CODE_MOST, &n->kind));
    MU_TRY(mu_table_distribution(&inside, "quantity", true, 1, (double)MUSTER_MAX_QUANTITY,
                                 &n->quantity));
    MU_TRY(mu_table_real(&inside, "chance", false, 0, 1, &n->chance));
    MU_TRY(mu_table_real(&inside, "minimum_share", false, 0, 1, &n->minimum_share));
    MU_TRY(mu_table_int(&inside, "grade", false, 0, (int64_t)GRADE_MOST, &grade));
    n->grade = (uint32_t)grade;
    return mu_table_end(&inside);
}

static muster_status read_needs(mu_table *t, mu_call_rule *c) {
    const mu_toml *list;
    mu_need_rule  *need;
    bool           is_sure = false;
    MU_TRY(mu_table_list(t, "need", true, 1, &list));
    if (list->count > NEEDS_MOST) return mu_table_refuse(t, "need", "at most %d", NEEDS_MOST);
    MU_TRY(mu_table_room(t, &need, list->count, sizeof *need));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_need(t, list, i, &need[i]));
        is_sure |= need[i].chance == 1;
        for (uint32_t j = 0; j < i; ++j) {
            if (strcmp(need[j].kind, need[i].kind) == 0) {
                return mu_table_refuse_item(t, "need", i, &list->item[i],
                                            "a kind that no need before has");
            }
        }
    }
    c->need       = need;
    c->need_count = list->count;
    return is_sure ? MUSTER_OK
                   : mu_table_refuse(t, "need",
                                     "one at least whose chance is 1: there is no "
                                     "incident that needs nothing");
}

/* ---- growth -------------------------------------------------------------------------------- */

static muster_status read_growth(mu_table *t, mu_call_rule *c) {
    const mu_toml  *value;
    mu_table        inside;
    mu_call_growth *growth;
    char            way[MU_WAY_BYTES];
    int64_t         severity_up = 0;
    MU_TRY(mu_table_table(t, "grow", false, &value));
    if (!value) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &growth, 1, sizeof *growth));
    MU_TRY(mu_table_init(&inside, t->reading, mu_table_way(t, "grow", MUSTER_NONE, way), value));
    growth->chance = 1;
    growth->factor = (mu_distribution){.kind = MU_CONSTANT, .a = 1, .least = 1, .most = 1};
    MU_TRY(mu_table_real(&inside, "chance", false, 0, 1, &growth->chance));
    MU_TRY(mu_table_times(&inside, "after_min", true, MU_MINUTE_MS, 0, MU_MINUTES_MOST,
                          &growth->after_ms));
    MU_TRY(mu_table_distribution(&inside, "factor", false, FACTOR_LEAST, FACTOR_MOST,
                                 &growth->factor));
    MU_TRY(mu_table_int(&inside, "severity_up", false, 1, MUSTER_SEVERITY_COUNT - 1, &severity_up));
    growth->severity_up = (uint32_t)severity_up;
    c->growth           = growth;
    MU_TRY(mu_table_end(&inside));
    if (severity_up > 0 || mu_table_ask(&inside, "factor")) return MUSTER_OK;
    return mu_table_refuse_it(&inside, "has neither factor nor severity_up; expected one or both");
}

/* ---- calls --------------------------------------------------------------------------------- */

static muster_status read_name(mu_table *t, const char *language, const char **out) {
    const char *name = NULL, *name_zh = NULL;
    MU_TRY(mu_table_text(t, "name", false, TEXT_MOST, &name));
    MU_TRY(mu_table_text(t, "name_zh", false, TEXT_MOST, &name_zh));
    *out = name_zh && (strcmp(language, "zh") == 0 || !name) ? name_zh : name;
    return MUSTER_OK;
}

static muster_status read_authority(mu_table *t, mu_call_rule *c) {
    const char *authority = "nearest";
    MU_TRY(mu_table_text(t, "authority", false, CODE_MOST, &authority));
    c->is_of_nearest = strcmp(authority, "nearest") == 0;
    c->authority     = c->is_of_nearest || strcmp(authority, "none") == 0 ? NULL : authority;
    return MUSTER_OK;
}

static muster_status read_times(mu_table *t, mu_call_rule *c) {
    const mu_distribution nothing = {.kind = MU_CONSTANT};
    int64_t               on_scene_ms;
    c->delay_ms = c->handover_ms = c->deadline_ms = nothing;
    MU_TRY(mu_table_times(t, "delay_s", false, MU_SECOND_MS, 0, 86400, &c->delay_ms));
    MU_TRY(mu_table_times(t, "work_min", true, MU_MINUTE_MS, 0, MU_MINUTES_MOST, &c->work_ms));
    MU_TRY(mu_table_times(t, "handover_min", false, MU_MINUTE_MS, 0, MU_MINUTES_MOST,
                          &c->handover_ms));
    MU_TRY(mu_table_times(t, "deadline_min", false, MU_MINUTE_MS, 1, MU_MINUTES_MOST,
                          &c->deadline_ms));
    c->has_deadline = c->deadline_ms.most > 0;
    on_scene_ms     = (int64_t)fmin(mu_distribution_mean(&c->work_ms), ON_SCENE_MOST_MS);
    MU_TRY(mu_table_duration(t, "on_scene_min", false, MU_MINUTE_MS, 0,
                             ON_SCENE_MOST_MS / MU_MINUTE_MS, &on_scene_ms));
    c->on_scene_ms = (uint32_t)on_scene_ms;
    return MUSTER_OK;
}

static muster_status read_call(const mu_table *root, const mu_toml *list, uint32_t index,
                               const muster_scenario_file *file, const char *language,
                               mu_call_rule *c) {
    mu_table t;
    MU_TRY(mu_table_item(root, "call", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &c->code));
    c->type = c->code;
    MU_TRY(mu_table_code(&t, "type", false, &c->type));
    MU_TRY(read_name(&t, language, &c->name));
    MU_TRY(mu_read_when(&t, "when", file, &c->when));
    MU_TRY(mu_read_where(&t, "where", &c->where));
    MU_TRY(read_severity(&t, c));
    MU_TRY(read_scale(&t, c));
    MU_TRY(read_times(&t, c));
    MU_TRY(read_authority(&t, c));
    MU_TRY(mu_table_real(&t, "all_or_nothing_share", false, 0, 1, &c->all_or_nothing_share));
    MU_TRY(mu_table_real(&t, "transport_share", false, 0, 1, &c->transport_share));
    MU_TRY(read_needs(&t, c));
    MU_TRY(read_growth(&t, c));
    MU_TRY(mu_table_end(&t));
    if (c->transport_share > 0 && file->destination_count == 0) {
        return mu_table_refuse(&t, "transport_share", "0, for the file has no [[destination]]");
    }
    return MUSTER_OK;
}

muster_status mu_read_calls(mu_table *root, muster_scenario_file *file, const char *language) {
    const mu_toml *list;
    mu_call_rule  *call;
    MU_TRY(mu_table_list(root, "call", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &call, list->count, sizeof *call));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_call(root, list, i, file, language, &call[i]));
    }
    file->call       = call;
    file->call_count = list->count;
    return MUSTER_OK;
}
