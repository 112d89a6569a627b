/* See geometry_column.h. The commonest mistake in foreign files is latitude first, so it is
 * told apart from mere nonsense. */
#include "gis/geometry_column.h"

#include <math.h>

static muster_status check_place(const mu_row *row, int column, double lon_deg, double lat_deg) {
    if (fabs(lat_deg) > 90 && fabs(lat_deg) <= 180 && fabs(lon_deg) <= 90) {
        return mu_column_fail(row, column,
                              "latitude %.15g looks swapped with longitude %.15g; expected "
                              "longitude first",
                              lat_deg, lon_deg);
    }
    if (fabs(lat_deg) > 90) {
        return mu_column_fail(row, column, "latitude %.15g; expected -90 to 90", lat_deg);
    }
    if (fabs(lon_deg) > 180) {
        return mu_column_fail(row, column, "longitude %.15g; expected -180 to 180", lon_deg);
    }
    return MUSTER_OK;
}

muster_status mu_column_geometry(const mu_row *row, int column, mu_geometry_type type,
                                 mu_geometry *out) {
    const void *blob;
    size_t      size;
    char        reason[MU_GEOMETRY_REASON_BYTES];
    MU_TRY(mu_column_blob(row, column, &blob, &size));
    if (!mu_geometry_decode(out, type, blob, size, reason)) {
        return mu_column_fail(row, column, "the geometry %s", reason);
    }
    for (uint32_t i = 0; i < out->point_count; ++i) {
        double lon, lat;
        mu_geometry_point(out, i, &lon, &lat);
        MU_TRY(check_place(row, column, lon, lat));
    }
    return MUSTER_OK;
}

muster_status mu_column_point(const mu_row *row, int column, double *lon_deg, double *lat_deg) {
    mu_geometry point;
    MU_TRY(mu_column_geometry(row, column, MU_GEOMETRY_POINT, &point));
    mu_geometry_point(&point, 0, lon_deg, lat_deg);
    return MUSTER_OK;
}
