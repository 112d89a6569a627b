/* muster profiles: what the built-in profiles are, or those of a file, as a table that people can
 * compare, or as a file that can be edited. */
#include <stdio.h>

#include <muster/profile_file.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/text_width.h"

enum { KEY_JSON = 0x100 };
enum { LABEL_WIDTH = 14, COLUMN_WIDTH = 11, COLUMNS = 6, CELL_BYTES = 32 };

typedef struct profiles_options {
    const char *file; /* NULL: the built-in ones */
    bool        is_json;
} profiles_options;

static const struct argp_option OPTIONS[] = {
    {"json", KEY_JSON, NULL, 0, "print them as a file for --profiles", 0}, {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    profiles_options *o = state->input;
    switch (key) {
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->file, value, "FILE.json");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "[FILE.json]",
    .doc      = "Show the built-in profiles, or check a file of profiles and show those.\v"
                "A file of one's own begins best with what --json prints, or with one profile that "
                "extends another: docs/profiles.md."};

static bool flies(const muster_profile *p) {
    return p->flight_speed_kmh > 0;
}

/* ---- cells --------------------------------------------------------------------------- */

/* Times in seconds, and "-" for 0: no limit, none, not used. */
static void print_number(double value) {
    char text[CELL_BYTES] = "-";
    if (value > 0) snprintf(text, sizeof text, "%.7g", value);
    printf("%*s", COLUMN_WIDTH, text);
}

static void print_access(const muster_profile *p) {
    char text[CELL_BYTES];
    snprintf(text, sizeof text, "%s%s%s", p->access & MUSTER_ACCESS_LIGHT ? "L" : "",
             p->access & MUSTER_ACCESS_HEAVY ? "H" : "",
             p->access & MUSTER_ACCESS_EMERGENCY ? "E" : "");
    printf("%*s", COLUMN_WIDTH, text[0] ? text : "-");
}

static void print_water(const muster_profile *p) {
    printf("%*s", COLUMN_WIDTH, flies(p) ? "-" : muster_water_name((muster_water)p->water));
}

static void print_protected(const muster_profile *p) {
    printf("%*s", COLUMN_WIDTH, p->is_protected ? "yes" : "-");
}

static void print_turn_ban(const muster_profile *p) {
    if (p->turn_ban_penalty_ms < MUSTER_UNREACHABLE_MS) {
        printf("%*.7g", COLUMN_WIDTH, p->turn_ban_penalty_ms / 1000.0);
    } else {
        printf("%*s", COLUMN_WIDTH, flies(p) ? "-" : "never");
    }
}

/* ---- rows ---------------------------------------------------------------------------- */

typedef double (*number_of)(const muster_profile *p);

static double contraflow(const muster_profile *p) {
    return p->contraflow_factor;
}
static double factor(const muster_profile *p) {
    return flies(p) ? 0 : p->speed_factor;
}
static double max_speed(const muster_profile *p) {
    return p->max_speed_kmh;
}
static double height(const muster_profile *p) {
    return p->height_m;
}
static double width(const muster_profile *p) {
    return p->width_m;
}
static double weight(const muster_profile *p) {
    return p->weight_t;
}
static double turnout(const muster_profile *p) {
    return p->turnout_ms / 1000.0;
}
static double wading(const muster_profile *p) {
    return p->water == MUSTER_WATER_BLOCKED || flies(p) ? 0 : p->wading_depth_m;
}
static double boat_speed(const muster_profile *p) {
    return p->water == MUSTER_WATER_FLOAT ? p->boat_speed_kmh : 0;
}
static double boat_depth(const muster_profile *p) {
    return p->water == MUSTER_WATER_FLOAT ? p->boat_depth_m : 0;
}
static double flight_speed(const muster_profile *p) {
    return p->flight_speed_kmh;
}
static double setup(const muster_profile *p) {
    return flies(p) ? p->setup_ms / 1000.0 : 0;
}

static void print_numbers(const char *label, number_of number, const muster_profile *p,
                          uint32_t count) {
    printf("%-*s", LABEL_WIDTH, label);
    for (uint32_t i = 0; i < count; ++i) print_number(number(&p[i]));
    putchar('\n');
}

static void print_cells(const char           *label, void (*print)(const muster_profile *),
                        const muster_profile *p, uint32_t count) {
    printf("%-*s", LABEL_WIDTH, label);
    for (uint32_t i = 0; i < count; ++i) print(&p[i]);
    putchar('\n');
}

static void print_speeds(const muster_profile *p, uint32_t count) {
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        printf("%-*s", LABEL_WIDTH, muster_road_class_name((muster_road_class)c));
        for (uint32_t i = 0; i < count; ++i) print_number(p[i].speed_kmh[c]);
        putchar('\n');
    }
}

static void print_names(const muster_profile *p, uint32_t count) {
    printf("%-*s", LABEL_WIDTH, "");
    for (uint32_t i = 0; i < count; ++i) {
        putchar(' ');
        text_print_right(stdout, p[i].name, COLUMN_WIDTH - 1);
    }
    putchar('\n');
}

static void print_table(const muster_profile *p, uint32_t count) {
    print_names(p, count);
    print_cells("access", print_access, p, count);
    puts("km/h where a road states no speed");
    print_speeds(p, count);
    print_numbers("times stated", factor, p, count);
    print_numbers("at most", max_speed, p, count);
    puts("limits and penalties");
    print_numbers("height m", height, p, count);
    print_numbers("width m", width, p, count);
    print_numbers("weight t", weight, p, count);
    print_numbers("contraflow x", contraflow, p, count);
    print_cells("turn ban s", print_turn_ban, p, count);
    print_numbers("turnout s", turnout, p, count);
    puts("water and air");
    print_cells("water", print_water, p, count);
    print_numbers("wades m", wading, p, count);
    print_numbers("boat km/h", boat_speed, p, count);
    print_numbers("boat from m", boat_depth, p, count);
    print_numbers("flies km/h", flight_speed, p, count);
    print_numbers("setup s", setup, p, count);
    print_cells("protected", print_protected, p, count);
}

static void print_tables(const muster_profile *p, uint32_t count) {
    for (uint32_t first = 0; first < count; first += COLUMNS) {
        const uint32_t left = count - first;
        if (first > 0) putchar('\n');
        print_table(p + first, left < COLUMNS ? left : COLUMNS);
    }
    puts("\naccess: L light, H heavy, E emergency. -: none, no limit, or not used.");
}

/* ---- the command --------------------------------------------------------------------- */

static int print_json(const muster_profile *p, uint32_t count) {
    char               *text;
    const muster_status status = muster_profiles_text(&text, count, p);
    if (status != MUSTER_OK) return command_fail_status(status);
    puts(text);
    muster_profiles_text_free(text);
    return COMMAND_DONE;
}

int command_profiles(int argc, char **argv) {
    profiles_options o = {0};
    muster_profiles *set;
    uint32_t         count, file_count;
    int              code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    const muster_status status = muster_profiles_read(&set, o.file);
    if (status != MUSTER_OK) return command_fail_status(status);
    const muster_profile *list = muster_profiles_list(set, &count, &file_count);
    if (o.file) count = file_count;
    if (o.is_json) {
        code = print_json(list, count);
    } else {
        print_tables(list, count);
    }
    muster_profiles_free(set);
    return code;
}
