/* What several tables of a scenario file have: times that are drawn, points, areas, files. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simulation/scenario_tables.h"

muster_status mu_table_times(mu_table *t, const char *key, bool needed, double unit_ms,
                             double least, double most, mu_distribution *out) {
    mu_distribution d = {.kind = MU_DISTRIBUTION_KIND_COUNT};
    MU_TRY(mu_table_distribution(t, key, needed, least, most, &d));
    if (d.kind == MU_DISTRIBUTION_KIND_COUNT) return MUSTER_OK;
    const bool has_shape = d.kind == MU_LOGNORMAL || d.kind == MU_GAMMA;
    double    *value;
    d.a *= unit_ms;
    if (!has_shape) d.b *= unit_ms;
    d.c *= unit_ms;
    d.least *= unit_ms;
    d.most *= unit_ms;
    if (d.kind == MU_ONE_OF) {
        MU_TRY(mu_table_room(t, &value, d.value_count, sizeof *value));
        for (uint32_t i = 0; i < d.value_count; ++i) value[i] = d.value[i] * unit_ms;
        d.value = value;
    }
    *out = d;
    return MUSTER_OK;
}

/* ---- places -------------------------------------------------------------------------------- */

static bool is_place(const mu_toml *pair, double *lon_deg, double *lat_deg) {
    return pair->kind == MU_TOML_LIST && pair->count == 2 &&
           mu_toml_number(&pair->item[0], lon_deg) && mu_toml_number(&pair->item[1], lat_deg) &&
           fabs(*lon_deg) <= 180 && fabs(*lat_deg) <= 90;
}

muster_status mu_table_points(mu_table *t, const char *key, bool needed, uint32_t least,
                              mu_ring *out) {
    const mu_toml *list;
    double        *lon_deg, *lat_deg;
    MU_TRY(mu_table_list(t, key, needed, least, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &lon_deg, list->count, sizeof *lon_deg));
    MU_TRY(mu_table_room(t, &lat_deg, list->count, sizeof *lat_deg));
    for (uint32_t i = 0; i < list->count; ++i) {
        if (is_place(&list->item[i], &lon_deg[i], &lat_deg[i])) continue;
        return mu_table_refuse_item(t, key, i, &list->item[i],
                                    "[LONGITUDE, LATITUDE], -180 to 180 and -90 to 90");
    }
    *out = (mu_ring){list->count, lon_deg, lat_deg};
    return MUSTER_OK;
}

static double twice_area(const mu_ring *r) {
    double sum = 0;
    for (uint32_t i = 0, j = r->point_count - 1; i < r->point_count; j = i++) {
        sum += (r->lon_deg[j] - r->lon_deg[0]) * (r->lat_deg[i] - r->lat_deg[0]) -
               (r->lon_deg[i] - r->lon_deg[0]) * (r->lat_deg[j] - r->lat_deg[0]);
    }
    return sum;
}

muster_status mu_table_polygon(mu_table *t, const char *key, bool needed, mu_ring *out) {
    mu_ring ring = {0};
    MU_TRY(mu_table_points(t, key, needed, 3, &ring));
    if (ring.point_count == 0) return MUSTER_OK;
    if (twice_area(&ring) == 0) return mu_table_refuse(t, key, "a ring that encloses an area");
    *out = ring;
    return MUSTER_OK;
}

muster_status mu_table_place(mu_table *t, bool needed, bool *out_is_there, double *out_lon_deg,
                             double *out_lat_deg) {
    double lon_deg = NAN, lat_deg = NAN;
    MU_TRY(mu_table_real(t, "lon_deg", needed, -180, 180, &lon_deg));
    MU_TRY(mu_table_real(t, "lat_deg", needed || !isnan(lon_deg), -90, 90, &lat_deg));
    if (isnan(lon_deg) && !isnan(lat_deg)) {
        return mu_table_refuse(t, "lon_deg", "a longitude beside lat_deg");
    }
    *out_is_there = !isnan(lon_deg);
    *out_lon_deg  = lon_deg;
    *out_lat_deg  = lat_deg;
    return MUSTER_OK;
}

/* ---- files and items ----------------------------------------------------------------------- */

muster_status mu_table_file(mu_table *t, const char *key, bool needed, const char **out) {
    enum { PATH_MOST = 1000 };
    const char *name  = NULL;
    const char *slash = strrchr(t->reading->path, '/');
    char       *path;
    MU_TRY(mu_table_text(t, key, needed, PATH_MOST, &name));
    if (!name) return MUSTER_OK;
    const size_t folder = slash && name[0] != '/' ? (size_t)(slash - t->reading->path) + 1 : 0;
    const size_t room   = folder + strlen(name) + 1;
    MU_TRY(mu_arena_take(t->reading->arena, &path, room, 1));
    snprintf(path, room, "%.*s%s", (int)folder, t->reading->path, name);
    *out = path;
    return MUSTER_OK;
}

muster_status mu_table_item(const mu_table *t, const char *key, const mu_toml *list, uint32_t index,
                            mu_table *out) {
    char way[MU_WAY_BYTES];
    return mu_table_init(out, t->reading, mu_table_way(t, key, index, way), &list->item[index]);
}
