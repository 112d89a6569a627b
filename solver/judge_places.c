/* A hash table by site, with open addressing, at most half full. Teams, vehicles and stocks stand in rows at
 * the same place: whoever stands where the one before him does is there without being looked for. */
#include "solver/judge_places.h"

#include "core/alloc.h"
#include "core/stir.h"
#include "solver/judge.h"

/* ---- sites ----------------------------------------------------------------------------- */

static bool is_same(muster_site a, muster_site b) {
    return a.lon_deg == b.lon_deg && a.lat_deg == b.lat_deg;
}

/* 0 and -0 are one place: adding 0 makes them so. */
static uint32_t slot_of(const mu_judge_places *places, muster_site site) {
    const uint64_t sum  = mu_stir_double(mu_stir_double(0, site.lon_deg + 0.0), site.lat_deg + 0.0);
    uint32_t       slot = (uint32_t)sum & places->mask;
    while (places->slot[slot] != MUSTER_NONE && !is_same(places->site[places->slot[slot]], site)) {
        slot = (slot + 1) & places->mask;
    }
    return slot;
}

uint32_t mu_judge_places_at(const mu_judge_places *places, muster_site site) {
    return places->slot[slot_of(places, site)];
}

static uint32_t number_of(mu_judge_places *places, muster_site site) {
    uint32_t *place = &places->slot[slot_of(places, site)];
    if (*place == MUSTER_NONE) {
        *place                        = places->count;
        places->site[places->count++] = site;
    }
    return *place;
}

/* ---- rows ------------------------------------------------------------------------------ */

static void number_units(mu_judge_places *places, const muster_problem *p, unsigned resource) {
    uint32_t *of = places->of_unit[resource];
    for (uint32_t i = 0; i < mu_judge_rows(p, resource); ++i) {
        const muster_site site         = mu_judge_unit(p, resource, i)->site;
        const bool        is_as_before = i > 0 && is_same(places->site[of[i - 1]], site);
        of[i]                          = is_as_before ? of[i - 1] : number_of(places, site);
    }
}

static muster_status make_room(mu_judge_places *places, const muster_problem *p) {
    size_t sites = (size_t)p->incident_count + p->zone_count, slots = 16;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t rows = mu_judge_rows(p, r);
        MU_TRY(mu_alloc(&places->of_unit[r], rows, sizeof *places->of_unit[r]));
        sites += rows;
    }
    MU_TRY(mu_alloc(&places->of_incident, p->incident_count, sizeof *places->of_incident));
    MU_TRY(mu_alloc(&places->of_zone, p->zone_count, sizeof *places->of_zone));
    MU_TRY(mu_alloc(&places->site, sites, sizeof *places->site));
    while (slots < 2 * sites) slots *= 2;
    places->mask = (uint32_t)(slots - 1);
    MU_TRY(mu_alloc(&places->slot, slots, sizeof *places->slot));
    for (size_t s = 0; s < slots; ++s) places->slot[s] = MUSTER_NONE;
    return MUSTER_OK;
}

muster_status mu_judge_places_find(mu_judge_places *places, const muster_problem *p) {
    *places = (mu_judge_places){0};
    MU_TRY(make_room(places, p));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) number_units(places, p, r);
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        places->of_incident[i] = number_of(places, p->incident[i].site);
    }
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        places->of_zone[z] = number_of(places, p->zone[z].site);
    }
    return MUSTER_OK;
}

void mu_judge_places_fini(mu_judge_places *places) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(places->of_unit[r]);
    mu_free(places->of_incident);
    mu_free(places->of_zone);
    mu_free(places->site);
    mu_free(places->slot);
    *places = (mu_judge_places){0};
}
