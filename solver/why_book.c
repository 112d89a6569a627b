/* The books are opened from the assignments, not from a muster_plan, so that a plan that was
 * written to a file and read again can be explained too. Nothing is believed: what does not fit
 * the problem is refused, and times are compared with a table of our own. */
#include "solver/why_book.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/conflict.h"
#include "solver/together.h"

/* ---- who could go where ---------------------------------------------------------------- */

int64_t mu_book_supply(const muster_reasons *book, muster_resource resource, uint32_t index) {
    return mu_rules_hold(&book->rules, resource, index) ? 0
                                                        : mu_supply(book->problem, resource, index);
}

bool mu_book_is_ruled(const muster_reasons *book, muster_resource resource, uint32_t index) {
    const uint32_t *first = book->rules.first[resource];
    return first && first[index + 1] > first[index]; /* no table: no rules */
}

bool mu_book_is_bound(const muster_reasons *book, uint32_t need) {
    const muster_problem *p = book->problem;
    if (mu_together_binds(p, need)) return true;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].incident == p->need[need].incident &&
            p->kind[p->need[n].kind].operator_count > 0 &&
            mu_need_resource(p, need) == MUSTER_PEOPLE) {
            return true;
        }
    }
    return false;
}

/* Who has some of a kind, may go, and arrives in time for its shift; as mu_candidates, which in
 * addition takes out what is locked. The last hurdle that somebody met is the reason where nobody
 * takes them all. */
static bool may_serve(muster_reasons *book, uint32_t need, uint32_t index, uint32_t *out_eta_ms) {
    const muster_problem *p        = book->problem;
    const muster_need    *n        = &p->need[need];
    const muster_resource resource = mu_need_resource(p, need);
    uint8_t              *hurdle   = &book->hurdle[need];
    *out_eta_ms                    = MUSTER_UNREACHABLE_MS;
    if (!mu_is_of_kind(p, resource, index, n->kind)) return false;
    if (mu_supply(p, resource, index) == 0) return false;
    if (*hurdle < MUSTER_UNMET_UNREACHABLE) *hurdle = MUSTER_UNMET_UNREACHABLE;
    if (mu_is_shipped(p, need)) {
        if (mu_rules_allow(&book->rules, resource, index, n->incident)) return true;
        *hurdle = MUSTER_UNMET_RULED_OUT;
        return false;
    }
    *out_eta_ms = mu_travel_eta_ms(&book->travel, resource, index, n->incident);
    if (*out_eta_ms == MUSTER_UNREACHABLE_MS) return false;
    if (*hurdle < MUSTER_UNMET_GRADE) *hurdle = MUSTER_UNMET_GRADE;
    if (!mu_is_good_enough(p, resource, index, need)) return false;
    if (*hurdle < MUSTER_UNMET_SHIFT) *hurdle = MUSTER_UNMET_SHIFT;
    if (!mu_shift_allows(p, resource, index, n->incident, *out_eta_ms)) return false;
    *hurdle = MUSTER_UNMET_RULED_OUT;
    if (resource == MUSTER_VEHICLE && mu_rules_load(&book->rules, index) != MUSTER_NONE)
        return false;
    return mu_rules_allow(&book->rules, resource, index, n->incident);
}

static int nearest_first(const void *a, const void *b) {
    const mu_book_arc *x = a, *y = b;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static muster_status list_arcs_of(muster_reasons *book, uint32_t need, size_t *capacity) {
    const muster_problem *p     = book->problem;
    const uint32_t        units = muster_problem_unit_count(p, mu_need_resource(p, need));
    size_t                count = book->first[need];
    uint32_t              eta_ms;
    book->hurdle[need] = MUSTER_UNMET_NONE_EXIST;
    for (uint32_t i = 0; i < units; ++i) {
        if (!may_serve(book, need, i, &eta_ms)) continue;
        MU_TRY(mu_grow(&book->arc, capacity, count, sizeof *book->arc));
        book->arc[count++] = (mu_book_arc){.need = need, .index = i, .eta_ms = eta_ms};
    }
    if (count >= MUSTER_NONE)
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %zu pairs", count);
    if (count > book->first[need]) {
        qsort(book->arc + book->first[need], count - book->first[need], sizeof *book->arc,
              nearest_first);
    }
    book->first[need + 1] = count;
    return MUSTER_OK;
}

static muster_status list_arcs(muster_reasons *book) {
    const muster_problem *p        = book->problem;
    size_t                capacity = 0;
    MU_TRY(mu_alloc_zeroed(&book->first, (size_t)p->need_count + 1, sizeof *book->first));
    MU_TRY(mu_alloc(&book->hurdle, p->need_count, sizeof *book->hurdle));
    for (uint32_t n = 0; n < p->need_count; ++n) MU_TRY(list_arcs_of(book, n, &capacity));
    return MUSTER_OK;
}

/* The arcs of each unit of one resource, as a compressed sparse row. */
static muster_status group_by_unit(muster_reasons *book, muster_resource resource) {
    const muster_problem *p     = book->problem;
    const uint32_t        units = muster_problem_unit_count(p, resource);
    const size_t          arcs  = book->first[p->need_count];
    size_t               *first;
    MU_TRY(mu_alloc_zeroed(&book->unit_first[resource], (size_t)units + 2, sizeof *first));
    first = book->unit_first[resource] + 1; /* runs ahead by one row while it is filled */
    for (size_t a = 0; a < arcs; ++a) {
        if (mu_need_resource(p, book->arc[a].need) == resource) ++first[book->arc[a].index + 1];
    }
    for (uint32_t u = 0; u < units; ++u) first[u + 1] += first[u];
    MU_TRY(mu_alloc(&book->unit_arc[resource], first[units], sizeof(uint32_t)));
    for (size_t a = 0; a < arcs; ++a) {
        if (mu_need_resource(p, book->arc[a].need) != resource) continue;
        book->unit_arc[resource][first[book->arc[a].index]++] = (uint32_t)a;
    }
    return MUSTER_OK;
}

mu_book_arc *mu_book_arc_of(const muster_reasons *book, uint32_t need, uint32_t index) {
    const muster_resource resource = mu_need_resource(book->problem, need);
    const size_t         *first    = book->unit_first[resource];
    for (size_t i = first[index]; i < first[index + 1]; ++i) {
        mu_book_arc *arc = &book->arc[book->unit_arc[resource][i]];
        if (arc->need == need) return arc;
    }
    return NULL;
}

/* ---- who does go ------------------------------------------------------------------------ */

#define REFUSE(...) return muster_fail(MUSTER_E_INVALID, __VA_ARGS__)

static muster_status enter_quantity(muster_reasons *book, uint32_t i, const muster_assignment *a) {
    const muster_problem *p = book->problem;
    const char   *code      = muster_problem_unit(p, (muster_resource)a->resource, a->index)->code;
    int64_t      *left      = &book->left[a->resource][a->index];
    const int64_t all       = mu_book_supply(book, (muster_resource)a->resource, a->index);
    if (a->resource == MUSTER_PEOPLE && a->quantity != all) {
        REFUSE("assignment %u sends %" PRId64 " people of team \"%s\"; expected all %" PRId64, i,
               a->quantity, code, all);
    }
    if (a->quantity < 1 || a->quantity > *left) {
        REFUSE("assignment %u sends %" PRId64 " of %s \"%s\"; expected 1 to %" PRId64
               ", which are left of %" PRId64,
               i, a->quantity, muster_resource_name((muster_resource)a->resource), code, *left,
               all);
    }
    *left -= a->quantity;
    return MUSTER_OK;
}

/* Once, and when it says. */
static muster_status enter_arrival(const mu_book_arc *arc, uint32_t i, const muster_assignment *a,
                                   const char *code, const muster_problem *p,
                                   const muster_need *need) {
    const char *incident = p->incident[need->incident].code;
    if (arc->sent != 0) {
        REFUSE("assignment %u sends \"%s\" to incident \"%s\" for \"%s\" once more; expected one "
               "assignment for both",
               i, code, incident, p->kind[need->kind].code);
    }
    if (arc->eta_ms != a->eta_ms) {
        REFUSE("assignment %u says that \"%s\" is at incident \"%s\" after %u ms; expected %u", i,
               code, incident, a->eta_ms, arc->eta_ms);
    }
    return MUSTER_OK;
}

static muster_status enter(muster_reasons *book, uint32_t i, const muster_assignment *a,
                           uint32_t shipment_count) {
    const muster_problem *p = book->problem;
    if (a->need >= p->need_count) {
        REFUSE("assignment %u serves need %u, but the problem has %u", i, a->need, p->need_count);
    }
    const muster_resource resource = mu_need_resource(p, a->need);
    if (a->resource != resource || a->index >= muster_problem_unit_count(p, resource)) {
        REFUSE("assignment %u sends row %u of resource %u to need %u; expected one of the %u of "
               "resource %u",
               i, a->index, a->resource, a->need, muster_problem_unit_count(p, resource), resource);
    }
    const char        *code     = muster_problem_unit(p, resource, a->index)->code;
    const muster_need *need     = &p->need[a->need];
    const char        *incident = p->incident[need->incident].code;
    mu_book_arc       *arc      = mu_book_arc_of(book, a->need, a->index);
    if (!arc) {
        REFUSE("assignment %u sends \"%s\" to incident \"%s\" for \"%s\", for which it does not "
               "suit, or it cannot reach it",
               i, code, incident, p->kind[need->kind].code);
    }
    if (!mu_is_shipped(p, a->need)) {
        MU_TRY(enter_arrival(arc, i, a, code, p, need));
    } else if (a->shipment >= shipment_count) {
        REFUSE("assignment %u comes by shipment %u, but the plan has %u", i, a->shipment,
               shipment_count);
    }
    MU_TRY(enter_quantity(book, i, a));
    arc->sent += a->quantity;
    return MUSTER_OK;
}

/* Each vehicle that carries does so once, and does nothing else. */
static muster_status enter_shipment(muster_reasons *book, uint32_t i, const muster_shipment *s) {
    const muster_problem *p = book->problem;
    if (s->vehicle >= p->vehicle_count) {
        REFUSE("shipment %u is carried by vehicle %u, but the problem has %u", i, s->vehicle,
               p->vehicle_count);
    }
    if (book->left[MUSTER_VEHICLE][s->vehicle] == 0) {
        REFUSE("shipment %u is carried by \"%s\", which is sent elsewhere as well", i,
               p->vehicle[s->vehicle].unit.code);
    }
    book->left[MUSTER_VEHICLE][s->vehicle] = 0;
    return MUSTER_OK;
}

static void note(muster_reasons *book, const mu_dispatch *list, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        mu_book_arc *arc = mu_book_arc_of(book, list[i].need, list[i].index);
        if (arc) arc->locked += list[i].quantity;
    }
}

static void note_locks(muster_reasons *book) {
    note(book, book->rules.lock, book->rules.lock_count);
    note(book, book->rules.cargo, book->rules.cargo_count);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* As the tiers count: what is locked first, then the rest, each nearest first. Whoever is not locked
 * has to be of use. */
static muster_status serve(muster_reasons *book, uint32_t need) {
    const muster_problem *p        = book->problem;
    const muster_need    *n        = &p->need[need];
    const bool            is_whole = mu_need_resource(p, need) == MUSTER_PEOPLE;
    int64_t              *missing  = &book->missing[need];
    int64_t               sent = 0, locked = 0;
    *missing = n->quantity;
    for (size_t i = book->first[need]; i < book->first[need + 1]; ++i) {
        mu_book_arc *arc = &book->arc[i];
        arc->served      = least(least(arc->locked, arc->sent), *missing);
        *missing -= arc->served;
        locked += least(arc->locked, arc->sent);
        sent += arc->sent;
    }
    for (size_t i = book->first[need]; i < book->first[need + 1]; ++i) {
        mu_book_arc  *arc  = &book->arc[i];
        const int64_t free = arc->sent - least(arc->locked, arc->sent);
        if (free == 0) continue;
        const int64_t served = least(free, *missing);
        if (served == 0 || (!is_whole && served < free)) {
            REFUSE("\"%s\" brings %" PRId64 " of \"%s\" to incident \"%s\", which lacks %" PRId64,
                   muster_problem_unit(p, mu_need_resource(p, need), arc->index)->code, arc->sent,
                   p->kind[n->kind].code, p->incident[n->incident].code, *missing);
        }
        arc->served += served;
        *missing -= served;
    }
    if (sent > locked && sent < n->minimum) {
        REFUSE("incident \"%s\" is sent %" PRId64 " of \"%s\", less than its minimum, %" PRId64,
               p->incident[n->incident].code, sent, p->kind[n->kind].code, n->minimum);
    }
    return MUSTER_OK;
}

static muster_status open_book(muster_reasons *book, uint32_t assignment_count,
                               const muster_assignment *assignment, uint32_t shipment_count,
                               const muster_shipment *shipment, uint32_t thread_count) {
    const muster_problem *p = book->problem;
    MU_TRY(mu_travel_init(&book->travel, p, thread_count));
    MU_TRY(mu_rules_init(&book->rules, &book->travel));
    MU_TRY(mu_conflict_refuse(&book->rules));
    MU_TRY(mu_rules_lock(&book->rules));
    MU_TRY(list_arcs(book));
    MU_TRY(mu_alloc(&book->missing, p->need_count, sizeof *book->missing));
    MU_TRY(mu_alloc(&book->told, p->need_count, sizeof *book->told));
    if (p->need_count > 0) memset(book->told, MUSTER_REASON_IN_PLAN, p->need_count);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const muster_resource resource = (muster_resource)r;
        const uint32_t        units    = muster_problem_unit_count(p, resource);
        MU_TRY(group_by_unit(book, resource));
        MU_TRY(mu_alloc(&book->left[r], units, sizeof *book->left[r]));
        for (uint32_t u = 0; u < units; ++u) book->left[r][u] = mu_book_supply(book, resource, u);
    }
    note_locks(book);
    for (uint32_t i = 0; i < assignment_count; ++i)
        MU_TRY(enter(book, i, &assignment[i], shipment_count));
    for (uint32_t i = 0; i < shipment_count; ++i) MU_TRY(enter_shipment(book, i, &shipment[i]));
    for (uint32_t n = 0; n < p->need_count; ++n) MU_TRY(serve(book, n));
    return MUSTER_OK;
}

muster_status muster_reasons_new(muster_reasons **out, const muster_problem *problem,
                                 uint32_t assignment_count, const muster_assignment *assignment,
                                 uint32_t shipment_count, const muster_shipment *shipment,
                                 uint32_t thread_count) {
    muster_reasons *book;
    *out = NULL;
    MU_TRY(muster_problem_check(problem));
    MU_TRY(mu_alloc_zeroed(&book, 1, sizeof *book));
    book->problem = problem;
    const muster_status status =
        open_book(book, assignment_count, assignment, shipment_count, shipment, thread_count);
    if (status == MUSTER_OK) {
        *out = book;
    } else {
        muster_reasons_free(book);
    }
    return status;
}

void muster_reasons_free(muster_reasons *book) {
    if (!book) return;
    mu_travel_fini(&book->travel);
    mu_free(book->first);
    mu_free(book->arc);
    mu_free(book->missing);
    mu_free(book->hurdle);
    mu_free(book->told);
    mu_rules_fini(&book->rules);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(book->unit_first[r]);
        mu_free(book->unit_arc[r]);
        mu_free(book->left[r]);
    }
    mu_free(book);
}

muster_status muster_reasons_tell(muster_reasons *book, uint32_t unmet_count,
                                  const muster_unmet *unmet) {
    for (uint32_t i = 0; i < unmet_count; ++i) {
        if (unmet[i].need >= book->problem->need_count) {
            REFUSE("unmet %" PRIu32 " is of need %" PRIu32 ", but the problem has %" PRIu32, i,
                   unmet[i].need, book->problem->need_count);
        }
        if (!muster_unmet_reason_name((muster_unmet_reason)unmet[i].reason)) {
            REFUSE("unmet %" PRIu32 " has reason %d; expected a muster_unmet_reason", i,
                   unmet[i].reason);
        }
    }
    for (uint32_t i = 0; i < unmet_count; ++i) book->told[unmet[i].need] = unmet[i].reason;
    return MUSTER_OK;
}
