/* What orders have sent is the plan before: a planner keeps of it what can stay (muster/replan.h). Orders
 * whose unit or need is not in the problem are not in it either. */
#include <string.h>

#include "core/alloc.h"
#include "session/situation_build.h"

/* What is sent of one row of a pool is strung together, the latest first. */
typedef struct sent {
    uint32_t *last[MUSTER_RESOURCE_COUNT]; /* of machines and items, by row; MUSTER_NONE: nothing */
    uint32_t *before;                      /* by assignment: the one before of its row */
} sent;

static bool is_pool(unsigned resource) {
    return resource == MUSTER_MACHINE || resource == MUSTER_ITEM;
}

static muster_status sent_init(sent *of, const mu_situation *s) {
    *of = (sent){0};
    MU_TRY(mu_alloc(&of->before, s->order_count, sizeof *of->before));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (!is_pool(r)) continue;
        const uint32_t rows = muster_problem_unit_count(&s->problem, (muster_resource)r);
        MU_TRY(mu_alloc(&of->last[r], rows, sizeof *of->last[r]));
        for (uint32_t i = 0; i < rows; ++i) of->last[r][i] = MUSTER_NONE;
    }
    return MUSTER_OK;
}

static void sent_fini(sent *of) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(of->last[r]);
    mu_free(of->before);
}

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
static muster_assignment *find_same(mu_situation *s, const sent *of,
                                    const muster_assignment *made) {
    if (!is_pool(made->resource) || made->shipment != MUSTER_NONE) return NULL;
    uint32_t i = of->last[made->resource][made->index];
    while (i != MUSTER_NONE && s->past[i].need != made->need) i = of->before[i];
    return i == MUSTER_NONE ? NULL : &s->past[i];
}

static void add(mu_situation *s, sent *of, const muster_assignment *made) {
    const uint32_t at = s->past_count++;
    s->past[at]       = *made;
    if (!is_pool(made->resource)) return;
    of->before[at]                        = of->last[made->resource][made->index];
    of->last[made->resource][made->index] = at;
}

static void send(mu_build *b, sent *of, mu_situation_order *order, uint32_t shipment) {
    mu_situation           *s    = b->s;
    const muster_assignment made = {.resource = order->resource,
                                    .index    = order->row,
                                    .need     = order->need,
                                    .quantity = people_or(b, order),
                                    .eta_ms   = eta_of(b, (uint32_t)(order - s->order)),
                                    .shipment = shipment};
    muster_assignment      *same = find_same(s, of, &made);
    order->is_in_past            = true;
    if (same) {
        same->quantity += made.quantity;
    } else {
        add(s, of, &made);
    }
}

static bool is_there(const mu_situation_order *order) {
    return order->row != MUSTER_NONE && order->need != MUSTER_NONE;
}

/* A trip of which something is still needed. */
static void send_trip(mu_build *b, sent *of, mu_situation_order *trip) {
    mu_situation  *s        = b->s;
    const uint32_t shipment = s->past_shipment_count;
    uint32_t       stock    = MUSTER_NONE;
    if (trip->row == MUSTER_NONE) return;
    for (uint32_t i = trip->part; i != MUSTER_NONE; i = s->order[i].part) {
        mu_situation_order *item = &s->order[i];
        if (!is_there(item)) continue;
        if (stock == MUSTER_NONE) stock = item->row;
        send(b, of, item, shipment);
    }
    if (stock == MUSTER_NONE) return;
    trip->is_in_past = true;
    s->past_shipment[s->past_shipment_count++] =
        (muster_shipment){.vehicle = trip->row, .stock = stock, .incident = trip->incident};
}

static void send_all(mu_build *b, sent *of) {
    mu_situation *s = b->s;
    for (uint32_t i = 0; i < s->order_count; ++i) {
        mu_situation_order *order = &s->order[i];
        if (order->resource == MUSTER_VEHICLE && order->kind == MUSTER_NONE) {
            send_trip(b, of, order);
        } else if (order->trip == 0 && is_there(order)) {
            send(b, of, order, MUSTER_NONE);
        }
    }
}

muster_status mu_build_past(mu_build *b) {
    mu_situation *s = b->s;
    sent          of;
    MU_TRY(mu_arena_take(&s->arena, &s->past, s->order_count, sizeof *s->past));
    MU_TRY(mu_arena_take(&s->arena, &s->past_shipment, s->order_count, sizeof *s->past_shipment));
    const muster_status status = sent_init(&of, s);
    if (status == MUSTER_OK) send_all(b, &of);
    sent_fini(&of);
    return status;
}
