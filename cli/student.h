/* The distributions that confidence intervals of paired differences come from. */
#ifndef CLI_STUDENT_H
#define CLI_STUDENT_H

#include <stdint.h>

/* The t for which |T| <= t with probability `confidence` (in (0, 1)), T having Student's distribution
 * with `freedom` (1 or more) degrees of freedom. */
double student_two_sided(double confidence, double freedom);

/* P(X = k) for X heads in n tosses of a fair coin. */
double fair_binomial(uint32_t k, uint32_t n);

#endif
