/* Student's quantile against printed tables and closed forms, the fair coin against integers. */
#include "cli/student.h"

#include <math.h>

#include "tests/support/cmocka_all.h"

static void assert_near(double found, double expected, double relative) {
    if (fabs(found - expected) <= relative * fabs(expected)) return;
    fail_msg("found %.17g, expected %.17g", found, expected);
}

/* As printed (Fisher and Yates 1963, table III; NIST/SEMATECH e-Handbook 1.3.6.7.2). */
static void quantiles_are_those_of_printed_tables(void **state) {
    static const struct {
        double confidence, freedom, t;
    } TABLE[] = {{0.95, 1, 12.706}, {0.95, 2, 4.303},   {0.95, 5, 2.571},  {0.95, 10, 2.228},
                 {0.95, 29, 2.045}, {0.95, 100, 1.984}, {0.90, 1, 6.314},  {0.90, 15, 1.753},
                 {0.99, 1, 63.657}, {0.99, 4, 4.604},   {0.99, 29, 2.756}, {0.99, 120, 2.617},
                 {0.998, 7, 4.785}, {0.50, 1, 1.000},   {0.50, 30, 0.683}, {0.80, 3, 1.638}};
    (void)state;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; ++i) {
        const double t = student_two_sided(TABLE[i].confidence, TABLE[i].freedom);
        assert_true(fabs(t - TABLE[i].t) < 0.000501);
    }
}

/* One degree of freedom is Cauchy's distribution, two have a closed form too (Shaw 2006). */
static void one_and_two_degrees_of_freedom_are_closed_forms(void **state) {
    const double pi = acos(-1);
    (void)state;
    for (double confidence = 0.01; confidence < 0.9999; confidence += 0.0113) {
        assert_near(student_two_sided(confidence, 1), tan(pi * confidence / 2), 1e-12);
        assert_near(student_two_sided(confidence, 2),
                    confidence * sqrt(2 / (1 - confidence * confidence)), 1e-12);
    }
}

static void many_degrees_of_freedom_are_the_normal_distribution(void **state) {
    (void)state;
    assert_near(student_two_sided(0.95, 1e6), 1.959963984540054, 5e-6);
    assert_near(student_two_sided(0.99, 1e6), 2.5758293035489004, 5e-6);
}

static void quantiles_fall_with_freedom_and_rise_with_confidence(void **state) {
    (void)state;
    for (uint32_t v = 1; v < 3000; v += 1 + v / 8) {
        assert_true(student_two_sided(0.95, v) > student_two_sided(0.95, v + 1));
        assert_true(student_two_sided(0.90, v) < student_two_sided(0.95, v));
    }
}

static void a_fair_coin_is_pascals_triangle(void **state) {
    uint64_t row[61] = {1};
    (void)state;
    for (uint32_t n = 0; n <= 60; ++n) {
        double sum = 0;
        for (uint32_t k = 0; k <= n; ++k) {
            assert_near(fair_binomial(k, n), ldexp((double)row[k], -(int)n), 1e-12);
            sum += fair_binomial(k, n);
        }
        assert_near(sum, 1, 1e-12);
        if (n == 60) break;
        for (uint32_t k = n + 1; k > 0; --k) row[k] += row[k - 1];
    }
    assert_near(fair_binomial(5000, 10000), 0.007978646139382, 1e-10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_printed_tables),
        cmocka_unit_test(one_and_two_degrees_of_freedom_are_closed_forms),
        cmocka_unit_test(many_degrees_of_freedom_are_the_normal_distribution),
        cmocka_unit_test(quantiles_fall_with_freedom_and_rise_with_confidence),
        cmocka_unit_test(a_fair_coin_is_pascals_triangle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
