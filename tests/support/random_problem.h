/* Small random dispatch problems on random networks: teams with several capabilities,
 * pools, stocks, minima, places off the road, kinds that nobody has. */
#ifndef TESTS_SUPPORT_RANDOM_PROBLEM_H
#define TESTS_SUPPORT_RANDOM_PROBLEM_H

#include <muster/solve.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/random_network.h"

enum {
    RANDOM_KINDS     = 6, /* two of people, two of vehicles, one of machines, one of items */
    RANDOM_TEAMS     = 5,
    RANDOM_OTHERS    = 3, /* vehicles, machines, stocks: so many of each */
    RANDOM_INCIDENTS = 3,
    RANDOM_NEEDS     = 5
};

typedef struct random_problem {
    random_network       network_rows;
    muster_network      *network;
    muster_metric       *metric[2];
    const muster_metric *metric_of[2];
    char                 code[64][8];
    uint32_t             code_count;
    uint32_t             capability[RANDOM_TEAMS][2];
    muster_kind          kind[RANDOM_KINDS];
    muster_team          team[RANDOM_TEAMS];
    muster_vehicle       vehicle[RANDOM_OTHERS];
    muster_machine       machine[RANDOM_OTHERS];
    muster_stock         stock[RANDOM_OTHERS];
    muster_incident      incident[RANDOM_INCIDENTS];
    muster_need          need[RANDOM_NEEDS];
    muster_problem       problem;
} random_problem;

static inline const char *random_code(random_problem *r) {
    snprintf(r->code[r->code_count], sizeof r->code[0], "C%u", r->code_count);
    return r->code[r->code_count++];
}

static inline muster_site random_site(uint64_t *rng) {
    if (random_below(rng, 12) == 0) return (muster_site){121.9, 31.9}; /* far from any road */
    return (muster_site){120.7 + 0.05 * random_unit(rng), 30.7 + 0.05 * random_unit(rng)};
}

static inline muster_unit random_unit_row(random_problem *r, uint64_t *rng) {
    return (muster_unit){.code       = random_code(r),
                         .site       = random_site(rng),
                         .metric     = random_below(rng, 2),
                         .turnout_ms = random_below(rng, 600) * 1000};
}

static inline void random_resources(random_problem *r, uint64_t *rng) {
    for (uint32_t t = 0; t < RANDOM_TEAMS; ++t) {
        r->capability[t][0] = random_below(rng, 2);
        r->capability[t][1] = random_below(rng, 2);
        r->team[t]          = (muster_team){.unit             = random_unit_row(r, rng),
                                            .people           = 1 + random_below(rng, 12),
                                            .capability       = r->capability[t],
                                            .capability_count = random_below(rng, 3)};
    }
    for (uint32_t i = 0; i < RANDOM_OTHERS; ++i) {
        r->vehicle[i] =
            (muster_vehicle){.unit = random_unit_row(r, rng), .kind = 2 + random_below(rng, 2)};
        r->machine[i] = (muster_machine){random_unit_row(r, rng), 4, random_below(rng, 4)};
        r->stock[i]   = (muster_stock){random_unit_row(r, rng), 5, random_below(rng, 4)};
    }
}

static inline void random_incidents(random_problem *r, uint64_t *rng) {
    for (uint32_t i = 0; i < RANDOM_INCIDENTS; ++i) {
        r->incident[i] = (muster_incident){.code     = random_code(r),
                                           .site     = random_site(rng),
                                           .severity = (uint8_t)random_below(rng, 4)};
    }
    for (uint32_t n = 0; n < RANDOM_NEEDS; ++n) {
        const uint32_t kind     = random_below(rng, RANDOM_KINDS);
        const int64_t  quantity = 1 + random_below(rng, kind < 2 ? 20 : 4);
        const bool     is_free  = random_below(rng, 2);
        r->need[n]              = (muster_need){
                         .incident = n < RANDOM_INCIDENTS ? n : random_below(rng, RANDOM_INCIDENTS),
                         .kind     = kind,
                         .quantity = quantity,
                         .minimum  = is_free ? 0 : random_below(rng, (uint32_t)quantity + 1)};
    }
}

/* Fill `r` from the seed; random_problem_free gives back what it holds. */
static inline void random_problem_new(random_problem *r, uint64_t seed) {
    static const muster_kind KIND[RANDOM_KINDS] = {
        {.code = "flood_rescue", .resource = MUSTER_PEOPLE},
        {.code = "medical", .resource = MUSTER_PEOPLE},
        {.code = "truck", .resource = MUSTER_VEHICLE},
        {.code = "ambulance", .resource = MUSTER_VEHICLE},
        {.code = "pump", .resource = MUSTER_MACHINE},
        {.code = "sandbag", .resource = MUSTER_ITEM}};
    uint64_t rng = ~seed * 31;
    memset(r, 0, sizeof *r);
    r->network = random_network_new(&r->network_rows, seed);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(r->network), MUSTER_OK);
    r->metric_of[0] = r->metric[0] = random_network_metric(r->network, "light");
    r->metric_of[1] = r->metric[1] = random_network_metric(r->network, "emergency");
    memcpy(r->kind, KIND, sizeof KIND);
    random_resources(r, &rng);
    random_incidents(r, &rng);
    r->problem = (muster_problem){.struct_size    = sizeof(muster_problem),
                                  .metric_count   = 2,
                                  .metric         = r->metric_of,
                                  .kind_count     = RANDOM_KINDS,
                                  .kind           = r->kind,
                                  .team_count     = RANDOM_TEAMS,
                                  .team           = r->team,
                                  .vehicle_count  = RANDOM_OTHERS,
                                  .vehicle        = r->vehicle,
                                  .machine_count  = RANDOM_OTHERS,
                                  .machine        = r->machine,
                                  .stock_count    = RANDOM_OTHERS,
                                  .stock          = r->stock,
                                  .incident_count = RANDOM_INCIDENTS,
                                  .incident       = r->incident,
                                  .need_count     = RANDOM_NEEDS,
                                  .need           = r->need};
}

static inline void random_problem_free(random_problem *r) {
    muster_metric_free(r->metric[0]);
    muster_metric_free(r->metric[1]);
    muster_network_free(r->network);
}

#endif
