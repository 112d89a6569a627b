#include "solver/judge.h"

/* ---- service ------------------------------------------------------------------------- */

static int64_t response_s(const mu_judge *j, const muster_assignment *a) {
    const uint32_t deadline_ms =
        j->problem->incident[j->problem->need[a->need].incident].deadline_ms;
    const uint32_t step_ms = j->weights.lateness_step_ms;
    int64_t        sum_s   = a->eta_ms / 1000;
    if (!a->is_late || step_ms == 0) return sum_s;
    const uint32_t late_ms = a->eta_ms - deadline_ms;
    const int64_t  begun   = late_ms / step_ms + (late_ms % step_ms > 0);
    return sum_s + begun * j->weights.lateness_step_s;
}

/* Returns how many of them the need still lacked. */
static int64_t serve(mu_judge *j, const muster_assignment *a, int64_t quantity) {
    const int64_t served = quantity < j->missing[a->need] ? quantity : j->missing[a->need];
    j->missing[a->need] -= served;
    j->tier[MUSTER_TIER_RESPONSE_TIME] += mu_judge_price(j, a->need) * served * response_s(j, a);
    return served;
}

/* Only what is locked may come in vain. */
static muster_status judge_chosen(mu_judge *j, uint32_t i) {
    const muster_assignment *a      = &j->assignment[i];
    const int64_t            chosen = a->quantity - a->locked;
    const int64_t            lacked = j->missing[a->need];
    const int64_t            served = serve(j, a, chosen);
    j->sent[a->need] += a->quantity;
    j->chosen[a->need] += chosen;
    if (chosen > 0 && (served < 1 || (a->resource != MUSTER_PEOPLE && served < chosen))) {
        MU_REFUSE("assignment %u brings %" PRId64 " to need %u, which lacks %" PRId64, i, chosen,
                  a->need, lacked);
    }
    return MUSTER_OK;
}

/* ---- together or not at all ------------------------------------------------------------ */

static muster_status judge_minimum(const mu_judge *j, uint32_t n) {
    const int64_t minimum = j->problem->need[n].minimum;
    if (j->chosen[n] > 0 && j->sent[n] < minimum) {
        MU_REFUSE("need %u is sent %" PRId64 ", less than its minimum, %" PRId64, n, j->sent[n],
                  minimum);
    }
    return MUSTER_OK;
}

bool mu_judge_is_complete(const mu_judge *j, uint32_t incident) {
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        const muster_need *need = &j->problem->need[n];
        if (need->incident != incident) continue;
        if (j->sent[n] < (need->minimum > 0 ? need->minimum : need->quantity)) return false;
    }
    return true;
}

static muster_status judge_completeness(const mu_judge *j, uint32_t n) {
    const uint32_t incident = j->problem->need[n].incident;
    if (!j->problem->incident[incident].all_or_nothing || j->chosen[n] == 0) return MUSTER_OK;
    if (!mu_judge_is_complete(j, incident)) {
        MU_REFUSE("need %u is sent %" PRId64 ", but its incident, \"%s\", is all or nothing and "
                  "does not get all",
                  n, j->chosen[n], j->problem->incident[incident].code);
    }
    return MUSTER_OK;
}

int64_t mu_judge_spare_operators(const mu_judge *j, uint32_t incident, uint32_t kind) {
    const muster_problem *p     = j->problem;
    int64_t               spare = 0;
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        if (p->need[a->need].incident != incident) continue;
        if (a->resource == MUSTER_PEOPLE && mu_judge_suits(p, MUSTER_PEOPLE, a->index, kind)) {
            spare += a->quantity;
        }
        const muster_kind *sent = &p->kind[p->need[a->need].kind];
        if (sent->operator_count == 0 || sent->operator_kind != kind) continue;
        spare -= a->quantity * sent->operator_count;
    }
    return spare;
}

static muster_status judge_operators(const mu_judge *j, uint32_t n) {
    const muster_need *need = &j->problem->need[n];
    const muster_kind *kind = &j->problem->kind[need->kind];
    if (kind->operator_count == 0 || j->chosen[n] == 0) return MUSTER_OK;
    const int64_t spare = mu_judge_spare_operators(j, need->incident, kind->operator_kind);
    if (spare < 0) {
        MU_REFUSE("need %u is sent %" PRId64 " of \"%s\", but incident \"%s\" lacks %" PRId64
                  " to operate them",
                  n, j->sent[n], kind->code, j->problem->incident[need->incident].code, -spare);
    }
    return MUSTER_OK;
}

muster_status mu_judge_service(mu_judge *j) {
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        j->missing[n] = j->problem->need[n].quantity;
    }
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        (void)serve(j, &j->assignment[i], j->assignment[i].locked);
    }
    for (uint32_t i = 0; i < j->assignment_count; ++i) MU_TRY(judge_chosen(j, i));
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        MU_TRY(judge_minimum(j, n));
        MU_TRY(judge_completeness(j, n));
        MU_TRY(judge_operators(j, n));
    }
    return MUSTER_OK;
}
