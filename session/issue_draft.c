/* Which moves of a plan go together is decided by balance.c; here they become orders. The world has the
 * last word: what it would refuse is left out with its reason, and the rest is balanced again. */
#include "session/issue_draft.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/balance.h"

enum { PLAN_BYTES = 2000, MESSAGE_BYTES = 300 };

typedef struct drafting {
    const muster_session_plan *plan;
    const mu_world            *world;
    mu_issue_draft            *to;
    mu_balance                 balance;
    mu_world_order            *order;     /* of the issue */
    uint64_t                  *cancelled; /* likewise */
    uint32_t                  *move_of;   /* by order */
} drafting;

/* ---- orders ------------------------------------------------------------------------------------------------- */

static uint32_t incident_now(const drafting *d, uint32_t row) {
    return mu_world_find_incident(d->world, d->plan->situation->problem.incident[row].code);
}

/* What all orders of a move have in common. */
static mu_world_order order_to(const drafting *d, const mu_move *m, uint8_t resource, uint32_t unit,
                               int64_t quantity) {
    const mu_base *base     = d->plan->situation->base;
    const uint32_t incident = incident_now(d, m->incident);
    return (mu_world_order){.resource  = resource,
                            .unit      = unit,
                            .incident  = incident,
                            .need      = MUSTER_NONE,
                            .quantity  = quantity,
                            .warehouse = MUSTER_NONE,
                            .consent   = mu_base_consent(base, base->unit[resource][unit].authority,
                                                         d->world->incident[incident].authority)};
}

static void add_order(drafting *d, uint32_t move, const mu_world_order *order,
                      uint32_t assignment) {
    const uint32_t at     = d->to->issue.order_count++;
    d->order[at]          = *order;
    d->move_of[at]        = move;
    d->to->assignment[at] = assignment;
}

/* Teams and vehicles go with all that there is of them now. */
static void add_plain(drafting *d, uint32_t move) {
    uint32_t                 count;
    const mu_situation      *s = d->plan->situation;
    const mu_move           *m = &d->plan->moves.move[move];
    const muster_assignment *a = &muster_plan_assignments(d->plan->plan, &count)[m->assignment];
    const bool    is_whole     = m->resource == MUSTER_PEOPLE || m->resource == MUSTER_VEHICLE;
    const int64_t quantity =
        is_whole ? d->world->unit[m->resource][m->unit].quantity : d->balance.move[move].quantity;
    mu_world_order order = order_to(d, m, m->resource, m->unit, quantity);
    order.need           = s->problem.need[m->need].kind;
    order.depart_at_ms   = s->now_ms + a->depart_ms;
    order.eta_at_ms      = s->now_ms + a->eta_ms;
    order.distance_m     = a->distance_m;
    add_order(d, move, &order, m->assignment);
}

/* Is what it brings on board already, by an order that is taken back for this one? */
static bool is_loaded(const drafting *d, const mu_move *m, uint32_t stock) {
    const mu_situation *s = d->plan->situation;
    if (m->order == MUSTER_NONE || !s->order[m->order].is_loaded) return false;
    const uint64_t            number = s->row[MUSTER_ITEM][stock].order;
    const mu_situation_order *part   = number > 0 ? mu_situation_find_order(s, number) : NULL;
    return part && part->trip == s->order[m->order].number;
}

/* The vehicle first, then each thing that it brings. */
static void add_trip(drafting *d, uint32_t move) {
    uint32_t                 count;
    const mu_situation      *s       = d->plan->situation;
    const mu_move           *m       = &d->plan->moves.move[move];
    const muster_shipment   *made    = &muster_plan_shipments(d->plan->plan, &count)[m->shipment];
    const muster_assignment *a       = muster_plan_assignments(d->plan->plan, &count);
    mu_world_order           vehicle = order_to(d, m, MUSTER_VEHICLE, m->unit, 1);
    vehicle.warehouse                = s->row[MUSTER_ITEM][made->stock].unit;
    vehicle.is_loaded                = is_loaded(d, m, made->stock);
    vehicle.depart_at_ms             = s->now_ms + made->depart_ms;
    vehicle.load_at_ms               = s->now_ms + made->load_at_ms;
    vehicle.eta_at_ms                = s->now_ms + made->eta_ms;
    vehicle.distance_m               = made->distance_m;
    add_order(d, move, &vehicle, m->assignment);
    const uint64_t trip = d->to->issue.order_count;
    for (uint32_t i = m->assignment; i != MUSTER_NONE; i = d->plan->moves.next[i]) {
        mu_world_order item =
            order_to(d, m, MUSTER_ITEM, s->row[MUSTER_ITEM][a[i].index].unit, a[i].quantity);
        item.need         = s->problem.need[a[i].need].kind;
        item.trip         = trip;
        item.depart_at_ms = vehicle.depart_at_ms;
        item.eta_at_ms    = vehicle.eta_at_ms;
        item.distance_m   = vehicle.distance_m;
        add_order(d, move, &item, i);
    }
}

static void add_orders(drafting *d) {
    const mu_situation *s        = d->plan->situation;
    d->to->issue.order_count     = 0;
    d->to->issue.cancelled_count = 0;
    for (uint32_t k = 0; k < d->plan->moves.count; ++k) {
        if (!d->balance.move[k].is_given) continue;
        if (d->plan->moves.move[k].shipment == MUSTER_NONE) {
            add_plain(d, k);
        } else {
            add_trip(d, k);
        }
    }
    for (uint32_t i = 0; i < s->order_count; ++i) {
        if (!d->balance.is_back[i] || s->order[i].trip != 0) continue;
        d->cancelled[d->to->issue.cancelled_count++] = s->order[i].number;
    }
}

/* ---- what is not ordered ---------------------------------------------------------------------------------------- */

static muster_status say_carried_on(drafting *d, uint32_t assignment, muster_skipped *out) {
    char                      text[MESSAGE_BYTES];
    const uint32_t            order   = d->plan->moves.order_of[assignment];
    const mu_situation_order *o       = &d->plan->situation->order[order];
    const bool                is_over = d->balance.is_lost[order];
    if (is_over) out->skip = MUSTER_SKIP_CHANGED;
    snprintf(text, sizeof text,
             is_over ? "order %" PRIu64 " is over by now" : "order %" PRIu64 " goes on", o->number);
    return mu_arena_text(&d->to->arena, &out->message, text);
}

static muster_status list_skipped(drafting *d) {
    uint32_t count;
    (void)muster_plan_assignments(d->plan->plan, &count);
    MU_TRY(mu_arena_take(&d->to->arena, &d->to->skipped, count, sizeof *d->to->skipped));
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t    move    = d->plan->moves.move_of[i];
        const mu_verdict *verdict = &d->balance.move[move];
        muster_skipped   *skipped = &d->to->skipped[d->to->skipped_count];
        if (verdict->is_given) continue;
        *skipped = (muster_skipped){i, verdict->skip, verdict->message};
        if (!verdict->message) MU_TRY(say_carried_on(d, i, skipped));
        ++d->to->skipped_count;
    }
    return MUSTER_OK;
}

/* ---- how good the plan is ------------------------------------------------------------------------------------------ */

static muster_status describe(drafting *d, const char **out) {
    char                text[PLAN_BYTES];
    const muster_plan  *plan = d->plan->plan;
    const mu_situation *s    = d->plan->situation;
    muster_tier         tier[MUSTER_TIER_COUNT];
    int                 length = snprintf(text, sizeof text,
                                          "{\"version\":\"%s\",\"at_ms\":%" PRId64 ",\"sequence\":%" PRIu64
                                          ",\"outcome\":\"%s\",\"elapsed_ms\":%" PRIu32 ",\"tiers\":[",
                                          muster_version(), s->now_ms, s->sequence,
                          muster_plan_outcome(plan) == MUSTER_OPTIMAL ? "optimal" : "feasible",
                                          muster_plan_elapsed_ms(plan));
    muster_plan_tier_order(plan, tier);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const muster_tier_result r = muster_plan_tier(plan, tier[t]);
        length += snprintf(text + length, sizeof text - (size_t)length,
                           "%s{\"tier\":\"%s\",\"value\":%" PRId64 ",\"bound\":%" PRId64 "}",
                           t > 0 ? "," : "", muster_tier_name(tier[t]), r.value, r.bound);
    }
    snprintf(text + length, sizeof text - (size_t)length, "]}");
    return mu_arena_text(&d->to->arena, out, text);
}

/* ---- all of it -------------------------------------------------------------------------------------------------------- */

static muster_status prepare(drafting *d, const muster_commit *commit) {
    mu_issue_draft     *to = d->to;
    const mu_situation *s  = d->plan->situation;
    uint32_t            assignments, shipments;
    (void)muster_plan_assignments(d->plan->plan, &assignments);
    (void)muster_plan_shipments(d->plan->plan, &shipments);
    const size_t most = assignments + (size_t)shipments;
    MU_TRY(mu_arena_take(&to->arena, &d->order, most, sizeof *d->order));
    MU_TRY(mu_arena_take(&to->arena, &to->assignment, most, sizeof *to->assignment));
    MU_TRY(mu_arena_take(&to->arena, &d->move_of, most, sizeof *d->move_of));
    MU_TRY(mu_arena_take(&to->arena, &d->cancelled, s->order_count, sizeof *d->cancelled));
    to->order = d->order;
    to->issue = (mu_issue){.id            = commit->id,
                           .at_ms         = commit->now_ms,
                           .author        = commit->author,
                           .authority     = commit->authority,
                           .plan_sequence = s->sequence,
                           .order         = d->order,
                           .cancelled     = d->cancelled};
    return describe(d, &to->issue.plan_json);
}

/* Until the world takes what is left. */
static muster_status agree(drafting *d, muster_event_answer *answer, uint32_t churn_most) {
    uint32_t refused;
    for (;;) {
        MU_TRY(mu_balance_settle(&d->balance, churn_most));
        add_orders(d);
        MU_TRY(mu_world_check_issue(d->world, &d->to->issue, answer, &refused));
        if (answer->outcome == MUSTER_EVENT_APPLIED || refused == MUSTER_NONE) return MUSTER_OK;
        const bool is_consent = answer->outcome == MUSTER_EVENT_FORBIDDEN;
        MU_TRY(mu_balance_refuse(&d->balance, d->move_of[refused],
                                 is_consent ? MUSTER_SKIP_CONSENT : MUSTER_SKIP_CHANGED,
                                 answer->message));
    }
}

static muster_status draft(drafting *d, muster_event_answer *answer, const muster_commit *commit,
                           uint32_t churn_most, uint32_t refused_count,
                           const muster_skipped *refused) {
    const mu_base *base = d->plan->situation->base;
    const uint32_t authority =
        commit->authority ? mu_base_find_authority(base, commit->authority) : MUSTER_NONE;
    MU_TRY(prepare(d, commit));
    MU_TRY(mu_balance_init(&d->balance, d->plan, d->world, authority, &d->to->arena));
    for (uint32_t i = 0; i < refused_count; ++i) {
        MU_TRY(mu_balance_refuse(&d->balance, d->plan->moves.move_of[refused[i].assignment],
                                 (muster_skip)refused[i].skip, refused[i].message));
    }
    MU_TRY(agree(d, answer, churn_most));
    return list_skipped(d);
}

muster_status mu_issue_draft_new(mu_issue_draft **out, muster_event_answer *out_answer,
                                 const muster_session_plan *plan, const mu_world *world,
                                 const muster_commit *commit, uint32_t churn_most,
                                 uint32_t refused_count, const muster_skipped *refused) {
    drafting d = {.plan = plan, .world = world};
    *out       = NULL;
    MU_TRY(mu_alloc_zeroed(&d.to, 1, sizeof *d.to));
    const muster_status status = draft(&d, out_answer, commit, churn_most, refused_count, refused);
    mu_balance_fini(&d.balance);
    if (status == MUSTER_OK && out_answer->outcome == MUSTER_EVENT_APPLIED) {
        *out = d.to;
    } else {
        mu_issue_draft_free(d.to);
    }
    return status;
}

void mu_issue_draft_free(mu_issue_draft *draft) {
    if (!draft) return;
    mu_arena_fini(&draft->arena);
    mu_free(draft);
}
