#include "simulation/ground.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/failure_ground.h"
#include "simulation/hazard_ground.h"
#include "simulation/unit_ground.h"
#include "simulation/where_ground.h"

static const double DEG = 57.29577951308232;

/* ---- looking up ---------------------------------------------------------------------------- */

uint32_t mu_ground_hazard(const mu_ground *g, const char *code) {
    uint32_t h = 0;
    while (strcmp(g->file->hazard[h].code, code) != 0) ++h;
    return h;
}

uint32_t mu_hazard_epoch_at(const mu_hazard_ground *h, int64_t at_ms) {
    uint32_t low = 0, high = h->epoch_count; /* those before `low` have begun, from `high` on not */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (h->epoch[middle].at_ms <= at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : MUSTER_NONE;
}

const mu_named_place *mu_ground_nearest(const mu_ground *g, double lon_deg, double lat_deg) {
    const mu_named_place *best      = NULL;
    double                best_deg2 = INFINITY;
    const double          narrow    = cos(lat_deg / DEG);
    for (uint32_t p = 0; p < g->place_count; ++p) {
        const double x = (g->place[p].lon_deg - lon_deg) * narrow,
                     y = g->place[p].lat_deg - lat_deg;
        if (x * x + y * y >= best_deg2) continue;
        best      = &g->place[p];
        best_deg2 = x * x + y * y;
    }
    return best;
}

/* ---- places -------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static muster_status sort_authorities(mu_arena *arena, const muster_problem *problem,
                                      const char ***out) {
    MU_TRY(mu_arena_take(arena, out, problem->authority_count, sizeof **out));
    for (uint32_t a = 0; a < problem->authority_count; ++a) (*out)[a] = problem->authority[a].code;
    qsort(*out, problem->authority_count, sizeof **out, by_code);
    return MUSTER_OK;
}

static const char *find_code(const char *const *sorted, uint32_t count, const char *code) {
    const char *const *found = bsearch(&code, sorted, count, sizeof *sorted, by_code);
    return found ? *found : NULL;
}

static bool is_level(const muster_named_site *site, unsigned level) {
    return strcmp(site->table, "place") == 0 && strcmp(site->level, mu_sites_name(level)) == 0;
}

/* Villages where there are some, else towns, and so on. */
static uint32_t finest(const muster_named_site *site, uint32_t count, unsigned *out_level) {
    for (unsigned level = MU_SITES_VILLAGE + 1; level > MU_SITES_CITY; --level) {
        uint32_t found = 0;
        for (uint32_t s = 0; s < count; ++s) found += is_level(&site[s], level - 1);
        *out_level = level - 1;
        if (found > 0) return found;
    }
    return 0;
}

static muster_status make_places(mu_ground *g, const muster_problem *problem) {
    uint32_t                 count;
    unsigned                 level;
    const muster_named_site *site = muster_named_sites_list(g->sites, &count);
    const char             **authority;
    mu_named_place          *place;
    MU_TRY(sort_authorities(&g->arena, problem, &authority));
    MU_TRY(mu_arena_take(&g->arena, &place, finest(site, count, &level), sizeof *place));
    for (uint32_t s = 0; s < count; ++s) {
        if (!is_level(&site[s], level)) continue;
        place[g->place_count++] =
            (mu_named_place){site[s].lon_deg, site[s].lat_deg, site[s].name,
                             find_code(authority, problem->authority_count, site[s].code)};
    }
    g->place = place;
    return MUSTER_OK;
}

/* ---- what the scenario has to have --------------------------------------------------------- */

static bool has_kind(const muster_problem *problem, const char *code) {
    for (uint32_t k = 0; k < problem->kind_count; ++k) {
        if (strcmp(problem->kind[k].code, code) == 0) return true;
    }
    return false;
}

static bool has_authority(const muster_problem *problem, const char *code) {
    for (uint32_t a = 0; a < problem->authority_count; ++a) {
        if (strcmp(problem->authority[a].code, code) == 0) return true;
    }
    return false;
}

static muster_status check_calls(const mu_ground *g, const muster_problem *problem) {
    const muster_scenario_file *f = g->file;
    for (uint32_t c = 0; c < f->call_count; ++c) {
        const mu_call_rule *call = &f->call[c];
        if (call->authority && !has_authority(problem, call->authority)) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": call '%s' is of the authority '%s', which the store lacks; "
                               "expected the code of a place there, 'nearest' or 'none'",
                               f->about.path, call->code, call->authority);
        }
        for (uint32_t n = 0; n < call->need_count; ++n) {
            if (has_kind(problem, call->need[n].kind)) continue;
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": call '%s' needs the kind '%s', which the store lacks; "
                               "expected one of its table kind",
                               f->about.path, call->code, call->need[n].kind);
        }
    }
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static muster_status make(mu_ground *g, const muster_scenario *scenario) {
    const muster_problem *problem = muster_scenario_problem(scenario);
    const muster_network *network = muster_scenario_network(scenario);
    MU_TRY(check_calls(g, problem));
    MU_TRY(muster_named_sites_load(&g->sites, g->file->about.store));
    MU_TRY(make_places(g, problem));
    MU_TRY(mu_hazard_ground_make(g, network));
    MU_TRY(mu_where_ground_make(g));
    MU_TRY(mu_failure_ground_make(g, network));
    return mu_unit_ground_make(g, scenario);
}

muster_status mu_ground_new(mu_ground **out, const muster_scenario_file *file,
                            const muster_scenario *scenario) {
    mu_ground *g;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&g, 1, sizeof *g));
    g->file                    = file;
    const muster_status status = make(g, scenario);
    if (status != MUSTER_OK) {
        mu_ground_free(g);
        return status;
    }
    *out = g;
    return MUSTER_OK;
}

void mu_ground_free(mu_ground *g) {
    if (!g) return;
    muster_hazards_free(g->hazards);
    muster_named_sites_free(g->sites);
    mu_arena_fini(&g->arena);
    mu_free(g);
}
