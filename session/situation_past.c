/* What orders have sent is the plan before: a planner keeps of it what can stay (muster/replan.h). Orders
 * whose unit or need is not in the problem are not in it either. */
#include <string.h>

#include "core/alloc.h"
#include "session/situation_build.h"

static int64_t people_or(const mu_build *b, const mu_situation_order *order) {
    return order->resource == MUSTER_PEOPLE ? b->s->team[order->row].people : order->quantity;
}

/* From now, as it was planned. */
static uint32_t eta_of(const mu_build *b, uint32_t order) {
    const int64_t eta_at_ms = b->world->order[b->world_order[order]].eta_at_ms;
    const int64_t ahead_ms  = eta_at_ms > b->s->now_ms ? eta_at_ms - b->s->now_ms : 0;
    return ahead_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)ahead_ms : MUSTER_UNREACHABLE_MS - 1;
}

/* What one row of a pool sends to one need is one assignment, by however many orders. */
static muster_assignment *find_same(mu_situation *s, const muster_assignment *made) {
    const bool is_pool = made->resource == MUSTER_MACHINE || made->resource == MUSTER_ITEM;
    for (uint32_t i = s->past_count; is_pool && made->shipment == MUSTER_NONE && i-- > 0;) {
        muster_assignment *a = &s->past[i];
        if (a->resource == made->resource && a->index == made->index && a->need == made->need) {
            return a;
        }
    }
    return NULL;
}

static void send(mu_build *b, mu_situation_order *order, uint32_t shipment) {
    mu_situation           *s    = b->s;
    const muster_assignment made = {.resource = order->resource,
                                    .index    = order->row,
                                    .need     = order->need,
                                    .quantity = people_or(b, order),
                                    .eta_ms   = eta_of(b, (uint32_t)(order - s->order)),
                                    .shipment = shipment};
    muster_assignment      *same = find_same(s, &made);
    order->is_in_past            = true;
    if (same) {
        same->quantity += made.quantity;
    } else {
        s->past[s->past_count++] = made;
    }
}

static bool is_there(const mu_situation_order *order) {
    return order->row != MUSTER_NONE && order->need != MUSTER_NONE;
}

/* A trip of which something is still needed. */
static void send_trip(mu_build *b, mu_situation_order *trip) {
    mu_situation  *s        = b->s;
    const uint32_t shipment = s->past_shipment_count;
    uint32_t       stock    = MUSTER_NONE;
    if (trip->row == MUSTER_NONE) return;
    for (uint32_t i = trip->part; i != MUSTER_NONE; i = s->order[i].part) {
        mu_situation_order *item = &s->order[i];
        if (!is_there(item)) continue;
        if (stock == MUSTER_NONE) stock = item->row;
        send(b, item, shipment);
    }
    if (stock == MUSTER_NONE) return;
    trip->is_in_past = true;
    s->past_shipment[s->past_shipment_count++] =
        (muster_shipment){.vehicle = trip->row, .stock = stock, .incident = trip->incident};
}

muster_status mu_build_past(mu_build *b) {
    mu_situation *s = b->s;
    MU_TRY(mu_arena_take(&s->arena, &s->past, s->order_count, sizeof *s->past));
    MU_TRY(mu_arena_take(&s->arena, &s->past_shipment, s->order_count, sizeof *s->past_shipment));
    for (uint32_t i = 0; i < s->order_count; ++i) {
        mu_situation_order *order = &s->order[i];
        if (order->resource == MUSTER_VEHICLE && order->kind == MUSTER_NONE) {
            send_trip(b, order);
        } else if (order->trip == 0 && is_there(order)) {
            send(b, order, MUSTER_NONE);
        }
    }
    return MUSTER_OK;
}
