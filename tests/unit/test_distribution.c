/* Distributions by Kolmogorov and Smirnov on fixed seeds: what is drawn lies below each value as often as the
 * distribution function says. */
#include "simulation/distribution.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/cmocka_all.h"

enum { DRAWS = 20000 };

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void draw_sorted(const mu_distribution *d, const char *name, double out[DRAWS]) {
    const mu_stream s = mu_stream_of(1, 0, MU_DRAW_CALL_WORK, name);
    for (uint32_t i = 0; i < DRAWS; ++i) out[i] = mu_distribution_draw(d, s, i);
    qsort(out, DRAWS, sizeof *out, by_value);
}

typedef double cdf(const mu_distribution *d, double x);

static double farthest_off(const mu_distribution *d, const char *name, cdf *of) {
    static double x[DRAWS];
    double        most = 0;
    draw_sorted(d, name, x);
    for (uint32_t i = 0; i < DRAWS; ++i) {
        const double f = of(d, x[i]);
        most           = fmax(most, fmax(f - (double)i / DRAWS, (double)(i + 1) / DRAWS - f));
    }
    return most * sqrt(DRAWS);
}

static const double OFF_MOST = 1.95; /* 1 in 1,000 by chance, and the seed is fixed */

#define FREE .least = -1e9, .most = 1e9

static double uniform_cdf(const mu_distribution *d, double x) {
    return (x - d->a) / (d->b - d->a);
}

static double triangular_cdf(const mu_distribution *d, double x) {
    if (x < d->b) return (x - d->a) * (x - d->a) / ((d->c - d->a) * (d->b - d->a));
    return 1 - (d->c - x) * (d->c - x) / ((d->c - d->a) * (d->c - d->b));
}

static double exponential_cdf(const mu_distribution *d, double x) {
    return -expm1(-x / d->a);
}

static double normal_cdf(const mu_distribution *d, double x) {
    return 0.5 * erfc(-(x - d->a) / d->b / sqrt(2));
}

static double lognormal_cdf(const mu_distribution *d, double x) {
    return 0.5 * erfc(-log(x / d->a) / d->b / sqrt(2));
}

/* The regularized incomplete gamma function by its series: enough terms for all that is drawn here. */
static double gamma_cdf(const mu_distribution *d, double x) {
    const double z    = x / d->a * d->b;
    double       term = 1 / d->b, sum = term;
    for (int n = 1; n < 400; ++n) {
        term *= z / (d->b + n);
        sum += term;
    }
    return sum * exp(d->b * log(z) - z - lgamma(d->b));
}

static void what_is_drawn_has_the_distribution(void **state) {
    static const struct {
        const char     *name;
        cdf            *of;
        mu_distribution d;
    } CASE[] = {
        {"uniform", uniform_cdf, {.kind = MU_UNIFORM, .a = 3, .b = 11, FREE}},
        {"triangular", triangular_cdf, {.kind = MU_TRIANGULAR, .a = 10, .b = 30, .c = 90, FREE}},
        {"left", triangular_cdf, {.kind = MU_TRIANGULAR, .a = 10, .b = 10.001, .c = 90, FREE}},
        {"exponential", exponential_cdf, {.kind = MU_EXPONENTIAL, .a = 12, FREE}},
        {"normal", normal_cdf, {.kind = MU_NORMAL, .a = -5, .b = 80, FREE}},
        {"lognormal", lognormal_cdf, {.kind = MU_LOGNORMAL, .a = 60, .b = 0.5, FREE}},
        {"gamma 0.3", gamma_cdf, {.kind = MU_GAMMA, .a = 90, .b = 0.3, FREE}},
        {"gamma 1", gamma_cdf, {.kind = MU_GAMMA, .a = 90, .b = 1, FREE}},
        {"gamma 2", gamma_cdf, {.kind = MU_GAMMA, .a = 90, .b = 2, FREE}},
        {"gamma 7.5", gamma_cdf, {.kind = MU_GAMMA, .a = 9, .b = 7.5, FREE}},
        {"gamma 60", gamma_cdf, {.kind = MU_GAMMA, .a = 9, .b = 60, FREE}},
    };
    (void)state;
    for (size_t c = 0; c < sizeof CASE / sizeof *CASE; ++c) {
        const double off = farthest_off(&CASE[c].d, CASE[c].name, CASE[c].of);
        if (!(off < OFF_MOST)) fail_msg("%s: %g", CASE[c].name, off);
    }
}

static void the_mean_is_that_of_what_is_drawn(void **state) {
    static const double          VALUE[] = {2, 4, 4, 6};
    static const mu_distribution D[]     = {
            {.kind = MU_CONSTANT, .a = 7, FREE},
            {.kind = MU_UNIFORM, .a = 3, .b = 11, FREE},
            {.kind = MU_TRIANGULAR, .a = 10, .b = 30, .c = 90, FREE},
            {.kind = MU_EXPONENTIAL, .a = 12, FREE},
            {.kind = MU_NORMAL, .a = 300, .b = 80, FREE},
            {.kind = MU_LOGNORMAL, .a = 60, .b = 0.5, FREE},
            {.kind = MU_GAMMA, .a = 90, .b = 2, FREE},
            {.kind = MU_ONE_OF, .value_count = 4, .value = VALUE, FREE},
    };
    (void)state;
    for (size_t c = 0; c < sizeof D / sizeof *D; ++c) {
        const mu_stream s   = mu_stream_of(3, 0, MU_DRAW_CALL_WORK, "mean");
        double          sum = 0, squares = 0;
        for (uint32_t i = 0; i < DRAWS; ++i) {
            const double x = mu_distribution_draw(&D[c], s, i);
            sum += x;
            squares += x * x;
        }
        const double mean  = sum / DRAWS,
                     error = sqrt(fmax(squares / DRAWS - mean * mean, 0) / DRAWS);
        assert_true(fabs(mean - mu_distribution_mean(&D[c])) <= 3.3 * error + 1e-9);
    }
}

static void each_of_a_list_is_as_likely(void **state) {
    static const double VALUE[]  = {2, 4, 4, 6, 9};
    mu_distribution     d        = {.kind = MU_ONE_OF, .value_count = 5, .value = VALUE, FREE};
    const mu_stream     s        = mu_stream_of(3, 0, MU_DRAW_NEED_QUANTITY, "list");
    uint32_t            seen[10] = {0};
    (void)state;
    for (uint32_t i = 0; i < DRAWS; ++i) ++seen[(int)mu_distribution_draw(&d, s, i)];
    const double one = DRAWS / 5.0, error = 3.3 * sqrt(one * 0.8);
    assert_true(fabs(seen[2] - one) < error && fabs(seen[6] - one) < error);
    assert_true(fabs(seen[9] - one) < error && fabs(seen[4] - 2 * one) < 1.5 * error);
    assert_int_equal(seen[2] + seen[4] + seen[6] + seen[9], DRAWS);
}

static void nothing_lies_beyond_least_and_most(void **state) {
    const mu_distribution d      = {.kind = MU_NORMAL, .a = 10, .b = 100, .least = 5, .most = 20};
    const mu_stream       s      = mu_stream_of(3, 0, MU_DRAW_NEED_QUANTITY, "cut");
    bool                  is_low = false, is_high = false;
    (void)state;
    for (uint32_t i = 0; i < 1000; ++i) {
        const double x = mu_distribution_draw(&d, s, i);
        assert_true(x >= 5 && x <= 20);
        is_low |= x == 5;
        is_high |= x == 20;
    }
    assert_true(is_low && is_high);
}

/* Values of Wichura's paper, and the tails against the distribution function. */
static void the_normal_quantile_is_exact(void **state) {
    (void)state;
    assert_true(fabs(mu_normal_quantile(0.25) + 0.6744897501960817) < 1e-15);
    assert_true(fabs(mu_normal_quantile(0.001) + 3.090232306167814) < 4e-15);
    assert_true(fabs(mu_normal_quantile(1e-20) + 9.262340089798408) < 2e-14);
    assert_true(mu_normal_quantile(0.5) == 0);
    for (double p = 1e-15; p < 1; p = p * 1.7 + 1e-9) {
        const double z = mu_normal_quantile(p);
        assert_true(fabs(0.5 * erfc(-z / sqrt(2)) - p) < 1e-12 * p + 2e-16);
    }
}

/* A mean that is changed a little changes each draw a little: common random numbers. */
static void draws_grow_with_their_parameters(void **state) {
    static const uint8_t KIND[] = {MU_EXPONENTIAL, MU_LOGNORMAL, MU_GAMMA, MU_NORMAL};
    (void)state;
    for (size_t k = 0; k < sizeof KIND; ++k) {
        const mu_distribution one = {.kind = KIND[k], .a = 10, .b = 0.5, FREE},
                              two = {.kind = KIND[k], .a = 10.1, .b = 0.5, FREE};
        const mu_stream s         = mu_stream_of(3, 0, MU_DRAW_CALL_WORK, "grow");
        for (uint32_t i = 0; i < 1000; ++i) {
            const double x = mu_distribution_draw(&one, s, i), y = mu_distribution_draw(&two, s, i);
            assert_true(y >= x && y <= fmax(1.0101 * x, x + 0.11));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_drawn_has_the_distribution),
        cmocka_unit_test(the_mean_is_that_of_what_is_drawn),
        cmocka_unit_test(each_of_a_list_is_as_likely),
        cmocka_unit_test(nothing_lies_beyond_least_and_most),
        cmocka_unit_test(the_normal_quantile_is_exact),
        cmocka_unit_test(draws_grow_with_their_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
