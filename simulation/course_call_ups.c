/* Who is called up in a course. */
#include "core/alloc.h"
#include "simulation/arrivals.h"
#include "simulation/course_build.h"

/* Each has a lead of its own. One who would be ready after the end does not come. */
static muster_status call(mu_course_build *b, const mu_call_up *rule, const char *unit,
                          uint32_t number, int64_t called_ms) {
    const mu_stream lead =
        mu_stream_of_two(b->seed, b->replication, MU_DRAW_CALL_UP_LEAD, rule->code, unit);
    const int64_t ready_ms = called_ms + mu_draw_ms(&rule->lead_ms, lead, 0);
    muster_event *e;
    if (ready_ms >= b->ground->file->about.length_ms) return MUSTER_OK;
    MU_TRY(mu_build_event(b, MU_RANK_UNIT, MUSTER_EVENT_UNIT_STATUS, ready_ms, rule->code, number,
                          false, &e));
    e->unit         = (muster_event_unit){.resource = rule->which.resource, .code = unit};
    e->is_available = true;
    e->reason       = rule->reason;
    return MUSTER_OK;
}

/* The first of its moments counts: who has been called is there. */
static muster_status add_call_up(mu_course_build *b, uint32_t rule) {
    const mu_call_up     *c     = &b->ground->file->call_up[rule];
    const mu_unit_ground *units = &b->ground->called_up[rule];
    int64_t              *at_ms;
    uint32_t              count;
    muster_status         status = MUSTER_OK;
    MU_TRY(mu_arrivals_draw(b->ground, &c->when, mu_build_stream(b, MU_DRAW_CALL_UP_TIME, c->code),
                            mu_build_lateness(b, c->when.hazard), &at_ms, &count));
    for (uint32_t u = 0; count > 0 && status == MUSTER_OK && u < units->unit_count; ++u) {
        status = call(b, c, units->unit[u], u + 1, at_ms[0]);
    }
    mu_free(at_ms);
    return status;
}

muster_status mu_build_call_ups(mu_course_build *b) {
    for (uint32_t c = 0; c < b->ground->file->call_up_count; ++c) MU_TRY(add_call_up(b, c));
    return MUSTER_OK;
}
