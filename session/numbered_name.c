#include "session/numbered_name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mu_numbered_name(char name[MU_NUMBERED_NAME_BYTES], uint64_t number, const char *ending) {
    snprintf(name, MU_NUMBERED_NAME_BYTES, "%020" PRIu64 "%s", number, ending);
}

uint64_t mu_number_of_name(const char *name, const char *ending) {
    char  again[MU_NUMBERED_NAME_BYTES];
    char *end;
    if (name[0] < '0' || name[0] > '9') return 0;
    errno                 = 0;
    const uint64_t number = strtoull(name, &end, 10);
    mu_numbered_name(again, number, ending);
    return errno == 0 && strcmp(name, again) == 0 ? number : 0;
}
