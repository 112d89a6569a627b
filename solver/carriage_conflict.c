/* Rules that leave cargo behind are taken away one by one, as long as some is left behind without them:
 * what remains is a set of which none can be missed, though there may be others (the deletion filter of
 * Chinneck and Dravnieks 1991). Each time it is asked anew whether vehicles can be shared out, of a
 * problem with those rules alone; travel times are remembered. */
#include "solver/carriage_conflict.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/carriage.h"
#include "solver/conflict.h"

/* ---- one question ---------------------------------------------------------------------- */

/* The problem with some of its rules, and nothing in it but what carries and what is carried. */
typedef struct trial {
    muster_problem    problem;
    mu_travel         travel;
    mu_rules          rules;
    mu_cover          cover;
    mu_candidates     candidates;
    mu_shipment_model model;
    mu_fleet          fleet;
    bool             *is_wanted; /* [need_count] none is */
} trial;

static muster_status run_trial(trial *t, mu_travel_memory *memory, bool *out_is_carried) {
    MU_TRY(mu_rules_init(&t->rules, &t->travel));
    MU_TRY(mu_rules_lock(&t->rules));
    MU_TRY(mu_cover_init(&t->cover, &t->travel));
    MU_TRY(mu_alloc_zeroed(&t->is_wanted, t->problem.need_count, sizeof *t->is_wanted));
    MU_TRY(
        mu_candidates_init_for(&t->candidates, &t->travel, &t->rules, &t->cover, t->is_wanted, 1));
    MU_TRY(mu_shipment_model_init_from(&t->model, &t->candidates, 1, memory));
    MU_TRY(mu_fleet_init(&t->fleet, &t->model, &t->travel));
    return mu_carriage_complete(&t->fleet, out_is_carried);
}

static muster_status can_carry(const mu_travel *travel, const muster_rule *rule, uint32_t count,
                               mu_travel_memory *memory, bool *out_is_carried) {
    trial t                    = {.problem = *travel->problem, .travel = *travel};
    t.problem.rule             = rule;
    t.problem.rule_count       = count;
    t.travel.problem           = &t.problem;
    const muster_status status = run_trial(&t, memory, out_is_carried);
    mu_fleet_fini(&t.fleet);
    mu_shipment_model_fini(&t.model);
    mu_candidates_fini(&t.candidates);
    mu_cover_fini(&t.cover);
    mu_rules_fini(&t.rules);
    mu_free(t.is_wanted);
    return status;
}

/* ---- which rules ------------------------------------------------------------------------ */

/* A rule that says what has to be carried, or who may not carry it. */
static bool is_about_carriage(const muster_rule *rule) {
    if (rule->resource == MUSTER_ITEM) return rule->type == MUSTER_LOCK;
    return rule->resource == MUSTER_VEHICLE && rule->type != MUSTER_EN_ROUTE;
}

/* What is on board of whom is no order, but a fact. */
static bool is_load(const muster_rule *rule) {
    return rule->resource == MUSTER_ITEM && rule->type == MUSTER_EN_ROUTE;
}

typedef struct suspects {
    const mu_travel  *travel;
    mu_travel_memory *memory;
    uint32_t         *index; /* [count] in problem.rule: locks of items first */
    uint32_t          count;
    muster_rule      *rule; /* scratch */
} suspects;

/* Without those from place `from` on that are `without`. */
static muster_status can_carry_without(suspects *s, uint32_t from, uint32_t without, bool *out) {
    const muster_problem *p     = s->travel->problem;
    uint32_t              count = 0;
    for (uint32_t i = 0; i < s->count; ++i) {
        if (i >= from && i < from + without) continue;
        s->rule[count++] = p->rule[s->index[i]];
    }
    for (uint32_t i = 0; i < p->rule_count; ++i) {
        if (is_load(&p->rule[i])) s->rule[count++] = p->rule[i];
    }
    return can_carry(s->travel, s->rule, count, s->memory, out);
}

static void drop(suspects *s, uint32_t from, uint32_t without) {
    for (uint32_t i = from + without; i < s->count; ++i) s->index[i - without] = s->index[i];
    s->count -= without;
}

static muster_status reduce(suspects *s, uint32_t lock_count) {
    bool is_carried;
    MU_TRY(can_carry_without(s, lock_count, s->count - lock_count, &is_carried));
    if (!is_carried)
        drop(s, lock_count, s->count - lock_count); /* most often: no vehicle's fault */
    for (uint32_t i = s->count; i-- > 0;) {
        MU_TRY(can_carry_without(s, i, 1, &is_carried));
        if (!is_carried) drop(s, i, 1);
    }
    return MUSTER_OK;
}

/* Of `list`, or of all rules where that is NULL, those that are about carriage but for rule `without`;
 * how many of them are locks. */
static uint32_t list_suspects(suspects *s, const uint32_t *list, uint32_t count, uint32_t without) {
    uint32_t locks = 0;
    s->count       = 0;
    for (int is_vehicle = 0; is_vehicle < 2; ++is_vehicle) {
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t     index = list ? list[i] : i;
            const muster_rule *rule  = &s->travel->problem->rule[index];
            if (index == without || !is_about_carriage(rule)) continue;
            if ((rule->resource == MUSTER_VEHICLE) == is_vehicle) s->index[s->count++] = index;
        }
        if (is_vehicle == 0) locks = s->count;
    }
    return locks;
}

/* Reduce the suspects to those who leave cargo behind; to none where none do. */
static muster_status accuse(suspects *s, uint32_t lock_count) {
    bool is_carried = true;
    if (lock_count > 0) MU_TRY(can_carry_without(s, 0, 0, &is_carried));
    if (!is_carried) return reduce(s, lock_count);
    s->count = 0;
    return MUSTER_OK;
}

static muster_status refine(suspects *s, const uint32_t *rule, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(accuse(s, list_suspects(s, rule, count, rule[i])));
        if (s->count > 0) return MUSTER_OK;
    }
    return MUSTER_OK;
}

static muster_status find(suspects *s, muster_conflict *out_conflict, uint32_t *out_rule,
                          uint32_t *out_rule_count) {
    const uint32_t rules = s->travel->problem->rule_count;
    MU_TRY(mu_alloc(&s->rule, rules, sizeof *s->rule));
    MU_TRY(mu_alloc(&s->index, rules, sizeof *s->index));
    MU_TRY(*out_conflict == MUSTER_NO_CONFLICT
               ? accuse(s, list_suspects(s, NULL, rules, MUSTER_NONE))
               : refine(s, out_rule, *out_rule_count));
    if (s->count == 0) return MUSTER_OK;
    *out_conflict   = MUSTER_CONFLICT_NO_VEHICLE;
    *out_rule_count = s->count;
    memcpy(out_rule, s->index, s->count * sizeof *out_rule);
    return MUSTER_OK;
}

muster_status mu_carriage_conflict(const mu_travel *travel, muster_conflict *conflict,
                                   uint32_t *rule, uint32_t *rule_count) {
    mu_travel_memory    memory = {0};
    suspects            s      = {.travel = travel, .memory = &memory};
    const muster_status status = find(&s, conflict, rule, rule_count);
    mu_free(s.rule);
    mu_free(s.index);
    mu_travel_memory_fini(&memory);
    return status;
}

muster_status mu_carriage_refuse(const mu_travel *travel) {
    uint32_t       *rule, count = 0;
    muster_conflict conflict = MUSTER_NO_CONFLICT;
    MU_TRY(mu_alloc(&rule, travel->problem->rule_count, sizeof *rule));
    muster_status status = mu_carriage_conflict(travel, &conflict, rule, &count);
    if (status == MUSTER_OK) {
        status =
            conflict == MUSTER_NO_CONFLICT
                ? muster_fail(MUSTER_E_INTERNAL, "items are locked that no vehicles bring, but no "
                                                 "rules are found that ask for it")
                : mu_conflict_fail(travel->problem, conflict, rule, count);
    }
    mu_free(rule);
    return status;
}
