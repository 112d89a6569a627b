/* Random problems of middle size, in a town of blocks: far too large for brute force, and large
 * enough for every engine to have something to do. One row more of each resource, and one more
 * incident with its needs, lie behind those that the problem has. */
#ifndef TESTS_SUPPORT_RANDOM_CITY_H
#define TESTS_SUPPORT_RANDOM_CITY_H

#include <muster/solve.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/grid_network.h"
#include "tests/support/random_network.h"

enum {
    CITY_SIDE        = 24,
    CITY_KINDS       = 8, /* two each of people, vehicles, machines and items */
    CITY_TEAMS       = 48,
    CITY_VEHICLES    = 20,
    CITY_MACHINES    = 10,
    CITY_WAREHOUSES  = 6, /* each with both items */
    CITY_STOCKS      = 2 * CITY_WAREHOUSES,
    CITY_INCIDENTS   = 14,
    CITY_NEEDS_EACH  = 3,
    CITY_NEEDS       = CITY_INCIDENTS * CITY_NEEDS_EACH,
    CITY_AUTHORITIES = 4,
    CITY_ZONES       = 4,
    CITY_RULES       = 6,
    CITY_CODES       = 160
};

typedef enum city_feature {
    CITY_PLAIN    = 0,
    CITY_COMMAND  = 1, /* authorities, shifts, deadlines, grades, cover */
    CITY_TOGETHER = 2, /* minima, operators, all or nothing */
    CITY_SHIPPED  = 4, /* items come by vehicle */
    CITY_RULED    = 8  /* forbids, holds, some on their way */
} city_feature;

/* What all cities of a test share. */
typedef struct city_roads {
    muster_network      *network;
    muster_metric       *metric[2];
    const muster_metric *metric_of[2];
} city_roads;

typedef struct random_city {
    char             code[CITY_CODES][8];
    uint32_t         code_count;
    uint32_t         capability[CITY_TEAMS + 1][2];
    muster_kind      kind[CITY_KINDS];
    muster_team      team[CITY_TEAMS + 1];
    muster_vehicle   vehicle[CITY_VEHICLES + 1];
    muster_machine   machine[CITY_MACHINES + 1];
    muster_stock     stock[CITY_STOCKS + 2];
    muster_incident  incident[CITY_INCIDENTS + 1];
    muster_need      need[CITY_NEEDS + CITY_NEEDS_EACH];
    muster_authority authority[CITY_AUTHORITIES];
    muster_zone      zone[CITY_ZONES];
    muster_rule      rule[CITY_RULES];
    muster_weights   weights;
    muster_problem   problem;
} random_city;

static inline void city_roads_init(city_roads *r) {
    uint64_t rng    = 11;
    r->network      = grid_network(CITY_SIDE, &rng);
    r->metric_of[0] = r->metric[0] = random_network_metric(r->network, "light");
    r->metric_of[1] = r->metric[1] = random_network_metric(r->network, "heavy");
}

static inline void city_roads_fini(city_roads *r) {
    muster_metric_free(r->metric[0]);
    muster_metric_free(r->metric[1]);
    muster_network_free(r->network);
}

static inline const char *city_code(random_city *c) {
    snprintf(c->code[c->code_count], sizeof c->code[0], "C%u", c->code_count);
    return c->code[c->code_count++];
}

static inline muster_site city_site(uint64_t *rng) {
    return (muster_site){120 + 0.001 * CITY_SIDE * random_unit(rng),
                         30 + 0.001 * CITY_SIDE * random_unit(rng)};
}

static inline muster_unit city_unit(random_city *c, uint64_t *rng, unsigned features) {
    muster_unit unit = {.code       = city_code(c),
                        .site       = city_site(rng),
                        .metric     = random_below(rng, 2),
                        .turnout_ms = random_below(rng, 300) * 1000,
                        .authority  = MUSTER_NONE};
    if (features & CITY_COMMAND) {
        unit.authority    = random_below(rng, CITY_AUTHORITIES);
        unit.available_ms = random_below(rng, 5) ? 0 : random_below(rng, 600) * 1000;
        unit.shift_end_ms = random_below(rng, 4) ? 0 : 600000 + random_below(rng, 1800) * 1000;
        unit.duty_ms      = random_below(rng, 600) * 60000;
    }
    return unit;
}

static inline void city_kinds(random_city *c, uint64_t *rng, unsigned features) {
    static const char *CODE[] = {"rescue", "medical", "boat",    "truck",
                                 "pump",   "digger",  "sandbag", "tent"};
    for (uint32_t k = 0; k < CITY_KINDS; ++k) {
        c->kind[k] = (muster_kind){.code = CODE[k], .resource = (uint8_t)(k / 2)};
        if (k / 2 == MUSTER_MACHINE && (features & CITY_TOGETHER)) {
            c->kind[k].operator_count = random_below(rng, 4);
            c->kind[k].operator_kind  = random_below(rng, 2);
        }
        if (k / 2 == MUSTER_ITEM) {
            c->kind[k].mass_kg   = (1 + random_below(rng, 30)) / 10.0;
            c->kind[k].volume_m3 = (1 + random_below(rng, 20)) / 100.0;
        }
    }
}

static inline void city_resources(random_city *c, uint64_t *rng, unsigned features) {
    for (uint32_t t = 0; t <= CITY_TEAMS; ++t) {
        c->capability[t][0] = 0;
        c->capability[t][1] = 1;
        const uint32_t only = random_below(rng, 3);
        c->team[t]          = (muster_team){.unit             = city_unit(c, rng, features),
                                            .people           = 3 + random_below(rng, 14),
                                            .capability       = c->capability[t] + (only == 1),
                                            .capability_count = only < 2 ? 1 : 2};
        if (features & CITY_COMMAND) c->team[t].grade = random_below(rng, 4);
    }
    for (uint32_t v = 0; v <= CITY_VEHICLES; ++v) {
        c->vehicle[v] =
            (muster_vehicle){.unit = city_unit(c, rng, features), .kind = 2 + random_below(rng, 2)};
        if (!(features & CITY_SHIPPED) || random_below(rng, 4) == 0) continue;
        c->vehicle[v].payload_kg = 5 + random_below(rng, 60);
        c->vehicle[v].volume_m3  = 1 + random_below(rng, 4);
    }
    for (uint32_t i = 0; i <= CITY_MACHINES; ++i) {
        c->machine[i] = (muster_machine){.unit  = city_unit(c, rng, features),
                                         .kind  = 4 + random_below(rng, 2),
                                         .count = 1 + random_below(rng, 4)};
    }
    for (uint32_t w = 0; w <= CITY_WAREHOUSES; ++w) {
        const muster_unit place = city_unit(c, rng, features);
        c->stock[2 * w]         = (muster_stock){place, 6, random_below(rng, 30)};
        c->stock[2 * w + 1]     = (muster_stock){place, 7, random_below(rng, 20)};
    }
}

/* Quantities by which a million can be divided: prices are exact, also when doubled. */
static inline int64_t city_quantity(uint64_t *rng, uint32_t kind) {
    static const int64_t PEOPLE[] = {5, 8, 10, 16, 20, 25, 32, 40}, OTHER[] = {1, 2, 4, 5},
                         ITEMS[] = {4, 5, 8, 10, 16, 20};
    if (kind < 2) return PEOPLE[random_below(rng, 8)];
    return kind < 6 ? OTHER[random_below(rng, 4)] : ITEMS[random_below(rng, 6)];
}

/* No two needs of an incident are of one kind. */
static inline void city_demand(random_city *c, uint64_t *rng, unsigned features) {
    for (uint32_t i = 0; i <= CITY_INCIDENTS; ++i) {
        c->incident[i] = (muster_incident){.code      = city_code(c),
                                           .site      = city_site(rng),
                                           .severity  = (uint8_t)random_below(rng, 4),
                                           .authority = MUSTER_NONE};
        if (features & CITY_COMMAND) {
            c->incident[i].authority   = random_below(rng, CITY_AUTHORITIES);
            c->incident[i].deadline_ms = random_or_0(rng, 900) * 1000;
            c->incident[i].on_scene_ms = random_below(rng, 900) * 1000;
        }
        if (features & CITY_TOGETHER) c->incident[i].all_or_nothing = random_below(rng, 4) == 0;
        uint32_t kind = random_below(rng, CITY_KINDS);
        for (uint32_t k = 0; k < CITY_NEEDS_EACH; ++k) {
            kind              = (kind + 1 + random_below(rng, 2)) % CITY_KINDS;
            muster_need *need = &c->need[i * CITY_NEEDS_EACH + k];
            *need =
                (muster_need){.incident = i, .kind = kind, .quantity = city_quantity(rng, kind)};
            if ((features & CITY_TOGETHER) && random_below(rng, 3) == 0) {
                need->minimum = 1 + random_below(rng, (uint32_t)need->quantity);
            }
            if ((features & CITY_COMMAND) && kind < 2) need->grade = random_below(rng, 5) ? 0 : 2;
        }
    }
}

/* Two towns of a county, and a county beside it. */
static inline void city_command(random_city *c, uint64_t *rng) {
    c->authority[0] = (muster_authority){"west", NULL, MUSTER_TOWN, 2};
    c->authority[1] = (muster_authority){"east", NULL, MUSTER_TOWN, 2};
    c->authority[2] = (muster_authority){"county", NULL, MUSTER_COUNTY, MUSTER_NONE};
    c->authority[3] = (muster_authority){"neighbours", NULL, MUSTER_COUNTY, MUSTER_NONE};
    for (uint32_t l = 1; l < MUSTER_LEVEL_COUNT; ++l) {
        c->weights.escalation_delay_ms[l] = random_below(rng, 300) * 1000;
    }
    for (uint32_t z = 0; z < CITY_ZONES; ++z) {
        c->zone[z] = (muster_zone){.code      = city_code(c),
                                   .site      = city_site(rng),
                                   .kind      = z,
                                   .radius_ms = 300000 + random_below(rng, 600) * 1000,
                                   .required  = 1 + random_below(rng, z < 2 ? 40 : 6),
                                   .weight    = 1 + random_below(rng, 3)};
    }
    c->problem.authority_count = CITY_AUTHORITIES;
    c->problem.authority       = c->authority;
    c->problem.zone_count      = CITY_ZONES;
    c->problem.zone            = c->zone;
}

/* Each team and vehicle is on its way to one place at most: rule r is about row r. Where items come by
 * vehicle, some rules are about stock. */
static inline void city_rules(random_city *c, uint64_t *rng, unsigned features) {
    for (uint32_t r = 0; r < CITY_RULES; ++r) {
        static const uint8_t TYPE[] = {MUSTER_FORBID, MUSTER_HOLD, MUSTER_EN_ROUTE};
        c->rule[r]                  = (muster_rule){.type     = TYPE[random_below(rng, 3)],
                                                    .resource = (uint8_t)random_below(rng, 2),
                                                    .index    = r,
                                                    .incident = random_below(rng, CITY_INCIDENTS),
                                                    .need     = MUSTER_NONE};
        if (c->rule[r].type != MUSTER_EN_ROUTE && (features & CITY_SHIPPED)) {
            c->rule[r].resource = MUSTER_ITEM;
            c->rule[r].index    = r % CITY_STOCKS;
        }
    }
    c->weights.diversion_unmet_need    = random_or_0(rng, 2000000);
    c->weights.diversion_response_time = random_below(rng, 2000000000);
    c->problem.rule_count              = CITY_RULES;
    c->problem.rule                    = c->rule;
}

/* Fill `c` from the seed. It holds nothing that would have to be given back. */
static inline void random_city_new(random_city *c, const city_roads *roads, uint64_t seed,
                                   unsigned features) {
    uint64_t rng = ~seed * 41;
    memset(c, 0, sizeof *c);
    c->weights = (muster_weights)MUSTER_WEIGHTS_INIT;
    c->problem = (muster_problem){.struct_size    = sizeof(muster_problem),
                                  .metric_count   = 2,
                                  .metric         = roads->metric_of,
                                  .kind_count     = CITY_KINDS,
                                  .kind           = c->kind,
                                  .team_count     = CITY_TEAMS,
                                  .team           = c->team,
                                  .vehicle_count  = CITY_VEHICLES,
                                  .vehicle        = c->vehicle,
                                  .machine_count  = CITY_MACHINES,
                                  .machine        = c->machine,
                                  .stock_count    = CITY_STOCKS,
                                  .stock          = c->stock,
                                  .incident_count = CITY_INCIDENTS,
                                  .incident       = c->incident,
                                  .need_count     = CITY_NEEDS,
                                  .need           = c->need,
                                  .weights        = &c->weights};
    city_kinds(c, &rng, features);
    city_resources(c, &rng, features);
    city_demand(c, &rng, features);
    if (features & CITY_COMMAND) city_command(c, &rng);
    if (features & CITY_RULED) city_rules(c, &rng, features);
    if (features & CITY_SHIPPED) {
        c->problem.item_transport = MUSTER_ITEMS_BY_VEHICLE;
        c->problem.max_sources    = random_below(&rng, 3);
    }
}

/* Steps within which a plan of a city has to be made: some hundredths of a second. */
static const uint64_t CITY_WORK = 4000000;

static inline muster_plan *city_solve(const muster_problem *problem, uint64_t work_limit,
                                      uint32_t thread_count) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = 0;
    options.work_limit           = work_limit;
    options.thread_count         = thread_count;
    if (muster_solve(&plan, problem, &options) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return plan;
}

#endif
