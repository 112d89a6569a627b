/* Where units are, whether they can be sent, how many there are, and when they rest. */
#include <string.h>

#include "session/text.h"
#include "session/world_event.h"

/* ---- which rows ---------------------------------------------------------------------------- */

/* A warehouse without a kind is all that it has; everything else is one row. `next` begins at 0;
 * MUSTER_NONE is the end. */
static uint32_t next_row(const mu_base *b, const muster_event_unit *unit, uint32_t next) {
    if (unit->resource != MUSTER_ITEM || unit->kind) {
        const uint32_t kind = unit->kind ? mu_base_find_kind(b, unit->kind) : 0;
        const uint32_t row  = mu_base_find_unit(b, unit->resource, unit->code, kind);
        return next <= row ? row : MUSTER_NONE;
    }
    while (next < b->unit_count[MUSTER_ITEM] &&
           strcmp(b->unit[MUSTER_ITEM][next].code, unit->code) != 0) {
        ++next;
    }
    return next < b->unit_count[MUSTER_ITEM] ? next : MUSTER_NONE;
}

static bool check_unit(mu_check *c, uint32_t *out) {
    const muster_event_unit *unit = &c->event->unit;
    return mu_check_find_unit(c, unit, out) &&
           mu_check_is_over(c, c->world->base->unit[unit->resource][*out].authority, "unit",
                            unit->code);
}

/* One row, or all of a warehouse. */
static bool check_rows(mu_check *c) {
    const muster_event_unit *unit = &c->event->unit;
    const mu_base           *b    = c->world->base;
    uint32_t                 row;
    if (unit->resource != MUSTER_ITEM || unit->kind || !unit->code) return check_unit(c, &row);
    row = next_row(b, unit, 0);
    if (row != MUSTER_NONE) {
        return mu_check_is_over(c, b->unit[MUSTER_ITEM][row].authority, "warehouse", unit->code);
    }
    return mu_refuse(c, MUSTER_EVENT_UNKNOWN,
                     "there is no warehouse %s; expected a code of the scenario",
                     MU_SHOW(unit->code));
}

/* ---- positions ----------------------------------------------------------------------------- */

bool mu_check_moved(mu_check *c) {
    const muster_event *e = c->event;
    uint32_t            u;
    if (e->unit.resource == MUSTER_ITEM) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "unit.resource is item; expected people, vehicle or machine: a warehouse "
                         "stays where it is");
    }
    return check_unit(c, &u) && mu_check_place(c, "the unit", e->lon_deg, e->lat_deg) &&
           mu_check_is_news(c, "the position", e->unit.code,
                            c->world->unit[e->unit.resource][u].seen_at_ms);
}

muster_status mu_apply_moved(mu_world *w, const muster_event *e) {
    const uint32_t u    = mu_base_find_unit(w->base, e->unit.resource, e->unit.code, 0);
    mu_world_unit *unit = &w->unit[e->unit.resource][u];
    unit->lon_deg       = e->lon_deg;
    unit->lat_deg       = e->lat_deg;
    unit->seen_at_ms    = e->time_ms;
    return MUSTER_OK;
}

/* ---- status -------------------------------------------------------------------------------- */

bool mu_check_status(mu_check *c) {
    const muster_event_unit *unit = &c->event->unit;
    const mu_base           *b    = c->world->base;
    if (!check_rows(c)) return false;
    for (uint32_t u = next_row(b, unit, 0); u != MUSTER_NONE; u = next_row(b, unit, u + 1)) {
        if (!mu_check_is_news(c, "a status", unit->code,
                              c->world->unit[unit->resource][u].status_at_ms)) {
            return false;
        }
    }
    return true;
}

muster_status mu_apply_status(mu_world *w, const muster_event *e) {
    const mu_base *b = w->base;
    char          *reason;
    MU_TRY(mu_text_new(&reason, e->is_available ? NULL : e->reason));
    for (uint32_t u = next_row(b, &e->unit, 0); u != MUSTER_NONE;
         u          = next_row(b, &e->unit, u + 1)) {
        mu_world_unit *unit = &w->unit[e->unit.resource][u];
        mu_text_release(unit->reason);
        unit->reason       = mu_text_hold(reason);
        unit->is_available = e->is_available != 0;
        unit->status_at_ms = e->time_ms;
    }
    mu_text_release(reason);
    return MUSTER_OK;
}

/* ---- shifts -------------------------------------------------------------------------------- */

static bool check_moment_or_0(mu_check *c, const char *what, int64_t moment_ms) {
    return moment_ms == 0 || mu_check_moment(c, what, moment_ms);
}

bool mu_check_shift(mu_check *c) {
    const muster_event      *e    = c->event;
    const muster_event_unit *unit = &e->unit;
    const mu_base           *b    = c->world->base;
    if (!check_rows(c) || !check_moment_or_0(c, "ready_at_ms", e->ready_at_ms) ||
        !check_moment_or_0(c, "shift_end_at_ms", e->shift_end_at_ms) ||
        !check_moment_or_0(c, "duty_since_ms", e->duty_since_ms)) {
        return false;
    }
    if (e->duty_since_ms > e->time_ms) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "duty_since_ms is %lld, after time_ms, %lld; expected no later",
                         (long long)e->duty_since_ms, (long long)e->time_ms);
    }
    for (uint32_t u = next_row(b, unit, 0); u != MUSTER_NONE; u = next_row(b, unit, u + 1)) {
        if (!mu_check_is_news(c, "a shift", unit->code,
                              c->world->unit[unit->resource][u].shift_at_ms)) {
            return false;
        }
    }
    return true;
}

muster_status mu_apply_shift(mu_world *w, const muster_event *e) {
    const mu_base *b = w->base;
    for (uint32_t u = next_row(b, &e->unit, 0); u != MUSTER_NONE;
         u          = next_row(b, &e->unit, u + 1)) {
        mu_world_unit *unit   = &w->unit[e->unit.resource][u];
        unit->ready_at_ms     = e->ready_at_ms;
        unit->shift_end_at_ms = e->shift_end_at_ms;
        unit->duty_since_ms   = e->duty_since_ms;
        unit->shift_at_ms     = e->time_ms;
    }
    return MUSTER_OK;
}

/* ---- how many ------------------------------------------------------------------------------ */

bool mu_check_crew(mu_check *c) {
    const muster_event *e = c->event;
    uint32_t            u;
    if (e->unit.resource != MUSTER_PEOPLE && e->unit.resource != MUSTER_MACHINE) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "unit.resource is %u; expected people or machine: a vehicle is one, and "
                         "stock is moved (stock_moved)",
                         e->unit.resource);
    }
    if (!check_unit(c, &u) || !mu_check_range(c, "quantity", e->quantity, 0, MUSTER_MAX_QUANTITY)) {
        return false;
    }
    const mu_world_unit *unit = &c->world->unit[e->unit.resource][u];
    const int64_t least = e->unit.resource == MUSTER_PEOPLE ? unit->ordered > 0 : unit->ordered;
    if (e->quantity < least) {
        return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                         "quantity of %s is %lld, but %lld of it are under orders; expected no "
                         "less: cancel or release an order first",
                         MU_SHOW(e->unit.code), (long long)e->quantity, (long long)unit->ordered);
    }
    return mu_check_is_news(c, "the quantity", e->unit.code, unit->crew_at_ms);
}

/* A team goes as a whole: its order is of all who are there. */
static void change_order_of_team(mu_world *w, uint32_t team, int64_t people) {
    for (uint32_t o = 0; o < w->order_count; ++o) {
        mu_world_order *order = &w->order[o];
        if (order->resource != MUSTER_PEOPLE || order->unit != team ||
            muster_order_is_over((muster_order_state)order->state)) {
            continue;
        }
        order->quantity                      = people;
        w->unit[MUSTER_PEOPLE][team].ordered = people;
    }
}

muster_status mu_apply_crew(mu_world *w, const muster_event *e) {
    const uint32_t u    = mu_base_find_unit(w->base, e->unit.resource, e->unit.code, 0);
    mu_world_unit *unit = &w->unit[e->unit.resource][u];
    unit->quantity      = e->quantity;
    unit->crew_at_ms    = e->time_ms;
    if (e->unit.resource == MUSTER_PEOPLE && unit->ordered > 0) {
        change_order_of_team(w, u, e->quantity);
    }
    return MUSTER_OK;
}

/* ---- stock --------------------------------------------------------------------------------- */

/* What is there after it, as far as orders allow. */
static bool check_left(mu_check *c, const muster_event_unit *stock, uint32_t row, int64_t change) {
    const mu_world_unit *unit = &c->world->unit[MUSTER_ITEM][row];
    if (unit->quantity + change < unit->ordered) {
        return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                         "%lld of %s leave %s, which has %lld, %lld of them under orders; expected "
                         "no more than are free",
                         (long long)-change, MU_SHOW(stock->kind), MU_SHOW(stock->code),
                         (long long)unit->quantity, (long long)unit->ordered);
    }
    if (unit->quantity + change <= MUSTER_MAX_QUANTITY) return true;
    return mu_refuse(c, MUSTER_EVENT_CONFLICT,
                     "%lld of %s come to %s, which has %lld; expected no more than %lld in all",
                     (long long)change, MU_SHOW(stock->kind), MU_SHOW(stock->code),
                     (long long)unit->quantity, (long long)MUSTER_MAX_QUANTITY);
}

static muster_event_unit destination_of(const muster_event *e) {
    return (muster_event_unit){MUSTER_ITEM, e->destination, e->unit.kind};
}

static bool check_destination(mu_check *c, uint32_t from) {
    const muster_event     *e  = c->event;
    const muster_event_unit to = destination_of(e);
    uint32_t                row;
    if (e->quantity > 0) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "quantity is %lld with a destination; expected a negative one: so much "
                         "leaves for it",
                         (long long)e->quantity);
    }
    if (!mu_check_find_unit(c, &to, &row)) return false;
    if (row == from) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "destination is %s itself; expected another one",
                         MU_SHOW(to.code));
    }
    return mu_check_is_over(c, c->world->base->unit[MUSTER_ITEM][row].authority, "warehouse",
                            to.code) &&
           check_left(c, &to, row, -e->quantity);
}

bool mu_check_stock(mu_check *c) {
    const muster_event *e = c->event;
    uint32_t            row;
    if (e->unit.resource != MUSTER_ITEM) {
        return mu_refuse(c, MUSTER_EVENT_WRONG,
                         "unit.resource is %u; expected item: the stock of a warehouse",
                         e->unit.resource);
    }
    if (e->quantity == 0) {
        return mu_refuse(c, MUSTER_EVENT_WRONG, "quantity is 0; expected what comes or leaves");
    }
    return check_unit(c, &row) &&
           mu_check_range(c, "quantity", e->quantity, -MUSTER_MAX_QUANTITY, MUSTER_MAX_QUANTITY) &&
           check_left(c, &e->unit, row, e->quantity) &&
           (!e->destination || check_destination(c, row));
}

static void change_stock(mu_world *w, const muster_event_unit *stock, int64_t change,
                         int64_t time_ms) {
    const uint32_t row  = mu_base_find_unit(w->base, MUSTER_ITEM, stock->code,
                                            mu_base_find_kind(w->base, stock->kind));
    mu_world_unit *unit = &w->unit[MUSTER_ITEM][row];
    unit->quantity += change;
    if (time_ms > unit->crew_at_ms) unit->crew_at_ms = time_ms;
}

muster_status mu_apply_stock(mu_world *w, const muster_event *e) {
    change_stock(w, &e->unit, e->quantity, e->time_ms);
    if (e->destination) {
        const muster_event_unit to = destination_of(e);
        change_stock(w, &to, -e->quantity, e->time_ms);
    }
    return MUSTER_OK;
}
