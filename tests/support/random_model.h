/* Small random problems in which everything that a problem can say is said at random: grades,
 * shifts, deadlines, authorities, operators, zones, rules, weights. So small that every plan
 * can be tried. */
#ifndef TESTS_SUPPORT_RANDOM_MODEL_H
#define TESTS_SUPPORT_RANDOM_MODEL_H

#include "tests/support/random_problem.h"

enum {
    MODEL_KINDS       = 6, /* two of people, one of vehicles, two of machines, one of items */
    MODEL_TEAMS       = 3,
    MODEL_VEHICLES    = 2,
    MODEL_MACHINES    = 2,
    MODEL_STOCKS      = 1,
    MODEL_INCIDENTS   = 2,
    MODEL_NEEDS       = 5,
    MODEL_AUTHORITIES = 5,
    MODEL_ZONES       = 2,
    MODEL_RULES       = 3
};

typedef enum model_feature {
    MODEL_WEIGHTS    = 1,
    MODEL_DEADLINES  = 2,
    MODEL_COMMAND    = 4,
    MODEL_SHIFTS     = 8,
    MODEL_GRADES     = 16,
    MODEL_LOCKS      = 32,
    MODEL_WHOLE      = 64, /* all or nothing */
    MODEL_OPERATORS  = 128,
    MODEL_COVER      = 256,
    MODEL_SWAP       = 512, /* reserve before response */
    MODEL_EVERYTHING = 1023
} model_feature;

typedef struct random_model {
    random_problem   base;
    muster_authority authority[MODEL_AUTHORITIES];
    muster_zone      zone[MODEL_ZONES];
    muster_rule      rule[MODEL_RULES];
    muster_weights   weights;
    muster_problem   problem;
} random_model;

/* A place that others use as well, every other time: what is equal in time is decided by the
 * later tiers. */
static inline muster_unit model_unit(random_model *m, uint64_t *rng) {
    muster_unit unit = random_unit_row(&m->base, rng);
    if (random_below(rng, 2)) {
        const muster_unit *first = &m->base.team[0].unit;
        unit.site                = first->code ? first->site : unit.site;
        unit.metric = first->metric, unit.turnout_ms = first->turnout_ms;
    }
    unit.authority = MUSTER_NONE;
    return unit;
}

static inline void model_resources(random_model *m, uint64_t *rng) {
    random_problem *b = &m->base;
    for (uint32_t t = 0; t < MODEL_TEAMS; ++t) {
        b->capability[t][0] = 0;
        b->capability[t][1] = 1;
        const uint32_t skip = random_below(rng, 2);
        b->team[t]          = (muster_team){.unit             = model_unit(m, rng),
                                            .people           = 1 + random_below(rng, 6),
                                            .capability       = b->capability[t] + skip,
                                            .capability_count = skip ? 1 : 1 + random_below(rng, 2)};
    }
    for (uint32_t v = 0; v < MODEL_VEHICLES; ++v) {
        b->vehicle[v] = (muster_vehicle){.unit = model_unit(m, rng), .kind = 2};
    }
    for (uint32_t i = 0; i < MODEL_MACHINES; ++i) {
        b->machine[i] = (muster_machine){.unit  = model_unit(m, rng),
                                         .kind  = 3 + random_below(rng, 2),
                                         .count = random_below(rng, 3)};
    }
    b->stock[0] =
        (muster_stock){.unit = model_unit(m, rng), .kind = 5, .quantity = random_below(rng, 4)};
}

/* No two needs of an incident are of one kind. */
static inline void model_demand(random_model *m, uint64_t *rng) {
    bool is_asked[MODEL_INCIDENTS][MODEL_KINDS] = {{false}};
    for (uint32_t i = 0; i < MODEL_INCIDENTS; ++i) {
        m->base.incident[i] = (muster_incident){.code      = random_code(&m->base),
                                                .site      = random_site(rng),
                                                .severity  = (uint8_t)random_below(rng, 4),
                                                .authority = MUSTER_NONE};
    }
    for (uint32_t n = 0; n < MODEL_NEEDS; ++n) {
        muster_need *need = &m->base.need[n];
        do {
            need->incident = n < MODEL_INCIDENTS ? n : random_below(rng, MODEL_INCIDENTS);
            need->kind     = random_below(rng, MODEL_KINDS);
        } while (is_asked[need->incident][need->kind]);
        is_asked[need->incident][need->kind] = true;
        need->quantity                       = 1 + random_below(rng, need->kind < 2 ? 10 : 3);
        need->minimum = random_below(rng, 2) ? 0 : random_below(rng, (uint32_t)need->quantity + 1);
    }
}

static inline muster_unit *model_unit_at(random_model *m, uint32_t i) {
    random_problem *b = &m->base;
    if (i < MODEL_TEAMS) return &b->team[i].unit;
    i -= MODEL_TEAMS;
    if (i < MODEL_VEHICLES) return &b->vehicle[i].unit;
    i -= MODEL_VEHICLES;
    return i < MODEL_MACHINES ? &b->machine[i].unit : &b->stock[0].unit;
}

enum { MODEL_ROWS = MODEL_TEAMS + MODEL_VEHICLES + MODEL_MACHINES + MODEL_STOCKS };

/* ---- features ------------------------------------------------------------------------- */

static inline void model_weights(random_model *m, uint64_t *rng) {
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s)
        m->weights.severity[s] = 1 + random_below(rng, 9);
    const uint32_t step_ms      = 1000 + random_below(rng, 300000);
    m->weights.lateness_step_ms = random_below(rng, 2) * step_ms;
    m->weights.lateness_step_s  = random_below(rng, 1000);
}

static inline void model_deadlines(random_model *m, uint64_t *rng) {
    for (uint32_t i = 0; i < MODEL_INCIDENTS; ++i) {
        m->base.incident[i].deadline_ms = random_below(rng, 900) * 1000;
    }
}

/* Two villages of a town, its county, and a city elsewhere. */
static inline void model_command(random_model *m, uint64_t *rng) {
    static const uint8_t  LEVEL[]  = {MUSTER_VILLAGE, MUSTER_VILLAGE, MUSTER_TOWN, MUSTER_COUNTY,
                                      MUSTER_CITY};
    static const uint32_t PARENT[] = {2, 2, 3, MUSTER_NONE, MUSTER_NONE};
    static const char    *CODE[]   = {"A", "B", "C", "D", "E"};
    for (uint32_t a = 0; a < MODEL_AUTHORITIES; ++a) {
        m->authority[a] =
            (muster_authority){.code = CODE[a], .level = LEVEL[a], .parent = PARENT[a]};
    }
    for (uint32_t i = 0; i < MODEL_ROWS; ++i) {
        model_unit_at(m, i)->authority =
            random_below(rng, 6) ? random_below(rng, MODEL_AUTHORITIES) : MUSTER_NONE;
    }
    for (uint32_t i = 0; i < MODEL_INCIDENTS; ++i) {
        m->base.incident[i].authority = random_below(rng, 6) ? random_below(rng, 3) : MUSTER_NONE;
    }
    for (int l = 0; l < MUSTER_LEVEL_COUNT; ++l) {
        m->weights.escalation_delay_ms[l] = random_or_0(rng, 600) * 1000;
    }
    m->problem.authority_count = MODEL_AUTHORITIES;
    m->problem.authority       = m->authority;
}

static inline void model_shifts(random_model *m, uint64_t *rng) {
    for (uint32_t i = 0; i < MODEL_ROWS; ++i) {
        muster_unit *unit  = model_unit_at(m, i);
        unit->duty_ms      = random_or_0(rng, 5) * 60000;
        unit->available_ms = random_below(rng, 3) ? 0 : random_below(rng, 900) * 1000;
        unit->shift_end_ms = random_below(rng, 2) ? 0 : 300000 + random_below(rng, 2400) * 1000;
    }
    for (uint32_t i = 0; i < MODEL_INCIDENTS; ++i) {
        m->base.incident[i].on_scene_ms = random_below(rng, 600) * 1000;
    }
}

static inline void model_grades(random_model *m, uint64_t *rng) {
    for (uint32_t t = 0; t < MODEL_TEAMS; ++t) m->base.team[t].grade = random_below(rng, 4);
    for (uint32_t n = 0; n < MODEL_NEEDS; ++n) {
        if (m->base.need[n].kind < 2) m->base.need[n].grade = random_below(rng, 4);
    }
}

static inline void model_operators(random_model *m, uint64_t *rng) {
    for (uint32_t k = 3; k < 5; ++k) {
        m->base.kind[k].operator_count = random_below(rng, 4);
        m->base.kind[k].operator_kind  = random_below(rng, 2);
    }
}

static inline void model_zones(random_model *m, uint64_t *rng) {
    static const char *CODE[] = {"north", "south"};
    for (uint32_t z = 0; z < MODEL_ZONES; ++z) {
        m->zone[z] = (muster_zone){.code      = CODE[z],
                                   .site      = random_site(rng),
                                   .kind      = random_below(rng, MODEL_KINDS - 1),
                                   .radius_ms = random_below(rng, 1200) * 1000,
                                   .required  = 1 + random_below(rng, 6),
                                   .weight    = random_below(rng, 4)};
    }
    m->problem.zone_count = MODEL_ZONES;
    m->problem.zone       = m->zone;
}

static inline void model_rule_about(random_model *m, muster_rule *rule, uint64_t *rng) {
    static const uint32_t COUNT[] = {MODEL_TEAMS, MODEL_VEHICLES, MODEL_MACHINES, MODEL_STOCKS};
    const bool            is_sent = rule->type == MUSTER_EN_ROUTE;
    rule->resource                = (uint8_t)random_below(rng, is_sent ? 2 : 4);
    rule->index                   = random_below(rng, COUNT[rule->resource]);
    rule->incident                = random_below(rng, MODEL_INCIDENTS);
    rule->need                    = MUSTER_NONE;
    if (rule->type == MUSTER_LOCK && rule->resource >= MUSTER_MACHINE) {
        rule->quantity = random_below(rng, 3);
    }
    const uint32_t need = random_below(rng, MODEL_NEEDS);
    if (m->base.need[need].incident == rule->incident && random_below(rng, 2)) rule->need = need;
}

/* A resource is on its way to one place. */
static inline void model_rules(random_model *m, uint64_t *rng) {
    for (uint32_t r = 0; r < MODEL_RULES; ++r) {
        m->rule[r] = (muster_rule){.type = (uint8_t)random_below(rng, MUSTER_RULE_TYPE_COUNT)};
        if (r > 0 && m->rule[r].type == MUSTER_EN_ROUTE) m->rule[r].type = MUSTER_FORBID;
        model_rule_about(m, &m->rule[r], rng);
    }
    m->weights.diversion_unmet_need    = random_or_0(rng, 2000000);
    m->weights.diversion_response_time = random_or_0(rng, 2000000000);
    m->problem.rule_count              = MODEL_RULES;
    m->problem.rule                    = m->rule;
}

/* Each of `features` every other time. */
static inline void model_features(random_model *m, uint64_t *rng, unsigned features) {
    const unsigned on = features & random_u32(rng);
    m->weights        = (muster_weights)MUSTER_WEIGHTS_INIT;
    if (on & MODEL_WEIGHTS) model_weights(m, rng);
    if (on & MODEL_DEADLINES) model_deadlines(m, rng);
    if (on & MODEL_COMMAND) model_command(m, rng);
    if (on & MODEL_SHIFTS) model_shifts(m, rng);
    if (on & MODEL_GRADES) model_grades(m, rng);
    if (on & MODEL_LOCKS) model_rules(m, rng);
    if (on & MODEL_WHOLE) m->base.incident[random_below(rng, MODEL_INCIDENTS)].all_or_nothing = 1;
    if (on & MODEL_OPERATORS) model_operators(m, rng);
    if (on & MODEL_COVER) model_zones(m, rng);
    m->weights.reserve_before_response = (on & MODEL_SWAP) != 0;
    if (on != 0) m->problem.weights = &m->weights;
}

/* Fill `m` from the seed; random_model_free gives back what it holds. */
static inline void random_model_new(random_model *m, uint64_t seed, unsigned features) {
    static const muster_kind KIND[MODEL_KINDS] = {{.code = "rescue", .resource = MUSTER_PEOPLE},
                                                  {.code = "medical", .resource = MUSTER_PEOPLE},
                                                  {.code = "boat", .resource = MUSTER_VEHICLE},
                                                  {.code = "pump", .resource = MUSTER_MACHINE},
                                                  {.code = "digger", .resource = MUSTER_MACHINE},
                                                  {.code = "sandbag", .resource = MUSTER_ITEM}};
    uint64_t                 rng               = ~seed * 37;
    random_problem_new(&m->base, seed);
    m->base.code_count = 0;
    memcpy(m->base.kind, KIND, sizeof KIND);
    m->base.team[0].unit.code = NULL;
    model_resources(m, &rng);
    model_demand(m, &rng);
    m->problem                = m->base.problem;
    m->problem.team_count     = MODEL_TEAMS;
    m->problem.vehicle_count  = MODEL_VEHICLES;
    m->problem.machine_count  = MODEL_MACHINES;
    m->problem.stock_count    = MODEL_STOCKS;
    m->problem.incident_count = MODEL_INCIDENTS;
    m->problem.need_count     = MODEL_NEEDS;
    model_features(m, &rng, features);
}

static inline void random_model_free(random_model *m) {
    random_problem_free(&m->base);
}

#endif
