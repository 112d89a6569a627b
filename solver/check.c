/* The judge's court: the hearings of judge.h in turn, and the verdict on what the plan says it
 * is worth. */
#include "solver/check.h"

#include "core/alloc.h"
#include "solver/check_shipments.h"
#include "solver/judge.h"

/* ---- how good ------------------------------------------------------------------------ */

static void put_in_order(const mu_judge *j, muster_tier order[MUSTER_TIER_COUNT]) {
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) order[t] = (muster_tier)t;
    if (j->weights.reserve_before_response) {
        order[1] = MUSTER_TIER_RESERVE;
        order[2] = MUSTER_TIER_RESPONSE_TIME;
    }
}

static muster_status judge_values(const mu_judge *j) {
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t claimed = muster_plan_tier(j->plan, (muster_tier)t).value;
        if (claimed == j->tier[t]) continue;
        MU_REFUSE("its tier \"%s\" is worth %" PRId64 ", not %" PRId64,
                  muster_tier_name((muster_tier)t), j->tier[t], claimed);
    }
    return MUSTER_OK;
}

/* No plan that is as good in the tiers before is better than a bound: not this one either. */
static muster_status judge_bounds(const mu_judge *j) {
    muster_tier order[MUSTER_TIER_COUNT], said[MUSTER_TIER_COUNT];
    bool        is_proven = true;
    put_in_order(j, order);
    muster_plan_tier_order(j->plan, said);
    for (int i = 0; i < MUSTER_TIER_COUNT; ++i) {
        const int64_t value = j->tier[order[i]];
        const int64_t bound = muster_plan_tier(j->plan, order[i]).bound;
        if (order[i] != said[i]) MU_REFUSE("its tiers are not in the order of the problem");
        if (bound < 0 || bound > value) {
            MU_REFUSE("its bound in tier \"%s\", %" PRId64 ", is %s, %" PRId64,
                      muster_tier_name(order[i]), bound,
                      bound < 0 ? "below nothing; its value" : "above its value", value);
        }
        is_proven &= bound == value;
    }
    if (is_proven != (muster_plan_outcome(j->plan) == MUSTER_OPTIMAL)) {
        MU_REFUSE("its outcome does not follow from its bounds");
    }
    return MUSTER_OK;
}

/* ---- the court ----------------------------------------------------------------------- */

static muster_status hold_court(mu_judge *j) {
    MU_TRY(mu_judge_use(j));
    MU_TRY(mu_check_shipments(j));
    MU_TRY(mu_judge_rules(j));
    MU_TRY(mu_judge_times(j));
    MU_TRY(mu_judge_service(j));
    MU_TRY(mu_judge_unmet(j));
    MU_TRY(mu_judge_reasons(j));
    MU_TRY(mu_judge_cover(j));
    MU_TRY(judge_values(j));
    return judge_bounds(j);
}

/* Rules about the same resource are strung together. A rule about what a vehicle has on board is about the
 * vehicle as well. */
static void read_rules(mu_judge *j) {
    const muster_problem *p = j->problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) j->first_rule[r][i] = MUSTER_NONE;
    }
    for (uint32_t r = p->rule_count; r-- > 0;) {
        const muster_rule *rule  = &p->rule[r];
        uint32_t          *first = &j->first_rule[rule->resource][rule->index];
        j->next_rule[r]          = *first;
        *first                   = r;
        if (rule->type == MUSTER_EN_ROUTE && rule->resource == MUSTER_ITEM) {
            j->is_laden[rule->vehicle] = true;
        }
    }
}

static muster_status take_seats(mu_judge *j) {
    const muster_weights  defaults = MUSTER_WEIGHTS_INIT;
    const muster_problem *p        = j->problem;
    j->weights                     = p->weights ? *p->weights : defaults;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&j->used[r], mu_judge_rows(p, r), sizeof(int64_t)));
        MU_TRY(mu_alloc(&j->first_rule[r], mu_judge_rows(p, r), sizeof(uint32_t)));
    }
    MU_TRY(mu_alloc(&j->next_rule, p->rule_count, sizeof *j->next_rule));
    MU_TRY(mu_alloc_zeroed(&j->is_laden, p->vehicle_count, sizeof *j->is_laden));
    read_rules(j);
    MU_TRY(mu_alloc(&j->missing, p->need_count, sizeof *j->missing));
    MU_TRY(mu_alloc_zeroed(&j->sent, p->need_count, sizeof *j->sent));
    MU_TRY(mu_alloc_zeroed(&j->chosen, p->need_count, sizeof *j->chosen));
    return mu_alloc_zeroed(&j->has_road, p->incident_count, sizeof *j->has_road);
}

muster_status mu_plan_judge(const muster_plan *plan, const muster_problem *problem,
                            uint32_t thread_count, mu_judge_roads *roads) {
    mu_judge j           = {.plan = plan, .problem = problem, .roads = roads};
    j.assignment         = muster_plan_assignments(plan, &j.assignment_count);
    j.unmet              = muster_plan_unmet(plan, &j.unmet_count);
    muster_status status = mu_judge_roads_open(roads, problem, thread_count);
    if (status == MUSTER_OK) status = take_seats(&j);
    if (status == MUSTER_OK) status = hold_court(&j);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(j.used[r]);
        mu_free(j.first_rule[r]);
    }
    mu_free(j.next_rule);
    mu_free(j.is_laden);
    mu_free(j.missing);
    mu_free(j.sent);
    mu_free(j.chosen);
    mu_free(j.has_road);
    return status;
}

muster_status muster_plan_check(const muster_plan *plan, const muster_problem *problem) {
    mu_judge_roads roads = {0};
    MU_TRY(muster_problem_check(problem));
    const muster_status status = mu_plan_judge(plan, problem, 1, &roads);
    mu_judge_roads_fini(&roads);
    return status;
}
