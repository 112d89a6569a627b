/* [policy.NAME]: how it is decided. */
#include <string.h>

#include "simulation/scenario_tables.h"

static const char *mode_name(unsigned mode) {
    return muster_replan_name((muster_replan)mode);
}

static const char *way_name(unsigned way) {
    return muster_way_back_name((muster_way_back)way);
}

static const double DAY_S = 86400, DAY_MIN = 1440, DAY_H = 24;

static muster_status read_time(mu_table *t, const char *key, double unit_ms, double most,
                               uint32_t *inout_ms) {
    int64_t ms = *inout_ms;
    MU_TRY(mu_table_duration(t, key, false, unit_ms, 0, most, &ms));
    *inout_ms = (uint32_t)ms;
    return MUSTER_OK;
}

static muster_status read_count(mu_table *t, const char *key, int64_t most, uint32_t *inout) {
    int64_t count = *inout;
    MU_TRY(mu_table_int(t, key, false, 0, most, &count));
    *inout = (uint32_t)count;
    return MUSTER_OK;
}

static muster_status read_planning(mu_table *t, muster_policy *p) {
    int64_t work_limit = (int64_t)p->work_limit;
    MU_TRY(mu_table_word(t, "mode", false, mode_name, MUSTER_REPLAN_COUNT, &p->mode));
    MU_TRY(read_time(t, "delay_s", MU_SECOND_MS, DAY_S, &p->delay_ms));
    MU_TRY(read_time(t, "interval_min", MU_MINUTE_MS, DAY_MIN, &p->interval_ms));
    MU_TRY(mu_table_int(t, "work_limit", false, 1, INT64_MAX, &work_limit));
    MU_TRY(mu_table_int(t, "churn_unmet_need", false, 0, INT64_MAX, &p->churn_unmet_need));
    MU_TRY(mu_table_int(t, "churn_response_time", false, 0, INT64_MAX, &p->churn_response_time));
    p->work_limit = (uint64_t)work_limit;
    return read_count(t, "churn_most", UINT32_MAX, &p->churn_most);
}

static muster_status read_rest(mu_table *t, muster_policy *p) {
    MU_TRY(mu_table_word(t, "way_back", false, way_name, MUSTER_WAY_BACK_COUNT, &p->way_back));
    MU_TRY(read_time(t, "duty_most_h", MU_HOUR_MS, DAY_H * 7, &p->duty_most_ms));
    MU_TRY(read_time(t, "rest_h", MU_HOUR_MS, DAY_H * 7, &p->rest_ms));
    MU_TRY(read_count(t, "restock_percent", 100, &p->restock_percent));
    return read_time(t, "restock_delay_min", MU_MINUTE_MS, DAY_MIN * 7, &p->restock_delay_ms);
}

static const muster_policy *find(const muster_policy *policy, uint32_t count, const char *name) {
    for (uint32_t i = 0; i < count; ++i) {
        if (strcmp(policy[i].name, name) == 0) return &policy[i];
    }
    return NULL;
}

/* One that has the name of a built-in one changes it; another begins as `base` says, or as "muster". */
static muster_status read_policy(const mu_table *policies, const mu_toml *value,
                                 const muster_policy *known, uint32_t known_count,
                                 muster_policy *out) {
    mu_table    t;
    char        way[MU_WAY_BYTES];
    const char *base = "muster";
    MU_TRY(mu_table_init(&t, policies->reading,
                         mu_table_way(policies, value->key, MUSTER_NONE, way), value));
    MU_TRY(mu_arena_text(policies->reading->arena, &out->name, value->key));
    MU_TRY(mu_table_text(&t, "base", false, MU_WAY_BYTES, &base));
    const muster_policy *same = find(known, known_count, value->key);
    const muster_policy *from = same ? same : find(known, known_count, base);
    if (!from || (same && mu_table_ask(&t, "base"))) {
        return mu_table_refuse(&t, "base", "%s",
                               same ? "none, for the policy is built in"
                                    : "a policy that is built in, or one before it");
    }
    const char *name = out->name;
    *out             = *from;
    out->name        = name;
    MU_TRY(read_planning(&t, out));
    MU_TRY(read_rest(&t, out));
    MU_TRY(mu_table_end(&t));
    return muster_policy_check(out) == MUSTER_OK
               ? MUSTER_OK
               : mu_table_refuse_it(&t, "is no policy: %s", muster_error_message());
}

muster_status mu_read_policies(mu_table *root, muster_scenario_file *file) {
    uint32_t             count;
    const muster_policy *builtin = muster_policy_builtins(&count);
    const mu_toml       *value;
    muster_policy       *policy;
    mu_table             t;
    MU_TRY(mu_table_table(root, "policy", false, &value));
    MU_TRY(mu_table_room(root, &policy, count + (value ? value->count : 0), sizeof *policy));
    memcpy(policy, builtin, count * sizeof *policy);
    if (value) MU_TRY(mu_table_init(&t, root->reading, "policy", value));
    for (uint32_t i = 0; value && i < value->count; ++i) {
        muster_policy one = {0};
        MU_TRY(read_policy(&t, &value->item[i], policy, count, &one));
        muster_policy *same = (muster_policy *)find(policy, count, one.name);
        if (same) {
            *same = one;
        } else {
            policy[count++] = one;
        }
    }
    file->policy       = policy;
    file->policy_count = count;
    return MUSTER_OK;
}
