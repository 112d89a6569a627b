/* A job beside: it is waited for, and its failure is heard. */
#include <stdatomic.h>

#include "core/task.h"
#include "tests/support/cmocka_all.h"

enum { MOMENT_MS = 1, PATIENCE_MS = 60000 };

typedef struct job {
    atomic_int  may_end, is_done;
    const char *failure; /* NULL: none */
} job;

static muster_status run(void *user) {
    job *j = user;
    while (!atomic_load(&j->may_end)) {
    }
    atomic_store(&j->is_done, 1);
    return j->failure ? muster_fail(MUSTER_E_NOMEM, "%s", j->failure) : MUSTER_OK;
}

static void a_job_beside_is_waited_for(void **state) {
    (void)state;
    job     j = {0};
    mu_task task;
    mu_task_start(&task, run, &j, true);
    assert_false(mu_task_wait(&task, MOMENT_MS));
    assert_false(mu_task_wait(&task, 0));
    atomic_store(&j.may_end, 1);
    assert_true(mu_task_wait(&task, PATIENCE_MS));
    assert_int_equal(mu_task_join(&task), MUSTER_OK);
    assert_int_equal(atomic_load(&j.is_done), 1);
}

static void one_that_is_not_beside_is_done_at_once(void **state) {
    (void)state;
    job     j = {.may_end = 1};
    mu_task task;
    mu_task_start(&task, run, &j, false);
    assert_int_equal(atomic_load(&j.is_done), 1);
    assert_true(mu_task_wait(&task, 0));
    assert_int_equal(mu_task_join(&task), MUSTER_OK);
}

static void its_failure_is_the_caller_s(void **state) {
    (void)state;
    for (int beside = 0; beside < 2; ++beside) {
        job     j = {.may_end = 1, .failure = "out of sandbags"};
        mu_task task;
        (void)muster_fail(MUSTER_E_INVALID, "an older failure");
        mu_task_start(&task, run, &j, beside);
        assert_int_equal(mu_task_join(&task), MUSTER_E_NOMEM);
        assert_string_equal(muster_error_message(), "out of sandbags");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_beside_is_waited_for),
        cmocka_unit_test(one_that_is_not_beside_is_done_at_once),
        cmocka_unit_test(its_failure_is_the_caller_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
