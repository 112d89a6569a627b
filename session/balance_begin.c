/* What has become of a plan since it was made: each of its moves by itself, and the orders that there are.
 * The world may have changed, others may have ordered, and not everybody may decide all of it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/balance_move.h"

enum { MESSAGE_BYTES = 300 };

muster_status mu_balance_leave_out(mu_balance *b, uint32_t move, muster_skip skip,
                                   const char *format, ...) {
    char    text[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    b->move[move].is_given = false;
    b->move[move].skip     = (uint8_t)skip;
    return mu_arena_text(b->arena, &b->move[move].message, text);
}

const char *mu_balance_code(const mu_balance *b, const mu_move *m) {
    return mu_balance_situation(b)->base->unit[m->resource][m->unit].code;
}

const char *mu_balance_incident_code(const mu_balance *b, const mu_move *m) {
    return mu_balance_situation(b)->problem.incident[m->incident].code;
}

const mu_world_need *mu_balance_need(const mu_balance *b, uint32_t row) {
    const muster_need       *need     = &mu_balance_situation(b)->problem.need[row];
    const mu_world_incident *incident = b->incident[need->incident];
    for (uint32_t n = 0; incident && n < incident->need_count; ++n) {
        if (incident->need[n].kind == need->kind) return &incident->need[n];
    }
    return NULL;
}

int64_t mu_balance_missing(const mu_balance *b, uint32_t row) {
    const mu_world_need *need = mu_balance_need(b, row);
    return need && need->quantity > need->delivered ? need->quantity - need->delivered : 0;
}

/* ---- what has changed since ------------------------------------------------------------------ */

static void find_incidents(mu_balance *b) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        const uint32_t at        = mu_world_find_incident(b->world, p->incident[i].code);
        const bool     is_closed = at == MUSTER_NONE || b->world->incident[at].closed_at_ms != 0;
        b->incident[i]           = is_closed ? NULL : &b->world->incident[at];
    }
}

/* Nothing that is not asked for any more is ordered; what is asked for besides has to be planned for. */
static void ask_again(mu_balance *b) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t now = mu_balance_missing(b, n);
        b->asked[n]       = now < p->need[n].quantity ? now : p->need[n].quantity;
    }
}

/* What has been ordered since by others, or by the same plan before. */
static void count_since(mu_balance *b) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t i = b->world->order_count; i-- > 0;) {
        const mu_world_order *o = &b->world->order[i];
        if (o->number <= s->order_last) return;
        const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (muster_order_is_over((muster_order_state)o->state) || is_handed_over) continue;
        const char *incident = b->world->incident[o->incident].code;
        for (uint32_t n = 0; n < s->problem.need_count; ++n) {
            const muster_need *need = &s->problem.need[n];
            if (need->kind == o->need &&
                strcmp(s->problem.incident[need->incident].code, incident) == 0) {
                b->since[n] += o->quantity;
            }
        }
    }
}

/* An order of the situation as it is now; NULL: it is over. */
static const mu_world_order *order_now(const mu_balance *b, uint32_t order) {
    const mu_world_order *o =
        mu_world_find_order(b->world, mu_balance_situation(b)->order[order].number);
    return o && !muster_order_is_over((muster_order_state)o->state) ? o : NULL;
}

static bool may_decide(const mu_base *base, uint32_t authority, uint32_t unit, uint32_t incident) {
    return mu_base_is_over(base, authority, incident) || mu_base_is_over(base, authority, unit);
}

/* What the plan would take back, it has seen in another state: nobody who has accepted since is asked to
 * turn round because he was cheap when he had not. */
static void look_at_orders(mu_balance *b, uint32_t authority) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const mu_world_order *now = order_now(b, i);
        b->is_lost[i]             = !now;
        if (!now) continue;
        b->quantity[i]          = now->quantity;
        const uint32_t unit     = s->base->unit[now->resource][now->unit].authority;
        const uint32_t incident = b->world->incident[now->incident].authority;
        b->may_end[i] = now->state == s->order[i].state && now->state < MUSTER_ORDER_ON_SCENE &&
                        may_decide(s->base, authority, unit, incident);
        const mu_fate fate = (mu_fate)b->plan->moves.fate[i];
        b->is_back[i]      = fate != MU_FATE_GOES_ON && b->may_end[i];
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const mu_situation_order *trip =
            s->order[i].trip > 0 ? mu_situation_find_order(s, s->order[i].trip) : NULL;
        if (trip) b->is_back[i] = b->is_back[trip - s->order] && !b->is_lost[i];
    }
}

/* ---- one move by itself ---------------------------------------------------------------------- */

/* When it is there, and when it departs. */
static void times_of(const mu_balance *b, const mu_move *m, int64_t *depart_at_ms,
                     int64_t *eta_at_ms) {
    uint32_t                 count;
    const int64_t            at_ms        = mu_balance_situation(b)->now_ms;
    const muster_assignment *a            = muster_plan_assignments(b->plan->plan, &count);
    const muster_shipment   *s            = muster_plan_shipments(b->plan->plan, &count);
    const bool               is_trip_move = m->shipment != MUSTER_NONE;
    *depart_at_ms = at_ms + (is_trip_move ? s[m->shipment].depart_ms : a[m->assignment].depart_ms);
    *eta_at_ms    = at_ms + (is_trip_move ? s[m->shipment].eta_ms : a[m->assignment].eta_ms);
}

static bool is_too_poor(const mu_balance *b, const mu_move *m) {
    if (m->resource != MUSTER_PEOPLE) return false;
    const mu_world_need *need  = mu_balance_need(b, m->need);
    const uint32_t       grade = mu_balance_situation(b)->base->unit[MUSTER_PEOPLE][m->unit].grade;
    return need && need->grade > 0 && (grade == 0 || grade > need->grade);
}

static muster_status look_at_unit(mu_balance *b, uint32_t move) {
    const mu_move           *m        = mu_balance_move(b, move);
    const mu_world_unit     *unit     = &b->world->unit[m->resource][m->unit];
    const mu_world_incident *incident = b->incident[m->incident];
    int64_t                  depart_at_ms, eta_at_ms;
    times_of(b, m, &depart_at_ms, &eta_at_ms);
    if (!incident) {
        return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                    "incident \"%s\" is closed by now",
                                    mu_balance_incident_code(b, m));
    }
    if (is_too_poor(b, m)) {
        return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                    "\"%s\" asks for better teams than \"%s\" by now",
                                    mu_balance_incident_code(b, m), mu_balance_code(b, m));
    }
    if (unit->shift_end_at_ms != 0 &&
        eta_at_ms + (int64_t)incident->on_scene_ms > unit->shift_end_at_ms) {
        return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                    "the shift of \"%s\" ends before it is free again",
                                    mu_balance_code(b, m));
    }
    if (unit->ready_at_ms > depart_at_ms) {
        return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                    "\"%s\" is ready later than when it was to depart",
                                    mu_balance_code(b, m));
    }
    return MUSTER_OK;
}

/* Whose consent it takes, or who commands there; MUSTER_NONE: nobody in particular. */
static uint32_t decider(const mu_base *base, uint32_t unit, uint32_t incident) {
    const uint32_t over = mu_base_consent(base, unit, incident);
    if (over != MUSTER_NONE) return over;
    return incident != MUSTER_NONE ? incident : unit;
}

static muster_status ask_for_consent(mu_balance *b, uint32_t move, uint32_t authority,
                                     uint8_t resource, uint32_t unit) {
    const mu_move *m    = mu_balance_move(b, move);
    const mu_base *base = mu_balance_situation(b)->base;
    const uint32_t over = decider(base, base->unit[resource][unit].authority,
                                  mu_balance_situation(b)->problem.incident[m->incident].authority);
    if (mu_base_is_over(base, authority, over)) return MUSTER_OK;
    return mu_balance_leave_out(b, move, MUSTER_SKIP_CONSENT,
                                "to send \"%s\" to \"%s\" takes the word of \"%s\"",
                                base->unit[resource][unit].code, mu_balance_incident_code(b, m),
                                base->authority[over].code);
}

/* Of a trip, for each thing on it. */
static muster_status ask_for_consents(mu_balance *b, uint32_t move, uint32_t authority) {
    const mu_move           *m = mu_balance_move(b, move);
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(b->plan->plan, &count);
    MU_TRY(ask_for_consent(b, move, authority, m->resource, m->unit));
    for (uint32_t i = m->assignment; m->shipment != MUSTER_NONE && i != MUSTER_NONE;
         i          = b->plan->moves.next[i]) {
        if (!b->move[move].is_given) return MUSTER_OK;
        MU_TRY(ask_for_consent(b, move, authority, MUSTER_ITEM,
                               mu_balance_situation(b)->row[MUSTER_ITEM][a[i].index].unit));
    }
    return MUSTER_OK;
}

static muster_status look_at_move(mu_balance *b, uint32_t move, uint32_t authority) {
    const mu_move *m       = mu_balance_move(b, move);
    b->move[move].quantity = m->planned - m->carried;
    b->move[move].is_given = m->planned > m->carried;
    b->move[move].skip     = MUSTER_SKIP_CARRIED_ON;
    if (!b->move[move].is_given) return MUSTER_OK;
    if (m->resource == MUSTER_PEOPLE) { /* all who are in the team by now */
        b->move[move].quantity = b->world->unit[MUSTER_PEOPLE][m->unit].quantity;
    }
    MU_TRY(ask_for_consents(b, move, authority));
    return b->move[move].is_given ? look_at_unit(b, move) : MUSTER_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

muster_status mu_balance_refuse(mu_balance *b, uint32_t move, muster_skip skip,
                                const char *message) {
    return mu_balance_leave_out(b, move, skip, "%s", message);
}

static muster_status fill(mu_balance *b, uint32_t authority) {
    const mu_situation *s     = mu_balance_situation(b);
    const uint32_t      moves = b->plan->moves.count;
    MU_TRY(mu_alloc(&b->incident, s->problem.incident_count, sizeof(const mu_world_incident *)));
    MU_TRY(mu_alloc(&b->asked, s->problem.need_count, sizeof *b->asked));
    MU_TRY(mu_alloc_zeroed(&b->since, s->problem.need_count, sizeof *b->since));
    MU_TRY(mu_alloc_zeroed(&b->move, moves, sizeof *b->move));
    MU_TRY(mu_alloc_zeroed(&b->quantity, s->order_count, sizeof *b->quantity));
    MU_TRY(mu_alloc_zeroed(&b->is_back, s->order_count, sizeof *b->is_back));
    MU_TRY(mu_alloc_zeroed(&b->is_lost, s->order_count, sizeof *b->is_lost));
    MU_TRY(mu_alloc_zeroed(&b->may_end, s->order_count, sizeof *b->may_end));
    find_incidents(b);
    ask_again(b);
    count_since(b);
    look_at_orders(b, authority);
    for (uint32_t k = 0; k < moves; ++k) MU_TRY(look_at_move(b, k, authority));
    return MUSTER_OK;
}

muster_status mu_balance_init(mu_balance *out, const muster_session_plan *plan,
                              const mu_world *world, uint32_t authority, mu_arena *arena) {
    *out                       = (mu_balance){.plan = plan, .world = world, .arena = arena};
    const muster_status status = fill(out, authority);
    if (status != MUSTER_OK) mu_balance_fini(out);
    return status;
}

void mu_balance_fini(mu_balance *b) {
    mu_free(b->incident);
    mu_free(b->asked);
    mu_free(b->since);
    mu_free(b->move);
    mu_free(b->quantity);
    mu_free(b->is_back);
    mu_free(b->is_lost);
    mu_free(b->may_end);
    *b = (mu_balance){0};
}
