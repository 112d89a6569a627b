/* What commanders have said of units. Rules that contradict each other are refused when they are set, for
 * a problem with such rules has no plan at all. A lock ends when what it asks for is done, one of
 * somebody who has declined when he declines, every rule for an incident with that. */
#include <string.h>

#include "core/alloc.h"
#include "session/text.h"
#include "session/world_event.h"

/* ---- what rules say ------------------------------------------------------------------------ */

static bool is_lock(const mu_world_rule *r) {
    return r->rule.command == MUSTER_COMMAND_LOCK || r->rule.command == MUSTER_COMMAND_FORCE;
}

static bool is_of(const mu_world_rule *r, uint8_t resource, uint32_t unit) {
    return r->rule.unit.resource == resource && r->unit == unit;
}

/* Teams and vehicles go as a whole; of machines and items some may be locked and others not. */
static bool is_counted(uint8_t resource) {
    return resource == MUSTER_MACHINE || resource == MUSTER_ITEM;
}

bool mu_base_can_serve(const mu_base *base, uint8_t resource, uint32_t unit, uint32_t kind) {
    const mu_base_unit *u = &base->unit[resource][unit];
    return resource == MUSTER_PEOPLE ? mu_base_has_capability(u, kind) : u->kind == kind;
}

const mu_world_rule *mu_world_find_ban(const mu_world *w, uint8_t resource, uint32_t unit,
                                       uint32_t incident) {
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        const mu_world_rule *r = &w->rule[i];
        if (!is_of(r, resource, unit)) continue;
        if (r->rule.command == MUSTER_COMMAND_HOLD) return r;
        if (r->rule.command == MUSTER_COMMAND_FORBID && r->incident == incident) return r;
        if (is_lock(r) && !is_counted(resource) && r->incident != incident) return r;
    }
    return NULL;
}

static int64_t ordered_for(const mu_world *w, const mu_world_rule *r) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        const bool is_done      = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (!is_of(r, o->resource, o->unit) || o->incident != r->incident || is_done ||
            muster_order_is_over((muster_order_state)o->state)) {
            continue;
        }
        sum += o->quantity;
    }
    return sum;
}

/* What a lock still keeps of a unit, beside what has its orders. */
static int64_t kept_by(const mu_world *w, const mu_world_rule *r) {
    const mu_world_unit *u     = &w->unit[r->rule.unit.resource][r->unit];
    const int64_t        asked = r->rule.quantity > 0 ? r->rule.quantity : u->quantity;
    const int64_t        left  = asked - ordered_for(w, r);
    return left > 0 ? left : 0;
}

int64_t mu_world_free_for(const mu_world *w, uint8_t resource, uint32_t unit, uint32_t incident) {
    int64_t free = w->unit[resource][unit].quantity - w->unit[resource][unit].ordered;
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        const mu_world_rule *r = &w->rule[i];
        if (is_lock(r) && is_of(r, resource, unit) && r->incident != incident) {
            free -= kept_by(w, r);
        }
    }
    return free > 0 ? free : 0;
}

/* ---- checking ------------------------------------------------------------------------------ */

/* NULL: there is none. */
static const mu_world_rule *find_rule(const mu_world *w, const char *code) {
    bool is_there;
    if (w->rule_count == 0) return NULL;
    const uint32_t at =
        mu_sorted_place(&w->rule->code, sizeof *w->rule, w->rule_count, code, &is_there);
    return is_there ? &w->rule[at] : NULL;
}

static bool is_sessions(const char *code) {
    return strncmp(code, "declined-", 9) == 0 || strncmp(code, "expired-", 8) == 0;
}

static bool check_code(mu_check *c) {
    const char *code = c->event->rule.code;
    if (!mu_check_text(c, "rule.code", code, MUSTER_EVENT_CODE_BYTES)) return false;
    if (is_sessions(code)) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "rule.code is %s; expected another beginning than declined- or expired-",
                         MU_SHOW(code));
    }
    if (!find_rule(c->world, code)) {
        return mu_check_not_ended(c, MUSTER_EVENT_RULE_LIFTED, "rule", code);
    }
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "rule %s holds already; expected another code: or lift that first",
                     MU_SHOW(code));
}

/* Which need of its incident a lock is for. */
static bool check_need(mu_check *c, uint32_t unit, uint32_t incident) {
    const muster_event_rule *rule = &c->event->rule;
    const mu_base           *b    = c->world->base;
    const mu_world_incident *i    = &c->world->incident[incident];
    uint32_t                 kind = MUSTER_NONE, n = 0;
    if (rule->need && !mu_check_find_kind(c, rule->need, &kind)) return false;
    while (n < i->need_count &&
           !((kind == MUSTER_NONE || i->need[n].kind == kind) &&
             mu_base_can_serve(b, rule->unit.resource, unit, i->need[n].kind))) {
        ++n;
    }
    if (n < i->need_count) return true;
    return mu_refuse(
        c, MUSTER_EVENT_CONFLICT,
        "incident %s has no need%s%s that %s can serve; expected one that it is locked "
        "for",
        MU_SHOW(i->code), rule->need ? " of " : "", rule->need ? MU_SHOW(rule->need) : "",
        MU_SHOW(rule->unit.code));
}

static bool refuse_contradiction(mu_check *c, const mu_world_rule *other) {
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "rule %s on %s contradicts rule %s (%s); expected that to be lifted first",
                     MU_SHOW(c->event->rule.code), MU_SHOW(c->event->rule.unit.code),
                     MU_SHOW(other->code),
                     muster_command_name((muster_command)other->rule.command));
}

/* All that other locks keep, and this one, is no more than there is. */
static bool check_sum(mu_check *c, uint32_t unit) {
    const mu_world          *w     = c->world;
    const muster_event_rule *rule  = &c->event->rule;
    const int64_t            there = w->unit[rule->unit.resource][unit].quantity;
    int64_t                  sum   = rule->quantity > 0 ? rule->quantity : there;
    if (!is_counted(rule->unit.resource)) return true;
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        const mu_world_rule *r = &w->rule[i];
        if (!is_lock(r) || !is_of(r, rule->unit.resource, unit)) continue;
        sum += r->rule.quantity > 0 ? r->rule.quantity : there;
    }
    if (sum <= there) return true;
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "rule %s: %lld of %s would be locked in all, and there are %lld; expected no "
                     "more",
                     MU_SHOW(rule->code), (long long)sum, MU_SHOW(rule->unit.code),
                     (long long)there);
}

static bool contradicts(const muster_event_rule *rule, uint32_t incident,
                        const mu_world_rule *other) {
    const bool locks =
        rule->command == MUSTER_COMMAND_LOCK || rule->command == MUSTER_COMMAND_FORCE;
    if (!locks && !is_lock(other)) return false;
    if (rule->command == MUSTER_COMMAND_HOLD || other->rule.command == MUSTER_COMMAND_HOLD) {
        return true;
    }
    if (locks && is_lock(other)) return !is_counted(rule->unit.resource);
    return incident == other->incident;
}

static bool check_others(mu_check *c, uint32_t unit, uint32_t incident) {
    const mu_world          *w    = c->world;
    const muster_event_rule *rule = &c->event->rule;
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        if (is_of(&w->rule[i], rule->unit.resource, unit) &&
            contradicts(rule, incident, &w->rule[i])) {
            return refuse_contradiction(c, &w->rule[i]);
        }
    }
    return true;
}

static bool check_lock(mu_check *c, uint32_t unit, uint32_t incident) {
    const mu_world          *w       = c->world;
    const muster_event_rule *rule    = &c->event->rule;
    const uint32_t           of_unit = w->base->unit[rule->unit.resource][unit].authority;
    const uint32_t consent = mu_base_consent(w->base, of_unit, w->incident[incident].authority);
    const int64_t  most    = is_counted(rule->unit.resource) ? MUSTER_MAX_QUANTITY : 0;
    return mu_check_range(c, "rule.quantity", rule->quantity, 0, most) &&
           mu_check_is_over(c, consent, "who may send it there,", rule->unit.code) &&
           check_need(c, unit, incident) && check_sum(c, unit);
}

bool mu_check_rule(mu_check *c) {
    const muster_event_rule *rule     = &c->event->rule;
    const mu_base           *b        = c->world->base;
    uint32_t                 incident = MUSTER_NONE, unit;
    if (!check_code(c) ||
        !mu_check_range(c, "rule.command", rule->command, 0, MUSTER_COMMAND_COUNT - 1) ||
        !mu_check_find_unit(c, &rule->unit, &unit) ||
        !mu_check_is_over(c, b->unit[rule->unit.resource][unit].authority, "unit",
                          rule->unit.code) ||
        (rule->command != MUSTER_COMMAND_HOLD &&
         !mu_check_find_incident(c, rule->incident, &incident)) ||
        !check_others(c, unit, incident)) {
        return false;
    }
    const bool locks =
        rule->command == MUSTER_COMMAND_LOCK || rule->command == MUSTER_COMMAND_FORCE;
    return !locks || check_lock(c, unit, incident);
}

bool mu_check_rule_lifted(mu_check *c) {
    const mu_world *w    = c->world;
    const char     *code = c->event->rule.code;
    if (!mu_check_text(c, "rule.code", code, MUSTER_EVENT_CODE_BYTES)) return false;
    const mu_world_rule *r = find_rule(w, code);
    if (!r) {
        return mu_refuse(c, MUSTER_EVENT_UNKNOWN, "there is no rule %s; expected one that holds",
                         MU_SHOW(code));
    }
    return mu_check_is_over(c, w->base->unit[r->rule.unit.resource][r->unit].authority, "unit",
                            r->rule.unit.code) &&
           mu_check_is_news(c, "the lifting of rule", code, r->told_at_ms);
}

/* ---- the list ------------------------------------------------------------------------------ */

muster_status mu_rules_reserve(mu_world *w) {
    return mu_grow(&w->rule, &w->rule_capacity, w->rule_count, sizeof *w->rule);
}

static void insert(mu_world *w, const mu_world_rule *rule) {
    bool           is_there;
    const uint32_t at =
        mu_sorted_place(&w->rule->code, sizeof *w->rule, w->rule_count, rule->code, &is_there);
    memmove(&w->rule[at + 1], &w->rule[at], (w->rule_count - at) * sizeof *w->rule);
    w->rule[at] = *rule;
    ++w->rule_count;
}

/* Its code is the caller's. */
static void take_out(mu_world *w, uint32_t at) {
    --w->rule_count;
    memmove(&w->rule[at], &w->rule[at + 1], (w->rule_count - at) * sizeof *w->rule);
}

static void end_rule(mu_world *w, uint32_t at) {
    mu_text_release(w->rule[at].code);
    take_out(w, at);
}

void mu_rules_end_of_incident(mu_world *w, uint32_t incident) {
    for (uint32_t i = w->rule_count; i-- > 0;) {
        if (w->rule[i].incident == incident) end_rule(w, i);
    }
}

void mu_rules_move_up(mu_world *w, uint32_t incident) {
    for (uint32_t i = 0; i < w->rule_count; ++i) {
        mu_world_rule *r = &w->rule[i];
        if (r->incident != MUSTER_NONE && r->incident > incident) --r->incident;
    }
}

/* ---- applying ------------------------------------------------------------------------------ */

mu_world_rule mu_rule_of(const mu_world *w, uint8_t command, uint8_t resource, uint32_t unit,
                         uint32_t incident, uint32_t need, int64_t quantity, char *code,
                         int64_t told_at_ms) {
    const mu_base      *b = w->base;
    const mu_base_unit *u = &b->unit[resource][unit];
    return (mu_world_rule){
        .rule       = {.code     = code,
                       .command  = command,
                       .unit     = {resource, u->code,
                          resource == MUSTER_ITEM ? b->kind[u->kind].code : NULL},
                       .incident = incident == MUSTER_NONE ? NULL : w->incident[incident].code,
                       .need     = need == MUSTER_NONE ? NULL : b->kind[need].code,
                       .quantity = quantity},
        .unit       = unit,
        .incident   = incident,
        .told_at_ms = told_at_ms,
        .code       = code,
    };
}

void mu_rules_forbid(mu_world *w, char *code, const mu_world_order *o, int64_t time_ms) {
    for (uint32_t i = w->rule_count; i-- > 0;) {
        const mu_world_rule *r = &w->rule[i];
        if (is_lock(r) && is_of(r, o->resource, o->unit) && r->incident == o->incident) {
            end_rule(w, i);
        }
    }
    const mu_world_rule rule = mu_rule_of(w, MUSTER_COMMAND_FORBID, o->resource, o->unit,
                                          o->incident, MUSTER_NONE, 0, code, time_ms);
    insert(w, &rule);
}

void mu_rules_carry_out(mu_world *w, const mu_world_order *o) {
    for (uint32_t i = w->rule_count; i-- > 0;) {
        mu_world_rule *r = &w->rule[i];
        if (!is_lock(r) || !is_of(r, o->resource, o->unit) || r->incident != o->incident) continue;
        if (r->rule.quantity == 0 || r->rule.quantity <= o->quantity) {
            end_rule(w, i);
        } else {
            r->rule.quantity -= o->quantity;
        }
    }
}

/* The youngest orders that take it elsewhere end, until as much is free, or goes there, as is forced. */
static void call_back(mu_world *w, const mu_world_rule *rule, const mu_order_change *change) {
    for (uint32_t i = w->order_count; i-- > 0;) {
        mu_world_order      *o = &w->order[i];
        const mu_world_unit *u = &w->unit[rule->rule.unit.resource][rule->unit];
        if (u->quantity - u->ordered >= kept_by(w, rule)) return;
        const bool is_done = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (!is_of(rule, o->resource, o->unit) || is_done || o->incident == rule->incident ||
            muster_order_is_over((muster_order_state)o->state)) {
            continue;
        }
        mu_world_order *whole = o->trip != 0 ? mu_world_find_order(w, o->trip) : o;
        mu_order_set_state(w, whole,
                           whole->state == MUSTER_ORDER_ON_SCENE ? MUSTER_ORDER_RELEASED
                                                                 : MUSTER_ORDER_CANCELLED,
                           change);
    }
}

static muster_status force(mu_world *w, const muster_event *e, const mu_world_rule *rule) {
    mu_order_change change;
    MU_TRY(mu_order_change_init(&change, e->time_ms, e->author,
                                e->reason ? e->reason : "it is forced elsewhere"));
    call_back(w, rule, &change);
    mu_order_change_fini(&change);
    return MUSTER_OK;
}

muster_status mu_apply_rule(mu_world *w, const muster_event *e) {
    const muster_event_rule *told = &e->rule;
    const mu_base           *b    = w->base;
    const bool               locks =
        told->command == MUSTER_COMMAND_LOCK || told->command == MUSTER_COMMAND_FORCE;
    const uint32_t kind     = told->unit.kind ? mu_base_find_kind(b, told->unit.kind) : 0;
    const uint32_t incident = told->command == MUSTER_COMMAND_HOLD
                                  ? MUSTER_NONE
                                  : mu_world_find_incident(w, told->incident);
    char          *code;
    MU_TRY(mu_rules_reserve(w));
    MU_TRY(mu_text_new(&code, told->code));
    const mu_world_rule rule =
        mu_rule_of(w, told->command, told->unit.resource,
                   mu_base_find_unit(b, told->unit.resource, told->unit.code, kind), incident,
                   locks && told->need ? mu_base_find_kind(b, told->need) : MUSTER_NONE,
                   locks ? told->quantity : 0, code, e->time_ms);
    const muster_status status =
        told->command == MUSTER_COMMAND_FORCE ? force(w, e, &rule) : MUSTER_OK;
    if (status != MUSTER_OK) {
        mu_text_release(code);
        return status;
    }
    insert(w, &rule);
    mu_world_forget(w);
    return MUSTER_OK;
}

muster_status mu_apply_rule_lifted(mu_world *w, const muster_event *e) {
    bool           is_there;
    const uint32_t at =
        mu_sorted_place(&w->rule->code, sizeof *w->rule, w->rule_count, e->rule.code, &is_there);
    MU_TRY(mu_ended_reserve(w));
    mu_ended_add(w, MUSTER_EVENT_RULE_LIFTED, w->rule[at].code, e->time_ms);
    take_out(w, at);
    return MUSTER_OK;
}
