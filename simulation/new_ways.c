/* Roads have become others: does anybody who is free get to where he is needed, who did not by the roads of then? Where
 * roads are closed that is so as well as where they are opened: who stands where they are sets out from another one.
 *
 * Thousands could be sent to hundreds of needs. But there is a way from one place or there is none according to the
 * components that both are in (mu_atlas_reaches), so one of those who were in the same component then and are in the
 * same now speaks for all of them, and nearly all are in the largest both times. Who travels by roads that are as
 * they were is not asked.
 *
 * That somebody gets there sooner or later than then does not matter, unless his shift ends. */
#include <string.h>

#include "core/alloc.h"
#include "simulation/use.h"

/* One who could be sent, for all who start from where he does. */
typedef struct starter {
    uint32_t    profile;
    uint32_t    then, now; /* components; MUSTER_NONE: he speaks for himself */
    muster_site site;
} starter;

typedef struct search {
    mu_run  *run;
    bool    *is_missing; /* [kind_count of the base] somewhere */
    bool    *is_carrier; /* by profile: of vehicles that carry something */
    uint32_t count;
    starter *starter; /* [count] */
    uint8_t *serves;  /* [count * kind_count of the base] kinds that are missing */
    size_t   starter_capacity, serves_capacity;
} search;

/* ---- what is missing ----------------------------------------------------------------------- */

static void mark_missing(search *s) {
    const mu_run *run = s->run;
    for (uint32_t i = 0; i < run->scene_count; ++i) {
        const mu_scene *scene = &run->scene[i];
        for (uint32_t n = 0; mu_is_scene_open(scene) && n < scene->need_count; ++n) {
            if (mu_missing_of(&scene->need[n]) > 0) s->is_missing[scene->need[n].kind] = true;
        }
    }
}

static bool lacks(const mu_scene *scene, const uint8_t *serves) {
    uint32_t n = 0;
    if (!mu_is_scene_open(scene)) return false;
    while (n < scene->need_count &&
           (!serves[scene->need[n].kind] || mu_missing_of(&scene->need[n]) <= 0)) {
        ++n;
    }
    return n < scene->need_count;
}

/* ---- who starts where ---------------------------------------------------------------------- */

static bool is_alike(const starter *a, const starter *b) {
    return a->profile == b->profile && a->then == b->then && a->now == b->now &&
           a->then != MUSTER_NONE && a->now != MUSTER_NONE;
}

static uint8_t *served_by(const search *s, uint32_t number) {
    return s->serves + (size_t)number * s->run->stage->base->kind_count;
}

static muster_status find_starter(search *s, uint32_t profile, muster_site site, uint32_t *out) {
    const uint32_t kinds = s->run->stage->base->kind_count;
    starter new          = {.profile = profile, .site = site};
    uint32_t i           = 0;
    MU_TRY(mu_atlas_component(&s->run->atlas, MU_THEN, profile, &site, &new.then));
    MU_TRY(mu_atlas_component(&s->run->atlas, MU_NOW, profile, &site, &new.now));
    while (i < s->count && !is_alike(&s->starter[i], &new)) ++i;
    *out = i;
    if (i < s->count) return MUSTER_OK;
    MU_TRY(mu_grow(&s->starter, &s->starter_capacity, s->count, sizeof *s->starter));
    MU_TRY(mu_grow(&s->serves, &s->serves_capacity, s->count, kinds));
    s->starter[s->count++] = new;
    memset(served_by(s, i), 0, kinds);
    return MUSTER_OK;
}

static muster_status add_starter(search *s, uint8_t resource, uint32_t unit, uint32_t profile) {
    uint32_t number;
    if (mu_atlas_is_as_then(&s->run->atlas, profile)) return MUSTER_OK;
    MU_TRY(find_starter(s, profile, mu_known_place(s->run, resource, unit), &number));
    uint8_t *serves = served_by(s, number);
    for (uint32_t k = 0; k < s->run->stage->base->kind_count; ++k) {
        serves[k] |= s->is_missing[k] && mu_serves(s->run, resource, unit, k);
    }
    return MUSTER_OK;
}

static bool is_asked_for(const search *s, uint8_t resource, uint32_t unit) {
    const uint32_t kinds = s->run->stage->base->kind_count;
    uint32_t       k     = 0;
    while (k < kinds && !(s->is_missing[k] && mu_serves(s->run, resource, unit, k))) ++k;
    return k < kinds;
}

static muster_status add_unit(search *s, uint8_t resource, uint32_t unit) {
    const mu_base      *b = s->run->stage->base;
    const mu_base_unit *u = &b->unit[resource][unit];
    if (resource != MUSTER_ITEM || !mu_is_brought(s->run, u->kind)) {
        return add_starter(s, resource, unit, u->profile);
    }
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        if (s->is_carrier[p]) MU_TRY(add_starter(s, resource, unit, p));
    }
    return MUSTER_OK;
}

static muster_status add_units(search *s) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < s->run->stage->base->unit_count[r]; ++u) {
            if (mu_spare_now(s->run, (uint8_t)r, u) > 0 && is_asked_for(s, (uint8_t)r, u)) {
                MU_TRY(add_unit(s, (uint8_t)r, u));
            }
        }
    }
    return MUSTER_OK;
}

/* ---- does anybody get there now? ----------------------------------------------------------- */

static muster_status has_new_way(mu_run *run, const starter *from, const mu_scene *scene,
                                 bool *out) {
    bool did = false;
    MU_TRY(mu_atlas_reaches(&run->atlas, MU_NOW, from->profile, &from->site, &scene->site, out));
    if (!*out) return MUSTER_OK;
    MU_TRY(mu_atlas_reaches(&run->atlas, MU_THEN, from->profile, &from->site, &scene->site, &did));
    *out = !did;
    return MUSTER_OK;
}

static muster_status look_at_starter(search *s, uint32_t number, bool *out) {
    for (uint32_t i = 0; i < s->run->scene_count && !*out; ++i) {
        if (!lacks(&s->run->scene[i], served_by(s, number))) continue;
        MU_TRY(has_new_way(s->run, &s->starter[number], &s->run->scene[i], out));
    }
    return MUSTER_OK;
}

/* Whoever is on scene counts there for as long as it has a road. */
static muster_status look_at_scene(mu_run *run, const mu_scene *scene, bool *out) {
    for (uint32_t p = 0; p < run->stage->base->profile_count && !*out; ++p) {
        bool had, has;
        if (mu_atlas_is_as_then(&run->atlas, p)) continue;
        MU_TRY(mu_atlas_reaches(&run->atlas, MU_THEN, p, &scene->site, &scene->site, &had));
        MU_TRY(mu_atlas_reaches(&run->atlas, MU_NOW, p, &scene->site, &scene->site, &has));
        *out = had != has;
    }
    return MUSTER_OK;
}

/* ---- or gets there in time? ---------------------------------------------------------------- */

static muster_status is_in_time_now(mu_run *run, uint8_t resource, uint32_t unit,
                                    const mu_scene *scene, bool *out) {
    bool was;
    *out = false;
    if (mu_shift_doubt(run, scene, resource, unit) != MU_IN_DOUBT) return MUSTER_OK;
    MU_TRY(mu_is_in_time(run, MU_NOW, scene, resource, unit, out));
    if (!*out) return MUSTER_OK;
    MU_TRY(mu_is_in_time(run, MU_THEN, scene, resource, unit, &was));
    *out = !was;
    return MUSTER_OK;
}

static bool serves_something(const search *s, uint8_t resource, uint32_t unit,
                             const mu_scene *scene) {
    for (uint32_t n = 0; n < scene->need_count; ++n) {
        const mu_scene_need *need = &scene->need[n];
        if (mu_missing_of(need) > 0 && mu_serves(s->run, resource, unit, need->kind)) return true;
    }
    return false;
}

static muster_status look_at_shift(search *s, uint8_t resource, uint32_t unit, bool *out) {
    mu_run *run = s->run;
    for (uint32_t i = 0; i < run->scene_count && !*out; ++i) {
        const mu_scene *scene = &run->scene[i];
        if (!mu_is_scene_open(scene) || !serves_something(s, resource, unit, scene)) continue;
        MU_TRY(is_in_time_now(run, resource, unit, scene, out));
    }
    return MUSTER_OK;
}

static muster_status look_at_shifts(search *s, bool *out) {
    mu_run *run = s->run;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r] && !*out; ++u) {
            const mu_base_unit *unit = &run->stage->base->unit[r][u];
            if (mu_known_unit(run, (uint8_t)r, u)->shift_end_at_ms <= run->now_ms ||
                mu_spare_now(run, (uint8_t)r, u) <= 0 ||
                mu_atlas_is_as_then(&run->atlas, unit->profile)) {
                continue;
            }
            MU_TRY(look_at_shift(s, (uint8_t)r, u, out));
        }
    }
    return MUSTER_OK;
}

/* ---- who is told where to go --------------------------------------------------------------- */

static bool is_somebody_told(const mu_run *run) {
    const mu_world *w = mu_run_world(run);
    for (uint32_t r = 0; r < w->rule_count; ++r) {
        const uint8_t  resource = w->rule[r].rule.unit.resource;
        const uint32_t unit     = w->rule[r].unit;
        if (mu_says_where_to_go(&w->rule[r]) && mu_spare_now(run, resource, unit) > 0 &&
            !mu_atlas_is_as_then(&run->atlas, run->stage->base->unit[resource][unit].profile)) {
            return true;
        }
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status look(search *s, bool *out) {
    const mu_base *b = s->run->stage->base;
    MU_TRY(mu_alloc_zeroed(&s->is_missing, b->kind_count, sizeof *s->is_missing));
    MU_TRY(mu_alloc_zeroed(&s->is_carrier, b->profile_count, sizeof *s->is_carrier));
    mark_missing(s);
    for (uint32_t p = 0; p < b->profile_count; ++p) s->is_carrier[p] = mu_has_carrier(s->run, p);
    MU_TRY(add_units(s));
    for (uint32_t k = 0; k < s->count && !*out; ++k) MU_TRY(look_at_starter(s, k, out));
    for (uint32_t i = 0; i < s->run->scene_count && !*out; ++i) {
        const mu_scene *scene = &s->run->scene[i];
        if (mu_is_scene_open(scene)) MU_TRY(look_at_scene(s->run, scene, out));
    }
    return *out ? MUSTER_OK : look_at_shifts(s, out);
}

muster_status mu_new_ways_are_of_use(mu_run *run, bool *out) {
    search s = {.run = run};
    *out     = run->atlas.then && is_somebody_told(run);
    if (!run->atlas.then || *out) return MUSTER_OK;
    const muster_status status = look(&s, out);
    mu_free(s.is_missing);
    mu_free(s.is_carrier);
    mu_free(s.starter);
    mu_free(s.serves);
    return status;
}
