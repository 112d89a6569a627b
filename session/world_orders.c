/* What becomes of orders.
 *
 * An order goes forward only: from one state to any that comes later on its way, for what is passed over
 * was not told, or is told too late. Clocks of those who tell differ by more than some steps take, so it
 * is the state that says what may come, and the time only why something may not.
 *
 * What an order has of a unit is counted in mu_world_unit.ordered from when it is issued until it is
 * over, and items until they are handed over, when they leave the books. */
#include <stdio.h>
#include <string.h>

#include "session/text.h"
#include "session/world_event.h"

/* ---- what may be --------------------------------------------------------------------------- */

static muster_order_state state_after(uint8_t type) {
    switch (type) {
    case MUSTER_EVENT_ORDER_ACCEPTED:
        return MUSTER_ORDER_ACCEPTED;
    case MUSTER_EVENT_ORDER_DECLINED:
        return MUSTER_ORDER_DECLINED;
    case MUSTER_EVENT_ORDER_EN_ROUTE:
        return MUSTER_ORDER_EN_ROUTE;
    case MUSTER_EVENT_ORDER_LOADED:
        return MUSTER_ORDER_LOADED;
    case MUSTER_EVENT_ORDER_ON_SCENE:
        return MUSTER_ORDER_ON_SCENE;
    case MUSTER_EVENT_ORDER_RELEASED:
        return MUSTER_ORDER_RELEASED;
    case MUSTER_EVENT_ORDER_EXPIRED:
        return MUSTER_ORDER_EXPIRED;
    default:
        return MUSTER_ORDER_CANCELLED; /* or its claim is lost */
    }
}

static bool can_become(const mu_world_order *o, muster_order_state next) {
    switch (next) {
    case MUSTER_ORDER_DECLINED:
        return o->state <= MUSTER_ORDER_ACCEPTED;
    case MUSTER_ORDER_EXPIRED:
        return o->state == MUSTER_ORDER_ISSUED;
    case MUSTER_ORDER_CANCELLED:
        return o->state < MUSTER_ORDER_ON_SCENE;
    default:
        return o->state < next;
    }
}

static bool is_over(const mu_world_order *o) {
    return muster_order_is_over((muster_order_state)o->state);
}

static const char *name_of(const mu_world_order *o) {
    return muster_order_state_name((muster_order_state)o->state);
}

/* The order of the event; refuses one that is not there. */
static bool check_there(mu_check *c, const mu_world_order **out) {
    const muster_event *e = c->event;
    *out                  = mu_world_find_order(c->world, e->order);
    if (*out) return true;
    const bool was_there = e->order > 0 && e->order <= c->world->order_last;
    (void)mu_refuse(c, was_there ? MUSTER_EVENT_CONFLICT : MUSTER_EVENT_UNKNOWN,
                    "order %llu %s; expected one that is open", (unsigned long long)e->order,
                    was_there ? "was over long ago" : "was never issued");
    return false; /* as mu_refuse does, where a static analyzer sees it */
}

/* The same; refuses one that comes with a trip. */
static bool check_find(mu_check *c, const mu_world_order **out) {
    const muster_event *e = c->event;
    if (!check_there(c, out)) return false;
    if ((*out)->trip == 0) return true;
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "order %llu comes with the trip of order %llu; expected an event of that one",
                     (unsigned long long)e->order, (unsigned long long)(*out)->trip);
}

/* Who commands the unit or the incident may speak of the order. */
static bool check_authority(mu_check *c, const mu_world_order *o) {
    const mu_world *w        = c->world;
    const uint32_t  unit     = w->base->unit[o->resource][o->unit].authority;
    const uint32_t  incident = w->incident[o->incident].authority;
    if (mu_base_is_over(w->base, c->authority, incident)) return true;
    return mu_check_is_over(c, unit, "unit", w->base->unit[o->resource][o->unit].code);
}

static bool check_next(mu_check *c, const mu_world_order *o) {
    const muster_event      *e    = c->event;
    const muster_order_state next = state_after(e->type);
    if (next == MUSTER_ORDER_LOADED && o->need != MUSTER_NONE) {
        return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                         "order %llu is no trip; expected one that loads at a warehouse",
                         (unsigned long long)o->number);
    }
    if (!is_over(o) && can_become(o, next)) return true;
    const bool is_late = e->time_ms < o->changed_at_ms && next < MUSTER_ORDER_RELEASED;
    return mu_refuse(
        c, is_late ? MUSTER_EVENT_LATE : MUSTER_EVENT_CONFLICT,
        "order %llu is %s since %lld, and cannot become %s at %lld; expected what comes "
        "after %s",
        (unsigned long long)o->number, name_of(o), (long long)o->changed_at_ms,
        muster_order_state_name(next), (long long)e->time_ms, name_of(o));
}

bool mu_check_order(mu_check *c) {
    const mu_world_order *o;
    return check_find(c, &o) && check_authority(c, o) && check_next(c, o);
}

/* What a trip brings is promised by itself; what it has handed over, also when it is over. */
bool mu_check_claim_held(mu_check *c) {
    const mu_world_order *o;
    if (!check_there(c, &o)) return false;
    if (is_over(o) && o->claim != MUSTER_CLAIM_STATE_PENDING) {
        return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                         "order %llu is %s; expected an open one: give the claim back",
                         (unsigned long long)o->number, name_of(o));
    }
    return mu_check_range(c, "claim", c->event->claim, 1, INT64_MAX) &&
           mu_check_range(c, "dispatch_order", c->event->dispatch_order, 1, INT64_MAX);
}

/* ---- changes ------------------------------------------------------------------------------- */

muster_status mu_order_change_init(mu_order_change *change, int64_t time_ms, const char *author,
                                   const char *reason) {
    change->time_ms = time_ms;
    change->reason  = NULL;
    MU_TRY(mu_text_new(&change->author, author));
    const muster_status status = mu_text_new(&change->reason, reason);
    if (status != MUSTER_OK) mu_text_release(change->author);
    return status;
}

void mu_order_change_fini(mu_order_change *change) {
    mu_text_release(change->author);
    mu_text_release(change->reason);
}

/* The unit is seen where its order says it is, unless it was seen somewhere later. */
static void put_unit(mu_world *w, const mu_world_order *o, double lon_deg, double lat_deg,
                     int64_t time_ms) {
    mu_world_unit *unit = &w->unit[o->resource][o->unit];
    if (o->resource > MUSTER_VEHICLE || time_ms < unit->seen_at_ms) return;
    unit->lon_deg    = lon_deg;
    unit->lat_deg    = lat_deg;
    unit->seen_at_ms = time_ms;
}

static void arrive(mu_world *w, mu_world_order *o, int64_t time_ms) {
    mu_world_incident *i = &w->incident[o->incident];
    put_unit(w, o, i->lon_deg, i->lat_deg, time_ms);
    if (o->need == MUSTER_NONE) o->is_loaded = true;
    if (o->resource != MUSTER_ITEM) return;
    mu_world_unit *stock = &w->unit[MUSTER_ITEM][o->unit];
    mu_rules_carry_out(w, o);
    stock->quantity -= o->quantity;
    stock->ordered -= o->quantity;
    for (uint32_t n = 0; n < i->need_count; ++n) {
        if (i->need[n].kind == o->need) i->need[n].delivered += o->quantity;
    }
}

static void load(mu_world *w, mu_world_order *o, int64_t time_ms) {
    if (o->need != MUSTER_NONE) return;
    const mu_world_unit *warehouse = &w->unit[MUSTER_ITEM][o->warehouse];
    o->is_loaded                   = true;
    put_unit(w, o, warehouse->lon_deg, warehouse->lat_deg, time_ms);
}

static void end(mu_world *w, mu_world_order *o) {
    const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
    if (!is_handed_over) w->unit[o->resource][o->unit].ordered -= o->quantity;
    /* That goods are gone has still to be said to who has promised them. */
    if (!is_handed_over) o->claim = MUSTER_CLAIM_STATE_NONE;
    --w->incident[o->incident].order_count;
    ++w->over_count;
}

static void set_one(mu_world *w, mu_world_order *o, muster_order_state state,
                    const mu_order_change *change) {
    if (muster_order_is_over(state)) {
        if (state == MUSTER_ORDER_RELEASED && o->resource != MUSTER_ITEM) mu_rules_carry_out(w, o);
        end(w, o);
    } else if (state == MUSTER_ORDER_ON_SCENE) {
        arrive(w, o, change->time_ms);
    } else if (state == MUSTER_ORDER_LOADED) {
        load(w, o, change->time_ms);
    }
    o->state = (uint8_t)state;
    if (change->time_ms > o->changed_at_ms) o->changed_at_ms = change->time_ms;
    mu_text_release(o->changed_by);
    mu_text_release(o->reason);
    o->changed_by = mu_text_hold(change->author);
    o->reason     = mu_text_hold(change->reason);
}

void mu_order_set_state(mu_world *w, mu_world_order *order, muster_order_state state,
                        const mu_order_change *change) {
    const uint64_t trip = order->number;
    set_one(w, order, state, change);
    if (order->need != MUSTER_NONE) return;
    for (mu_world_order *o = order + 1; o < w->order + w->order_count; ++o) {
        if (o->trip == trip) set_one(w, o, state, change);
    }
}

void mu_orders_cancel_of_incident(mu_world *w, uint32_t incident, const mu_order_change *change) {
    for (uint32_t o = 0; o < w->order_count; ++o) {
        mu_world_order *order = &w->order[o];
        if (order->incident != incident || order->trip != 0) continue;
        if (!is_over(order) && order->state < MUSTER_ORDER_ON_SCENE) {
            mu_order_set_state(w, order, MUSTER_ORDER_CANCELLED, change);
        }
    }
}

/* ---- applying ------------------------------------------------------------------------------ */

static bool is_turned_down(muster_order_state state) {
    return state == MUSTER_ORDER_DECLINED || state == MUSTER_ORDER_EXPIRED;
}

/* Everything that may fail. */
static muster_status prepare(mu_world *w, const muster_event *e, muster_order_state state,
                             mu_order_change *change, char **out_code) {
    char code[40];
    *out_code = NULL;
    MU_TRY(mu_order_change_init(change, e->time_ms, e->author, e->reason));
    if (!is_turned_down(state)) return MUSTER_OK;
    snprintf(code, sizeof code, "%s-%llu", muster_order_state_name(state),
             (unsigned long long)e->order);
    muster_status status = mu_rules_reserve(w);
    if (status == MUSTER_OK) status = mu_text_new(out_code, code);
    if (status != MUSTER_OK) mu_order_change_fini(change);
    return status;
}

muster_status mu_apply_order(mu_world *w, const muster_event *e) {
    const muster_order_state state = state_after(e->type);
    mu_world_order          *order = mu_world_find_order(w, e->order);
    mu_order_change          change;
    char                    *code;
    MU_TRY(prepare(w, e, state, &change, &code));
    mu_order_set_state(w, order, state, &change);
    if (code) mu_rules_forbid(w, code, order, e->time_ms);
    mu_world_forget(w);
    mu_order_change_fini(&change);
    return MUSTER_OK;
}

muster_status mu_apply_claim_held(mu_world *w, const muster_event *e) {
    mu_world_order *order = mu_world_find_order(w, e->order);
    order->claim          = MUSTER_CLAIM_STATE_HELD;
    order->claim_number   = e->claim;
    order->dispatch_order = e->dispatch_order;
    return MUSTER_OK;
}

/* ---- forgetting ---------------------------------------------------------------------------- */

static void free_order(mu_world *w, mu_world_order *o) {
    --w->incident[o->incident].kept_count;
    mu_text_release(o->issued_by);
    mu_text_release(o->changed_by);
    mu_text_release(o->reason);
}

static void forget_orders(mu_world *w) {
    uint32_t kept = 0;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->over_count > MU_WORLD_OVER_MOST && is_over(&w->order[o])) {
            free_order(w, &w->order[o]);
            --w->over_count;
        } else {
            w->order[kept++] = w->order[o];
        }
    }
    w->order_count = kept;
}

void mu_world_forget(mu_world *w) {
    if (w->over_count > MU_WORLD_OVER_MOST) forget_orders(w);
    mu_incidents_forget(w);
}
