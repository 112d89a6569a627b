/* Coordinates from the command line and from CSV files, under the same rules.
 *
 * strtod() takes "nan", "inf", "0x1p3" and leading spaces; none of them is a coordinate that
 * somebody meant, so only plain decimal characters get that far. The command never calls
 * setlocale(), so the decimal point is a point. */
#include "cli/site.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

enum { COORDINATE_BYTES = 64 };

#define SWAPPED "; longitude comes first: are the two swapped? See --swap"

bool number_parse(double *out, const char *text) {
    const size_t length = strlen(text);
    char        *end;
    if (length == 0 || strspn(text, "0123456789+-.eE") != length) return false;
    *out = strtod(text, &end);
    return *end == 0 && isfinite(*out);
}

const char *longitude_expected(double lon_deg) {
    return fabs(lon_deg) <= 180 ? NULL : "a longitude from -180 to 180";
}

const char *latitude_expected(double lat_deg, double lon_deg) {
    if (fabs(lat_deg) <= 90) return NULL;
    return fabs(lat_deg) <= 180 && fabs(lon_deg) <= 90 ? "a latitude from -90 to 90" SWAPPED
                                                       : "a latitude from -90 to 90";
}

/* The comma's two sides as numbers. */
static bool parse_pair(muster_site *out, const char *text) {
    char         lon[COORDINATE_BYTES];
    const size_t length = strcspn(text, ",");
    if (text[length] != ',' || length >= sizeof lon) return false;
    memcpy(lon, text, length);
    lon[length] = 0;
    return number_parse(&out->lon_deg, lon) && number_parse(&out->lat_deg, text + length + 1);
}

static int fail_to_parse(const char *option, const char *text, bool is_projected) {
    return command_fail(COMMAND_USAGE, "%s is \"%s\"; expected %s", option, text,
                        is_projected ? "X,Y: easting, northing, as in 572917.5,3404150.2"
                                     : "LON,LAT in degrees, as in 120.7612,30.7534");
}

int site_parse(muster_site *out, const char *option, const char *text,
               const coordinate_system *system) {
    if (!parse_pair(out, text)) {
        return fail_to_parse(option, text, coordinate_system_is_projected(system));
    }
    if (coordinate_system_convert(system, 1, &out->lon_deg, &out->lat_deg) != MUSTER_OK) {
        return command_fail(COMMAND_USAGE, "%s: %s", option, muster_error_message());
    }
    const char *expected = longitude_expected(out->lon_deg);
    if (expected) {
        return command_fail(COMMAND_USAGE, "%s %s has the longitude %.15g; expected %s", option,
                            text, out->lon_deg, expected);
    }
    expected = latitude_expected(out->lat_deg, out->lon_deg);
    if (!expected) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE, "%s %s has the latitude %.15g; expected %s", option, text,
                        out->lat_deg, expected);
}

bool site_looks_swapped(const muster_site *site, const muster_metric *metric,
                        char expected[EXTENT_TEXT_BYTES]) {
    const muster_extent extent = muster_network_extent(muster_metric_network(metric));
    extent_text(expected, &extent);
    return muster_extent_look(&extent, site->lon_deg, site->lat_deg) == MUSTER_POSITION_SWAPPED;
}

int site_fail_far(const char *text, const muster_site *site, const muster_snap *snap,
                  const muster_metric *metric) {
    const muster_snap_options limits  = MUSTER_SNAP_OPTIONS_INIT;
    const char               *profile = muster_metric_profile_name(metric);
    char                      expected[EXTENT_TEXT_BYTES];
    const bool                is_swapped = site_looks_swapped(site, metric, expected);
    if (!isfinite(snap->distance_m)) {
        return command_fail(COMMAND_NO, "the network has no road that %s may use", profile);
    }
    return command_fail(COMMAND_NO,
                        "%s lies %.1f km from the nearest road that %s may use; expected within "
                        "%.0f km%s%s",
                        text, snap->distance_m / 1000, profile, limits.max_distance_m / 1000,
                        is_swapped ? SWAPPED "; " : "", is_swapped ? expected : "");
}
