/* Where calls come from. */
#include <string.h>

#include "simulation/scenario_tables.h"

const char *mu_sites_name(unsigned sites) {
    static const char *const NAME[MU_SITES_COUNT] = {"city", "county", "town", "village",
                                                     "at_risk_site"};
    return sites < MU_SITES_COUNT ? NAME[sites] : NULL;
}

static const char *weight_name(unsigned weight) {
    static const char *const NAME[] = {"equal", "population"};
    return NAME[weight];
}

enum { WEIGHTS = 2 };

static const double WEIGHT_MOST = 1e9, METRES_MOST = 1000000;

static muster_status read_point(const mu_table *t, const mu_toml *list, uint32_t index,
                                mu_where_point *out) {
    mu_table inside;
    bool     is_there;
    out->weight = 1;
    MU_TRY(mu_table_item(t, "point", list, index, &inside));
    MU_TRY(mu_table_place(&inside, true, &is_there, &out->lon_deg, &out->lat_deg));
    MU_TRY(mu_table_real(&inside, "weight", false, 0, WEIGHT_MOST, &out->weight));
    return mu_table_end(&inside);
}

static muster_status read_points(mu_table *t, mu_where *w) {
    const mu_toml  *list;
    mu_where_point *point;
    double          sum = 0;
    MU_TRY(mu_table_list(t, "point", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &point, list->count, sizeof *point));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_point(t, list, i, &point[i]));
        sum += point[i].weight;
    }
    if (sum == 0) return mu_table_refuse(t, "point", "a point with a weight above 0");
    w->point       = point;
    w->point_count = list->count;
    return MUSTER_OK;
}

/* lon_deg and lat_deg are a list of one. */
static muster_status read_place(mu_table *t, mu_where *w) {
    mu_where_point *point;
    double          lon_deg, lat_deg;
    bool            is_there;
    MU_TRY(mu_table_place(t, false, &is_there, &lon_deg, &lat_deg));
    if (!is_there) return MUSTER_OK;
    if (w->point_count > 0)
        return mu_table_refuse_it(t, "has both point and lon_deg; expected one");
    MU_TRY(mu_table_room(t, &point, 1, sizeof *point));
    *point         = (mu_where_point){lon_deg, lat_deg, 1};
    w->point       = point;
    w->point_count = 1;
    return MUSTER_OK;
}

static muster_status check(const mu_table *t, const mu_where *w) {
    const int starts = (w->point_count > 0) + (w->sites != MU_SITES_COUNT);
    if (starts > 1) return mu_table_refuse_it(t, "has both points and sites; expected one");
    if (starts == 0 && w->polygon.point_count == 0 && !w->hazard) {
        return mu_table_refuse_it(
            t, "says nowhere; expected lon_deg and lat_deg, point, sites, polygon or hazard");
    }
    return MUSTER_OK;
}

muster_status mu_read_where(mu_table *table, const char *key, mu_where *out) {
    const mu_toml *value;
    mu_table       t;
    char           way[MU_WAY_BYTES];
    uint8_t        weight = 0;
    out->sites            = MU_SITES_COUNT;
    MU_TRY(mu_table_table(table, key, true, &value));
    MU_TRY(mu_table_init(&t, table->reading, mu_table_way(table, key, MUSTER_NONE, way), value));
    MU_TRY(read_points(&t, out));
    MU_TRY(read_place(&t, out));
    MU_TRY(mu_table_word(&t, "sites", false, mu_sites_name, MU_SITES_COUNT, &out->sites));
    MU_TRY(mu_table_word(&t, "weight", false, weight_name, WEIGHTS, &weight));
    MU_TRY(mu_table_polygon(&t, "polygon", false, &out->polygon));
    MU_TRY(mu_table_code(&t, "hazard", false, &out->hazard));
    MU_TRY(mu_table_real(&t, "within_m", false, 0, METRES_MOST, &out->within_m));
    MU_TRY(mu_table_real(&t, "spread_m", false, 0, METRES_MOST, &out->spread_m));
    MU_TRY(mu_table_end(&t));
    out->is_by_population = weight == 1;
    if (mu_table_ask(&t, "weight") && out->sites == MU_SITES_COUNT) {
        return mu_table_refuse_it(&t, "has a weight without sites; expected both");
    }
    if (out->within_m > 0 && !out->hazard) {
        return mu_table_refuse_it(&t, "has within_m without hazard; expected both");
    }
    return check(&t, out);
}
