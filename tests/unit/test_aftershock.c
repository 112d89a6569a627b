/* Aftershocks: the integral of Omori's law and its inverse, and Gutenberg's and Richter's sizes. */
#include "simulation/aftershock.h"

#include <math.h>

#include "tests/support/cmocka_all.h"

static const double P[] = {0.5, 0.9, 1 - 1e-7, 1, 1 + 1e-7, 1.1, 1.5, 3};

/* The rate, summed by the midpoint rule. */
static double summed(const mu_omori *o, double t_h) {
    enum { STEPS = 100000 };
    double sum = 0;
    for (int i = 0; i < STEPS; ++i) sum += pow((i + 0.5) * t_h / STEPS + o->c_h, -o->p);
    return sum * t_h / STEPS;
}

static void the_integral_is_that_of_the_rate(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof P / sizeof *P; ++i) {
        for (double c_h = 0.1; c_h < 20; c_h *= 7) {
            const mu_omori o = {c_h, P[i]};
            for (double t_h = 0.5; t_h < 100; t_h *= 5) {
                const double expected = summed(&o, t_h);
                assert_true(fabs(mu_omori_integral(&o, t_h) - expected) < 1e-5 * expected);
            }
        }
    }
}

static void the_time_is_the_inverse_of_the_integral(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof P / sizeof *P; ++i) {
        const mu_omori o = {0.5, P[i]};
        assert_true(fabs(mu_omori_time_h(&o, 0)) < 1e-9);
        for (double t_h = 0.001; t_h < 700; t_h *= 3) {
            const double again = mu_omori_time_h(&o, mu_omori_integral(&o, t_h));
            assert_true(fabs(again - t_h) < 1e-5 * t_h);
        }
    }
}

static void each_unit_of_magnitude_is_ten_to_the_b_rarer(void **state) {
    (void)state;
    for (double b = 0.5; b < 2; b += 0.25) {
        const double all = 1 - pow(10, -b * 3); /* from 3 to 6 */
        assert_true(fabs(mu_gutenberg_quantile(b, 3, 6, 0) - 3) < 1e-12);
        assert_true(fabs(mu_gutenberg_quantile(b, 3, 6, 1) - 6) < 1e-9);
        for (double m = 3.5; m < 6; m += 0.5) {
            const double below = (1 - pow(10, -b * (m - 3))) / all;
            assert_true(fabs(mu_gutenberg_quantile(b, 3, 6, below) - m) < 1e-9);
        }
        assert_true(mu_gutenberg_quantile(b, 4, 4, 0.7) == 4); /* of one size */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_integral_is_that_of_the_rate),
        cmocka_unit_test(the_time_is_the_inverse_of_the_integral),
        cmocka_unit_test(each_unit_of_magnitude_is_ten_to_the_b_rarer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
