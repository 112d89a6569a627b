/* A line is simplified (Douglas and Peucker 1973) and written as the number of its points and
 * then each point as its difference from the one before, also across lines: neighbours in
 * the file are neighbours on the map. Numbers are zigzag varints, as in Protocol Buffers, so
 * that a step of up to 63 m is one byte. */
#include "cli/polyline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE_STEPS = 2;

/* ---- simplifying --------------------------------------------------------------------- */

/* Distance of point p from the segment a-b, in steps of latitude. */
static double distance(const double *x, const double *y, uint32_t a, uint32_t b, uint32_t p) {
    const double dx = x[b] - x[a], dy = y[b] - y[a];
    const double square = dx * dx + dy * dy;
    double       t      = square > 0 ? ((x[p] - x[a]) * dx + (y[p] - y[a]) * dy) / square : 0;
    t                   = fmin(fmax(t, 0), 1);
    return hypot(x[p] - x[a] - t * dx, y[p] - y[a] - t * dy);
}

static uint32_t farthest(const double *x, const double *y, uint32_t a, uint32_t b, double *out) {
    uint32_t best = a;
    *out          = 0;
    for (uint32_t p = a + 1; p < b; ++p) {
        const double d = distance(x, y, a, b, p);
        if (d > *out) *out = d, best = p;
    }
    return best;
}

/* Mark the points to keep. `stack` holds the right ends of segments still to be judged: they
 * grow to the right, so `count` entries suffice. */
static void mark(bool *keep, uint32_t *stack, uint32_t count, const double *x, const double *y) {
    uint32_t left = 0, depth = 0;
    stack[depth++] = count - 1;
    keep[0]        = true;
    while (depth > 0) {
        const uint32_t right = stack[depth - 1];
        double         off;
        const uint32_t middle = farthest(x, y, left, right, &off);
        if (off > TOLERANCE_STEPS) {
            stack[depth++] = middle;
        } else {
            keep[right] = true;
            left        = right;
            --depth;
        }
    }
}

/* ---- writing ------------------------------------------------------------------------- */

static bool reserve(polyline_writer *writer, size_t more) {
    if (writer->is_out_of_memory) return false;
    if (writer->capacity - writer->size >= more) return true;
    const size_t   capacity  = writer->capacity * 2 + more + 4096;
    unsigned char *bytes     = realloc(writer->bytes, capacity);
    writer->is_out_of_memory = !bytes;
    if (!bytes) return false;
    writer->bytes    = bytes;
    writer->capacity = capacity;
    return true;
}

static void put_varint(polyline_writer *writer, uint32_t number) {
    if (!reserve(writer, 5)) return;
    for (; number >= 0x80; number >>= 7) {
        writer->bytes[writer->size++] = (unsigned char)(number | 0x80);
    }
    writer->bytes[writer->size++] = (unsigned char)number;
}

static void put_difference(polyline_writer *writer, int32_t from, int32_t to) {
    const int32_t difference = to - from; /* at most 360 degrees: far from overflow */
    put_varint(writer, ((uint32_t)difference << 1) ^ (uint32_t)(difference < 0 ? -1 : 0));
}

static void put_point(polyline_writer *writer, double lon_deg, double lat_deg) {
    const int32_t lon = (int32_t)lround(lon_deg * POLYLINE_STEPS_PER_DEG);
    const int32_t lat = (int32_t)lround(lat_deg * POLYLINE_STEPS_PER_DEG);
    put_difference(writer, writer->lon, lon);
    put_difference(writer, writer->lat, lat);
    writer->lon = lon;
    writer->lat = lat;
}

static void put_kept(polyline_writer *writer, uint32_t count, const bool *keep,
                     const double *lon_deg, const double *lat_deg) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) kept += keep[i];
    put_varint(writer, kept);
    for (uint32_t i = 0; i < count; ++i) {
        if (keep[i]) put_point(writer, lon_deg[i], lat_deg[i]);
    }
}

void polyline_add(polyline_writer *writer, uint32_t count, const double *lon_deg,
                  const double *lat_deg) {
    double   *x     = malloc(count * sizeof *x);
    double   *y     = malloc(count * sizeof *y);
    uint32_t *stack = malloc(count * sizeof *stack);
    bool     *keep  = calloc(count, sizeof *keep);
    if (x && y && stack && keep) {
        const double shrink = cos(lat_deg[0] * acos(-1) / 180); /* a step of longitude is shorter */
        for (uint32_t i = 0; i < count; ++i) {
            x[i] = (lon_deg[i] - lon_deg[0]) * shrink * POLYLINE_STEPS_PER_DEG;
            y[i] = (lat_deg[i] - lat_deg[0]) * POLYLINE_STEPS_PER_DEG;
        }
        mark(keep, stack, count, x, y);
        put_kept(writer, count, keep, lon_deg, lat_deg);
    } else {
        writer->is_out_of_memory = true;
    }
    free(x);
    free(y);
    free(stack);
    free(keep);
}

void polyline_add_all(polyline_writer *writer, uint32_t count, const double *lon_deg,
                      const double *lat_deg) {
    put_varint(writer, count);
    for (uint32_t i = 0; i < count; ++i) put_point(writer, lon_deg[i], lat_deg[i]);
}

char *polyline_base64(const polyline_writer *writer) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = writer->is_out_of_memory ? NULL : malloc((writer->size + 2) / 3 * 4 + 1);
    char *c    = text;
    if (!text) return NULL;
    for (size_t i = 0; i < writer->size; i += 3) {
        const size_t left = writer->size - i;
        uint32_t     bits = (uint32_t)writer->bytes[i] << 16;
        if (left > 1) bits |= (uint32_t)writer->bytes[i + 1] << 8;
        if (left > 2) bits |= writer->bytes[i + 2];
        *c++ = DIGITS[bits >> 18];
        *c++ = DIGITS[bits >> 12 & 63];
        *c++ = left > 1 ? DIGITS[bits >> 6 & 63] : '=';
        *c++ = left > 2 ? DIGITS[bits & 63] : '=';
    }
    *c = 0;
    return text;
}

void polyline_fini(polyline_writer *writer) {
    free(writer->bytes);
    *writer = (polyline_writer){0};
}
