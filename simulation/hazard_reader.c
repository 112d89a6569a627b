/* [[hazard]]: what spreads over the map, and when. */
#include <math.h>
#include <string.h>

#include "simulation/scenario_tables.h"

enum { TEXT_MOST = 300, TYPHOON = MUSTER_HAZARD_KIND_COUNT, STEPS_MOST = 2000, POINTS_MOST = 1000 };

static const double DEPTH_MOST_M = 100, METRES_MOST = 1000000, KM_M = 1000, KM_MOST = 2000;

static const char *kind_name(unsigned kind) {
    return kind == TYPHOON ? "typhoon" : muster_hazard_kind_name((muster_hazard_kind)kind);
}

static const char *severity_name(unsigned severity) {
    return muster_severity_name((muster_severity)severity);
}

/* What all ways to tell a hazard share while one is read. */
typedef struct hazard_reader {
    mu_hazard_rule rule;
    uint8_t        kind;
    int64_t        length_ms;
} hazard_reader;

static muster_status read_minute(mu_table *t, const char *key, bool needed, const hazard_reader *r,
                                 int64_t *out_ms) {
    return mu_table_duration(t, key, needed, MU_MINUTE_MS, 0, (double)r->length_ms / MU_MINUTE_MS,
                             out_ms);
}

/* ---- stages -------------------------------------------------------------------------------- */

static const char *stability_name(unsigned class) {
    static const char *const NAME[] = {"A", "B", "C", "D", "E", "F"};
    return NAME[class];
}

/* A sector downwind of the place: with a half-angle, or the stability of the air that makes one. */
static muster_status read_plume(mu_table *t, mu_hazard_stage *s) {
    enum { CLASSES = 6 };
    bool    is_there;
    uint8_t stability = CLASSES;
    MU_TRY(mu_table_place(t, true, &is_there, &s->plume.lon_deg, &s->plume.lat_deg));
    MU_TRY(mu_table_real(t, "wind_from_deg", true, 0, 360, &s->plume.wind_from_deg));
    MU_TRY(mu_table_real(t, "distance_m", true, 1, METRES_MOST, &s->plume.distance_m));
    MU_TRY(mu_table_real(t, "isolation_m", false, 0, METRES_MOST, &s->plume.isolation_m));
    MU_TRY(mu_table_real(t, "half_angle_deg", false, 0.1, 180, &s->plume.half_angle_deg));
    MU_TRY(mu_table_word(t, "stability", false, stability_name, CLASSES, &stability));
    if ((stability == CLASSES) == (s->plume.half_angle_deg == 0)) {
        return mu_table_refuse_it(t,
                                  "has both half_angle_deg and stability, or none; expected one");
    }
    if (stability < CLASSES) {
        s->plume.half_angle_deg = muster_plume_half_angle_deg((char)('A' + stability));
    }
    return MUSTER_OK;
}

static muster_status read_area(mu_table *t, const hazard_reader *r, mu_hazard_stage *s) {
    MU_TRY(mu_table_polygon(t, "polygon", false, &s->polygon));
    MU_TRY(mu_table_file(t, "file", false, &s->file));
    const int given = (s->polygon.point_count > 0) + (s->file != NULL);
    if (given == 0 && r->kind == MUSTER_HAZARD_PLUME) return read_plume(t, s);
    if (given == 1) return MUSTER_OK;
    return mu_table_refuse_it(t, "has %d areas; expected polygon or file%s", given,
                              r->kind == MUSTER_HAZARD_PLUME ? ", or the plume's wind" : "");
}

static muster_status read_effect(mu_table *t, const hazard_reader *r, mu_hazard_stage *s) {
    int64_t force   = 0;
    s->depth_m      = (double)INFINITY;
    s->speed_factor = (double)NAN;
    if (r->kind == MUSTER_HAZARD_FLOOD) {
        return mu_table_real(t, "depth_m", true, 0, DEPTH_MOST_M, &s->depth_m);
    }
    MU_TRY(mu_table_real(t, "speed_factor", false, 0, 1, &s->speed_factor));
    if (r->kind != MUSTER_HAZARD_WIND) return MUSTER_OK;
    MU_TRY(
        mu_table_int(t, "wind_force", isnan(s->speed_factor), 1, MUSTER_WIND_FORCE_MOST, &force));
    s->wind_force = (uint8_t)force;
    return MUSTER_OK;
}

static muster_status read_stage(mu_table *t, const mu_toml *list, uint32_t index,
                                const hazard_reader *r, mu_hazard_stage *stage) {
    mu_table         inside;
    mu_hazard_stage *s = &stage[index];
    MU_TRY(mu_table_item(t, "stage", list, index, &inside));
    MU_TRY(read_minute(&inside, "at_min", true, r, &s->at_ms));
    MU_TRY(read_effect(&inside, r, s));
    MU_TRY(read_area(&inside, r, s));
    MU_TRY(mu_table_end(&inside));
    if (index == 0 || stage[index - 1].at_ms < s->at_ms) return MUSTER_OK;
    return mu_table_refuse(&inside, "at_min", "more than that of the stage before");
}

static muster_status read_stages(mu_table *t, hazard_reader *r) {
    const mu_toml   *list;
    mu_hazard_stage *stage;
    MU_TRY(mu_table_list(t, "stage", false, 1, &list));
    if (!list) return MUSTER_OK;
    if (list->count > STEPS_MOST) return mu_table_refuse(t, "stage", "at most %d", STEPS_MOST);
    MU_TRY(mu_table_room(t, &stage, list->count, sizeof *stage));
    for (uint32_t i = 0; i < list->count; ++i) MU_TRY(read_stage(t, list, i, r, stage));
    r->rule.stage       = stage;
    r->rule.stage_count = list->count;
    MU_TRY(read_minute(t, "until_min", false, r, &r->rule.until_ms));
    if (stage[list->count - 1].at_ms < r->rule.until_ms) return MUSTER_OK;
    return mu_table_refuse(t, "until_min", "more than at_min of the last stage");
}

/* ---- growth -------------------------------------------------------------------------------- */

/* What it grows from: one of a line, an area or a place. */
static muster_status read_path(mu_table *t, mu_hazard_growth *g) {
    mu_ring area = {0}, line = {0};
    double *at;
    bool    is_there;
    double  lon_deg, lat_deg;
    MU_TRY(mu_table_points(t, "line", false, 2, &line));
    MU_TRY(mu_table_polygon(t, "polygon", false, &area));
    MU_TRY(mu_table_place(t, false, &is_there, &lon_deg, &lat_deg));
    const int given = (line.point_count > 0) + (area.point_count > 0) + is_there;
    if (given != 1) {
        return mu_table_refuse_it(t,
                                  "grows from %d of line, polygon and lon_deg with lat_deg; "
                                  "expected one",
                                  given);
    }
    if (line.point_count + area.point_count > POINTS_MOST) {
        return mu_table_refuse_it(t, "grows from %u points; expected at most %d",
                                  line.point_count + area.point_count, POINTS_MOST);
    }
    g->is_area = area.point_count > 0;
    g->path    = g->is_area ? area : line;
    if (!is_there) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &at, 2, sizeof *at));
    at[0]   = lon_deg;
    at[1]   = lat_deg;
    g->path = (mu_ring){1, &at[0], &at[1]};
    return MUSTER_OK;
}

static muster_status read_span(mu_table *t, const hazard_reader *r, mu_hazard_growth *g) {
    g->until_ms = r->length_ms;
    MU_TRY(read_minute(t, "from_min", false, r, &g->from_ms));
    MU_TRY(read_minute(t, "until_min", false, r, &g->until_ms));
    g->peak_ms = g->until_ms;
    MU_TRY(read_minute(t, "peak_min", false, r, &g->peak_ms));
    MU_TRY(mu_table_duration(t, "step_min", true, MU_MINUTE_MS, 1, MU_MINUTES_MOST, &g->step_ms));
    if (!(g->from_ms <= g->peak_ms && g->peak_ms <= g->until_ms && g->from_ms < g->until_ms)) {
        return mu_table_refuse_it(
            t, "is from minute %g to %g with its peak at %g; expected them in order",
            (double)g->from_ms / MU_MINUTE_MS, (double)g->until_ms / MU_MINUTE_MS,
            (double)g->peak_ms / MU_MINUTE_MS);
    }
    if ((g->until_ms - g->from_ms) / g->step_ms <= STEPS_MOST) return MUSTER_OK;
    return mu_table_refuse(t, "step_min", "a step that makes at most %d of the time", STEPS_MOST);
}

static muster_status read_growth(mu_table *t, hazard_reader *r) {
    const mu_toml    *value;
    mu_hazard_growth *g;
    mu_table          inside;
    char              way[MU_WAY_BYTES];
    MU_TRY(mu_table_table(t, "grow", false, &value));
    if (!value) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &g, 1, sizeof *g));
    MU_TRY(mu_table_init(&inside, t->reading, mu_table_way(t, "grow", MUSTER_NONE, way), value));
    MU_TRY(read_path(&inside, g));
    MU_TRY(read_span(&inside, r, g));
    MU_TRY(mu_table_real(&inside, "reach_m", true, 1, 100000, &g->reach_m));
    MU_TRY(mu_table_real(&inside, "reach_m_per_h", false, 0, 100000, &g->reach_m_per_h));
    g->speed_factor = (double)NAN;
    if (r->kind == MUSTER_HAZARD_FLOOD) {
        MU_TRY(mu_table_real(&inside, "depth_m", true, 0, DEPTH_MOST_M, &g->depth_m));
        MU_TRY(mu_table_real(&inside, "depth_m_per_h", false, 0, DEPTH_MOST_M, &g->depth_m_per_h));
    } else {
        MU_TRY(mu_table_real(&inside, "speed_factor", r->kind == MUSTER_HAZARD_WIND, 0, 1,
                             &g->speed_factor));
    }
    r->rule.growth = g;
    return mu_table_end(&inside);
}

/* ---- typhoons ------------------------------------------------------------------------------ */

/* One radius, or one for each quadrant. */
static muster_status read_radius(mu_table *t, const char *key, double out_m[MUSTER_QUADRANTS]) {
    const mu_toml *value = mu_table_ask(t, key);
    const double  *number;
    uint32_t       count;
    double         one = 0;
    if (value && value->kind == MU_TOML_LIST) {
        MU_TRY(mu_table_reals(t, key, true, MUSTER_QUADRANTS, 0, KM_MOST, &number, &count));
        if (count != MUSTER_QUADRANTS) {
            return mu_table_refuse(t, key,
                                   "one radius, or four: north-east, south-east, "
                                   "south-west, north-west");
        }
        for (int q = 0; q < MUSTER_QUADRANTS; ++q) out_m[q] = number[q] * KM_M;
        return MUSTER_OK;
    }
    MU_TRY(mu_table_real(t, key, false, 0, KM_MOST, &one));
    for (int q = 0; q < MUSTER_QUADRANTS; ++q) out_m[q] = one * KM_M;
    return MUSTER_OK;
}

static muster_status read_track_point(mu_table *t, const mu_toml *list, uint32_t index,
                                      muster_track_point *point) {
    static const char *const KEY[MUSTER_WIND_CIRCLES] = {"radius_7_km", "radius_10_km",
                                                         "radius_12_km"};
    muster_track_point      *p                        = &point[index];
    mu_table                 inside;
    bool                     is_there;
    int64_t                  at_ms = 0;
    MU_TRY(mu_table_item(t, "track", list, index, &inside));
    MU_TRY(mu_table_moment(&inside, "at", true, &at_ms, NULL));
    MU_TRY(mu_table_place(&inside, true, &is_there, &p->lon_deg, &p->lat_deg));
    for (int c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        MU_TRY(read_radius(&inside, KEY[c], p->radius_m[c]));
    }
    MU_TRY(mu_table_end(&inside));
    p->at_s = at_ms / 1000;
    if (index == 0 || point[index - 1].at_s < p->at_s) return MUSTER_OK;
    return mu_table_refuse(&inside, "at", "a moment after that of the point before");
}

static muster_status read_band(mu_table *t, const mu_toml *list, uint32_t index, mu_rain_band *b) {
    mu_table inside;
    double   from_km = 0, to_km = 0, spiral_km = 0;
    MU_TRY(mu_table_item(t, "band", list, index, &inside));
    MU_TRY(mu_table_real(&inside, "from_km", true, 0, KM_MOST, &from_km));
    MU_TRY(mu_table_real(&inside, "to_km", true, 0, KM_MOST, &to_km));
    MU_TRY(mu_table_real(&inside, "from_deg", true, 0, 360, &b->from_deg));
    MU_TRY(mu_table_real(&inside, "to_deg", true, 0, 720, &b->to_deg));
    MU_TRY(mu_table_real(&inside, "spiral_km_per_deg", false, 0, 100, &spiral_km));
    MU_TRY(mu_table_real(&inside, "speed_factor", true, 0.01, 1, &b->speed_factor));
    MU_TRY(mu_table_end(&inside));
    b->from_m           = from_km * KM_M;
    b->to_m             = to_km * KM_M;
    b->spiral_m_per_deg = spiral_km * KM_M;
    const double turn   = b->to_deg - b->from_deg;
    if (from_km < to_km && turn > 0 && turn <= 350) return MUSTER_OK;
    return mu_table_refuse_it(&inside,
                              "is from %g km to %g km and from %g to %g degrees; expected to_km "
                              "above from_km, and 350 degrees at most, clockwise",
                              from_km, to_km, b->from_deg, b->to_deg);
}

static muster_status read_bands(mu_table *t, hazard_reader *r) {
    const mu_toml *list;
    mu_rain_band  *band;
    MU_TRY(mu_table_list(t, "band", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(t, &band, list->count, sizeof *band));
    for (uint32_t i = 0; i < list->count; ++i) MU_TRY(read_band(t, list, i, &band[i]));
    r->rule.band       = band;
    r->rule.band_count = list->count;
    return MUSTER_OK;
}

static muster_status read_typhoon(mu_table *t, hazard_reader *r) {
    const mu_toml      *list;
    muster_track_point *point;
    MU_TRY(mu_table_list(t, "track", true, 2, &list));
    MU_TRY(mu_table_room(t, &point, list->count, sizeof *point));
    for (uint32_t i = 0; i < list->count; ++i) MU_TRY(read_track_point(t, list, i, point));
    r->rule.track       = point;
    r->rule.track_count = list->count;
    MU_TRY(
        mu_table_duration(t, "step_min", true, MU_MINUTE_MS, 1, MU_MINUTES_MOST, &r->rule.step_ms));
    if (r->length_ms / r->rule.step_ms > STEPS_MOST) {
        return mu_table_refuse(t, "step_min", "a step that makes at most %d of the scenario",
                               STEPS_MOST);
    }
    return read_bands(t, r);
}

/* ---- hazards ------------------------------------------------------------------------------- */

static muster_status read_name(mu_table *t, const char *language, const char **out) {
    const char *name = NULL, *name_zh = NULL;
    MU_TRY(mu_table_text(t, "name", false, TEXT_MOST, &name));
    MU_TRY(mu_table_text(t, "name_zh", false, TEXT_MOST, &name_zh));
    *out = name_zh && (strcmp(language, "zh") == 0 || !name) ? name_zh : name;
    return MUSTER_OK;
}

static muster_status read_how(mu_table *t, hazard_reader *r) {
    MU_TRY(mu_table_file(t, "file", false, &r->rule.file));
    MU_TRY(read_stages(t, r));
    MU_TRY(read_growth(t, r));
    const int given = (r->rule.file != NULL) + (r->rule.stage_count > 0) + (r->rule.growth != NULL);
    if (given == 1) return MUSTER_OK;
    return mu_table_refuse_it(t, "has %d of file, stage and grow; expected one", given);
}

static muster_status read_hazard(const mu_table *root, const mu_toml *list, uint32_t index,
                                 const muster_scenario_file *file, const char *language,
                                 mu_hazard_rule *out) {
    hazard_reader r = {.length_ms = file->about.length_ms};
    mu_table      t;
    r.rule.until_ms = r.length_ms;
    r.rule.severity = MUSTER_SEVERITY_COUNT;
    MU_TRY(mu_table_item(root, "hazard", list, index, &t));
    MU_TRY(mu_table_code(&t, "code", true, &r.rule.code));
    MU_TRY(mu_table_word(&t, "kind", true, kind_name, TYPHOON + 1, &r.kind));
    MU_TRY(read_name(&t, language, &r.rule.name));
    MU_TRY(mu_table_word(&t, "severity", false, severity_name, MUSTER_SEVERITY_COUNT,
                         &r.rule.severity));
    r.rule.may_be_late = mu_table_ask(&t, "late_min") != NULL;
    MU_TRY(mu_table_times(&t, "late_min", false, MU_MINUTE_MS, -MU_MINUTES_MOST, MU_MINUTES_MOST,
                          &r.rule.late_ms));
    r.rule.kind = r.kind == TYPHOON ? MUSTER_HAZARD_WIND : r.kind;
    MU_TRY(r.kind == TYPHOON ? read_typhoon(&t, &r) : read_how(&t, &r));
    MU_TRY(mu_table_end(&t));
    *out = r.rule;
    return MUSTER_OK;
}

muster_status mu_read_hazards(mu_table *root, muster_scenario_file *file, const char *language) {
    const mu_toml  *list;
    mu_hazard_rule *hazard;
    MU_TRY(mu_table_list(root, "hazard", false, 1, &list));
    if (!list) return MUSTER_OK;
    MU_TRY(mu_table_room(root, &hazard, list->count, sizeof *hazard));
    for (uint32_t i = 0; i < list->count; ++i) {
        MU_TRY(read_hazard(root, list, i, file, language, &hazard[i]));
    }
    file->hazard       = hazard;
    file->hazard_count = list->count;
    return MUSTER_OK;
}
