#include "solver/judge.h"

/* ---- the problem's rows -------------------------------------------------------------- */

uint32_t mu_judge_rows(const muster_problem *p, unsigned resource) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return p->team_count;
    case MUSTER_VEHICLE:
        return p->vehicle_count;
    case MUSTER_MACHINE:
        return p->machine_count;
    case MUSTER_ITEM:
        return p->stock_count;
    default:
        return 0;
    }
}

const muster_unit *mu_judge_unit(const muster_problem *p, unsigned resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return &p->team[index].unit;
    if (resource == MUSTER_VEHICLE) return &p->vehicle[index].unit;
    if (resource == MUSTER_MACHINE) return &p->machine[index].unit;
    return &p->stock[index].unit;
}

int64_t mu_judge_amount(const muster_problem *p, unsigned resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return p->team[index].people;
    if (resource == MUSTER_VEHICLE) return 1;
    if (resource == MUSTER_MACHINE) return p->machine[index].count;
    return p->stock[index].quantity;
}

const uint32_t *mu_judge_kinds(const muster_problem *p, unsigned resource, uint32_t index,
                               uint32_t *out_count) {
    *out_count = 1;
    if (resource == MUSTER_VEHICLE) return &p->vehicle[index].kind;
    if (resource == MUSTER_MACHINE) return &p->machine[index].kind;
    if (resource == MUSTER_ITEM) return &p->stock[index].kind;
    *out_count = p->team[index].capability_count;
    return p->team[index].capability;
}

bool mu_judge_suits(const muster_problem *p, unsigned resource, uint32_t index, uint32_t kind) {
    uint32_t        count, c = 0;
    const uint32_t *own = mu_judge_kinds(p, resource, index, &count);
    if (p->kind[kind].resource != resource) return false;
    while (c < count && own[c] != kind) ++c;
    return c < count;
}

/* Whoever has something on board is there for that. */
int64_t mu_judge_left(const mu_judge *j, unsigned resource, uint32_t index, uint32_t incident) {
    const int64_t all  = mu_judge_amount(j->problem, resource, index);
    int64_t       left = all;
    if (resource == MUSTER_VEHICLE && j->is_laden[index]) return 0;
    for (uint32_t r = j->first_rule[resource][index]; r != MUSTER_NONE; r = j->next_rule[r]) {
        const muster_rule *rule = &j->problem->rule[r];
        if (rule->type == MUSTER_HOLD) return 0;
        if (rule->type == MUSTER_FORBID && rule->incident == incident) return 0;
        if (rule->type == MUSTER_LOCK) left -= rule->quantity > 0 ? rule->quantity : all;
    }
    return left;
}

int64_t mu_judge_price(const mu_judge *j, uint32_t need) {
    const muster_need *n = &j->problem->need[need];
    const int64_t whole = j->weights.severity[j->problem->incident[n->incident].severity] * 1000000;
    return whole / n->quantity > 1 ? whole / n->quantity : 1;
}

/* ---- who goes ------------------------------------------------------------------------ */

static muster_status judge_grade(const mu_judge *j, const muster_assignment *a) {
    const uint32_t worst = j->problem->need[a->need].grade;
    if (a->resource != MUSTER_PEOPLE || worst == 0) return MUSTER_OK;
    const muster_team *team = &j->problem->team[a->index];
    if (team->grade == 0 || team->grade > worst) {
        MU_REFUSE("\"%s\", of grade %u, goes to need %u, which asks for %u or better",
                  team->unit.code, team->grade, a->need, worst);
    }
    return MUSTER_OK;
}

static muster_status judge_assignment(mu_judge *j, uint32_t i) {
    const muster_assignment *a = &j->assignment[i];
    const muster_problem    *p = j->problem;
    if (a->need >= p->need_count || a->resource >= MUSTER_RESOURCE_COUNT ||
        a->index >= mu_judge_rows(p, a->resource)) {
        MU_REFUSE("assignment %u sends resource %u, row %u, to need %u, which are not there", i,
                  a->resource, a->index, a->need);
    }
    const char   *code  = mu_judge_unit(p, a->resource, a->index)->code;
    const int64_t whole = mu_judge_amount(p, a->resource, a->index);
    if (!mu_judge_suits(p, a->resource, a->index, p->need[a->need].kind)) {
        MU_REFUSE("\"%s\" does not suit need %u, of kind \"%s\"", code, a->need,
                  p->kind[p->need[a->need].kind].code);
    }
    if (a->quantity < 1 || (a->resource == MUSTER_PEOPLE && a->quantity != whole)) {
        MU_REFUSE("\"%s\" sends %" PRId64 " to need %u; it has %" PRId64, code, a->quantity,
                  a->need, whole);
    }
    MU_TRY(judge_grade(j, a));
    if (a->locked < 0 || a->locked > a->quantity) {
        MU_REFUSE("assignment %u has %" PRId64 " locked of %" PRId64, i, a->locked, a->quantity);
    }
    int64_t *used = &j->used[a->resource][a->index]; /* never more than the whole */
    if (a->quantity > whole - *used) {
        MU_REFUSE("\"%s\" sends %" PRId64 " and %" PRId64 " in all; it has %" PRId64, code, *used,
                  a->quantity, whole);
    }
    *used += a->quantity;
    j->tier[MUSTER_TIER_DUTY] += mu_judge_unit(p, a->resource, a->index)->duty_ms / 60000;
    return MUSTER_OK;
}

muster_status mu_judge_use(mu_judge *j) {
    for (uint32_t i = 0; i < j->assignment_count; ++i) MU_TRY(judge_assignment(j, i));
    return MUSTER_OK;
}
