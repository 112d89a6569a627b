/* Explanations where rules, grades, shifts, operators and all-or-nothing incidents play a part: the
 * books take every plan there is, and say nothing that the plan contradicts. */
#include <muster/why.h>
#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random_model.h"

enum { ROUNDS = 600 };

static const unsigned EVERY_FEATURE = ~0u;

typedef struct tally {
    unsigned plans, in_plan, told, bound, exchanged;
} tally;

static bool has_rule(const muster_problem *p, uint8_t resource, uint32_t index) {
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (p->rule[i].resource == resource && p->rule[i].index == index) return true;
    }
    return false;
}

static void check_shortage(const muster_shortage *s, const muster_unmet *unmet, tally *t) {
    assert_int_equal(s->missing, unmet ? unmet->quantity : 0);
    if (!unmet) return;
    if (s->reason == MUSTER_REASON_IN_PLAN) {
        ++t->in_plan;
    } else {
        ++t->told;
        assert_int_equal(s->reason, unmet->reason);
    }
    if (s->proof == MUSTER_PROOF_SUPPLY) assert_true(s->supply < s->demand);
}

static void check_exchange(const muster_problem *p, const muster_exchange *x, uint32_t need,
                           tally *t) {
    t->bound += x->is_bound;
    t->exchanged += x->is_possible;
    if (!x->is_possible) return;
    assert_false(x->is_bound);
    assert_false(p->incident[p->need[need].incident].all_or_nothing);
    assert_false(has_rule(p, x->resource, x->index));
    if (x->replacement != MUSTER_NONE) assert_false(has_rule(p, x->resource, x->replacement));
}

static void explain(const muster_problem *p, const muster_plan *plan, tally *t) {
    uint32_t                 go_count, unmet_count, next = 0;
    const muster_assignment *go    = muster_plan_assignments(plan, &go_count);
    const muster_unmet      *unmet = muster_plan_unmet(plan, &unmet_count);
    muster_reasons          *reasons;
    if (muster_reasons_new(&reasons, p, go_count, go, 0, NULL, 1) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        muster_why *why;
        const bool  is_unmet = next < unmet_count && unmet[next].need == n;
        assert_int_equal(muster_why_new(&why, reasons, n), MUSTER_OK);
        check_shortage(muster_why_shortage(why), is_unmet ? &unmet[next++] : NULL, t);
        check_exchange(p, muster_why_exchange(why), n, t);
        assert_true(is_unmet == (muster_why_text(why, MUSTER_WHY_UNMET) != NULL));
        muster_why_free(why);
    }
    muster_reasons_free(reasons);
}

static void plans_under_rules_are_explained_without_contradicting_them(void **state) {
    (void)state;
    tally t = {0};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        random_model         m;
        muster_plan         *plan;
        muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
        options.thread_count         = 1;
        options.work_limit           = 2000000;
        options.method               = seed % 4 ? MUSTER_METHOD_OPTIMIZE : MUSTER_METHOD_GREEDY;
        random_model_new(&m, seed, EVERY_FEATURE);
        const muster_status status = muster_solve(&plan, &m.problem, &options);
        if (status == MUSTER_OK) {
            ++t.plans;
            explain(&m.problem, plan, &t);
        } else { /* rules that contradict each other are no book either */
            muster_reasons *reasons;
            assert_int_equal(muster_reasons_new(&reasons, &m.problem, 0, NULL, 0, NULL, 1), status);
        }
        muster_plan_free(plan);
        random_model_free(&m);
    }
    assert_true(t.plans > ROUNDS / 2);
    assert_true(t.in_plan > 0 && t.told > t.in_plan && t.bound > 0 && t.exchanged > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_under_rules_are_explained_without_contradicting_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
