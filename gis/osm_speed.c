/* Speed limits as mappers write them: "50", "30 mph", "50;60", "80 - 100", "walk",
 * "DE:zone:30", "CN:urban".
 *
 * The lowest number of a text counts: a network that is slower than the road is safer to
 * plan with than one that is faster. */
#include "gis/osm_values.h"

#include <math.h>
#include <string.h>

#include "gis/osm_text.h"

#define KMH_PER_MPH  1.609344
#define KMH_PER_KNOT 1.852
#define WALK_KMH     7 /* "Schrittgeschwindigkeit": 4 to 7 by German courts */

static const double MAX_SPEED_KMH = 400; /* more is a slip of the finger */

static const mu_named_number SPEED_UNITS[] = {{"km/h", 1},
                                              {"kmh", 1},
                                              {"km / h", 1},
                                              {"kph", 1},
                                              {"kmph", 1},
                                              {"mph", KMH_PER_MPH},
                                              {"knots", KMH_PER_KNOT},
                                              {"knot", KMH_PER_KNOT},
                                              {"kn", KMH_PER_KNOT},
                                              {NULL, 0}};

/* 0: known, and states no number. */
static const mu_named_number SPEED_WORDS[] = {
    {"none", 0},    {"no", 0},       {"unlimited", 0},   {"signals", 0},        {"variable", 0},
    {"default", 0}, {"implicit", 0}, {"national", 0},    {"unposted", 0},       {"unknown", 0},
    {"no_sign", 0}, {"unsigned", 0}, {"walk", WALK_KMH}, {"walking", WALK_KMH}, {NULL, 0}};

/* Limits that a country's law sets by kind of road. The first rows hold for any country,
 * the others name where it differs; after the OpenStreetMap wiki's table of default speed
 * limits and OSRM's profile. 0: no general limit. */
static const mu_named_number ZONE_SPEEDS[] = {{"urban", 50},         {"rural", 90},
                                              {"trunk", 110},        {"motorway", 130},
                                              {"living_street", 20}, {"bicycle_road", 30},
                                              {"school", 30},        {"walk", WALK_KMH},
                                              {"none", 0},           {NULL, 0}};

static const mu_named_number COUNTRY_SPEEDS[] = {{"at:rural", 100},
                                                 {"at:trunk", 100},
                                                 {"at:living_street", WALK_KMH},
                                                 {"be:motorway", 120},
                                                 {"be-bru:rural", 70},
                                                 {"be-bru:urban", 30},
                                                 {"be-vlg:rural", 70},
                                                 {"bg:motorway", 140},
                                                 {"by:urban", 60},
                                                 {"by:motorway", 110},
                                                 {"ca-on:rural", 80},
                                                 {"ch:rural", 80},
                                                 {"ch:trunk", 100},
                                                 {"ch:motorway", 120},
                                                 {"cn:rural", 70},
                                                 {"cn:trunk", 100},
                                                 {"cn:motorway", 120},
                                                 {"cz:living_street", 20},
                                                 {"de:living_street", WALK_KMH},
                                                 {"de:rural", 100},
                                                 {"de:trunk", 0},
                                                 {"de:motorway", 0},
                                                 {"dk:rural", 80},
                                                 {"es:trunk", 90},
                                                 {"es:motorway", 120},
                                                 {"es:urban", 30},
                                                 {"fi:rural", 80},
                                                 {"fi:motorway", 120},
                                                 {"fr:rural", 80},
                                                 {"gb:nsl_single", 60 * KMH_PER_MPH},
                                                 {"gb:nsl_dual", 70 * KMH_PER_MPH},
                                                 {"gb:motorway", 70 * KMH_PER_MPH},
                                                 {"gb:urban", 30 * KMH_PER_MPH},
                                                 {"nl:rural", 80},
                                                 {"nl:trunk", 100},
                                                 {"nl:motorway", 100},
                                                 {"no:rural", 80},
                                                 {"no:motorway", 110},
                                                 {"ph:urban", 20},
                                                 {"ph:rural", 80},
                                                 {"ph:motorway", 100},
                                                 {"pl:expressway", 120},
                                                 {"pl:motorway", 140},
                                                 {"pt:motorway", 120},
                                                 {"ro:trunk", 100},
                                                 {"ru:urban", 60},
                                                 {"ru:motorway", 110},
                                                 {"se:rural", 70},
                                                 {"se:motorway", 110},
                                                 {"tr:motorway", 120},
                                                 {"uk:motorway", 70 * KMH_PER_MPH},
                                                 {"uk:nsl_single", 60 * KMH_PER_MPH},
                                                 {"uk:nsl_dual", 70 * KMH_PER_MPH},
                                                 {"uk:urban", 30 * KMH_PER_MPH},
                                                 {"za:urban", 60},
                                                 {"za:rural", 100},
                                                 {"za:motorway", 120},
                                                 {NULL, 0}};

static void keep_lower(double *lowest, double value) {
    if (value < *lowest) *lowest = value;
}

/* Numbers seen so far. Those without a unit take the unit of a later one in the same
 * text: "80 - 100 mph" is 80 mph. */
typedef struct speed_list {
    double bare, with_unit_kmh, unit_kmh;
} speed_list;

static bool read_speed_numbers(const char *part, speed_list *list) {
    for (;;) {
        double value;
        if (!mu_text_read_number(&part, false, &value) || value <= 0) return false;
        const mu_named_number *unit = mu_text_read_unit(SPEED_UNITS, &part);
        if (unit) {
            list->unit_kmh = unit->value;
            keep_lower(&list->with_unit_kmh, value * unit->value);
        } else {
            keep_lower(&list->bare, value);
        }
        mu_text_skip_spaces(&part);
        if (*part == 0) return true;
        if (*part == '-' || *part == ',') ++part;
        mu_text_skip_spaces(&part);
    }
}

/* "de:zone:30", "gb:zone20", "cn:urban": two letters, perhaps a region, and a kind. */
static bool read_zone_speed(const char *part, speed_list *list) {
    const char *colon = strchr(part, ':');
    if (!colon || colon - part < 2 || (colon - part > 2 && part[2] != '-')) return false;
    const mu_named_number *law = mu_text_find_word(COUNTRY_SPEEDS, part);
    if (!law) law = mu_text_find_word(ZONE_SPEEDS, colon + 1);
    if (law) {
        if (law->value > 0) keep_lower(&list->with_unit_kmh, law->value);
        return true;
    }
    const char *rest = colon + 1;
    if (mu_text_skip_prefix(&rest, "zone")) mu_text_skip_prefix(&rest, ":");
    const bool miles =
        strncmp(part, "gb", 2) == 0 || strncmp(part, "uk", 2) == 0 || strncmp(part, "us", 2) == 0;
    double value;
    if (!mu_text_read_number(&rest, false, &value) || value <= 0 || *rest != 0) return false;
    keep_lower(&list->with_unit_kmh, miles ? value * KMH_PER_MPH : value);
    return true;
}

static bool read_speed_part(const char *part, speed_list *list) {
    const mu_named_number *word = mu_text_find_word(SPEED_WORDS, part);
    if (word) {
        if (word->value > 0) keep_lower(&list->with_unit_kmh, word->value);
        return true;
    }
    return mu_text_is_digit(*part) ? read_speed_numbers(part, list) : read_zone_speed(part, list);
}

bool mu_osm_parse_speed(const char *text, float *out_kmh) {
    speed_list list     = {INFINITY, INFINITY, 1};
    bool       too_long = false, any = false;
    char       part[MU_TEXT_PART_BYTES];
    *out_kmh = 0;
    while (mu_text_next_part(&text, part, &too_long)) {
        if (part[0] != 0 && !read_speed_part(part, &list)) return false;
        any |= part[0] != 0;
    }
    const double kmh = fmin(list.bare * list.unit_kmh, list.with_unit_kmh);
    if (too_long || !any || (isfinite(kmh) && (kmh < 1 || kmh > MAX_SPEED_KMH))) return false;
    *out_kmh = isfinite(kmh) ? (float)kmh : 0;
    return true;
}
