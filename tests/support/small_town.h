/* A town with everything that can be dispatched, in memory: a grid of streets, a city with two counties,
 * teams, vehicles, pumps, two warehouses. For sessions on disks of a test's own. */
#ifndef TESTS_SUPPORT_SMALL_TOWN_H
#define TESTS_SUPPORT_SMALL_TOWN_H

#include <stdio.h>
#include <string.h>

#include "session/session.h"
#include "tests/support/grid_network.h"

enum {
    TOWN_SIDE     = 12,
    TOWN_TEAMS    = 8,
    TOWN_VEHICLES = 5,
    TOWN_MACHINES = 3,
    TOWN_STOCKS   = 4 /* two warehouses with both items */
};

enum { TOWN_RESCUE, TOWN_MEDICAL, TOWN_TRUCK, TOWN_PUMP, TOWN_SANDBAG, TOWN_TENT, TOWN_KINDS };
enum { TOWN_CITY, TOWN_NORTH, TOWN_SOUTH, TOWN_AUTHORITIES };

static const muster_kind TOWN_KIND[TOWN_KINDS] = {
    {.code = "rescue", .resource = MUSTER_PEOPLE},
    {.code = "medical", .resource = MUSTER_PEOPLE},
    {.code = "truck", .resource = MUSTER_VEHICLE},
    {.code = "pump", .resource = MUSTER_MACHINE},
    {.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 20, .volume_m3 = 0.02},
    {.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 30, .volume_m3 = 0.1},
};

static const muster_authority TOWN_AUTHORITY[TOWN_AUTHORITIES] = {
    {"city", "City", MUSTER_CITY, MUSTER_NONE},
    {"north", NULL, MUSTER_COUNTY, TOWN_CITY},
    {"south", NULL, MUSTER_COUNTY, TOWN_CITY},
};

typedef struct small_town {
    muster_network *network;
    mu_road_base   *roads;
    char            code[TOWN_TEAMS + TOWN_VEHICLES + TOWN_MACHINES + TOWN_STOCKS][8];
    muster_team     team[TOWN_TEAMS];
    muster_vehicle  vehicle[TOWN_VEHICLES];
    muster_machine  machine[TOWN_MACHINES];
    muster_stock    stock[TOWN_STOCKS];
    muster_problem  problem;
} small_town;

#define TOWN_BEGIN_MS INT64_C(1782864000000) /* 2026-07-01T00:00:00Z */

static inline void town_ok(muster_status status) {
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
}

static inline muster_site town_site(uint64_t *rng) {
    return (muster_site){120 + 0.001 * (TOWN_SIDE - 1) * random_unit(rng),
                         30 + 0.001 * (TOWN_SIDE - 1) * random_unit(rng)};
}

static inline muster_unit town_unit(small_town *t, uint32_t at, char letter, uint64_t *rng) {
    snprintf(t->code[at], sizeof t->code[at], "%c-%u", letter, at);
    return (muster_unit){.code       = t->code[at],
                         .site       = town_site(rng),
                         .turnout_ms = 30000,
                         .authority  = at % TOWN_AUTHORITIES};
}

static inline void town_resources(small_town *t, uint64_t *rng) {
    static const uint32_t BOTH[] = {TOWN_RESCUE, TOWN_MEDICAL};
    uint32_t              at     = 0;
    for (uint32_t i = 0; i < TOWN_TEAMS; ++i, ++at) {
        t->team[i] = (muster_team){.unit             = town_unit(t, at, 'T', rng),
                                   .people           = 4 + i,
                                   .capability       = BOTH + i % 2,
                                   .capability_count = i % 2 ? 1 : 1 + i % 4 / 2};
    }
    for (uint32_t i = 0; i < TOWN_VEHICLES; ++i, ++at) {
        t->vehicle[i] = (muster_vehicle){.unit       = town_unit(t, at, 'V', rng),
                                         .kind       = TOWN_TRUCK,
                                         .payload_kg = 2000,
                                         .volume_m3  = 10};
    }
    for (uint32_t i = 0; i < TOWN_MACHINES; ++i, ++at) {
        t->machine[i] =
            (muster_machine){.unit = town_unit(t, at, 'M', rng), .kind = TOWN_PUMP, .count = 4};
    }
    for (uint32_t i = 0; i < TOWN_STOCKS; ++i) {
        const muster_unit place = i % 2 ? t->stock[i - 1].unit : town_unit(t, at++, 'W', rng);
        t->stock[i]             = (muster_stock){
                        .unit = place, .kind = i % 2 ? TOWN_TENT : TOWN_SANDBAG, .quantity = 100};
    }
}

static inline void small_town_init(small_town *t) {
    static const muster_metric *const NO_METRIC[1];
    uint64_t                          rng = 3;
    muster_profile                    profile;
    memset(t, 0, sizeof *t);
    t->network = grid_network(TOWN_SIDE, &rng);
    town_ok(muster_profile_builtin(&profile, "light"));
    town_ok(mu_road_base_new(&t->roads, t->network, 1, &profile, 1));
    town_resources(t, &rng);
    t->problem                 = (muster_problem)MUSTER_PROBLEM_INIT;
    t->problem.metric_count    = 1;
    t->problem.metric          = NO_METRIC;
    t->problem.kind_count      = TOWN_KINDS;
    t->problem.kind            = TOWN_KIND;
    t->problem.team_count      = TOWN_TEAMS;
    t->problem.team            = t->team;
    t->problem.vehicle_count   = TOWN_VEHICLES;
    t->problem.vehicle         = t->vehicle;
    t->problem.machine_count   = TOWN_MACHINES;
    t->problem.machine         = t->machine;
    t->problem.stock_count     = TOWN_STOCKS;
    t->problem.stock           = t->stock;
    t->problem.authority_count = TOWN_AUTHORITIES;
    t->problem.authority       = TOWN_AUTHORITY;
    t->problem.item_transport  = MUSTER_ITEMS_BY_VEHICLE;
}

static inline void small_town_fini(small_town *t) {
    mu_road_base_release(t->roads);
    muster_network_free(t->network);
}

/* What a session on it is made with. */
static inline mu_session_parts town_parts(const small_town *t, const mu_disk_source *disk) {
    return (mu_session_parts){.disk = *disk, .road_base = t->roads, .problem = &t->problem};
}

static inline muster_session_options town_options(uint8_t role, int64_t now_ms) {
    muster_session_options options = MUSTER_SESSION_OPTIONS_INIT;
    options.journal                = "sim";
    options.store                  = "town";
    options.author                 = "test";
    options.role                   = role;
    options.now_ms                 = now_ms;
    options.thread_count           = 1;
    return options;
}

#endif
