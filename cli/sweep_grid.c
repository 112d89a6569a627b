#include "cli/sweep_grid.h"

#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"

/* ---- cutting ------------------------------------------------------------------------- */

/* The length of the value that begins at `text`: up to a comma that is its own of nobody. */
static size_t value_length(const char *text) {
    int    depth = 0;
    char   quote = 0;
    size_t i     = 0;
    for (; text[i] != 0; ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\' && quote == '"' && text[i + 1] != 0) ++i;
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (c == ']' || c == '}') {
            --depth;
        } else if (c == ',' && depth == 0) {
            break;
        }
    }
    return i;
}

static char *trimmed(const char *text, size_t length) {
    while (length > 0 && *text == ' ') ++text, --length;
    while (length > 0 && text[length - 1] == ' ') --length;
    return strndup(text, length);
}

static error_t fail(const char *text, const char *expected) {
    const bool is_long = strlen(text) > 60;
    return arguments_reject("--grid is \"%.60s%s\"; expected %s", text, is_long ? "..." : "",
                            expected);
}

static error_t fail_memory(void) {
    return arguments_reject("out of memory");
}

/* ---- axes ---------------------------------------------------------------------------- */

static error_t add_value(grid_axis *axis, const char *text, const char *at, size_t length) {
    char *value = trimmed(at, length);
    if (!value) return fail_memory();
    axis->value[axis->count++] = value;
    if (*value == 0) return fail(text, "a value before, after and between commas");
    for (uint32_t i = 0; i + 1 < axis->count; ++i) {
        if (strcmp(axis->value[i], value) == 0) return fail(text, "each value once");
    }
    return 0;
}

static error_t add_values(grid_axis *axis, const char *text, const char *values) {
    axis->value = calloc(GRID_MOST_VALUES, sizeof(void *));
    if (!axis->value) return fail_memory();
    for (const char *at = values;; ++at) {
        const size_t length = value_length(at);
        if (axis->count == GRID_MOST_VALUES) return fail(text, "1000 values at most");
        const error_t code = add_value(axis, text, at, length);
        if (code != 0) return code;
        at += length;
        if (*at == 0) return 0;
    }
}

static bool has_key(const sweep_grid *g, const char *key) {
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        if (strcmp(g->axis[a].key, key) == 0) return true;
    }
    return false;
}

error_t sweep_grid_add(sweep_grid *g, const char *text) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) return fail(text, "KEY=V1,V2,...");
    if (g->axis_count == GRID_MOST_AXES) return fail(text, "16 keys at most");
    char *key = trimmed(text, (size_t)(equals - text));
    if (!key) return fail_memory();
    const bool is_twice = has_key(g, key);
    grid_axis *axis     = &g->axis[g->axis_count++];
    axis->key           = key;
    if (is_twice) return fail(text, "each key once");
    const error_t code = add_values(axis, text, equals + 1);
    if (code != 0) return code;
    return sweep_grid_count(g) > 0 ? 0 : fail(text, "100000 points at most, of all keys together");
}

/* ---- points -------------------------------------------------------------------------- */

/* 0: too many. */
uint32_t sweep_grid_count(const sweep_grid *g) {
    uint64_t count = 1;
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        count *= g->axis[a].count;
        if (count > GRID_MOST_POINTS) return 0;
    }
    return (uint32_t)count;
}

const char *sweep_grid_value(const sweep_grid *g, uint32_t point, uint32_t axis) {
    for (uint32_t a = g->axis_count; a-- > axis + 1;) point /= g->axis[a].count;
    return g->axis[axis].value[point % g->axis[axis].count];
}

void sweep_grid_free(sweep_grid *g) {
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        for (uint32_t i = 0; i < g->axis[a].count; ++i) free(g->axis[a].value[i]);
        free(g->axis[a].value);
        free(g->axis[a].key);
    }
    *g = (sweep_grid){0};
}
