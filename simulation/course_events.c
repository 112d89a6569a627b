/* What happens from outside is told as it comes. What a session refuses is written down; it may be that a
 * policy has made it impossible, as when stock is taken away that has been ordered. */
#include <inttypes.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/run.h"

/* Where units are, and what becomes of orders, is the simulation's own. */
static bool may_be_in_course(const muster_event *e) {
    return e->type < MUSTER_EVENT_TYPE_TOLD && e->type != MUSTER_EVENT_UNIT_MOVED &&
           !(e->type >= MUSTER_EVENT_ORDER_ACCEPTED && e->type <= MUSTER_EVENT_ORDER_CANCELLED);
}

static muster_status check_event(const mu_course *c, uint32_t at) {
    const muster_event *e = &c->event[at];
    if (!may_be_in_course(e)) {
        const char *name = muster_event_type_name((muster_event_type)e->type);
        return muster_fail(MUSTER_E_INVALID,
                           "event %" PRIu32
                           " of the course, \"%.64s\", is %s; expected what happens "
                           "from outside, no places of units and no orders",
                           at, e->id ? e->id : "", name ? name : "of no type");
    }
    if (at > 0 && e->time_ms < c->event[at - 1].time_ms) {
        return muster_fail(MUSTER_E_INVALID,
                           "event %" PRIu32 " of the course, \"%.64s\", is of %" PRId64
                           ", and the one before of %" PRId64 "; expected them in order",
                           at, e->id ? e->id : "", e->time_ms, c->event[at - 1].time_ms);
    }
    if (e->type != MUSTER_EVENT_INCIDENT_REPORTED || e->incident.code) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "event %" PRIu32 " of the course reports an incident without a code", at);
}

muster_status mu_course_check(const mu_course *c) {
    if (c->end_at_ms <= c->start_at_ms) {
        return muster_fail(MUSTER_E_INVALID,
                           "the course ends at %" PRId64 " and begins at %" PRId64
                           "; expected it to end later",
                           c->end_at_ms, c->start_at_ms);
    }
    for (uint32_t e = 0; e < c->event_count; ++e) MU_TRY(check_event(c, e));
    if (c->event_count == 0 || c->event[0].time_ms >= c->start_at_ms) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the course begins at %" PRId64 " with an event of %" PRId64
                       "; expected none before",
                       c->start_at_ms, c->event[0].time_ms);
}

muster_status mu_course_wait(mu_run *run) {
    const mu_course *c = run->course;
    if (run->course_next == c->event_count) return MUSTER_OK;
    return mu_agenda_add(&run->agenda, c->event[run->course_next].time_ms, MU_DUE_COURSE, 0, 0);
}

/* ---- telling ------------------------------------------------------------------------------- */

/* NULL: it is not about a team or a vehicle that is there. */
static mu_mover *mover_of(mu_run *run, const muster_event *e) {
    const mu_base *b = run->stage->base;
    if (e->unit.resource > MUSTER_VEHICLE || !e->unit.code) return NULL;
    const uint32_t row = mu_base_find_unit(b, e->unit.resource, e->unit.code, 0);
    if (row == MUSTER_NONE) return NULL;
    return &run->mover[e->unit.resource == MUSTER_PEOPLE ? row
                                                         : b->unit_count[MUSTER_PEOPLE] + row];
}

/* A unit that is not available for a reason of its own does not become so because the course knows of
 * none; and of a pool, those that are on their way back are not there. */
static bool is_withheld(mu_run *run, const muster_event *e) {
    const mu_mover *m = mover_of(run, e);
    return e->type == MUSTER_EVENT_UNIT_STATUS && e->is_available && m && m->is_off;
}

/* What is over does not turn out to be larger: the policy was quicker than that. */
static bool is_too_late(const mu_run *run, const muster_event *e) {
    const bool changes =
        e->type == MUSTER_EVENT_INCIDENT_UPDATED || e->type == MUSTER_EVENT_NEED_CHANGED;
    const uint32_t scene =
        changes && e->incident.code ? mu_scene_find(run, e->incident.code) : MUSTER_NONE;
    return scene != MUSTER_NONE && run->scene[scene].is_closed;
}

static muster_event adapt(const mu_run *run, const muster_event *e) {
    muster_event event = *e;
    if (e->type != MUSTER_EVENT_UNIT_CREW || e->unit.resource != MUSTER_MACHINE || !e->unit.code) {
        return event;
    }
    const uint32_t pool = mu_base_find_unit(run->stage->base, MUSTER_MACHINE, e->unit.code, 0);
    if (pool != MUSTER_NONE) event.quantity -= run->away[pool];
    return event;
}

static muster_status write_refusal(mu_run *run, const muster_event *e,
                                   const muster_event_answer *answer) {
    muster_simulated_refusal *row;
    MU_TRY(MU_TABLE_ADD(&run->record->refusal, &row));
    row->time_ms = mu_run_clock(run);
    MU_TRY(mu_record_text(run->record, &row->id, e->id));
    return mu_record_text(run->record, &row->message, answer->message);
}

static muster_status write_hazard(mu_run *run, const muster_event *e) {
    const muster_event_type  type = (muster_event_type)e->type;
    const char              *code = e->hazard ? e->hazard->code : NULL;
    muster_simulated_hazard *row;
    if (!run->record->is_recorded || !code) return MUSTER_OK;
    for (uint32_t h = run->record->hazard.count; h-- > 0;) {
        row = &run->record->hazard.row[h];
        if (strcmp(row->hazard->code, code) != 0) continue;
        if (row->until_ms > mu_run_clock(run)) row->until_ms = mu_run_clock(run);
        break;
    }
    if (type != MUSTER_EVENT_HAZARD_GROWN) return MUSTER_OK;
    MU_TRY(MU_TABLE_ADD(&run->record->hazard, &row));
    row->from_ms  = mu_run_clock(run);
    row->until_ms = run->course->end_at_ms - run->course->start_at_ms;
    return mu_record_hazard(run->record, &row->hazard, e->hazard);
}

/* ---- what follows -------------------------------------------------------------------------- */

static muster_status follow(mu_run *run, const muster_event *e) {
    const uint32_t scene = e->incident.code ? mu_scene_find(run, e->incident.code) : MUSTER_NONE;
    mu_mover      *m     = mover_of(run, e);
    switch (e->type) {
    case MUSTER_EVENT_INCIDENT_REPORTED:
        MU_TRY(mu_start_turns(run));
        return mu_scene_look(run, scene);
    case MUSTER_EVENT_INCIDENT_UPDATED:
    case MUSTER_EVENT_NEED_CHANGED:
        return mu_scene_look(run, scene);
    case MUSTER_EVENT_INCIDENT_CLOSED:
        return mu_scene_close(run, scene);
    case MUSTER_EVENT_UNIT_STATUS:
        return m ? mu_mover_set_off(run, m, !e->is_available) : MUSTER_OK;
    case MUSTER_EVENT_ROAD_CLOSED:
    case MUSTER_EVENT_ROAD_SLOWED:
    case MUSTER_EVENT_ROAD_OPENED:
        return mu_agenda_add(&run->agenda, run->now_ms, MU_DUE_ROADS, 0, 0);
    case MUSTER_EVENT_HAZARD_GROWN:
    case MUSTER_EVENT_HAZARD_ENDED:
        MU_TRY(write_hazard(run, e));
        return mu_agenda_add(&run->agenda, run->now_ms, MU_DUE_ROADS, 0, 0);
    default:
        return mu_orders_follow(run, 0); /* a commander's word may have taken some away */
    }
}

/* Of roads it is when they turn out to be others (run.c). */
static bool is_news(const muster_event *e) {
    return e->type < MUSTER_EVENT_ROAD_CLOSED || e->type > MUSTER_EVENT_HAZARD_ENDED;
}

muster_status mu_course_next(mu_run *run) {
    const muster_event *e      = &run->course->event[run->course_next++];
    muster_event_answer answer = {.outcome = MUSTER_EVENT_APPLIED};
    MU_TRY(mu_course_wait(run));
    if (is_too_late(run, e)) return MUSTER_OK;
    if (!is_withheld(run, e)) {
        const muster_event event = adapt(run, e);
        MU_TRY(mu_centre_tell(run->centre, 1, &event, &answer));
        ++run->record->totals.event_count;
    }
    if (answer.outcome != MUSTER_EVENT_APPLIED) return write_refusal(run, e, &answer);
    MU_TRY(is_news(e) ? mu_wish_plan(run) : mu_wish_use(run));
    return follow(run, e);
}
