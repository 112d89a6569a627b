/* muster info: the census of a network or a scenario, as a table or as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <muster/snapshot.h>
#include <muster/store.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/network_file.h"
#include "cli/text_width.h"

enum { WHAT_WIDTH = 12, KIND_WIDTH = 24, TIER_WIDTH = 8, NUMBER_BYTES = 32 };

typedef struct info_options {
    const char *path;
    bool        is_json;
} info_options;

static error_t parse(int key, char *value, struct argp_state *state) {
    info_options *o = state->input;
    switch (key) {
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->path, value, "FILE");
    case ARGP_KEY_END:
        return o->path ? 0 : arguments_reject("no FILE; expected a network or a scenario");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {{"json", 'j', NULL, 0, "print as JSON", 0}, {0}};

static const struct argp ARGP = {.options  = OPTIONS,
                                 .parser   = parse,
                                 .args_doc = "FILE",
                                 .doc = "Say what a network or a scenario holds, and how much."};

/* ---- for people ---------------------------------------------------------------------- */

/* 1234567 as "1,234,567". */
static const char *grouped(char text[NUMBER_BYTES], int64_t number) {
    char      plain[NUMBER_BYTES];
    const int length = snprintf(plain, sizeof plain, "%" PRId64, number);
    char     *end    = text;
    for (int i = 0; i < length; ++i) {
        if (i > 0 && (length - i) % 3 == 0 && plain[i - 1] != '-') *end++ = ',';
        *end++ = plain[i];
    }
    *end = 0;
    return text;
}

/* A heading is said once, and a quantity only where rows are not units. */
static void print_count(const muster_store_count *c, const muster_store_count *above) {
    char       number[NUMBER_BYTES];
    const bool is_same = above && strcmp(above->what, c->what) == 0;
    if (above && !is_same) putchar('\n');
    text_print_padded(stdout, is_same ? "" : c->what, WHAT_WIDTH);
    fputs("  ", stdout);
    text_print_padded(stdout, c->kind, KIND_WIDTH);
    fputs("  ", stdout);
    text_print_padded(stdout, c->tier, TIER_WIDTH);
    printf("  %14s", grouped(number, c->row_count));
    if (c->quantity != c->row_count) printf("  %14s", grouped(number, c->quantity));
    putchar('\n');
}

static void print_table(const muster_store_count *counts, uint32_t count) {
    printf("%-*s  %-*s  %-*s  %14s  %14s\n", WHAT_WIDTH, "what", KIND_WIDTH, "kind", TIER_WIDTH,
           "tier", "rows", "quantity");
    for (uint32_t i = 0; i < count; ++i) print_count(&counts[i], i > 0 ? &counts[i - 1] : NULL);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static json_t *json_of(const char *path, const muster_store_count *counts, uint32_t count) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; ++i) {
        const muster_store_count *c = &counts[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I}", "what", c->what, "kind",
                                              c->kind, "tier", c->tier, "row_count",
                                              (json_int_t)c->row_count, "quantity",
                                              (json_int_t)c->quantity));
    }
    return json_pack("{s:s, s:o}", "file", network_file_name(path), "counts", list);
}

/* ---- reading ------------------------------------------------------------------------- */

static muster_status read_info(muster_store_info **out, const char *path) {
    muster_network *network;
    if (!muster_network_snapshot_is(path)) return muster_store_info_read(out, path);
    muster_status status = muster_network_snapshot_open(&network, path);
    if (status != MUSTER_OK) return status;
    status = muster_network_snapshot_check(network);
    if (status == MUSTER_OK) status = muster_store_info_of_network(out, network);
    muster_network_free(network);
    return status;
}

/* ---- the command --------------------------------------------------------------------- */

int command_info(int argc, char **argv) {
    info_options o    = {0};
    int          code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    muster_store_info  *info;
    const muster_status status = read_info(&info, o.path);
    if (status != MUSTER_OK) return command_fail_status(status);
    uint32_t                  count;
    const muster_store_count *counts = muster_store_info_counts(info, &count);
    if (o.is_json) {
        code = json_write(json_of(o.path, counts, count), "-");
    } else {
        print_table(counts, count);
    }
    muster_store_info_free(info);
    return code;
}
