/* Incidents as they are, and not only as they are known. Work at one goes on while all of its needs have
 * their minimum there (where a need has none: anybody), machines with who operates them, and when it has
 * gone on for as long as the course says, the incident is over. What is missing is summed up over the time
 * that it is; a machine that waits for its operators is there. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/use.h"

/* ---- life ---------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b) {
    return strcmp(((const mu_scene *)a)->code, ((const mu_scene *)b)->code);
}

static int by_course_code(const void *a, const void *b) {
    return strcmp(((const mu_course_incident *)a)->code, ((const mu_course_incident *)b)->code);
}

static const mu_course_incident *find_course(const mu_course *course, const char *code) {
    const mu_course_incident wanted = {.code = code};
    if (course->incident_count == 0) return NULL;
    return bsearch(&wanted, course->incident, course->incident_count, sizeof wanted,
                   by_course_code);
}

muster_status mu_scenes_init(mu_run *run) {
    const mu_course *c     = run->course;
    uint32_t         count = 0;
    for (uint32_t e = 0; e < c->event_count; ++e) {
        count += c->event[e].type == MUSTER_EVENT_INCIDENT_REPORTED;
    }
    MU_TRY(mu_alloc_zeroed(&run->scene, count, sizeof *run->scene));
    for (uint32_t e = 0; e < c->event_count; ++e) {
        if (c->event[e].type != MUSTER_EVENT_INCIDENT_REPORTED) continue;
        mu_scene *s         = &run->scene[run->scene_count++];
        s->code             = c->event[e].incident.code;
        s->course           = find_course(c, s->code);
        s->working_since_ms = MU_NEVER;
    }
    if (count > 0) qsort(run->scene, count, sizeof *run->scene, by_code);
    for (uint32_t s = 1; s < count; ++s) {
        if (strcmp(run->scene[s - 1].code, run->scene[s].code) != 0) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "the course reports incident \"%s\" twice; expected once",
                           run->scene[s].code);
    }
    return MUSTER_OK;
}

void mu_scenes_fini(mu_run *run) {
    for (uint32_t s = 0; s < run->scene_count; ++s) mu_free(run->scene[s].need);
    mu_free(run->scene);
}

uint32_t mu_scene_find(const mu_run *run, const char *code) {
    const mu_scene  wanted = {.code = code};
    const mu_scene *found  = NULL;
    if (run->scene_count > 0) {
        found = bsearch(&wanted, run->scene, run->scene_count, sizeof wanted, by_code);
    }
    return found ? (uint32_t)(found - run->scene) : MUSTER_NONE;
}

/* ---- what is missing ----------------------------------------------------------------------- */

static int64_t met(const mu_scene_need *n) {
    return n->present < n->quantity ? n->present : n->quantity;
}

static void settle(mu_run *run, const mu_scene *s) {
    for (uint32_t i = 0; i < s->need_count; ++i) {
        mu_scene_need         *n   = &s->need[i];
        muster_simulated_need *row = &run->record->need.row[n->row];
        if (mu_is_scene_open(s)) {
            row->open_quantity_ms += (n->quantity - met(n)) * (run->now_ms - n->since_ms);
        }
        n->since_ms = run->now_ms;
    }
}

void mu_scenes_settle(mu_run *run) {
    for (uint32_t s = 0; s < run->scene_count; ++s) settle(run, &run->scene[s]);
}

/* What has been reached now for the first time. */
static void note_met(mu_run *run, const mu_scene *s) {
    muster_simulated_incident *incident = &run->record->incident.row[s->row];
    bool                       is_whole = true;
    incident->need_quantity             = 0;
    incident->met_quantity              = 0;
    for (uint32_t i = 0; i < s->need_count; ++i) {
        const mu_scene_need   *n   = &s->need[i];
        muster_simulated_need *row = &run->record->need.row[n->row];
        if (met(n) > row->met_quantity) row->met_quantity = met(n);
        if (row->met_quantity > row->quantity) row->met_quantity = row->quantity;
        if (met(n) < n->quantity) is_whole = false;
        if (met(n) == n->quantity && row->met_ms == MU_NEVER) row->met_ms = mu_run_clock(run);
        incident->need_quantity += row->quantity;
        incident->met_quantity += row->met_quantity;
    }
    if (is_whole && incident->met_ms == MU_NEVER) incident->met_ms = mu_run_clock(run);
}

/* ---- work ---------------------------------------------------------------------------------- */

/* Without as much of it nobody works. What is not needed any more is not waited for. */
static int64_t least_of(const mu_scene_need *n) {
    if (n->quantity == 0) return 0;
    return n->minimum > 0 ? n->minimum : 1;
}

/* People on scene who could operate something, whichever need they serve. */
static int64_t count_operators(const mu_run *run, uint32_t scene, uint32_t operator_kind) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        const mu_mover *m = &run->mover[i];
        if (m->resource != MUSTER_PEOPLE || m->order == 0 || m->scene != scene) continue;
        if (m->doing != MU_DOING_WORK) continue;
        const mu_base_unit *team = &run->stage->base->unit[MUSTER_PEOPLE][m->unit];
        if (mu_base_has_capability(team, operator_kind)) sum += m->quantity;
    }
    return sum;
}

/* Can the least of each of its machines be operated that keep the same people busy? */
static bool has_operators(const mu_run *run, uint32_t scene, uint32_t operator_kind) {
    const mu_scene *s    = &run->scene[scene];
    int64_t         busy = 0;
    for (uint32_t i = 0; i < s->need_count; ++i) {
        const muster_kind *kind = &run->stage->base->kind[s->need[i].kind];
        if (kind->operator_count > 0 && kind->operator_kind == operator_kind) {
            busy += least_of(&s->need[i]) * kind->operator_count;
        }
    }
    return count_operators(run, scene, operator_kind) >= busy;
}

static bool can_work(const mu_run *run, uint32_t scene) {
    const mu_scene *s = &run->scene[scene];
    for (uint32_t i = 0; i < s->need_count; ++i) {
        if (s->need[i].present < least_of(&s->need[i])) return false;
    }
    for (uint32_t i = 0; i < s->need_count; ++i) {
        const muster_kind *kind = &run->stage->base->kind[s->need[i].kind];
        if (kind->operator_count > 0 && !has_operators(run, scene, kind->operator_kind))
            return false;
    }
    return true;
}

/* Work begins, is interrupted, or goes on as before. */
static muster_status look_at_work(mu_run *run, uint32_t scene) {
    mu_scene  *s     = &run->scene[scene];
    const bool works = mu_is_scene_open(s) && can_work(run, scene);
    if (works == (s->working_since_ms != MU_NEVER)) return MUSTER_OK;
    ++s->stamp;
    if (!works) {
        s->work_left_ms -= run->now_ms - s->working_since_ms;
        s->working_since_ms = MU_NEVER;
        return MUSTER_OK;
    }
    s->working_since_ms = run->now_ms;
    return mu_agenda_add(&run->agenda, run->now_ms + s->work_left_ms, MU_DUE_WORK, scene, s->stamp);
}

/* ---- what is told -------------------------------------------------------------------------- */

static mu_scene_need *find_need(const mu_scene *s, uint32_t kind) {
    for (uint32_t i = 0; i < s->need_count; ++i) {
        if (s->need[i].kind == kind) return &s->need[i];
    }
    return NULL;
}

static muster_status add_need(mu_run *run, mu_scene *s, uint32_t kind) {
    const muster_kind     *k = &run->stage->base->kind[kind];
    muster_simulated_need *row;
    MU_TRY(mu_grow(&s->need, &s->need_capacity, s->need_count, sizeof *s->need));
    s->need[s->need_count] =
        (mu_scene_need){.kind = kind, .since_ms = run->now_ms, .row = run->record->need.count};
    MU_TRY(MU_TABLE_ADD(&run->record->need, &row));
    ++s->need_count;
    row->incident = run->record->incident.row[s->row].code;
    row->resource = k->resource;
    row->met_ms   = MU_NEVER;
    return mu_record_text(run->record, &row->kind, k->code);
}

static const char *authority_of(const mu_run *run, const mu_world_incident *i) {
    return i->authority == MUSTER_NONE ? NULL : run->stage->base->authority[i->authority].code;
}

static muster_status report(mu_run *run, mu_scene *s, const mu_world_incident *i) {
    muster_simulated_incident *row;
    s->row          = run->record->incident.count;
    s->is_reported  = true;
    s->work_left_ms = s->course ? s->course->work_ms : i->on_scene_ms;
    MU_TRY(MU_TABLE_ADD(&run->record->incident, &row));
    *row = (muster_simulated_incident){.severity          = i->severity,
                                       .lon_deg           = i->lon_deg,
                                       .lat_deg           = i->lat_deg,
                                       .reported_ms       = mu_run_clock(run),
                                       .first_on_scene_ms = MU_NEVER,
                                       .met_ms            = MU_NEVER,
                                       .closed_ms         = MU_NEVER,
                                       .response_ms       = MU_NEVER,
                                       .standard_ms       = s->course ? s->course->standard_ms : 0};
    MU_TRY(mu_record_text(run->record, &row->code, s->code));
    MU_TRY(mu_record_text(run->record, &row->name, i->name));
    MU_TRY(mu_record_text(run->record, &row->type, s->course ? s->course->type : NULL));
    return mu_record_text(run->record, &row->authority, authority_of(run, i));
}

/* Needs as they are now; one that is not there any more is one of nothing. */
static muster_status take_needs(mu_run *run, mu_scene *s, const mu_world_incident *i) {
    for (uint32_t n = 0; n < s->need_count; ++n) s->need[n].quantity = s->need[n].minimum = 0;
    for (uint32_t n = 0; n < i->need_count; ++n) {
        const mu_world_need *told = &i->need[n];
        if (!find_need(s, told->kind)) MU_TRY(add_need(run, s, told->kind));
        mu_scene_need         *need = find_need(s, told->kind);
        muster_simulated_need *row  = &run->record->need.row[need->row];
        need->quantity              = told->quantity;
        need->minimum               = told->minimum;
        need->grade                 = told->grade;
        if (told->quantity > row->quantity) row->met_ms = MU_NEVER;
        row->quantity = told->quantity;
        row->minimum  = told->minimum;
    }
    return MUSTER_OK;
}

muster_status mu_scene_look(mu_run *run, uint32_t scene) {
    mu_scene                *s = &run->scene[scene];
    const mu_world_incident *i =
        &mu_run_world(run)->incident[mu_world_find_incident(mu_run_world(run), s->code)];
    s->site        = (muster_site){i->lon_deg, i->lat_deg};
    s->on_scene_ms = i->on_scene_ms;
    s->authority   = i->authority;
    if (!s->is_reported) MU_TRY(report(run, s, i));
    settle(run, s);
    MU_TRY(take_needs(run, s, i));
    note_met(run, s);
    return look_at_work(run, scene);
}

/* ---- who is there -------------------------------------------------------------------------- */

static void note_response(mu_run *run, const mu_scene *s, uint32_t kind) {
    muster_simulated_incident *row        = &run->record->incident.row[s->row];
    bool                       has_others = false;
    for (uint32_t i = 0; i < s->need_count; ++i) {
        has_others |= run->stage->base->kind[s->need[i].kind].resource != MUSTER_ITEM;
    }
    const bool is_item = run->stage->base->kind[kind].resource == MUSTER_ITEM;
    if (row->first_on_scene_ms != MU_NEVER || (is_item && has_others)) return;
    row->first_on_scene_ms = mu_run_clock(run);
    row->response_ms       = row->first_on_scene_ms - row->reported_ms;
}

/* What comes though the need is gone by now is not missed there, but may operate something. */
muster_status mu_scene_count(mu_run *run, uint32_t scene, uint32_t kind, int64_t change) {
    mu_scene *s = &run->scene[scene];
    settle(run, s);
    mu_scene_need *n = find_need(s, kind);
    if (!n) return look_at_work(run, scene);
    n->present += change;
    if (change > 0) n->arrived_ms = run->now_ms;
    if (change > 0) note_response(run, s, kind);
    note_met(run, s);
    return look_at_work(run, scene);
}

/* ---- the end ------------------------------------------------------------------------------- */

muster_status mu_scene_done(mu_run *run, uint32_t scene) {
    muster_event event = {.type     = MUSTER_EVENT_INCIDENT_CLOSED,
                          .incident = {.code = run->scene[scene].code},
                          .reason   = "the work is done"};
    MU_TRY(mu_run_say(run, &event));
    return mu_scene_close(run, scene);
}

muster_status mu_scene_close(mu_run *run, uint32_t scene) {
    mu_scene *s = &run->scene[scene];
    settle(run, s);
    s->is_closed = true;
    ++s->stamp;
    run->record->incident.row[s->row].closed_ms = mu_run_clock(run);
    MU_TRY(mu_orders_follow(run, 0));
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        mu_mover *m = &run->mover[i];
        if (m->order == 0 || m->scene != scene || m->doing != MU_DOING_WORK) continue;
        MU_TRY(mu_mover_leave(run, m));
    }
    return mu_wish_use(run);
}

void mu_scenes_sum(const mu_run *run, muster_simulated_moment *out) {
    for (uint32_t i = 0; i < run->scene_count; ++i) {
        const mu_scene *s = &run->scene[i];
        if (!mu_is_scene_open(s)) continue;
        ++out->open_incidents;
        for (uint32_t n = 0; n < s->need_count; ++n) {
            out->quantity_needed += s->need[n].quantity;
            out->quantity_met += met(&s->need[n]);
        }
    }
}
