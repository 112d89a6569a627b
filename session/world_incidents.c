/* Incidents and what they need. */
#include <string.h>

#include "core/alloc.h"
#include "session/text.h"
#include "session/world_event.h"

/* ---- checking ------------------------------------------------------------------------------ */

static bool check_name(mu_check *c) {
    return mu_check_note(c, "incident.name", c->event->incident.name);
}

static bool check_place(mu_check *c) {
    return mu_check_place(c, "the incident", c->event->incident.lon_deg,
                          c->event->incident.lat_deg);
}

static bool check_severity(mu_check *c) {
    return mu_check_range(c, "incident.severity", c->event->incident.severity, 0,
                          MUSTER_SEVERITY_COUNT - 1);
}

static bool check_deadline(mu_check *c) {
    const int64_t deadline_at_ms = c->event->incident.deadline_at_ms;
    return deadline_at_ms == 0 || mu_check_moment(c, "incident.deadline_at_ms", deadline_at_ms);
}

static bool check_on_scene(mu_check *c) {
    return mu_check_range(c, "incident.on_scene_ms", c->event->incident.on_scene_ms, 0,
                          MUSTER_UNREACHABLE_MS - 1);
}

static bool check_authority(mu_check *c) {
    uint32_t authority;
    return mu_check_find_authority(c, c->event->incident.authority, &authority) &&
           mu_check_is_over(c, authority, "the incident", c->event->incident.code);
}

static bool check_need(mu_check *c, uint32_t n, int64_t least) {
    const muster_event_need *need = &c->event->need[n];
    uint32_t                 kind;
    if (!mu_check_find_kind(c, need->kind, &kind) ||
        !mu_check_range(c, "need.quantity", need->quantity, least, MUSTER_MAX_QUANTITY) ||
        !mu_check_range(c, "need.minimum", need->minimum, 0, need->quantity)) {
        return false;
    }
    if (need->grade > 0 && c->world->base->kind[kind].resource != MUSTER_PEOPLE) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "need.grade of %s is %u; expected 0: only people are graded",
                         MU_SHOW(need->kind), need->grade);
    }
    for (uint32_t m = 0; m < n; ++m) {
        if (strcmp(c->event->need[m].kind, need->kind) != 0) continue;
        return mu_refuse(c, MUSTER_EVENT_WRONG, "there are two needs of %s; expected one of a kind",
                         MU_SHOW(need->kind));
    }
    return true;
}

static bool check_each_need(mu_check *c, int64_t least) {
    const muster_event *e = c->event;
    if (e->need_count == 0 || !e->need || e->need_count > c->world->base->kind_count) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "there are %u needs; expected 1 to %u, one of a kind at most",
                         e->need ? e->need_count : 0, c->world->base->kind_count);
    }
    for (uint32_t n = 0; n < e->need_count; ++n) {
        if (!check_need(c, n, least)) return false;
    }
    return true;
}

static bool check_is_new(mu_check *c) {
    const mu_world *w    = c->world;
    const char     *code = c->event->incident.code;
    bool            was_there;
    const uint32_t  i = mu_world_find_incident(w, code);
    (void)mu_sorted_place(w->closed, sizeof *w->closed, w->closed_count, code, &was_there);
    if (i == MUSTER_NONE && !was_there) return true;
    const bool is_open = i != MUSTER_NONE && w->incident[i].closed_at_ms == 0;
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "incident %s %s; expected another code, or an update of it", MU_SHOW(code),
                     is_open ? "is reported already" : "was there before, and is closed");
}

bool mu_check_reported(mu_check *c) {
    return mu_check_text(c, "incident.code", c->event->incident.code, MUSTER_EVENT_CODE_BYTES) &&
           check_is_new(c) && check_name(c) && check_place(c) && check_severity(c) &&
           check_deadline(c) && check_on_scene(c) && check_authority(c) && check_each_need(c, 1);
}

/* An open incident that the event's authority is over. */
static bool check_own_incident(mu_check *c, uint32_t *out) {
    const char *code = c->event->incident.code;
    return mu_check_find_incident(c, code, out) &&
           mu_check_is_over(c, c->world->incident[*out].authority, "incident", code);
}

bool mu_check_updated(mu_check *c) {
    enum { ALL = 2 * MUSTER_SET_ALL_OR_NOTHING - 1 };
    const uint32_t set = c->event->incident.set;
    uint32_t       i;
    if (!check_own_incident(c, &i)) return false;
    if (set == 0 || set > ALL) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "incident.set is %u; expected one or several of MUSTER_SET_...: 1 to %d",
                         set, ALL);
    }
    return mu_check_is_news(c, "an update of incident", c->event->incident.code,
                            c->world->incident[i].updated_at_ms) &&
           (!(set & MUSTER_SET_NAME) || check_name(c)) &&
           (!(set & MUSTER_SET_PLACE) || check_place(c)) &&
           (!(set & MUSTER_SET_SEVERITY) || check_severity(c)) &&
           (!(set & MUSTER_SET_DEADLINE) || check_deadline(c)) &&
           (!(set & MUSTER_SET_ON_SCENE) || check_on_scene(c)) &&
           (!(set & MUSTER_SET_AUTHORITY) || check_authority(c));
}

bool mu_check_closed(mu_check *c) {
    uint32_t i;
    return check_own_incident(c, &i);
}

bool mu_check_needs(mu_check *c) {
    uint32_t i;
    return check_own_incident(c, &i) && check_each_need(c, 0) &&
           mu_check_is_news(c, "a need of incident", c->event->incident.code,
                            c->world->incident[i].needs_at_ms);
}

/* ---- reporting ----------------------------------------------------------------------------- */

static uint32_t authority_of(const mu_world *w, const char *code) {
    return code ? mu_base_find_authority(w->base, code) : MUSTER_NONE;
}

static mu_world_need need_of(const mu_world *w, const muster_event_need *n) {
    return (mu_world_need){mu_base_find_kind(w->base, n->kind), n->quantity, n->minimum, n->grade,
                           0};
}

static muster_status copy_needs(const mu_world *w, const muster_event *e, mu_world_incident *to) {
    MU_TRY(mu_alloc(&to->need, e->need_count, sizeof *to->need));
    to->need_count = e->need_count;
    for (uint32_t n = 0; n < e->need_count; ++n) to->need[n] = need_of(w, &e->need[n]);
    return MUSTER_OK;
}

static void free_incident(mu_world_incident *i) {
    mu_text_release(i->code);
    mu_text_release(i->name);
    mu_free(i->need);
}

/* Taking an incident out must not need memory: room for the code of each is made here. */
static muster_status make_room(mu_world *w) {
    const size_t codes = (size_t)w->closed_count + w->incident_count;
    MU_TRY(mu_grow(&w->closed, &w->closed_capacity, codes, sizeof *w->closed));
    return mu_grow(&w->incident, &w->incident_capacity, w->incident_count, sizeof *w->incident);
}

muster_status mu_apply_reported(mu_world *w, const muster_event *e) {
    const muster_event_incident *told = &e->incident;
    mu_world_incident            i    = {
                      .lon_deg        = told->lon_deg,
                      .lat_deg        = told->lat_deg,
                      .severity       = told->severity,
                      .reported_at_ms = e->time_ms,
                      .updated_at_ms  = e->time_ms,
                      .needs_at_ms    = e->time_ms,
                      .deadline_at_ms = told->deadline_at_ms,
                      .on_scene_ms    = told->on_scene_ms,
                      .authority      = authority_of(w, told->authority),
                      .all_or_nothing = told->all_or_nothing != 0,
    };
    MU_TRY(make_room(w));
    muster_status status = mu_text_new(&i.code, told->code);
    if (status == MUSTER_OK) status = mu_text_new(&i.name, told->name);
    if (status == MUSTER_OK) status = copy_needs(w, e, &i);
    if (status == MUSTER_OK) {
        w->incident[w->incident_count++] = i;
    } else {
        free_incident(&i);
    }
    return status;
}

/* ---- changing ------------------------------------------------------------------------------ */

muster_status mu_apply_updated(mu_world *w, const muster_event *e) {
    const muster_event_incident *told = &e->incident;
    mu_world_incident           *i    = &w->incident[mu_world_find_incident(w, told->code)];
    if (told->set & MUSTER_SET_NAME) {
        char *name;
        MU_TRY(mu_text_new(&name, told->name));
        mu_text_release(i->name);
        i->name = name;
    }
    if (told->set & MUSTER_SET_PLACE) {
        i->lon_deg = told->lon_deg;
        i->lat_deg = told->lat_deg;
    }
    if (told->set & MUSTER_SET_SEVERITY) i->severity = told->severity;
    if (told->set & MUSTER_SET_DEADLINE) i->deadline_at_ms = told->deadline_at_ms;
    if (told->set & MUSTER_SET_ON_SCENE) i->on_scene_ms = told->on_scene_ms;
    if (told->set & MUSTER_SET_AUTHORITY) i->authority = authority_of(w, told->authority);
    if (told->set & MUSTER_SET_ALL_OR_NOTHING) i->all_or_nothing = told->all_or_nothing != 0;
    i->updated_at_ms = e->time_ms;
    return MUSTER_OK;
}

/* What was handed over stays handed over. */
static void change_need(mu_world_incident *i, const mu_world_need *told) {
    uint32_t n = 0;
    while (n < i->need_count && i->need[n].kind != told->kind) ++n;
    if (n == i->need_count && told->quantity > 0) {
        i->need[i->need_count++] = *told;
    } else if (n < i->need_count && told->quantity > 0) {
        const int64_t delivered = i->need[n].delivered;
        i->need[n]              = *told;
        i->need[n].delivered    = delivered;
    } else if (n < i->need_count) {
        --i->need_count;
        memmove(&i->need[n], &i->need[n + 1], (i->need_count - n) * sizeof *i->need);
    }
}

muster_status mu_apply_needs(mu_world *w, const muster_event *e) {
    mu_world_incident *i = &w->incident[mu_world_find_incident(w, e->incident.code)];
    MU_TRY(mu_realloc(&i->need, (size_t)i->need_count + e->need_count, sizeof *i->need));
    for (uint32_t n = 0; n < e->need_count; ++n) {
        const mu_world_need told = need_of(w, &e->need[n]);
        change_need(i, &told);
    }
    i->needs_at_ms = e->time_ms;
    return MUSTER_OK;
}

/* ---- closing ------------------------------------------------------------------------------- */

muster_status mu_apply_closed(mu_world *w, const muster_event *e) {
    const uint32_t  i = mu_world_find_incident(w, e->incident.code);
    mu_order_change change;
    MU_TRY(mu_order_change_init(&change, e->time_ms, e->author,
                                e->reason ? e->reason : "the incident is closed"));
    w->incident[i].closed_at_ms = e->time_ms;
    mu_orders_cancel_of_incident(w, i, &change);
    mu_rules_end_of_incident(w, i);
    mu_world_forget(w);
    mu_order_change_fini(&change);
    return MUSTER_OK;
}

static void keep_code(mu_world *w, char *code) {
    bool           is_there;
    const uint32_t at =
        mu_sorted_place(w->closed, sizeof *w->closed, w->closed_count, code, &is_there);
    memmove(&w->closed[at + 1], &w->closed[at], (w->closed_count - at) * sizeof *w->closed);
    w->closed[at] = code;
    ++w->closed_count;
}

static void take_out(mu_world *w, uint32_t at) {
    keep_code(w, w->incident[at].code);
    mu_text_release(w->incident[at].name);
    mu_free(w->incident[at].need);
    --w->incident_count;
    memmove(&w->incident[at], &w->incident[at + 1], (w->incident_count - at) * sizeof *w->incident);
    for (uint32_t o = 0; o < w->order_count; ++o) w->order[o].incident -= w->order[o].incident > at;
    mu_rules_move_up(w, at);
}

void mu_incidents_forget(mu_world *w) {
    for (uint32_t i = w->incident_count; i-- > 0;) {
        if (w->incident[i].closed_at_ms != 0 && w->incident[i].kept_count == 0) take_out(w, i);
    }
}
