/* Why needs stay unmet, the plain way: whoever suits is asked how long he would take, one by one, and takes
 * hurdle after hurdle until one stops him. The judge, who asks nobody who cannot tell anything new, has to come to the
 * same reasons, and to name them where a plan has others. */
#include <muster/matrix.h>

#include "solver/plan.h"
#include "tests/support/random_model.h"
#include "tests/support/rounds.h"

static random_model          m;
static const muster_problem *p = &m.problem;
static muster_plan          *plan;

/* ---- what the plan sends ---------------------------------------------------------------- */

static int64_t amount_of(unsigned resource, uint32_t i) {
    const int64_t amount[] = {resource == MUSTER_PEOPLE ? p->team[i].people : 0, 1,
                              resource == MUSTER_MACHINE ? p->machine[i].count : 0,
                              resource == MUSTER_ITEM ? p->stock[i].quantity : 0};
    return amount[resource];
}

static bool is_good_for(unsigned resource, uint32_t i, uint32_t kind) {
    if (p->kind[kind].resource != resource) return false;
    if (resource == MUSTER_VEHICLE) return p->vehicle[i].kind == kind;
    if (resource == MUSTER_MACHINE) return p->machine[i].kind == kind;
    if (resource == MUSTER_ITEM) return p->stock[i].kind == kind;
    uint32_t c = 0;
    while (c < p->team[i].capability_count && p->team[i].capability[c] != kind) ++c;
    return c < p->team[i].capability_count;
}

static int64_t used_of(unsigned resource, uint32_t i) {
    int64_t used = 0;
    for (uint32_t a = 0; a < plan->assignment_count; ++a) {
        const muster_assignment *go = &plan->assignment[a];
        if (go->resource == resource && go->index == i) used += go->quantity;
    }
    return used;
}

static int64_t sent_to(uint32_t need) {
    int64_t sent = 0;
    for (uint32_t a = 0; a < plan->assignment_count; ++a) {
        if (plan->assignment[a].need == need) sent += plan->assignment[a].quantity;
    }
    return sent;
}

static bool is_complete(uint32_t incident) {
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t all = p->need[n].minimum > 0 ? p->need[n].minimum : p->need[n].quantity;
        if (p->need[n].incident == incident && sent_to(n) < all) return false;
    }
    return true;
}

/* How many more could be operated there. */
static int64_t room_for(const muster_need *need) {
    const muster_kind *kind  = &p->kind[need->kind];
    int64_t            spare = 0;
    if (kind->operator_count == 0) return INT64_MAX;
    for (uint32_t a = 0; a < plan->assignment_count; ++a) {
        const muster_assignment *go   = &plan->assignment[a];
        const muster_kind       *sent = &p->kind[p->need[go->need].kind];
        if (p->need[go->need].incident != need->incident) continue;
        if (go->resource == MUSTER_PEOPLE &&
            is_good_for(MUSTER_PEOPLE, go->index, kind->operator_kind))
            spare += go->quantity;
        if (sent->operator_count > 0 && sent->operator_kind == kind->operator_kind)
            spare -= go->quantity * sent->operator_count;
    }
    return spare > 0 ? spare / kind->operator_count : 0;
}

/* ---- hurdles ---------------------------------------------------------------------------- */

static muster_snap snap_to(uint32_t metric, muster_site site) {
    muster_snap snap;
    assert_int_equal(
        muster_snap_sites(p->metric[metric], 1, &site.lon_deg, &site.lat_deg, NULL, &snap),
        MUSTER_OK);
    return snap;
}

static uint32_t travel_ms(const muster_unit *unit, muster_site to) {
    const muster_snap a = snap_to(unit->metric, unit->site), b = snap_to(unit->metric, to);
    uint32_t          ms;
    assert_int_equal(muster_matrix(p->metric[unit->metric], 1, &a, 1, &b, 1, &ms, NULL), MUSTER_OK);
    return ms;
}

static bool is_over(uint32_t over, uint32_t authority) {
    while (authority != MUSTER_NONE && authority != over)
        authority = p->authority[authority].parent;
    return authority == over;
}

static uint32_t levels_up(uint32_t own, uint32_t other) {
    uint32_t asked = own;
    if (p->authority_count == 0 || own == MUSTER_NONE || other == MUSTER_NONE) return 0;
    while (asked != MUSTER_NONE && !is_over(asked, other)) asked = p->authority[asked].parent;
    const uint32_t level = asked == MUSTER_NONE ? MUSTER_MUTUAL_AID : p->authority[asked].level;
    return level - p->authority[own].level;
}

static int64_t left_of(unsigned resource, uint32_t i, uint32_t incident) {
    int64_t left = amount_of(resource, i);
    for (uint32_t r = 0; r < p->rule_count; ++r) {
        const muster_rule *rule = &p->rule[r];
        if (rule->resource != resource || rule->index != i) continue;
        if (rule->type == MUSTER_HOLD) return 0;
        if (rule->type == MUSTER_FORBID && rule->incident == incident) return 0;
        if (rule->type == MUSTER_LOCK)
            left -= rule->quantity > 0 ? rule->quantity : amount_of(resource, i);
    }
    return left;
}

static muster_unmet_reason hurdle_of(unsigned resource, uint32_t i, const muster_need *need) {
    const muster_unit     *unit = muster_problem_unit(p, (muster_resource)resource, i);
    const muster_incident *at   = &p->incident[need->incident];
    const uint32_t         ms   = travel_ms(unit, at->site);
    uint64_t               eta  = unit->turnout_ms;
    if (p->weights)
        eta += p->weights->escalation_delay_ms[levels_up(at->authority, unit->authority)];
    if (eta < unit->available_ms) eta = unit->available_ms;
    if (ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNMET_UNREACHABLE;
    if (resource == MUSTER_PEOPLE && need->grade > 0 &&
        (p->team[i].grade == 0 || p->team[i].grade > need->grade)) {
        return MUSTER_UNMET_GRADE;
    }
    if (unit->shift_end_ms != 0 && eta + ms + at->on_scene_ms > unit->shift_end_ms)
        return MUSTER_UNMET_SHIFT;
    return left_of(resource, i, need->incident) > 0 ? MUSTER_UNMET_EXHAUSTED
                                                    : MUSTER_UNMET_RULED_OUT;
}

/* ---- the reason ------------------------------------------------------------------------- */

static bool has_road(muster_site site) {
    uint32_t metric = 0;
    while (metric < p->metric_count && snap_to(metric, site).edge == MUSTER_NONE) ++metric;
    return metric < p->metric_count;
}

static muster_unmet_reason reason_of(uint32_t n) {
    const muster_need     *need     = &p->need[n];
    const muster_incident *at       = &p->incident[need->incident];
    muster_unmet_reason    last     = MUSTER_UNMET_NONE_EXIST;
    int64_t                idle     = 0;
    bool                   is_taken = false;
    if (!has_road(at->site)) return MUSTER_UNMET_UNSNAPPED;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            if (amount_of(r, i) == 0 || !is_good_for(r, i, need->kind)) continue;
            const muster_unmet_reason hurdle = hurdle_of(r, i, need);
            if (hurdle == MUSTER_UNMET_EXHAUSTED) {
                is_taken = true;
                idle += amount_of(r, i) - used_of(r, i);
            } else if (hurdle > last) {
                last = hurdle;
            }
        }
    }
    if (!is_taken) return last;
    if (at->all_or_nothing && !is_complete(need->incident)) return MUSTER_UNMET_INCOMPLETE;
    const int64_t room = room_for(need), more = idle < room ? idle : room;
    if (room == 0) return MUSTER_UNMET_NO_OPERATORS;
    if (idle == 0) return MUSTER_UNMET_EXHAUSTED;
    return sent_to(n) + more >= need->minimum ? MUSTER_UNMET_DIVERSION : MUSTER_UNMET_BELOW_MINIMUM;
}

/* ---- tests ------------------------------------------------------------------------------ */

/* What everybody is good for is said twice. */
static uint32_t said_twice[MODEL_TEAMS][4];

static void say_twice(void) {
    for (uint32_t t = 0; t < MODEL_TEAMS; ++t) {
        muster_team   *team = &m.base.team[t];
        const uint32_t own  = team->capability_count;
        for (uint32_t c = 0; c < 2 * own; ++c) said_twice[t][c] = team->capability[c % own];
        team->capability       = said_twice[t];
        team->capability_count = 2 * own;
    }
}

static bool has_conflict(void) {
    muster_conflict conflict;
    uint32_t        rule[MODEL_RULES], count;
    assert_int_equal(muster_problem_conflict(p, &conflict, rule, &count), MUSTER_OK);
    return conflict != MUSTER_NO_CONFLICT;
}

static void assert_named(muster_unmet *u, muster_unmet_reason right, muster_unmet_reason said) {
    char message[128];
    u->reason = (uint8_t)said;
    snprintf(message, sizeof message, "need %u is unmet for the reason \"%s\", not \"%s\"", u->need,
             muster_unmet_reason_name(right), muster_unmet_reason_name(said));
    assert_int_equal(muster_plan_check(plan, p), MUSTER_E_INTERNAL);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\", expected \"%s\"", muster_error_message(), message);
    }
    u->reason = (uint8_t)right;
}

static uint64_t seen[MUSTER_UNMET_NO_VEHICLE + 1];

/* Each need's reason is named where the plan has another. */
static void compare_named(void) {
    for (uint32_t i = 0; i < plan->unmet_count; ++i) {
        const muster_unmet_reason right = (muster_unmet_reason)plan->unmet[i].reason;
        for (int said = 0; said <= MUSTER_UNMET_EXHAUSTED; ++said) {
            if (said == (int)right) continue;
            assert_named(&plan->unmet[i], right, (muster_unmet_reason)said);
        }
    }
}

static void compare(uint64_t seed) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.method               = seed % 2 ? MUSTER_METHOD_GREEDY : options.method;
    options.time_limit_ms        = 0;
    options.work_limit           = 10000;
    assert_int_equal(muster_solve(&plan, p, &options), MUSTER_OK);
    for (uint32_t i = 0; i < plan->unmet_count; ++i) {
        const muster_unmet *u = &plan->unmet[i];
        ++seen[u->reason];
        if (u->reason == reason_of(u->need)) continue;
        fail_msg("seed %llu, need %u", (unsigned long long)seed, u->need);
    }
    compare_named();
    assert_int_equal(muster_plan_check(plan, p), MUSTER_OK);
}

/* Everybody stays at home, but for some: then many are idle, and what some of them could be of use for is not. The
 * plan is not worth what it says any more, which the judge finds only after its reasons. */
static void compare_idle(uint64_t seed) {
    muster_plan              whole = *plan;
    static muster_assignment sent[64];
    static muster_unmet      unmet[MODEL_NEEDS];
    uint64_t                 rng = seed;
    plan->assignment             = sent;
    plan->unmet                  = unmet;
    plan->assignment_count = plan->unmet_count = 0;
    for (uint32_t a = 0; a < whole.assignment_count; ++a) {
        if (whole.assignment[a].locked == 0 && random_below(&rng, 4) > 0) continue;
        assert_true(plan->assignment_count < 64);
        sent[plan->assignment_count++] = whole.assignment[a];
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t missing = p->need[n].quantity - sent_to(n);
        if (missing > 0) unmet[plan->unmet_count++] = (muster_unmet){n, missing, 0};
    }
    for (uint32_t i = 0; i < plan->unmet_count; ++i) {
        unmet[i].reason = (uint8_t)reason_of(unmet[i].need);
    }
    if (muster_plan_check(plan, p) == MUSTER_OK || strstr(muster_error_message(), "is worth")) {
        compare_named();
    } else { /* what is left has no minimum, not all, or nobody to operate it */
        assert_null(strstr(muster_error_message(), "reason"));
    }
    plan->assignment       = whole.assignment;
    plan->assignment_count = whole.assignment_count;
    plan->unmet            = whole.unmet;
    plan->unmet_count      = whole.unmet_count;
}

static void the_judge_comes_to_the_reasons_that_the_plain_way_has(void **state) {
    (void)state;
    const seeds asked = seeds_asked(600);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        random_model_new(&m, seed, MODEL_EVERYTHING);
        if (seed % 3 == 0) say_twice();
        if (seed % 2 == 0) m.weights.diversion_unmet_need = INT64_C(1) << 30;
        if (!has_conflict()) {
            compare(seed);
            for (uint64_t i = 0; i < 3; ++i) compare_idle(4 * seed + i);
            muster_plan_free(plan);
        }
        random_model_free(&m);
    }
    for (int r = 0; r <= MUSTER_UNMET_EXHAUSTED && asked.count >= 600; ++r) {
        if (seen[r] == 0) fail_msg("no need was unmet for reason %d", r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_comes_to_the_reasons_that_the_plain_way_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
