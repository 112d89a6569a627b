/* Heights, weights, durations and layers; see osm_values.h. Speeds are in osm_speed.c. */
#include "gis/osm_values.h"

#include <math.h>
#include <string.h>

#include <muster/api.h>

#include "gis/osm_text.h"

/* ---- heights and weights ------------------------------------------------------------- */

static const mu_named_number HEIGHT_UNITS[] = {{"metres", 1},
                                               {"meters", 1},
                                               {"metre", 1},
                                               {"meter", 1},
                                               {"cm", 0.01},
                                               {"m", 1},
                                               {"feet", 0.3048},
                                               {"ft", 0.3048},
                                               {"''", 0.0254},
                                               {"'", 0.3048},
                                               {"\xE2\x80\x99", 0.3048},
                                               {"\xE2\x80\xB2", 0.3048},
                                               {"inches", 0.0254},
                                               {"inch", 0.0254},
                                               {"in", 0.0254},
                                               {"\"", 0.0254},
                                               {"\xE2\x80\x9D", 0.0254},
                                               {"\xE2\x80\xB3", 0.0254},
                                               {NULL, 0}};

static const mu_named_number WEIGHT_UNITS[] = {{"tonnes", 1},
                                               {"tonne", 1},
                                               {"tons", 1},
                                               {"ton", 1},
                                               {"t", 1},
                                               {"kgs", 0.001},
                                               {"kg", 0.001},
                                               {"lbs", 0.00045359237},
                                               {"lb", 0.00045359237},
                                               {"cwt", 0.0508023},
                                               {"st", 0.90718474},
                                               {NULL, 0}};

/* Signs that state no number: nothing is limited, or nobody measured. */
static const mu_named_number NO_LIMIT[] = {
    {"none", 0},    {"no", 0},       {"default", 0},  {"below_default", 0},  {"unlimited", 0},
    {"no_sign", 0}, {"unsigned", 0}, {"unmarked", 0}, {"no_indications", 0}, {NULL, 0}};

static const double MIN_HEIGHT_M = 0.5, MAX_HEIGHT_M = 100;
static const double MIN_WEIGHT_T = 0.1, MAX_WEIGHT_T = 1000;

/* Numbers with units, added up: 11'6" is 11 feet and 6 inches. Only the first number may
 * go without a unit, and then stands alone. */
static bool read_sum(const char *part, const mu_named_number *units, double *out) {
    *out = 0;
    do {
        double value;
        if (!mu_text_read_number(&part, true, &value)) return false;
        const mu_named_number *unit = mu_text_read_unit(units, &part);
        if (!unit) {
            *out += value;
            return *out == value && *part == 0;
        }
        *out += value * unit->value;
        mu_text_skip_spaces(&part);
    } while (*part != 0);
    return true;
}

/* The lowest limit of a list, 0 where it states none. */
static bool read_limit(const char *text, const mu_named_number *units, double min, double max,
                       float *out) {
    double lowest   = INFINITY;
    bool   too_long = false;
    char   part[MU_TEXT_PART_BYTES];
    *out = 0;
    if (*text == 0) return false;
    while (mu_text_next_part(&text, part, &too_long)) {
        double value;
        if (part[0] == 0 || mu_text_find_word(NO_LIMIT, part)) continue;
        if (!read_sum(part, units, &value) || value < min || value > max) return false;
        lowest = fmin(lowest, value);
    }
    if (too_long) return false;
    *out = isfinite(lowest) ? (float)lowest : 0;
    return true;
}

bool mu_osm_parse_height(const char *text, float *out_m) {
    return read_limit(text, HEIGHT_UNITS, MIN_HEIGHT_M, MAX_HEIGHT_M, out_m);
}

bool mu_osm_parse_weight(const char *text, float *out_t) {
    return read_limit(text, WEIGHT_UNITS, MIN_WEIGHT_T, MAX_WEIGHT_T, out_t);
}

/* ---- durations ------------------------------------------------------------------------- */

static const double MAX_DURATION_S = 7 * 86400; /* no ferry sails for more than a week */

static const mu_named_number ISO_UNITS[] = {
    {"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}, {NULL, 0}};
static const mu_named_number TIME_UNITS[] = {
    {"minutes", 60}, {"minute", 60}, {"mins", 60}, {"min", 60},  {"m", 60}, {"hours", 3600},
    {"hour", 3600},  {"h", 3600},    {"s", 1},     {"d", 86400}, {NULL, 0}};

/* "30" minutes, "1:30" hours, "1:30:00". */
static bool read_clock(const char *part, double *out_s) {
    double field[3];
    int    count = 0;
    do {
        if (count == 3 || !mu_text_read_number(&part, false, &field[count])) return false;
        ++count;
    } while (mu_text_skip_prefix(&part, ":"));
    if (count == 1) *out_s = field[0] * 60;
    if (count >= 2) *out_s = field[0] * 3600 + field[1] * 60;
    if (count == 3) *out_s += field[2];
    return *part == 0;
}

/* "1 h 30 min", or "1h30m" as ISO 8601 has it behind its letters P and T. */
static bool read_units(const char *part, const mu_named_number *units, double *out_s) {
    *out_s = 0;
    while (*part != 0) {
        double value;
        if (units == ISO_UNITS) mu_text_skip_prefix(&part, "t");
        if (!mu_text_read_number(&part, false, &value)) return false;
        const mu_named_number *unit = mu_text_read_unit(units, &part);
        if (!unit) return false;
        *out_s += value * unit->value;
        mu_text_skip_spaces(&part);
    }
    return true;
}

bool mu_osm_parse_duration(const char *text, uint32_t *out_ms) {
    char        buffer[MU_TEXT_PART_BYTES];
    const char *part     = buffer;
    bool        too_long = false;
    double      seconds  = 0;
    *out_ms              = MUSTER_NONE;
    if (!mu_text_next_part(&text, buffer, &too_long) || *text != 0) return false;
    const bool understood =
        mu_text_skip_prefix(&part, "p")
            ? read_units(part, ISO_UNITS, &seconds)
            : read_clock(part, &seconds) || read_units(part, TIME_UNITS, &seconds);
    if (!understood || !(seconds > 0 && seconds <= MAX_DURATION_S)) return false;
    *out_ms = (uint32_t)(seconds * 1000 + 0.5);
    return true;
}

/* ---- layers ------------------------------------------------------------------------------ */

int8_t mu_osm_parse_layer(const char *text) {
    mu_text_skip_spaces(&text);
    const bool negative = *text == '-';
    if (negative || *text == '+') ++text;
    int value = 0;
    for (; mu_text_is_digit(*text) && value <= -INT8_MIN; ++text)
        value = value * 10 + (*text - '0');
    if (negative) value = -value;
    return (int8_t)(value > INT8_MAX ? INT8_MAX : value < INT8_MIN ? INT8_MIN : value);
}
