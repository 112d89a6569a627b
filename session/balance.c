/* A plan is good as a whole. Where part of it cannot be ordered (somebody else has to consent, something
 * has changed, only so many orders may be taken back at once), the rest has to make sense by itself, and
 * be no worse than what is ordered already:
 *
 * - who is not sent where the plan has him keeps the order that he has;
 * - where an order stays, nobody comes in its place;
 * - an order is not taken back from a need that would then have less than both before and as planned;
 * - what falls short of a minimum, or of an incident's all, or has nobody to operate it, is not sent.
 *
 * Each of these only ever leaves more out or keeps more, so doing them again and again until nothing
 * changes comes to an end. Orders whose taking back gains most go first. What commanders have locked is
 * sent, whatever it comes with, like in the optimizer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "session/balance_move.h"

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* ---- how much there is ----------------------------------------------------------------------- */

/* By need: what orders bring that go on, stay, or are newer than the plan; what is given besides. */
static void count_orders(const mu_balance *b, int64_t *have) {
    const mu_situation *s = mu_balance_situation(b);
    memcpy(have, b->since, s->problem.need_count * sizeof *have);
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const mu_situation_order *o = &s->order[i];
        const bool is_handed_over = o->resource == MUSTER_ITEM && o->state == MUSTER_ORDER_ON_SCENE;
        if (o->need == MUSTER_NONE || b->is_lost[i] || b->is_back[i] || is_handed_over) continue;
        have[o->need] += b->quantity[i];
    }
}

static void count_move(const mu_balance *b, uint32_t move, int64_t *have) {
    const mu_move *m = mu_balance_move(b, move);
    if (m->shipment == MUSTER_NONE) {
        have[m->need] += b->move[move].quantity;
        return;
    }
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(b->plan->plan, &count);
    for (uint32_t i = m->assignment; i != MUSTER_NONE; i = b->plan->moves.next[i]) {
        have[a[i].need] += a[i].quantity;
    }
}

static void count_all(const mu_balance *b, int64_t *have) {
    count_orders(b, have);
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        if (b->move[k].is_given) count_move(b, k, have);
    }
}

/* ---- who keeps what he has ------------------------------------------------------------------- */

static void stay(mu_balance *b, uint32_t order) {
    const mu_situation *s = mu_balance_situation(b);
    b->is_back[order]     = false;
    if (s->order[order].trip > 0) return;
    for (uint32_t i = s->order[order].part; i != MUSTER_NONE; i = s->order[i].part) {
        b->is_back[i] = false;
    }
}

static bool could_stay(const mu_balance *b, uint32_t order) {
    return b->is_back[order] && b->plan->moves.fate[order] == MU_FATE_MAKES_WAY;
}

/* A team or vehicle does one thing. */
static muster_status keep_own(mu_balance *b, bool *is_changed) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        const uint32_t order = mu_balance_move(b, k)->order;
        if (order == MUSTER_NONE) continue;
        if (!b->move[k].is_given && could_stay(b, order)) {
            stay(b, order);
            *is_changed = true;
        }
        if (!b->move[k].is_given || b->is_back[order] || b->is_lost[order]) continue;
        *is_changed = true;
        MU_TRY(mu_balance_leave_out(
            b, k, b->may_end[order] ? MUSTER_SKIP_KEPT : MUSTER_SKIP_CHANGED,
            "\"%s\" keeps order %" PRIu64 " to \"%s\"", mu_balance_code(b, mu_balance_move(b, k)),
            s->order[order].number, s->order[order].incident_code));
    }
    return MUSTER_OK;
}

/* ---- room and supply ------------------------------------------------------------------------- */

/* What of pools and stocks is free now, with what is taken back. */
static void count_free(const mu_balance *b, uint8_t resource, int64_t *free_quantity) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t u = 0; u < s->base->unit_count[resource]; ++u) {
        const mu_world_unit *unit = &b->world->unit[resource][u];
        free_quantity[u]          = unit->quantity - unit->ordered;
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        if (s->order[i].resource == resource && b->is_back[i] && !b->is_lost[i]) {
            free_quantity[s->order[i].unit] += b->quantity[i];
        }
    }
}

typedef struct stores {
    int64_t *have;     /* by need */
    bool    *is_tight; /* by need: less is missing than was planned for */
    int64_t *free_quantity[MUSTER_RESOURCE_COUNT]; /* of machines and items, by unit */
} stores;

/* Where an order stays that should have gone, or less is asked for by now. Elsewhere the plan knows what
 * it does: it may send more people than are asked for, because the first are there sooner. */
static void find_tight(const mu_balance *b, bool *is_tight) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t n = 0; n < s->problem.need_count; ++n) {
        is_tight[n] = b->since[n] > 0 || b->asked[n] < s->problem.need[n].quantity;
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const bool stays = !b->is_back[i] && !b->is_lost[i];
        if (stays && b->plan->moves.fate[i] != MU_FATE_GOES_ON && s->order[i].need != MUSTER_NONE) {
            is_tight[s->order[i].need] = true;
        }
    }
}

/* Is there all that a trip is to bring, and is any of it still asked for? */
static bool can_ship(const mu_balance *b, const mu_move *m, const stores *st) {
    uint32_t                 count;
    const muster_assignment *a        = muster_plan_assignments(b->plan->plan, &count);
    bool                     is_asked = m->is_locked;
    for (uint32_t i = m->assignment; i != MUSTER_NONE; i = b->plan->moves.next[i]) {
        const uint32_t unit = mu_balance_situation(b)->row[MUSTER_ITEM][a[i].index].unit;
        if (st->free_quantity[MUSTER_ITEM][unit] < a[i].quantity) return false;
        is_asked |= !st->is_tight[a[i].need] || st->have[a[i].need] < b->asked[a[i].need];
    }
    return is_asked;
}

static void ship(const mu_balance *b, const mu_move *m, const stores *st) {
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(b->plan->plan, &count);
    for (uint32_t i = m->assignment; i != MUSTER_NONE; i = b->plan->moves.next[i]) {
        st->have[a[i].need] += a[i].quantity;
        st->free_quantity[MUSTER_ITEM]
                         [mu_balance_situation(b)->row[MUSTER_ITEM][a[i].index].unit] -=
            a[i].quantity;
    }
}

/* How much of a move there is room for, and supply. */
static int64_t most_of(const mu_balance *b, uint32_t move, const stores *st) {
    const mu_move *m        = mu_balance_move(b, move);
    const int64_t  wanted   = b->move[move].quantity;
    const bool     is_tight = st->is_tight[m->need] && !m->is_locked;
    const int64_t  room     = is_tight ? b->asked[m->need] - st->have[m->need] : wanted;
    const int64_t *pools    = st->free_quantity[m->resource];
    if (!pools) return room > 0 ? wanted : 0; /* it goes as a whole */
    return least(wanted, least(room, pools[m->unit]));
}

static muster_status give_move(mu_balance *b, uint32_t move, const stores *st, bool *is_changed) {
    const mu_move *m    = mu_balance_move(b, move);
    const int64_t  most = most_of(b, move, st);
    if (most <= 0) {
        const int64_t *pools = st->free_quantity[m->resource];
        *is_changed          = true;
        if (pools && pools[m->unit] <= 0) {
            return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                        "nothing of \"%s\" is free any more",
                                        mu_balance_code(b, m));
        }
        if (b->since[m->need] > 0) {
            return mu_balance_leave_out(b, move, MUSTER_SKIP_CHANGED,
                                        "\"%s\" has what it needs by orders issued since the plan",
                                        mu_balance_incident_code(b, m));
        }
        return mu_balance_leave_out(
            b, move, MUSTER_SKIP_KEPT,
            "nothing is missing at \"%s\" that \"%s\" could still be sent for",
            mu_balance_incident_code(b, m), mu_balance_code(b, m));
    }
    if (most < b->move[move].quantity) *is_changed = true;
    b->move[move].quantity = most;
    st->have[m->need] += most;
    if (st->free_quantity[m->resource]) st->free_quantity[m->resource][m->unit] -= most;
    return MUSTER_OK;
}

/* Moves in the plan's order, each as far as needs and stocks go. */
static muster_status give_in_turn(mu_balance *b, const stores *st, bool *is_changed) {
    find_tight(b, st->is_tight);
    count_orders(b, st->have);
    count_free(b, MUSTER_MACHINE, st->free_quantity[MUSTER_MACHINE]);
    count_free(b, MUSTER_ITEM, st->free_quantity[MUSTER_ITEM]);
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        const mu_move *m = mu_balance_move(b, k);
        if (!b->move[k].is_given) continue;
        if (m->shipment == MUSTER_NONE) {
            MU_TRY(give_move(b, k, st, is_changed));
        } else if (can_ship(b, m, st)) {
            ship(b, m, st);
        } else {
            *is_changed = true;
            MU_TRY(mu_balance_leave_out(
                b, k, MUSTER_SKIP_CHANGED,
                "what \"%s\" was to bring to \"%s\" is not there, or not asked for any more",
                mu_balance_code(b, m), mu_balance_incident_code(b, m)));
        }
    }
    return MUSTER_OK;
}

/* ---- of no use by itself --------------------------------------------------------------------- */

static int64_t minimum_of(const muster_problem *p, uint32_t need) {
    const bool is_whole = p->incident[p->need[need].incident].all_or_nothing;
    return is_whole && p->need[need].minimum == 0 ? p->need[need].quantity : p->need[need].minimum;
}

static bool is_whole_now(const mu_balance *b, uint32_t need) {
    const mu_world_incident *incident =
        b->incident[mu_balance_situation(b)->problem.need[need].incident];
    return incident && incident->all_or_nothing;
}

/* As it is asked for by now. */
static int64_t minimum_now(const mu_balance *b, uint32_t need) {
    const mu_world_need *now     = mu_balance_need(b, need);
    const int64_t        missing = mu_balance_missing(b, need);
    if (missing == 0) return 0;
    if (now->minimum == 0) return is_whole_now(b, need) ? missing : 0;
    return now->minimum > now->delivered ? now->minimum - now->delivered : 1;
}

static bool brings_to(const mu_balance *b, uint32_t move, uint32_t need) {
    const mu_move *m = mu_balance_move(b, move);
    if (m->shipment == MUSTER_NONE) return m->need == need;
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(b->plan->plan, &count);
    for (uint32_t i = m->assignment; i != MUSTER_NONE; i = b->plan->moves.next[i]) {
        if (a[i].need == need) return true;
    }
    return false;
}

/* What is given to a need, or to its whole incident, comes to nothing. */
static muster_status leave_out_all(mu_balance *b, uint32_t need, int64_t minimum, bool is_whole,
                                   bool *is_changed) {
    const muster_problem *p        = &mu_balance_situation(b)->problem;
    const uint32_t        incident = p->need[need].incident;
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        const mu_move *m      = mu_balance_move(b, k);
        const bool     is_one = is_whole ? m->incident == incident : brings_to(b, k, need);
        if (!b->move[k].is_given || !is_one || m->is_locked) continue;
        *is_changed = true;
        MU_TRY(mu_balance_leave_out(b, k, MUSTER_SKIP_USELESS,
                                    "without what is not ordered, \"%s\" has less than the %" PRId64
                                    " of \"%s\" that it needs at least",
                                    p->incident[incident].code, minimum,
                                    p->kind[p->need[need].kind].code));
    }
    return MUSTER_OK;
}

/* Is something asked for that the plan knows nothing of? */
static bool has_new_need(const mu_balance *b, const mu_world_incident *now, uint32_t incident) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    for (uint32_t n = 0; n < now->need_count; ++n) {
        uint32_t known = 0;
        if (now->need[n].quantity <= now->need[n].delivered) continue;
        while (known < p->need_count &&
               (p->need[known].incident != incident || p->need[known].kind != now->need[n].kind)) {
            ++known;
        }
        if (known == p->need_count) return true;
    }
    return false;
}

/* All is more than the plan has thought. */
static muster_status leave_out_incomplete(mu_balance *b, bool *is_changed) {
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        const mu_move *m = mu_balance_move(b, k);
        if (!b->move[k].is_given || m->is_locked) continue;
        const mu_world_incident *now = b->incident[m->incident];
        if (!now->all_or_nothing || !has_new_need(b, now, m->incident)) continue;
        *is_changed = true;
        MU_TRY(mu_balance_leave_out(b, k, MUSTER_SKIP_CHANGED,
                                    "\"%s\" takes all or nothing, and asks for more by now",
                                    mu_balance_incident_code(b, m)));
    }
    return MUSTER_OK;
}

/* A need that has what was planned is as it should be, unless it asks for more by now. */
static muster_status leave_out_useless(mu_balance *b, const stores *st, const int64_t *planned,
                                       bool *is_changed) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    count_all(b, st->have);
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t now   = minimum_now(b, n);
        const int64_t asked = now > minimum_of(p, n) ? now : least(now, planned[n]);
        if (st->have[n] < asked) MU_TRY(leave_out_all(b, n, asked, is_whole_now(b, n), is_changed));
    }
    return MUSTER_OK;
}

/* ---- operators ------------------------------------------------------------------------------- */

/* What some of a unit at an incident adds to the people there, less those that machines keep busy. */
static int64_t hands(const mu_base *base, uint8_t resource, uint32_t unit, int64_t quantity,
                     uint32_t operator_kind) {
    if (resource == MUSTER_PEOPLE) {
        const mu_base_unit *team = &base->unit[MUSTER_PEOPLE][unit];
        return mu_base_has_capability(team, operator_kind) ? quantity : 0;
    }
    if (resource != MUSTER_MACHINE) return 0;
    const muster_kind *kind = &base->kind[base->unit[MUSTER_MACHINE][unit].kind];
    if (kind->operator_count == 0 || kind->operator_kind != operator_kind) return 0;
    return -quantity * kind->operator_count;
}

static int64_t hands_at(const mu_balance *b, uint32_t incident, uint32_t operator_kind) {
    const mu_situation *s   = mu_balance_situation(b);
    int64_t             sum = 0;
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const mu_situation_order *o = &s->order[i];
        if (o->incident != incident || b->is_lost[i] || b->is_back[i]) continue;
        sum += hands(s->base, o->resource, o->unit, b->quantity[i], operator_kind);
    }
    for (uint32_t k = 0; k < b->plan->moves.count; ++k) {
        const mu_move *m = mu_balance_move(b, k);
        if (m->incident != incident || !b->move[k].is_given) continue;
        sum += hands(s->base, m->resource, m->unit, b->move[k].quantity, operator_kind);
    }
    return sum;
}

/* Are fewer people there than the plan has sent? */
static bool lacks_people(const mu_balance *b, const stores *st, const int64_t *planned,
                         uint32_t incident) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].incident == incident && p->kind[p->need[n].kind].resource == MUSTER_PEOPLE &&
            st->have[n] < planned[n]) {
            return true;
        }
    }
    return false;
}

/* The last machines first. */
static muster_status leave_out_unmanned(mu_balance *b, const stores *st, const int64_t *planned,
                                        bool *is_changed) {
    const mu_base *base = mu_balance_situation(b)->base;
    count_all(b, st->have);
    for (uint32_t k = b->plan->moves.count; k-- > 0;) {
        const mu_move *m = mu_balance_move(b, k);
        if (m->resource != MUSTER_MACHINE || !b->move[k].is_given || m->is_locked) continue;
        const muster_kind *kind = &base->kind[base->unit[MUSTER_MACHINE][m->unit].kind];
        if (kind->operator_count == 0 || !lacks_people(b, st, planned, m->incident) ||
            hands_at(b, m->incident, kind->operator_kind) >= 0)
            continue;

        *is_changed = true;
        MU_TRY(mu_balance_leave_out(b, k, MUSTER_SKIP_USELESS,
                                    "nobody is ordered to \"%s\" who could operate more of \"%s\"",
                                    mu_balance_incident_code(b, m), mu_balance_code(b, m)));
    }
    return MUSTER_OK;
}

/* ---- no need is left worse off --------------------------------------------------------------- */

/* By need, of orders that there were, and of the plan. */
static void count_before(const mu_balance *b, int64_t *before) {
    const mu_situation *s = mu_balance_situation(b);
    memset(before, 0, s->problem.need_count * sizeof *before);
    for (uint32_t i = 0; i < s->order_count; ++i) {
        const bool is_handed_over =
            s->order[i].resource == MUSTER_ITEM && s->order[i].state == MUSTER_ORDER_ON_SCENE;
        if (s->order[i].need == MUSTER_NONE || b->is_lost[i] || is_handed_over) continue;
        before[s->order[i].need] += s->order[i].quantity;
    }
}

static void count_planned(const mu_balance *b, int64_t *planned) {
    uint32_t                 count;
    const muster_assignment *a = muster_plan_assignments(b->plan->plan, &count);
    memset(planned, 0, mu_balance_situation(b)->problem.need_count * sizeof *planned);
    for (uint32_t i = 0; i < count; ++i) planned[a[i].need] += a[i].quantity;
}

/* Who leaves a need that has less for it than it should stays there, the last first. */
static bool guard_need(mu_balance *b, uint32_t need) {
    const mu_situation *s = mu_balance_situation(b);
    for (uint32_t i = s->order_count; i-- > 0;) {
        const mu_situation_order *trip =
            s->order[i].trip > 0 ? mu_situation_find_order(s, s->order[i].trip) : NULL;
        const uint32_t whole = trip ? (uint32_t)(trip - s->order) : i;
        if (s->order[i].need != need || !could_stay(b, whole)) continue;
        stay(b, whole);
        return true;
    }
    return false;
}

static void guard(mu_balance *b, const stores *st, const int64_t *before, const int64_t *planned,
                  bool *is_changed) {
    const muster_problem *p = &mu_balance_situation(b)->problem;
    count_all(b, st->have);
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t wanted = least(b->asked[n], least(before[n], planned[n]));
        if (st->have[n] < wanted) *is_changed |= guard_need(b, n);
    }
}

/* ---- no more than so many -------------------------------------------------------------------- */

typedef struct taking_back {
    uint32_t order;
    uint64_t number;
    int64_t  gain;
} taking_back;

static int by_gain(const void *a, const void *b) {
    const taking_back *t = a, *u = b;
    if (t->gain != u->gain) return t->gain > u->gain ? -1 : 1;
    return t->number < u->number ? -1 : t->number > u->number;
}

/* What so much of a need is worth, in the optimizer's units. */
static int64_t worth(const mu_situation *s, uint32_t need, int64_t quantity) {
    const muster_need *n = &s->problem.need[need];
    const int64_t price  = s->base->weights.severity[s->problem.incident[n->incident].severity] *
                          INT64_C(1000000) / n->quantity;
    return (price > 0 ? price : 1) * least(quantity, n->quantity);
}

static int64_t worth_of_order(const mu_situation *s, uint32_t order) {
    int64_t sum = 0;
    for (uint32_t i = order; i != MUSTER_NONE; i = s->order[i].part) {
        if (s->order[i].need != MUSTER_NONE)
            sum += worth(s, s->order[i].need, s->order[i].quantity);
    }
    return sum;
}

/* What its unit does instead. */
static int64_t worth_instead(const mu_balance *b, uint32_t order) {
    uint32_t                 count;
    int64_t                  sum = 0;
    const muster_assignment *a   = muster_plan_assignments(b->plan->plan, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const mu_move *m = mu_balance_move(b, b->plan->moves.move_of[i]);
        if (m->order == order) sum += worth(mu_balance_situation(b), a[i].need, a[i].quantity);
    }
    return sum;
}

static muster_status limit_churn(mu_balance *b, uint32_t churn_most) {
    const mu_situation *s     = mu_balance_situation(b);
    uint32_t            count = 0;
    taking_back        *list;
    if (churn_most == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&list, s->order_count, sizeof *list));
    for (uint32_t i = 0; i < s->order_count; ++i) {
        if (s->order[i].trip != 0 || !could_stay(b, i)) continue;
        list[count++] =
            (taking_back){i, s->order[i].number, worth_instead(b, i) - worth_of_order(s, i)};
    }
    if (count > 0) qsort(list, count, sizeof *list, by_gain);
    for (uint32_t i = churn_most; i < count; ++i) stay(b, list[i].order);
    mu_free(list);
    return MUSTER_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

typedef struct scratch {
    stores   stores;
    int64_t *before, *planned;
} scratch;

static muster_status scratch_init(scratch *t, const mu_situation *s) {
    const uint32_t needs = s->problem.need_count;
    *t                   = (scratch){0};
    MU_TRY(mu_alloc(&t->stores.have, needs, sizeof(int64_t)));
    MU_TRY(mu_alloc(&t->stores.is_tight, needs, sizeof(bool)));
    MU_TRY(mu_alloc(&t->before, needs, sizeof(int64_t)));
    MU_TRY(mu_alloc(&t->planned, needs, sizeof(int64_t)));
    for (unsigned r = MUSTER_MACHINE; r <= MUSTER_ITEM; ++r) {
        MU_TRY(mu_alloc(&t->stores.free_quantity[r], s->base->unit_count[r], sizeof(int64_t)));
    }
    return MUSTER_OK;
}

static void scratch_fini(scratch *t) {
    mu_free(t->stores.have);
    mu_free(t->stores.is_tight);
    mu_free(t->before);
    mu_free(t->planned);
    for (unsigned r = MUSTER_MACHINE; r <= MUSTER_ITEM; ++r) mu_free(t->stores.free_quantity[r]);
}

static muster_status settle(mu_balance *b, uint32_t churn_most, scratch *t) {
    bool is_changed = true;
    MU_TRY(limit_churn(b, churn_most));
    count_before(b, t->before);
    count_planned(b, t->planned);
    while (is_changed) {
        is_changed = false;
        MU_TRY(keep_own(b, &is_changed));
        MU_TRY(give_in_turn(b, &t->stores, &is_changed));
        MU_TRY(leave_out_incomplete(b, &is_changed));
        MU_TRY(leave_out_useless(b, &t->stores, t->planned, &is_changed));
        MU_TRY(leave_out_unmanned(b, &t->stores, t->planned, &is_changed));
        guard(b, &t->stores, t->before, t->planned, &is_changed);
    }
    return MUSTER_OK;
}

muster_status mu_balance_settle(mu_balance *b, uint32_t churn_most) {
    scratch       t;
    muster_status status = scratch_init(&t, mu_balance_situation(b));
    if (status == MUSTER_OK) status = settle(b, churn_most, &t);
    scratch_fini(&t);
    return status;
}
