/* Small random problems whose items come by vehicle: a few vehicles of different sizes, a few
 * warehouses of two items, incidents that need both and sometimes a vehicle itself. */
#ifndef TESTS_SUPPORT_RANDOM_SHIPMENTS_H
#define TESTS_SUPPORT_RANDOM_SHIPMENTS_H

#include <muster/solve.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/random_network.h"

enum {
    SHIP_VEHICLES    = 3,
    SHIP_WAREHOUSES  = 2,
    SHIP_ITEMS       = 2,
    SHIP_INCIDENTS   = 2,
    SHIP_STOCKS      = SHIP_WAREHOUSES * SHIP_ITEMS,
    SHIP_NEEDS       = SHIP_INCIDENTS * (SHIP_ITEMS + 1),
    SHIP_AUTHORITIES = 3,
    SHIP_RULES       = 2,
    SHIP_ORDERS      = 5, /* three, and one for each item that a vehicle has on board */
    SHIP_ZONES       = 2, /* one for each kind of vehicle */
    SHIP_KINDS       = 4  /* two of vehicles, two items */
};

typedef struct random_shipments {
    random_network       network_rows;
    muster_network      *network;
    muster_metric       *metric[2];
    const muster_metric *metric_of[2];
    char                 code[32][8];
    uint32_t             code_count;
    muster_kind          kind[SHIP_KINDS];
    muster_vehicle       vehicle[SHIP_VEHICLES];
    muster_stock         stock[SHIP_STOCKS];
    muster_incident      incident[SHIP_INCIDENTS];
    muster_need          need[SHIP_NEEDS];
    muster_authority     authority[SHIP_AUTHORITIES];
    muster_rule          rule[SHIP_RULES + SHIP_ORDERS];
    muster_zone          zone[SHIP_ZONES];
    muster_weights       weights;
    muster_problem       problem;
} random_shipments;

static inline const char *ship_code(random_shipments *r) {
    snprintf(r->code[r->code_count], sizeof r->code[0], "C%u", r->code_count);
    return r->code[r->code_count++];
}

static inline muster_site ship_site(uint64_t *rng) {
    if (random_below(rng, 20) == 0) return (muster_site){121.9, 31.9}; /* far from any road */
    return (muster_site){120.7 + 0.05 * random_unit(rng), 30.7 + 0.05 * random_unit(rng)};
}

static inline muster_unit ship_unit(random_shipments *r, uint64_t *rng) {
    return (muster_unit){.code       = ship_code(r),
                         .site       = ship_site(rng),
                         .metric     = random_below(rng, 2),
                         .turnout_ms = random_below(rng, 600) * 1000};
}

static inline void ship_resources(random_shipments *r, uint64_t *rng) {
    for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) {
        r->vehicle[v] = (muster_vehicle){
            .unit       = ship_unit(r, rng),
            .kind       = random_below(rng, 2),
            .payload_kg = random_below(rng, 6) == 0 ? 0 : 1 + random_below(rng, 60) / 10.0,
            .volume_m3  = 0.2 + random_below(rng, 10) / 10.0};
    }
    for (uint32_t w = 0; w < SHIP_WAREHOUSES; ++w) {
        const muster_unit place = ship_unit(r, rng);
        for (uint32_t i = 0; i < SHIP_ITEMS; ++i) {
            r->stock[w * SHIP_ITEMS + i] = (muster_stock){place, 2 + i, random_below(rng, 5)};
        }
    }
}

static inline void ship_incidents(random_shipments *r, uint64_t *rng) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
        r->incident[i] = (muster_incident){.code     = ship_code(r),
                                           .site     = ship_site(rng),
                                           .severity = (uint8_t)random_below(rng, 4)};
        for (uint32_t k = 0; k < 3; ++k) { /* both items mostly, a vehicle now and then */
            if (k < 2 ? random_below(rng, 5) == 0 && k > 0 : random_below(rng, 3) > 0) continue;
            const int64_t  quantity = 1 + random_below(rng, k < 2 ? 4 : 2);
            const uint32_t kind     = k < 2 ? 2 + k : random_below(rng, 2);
            const int64_t  minimum =
                random_below(rng, 3) > 0 ? 0 : random_below(rng, (uint32_t)quantity + 1);
            r->need[count++] = (muster_need){
                .incident = i, .kind = kind, .quantity = quantity, .minimum = minimum};
        }
    }
    r->problem.need_count = count;
}

/* Fill `r` from the seed; random_shipments_free gives back what it holds. */
static inline void random_shipments_new(random_shipments *r, uint64_t seed) {
    uint64_t rng = ~seed * 17;
    memset(r, 0, sizeof *r);
    r->network = random_network_new(&r->network_rows, seed);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(r->network), MUSTER_OK);
    r->metric_of[0] = r->metric[0] = random_network_metric(r->network, "light");
    r->metric_of[1] = r->metric[1] = random_network_metric(r->network, "heavy");
    r->kind[0]                     = (muster_kind){.code = "truck", .resource = MUSTER_VEHICLE};
    r->kind[1]                     = (muster_kind){.code = "van", .resource = MUSTER_VEHICLE};
    for (uint32_t i = 0; i < SHIP_ITEMS; ++i) {
        r->kind[2 + i] = (muster_kind){.code      = i == 0 ? "sandbag" : "tent",
                                       .resource  = MUSTER_ITEM,
                                       .mass_kg   = random_below(&rng, 4) * 0.7,
                                       .volume_m3 = random_below(&rng, 4) * 0.13};
    }
    ship_resources(r, &rng);
    ship_incidents(r, &rng);
    const uint32_t needs = r->problem.need_count;
    r->problem           = (muster_problem){.struct_size    = sizeof(muster_problem),
                                            .metric_count   = 2,
                                            .metric         = r->metric_of,
                                            .kind_count     = SHIP_KINDS,
                                            .kind           = r->kind,
                                            .vehicle_count  = SHIP_VEHICLES,
                                            .vehicle        = r->vehicle,
                                            .stock_count    = SHIP_STOCKS,
                                            .stock          = r->stock,
                                            .incident_count = SHIP_INCIDENTS,
                                            .incident       = r->incident,
                                            .need_count     = needs,
                                            .need           = r->need,
                                            .item_transport = MUSTER_ITEMS_BY_VEHICLE,
                                            .max_sources    = random_below(&rng, 3)};
}

/* A county over two towns; whoever is asked takes his time. */
static inline void ship_authorities(random_shipments *r, uint64_t *rng) {
    r->authority[0] = (muster_authority){"county", NULL, MUSTER_COUNTY, MUSTER_NONE};
    r->authority[1] = (muster_authority){"west", NULL, MUSTER_TOWN, 0};
    r->authority[2] = (muster_authority){"east", NULL, MUSTER_TOWN, 0};
    for (uint32_t l = 1; l < MUSTER_LEVEL_COUNT; ++l) {
        r->weights.escalation_delay_ms[l] = random_below(rng, 600) * 1000;
    }
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
        r->incident[i].authority = random_below(rng, SHIP_AUTHORITIES);
    }
    r->problem.authority_count = SHIP_AUTHORITIES;
    r->problem.authority       = r->authority;
}

/* Rest, shifts, and whom to ask, where there is somebody. */
static inline void ship_duty(muster_unit *unit, uint64_t *rng) {
    unit->authority = random_below(rng, SHIP_AUTHORITIES);
    if (random_below(rng, 4) == 0) unit->available_ms = random_below(rng, 1200) * 1000;
    if (random_below(rng, 4) == 0) unit->shift_end_ms = (600 + random_below(rng, 3000)) * 1000;
}

static inline void ship_rules(random_shipments *r, uint64_t *rng) {
    for (uint32_t i = 0; i < SHIP_RULES; ++i) {
        const bool is_forbidden = random_below(rng, 2) == 0;
        r->rule[i] =
            (muster_rule){.type     = is_forbidden ? MUSTER_FORBID : MUSTER_HOLD,
                          .resource = is_forbidden ? MUSTER_VEHICLE : MUSTER_ITEM,
                          .index    = random_below(rng, is_forbidden ? SHIP_VEHICLES : SHIP_STOCKS),
                          .incident = random_below(rng, SHIP_INCIDENTS),
                          .need     = MUSTER_NONE};
    }
    if (random_below(rng, 3) == 0) {
        r->rule[0] = (muster_rule){.type = MUSTER_HOLD, .resource = MUSTER_VEHICLE};
    }
    r->problem.rule_count = SHIP_RULES;
    r->problem.rule       = r->rule;
}

/* Vehicles that bring things are missed as much as those that are needed themselves. */
static inline void ship_zones(random_shipments *r, uint64_t *rng) {
    for (uint32_t z = 0; z < SHIP_ZONES; ++z) {
        r->zone[z] = (muster_zone){.code      = ship_code(r),
                                   .site      = ship_site(rng),
                                   .kind      = z,
                                   .radius_ms = random_below(rng, 3600) * 1000,
                                   .required  = 1 + random_below(rng, 4),
                                   .weight    = 1 + random_below(rng, 3)};
    }
    r->problem.zone_count = SHIP_ZONES;
    r->problem.zone       = r->zone;
}

/* The same problem under command: authorities, rest, shifts, deadlines, rules, all or nothing,
 * cover. */
static inline void random_shipments_command(random_shipments *r, uint64_t seed) {
    const muster_weights defaults = MUSTER_WEIGHTS_INIT;
    uint64_t             rng      = ~seed * 23;
    r->weights                    = defaults;
    r->problem.weights            = &r->weights;
    ship_authorities(r, &rng);
    ship_rules(r, &rng);
    for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) ship_duty(&r->vehicle[v].unit, &rng);
    for (uint32_t s = 0; s < SHIP_STOCKS; s += SHIP_ITEMS) {
        ship_duty(&r->stock[s].unit, &rng);
        for (uint32_t i = 1; i < SHIP_ITEMS; ++i) r->stock[s + i].unit = r->stock[s].unit;
    }
    ship_zones(r, &rng);
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) {
        const uint32_t deadline_s     = 1 + random_below(&rng, 1500);
        r->incident[i].deadline_ms    = random_below(&rng, 2) * deadline_s * 1000;
        r->incident[i].on_scene_ms    = random_below(&rng, 900) * 1000;
        r->incident[i].all_or_nothing = random_below(&rng, 3) == 0;
    }
}

static inline bool ship_is_on_its_way(const random_shipments *r, const muster_rule *rule) {
    for (uint32_t i = 0; i < r->problem.rule_count; ++i) {
        const muster_rule *other = &r->rule[i];
        if (other->type == MUSTER_EN_ROUTE && other->resource == rule->resource &&
            other->index == rule->index) {
            return true;
        }
    }
    return false;
}

/* Something that its incident needs is locked, as far as it is there; most often. */
static inline void ship_lock(random_shipments *r, uint64_t *rng, muster_rule *rule) {
    rule->quantity = random_below(rng, 4);
    for (int tries = 0; tries < 6; ++tries) {
        const muster_need *need  = &r->need[random_below(rng, r->problem.need_count)];
        const uint32_t     index = random_below(rng, SHIP_STOCKS);
        if (r->stock[index].kind != need->kind || r->stock[index].quantity == 0) continue;
        rule->index    = index;
        rule->incident = need->incident;
        rule->quantity = 1 + random_below(rng, (uint32_t)r->stock[index].quantity);
        return;
    }
}

/* An order about stock, or about a vehicle that is on its way; now and then one that nobody can obey. */
static inline muster_rule ship_order(random_shipments *r, uint64_t *rng) {
    muster_rule rule = {.resource = MUSTER_ITEM,
                        .index    = random_below(rng, SHIP_STOCKS),
                        .incident = random_below(rng, SHIP_INCIDENTS),
                        .need     = MUSTER_NONE};
    switch (random_below(rng, 4)) {
    case 0:
        rule.type = MUSTER_FORBID;
        break;
    case 1:
    case 2:
        rule.type = MUSTER_LOCK;
        ship_lock(r, rng, &rule);
        break;
    default:
        rule.type     = MUSTER_EN_ROUTE;
        rule.resource = MUSTER_VEHICLE;
        rule.index    = random_below(rng, SHIP_VEHICLES);
        if (ship_is_on_its_way(r, &rule)) rule.type = MUSTER_FORBID;
    }
    return rule;
}

/* A warehouse is on board of a vehicle, which is on its way somewhere. */
static inline void ship_load(random_shipments *r, uint64_t *rng) {
    const uint32_t w    = random_below(rng, SHIP_WAREHOUSES);
    muster_rule    rule = {.type     = MUSTER_EN_ROUTE,
                           .resource = MUSTER_VEHICLE,
                           .index    = random_below(rng, SHIP_VEHICLES),
                           .incident = random_below(rng, SHIP_INCIDENTS),
                           .need     = MUSTER_NONE};
    rule.vehicle        = rule.index;
    if (ship_is_on_its_way(r, &rule)) return;
    rule.resource = MUSTER_ITEM;
    for (uint32_t i = 0; i < SHIP_ITEMS; ++i) {
        muster_unit *place               = &r->stock[w * SHIP_ITEMS + i].unit;
        place->site                      = r->vehicle[rule.vehicle].unit.site;
        place->turnout_ms                = 0;
        rule.index                       = w * SHIP_ITEMS + i;
        r->rule[r->problem.rule_count++] = rule;
    }
}

/* The same problem with orders beside its rules. */
static inline void random_shipments_orders(random_shipments *r, uint64_t seed) {
    const muster_weights defaults = MUSTER_WEIGHTS_INIT;
    uint64_t             rng      = ~seed * 29;
    const uint32_t       count    = 1 + random_below(&rng, SHIP_ORDERS - SHIP_ITEMS);
    if (!r->problem.weights) r->weights = defaults;
    r->problem.weights = &r->weights;
    r->problem.rule    = r->rule;
    for (uint32_t i = 0; i < count; ++i) {
        const muster_rule rule           = ship_order(r, &rng);
        r->rule[r->problem.rule_count++] = rule;
    }
    if (random_below(&rng, 3) == 0) ship_load(r, &rng);
    if (random_below(&rng, 2) == 0) {
        r->weights.diversion_unmet_need    = random_below(&rng, 2000000);
        r->weights.diversion_response_time = random_below(&rng, 2000000000);
    }
}

static inline void random_shipments_free(random_shipments *r) {
    muster_metric_free(r->metric[0]);
    muster_metric_free(r->metric[1]);
    muster_network_free(r->network);
}

#endif
