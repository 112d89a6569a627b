/* See polyline.h. "Encoded Polyline Algorithm Format", Google Maps Platform: differences to the
 * point before, latitude first, sign in the lowest bit, five bits a character from '?' on, the
 * lowest first, 32 added to all but the last. */
#include "service/polyline.h"

#include <math.h>
#include <stdlib.h>

enum { MORE = 0x20, LOWEST = '?', HIGHEST = '~', MAX_SHIFT = 40 };

/* More than 180 degrees of either precision: what is farther out is no place, and sums stay small. */
static const int64_t FARTHEST = 1000000000;

static double scale_of(int decimals) {
    return decimals == 6 ? 1e6 : 1e5;
}

static void add_number(mu_text *text, int64_t value) {
    char     out[16];
    size_t   length = 0;
    uint64_t bits   = (uint64_t)value << 1;
    if (value < 0) bits = ~bits;
    for (; bits >= MORE; bits >>= 5) out[length++] = (char)(LOWEST + (MORE | (bits & 0x1F)));
    out[length++] = (char)(LOWEST + bits);
    mu_text_add_bytes(text, out, length);
}

void mu_polyline_add(mu_text *text, uint32_t count, const double *lon_deg, const double *lat_deg,
                     int decimals) {
    const double scale = scale_of(decimals);
    int64_t      lon = 0, lat = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const int64_t next_lon = llround(lon_deg[i] * scale),
                      next_lat = llround(lat_deg[i] * scale);
        add_number(text, next_lat - lat);
        add_number(text, next_lon - lon);
        lon = next_lon;
        lat = next_lat;
    }
}

/* The number at text[*at]; false where there is none. */
static bool read_number(const char *text, size_t size, size_t *at, int64_t *out) {
    uint64_t bits = 0;
    for (unsigned shift = 0; *at < size && shift <= MAX_SHIFT; shift += 5) {
        const char c = text[(*at)++];
        if (c < LOWEST || c > HIGHEST) return false;
        const uint64_t part = (uint64_t)(c - LOWEST);
        bits |= (part & 0x1F) << shift;
        if (part >= MORE) continue;
        *out = bits & 1 ? -(int64_t)(bits >> 1) - 1 : (int64_t)(bits >> 1);
        return true;
    }
    return false;
}

bool mu_polyline_read(const char *text, size_t size, int decimals, uint32_t room,
                      uint32_t *out_count, double *out_lon_deg, double *out_lat_deg) {
    const double scale = scale_of(decimals);
    int64_t      lon = 0, lat = 0;
    *out_count = 0;
    for (size_t at = 0; at < size;) {
        int64_t lat_step, lon_step;
        if (!read_number(text, size, &at, &lat_step)) return false;
        if (!read_number(text, size, &at, &lon_step)) return false;
        if (*out_count == room) return false;
        lat += lat_step;
        lon += lon_step;
        if (llabs(lat) > FARTHEST || llabs(lon) > FARTHEST) return false;
        out_lon_deg[*out_count] = (double)lon / scale;
        out_lat_deg[*out_count] = (double)lat / scale;
        ++*out_count;
    }
    return true;
}
