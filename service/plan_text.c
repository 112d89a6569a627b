/* See plan_text.h. Rows become codes, and times from the plan's moment become moments. */
#include "service/plan_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "service/members.h"

static void write_need(mu_text *text, const muster_problem *p, uint32_t need) {
    mu_member_string(text, "incident", p->incident[p->need[need].incident].code);
    mu_member_string(text, "need", p->kind[p->need[need].kind].code);
}

static void write_assignment(mu_text *text, const muster_session_plan *plan, uint32_t number) {
    uint32_t                 count;
    const muster_problem    *p = muster_session_plan_problem(plan);
    const muster_assignment *a =
        &muster_plan_assignments(muster_session_plan_plan(plan), &count)[number];
    const muster_shipment *trip  = muster_plan_shipments(muster_session_plan_plan(plan), &count);
    const int64_t          at_ms = muster_session_plan_at_ms(plan);
    const bool             is_shipped = a->shipment != MUSTER_NONE;
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "resource", muster_resource_name((muster_resource)a->resource));
    mu_member_string(text, "unit",
                     muster_problem_unit(p, (muster_resource)a->resource, a->index)->code);
    write_need(text, p, a->need);
    mu_member_number(text, "quantity", a->quantity);
    mu_member_string(text, "vehicle",
                     is_shipped ? p->vehicle[trip[a->shipment].vehicle].unit.code : NULL);
    mu_member_number(text, "depart_at_ms", at_ms + a->depart_ms);
    mu_member_number(text, "eta_at_ms", at_ms + a->eta_ms);
    mu_member_metres(text, "distance_m", a->distance_m);
    mu_member_number(text, "order", (int64_t)muster_session_plan_order(plan, number));
    mu_member_string(text, "consent", muster_session_plan_consent(plan, number));
    mu_member_number(text, "escalation", a->escalation);
    mu_member_flag(text, "is_late", a->is_late);
    mu_member_flag(text, "is_diverted", a->is_diverted);
    mu_text_add(text, "}");
}

static void write_tier(mu_text *text, const muster_plan *plan, muster_tier tier) {
    const muster_tier_result r = muster_plan_tier(plan, tier);
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "name", muster_tier_name(tier));
    mu_member_number(text, "value", r.value);
    mu_member_number(text, "bound", r.bound);
    mu_member(text, "gap");
    if (r.value > 0) {
        mu_text_format(text, "%.6g", (double)(r.value - r.bound) / (double)r.value);
    } else {
        mu_text_add(text, "0");
    }
    mu_text_add(text, "}");
}

static void write_unmet(mu_text *text, const muster_problem *p, const muster_unmet *u) {
    mu_next(text);
    mu_text_add(text, "{");
    write_need(text, p, u->need);
    mu_member_number(text, "quantity", u->quantity);
    mu_member_string(text, "reason", muster_unmet_reason_name((muster_unmet_reason)u->reason));
    mu_text_add(text, "}");
}

static void write_change(mu_text *text, const muster_change *c, muster_language language) {
    mu_next(text);
    mu_text_add(text, "{");
    mu_member_string(text, "type", muster_change_type_name((muster_change_type)c->type));
    mu_member_string(text, "reason", muster_change_reason_name((muster_change_reason)c->reason));
    mu_member_string(text, "resource", muster_resource_name((muster_resource)c->resource));
    mu_member_string(text, "unit", c->code);
    mu_member_string(text, "text", c->text[language]);
    mu_text_add(text, "}");
}

/* "name":[ */
static void begin_list(mu_text *text, const char *name) {
    mu_member(text, name);
    mu_text_add(text, "[");
}

static void write_tiers(mu_text *text, const muster_plan *plan) {
    muster_tier tier[MUSTER_TIER_COUNT];
    muster_plan_tier_order(plan, tier);
    begin_list(text, "tiers");
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) write_tier(text, plan, tier[t]);
    mu_text_add(text, "]");
}

static void write_lists(mu_text *text, const muster_session_plan *made, muster_language language) {
    const muster_plan *plan = muster_session_plan_plan(made);
    uint32_t           count;
    (void)muster_plan_assignments(plan, &count);
    begin_list(text, "assignments");
    for (uint32_t i = 0; i < count; ++i) write_assignment(text, made, i);
    mu_text_add(text, "]");
    const muster_unmet *unmet = muster_plan_unmet(plan, &count);
    begin_list(text, "unmet");
    for (uint32_t i = 0; i < count; ++i) {
        write_unmet(text, muster_session_plan_problem(made), &unmet[i]);
    }
    mu_text_add(text, "]");
    const muster_change *change = muster_session_plan_changes(made, &count);
    begin_list(text, "changes");
    for (uint32_t i = 0; i < count; ++i) write_change(text, &change[i], language);
    mu_text_add(text, "]");
}

void mu_plan_write(mu_text *text, const mu_kept_plan *kept, muster_language language) {
    const muster_plan *plan = muster_session_plan_plan(kept->plan);
    mu_text_add(text, "{\"code\":\"Ok\"");
    mu_member_string(text, "plan", kept->id);
    mu_member_number(text, "at_ms", muster_session_plan_at_ms(kept->plan));
    mu_member_number(text, "sequence", (int64_t)muster_session_plan_sequence(kept->plan));
    mu_member_string(text, "outcome",
                     muster_plan_outcome(plan) == MUSTER_OPTIMAL ? "optimal" : "feasible");
    mu_member_number(text, "elapsed_ms", muster_plan_elapsed_ms(plan));
    write_tiers(text, plan);
    write_lists(text, kept->plan, language);
    mu_text_add(text, "}");
}
