/* A way of moves.csv has a point wherever a road bends, and a time for each; on a map of a region far
 * fewer show the same. Points are left out as Douglas and Peucker do, but the distance is that between
 * where the unit was at a moment and where it would be without the point (Meratnia and de By 2004, TD-TR):
 * so a unit that stops still stops. */
#include "cli/track.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

static const double M_PER_DEG = 111195;

/* ---- reading ------------------------------------------------------------------------- */

static bool grow(void **array, uint32_t count, size_t size) {
    void *larger = realloc(*array, count * size);
    if (larger) *array = larger;
    return larger != NULL;
}

static bool reserve(track *t) {
    if (t->count < t->capacity) return true;
    const uint32_t capacity = 2 * t->capacity + 256;
    void          *lon = t->lon_deg, *lat = t->lat_deg, *at = t->at_ms, *kept = t->is_kept,
         *stack = t->stack;
    const bool ok =
        grow(&lon, capacity, sizeof *t->lon_deg) && grow(&lat, capacity, sizeof *t->lat_deg) &&
        grow(&at, capacity, sizeof *t->at_ms) && grow(&kept, capacity, sizeof *t->is_kept) &&
        grow(&stack, capacity, sizeof *t->stack);
    t->lon_deg = lon;
    t->lat_deg = lat;
    t->at_ms   = at;
    t->is_kept = kept;
    t->stack   = stack;
    if (ok) t->capacity = capacity;
    return ok;
}

/* A number of Google's encoded polyline: five bits a character, the lowest first, bit 6 if more follow,
 * the sign in the last bit. False where the text ends within it, or has other characters. */
static bool take_difference(int64_t *sum, const char **text) {
    uint64_t bits = 0;
    for (int shift = 0; shift < 35; shift += 5) {
        const int digit = (unsigned char)*(*text) - 63;
        if (digit < 0 || digit > 63) return false;
        ++*text;
        bits |= (uint64_t)(digit & 31) << shift;
        if (digit < 32) {
            *sum += (int64_t)(bits >> 1) ^ -(int64_t)(bits & 1);
            return true;
        }
    }
    return false;
}

static int fail_cell(const table_row *row, uint32_t column, const char *expected) {
    return command_fail(COMMAND_BAD_INPUT, "%s: row %u, column %s: expected %s", row->path,
                        row->line, row->column[column], expected);
}

static int fail_memory(const table_row *row) {
    return command_fail(COMMAND_ENVIRONMENT, "%s: out of memory at row %u", row->path, row->line);
}

static int take_points(track *t, const table_row *row, uint32_t column) {
    static const char EXPECTED[] = "an encoded polyline with six decimals";
    const char       *text       = row->cell[column];
    int64_t           lon = 0, lat = 0;
    t->count = 0;
    while (*text != 0) {
        if (!take_difference(&lat, &text) || !take_difference(&lon, &text) ||
            llabs(lat) > 90000000 || llabs(lon) > 180000000) {
            return fail_cell(row, column, EXPECTED);
        }
        if (!reserve(t)) return fail_memory(row);
        t->lon_deg[t->count]   = (double)lon / 1e6;
        t->lat_deg[t->count++] = (double)lat / 1e6;
    }
    return t->count > 0 ? COMMAND_DONE : fail_cell(row, column, EXPECTED);
}

/* As many as there are points, never falling. */
static int take_times(track *t, const table_row *row, uint32_t column, int64_t start_ms) {
    const char *text = row->cell[column];
    double      last = 0;
    for (uint32_t i = 0; i < t->count; ++i) {
        char *end;
        errno              = 0;
        const double value = (double)strtoll(text, &end, 10);
        if (end == text || errno != 0 || value < last || (*end != ' ' && *end != 0)) {
            return fail_cell(row, column, "rising whole numbers, one for each point");
        }
        t->at_ms[i] = (double)start_ms + value;
        last        = value;
        text        = end;
    }
    return *text == 0 ? COMMAND_DONE
                      : fail_cell(row, column, "rising whole numbers, one for each point");
}

/* ---- simplifying --------------------------------------------------------------------- */

/* How far point p is from where the unit would be then, going straight from a to b. */
static double off_m(const track *t, uint32_t a, uint32_t b, uint32_t p) {
    const double time  = t->at_ms[b] - t->at_ms[a];
    const double share = time > 0 ? (t->at_ms[p] - t->at_ms[a]) / time : 0;
    const double lon   = t->lon_deg[a] + share * (t->lon_deg[b] - t->lon_deg[a]) - t->lon_deg[p];
    const double lat   = t->lat_deg[a] + share * (t->lat_deg[b] - t->lat_deg[a]) - t->lat_deg[p];
    return hypot(lon * cos(t->lat_deg[p] * acos(-1) / 180), lat) * M_PER_DEG;
}

static uint32_t farthest(const track *t, uint32_t a, uint32_t b, double *out_m) {
    uint32_t best = a;
    *out_m        = 0;
    for (uint32_t p = a + 1; p < b; ++p) {
        const double m = off_m(t, a, b, p);
        if (m > *out_m) *out_m = m, best = p;
    }
    return best;
}

/* Mark what to keep, as polyline.c does. */
static void mark(track *t, double tolerance_m) {
    uint32_t left = 0, depth = 0;
    memset(t->is_kept, 0, t->count * sizeof *t->is_kept);
    t->is_kept[0] = true;
    if (t->count > 1) t->stack[depth++] = t->count - 1;
    while (depth > 0) {
        const uint32_t right = t->stack[depth - 1];
        double         m;
        const uint32_t middle = farthest(t, left, right, &m);
        if (m > tolerance_m) {
            t->stack[depth++] = middle;
        } else {
            t->is_kept[right] = true;
            left              = right;
            --depth;
        }
    }
}

static void pack(track *t) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->count; ++i) {
        if (!t->is_kept[i]) continue;
        t->lon_deg[kept] = t->lon_deg[i];
        t->lat_deg[kept] = t->lat_deg[i];
        t->at_ms[kept++] = t->at_ms[i];
    }
    t->count = kept;
}

int track_read(track *t, const table_row *row, uint32_t polyline, uint32_t offsets,
               int64_t start_ms) {
    if (start_ms == TABLE_NEVER) return fail_cell(row, offsets, "a start");
    const int code = take_points(t, row, polyline);
    return code == COMMAND_DONE ? take_times(t, row, offsets, start_ms) : code;
}

void track_simplify(track *t, double tolerance_m) {
    mark(t, tolerance_m);
    pack(t);
}

void track_free(track *t) {
    free(t->lon_deg);
    free(t->lat_deg);
    free(t->at_ms);
    free(t->is_kept);
    free(t->stack);
    *t = (track){0};
}
