/* Names of files that are a number and an ending: "00000000000000000001.journal". In the order of names they
 * are in that of their numbers. */
#ifndef MU_SESSION_NUMBERED_NAME_H
#define MU_SESSION_NUMBERED_NAME_H

#include <stdint.h>

enum { MU_NUMBERED_NAME_BYTES = 40 };

void mu_numbered_name(char name[MU_NUMBERED_NAME_BYTES], uint64_t number, const char *ending);
/* The number in front of `ending`; 0: it is no such name. */
uint64_t mu_number_of_name(const char *name, const char *ending);

#endif
