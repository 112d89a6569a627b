/* A team or a vehicle has one order at most, so that is either the same or another one. Of a pool, as many
 * orders to a need go on as what is planned has room for, the first first; the rest of it is new.
 * A trip goes on with the same vehicle from the same warehouse to the same incident; one that has only been
 * told, with the same load. One that has been accepted has on board what it has. */
#include "session/moves.h"

#include <string.h>

typedef struct matching {
    const mu_situation      *s;
    const muster_assignment *assignment;
    const muster_shipment   *shipment;
    uint32_t                 assignment_count, shipment_count;
    bool                    *is_taken;       /* by s->order: it goes on */
    uint32_t                *first_sent;     /* by shipment: its first assignment */
    uint32_t *of_unit[MUSTER_VEHICLE + 1];   /* orders of teams and vehicles, by unit */
    uint32_t *of_row[MUSTER_RESOURCE_COUNT]; /* of pools, by row: the first order */
    uint32_t *next_of_row;                   /* by order: the next */
    mu_moves *to;
} matching;

static bool is_trip(const mu_situation_order *o) {
    return o->resource == MUSTER_VEHICLE && o->kind == MUSTER_NONE;
}

static void go_on(matching *m, uint32_t order, uint32_t assignment) {
    m->is_taken[order] = true;
    if (m->to->order_of[assignment] == MUSTER_NONE) m->to->order_of[assignment] = order;
}

/* ---- teams, vehicles and pools ------------------------------------------------------------------------ */

static void match_whole(matching *m, mu_move *move) {
    const uint32_t            at    = m->of_unit[move->resource][move->unit];
    const mu_situation_order *order = at == MUSTER_NONE ? NULL : &m->s->order[at];
    if (!order) return;
    if (order->need == move->need && !is_trip(order)) {
        move->carried = move->planned;
        go_on(m, at, move->assignment);
    } else {
        move->order = at;
    }
}

static void match_pool(matching *m, mu_move *move, uint32_t row) {
    const mu_situation *s = m->s;
    for (uint32_t i = m->of_row[move->resource][row]; i != MUSTER_NONE; i = m->next_of_row[i]) {
        const mu_situation_order *order = &s->order[i];
        if (order->need != move->need || move->carried + order->quantity > move->planned) continue;
        move->carried += order->quantity;
        go_on(m, i, move->assignment);
    }
}

static bool goes_whole(uint8_t resource) {
    return resource == MUSTER_PEOPLE || resource == MUSTER_VEHICLE;
}

static void add_assignment(matching *m, uint32_t a) {
    const muster_assignment *sent = &m->assignment[a];
    mu_move                 *move = &m->to->move[m->to->count];
    if (sent->shipment != MUSTER_NONE) return;
    *move             = (mu_move){.resource   = sent->resource,
                                  .unit       = m->s->row[sent->resource][sent->index].unit,
                                  .incident   = m->s->problem.need[sent->need].incident,
                                  .need       = sent->need,
                                  .assignment = a,
                                  .shipment   = MUSTER_NONE,
                                  .planned    = sent->quantity,
                                  .order      = MUSTER_NONE,
                                  .is_locked  = sent->locked > 0};
    m->to->move_of[a] = m->to->count++;
    if (goes_whole(sent->resource)) {
        match_whole(m, move);
    } else {
        match_pool(m, move, sent->index);
    }
}

/* ---- trips ------------------------------------------------------------------------------------------- */

/* The part of a trip that brings what an assignment does; MUSTER_NONE: none. */
static uint32_t find_part(const matching *m, const mu_situation_order *trip,
                          const muster_assignment *a) {
    const mu_situation *s = m->s;
    uint32_t            i = trip->part;
    while (i != MUSTER_NONE && (s->order[i].need != a->need ||
                                s->order[i].unit != s->row[MUSTER_ITEM][a->index].unit)) {
        i = s->order[i].part;
    }
    return i;
}

static uint32_t count_parts(const mu_situation *s, const mu_situation_order *trip) {
    uint32_t count = 0;
    for (uint32_t i = trip->part; i != MUSTER_NONE; i = s->order[i].part) ++count;
    return count;
}

/* Does the shipment take what is on board of the trip's vehicle? */
static bool has_on_board(const mu_situation *s, const mu_situation_order *trip, uint32_t stock) {
    const uint64_t            number = s->row[MUSTER_ITEM][stock].order;
    const mu_situation_order *part   = number > 0 ? mu_situation_find_order(s, number) : NULL;
    return part && part->trip == trip->number;
}

/* The same load, to the last of it. */
static bool is_same_load(const matching *m, const mu_situation_order *trip, uint32_t shipment) {
    uint32_t count = 0;
    for (uint32_t a = m->first_sent[shipment]; a != MUSTER_NONE; a = m->to->next[a]) {
        const uint32_t part = find_part(m, trip, &m->assignment[a]);
        if (part == MUSTER_NONE) return false;
        if (m->s->order[part].quantity != m->assignment[a].quantity) return false;
        ++count;
    }
    return count == count_parts(m->s, trip);
}

static bool is_same_trip(const matching *m, const mu_situation_order *trip, uint32_t shipment) {
    const muster_shipment *made = &m->shipment[shipment];
    if (!is_trip(trip) || trip->incident != made->incident) return false;
    return has_on_board(m->s, trip, made->stock) || is_same_load(m, trip, shipment);
}

static void add_shipment(matching *m, uint32_t shipment) {
    const muster_shipment *made  = &m->shipment[shipment];
    const uint32_t         unit  = m->s->row[MUSTER_VEHICLE][made->vehicle].unit;
    const uint32_t         order = m->of_unit[MUSTER_VEHICLE][unit];
    const bool goes_on = order != MUSTER_NONE && is_same_trip(m, &m->s->order[order], shipment);
    mu_move   *move    = &m->to->move[m->to->count];
    *move              = (mu_move){.resource   = MUSTER_VEHICLE,
                                   .unit       = unit,
                                   .incident   = made->incident,
                                   .need       = MUSTER_NONE,
                                   .assignment = m->first_sent[shipment],
                                   .shipment   = shipment,
                                   .planned    = 1,
                                   .carried    = goes_on,
                                   .order      = goes_on ? MUSTER_NONE : order};
    for (uint32_t a = move->assignment; a != MUSTER_NONE; a = m->to->next[a]) {
        const muster_assignment *sent = &m->assignment[a];
        m->to->move_of[a]             = m->to->count;
        move->is_locked |= sent->locked > 0;
        if (goes_on) m->to->order_of[a] = find_part(m, &m->s->order[order], sent);
        if (goes_on && m->to->order_of[a] == MUSTER_NONE) m->to->order_of[a] = order;
    }
    if (goes_on) m->is_taken[order] = true;
    ++m->to->count;
}

/* ---- fates ------------------------------------------------------------------------------------------- */

static const char *kind_of(const mu_situation *s, const mu_situation_order *order) {
    return order->kind == MUSTER_NONE ? "" : s->base->kind[order->kind].code;
}

/* Does the planner say that it could not stay? */
static bool could_not_stay(const mu_situation *s, const mu_situation_order *order, uint32_t count,
                           const muster_change *change) {
    for (uint32_t c = 0; c < count; ++c) {
        if (change[c].reason <= MUSTER_BECAUSE_UNFIT && change[c].resource == order->resource &&
            change[c].index == order->row && change[c].incident_before && change[c].kind_before &&
            strcmp(change[c].incident_before, order->incident_code) == 0 &&
            strcmp(change[c].kind_before, kind_of(s, order)) == 0) {
            return true;
        }
    }
    return false;
}

/* A trip ends when a part of it could not stay. */
static bool trip_could_not_stay(const mu_situation *s, const mu_situation_order *trip,
                                uint32_t count, const muster_change *change) {
    for (uint32_t i = 0; i < s->order_count; ++i) {
        if (s->order[i].trip == trip->number && could_not_stay(s, &s->order[i], count, change)) {
            return true;
        }
    }
    return false;
}

/* What is on board of a vehicle that goes nowhere is nobody's to decide here. */
static bool is_stuck(const mu_situation_order *order) {
    return order->is_loaded && order->row == MUSTER_NONE;
}

static mu_fate fate_of(const matching *m, uint32_t i, uint32_t count, const muster_change *change) {
    const mu_situation_order *order = &m->s->order[i];
    if (m->is_taken[i] || order->state == MUSTER_ORDER_ON_SCENE || is_stuck(order)) {
        return MU_FATE_GOES_ON;
    }
    if (!order->is_in_past) return MU_FATE_ENDS;
    const bool is_over = is_trip(order) ? trip_could_not_stay(m->s, order, count, change)
                                        : could_not_stay(m->s, order, count, change);
    return is_over ? MU_FATE_ENDS : MU_FATE_MAKES_WAY;
}

static void find_fates(matching *m, uint32_t count, const muster_change *change) {
    const mu_situation *s = m->s;
    for (uint32_t i = 0; i < s->order_count; ++i) {
        if (s->order[i].trip != 0) continue;
        m->to->fate[i] = (uint8_t)fate_of(m, i, count, change);
        for (uint32_t k = is_trip(&s->order[i]) ? s->order[i].part : MUSTER_NONE; k != MUSTER_NONE;
             k          = s->order[k].part) {
            m->to->fate[k] = m->to->fate[i];
        }
    }
}

/* ---- who is where --------------------------------------------------------------------------------------- */

static uint32_t row_count(const muster_problem *p, unsigned resource) {
    const uint32_t COUNT[] = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    return COUNT[resource];
}

static muster_status take_none(mu_arena *arena, uint32_t **out, size_t count) {
    MU_TRY(mu_arena_take(arena, out, count, sizeof **out));
    for (size_t i = 0; i < count; ++i) (*out)[i] = MUSTER_NONE;
    return MUSTER_OK;
}

/* Backwards, so that the first is found first. */
static muster_status index_orders(matching *m, mu_arena *arena) {
    const mu_situation *s = m->s;
    for (unsigned r = 0; r <= MUSTER_VEHICLE; ++r) {
        MU_TRY(take_none(arena, &m->of_unit[r], s->base->unit_count[r]));
    }
    for (unsigned r = MUSTER_MACHINE; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(take_none(arena, &m->of_row[r], row_count(&s->problem, r)));
    }
    MU_TRY(take_none(arena, &m->next_of_row, s->order_count));
    for (uint32_t i = s->order_count; i-- > 0;) {
        const mu_situation_order *o = &s->order[i];
        if (goes_whole(o->resource)) {
            m->of_unit[o->resource][o->unit] = i;
        } else if (o->trip == 0 && o->row != MUSTER_NONE) {
            m->next_of_row[i]              = m->of_row[o->resource][o->row];
            m->of_row[o->resource][o->row] = i;
        }
    }
    return MUSTER_OK;
}

static muster_status index_shipments(matching *m, mu_arena *arena) {
    MU_TRY(take_none(arena, &m->first_sent, m->shipment_count));
    MU_TRY(take_none(arena, &m->to->next, m->assignment_count));
    for (uint32_t a = m->assignment_count; a-- > 0;) {
        const uint32_t shipment = m->assignment[a].shipment;
        if (shipment == MUSTER_NONE) continue;
        m->to->next[a]          = m->first_sent[shipment];
        m->first_sent[shipment] = a;
    }
    return MUSTER_OK;
}

muster_status mu_moves_find(mu_moves *out, mu_arena *arena, const mu_situation *s,
                            const muster_plan *plan, uint32_t change_count,
                            const muster_change *change) {
    matching m   = {.s = s, .to = out};
    m.assignment = muster_plan_assignments(plan, &m.assignment_count);
    m.shipment   = muster_plan_shipments(plan, &m.shipment_count);
    *out         = (mu_moves){0};
    MU_TRY(mu_arena_take(arena, &out->move, m.assignment_count + (size_t)m.shipment_count,
                         sizeof *out->move));
    MU_TRY(take_none(arena, &out->move_of, m.assignment_count));
    MU_TRY(take_none(arena, &out->order_of, m.assignment_count));
    MU_TRY(mu_arena_take(arena, &out->fate, s->order_count, sizeof *out->fate));
    MU_TRY(mu_arena_take(arena, &m.is_taken, s->order_count, sizeof *m.is_taken));
    MU_TRY(index_orders(&m, arena));
    MU_TRY(index_shipments(&m, arena));
    for (uint32_t a = 0; a < m.assignment_count; ++a) add_assignment(&m, a);
    for (uint32_t i = 0; i < m.shipment_count; ++i) add_shipment(&m, i);
    find_fates(&m, change_count, change);
    return MUSTER_OK;
}
