#include "cli/duration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct time_unit {
    const char *suffix;
    double      milliseconds;
} time_unit;

static const time_unit UNITS[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};

bool duration_parse(uint32_t *out_ms, const char *text, uint32_t most_ms) {
    char        *end;
    const double number = strtod(text, &end);
    for (size_t i = 0; end != text && i < sizeof UNITS / sizeof *UNITS; ++i) {
        const double duration_ms = number * UNITS[i].milliseconds;
        if (strcmp(end, UNITS[i].suffix) != 0) continue;
        if (!(duration_ms >= 1 && duration_ms <= most_ms)) return false;
        *out_ms = (uint32_t)lround(duration_ms);
        return true;
    }
    return false;
}
