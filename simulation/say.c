/* What the simulation tells the centre. All of it comes from here, with ids of its own, so that the journal of
 * one replication reads as that of a night. */
#include <stdio.h>

#include "core/alloc.h"
#include "simulation/run.h"

enum { ID_BYTES = 24 };

static void sign(mu_run *run, muster_event *event, char id[ID_BYTES]) {
    snprintf(id, ID_BYTES, "sim-%u", ++run->told);
    event->struct_size = sizeof *event;
    event->id          = id;
    event->time_ms     = run->now_ms;
    event->author      = MU_CENTRE_AUTHOR;
}

static muster_status check(const muster_event *event, const muster_event_answer *answer) {
    if (answer->outcome == MUSTER_EVENT_APPLIED) return MUSTER_OK;
    return muster_fail(MUSTER_E_INTERNAL, "the simulation told %s (%s), which is %s: %s",
                       muster_event_type_name((muster_event_type)event->type), event->id,
                       muster_event_outcome_name((muster_event_outcome)answer->outcome),
                       answer->message);
}

muster_status mu_run_say(mu_run *run, const muster_event *given) {
    char                id[ID_BYTES];
    muster_event        event = *given;
    muster_event_answer answer;
    sign(run, &event, id);
    MU_TRY(mu_centre_tell(run->centre, 1, &event, &answer));
    ++run->record->totals.event_count;
    return check(&event, &answer);
}

muster_status mu_run_say_order(mu_run *run, uint64_t order, muster_event_type type,
                               const char *reason) {
    muster_event event = {.type = (uint8_t)type, .order = order, .reason = reason};
    return mu_run_say(run, &event);
}

static muster_event_unit unit_of(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_base_unit *u = &run->stage->base->unit[resource][unit];
    return (muster_event_unit){
        resource, u->code, resource == MUSTER_ITEM ? run->stage->base->kind[u->kind].code : NULL};
}

muster_status mu_run_say_available(mu_run *run, const mu_mover *m, bool is_available,
                                   const char *reason) {
    muster_event event = {.type         = MUSTER_EVENT_UNIT_STATUS,
                          .unit         = unit_of(run, m->resource, m->unit),
                          .is_available = is_available,
                          .reason       = reason};
    return mu_run_say(run, &event);
}

muster_status mu_run_say_stock(mu_run *run, uint32_t stock, int64_t change, const char *reason) {
    muster_event event = {.type     = MUSTER_EVENT_STOCK_MOVED,
                          .unit     = unit_of(run, MUSTER_ITEM, stock),
                          .quantity = change,
                          .reason   = reason};
    MU_TRY(mu_run_say(run, &event));
    return mu_stock_changed(run, stock);
}

/* ---- places -------------------------------------------------------------------------------- */

static muster_status moved(mu_run *run, mu_mover *m, muster_event *out) {
    muster_site site;
    MU_TRY(mu_mover_place(run, m, &site));
    m->to_scene_ms = 0;
    *out           = (muster_event){.type    = MUSTER_EVENT_UNIT_MOVED,
                                    .unit    = unit_of(run, m->resource, m->unit),
                                    .lon_deg = site.lon_deg,
                                    .lat_deg = site.lat_deg};
    return MUSTER_OK;
}

muster_status mu_run_say_place(mu_run *run, mu_mover *m) {
    muster_event event;
    MU_TRY(moved(run, m, &event));
    m->is_told = !mu_mover_is_moving(m);
    return mu_run_say(run, &event);
}

/* What keeps its order whatever a plan says, and has no shift that ends before it could be there, does not
 * depend on where it is. */
static bool is_settled(const mu_run *run, const mu_mover *m) {
    return m->order != 0 && run->policy->mode == MUSTER_REPLAN_KEEP &&
           mu_run_world(run)->unit[m->resource][m->unit].shift_end_at_ms == 0;
}

/* What is on its way to a destination, or hands over there, is not planned for. */
bool mu_run_will_say_place(const mu_run *run, const mu_mover *m) {
    return !m->is_told && m->doing != MU_DOING_WORK && m->doing != MU_DOING_TRANSPORT &&
           m->doing != MU_DOING_HANDOVER && !is_settled(run, m);
}

/* All at once, which with a journal is one write. */
static muster_status tell_all(mu_run *run, uint32_t count, muster_event *event,
                              char (*id)[ID_BYTES], muster_event_answer *answer) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        mu_mover *m = &run->mover[i];
        if (!mu_run_will_say_place(run, m)) continue;
        MU_TRY(moved(run, m, &event[n]));
        m->is_told = !mu_mover_is_moving(m);
        sign(run, &event[n], id[n]);
        ++n;
    }
    MU_TRY(mu_centre_tell(run->centre, count, event, answer));
    run->record->totals.event_count += count;
    for (uint32_t i = 0; i < count; ++i) MU_TRY(check(&event[i], &answer[i]));
    return MUSTER_OK;
}

muster_status mu_run_say_places(mu_run *run) {
    muster_event        *event  = NULL;
    muster_event_answer *answer = NULL;
    char(*id)[ID_BYTES]         = NULL;
    uint32_t count              = 0;
    for (uint32_t i = 0; i < run->unit_count; ++i)
        count += mu_run_will_say_place(run, &run->mover[i]);
    if (count == 0) return MUSTER_OK;
    muster_status status = mu_alloc(&event, count, sizeof *event);
    if (status == MUSTER_OK) status = mu_alloc(&answer, count, sizeof *answer);
    if (status == MUSTER_OK) status = mu_alloc(&id, count, sizeof *id);
    if (status == MUSTER_OK) status = tell_all(run, count, event, id, answer);
    mu_free(event);
    mu_free(answer);
    mu_free(id);
    return status;
}
