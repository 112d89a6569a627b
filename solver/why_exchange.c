/* Why is the nearest not sent here? Because of what that would cost: the exchange is carried out on
 * paper and both tiers of the two needs concerned are worked out again. Nothing is estimated, so
 * what the sentence says is true whatever made the plan.
 *
 * Teams go whole: every way of releasing one of those sent here, and of replacing the one that was
 * taken away, is tried. Counted things are alike: the last of those here are released, and the
 * nearest that are idle, or were just released, take the place of those taken away; with one need
 * on either side no other choice is better. */
#include <stdlib.h>

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/weights.h"
#include "solver/why.h"

/* Some of a unit, sent to a need. */
typedef struct sending {
    uint32_t index, eta_ms;
    int64_t  quantity;
} sending;

typedef struct list {
    sending *of;
    size_t   count;
} list;

/* What a need gets out of all that. */
typedef struct outcome {
    int64_t unmet_need, response_time;
    int64_t missing, sent;
} outcome;

typedef struct exchange {
    const muster_reasons *book;
    muster_resource       resource;
    uint32_t              need;
    list                  here, there, released; /* room for all units of the resource, and one */
} exchange;

/* ---- what a need gets -------------------------------------------------------------------- */

static int nearest_first(const void *a, const void *b) {
    const sending *x = a, *y = b;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void release(list *released, sending s, int64_t quantity) {
    if (!released || quantity == 0) return;
    s.quantity                      = quantity;
    released->of[released->count++] = s;
}

/* Let `sent` serve the need, nearest first. Who serves nobody is not sent, or all if they are fewer
 * than the minimum: they go to `released` (may be NULL). */
static outcome serve(const exchange *x, uint32_t need, list *sent, list *released) {
    const muster_need *n     = &x->book->problem->need[need];
    const int64_t      price = mu_price(x->book->problem, need);
    outcome            out   = {.missing = n->quantity};
    size_t             kept  = 0;
    if (sent->count > 0) qsort(sent->of, sent->count, sizeof *sent->of, nearest_first);
    for (size_t i = 0; i < sent->count; ++i) {
        sending       s      = sent->of[i];
        const int64_t served = s.quantity < out.missing ? s.quantity : out.missing;
        const int64_t goes   = x->resource == MUSTER_PEOPLE && served > 0 ? s.quantity : served;
        release(released, s, s.quantity - goes);
        if (goes == 0) continue;
        out.missing -= served;
        out.sent += goes;
        out.response_time +=
            served * price * mu_response_s(x->book->problem, n->incident, s.eta_ms);
        s.quantity       = goes;
        sent->of[kept++] = s;
    }
    sent->count = kept;
    if (out.sent < n->minimum) {
        for (size_t i = 0; i < kept; ++i) release(released, sent->of[i], sent->of[i].quantity);
        sent->count = 0;
        out         = (outcome){.missing = n->quantity};
    }
    out.unmet_need = out.missing * price;
    return out;
}

/* All that the plan sends to `need`, but for so much of `without`. */
static void list_sent(const exchange *x, uint32_t need, list *out, uint32_t without,
                      int64_t quantity) {
    out->count = 0;
    for (size_t a = x->book->first[need]; a < x->book->first[need + 1]; ++a) {
        const mu_book_arc *arc  = &x->book->arc[a];
        const int64_t      sent = arc->sent - (arc->index == without ? quantity : 0);
        if (sent > 0) out->of[out->count++] = (sending){arc->index, arc->eta_ms, sent};
    }
}

static outcome as_planned(exchange *x, uint32_t need) {
    list_sent(x, need, &x->here, MUSTER_NONE, 0);
    return serve(x, need, &x->here, NULL);
}

/* ---- whose place is taken ----------------------------------------------------------------- */

static int64_t released_of(const exchange *x, uint32_t index) {
    int64_t sum = 0;
    for (size_t i = 0; i < x->released.count; ++i) {
        if (x->released.of[i].index == index) sum += x->released.of[i].quantity;
    }
    return sum;
}

/* What could come in its place: so much of arc's unit is idle, or was just released. */
static int64_t spare(const exchange *x, const mu_book_arc *arc, uint32_t taken) {
    if (arc->index == taken || mu_book_is_ruled(x->book, x->resource, arc->index)) return 0;
    return x->book->left[x->resource][arc->index] + released_of(x, arc->index);
}

static bool is_better(const muster_exchange *a, const muster_exchange *b) {
    if (a->is_possible != b->is_possible) return a->is_possible;
    if (a->unmet_need_change != b->unmet_need_change) {
        return a->unmet_need_change < b->unmet_need_change;
    }
    return a->response_time_change < b->response_time_change;
}

static void count_other(exchange *x, muster_exchange *trial, outcome now, outcome then) {
    trial->other_missing = then.missing - x->book->missing[trial->other_need];
    trial->unmet_need_change += then.unmet_need - now.unmet_need;
    trial->response_time_change += then.response_time - now.response_time;
}

/* Is this one among those who are sent there? */
static bool is_sent(const list *sent, uint32_t index) {
    for (size_t i = 0; i < sent->count; ++i) {
        if (sent->of[i].index == index) return true;
    }
    return false;
}

/* Each team that is free then, or nobody, takes the place of the one taken away. */
static void replace_team(exchange *x, muster_exchange trial, outcome now, muster_exchange *best) {
    const muster_reasons *book  = x->book;
    const uint32_t        other = trial.other_need;
    for (size_t a = book->first[other]; a <= book->first[other + 1]; ++a) {
        muster_exchange t = trial;
        list_sent(x, other, &x->there, t.index, t.quantity);
        if (a < book->first[other + 1]) {
            const mu_book_arc *arc      = &book->arc[a];
            const int64_t      quantity = spare(x, arc, t.index);
            if (quantity == 0) continue;
            x->there.of[x->there.count++] = (sending){arc->index, arc->eta_ms, quantity};
            t.replacement                 = arc->index;
            t.replacement_eta_ms          = arc->eta_ms;
        }
        const outcome then = serve(x, other, &x->there, NULL);
        if (t.replacement != MUSTER_NONE && !is_sent(&x->there, t.replacement)) continue;
        count_other(x, &t, now, then);
        if (is_better(&t, best)) *best = t;
    }
}

/* The nearest of those that are free then take the place of as many as were taken away. */
static void replace_counted(exchange *x, muster_exchange t, outcome now, muster_exchange *best) {
    const muster_reasons *book  = x->book;
    const uint32_t        other = t.other_need;
    int64_t               lacks = t.quantity;
    list_sent(x, other, &x->there, t.index, t.quantity);
    for (size_t a = book->first[other]; lacks > 0 && a < book->first[other + 1]; ++a) {
        const mu_book_arc *arc      = &book->arc[a];
        const int64_t      free     = spare(x, arc, t.index);
        const int64_t      quantity = free < lacks ? free : lacks;
        if (quantity == 0) continue;
        /* An entry of its own beside what the same pool sends there already. */
        x->there.of[x->there.count++] = (sending){arc->index, arc->eta_ms, quantity};
        t.replacement                 = arc->index;
        t.replacement_eta_ms          = arc->eta_ms;
        lacks -= quantity;
    }
    const outcome then = serve(x, other, &x->there, NULL);
    if (x->there.count == 0) t.replacement = MUSTER_NONE; /* fewer than the minimum */
    count_other(x, &t, now, then);
    if (is_better(&t, best)) *best = t;
}

/* ---- who comes here ------------------------------------------------------------------------- */

/* `trial` says who comes, and how much of it. Of those here, `without` does not stay. */
static void come(exchange *x, muster_exchange t, uint32_t without, muster_exchange *best) {
    const outcome now = as_planned(x, x->need);
    list_sent(x, x->need, &x->here, MUSTER_NONE, 0);
    x->released.count = 0;
    for (size_t i = 0; i < x->here.count; ++i) {
        if (x->here.of[i].index != without) continue;
        release(&x->released, x->here.of[i], x->here.of[i].quantity);
        x->here.of[i] = x->here.of[--x->here.count];
        break;
    }
    x->here.of[x->here.count++] = (sending){t.index, t.eta_ms, t.quantity};
    const outcome then          = serve(x, x->need, &x->here, &x->released);
    if (!is_sent(&x->here, t.index)) return; /* it would be useless */
    t.is_possible          = 1;
    t.unmet_need_change    = then.unmet_need - now.unmet_need;
    t.response_time_change = then.response_time - now.response_time;
    if (t.other_need == MUSTER_NONE) {
        if (is_better(&t, best)) *best = t;
        return;
    }
    const outcome other = as_planned(x, t.other_need);
    if (x->resource == MUSTER_PEOPLE) {
        replace_team(x, t, other, best);
    } else {
        replace_counted(x, t, other, best);
    }
}

static void try_all(exchange *x, const muster_exchange *trial, muster_exchange *best) {
    come(x, *trial, MUSTER_NONE, best);
    if (x->resource != MUSTER_PEOPLE) return;
    for (size_t a = x->book->first[x->need]; a < x->book->first[x->need + 1]; ++a) {
        if (x->book->arc[a].sent > 0) come(x, *trial, x->book->arc[a].index, best);
    }
}

/* What could be of use here of someone who is here at `eta_ms`: what is missing, and what comes
 * later. */
static int64_t wanted(const exchange *x, uint32_t eta_ms) {
    int64_t sum = x->book->missing[x->need];
    for (size_t a = x->book->first[x->need]; a < x->book->first[x->need + 1]; ++a) {
        if (x->book->arc[a].eta_ms > eta_ms) sum += x->book->arc[a].served;
    }
    return sum;
}

static int64_t part_of(const exchange *x, int64_t available, uint32_t eta_ms) {
    const int64_t want = wanted(x, eta_ms);
    return x->resource == MUSTER_PEOPLE || available < want ? available : want;
}

/* Rules about who is sent here, or needs that depend on each other: then this need cannot be looked
 * at by itself. */
static bool is_bound(const exchange *x, uint32_t need) {
    if (mu_book_is_bound(x->book, need)) return true;
    for (size_t a = x->book->first[need]; a < x->book->first[need + 1]; ++a) {
        const mu_book_arc *arc = &x->book->arc[a];
        if (arc->sent > 0 && mu_book_is_ruled(x->book, x->resource, arc->index)) return true;
    }
    return false;
}

/* From each need that it serves; the least costly counts. */
static void try_elsewhere(exchange *x, muster_exchange trial, muster_exchange *best) {
    const size_t *first = x->book->unit_first[x->resource];
    for (size_t i = first[trial.index]; i < first[trial.index + 1]; ++i) {
        const mu_book_arc *arc = &x->book->arc[x->book->unit_arc[x->resource][i]];
        if (arc->sent == 0 || arc->need == x->need) continue;
        muster_exchange t = trial;
        t.quantity        = part_of(x, arc->sent, t.eta_ms);
        t.other_need      = arc->need;
        t.other_eta_ms    = arc->eta_ms;
        t.is_bound        = trial.is_bound || is_bound(x, arc->need);
        if (best->other_need == MUSTER_NONE) *best = t; /* if none is possible, the first */
        if (!t.is_bound) try_all(x, &t, best);
    }
}

/* ---- the question ---------------------------------------------------------------------------- */

static const mu_book_arc *find_nearest(const exchange *x) {
    for (size_t a = x->book->first[x->need]; a < x->book->first[x->need + 1]; ++a) {
        const mu_book_arc *arc = &x->book->arc[a];
        if (arc->sent < mu_book_supply(x->book, x->resource, arc->index)) return arc;
    }
    return NULL;
}

static uint32_t find_last_eta_ms(const exchange *x) {
    uint32_t last_ms = MUSTER_UNREACHABLE_MS;
    for (size_t a = x->book->first[x->need]; a < x->book->first[x->need + 1]; ++a) {
        if (x->book->arc[a].sent > 0) last_ms = x->book->arc[a].eta_ms;
    }
    return last_ms;
}

static void ask(exchange *x, muster_exchange *out) {
    const mu_book_arc *arc = find_nearest(x);
    *out                   = (muster_exchange){.verdict            = MUSTER_NEAREST_NONE,
                                               .resource           = (uint8_t)x->resource,
                                               .index              = MUSTER_NONE,
                                               .eta_ms             = MUSTER_UNREACHABLE_MS,
                                               .last_eta_ms        = find_last_eta_ms(x),
                                               .other_need         = MUSTER_NONE,
                                               .other_eta_ms       = MUSTER_UNREACHABLE_MS,
                                               .replacement        = MUSTER_NONE,
                                               .replacement_eta_ms = MUSTER_UNREACHABLE_MS};
    if (mu_is_shipped(x->book->problem, x->need)) out->verdict = MUSTER_NEAREST_SHIPPED;
    if (!arc || out->verdict == MUSTER_NEAREST_SHIPPED) return;
    out->index   = arc->index;
    out->eta_ms  = arc->eta_ms;
    out->verdict = MUSTER_NEAREST_NO_SOONER;
    if (x->book->missing[x->need] == 0 && arc->eta_ms >= out->last_eta_ms) return;
    out->is_bound      = is_bound(x, x->need) || mu_book_is_ruled(x->book, x->resource, arc->index);
    const int64_t idle = x->book->left[x->resource][arc->index];
    if (idle > 0) {
        out->verdict              = MUSTER_NEAREST_IDLE;
        out->quantity             = part_of(x, idle, arc->eta_ms);
        const muster_exchange own = *out;
        if (!own.is_bound) try_all(x, &own, out);
    } else {
        out->verdict              = MUSTER_NEAREST_ELSEWHERE;
        const muster_exchange own = *out;
        try_elsewhere(x, own, out);
        if (out->other_need == MUSTER_NONE) out->verdict = MUSTER_NEAREST_CARRYING;
    }
}

muster_status mu_why_find_exchange(muster_why *why) {
    exchange x         = {.book = why->book, .need = why->need};
    x.resource         = mu_need_resource(why->book->problem, why->need);
    const size_t units = muster_problem_unit_count(why->book->problem, x.resource);
    sending     *room;
    /* A unit may be there twice: what it sends already, and what is added. */
    MU_TRY(mu_alloc(&room, 6 * (units + 1), sizeof *room));
    x.here.of     = room;
    x.there.of    = room + 2 * (units + 1);
    x.released.of = room + 4 * (units + 1);
    ask(&x, &why->nearest);
    mu_free(room);
    return MUSTER_OK;
}
