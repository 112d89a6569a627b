/* See siting_points.h. */
#include "cli/siting_points.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/hazard.h>

#include "cli/command.h"
#include "cli/sites_csv.h"
#include "cli/sites_extent.h"

/* Whose list it is, and what becomes of its places. */
typedef struct lister {
    siting_points        *points;
    const siting_options *options;
    const muster_problem *problem;
    const muster_network *network;
    const char           *option; /* "--demand" */
    bool                  is_demand, is_candidate;
    uint32_t              unit_count; /* at each */
} lister;

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

void siting_points_free(siting_points *p) {
    for (uint32_t i = 0; i < p->count; ++i) {
        free(p->point[i].id);
        free(p->point[i].name);
    }
    free(p->point);
    *p = (siting_points){0};
}

/* ---- one by one ---------------------------------------------------------------------------- */

static siting_point *find(const siting_points *p, muster_site site) {
    for (uint32_t i = 0; i < p->count; ++i) {
        const muster_site there = p->point[i].site;
        if (there.lon_deg == site.lon_deg && there.lat_deg == site.lat_deg) return &p->point[i];
    }
    return NULL;
}

static bool reserve(siting_points *p) {
    if (p->count < p->capacity) return true;
    const uint32_t larger = p->capacity < 64 ? 64 : 2 * p->capacity;
    siting_point  *point  = realloc(p->point, larger * sizeof *point);
    if (!point) return false;
    p->point    = point;
    p->capacity = larger;
    return true;
}

/* Strings are copied. */
static int append(siting_points *p, const char *id, const char *name, siting_point point) {
    if (!reserve(p)) return fail_memory();
    point.id   = strdup(id);
    point.name = strdup(name ? name : "");
    if (!point.id || !point.name) {
        free(point.id);
        free(point.name);
        return fail_memory();
    }
    p->point[p->count++] = point;
    return COMMAND_DONE;
}

static int add(const lister *l, const char *id, const char *name, muster_site site,
               int64_t weight) {
    siting_point *there = l->is_demand ? NULL : find(l->points, site);
    if (there) {
        there->is_candidate |= l->is_candidate;
        there->unit_count += l->unit_count;
        return COMMAND_DONE;
    }
    const siting_point point = {.site         = site,
                                .weight       = weight,
                                .unit_count   = l->unit_count,
                                .is_candidate = l->is_candidate};
    return append(l->points, id, name, point);
}

/* ---- lists --------------------------------------------------------------------------------- */

/* A list of named places in a store. */
typedef struct store_list {
    const char *name, *table, *level;
} store_list;

static const store_list STORE_LIST[] = {
    {"at-risk", "at_risk_site", ""}, {"villages", "place", "village"}, {"towns", "place", "town"}};

static int add_named_site(const lister *l, const muster_named_site *site) {
    const muster_site where  = {site->lon_deg, site->lat_deg};
    int64_t           weight = 1;
    if (!l->options->is_equal && site->population >= 0) weight = site->population;
    if (l->is_demand && !l->options->is_equal && site->population < 0) {
        ++l->points->unweighted_count;
    }
    if (weight > MUSTER_MAX_DEMAND_WEIGHT) {
        return command_fail(
            COMMAND_BAD_INPUT,
            "%s: table %s: \"%s\" has %" PRId64 " people; expected %" PRId64 " at most",
            l->options->store, site->table, site->code, site->population, MUSTER_MAX_DEMAND_WEIGHT);
    }
    return add(l, site->code, site->name, where, weight);
}

static int add_store_list(const lister *l, const store_list *list) {
    muster_named_sites *named;
    uint32_t            count, first = l->points->count;
    int                 code   = COMMAND_DONE;
    const muster_status status = muster_named_sites_load(&named, l->options->store);
    if (status != MUSTER_OK) return command_fail_status(status);
    const muster_named_site *site = muster_named_sites_list(named, &count);
    for (uint32_t i = 0; i < count && code == COMMAND_DONE; ++i) {
        if (strcmp(site[i].table, list->table) != 0) continue;
        if (strcmp(site[i].level, list->level) == 0) code = add_named_site(l, &site[i]);
    }
    muster_named_sites_free(named);
    if (code == COMMAND_DONE && l->is_demand && l->points->count == first) {
        return command_fail(COMMAND_BAD_INPUT, "%s has no %s; expected some, or another %s",
                            l->options->store, list->name, l->option);
    }
    return code;
}

static int add_csv(const lister *l, const char *path) {
    sites s;
    int   code = sites_read_weighted_csv(&s, path, &l->options->system);
    if (code != COMMAND_DONE) return code;
    code = sites_check_extent(&s, path, l->network, false);
    for (uint32_t i = 0; i < s.count && code == COMMAND_DONE; ++i) {
        code = add(l, s.id[i], NULL, (muster_site){s.lon_deg[i], s.lat_deg[i]},
                   l->options->is_equal ? 1 : s.weight[i]);
    }
    sites_free(&s);
    return code;
}

/* Rows of one warehouse have one place. */
static int add_warehouses(const lister *l) {
    const muster_problem *p    = l->problem;
    int                   code = COMMAND_DONE;
    for (uint32_t i = 0; i < p->stock_count && code == COMMAND_DONE; ++i) {
        const muster_unit *unit = &p->stock[i].unit;
        if (i > 0 && strcmp(unit->code, p->stock[i - 1].unit.code) == 0) continue;
        code = add(l, unit->code, unit->name, unit->site, 1);
    }
    return code;
}

static int add_list(const lister *l, const char *name) {
    if (!l->is_demand && strcmp(name, "warehouses") == 0) return add_warehouses(l);
    for (size_t i = 0; i < sizeof STORE_LIST / sizeof *STORE_LIST; ++i) {
        if (strcmp(name, STORE_LIST[i].name) == 0) return add_store_list(l, &STORE_LIST[i]);
    }
    return add_csv(l, name);
}

static int add_lists(const lister *l, const siting_names *names) {
    int code = COMMAND_DONE;
    for (uint32_t i = 0; i < names->count && code == COMMAND_DONE; ++i) {
        code = add_list(l, names->name[i]);
    }
    return code;
}

int siting_points_add_demand(siting_points *points, const siting_options *o,
                             const muster_network *network) {
    const lister l    = {.points    = points,
                         .options   = o,
                         .network   = network,
                         .option    = "--demand",
                         .is_demand = true};
    const int    code = add_lists(&l, &o->demand);
    if (code != COMMAND_DONE || points->unweighted_count == 0) return code;
    return command_fail(COMMAND_DONE,
                        "%s: the population of %" PRIu32 " of %" PRIu32
                        " is not known: each of them weighs 1",
                        o->store, points->unweighted_count, points->count);
}

int siting_points_add_candidates(siting_points *points, const siting_options *o,
                                 const muster_problem *problem, const muster_network *network) {
    const lister l = {.points       = points,
                      .options      = o,
                      .problem      = problem,
                      .network      = network,
                      .option       = "--candidates",
                      .is_candidate = true};
    return add_lists(&l, &o->candidates);
}

int siting_points_add_existing(siting_points *points, const siting_options *o,
                               const muster_problem *problem, const muster_network *network) {
    const lister l = {.points     = points,
                      .options    = o,
                      .problem    = problem,
                      .network    = network,
                      .option     = "--existing",
                      .unit_count = 1};
    return add_lists(&l, &o->existing);
}

/* ---- units --------------------------------------------------------------------------------- */

static bool has_capability(const muster_team *team, uint32_t kind) {
    for (uint32_t c = 0; c < team->capability_count; ++c) {
        if (team->capability[c] == kind) return true;
    }
    return false;
}

/* How many of a kind there are in one row of its resource. */
static int64_t count_in_row(const muster_problem *p, uint32_t kind, uint32_t row) {
    switch (p->kind[kind].resource) {
    case MUSTER_PEOPLE:
        return has_capability(&p->team[row], kind);
    case MUSTER_VEHICLE:
        return p->vehicle[row].kind == kind;
    case MUSTER_MACHINE:
        return p->machine[row].kind == kind ? p->machine[row].count : 0;
    default:
        return p->stock[row].kind == kind && p->stock[row].quantity > 0;
    }
}

static int add_units_of(const lister *shared, uint32_t kind) {
    enum { MOST = 1000000 };
    const muster_problem *p        = shared->problem;
    const muster_resource resource = (muster_resource)p->kind[kind].resource;
    int                   code     = COMMAND_DONE;
    for (uint32_t r = 0; r < muster_problem_unit_count(p, resource) && code == COMMAND_DONE; ++r) {
        const muster_unit *unit  = muster_problem_unit(p, resource, r);
        const int64_t      count = count_in_row(p, kind, r);
        lister             l     = *shared;
        if (count == 0) continue;
        l.unit_count = count < MOST ? (uint32_t)count : MOST;
        code         = add(&l, unit->code, unit->name, unit->site, 1);
    }
    return code;
}

static int fail_kind(const muster_problem *p, const char *name) {
    char   list[512] = "";
    size_t length    = 0;
    for (uint32_t k = 0; k < p->kind_count && length + 64 < sizeof list; ++k) {
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%.48s",
                                   k == 0 ? "" : ", ", p->kind[k].code);
    }
    return command_fail(COMMAND_USAGE, "--unit is \"%s\"; expected a kind of the store: %s", name,
                        list);
}

int siting_points_add_units(siting_points *points, const siting_options *o,
                            const muster_problem *problem) {
    const lister l    = {.points       = points,
                         .options      = o,
                         .problem      = problem,
                         .option       = "--unit",
                         .is_candidate = o->model == MUSTER_MOVE_UP};
    int          code = COMMAND_DONE;
    for (uint32_t n = 0; n < o->units.count && code == COMMAND_DONE; ++n) {
        uint32_t kind = 0;
        while (kind < problem->kind_count &&
               strcmp(problem->kind[kind].code, o->units.name[n]) != 0) {
            ++kind;
        }
        code = kind < problem->kind_count ? add_units_of(&l, kind)
                                          : fail_kind(problem, o->units.name[n]);
    }
    return code;
}
