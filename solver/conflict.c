#include "solver/conflict.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "solver/carriage_conflict.h"

static const char *const WHY[] = {
    [MUSTER_CONFLICT_UNSUITABLE]  = "which has no need that it could serve",
    [MUSTER_CONFLICT_UNREACHABLE] = "where no road leads from it",
    [MUSTER_CONFLICT_SHIFT]       = "but its shift ends first",
    [MUSTER_CONFLICT_FORBIDDEN]   = "where it is forbidden to go",
    [MUSTER_CONFLICT_HELD]        = "but it is on hold",
    [MUSTER_CONFLICT_TOO_MANY]    = "but it is locked for more than there is",
    [MUSTER_CONFLICT_NO_VEHICLE]  = "but no vehicles can bring all that is locked",
};

/* "rule 3", "rules 3 and 5", "rules 3, 5 and 8", as far as they fit. */
static void list_rules(char *text, size_t size, const uint32_t *rule, uint32_t count) {
    int length = snprintf(text, size, "rule%s %" PRIu32, count > 1 ? "s" : "", rule[0]);
    for (uint32_t i = 1; i < count && length > 0 && (size_t)length + 32 < size; ++i) {
        length += snprintf(text + length, size - (size_t)length, "%s%" PRIu32,
                           i + 1 < count ? ", " : " and ", rule[i]);
    }
}

muster_status mu_conflict_fail(const muster_problem *p, muster_conflict conflict,
                               const uint32_t *rule, uint32_t count) {
    const muster_rule *l = &p->rule[rule[0]];
    char               rules[200];
    list_rules(rules, sizeof rules, rule, count);
    return muster_fail(MUSTER_E_INVALID,
                       "%s cannot be obeyed: \"%s\" is locked to incident \"%s\", %s", rules,
                       muster_problem_unit(p, (muster_resource)l->resource, l->index)->code,
                       p->incident[l->incident].code, WHY[conflict]);
}

static muster_status look_closer(const mu_travel *travel, muster_conflict *conflict, uint32_t *rule,
                                 uint32_t *count) {
    if (travel->problem->item_transport != MUSTER_ITEMS_BY_VEHICLE) return MUSTER_OK;
    return mu_carriage_conflict(travel, conflict, rule, count);
}

muster_status mu_conflict_refuse(const mu_rules *r) {
    uint32_t *rule, count;
    MU_TRY(mu_alloc(&rule, r->travel->problem->rule_count, sizeof *rule));
    muster_conflict conflict = mu_rules_conflict(r, rule, &count);
    muster_status   status   = MUSTER_OK;
    if (conflict != MUSTER_NO_CONFLICT) {
        status = look_closer(r->travel, &conflict, rule, &count);
        if (status == MUSTER_OK) {
            status = mu_conflict_fail(r->travel->problem, conflict, rule, count);
        }
    }
    mu_free(rule);
    return status;
}

/* Who is to bring what is locked may be anybody: only then it matters how long everybody takes. */
static bool asks_for_carriage(const muster_problem *p) {
    if (p->item_transport != MUSTER_ITEMS_BY_VEHICLE) return false;
    uint32_t r = 0;
    while (r < p->rule_count &&
           (p->rule[r].type != MUSTER_LOCK || p->rule[r].resource != MUSTER_ITEM)) {
        ++r;
    }
    return r < p->rule_count;
}

muster_status muster_problem_conflict(const muster_problem *problem, muster_conflict *out_conflict,
                                      uint32_t *out_rule, uint32_t *out_rule_count) {
    mu_travel travel = {0};
    mu_rules  rules  = {0};
    *out_conflict    = MUSTER_NO_CONFLICT;
    *out_rule_count  = 0;
    MU_TRY(muster_problem_check(problem));
    muster_status status = asks_for_carriage(problem) ? mu_travel_init(&travel, problem, 0)
                                                      : mu_travel_init_locks(&travel, problem);
    if (status == MUSTER_OK) status = mu_rules_init(&rules, &travel);
    if (status == MUSTER_OK) *out_conflict = mu_rules_conflict(&rules, out_rule, out_rule_count);
    if (status == MUSTER_OK) status = look_closer(&travel, out_conflict, out_rule, out_rule_count);
    mu_rules_fini(&rules);
    mu_travel_fini(&travel);
    return status;
}
