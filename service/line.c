/* See line.h. Simplified by Douglas and Peucker (Cartographica 1973), with a stack of our own: a line
 * may have a hundred thousand points. */
#include "service/line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/polyline.h"

/* A point of a picture a thousand points wide. */
static const double SHARE_SEEN = 1e-3;

void mu_line_free(mu_line *line) {
    free(line->lon_deg);
    free(line->lat_deg);
    *line = (mu_line){0};
}

/* ---- adding ---------------------------------------------------------------------------- */

static bool make_room(mu_line *line, uint32_t count) {
    if (line->is_broken) return false;
    if (count <= line->room - line->count) return true;
    const uint32_t room    = 2 * line->room + count;
    double        *lon_deg = realloc(line->lon_deg, room * sizeof *lon_deg);
    if (lon_deg) line->lon_deg = lon_deg;
    double *lat_deg = realloc(line->lat_deg, room * sizeof *lat_deg);
    if (lat_deg) line->lat_deg = lat_deg;
    line->is_broken = !lon_deg || !lat_deg;
    if (!line->is_broken) line->room = room;
    return !line->is_broken;
}

void mu_line_add(mu_line *line, uint32_t count, const double *lon_deg, const double *lat_deg) {
    const uint32_t last  = line->count - 1;
    const bool     meets = line->count > 0 && count > 0 && line->lon_deg[last] == lon_deg[0] &&
                       line->lat_deg[last] == lat_deg[0];
    if (!make_room(line, count)) return;
    for (uint32_t i = meets; i < count; ++i) {
        line->lon_deg[line->count]   = lon_deg[i];
        line->lat_deg[line->count++] = lat_deg[i];
    }
}

/* ---- simplifying ----------------------------------------------------------------------- */

/* Distance of point p from the segment a-b, in degrees of latitude. */
static double distance(const mu_line *l, double shrink, uint32_t a, uint32_t b, uint32_t p) {
    const double dx = (l->lon_deg[b] - l->lon_deg[a]) * shrink, dy = l->lat_deg[b] - l->lat_deg[a];
    const double px = (l->lon_deg[p] - l->lon_deg[a]) * shrink, py = l->lat_deg[p] - l->lat_deg[a];
    const double square = dx * dx + dy * dy;
    const double t      = square > 0 ? fmin(1, fmax(0, (px * dx + py * dy) / square)) : 0;
    return hypot(px - t * dx, py - t * dy);
}

static uint32_t farthest(const mu_line *l, double shrink, uint32_t a, uint32_t b, double *out) {
    uint32_t best = a;
    *out          = 0;
    for (uint32_t p = a + 1; p < b; ++p) {
        const double d = distance(l, shrink, a, b, p);
        if (d > *out) {
            *out = d;
            best = p;
        }
    }
    return best;
}

/* Mark the points to keep. `stack` holds the right ends of the segments that are still to be judged. */
static void mark(const mu_line *l, double shrink, double tolerance, bool *keep, uint32_t *stack) {
    uint32_t left = 0, depth = 0;
    stack[depth++] = l->count - 1;
    keep[0] = keep[l->count - 1] = true;
    while (depth > 0) {
        double         away;
        const uint32_t right = stack[depth - 1];
        const uint32_t far   = farthest(l, shrink, left, right, &away);
        if (away > tolerance) {
            keep[far]      = true;
            stack[depth++] = far;
        } else {
            left = right;
            --depth;
        }
    }
}

static double extent(const mu_line *l, double shrink) {
    double west = l->lon_deg[0], east = west, south = l->lat_deg[0], north = south;
    for (uint32_t i = 1; i < l->count; ++i) {
        west  = fmin(west, l->lon_deg[i]);
        east  = fmax(east, l->lon_deg[i]);
        south = fmin(south, l->lat_deg[i]);
        north = fmax(north, l->lat_deg[i]);
    }
    return fmax((east - west) * shrink, north - south);
}

void mu_line_simplify(mu_line *line) {
    if (line->count < 3 || line->is_broken) return;
    const double shrink = cos(line->lat_deg[0] * 3.14159265358979323846 / 180);
    bool        *keep   = calloc(line->count, sizeof *keep);
    uint32_t    *stack  = malloc(line->count * sizeof *stack);
    uint32_t     count  = 0;
    line->is_broken     = !keep || !stack;
    if (!line->is_broken) {
        mark(line, shrink, extent(line, shrink) * SHARE_SEEN, keep, stack);
        for (uint32_t i = 0; i < line->count; ++i) {
            if (!keep[i]) continue;
            line->lon_deg[count]   = line->lon_deg[i];
            line->lat_deg[count++] = line->lat_deg[i];
        }
        line->count = count;
    }
    free(keep);
    free(stack);
}

/* ---- writing --------------------------------------------------------------------------- */

mu_line_form mu_line_form_of(const char *name) {
    if (!name || strcmp(name, "polyline") == 0) return MU_LINE_POLYLINE;
    return strcmp(name, "geojson") == 0 ? MU_LINE_GEOJSON : MU_LINE_POLYLINE6;
}

static void write_geojson(mu_text *text, uint32_t count, const double *lon_deg,
                          const double *lat_deg) {
    mu_text_add(text, "{\"type\":\"LineString\",\"coordinates\":[");
    for (uint32_t i = 0; i < count; ++i) {
        if (i > 0) mu_text_add_bytes(text, ",", 1);
        mu_text_position(text, lon_deg[i], lat_deg[i]);
    }
    mu_text_add(text, "]}");
}

/* Among the characters of a polyline is one that JSON escapes. */
void mu_line_write(mu_text *text, mu_line_form form, uint32_t count, const double *lon_deg,
                   const double *lat_deg) {
    if (form == MU_LINE_GEOJSON) {
        write_geojson(text, count, lon_deg, lat_deg);
        return;
    }
    mu_text line = {0};
    mu_polyline_add(&line, count, lon_deg, lat_deg, form == MU_LINE_POLYLINE6 ? 6 : 5);
    text->is_broken |= line.is_broken;
    mu_text_string(text, line.bytes && !line.is_broken ? line.bytes : "");
    mu_text_free(&line);
}
