#include "simulation/aftershock.h"

#include <math.h>

/* Nearer to 1 the integral is the logarithm, to what a double tells. */
static const double NEAR_ONE = 1e-9;

double mu_omori_integral(const mu_omori *o, double t_h) {
    const double e = 1 - o->p;
    if (fabs(e) < NEAR_ONE) return log1p(t_h / o->c_h);
    return (pow(t_h + o->c_h, e) - pow(o->c_h, e)) / e;
}

double mu_omori_time_h(const mu_omori *o, double integral) {
    const double e = 1 - o->p;
    if (fabs(e) < NEAR_ONE) return o->c_h * expm1(integral);
    return pow(integral * e + pow(o->c_h, e), 1 / e) - o->c_h;
}

double mu_gutenberg_quantile(double b, double least, double most, double u) {
    const double span = 1 - pow(10, -b * (most - least));
    return least - log10(1 - u * span) / b;
}
