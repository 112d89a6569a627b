/* Policies: what is built in, and what is refused. */
#include <muster/policy.h>

#include <string.h>

#include <muster/error.h>

#include "tests/support/cmocka_all.h"

static void what_is_built_in_can_be(void **state) {
    (void)state;
    uint32_t             count;
    const muster_policy *policy = muster_policy_builtins(&count);
    assert_int_equal(count, 2);
    for (uint32_t i = 0; i < count; ++i)
        assert_int_equal(muster_policy_check(&policy[i]), MUSTER_OK);
    assert_string_equal(policy[0].name, "greedy");
    assert_int_equal(policy[0].mode, MUSTER_REPLAN_KEEP);
    assert_string_equal(policy[1].name, "muster");
    assert_int_equal(policy[1].mode, MUSTER_REPLAN_IMPROVE);
}

static void assert_refused(const muster_policy *policy, const char *message) {
    assert_int_equal(muster_policy_check(policy), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
}

static void a_wrong_field_is_named_with_its_value(void **state) {
    (void)state;
    muster_policy policy = MUSTER_POLICY_INIT;
    policy.mode          = MUSTER_REPLAN_COUNT;
    assert_refused(&policy, "policy \"muster\": mode is 2; expected 0 to 1");
    policy            = (muster_policy)MUSTER_POLICY_INIT;
    policy.work_limit = 0;
    assert_refused(&policy,
                   "policy \"muster\": work_limit is 0; expected 1 or more, so that a plan is "
                   "the same on every machine");
    policy                 = (muster_policy)MUSTER_POLICY_INIT;
    policy.restock_percent = 101;
    assert_refused(&policy, "policy \"muster\": restock_percent is 101; expected 0 to 100");
    policy                  = (muster_policy)MUSTER_POLICY_INIT;
    policy.churn_unmet_need = -1;
    assert_refused(&policy,
                   "policy \"muster\": churn_unmet_need is -1; expected 0 to 9223372036854775807");
    policy      = (muster_policy)MUSTER_POLICY_INIT;
    policy.name = "a/b";
    assert_refused(&policy, "policy \"a/b\": a name is 1 to 63 letters, digits, '-' and '_'");
    assert_refused(NULL, "policy is NULL; expected one");
}

static void names_and_numbers_of_ways_back_belong_together(void **state) {
    (void)state;
    for (unsigned way = 0; way < MUSTER_WAY_BACK_COUNT; ++way) {
        const char *name = muster_way_back_name((muster_way_back)way);
        assert_int_equal(muster_way_back_from_name(name), way);
    }
    assert_int_equal(muster_way_back_from_name("home"), MUSTER_WAY_BACK_COUNT);
    assert_null(muster_way_back_name(MUSTER_WAY_BACK_COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_in_can_be),
        cmocka_unit_test(a_wrong_field_is_named_with_its_value),
        cmocka_unit_test(names_and_numbers_of_ways_back_belong_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
