/* Decimal numbers, whatever the locale. */
#ifndef MU_GIS_DECIMAL_H
#define MU_GIS_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* "-12.5" at *text, which moves behind it; false where there is none. No exponents. Numbers of up to
 * 15 digits come out exactly rounded. */
bool mu_decimal_take(const char **text, double *out);
/* The same of a text that is nothing but a number. */
bool mu_decimal_parse(const char *text, double *out);
/* A whole number of 64 bits, as strtoll() reads it, and nothing behind it. */
bool mu_whole_parse(const char *text, int64_t *out);

#endif
