/* When aftershocks come and how large they are. */
#ifndef MU_SIMULATION_AFTERSHOCK_H
#define MU_SIMULATION_AFTERSHOCK_H

/* Their rate is in proportion to 1 / (t + c)^p, t hours after the shock (Omori 1894, in the form of Utsu 1961). */
typedef struct mu_omori {
    double c_h, p;
} mu_omori;

/* The integral of that up to t hours: what is expected until then, but for a factor. And its inverse. */
double mu_omori_integral(const mu_omori *omori, double t_h);
double mu_omori_time_h(const mu_omori *omori, double integral);

/* The magnitude below which a share u of those lie that are from `least` to `most`, of which each one unit larger
 * is 10^b times rarer (Gutenberg and Richter 1944). */
double mu_gutenberg_quantile(double b, double least, double most, double u);

#endif
