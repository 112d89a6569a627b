/* A siting problem as the engine sees it: what it costs to leave demand to what is there already, who
 * could do better, and which moves are open.
 *
 * Everything is to be small. Demand without weight, demand that existing units serve as well as anybody
 * could, and pairs that are no better than what exists are gone; equal demands are one. What remains:
 *
 *   - A demand has a cost per unit of weight for each unit that it lacks, in falling order: one step
 *     where only the nearest unit counts (the cost of what serves it already, or what it costs to stay
 *     unserved), more of them in expected covering.
 *   - Its list has the places that serve it better, by time and then index. In covering all times are 0.
 *   - An option is a way for a unit to come to a place; a class has units that are alike, all new ones, or
 *     those that stand at one place. A class with a home stays there unless it takes an option. No more
 *     than `budget` options are taken in all, each by so many units as its room says. */
#ifndef MU_SOLVER_SITING_MODEL_H
#define MU_SOLVER_SITING_MODEL_H

#include <muster/siting.h>

#include "core/error.h"

/* No way to leave a demand unserved. */
#define MU_SITING_NEVER INT64_MAX

typedef struct mu_siting_option {
    uint32_t place, class_index;
    uint32_t room;
} mu_siting_option;

typedef struct mu_siting_class {
    uint32_t size;
    uint32_t home; /* MUSTER_NONE: not there yet */
} mu_siting_class;

typedef struct mu_siting_model {
    uint32_t  place_count, demand_count;
    int64_t  *weight;  /* [demand_count] */
    size_t   *first;   /* [demand_count + 1] into place and time */
    uint32_t *place;   /* those that serve a demand better than `outside` */
    uint32_t *time_ms; /* and how well */
    /* What a demand costs per unit of weight: outside[j] while no unit serves it; or, where there are
     * levels, level[start[j]] and all that follow it, less the first of them for each unit that does. */
    int64_t  *outside;     /* [demand_count] */
    uint32_t  level_count; /* 0: only the nearest unit counts */
    int64_t  *level;       /* [level_count] falling */
    uint32_t *start;       /* [demand_count] */
    int64_t   fixed_cost;  /* of demand that is not in the lists, whatever is decided */
    /* Options by place; classes. */
    uint32_t          option_count, class_count;
    mu_siting_option *option;
    mu_siting_class  *class_of;
    uint32_t          budget;
    int64_t           price; /* of each option that is taken */
    /* Where units have homes: how many of them a place holds (NULL: as many as options let come). */
    uint32_t *capacity;
    /* Costs below this serve everybody. */
    int64_t unserved_cost;
    /* Values are computed in units of 1 / 2^shift, so that none leaves 62 bits. */
    uint32_t shift;
} mu_siting_model;

/* Where only the nearest unit counts, demand that nobody serves costs more than any solution that
 * serves all, where `serves_all`; in covering what its weight says. */
muster_status mu_siting_model_init(mu_siting_model *model, const muster_siting_problem *problem,
                                   uint32_t thread_count);
void          mu_siting_model_fini(mu_siting_model *model);

/* The step at which a demand is, and how many there are from there on. */
static inline const int64_t *mu_siting_steps(const mu_siting_model *m, uint32_t demand,
                                             uint32_t *out_count) {
    if (m->level_count == 0) {
        *out_count = 1;
        return &m->outside[demand];
    }
    *out_count = m->level_count - m->start[demand];
    return m->level + m->start[demand];
}

/* How many units a place is worth something for, where they have homes. */
static inline uint32_t mu_siting_mattering(const mu_siting_model *m, uint32_t place) {
    if (!m->capacity) return 0;
    return m->level_count > 0 || m->capacity[place] == 0 ? m->capacity[place] : 1;
}

/* What it costs with so many units at each place, beside those that exist; MU_SITING_NEVER where that
 * cannot be. Prices of options are not in it. */
int64_t mu_siting_cost(const mu_siting_model *model, const uint32_t *units);

/* Units at each place after so many of each option are taken. */
void mu_siting_units(const mu_siting_model *model, const uint32_t *taken, uint32_t *units);

#endif
