/* Linear programs with something wrong in them: refused before GLPK sees it, by name, and the program
 * goes on as if it had not been asked. */
#include "solver/lp.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/cmocka_all.h"

enum { ROWS = 3 };

static const mu_lp_range ROW[ROWS] = {{1, 1}, {-INFINITY, 2}, {0, INFINITY}};
static const size_t      FIRST[]   = {0, 2, 3};
static const uint32_t    ENTRY[]   = {0, 1, 0};

static mu_lp_live *lp;
static mu_watch    watch;

static int set_up(void **state) {
    static const muster_solve_options no_limit = {.time_limit_ms = 0};
    (void)state;
    mu_watch_start(&watch, &no_limit);
    return mu_lp_live_new(&lp, ROWS, ROW) == MUSTER_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    mu_lp_live_free(lp);
    return 0;
}

static void refused(muster_status status, const char *message) {
    assert_int_equal(status, MUSTER_E_INTERNAL);
    assert_string_equal(muster_error_message(), message);
}

/* Two columns that serve row 0, the second one cheaper. */
static void still_works(void) {
    const double cost[] = {3, 2};
    bool         is_optimal;
    assert_int_equal(mu_lp_live_add(lp, 2, cost, FIRST, ENTRY), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 2);
    assert_true(mu_lp_live_values(lp)[0] == 0 && mu_lp_live_values(lp)[1] == 1);
    assert_true(mu_lp_live_duals(lp)[0] == 2);
}

static void a_sound_program_is_solved(void **state) {
    (void)state;
    still_works();
}

static void a_cost_that_is_no_number_is_named(void **state) {
    (void)state;
    double cost[] = {1, (double)NAN};
    refused(mu_lp_live_add(lp, 2, cost, FIRST, ENTRY), "LP column 1 costs nan");
    cost[1] = -INFINITY;
    refused(mu_lp_live_add(lp, 2, cost, FIRST, ENTRY), "LP column 1 costs -inf");
    still_works();
    refused(mu_lp_live_set_costs(lp, cost), "LP column 1 costs -inf");
}

static void an_entry_in_a_row_that_is_not_there_is_named(void **state) {
    (void)state;
    const double   cost[]  = {1, 1};
    const uint32_t entry[] = {0, 3, 0};
    refused(mu_lp_live_add(lp, 2, cost, FIRST, entry), "LP column 0 has an entry in row 3 of 3");
    still_works();
}

static void a_row_that_is_named_twice_in_a_column_is_named(void **state) {
    (void)state;
    enum { MANY = 1000 }; /* more than there are rows: no buffer of theirs would hold it */
    static uint32_t entry[MANY];
    const double    cost[]  = {1, 1};
    const size_t    first[] = {0, 1, MANY};
    refused(mu_lp_live_add(lp, 2, cost, first, entry), "LP column 1 has two entries in row 0");
    still_works();
}

static void entries_that_run_backwards_are_refused(void **state) {
    (void)state;
    const double cost[]  = {1, 1};
    const size_t first[] = {0, 3, 2};
    refused(mu_lp_live_add(lp, 2, cost, first, (const uint32_t[]){0, 1, 2}),
            "LP column 1 has entries 3 to 2");
    still_works();
}

static void a_column_without_entries_is_as_good_as_any(void **state) {
    (void)state;
    const double cost[]  = {-0.0};
    const size_t first[] = {0, 0};
    assert_int_equal(mu_lp_live_add(lp, 1, cost, first, NULL), MUSTER_OK);
    bool is_optimal;
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_DUAL, &watch, &is_optimal), MUSTER_OK);
    assert_false(is_optimal); /* nothing serves row 0 */
}

static void a_column_that_costs_less_than_nothing_without_end_is_no_optimum(void **state) {
    (void)state;
    const double cost[]  = {-1};
    const size_t first[] = {0, 0};
    bool         is_optimal;
    still_works();
    assert_int_equal(mu_lp_live_add(lp, 1, cost, first, NULL), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal), MUSTER_OK);
    assert_false(is_optimal);
}

static void what_is_held_has_to_be_there_and_a_number(void **state) {
    (void)state;
    const uint32_t column[] = {1, 2};
    still_works();
    refused(mu_lp_live_fix(lp, 2, column, 0), "LP column 2 of 2 is to be held at 0");
    refused(mu_lp_live_fix(lp, 1, column, (double)NAN), "LP column 1 of 2 is to be held at nan");
    refused(mu_lp_live_fix(lp, 1, column, INFINITY), "LP column 1 of 2 is to be held at inf");
    bool is_optimal;
    assert_int_equal(mu_lp_live_fix(lp, 1, column, 0), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_DUAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 3);
}

/* Of the cheap column there is one, which counts half in row 0; the dear one does the rest. */
static void columns_have_ranges_and_entries_of_their_own(void **state) {
    (void)state;
    const double        cost[] = {3, 1}, value[] = {1, 1, 0.5};
    const uint32_t      cheap[] = {1};
    const mu_lp_range   range[] = {{0, INFINITY}, {0, 1}}, wider[] = {{0, 2}};
    const mu_lp_columns columns = {2, cost, FIRST, ENTRY, value, range};
    bool                is_optimal;
    assert_int_equal(mu_lp_live_add_columns(lp, &columns), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 2.5);
    assert_int_equal(mu_lp_live_bound(lp, 1, cheap, wider), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_DUAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 2);
}

static void a_range_or_an_entry_that_is_none_is_named(void **state) {
    (void)state;
    const double      cost[] = {1, 1}, value[] = {1, (double)NAN, 1};
    const uint32_t    column[] = {1, 2};
    const mu_lp_range wrong[] = {{0, 1}, {2, 1}}, endless[] = {{-INFINITY, 0}}, fine[2] = {{0, 1}};
    refused(mu_lp_live_add_columns(lp, &(mu_lp_columns){2, cost, FIRST, ENTRY, value, NULL}),
            "LP entry 1 is nan");
    refused(mu_lp_live_add_columns(lp, &(mu_lp_columns){2, cost, FIRST, ENTRY, NULL, wrong}),
            "LP column 1 is to be from 2 to 1");
    still_works();
    refused(mu_lp_live_bound(lp, 2, column, fine), "LP column 2 of 2 is to have another range");
    refused(mu_lp_live_bound(lp, 1, column, endless), "LP column 1 is to be from -inf to 0");
}

static void a_program_starts_from_the_columns_that_it_is_told(void **state) {
    (void)state;
    const double   cost[] = {3, 2};
    const uint32_t dear[] = {0}, row[] = {0}, gone[] = {2}, no_row[] = {3};
    assert_int_equal(mu_lp_live_add(lp, 2, cost, FIRST, ENTRY), MUSTER_OK);
    refused(mu_lp_live_start_with(lp, 1, gone, row),
            "LP column 2 of 2 is to be in the basis for row 0 of 3");
    refused(mu_lp_live_start_with(lp, 1, dear, no_row),
            "LP column 0 of 2 is to be in the basis for row 3 of 3");
    /* One step from there is the optimum; no step at all is what the basis says. */
    bool is_optimal;
    assert_int_equal(mu_lp_live_start_with(lp, 1, dear, row), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 2);
}

/* Two columns in place of one slack's are no basis: GLPK says so, and goes on from another. */
static void a_basis_that_is_none_is_no_optimum(void **state) {
    (void)state;
    const double   cost[]   = {3, 2};
    const uint32_t column[] = {0, 1}, row[] = {0, 0};
    bool           is_optimal;
    assert_int_equal(mu_lp_live_add(lp, 2, cost, FIRST, ENTRY), MUSTER_OK);
    assert_int_equal(mu_lp_live_start_with(lp, 2, column, row), MUSTER_OK);
    (void)mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal);
    assert_false(is_optimal);
    assert_int_equal(mu_lp_live_start_with(lp, 0, NULL, NULL), MUSTER_OK);
    assert_int_equal(mu_lp_live_solve(lp, MU_LP_PRIMAL, &watch, &is_optimal), MUSTER_OK);
    assert_true(is_optimal && mu_lp_live_objective(lp) == 2);
}

static void rows_that_no_value_can_meet_are_named(void **state) {
    (void)state;
    static const struct {
        mu_lp_range range;
        const char *message;
    } WRONG[] = {{{2, 1}, "LP row 1 is to be from 2 to 1"},
                 {{(double)NAN, 1}, "LP row 1 is to be from nan to 1"},
                 {{0, (double)NAN}, "LP row 1 is to be from 0 to nan"},
                 {{INFINITY, INFINITY}, "LP row 1 is to be from inf to inf"},
                 {{-INFINITY, -INFINITY}, "LP row 1 is to be from -inf to -inf"}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        const mu_lp_range row[]   = {{0, 1}, WRONG[i].range};
        mu_lp_live       *refusal = (mu_lp_live *)&watch;
        refused(mu_lp_live_new(&refusal, 2, row), WRONG[i].message);
        assert_null(refusal);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    muster_status status = MUSTER_E_NOMEM;
    for (int64_t failing = 0; status == MUSTER_E_NOMEM; ++failing) {
        const double cost[] = {3, 2};
        mu_lp_live  *other  = NULL;
        (void)mu_alloc_fail_after(failing);
        status = mu_lp_live_new(&other, ROWS, ROW);
        assert_true((status == MUSTER_OK) == (other != NULL));
        if (status == MUSTER_OK) status = mu_lp_live_add(other, 2, cost, FIRST, ENTRY);
        (void)mu_alloc_fail_after(-1);
        mu_lp_live_free(other);
        assert_true(failing < 100);
    }
    assert_int_equal(status, MUSTER_OK);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_sound_program_is_solved),
        CASE(a_cost_that_is_no_number_is_named),
        CASE(an_entry_in_a_row_that_is_not_there_is_named),
        CASE(a_row_that_is_named_twice_in_a_column_is_named),
        CASE(entries_that_run_backwards_are_refused),
        CASE(a_column_without_entries_is_as_good_as_any),
        CASE(a_column_that_costs_less_than_nothing_without_end_is_no_optimum),
        CASE(what_is_held_has_to_be_there_and_a_number),
        CASE(columns_have_ranges_and_entries_of_their_own),
        CASE(a_range_or_an_entry_that_is_none_is_named),
        CASE(a_program_starts_from_the_columns_that_it_is_told),
        CASE(a_basis_that_is_none_is_no_optimum),
        CASE(rows_that_no_value_can_meet_are_named),
        CASE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
