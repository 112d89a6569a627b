/* Every way to tell a hazard becomes the same: changes, each an area that holds until the next one of the
 * same code. Areas of all of them go into one set, which makes them valid once for all replications; its
 * codes are numbered, and changes have the hazard's own. Whose area is nowhere near the roads is left out:
 * a typhoon is followed over half an ocean. */
#include "simulation/hazard_ground.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

enum { CODE_BYTES = 280, MOST_CODE_BYTES = 200 };

/* A change before the set is complete, whose hazards move while it is added to. */
typedef struct draft {
    int64_t     at_ms;
    const char *code;
    uint32_t    area; /* in the set; MUSTER_NONE: it has ended */
} draft;

typedef struct box {
    double west, south, east, north;
} box;

typedef struct maker {
    mu_ground            *ground;
    const mu_hazard_rule *rule;
    box                   roads;
    mu_outline            outline;
    draft                *draft; /* of the rule in hand */
    uint32_t              draft_count;
    size_t                draft_capacity;
} maker;

/* How far from the roads an area still matters, for calls that come from near it. */
static const double MARGIN_DEG = 0.1;

static muster_status refuse(const maker *m, const char *why) {
    return muster_fail(MUSTER_E_INVALID, "\"%s\": hazard '%s': %s", m->ground->file->about.path,
                       m->rule->code, why);
}

/* ---- drafts -------------------------------------------------------------------------------- */

static muster_status add_draft(maker *m, int64_t at_ms, const char *code, uint32_t area) {
    draft d = {.at_ms = at_ms, .area = area};
    MU_TRY(mu_arena_text(&m->ground->arena, &d.code, code));
    MU_TRY(mu_grow(&m->draft, &m->draft_capacity, m->draft_count, sizeof *m->draft));
    m->draft[m->draft_count++] = d;
    return MUSTER_OK;
}

static bool is_live(const maker *m, const char *code) {
    for (uint32_t d = m->draft_count; d > 0; --d) {
        if (strcmp(m->draft[d - 1].code, code) == 0) return m->draft[d - 1].area != MUSTER_NONE;
    }
    return false;
}

static muster_status add_end(maker *m, int64_t at_ms, const char *code) {
    return is_live(m, code) ? add_draft(m, at_ms, code, MUSTER_NONE) : MUSTER_OK;
}

static bool meets(const box *roads, const muster_multipolygon *a) {
    const uint32_t points =
        a->polygon_count > 0 ? a->first_point[a->first_ring[a->polygon_count]] : 0;
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = 0; i < points; ++i) {
        b.west  = fmin(b.west, a->lon_deg[i]);
        b.east  = fmax(b.east, a->lon_deg[i]);
        b.south = fmin(b.south, a->lat_deg[i]);
        b.north = fmax(b.north, a->lat_deg[i]);
    }
    return b.west <= roads->east && b.east >= roads->west && b.south <= roads->north &&
           b.north >= roads->south;
}

/* The hazard that was just added to the set, where it is one: a plume, or what is in `about`. */
static muster_status keep_added(maker *m, uint32_t before, int64_t at_ms, const char *code) {
    uint32_t             count;
    const muster_hazard *list = muster_hazards_list(m->ground->hazards, &count);
    if (count == before) return refuse(m, "an area encloses nothing; expected one that does");
    if (!meets(&m->roads, &list[before].area)) return add_end(m, at_ms, code);
    return add_draft(m, at_ms, code, before);
}

/* From `at_ms` on it is as `about` says, with the area of the outline, or of a plume. */
static muster_status change(maker *m, int64_t at_ms, const char *code, const muster_hazard *about,
                            const muster_plume *plume) {
    muster_hazard h = *about;
    char          numbered[CODE_BYTES];
    uint32_t      before;
    (void)muster_hazards_list(m->ground->hazards, &before);
    snprintf(numbered, sizeof numbered, "%.*s#%u", MOST_CODE_BYTES, code, before);
    h.code = numbered;
    h.name = m->rule->name;
    if (plume) {
        MU_TRY(muster_hazards_add_plume(m->ground->hazards, &h, plume));
    } else {
        h.area = mu_outline_area(&m->outline);
        MU_TRY(muster_hazards_add(m->ground->hazards, &h));
    }
    return keep_added(m, before, at_ms, code);
}

static muster_hazard about_rule(const mu_hazard_rule *rule) {
    muster_hazard h = MUSTER_HAZARD_INIT;
    h.kind          = rule->kind;
    h.severity      = rule->severity;
    return h;
}

/* ---- stages -------------------------------------------------------------------------------- */

/* All areas of a file of hazards are one. */
static muster_status outline_of_file(maker *m, const char *path) {
    muster_hazards *set;
    uint32_t        count;
    MU_TRY(muster_hazards_new(&set));
    muster_status        status = muster_hazards_add_geojson(set, path);
    const muster_hazard *list   = muster_hazards_list(set, &count);
    for (uint32_t h = 0; h < count && status == MUSTER_OK; ++h) {
        status = mu_outline_add_area(&m->outline, &list[h].area);
    }
    muster_hazards_free(set);
    MU_TRY(status);
    return m->outline.polygon_count > 0 ? MUSTER_OK : refuse(m, "a file of a stage has no area");
}

static muster_status make_stages(maker *m) {
    const mu_hazard_rule *rule = m->rule;
    for (uint32_t s = 0; s < rule->stage_count; ++s) {
        const mu_hazard_stage *stage = &rule->stage[s];
        muster_hazard          about = about_rule(rule);
        const bool             plume = !stage->file && stage->polygon.point_count == 0;
        about.depth_m                = stage->depth_m;
        about.speed_factor           = stage->speed_factor;
        about.wind_force             = stage->wind_force;
        mu_outline_clear(&m->outline);
        if (stage->file) MU_TRY(outline_of_file(m, stage->file));
        if (stage->polygon.point_count > 0) {
            MU_TRY(mu_outline_add_ring(&m->outline, &stage->polygon));
        }
        MU_TRY(change(m, stage->at_ms, rule->code, &about, plume ? &stage->plume : NULL));
    }
    return add_end(m, rule->until_ms, rule->code);
}

/* ---- growth -------------------------------------------------------------------------------- */

static double grown(double first, double per_h, const mu_hazard_growth *g, int64_t at_ms) {
    static const double HOUR_MS = 3600000;
    const int64_t       until   = at_ms < g->peak_ms ? at_ms : g->peak_ms;
    const double        most    = first + per_h * (double)(until - g->from_ms) / HOUR_MS;
    if (at_ms <= g->peak_ms) return most;
    return most * (double)(g->until_ms - at_ms) / (double)(g->until_ms - g->peak_ms);
}

static muster_status make_growth(maker *m) {
    const mu_hazard_growth *g = m->rule->growth;
    for (int64_t at_ms = g->from_ms; at_ms < g->until_ms; at_ms += g->step_ms) {
        muster_hazard about = about_rule(m->rule);
        about.speed_factor  = g->speed_factor;
        if (m->rule->kind == MUSTER_HAZARD_FLOOD) {
            about.depth_m = grown(g->depth_m, g->depth_m_per_h, g, at_ms);
        }
        mu_outline_clear(&m->outline);
        MU_TRY(mu_outline_add_reach(&m->outline, &g->path, g->is_area,
                                    fmax(grown(g->reach_m, g->reach_m_per_h, g, at_ms), 1)));
        MU_TRY(change(m, at_ms, m->rule->code, &about, NULL));
    }
    return add_end(m, g->until_ms, m->rule->code);
}

/* ---- typhoons ------------------------------------------------------------------------------ */

static muster_status end_missing_winds(maker *m, int64_t at_ms, uint32_t bits) {
    for (uint32_t c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        char code[CODE_BYTES];
        if (bits & 1u << c) continue;
        snprintf(code, sizeof code, "%s/%u", m->rule->code, muster_wind_circle_force(c));
        MU_TRY(add_end(m, at_ms, code));
    }
    return MUSTER_OK;
}

static uint32_t circle_of(uint8_t force) {
    uint32_t c = 0;
    while (muster_wind_circle_force(c) != force) ++c;
    return c;
}

/* The winds of a moment, as the set of the track has them. */
static muster_status make_winds(maker *m, const muster_hazards *track, int64_t at_ms,
                                int64_t moment_s) {
    muster_hazards *now;
    uint32_t        count, bits = 0;
    MU_TRY(muster_hazards_at(&now, track, moment_s));
    const muster_hazard *list   = muster_hazards_list(now, &count);
    muster_status        status = MUSTER_OK;
    for (uint32_t h = 0; h < count && status == MUSTER_OK; ++h) {
        muster_hazard about = about_rule(m->rule);
        about.wind_force    = list[h].wind_force;
        bits |= 1u << circle_of(list[h].wind_force);
        mu_outline_clear(&m->outline);
        status = mu_outline_add_area(&m->outline, &list[h].area);
        if (status == MUSTER_OK) status = change(m, at_ms, list[h].code, &about, NULL);
    }
    muster_hazards_free(now);
    MU_TRY(status);
    return end_missing_winds(m, at_ms, bits);
}

static muster_status make_rain(maker *m, const muster_track *track, int64_t at_ms,
                               int64_t moment_s) {
    muster_track_point centre;
    const bool         is_there = muster_track_at(track, moment_s, &centre);
    for (uint32_t b = 0; b < m->rule->band_count; ++b) {
        char          code[CODE_BYTES];
        muster_hazard about = about_rule(m->rule);
        snprintf(code, sizeof code, "%s/rain-%u", m->rule->code, b + 1);
        if (!is_there) {
            MU_TRY(add_end(m, at_ms, code));
            continue;
        }
        about.kind         = MUSTER_HAZARD_ALERT;
        about.speed_factor = m->rule->band[b].speed_factor;
        mu_outline_clear(&m->outline);
        MU_TRY(mu_outline_add_band(&m->outline, centre.lon_deg, centre.lat_deg, &m->rule->band[b]));
        MU_TRY(change(m, at_ms, code, &about, NULL));
    }
    return MUSTER_OK;
}

static muster_status make_typhoon(maker *m) {
    const muster_scenario_about *about = &m->ground->file->about;
    const muster_track           track = {.code        = m->rule->code,
                                          .name        = m->rule->name,
                                          .severity    = m->rule->severity,
                                          .point_count = m->rule->track_count,
                                          .point       = m->rule->track};
    muster_hazards              *set;
    MU_TRY(muster_hazards_new(&set));
    muster_status status = muster_hazards_add_track(set, &track);
    for (int64_t at_ms = 0; at_ms < about->length_ms && status == MUSTER_OK;
         at_ms += m->rule->step_ms) {
        const int64_t moment_s = (about->start_at_ms + at_ms) / 1000;
        status                 = make_winds(m, set, at_ms, moment_s);
        if (status == MUSTER_OK) status = make_rain(m, &track, at_ms, moment_s);
    }
    muster_hazards_free(set);
    return status;
}

/* ---- files --------------------------------------------------------------------------------- */

/* From second `s` since 1970 to milliseconds from the start; what has always been begins then. */
static int64_t from_start(const maker *m, int64_t s) {
    const muster_scenario_about *about = &m->ground->file->about;
    if (s == MUSTER_MOMENT_FIRST || s * 1000 < about->start_at_ms) return 0;
    if (s == MUSTER_MOMENT_LAST || s * 1000 > about->start_at_ms + about->length_ms) {
        return about->length_ms;
    }
    return s * 1000 - about->start_at_ms;
}

static muster_status make_of_file(maker *m, const muster_hazard *h) {
    char          code[CODE_BYTES];
    muster_hazard about = about_rule(m->rule);
    const int64_t from = from_start(m, h->starts_at_s), until = from_start(m, h->ends_at_s);
    if (h->kind != m->rule->kind || h->area.polygon_count == 0) {
        return refuse(m,
                      "its file has a hazard of another kind, or without an area; expected areas "
                      "of its kind");
    }
    if (until <= from) return MUSTER_OK;
    snprintf(code, sizeof code, "%s/%.*s", m->rule->code,
             MOST_CODE_BYTES - (int)strlen(m->rule->code) - 1, h->code);
    about.depth_m      = h->depth_m;
    about.wind_force   = h->wind_force;
    about.speed_factor = h->speed_factor;
    mu_outline_clear(&m->outline);
    MU_TRY(mu_outline_add_area(&m->outline, &h->area));
    MU_TRY(change(m, from, code, &about, NULL));
    return add_end(m, until, code);
}

static muster_status make_file(maker *m) {
    muster_hazards *set;
    uint32_t        count, tracks;
    MU_TRY(muster_hazards_new(&set));
    muster_status        status = muster_hazards_add_geojson(set, m->rule->file);
    const muster_hazard *list   = muster_hazards_list(set, &count);
    (void)muster_hazards_tracks(set, &tracks);
    for (uint32_t h = 0; h < count && status == MUSTER_OK; ++h) status = make_of_file(m, &list[h]);
    muster_hazards_free(set);
    MU_TRY(status);
    return tracks == 0 ? MUSTER_OK
                       : refuse(m, "its file has a typhoon; expected its track in the scenario");
}

static int by_time(const void *a, const void *b) {
    const draft *x = a, *y = b;
    if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? -1 : 1;
    return strcmp(x->code, y->code);
}

/* ---- all of them --------------------------------------------------------------------------- */

static muster_status make_rule(maker *m) {
    if (m->rule->track_count > 0) return make_typhoon(m);
    if (m->rule->stage_count > 0) return make_stages(m);
    return m->rule->growth ? make_growth(m) : make_file(m);
}

/* The set is complete: hazards stay where they are. Each gets its own code for its number's. */
static muster_status settle(maker *m, const draft *d, uint32_t count, mu_hazard_ground *out) {
    mu_arena            *arena = &m->ground->arena;
    uint32_t             total;
    const muster_hazard *list = muster_hazards_list(m->ground->hazards, &total);
    muster_hazard       *hazard;
    mu_hazard_change    *changes;
    MU_TRY(mu_arena_take(arena, &hazard, count, sizeof *hazard));
    MU_TRY(mu_arena_take(arena, &changes, count, sizeof *changes));
    for (uint32_t i = 0; i < count; ++i) {
        changes[i] = (mu_hazard_change){d[i].at_ms, d[i].code, NULL};
        if (d[i].area == MUSTER_NONE) continue;
        hazard[i]         = list[d[i].area];
        hazard[i].code    = d[i].code;
        changes[i].hazard = &hazard[i];
    }
    out->change       = changes;
    out->change_count = count;
    return mu_hazard_epochs_make(&m->ground->arena, out);
}

static box box_of(const muster_network *network) {
    const muster_network_data *n = muster_network_view(network);
    box                        b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = 0; i < n->node_count; ++i) {
        b.west  = fmin(b.west, n->node_lon_deg[i] - MARGIN_DEG);
        b.east  = fmax(b.east, n->node_lon_deg[i] + MARGIN_DEG);
        b.south = fmin(b.south, n->node_lat_deg[i] - MARGIN_DEG);
        b.north = fmax(b.north, n->node_lat_deg[i] + MARGIN_DEG);
    }
    return b;
}

static muster_status make_all(maker *m, mu_hazard_ground *out, uint32_t *first_draft) {
    const muster_scenario_file *file = m->ground->file;
    for (uint32_t h = 0; h < file->hazard_count; ++h) {
        first_draft[h] = m->draft_count;
        m->rule        = &file->hazard[h];
        MU_TRY(make_rule(m));
    }
    first_draft[file->hazard_count] = m->draft_count;
    for (uint32_t h = 0; h < file->hazard_count; ++h) {
        draft         *d     = m->draft + first_draft[h];
        const uint32_t count = first_draft[h + 1] - first_draft[h];
        if (count == 0) continue;
        qsort(d, count, sizeof *d, by_time);
        MU_TRY(settle(m, d, count, &out[h]));
    }
    return MUSTER_OK;
}

muster_status mu_hazard_ground_make(mu_ground *ground, const muster_network *network) {
    const uint32_t    count = ground->file->hazard_count;
    maker             m     = {.ground = ground, .roads = box_of(network)};
    mu_hazard_ground *hazard;
    uint32_t         *first_draft;
    MU_TRY(mu_arena_take(&ground->arena, &hazard, count, sizeof *hazard));
    MU_TRY(mu_arena_take(&ground->arena, &first_draft, count + 1, sizeof *first_draft));
    MU_TRY(muster_hazards_new(&ground->hazards));
    const muster_status status = make_all(&m, hazard, first_draft);
    mu_outline_fini(&m.outline);
    mu_free(m.draft);
    ground->hazard = hazard;
    return status;
}
