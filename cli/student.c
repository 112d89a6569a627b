/* Student's distribution by the regularized incomplete beta function,
 *
 *     P(|T| <= t) = 1 - I_x(v / 2, 1 / 2),   x = v / (v + t^2),
 *
 * (Abramowitz and Stegun 1964, 26.7.1), whose continued fraction (DLMF 8.17.22) is evaluated by the
 * modified method of Lentz (Thompson and Barnett 1986). It converges fast where x < (a + 1) / (a + b + 2);
 * elsewhere I_x(a, b) = 1 - I_(1-x)(b, a). The quantile is found by bisection, which nothing can mislead:
 * the probability rises with t. Compared with SciPy's and with printed tables in tests/unit/test_student.c. */
#include "cli/student.h"

#include <float.h>
#include <math.h>

/* A thousand terms are far more than 1e6 degrees of freedom need. */
enum { MAX_TERMS = 1000, MAX_HALVINGS = 200 };

/* What Lentz puts in the place of a zero. */
static const double TINY = 1e-300;

static double not_zero(double x) {
    return fabs(x) < TINY ? TINY : x;
}

/* The numerator of term 2m, and of term 2m + 1. */
static double even_term(double a, double b, double x, double m) {
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
}
static double odd_term(double a, double b, double x, double m) {
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
}

static double continued_fraction(double a, double b, double x) {
    double c = 1, d = 1 / not_zero(1 + odd_term(a, b, x, 0)), value = d;
    for (int m = 1; m < MAX_TERMS; ++m) {
        const double term[2] = {even_term(a, b, x, m), odd_term(a, b, x, m)};
        double       last    = 1;
        for (int i = 0; i < 2; ++i) {
            d    = 1 / not_zero(1 + term[i] * d);
            c    = not_zero(1 + term[i] / c);
            last = c * d;
            value *= last;
        }
        if (fabs(last - 1) < 4 * DBL_EPSILON) break;
    }
    return value;
}

/* By the continued fraction itself; right for any x, and fast for a small one. */
static double small_incomplete_beta(double a, double b, double x, double y) {
    const double front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y);
    return exp(front) * continued_fraction(a, b, x) / a;
}

/* I_x(a, b), `y` being 1 - x, told apart so that neither loses its digits beside 1. */
static double incomplete_beta(double a, double b, double x, double y) {
    if (x <= 0) return 0;
    if (y <= 0) return 1;
    if (x >= (a + 1) / (a + b + 2)) return 1 - small_incomplete_beta(b, a, y, x);
    return small_incomplete_beta(a, b, x, y);
}

/* P(|T| > t). */
static double beyond(double t, double freedom) {
    const double square = t * t, whole = freedom + square;
    return incomplete_beta(freedom / 2, 0.5, freedom / whole, square / whole);
}

double student_two_sided(double confidence, double freedom) {
    const double outside = 1 - confidence;
    double       low = 0, high = 1;
    while (beyond(high, freedom) > outside && high < 1e150) high *= 2;
    for (int i = 0; i < MAX_HALVINGS && high - low > DBL_EPSILON * high; ++i) {
        const double middle = low + (high - low) / 2;
        if (beyond(middle, freedom) > outside) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* By logarithms: 2^-n underflows past n = 1074. */
double fair_binomial(uint32_t k, uint32_t n) {
    return exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) -
               n * log(2));
}
