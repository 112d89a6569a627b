/* See coordinates.h. strtod() takes "nan", "inf", "0x1p3" and leading spaces; only plain decimal
 * characters get that far. */
#include "service/coordinates.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/polyline.h"

enum { NUMBER_BYTES = 32 };

void mu_coordinates_free(mu_coordinates *coordinates) {
    free(coordinates->lon_deg);
    free(coordinates->lat_deg);
    *coordinates = (mu_coordinates){0};
}

bool mu_number_parse(double *out, const char *text) {
    const size_t length = strlen(text);
    char        *end;
    if (length == 0 || strspn(text, "0123456789+-.eE") != length) return false;
    *out = strtod(text, &end);
    return *end == 0 && isfinite(*out);
}

/* ---- lists ----------------------------------------------------------------------------- */

mu_list mu_list_start(const char *text, char separator) {
    return (mu_list){text, separator};
}

bool mu_list_next(mu_list *list, char out[32], bool *out_fits) {
    *out_fits = true;
    if (!list->rest) return false;
    const char  *end    = strchr(list->rest, list->separator);
    const size_t length = end ? (size_t)(end - list->rest) : strlen(list->rest);
    *out_fits           = length < NUMBER_BYTES;
    if (!*out_fits) return false;
    memcpy(out, list->rest, length);
    out[length] = 0;
    list->rest  = end ? end + 1 : NULL;
    return true;
}

/* ---- coordinates ----------------------------------------------------------------------- */

muster_status mu_coordinates_check(const mu_coordinates *c) {
    for (uint32_t i = 0; i < c->count; ++i) {
        if (fabs(c->lon_deg[i]) <= 180 && fabs(c->lat_deg[i]) <= 90) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "coordinate %" PRIu32 " is at longitude %.9g, latitude %.9g; expected "
                           "-180 to 180 and -90 to 90, longitude first",
                           i, c->lon_deg[i], c->lat_deg[i]);
    }
    return MUSTER_OK;
}

uint32_t mu_coordinates_bound(const char *text) {
    uint32_t count = 1;
    if (strncmp(text, "polyline", 8) == 0) return (uint32_t)(strlen(text) / 2 + 1);
    for (; *text != 0; ++text) count += *text == ';';
    return count;
}

static bool make_room(mu_coordinates *c, uint32_t count) {
    *c = (mu_coordinates){.lon_deg = malloc(count * sizeof(double)),
                          .lat_deg = malloc(count * sizeof(double))};
    if (c->lon_deg && c->lat_deg) return true;
    mu_coordinates_free(c);
    return false;
}

/* "120.76,30.75", in a buffer that may be written to. */
static bool parse_pair(char *text, double *out_lon_deg, double *out_lat_deg) {
    char *comma = strchr(text, ',');
    if (!comma) return false;
    *comma = 0;
    if (mu_number_parse(out_lon_deg, text) && mu_number_parse(out_lat_deg, comma + 1)) return true;
    *comma = ',';
    return false;
}

static muster_status parse_pairs(mu_coordinates *out, const char *text, size_t size) {
    char pair[2 * NUMBER_BYTES];
    for (size_t at = 0; at <= size;) {
        const char  *end    = memchr(text + at, ';', size - at);
        const size_t length = end ? (size_t)(end - text) - at : size - at;
        const bool   fits   = length < sizeof pair;
        snprintf(pair, sizeof pair, "%.*s", (int)(fits ? length : sizeof pair - 1), text + at);
        if (!fits || !parse_pair(pair, &out->lon_deg[out->count], &out->lat_deg[out->count])) {
            return muster_fail(MUSTER_E_INVALID,
                               "coordinate %" PRIu32
                               " is \"%s\"; expected longitude,latitude in degrees",
                               out->count, pair);
        }
        ++out->count;
        at += length + 1;
    }
    return MUSTER_OK;
}

/* What is between the brackets of "polyline(...)" or "polyline6(...)". */
static muster_status parse_polyline(mu_coordinates *out, const char *text, size_t size,
                                    uint32_t room) {
    const int    decimals = text[8] == '6' ? 6 : 5;
    const size_t begin    = decimals == 6 ? 10 : 9;
    if (size > begin && text[begin - 1] == '(' && text[size - 1] == ')' &&
        mu_polyline_read(text + begin, size - begin - 1, decimals, room, &out->count, out->lon_deg,
                         out->lat_deg) &&
        out->count > 0) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       "the coordinates are no polyline; expected polyline(...) or polyline6(...), "
                       "encoded as Google's polylines are, of one point or more");
}

static size_t without_format(const char *text) {
    const size_t size = strlen(text);
    return size >= 5 && strcmp(text + size - 5, ".json") == 0 ? size - 5 : size;
}

muster_status mu_coordinates_parse(mu_coordinates *out, const char *text) {
    const uint32_t room = mu_coordinates_bound(text);
    const size_t   size = without_format(text);
    if (!make_room(out, room)) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %" PRIu32 " coordinates", room);
    }
    const muster_status status = strncmp(text, "polyline", 8) == 0
                                     ? parse_polyline(out, text, size, room)
                                     : parse_pairs(out, text, size);
    if (status != MUSTER_OK) mu_coordinates_free(out);
    return status;
}
