/* See parts.h. Points are counted in 32 bits, as everything that is numbered. */
#include "gis/parts.h"

#include <math.h>
#include <string.h>

/* Room for `more` points: by half at least, so that many small additions stay cheap. */
static muster_status reserve(double **points, size_t *capacity, size_t used, size_t more) {
    if (*capacity - used >= more) return MUSTER_OK;
    const size_t larger = used + more + *capacity / 2;
    MU_TRY(mu_gis_realloc(points, larger, sizeof **points));
    *capacity = larger;
    return MUSTER_OK;
}

muster_status mu_parts_add_points(mu_parts *parts, uint32_t count, double **out_lon_deg,
                                  double **out_lat_deg) {
    if (count > UINT32_MAX - parts->point_count) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory: a map of more than %u points",
                           UINT32_MAX);
    }
    MU_TRY(reserve(&parts->lon_deg, &parts->lon_capacity, parts->point_count, count));
    MU_TRY(reserve(&parts->lat_deg, &parts->lat_capacity, parts->point_count, count));
    *out_lon_deg = parts->lon_deg + parts->point_count;
    *out_lat_deg = parts->lat_deg + parts->point_count;
    parts->point_count += count;
    return MUSTER_OK;
}

muster_status mu_parts_end(mu_parts *parts) {
    const size_t used = (size_t)parts->count + 1; /* the end of this part is one more */
    MU_TRY(
        mu_gis_grow(&parts->first_point, &parts->first_capacity, used, sizeof *parts->first_point));
    parts->first_point[0]              = 0;
    parts->first_point[++parts->count] = parts->point_count;
    return MUSTER_OK;
}

muster_status mu_parts_copy(mu_parts *parts, const mu_parts *from, uint32_t part) {
    const uint32_t first = from->first_point[part];
    const uint32_t count = from->first_point[part + 1] - first;
    double        *lon = NULL, *lat = NULL;
    MU_TRY(mu_parts_add_points(parts, count, &lon, &lat));
    memcpy(lon, from->lon_deg + first, count * sizeof *lon);
    memcpy(lat, from->lat_deg + first, count * sizeof *lat);
    return mu_parts_end(parts);
}

void mu_parts_clear(mu_parts *parts) {
    parts->count       = 0;
    parts->point_count = 0;
}

void mu_parts_fini(mu_parts *parts) {
    mu_gis_free(parts->first_point);
    mu_gis_free(parts->lon_deg);
    mu_gis_free(parts->lat_deg);
}

double mu_parts_extent_m(const mu_parts *parts, uint32_t part) {
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    for (uint32_t p = parts->first_point[part]; p < parts->first_point[part + 1]; ++p) {
        west  = fmin(west, parts->lon_deg[p]);
        east  = fmax(east, parts->lon_deg[p]);
        south = fmin(south, parts->lat_deg[p]);
        north = fmax(north, parts->lat_deg[p]);
    }
    const double shrink = cos((south + north) / 2 * acos(-1) / 180);
    return fmax((east - west) * shrink, north - south) * MU_METRES_PER_DEG;
}
