/* A world beside a model of it (tests/support/world_model.h), under a stream of events and commits at
 * random: right and wrong ones, late, repeated, by who may say so and who may not. After each step both
 * say the same of what was answered and of everything that is known; in the end the records alone, read
 * from their JSON, make the same world to the last byte.
 *
 * Then each kind of event without memory: it fails as a whole, or not at all. */
#include "core/alloc.h"
#include "session/event_fields.h"
#include "session/issue_text.h"
#include "tests/support/random.h"
#include "tests/support/rounds.h"
#include "tests/support/world_model.h"

enum { ROUNDS = 300, STEPS = 400, MOST_ORDERS = 8 };

typedef struct life {
    mu_world     *w;
    world_model  *m;
    uint64_t      rng;
    int64_t       now_ms;
    char         *record[STEPS]; /* what was applied, as JSON */
    size_t        record_size[STEPS];
    uint32_t      record_count, applied, refused;
    char          text[16][MODEL_CODE];
    uint32_t      text_count;
    muster_hazard hazard;
} life;

static uint32_t below(life *l, uint32_t bound) {
    return random_below(&l->rng, bound);
}

static char *new_text(life *l) {
    return l->text[l->text_count++ % 16];
}

static const char *code_of(life *l, const char *prefix, uint32_t number) {
    char *text = new_text(l);
    snprintf(text, MODEL_CODE, "%s-%u", prefix, number);
    return text;
}

/* ---- drawing events ---------------------------------------------------------------------------- */

/* Mostly one of the last, which are open; else any, or one that is not there. */
static const char *draw_incident(life *l) {
    const uint32_t count = l->m->incident_count, back = 1 + below(l, 4);
    return code_of(l, "I", below(l, 5) && count >= back ? count - back : below(l, count + 2));
}

static const char *draw_authority(life *l) {
    const uint32_t a = below(l, 6 * SMALL_AUTHORITIES);
    return a < SMALL_AUTHORITIES ? SMALL_AUTHORITY[a].code : NULL;
}

static muster_event_unit draw_unit(life *l) {
    static const muster_event_unit UNIT[] = {
        {MUSTER_PEOPLE, "T-1", NULL},    {MUSTER_PEOPLE, "T-2", NULL},
        {MUSTER_PEOPLE, "T-3", NULL},    {MUSTER_VEHICLE, "V-1", NULL},
        {MUSTER_VEHICLE, "V-2", NULL},   {MUSTER_MACHINE, "M-1", NULL},
        {MUSTER_ITEM, "W-1", "sandbag"}, {MUSTER_ITEM, "W-1", "tent"},
        {MUSTER_ITEM, "W-2", "sandbag"}, {MUSTER_VEHICLE, "T-1", NULL},
    };
    return UNIT[below(l, sizeof UNIT / sizeof *UNIT)];
}

static void draw_needs(life *l, muster_event *e, muster_event_need need[SMALL_KINDS],
                       uint32_t least) {
    e->need       = need;
    e->need_count = 0;
    for (uint32_t k = 0; k < SMALL_KINDS; ++k) {
        if (below(l, 2)) continue;
        need[e->need_count++] = (muster_event_need){SMALL_KIND[k].code, least + below(l, 20), 0, 0};
    }
    if (e->need_count == 0) need[e->need_count++] = (muster_event_need){"rescue", 5, 0, 0};
}

static void draw_incident_event(life *l, muster_event *e, muster_event_need *need) {
    muster_event_incident *i = &e->incident;
    i->code                  = e->type == MUSTER_EVENT_INCIDENT_REPORTED && below(l, 8)
                                   ? code_of(l, "I", l->m->incident_count)
                                   : draw_incident(l);
    i->lon_deg               = 120 + random_unit(&l->rng);
    i->lat_deg               = 30;
    i->severity              = (uint8_t)below(l, MUSTER_SEVERITY_COUNT);
    i->authority             = draw_authority(l);
    i->set                   = 1 + below(l, 2 * MUSTER_SET_ALL_OR_NOTHING - 1);
    draw_needs(l, e, need, e->type == MUSTER_EVENT_INCIDENT_REPORTED);
}

static void draw_unit_event(life *l, muster_event *e) {
    e->unit            = draw_unit(l);
    e->lon_deg         = 120 + random_unit(&l->rng);
    e->lat_deg         = 31;
    e->is_available    = below(l, 6) > 0;
    e->quantity        = (int64_t)below(l, 60) - 20;
    e->ready_at_ms     = below(l, 2) ? 0 : l->now_ms + 5;
    e->shift_end_at_ms = below(l, 2) ? 0 : l->now_ms + 50000;
    e->duty_since_ms   = below(l, 2) ? 0 : l->now_ms - 50000;
    if (e->type == MUSTER_EVENT_STOCK_MOVED && below(l, 2)) {
        e->destination = below(l, 2) ? "W-1" : "W-2";
    }
}

static void draw_place_event(life *l, muster_event *e) {
    const bool  is_road = e->type <= MUSTER_EVENT_ROAD_OPENED;
    const char *code    = code_of(l, "P", below(l, 5));
    if (is_road) {
        e->road = (muster_event_road){
            .code = code, .edge_count = 3, .edge_id = SMALL_EDGES, .speed_factor = 0.5};
        return;
    }
    l->hazard         = small_hazard(code);
    l->hazard.depth_m = below(l, 30) / 10.0;
    e->hazard         = &l->hazard;
}

static void draw_rule_event(life *l, muster_event *e) {
    const bool is_lifted = e->type == MUSTER_EVENT_RULE_LIFTED;
    e->rule.code         = code_of(l, "C", below(l, 6));
    if (is_lifted && below(l, 3) == 0 && l->m->rule_count > 0) {
        e->rule.code = l->m->rule[below(l, l->m->rule_count)].code;
    }
    e->rule.command  = (uint8_t)below(l, MUSTER_COMMAND_COUNT);
    e->rule.unit     = draw_unit(l);
    e->rule.incident = draw_incident(l);
    e->rule.need     = below(l, 3) ? NULL : SMALL_KIND[below(l, SMALL_KINDS)].code;
    if (e->rule.unit.resource >= MUSTER_MACHINE) e->rule.quantity = below(l, 5);
}

static muster_event draw_event(life *l, muster_event_need *need) {
    static const uint8_t OWN[] = {MUSTER_EVENT_ORDER_EXPIRED, MUSTER_EVENT_CLAIM_HELD,
                                  MUSTER_EVENT_CLAIM_LOST, MUSTER_EVENT_OPENED};
    muster_event         e     = MUSTER_EVENT_INIT;
    e.id   = l->m->id_count > 0 && below(l, 12) == 0 ? l->m->id[below(l, l->m->id_count)]
                                                     : code_of(l, "e", l->m->id_count);
    e.type = (uint8_t)below(l, MUSTER_EVENT_TYPE_TOLD + 9);
    if (e.type >= MUSTER_EVENT_TYPE_TOLD + 4) {
        e.type = (uint8_t)(MUSTER_EVENT_ORDER_ACCEPTED + below(l, 7)); /* orders are most of it */
    } else if (e.type >= MUSTER_EVENT_TYPE_TOLD) {
        e.type = OWN[e.type - MUSTER_EVENT_TYPE_TOLD];
    }
    if (e.type == MUSTER_EVENT_INCIDENT_CLOSED && below(l, 4)) {
        e.type = MUSTER_EVENT_INCIDENT_REPORTED;
    }
    if (e.type == MUSTER_EVENT_RULE_SET && below(l, 2)) e.type = MUSTER_EVENT_RULE_LIFTED;
    e.time_ms   = l->now_ms - (below(l, 4) ? 0 : below(l, 30000));
    e.author    = "desk";
    e.authority = draw_authority(l);
    e.reason    = below(l, 2) ? "because" : NULL;
    if (e.type <= MUSTER_EVENT_NEED_CHANGED) {
        draw_incident_event(l, &e, need);
    } else if (e.type <= MUSTER_EVENT_STOCK_MOVED) {
        draw_unit_event(l, &e);
    } else if (e.type <= MUSTER_EVENT_HAZARD_ENDED) {
        draw_place_event(l, &e);
    } else if (e.type <= MUSTER_EVENT_RULE_LIFTED) {
        draw_rule_event(l, &e);
    } else {
        e.order = 1 + below(l, l->m->order_count + 1);
        if (below(l, 4) && l->m->order_count > 8) e.order = l->m->order_count - below(l, 8);
        e.claim          = 1 + below(l, 100);
        e.dispatch_order = 1 + below(l, 100);
    }
    return e;
}

/* ---- what the model allows ---------------------------------------------------------------------- */

static uint32_t authority_of(const char *code) {
    for (uint32_t a = 0; code && a < SMALL_AUTHORITIES; ++a) {
        if (strcmp(SMALL_AUTHORITY[a].code, code) == 0) return a;
    }
    return MUSTER_NONE;
}

static uint32_t kind_of(const char *code) {
    uint32_t k = 0;
    while (strcmp(SMALL_KIND[k].code, code) != 0) ++k;
    return k;
}

/* MUSTER_NONE: there is no such unit. */
static uint32_t row_of(const muster_event_unit *u) {
    static const char *const CODE[MUSTER_RESOURCE_COUNT][MODEL_ROWS] = {
        {"T-1", "T-2", "T-3"}, {"V-1", "V-2", ""}, {"M-1", "", ""}, {"W-1", "W-1", "W-2"}};
    for (uint32_t i = 0; i < MODEL_ROWS; ++i) {
        if (strcmp(CODE[u->resource][i], u->code) != 0) continue;
        if (u->resource != MUSTER_ITEM || model_can_serve(MUSTER_ITEM, i, kind_of(u->kind))) {
            return i;
        }
    }
    return MUSTER_NONE;
}

static bool may_incident(life *l, const muster_event *e) {
    const world_model    *m         = l->m;
    const uint32_t        authority = authority_of(e->authority);
    const uint32_t        told      = authority_of(e->incident.authority);
    const uint32_t        at        = model_find_incident(m, e->incident.code);
    const model_incident *i         = at == MUSTER_NONE ? NULL : &m->incident[at];
    if (e->type == MUSTER_EVENT_INCIDENT_REPORTED) return !i && model_is_over(authority, told);
    if (!i || !i->is_open || !model_is_over(authority, i->authority)) return false;
    if (e->type == MUSTER_EVENT_NEED_CHANGED) return e->time_ms >= i->needs_ms;
    if (e->type == MUSTER_EVENT_INCIDENT_CLOSED) return true;
    return e->time_ms >= i->updated_ms &&
           (!(e->incident.set & MUSTER_SET_AUTHORITY) || model_is_over(authority, told));
}

static bool may_stock(life *l, const muster_event *e, uint32_t row) {
    const world_model *m    = l->m;
    const int64_t      left = model_quantity(m, MUSTER_ITEM, row) + e->quantity;
    if (e->unit.resource != MUSTER_ITEM || e->quantity == 0 ||
        left < model_ordered(m, MUSTER_ITEM, row)) {
        return false;
    }
    if (!e->destination) return true;
    const muster_event_unit to   = {MUSTER_ITEM, e->destination, e->unit.kind};
    const uint32_t          dest = row_of(&to);
    return e->quantity < 0 && dest != MUSTER_NONE && dest != row &&
           model_is_over(authority_of(e->authority), m->unit[MUSTER_ITEM][dest].authority);
}

static bool may_unit(life *l, const muster_event *e) {
    const uint8_t  r   = e->unit.resource;
    const uint32_t row = row_of(&e->unit);
    if (row == MUSTER_NONE) return false;
    const model_unit *u = &l->m->unit[r][row];
    if (!model_is_over(authority_of(e->authority), u->authority)) return false;
    const int64_t ordered = model_ordered(l->m, r, row);
    switch (e->type) {
    case MUSTER_EVENT_UNIT_MOVED:
        return r != MUSTER_ITEM && e->time_ms >= u->seen_ms;
    case MUSTER_EVENT_UNIT_STATUS:
        return e->time_ms >= u->status_ms;
    case MUSTER_EVENT_UNIT_SHIFT:
        return e->time_ms >= u->shift_ms && e->duty_since_ms <= e->time_ms;
    case MUSTER_EVENT_UNIT_CREW:
        return (r == MUSTER_PEOPLE || r == MUSTER_MACHINE) && e->quantity >= 0 &&
               e->time_ms >= u->crew_ms &&
               e->quantity >= (r == MUSTER_PEOPLE ? ordered > 0 : ordered);
    default:
        return may_stock(l, e, row);
    }
}

static bool may_place(life *l, const muster_event *e) {
    const bool         is_road = e->type <= MUSTER_EVENT_ROAD_OPENED;
    const char        *code    = is_road ? e->road.code : e->hazard->code;
    const model_place *p       = is_road ? model_find_place(l->m->road, l->m->road_count, code)
                                         : model_find_place(l->m->hazard, l->m->hazard_count, code);
    const bool ends = e->type == MUSTER_EVENT_ROAD_OPENED || e->type == MUSTER_EVENT_HAZARD_ENDED;
    if (p && p->is_there) return e->time_ms >= p->told_ms;
    return !ends && (!p || e->time_ms >= p->ended_ms);
}

/* Rules of the same unit that go against it; and how much is locked with it. */
static bool contradicts(const world_model *m, const model_rule *rule) {
    const bool locks = model_is_lock(rule);
    int64_t    there = model_quantity(m, rule->resource, rule->unit), sum = 0;
    for (uint32_t i = 0; i < m->rule_count; ++i) {
        const model_rule *r = &m->rule[i];
        if (!r->holds || r->resource != rule->resource || r->unit != rule->unit) continue;
        if (model_is_lock(r)) sum += r->quantity > 0 ? r->quantity : there;
        const bool both = locks && model_is_lock(r), either = locks || model_is_lock(r);
        const bool holds =
            rule->command == MUSTER_COMMAND_HOLD || r->command == MUSTER_COMMAND_HOLD;
        if (both ? !model_is_counted(rule->resource)
                 : either && (holds || r->incident == rule->incident)) {
            return true;
        }
    }
    sum += rule->quantity > 0 ? rule->quantity : there;
    return locks && model_is_counted(rule->resource) && sum > there;
}

static bool may_lock(const world_model *m, const muster_event *e, const model_rule *rule) {
    const model_incident *i = &m->incident[rule->incident];
    const uint32_t        consent =
        model_consent(m->unit[rule->resource][rule->unit].authority, i->authority);
    if (!model_is_over(authority_of(e->authority), consent)) return false;
    for (uint32_t k = 0; k < SMALL_KINDS; ++k) {
        if (i->need[k] > 0 && model_can_serve(rule->resource, rule->unit, k) &&
            (!e->rule.need || strcmp(e->rule.need, SMALL_KIND[k].code) == 0)) {
            return true;
        }
    }
    return false;
}

static model_rule rule_of(life *l, const muster_event *e) {
    const muster_event_rule *told = &e->rule;
    const bool               locks =
        told->command == MUSTER_COMMAND_LOCK || told->command == MUSTER_COMMAND_FORCE;
    model_rule r = {.command  = told->command,
                    .resource = told->unit.resource,
                    .unit     = row_of(&told->unit),
                    .incident = told->command == MUSTER_COMMAND_HOLD
                                    ? MUSTER_NONE
                                    : model_find_incident(l->m, told->incident),
                    .quantity = locks ? told->quantity : 0,
                    .told_ms  = e->time_ms,
                    .holds    = true};
    snprintf(r.code, sizeof r.code, "%s", told->code);
    return r;
}

static bool may_rule(life *l, const muster_event *e) {
    world_model      *m    = l->m;
    const model_rule *held = model_find_rule(m, e->rule.code);
    const uint32_t    own  = authority_of(e->authority);
    if (e->type == MUSTER_EVENT_RULE_LIFTED) {
        return held && e->time_ms >= held->told_ms &&
               model_is_over(own, m->unit[held->resource][held->unit].authority);
    }
    const model_place *lifted = model_find_place(m->lifted, m->lifted_count, e->rule.code);
    if (held || (lifted && e->time_ms < lifted->ended_ms)) return false;
    const model_rule r = rule_of(l, e);
    if (r.unit == MUSTER_NONE || !model_is_over(own, m->unit[r.resource][r.unit].authority)) {
        return false;
    }
    if (r.command != MUSTER_COMMAND_HOLD &&
        (r.incident == MUSTER_NONE || !m->incident[r.incident].is_open)) {
        return false;
    }
    if (contradicts(m, &r)) return false;
    return !model_is_lock(&r) || may_lock(m, e, &r);
}

/* What may come after each state: rows issued to on_scene, columns accepted, en_route, loaded, on_scene,
 * released, declined, expired, cancelled. */
static const char *const MAY_COME[] = {"xxxxxxxx", ".xxxxx.x", "..xxx..x", "...xx..x", "....x..."};

static uint8_t state_after(uint8_t type) {
    static const uint8_t AFTER[] = {
        MUSTER_ORDER_ACCEPTED, MUSTER_ORDER_DECLINED, MUSTER_ORDER_EN_ROUTE, MUSTER_ORDER_LOADED,
        MUSTER_ORDER_ON_SCENE, MUSTER_ORDER_RELEASED, MUSTER_ORDER_CANCELLED};
    if (type == MUSTER_EVENT_ORDER_EXPIRED) return MUSTER_ORDER_EXPIRED;
    if (type == MUSTER_EVENT_CLAIM_LOST) return MUSTER_ORDER_CANCELLED;
    return AFTER[type - MUSTER_EVENT_ORDER_ACCEPTED];
}

static bool may_order(life *l, const muster_event *e) {
    const world_model *m   = l->m;
    const uint32_t     own = authority_of(e->authority);
    if (e->type == MUSTER_EVENT_OPENED) return true;
    if (e->order < 1 || e->order > m->order_count) return false;
    const model_order *o = &m->order[e->order - 1];
    if (!model_is_open(o)) return false;
    if (e->type == MUSTER_EVENT_CLAIM_HELD) return true;
    if (o->trip != 0) return false;
    const uint8_t next = state_after(e->type);
    return (model_is_over(own, m->unit[o->resource][o->unit].authority) ||
            model_is_over(own, m->incident[o->incident].authority)) &&
           MAY_COME[o->state][next - 1] == 'x' &&
           (next != MUSTER_ORDER_LOADED || o->kind == MUSTER_NONE);
}

static bool was_told(const world_model *m, const char *id) {
    for (uint32_t i = 0; i < m->id_count; ++i) {
        if (strcmp(m->id[i], id) == 0) return true;
    }
    return false;
}

static bool may(life *l, const muster_event *e) {
    if (e->type <= MUSTER_EVENT_NEED_CHANGED) return may_incident(l, e);
    if (e->type <= MUSTER_EVENT_STOCK_MOVED) return may_unit(l, e);
    if (e->type <= MUSTER_EVENT_HAZARD_ENDED) return may_place(l, e);
    return e->type <= MUSTER_EVENT_RULE_LIFTED ? may_rule(l, e) : may_order(l, e);
}

/* ---- what the model makes of it ----------------------------------------------------------------- */

static void change_needs(world_model *m, uint32_t at, const muster_event *e) {
    model_incident *i = &m->incident[at];
    for (uint32_t n = 0; n < e->need_count; ++n) {
        const uint32_t k = kind_of(e->need[n].kind);
        if (i->need[k] == 0) i->before[k] = model_handed_over(m, at, k);
        i->need[k] = e->need[n].quantity;
    }
    i->needs_ms = e->time_ms;
}

static void update(model_incident *i, const muster_event *e, uint32_t set) {
    const muster_event_incident *told = &e->incident;
    if (set & MUSTER_SET_PLACE) {
        i->lon_deg = told->lon_deg;
        i->lat_deg = told->lat_deg;
    }
    if (set & MUSTER_SET_SEVERITY) i->severity = told->severity;
    if (set & MUSTER_SET_AUTHORITY) i->authority = authority_of(told->authority);
    i->updated_ms = e->time_ms;
}

static void close_incident(world_model *m, uint32_t at, int64_t ms) {
    m->incident[at].is_open = false;
    for (uint32_t o = 0; o < m->order_count; ++o) {
        const model_order *order = &m->order[o];
        if (order->incident == at && order->trip == 0 && order->state < MUSTER_ORDER_ON_SCENE) {
            model_set(m, o + 1, MUSTER_ORDER_CANCELLED, ms);
        }
    }
    for (uint32_t r = 0; r < m->rule_count; ++r) {
        if (m->rule[r].incident == at) m->rule[r].holds = false;
    }
}

static void do_incident(world_model *m, const muster_event *e) {
    uint32_t at = model_find_incident(m, e->incident.code);
    if (e->type == MUSTER_EVENT_INCIDENT_REPORTED) {
        at                = m->incident_count++;
        model_incident *i = &m->incident[at];
        snprintf(i->code, sizeof i->code, "%s", e->incident.code);
        i->is_open = true;
        update(i, e, UINT32_MAX);
        change_needs(m, at, e);
    } else if (e->type == MUSTER_EVENT_INCIDENT_UPDATED) {
        update(&m->incident[at], e, e->incident.set);
    } else if (e->type == MUSTER_EVENT_NEED_CHANGED) {
        change_needs(m, at, e);
    } else {
        close_incident(m, at, e->time_ms);
    }
}

static void do_unit(world_model *m, const muster_event *e) {
    const uint32_t row = row_of(&e->unit);
    model_unit    *u   = &m->unit[e->unit.resource][row];
    switch (e->type) {
    case MUSTER_EVENT_UNIT_MOVED:
        model_put(u, e->lon_deg, e->lat_deg, e->time_ms);
        break;
    case MUSTER_EVENT_UNIT_STATUS:
        u->is_available = e->is_available;
        u->status_ms    = e->time_ms;
        break;
    case MUSTER_EVENT_UNIT_SHIFT:
        u->ready_ms = e->ready_at_ms;
        u->end_ms   = e->shift_end_at_ms;
        u->duty_ms  = e->duty_since_ms;
        u->shift_ms = e->time_ms;
        break;
    case MUSTER_EVENT_UNIT_CREW:
        u->count   = e->quantity;
        u->crew_ms = e->time_ms;
        for (uint32_t o = 0; o < m->order_count; ++o) {
            model_order *order = &m->order[o];
            if (e->unit.resource == MUSTER_PEOPLE && order->resource == MUSTER_PEOPLE &&
                order->unit == row && model_is_open(order)) {
                order->quantity = e->quantity;
            }
        }
        break;
    default: {
        const muster_event_unit to = {MUSTER_ITEM, e->destination, e->unit.kind};
        u->moved += e->quantity;
        if (e->destination) m->unit[MUSTER_ITEM][row_of(&to)].moved -= e->quantity;
    }
    }
}

static void do_place(world_model *m, const muster_event *e) {
    const bool   is_road = e->type <= MUSTER_EVENT_ROAD_OPENED;
    model_place *p       = is_road ? model_add_place(m->road, &m->road_count, e->road.code)
                                   : model_add_place(m->hazard, &m->hazard_count, e->hazard->code);
    p->is_there = e->type != MUSTER_EVENT_ROAD_OPENED && e->type != MUSTER_EVENT_HAZARD_ENDED;
    if (p->is_there) {
        p->told_ms = e->time_ms;
    } else {
        p->ended_ms = e->time_ms;
    }
}

/* The youngest go first, until there is enough. */
static void force(world_model *m, const model_rule *rule, int64_t ms) {
    for (uint64_t n = m->order_count; n >= 1; --n) {
        const model_order *o    = &m->order[n - 1];
        const int64_t      free = model_quantity(m, rule->resource, rule->unit) -
                             model_ordered(m, rule->resource, rule->unit);
        if (free >= model_kept(m, rule)) return;
        if (o->resource != rule->resource || o->unit != rule->unit || !model_is_open(o) ||
            o->is_handed_over || o->incident == rule->incident) {
            continue;
        }
        const uint64_t whole = o->trip ? o->trip : n;
        model_set(m, whole,
                  m->order[whole - 1].state == MUSTER_ORDER_ON_SCENE ? MUSTER_ORDER_RELEASED
                                                                     : MUSTER_ORDER_CANCELLED,
                  ms);
    }
}

static void do_rule(life *l, const muster_event *e) {
    world_model *m = l->m;
    if (e->type == MUSTER_EVENT_RULE_LIFTED) {
        model_find_rule(m, e->rule.code)->holds                              = false;
        model_add_place(m->lifted, &m->lifted_count, e->rule.code)->ended_ms = e->time_ms;
        return;
    }
    const model_rule r = rule_of(l, e);
    if (r.command == MUSTER_COMMAND_FORCE) force(m, &r, e->time_ms);
    m->rule[m->rule_count++] = r;
}

static void do_order(world_model *m, const muster_event *e) {
    if (e->type == MUSTER_EVENT_OPENED) return;
    if (e->type == MUSTER_EVENT_CLAIM_HELD) {
        m->order[e->order - 1].claim = MUSTER_CLAIM_STATE_HELD;
        return;
    }
    const uint8_t      state = state_after(e->type);
    const model_order *o     = &m->order[e->order - 1];
    model_set(m, e->order, state, e->time_ms);
    if (state != MUSTER_ORDER_DECLINED && state != MUSTER_ORDER_EXPIRED) return;
    model_end_locks(m, o, false);
    model_rule r = {.command  = MUSTER_COMMAND_FORBID,
                    .resource = o->resource,
                    .unit     = o->unit,
                    .incident = o->incident,
                    .told_ms  = e->time_ms,
                    .holds    = true};
    snprintf(r.code, sizeof r.code, "%s-%u",
             state == MUSTER_ORDER_DECLINED ? "declined" : "expired", (unsigned)e->order);
    m->rule[m->rule_count++] = r;
}

static void note_id(world_model *m, const char *id) {
    snprintf(m->id[m->id_count++], MODEL_CODE, "%s", id);
}

static void do_event(life *l, const muster_event *e) {
    world_model *m = l->m;
    note_id(m, e->id);
    if (e->type <= MUSTER_EVENT_NEED_CHANGED) {
        do_incident(m, e);
    } else if (e->type <= MUSTER_EVENT_STOCK_MOVED) {
        do_unit(m, e);
    } else if (e->type <= MUSTER_EVENT_HAZARD_ENDED) {
        do_place(m, e);
    } else if (e->type <= MUSTER_EVENT_RULE_LIFTED) {
        do_rule(l, e);
    } else {
        do_order(m, e);
    }
}

/* ---- commits ------------------------------------------------------------------------------------- */

typedef struct draw {
    mu_issue       issue;
    uint64_t       cancelled[4];
    mu_world_order order[2 * MOST_ORDERS];
    uint32_t       incident[2 * MOST_ORDERS]; /* in the model */
} draw;

static mu_world_order *add_order(life *l, draw *d, uint8_t resource, uint32_t unit, uint32_t kind,
                                 int64_t quantity, uint32_t incident) {
    const model_incident *i             = &l->m->incident[incident];
    mu_world_order       *o             = &d->order[d->issue.order_count];
    d->incident[d->issue.order_count++] = incident;
    *o                                  = (mu_world_order){.resource     = resource,
                                                           .unit         = unit,
                                                           .incident     = mu_world_find_incident(l->w, i->code),
                                                           .need         = kind,
                                                           .quantity     = quantity,
                                                           .warehouse    = MUSTER_NONE,
                                                           .depart_at_ms = l->now_ms,
                                                           .eta_at_ms    = l->now_ms + 60000,
                                                           .consent =
                                                               model_consent(l->m->unit[resource][unit].authority, i->authority)};
    if (below(l, 30) == 0) o->consent = below(l, SMALL_AUTHORITIES);
    return o;
}

/* Something that the incident needs, if there is anything. */
static uint32_t draw_need(life *l, uint32_t incident, const uint32_t *kinds, uint32_t count) {
    const uint32_t kind = kinds[below(l, count)];
    return l->m->incident[incident].need[kind] > 0 || below(l, 9) == 0 ? kind : kinds[0];
}

static void draw_trip(life *l, draw *d, uint32_t incident) {
    const uint32_t  unit = below(l, 2);
    mu_world_order *trip = add_order(l, d, MUSTER_VEHICLE, unit, MUSTER_NONE, 1, incident);
    trip->warehouse      = below(l, 3);
    trip->load_at_ms     = l->now_ms + 1000;
    trip->is_loaded      = below(l, 4) == 0;
    for (uint32_t i = 0; i < d->issue.cancelled_count; ++i) {
        const uint64_t n = d->cancelled[i];
        if (n < 1 || n > l->m->order_count) continue;
        const model_order *o = &l->m->order[n - 1];
        if (o->is_loaded && o->unit == unit) {
            trip->is_loaded = true;
            trip->warehouse = o->warehouse;
        }
    }
    const uint32_t number = d->issue.order_count;
    for (uint32_t row = 0; row < 3; ++row) {
        if (!model_is_same_warehouse(row, trip->warehouse) && below(l, 20)) continue;
        if (below(l, 2)) continue;
        mu_world_order *load =
            add_order(l, d, MUSTER_ITEM, row, row == 1 ? SMALL_TENT : SMALL_SANDBAG,
                      1 + below(l, 30), incident);
        load->trip = number;
    }
}

static void draw_order(life *l, draw *d) {
    static const uint32_t PEOPLE[] = {SMALL_RESCUE, SMALL_MEDICAL};
    const uint32_t        incident = below(l, l->m->incident_count);
    const uint32_t        recent   = l->m->incident_count - 1 - below(l, 3) % l->m->incident_count;
    const uint32_t        at       = below(l, 4) ? recent : incident;
    const uint32_t        unit     = below(l, 3);
    switch (below(l, 5)) {
    case 0:
        add_order(l, d, MUSTER_PEOPLE, unit, draw_need(l, at, PEOPLE, 2),
                  model_quantity(l->m, MUSTER_PEOPLE, unit) + (below(l, 20) == 0), at);
        break;
    case 1:
        add_order(l, d, MUSTER_VEHICLE, unit % 2, unit % 2 ? SMALL_TRUCK : SMALL_AMBULANCE,
                  1 + (below(l, 30) == 0), at);
        break;
    case 2:
        add_order(l, d, MUSTER_MACHINE, 0, SMALL_PUMP, 1 + below(l, 4), at);
        break;
    case 3:
        add_order(l, d, MUSTER_ITEM, unit, unit == 1 ? SMALL_TENT : SMALL_SANDBAG,
                  1 + below(l, 200), at);
        break;
    default:
        draw_trip(l, d, at);
    }
}

static void draw_issue(life *l, draw *d) {
    memset(d, 0, sizeof *d);
    d->issue = (mu_issue){.id        = code_of(l, "p", l->m->id_count),
                          .at_ms     = l->now_ms,
                          .author    = "planner",
                          .authority = below(l, 3) ? NULL : draw_authority(l),
                          .cancelled = d->cancelled,
                          .order     = d->order,
                          .plan_json = "{}"};
    for (uint32_t i = below(l, 16); i < 3; ++i) {
        d->cancelled[d->issue.cancelled_count++] = 1 + below(l, l->m->order_count + 1);
    }
    for (uint32_t i = 1 + below(l, 2); i > 0; --i) draw_order(l, d);
}

static bool is_taken_back(const draw *d, const world_model *m, uint32_t at) {
    const uint64_t whole = m->order[at].trip ? m->order[at].trip : at + 1;
    for (uint32_t i = 0; i < d->issue.cancelled_count; ++i) {
        if (d->cancelled[i] == whole) return true;
    }
    return false;
}

static bool may_take_back(const world_model *m, const draw *d, uint32_t at) {
    const uint64_t n   = d->cancelled[at];
    const uint32_t own = authority_of(d->issue.authority);
    if (n < 1 || n > m->order_count) return false;
    for (uint32_t i = 0; i < at; ++i) {
        if (d->cancelled[i] == n) return false;
    }
    const model_order *o = &m->order[n - 1];
    return o->trip == 0 && o->state < MUSTER_ORDER_ON_SCENE &&
           (model_is_over(own, m->unit[o->resource][o->unit].authority) ||
            model_is_over(own, m->incident[o->incident].authority));
}

static bool is_banned(const world_model *m, const mu_world_order *o, uint32_t incident) {
    for (uint32_t i = 0; i < m->rule_count; ++i) {
        const model_rule *r = &m->rule[i];
        if (!r->holds || r->resource != o->resource || r->unit != o->unit) continue;
        if (r->command == MUSTER_COMMAND_HOLD) return true;
        if (r->command == MUSTER_COMMAND_FORBID && r->incident == incident) return true;
        if (model_is_lock(r) && !model_is_counted(r->resource) && r->incident != incident) {
            return true;
        }
    }
    return false;
}

/* What is free when all is taken back that is to be, and all is given that comes before. */
static bool is_enough(const world_model *m, const draw *d, uint32_t at) {
    const mu_world_order *o    = &d->order[at];
    int64_t               free = model_quantity(m, o->resource, o->unit);
    int64_t               lost = model_ordered(m, o->resource, o->unit);
    for (uint32_t i = 0; i < m->rule_count; ++i) {
        const model_rule *r = &m->rule[i];
        if (model_is_lock(r) && model_is_counted(r->resource) && r->resource == o->resource &&
            r->unit == o->unit && r->incident != d->incident[at]) {
            lost += model_kept(m, r);
        }
    }
    free = free > lost ? free - lost : model_is_counted(o->resource) ? 0 : free - lost;
    for (uint32_t i = 0; i < m->order_count; ++i) {
        const model_order *other = &m->order[i];
        if (other->resource == o->resource && other->unit == o->unit && model_is_open(other) &&
            is_taken_back(d, m, i)) {
            free += other->quantity;
        }
    }
    for (uint32_t i = 0; i < at; ++i) {
        if (d->order[i].resource == o->resource && d->order[i].unit == o->unit) {
            free -= d->order[i].quantity;
        }
    }
    if (model_is_counted(o->resource)) return o->quantity <= free;
    return o->quantity == free && free == model_quantity(m, o->resource, o->unit) && free > 0;
}

static bool may_trip(const world_model *m, const draw *d, uint32_t at) {
    const mu_world_order *o         = &d->order[at];
    bool                  is_aboard = !o->is_loaded;
    for (uint32_t i = 0; i < d->issue.cancelled_count; ++i) {
        const model_order *before = &m->order[d->cancelled[i] - 1];
        is_aboard |= before->kind == MUSTER_NONE && before->unit == o->unit && before->is_loaded &&
                     model_is_same_warehouse(before->warehouse, o->warehouse);
    }
    return is_aboard;
}

static bool may_give(const world_model *m, const draw *d, uint32_t at) {
    const mu_world_order *o        = &d->order[at];
    const uint32_t        incident = d->incident[at];
    const model_incident *i        = &m->incident[incident];
    const model_unit     *u        = &m->unit[o->resource][o->unit];
    const uint32_t        consent  = model_consent(u->authority, i->authority);
    if (!i->is_open || is_banned(m, o, incident) || !u->is_available) return false;
    if (o->need == MUSTER_NONE
            ? !may_trip(m, d, at)
            : i->need[o->need] == 0 || !model_can_serve(o->resource, o->unit, o->need)) {
        return false;
    }
    if (o->trip > 0 && !model_is_same_warehouse(d->order[o->trip - 1].warehouse, o->unit)) {
        return false;
    }
    return is_enough(m, d, at) && o->consent == consent &&
           model_is_over(authority_of(d->issue.authority),
                         consent != MUSTER_NONE ? consent : i->authority);
}

static bool may_issue(const world_model *m, const draw *d) {
    for (uint32_t i = 0; i < d->issue.cancelled_count; ++i) {
        if (!may_take_back(m, d, i)) return false;
    }
    for (uint32_t i = 0; i < d->issue.order_count; ++i) {
        if (!may_give(m, d, i)) return false;
    }
    return true;
}

static void do_issue(world_model *m, const draw *d) {
    note_id(m, d->issue.id);
    for (uint32_t i = 0; i < d->issue.cancelled_count; ++i) {
        model_set(m, d->cancelled[i], MUSTER_ORDER_CANCELLED, d->issue.at_ms);
    }
    const uint64_t before = m->order_count;
    for (uint32_t i = 0; i < d->issue.order_count; ++i) {
        const mu_world_order *o    = &d->order[i];
        m->order[m->order_count++] = (model_order){.resource   = o->resource,
                                                   .unit       = o->unit,
                                                   .incident   = d->incident[i],
                                                   .kind       = o->need,
                                                   .quantity   = o->quantity,
                                                   .trip       = o->trip ? before + o->trip : 0,
                                                   .warehouse  = o->warehouse,
                                                   .is_loaded  = o->is_loaded,
                                                   .changed_ms = d->issue.at_ms};
    }
}

/* ---- are they the same? --------------------------------------------------------------------------- */

static void compare_units(const life *l) {
    for (uint8_t r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < l->w->base->unit_count[r]; ++u) {
            const mu_world_unit *real = &l->w->unit[r][u];
            const model_unit    *m    = &l->m->unit[r][u];
            assert_true(real->lon_deg == m->lon_deg && real->lat_deg == m->lat_deg);
            assert_int_equal(real->seen_at_ms, m->seen_ms);
            assert_int_equal(real->is_available, m->is_available);
            assert_int_equal(real->quantity, model_quantity(l->m, r, u));
            assert_int_equal(real->ordered, model_ordered(l->m, r, u));
            assert_true(real->ordered >= 0 && real->ordered <= real->quantity);
            assert_int_equal(real->ready_at_ms, m->ready_ms);
            assert_int_equal(real->shift_end_at_ms, m->end_ms);
            assert_int_equal(real->duty_since_ms, m->duty_ms);
        }
    }
}

static void compare_incidents(const life *l) {
    for (uint32_t i = 0; i < l->m->incident_count; ++i) {
        const model_incident *m    = &l->m->incident[i];
        const uint32_t        at   = mu_world_find_incident(l->w, m->code);
        uint32_t              open = 0, needs = 0;
        for (uint32_t o = 0; o < l->m->order_count; ++o) {
            open += l->m->order[o].incident == i && model_is_open(&l->m->order[o]);
        }
        if (at == MUSTER_NONE) {
            assert_true(!m->is_open && open == 0);
            continue;
        }
        const mu_world_incident *real = &l->w->incident[at];
        assert_int_equal(real->closed_at_ms == 0, m->is_open);
        assert_int_equal(real->order_count, open);
        assert_int_equal(real->severity, m->severity);
        assert_int_equal(real->authority, m->authority);
        assert_true(real->lon_deg == m->lon_deg && real->lat_deg == m->lat_deg);
        for (uint32_t k = 0; k < SMALL_KINDS; ++k) needs += m->need[k] > 0;
        assert_int_equal(real->need_count, needs);
        for (uint32_t n = 0; n < needs; ++n) {
            const uint32_t k = real->need[n].kind;
            assert_int_equal(real->need[n].quantity, m->need[k]);
            assert_int_equal(real->need[n].delivered, model_handed_over(l->m, i, k) - m->before[k]);
        }
    }
}

/* None is lost; none is there that nobody has issued. */
static void compare_orders(const life *l) {
    assert_int_equal(l->w->order_last, l->m->order_count);
    assert_int_equal(l->w->order_count, l->m->order_count);
    for (uint32_t i = 0; i < l->m->order_count; ++i) {
        const model_order    *m    = &l->m->order[i];
        const mu_world_order *real = mu_world_find_order(l->w, i + 1);
        assert_non_null(real);
        assert_int_equal(real->state, m->state);
        assert_int_equal(real->resource, m->resource);
        assert_int_equal(real->unit, m->unit);
        assert_int_equal(real->quantity, m->quantity);
        assert_int_equal(real->need, m->kind);
        assert_int_equal(real->trip, m->trip);
        assert_int_equal(real->claim, m->claim);
        assert_int_equal(real->is_loaded, m->is_loaded);
        assert_int_equal(real->changed_at_ms, m->changed_ms);
        assert_string_equal(l->w->incident[real->incident].code, l->m->incident[m->incident].code);
    }
}

static void compare_coded(const life *l) {
    uint32_t roads = 0, hazards = 0, rules = 0;
    for (uint32_t i = 0; i < l->m->road_count; ++i) roads += l->m->road[i].is_there;
    for (uint32_t i = 0; i < l->m->hazard_count; ++i) hazards += l->m->hazard[i].is_there;
    for (uint32_t i = 0; i < l->m->rule_count; ++i) rules += l->m->rule[i].holds;
    assert_int_equal(l->w->road_count, roads);
    assert_int_equal(l->w->hazard_count, hazards);
    assert_int_equal(l->w->rule_count, rules);
    for (uint32_t i = 0; i < l->w->road_count; ++i) {
        const model_place *p =
            model_find_place(l->m->road, l->m->road_count, l->w->road[i].road.code);
        assert_true(p && p->is_there && p->told_ms == l->w->road[i].told_at_ms);
    }
    for (uint32_t i = 0; i < l->w->rule_count; ++i) {
        const mu_world_rule *real = &l->w->rule[i];
        const model_rule    *m    = model_find_rule(l->m, real->code);
        assert_true(m && m->command == real->rule.command && m->unit == real->unit);
        assert_int_equal(real->rule.quantity, m->quantity);
    }
}

static void compare(const life *l) {
    if (mu_world_verify(l->w) != MUSTER_OK) fail_msg("%s", muster_error_message());
    compare_units(l);
    compare_incidents(l);
    compare_orders(l);
    compare_coded(l);
}

static char *bytes_of(const mu_world *w, size_t *size) {
    char *bytes;
    if (mu_world_write(w, &bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return bytes;
}

static void check_same_bytes(const mu_world *a, const mu_world *b) {
    size_t size_a, size_b;
    char  *bytes_a = bytes_of(a, &size_a), *bytes_b = bytes_of(b, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(bytes_a, bytes_b, size_a);
    mu_free(bytes_a);
    mu_free(bytes_b);
}

/* Life goes on in a world that was read from the bytes of the one before. */
static void write_and_read(life *l) {
    mu_world *again;
    size_t    size;
    char     *bytes = bytes_of(l->w, &size);
    if (mu_world_read(&again, bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    check_same_bytes(l->w, again);
    mu_world_free(l->w);
    mu_free(bytes);
    l->w = again;
}

/* ---- lives ----------------------------------------------------------------------------------------- */

static void answer_is(life *l, const muster_event_answer *a, bool is_repeated, bool is_allowed) {
    const uint8_t outcome = a->outcome;
    if (is_repeated ? outcome != MUSTER_EVENT_REPEATED
                    : is_allowed != (outcome == MUSTER_EVENT_APPLIED)) {
        fail_msg("the world says %s (%s), the model %s",
                 muster_event_outcome_name((muster_event_outcome)outcome), a->message,
                 is_repeated  ? "repeated"
                 : is_allowed ? "applied"
                              : "refused");
    }
    const bool is_refused = outcome > MUSTER_EVENT_REPEATED;
    assert_int_equal(a->message[0] != 0, is_refused);
    l->refused += is_refused;
}

static void tell_event(life *l) {
    muster_event_need   need[SMALL_KINDS];
    const muster_event  e = draw_event(l, need);
    muster_event_answer answer;
    const bool          is_repeated = was_told(l->m, e.id), is_allowed = may(l, &e);
    assert_int_equal(mu_world_check(l->w, &e, &answer), MUSTER_OK);
    answer_is(l, &answer, is_repeated, is_allowed);
    if (answer.outcome != MUSTER_EVENT_APPLIED) return;
    char **record = &l->record[l->record_count];
    if (muster_event_write(record, &l->record_size[l->record_count++], &e) != MUSTER_OK ||
        mu_world_apply(l->w, &e, ++l->applied) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    do_event(l, &e);
}

static void commit(life *l) {
    static draw         d;
    muster_event_answer answer;
    uint32_t            at;
    draw_issue(l, &d);
    const bool is_allowed = may_issue(l->m, &d);
    assert_int_equal(mu_world_check_issue(l->w, &d.issue, &answer, &at), MUSTER_OK);
    answer_is(l, &answer, false, is_allowed);
    if (answer.outcome != MUSTER_EVENT_APPLIED) return;
    char **record = &l->record[l->record_count];
    if (mu_issue_write(record, &l->record_size[l->record_count++], l->w, &d.issue) != MUSTER_OK ||
        mu_world_apply_issue(l->w, &d.issue, ++l->applied) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    do_issue(l->m, &d);
}

/* From the records alone. */
static void replay(const life *l) {
    mu_world *w = small_world();
    for (uint32_t i = 0; i < l->record_count; ++i) {
        if (mu_issue_is(l->record[i], l->record_size[i])) {
            mu_issue_text *text;
            if (mu_issue_read(&text, w, l->record[i], l->record_size[i]) != MUSTER_OK ||
                mu_world_apply_issue(w, mu_issue_of(text), i + 1) != MUSTER_OK) {
                fail_msg("%s", muster_error_message());
            }
            mu_issue_text_free(text);
        } else {
            muster_event_text *text;
            if (muster_event_read(&text, l->record[i], l->record_size[i]) != MUSTER_OK ||
                mu_world_apply(w, muster_event_of(text), i + 1) != MUSTER_OK) {
                fail_msg("%s", muster_error_message());
            }
            muster_event_text_free(text);
        }
    }
    check_same_bytes(l->w, w);
    mu_world_free(w);
}

static void worlds_are_as_the_model_says(void **state) {
    (void)state;
    const seeds  asked   = seeds_asked(ROUNDS);
    uint64_t     applied = 0, refused = 0, orders = 0;
    world_model *model;
    assert_int_equal(mu_alloc(&model, 1, sizeof *model), MUSTER_OK);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        life l = {.w = small_world(), .m = model, .rng = seed, .now_ms = SMALL_NOW_MS + 100000};
        model_begin(l.m, l.w);
        for (int step = 0; step < STEPS; ++step) {
            l.now_ms += below(&l, 5000);
            if (l.m->incident_count > 0 && below(&l, 3) == 0) {
                commit(&l);
            } else {
                tell_event(&l);
            }
            compare(&l);
            if (below(&l, 40) == 0) write_and_read(&l);
        }
        replay(&l);
        for (uint32_t i = 0; i < l.record_count; ++i) mu_free(l.record[i]);
        applied += l.applied;
        refused += l.refused;
        orders += l.m->order_count;
        mu_world_free(l.w);
    }
    print_message("%llu lives: %llu applied, %llu refused, %llu orders\n",
                  (unsigned long long)asked.count, (unsigned long long)applied,
                  (unsigned long long)refused, (unsigned long long)orders);
    mu_free(model);
}

/* ---- without memory -------------------------------------------------------------------------------- */

/* With something of each kind: an event that a world like this allows. */
static muster_event allowed_event(uint8_t type, muster_hazard *hazard) {
    static const muster_event_need NEED[] = {{"tent", 5, 0, 0}, {"sandbag", 7, 0, 0}};
    muster_event                   e      = small_event(type, 1000);
    e.incident                            = (muster_event_incident){.code    = "I-1",
                                                                    .set     = MUSTER_SET_NAME | MUSTER_SET_AUTHORITY,
                                                                    .name    = "Dike",
                                                                    .lon_deg = 120.7,
                                                                    .lat_deg = 30.7};
    e.need                                = NEED;
    e.need_count                          = 2;
    e.unit                                = (muster_event_unit){MUSTER_MACHINE, "M-1", NULL};
    e.lon_deg                             = 120.7;
    e.lat_deg                             = 30.7;
    e.quantity                            = 30;
    e.claim                               = 9;
    e.dispatch_order                      = 10;
    e.order                               = 1;
    e.reason                              = "because";
    e.road                                = (muster_event_road){
                                       .code = "R-0", .edge_count = 3, .edge_id = SMALL_EDGES, .speed_factor = 0.5};
    *hazard  = small_hazard("H-1");
    e.hazard = hazard;
    e.rule   = (muster_event_rule){.code     = "C-9",
                                   .command  = MUSTER_COMMAND_FORCE,
                                   .unit     = {MUSTER_VEHICLE, "V-2", NULL},
                                   .incident = "I-3"};
    if (type == MUSTER_EVENT_INCIDENT_REPORTED) e.incident.code = "I-9";
    if (type == MUSTER_EVENT_STOCK_MOVED) {
        e.unit        = (muster_event_unit){MUSTER_ITEM, "W-1", "sandbag"};
        e.destination = "W-2";
        e.quantity    = -5;
    }
    if (type == MUSTER_EVENT_RULE_LIFTED) e.rule.code = "C-1";
    if (type >= MUSTER_EVENT_ORDER_ACCEPTED) e.order = 5; /* the last, just issued: V-1 */
    return e;
}

/* With the vehicle of trip 1 free to be forced, as a truck that I-3 needs, and an order that is just
 * issued. */
static mu_world *world_to_fail_in(void) {
    static const muster_event_need NEED[] = {{"truck", 1, 0, 0}};
    mu_world                      *w      = small_rich_world();
    muster_event                   e      = small_event(MUSTER_EVENT_NEED_CHANGED, 600);
    e.incident.code                       = "I-3";
    e.need                                = NEED;
    e.need_count                          = 1;
    small_apply(w, &e);
    e              = small_event(MUSTER_EVENT_UNIT_STATUS, 610);
    e.unit         = (muster_event_unit){MUSTER_VEHICLE, "V-1", NULL};
    e.is_available = 1;
    small_apply(w, &e);
    const mu_world_order order = small_order(w, MUSTER_VEHICLE, "V-1", "I-1", "ambulance", 1);
    assert_int_equal(small_give(w, 1, &order), 5);
    return w;
}

/* As if lists were full: what comes next has to make room. (Of codes of closed incidents there is always
 * enough for those that are there.) */
static void fill_lists(mu_world *w) {
    w->incident_capacity = w->incident_count;
    w->order_capacity    = w->order_count;
    w->road_capacity     = w->road_count;
    w->hazard_capacity   = w->hazard_count;
    w->rule_capacity     = w->rule_count;
    w->ended_capacity    = w->ended_count;
    w->closed_capacity   = w->closed_count + w->incident_count;
}

/* It is as it was, and as it should be. */
static void check_unchanged(const mu_world *w, const char *before, size_t size_before) {
    size_t size;
    char  *bytes = bytes_of(w, &size);
    if (mu_world_verify(w) != MUSTER_OK) fail_msg("%s", muster_error_message());
    assert_int_equal(size, size_before);
    assert_memory_equal(bytes, before, size);
    mu_free(bytes);
}

static void fail_each_allocation(uint8_t type) {
    muster_hazard       hazard;
    const muster_event  e      = allowed_event(type, &hazard);
    mu_world           *w      = world_to_fail_in();
    muster_status       status = MUSTER_E_NOMEM;
    muster_event_answer answer;
    size_t              size;
    char               *before = bytes_of(w, &size);
    assert_int_equal(mu_world_check(w, &e, &answer), MUSTER_OK);
    if (answer.outcome != MUSTER_EVENT_APPLIED) {
        fail_msg("%s: %s", muster_event_type_name((muster_event_type)type), answer.message);
    }
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        fill_lists(w);
        (void)mu_alloc_fail_once_after(i);
        status = mu_world_apply(w, &e, w->sequence + 1);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        if (status != MUSTER_OK) check_unchanged(w, before, size);
    }
    if (mu_world_verify(w) != MUSTER_OK) fail_msg("%s", muster_error_message());
    mu_world_free(w);
    mu_free(before);
}

static void an_event_without_memory_changes_nothing(void **state) {
    (void)state;
    for (int type = 0; type < 256; ++type) {
        if (mu_event_fields((uint8_t)type) == 0 || type == MUSTER_EVENT_ORDER_LOADED) continue;
        fail_each_allocation((uint8_t)type);
    }
}

static void a_commit_without_memory_changes_nothing(void **state) {
    (void)state;
    mu_world            *w         = world_to_fail_in();
    const uint64_t       cancelled = 5;
    const mu_world_order order     = small_order(w, MUSTER_VEHICLE, "V-1", "I-3", "ambulance", 1);
    mu_issue             issue     = small_issue(1, &order);
    muster_status        status    = MUSTER_E_NOMEM;
    size_t               size;
    char                *before = bytes_of(w, &size);
    issue.cancelled             = &cancelled;
    issue.cancelled_count       = 1;
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        muster_event_answer answer;
        uint32_t            at;
        assert_int_equal(mu_world_check_issue(w, &issue, &answer, &at), MUSTER_OK);
        if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
        fill_lists(w);
        (void)mu_alloc_fail_once_after(i);
        status = mu_world_apply_issue(w, &issue, w->sequence + 1);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        if (status != MUSTER_OK) check_unchanged(w, before, size);
    }
    if (mu_world_verify(w) != MUSTER_OK) fail_msg("%s", muster_error_message());
    mu_world_free(w);
    mu_free(before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_are_as_the_model_says),
        cmocka_unit_test(an_event_without_memory_changes_nothing),
        cmocka_unit_test(a_commit_without_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
