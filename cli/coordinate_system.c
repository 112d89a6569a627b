/* See coordinate_system.h. A system is found while the command line is read, so that a wrong name is
 * said before anything else is done. */
#include "cli/coordinate_system.h"

#include <stdio.h>

#include "cli/arguments.h"

static error_t take_name(muster_crs **crs, const char *option, const char *name) {
    muster_crs_free(*crs); /* of the same option given twice the last counts */
    if (muster_crs_new(crs, name) == MUSTER_OK) return 0;
    return arguments_reject("%s: %s", option, muster_error_message());
}

error_t coordinate_system_take(coordinate_system *system, int key, const char *value) {
    switch (key) {
    case KEY_CRS:
        return take_name(&system->crs, "--crs", value);
    case KEY_OUTPUT_CRS:
        return take_name(&system->output, "--output-crs", value);
    case KEY_SWAP:
        system->is_swapped = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

error_t coordinate_system_check(const coordinate_system *system, bool writes_geojson) {
    if (!system->output || writes_geojson) return 0;
    return arguments_reject("--output-crs %s without GeoJSON to write; expected an output of that",
                            muster_crs_name(system->output));
}

void coordinate_system_free(coordinate_system *system) {
    muster_crs_free(system->crs);
    muster_crs_free(system->output);
    *system = (coordinate_system){0};
}

bool coordinate_system_is_projected(const coordinate_system *system) {
    return system->crs && muster_crs_is_projected(system->crs);
}

muster_status coordinate_system_convert(const coordinate_system *system, size_t count, double *x,
                                        double *y) {
    for (size_t i = 0; system->is_swapped && i < count; ++i) {
        const double first = x[i];
        x[i]               = y[i];
        y[i]               = first;
    }
    return system->crs ? muster_crs_to_wgs84(system->crs, count, x, y, x, y) : MUSTER_OK;
}

const char *extent_text(char out[EXTENT_TEXT_BYTES], const muster_extent *extent) {
    snprintf(out, EXTENT_TEXT_BYTES, "expected longitude %.2f to %.2f, latitude %.2f to %.2f",
             extent->west_deg, extent->east_deg, extent->south_deg, extent->north_deg);
    return out;
}
