/* See coordinates.h. strtod() takes "nan", "inf", "0x1p3" and leading spaces; only plain decimal
 * characters get that far. */
#include "service/coordinates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/polyline.h"

enum { NUMBER_BYTES = 32 };

static _Thread_local char message[160];

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

static const char *fault(const char *format, uint32_t index, const char *text) {
    snprintf(message, sizeof message, format, index, text);
    return message;
}

const char *mu_coordinate_fault(uint32_t index, double lon_deg, double lat_deg) {
    if (fabs(lon_deg) <= 180 && fabs(lat_deg) <= 90) return NULL;
    snprintf(message, sizeof message,
             "coordinate %u is at longitude %.9g, latitude %.9g; expected -180 to 180 and -90 to "
             "90, longitude first",
             index, lon_deg, lat_deg);
    return message;
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

static const char *parse_pairs(mu_coordinates *out, const char *text, size_t size) {
    char pair[2 * NUMBER_BYTES];
    for (size_t at = 0; at <= size;) {
        const char  *end    = memchr(text + at, ';', size - at);
        const size_t length = end ? (size_t)(end - text) - at : size - at;
        const bool   fits   = length < sizeof pair;
        snprintf(pair, sizeof pair, "%.*s", (int)(fits ? length : sizeof pair - 1), text + at);
        if (!fits || !parse_pair(pair, &out->lon_deg[out->count], &out->lat_deg[out->count])) {
            return fault("coordinate %u is \"%s\"; expected longitude,latitude in degrees",
                         out->count, pair);
        }
        ++out->count;
        at += length + 1;
    }
    return NULL;
}

/* What is between the brackets of "polyline(...)" or "polyline6(...)". */
static const char *parse_polyline(mu_coordinates *out, const char *text, size_t size,
                                  uint32_t room) {
    const int    decimals = text[8] == '6' ? 6 : 5;
    const size_t begin    = decimals == 6 ? 10 : 9;
    if (size > begin && text[begin - 1] == '(' && text[size - 1] == ')' &&
        mu_polyline_read(text + begin, size - begin - 1, decimals, room, &out->count, out->lon_deg,
                         out->lat_deg)) {
        return NULL;
    }
    return "the coordinates are no polyline; expected polyline(...) or polyline6(...), encoded as "
           "Google's polylines are";
}

static size_t without_format(const char *text) {
    const size_t size = strlen(text);
    return size >= 5 && strcmp(text + size - 5, ".json") == 0 ? size - 5 : size;
}

const char *mu_coordinates_parse(mu_coordinates *out, const char *text) {
    const uint32_t room = mu_coordinates_bound(text);
    const size_t   size = without_format(text);
    if (!make_room(out, room)) return "there are more coordinates than there is memory for";
    const char *wrong = strncmp(text, "polyline", 8) == 0 ? parse_polyline(out, text, size, room)
                                                          : parse_pairs(out, text, size);
    if (!wrong && out->count == 0) wrong = "there is no coordinate; expected longitude,latitude";
    if (wrong) mu_coordinates_free(out);
    return wrong;
}
