/* [[earthquake]]: bridges that fall, and the shocks after it. */
#include "simulation/scenario_tables.h"

enum { TEXT_MOST = 300 };

static const double KM_M = 1000, KM_MOST = 1000, MAGNITUDE_MOST = 10;

static muster_status read_rings(mu_table *t, mu_earthquake *q) {
    const mu_toml    *list;
    mu_collapse_ring *ring;
    MU_TRY(mu_table_list(t, "collapse", true, 1, &list));
    MU_TRY(mu_table_room(t, &ring, list->count, sizeof *ring));
    for (uint32_t i = 0; i < list->count; ++i) {
        mu_table inside;
        double   within_km = 0;
        MU_TRY(mu_table_item(t, "collapse", list, i, &inside));
        MU_TRY(mu_table_real(&inside, "within_km", true, 0.001, KM_MOST, &within_km));
        MU_TRY(mu_table_real(&inside, "chance", true, 0, 1, &ring[i].chance));
        MU_TRY(mu_table_end(&inside));
        ring[i].within_m = within_km * KM_M;
        if (i > 0 && ring[i].within_m <= ring[i - 1].within_m) {
            return mu_table_refuse(&inside, "within_km", "more than that of the ring before");
        }
    }
    q->ring       = ring;
    q->ring_count = list->count;
    return MUSTER_OK;
}

static muster_status read_factors(mu_table *t, mu_earthquake *q) {
    const mu_toml *value;
    mu_table       inside;
    char           way[MU_WAY_BYTES];
    for (unsigned c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) q->class_factor[c] = 1;
    MU_TRY(mu_table_table(t, "class_factor", false, &value));
    if (!value) return MUSTER_OK;
    MU_TRY(mu_table_init(&inside, t->reading, mu_table_way(t, "class_factor", MUSTER_NONE, way),
                         value));
    for (unsigned c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        MU_TRY(mu_table_real(&inside, muster_road_class_name((muster_road_class)c), false, 0, 100,
                             &q->class_factor[c]));
    }
    return mu_table_end(&inside);
}

/* Omori (1894) as Utsu (1961) has it, Gutenberg and Richter (1944). */
static muster_status read_aftershocks(mu_table *t, mu_earthquake *q) {
    const mu_toml *value;
    mu_table       inside;
    char           way[MU_WAY_BYTES];
    double         spread_km = 10;
    q->omori                 = (mu_omori){1, 1};
    q->gutenberg_b           = 1;
    q->least_magnitude = q->most_magnitude = q->magnitude;
    MU_TRY(mu_table_table(t, "aftershock", false, &value));
    if (!value) return MUSTER_OK;
    MU_TRY(
        mu_table_init(&inside, t->reading, mu_table_way(t, "aftershock", MUSTER_NONE, way), value));
    MU_TRY(mu_table_real(&inside, "first_day", true, 0, 10000, &q->shocks_first_day));
    MU_TRY(mu_table_real(&inside, "c_h", false, 0.001, 100, &q->omori.c_h));
    MU_TRY(mu_table_real(&inside, "p", false, 0.5, 3, &q->omori.p));
    MU_TRY(mu_table_real(&inside, "b", false, 0.1, 3, &q->gutenberg_b));
    MU_TRY(mu_table_real(&inside, "least_magnitude", true, 0, q->magnitude, &q->least_magnitude));
    MU_TRY(mu_table_real(&inside, "most_magnitude", false, q->least_magnitude, q->magnitude,
                         &q->most_magnitude));
    MU_TRY(mu_table_real(&inside, "spread_km", false, 0, KM_MOST, &spread_km));
    q->spread_m = spread_km * KM_M;
    return mu_table_end(&inside);
}

static muster_status read_earthquake(const mu_table *root, const mu_toml *list, uint32_t index,
                                     const muster_scenario_file *file, mu_earthquake *q) {
    const double last_min = (double)file->about.length_ms / MU_MINUTE_MS;
    mu_table     t;
    bool         is_there;
    MU_TRY(mu_table_item(root, "earthquake", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &q->code));
    MU_TRY(mu_table_text(&t, "reason", false, TEXT_MOST, &q->reason));
    MU_TRY(mu_table_duration(&t, "at_min", true, MU_MINUTE_MS, 0, last_min, &q->at_ms));
    MU_TRY(mu_table_place(&t, true, &is_there, &q->lon_deg, &q->lat_deg));
    MU_TRY(mu_table_real(&t, "magnitude", true, 0, MAGNITUDE_MOST, &q->magnitude));
    MU_TRY(read_rings(&t, q));
    MU_TRY(read_factors(&t, q));
    q->is_repaired = mu_table_ask(&t, "repair_h") != NULL;
    MU_TRY(mu_table_times(&t, "repair_h", false, MU_HOUR_MS, 0.01, MU_HOURS_MOST, &q->repair_ms));
    MU_TRY(read_aftershocks(&t, q));
    return mu_table_end(&t);
}

muster_status mu_read_earthquakes(mu_table *root, muster_scenario_file *file) {
    const mu_toml *list;
    mu_earthquake *earthquake;
    MU_TRY(mu_table_list(root, "earthquake", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &earthquake, list->count, sizeof *earthquake));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_earthquake(root, list, i, file, &earthquake[i]));
    }
    file->earthquake       = earthquake;
    file->earthquake_count = list->count;
    return MUSTER_OK;
}
