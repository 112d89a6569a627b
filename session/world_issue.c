/* Issuing the orders of a plan. A plan was made for the world as it was, so everything that it relies on
 * is asked again: what has changed since is found here, and nothing is given away twice.
 *
 * What an issue takes back counts as free for what it gives. Of each unit it is added up what its orders
 * ask for, in the order in which they come. */
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "session/moment_range.h"
#include "session/text.h"
#include "session/world_event.h"

typedef struct issue_check {
    mu_check        check; /* its event is NULL */
    const mu_issue *issue;
    uint32_t        at; /* which order */
} issue_check;

static bool is_over(const mu_world_order *o) {
    return muster_order_is_over((muster_order_state)o->state);
}

static const char *code_of(const mu_world *w, const mu_world_order *o) {
    return w->base->unit[o->resource][o->unit].code;
}

/* ---- what it takes back -------------------------------------------------------------------- */

static bool check_cancelled(issue_check *c, uint32_t at) {
    const mu_world       *w      = c->check.world;
    const uint64_t        number = c->issue->cancelled[at];
    const mu_world_order *o      = mu_world_find_order(w, number);
    if (!o || o->trip != 0) {
        return mu_refuse(&c->check, MUSTER_EVENT_UNKNOWN,
                         "order %llu cannot be taken back: %s; expected an open one",
                         (unsigned long long)number,
                         o ? "it comes with a trip" : "it is not there");
    }
    if (o->state >= MUSTER_ORDER_ON_SCENE) {
        return mu_refuse(
            &c->check, MUSTER_EVENT_CONFLICT,
            "order %llu cannot be taken back: it is %s; expected one that is not there "
            "yet",
            (unsigned long long)number, muster_order_state_name((muster_order_state)o->state));
    }
    for (uint32_t i = 0; i < at; ++i) {
        if (c->issue->cancelled[i] != number) continue;
        return mu_refuse(&c->check, MUSTER_EVENT_WRONG,
                         "order %llu is taken back twice; expected once",
                         (unsigned long long)number);
    }
    return mu_base_is_over(w->base, c->check.authority, w->incident[o->incident].authority) ||
           mu_check_is_over(&c->check, w->base->unit[o->resource][o->unit].authority, "unit",
                            code_of(w, o));
}

static bool is_cancelled(const mu_issue *issue, uint64_t number) {
    for (uint32_t i = 0; i < issue->cancelled_count; ++i) {
        if (issue->cancelled[i] == number) return true;
    }
    return false;
}

/* Which order, with its trip if it has one. */
static uint64_t whole_of(const mu_world_order *o) {
    return o->trip != 0 ? o->trip : o->number;
}

/* So much of a unit comes back, of what goes to `incident` or, without that, to all. */
static int64_t coming_back(const issue_check *c, const mu_world_order *of) {
    const mu_world *w   = c->check.world;
    int64_t         sum = 0;
    for (uint32_t i = 0; c->issue->cancelled_count > 0 && i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (o->resource != of->resource || o->unit != of->unit || is_over(o)) continue;
        if (is_cancelled(c->issue, whole_of(o))) sum += o->quantity;
    }
    return sum;
}

static int64_t given_before(const issue_check *c, const mu_world_order *of) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < c->at; ++i) {
        const mu_world_order *o = &c->issue->order[i];
        if (o->resource == of->resource && o->unit == of->unit) sum += o->quantity;
    }
    return sum;
}

/* ---- what it gives ------------------------------------------------------------------------- */

static bool refuse_row(issue_check *c, const char *what, long long value) {
    return mu_refuse(&c->check, MUSTER_EVENT_UNKNOWN,
                     "order %u of the plan has %s %lld; expected one that is there", c->at, what,
                     value);
}

static bool check_rows(issue_check *c, const mu_world_order *o) {
    const mu_world *w = c->check.world;
    const mu_base  *b = w->base;
    if (o->resource >= MUSTER_RESOURCE_COUNT) return refuse_row(c, "resource", o->resource);
    if (o->unit >= b->unit_count[o->resource]) return refuse_row(c, "unit", o->unit);
    if (o->incident >= w->incident_count) return refuse_row(c, "incident", o->incident);
    if (o->need != MUSTER_NONE && o->need >= b->kind_count) return refuse_row(c, "need", o->need);
    if (o->consent != MUSTER_NONE && o->consent >= b->authority_count) {
        return refuse_row(c, "consent", o->consent);
    }
    if (o->claim > MUSTER_CLAIM_STATE_HELD) return refuse_row(c, "claim", o->claim);
    if (o->claim_number < 0) return refuse_row(c, "claim_number", o->claim_number);
    if (o->dispatch_order < 0) return refuse_row(c, "dispatch_order", o->dispatch_order);
    if (w->incident[o->incident].closed_at_ms == 0) return true;
    return mu_refuse(&c->check, MUSTER_EVENT_CONFLICT,
                     "incident %s is closed; expected an open one: plan again",
                     MU_SHOW(w->incident[o->incident].code));
}

static bool check_times(issue_check *c, const mu_world_order *o) {
    const int64_t time_ms[] = {o->depart_at_ms, o->eta_at_ms,
                               o->need == MUSTER_NONE ? o->load_at_ms : o->eta_at_ms};
    for (size_t i = 0; i < sizeof time_ms / sizeof *time_ms; ++i) {
        if (!mu_check_moment(&c->check, "a time of an order", time_ms[i])) return false;
    }
    if (isfinite(o->distance_m) && o->distance_m >= 0) return true;
    return mu_refuse(&c->check, MUSTER_EVENT_WRONG, "distance_m is %g; expected 0 or more",
                     o->distance_m);
}

static bool check_need(issue_check *c, const mu_world_order *o) {
    const mu_world          *w = c->check.world;
    const mu_world_incident *i = &w->incident[o->incident];
    uint32_t                 n = 0;
    while (n < i->need_count && i->need[n].kind != o->need) ++n;
    if (n < i->need_count && mu_base_can_serve(w->base, o->resource, o->unit, o->need)) return true;
    return mu_refuse(&c->check, MUSTER_EVENT_CONFLICT,
                     "incident %s does not need %s %s any more; expected what it needs: plan again",
                     MU_SHOW(i->code), MU_SHOW(code_of(w, o)),
                     MU_SHOW(w->base->kind[o->need].code));
}

/* A vehicle that loads at a warehouse: has it on board already what it is to bring? */
static bool check_trip(issue_check *c, const mu_world_order *o) {
    const mu_world *w = c->check.world;
    const mu_base  *b = w->base;
    if (o->resource != MUSTER_VEHICLE) return refuse_row(c, "a trip of resource", o->resource);
    if (o->warehouse >= b->unit_count[MUSTER_ITEM]) return refuse_row(c, "warehouse", o->warehouse);
    for (uint32_t i = 0; o->is_loaded && i < c->issue->cancelled_count; ++i) {
        const mu_world_order *before = mu_world_find_order(w, c->issue->cancelled[i]);
        if (before->resource == MUSTER_VEHICLE && before->unit == o->unit && before->is_loaded &&
            before->need == MUSTER_NONE &&
            strcmp(b->unit[MUSTER_ITEM][before->warehouse].code,
                   b->unit[MUSTER_ITEM][o->warehouse].code) == 0) {
            return true;
        }
    }
    if (!o->is_loaded) return true;
    return mu_refuse(&c->check, MUSTER_EVENT_CONFLICT,
                     "vehicle %s has nothing on board from warehouse %s; expected a trip that is "
                     "taken back and was loaded there",
                     MU_SHOW(code_of(w, o)), MU_SHOW(b->unit[MUSTER_ITEM][o->warehouse].code));
}

/* Part of a trip that comes before it: to the same incident, from the same warehouse. */
static bool check_load(issue_check *c, const mu_world_order *o) {
    const mu_base        *b    = c->check.world->base;
    const mu_world_order *trip = o->trip <= c->at ? &c->issue->order[o->trip - 1] : NULL;
    if (trip && trip->need == MUSTER_NONE && trip->incident == o->incident &&
        o->resource == MUSTER_ITEM &&
        strcmp(b->unit[MUSTER_ITEM][trip->warehouse].code, b->unit[MUSTER_ITEM][o->unit].code) ==
            0) {
        return true;
    }
    return mu_refuse(&c->check, MUSTER_EVENT_WRONG,
                     "order %u of the plan is part of trip %llu; expected one before it, from the "
                     "same warehouse to the same incident",
                     c->at, (unsigned long long)o->trip);
}

static bool check_rules(issue_check *c, const mu_world_order *o) {
    const mu_world      *w   = c->check.world;
    const mu_world_rule *ban = mu_world_find_ban(w, o->resource, o->unit, o->incident);
    if (!ban) return true;
    return mu_refuse(
        &c->check, MUSTER_EVENT_CONFLICT,
        "%s may not be sent to %s by rule %s (%s); expected that to be lifted, or a new "
        "plan",
        MU_SHOW(code_of(w, o)), MU_SHOW(w->incident[o->incident].code), MU_SHOW(ban->code),
        muster_command_name((muster_command)ban->rule.command));
}

static bool check_amount(issue_check *c, const mu_world_order *o) {
    const mu_world      *w    = c->check.world;
    const mu_world_unit *unit = &w->unit[o->resource][o->unit];
    if (!unit->is_available) {
        return mu_refuse(&c->check, MUSTER_EVENT_CONFLICT,
                         "%s is not available%s%s; expected a unit that is: plan again",
                         MU_SHOW(code_of(w, o)), unit->reason ? ": " : "",
                         unit->reason ? unit->reason : "");
    }
    if (!mu_check_range(&c->check, "quantity", o->quantity, 1, MUSTER_MAX_QUANTITY)) return false;
    const bool    is_whole = o->resource <= MUSTER_VEHICLE;
    const int64_t taken    = given_before(c, o) - coming_back(c, o);
    const int64_t free     = is_whole ? unit->quantity - unit->ordered - taken
                                      : mu_world_free_for(w, o->resource, o->unit, o->incident) - taken;
    if (is_whole ? o->quantity == unit->quantity && free == o->quantity : free >= o->quantity) {
        return true;
    }
    return mu_refuse(
        &c->check, MUSTER_EVENT_CONFLICT,
        "%lld of %s are to be sent, but %lld of %lld are free for it; expected %s: plan "
        "again",
        (long long)o->quantity, MU_SHOW(code_of(w, o)), (long long)free, (long long)unit->quantity,
        is_whole ? "all of it" : "no more");
}

/* Whose consent it takes, where it takes one, or the incident's own commander. */
static bool check_authority(issue_check *c, const mu_world_order *o) {
    const mu_world *w    = c->check.world;
    const uint32_t  unit = w->base->unit[o->resource][o->unit].authority;
    const uint32_t  own  = w->incident[o->incident].authority;
    const uint32_t  over = mu_base_consent(w->base, unit, own);
    if (o->consent != over) return refuse_row(c, "consent", o->consent);
    return mu_check_is_over(&c->check, over != MUSTER_NONE ? over : own,
                            "what can be decided of unit", code_of(w, o));
}

static bool check_order(issue_check *c) {
    const mu_world_order *o = &c->issue->order[c->at];
    return check_rows(c, o) && check_times(c, o) &&
           (o->need == MUSTER_NONE ? check_trip(c, o) : check_need(c, o)) &&
           (o->trip == 0 || check_load(c, o)) && check_rules(c, o) && check_amount(c, o) &&
           check_authority(c, o);
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* What an issue has in common with an event. */
static bool check_common(issue_check *c) {
    mu_check       *check = &c->check;
    const mu_issue *i     = c->issue;
    if (!mu_check_id(check, i->id)) return false;
    const mu_told_key key = mu_told_key_of(i->id);
    if (mu_told_find(check->world->told, &key, &check->answer->sequence)) {
        check->answer->outcome = MUSTER_EVENT_REPEATED;
        return false;
    }
    return mu_check_moment(check, "at_ms", i->at_ms) &&
           mu_check_text(check, "author", i->author, MUSTER_EVENT_AUTHOR_BYTES) &&
           mu_check_find_authority(check, i->authority, &check->authority);
}

muster_status mu_world_check_issue(const mu_world *world, const mu_issue *issue,
                                   muster_event_answer *out, uint32_t *out_order) {
    issue_check c = {.check = {.world = world, .answer = out, .authority = MUSTER_NONE},
                     .issue = issue};
    *out          = (muster_event_answer){.outcome = MUSTER_EVENT_APPLIED};
    *out_order    = MUSTER_NONE;
    if (!check_common(&c)) return MUSTER_OK;
    for (uint32_t i = 0; i < issue->cancelled_count; ++i) {
        if (!check_cancelled(&c, i)) return MUSTER_OK;
    }
    for (; c.at < issue->order_count; ++c.at) {
        if (check_order(&c)) continue;
        *out_order = c.at;
        return MUSTER_OK;
    }
    return MUSTER_OK;
}

/* ---- applying ------------------------------------------------------------------------------ */

/* A warehouse is named by the first of its rows, whichever the plan has named. */
static uint32_t first_row_of(const mu_base *b, uint32_t row) {
    uint32_t first = 0;
    while (strcmp(b->unit[MUSTER_ITEM][first].code, b->unit[MUSTER_ITEM][row].code) != 0) ++first;
    return first;
}

static void issue_one(mu_world *w, const mu_issue *issue, uint32_t at, uint64_t sequence,
                      const mu_order_change *change) {
    mu_world_order o = issue->order[at];
    o.number         = ++w->order_last;
    o.sequence       = sequence;
    o.state          = MUSTER_ORDER_ISSUED;
    o.trip           = o.trip > 0 ? o.number - at + o.trip - 1 : 0;
    o.is_loaded      = o.is_loaded && o.need == MUSTER_NONE;
    o.warehouse      = o.need == MUSTER_NONE ? first_row_of(w->base, o.warehouse) : MUSTER_NONE;
    o.load_at_ms     = o.need == MUSTER_NONE ? o.load_at_ms : 0;
    o.issued_at_ms   = issue->at_ms;
    o.changed_at_ms  = issue->at_ms;
    o.issued_by      = mu_text_hold(change->author);
    o.changed_by     = mu_text_hold(change->author);
    o.reason         = NULL;
    w->unit[o.resource][o.unit].ordered += o.quantity;
    ++w->incident[o.incident].order_count;
    ++w->incident[o.incident].kept_count;
    w->order[w->order_count++] = o;
}

static muster_status make_room(mu_world *w, uint32_t count) {
    const size_t needed = (size_t)w->order_count + count;
    if (needed <= w->order_capacity) return MUSTER_OK;
    const size_t larger = needed + needed / 2;
    MU_TRY(mu_realloc(&w->order, larger, sizeof *w->order));
    w->order_capacity = larger;
    return MUSTER_OK;
}

muster_status mu_world_apply_issue(mu_world *world, const mu_issue *issue, uint64_t sequence) {
    const mu_told_key key = mu_told_key_of(issue->id);
    mu_order_change   change;
    MU_TRY(mu_told_reserve(world->told, MU_TOLD_EVENTS));
    MU_TRY(make_room(world, issue->order_count));
    MU_TRY(mu_order_change_init(&change, issue->at_ms, issue->author, "a plan takes it back"));
    for (uint32_t i = 0; i < issue->cancelled_count; ++i) {
        mu_order_set_state(world, mu_world_find_order(world, issue->cancelled[i]),
                           MUSTER_ORDER_CANCELLED, &change);
    }
    for (uint32_t i = 0; i < issue->order_count; ++i) {
        issue_one(world, issue, i, sequence, &change);
    }
    mu_world_forget(world);
    mu_order_change_fini(&change);
    mu_told_add(world->told, MU_TOLD_EVENTS, &key, sequence);
    world->sequence = sequence;
    if (issue->at_ms > world->time_ms) world->time_ms = issue->at_ms;
    return MUSTER_OK;
}
