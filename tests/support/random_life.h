/* A small random problem that changes at random: incidents come, change and are closed, units come,
 * go, move and change, stocks are used, roads are closed and opened, rules are given and taken back,
 * and rows come in another order. Everything is drawn once; what is there now is put together after
 * each event. */
#ifndef TESTS_SUPPORT_RANDOM_LIFE_H
#define TESTS_SUPPORT_RANDOM_LIFE_H

#include <muster/closure.h>
#include <muster/solve.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/random_network.h"

enum {
    LIFE_KINDS     = 8, /* two each of people, vehicles, machines, items */
    LIFE_TEAMS     = 8,
    LIFE_VEHICLES  = 5,
    LIFE_MACHINES  = 3,
    LIFE_STOCKS    = 4, /* two warehouses with both items */
    LIFE_INCIDENTS = 5,
    LIFE_NEEDS     = 14,
    LIFE_RULES     = 3,
    LIFE_ARCS      = 4 /* closed at a time */
};

typedef struct life_rows {
    muster_team     team[LIFE_TEAMS];
    muster_vehicle  vehicle[LIFE_VEHICLES];
    muster_machine  machine[LIFE_MACHINES];
    muster_stock    stock[LIFE_STOCKS];
    muster_incident incident[LIFE_INCIDENTS];
    muster_need     need[LIFE_NEEDS];
    muster_rule     rule[LIFE_RULES];
} life_rows;

typedef struct random_life {
    random_network       network_rows;
    muster_network      *network;
    muster_metric       *base[2], *changed[2]; /* changed: NULL, or instead of the base */
    const muster_metric *metric[2];
    char                 code[32][8];
    uint32_t             code_count;
    muster_kind          kind[LIFE_KINDS];
    uint32_t             capability[2];
    life_rows            all, now;
    bool           has_team[LIFE_TEAMS], has_vehicle[LIFE_VEHICLES], has_machine[LIFE_MACHINES];
    bool           has_incident[LIFE_INCIDENTS], has_rule[LIFE_RULES];
    uint32_t       first_team, first_incident; /* where lists begin: they go round */
    uint32_t       at_team[LIFE_TEAMS], at_machine[LIFE_MACHINES], at_incident[LIFE_INCIDENTS];
    uint32_t       at_vehicle[LIFE_VEHICLES];
    muster_weights weights;
    muster_problem problem;
    uint64_t       rng;
} random_life;

static inline const char *life_code(random_life *l) {
    snprintf(l->code[l->code_count], sizeof l->code[0], "C%u", l->code_count);
    return l->code[l->code_count++];
}

static inline muster_site life_site(random_life *l) {
    if (random_below(&l->rng, 20) == 0) return (muster_site){121.9, 31.9}; /* far from any road */
    return (muster_site){120.7 + 0.05 * random_unit(&l->rng), 30.7 + 0.05 * random_unit(&l->rng)};
}

static inline muster_unit life_unit(random_life *l) {
    return (muster_unit){.code         = life_code(l),
                         .site         = life_site(l),
                         .metric       = random_below(&l->rng, 2),
                         .turnout_ms   = random_below(&l->rng, 600) * 1000,
                         .authority    = MUSTER_NONE,
                         .shift_end_ms = random_below(&l->rng, 4) ? 0 : 3600000};
}

static inline void life_draw_units(random_life *l) {
    uint64_t *rng = &l->rng;
    for (uint32_t t = 0; t < LIFE_TEAMS; ++t) {
        const uint32_t skip = random_below(rng, 2);
        l->all.team[t]      = (muster_team){.unit             = life_unit(l),
                                            .people           = 1 + random_below(rng, 12),
                                            .capability       = l->capability + skip,
                                            .capability_count = skip ? 1 : 1 + random_below(rng, 2),
                                            .grade            = random_below(rng, 3)};
    }
    for (uint32_t v = 0; v < LIFE_VEHICLES; ++v) {
        const uint32_t kind = 2 + random_below(rng, 2);
        l->all.vehicle[v]   = (muster_vehicle){.unit       = life_unit(l),
                                               .kind       = kind,
                                               .payload_kg = kind == 2 ? 1 + random_below(rng, 5) : 0,
                                               .volume_m3  = 1};
    }
    for (uint32_t m = 0; m < LIFE_MACHINES; ++m) {
        l->all.machine[m] =
            (muster_machine){life_unit(l), 4 + random_below(rng, 2), random_below(rng, 5)};
    }
    for (uint32_t s = 0; s < LIFE_STOCKS; ++s) {
        l->all.stock[s]      = (muster_stock){.kind = 6 + s % 2, .quantity = random_below(rng, 6)};
        l->all.stock[s].unit = s % 2 ? l->all.stock[s - 1].unit : life_unit(l);
    }
}

static inline void life_draw_need(random_life *l, uint32_t n) {
    uint64_t    *rng  = &l->rng;
    muster_need *need = &l->all.need[n];
    need->quantity    = 1 + random_below(rng, need->kind < 2 ? 20 : 5);
    need->minimum     = random_below(rng, 3) ? 0 : random_below(rng, (uint32_t)need->quantity + 1);
    need->grade       = need->kind < 2 && random_below(rng, 4) == 0 ? 1 + random_below(rng, 2) : 0;
}

/* No two needs of an incident are of one kind. */
static inline void life_draw_incidents(random_life *l) {
    bool is_asked[LIFE_INCIDENTS][LIFE_KINDS] = {{false}};
    for (uint32_t i = 0; i < LIFE_INCIDENTS; ++i) {
        l->all.incident[i] = (muster_incident){.code           = life_code(l),
                                               .site           = life_site(l),
                                               .severity       = (uint8_t)random_below(&l->rng, 4),
                                               .on_scene_ms    = random_below(&l->rng, 600) * 1000,
                                               .authority      = MUSTER_NONE,
                                               .all_or_nothing = random_below(&l->rng, 5) == 0};
    }
    for (uint32_t n = 0; n < LIFE_NEEDS; ++n) {
        muster_need *need = &l->all.need[n];
        do {
            need->incident = n < LIFE_INCIDENTS ? n : random_below(&l->rng, LIFE_INCIDENTS);
            need->kind     = random_below(&l->rng, LIFE_KINDS);
        } while (is_asked[need->incident][need->kind]);
        is_asked[need->incident][need->kind] = true;
        life_draw_need(l, n);
    }
}

/* Rule r has vehicle r on its way, so that none is on its way to two places; or it is about whatever
 * else there is. */
static inline void life_draw_rule(random_life *l, uint32_t r) {
    static const uint8_t  TYPE[]   = {MUSTER_LOCK, MUSTER_FORBID, MUSTER_HOLD};
    static const uint32_t COUNT[]  = {LIFE_TEAMS, 0, LIFE_MACHINES, LIFE_STOCKS};
    const uint8_t         resource = (uint8_t)random_below(&l->rng, MUSTER_RESOURCE_COUNT);
    muster_rule           rule     = {.type     = MUSTER_EN_ROUTE,
                                      .resource = resource,
                                      .index    = r,
                                      .incident = random_below(&l->rng, LIFE_INCIDENTS),
                                      .need     = MUSTER_NONE};
    if (resource != MUSTER_VEHICLE) {
        rule.type  = TYPE[random_below(&l->rng, 3)];
        rule.index = random_below(&l->rng, COUNT[resource]);
        if (resource != MUSTER_PEOPLE) rule.quantity = random_below(&l->rng, 3);
    }
    l->all.rule[r] = rule;
}

/* ---- what is there now --------------------------------------------------------------------- */

static inline void life_assemble_units(random_life *l) {
    muster_problem *p = &l->problem;
    p->team_count = p->vehicle_count = p->machine_count = 0;
    for (uint32_t k = 0; k < LIFE_TEAMS; ++k) {
        const uint32_t t = (l->first_team + k) % LIFE_TEAMS;
        l->at_team[t]    = MUSTER_NONE;
        if (!l->has_team[t]) continue;
        l->at_team[t]                = p->team_count;
        l->now.team[p->team_count++] = l->all.team[t];
    }
    for (uint32_t v = 0; v < LIFE_VEHICLES; ++v) {
        l->at_vehicle[v] = l->has_vehicle[v] ? p->vehicle_count : MUSTER_NONE;
        if (l->has_vehicle[v]) l->now.vehicle[p->vehicle_count++] = l->all.vehicle[v];
    }
    for (uint32_t m = 0; m < LIFE_MACHINES; ++m) {
        l->at_machine[m] = l->has_machine[m] ? p->machine_count : MUSTER_NONE;
        if (l->has_machine[m]) l->now.machine[p->machine_count++] = l->all.machine[m];
    }
    memcpy(l->now.stock, l->all.stock, sizeof l->now.stock);
}

static inline void life_assemble_incidents(random_life *l) {
    muster_problem *p = &l->problem;
    p->incident_count = p->need_count = 0;
    for (uint32_t k = 0; k < LIFE_INCIDENTS; ++k) {
        const uint32_t i  = (l->first_incident + k) % LIFE_INCIDENTS;
        l->at_incident[i] = MUSTER_NONE;
        if (!l->has_incident[i]) continue;
        l->at_incident[i]                    = p->incident_count;
        l->now.incident[p->incident_count++] = l->all.incident[i];
    }
    for (uint32_t n = 0; n < LIFE_NEEDS; ++n) {
        const uint32_t at = l->at_incident[l->all.need[n].incident];
        if (at == MUSTER_NONE) continue;
        l->now.need[p->need_count]            = l->all.need[n];
        l->now.need[p->need_count++].incident = at;
    }
}

static inline void life_assemble_rules(random_life *l) {
    muster_problem *p = &l->problem;
    p->rule_count     = 0;
    for (uint32_t r = 0; r < LIFE_RULES; ++r) {
        muster_rule    rule     = l->all.rule[r];
        const uint32_t incident = l->at_incident[rule.incident];
        if (rule.resource == MUSTER_PEOPLE) rule.index = l->at_team[rule.index];
        if (rule.resource == MUSTER_VEHICLE) rule.index = l->at_vehicle[rule.index];
        if (rule.resource == MUSTER_MACHINE) rule.index = l->at_machine[rule.index];
        if (!l->has_rule[r] || rule.index == MUSTER_NONE || incident == MUSTER_NONE) continue;
        rule.incident                = incident;
        l->now.rule[p->rule_count++] = rule;
    }
}

/* Rules that contradict each other are taken back. */
static inline void life_assemble(random_life *l) {
    muster_conflict conflict;
    uint32_t        rule[LIFE_RULES], count;
    for (int m = 0; m < 2; ++m) l->metric[m] = l->changed[m] ? l->changed[m] : l->base[m];
    life_assemble_units(l);
    life_assemble_incidents(l);
    life_assemble_rules(l);
    assert_int_equal(muster_problem_conflict(&l->problem, &conflict, rule, &count), MUSTER_OK);
    if (conflict == MUSTER_NO_CONFLICT) return;
    memset(l->has_rule, 0, sizeof l->has_rule);
    life_assemble_rules(l);
}

/* ---- events -------------------------------------------------------------------------------- */

static inline void life_change_roads(random_life *l) {
    const uint32_t    m = random_below(&l->rng, 2), arcs = 2 * l->network_rows.data.edge_count;
    muster_arc_change arc[LIFE_ARCS];
    for (int i = 0; i < LIFE_ARCS; ++i) {
        arc[i] = (muster_arc_change){random_below(&l->rng, arcs), MUSTER_UNREACHABLE_MS};
    }
    const bool is_opened = l->changed[m] != NULL && random_below(&l->rng, 2);
    muster_metric_free(l->changed[m]);
    l->changed[m] = NULL;
    if (is_opened) return;
    /* An arc that is open to nobody cannot be changed. */
    if (muster_metric_change(&l->changed[m], l->base[m], LIFE_ARCS, arc) != MUSTER_OK) return;
}

static inline void life_change_unit(random_life *l) {
    uint64_t *rng = &l->rng;
    switch (random_below(rng, 7)) {
    case 0:
        l->has_team[random_below(rng, LIFE_TEAMS)] ^= true;
        return;
    case 1:
        l->has_vehicle[random_below(rng, LIFE_VEHICLES)] ^= true;
        return;
    case 2:
        l->has_machine[random_below(rng, LIFE_MACHINES)] ^= true;
        return;
    case 3:
        l->all.team[random_below(rng, LIFE_TEAMS)].unit.site = life_site(l);
        return;
    case 4:
        l->all.vehicle[random_below(rng, LIFE_VEHICLES)].unit.site = life_site(l);
        return;
    case 5:
        l->all.team[random_below(rng, LIFE_TEAMS)].people = 1 + random_below(rng, 12);
        return;
    default:
        l->all.machine[random_below(rng, LIFE_MACHINES)].count = random_below(rng, 5);
    }
}

static inline void life_change_demand(random_life *l) {
    uint64_t *rng = &l->rng;
    switch (random_below(rng, 6)) {
    case 0:
    case 1:
    case 2:
        l->has_incident[random_below(rng, LIFE_INCIDENTS)] ^= true;
        return;
    case 3:
    case 4:
        life_draw_need(l, random_below(rng, LIFE_NEEDS));
        return;
    default:
        l->all.incident[random_below(rng, LIFE_INCIDENTS)].severity = (uint8_t)random_below(rng, 4);
    }
}

/* One thing changes, or the order of rows, or nothing. */
static inline void life_event(random_life *l) {
    const uint32_t r = random_below(&l->rng, LIFE_RULES);
    switch (random_below(&l->rng, 10)) {
    case 0:
    case 1:
    case 2:
        life_change_demand(l);
        break;
    case 3:
    case 4:
    case 5:
        life_change_unit(l);
        break;
    case 6:
        l->all.stock[random_below(&l->rng, LIFE_STOCKS)].quantity = random_below(&l->rng, 6);
        break;
    case 7:
        life_change_roads(l);
        break;
    case 8:
        l->has_rule[r] ^= true;
        if (l->has_rule[r]) life_draw_rule(l, r);
        break;
    default:
        l->first_team     = random_below(&l->rng, LIFE_TEAMS);
        l->first_incident = random_below(&l->rng, LIFE_INCIDENTS);
    }
    life_assemble(l);
}

/* ---- life ----------------------------------------------------------------------------------- */

/* Fill `l` from the seed; random_life_free gives back what it holds. Every other life has items that
 * come by vehicle, every third machines that people operate. */
static inline void random_life_new(random_life *l, uint64_t seed) {
    static const muster_kind KIND[LIFE_KINDS] = {
        {.code = "rescue", .resource = MUSTER_PEOPLE},
        {.code = "medical", .resource = MUSTER_PEOPLE},
        {.code = "truck", .resource = MUSTER_VEHICLE},
        {.code = "ambulance", .resource = MUSTER_VEHICLE},
        {.code = "pump", .resource = MUSTER_MACHINE},
        {.code = "digger", .resource = MUSTER_MACHINE},
        {.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 1, .volume_m3 = 0.1},
        {.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 0.5, .volume_m3 = 0.3}};
    memset(l, 0, sizeof *l);
    l->rng     = ~seed * 41;
    l->network = random_network_new(&l->network_rows, seed);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(l->network), MUSTER_OK);
    l->base[0] = random_network_metric(l->network, "light");
    l->base[1] = random_network_metric(l->network, "emergency");
    memcpy(l->kind, KIND, sizeof KIND);
    l->capability[0] = 0, l->capability[1] = 1;
    if (seed % 3 == 0) l->kind[4].operator_count = 2;
    life_draw_units(l);
    life_draw_incidents(l);
    for (uint32_t i = 0; i < LIFE_TEAMS; ++i) l->has_team[i] = random_below(&l->rng, 4) > 0;
    for (uint32_t i = 0; i < LIFE_VEHICLES; ++i) l->has_vehicle[i] = random_below(&l->rng, 4) > 0;
    for (uint32_t i = 0; i < LIFE_MACHINES; ++i) l->has_machine[i] = random_below(&l->rng, 4) > 0;
    for (uint32_t i = 0; i < LIFE_INCIDENTS; ++i) l->has_incident[i] = random_below(&l->rng, 3) > 0;
    l->problem = (muster_problem){.struct_size  = sizeof(muster_problem),
                                  .metric_count = 2,
                                  .metric       = l->metric,
                                  .kind_count   = LIFE_KINDS,
                                  .kind         = l->kind,
                                  .team         = l->now.team,
                                  .vehicle      = l->now.vehicle,
                                  .machine      = l->now.machine,
                                  .stock_count  = LIFE_STOCKS,
                                  .stock        = l->now.stock,
                                  .incident     = l->now.incident,
                                  .need         = l->now.need,
                                  .rule         = l->now.rule,
                                  .weights      = &l->weights};
    l->weights = (muster_weights)MUSTER_WEIGHTS_INIT;
    if (seed % 5 == 0) l->weights.diversion_unmet_need = 500000;
    if (seed / 2 % 2) l->problem.item_transport = MUSTER_ITEMS_BY_VEHICLE;
    l->problem.max_sources = (uint32_t)(seed / 4 % 3);
    life_assemble(l);
}

static inline void random_life_free(random_life *l) {
    for (int m = 0; m < 2; ++m) {
        muster_metric_free(l->changed[m]);
        muster_metric_free(l->base[m]);
    }
    muster_network_free(l->network);
}

#endif
