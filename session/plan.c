/* The planner's past is not its last plan, of which nobody may have ordered anything, but what is
 * ordered. So nothing is kept that nobody has been told, and nothing is forgotten that somebody has. */
#include "session/plan.h"

#include <string.h>

#include "core/alloc.h"

/* ---- changes, which the planner forgets ------------------------------------------------------------------ */

static muster_status copy_change(mu_arena *a, muster_change *to, const muster_change *change) {
    *to = *change;
    MU_TRY(mu_arena_text(a, &to->code, change->code));
    MU_TRY(mu_arena_text(a, &to->incident_before, change->incident_before));
    MU_TRY(mu_arena_text(a, &to->kind_before, change->kind_before));
    MU_TRY(mu_arena_text(a, &to->incident, change->incident));
    MU_TRY(mu_arena_text(a, &to->kind, change->kind));
    MU_TRY(mu_arena_text(a, &to->vehicle_before, change->vehicle_before));
    MU_TRY(mu_arena_text(a, &to->vehicle, change->vehicle));
    MU_TRY(mu_arena_text(a, &to->replaced, change->replaced));
    for (int l = 0; l < MUSTER_LANGUAGE_COUNT; ++l) {
        MU_TRY(mu_arena_text(a, &to->text[l], change->text[l]));
    }
    return MUSTER_OK;
}

static muster_status copy_changes(muster_session_plan *p, const muster_planner *planner) {
    const muster_change *change = muster_planner_changes(planner, &p->change_count);
    MU_TRY(mu_arena_take(&p->arena, &p->change, p->change_count, sizeof *p->change));
    for (uint32_t c = 0; c < p->change_count; ++c) {
        MU_TRY(copy_change(&p->arena, &p->change[c], &change[c]));
    }
    return MUSTER_OK;
}

/* ---- making ------------------------------------------------------------------------------------------------ */

/* The authorities of the base are asked: a row of the problem may be lent to another one. */
static muster_status find_consents(muster_session_plan *p) {
    const mu_situation      *s = p->situation;
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(p->plan, &count);
    MU_TRY(mu_arena_take(&p->arena, &p->consent, count, sizeof *p->consent));
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t unit     = s->row[a[i].resource][a[i].index].unit;
        const uint32_t incident = s->problem.need[a[i].need].incident;
        const uint32_t over = mu_base_consent(s->base, s->base->unit[a[i].resource][unit].authority,
                                              s->problem.incident[incident].authority);
        p->consent[i]       = over == MUSTER_NONE ? NULL : s->base->authority[over].code;
    }
    return MUSTER_OK;
}

static muster_status make(muster_session_plan *p, muster_planner *planner,
                          const muster_solve_options *options, muster_replan mode) {
    const mu_situation *s = p->situation;
    MU_TRY(muster_planner_adopt(planner, &s->problem, s->past_count, s->past,
                                s->past_shipment_count, s->past_shipment));
    MU_TRY(muster_planner_plan(&p->plan, planner, &s->problem, options, mode));
    MU_TRY(copy_changes(p, planner));
    MU_TRY(mu_moves_find(&p->moves, &p->arena, s, p->plan, p->change_count, p->change));
    return find_consents(p);
}

muster_status mu_plan_make(muster_session_plan **out, mu_situation *situation,
                           muster_planner *planner, const muster_solve_options *options,
                           muster_replan mode) {
    muster_session_plan *p;
    *out                 = NULL;
    muster_status status = mu_alloc_zeroed(&p, 1, sizeof *p);
    if (status != MUSTER_OK) {
        mu_situation_free(situation);
        return status;
    }
    p->situation = situation;
    status       = make(p, planner, options, mode);
    if (status != MUSTER_OK) {
        muster_session_plan_free(p);
        return status;
    }
    *out = p;
    return MUSTER_OK;
}

void muster_session_plan_free(muster_session_plan *plan) {
    if (!plan) return;
    muster_plan_free(plan->plan);
    mu_situation_free(plan->situation);
    mu_arena_fini(&plan->arena);
    mu_free(plan);
}

/* ---- looking ----------------------------------------------------------------------------------------------- */

int64_t muster_session_plan_at_ms(const muster_session_plan *plan) {
    return plan->situation->now_ms;
}

uint64_t muster_session_plan_sequence(const muster_session_plan *plan) {
    return plan->situation->sequence;
}

const muster_problem *muster_session_plan_problem(const muster_session_plan *plan) {
    return &plan->situation->problem;
}

const muster_plan *muster_session_plan_plan(const muster_session_plan *plan) {
    return plan->plan;
}

const muster_change *muster_session_plan_changes(const muster_session_plan *plan,
                                                 uint32_t                  *out_count) {
    *out_count = plan->change_count;
    return plan->change;
}

static bool has_assignment(const muster_session_plan *plan, uint32_t assignment) {
    uint32_t count;
    (void)muster_plan_assignments(plan->plan, &count);
    return assignment < count;
}

uint64_t muster_session_plan_order(const muster_session_plan *plan, uint32_t assignment) {
    if (!has_assignment(plan, assignment)) return 0;
    const uint32_t order = plan->moves.order_of[assignment];
    return order == MUSTER_NONE ? 0 : plan->situation->order[order].number;
}

const char *muster_session_plan_consent(const muster_session_plan *plan, uint32_t assignment) {
    return has_assignment(plan, assignment) ? plan->consent[assignment] : NULL;
}
