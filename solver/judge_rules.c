/* Rules and assignments meet at the resource that both are about: what is sent of it is strung
 * together, and what rules say of it is written beside it. */
#include "core/alloc.h"
#include "solver/judge.h"

/* By resource index, and by assignment. */
typedef struct file {
    uint32_t *first_use[MUSTER_RESOURCE_COUNT]; /* an assignment; MUSTER_NONE: none */
    uint32_t *next_use;
    uint32_t *destination[MUSTER_RESOURCE_COUNT]; /* on its way to; MUSTER_NONE: nowhere */
    int64_t  *locked[MUSTER_RESOURCE_COUNT];      /* as rules say */
} file;

static uint32_t incident_of(const mu_judge *j, const muster_assignment *a) {
    return j->problem->need[a->need].incident;
}

static int64_t locked_by(const mu_judge *j, const muster_rule *rule) {
    return rule->quantity > 0 ? rule->quantity
                              : mu_judge_amount(j->problem, rule->resource, rule->index);
}

/* ---- writing it up ------------------------------------------------------------------- */

static muster_status open_file(file *f, const mu_judge *j) {
    MU_TRY(mu_alloc(&f->next_use, j->assignment_count, sizeof *f->next_use));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t rows = mu_judge_rows(j->problem, r);
        MU_TRY(mu_alloc(&f->first_use[r], rows, sizeof *f->first_use[r]));
        MU_TRY(mu_alloc(&f->destination[r], rows, sizeof *f->destination[r]));
        MU_TRY(mu_alloc_zeroed(&f->locked[r], rows, sizeof *f->locked[r]));
        for (uint32_t i = 0; i < rows; ++i) {
            f->first_use[r][i] = f->destination[r][i] = MUSTER_NONE;
        }
    }
    for (uint32_t i = j->assignment_count; i-- > 0;) {
        uint32_t *first = &f->first_use[j->assignment[i].resource][j->assignment[i].index];
        f->next_use[i]  = *first;
        *first          = i;
    }
    for (uint32_t i = 0; i < j->problem->rule_count; ++i) {
        const muster_rule *rule = &j->problem->rule[i];
        if (rule->type == MUSTER_LOCK) f->locked[rule->resource][rule->index] += locked_by(j, rule);
        if (rule->type != MUSTER_EN_ROUTE) continue;
        if (rule->resource == MUSTER_ITEM) {
            f->destination[MUSTER_VEHICLE][rule->vehicle] = rule->incident;
        } else {
            f->destination[rule->resource][rule->index] = rule->incident;
        }
    }
    return MUSTER_OK;
}

static void close_file(file *f) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(f->first_use[r]);
        mu_free(f->destination[r]);
        mu_free(f->locked[r]);
    }
    mu_free(f->next_use);
}

/* ---- rule by rule -------------------------------------------------------------------- */

/* Who has something on board serves no need himself. */
static muster_status judge_load(const mu_judge *j, const file *f, uint32_t r) {
    const muster_rule *rule = &j->problem->rule[r];
    if (rule->resource != MUSTER_ITEM) return MUSTER_OK;
    const uint32_t i = f->first_use[MUSTER_VEHICLE][rule->vehicle];
    if (i == MUSTER_NONE) return MUSTER_OK;
    MU_REFUSE("\"%s\" serves need %u, but rule %u has something on board of it",
              j->problem->vehicle[rule->vehicle].unit.code, j->assignment[i].need, r);
}

static muster_status judge_rule(const mu_judge *j, const file *f, uint32_t r) {
    const muster_rule *rule   = &j->problem->rule[r];
    const char        *code   = mu_judge_unit(j->problem, rule->resource, rule->index)->code;
    int64_t            locked = 0;
    if (rule->type == MUSTER_EN_ROUTE) return judge_load(j, f, r);
    for (uint32_t i = f->first_use[rule->resource][rule->index]; i != MUSTER_NONE;
         i          = f->next_use[i]) {
        const muster_assignment *a        = &j->assignment[i];
        const bool               is_there = incident_of(j, a) == rule->incident;
        if (rule->type == MUSTER_HOLD || (rule->type == MUSTER_FORBID && is_there)) {
            MU_REFUSE("rule %u keeps \"%s\" from going to need %u", r, code, a->need);
        }
        const bool is_it = rule->need == MUSTER_NONE || rule->need == a->need;
        if (is_there && is_it) locked += a->locked;
    }
    if (rule->type == MUSTER_LOCK && locked < locked_by(j, rule)) {
        MU_REFUSE("rule %u locks %" PRId64 " of \"%s\", of which %" PRId64 " go there", r,
                  locked_by(j, rule), code, locked);
    }
    return MUSTER_OK;
}

/* ---- assignment by assignment -------------------------------------------------------- */

/* Nothing is called locked but what rules lock: as much of each resource as they say, and no
 * more. */
static muster_status judge_locked(const mu_judge *j, const file *f, uint32_t i) {
    const muster_assignment *a      = &j->assignment[i];
    const int64_t            asked  = f->locked[a->resource][a->index];
    int64_t                  locked = 0;
    if (a->locked == 0) return MUSTER_OK;
    for (uint32_t k = f->first_use[a->resource][a->index]; k != MUSTER_NONE; k = f->next_use[k]) {
        locked += j->assignment[k].locked;
    }
    if (locked > asked) {
        MU_REFUSE("assignment %u has %" PRId64 " locked, its resource %" PRId64
                  " in all; rules lock %" PRId64,
                  i, a->locked, locked, asked);
    }
    return MUSTER_OK;
}

static void count_diversion(mu_judge *j) {
    j->tier[MUSTER_TIER_UNMET_NEED] += j->weights.diversion_unmet_need;
    j->tier[MUSTER_TIER_RESPONSE_TIME] += j->weights.diversion_response_time;
    j->tier[MUSTER_TIER_ESCALATION] += 1;
}

static muster_status judge_diversion(mu_judge *j, const file *f, uint32_t i) {
    const muster_assignment *a           = &j->assignment[i];
    const uint32_t           destination = f->destination[a->resource][a->index];
    const bool is_diverted = destination != MUSTER_NONE && destination != incident_of(j, a);
    if (a->is_diverted != is_diverted) {
        MU_REFUSE("assignment %u %s a diversion, but the plan says it %s", i,
                  is_diverted ? "is" : "is not", a->is_diverted ? "is" : "is not");
    }
    if (is_diverted) count_diversion(j);
    return MUSTER_OK;
}

/* A vehicle that carries is diverted once, whatever it brings. */
static muster_status judge_carriers(mu_judge *j, const file *f) {
    uint32_t               count;
    const muster_shipment *shipment = muster_plan_shipments(j->plan, &count);
    for (uint32_t s = 0; s < count; ++s) {
        const uint32_t destination = f->destination[MUSTER_VEHICLE][shipment[s].vehicle];
        const bool is_diverted = destination != MUSTER_NONE && destination != shipment[s].incident;
        if (shipment[s].is_diverted != is_diverted) {
            MU_REFUSE("shipment %u %s a diversion, but the plan says it %s", s,
                      is_diverted ? "is" : "is not", shipment[s].is_diverted ? "is" : "is not");
        }
        if (is_diverted) count_diversion(j);
    }
    return MUSTER_OK;
}

static muster_status judge_all(mu_judge *j, const file *f) {
    for (uint32_t r = 0; r < j->problem->rule_count; ++r) MU_TRY(judge_rule(j, f, r));
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        MU_TRY(judge_locked(j, f, i));
        MU_TRY(judge_diversion(j, f, i));
    }
    return judge_carriers(j, f);
}

muster_status mu_judge_rules(mu_judge *j) {
    file f = {0};
    if (j->problem->rule_count == 0 && j->assignment_count == 0) return MUSTER_OK;
    muster_status status = open_file(&f, j);
    if (status == MUSTER_OK) status = judge_all(j, &f);
    close_file(&f);
    return status;
}
