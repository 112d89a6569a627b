/* At-risk sites keep kits; villages keep what the stocks and pools of machines of their own have, which
 * is what the tree of command knows: a unit's authority is the village itself. */
#include "cli/readiness_places.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/network_file.h"

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

static bool is_site(const muster_named_site *s) {
    return strcmp(s->table, "at_risk_site") == 0;
}

static bool is_village(const muster_named_site *s) {
    return !is_site(s) && strcmp(s->level, "village") == 0;
}

/* ---- who they are ------------------------------------------------------------------------------ */

static void take(readiness_places *p, const muster_named_site *s, int holder) {
    p->named[p->count]  = s;
    p->people[p->count] = s->population > 0 ? s->population : 0;
    p->place[p->count]  = (muster_readiness_place){
         s->code, {s->lon_deg, s->lat_deg}, s->population > 0 ? s->population : 1};
    ++p->count;
    ++p->holder_count[holder];
}

static int list_places(readiness_places *p, const readiness_options *o) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(p->sites, &count);
    p->named                      = calloc((size_t)count + 1, sizeof(muster_named_site *));
    p->people                     = malloc((count + 1) * sizeof *p->people);
    p->place                      = malloc((count + 1) * sizeof *p->place);
    if (!p->named || !p->people || !p->place) return fail_memory();
    for (uint32_t i = 0; i < count && (o->places & READINESS_SITES); ++i) {
        if (is_site(&site[i])) take(p, &site[i], HOLDER_SITES);
    }
    for (uint32_t i = 0; i < count && (o->places & READINESS_VILLAGES); ++i) {
        if (is_village(&site[i])) take(p, &site[i], HOLDER_VILLAGES);
    }
    if (p->count > 0) return COMMAND_DONE;
    return command_fail(COMMAND_BAD_INPUT,
                        "%s: nothing that has to be reached; expected rows of at_risk_site, or of "
                        "place with level \"village\"",
                        network_file_name(o->store));
}

/* Authorities are places; a few thousand of each. */
static int count_people(readiness_places *p, const muster_problem *problem) {
    uint32_t                 count;
    const muster_named_site *site = muster_named_sites_list(p->sites, &count);
    p->people_of_authority        = calloc((size_t)problem->authority_count + 1, sizeof(int64_t));
    if (!p->people_of_authority) return fail_memory();
    for (uint32_t a = 0; a < problem->authority_count; ++a) {
        for (uint32_t i = 0; i < count; ++i) {
            if (is_site(&site[i]) || strcmp(site[i].code, problem->authority[a].code) != 0)
                continue;
            if (site[i].population > 0) p->people_of_authority[a] = site[i].population;
            break;
        }
    }
    return COMMAND_DONE;
}

/* ---- what they keep ------------------------------------------------------------------------------ */

typedef struct holdings {
    uint32_t        count;
    muster_holding *row;
} holdings;

/* Kits and sites are in order of the site's code; sites come first of all that has a name. */
static int list_kits(holdings *h, const readiness_places *p, const muster_problem *problem) {
    uint32_t                 count, all, holder = 0;
    const muster_kit        *kit   = muster_kits_list(p->kits, &count);
    const muster_named_site *site  = muster_named_sites_list(p->sites, &all);
    const uint32_t           sites = p->holder_count[HOLDER_SITES];
    h->row                         = malloc((count + 1) * sizeof *h->row);
    if (!h->row) return fail_memory();
    for (uint32_t i = 0; i < count; ++i) {
        uint32_t kind = 0;
        while (holder < sites && strcmp(site[holder].code, kit[i].site) < 0) ++holder;
        if (holder == sites) break;
        if (strcmp(site[holder].code, kit[i].site) != 0) continue;
        while (kind < problem->kind_count && strcmp(problem->kind[kind].code, kit[i].kind) != 0) {
            ++kind;
        }
        h->row[h->count++] = (muster_holding){holder, kind, kit[i].quantity};
    }
    return COMMAND_DONE;
}

/* By authority: which village of ours it is; MUSTER_NONE: none. */
static int number_villages(uint32_t **out, const readiness_places *p,
                           const muster_problem *problem) {
    const uint32_t first = p->holder_count[HOLDER_SITES];
    *out                 = malloc(((size_t)problem->authority_count + 1) * sizeof **out);
    if (!*out) return fail_memory();
    for (uint32_t a = 0; a < problem->authority_count; ++a) {
        uint32_t v = 0;
        while (v < p->holder_count[HOLDER_VILLAGES] &&
               strcmp(p->named[first + v]->code, problem->authority[a].code) != 0) {
            ++v;
        }
        (*out)[a] = v < p->holder_count[HOLDER_VILLAGES] ? v : MUSTER_NONE;
    }
    return COMMAND_DONE;
}

static void hold(holdings *h, const uint32_t *village_of, const muster_unit *unit, uint32_t kind,
                 int64_t quantity) {
    if (unit->authority == MUSTER_NONE || village_of[unit->authority] == MUSTER_NONE) return;
    h->row[h->count++] = (muster_holding){village_of[unit->authority], kind, quantity};
}

static int list_stores(holdings *h, const readiness_places *p, const muster_problem *problem) {
    uint32_t *village_of;
    const int code = number_villages(&village_of, p, problem);
    if (code != COMMAND_DONE) return code;
    h->row = malloc(((size_t)problem->stock_count + problem->machine_count + 1) * sizeof *h->row);
    for (uint32_t i = 0; h->row && i < problem->stock_count; ++i) {
        const muster_stock *s = &problem->stock[i];
        hold(h, village_of, &s->unit, s->kind, s->quantity);
    }
    for (uint32_t i = 0; h->row && i < problem->machine_count; ++i) {
        const muster_machine *m = &problem->machine[i];
        hold(h, village_of, &m->unit, m->kind, m->count);
    }
    free(village_of);
    return h->row ? COMMAND_DONE : fail_memory();
}

static int check_holders(readiness_places *p, int holder, const muster_problem *problem,
                         const readiness_standard *standard) {
    const uint32_t count = p->holder_count[holder], rules = standard->rule_count[holder];
    const uint32_t first = holder == HOLDER_SITES ? 0 : p->holder_count[HOLDER_SITES];
    holdings       h     = {0};
    p->equipment[holder] = calloc((size_t)count * rules + 1, sizeof *p->equipment[holder]);
    if (!p->equipment[holder]) return fail_memory();
    int code = holder == HOLDER_SITES ? list_kits(&h, p, problem) : list_stores(&h, p, problem);
    if (code == COMMAND_DONE) {
        const muster_status status =
            muster_equipment_check(count, p->people + first, rules, standard->rule[holder], h.count,
                                   h.row, p->equipment[holder]);
        if (status != MUSTER_OK) code = command_fail_status(status);
    }
    free(h.row);
    return code;
}

int readiness_places_read(readiness_places *p, const readiness_options *o,
                          const muster_problem *problem, const readiness_standard *standard) {
    *p                   = (readiness_places){0};
    muster_status status = muster_named_sites_load(&p->sites, o->store);
    if (status == MUSTER_OK) status = muster_kits_load(&p->kits, o->store);
    if (status != MUSTER_OK) return command_fail_status(status);
    int code = list_places(p, o);
    if (code == COMMAND_DONE) code = count_people(p, problem);
    for (int h = 0; h < HOLDER_COUNT && code == COMMAND_DONE; ++h) {
        code = check_holders(p, h, problem, standard);
    }
    return code;
}

void readiness_places_free(readiness_places *p) {
    for (int h = 0; h < HOLDER_COUNT; ++h) free(p->equipment[h]);
    free(p->named);
    free(p->place);
    free(p->people);
    free(p->people_of_authority);
    muster_kits_free(p->kits);
    muster_named_sites_free(p->sites);
    *p = (readiness_places){0};
}
