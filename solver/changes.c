/* Assignments of the two plans are paired: first those of one unit to one need, then, of a team or a
 * vehicle, what it did with what it does. Who is left over was taken back, or is sent.
 *
 * What could not stay has a reason from when it was looked at (kept.c). All else was decided, and the
 * reason is with the need that somebody is sent to: it is new, it has changed, it has lost somebody,
 * it was unmet. */
#include "solver/changes.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/changes_text.h"
#include "solver/kept_cause.h"
#include "solver/travel.h"

/* ---- names ------------------------------------------------------------------------------- */

const char *muster_change_type_name(muster_change_type type) {
    static const char *const NAME[] = {"sent",     "taken_back", "redirected",
                                       "quantity", "time",       "carrier"};
    return (unsigned)type < MUSTER_CHANGE_TYPE_COUNT ? NAME[type] : NULL;
}

const char *muster_change_reason_name(muster_change_reason reason) {
    static const char *const NAME[] = {"incident_closed", "unit_lost",    "need_changed", "orders",
                                       "unit_moved",      "unit_changed", "roads",        "unfit",
                                       "new_incident",    "replacement",  "gap",          "better"};
    return (unsigned)reason < MUSTER_BECAUSE_COUNT ? NAME[reason] : NULL;
}

/* ---- pairs ------------------------------------------------------------------------------- */

typedef struct pairing {
    const mu_past        *before, *after;
    const muster_problem *now; /* of which `after` has a copy */
    const mu_past_match  *match;
    const uint8_t        *verdict;
    muster_replan         mode;
    uint32_t             *first[MUSTER_RESOURCE_COUNT]; /* by unit now: an assignment after */
    uint32_t             *next;                         /* by assignment after */
    uint32_t             *pair;   /* by assignment before: after, or MUSTER_NONE */
    uint32_t             *origin; /* by assignment after: before, or MUSTER_NONE */
    uint32_t             *leaver; /* by need now: an assignment before that has left it, ... */
    uint32_t             *lost;   /* ... and one that could not stay */
    mu_change_names      *names;  /* by change, in the order in which they are found */
    mu_changes           *out;
} pairing;

static uint32_t unit_now(const pairing *p, const muster_assignment *a) {
    return p->match->now[a->resource][a->index];
}

static uint32_t need_now(const pairing *p, const muster_assignment *a) {
    return p->match->now[MU_ROWS_NEED][a->need];
}

/* The vehicle that brings it, in its own problem; MUSTER_NONE: it comes by itself. */
static uint32_t carrier_of(const mu_past *past, const muster_assignment *a) {
    return a->shipment == MUSTER_NONE ? MUSTER_NONE : past->shipment[a->shipment].vehicle;
}

static uint32_t carrier_now(const pairing *p, const muster_assignment *a) {
    const uint32_t vehicle = carrier_of(p->before, a);
    return vehicle == MUSTER_NONE ? MUSTER_NONE : p->match->now[MUSTER_VEHICLE][vehicle];
}

static muster_status allocate(pairing *p) {
    const mu_past *b = p->before, *a = p->after;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t units = muster_problem_unit_count(&a->problem, (muster_resource)r);
        MU_TRY(mu_alloc(&p->first[r], units, sizeof *p->first[r]));
        for (uint32_t i = 0; i < units; ++i) p->first[r][i] = MUSTER_NONE;
    }
    MU_TRY(mu_alloc(&p->next, a->assignment_count, sizeof *p->next));
    MU_TRY(mu_alloc(&p->origin, a->assignment_count, sizeof *p->origin));
    MU_TRY(mu_alloc(&p->pair, b->assignment_count, sizeof *p->pair));
    MU_TRY(mu_alloc(&p->leaver, a->problem.need_count, sizeof *p->leaver));
    MU_TRY(mu_alloc(&p->lost, a->problem.need_count, sizeof *p->lost));
    for (uint32_t i = 0; i < a->assignment_count; ++i) p->origin[i] = MUSTER_NONE;
    for (uint32_t i = 0; i < b->assignment_count; ++i) p->pair[i] = MUSTER_NONE;
    for (uint32_t n = 0; n < a->problem.need_count; ++n) p->leaver[n] = p->lost[n] = MUSTER_NONE;
    /* From behind, so that lists are in the order of the plan. */
    for (uint32_t i = a->assignment_count; i-- > 0;) {
        uint32_t *first = &p->first[a->assignment[i].resource][a->assignment[i].index];
        p->next[i]      = *first;
        *first          = i;
    }
    return MUSTER_OK;
}

static void give_back(pairing *p) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(p->first[r]);
    mu_free(p->next);
    mu_free(p->origin);
    mu_free(p->pair);
    mu_free(p->leaver);
    mu_free(p->lost);
    mu_free(p->names);
}

typedef bool (*fits)(const pairing *p, const muster_assignment *was, const muster_assignment *is);

static bool is_same_trip(const pairing *p, const muster_assignment *was,
                         const muster_assignment *is) {
    return is->need == need_now(p, was) && carrier_of(p->after, is) == carrier_now(p, was);
}

static bool is_same_need(const pairing *p, const muster_assignment *was,
                         const muster_assignment *is) {
    return is->need == need_now(p, was);
}

static bool is_same_whole_unit(const pairing *p, const muster_assignment *was,
                               const muster_assignment *is) {
    (void)p;
    return is->resource == was->resource &&
           (was->resource == MUSTER_PEOPLE || was->resource == MUSTER_VEHICLE);
}

static void pair_up(pairing *p, fits fit) {
    for (uint32_t i = 0; i < p->before->assignment_count; ++i) {
        const muster_assignment *was  = &p->before->assignment[i];
        const uint32_t           unit = unit_now(p, was);
        if (p->pair[i] != MUSTER_NONE || unit == MUSTER_NONE) continue;
        uint32_t j = p->first[was->resource][unit];
        while (j != MUSTER_NONE &&
               (p->origin[j] != MUSTER_NONE || !fit(p, was, &p->after->assignment[j]))) {
            j = p->next[j];
        }
        if (j == MUSTER_NONE) continue;
        p->pair[i]   = j;
        p->origin[j] = i;
    }
}

static bool could_stay(const pairing *p, uint32_t before) {
    return p->verdict[before] == MUSTER_BECAUSE_COUNT;
}

/* Who serves a need no more, or less than he did; the first counts. */
static void find_leavers(pairing *p) {
    for (uint32_t i = 0; i < p->before->assignment_count; ++i) {
        const muster_assignment *was  = &p->before->assignment[i];
        const uint32_t           need = need_now(p, was);
        if (need == MUSTER_NONE) continue;
        const muster_assignment *is =
            p->pair[i] == MUSTER_NONE ? NULL : &p->after->assignment[p->pair[i]];
        if (is && is->need == need && is->quantity >= was->quantity) continue;
        if (p->leaver[need] == MUSTER_NONE) p->leaver[need] = i;
        if (p->lost[need] == MUSTER_NONE && !could_stay(p, i)) p->lost[need] = i;
    }
}

/* ---- reasons ------------------------------------------------------------------------------ */

static bool asks_for_more(const pairing *p, uint32_t need) {
    const uint32_t     before = p->match->past[MU_ROWS_NEED][need];
    const muster_need *now    = &p->after->problem.need[need];
    if (before == MUSTER_NONE) return true;
    const muster_need     *was = &p->before->problem.need[before];
    const muster_incident *x   = &p->before->problem.incident[was->incident];
    const muster_incident *y   = &p->after->problem.incident[now->incident];
    return now->quantity > was->quantity || now->minimum != was->minimum ||
           now->grade != was->grade || x->severity != y->severity ||
           x->site.lon_deg != y->site.lon_deg || x->site.lat_deg != y->site.lat_deg;
}

/* Whose place is taken: of those who are idle anybody's; from elsewhere nobody is sent but for one who
 * could not stay. */
static uint32_t replaced_by(const pairing *p, const muster_assignment *is) {
    const uint32_t origin = p->origin[is - p->after->assignment];
    const bool     is_elsewhere =
        origin != MUSTER_NONE && need_now(p, &p->before->assignment[origin]) != is->need;
    return is_elsewhere ? p->lost[is->need] : p->leaver[is->need];
}

/* Why somebody more goes to a need. */
static muster_change_reason why_sent(const pairing *p, const muster_assignment *is) {
    const muster_problem *now    = &p->after->problem;
    const uint32_t        before = p->match->past[MU_ROWS_NEED][is->need];
    if (is->locked > 0) return MUSTER_BECAUSE_ORDERS;
    if (p->match->past[MU_ROWS_INCIDENT][now->need[is->need].incident] == MUSTER_NONE) {
        return MUSTER_BECAUSE_NEW_INCIDENT;
    }
    if (asks_for_more(p, is->need)) return MUSTER_BECAUSE_NEED_CHANGED;
    if (replaced_by(p, is) != MUSTER_NONE) return MUSTER_BECAUSE_REPLACEMENT;
    return p->before->missing[before] > 0 ? MUSTER_BECAUSE_GAP : MUSTER_BECAUSE_BETTER;
}

/* Why somebody who could have stayed did not. */
static muster_change_reason why_left(const pairing *p) {
    return p->mode == MUSTER_REPLAN_KEEP ? MUSTER_BECAUSE_UNFIT : MUSTER_BECAUSE_BETTER;
}

/* Of what serves the same need as it did. */
static muster_change_reason why_other_quantity(const pairing *p, uint32_t before,
                                               const muster_assignment *is) {
    const muster_assignment *was = &p->before->assignment[before];
    if (was->resource == MUSTER_PEOPLE) return MUSTER_BECAUSE_UNIT_CHANGED;
    if (is->quantity > was->quantity) return why_sent(p, is);
    return could_stay(p, before) ? why_left(p) : (muster_change_reason)p->verdict[before];
}

static muster_change_reason why_other_time(const pairing *p, uint32_t before,
                                           const muster_assignment *is) {
    const muster_assignment *was          = &p->before->assignment[before];
    const uint32_t           incident_was = p->before->problem.need[was->need].incident;
    const uint32_t           incident     = p->after->problem.need[is->need].incident;
    muster_change_reason     reason       = MUSTER_BECAUSE_COUNT;
    if (is->shipment != MUSTER_NONE && was->shipment != MUSTER_NONE) {
        reason = mu_kept_why_later(p->before, p->now, MUSTER_VEHICLE, carrier_of(p->before, was),
                                   carrier_of(p->after, is), incident_was, incident);
    }
    if (reason == MUSTER_BECAUSE_COUNT) {
        reason = mu_kept_why_later(p->before, p->now, (muster_resource)is->resource, was->index,
                                   is->index, incident_was, incident);
    }
    return reason == MUSTER_BECAUSE_COUNT ? why_left(p) : reason;
}

/* ---- rows --------------------------------------------------------------------------------- */

typedef struct row {
    muster_change   change;
    mu_change_names name;
} row;

static void describe_before(const pairing *p, row *r, const muster_assignment *was) {
    const muster_problem *q    = &p->before->problem;
    const muster_need    *need = &q->need[was->need];
    const muster_unit    *unit = muster_problem_unit(q, (muster_resource)was->resource, was->index);
    const uint32_t        carrier = carrier_of(p->before, was);
    const muster_unit    *vehicle = carrier == MUSTER_NONE ? NULL : &q->vehicle[carrier].unit;
    muster_change        *c       = &r->change;
    c->code                       = unit->code;
    c->incident_before            = q->incident[need->incident].code;
    c->kind_before                = q->kind[need->kind].code;
    c->quantity_before            = was->quantity;
    c->eta_before_ms              = was->eta_ms;
    c->vehicle_before             = vehicle ? vehicle->code : NULL;
    r->name.unit                  = unit->name;
    r->name.incident_before       = q->incident[need->incident].name;
    r->name.kind_before           = q->kind[need->kind].name;
    r->name.vehicle_before        = vehicle ? vehicle->name : NULL;
}

static void describe_after(const pairing *p, row *r, const muster_assignment *is) {
    const muster_problem *q    = &p->after->problem;
    const muster_need    *need = &q->need[is->need];
    const muster_unit    *unit = muster_problem_unit(q, (muster_resource)is->resource, is->index);
    const uint32_t        carrier = carrier_of(p->after, is);
    const muster_unit    *vehicle = carrier == MUSTER_NONE ? NULL : &q->vehicle[carrier].unit;
    muster_change        *c       = &r->change;
    c->code                       = unit->code;
    c->incident                   = q->incident[need->incident].code;
    c->kind                       = q->kind[need->kind].code;
    c->quantity                   = is->quantity;
    c->eta_ms                     = is->eta_ms;
    c->vehicle                    = vehicle ? vehicle->code : NULL;
    c->index                      = is->index;
    c->need                       = is->need;
    r->name.unit                  = unit->name;
    r->name.incident              = q->incident[need->incident].name;
    r->name.kind                  = q->kind[need->kind].name;
    r->name.vehicle               = vehicle ? vehicle->name : NULL;
}

/* `is` may be NULL where it is a reason for going. */
static void set_reason(const pairing *p, row *r, const muster_assignment *is,
                       muster_change_reason reason) {
    r->change.reason = (uint8_t)reason;
    if (reason != MUSTER_BECAUSE_REPLACEMENT || !is) return;
    const muster_assignment *left = &p->before->assignment[replaced_by(p, is)];
    const muster_unit       *unit =
        muster_problem_unit(&p->before->problem, (muster_resource)left->resource, left->index);
    r->change.replaced = unit->code;
    r->name.replaced   = unit->name;
}

static void add(pairing *p, const row *r) {
    p->names[p->out->count]         = r->name;
    p->out->change[p->out->count++] = r->change;
}

static void add_taken_back(pairing *p, uint32_t before) {
    const muster_assignment *was = &p->before->assignment[before];
    row                      r   = {.change = {.type     = MUSTER_CHANGE_TAKEN_BACK,
                                               .resource = was->resource,
                                               .index    = unit_now(p, was),
                                               .need     = MUSTER_NONE}};
    describe_before(p, &r, was);
    set_reason(p, &r, NULL,
               could_stay(p, before) ? why_left(p) : (muster_change_reason)p->verdict[before]);
    add(p, &r);
}

static void add_sent(pairing *p, const muster_assignment *is) {
    row r = {.change = {.type = MUSTER_CHANGE_SENT, .resource = is->resource}};
    describe_after(p, &r, is);
    set_reason(p, &r, is, why_sent(p, is));
    add(p, &r);
}

static void add_redirected(pairing *p, row *r, uint32_t before, const muster_assignment *is) {
    r->change.type = MUSTER_CHANGE_REDIRECTED;
    set_reason(p, r, is,
               could_stay(p, before) ? why_sent(p, is) : (muster_change_reason)p->verdict[before]);
    add(p, r);
}

static void add_paired(pairing *p, uint32_t before) {
    const muster_assignment *was = &p->before->assignment[before];
    const muster_assignment *is  = &p->after->assignment[p->pair[before]];
    row                      r   = {.change = {.resource = is->resource}};
    describe_before(p, &r, was);
    describe_after(p, &r, is);
    if (is->need != need_now(p, was)) {
        add_redirected(p, &r, before, is);
    } else if (carrier_of(p->after, is) != carrier_now(p, was)) {
        r.change.type = MUSTER_CHANGE_CARRIER;
        set_reason(p, &r, is,
                   could_stay(p, before) ? why_left(p) : (muster_change_reason)p->verdict[before]);
        add(p, &r);
    } else if (is->quantity != was->quantity) {
        r.change.type = MUSTER_CHANGE_QUANTITY;
        set_reason(p, &r, is, why_other_quantity(p, before, is));
        add(p, &r);
    } else if (is->eta_ms != was->eta_ms) {
        r.change.type = MUSTER_CHANGE_TIME;
        set_reason(p, &r, is, why_other_time(p, before, is));
        add(p, &r);
    }
}

/* Sentences lie in the order in which the changes were found. */
static int by_unit(const void *a, const void *b) {
    const muster_change *c = a, *d = b;
    if (c->resource != d->resource) return c->resource < d->resource ? -1 : 1;
    const int by_code = strcmp(c->code, d->code);
    if (by_code != 0) return by_code;
    return c->text[0] < d->text[0] ? -1 : c->text[0] > d->text[0];
}

static muster_status list(pairing *p) {
    const size_t most = (size_t)p->before->assignment_count + p->after->assignment_count;
    MU_TRY(allocate(p));
    pair_up(p, is_same_trip);
    pair_up(p, is_same_need);
    pair_up(p, is_same_whole_unit);
    find_leavers(p);
    MU_TRY(mu_alloc(&p->out->change, most + 1, sizeof *p->out->change));
    MU_TRY(mu_alloc(&p->names, most + 1, sizeof *p->names));
    for (uint32_t i = 0; i < p->before->assignment_count; ++i) {
        if (p->pair[i] == MUSTER_NONE) {
            add_taken_back(p, i);
        } else {
            add_paired(p, i);
        }
    }
    for (uint32_t i = 0; i < p->after->assignment_count; ++i) {
        if (p->origin[i] == MUSTER_NONE) add_sent(p, &p->after->assignment[i]);
    }
    MU_TRY(mu_changes_write(p->out, p->names));
    if (p->out->count > 0) {
        qsort(p->out->change, p->out->count, sizeof *p->out->change, by_unit);
    }
    return MUSTER_OK;
}

muster_status mu_changes_init(mu_changes *changes, const mu_past *before, const mu_past *after,
                              const muster_problem *now, const mu_past_match *match,
                              const uint8_t *verdict, muster_replan mode) {
    pairing p                  = {.before  = before,
                                  .after   = after,
                                  .now     = now,
                                  .match   = match,
                                  .verdict = verdict,
                                  .mode    = mode,
                                  .out     = changes};
    *changes                   = (mu_changes){0};
    const muster_status status = list(&p);
    give_back(&p);
    if (status != MUSTER_OK) mu_changes_fini(changes);
    return status;
}

void mu_changes_fini(mu_changes *changes) {
    mu_free(changes->change);
    mu_free(changes->text);
    *changes = (mu_changes){0};
}
