/* Numbers as JSON has them, whatever decimal point the program has chosen by setlocale(). */
#ifndef MU_GIS_JSON_NUMBER_H
#define MU_GIS_JSON_NUMBER_H

enum { MU_JSON_NUMBER_BYTES = 40 };

/* The shortest of a finite value that reads back to the same: "120.75", "5", "-0". */
void mu_json_number(char out[MU_JSON_NUMBER_BYTES], double value);
/* With so many digits, or fewer where those behind are zeros: 17 read back to the same always. */
void mu_json_number_of_digits(char out[MU_JSON_NUMBER_BYTES], double value, int digits);

#endif
