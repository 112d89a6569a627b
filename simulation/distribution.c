/* Where there is a formula for the quantile, a draw is that of one uniform number, so that what is drawn
 * grows with it: a scenario whose mean is changed a little has a course that is changed a little. */
#include "simulation/distribution.h"

#include <math.h>

/* ---- normal -------------------------------------------------------------------------------- */

static double ratio(const double top[8], const double bottom[8], double r) {
    double a = top[7], b = bottom[7];
    for (int i = 6; i >= 0; --i) {
        a = a * r + top[i];
        b = b * r + bottom[i];
    }
    return a / b;
}

/* Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16: to about 1 in 10^16. */
double mu_normal_quantile(double p) {
    static const double A[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double B[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double C[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double D[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double E[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double F[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    const double        q    = p - 0.5;
    if (fabs(q) <= 0.425) return q * ratio(A, B, 0.180625 - q * q);
    const double r = sqrt(-log(q < 0 ? p : 1 - p));
    const double z = r <= 5 ? ratio(C, D, r - 1.6) : ratio(E, F, r - 5);
    return q < 0 ? -z : z;
}

/* ---- gamma --------------------------------------------------------------------------------- */

/* Of shape 1 or more and scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables",
 * ACM TOMS 2000. One try in 20 is refused at most; the lanes go on from `lane`. */
static double gamma_of_one_or_more(double shape, mu_stream stream, uint64_t index, uint32_t lane) {
    const double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;; lane += 2) {
        const double x = mu_normal_quantile(mu_draw_unit(stream, index, lane)), v = 1 + c * x;
        const double u = mu_draw_unit(stream, index, lane + 1), cube = v * v * v;
        if (v > 0 && log(u) < x * x / 2 + d - d * cube + d * log(cube)) return d * cube;
    }
}

/* A smaller shape by the power of one more number, as they propose. */
static double draw_gamma(double mean, double shape, mu_stream stream, uint64_t index) {
    const double scale = mean / shape;
    if (shape >= 1) return scale * gamma_of_one_or_more(shape, stream, index, 0);
    const double u = mu_draw_unit(stream, index, 0);
    return scale * gamma_of_one_or_more(shape + 1, stream, index, 1) * pow(u, 1 / shape);
}

/* ---- all of them --------------------------------------------------------------------------- */

static double triangular(double a, double b, double c, double u) {
    const double middle = c > a ? (b - a) / (c - a) : 0;
    if (u < middle) return a + sqrt(u * (c - a) * (b - a));
    return c - sqrt((1 - u) * (c - a) * (c - b));
}

static double draw(const mu_distribution *d, mu_stream stream, uint64_t index) {
    if (d->kind == MU_CONSTANT) return d->a;
    if (d->kind == MU_GAMMA) return draw_gamma(d->a, d->b, stream, index);
    if (d->kind == MU_ONE_OF) return d->value[mu_draw_below(stream, index, 0, d->value_count)];
    const double u = mu_draw_unit(stream, index, 0);
    switch (d->kind) {
    case MU_UNIFORM:
        return d->a + u * (d->b - d->a);
    case MU_TRIANGULAR:
        return triangular(d->a, d->b, d->c, u);
    case MU_EXPONENTIAL:
        return -d->a * log1p(-u);
    case MU_NORMAL:
        return d->a + d->b * mu_normal_quantile(u);
    default:
        return d->a * exp(d->b * mu_normal_quantile(u));
    }
}

double mu_distribution_draw(const mu_distribution *d, mu_stream stream, uint64_t index) {
    return fmin(fmax(draw(d, stream, index), d->least), d->most);
}

static double mean_of_values(const mu_distribution *d) {
    double sum = 0;
    for (uint32_t i = 0; i < d->value_count; ++i) sum += d->value[i];
    return sum / d->value_count;
}

double mu_distribution_mean(const mu_distribution *d) {
    switch (d->kind) {
    case MU_UNIFORM:
        return (d->a + d->b) / 2;
    case MU_TRIANGULAR:
        return (d->a + d->b + d->c) / 3;
    case MU_LOGNORMAL:
        return d->a * exp(d->b * d->b / 2);
    case MU_ONE_OF:
        return mean_of_values(d);
    default:
        return d->a;
    }
}

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct form {
    const char *key;
    uint32_t    least, most; /* numbers of its list; 0: one number, not in a list */
    const char *expected;
} form;

enum { VALUES_MOST = 100000 };

static const form FORM[MU_DISTRIBUTION_KIND_COUNT] = {
    [MU_CONSTANT]    = {"constant", 0, 0, NULL},
    [MU_UNIFORM]     = {"uniform", 2, 2, "[LEAST, MOST]"},
    [MU_TRIANGULAR]  = {"triangular", 3, 3, "[LEAST, MOST OFTEN, MOST]"},
    [MU_EXPONENTIAL] = {"exponential", 0, 0, NULL},
    [MU_NORMAL]      = {"normal", 2, 2, "[MEAN, STANDARD DEVIATION], which is 0 or more"},
    [MU_LOGNORMAL]   = {"lognormal", 2, 2, "[MEDIAN, SIGMA], SIGMA from 0 to 10"},
    [MU_GAMMA]       = {"gamma", 2, 2, "[MEAN, SHAPE], SHAPE from 0.01 to 10000"},
    [MU_ONE_OF]      = {"one_of", 1, VALUES_MOST, "1 to 100000 numbers"},
};

static bool is_in_order(const mu_distribution *d) {
    switch (d->kind) {
    case MU_UNIFORM:
        return d->a <= d->b;
    case MU_TRIANGULAR:
        return d->a <= d->b && d->b <= d->c;
    case MU_NORMAL:
        return d->b >= 0;
    case MU_LOGNORMAL:
        return d->b >= 0 && d->b <= 10;
    case MU_GAMMA:
        return d->b >= 0.01 && d->b <= 10000;
    default:
        return true;
    }
}

/* Parameters may be as large as values; those that are no values have ranges of their own. */
static muster_status read_parameters(mu_table *t, mu_distribution *d, double low, double high) {
    const form *f = &FORM[d->kind];
    if (f->most == 0) return mu_table_real(t, f->key, true, low, high, &d->a);
    const bool    is_free = d->kind == MU_NORMAL || d->kind == MU_LOGNORMAL || d->kind == MU_GAMMA;
    const double *number;
    uint32_t      count;
    MU_TRY(mu_table_reals(t, f->key, true, f->least, is_free ? fmin(low, 0) : low,
                          is_free ? fmax(high, 10000) : high, &number, &count));
    if (count > f->most) return mu_table_refuse(t, f->key, "%s", f->expected);
    d->a           = number[0];
    d->b           = count > 1 ? number[1] : 0;
    d->c           = count > 2 ? number[2] : 0;
    d->value       = number;
    d->value_count = count;
    return is_in_order(d) ? MUSTER_OK : mu_table_refuse(t, f->key, "%s", f->expected);
}

static muster_status read_form(mu_table *t, mu_distribution *d, double low, double high) {
    unsigned given = 0;
    for (unsigned k = 0; k < MU_DISTRIBUTION_KIND_COUNT; ++k) {
        if (!mu_table_ask(t, FORM[k].key)) continue;
        ++given;
        d->kind = (uint8_t)k;
    }
    MU_TRY(mu_table_real(t, "least", false, low, high, &d->least));
    MU_TRY(mu_table_real(t, "most", false, low, high, &d->most));
    MU_TRY(mu_table_end(t));
    if (given != 1) {
        return mu_table_refuse_it(t,
                                  "has %u distributions; expected one of constant, uniform, "
                                  "triangular, exponential, normal, lognormal, gamma, one_of",
                                  given);
    }
    if (d->least > d->most) return mu_table_refuse(t, "least", "at most %.12g, as most", d->most);
    return read_parameters(t, d, low, high);
}

muster_status mu_table_distribution(mu_table *t, const char *key, bool needed, double low,
                                    double high, mu_distribution *out) {
    const mu_toml  *value = mu_table_ask(t, key);
    mu_distribution d     = {.kind = MU_CONSTANT, .least = low, .most = high};
    mu_table        inside;
    char            way[MU_WAY_BYTES];
    if (!value && !needed) return MUSTER_OK;
    if (value && value->kind == MU_TOML_TABLE) {
        MU_TRY(mu_table_init(&inside, t->reading, mu_table_way(t, key, MUSTER_NONE, way), value));
        MU_TRY(read_form(&inside, &d, low, high));
    } else if (!mu_toml_number(value, &d.a) || d.a < low || d.a > high) {
        return mu_table_refuse(t, key, "a number from %.12g to %.12g, or a distribution", low,
                               high);
    }
    *out = d;
    return MUSTER_OK;
}
