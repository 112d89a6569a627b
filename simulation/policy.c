/* Policies: what is built in, and what can be. */
#include <muster/policy.h>

#include <string.h>

#include "core/error.h"

enum { NAME_BYTES = 63, DAY_MS = 24 * 60 * 60 * 1000 };

static const char *const WAY_BACK[MUSTER_WAY_BACK_COUNT] = {
    [MUSTER_WAY_BACK_BASE] = "base",
    [MUSTER_WAY_BACK_STAY] = "stay",
};

const char *muster_way_back_name(muster_way_back way) {
    return (unsigned)way < MUSTER_WAY_BACK_COUNT ? WAY_BACK[way] : NULL;
}

muster_way_back muster_way_back_from_name(const char *name) {
    unsigned way = 0;
    while (way < MUSTER_WAY_BACK_COUNT && strcmp(WAY_BACK[way], name) != 0) ++way;
    return (muster_way_back)way;
}

/* A plan of "greedy" looks at no limit, but one is given: it is what a copy in another mode starts from. */
static const muster_policy BUILTIN[] = {
    {.struct_size = sizeof(muster_policy),
     .name        = "greedy",
     .mode        = MUSTER_REPLAN_KEEP,
     .work_limit  = 1000000},
    MUSTER_POLICY_INIT,
};

const muster_policy *muster_policy_builtins(uint32_t *out_count) {
    *out_count = sizeof BUILTIN / sizeof *BUILTIN;
    return BUILTIN;
}

/* ---- checking ------------------------------------------------------------------------------- */

/* They are written into tables and folders. */
static bool is_name(const char *name) {
    if (!name) return false;
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return length > 0 && length <= NAME_BYTES && name[length] == '\0';
}

static muster_status check_at_most(const muster_policy *p, const char *field, int64_t value,
                                   int64_t most) {
    if (value >= 0 && value <= most) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "policy \"%s\": %s is %lld; expected 0 to %lld", p->name,
                       field, (long long)value, (long long)most);
}

muster_status muster_policy_check(const muster_policy *p) {
    if (!p) return muster_fail(MUSTER_E_INVALID, "policy is NULL; expected one");
    if (p->struct_size != sizeof *p) {
        return muster_fail(MUSTER_E_INVALID,
                           "policy: struct_size is %zu; expected %zu, from MUSTER_POLICY_INIT",
                           p->struct_size, sizeof *p);
    }
    if (!is_name(p->name)) {
        return muster_fail(MUSTER_E_INVALID,
                           "policy \"%.80s\": a name is 1 to %d letters, digits, '-' and '_'",
                           p->name ? p->name : "", NAME_BYTES);
    }
    if (p->work_limit == 0) {
        return muster_fail(
            MUSTER_E_INVALID,
            "policy \"%s\": work_limit is 0; expected 1 or more, so that a plan is the "
            "same on every machine",
            p->name);
    }
    MU_TRY(check_at_most(p, "mode", p->mode, MUSTER_REPLAN_COUNT - 1));
    MU_TRY(check_at_most(p, "way_back", p->way_back, MUSTER_WAY_BACK_COUNT - 1));
    MU_TRY(check_at_most(p, "delay_ms", p->delay_ms, DAY_MS));
    MU_TRY(check_at_most(p, "churn_unmet_need", p->churn_unmet_need, INT64_MAX));
    MU_TRY(check_at_most(p, "churn_response_time", p->churn_response_time, INT64_MAX));
    return check_at_most(p, "restock_percent", p->restock_percent, 100);
}
