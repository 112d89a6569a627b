/* Why it was so: at the worst moments, what was unmet is asked about, and what one more would have helped
 * (muster/why.h). */
#include <stdlib.h>
#include <string.h>

#include <muster/why.h>

#include "simulation/run.h"

enum { MOST_MOMENTS = 10, MOST_NEEDS = 20 };

static int64_t unmet(const muster_session_plan *plan) {
    return muster_plan_tier(muster_session_plan_plan(plan), MUSTER_TIER_UNMET_NEED).value;
}

/* Those that left most unmet stay, the rest is let go. */
static void choose(mu_run *run) {
    uint32_t count = 0;
    for (int p = 0; p < MU_WORST_PARTS; ++p) count += run->worst[p] != NULL;
    for (; count > MOST_MOMENTS; --count) {
        int least = -1;
        for (int p = 0; p < MU_WORST_PARTS; ++p) {
            if (!run->worst[p]) continue;
            if (least < 0 || unmet(run->worst[p]) <= unmet(run->worst[least])) least = p;
        }
        muster_session_plan_free(run->worst[least]);
        run->worst[least] = NULL;
    }
}

typedef struct moment {
    mu_run               *run;
    int64_t               time_ms;
    const muster_problem *problem;
    const muster_plan    *plan;
    uint32_t              first_price; /* of this moment's rows */
} moment;

static muster_status explain(const moment *m, const muster_unmet *u, const muster_why *why) {
    const muster_need            *need = &m->problem->need[u->need];
    muster_replication           *r    = m->run->record;
    muster_simulated_explanation *row;
    MU_TRY(MU_TABLE_ADD(&r->explanation, &row));
    row->time_ms = m->time_ms;
    MU_TRY(mu_record_text(r, &row->incident, m->problem->incident[need->incident].code));
    MU_TRY(mu_record_text(r, &row->kind, m->problem->kind[need->kind].code));
    MU_TRY(mu_record_text(r, &row->text, muster_why_text(why, MUSTER_WHY_UNMET)));
    return mu_record_text(r, &row->text_zh,
                          muster_why_text_in(why, MUSTER_WHY_UNMET, MUSTER_CHINESE));
}

static muster_status find_price(const moment *m, const muster_kind *kind,
                                muster_simulated_price **out) {
    muster_replication *r = m->run->record;
    for (uint32_t p = m->first_price; p < r->price.count; ++p) {
        *out = &r->price.row[p];
        if (strcmp((*out)->kind, kind->code) == 0) return MUSTER_OK;
    }
    MU_TRY(MU_TABLE_ADD(&r->price, out));
    (*out)->time_ms  = m->time_ms;
    (*out)->resource = kind->resource;
    return mu_record_text(r, &(*out)->kind, kind->code);
}

static muster_status price(const moment *m, uint32_t need, const muster_help *help) {
    muster_simulated_price *row;
    MU_TRY(find_price(m, &m->problem->kind[m->problem->need[need].kind], &row));
    if (help->unmet_need_gain <= row->unmet_need_gain) return MUSTER_OK;
    row->unmet_need_gain    = help->unmet_need_gain;
    row->response_time_gain = help->response_time_gain;
    return MUSTER_OK;
}

static muster_status ask(const moment *m, const muster_reasons *reasons, const muster_unmet *u) {
    muster_why *why;
    MU_TRY(muster_why_new(&why, reasons, u->need));
    muster_status status = explain(m, u, why);
    if (status == MUSTER_OK) status = price(m, u->need, muster_why_help(why));
    muster_why_free(why);
    return status;
}

/* The most severe first; of the same as the plan has them. */
static muster_status ask_all(const moment *m, muster_reasons *reasons) {
    uint32_t            count, asked = 0;
    const muster_unmet *u = muster_plan_unmet(m->plan, &count);
    MU_TRY(muster_reasons_tell(reasons, count, u));
    for (int severity = MUSTER_SEVERITY_COUNT; severity-- > 0;) {
        for (uint32_t i = 0; i < count && asked < MOST_NEEDS; ++i) {
            const uint32_t incident = m->problem->need[u[i].need].incident;
            if (m->problem->incident[incident].severity != severity) continue;
            MU_TRY(ask(m, reasons, &u[i]));
            ++asked;
        }
    }
    return MUSTER_OK;
}

static muster_status look_at(mu_run *run, const muster_session_plan *plan) {
    const moment             m = {.run     = run,
                                  .time_ms = muster_session_plan_at_ms(plan) - run->course->start_at_ms,
                                  .problem     = muster_session_plan_problem(plan),
                                  .plan        = muster_session_plan_plan(plan),
                                  .first_price = run->record->price.count};
    uint32_t                 assignments, shipments;
    const muster_assignment *assignment = muster_plan_assignments(m.plan, &assignments);
    const muster_shipment   *shipment   = muster_plan_shipments(m.plan, &shipments);
    muster_reasons          *reasons;
    MU_TRY(
        muster_reasons_new(&reasons, m.problem, assignments, assignment, shipments, shipment, 1));
    const muster_status status = ask_all(&m, reasons);
    muster_reasons_free(reasons);
    return status;
}

muster_status mu_explain_worst(mu_run *run) {
    choose(run);
    for (int p = 0; p < MU_WORST_PARTS; ++p) {
        if (run->worst[p]) MU_TRY(look_at(run, run->worst[p]));
    }
    return MUSTER_OK;
}
