/* Units that tables of the file are about: of those that are available some may fail, and of those that are not
 * some are called up. They are listed once, sorted, so that what is drawn for them does not depend on the order of
 * the store's rows. */
#include "simulation/unit_ground.h"

#include <stdlib.h>
#include <string.h>

static int by_code(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool has_kind(const muster_problem *problem, const char *code) {
    for (uint32_t k = 0; k < problem->kind_count; ++k) {
        if (strcmp(problem->kind[k].code, code) == 0) return true;
    }
    return false;
}

/* Is it a vehicle, machine pool or stock of the kind, or a team that can do it? */
static bool is_of_kind(const muster_problem *p, uint8_t resource, uint32_t index,
                       const char *kind) {
    if (!kind) return true;
    if (resource == MUSTER_VEHICLE) return strcmp(p->kind[p->vehicle[index].kind].code, kind) == 0;
    if (resource == MUSTER_MACHINE) return strcmp(p->kind[p->machine[index].kind].code, kind) == 0;
    if (resource == MUSTER_ITEM) return strcmp(p->kind[p->stock[index].kind].code, kind) == 0;
    const muster_team *team = &p->team[index];
    for (uint32_t c = 0; c < team->capability_count; ++c) {
        if (strcmp(p->kind[team->capability[c]].code, kind) == 0) return true;
    }
    return false;
}

static bool is_named(const mu_unit_choice *which, const char *code) {
    for (uint32_t u = 0; u < which->unit_count; ++u) {
        if (strcmp(which->unit[u], code) == 0) return true;
    }
    return which->unit_count == 0;
}

/* A table of the file, in messages too. */
typedef struct chooser {
    mu_ground             *ground;
    const muster_scenario *scenario;
    const char            *table, *code;
    const mu_unit_choice  *which;
    bool                   is_available; /* in the store: what its units have to be */
} chooser;

/* Rows that are not available rise, and so do those that are asked about: *next goes along with them. */
static bool is_available(const uint32_t *row, uint32_t count, uint32_t *next, uint32_t index) {
    while (*next < count && row[*next] < index) ++*next;
    return *next == count || row[*next] != index;
}

static muster_status refuse_kind(const chooser *c) {
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": %s '%s' is of the kind '%s', which the store lacks; expected one "
                       "of its table kind",
                       c->ground->file->about.path, c->table, c->code, c->which->kind);
}

static muster_status refuse_unit(const chooser *c, const char *unit) {
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": %s '%s' names the unit '%s', which the store lacks, or which is of "
                       "another kind or %s there; expected one of its units",
                       c->ground->file->about.path, c->table, c->code, unit,
                       c->is_available ? "not available" : "available");
}

/* Codes, each once: of a warehouse there are rows for each item. */
static muster_status list_units(const chooser *c, mu_unit_ground *out) {
    const muster_problem *p        = muster_scenario_problem(c->scenario);
    const muster_resource resource = (muster_resource)c->which->resource;
    const uint32_t        count    = muster_problem_unit_count(p, resource);
    uint32_t              off_count, next = 0, used = 0, unique = 0;
    const uint32_t       *off = muster_scenario_unavailable(c->scenario, resource, &off_count);
    const char          **code;
    if (c->which->kind && !has_kind(p, c->which->kind)) return refuse_kind(c);
    MU_TRY(mu_arena_take(&c->ground->arena, &code, count, sizeof *code));
    for (uint32_t i = 0; i < count; ++i) {
        const char *one = muster_problem_unit(p, resource, i)->code;
        if (is_available(off, off_count, &next, i) != c->is_available) continue;
        if (is_of_kind(p, (uint8_t)resource, i, c->which->kind) && is_named(c->which, one)) {
            code[used++] = one;
        }
    }
    if (used > 0) qsort(code, used, sizeof *code, by_code);
    for (uint32_t i = 0; i < used; ++i) {
        if (i == 0 || strcmp(code[i], code[i - 1]) != 0) code[unique++] = code[i];
    }
    out->unit       = code;
    out->unit_count = unique;
    for (uint32_t u = 0; u < c->which->unit_count; ++u) {
        const char *const *named = &c->which->unit[u];
        if (unique == 0 || !bsearch(named, code, unique, sizeof *code, by_code)) {
            return refuse_unit(c, *named);
        }
    }
    return MUSTER_OK;
}

static muster_status make_failing(mu_ground *g, const muster_scenario *scenario) {
    mu_unit_ground *units;
    MU_TRY(mu_arena_take(&g->arena, &units, g->file->unit_failure_count, sizeof *units));
    for (uint32_t f = 0; f < g->file->unit_failure_count; ++f) {
        const mu_unit_failure *failure = &g->file->unit_failure[f];
        const chooser          c       = {.ground       = g,
                                          .scenario     = scenario,
                                          .table        = "unit_failure",
                                          .code         = failure->code,
                                          .which        = &failure->which,
                                          .is_available = true};
        MU_TRY(list_units(&c, &units[f]));
    }
    g->units = units;
    return MUSTER_OK;
}

static muster_status make_called_up(mu_ground *g, const muster_scenario *scenario) {
    mu_unit_ground *units;
    MU_TRY(mu_arena_take(&g->arena, &units, g->file->call_up_count, sizeof *units));
    for (uint32_t u = 0; u < g->file->call_up_count; ++u) {
        const mu_call_up *call_up = &g->file->call_up[u];
        const chooser     c       = {.ground       = g,
                                     .scenario     = scenario,
                                     .table        = "call_up",
                                     .code         = call_up->code,
                                     .which        = &call_up->which,
                                     .is_available = false};
        MU_TRY(list_units(&c, &units[u]));
        if (units[u].unit_count > 0) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\": call_up '%s' finds nobody to call; expected units whose "
                           "`available` is 0 in the store",
                           g->file->about.path, call_up->code);
    }
    g->called_up = units;
    return MUSTER_OK;
}

muster_status mu_unit_ground_make(mu_ground *g, const muster_scenario *scenario) {
    MU_TRY(make_failing(g, scenario));
    return make_called_up(g, scenario);
}
